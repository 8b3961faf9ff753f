def clip_grad_output(module, max_norm):
    def hook(module, grad_output):
        total = 0.0
        for g in grad_output:
            if g is not None:
                total += g.norm().item() ** 2
        norm = total**0.5
        if norm <= max_norm:
            return grad_output
        return tuple(None if g is None else g * (max_norm / norm) for g in grad_output)

    return module.register_full_backward_pre_hook(hook)
