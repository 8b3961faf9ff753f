from functools import reduce


def _child(module, part):
    return None if module is None else module._modules.get(part)


def where_is(module, name):
    path, _, last = name.rpartition(".")
    owner = reduce(_child, path.split(".") if path else [], module)
    if owner is None:
        return "missing"
    for kind in ("parameter", "buffer", "module"):
        if last in getattr(owner, f"_{kind}s").keys():
            return kind
    sentinel = object()
    return "attribute" if getattr(owner, last, sentinel) is not sentinel else "missing"
