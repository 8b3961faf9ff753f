from collections import defaultdict


class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self._data = defaultdict(lambda: [0.0, 0.0, 0.0, None, None])
        self._handles = {}
        for name, module in dict(model.named_modules()).items():
            if issubclass(type(module), types):

                def hook(module, args, kwargs, output, key=name):
                    self._see(key, output)

                self._handles[name] = module.register_forward_hook(hook, with_kwargs=True)

    def _see(self, key, output):
        d = self._data[key]
        x = output.detach().cpu().double().numpy()
        d[0] += x.size
        d[1] += float(x.sum())
        d[2] += float((x * x).sum())
        d[3] = float(x.min()) if d[3] is None else min(d[3], float(x.min()))
        d[4] = float(x.max()) if d[4] is None else max(d[4], float(x.max()))

    @property
    def stats(self):
        return {k: self._summary(*v) for k, v in self._data.items()}

    def _summary(self, n, s, q, lo, hi):
        return dict(count=int(n), mean=s / n, std=math.sqrt(abs(q / n - (s / n) ** 2)), min=lo, max=hi)

    def remove(self):
        for h in self._handles.values():
            h.remove()

    def __enter__(self):
        return self

    def __exit__(self, t, v, tb):
        self.remove()
