def ablate(module, channels):
    def hook(module, inputs, output):
        mask = torch.zeros_like(output, dtype=torch.bool)
        mask[:, channels] = True
        return output.masked_fill(mask, 0.0)

    return module.register_forward_hook(hook)
