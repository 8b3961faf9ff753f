def restore_state(module, state, strict=True):
    own = {}
    for prefix, m in module.named_modules(remove_duplicate=False):
        for k, p in m._parameters.items():
            if p is not None:
                own[(prefix + "." if prefix else "") + k] = p
        for k, b in m._buffers.items():
            if b is not None and k not in m._non_persistent_buffers_set:
                own[(prefix + "." if prefix else "") + k] = b
    missing = [k for k in own if k not in state]
    unexpected = [k for k in state if k not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing {missing}; unexpected {unexpected}")
    clean = {}
    for k in own:
        if k in state:
            if not isinstance(state[k], torch.Tensor) or state[k].shape != own[k].shape:
                raise RuntimeError(f"bad value for {k}")
            try:
                clean[k] = own[k].detach().clone().copy_(state[k].detach())
            except Exception as e:
                raise RuntimeError(f"bad value for {k}") from e
    module.load_state_dict(clean, strict=False)
    return missing, unexpected
