TABLES = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")


def count_hooks(module):
    return sum(len(getattr(part, table)) for part in module.modules() for table in TABLES)
