def set_mode(module, training):
    for child in module.children():
        set_mode(child, training)
    if not isinstance(training, bool):
        raise ValueError("training must be a bool")
    module.training = training
    return module
