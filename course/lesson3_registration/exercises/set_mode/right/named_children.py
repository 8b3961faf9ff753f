def set_mode(module, training):
    if not isinstance(training, bool):
        raise ValueError("training must be a bool, got " + str(type(training)))
    module.training = training
    for _name, child in module.named_children():
        set_mode(child, training)
    return module
