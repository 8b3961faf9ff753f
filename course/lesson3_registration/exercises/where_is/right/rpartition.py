def where_is(module, name):
    path, _, last = name.rpartition(".")
    for part in path.split(".") if path else []:
        module = module._modules.get(part)
        if module is None:
            return "missing"
    for kind in ("parameter", "buffer", "module"):
        if last in vars(module)[f"_{kind}s"]:
            return kind
    return "attribute" if hasattr(module, last) else "missing"
