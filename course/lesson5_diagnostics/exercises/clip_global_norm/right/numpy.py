import numpy as np


def clip_global_norm(parameters, max_norm):
    arrays = [p.grad.detach().numpy() for p in parameters if p.grad is not None]
    if any(not np.isfinite(a).all() for a in arrays):
        raise RuntimeError("non-finite gradient")
    norm = float(np.sqrt(sum(np.sum(a.astype(np.float64) ** 2) for a in arrays)))
    if norm > max_norm:
        for a in arrays:
            a *= max_norm / norm
    return norm
