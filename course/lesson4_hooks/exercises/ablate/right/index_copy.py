def ablate(module, channels):
    index = torch.as_tensor(channels)

    def hook(module, args, output):
        zeros = torch.zeros_like(output.index_select(1, index))
        return output.index_copy(1, index, zeros)

    return module.register_forward_hook(hook)
