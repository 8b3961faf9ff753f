def clip_global_norm(parameters, max_norm):
    grads = [g for g in (p.grad for p in parameters) if g is not None]
    if len(grads) == 0:
        return 0.0
    norms = torch._foreach_norm(grads)
    total = torch.linalg.vector_norm(torch.stack(norms))
    if not total.isfinite():
        raise RuntimeError("non-finite total norm")
    torch._foreach_mul_(grads, min(1.0, max_norm / max(total.item(), 1e-12)))
    return float(total)
