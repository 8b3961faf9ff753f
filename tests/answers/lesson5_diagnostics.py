"""Lesson 5: further answers, which the lesson's own `mistakes.py` does not know.

`right="…"` must pass. `wrong="…"` must fail; `mistake="…"` beside it is what the student must be told, and where it is
missing, nothing may be named.
"""

# %% [markdown]
# # activation_stats


# %% exercise="activation_stats" wrong="bessel-merge" mistake="sample-std"
class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self.stats = {}
        self._h = []
        for n, m in model.named_modules():
            if isinstance(m, types):
                self._h.append(m.register_forward_hook(lambda mod, inp, out, n=n: self._update(n, out)))

    def _update(self, n, out):
        a = out.detach().double().flatten()
        if n not in self.stats:
            self.stats[n] = {
                "count": a.numel(),
                "mean": a.mean().item(),
                "std": a.std().item(),
                "min": a.min().item(),
                "max": a.max().item(),
            }
            return
        s = self.stats[n]
        na, nb = s["count"], a.numel()
        d = a.mean().item() - s["mean"]
        m2 = s["std"] ** 2 * (na - 1) + a.var().item() * (nb - 1) + d * d * na * nb / (na + nb)
        s["mean"] += d * nb / (na + nb)
        s["count"] = na + nb
        s["std"] = (m2 / (na + nb - 1)) ** 0.5
        s["min"], s["max"] = min(s["min"], a.min().item()), max(s["max"], a.max().item())

    def remove(self):
        for h in self._h:
            h.remove()

    def __enter__(self):
        return self

    def __exit__(self, *a):
        self.remove()


# %% exercise="activation_stats" wrong="exponential-average" mistake="running-average"
class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self.stats = {}
        self.handles = [m.register_forward_hook(self.hook(n)) for n, m in model.named_modules() if isinstance(m, types)]

    def hook(self, name):
        def fn(m, i, o):
            o = o.detach().double()
            new = dict(
                count=o.numel(),
                mean=o.mean().item(),
                std=o.std(unbiased=False).item(),
                min=o.min().item(),
                max=o.max().item(),
            )
            old = self.stats.get(name)
            if old:
                new["count"] += old["count"]
                new["mean"] = 0.9 * old["mean"] + 0.1 * new["mean"]
                new["std"] = 0.9 * old["std"] + 0.1 * new["std"]
                new["min"] = min(old["min"], new["min"])
                new["max"] = max(old["max"], new["max"])
            self.stats[name] = new

        return fn

    def remove(self):
        for h in self.handles:
            h.remove()

    def __enter__(self):
        return self

    def __exit__(self, *a):
        self.remove()


# %% exercise="activation_stats" wrong="squares-in-float32-sum-in-double" mistake="float32-sums"
class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self._acc = {}
        self._handles = []
        for name, mod in model.named_modules():
            if isinstance(mod, types):
                self._handles.append(mod.register_forward_hook(self._get(name)))

    def _get(self, name):
        def hook(_m, _i, out):
            flat = out.detach().flatten()
            acc = self._acc.get(name)
            if acc is None:
                acc = self._acc[name] = dict(n=0, s=0.0, q=0.0, lo=math.inf, hi=-math.inf)
            acc["n"] += flat.numel()
            acc["s"] += flat.sum(dtype=torch.float64).item()
            acc["q"] += torch.dot(flat.float(), flat.float()).item()
            acc["lo"] = min(acc["lo"], flat.min().item())
            acc["hi"] = max(acc["hi"], flat.max().item())

        return hook

    @property
    def stats(self):
        out = {}
        for k, a in self._acc.items():
            mu = a["s"] / a["n"]
            out[k] = dict(
                count=a["n"], mean=mu, std=max(0.0, a["q"] / a["n"] - mu * mu) ** 0.5, min=a["lo"], max=a["hi"]
            )
        return out

    def remove(self):
        [h.remove() for h in self._handles]

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.remove()


# %% exercise="activation_stats" wrong="nothing-after-remove" mistake="stats-lost"
class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self.acc = {}
        self.hs = []
        for name, mod in model.named_modules():
            if isinstance(mod, types):
                self.hs.append(mod.register_forward_hook(self.h(name)))

    def h(self, name):
        def hook(m, i, out):
            v = out.detach().double()
            n, s, q, lo, hi = self.acc.get(name, (0, 0, 0, math.inf, -math.inf))
            self.acc[name] = (
                n + v.numel(),
                s + v.sum().item(),
                q + (v**2).sum().item(),
                min(lo, v.min().item()),
                max(hi, v.max().item()),
            )

        return hook

    @property
    def stats(self):
        if not self.hs:
            return {}
        return {
            k: {"count": n, "mean": s / n, "std": math.sqrt(max(0, q / n - (s / n) ** 2)), "min": lo, "max": hi}
            for k, (n, s, q, lo, hi) in self.acc.items()
        }

    def remove(self):
        while self.hs:
            self.hs.pop().remove()

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.remove()


# %% exercise="activation_stats" wrong="keeps-batch-stds" mistake="memory-grows"
class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self.rows = {}
        self.hs = [m.register_forward_hook(self.h(n)) for n, m in model.named_modules() if isinstance(m, types)]

    def h(self, name):
        def hook(m, i, out):
            v = out.detach().double()
            self.rows.setdefault(name, []).append(
                (v.numel(), v.mean().item(), v.var(unbiased=False).item(), v.min().item(), v.max().item())
            )

        return hook

    @property
    def stats(self):
        res = {}
        for k, rows in self.rows.items():
            n = sum(r[0] for r in rows)
            mean = sum(r[0] * r[1] for r in rows) / n
            var = sum(r[0] * (r[2] + (r[1] - mean) ** 2) for r in rows) / n
            res[k] = {
                "count": n,
                "mean": mean,
                "std": var**0.5,
                "min": min(r[3] for r in rows),
                "max": max(r[4] for r in rows),
            }
        return res

    def remove(self):
        for h in self.hs:
            h.remove()

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.remove()


# %% exercise="activation_stats" wrong="only-leaf-types" mistake="exact-type"
class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        names = [t.__name__ for t in types]
        self.acc, self.hs = {}, []
        for name, mod in model.named_modules():
            if mod.__class__.__name__ in names:
                self.hs.append(mod.register_forward_hook(self.h(name)))

    def h(self, name):
        def hook(m, i, out):
            v = out.detach().double()
            n, s, q, lo, hi = self.acc.get(name, (0, 0, 0, math.inf, -math.inf))
            self.acc[name] = (
                n + v.numel(),
                s + v.sum().item(),
                q + (v**2).sum().item(),
                min(lo, v.min().item()),
                max(hi, v.max().item()),
            )

        return hook

    @property
    def stats(self):
        return {
            k: {"count": n, "mean": s / n, "std": math.sqrt(max(0, q / n - (s / n) ** 2)), "min": lo, "max": hi}
            for k, (n, s, q, lo, hi) in self.acc.items()
        }

    def remove(self):
        while self.hs:
            self.hs.pop().remove()

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.remove()


# %% exercise="activation_stats" wrong="keeps-last-output" mistake="graph-kept"
class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self.acc, self.hs, self.last = {}, [], {}
        for name, mod in model.named_modules():
            if isinstance(mod, types):
                self.hs.append(mod.register_forward_hook(self.h(name)))

    def h(self, name):
        def hook(m, i, out):
            self.last[name] = out
            v = out.double()
            n, s, q, lo, hi = self.acc.get(name, (0, 0, 0, math.inf, -math.inf))
            self.acc[name] = (
                n + v.numel(),
                s + v.sum().item(),
                q + (v**2).sum().item(),
                min(lo, v.min().item()),
                max(hi, v.max().item()),
            )

        return hook

    @property
    def stats(self):
        return {
            k: {"count": n, "mean": s / n, "std": math.sqrt(max(0, q / n - (s / n) ** 2)), "min": lo, "max": hi}
            for k, (n, s, q, lo, hi) in self.acc.items()
        }

    def remove(self):
        while self.hs:
            self.hs.pop().remove()

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.remove()


