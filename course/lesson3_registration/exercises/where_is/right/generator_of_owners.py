def _owners(module, parts):
    yield module
    for part in parts:
        module = module._modules.get(part) if module is not None else None
        yield module


def where_is(module, name):
    parts = name.split(".")
    owners = list(_owners(module, parts[:-1]))
    if any(o is None for o in owners):
        return "missing"
    owner, key = owners[-1], parts[-1]
    if key in owner._parameters:
        return "parameter"
    if key in owner._buffers:
        return "buffer"
    if key in owner._modules:
        return "module"
    return ["missing", "attribute"][int(hasattr(owner, key))]
