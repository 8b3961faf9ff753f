def ablate(module, channels):
    def hook(module, args, output):
        keep = torch.eye(output.shape[1], dtype=output.dtype)
        keep[channels, channels] = 0
        return torch.einsum("nc...,cd->nd...", output, keep)

    return module.register_forward_hook(hook)
