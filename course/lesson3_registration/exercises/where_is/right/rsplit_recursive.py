def where_is(module, name, default="missing"):
    if "." not in name:
        own = {
            **{k: "module" for k in module._modules},
            **{k: "buffer" for k in module._buffers},
            **{k: "parameter" for k in module._parameters},
        }
        if name in own:
            return own[name]
        return "attribute" if hasattr(module, name) else default
    head, tail = name.split(".", maxsplit=1)
    sub = module._modules[head] if head in module._modules else None
    return default if sub is None else where_is(sub, tail)
