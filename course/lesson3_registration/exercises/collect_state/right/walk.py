def collect_state(module):
    state = {}

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None:
                state[path + name] = parameter.detach()
        for name, buffer in owner._buffers.items():
            if buffer is not None and name not in owner._non_persistent_buffers_set:
                state[path + name] = buffer.detach()
        for name, child in owner._modules.items():
            if child is not None:
                walk(child, path + name + ".")

    walk(module, "")
    return state