# %% exercise="activation_stats" right="shifted-sums"
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


# %% exercise="activation_stats" right="always-call-and-kwargs"
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


# %% exercise="activation_stats" right="per-layer-objects"
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


# %% exercise="activation_stats" right="one-dict-subclass"
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


# %% [markdown]
# # dead_units


# %% exercise="dead_units" wrong="sum-of-first-batch-shape" mistake="dead-in-any-batch"
def dead_units(model, loader):
    dead = {}

    def make(name):
        def hook(m, i, o):
            z = (o <= 0).all(0) if o.dim() == 2 else (o <= 0).all(0).all(-1).all(-1)
            if name in dead and dead[name].shape != z.shape:
                raise ValueError(name)
            dead[name] = z if name not in dead else dead[name] | z

        return hook

    state = {n: m.training for n, m in model.named_modules()}
    hs = [m.register_forward_hook(make(n)) for n, m in model.named_modules() if isinstance(m, nn.ReLU)]
    k = 0
    try:
        model.eval()
        with torch.no_grad():
            for x, y in loader:
                model(x)
                k += 1
    finally:
        for h in hs:
            h.remove()
        for n, m in model.named_modules():
            m.training = state[n]
    if not k:
        raise ValueError("empty")
    return dead


# %% exercise="dead_units" wrong="flatten-everything" mistake="positions-not-channels"
def dead_units(model, loader):
    alive = {}

    def make(name):
        def hook(m, i, o):
            a = (o > 0).reshape(o.shape[0], -1).any(0)
            if name in alive and alive[name].numel() != a.numel():
                raise ValueError("units of " + name)
            alive[name] = a if name not in alive else alive[name] | a

        return hook

    state = {n: m.training for n, m in model.named_modules()}
    hs = [m.register_forward_hook(make(n)) for n, m in model.named_modules() if isinstance(m, nn.ReLU)]
    k = 0
    try:
        model.eval()
        with torch.no_grad():
            for x, y in loader:
                model(x)
                k += 1
    finally:
        for h in hs:
            h.remove()
        for n, m in model.named_modules():
            m.training = state[n]
    if not k:
        raise ValueError("empty")
    return {n: ~a for n, a in alive.items()}


# %% exercise="dead_units" wrong="mean-is-zero-rounded"
def dead_units(model, loader):
    sums, count = {}, 0

    def make(name):
        def hook(m, i, o):
            s = o.mean(dim=[d for d in range(o.dim()) if d != 1]).round(decimals=0)
            if name in sums and len(sums[name]) != len(s):
                raise ValueError("units of " + name)
            sums[name] = sums.get(name, 0) + s

        return hook

    state = {n: m.training for n, m in model.named_modules()}
    hs = [m.register_forward_hook(make(n)) for n, m in model.named_modules() if isinstance(m, nn.ReLU)]
    try:
        model.eval()
        with torch.no_grad():
            for x, y in loader:
                model(x)
                count += 1
    finally:
        for h in hs:
            h.remove()
        for n, m in model.named_modules():
            m.training = state[n]
    if not count:
        raise ValueError("empty")
    return {n: s == 0 for n, s in sums.items()}


# %% exercise="dead_units" wrong="restores-after-the-check" mistake="left-in-eval-mode"
def dead_units(model, loader):
    alive = {}
    model.eval()
    before = {m: m.training for m in model.modules()}

    def make(name):
        def hook(m, i, o):
            a = (o > 0).transpose(0, 1).flatten(1).any(1)
            if name in alive and alive[name].numel() != a.numel():
                raise ValueError("units of " + name)
            alive[name] = a if name not in alive else alive[name] | a

        return hook

    hs = [m.register_forward_hook(make(n)) for n, m in model.named_modules() if isinstance(m, nn.ReLU)]
    k = 0
    try:
        with torch.no_grad():
            for x, y in loader:
                model(x)
                k += 1
    finally:
        for h in hs:
            h.remove()
        for m, t in before.items():
            m.training = t
    if not k:
        raise ValueError("empty")
    return {n: ~a for n, a in alive.items()}


# %% exercise="dead_units" wrong="empty-check-leaves-hooks" mistake="no-finally"
def dead_units(model, loader):
    alive = {}

    def make(name):
        def hook(m, i, o):
            a = (o > 0).transpose(0, 1).flatten(1).any(1)
            if name in alive and alive[name].numel() != a.numel():
                raise ValueError("units of " + name)
            alive[name] = a if name not in alive else alive[name] | a

        return hook

    before = {m: m.training for m in model.modules()}
    hs = [m.register_forward_hook(make(n)) for n, m in model.named_modules() if isinstance(m, nn.ReLU)]
    k = 0
    model.eval()
    with torch.no_grad():
        for x, y in loader:
            model(x)
            k += 1
    if not k:
        raise ValueError("empty")
    for h in hs:
        h.remove()
    for m, t in before.items():
        m.training = t
    return {n: ~a for n, a in alive.items()}


# %% exercise="dead_units" wrong="keyed-by-module" mistake="other-keys"
def dead_units(model, loader):
    alive = {}

    def hook(m, i, o):
        a = (o > 0).transpose(0, 1).flatten(1).any(1)
        name = names[m]
        if name in alive and alive[name].numel() != a.numel():
            raise ValueError("units of " + name)
        alive[name] = a if name not in alive else alive[name] | a

    names = {m: f"relu{k}" for k, m in enumerate(m for m in model.modules() if isinstance(m, nn.ReLU))}
    before = {m: m.training for m in model.modules()}
    hs = [m.register_forward_hook(hook) for m in names]
    k = 0
    try:
        model.eval()
        with torch.no_grad():
            for x, y in loader:
                model(x)
                k += 1
    finally:
        for h in hs:
            h.remove()
        for m, t in before.items():
            m.training = t
    if not k:
        raise ValueError("empty")
    return {n: ~a for n, a in alive.items()}


# %% exercise="dead_units" wrong="compares-with-shape-of-output"
def dead_units(model, loader):
    outs = {}

    def make(name):
        def hook(m, i, o):
            outs.setdefault(name, []).append((o > 0).transpose(0, 1).flatten(1).any(1))

        return hook

    before = {m: m.training for m in model.modules()}
    hs = [m.register_forward_hook(make(n)) for n, m in model.named_modules() if isinstance(m, nn.ReLU)]
    try:
        model.eval()
        with torch.no_grad():
            for x, y in loader:
                model(x)
    finally:
        for h in hs:
            h.remove()
        for m, t in before.items():
            m.training = t
    if not outs:
        raise ValueError("empty")
    return {n: ~torch.stack(a).any(0) for n, a in outs.items()}


# %% exercise="dead_units" right="sums-and-data-loader-style"
def dead_units(model, loader):
    totals, handles = {}, []

    def register(name, relu):
        def hook(_module, _args, output):
            sums = output.detach().double()
            while sums.dim() > 2:
                sums = sums.sum(dim=-1)
            sums = sums.sum(dim=0)
            if name in totals and totals[name].numel() != sums.numel():
                raise ValueError(f"the units of {name} differ: {totals[name].numel()} and {sums.numel()}")
            totals[name] = totals.get(name, 0) + sums

        handles.append(relu.register_forward_hook(hook))

    flags = {m: m.training for m in model.modules()}
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            register(name, module)
    empty = True
    previous = torch.is_grad_enabled()
    torch.set_grad_enabled(False)
    model.eval()
    try:
        for inputs, _ in loader:
            model(inputs)
            empty = False
        if empty:
            raise ValueError("empty loader")
    finally:
        torch.set_grad_enabled(previous)
        for handle in handles:
            handle.remove()
        for m, flag in flags.items():
            m.training = flag
    return {name: total.eq(0) for name, total in totals.items()}


