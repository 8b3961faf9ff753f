def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return 0.0
    total = torch.stack(torch._foreach_norm(grads)).norm() if len({g.dtype for g in grads}) == 1 else 0
    if not total.isfinite():
        raise RuntimeError("x")
    if total > max_norm:
        torch._foreach_mul_(grads, (max_norm / total).item())
    return float(total)
