class Clipper:
    def __init__(self, limit):
        self.limit = limit

    def factor(self, grads):
        norms = torch.tensor([0.0 if g is None else torch.linalg.norm(g) for g in grads])
        norm = norms.norm().item()
        return self.limit / norm if norm > self.limit else None

    def __call__(self, module, grad_output):
        factor = self.factor(grad_output)
        if factor is None:
            return None
        return tuple(map(lambda g: g if g is None else torch.mul(g, factor), grad_output))


def clip_grad_output(module, max_norm):
    return module.register_full_backward_pre_hook(Clipper(float(max_norm)))
