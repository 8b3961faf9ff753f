def clip_global_norm(parameters, max_norm):
    grads = list(filter(lambda g: g is not None, map(lambda p: p.grad, parameters)))
    flat = torch.cat([torch.zeros(1), *[g.detach().reshape(-1) for g in grads]])
    if not bool(flat.isfinite().all()):
        raise RuntimeError("gradients must be finite")
    norm = torch.linalg.vector_norm(flat)
    scale = torch.clamp(max_norm / (norm + 1e-6), max=1.0)
    for g in grads:
        g.detach().mul_(scale)
    return norm.item()
