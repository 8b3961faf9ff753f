class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self.names = {module: name for name, module in model.named_modules() if isinstance(module, types)}
        self.stats = {}
        self.handles = [module.register_forward_hook(self) for module in self.names]

    def __call__(self, module, args, output):
        x = output.detach().double()
        new = {
            "count": x.numel(),
            "mean": x.mean().item(),
            "std": x.std(correction=0).item(),
            "min": x.min().item(),
            "max": x.max().item(),
        }
        name = self.names[module]
        self.stats[name] = self.merge(self.stats[name], new) if name in self.stats else new

    @staticmethod
    def merge(a, b):
        n = a["count"] + b["count"]
        wa, wb = a["count"] / n, b["count"] / n
        mean = wa * a["mean"] + wb * b["mean"]
        var = wa * a["std"] ** 2 + wb * b["std"] ** 2 + wa * wb * (a["mean"] - b["mean"]) ** 2
        return {
            "count": n,
            "mean": mean,
            "std": var**0.5,
            "min": min(a["min"], b["min"]),
            "max": max(a["max"], b["max"]),
        }

    def remove(self):
        [handle.remove() for handle in self.handles]

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        self.remove()
