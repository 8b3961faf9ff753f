def clip_grad_output(module, max_norm):
    def clip(module, grad_output):
        squares = [g.pow(2).sum() for g in grad_output if g is not None]
        norm = sum(squares, torch.tensor(0.0)).sqrt()
        ratio = torch.where(norm > max_norm, max_norm / norm, torch.ones_like(norm))
        return tuple([None if g is None else g.mul(ratio) for g in grad_output])

    handle = module.register_full_backward_pre_hook(clip, prepend=True)
    return handle
