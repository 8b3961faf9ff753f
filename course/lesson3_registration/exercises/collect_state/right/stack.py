def collect_state(module):
    state, stack = {}, [("", module)]
    while stack:
        path, owner = stack.pop()
        if owner is None:
            continue
        tables = dict(owner._parameters)
        tables.update((n, b) for n, b in owner._buffers.items() if n not in owner._non_persistent_buffers_set)
        with torch.no_grad():
            for name, tensor in tables.items():
                if tensor is not None:
                    state[path + name] = tensor.detach()
        stack.extend((path + name + ".", child) for name, child in reversed(owner._modules.items()))
    return state
