def freeze(model, prefix):
    try:
        part = model.get_submodule(prefix)
        found = dict(part.named_parameters(prefix=prefix))
    except AttributeError:
        try:
            found = {prefix: model.get_parameter(prefix)}
        except AttributeError as error:
            raise ValueError(prefix) from error
    if not found:
        raise ValueError(prefix)
    for parameter in found.values():
        parameter.requires_grad = False
    return list(found)
