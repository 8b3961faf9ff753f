from collections import namedtuple

Named = namedtuple("Named", ["name", "parameter"])


def iter_named_parameters(module, prefix="", recurse=True):
    seen, todo = {}, [(prefix, module)]
    while todo:
        path, m = todo.pop(0)
        name = (lambda key: key) if not path else (lambda key: path + "." + key)
        for key, p in m._parameters.items():
            if p is not None and p not in seen:
                seen[p] = Named(name(key), p)
        if recurse:
            todo[:0] = [(name(key), c) for key, c in m._modules.items() if c is not None]
    return tuple(seen.values())
