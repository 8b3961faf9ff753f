class DeadUnits:
    def __init__(self, model):
        self.model = model
        self.best = {}

    def __enter__(self):
        self.modes = {m: m.training for m in self.model.modules()}
        self.handles = [
            m.register_forward_hook(self.watch(n)) for n, m in self.model.named_modules() if isinstance(m, nn.ReLU)
        ]
        self.model.eval()
        return self

    def __exit__(self, *_):
        for h in self.handles:
            h.remove()
        for m, t in self.modes.items():
            m.training = t

    def watch(self, name):
        def hook(module, inputs, output):
            top = output.clone().transpose(0, 1).reshape(output.shape[1], -1).max(dim=1)[0]
            old = self.best.setdefault(name, top)
            if old.shape != top.shape:
                raise ValueError(f"{name} has {len(old)} and {len(top)} units")
            self.best[name] = torch.max(old, top)

        return hook


@torch.no_grad()
def dead_units(model, loader):
    n = 0
    with DeadUnits(model) as units:
        for x, _ in loader:
            model(x)
            n += len(x)
    if n == 0:
        raise ValueError("no samples")
    return {name: ~(best > 0) for name, best in units.best.items()}
