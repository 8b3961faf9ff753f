def _all_below(module):
    yield module
    for _, child in module.named_children():
        yield from _all_below(child)


def set_mode(module, training):
    match training:
        case bool():
            for m in list(_all_below(module)):
                m.training = training
            return module
    raise ValueError("neither True nor False: %r" % (training,))
