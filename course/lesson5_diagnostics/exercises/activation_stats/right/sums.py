class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self.sums = {}
        self.handles = []
        for name, module in model.named_modules():
            if isinstance(module, types):
                self.handles.append(module.register_forward_hook(self.make_hook(name)))

    def make_hook(self, name):
        def hook(module, inputs, output):
            x = output.detach().double()
            s = self.sums.setdefault(name, [0, 0.0, 0.0, float("inf"), float("-inf")])
            s[0] += x.numel()
            s[1] += x.sum().item()
            s[2] += (x * x).sum().item()
            s[3] = min(s[3], x.min().item())
            s[4] = max(s[4], x.max().item())

        return hook

    @property
    def stats(self):
        result = {}
        for name, (n, total, squares, low, high) in self.sums.items():
            mean = total / n
            var = max(squares / n - mean * mean, 0.0)
            result[name] = {"count": n, "mean": mean, "std": var**0.5, "min": low, "max": high}
        return result

    def remove(self):
        for handle in self.handles:
            handle.remove()

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.remove()
