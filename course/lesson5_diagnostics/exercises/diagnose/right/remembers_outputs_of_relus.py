def diagnose(model, loader):
    faults, per_relu = [], {}
    every = list(model.modules())
    for module in every:
        for attribute in ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks"):
            if len(getattr(module, attribute)) > 0 and "leaked-hook" not in faults:
                faults.append("leaked-hook")
    for name, parameter in model.named_parameters():
        if not parameter.requires_grad:
            faults.append("frozen-parameters")
    for module in every:
        for name, value in module.__dict__.items():
            if name in ("_modules", "_parameters", "_buffers"):
                continue
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, list) or isinstance(value, tuple):
                for element in value:
                    if isinstance(element, nn.Module) and element not in every:
                        faults.append("unregistered-layer")
    leaf = [module for module in every if len(list(module.children())) == 0][-1]
    if isinstance(leaf, nn.Softmax) or isinstance(leaf, nn.LogSoftmax):
        faults.append("double-softmax")

    def too_large(output):
        if isinstance(output, torch.Tensor):
            numbers = output.float()
            return bool(torch.isnan(numbers).any() or torch.isinf(numbers).any() or (numbers.abs() > 1e4).any())
        if isinstance(output, (list, tuple)):
            return any([too_large(item) for item in output])
        if isinstance(output, dict):
            return too_large(list(output.values()))
        return False

    def hook(module, inputs, output):
        if too_large(output):
            faults.append("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            per_relu.setdefault((module, output.shape[1]), []).append(output.detach().clone())

    training = [module.training for module in every]
    handles = [module.register_forward_hook(hook) for module in every]
    for module in every:
        module.training = False
    with torch.no_grad():
        for inputs, labels in loader:
            model(inputs)
    for handle in handles:
        handle.remove()
    for module, flag in zip(every, training):
        module.training = flag
    for outputs in per_relu.values():
        alive = sum((o > 0).float().transpose(0, 1).flatten(1).sum(dim=1) for o in outputs)
        if (alive == 0).any():
            faults.append("dead-relu")
    return set(faults)
