def clip_global_norm(parameters, max_norm):
    parameters = [p for p in parameters if p.grad is not None]
    norms = [torch.linalg.norm(p.grad.flatten()).item() for p in parameters]
    for n in norms:
        if n != n or n in (math.inf, -math.inf):
            raise RuntimeError("infinite or NaN")
    total = math.hypot(*norms)
    with torch.no_grad():
        for p in parameters:
            if total > max_norm:
                torch.mul(p.grad, max_norm / total, out=p.grad)
    return total
