def set_mode(module, training):
    class NoBool(ValueError):
        pass

    def walk(m):
        m.__dict__["training"] = training
        any(walk(child) for child in m._modules.values() if child is not None)

    if not isinstance(training, bool):
        raise NoBool(training)
    walk(module)
    return module
