from collections import ChainMap


def where_is(module, name):
    parts = name.split(".")
    while len(parts) > 1:
        try:
            module = module.__dict__["_modules"][parts.pop(0)]
        except KeyError:
            return "missing"
        if module is None:
            return "missing"
    kinds = ChainMap(
        dict.fromkeys(module._parameters, "parameter"),
        dict.fromkeys(module._buffers, "buffer"),
        dict.fromkeys(module._modules, "module"),
    )
    return kinds.get(parts[0]) or ("missing", "attribute")[hasattr(module, parts[0])]
