def where_is(module, name):
    match name.split("."):
        case [last]:
            tables = vars(module)
            return next(
                (
                    kind
                    for kind, key in {"parameter": "_parameters", "buffer": "_buffers", "module": "_modules"}.items()
                    if last in tables[key]
                ),
                "attribute" if hasattr(module, last) else "missing",
            )
        case [first, *rest]:
            child = module._modules.get(first, None)
            if child is None:
                return "missing"
            return where_is(child, ".".join(rest))
