def dead_units(model, loader):
    names = {module: name for name, module in model.named_modules() if isinstance(module, nn.ReLU)}
    counts = {}

    def count(module, args, output):
        units = output.size(1)
        hits = output.gt(0).sum(dim=[d for d in range(output.dim()) if d != 1])
        if module in counts and counts[module].size(0) != units:
            raise ValueError(f"{names[module]}: {counts[module].size(0)} units, then {units}")
        counts[module] = counts.get(module, torch.zeros(units)) + hits

    modes = [(m, m.training) for m in model.modules()]
    handles = []
    try:
        for module in names:
            handles.append(module.register_forward_hook(count))
        for m, _ in modes:
            m.training = False
        batches = 0
        with torch.inference_mode():
            for batches, (x, _) in enumerate(loader, 1):
                model(x)
    finally:
        for h in handles:
            h.remove()
        for m, t in modes:
            m.training = t
    if not batches:
        raise ValueError("empty loader")
    return {names[m]: c == 0 for m, c in counts.items()}
