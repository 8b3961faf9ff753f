from contextlib import contextmanager


@contextmanager
def examined(model, hook):
    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m, _ in modes]
    try:
        with torch.no_grad():
            yield model.eval()
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode


def hidden(model):
    registered = set(model.modules())
    containers = [v for m in registered for v in vars(m).values() if isinstance(v, (list, tuple, dict))]
    elements = [x for c in containers for x in (c.values() if isinstance(c, dict) else c)]
    return any(isinstance(x, nn.Module) and x not in registered for x in elements)


def largest(o):
    if isinstance(o, torch.Tensor):
        if o.numel() == 0:
            return 0.0
        v = o.detach().double().abs().max().item()
        return v if math.isfinite(v) else math.inf
    if isinstance(o, dict):
        o = list(o.values())
    return max(map(largest, o), default=0.0) if isinstance(o, (list, tuple)) else 0.0


def diagnose(model, loader):
    leaked = any(
        len(t)
        for m in model.modules()
        for n, t in vars(m).items()
        if n in {"_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks"}
    )
    top, never = [0.0], {}

    def hook(m, i, o):
        top[0] = max(top[0], largest(o))
        if isinstance(m, nn.ReLU) and isinstance(o, torch.Tensor) and o.dim() in (2, 4):
            silent = set(range(o.size(1))) - set((o > 0).nonzero()[:, 1].tolist())
            key = (m, o.size(1))
            never[key] = never.get(key, silent) & silent

    with examined(model, hook) as m:
        for x, _ in loader:
            m(x)
    last = [m for m in model.modules() if next(iter(m.children()), None) is None][-1]
    answers = {
        "leaked-hook": leaked,
        "frozen-parameters": any(not p.requires_grad for p in model.parameters()),
        "dead-relu": any(never.values()),
        "exploding-activations": top[0] > 1e4,
        "unregistered-layer": hidden(model),
        "double-softmax": isinstance(last, (nn.Softmax, nn.LogSoftmax)),
    }
    return {name for name, yes in answers.items() if yes}
