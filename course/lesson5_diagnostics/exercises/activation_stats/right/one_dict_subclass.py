class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        from contextlib import ExitStack

        self.stack, self.stats, self.power = ExitStack(), {}, {}
        for name, module in model.named_modules():
            if isinstance(module, types):
                self.stack.enter_context(module.register_forward_hook(self.update_for(name)))

    def update_for(self, name):
        def update(module, inputs, output):
            x = output.detach().double()
            old = self.stats.get(name)
            p = self.power.setdefault(name, [0.0, 0.0])
            p[0] += x.sum().item()
            p[1] += (x**2).sum().item()
            n = x.numel() + (old["count"] if old else 0)
            self.stats[name] = {
                "count": n,
                "mean": p[0] / n,
                "std": max(p[1] / n - (p[0] / n) ** 2, 0.0) ** 0.5,
                "min": min(x.min().item(), old["min"] if old else math.inf),
                "max": max(x.max().item(), old["max"] if old else -math.inf),
            }

        return update

    def remove(self):
        self.stack.close()

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        return self.stack.__exit__(*exc)