# %% exercise="dead_units" right="counts-with-index-add"
def dead_units(model, loader):
    names = {module: name for name, module in model.named_modules() if isinstance(module, nn.ReLU)}
    counts = {}

    def count(module, args, output):
        units = output.size(1)
        hits = output.gt(0).sum(dim=[d for d in range(output.dim()) if d != 1])
        if module in counts and counts[module].size(0) != units:
            raise ValueError(f"{names[module]}: {counts[module].size(0)} units, then {units}")
        counts[module] = counts.get(module, torch.zeros(units)) + hits

    modes = [(m, m.training) for m in model.modules()]
    handles = []
    try:
        for module in names:
            handles.append(module.register_forward_hook(count))
        for m, _ in modes:
            m.training = False
        batches = 0
        with torch.inference_mode():
            for batches, (x, _) in enumerate(loader, 1):
                model(x)
    finally:
        for h in handles:
            h.remove()
        for m, t in modes:
            m.training = t
    if not batches:
        raise ValueError("empty loader")
    return {names[m]: c == 0 for m, c in counts.items()}


# %% exercise="dead_units" right="first-batch-looked-at-early"
from contextlib import contextmanager


@contextmanager
def eval_mode(model):
    modes = [m.training for m in model.modules()]
    model.eval()
    try:
        with torch.no_grad():
            yield
    finally:
        for m, t in zip(model.modules(), modes):
            m.training = t


@contextmanager
def hooked(model, kind, make):
    handles = [m.register_forward_hook(make(n)) for n, m in model.named_modules() if isinstance(m, kind)]
    try:
        yield
    finally:
        for h in handles:
            h.remove()


def dead_units(model, loader):
    never = {}

    def make(name):
        def hook(m, a, o):
            flat = o.movedim(1, -1).reshape(-1, o.shape[1])
            silent = ~(flat > 0).any(dim=0)
            if name in never:
                if never[name].shape != silent.shape:
                    raise ValueError(f"'{name}' changes its number of units")
                silent = silent & never[name]
            never[name] = silent

        return hook

    seen_any = False
    with eval_mode(model), hooked(model, nn.ReLU, make):
        for batch in loader:
            seen_any = True
            model(batch[0])
    if not seen_any:
        raise ValueError("no data")
    return never


# %% exercise="dead_units" right="pre-hook-on-inputs"
def dead_units(model, loader):
    batches = list(loader)
    if len(batches) == 0:
        raise ValueError("the loader is empty")
    alive, modes, handles = {}, {}, []
    for name, module in model.named_modules():
        modes[name] = module.training
    try:
        for name, module in model.named_modules():
            module.training = False
            if isinstance(module, nn.ReLU):

                def pre(module, args, name=name):
                    x = args[0]
                    a = (x > 0).any(0)
                    while a.dim() > 1:
                        a = a.any(-1)
                    if name in alive and len(a) != len(alive[name]):
                        raise ValueError("number of units of %r" % name)
                    alive[name] = a | alive.get(name, torch.zeros_like(a))

                handles.append(module.register_forward_pre_hook(pre))
        with torch.no_grad():
            for inputs, labels in batches:
                model(inputs)
        return {name: a.logical_not() for name, a in alive.items()}
    finally:
        for handle in handles:
            handle.remove()
        for name, module in model.named_modules():
            module.training = modes[name]


# %% exercise="dead_units" right="class-based"
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


# %% exercise="dead_units" wrong="modes-written-back-by-train" mistake="modes-inside-not-restored"
def dead_units(model, loader):
    alive, handles = {}, []
    modes = [(m, m.training) for m in model.modules()]

    def make(name):
        def hook(m, i, o):
            a = (o > 0).transpose(0, 1).flatten(1).any(1)
            if name in alive and alive[name].shape != a.shape:
                raise ValueError(name)
            alive[name] = a | alive[name] if name in alive else a

        return hook

    try:
        for n, m in model.named_modules():
            if isinstance(m, nn.ReLU):
                handles.append(m.register_forward_hook(make(n)))
        model.eval()
        count = 0
        with torch.no_grad():
            for x, _ in loader:
                count += 1
                model(x)
        if not count:
            raise ValueError("empty")
    finally:
        for h in handles:
            h.remove()
        for m, t in reversed(modes):
            m.train(t)
    return {n: ~a for n, a in alive.items()}


# %% [markdown]
# # clip_grad_output


# %% exercise="clip_grad_output" wrong="scales-both" mistake="own-weights-not-reached"
def clip_grad_output(module, max_norm):
    def hook(mod, gin, gout):
        n = sum((g**2).sum() for g in gout if g is not None).sqrt().item()
        c = max_norm / n if n > max_norm else 1.0
        return tuple(g * c if g is not None else g for g in gin)

    return module.register_full_backward_hook(hook)


# %% exercise="clip_grad_output" wrong="in-place-on-clone" mistake="nothing-clipped"
def clip_grad_output(module, max_norm):
    def hook(mod, gout):
        gout = [g.clone() if g is not None else None for g in gout]
        n = math.sqrt(sum(g.norm().item() ** 2 for g in gout if g is not None))
        if n > max_norm:
            for g in gout:
                if g is not None:
                    g.mul_(max_norm / n)

    return module.register_full_backward_pre_hook(hook)


# %% exercise="clip_grad_output" wrong="torch-utils-in-place" mistake="edited-in-place"
def clip_grad_output(module, max_norm):
    def hook(mod, gout):
        present = [g for g in gout if g is not None]
        norm = torch.cat([g.flatten() for g in present]).norm()
        if norm > max_norm:
            torch._foreach_mul_(present, float(max_norm / norm))
        return tuple(gout)

    return module.register_full_backward_pre_hook(hook)


# %% exercise="clip_grad_output" wrong="only-when-input-needs-grad"
def clip_grad_output(module, max_norm):
    def clip(g):
        n = g.norm()
        return g * (max_norm / n) if n > max_norm else g

    def hook(mod, args, out):
        if any(a.requires_grad for a in args):
            out.register_hook(clip)

    return module.register_forward_hook(hook)


# %% exercise="clip_grad_output" wrong="eps-too-big"
def clip_grad_output(module, max_norm):
    def hook(mod, gout):
        n = torch.stack([g.norm() for g in gout if g is not None]).norm()
        c = (max_norm / (n + 0.1)).clamp(max=1.0)
        return tuple(None if g is None else g * c for g in gout)

    return module.register_full_backward_pre_hook(hook)


# %% exercise="clip_grad_output" wrong="sum-of-norms" mistake="largest-or-sum-of-norms"
def clip_grad_output(module, max_norm):
    def hook(mod, gout):
        n = sum(float(g.norm()) for g in gout if g is not None)
        c = 1.0 if n <= max_norm else max_norm / n
        return tuple(None if g is None else c * g for g in gout)

    return module.register_full_backward_pre_hook(hook)


# %% exercise="clip_grad_output" wrong="parameters-and-input" mistake="weights-only"
def clip_grad_output(module, max_norm):
    def clip(g):
        n = g.norm()
        return g * (max_norm / n) if n > max_norm else g

    for p in module.parameters():
        if p.requires_grad:
            h = p.register_hook(clip)
    return h


