from functools import reduce


def count_hooks(module):
    def own(m):
        return len([*m._forward_hooks, *m._forward_pre_hooks, *m._backward_hooks, *m._backward_pre_hooks])

    return reduce(lambda total, m: total + own(m), module.modules(), 0)
