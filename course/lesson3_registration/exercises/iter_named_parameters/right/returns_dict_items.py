def iter_named_parameters(module, prefix="", recurse=True):
    result, ids = {}, set()

    def add(m, path):
        for key in m._parameters:
            p = m._parameters[key]
            if p is not None and id(p) not in ids:
                ids.add(id(p))
                result[path + key] = p
        if not recurse:
            return
        for key in m._modules:
            if m._modules[key] is not None:
                add(m._modules[key], path + key + ".")

    add(module, f"{prefix}." if prefix != "" else "")
    return result.items()
