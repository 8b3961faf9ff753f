def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}
