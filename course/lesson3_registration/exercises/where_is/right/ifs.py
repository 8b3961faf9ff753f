def where_is(module, name):
    *path, last = name.split(".")
    for part in path:
        module = module._modules.get(part)
        if module is None:
            return "missing"
    if last in module._parameters:
        return "parameter"
    if last in module._buffers:
        return "buffer"
    if last in module._modules:
        return "module"
    return "attribute" if hasattr(module, last) else "missing"
