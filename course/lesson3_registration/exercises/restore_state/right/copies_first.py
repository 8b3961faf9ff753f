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
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    return missing, unexpected
