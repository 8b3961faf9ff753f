def dead_units(model, loader):
    seen = {}
    relus = {module: name for name, module in model.named_modules() if isinstance(module, nn.ReLU)}

    def hook(module, inputs, output):
        seen.setdefault(module, []).append(output.clone().amax(dim=[0, *range(2, output.ndim)]))

    modes = [module.training for module in model.modules()]
    hooks = [module.register_forward_hook(hook) for module in relus]
    try:
        with torch.no_grad():
            model.eval()
            any_batch = False
            for batch in loader:
                any_batch = True
                model(batch[0])
        if not any_batch:
            raise ValueError("the loader gave nothing")
        result = {}
        for module, rows in seen.items():
            if len({len(row) for row in rows}) > 1:
                raise ValueError("the ReLU %s has several sizes" % relus[module])
            result[relus[module]] = ~(torch.stack(rows) > 0).any(0)
        return result
    finally:
        for handle in hooks:
            handle.remove()
        for module, mode in zip(model.modules(), modes):
            module.train(mode) if not list(module.children()) else setattr(module, "training", mode)