# %% exercise="clip_grad_output" wrong="clips-now" mistake="nothing-clipped"
def clip_grad_output(module, max_norm):
    torch.nn.utils.clip_grad_norm_(module.parameters(), max_norm)
    return module.register_forward_hook(lambda *a: None)


# %% exercise="clip_grad_output" right="double-precision"
def clip_grad_output(module, max_norm):
    @torch.no_grad()
    def hook(mod, gout):
        n = math.sqrt(sum(g.double().square().sum().item() for g in gout if g is not None))
        scale = min(1.0, max_norm / n) if n else 1.0
        return tuple(g if g is None else g * scale for g in gout)

    return module.register_full_backward_pre_hook(hook)


# %% exercise="clip_grad_output" right="hook-class-with-its-own-handle"
class GradClip:
    def __init__(self, module, limit):
        self.limit = limit
        self.handle = module.register_full_backward_pre_hook(self.hook)

    def hook(self, module, grads):
        flat = [g.reshape(-1) for g in grads if g is not None]
        if not flat:
            return
        size = torch.linalg.vector_norm(torch.cat(flat), 2)
        if size > self.limit:
            return tuple(None if g is None else self.limit * (g / size) for g in grads)

    def remove(self):
        self.handle.remove()


def clip_grad_output(module, max_norm):
    return GradClip(module, max_norm)


# %% exercise="clip_grad_output" wrong="function-that-makes-zeros" mistake="none-becomes-zero"
class _Pass(torch.autograd.Function):
    @staticmethod
    def forward(ctx, limit, *xs):
        ctx.limit = limit
        return tuple(x.clone() for x in xs)

    @staticmethod
    def backward(ctx, *gs):
        norm = torch.cat([g.reshape(-1) for g in gs]).norm()
        if norm > ctx.limit:
            gs = [g * (ctx.limit / norm) for g in gs]
        return (None, *gs)


def clip_grad_output(module, max_norm):
    def hook(mod, args, out):
        many = isinstance(out, tuple)
        result = _Pass.apply(max_norm, *(out if many else (out,)))
        return result if many else result[0]

    return module.register_forward_hook(hook)


# %% exercise="clip_grad_output" right="joint-clip-in-a-hooked-output"
def clip_grad_output(module, max_norm):
    def before(module, grad_output):
        def length():
            for g in grad_output:
                if g is not None:
                    yield g.norm().item() ** 2

        norm = sum(length()) ** 0.5
        new = []
        for g in grad_output:
            new.append(g if g is None or norm <= max_norm else g.div(norm).mul(max_norm))
        return tuple(new)

    return module.register_full_backward_pre_hook(before)


# %% exercise="clip_grad_output" right="list-comprehension-and-prepend"
def clip_grad_output(module, max_norm):
    def clip(module, grad_output):
        squares = [g.pow(2).sum() for g in grad_output if g is not None]
        norm = sum(squares, torch.tensor(0.0)).sqrt()
        ratio = torch.where(norm > max_norm, max_norm / norm, torch.ones_like(norm))
        return tuple([None if g is None else g.mul(ratio) for g in grad_output])

    handle = module.register_full_backward_pre_hook(clip, prepend=True)
    return handle


# %% exercise="clip_grad_output" wrong="a-legacy-hook" mistake="not-the-joint-norm"
def clip_grad_output(module, max_norm):
    def hook(module, grad_input, grad_output):
        norm = torch.stack([g.norm() for g in grad_output if g is not None]).norm()
        factor = min(1.0, max_norm / norm.item()) if norm > 0 else 1.0
        return tuple(None if g is None else g * factor for g in grad_input)

    return module.register_backward_hook(hook)


# %% [markdown]
# # clip_each_parameter


# %% exercise="clip_each_parameter" wrong="hook-on-grad" mistake="before-accumulation"
def clip_each_parameter(model, max_norm):
    hs = []
    for p in model.parameters():
        if p.requires_grad:
            hs.append(p.register_hook(lambda g: g * torch.clamp(max_norm / (g.norm() + 1e-6), max=1.0)))
    return hs


# %% exercise="clip_each_parameter" wrong="forgets-grad-in-the-middle" mistake="parameter-clipped"
def clip_each_parameter(model, max_norm):
    @torch.no_grad()
    def hook(p):
        n = p.norm()
        if n > max_norm:
            p.mul_(max_norm / n)

    return [p.register_post_accumulate_grad_hook(hook) for p in model.parameters() if p.requires_grad]


# %% exercise="clip_each_parameter" wrong="accumulates-by-itself"
def clip_each_parameter(model, max_norm):
    sums = {}

    def made(p):
        def hook(g):
            total = sums.get(p, torch.zeros_like(g)) + g
            n = total.norm()
            if n > max_norm:
                total = total * (max_norm / n)
            diff = total - sums.get(p, torch.zeros_like(g))
            sums[p] = total
            return diff

        return hook

    return [p.register_hook(made(p)) for p in model.parameters() if p.requires_grad]


# %% exercise="clip_each_parameter" wrong="dict-of-handles" mistake="no-list"
def clip_each_parameter(model, max_norm):
    def hook(p):
        n = p.grad.norm()
        if n > max_norm:
            p.grad.mul_(max_norm / n)

    return {n: p.register_post_accumulate_grad_hook(hook) for n, p in model.named_parameters() if p.requires_grad}


# %% exercise="clip_each_parameter" wrong="always-unit" mistake="always-scaled"
def clip_each_parameter(model, max_norm):
    def hook(p):
        p.grad.copy_(torch.nn.functional.normalize(p.grad.flatten(), dim=0).view_as(p.grad) * max_norm)

    return [p.register_post_accumulate_grad_hook(hook) for p in model.parameters() if p.requires_grad]


# %% exercise="clip_each_parameter" wrong="linears-only" mistake="weights-only"
def clip_each_parameter(model, max_norm):
    def hook(p):
        n = p.grad.norm()
        if n > max_norm:
            p.grad.mul_(max_norm / n)

    hs = []
    for m in model.modules():
        if isinstance(m, nn.Linear):
            hs.append(m.weight.register_post_accumulate_grad_hook(hook))
    return hs


# %% exercise="clip_each_parameter" wrong="total-over-sqrt-count" mistake="one-norm-for-all"
def clip_each_parameter(model, max_norm):
    ps = [p for p in model.parameters() if p.requires_grad]

    def hook(_):
        gs = [p.grad for p in ps if p.grad is not None]
        n = torch.cat([g.flatten() for g in gs]).norm()
        if n > max_norm:
            for g in gs:
                g.mul_(max_norm / n)

    return [p.register_post_accumulate_grad_hook(hook) for p in ps]


# %% exercise="clip_each_parameter" wrong="returns-the-total"
def clip_each_parameter(model, max_norm):
    def made(p):
        def hook(g):
            total = g if p.grad is None else p.grad + g
            n = total.norm()
            return total * (max_norm / n) if n > max_norm else total

        return hook

    return [p.register_hook(made(p)) for p in model.parameters() if p.requires_grad]


# %% exercise="clip_each_parameter" right="named-and-foreach"
def clip_each_parameter(model, max_norm):
    handles = []

    def clip(tensor):
        (norm,) = torch._foreach_norm([tensor.grad])
        tensor.grad.mul_(torch.clamp(max_norm / norm.clamp(min=1e-30), max=1.0))

    for _, tensor in sorted(model.named_parameters()):
        if tensor.requires_grad is True:
            handles += [tensor.register_post_accumulate_grad_hook(clip)]
    return handles


# %% exercise="clip_each_parameter" right="a-list-subclass"
class Handles(list):
    def remove(self):
        while self:
            self.pop().remove()


