def count_hooks(module, _seen=None):
    seen = set() if _seen is None else _seen
    if module is None or id(module) in seen:
        return 0
    seen.add(id(module))
    own = 0
    for kind in ("forward_pre", "forward", "backward_pre", "backward"):
        for _ in vars(module)[f"_{kind}_hooks"]:
            own += 1
    return own + sum(count_hooks(child, seen) for child in module._modules.values())
