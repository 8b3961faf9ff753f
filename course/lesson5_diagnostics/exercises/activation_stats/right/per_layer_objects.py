class Meter:
    def __init__(self):
        self.n, self.mean, self.m2 = 0, torch.zeros((), dtype=torch.float64), torch.zeros((), dtype=torch.float64)
        self.lo, self.hi = math.inf, -math.inf

    def __call__(self, module, args, output):
        x = output.detach().double()
        var, mean = torch.var_mean(x, correction=0)
        total = self.n + x.numel()
        delta = mean - self.mean
        self.m2 = self.m2 + var * x.numel() + delta**2 * (self.n * x.numel() / total)
        self.mean = self.mean + delta * (x.numel() / total)
        self.n = total
        self.lo, self.hi = min(self.lo, x.min().item()), max(self.hi, x.max().item())

    def read(self):
        return {
            "count": self.n,
            "mean": self.mean.item(),
            "std": (self.m2 / self.n).sqrt().item(),
            "min": self.lo,
            "max": self.hi,
        }


class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self.meters = {name: Meter() for name, m in model.named_modules() if isinstance(m, types)}
        self.handles = [model.get_submodule(name).register_forward_hook(meter) for name, meter in self.meters.items()]

    stats = property(lambda self: {name: meter.read() for name, meter in self.meters.items() if meter.n})

    def remove(self):
        for handle in self.handles:
            handle.remove()

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.remove()
