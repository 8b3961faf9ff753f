class Handles(list):
    def remove(self):
        while self:
            self.pop().remove()


def clip_each_parameter(model, max_norm):
    handles = Handles()

    def shorten(p):
        g = p.grad
        if g is None:
            return
        length = math.sqrt(float((g.double() ** 2).sum()))
        if length > max_norm > 0:
            p.grad = g * (max_norm / length)

    for p in model.parameters():
        if p.requires_grad:
            handles.append(p.register_post_accumulate_grad_hook(shorten))
    return handles
