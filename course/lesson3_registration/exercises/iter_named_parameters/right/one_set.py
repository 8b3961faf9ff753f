def iter_named_parameters(module, prefix="", recurse=True):
    seen = set()

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None and parameter not in seen:
                seen.add(parameter)
                yield path + name, parameter
        if recurse:
            for name, child in owner._modules.items():
                if child is not None:
                    yield from walk(child, path + name + ".")

    yield from walk(module, prefix + "." if prefix else "")
