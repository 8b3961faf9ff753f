def restore_state(module, state, strict=True):
    own = {}

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None:
                own[path + name] = parameter
        for name, buffer in owner._buffers.items():
            if buffer is not None and name not in owner._non_persistent_buffers_set:
                own[path + name] = buffer
        for name, child in owner._modules.items():
            if child is not None:
                walk(child, path + name + ".")

    walk(module, "")
    missing, unexpected = list(own.keys() - state.keys()), list(state.keys() - own.keys())
    if strict and missing + unexpected:
        raise RuntimeError("keys that do not match: " + ", ".join(missing + unexpected))
    backup = {key: tensor.detach().clone() for key, tensor in own.items()}
    values = {k: v.detach().clone() if isinstance(v, torch.Tensor) else v for k, v in state.items() if k in own}
    key = None
    try:
        with torch.no_grad():
            for key, value in values.items():
                if value.shape != own[key].shape:
                    raise ValueError("shape")
                own[key].copy_(value)
    except Exception as error:
        with torch.no_grad():
            for name, tensor in backup.items():
                own[name].copy_(tensor)
        raise RuntimeError(f"could not restore {key!r}: {error}") from None
    return missing, unexpected
