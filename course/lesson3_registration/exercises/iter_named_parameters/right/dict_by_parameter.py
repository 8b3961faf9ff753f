def iter_named_parameters(module, prefix="", recurse=True):
    names = {}

    def visit(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None and parameter not in names:
                names[parameter] = ".".join([*path, name])
        for name, child in owner._modules.items():
            if recurse and child is not None:
                visit(child, [*path, name])

    visit(module, [prefix] if prefix else [])
    return zip(names.values(), names.keys())
