class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self.stats = {}
        self._raw = {}
        self._hooks = []
        for name, module in model.named_modules():
            if isinstance(module, tuple(types)):

                def hook(module, inputs, output, name=name):
                    values = output.detach().to(torch.float64)
                    n, total, square = self._raw.get(name, (0, 0.0, 0.0))
                    n += values.numel()
                    total += float(values.sum())
                    square += float(values.pow(2).sum())
                    self._raw[name] = (n, total, square)
                    low, high = float(values.min()), float(values.max())
                    if name in self.stats:
                        low = min(low, self.stats[name]["min"])
                        high = max(high, self.stats[name]["max"])
                    mean = total / n
                    std = math.sqrt(max(0.0, square / n - mean**2))
                    self.stats[name] = {"count": n, "mean": mean, "std": std, "min": low, "max": high}

                self._hooks.append(module.register_forward_hook(hook))

    def remove(self):
        for hook in self._hooks:
            hook.remove()
        self._hooks = []

    def __enter__(self):
        return self

    def __exit__(self, exc_type, exc, tb):
        self.remove()
        return False
