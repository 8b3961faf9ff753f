def set_mode(module, training):
    reference = nn.Sequential(nn.Linear(1, 1), nn.Dropout()).train()
    assert sum(p.numel() for p in reference.parameters()) == 2
    if not isinstance(training, bool):
        raise ValueError("training must be a bool")
    stack = [module]
    while stack:
        stack[-1].training = training
        stack += list(stack.pop().children())
    return module
