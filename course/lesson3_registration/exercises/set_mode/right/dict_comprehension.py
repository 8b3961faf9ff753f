def set_mode(module, training):
    if training not in (True, False) or type(training) is not bool:
        raise ValueError(f"{training!r}")
    module.__setattr__("training", training)
    {name: set_mode(child, training) for name, child in module._modules.items() if child is not None}
    return module
