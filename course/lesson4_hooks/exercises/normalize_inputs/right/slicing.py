def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs):
        x = (inputs[0] - mean) / std
        return (x,) + inputs[1:]

    return model.register_forward_pre_hook(hook)
