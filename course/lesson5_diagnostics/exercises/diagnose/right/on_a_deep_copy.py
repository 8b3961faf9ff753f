import copy


def diagnose(model, loader):
    found = set()
    modules = [m for _, m in model.named_modules()]
    if any(m._forward_hooks or m._forward_pre_hooks or m._backward_hooks or m._backward_pre_hooks for m in modules):
        found.add("leaked-hook")
    if not all(p.requires_grad for p in model.parameters()):
        found.add("frozen-parameters")
    leaves = [m for m in modules if len(m._modules) == 0]
    if leaves[-1].__class__ in (nn.Softmax, nn.LogSoftmax):
        found.add("double-softmax")
    for m in modules:
        for v in m.__dict__.values():
            if isinstance(v, (list, tuple, dict)):
                for x in v.values() if isinstance(v, dict) else v:
                    if isinstance(x, nn.Module) and not [q for q in modules if q is x]:
                        found.add("unregistered-layer")
    twin = copy.deepcopy(model).eval()
    alive = {}

    def check(o):
        if isinstance(o, torch.Tensor) and o.dtype is not torch.bool and o.numel():
            if not o.abs().max() <= 1e4:
                found.add("exploding-activations")
        for x in o.values() if isinstance(o, dict) else o if isinstance(o, (list, tuple)) else []:
            check(x)

    def hook(m, i, o):
        check(o)
        if isinstance(m, nn.ReLU) and o.dim() in (2, 4):
            units = {k: bool((o[:, k] > 0).any()) for k in range(o.shape[1])}
            old = alive.setdefault((m, o.shape[1]), units)
            for k in units:
                old[k] = old[k] or units[k]

    for m in twin.modules():
        m.register_forward_hook(hook)
    with torch.no_grad():
        for x, _ in loader:
            twin(x)
    if any(not ok for units in alive.values() for ok in units.values()):
        found.add("dead-relu")
    return found
