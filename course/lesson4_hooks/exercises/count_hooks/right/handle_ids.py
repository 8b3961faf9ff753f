def count_hooks(module):
    ids = set()
    for part in module.modules():
        for table in ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks"):
            ids |= set(getattr(part, table).keys())
    return len(ids)
