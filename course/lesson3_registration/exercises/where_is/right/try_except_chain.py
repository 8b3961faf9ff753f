def where_is(module, name):
    *path, last = name.split(".")
    try:
        for part in path:
            module = module._modules[part]
            module._modules
    except (KeyError, AttributeError):
        return "missing"
    try:
        module._parameters[last]
        return "parameter"
    except KeyError:
        pass
    try:
        module._buffers[last]
        return "buffer"
    except KeyError:
        pass
    try:
        module._modules[last]
        return "module"
    except KeyError:
        pass
    try:
        getattr(module, last)
    except AttributeError:
        return "missing"
    else:
        return "attribute"
