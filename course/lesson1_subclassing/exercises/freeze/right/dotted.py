def freeze(model, prefix):
    names = []
    for name, parameter in model.named_parameters():
        if prefix == "" or name == prefix or name.startswith(prefix + "."):
            parameter.requires_grad = False
            names.append(name)
    if not names:
        raise ValueError(prefix)
    return names
