from contextlib import ExitStack


class ActivationStats(ExitStack):
    def __init__(self, model, types=(nn.Conv2d,)):
        super().__init__()
        self.state = {}
        for name, module in model.named_modules():
            if isinstance(module, types):
                self.enter_context(module.register_forward_hook(self._hook(name)))

    def _hook(self, name):
        def hook(module, args, output):
            x = output.detach().double()
            row = torch.stack([x.sum(), x.square().sum(), x.min(), x.max()])
            n, old = self.state.get(name, (0, None))
            if old is not None:
                row = torch.stack([*(row[:2] + old[:2]), torch.minimum(row[2], old[2]), torch.maximum(row[3], old[3])])
            self.state[name] = (n + x.numel(), row)

        return hook

    @property
    def stats(self):
        return {name: self._entry(n, *row.tolist()) for name, (n, row) in self.state.items()}

    @staticmethod
    def _entry(n, total, squares, low, high):
        mean = total / n
        return {"count": n, "mean": mean, "std": max(squares / n - mean**2, 0) ** 0.5, "min": low, "max": high}

    def remove(self):
        self.close()
