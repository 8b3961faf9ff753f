def freeze(model, prefix, verbose=False):
    chosen = []
    wanted = tuple(prefix.split(".")) if len(prefix) else ()
    for name, parameter in list(model.named_parameters()):
        if all(a == b for a, b in zip(wanted, name.split("."))) and len(wanted) <= len(name.split(".")):
            chosen.append((name, parameter))
    if not chosen:
        raise ValueError(prefix)
    for name, parameter in chosen:
        setattr(parameter, "requires_grad", False)
        if verbose:
            print(name)
    names, _ = zip(*chosen)
    return list(names)
