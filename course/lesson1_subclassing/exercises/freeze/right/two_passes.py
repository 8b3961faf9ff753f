def freeze(model, prefix):
    names = []
    for name, _ in model.named_parameters():
        if prefix == "":
            names.append(name)
        elif name == prefix:
            names.append(name)
        elif len(name) > len(prefix) and name[: len(prefix)] == prefix and name[len(prefix)] == ".":
            names.append(name)
    if names == []:
        raise ValueError("Nothing found: " + str(prefix))
    for name, parameter in model.named_parameters():
        if name in names:
            parameter.requires_grad = False
    return names
