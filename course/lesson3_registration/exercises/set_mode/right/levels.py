def set_mode(module, training):
    if type(training) != bool:
        raise ValueError
    level = [module]
    while level:
        for m in level:
            setattr(m, "training", training)
        level = [child for m in level for child in m.children()]
    return module
