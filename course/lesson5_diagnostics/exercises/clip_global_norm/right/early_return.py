def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return 0.0
    for g in grads:
        if not torch.isfinite(g).all():
            raise RuntimeError("a gradient is not finite")
    total = torch.norm(torch.stack([g.norm() for g in grads])).item()
    if total > max_norm:
        for g in grads:
            g.mul_(max_norm / total)
    return total
