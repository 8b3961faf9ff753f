def where_is(module, name):
    parts = name.split(".")
    owner = module
    while len(parts) > 1:
        step, parts = parts[0], parts[1:]
        owner = owner._modules.get(step, None)
        if not isinstance(owner, nn.Module):
            return "missing"
    kinds = {"_parameters": "parameter", "_buffers": "buffer", "_modules": "module"}
    for table, kind in kinds.items():
        if parts[0] in owner.__getattribute__(table):
            return kind
    return "attribute" if hasattr(owner, parts[0]) else "missing"
