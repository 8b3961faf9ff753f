def freeze(model, prefix):
    parameters = dict(model.named_parameters())
    modules = dict(model.named_modules())
    if prefix in parameters:
        parameters[prefix].requires_grad = False
        return [prefix]
    if prefix not in modules or next(modules[prefix].parameters(), None) is None:
        raise ValueError(prefix)
    modules[prefix].requires_grad_(False)
    return [name for name, _ in modules[prefix].named_parameters(prefix=prefix)]
