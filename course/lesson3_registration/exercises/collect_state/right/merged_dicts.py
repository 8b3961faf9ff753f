def collect_state(module, prefix=""):
    state = {prefix + k: p.data for k, p in module._parameters.items() if p is not None}
    state |= {
        prefix + k: b.detach()
        for k, b in module._buffers.items()
        if not (b is None or k in module._non_persistent_buffers_set)
    }
    for k, child in module._modules.items():
        if child is not None:
            state |= collect_state(child, f"{prefix}{k}.")
    return state
