def diagnose(model, loader):
    found = set()
    modules = list(model.modules())
    ids = {id(m) for m in modules}
    if [p for p in model.parameters() if not p.requires_grad]:
        found |= {"frozen-parameters"}
    for m in modules:
        if m._forward_hooks or m._forward_pre_hooks or m._backward_hooks or m._backward_pre_hooks:
            found |= {"leaked-hook"}
        for value in m.__dict__.values():
            items = []
            if isinstance(value, (list, tuple)):
                items = value
            elif isinstance(value, dict):
                items = value.values()
            for item in items:
                if isinstance(item, nn.Module) and id(item) not in ids:
                    found |= {"unregistered-layer"}
    last = [m for m in modules if next(m.children(), None) is None][-1]
    if type(last) in (nn.Softmax, nn.LogSoftmax):
        found |= {"double-softmax"}

    best, handles = {}, []

    def flatten(x):
        if torch.is_tensor(x):
            yield x
        elif isinstance(x, dict):
            yield from flatten(list(x.values()))
        elif isinstance(x, (list, tuple)):
            for item in x:
                yield from flatten(item)

    def watch(m, _, out):
        for t in flatten(out):
            if t.numel() and t.dtype != torch.bool:
                top = t.abs().max().item()
                if not math.isfinite(top) or top > 10_000:
                    found.add("exploding-activations")
        if isinstance(m, nn.ReLU) and out.ndim in (2, 4):
            top = out.amax(dim=0) if out.ndim == 2 else out.amax(dim=(0, 2, 3))
            key = (id(m), top.numel())
            best[key] = torch.maximum(best.get(key, top), top)

    was = {m: m.training for m in modules}
    for m in modules:
        handles.append(m.register_forward_hook(watch))
    try:
        for m in modules:
            m.training = False
        with torch.inference_mode():
            for x, _ in loader:
                model(x)
    finally:
        for handle in handles:
            handle.remove()
        for m in modules:
            m.training = was[m]
    if any((top <= 0).any() for top in best.values()):
        found.add("dead-relu")
    return found
