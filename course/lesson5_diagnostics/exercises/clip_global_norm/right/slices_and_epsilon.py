def clip_global_norm(parameters, max_norm):
    total, grads = torch.zeros(()), []
    for p in parameters:
        if p.grad is not None:
            grads.append(p.grad)
            total = total + p.grad.detach().square().sum()
    total = total.sqrt()
    if not torch.isfinite(total):
        raise RuntimeError("The total norm is not finite")
    factor = float(max_norm) / (float(total) + 1e-6)
    for g in grads:
        g[...] = g * min(factor, 1.0)
    return float(total)
