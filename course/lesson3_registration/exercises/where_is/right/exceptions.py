class _Missing(Exception):
    pass


def _owner(module, parts):
    for part in parts:
        if part not in module._modules or module._modules[part] is None:
            raise _Missing
        module = module._modules[part]
    return module


def where_is(module, name):
    *parts, last = name.split(".")
    try:
        owner = _owner(module, parts)
    except _Missing:
        return "missing"
    found = [
        k
        for k, t in zip(["parameter", "buffer", "module"], [owner._parameters, owner._buffers, owner._modules])
        if last in t
    ]
    if found:
        return found[0]
    return "attribute" if hasattr(owner, last) else "missing"
