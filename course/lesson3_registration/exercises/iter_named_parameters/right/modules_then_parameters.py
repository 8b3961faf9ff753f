def _all_modules(module, path):
    if module is not None:
        yield path, module
        for name, child in module._modules.items():
            yield from _all_modules(child, path + (name,))


def iter_named_parameters(module, prefix="", recurse=True):
    seen = []
    top = (prefix,) if prefix else ()
    for path, owner in _all_modules(module, top) if recurse else [(top, module)]:
        for name, parameter in owner._parameters.items():
            if parameter is not None and not any(parameter is other for other in seen):
                seen.append(parameter)
                yield ".".join(path + (name,)), parameter
