def dead_units(model, loader):
    was_training = [(m, m.training) for m in model.modules()]
    largest, handles, empty = {}, [], True

    def watch(module, args, output, name):
        values = output.detach().transpose(0, 1).flatten(1).max(dim=1).values
        if name not in largest:
            largest[name] = values
        elif len(largest[name]) != len(values):
            raise ValueError(f"ReLU {name!r}: {len(largest[name])} units, and then {len(values)}")
        else:
            largest[name] = torch.maximum(largest[name], values)

    try:
        for name, module in model.named_modules():
            if isinstance(module, nn.ReLU):
                handles.append(module.register_forward_hook(lambda m, a, o, name=name: watch(m, a, o, name)))
        model.eval()
        with torch.no_grad():
            for x, _ in loader:
                empty = False
                model(x)
    finally:
        for h in handles:
            h.remove()
        for m, training in was_training:
            m.training = training
    if empty:
        raise ValueError("no batches in the loader")
    return {name: values <= 0 for name, values in largest.items()}
