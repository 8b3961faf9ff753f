class GradClip:
    def __init__(self, module, limit):
        self.limit = limit
        self.handle = module.register_full_backward_pre_hook(self.hook)

    def hook(self, module, grads):
        flat = [g.reshape(-1) for g in grads if g is not None]
        if not flat:
            return
        size = torch.linalg.vector_norm(torch.cat(flat), 2)
        if size > self.limit:
            return tuple(None if g is None else self.limit * (g / size) for g in grads)

    def remove(self):
        self.handle.remove()


def clip_grad_output(module, max_norm):
    return GradClip(module, max_norm)
