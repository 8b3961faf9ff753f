import math


def count_parameters(model, trainable_only=False):
    return sum(math.prod(p.shape) for p in model.parameters() if not trainable_only or p.requires_grad)
