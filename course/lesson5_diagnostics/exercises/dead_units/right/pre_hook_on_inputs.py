def dead_units(model, loader):
    batches = list(loader)
    if len(batches) == 0:
        raise ValueError("the loader is empty")
    alive, modes, handles = {}, {}, []
    for name, module in model.named_modules():
        modes[name] = module.training
    try:
        for name, module in model.named_modules():
            module.training = False
            if isinstance(module, nn.ReLU):

                def pre(module, args, name=name):
                    x = args[0]
                    a = (x > 0).any(0)
                    while a.dim() > 1:
                        a = a.any(-1)
                    if name in alive and len(a) != len(alive[name]):
                        raise ValueError("number of units of %r" % name)
                    alive[name] = a | alive.get(name, torch.zeros_like(a))

                handles.append(module.register_forward_pre_hook(pre))
        with torch.no_grad():
            for inputs, labels in batches:
                model(inputs)
        return {name: a.logical_not() for name, a in alive.items()}
    finally:
        for handle in handles:
            handle.remove()
        for name, module in model.named_modules():
            module.training = modes[name]
