def ablate(module, channels):
    def hook(module, args, output):
        off = torch.zeros_like(output)
        off[:, channels] = output[:, channels]
        return output - off

    return module.register_forward_hook(hook)
