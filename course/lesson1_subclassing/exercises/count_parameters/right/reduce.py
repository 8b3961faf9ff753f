from functools import reduce


def count_parameters(model, trainable_only=False):
    keep = (lambda p: p.requires_grad) if trainable_only else (lambda p: True)
    return reduce(lambda total, p: total + p.nelement(), filter(keep, model.parameters()), 0)
