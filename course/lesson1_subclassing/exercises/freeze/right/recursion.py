def _walk(module, path, prefix):
    for key, parameter in module._parameters.items():
        name = path + key
        if parameter is not None and (prefix in ("", name) or name.startswith(prefix + ".")):
            yield name, parameter
    for key, child in module._modules.items():
        if child is not None:
            yield from _walk(child, path + key + ".", prefix)


def freeze(model, prefix):
    names = []
    for name, parameter in _walk(model, "", prefix):
        parameter.requires_grad = False
        names += [name]
    if names:
        return names
    raise ValueError(f"nothing below {prefix!r}, " * 3)
