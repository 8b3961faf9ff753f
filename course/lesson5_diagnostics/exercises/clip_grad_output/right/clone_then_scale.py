def clip_grad_output(module, max_norm):
    def hook(module, grad_output):
        copies = [g.clone() if g is not None else None for g in grad_output]
        flat = [c.reshape(-1) for c in copies if c is not None]
        norm = float(torch.cat(flat).pow(2).sum().sqrt()) if flat else 0.0
        if norm > max_norm:
            for c in copies:
                if c is not None:
                    c.mul_(max_norm).div_(norm)
        return tuple(copies)

    return module.register_full_backward_pre_hook(hook, prepend=False)
