def count_parameters(model, trainable_only=False):
    seen = {}
    for module in model.modules():
        for parameter in module._parameters.values():
            if parameter is not None:
                seen[id(parameter)] = parameter
    total = 0
    for parameter in seen.values():
        if trainable_only and not parameter.requires_grad:
            continue
        total += parameter.nelement()
    return total
