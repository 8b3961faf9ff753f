def _run(model, loader, hook, kinds=nn.Module):
    flags = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules() if isinstance(m, kinds)]
    try:
        with torch.no_grad():
            model.train(False)
            for inputs, _ in loader:
                model(inputs)
    finally:
        for handle in handles:
            handle.remove()
        for m, flag in flags:
            m.training = flag


def dead(model, loader):
    table = {}

    def hook(module, args, out):
        if out.dim() == 4:
            out = out.permute(0, 2, 3, 1).flatten(0, 2)
        if out.dim() == 2:
            table.setdefault((module, out.size(1)), []).append((out > 0).any(0))

    _run(model, loader, hook, nn.ReLU)
    return any(not torch.stack(rows).any(0).all() for rows in table.values())


def exploding(model, loader):
    answers = []

    def bad(x):
        if isinstance(x, torch.Tensor):
            x = x.float()
            return bool((~x.isfinite()).any() or (x > 1e4).any() or (x < -1e4).any())
        if isinstance(x, dict):
            x = list(x.values())
        return any(map(bad, x)) if isinstance(x, (list, tuple)) else False

    _run(model, loader, lambda module, args, out: answers.append(bad(out)))
    return any(answers)


def hooks(model, _):
    return any(
        bool(d)
        for m in model.modules()
        for d in (m._forward_hooks, m._forward_pre_hooks, m._backward_hooks, m._backward_pre_hooks)
    )


def hidden(model, _):
    own = set(map(id, model.modules()))
    for m in model.modules():
        for key, value in m.__dict__.items():
            if key in ("_modules", "_parameters", "_buffers"):
                continue
            values = value.values() if isinstance(value, dict) else value
            if isinstance(value, (dict, list, tuple)) and [
                v for v in values if isinstance(v, nn.Module) and id(v) not in own
            ]:
                return True
    return False


CHECKS = {
    "leaked-hook": hooks,
    "frozen-parameters": lambda model, _: False in [p.requires_grad for p in model.parameters()],
    "unregistered-layer": hidden,
    "double-softmax": lambda model, _: isinstance(
        [m for m in model.modules() if sum(1 for _ in m.children()) == 0][-1], (nn.Softmax, nn.LogSoftmax)
    ),
    "dead-relu": dead,
    "exploding-activations": exploding,
}


def diagnose(model, loader):
    batches = list(loader)
    return {name for name, check in CHECKS.items() if check(model, batches)}
