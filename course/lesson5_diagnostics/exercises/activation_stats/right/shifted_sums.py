class ActivationStats:
    """Sums of the distances from the first number seen."""

    def __init__(self, model, types=(nn.Conv2d,)):
        self.__hooks = []
        self.stats = {}
        self.__sums = {}
        for name, module in model.named_modules():
            if isinstance(module, types):
                self.__hooks.append(module.register_forward_hook(self.__make(name)))

    def __make(self, name):
        def hook(module, args, output):
            with torch.no_grad():
                x = output.to(torch.float64).reshape(-1)
                if name not in self.__sums:
                    self.__sums[name] = [float(x[0]), 0, 0.0, 0.0, float(x[0]), float(x[0])]
                sums = self.__sums[name]
                shifted = x - sums[0]
                sums[1] += len(x)
                sums[2] += float(shifted.sum())
                sums[3] += float(shifted.dot(shifted))
                sums[4] = min(sums[4], float(x.min()))
                sums[5] = max(sums[5], float(x.max()))
                first, n, s, q, low, high = sums
                self.stats[name] = {
                    "count": n,
                    "mean": first + s / n,
                    "std": math.sqrt(max(q / n - (s / n) ** 2, 0)),
                    "min": low,
                    "max": high,
                }

        return hook

    def remove(self):
        for handle in self.__hooks:
            handle.remove()
        self.__hooks.clear()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()
