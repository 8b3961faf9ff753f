def clip_grad_output(module, max_norm):
    @torch.no_grad()
    def hook(mod, gout):
        n = math.sqrt(sum(g.double().square().sum().item() for g in gout if g is not None))
        scale = min(1.0, max_norm / n) if n else 1.0
        return tuple(g if g is None else g * scale for g in gout)

    return module.register_full_backward_pre_hook(hook)
