def where_is(module, name):
    first, dot, rest = name.partition(".")
    if dot:
        child = module._modules.get(first)
        return "missing" if child is None else where_is(child, rest)
    if first in module._parameters:
        return "parameter"
    if first in module._buffers:
        return "buffer"
    if first in module._modules:
        return "module"
    try:
        getattr(module, first)
    except AttributeError:
        return "missing"
    return "attribute"
