def normalize_inputs(model, mean, std):
    try:
        factor = 1 / std
    except ZeroDivisionError:
        raise ValueError("std must not be zero") from None
    return model.register_forward_pre_hook(lambda _, args: (factor * args[0] - mean * factor,) + args[1:])
