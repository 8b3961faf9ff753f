def clip_grad_output(module, max_norm):
    def pre_hook(layer, grads):
        present = [g.flatten() for g in grads if g is not None]
        if present:
            norm = torch.linalg.vector_norm(torch.cat(present))
            coef = torch.clamp(max_norm / (norm + 1e-12), max=1.0)
            grads = tuple(g if g is None else coef * g for g in grads)
        return grads

    handle = module.register_full_backward_pre_hook(pre_hook)
    return handle
