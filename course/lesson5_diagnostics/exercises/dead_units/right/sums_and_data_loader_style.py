def dead_units(model, loader):
    totals, handles = {}, []

    def register(name, relu):
        def hook(_module, _args, output):
            sums = output.detach().double()
            while sums.dim() > 2:
                sums = sums.sum(dim=-1)
            sums = sums.sum(dim=0)
            if name in totals and totals[name].numel() != sums.numel():
                raise ValueError(f"the units of {name} differ: {totals[name].numel()} and {sums.numel()}")
            totals[name] = totals.get(name, 0) + sums

        handles.append(relu.register_forward_hook(hook))

    flags = {m: m.training for m in model.modules()}
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            register(name, module)
    empty = True
    previous = torch.is_grad_enabled()
    torch.set_grad_enabled(False)
    model.eval()
    try:
        for inputs, _ in loader:
            model(inputs)
            empty = False
        if empty:
            raise ValueError("empty loader")
    finally:
        torch.set_grad_enabled(previous)
        for handle in handles:
            handle.remove()
        for m, flag in flags.items():
            m.training = flag
    return {name: total.eq(0) for name, total in totals.items()}
