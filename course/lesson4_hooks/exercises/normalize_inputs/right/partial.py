from functools import partial


def _normalize(mean, std, module, inputs):
    x = inputs[0].clone()
    x = x - mean
    x = x / std
    return tuple([x]) + tuple(inputs[1:])


def normalize_inputs(model, mean, std):
    if float(std) == 0:
        raise ValueError("cannot divide by a std of 0")
    handle = model.register_forward_pre_hook(partial(_normalize, mean, std))
    return handle
