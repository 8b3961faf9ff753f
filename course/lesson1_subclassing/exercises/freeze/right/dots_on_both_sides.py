def freeze(model, prefix):
    def below(name):
        return not prefix or f"{name}.".startswith(f"{prefix}.")

    names = list(filter(below, dict(model.named_parameters())))
    if not names:
        raise ValueError
    for name, parameter in model.named_parameters():
        parameter.requires_grad &= name not in names
    return names
