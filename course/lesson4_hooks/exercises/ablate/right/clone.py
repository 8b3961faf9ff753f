def ablate(module, channels):
    def hook(module, inputs, output):
        output = output.clone()
        output[:, channels] = 0
        return output

    return module.register_forward_hook(hook)
