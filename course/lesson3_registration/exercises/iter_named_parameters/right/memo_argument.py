def iter_named_parameters(module, prefix="", recurse=True, _memo=None):
    if _memo is None:
        _memo = set()
    start = prefix and prefix + "."
    for name, parameter in vars(module)["_parameters"].items():
        if parameter is None or id(parameter) in _memo:
            continue
        _memo.add(id(parameter))
        yield start + name, parameter
    for name, child in vars(module)["_modules"].items() if recurse else ():
        if child is not None:
            for pair in iter_named_parameters(child, start + name, _memo=_memo):
                yield pair
