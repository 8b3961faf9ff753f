from collections import Counter


def count_hooks(module):
    counts = Counter()
    for part in set(module.modules()):
        for name, table in part.__dict__.items():
            if name.endswith(("ward_hooks", "ward_pre_hooks")):
                counts[name] += len(table)
    return counts.total()
