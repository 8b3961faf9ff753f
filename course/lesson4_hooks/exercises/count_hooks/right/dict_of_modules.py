def count_hooks(module):
    modules = {id(m): m for _, m in module.named_modules(remove_duplicate=False)}
    count = 0
    for m in modules.values():
        for direction in ("forward", "backward"):
            for kind in ("", "_pre"):
                count += len(getattr(m, f"_{direction}{kind}_hooks").values())
    return count
