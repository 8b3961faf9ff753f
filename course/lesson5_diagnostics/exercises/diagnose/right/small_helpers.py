def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults
