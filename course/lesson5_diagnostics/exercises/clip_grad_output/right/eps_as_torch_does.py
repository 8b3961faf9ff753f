from functools import partial


def _clip(max_norm, module, grad_output):
    total = sum((g**2).sum() for g in grad_output if g is not None) ** 0.5
    coef = max_norm / (total + 1e-6)
    return tuple(g * coef if g is not None and coef < 1 else g for g in grad_output)


def clip_grad_output(module, max_norm):
    return module.register_full_backward_pre_hook(partial(_clip, max_norm))
