def iter_named_parameters(module, prefix="", recurse=True):
    pairs = []

    def visit(m, names):
        pairs.extend([".".join(names + [k]), p] for k, p in m._parameters.items() if p is not None)
        if recurse:
            for k, c in m._modules.items():
                if c is not None:
                    visit(c, names + [k])

    visit(module, [prefix] if prefix else [])
    unique, seen = [], set()
    for name, p in pairs:
        if p not in seen:
            unique.append([name, p])
            seen.add(p)
    return unique