def clip_each_parameter(model, max_norm):
    handles = Handles()

    def shorten(p):
        g = p.grad
        if g is None:
            return
        length = math.sqrt(float((g.double() ** 2).sum()))
        if length > max_norm > 0:
            p.grad = g * (max_norm / length)

    for p in model.parameters():
        if p.requires_grad:
            handles.append(p.register_post_accumulate_grad_hook(shorten))
    return handles


# %% exercise="clip_each_parameter" right="renorm"
def clip_each_parameter(model, max_norm):
    def hook(p):
        p.grad.copy_(torch.renorm(p.grad.reshape(1, -1), 2, 0, max_norm).view_as(p.grad))

    return [p.register_post_accumulate_grad_hook(hook) for p in filter(lambda p: p.requires_grad, model.parameters())]


# %% exercise="clip_each_parameter" right="partial-and-closures"
from functools import partial


def clip_each_parameter(model, max_norm):
    def clip(limit, param):
        grad = param.grad.detach()
        param.grad = grad if grad.norm() <= limit else limit * grad / grad.norm()

    return [
        p.register_post_accumulate_grad_hook(partial(clip, max_norm))
        for p in set(model.parameters())
        if p.requires_grad
    ]


# %% [markdown]
# # clip_global_norm


# %% exercise="clip_global_norm" wrong="asserts-finite-norm" mistake="wrong-error-class"
def clip_global_norm(parameters, max_norm):
    gs = [p.grad for p in parameters if p.grad is not None]
    norm = sum(g.norm().item() ** 2 for g in gs) ** 0.5
    assert math.isfinite(norm), "bad gradient"
    if norm > max_norm:
        for g in gs:
            g *= max_norm / norm
    return norm


# %% exercise="clip_global_norm" wrong="sums-with-nansum"
def clip_global_norm(parameters, max_norm):
    gs = [p.grad for p in parameters if p.grad is not None]
    norm = sum(g.square().nansum().item() for g in gs) ** 0.5
    if math.isinf(norm):
        raise RuntimeError("inf")
    if norm > max_norm:
        for g in gs:
            g.mul_(max_norm / norm)
    return norm


# %% exercise="clip_global_norm" wrong="mean-square" mistake="norms-averaged"
def clip_global_norm(parameters, max_norm):
    gs = [p.grad for p in parameters if p.grad is not None]
    if not gs:
        return 0.0
    if not all(g.isfinite().all() for g in gs):
        raise RuntimeError("not finite")
    norm = torch.stack([g.norm() for g in gs]).mean().item()
    if norm > max_norm:
        for g in gs:
            g.mul_(max_norm / norm)
    return norm


# %% exercise="clip_global_norm" wrong="returns-clipped" mistake="norm-from-after"
def clip_global_norm(parameters, max_norm):
    ps = [p for p in parameters if p.grad is not None]
    sq = 0.0
    for p in ps:
        if not torch.isfinite(p.grad).all():
            raise RuntimeError("not finite")
        sq += p.grad.norm().item() ** 2
    norm = math.sqrt(sq)
    if norm > max_norm:
        for p in ps:
            p.grad.mul_(max_norm / norm)
    return math.sqrt(sum(p.grad.norm().item() ** 2 for p in ps))


# %% exercise="clip_global_norm" wrong="data-replaced" mistake="not-in-place"
def clip_global_norm(parameters, max_norm):
    ps = [p for p in parameters if p.grad is not None]
    if any(not torch.isfinite(p.grad).all() for p in ps):
        raise RuntimeError("not finite")
    norm = math.sqrt(sum(p.grad.norm().item() ** 2 for p in ps))
    if norm > max_norm:
        for p in ps:
            p.grad = (p.grad / norm) * max_norm
    return norm


# %% exercise="clip_global_norm" wrong="torch-by-another-door" mistake="torch-does-it"
import torch.nn.utils as U


def clip_global_norm(parameters, max_norm):
    parameters = [p for p in parameters if p.grad is not None]
    if not parameters:
        return 0.0
    return U.clip_grad_norm_(parameters, max_norm, error_if_nonfinite=True).item()


# %% exercise="clip_global_norm" wrong="needs-list" mistake="generator-has-no-len"
def clip_global_norm(parameters, max_norm):
    total = 0.0
    for i in range(len(parameters)):
        g = parameters[i].grad
        if g is not None:
            if not g.isfinite().all():
                raise RuntimeError("not finite")
            total += g.norm().item() ** 2
    total = total**0.5
    if total > max_norm:
        for p in parameters:
            if p.grad is not None:
                p.grad.mul_(max_norm / total)
    return total


# %% exercise="clip_global_norm" right="inner-function-and-tuple"
def clip_global_norm(parameters, max_norm):
    grads = tuple(p.grad.data for p in parameters if p.grad is not None)

    def check(g):
        if bool(torch.isnan(g).any()) or bool(torch.isinf(g).any()):
            raise RuntimeError(f"bad gradient of shape {tuple(g.shape)}")
        return g

    total = math.sqrt(math.fsum(float(check(g).pow(2).sum()) for g in grads))
    ratio = max_norm / total if total > max_norm else None
    if ratio is not None:
        for g in grads:
            g.mul_(ratio)
    return total


# %% exercise="clip_global_norm" right="hypot"
def clip_global_norm(parameters, max_norm):
    parameters = [p for p in parameters if p.grad is not None]
    norms = [torch.linalg.norm(p.grad.flatten()).item() for p in parameters]
    for n in norms:
        if n != n or n in (math.inf, -math.inf):
            raise RuntimeError("infinite or NaN")
    total = math.hypot(*norms)
    with torch.no_grad():
        for p in parameters:
            if total > max_norm:
                torch.mul(p.grad, max_norm / total, out=p.grad)
    return total


# %% exercise="clip_global_norm" right="slices-and-epsilon"
def clip_global_norm(parameters, max_norm):
    total, grads = torch.zeros(()), []
    for p in parameters:
        if p.grad is not None:
            grads.append(p.grad)
            total = total + p.grad.detach().square().sum()
    total = total.sqrt()
    if not torch.isfinite(total):
        raise RuntimeError("The total norm is not finite")
    factor = float(max_norm) / (float(total) + 1e-6)
    for g in grads:
        g[...] = g * min(factor, 1.0)
    return float(total)


# %% exercise="clip_global_norm" right="views-of-one-vector"
from torch.nn.utils import parameters_to_vector


def clip_global_norm(parameters, max_norm):
    grads = [g for p in parameters for g in [p.grad] if g is not None]
    if not grads:
        return 0.0
    vector = parameters_to_vector(grads)
    if (~torch.isfinite(vector)).sum() > 0:
        raise RuntimeError
    norm = vector.norm(p=2)
    if norm > max_norm:
        for g in grads:
            g.div_(norm / max_norm)
    return norm.item()


# %% exercise="clip_global_norm" wrong="torch-by-a-copy" mistake="torch-does-it"
import types

f = torch.nn.utils.clip_grad.clip_grad_norm_
f = getattr(f, "__wrapped__", f)
mine = types.FunctionType(
    f.__code__.replace(co_filename="mine.py", co_name="mine"), dict(f.__globals__), "mine", f.__defaults__
)
mine.__kwdefaults__ = f.__kwdefaults__


def clip_global_norm(parameters, max_norm):
    with torch.no_grad():
        return float(mine(parameters, max_norm, error_if_nonfinite=True))


# %% exercise="clip_global_norm" wrong="torch-in-a-thread" mistake="torch-does-it"
import threading


