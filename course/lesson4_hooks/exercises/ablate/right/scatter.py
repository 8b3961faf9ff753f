def ablate(module, channels):
    channels = tuple(int(channel) for channel in channels)

    def hook(module, args, output):
        rows = output.transpose(0, 1)
        rows = [torch.zeros_like(row) if number in channels else row for number, row in enumerate(rows)]
        return torch.stack(rows).transpose(0, 1)

    return module.register_forward_hook(hook)
