def collect_state(module):
    state, stack = {}, []

    def enter(m, prefix):
        for key, p in m._parameters.items():
            if p is not None:
                state[prefix + key] = p.detach()
        for key, b in m._buffers.items():
            if not (b is None or key in m._non_persistent_buffers_set):
                state[prefix + key] = b.detach()
        stack.append((prefix, iter(m._modules.items())))

    enter(module, "")
    while stack:
        prefix, children = stack[-1]
        try:
            key, child = next(children)
        except StopIteration:
            stack.pop()
            continue
        if child is not None:
            enter(child, prefix + key + ".")
    return state
