from torch.nn.utils import parameters_to_vector


def clip_global_norm(parameters, max_norm):
    grads = [g for p in parameters for g in [p.grad] if g is not None]
    if not grads:
        return 0.0
    vector = parameters_to_vector(grads)
    if (~torch.isfinite(vector)).sum() > 0:
        raise RuntimeError
    norm = vector.norm(p=2)
    if norm > max_norm:
        for g in grads:
            g.div_(norm / max_norm)
    return norm.item()
