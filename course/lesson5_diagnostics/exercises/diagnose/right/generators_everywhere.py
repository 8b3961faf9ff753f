def tensors(o):
    if isinstance(o, torch.Tensor):
        yield o
    elif isinstance(o, dict):
        for v in o.values():
            yield from tensors(v)
    elif isinstance(o, (tuple, list)):
        for v in o:
            yield from tensors(v)


def introspect(model):
    mods = list(model.modules())
    if any(not p.requires_grad for m in mods for p in m.parameters(recurse=False)):
        yield "frozen-parameters"
    if any(vars(m)[f"_{k}_hooks"] for m in mods for k in "forward forward_pre backward backward_pre".split()):
        yield "leaked-hook"
    *_, last = (m for m in mods if not any(c for c in m._modules.values() if c is not None))
    if isinstance(last, (nn.Softmax, nn.LogSoftmax)):
        yield "double-softmax"
    for m in mods:
        for k, v in vars(m).items():
            if isinstance(v, dict):
                v = [*v.values()]
            if isinstance(v, (tuple, list)):
                for x in v:
                    if isinstance(x, nn.Module) and id(x) not in map(id, mods):
                        yield "unregistered-layer"


def diagnose(model, loader):
    faults = set(introspect(model))
    hits = {}

    def hook(m, a, o):
        for t in tensors(o):
            t = t.detach().to(torch.float64) if not t.is_complex() else t
            if (~t.isfinite()).any() or (t.abs() > 1e4).any():
                faults.add("exploding-activations")
        if isinstance(m, nn.ReLU) and o.ndim in (2, 4):
            h = (o > 0).sum(dim=(0,) if o.ndim == 2 else (0, 2, 3))
            hits[m, len(h)] = hits.get((m, len(h)), 0) + h

    modes = {m: m.training for m in model.modules()}
    handles = [m.register_forward_hook(hook) for m in modes]
    try:
        model.eval()
        with torch.no_grad():
            for batch in loader:
                model(batch[0])
    finally:
        while handles:
            handles.pop().remove()
        for m in modes:
            m.training = modes[m]
    return faults | ({"dead-relu"} if any((h == 0).any() for h in hits.values()) else set())
