def iter_named_parameters(module, prefix="", recurse=True):
    first_names = {}
    stack = [(prefix, module)]
    while stack:
        path, owner = stack.pop()
        for key, parameter in owner._parameters.items():
            if parameter is not None:
                first_names.setdefault(id(parameter), (".".join(filter(None, (path, key))), parameter))
        if recurse:
            below = [(f"{path}.{key}" if path else key, child) for key, child in owner._modules.items()]
            stack += [item for item in reversed(below) if item[1] is not None]
    return list(first_names.values())
