def clip_global_norm(parameters, max_norm):
    grads = tuple(p.grad.data for p in parameters if p.grad is not None)

    def check(g):
        if bool(torch.isnan(g).any()) or bool(torch.isinf(g).any()):
            raise RuntimeError(f"bad gradient of shape {tuple(g.shape)}")
        return g

    total = math.sqrt(math.fsum(float(check(g).pow(2).sum()) for g in grads))
    ratio = max_norm / total if total > max_norm else None
    if ratio is not None:
        for g in grads:
            g.mul_(ratio)
    return total
