def clip_global_norm(parameters, max_norm):
    parameters = list(parameters)
    total = 0.0
    for p in parameters:
        if p.grad is None:
            continue
        if p.grad.isnan().any() or p.grad.isinf().any():
            raise RuntimeError("NaN or inf in a gradient")
        total += p.grad.pow(2).sum().item()
    total = total**0.5
    coef = max_norm / (total + 1e-6)
    if coef < 1:
        with torch.no_grad():
            for p in parameters:
                if p.grad is not None:
                    p.grad *= coef
    return float(total)