def clip_global_norm(parameters, max_norm):
    out = []
    parameters = list(parameters)

    def work():
        try:
            out.append(float(torch.nn.utils.clip_grad_norm_(parameters, max_norm, error_if_nonfinite=True)))
        except Exception as error:
            out.append(error)

    t = threading.Thread(target=work)
    t.start()
    t.join()
    if isinstance(out[0], Exception):
        raise out[0]
    return out[0]


# %% exercise="clip_global_norm" right="foreach"
def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return 0.0
    total = torch.stack(torch._foreach_norm(grads)).norm() if len({g.dtype for g in grads}) == 1 else 0
    if not total.isfinite():
        raise RuntimeError("x")
    if total > max_norm:
        torch._foreach_mul_(grads, (max_norm / total).item())
    return float(total)


# %% [markdown]
# # clip_verdicts

# %% exercise="clip_verdicts" wrong="two-beliefs" mistake="lecture-believed"
clip_answers = {
    "edit_in_place": "this and earlier layers",
    "return_from_full_hook": "this and earlier layers",
    "return_from_pre_hook": "this and earlier layers",
    "hook_the_parameters": "this layer",
    "hook_the_output": "this and earlier layers",
}

# %% exercise="clip_verdicts" wrong="half-finished"
clip_answers = {
    "edit_in_place": "none",
    "return_from_full_hook": "earlier layers",
    "return_from_pre_hook": None,
    "hook_the_parameters": None,
    "hook_the_output": None,
}

# %% exercise="clip_verdicts" wrong="pre-hook-and-output" mistake="pre-hook-only-this-layer"
clip_answers = {
    "edit_in_place": "none",
    "return_from_full_hook": "earlier layers",
    "return_from_pre_hook": "this layer",
    "hook_the_parameters": "this layer",
    "hook_the_output": "this layer",
}

# %% exercise="clip_verdicts" wrong="wordy"
clip_answers = {
    "edit_in_place": "no gradient",
    "return_from_full_hook": "only the earlier layers",
    "return_from_pre_hook": "both",
    "hook_the_parameters": "the layer itself",
    "hook_the_output": "both",
}

# %% exercise="clip_verdicts" wrong="a-list"
clip_answers = ["none", "earlier layers", "this and earlier layers", "this layer", "this and earlier layers"]

# %% exercise="clip_verdicts" wrong="one-missing"
clip_answers = {
    "edit_in_place": "none",
    "return_from_full_hook": "earlier layers",
    "return_from_pre_hook": "this and earlier layers",
    "hook_the_parameters": "this layer",
}

# %% exercise="clip_verdicts" right="with-capitals"
clip_answers = {
    "edit_in_place": "None",
    "return_from_full_hook": "Earlier layers",
    "return_from_pre_hook": "This and earlier layers",
    "hook_the_parameters": "This layer ",
    "hook_the_output": "this and earlier layers",
}

# %% exercise="clip_verdicts" right="zip"
clip_answers = dict(
    zip(SNIPPETS, ["none", "earlier layers", "this and earlier layers", "this layer", "this and earlier layers"])
)

# %% exercise="clip_verdicts" right="extra-key"
clip_answers = {"edit_in_place": "none", "return_from_full_hook": "earlier layers", "note": "done"}
clip_answers |= dict.fromkeys(["return_from_pre_hook", "hook_the_output"], "this and earlier layers")
clip_answers["hook_the_parameters"] = "this layer"

# %% exercise="clip_verdicts" right="ordered-dict"
from collections import OrderedDict

clip_answers = OrderedDict(
    [
        ("hook_the_output", "this and earlier layers"),
        ("hook_the_parameters", "this layer"),
        ("return_from_pre_hook", "this and earlier layers"),
        ("return_from_full_hook", "earlier layers"),
        ("edit_in_place", "none"),
    ]
)

# %% [markdown]
# # diagnose


# %% exercise="diagnose" wrong="batchwise-and-softmax-by-last-child" mistake="last-child-not-leaf"
def diagnose(model, loader):
    out = set()
    if any(p.requires_grad is False for p in model.parameters()):
        out.add("frozen-parameters")
    mods = list(model.modules())
    for m in mods:
        if m._forward_hooks or m._forward_pre_hooks or m._backward_hooks or m._backward_pre_hooks:
            out.add("leaked-hook")
        for v in m.__dict__.values():
            vs = v if isinstance(v, (list, tuple)) else v.values() if isinstance(v, dict) else []
            for x in vs:
                if isinstance(x, nn.Module) and all(x is not q for q in mods):
                    out.add("unregistered-layer")
    kids = list(model.children())
    if kids and isinstance(kids[-1], (nn.Softmax, nn.LogSoftmax)):
        out.add("double-softmax")
    pos = {}

    def bad(o):
        if torch.is_tensor(o):
            o = o.double() if o.dtype == torch.bool else o
            return not bool((o.abs() <= 1e4).all())
        if isinstance(o, dict):
            o = o.values()
        elif not isinstance(o, (tuple, list)):
            return False
        return any(bad(q) for q in o)

    def hk(m, i, o):
        if bad(o):
            out.add("exploding-activations")
        if isinstance(m, nn.ReLU) and o.dim() in (2, 4):
            a = (o > 0).transpose(0, 1).flatten(1).any(1)
            pos[m, len(a)] = a | pos.get((m, len(a)), a)

    was = [(m, m.training) for m in mods]
    hs = [m.register_forward_hook(hk) for m in mods]
    model.eval()
    with torch.no_grad():
        for x, y in loader:
            model(x)
    for h in hs:
        h.remove()
    for m, t in was:
        m.training = t
    if any((~a).any() for a in pos.values()):
        out.add("dead-relu")
    return out


# %% exercise="diagnose" wrong="max-without-nan" mistake="nan-slips-through"
def diagnose(model, loader):
    out = set()
    if any(p.requires_grad is False for p in model.parameters()):
        out.add("frozen-parameters")
    mods = list(model.modules())
    leaf = None
    for m in mods:
        if not list(m.children()):
            leaf = m
        if m._forward_hooks or m._forward_pre_hooks or m._backward_hooks or m._backward_pre_hooks:
            out.add("leaked-hook")
        for v in m.__dict__.values():
            vs = v if isinstance(v, (list, tuple)) else v.values() if isinstance(v, dict) else []
            for x in vs:
                if isinstance(x, nn.Module) and all(x is not q for q in mods):
                    out.add("unregistered-layer")
    if isinstance(leaf, (nn.Softmax, nn.LogSoftmax)):
        out.add("double-softmax")
    pos = {}

    def bad(o):
        if torch.is_tensor(o):
            return o.numel() > 0 and bool((o.double().abs() > 1e4).any())
        if isinstance(o, dict):
            o = o.values()
        elif not isinstance(o, (tuple, list)):
            return False
        return any(bad(q) for q in o)

    def hk(m, i, o):
        if bad(o):
            out.add("exploding-activations")
        if isinstance(m, nn.ReLU) and o.dim() in (2, 4):
            a = (o > 0).transpose(0, 1).flatten(1).any(1)
            pos[m, len(a)] = a | pos.get((m, len(a)), a)

    was = [(m, m.training) for m in mods]
    hs = [m.register_forward_hook(hk) for m in mods]
    model.eval()
    with torch.no_grad():
        for x, y in loader:
            model(x)
    for h in hs:
        h.remove()
    for m, t in was:
        m.training = t
    if any((~a).any() for a in pos.values()):
        out.add("dead-relu")
    return out


