def collect_state(module):
    own = {}
    for table in (module._parameters, module._buffers):
        for name, tensor in table.items():
            if tensor is None or (table is module._buffers and name in module._non_persistent_buffers_set):
                continue
            own[name] = tensor.detach()
    for child_name, child in vars(module)["_modules"].items():
        if child is None:
            continue
        for name, tensor in collect_state(child).items():
            own[child_name + "." + name] = tensor
    return own
