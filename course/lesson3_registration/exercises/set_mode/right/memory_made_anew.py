def set_mode(module, training, done=None):
    if training is not True and training is not False:
        raise ValueError(training)
    done = set() if done is None else done
    module.training = training
    for child in module._modules.values():
        if child is not None and id(child) not in done:
            done.add(id(child))
            set_mode(child, training, done)
    return module