# %% exercise="diagnose" wrong="relu-only-4d-and-tuple-first" mistake="tuples-skipped"
def diagnose(model, loader):
    out = set()
    if any(p.requires_grad is False for p in model.parameters()):
        out.add("frozen-parameters")
    mods = list(model.modules())
    leaf = None
    for m in mods:
        if not list(m.children()):
            leaf = m
        if m._forward_hooks or m._forward_pre_hooks or m._backward_hooks or m._backward_pre_hooks:
            out.add("leaked-hook")
        for v in m.__dict__.values():
            vs = v if isinstance(v, (list, tuple)) else v.values() if isinstance(v, dict) else []
            for x in vs:
                if isinstance(x, nn.Module) and all(x is not q for q in mods):
                    out.add("unregistered-layer")
    if isinstance(leaf, (nn.Softmax, nn.LogSoftmax)):
        out.add("double-softmax")
    pos = {}

    def hk(m, i, o):
        if isinstance(o, tuple):
            o = o[0]
        if not torch.is_tensor(o):
            return
        if not bool((o.double().abs() <= 1e4).all()):
            out.add("exploding-activations")
        if isinstance(m, nn.ReLU) and o.dim() == 4:
            a = (o > 0).transpose(0, 1).flatten(1).any(1)
            pos[m, len(a)] = a | pos.get((m, len(a)), a)

    was = [(m, m.training) for m in mods]
    hs = [m.register_forward_hook(hk) for m in mods]
    model.eval()
    with torch.no_grad():
        for x, y in loader:
            model(x)
    for h in hs:
        h.remove()
    for m, t in was:
        m.training = t
    if any((~a).any() for a in pos.values()):
        out.add("dead-relu")
    return out


# %% exercise="diagnose" wrong="uses-dead_units" mistake="uses-mixed"
def dead_units(model, loader):
    alive = {}

    def make(name):
        def hook(m, i, o):
            a = (o > 0).any(dim=tuple(d for d in range(o.dim()) if d != 1))
            if name in alive and alive[name].shape != a.shape:
                raise ValueError(name)
            alive[name] = a | alive.get(name, a)

        return hook

    was = [(m, m.training) for m in model.modules()]
    hs = [m.register_forward_hook(make(n)) for n, m in model.named_modules() if isinstance(m, nn.ReLU)]
    try:
        model.eval()
        with torch.no_grad():
            for x, y in loader:
                model(x)
    finally:
        for h in hs:
            h.remove()
        for m, t in was:
            m.training = t
    return {n: ~a for n, a in alive.items()}


def exploding(model, loader):
    found = []

    def values(o):
        if torch.is_tensor(o):
            found.append(not bool((o.double().abs() <= 1e4).all()))
        elif isinstance(o, (tuple, list)):
            for x in o:
                values(x)
        elif isinstance(o, dict):
            values(list(o.values()))

    was = [(m, m.training) for m in model.modules()]
    hs = [m.register_forward_hook(lambda m, i, o: values(o)) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for x, y in loader:
                model(x)
    finally:
        for h in hs:
            h.remove()
        for m, t in was:
            m.training = t
    return any(found)


def diagnose(model, loader):
    result = set()
    mods = set(model.modules())
    if sum(
        len(m._forward_hooks) + len(m._forward_pre_hooks) + len(m._backward_hooks) + len(m._backward_pre_hooks)
        for m in mods
    ):
        result.add("leaked-hook")
    if not all(p.requires_grad for p in model.parameters()):
        result.add("frozen-parameters")
    if exploding(model, loader):
        result.add("exploding-activations")
    if any(d.any() for d in dead_units(model, loader).values()):
        result.add("dead-relu")
    for m in mods:
        for v in list(vars(m).values()):
            v = list(v.values()) if isinstance(v, dict) else v
            if isinstance(v, (list, tuple)) and any(isinstance(x, nn.Module) and x not in mods for x in v):
                result.add("unregistered-layer")
    last = [m for m in model.modules() if len(list(m.children())) == 0][-1]
    if isinstance(last, (nn.Softmax, nn.LogSoftmax)):
        result.add("double-softmax")
    return result


# %% exercise="diagnose" wrong="train-mode-left" mistake="modes-not-restored"
def diagnose(model, loader):
    result, alive, big = set(), {}, []
    mods = list(model.modules())
    tables = ["_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks"]
    if any(len(getattr(m, t)) for m in mods for t in tables):
        result.add("leaked-hook")
    if [1 for p in model.parameters() if not p.requires_grad]:
        result.add("frozen-parameters")
    if isinstance([m for m in mods if not m._modules][-1], (nn.Softmax, nn.LogSoftmax)):
        result.add("double-softmax")
    for m in mods:
        for v in vars(m).values():
            v = tuple(v.values()) if isinstance(v, dict) else v
            if type(v) in (list, tuple) and [x for x in v if isinstance(x, nn.Module) and x not in mods]:
                result.add("unregistered-layer")

    def scan(o):
        if isinstance(o, torch.Tensor):
            big.append(bool((~(o.double().abs() <= 1e4)).any()))
        elif isinstance(o, (list, tuple)):
            [scan(x) for x in o]
        elif isinstance(o, dict):
            [scan(x) for x in o.values()]

    def hook(m, i, o):
        scan(o)
        if isinstance(m, nn.ReLU) and o.ndim in (2, 4):
            a = (o > 0).movedim(1, 0).flatten(1).any(1)
            k = (id(m), a.numel())
            alive[k] = alive[k] | a if k in alive else a

    hs = [m.register_forward_hook(hook) for m in mods]
    was = model.training
    model.eval()
    with torch.no_grad():
        for x, y in loader:
            model(x)
    model.train(was)
    [h.remove() for h in hs]
    if any(big):
        result.add("exploding-activations")
    if any(not a.all() for a in alive.values()):
        result.add("dead-relu")
    return result


# %% exercise="diagnose" wrong="forward-hooks-only" mistake="some-hooks-missed"
def diagnose(model, loader):
    result, alive, big = set(), {}, []
    mods = list(model.modules())
    if any(m._forward_hooks or m._backward_hooks for m in mods):
        result.add("leaked-hook")
    if [1 for p in model.parameters() if not p.requires_grad]:
        result.add("frozen-parameters")
    if isinstance([m for m in mods if not m._modules][-1], (nn.Softmax, nn.LogSoftmax)):
        result.add("double-softmax")
    for m in mods:
        for v in vars(m).values():
            v = tuple(v.values()) if isinstance(v, dict) else v
            if type(v) in (list, tuple) and [x for x in v if isinstance(x, nn.Module) and x not in mods]:
                result.add("unregistered-layer")

    def scan(o):
        if isinstance(o, torch.Tensor):
            big.append(bool((~(o.double().abs() <= 1e4)).any()))
        elif isinstance(o, (list, tuple)):
            [scan(x) for x in o]
        elif isinstance(o, dict):
            [scan(x) for x in o.values()]

    def hook(m, i, o):
        scan(o)
        if isinstance(m, nn.ReLU) and o.ndim in (2, 4):
            a = (o > 0).movedim(1, 0).flatten(1).any(1)
            k = (id(m), a.numel())
            alive[k] = alive[k] | a if k in alive else a

    hs = [m.register_forward_hook(hook) for m in mods]
    was = [m.training for m in mods]
    model.eval()
    with torch.no_grad():
        for x, y in loader:
            model(x)
    for m, t in zip(mods, was):
        m.training = t
    [h.remove() for h in hs]
    if any(big):
        result.add("exploding-activations")
    if any(not a.all() for a in alive.values()):
        result.add("dead-relu")
    return result


# %% exercise="diagnose" right="generators-everywhere"
def tensors(o):
    if isinstance(o, torch.Tensor):
        yield o
    elif isinstance(o, dict):
        for v in o.values():
            yield from tensors(v)
    elif isinstance(o, (tuple, list)):
        for v in o:
            yield from tensors(v)


def introspect(model):
    mods = list(model.modules())
    if any(not p.requires_grad for m in mods for p in m.parameters(recurse=False)):
        yield "frozen-parameters"
    if any(vars(m)[f"_{k}_hooks"] for m in mods for k in "forward forward_pre backward backward_pre".split()):
        yield "leaked-hook"
    *_, last = (m for m in mods if not any(c for c in m._modules.values() if c is not None))
    if isinstance(last, (nn.Softmax, nn.LogSoftmax)):
        yield "double-softmax"
    for m in mods:
        for k, v in vars(m).items():
            if isinstance(v, dict):
                v = [*v.values()]
            if isinstance(v, (tuple, list)):
                for x in v:
                    if isinstance(x, nn.Module) and id(x) not in map(id, mods):
                        yield "unregistered-layer"


def diagnose(model, loader):
    faults = set(introspect(model))
    hits = {}

    def hook(m, a, o):
        for t in tensors(o):
            t = t.detach().to(torch.float64) if not t.is_complex() else t
            if (~t.isfinite()).any() or (t.abs() > 1e4).any():
                faults.add("exploding-activations")
        if isinstance(m, nn.ReLU) and o.ndim in (2, 4):
            h = (o > 0).sum(dim=(0,) if o.ndim == 2 else (0, 2, 3))
            hits[m, len(h)] = hits.get((m, len(h)), 0) + h

    modes = {m: m.training for m in model.modules()}
    handles = [m.register_forward_hook(hook) for m in modes]
    try:
        model.eval()
        with torch.no_grad():
            for batch in loader:
                model(batch[0])
    finally:
        while handles:
            handles.pop().remove()
        for m in modes:
            m.training = modes[m]
    return faults | ({"dead-relu"} if any((h == 0).any() for h in hits.values()) else set())


# %% exercise="diagnose" right="on-a-deep-copy"
import copy


def diagnose(model, loader):
    found = set()
    modules = [m for _, m in model.named_modules()]
    if any(m._forward_hooks or m._forward_pre_hooks or m._backward_hooks or m._backward_pre_hooks for m in modules):
        found.add("leaked-hook")
    if not all(p.requires_grad for p in model.parameters()):
        found.add("frozen-parameters")
    leaves = [m for m in modules if len(m._modules) == 0]
    if leaves[-1].__class__ in (nn.Softmax, nn.LogSoftmax):
        found.add("double-softmax")
    for m in modules:
        for v in m.__dict__.values():
            if isinstance(v, (list, tuple, dict)):
                for x in v.values() if isinstance(v, dict) else v:
                    if isinstance(x, nn.Module) and not [q for q in modules if q is x]:
                        found.add("unregistered-layer")
    twin = copy.deepcopy(model).eval()
    alive = {}

    def check(o):
        if isinstance(o, torch.Tensor) and o.dtype is not torch.bool and o.numel():
            if not o.abs().max() <= 1e4:
                found.add("exploding-activations")
        for x in o.values() if isinstance(o, dict) else o if isinstance(o, (list, tuple)) else []:
            check(x)

    def hook(m, i, o):
        check(o)
        if isinstance(m, nn.ReLU) and o.dim() in (2, 4):
            units = {k: bool((o[:, k] > 0).any()) for k in range(o.shape[1])}
            old = alive.setdefault((m, o.shape[1]), units)
            for k in units:
                old[k] = old[k] or units[k]

    for m in twin.modules():
        m.register_forward_hook(hook)
    with torch.no_grad():
        for x, _ in loader:
            twin(x)
    if any(not ok for units in alive.values() for ok in units.values()):
        found.add("dead-relu")
    return found


# %% exercise="diagnose" right="with-contexts"
from contextlib import contextmanager


@contextmanager
def examined(model, hook):
    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m, _ in modes]
    try:
        with torch.no_grad():
            yield model.eval()
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode


