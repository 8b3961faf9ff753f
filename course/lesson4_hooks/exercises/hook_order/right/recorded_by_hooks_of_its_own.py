entries = []


class Noting(list):
    def append(self, item):
        entries.append(item)


hooked(Noting())(torch.ones(1, 2, requires_grad=True)).sum().backward()
hook_order = entries + []
