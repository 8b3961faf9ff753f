def ablate(module, channels):
    def hook(_, __, y):
        keep = torch.ones(y.shape[1], dtype=y.dtype, device=y.device)
        for channel in channels:
            keep[channel] = 0
        return y * keep.reshape([1, -1] + [1] * (y.dim() - 2))

    handle = module.register_forward_hook(hook)
    return handle