def hidden(model):
    registered = set(model.modules())
    containers = [v for m in registered for v in vars(m).values() if isinstance(v, (list, tuple, dict))]
    elements = [x for c in containers for x in (c.values() if isinstance(c, dict) else c)]
    return any(isinstance(x, nn.Module) and x not in registered for x in elements)


def largest(o):
    if isinstance(o, torch.Tensor):
        if o.numel() == 0:
            return 0.0
        v = o.detach().double().abs().max().item()
        return v if math.isfinite(v) else math.inf
    if isinstance(o, dict):
        o = list(o.values())
    return max(map(largest, o), default=0.0) if isinstance(o, (list, tuple)) else 0.0


def diagnose(model, loader):
    leaked = any(
        len(t)
        for m in model.modules()
        for n, t in vars(m).items()
        if n in {"_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks"}
    )
    top, never = [0.0], {}

    def hook(m, i, o):
        top[0] = max(top[0], largest(o))
        if isinstance(m, nn.ReLU) and isinstance(o, torch.Tensor) and o.dim() in (2, 4):
            silent = set(range(o.size(1))) - set((o > 0).nonzero()[:, 1].tolist())
            key = (m, o.size(1))
            never[key] = never.get(key, silent) & silent

    with examined(model, hook) as m:
        for x, _ in loader:
            m(x)
    last = [m for m in model.modules() if next(iter(m.children()), None) is None][-1]
    answers = {
        "leaked-hook": leaked,
        "frozen-parameters": any(not p.requires_grad for p in model.parameters()),
        "dead-relu": any(never.values()),
        "exploding-activations": top[0] > 1e4,
        "unregistered-layer": hidden(model),
        "double-softmax": isinstance(last, (nn.Softmax, nn.LogSoftmax)),
    }
    return {name for name, yes in answers.items() if yes}


# %% exercise="diagnose" right="remembers-outputs-of-relus"
def diagnose(model, loader):
    faults, per_relu = [], {}
    every = list(model.modules())
    for module in every:
        for attribute in ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks"):
            if len(getattr(module, attribute)) > 0 and "leaked-hook" not in faults:
                faults.append("leaked-hook")
    for name, parameter in model.named_parameters():
        if not parameter.requires_grad:
            faults.append("frozen-parameters")
    for module in every:
        for name, value in module.__dict__.items():
            if name in ("_modules", "_parameters", "_buffers"):
                continue
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, list) or isinstance(value, tuple):
                for element in value:
                    if isinstance(element, nn.Module) and element not in every:
                        faults.append("unregistered-layer")
    leaf = [module for module in every if len(list(module.children())) == 0][-1]
    if isinstance(leaf, nn.Softmax) or isinstance(leaf, nn.LogSoftmax):
        faults.append("double-softmax")

    def too_large(output):
        if isinstance(output, torch.Tensor):
            numbers = output.float()
            return bool(torch.isnan(numbers).any() or torch.isinf(numbers).any() or (numbers.abs() > 1e4).any())
        if isinstance(output, (list, tuple)):
            return any([too_large(item) for item in output])
        if isinstance(output, dict):
            return too_large(list(output.values()))
        return False

    def hook(module, inputs, output):
        if too_large(output):
            faults.append("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            per_relu.setdefault((module, output.shape[1]), []).append(output.detach().clone())

    training = [module.training for module in every]
    handles = [module.register_forward_hook(hook) for module in every]
    for module in every:
        module.training = False
    with torch.no_grad():
        for inputs, labels in loader:
            model(inputs)
    for handle in handles:
        handle.remove()
    for module, flag in zip(every, training):
        module.training = flag
    for outputs in per_relu.values():
        alive = sum((o > 0).float().transpose(0, 1).flatten(1).sum(dim=1) for o in outputs)
        if (alive == 0).any():
            faults.append("dead-relu")
    return set(faults)
