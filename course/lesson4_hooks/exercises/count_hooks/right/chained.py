from itertools import chain
from operator import attrgetter


def count_hooks(module):
    tables = attrgetter("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks")
    every = chain.from_iterable(tables(part) for _, part in module.named_modules())
    return len([hook for table in every for hook in table])
