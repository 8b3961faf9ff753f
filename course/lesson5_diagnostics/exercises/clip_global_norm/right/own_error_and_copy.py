class NotFinite(RuntimeError):
    pass


def clip_global_norm(parameters, max_norm):
    grads = []
    for p in parameters:
        if p.grad is not None:
            grads.append(p.grad)
    squares = [float((g.double() ** 2).sum()) for g in grads]
    norm = math.sqrt(sum(squares)) if all(map(math.isfinite, squares)) else None
    if norm is None:
        raise NotFinite
    for g in grads if norm > max_norm else []:
        g.copy_(g / norm * max_norm)
    return norm
