def set_mode(module, training):
    if training is not True and training is not False:
        raise ValueError(f"training has to be a bool, not {type(training).__name__}")
    todo = [module]
    while todo:
        current = todo.pop()
        current.training = training
        todo.extend(child for child in current._modules.values() if child is not None)
    return module
