from contextlib import ExitStack


def dead_units(model, loader):
    batches = iter(loader)
    first = next(batches, None)
    if first is None:
        raise ValueError("empty loader")
    dead = {}

    def look(name, module, args, output):
        if output.dim() == 4:
            now = (output <= 0).all(dim=0).all(dim=1).all(dim=1)
        else:
            now = (output <= 0).all(dim=0)
        if name not in dead:
            dead[name] = now
        if dead[name].size() != now.size():
            raise ValueError(f"{name}: {dead[name].size()} and {now.size()}")
        dead[name] = dead[name].logical_and(now)

    with ExitStack() as stack:
        for name, module in model.named_modules():
            stack.callback(setattr, module, "training", module.training)
            if isinstance(module, nn.ReLU):
                stack.enter_context(module.register_forward_hook(lambda m, a, o, name=name: look(name, m, a, o)))
        stack.enter_context(torch.no_grad())
        model.eval()
        while first is not None:
            model(first[0])
            first = next(batches, None)
    return dead
