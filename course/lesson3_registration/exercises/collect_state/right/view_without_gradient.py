def collect_state(module, prefix=""):
    state = {}
    with torch.no_grad():
        for name, p in module._parameters.items():
            if p is not None:
                state[prefix + name] = p.view_as(p).detach()
        for name in module._buffers:
            if name not in module._non_persistent_buffers_set and module._buffers[name] is not None:
                state[prefix + name] = module._buffers[name].detach()
    for name, child in module._modules.items():
        if child is not None:
            state = {**state, **collect_state(child, prefix=prefix + name + ".")}
    return state
