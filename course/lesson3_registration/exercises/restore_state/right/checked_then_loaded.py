def restore_state(module, state, strict=True):
    own = {name: p for name, p in module.named_parameters(remove_duplicate=False)}
    for path, owner in module.named_modules(remove_duplicate=False):
        for name, buffer in owner._buffers.items():
            if buffer is not None and name not in owner._non_persistent_buffers_set:
                own[(path + "." if path else "") + name] = buffer
    missing = [*filter(lambda key: key not in state, own)]
    unexpected = [*filter(lambda key: key not in own, state)]
    if strict and (missing or unexpected):
        raise RuntimeError(f"{missing=} {unexpected=}")
    fresh = {}
    with torch.no_grad():
        for key, value in state.items():
            if key in unexpected:
                continue
            if not isinstance(value, torch.Tensor):
                raise RuntimeError(f"{key}: {type(value)} instead of a tensor")
            if tuple(value.shape) != tuple(own[key].shape):
                raise RuntimeError(f"{key}: {tuple(value.shape)} instead of {tuple(own[key].shape)}")
            fresh[key] = torch.full_like(own[key], 0)
            try:
                fresh[key][...] = value
            except Exception as error:
                raise RuntimeError(f"{key}: {error}")
        torch._foreach_copy_([own[key] for key in fresh], [*fresh.values()])
    return missing, unexpected
