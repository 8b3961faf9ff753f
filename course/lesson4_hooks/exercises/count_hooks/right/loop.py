def count_hooks(module):
    total = 0
    for part in module.modules():
        total += len(part._forward_pre_hooks)
        total += len(part._forward_hooks)
        total += len(part._backward_pre_hooks)
        total += len(part._backward_hooks)
    return total
