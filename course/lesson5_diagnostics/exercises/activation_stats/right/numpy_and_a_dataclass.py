from dataclasses import dataclass


@dataclass
class Tally:
    n: int = 0
    mean: float = 0.0
    m2: float = 0.0
    low: float = math.inf
    high: float = -math.inf

    def update(self, values):
        n, mean, m2 = values.size, values.mean(), values.var() * values.size
        delta, total = mean - self.mean, self.n + n
        self.mean = float(self.mean + delta * n / total)
        self.m2 = float(self.m2 + m2 + delta**2 * self.n * n / total)
        self.n = total
        self.low, self.high = min(self.low, float(values.min())), max(self.high, float(values.max()))


class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self.tallies = {}
        self.handles = {}
        wanted = {n: m for n, m in model.named_modules() if isinstance(m, types)}
        for name in wanted:
            self.handles[name] = wanted[name].register_forward_hook(self._for(name))

    def _for(self, name):
        return lambda module, args, output: self._update(name, output)

    def _update(self, name, output):
        self.tallies.setdefault(name, Tally()).update(output.detach().cpu().numpy().astype("float64"))

    def __getattr__(self, key):
        if key != "stats":
            raise AttributeError(key)
        return {
            name: dict(count=t.n, mean=t.mean, std=math.sqrt(t.m2 / t.n), min=t.low, max=t.high)
            for name, t in self.tallies.items()
        }

    def remove(self):
        while self.handles:
            self.handles.popitem()[1].remove()

    __enter__ = lambda self: self

    def __exit__(self, *_):
        self.remove()
