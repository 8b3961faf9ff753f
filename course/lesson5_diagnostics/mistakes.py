"""Lesson 5: answers that somebody might give, wrong and right, by exercise.

A wrong answer's docstring is what a student is told whose answer shows the same under the checks. Several cells of
one mistake are several ways to make it. The right ones are in other styles than the lesson's, and must pass.
"""

# %% [markdown]
# # activation_stats

# %% exercise="activation_stats" mistake="one-number-a-batch"
"""You give a list with one number for each batch, as the lecture does. The exercise asks for one number over everything
so far, and the state must not grow."""


class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self.stats = {}
        self.handles = []
        for name, module in model.named_modules():
            if isinstance(module, types):
                self.handles.append(module.register_forward_hook(self.make_hook(name)))

    def make_hook(self, name):
        def hook(module, inputs, output):
            entry = self.stats.setdefault(name, {"count": [], "mean": [], "std": [], "min": [], "max": []})
            entry["count"].append(output.numel())
            entry["mean"].append(output.mean().item())
            entry["std"].append(output.std().item())
            entry["min"].append(output.min().item())
            entry["max"].append(output.max().item())

        return hook

    def remove(self):
        for handle in self.handles:
            handle.remove()

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.remove()


# %% exercise="activation_stats" mistake="mean-of-means"
"""A mean of the batches' means, and a mean of their stds, is another number: a batch of 2 weighs as much as one of 200,
and the spread between the batches is lost. Keep sums over all elements instead."""


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
            s = self.sums.setdefault(name, [0, 0, 0.0, 0.0, float("inf"), float("-inf")])
            s[0] += x.numel()
            s[1] += 1
            s[2] += x.mean().item()
            s[3] += x.std(unbiased=False).item()
            s[4] = min(s[4], x.min().item())
            s[5] = max(s[5], x.max().item())

        return hook

    @property
    def stats(self):
        result = {}
        for name, (n, batches, means, stds, low, high) in self.sums.items():
            result[name] = {"count": n, "mean": means / batches, "std": stds / batches, "min": low, "max": high}
        return result

    def remove(self):
        for handle in self.handles:
            handle.remove()

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.remove()


# %% exercise="activation_stats" mistake="mean-of-means"
class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self.stats = {}
        self._raw = {}
        self._batches = {}
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
                    k = self._batches[name] = self._batches.get(name, 0) + 1
                    old = self.stats.get(name, {"mean": 0.0, "std": 0.0})
                    mean = old["mean"] + (float(values.mean()) - old["mean"]) / k
                    std = old["std"] + (float(values.std(unbiased=False)) - old["std"]) / k
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


# %% exercise="activation_stats" mistake="mean-of-stds"
"""Your std is an average of the batches' stds. Batches with different means are further apart than any of them is wide;
only sums of squares, or a merge that knows the means, see that."""


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
            s[2] += x.std(unbiased=False).item() * x.numel()
            s[3] = min(s[3], x.min().item())
            s[4] = max(s[4], x.max().item())

        return hook

    @property
    def stats(self):
        result = {}
        for name, (n, total, squares, low, high) in self.sums.items():
            mean = total / n
            result[name] = {"count": n, "mean": mean, "std": squares / n, "min": low, "max": high}
        return result

    def remove(self):
        for handle in self.handles:
            handle.remove()

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.remove()


# %% exercise="activation_stats" mistake="mean-of-stds"
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
            s[2] += x.var(unbiased=False).item() * x.numel()
            s[3] = min(s[3], x.min().item())
            s[4] = max(s[4], x.max().item())

        return hook

    @property
    def stats(self):
        result = {}
        for name, (n, total, squares, low, high) in self.sums.items():
            mean = total / n
            var = squares / n
            result[name] = {"count": n, "mean": mean, "std": var**0.5, "min": low, "max": high}
        return result

    def remove(self):
        for handle in self.handles:
            handle.remove()

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.remove()


# %% exercise="activation_stats" mistake="last-batch-only"
"""Your numbers are those of the last batch: each call overwrites what the earlier ones left."""


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
            s = self.sums[name] = [0, 0.0, 0.0, float("inf"), float("-inf")]
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


# %% exercise="activation_stats" mistake="last-batch-only"
class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self.stats = {}
        self.handles = [
            m.register_forward_hook(self.hook_for(n)) for n, m in model.named_modules() if isinstance(m, types)
        ]

    def hook_for(self, name):
        def hook(module, inputs, output):
            x = output.detach().double()
            self.stats[name] = {
                "count": x.numel(),
                "mean": x.mean().item(),
                "std": x.std(unbiased=False).item(),
                "min": x.min().item(),
                "max": x.max().item(),
            }

        return hook

    def remove(self):
        for handle in self.handles:
            handle.remove()

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.remove()


# %% exercise="activation_stats" mistake="sample-std"
"""You divide by n − 1. The exercise asks for the population std, which divides by n; torch's `std` and `var` take
`unbiased=False` (or `correction=0`) for that."""


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
            var = max(squares - n * mean * mean, 0.0) / (n - 1)
            result[name] = {"count": n, "mean": mean, "std": var**0.5, "min": low, "max": high}
        return result

    def remove(self):
        for handle in self.handles:
            handle.remove()

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.remove()


# %% exercise="activation_stats" mistake="sample-std"
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
            var = max(squares - n * mean * mean, 0.0) / max(n - 1, 1)
            result[name] = {"count": n, "mean": mean, "std": var**0.5, "min": low, "max": high}
        return result

    def remove(self):
        for handle in self.handles:
            handle.remove()

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.remove()


# %% exercise="activation_stats" mistake="sample-std"
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
                    std = math.sqrt(max(0.0, (square - n * mean**2) / max(n - 1, 1)))
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


# %% exercise="activation_stats" mistake="sample-std"
class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self.stats = {}
        self.handles = [m.register_forward_hook(self.hook(n)) for n, m in model.named_modules() if isinstance(m, types)]

    def hook(self, name):
        def update(module, inputs, output):
            x = output.detach().double()
            new = {
                "count": x.numel(),
                "mean": x.mean().item(),
                "std": x.std().item(),
                "min": x.min().item(),
                "max": x.max().item(),
            }
            old = self.stats.get(name)
            self.stats[name] = new if old is None else self.merged(old, new)

        return update

    def merged(self, old, new):
        a, b = old["count"], new["count"]
        n, step = a + b, new["mean"] - old["mean"]
        squares = old["std"] ** 2 * (a - 1) + new["std"] ** 2 * (b - 1) + step**2 * a * b / n
        return {
            "count": n,
            "mean": old["mean"] + step * b / n,
            "std": (squares / (n - 1)) ** 0.5,
            "min": min(old["min"], new["min"]),
            "max": max(old["max"], new["max"]),
        }

    def remove(self):
        for handle in self.handles:
            handle.remove()

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.remove()


# %% exercise="activation_stats" mistake="sample-std"
class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self.parts = {}
        self.handles = []
        self.watched = [(name, module) for name, module in model.named_modules() if isinstance(module, types)]
        for name, module in self.watched:
            self.handles.append(module.register_forward_hook(self.make_hook(name)))

    def make_hook(self, name):
        def hook(module, inputs, output):
            x = output.detach().double()
            count, mean, square = x.numel(), x.mean().item(), x.var().item() * x.numel()
            low, high = x.min().item(), x.max().item()
            if name in self.parts:
                n, m, s, lowest, highest = self.parts[name]
                square = s + square + (mean - m) ** 2 * n * count / (n + count)
                mean = (n * m + count * mean) / (n + count)
                count, low, high = n + count, min(low, lowest), max(high, highest)
            self.parts[name] = (count, mean, square, low, high)

        return hook

    @property
    def stats(self):
        return {
            name: {"count": n, "mean": m, "std": (s / n) ** 0.5, "min": low, "max": high}
            for name, (n, m, s, low, high) in self.parts.items()
        }

    def remove(self):
        for handle in self.handles:
            handle.remove()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


# %% exercise="activation_stats" mistake="sample-std"
class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self.sums, self.handles = {}, []
        for name, module in model.named_modules():
            if isinstance(module, types):
                self.handles.append(module.register_forward_hook(self.make_hook(name)))

    def make_hook(self, name):
        def hook(module, inputs, output):
            x = output.detach().double()
            n, total, squares, low, high = self.sums.get(name, (0, 0.0, 0.0, float("inf"), float("-inf")))
            total, squares = total + x.sum().item(), squares + (x * x).sum().item()
            self.sums[name] = n + x.numel(), total, squares, min(low, x.min().item()), max(high, x.max().item())

        return hook

    @property
    def stats(self):
        return {
            name: {
                "count": n, "mean": total / n, "std": max(0.0, (squares - total**2 / n) / (n - 1)) ** 0.5,
                "min": low, "max": high,
            }
            for name, (n, total, squares, low, high) in self.sums.items()
        }  # fmt: skip

    def remove(self):
        for handle in self.handles:
            handle.remove()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


# %% exercise="activation_stats" mistake="running-average"
"""You keep a running average that forgets: the newest batch counts a fixed share, however many came before. All
elements are to count the same."""


class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self.stats = {}
        self.handles = [m.register_forward_hook(self.hook(n)) for n, m in model.named_modules() if isinstance(m, types)]

    def hook(self, name):
        def update(module, inputs, output):
            x = output.detach().double()
            new = {
                "count": x.numel(),
                "mean": x.mean().item(),
                "std": x.std(unbiased=False).item(),
                "min": x.min().item(),
                "max": x.max().item(),
            }
            old = self.stats.get(name)
            self.stats[name] = new if old is None else self.merged(old, new)

        return update

    def merged(self, old, new):
        a, b = old["count"], new["count"]
        n, keep = a + b, 0.9
        return {
            "count": n,
            "mean": keep * old["mean"] + (1 - keep) * new["mean"],
            "std": keep * old["std"] + (1 - keep) * new["std"],
            "min": min(old["min"], new["min"]),
            "max": max(old["max"], new["max"]),
        }

    def remove(self):
        for handle in self.handles:
            handle.remove()

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.remove()


# %% exercise="activation_stats" mistake="running-average"
class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self.stats = {}
        self.handles = [m.register_forward_hook(self.hook(n)) for n, m in model.named_modules() if isinstance(m, types)]

    def hook(self, name):
        def update(module, inputs, output):
            x = output.detach().double()
            new = {
                "count": x.numel(),
                "mean": x.mean().item(),
                "std": x.std(unbiased=False).item(),
                "min": x.min().item(),
                "max": x.max().item(),
            }
            old = self.stats.get(name)
            self.stats[name] = new if old is None else self.merged(old, new)

        return update

    def merged(self, old, new):
        a, b = old["count"], new["count"]
        n, keep = a + b, 0.5
        return {
            "count": n,
            "mean": keep * old["mean"] + (1 - keep) * new["mean"],
            "std": keep * old["std"] + (1 - keep) * new["std"],
            "min": min(old["min"], new["min"]),
            "max": max(old["max"], new["max"]),
        }

    def remove(self):
        for handle in self.handles:
            handle.remove()

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.remove()


# %% exercise="activation_stats" mistake="float32-sums"
"""You add up in float32. Its seven digits are used up by the square of a large mean, and nothing is left for the std:
convert the outputs to float64 before you square and sum."""


class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self.sums = {}
        self.handles = []
        for name, module in model.named_modules():
            if isinstance(module, types):
                self.handles.append(module.register_forward_hook(self.make_hook(name)))

    def make_hook(self, name):
        def hook(module, inputs, output):
            x = output.detach().float()
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


# %% exercise="activation_stats" mistake="float32-sums"
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
            s[2] += (output.detach() ** 2).double().sum().item()
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


# %% exercise="activation_stats" mistake="float32-sums"
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
            s[1] += output.detach().float().sum().item()
            s[2] += (output.detach().float() ** 2).sum().item()
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


# %% exercise="activation_stats" mistake="float32-sums"
class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self.stats = {}
        self._raw = {}
        self._hooks = []
        for name, module in model.named_modules():
            if isinstance(module, tuple(types)):

                def hook(module, inputs, output, name=name):
                    values = output.detach().float()
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


# %% exercise="activation_stats" mistake="late-binding"
"""All hooks write under the name of the last module. A function made in a loop looks the loop's variable up when it
runs, not when it is made: give it the name of its own."""


class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self.stats = {}
        self._raw = {}
        self._hooks = []
        for name, module in model.named_modules():
            if isinstance(module, tuple(types)):

                def hook(module, inputs, output):
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


# %% exercise="activation_stats" mistake="late-binding"
class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self.sums = {}
        self.handles = []
        for name, module in model.named_modules():
            if isinstance(module, types):
                self.handles.append(module.register_forward_hook(lambda m, i, o: self.add(name, o)))

    def add(self, name, output):
        x = output.detach().double()
        s = self.sums.setdefault(name, [0, 0.0, 0.0, float("inf"), float("-inf")])
        s[0] += x.numel()
        s[1] += x.sum().item()
        s[2] += (x * x).sum().item()
        s[3] = min(s[3], x.min().item())
        s[4] = max(s[4], x.max().item())

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


# %% exercise="activation_stats" mistake="exact-type"
"""Subclasses of the given types are missed. Often types are compared for equality: `isinstance` takes a tuple of types,
and subclasses count."""


class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self.sums = {}
        self.handles = []
        for name, module in model.named_modules():
            if type(module) in types:
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


# %% exercise="activation_stats" mistake="exact-type"
class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self.stats = {}
        self._raw = {}
        self._hooks = []
        for name, module in model.named_modules():
            if any(type(module) is kind for kind in types):

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


# %% exercise="activation_stats" mistake="children-only"
"""You look at the model's direct children only. Layers inside of blocks have no statistics: `named_modules()` goes all
the way down."""


class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self.sums = {}
        self.handles = []
        for name, module in model.named_children():
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


# %% exercise="activation_stats" mistake="types-ignored"
"""The argument `types` makes no difference: convolutions are hooked whatever it says."""


class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self.sums = {}
        self.handles = []
        for name, module in model.named_modules():
            if isinstance(module, nn.Conv2d):
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


# %% exercise="activation_stats" mistake="types-ignored"
class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self.stats = {}
        self._raw = {}
        self._hooks = []
        for name, module in model.named_modules():
            if isinstance(module, (nn.Conv2d,)):

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


# %% exercise="activation_stats" mistake="all-modules"
"""You hook every module, or more than was asked for. Only modules of the given types belong into the statistics."""


class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self.sums = {}
        self.handles = []
        for name, module in model.named_modules():
            if True:
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


# %% exercise="activation_stats" mistake="all-modules"
class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self.sums = {}
        self.handles = []
        for name, module in model.named_modules():
            if not list(module.children()):
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


# %% exercise="activation_stats" mistake="class-names"
"""Your keys are not the qualified names. The name that `named_modules()` gives beside each module is its only
unmistakable address; class names or numbers are shared."""


class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self.sums = {}
        self.handles = []
        for name, module in model.named_modules():
            if isinstance(module, types):
                self.handles.append(module.register_forward_hook(self.make_hook(type(module).__name__)))

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


# %% exercise="activation_stats" mistake="class-names"
class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self.sums = {}
        self.handles = []
        for name, module in model.named_modules():
            if isinstance(module, types):
                self.handles.append(module.register_forward_hook(self.make_hook(name.split(".")[-1])))

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


# %% exercise="activation_stats" mistake="class-names"
class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self.sums = {}
        self.handles = []
        for name, module in enumerate(model.modules()):
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


# %% exercise="activation_stats" mistake="not-run-present"
"""Modules that have not run have an entry, too. There is nothing to say about them yet: make an entry when the first
output comes."""


class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self.sums = {}
        self.handles = []
        for name, module in model.named_modules():
            if isinstance(module, types):
                self.sums[name] = [0, 0.0, 0.0, float("inf"), float("-inf")]
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
            n = n or 1
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


# %% exercise="activation_stats" mistake="not-run-present"
class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self.sums = {}
        self.handles = []
        for name, module in model.named_modules():
            if isinstance(module, types):
                self.sums[name] = [0, 0.0, 0.0, float("inf"), float("-inf")]
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
            if n == 0:
                result[name] = {"count": 0, "mean": None, "std": None, "min": None, "max": None}
                continue
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


# %% exercise="activation_stats" mistake="not-run-present"
class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self.sums = {}
        self.handles = []
        for name, module in model.named_modules():
            if isinstance(module, types):
                self.sums[name] = [0, 0.0, 0.0, float("inf"), float("-inf")]
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


# %% exercise="activation_stats" mistake="not-run-present"
class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self.stats = {}
        self._raw = {}
        self._hooks = []
        for name, module in model.named_modules():
            if isinstance(module, tuple(types)):
                self.stats[name] = {"count": 0, "mean": 0.0, "std": 0.0, "min": math.inf, "max": -math.inf}

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


# %% exercise="activation_stats" mistake="tensors-not-numbers"
"""Some values are tensors. A tensor with one entry prints like a number, but it is none: `.item()` makes one."""


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
            s[1] += x.sum()
            s[2] += (x * x).sum()
            s[3] = min(s[3], x.min())
            s[4] = max(s[4], x.max())

        return hook

    @property
    def stats(self):
        result = {}
        for name, (n, total, squares, low, high) in self.sums.items():
            mean = total / n
            var = (squares / n - mean * mean).clamp(min=0)
            result[name] = {"count": n, "mean": mean, "std": var**0.5, "min": low, "max": high}
        return result

    def remove(self):
        for handle in self.handles:
            handle.remove()

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.remove()


# %% exercise="activation_stats" mistake="tensors-not-numbers"
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
            s[3] = min(s[3], x.min())
            s[4] = max(s[4], x.max())

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


# %% exercise="activation_stats" mistake="tensors-not-numbers"
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
                    total += values.sum()
                    square += values.pow(2).sum()
                    self._raw[name] = (n, total, square)
                    low, high = values.min(), values.max()
                    if name in self.stats:
                        low = min(low, self.stats[name]["min"])
                        high = max(high, self.stats[name]["max"])
                    mean = total / n
                    std = (square / n - mean**2).clamp(min=0).sqrt()
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


# %% exercise="activation_stats" mistake="tensors-not-numbers"
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
                    self.stats[name] = {
                        "count": n,
                        "mean": torch.tensor(mean),
                        "std": torch.tensor(std),
                        "min": low,
                        "max": high,
                    }

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


# %% exercise="activation_stats" mistake="graph-kept"
"""Your sums hang on the graph: with every batch, all activations and the whole graph of that batch stay in memory.
Detach the output before you calculate with it."""


class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self.sums = {}
        self.handles = []
        for name, module in model.named_modules():
            if isinstance(module, types):
                self.handles.append(module.register_forward_hook(self.make_hook(name)))

    def make_hook(self, name):
        def hook(module, inputs, output):
            x = output.double()
            s = self.sums.setdefault(name, [0, 0.0, 0.0, float("inf"), float("-inf")])
            s[0] += x.numel()
            s[1] += x.sum()
            s[2] += (x * x).sum()
            s[3] = min(s[3], x.min().item())
            s[4] = max(s[4], x.max().item())

        return hook

    @property
    def stats(self):
        result = {}
        for name, (n, total, squares, low, high) in self.sums.items():
            mean = total / n
            var = max((squares / n - mean * mean).item(), 0.0)
            result[name] = {"count": n, "mean": mean.item(), "std": float(var) ** 0.5, "min": low, "max": high}
        return result

    def remove(self):
        for handle in self.handles:
            handle.remove()

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.remove()


# %% exercise="activation_stats" mistake="graph-kept"
class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self.sums = {}
        self.handles = []
        for name, module in model.named_modules():
            if isinstance(module, types):
                self.handles.append(module.register_forward_hook(self.make_hook(name)))

    def make_hook(self, name):
        def hook(module, inputs, output):
            self.last = output
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


# %% exercise="activation_stats" mistake="memory-grows"
"""Memory grows with every batch: something is kept for each, an output or a row of numbers. An instrument for ten
thousand batches may only keep a fixed number of sums, to which each batch is added."""


class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self.outputs = {}
        self.handles = []
        for name, module in model.named_modules():
            if isinstance(module, types):
                self.handles.append(module.register_forward_hook(self.make_hook(name)))

    def make_hook(self, name):
        def hook(module, inputs, output):
            self.outputs.setdefault(name, []).append(output.detach().clone().double().flatten())

        return hook

    @property
    def stats(self):
        result = {}
        for name, outputs in self.outputs.items():
            x = torch.cat(outputs)
            result[name] = {
                "count": x.numel(),
                "mean": x.mean().item(),
                "std": x.std(unbiased=False).item(),
                "min": x.min().item(),
                "max": x.max().item(),
            }
        return result

    def remove(self):
        for handle in self.handles:
            handle.remove()

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.remove()


# %% exercise="activation_stats" mistake="memory-grows"
class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self.outputs = {}
        self.handles = []
        for name, module in model.named_modules():
            if isinstance(module, types):
                self.handles.append(module.register_forward_hook(self.make_hook(name)))

    def make_hook(self, name):
        def hook(module, inputs, output):
            new = output.detach().clone().double().flatten()
            old = self.outputs.get(name, [new[:0]])[0]
            self.outputs[name] = [torch.cat([old, new])]

        return hook

    @property
    def stats(self):
        result = {}
        for name, outputs in self.outputs.items():
            x = torch.cat(outputs)
            result[name] = {
                "count": x.numel(),
                "mean": x.mean().item(),
                "std": x.std(unbiased=False).item(),
                "min": x.min().item(),
                "max": x.max().item(),
            }
        return result

    def remove(self):
        for handle in self.handles:
            handle.remove()

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.remove()


# %% exercise="activation_stats" mistake="memory-grows"
class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self.outputs = {}
        self.handles = []
        for name, module in model.named_modules():
            if isinstance(module, types):
                self.handles.append(module.register_forward_hook(self.make_hook(name)))

    def make_hook(self, name):
        def hook(module, inputs, output):
            self.outputs.setdefault(name, []).extend(output.detach().double().flatten().tolist())

        return hook

    @property
    def stats(self):
        result = {}
        for name, outputs in self.outputs.items():
            x = torch.tensor(outputs, dtype=torch.float64)
            result[name] = {
                "count": x.numel(),
                "mean": x.mean().item(),
                "std": x.std(unbiased=False).item(),
                "min": x.min().item(),
                "max": x.max().item(),
            }
        return result

    def remove(self):
        for handle in self.handles:
            handle.remove()

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.remove()


# %% exercise="activation_stats" mistake="memory-grows"
class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self.sums = {}
        self.means = {}
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
            self.means.setdefault(name, []).append(x.mean().item())
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


# %% exercise="activation_stats" mistake="min-from-zero"
"""Your min or max starts at 0. Where all outputs lie on one side of zero, it stays there: begin with the first batch,
or with plus and minus infinity."""


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
            s = self.sums.setdefault(name, [0, 0.0, 0.0, 0.0, 0.0])
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


# %% exercise="activation_stats" mistake="min-from-zero"
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
            s = self.sums.setdefault(name, [0, 0.0, 0.0, float("inf"), 0.0])
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


# %% exercise="activation_stats" mistake="min-from-zero"
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
            s = self.sums.setdefault(name, [0, 0.0, 0.0, 0.0, float("-inf")])
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


# %% exercise="activation_stats" mistake="min-from-zero"
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
            s = self.sums.setdefault(name, [0, 0.0, 0.0, None, None])
            s[0] += x.numel()
            s[1] += x.sum().item()
            s[2] += (x * x).sum().item()
            s[3] = min(s[3] or 0.0, x.min().item())
            s[4] = max(s[4] or 0.0, x.max().item())

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


# %% exercise="activation_stats" mistake="min-max-of-last"
"""Your min and max are those of the last batch. They have to be compared with the ones from before."""


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
            s[3] = x.min().item()
            s[4] = x.max().item()

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


# %% exercise="activation_stats" mistake="min-max-of-last"
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


# %% exercise="activation_stats" mistake="wrong-count"
"""Your count is not the number of elements: every entry of an output counts, not batches, samples or channels."""


class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self.sums = {}
        self.batches = {}
        self.handles = []
        for name, module in model.named_modules():
            if isinstance(module, types):
                self.handles.append(module.register_forward_hook(self.make_hook(name)))

    def make_hook(self, name):
        def hook(module, inputs, output):
            x = output.detach().double()
            s = self.sums.setdefault(name, [0, 0.0, 0.0, float("inf"), float("-inf")])
            s[0] += x.numel()
            self.batches[name] = self.batches.get(name, 0) + 1
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
            result[name] = {"count": self.batches[name], "mean": mean, "std": var**0.5, "min": low, "max": high}
        return result

    def remove(self):
        for handle in self.handles:
            handle.remove()

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.remove()


# %% exercise="activation_stats" mistake="wrong-count"
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
            s[0] += x.shape[0]
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


# %% exercise="activation_stats" mistake="wrong-count"
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
            s[0] += len(x)
            s[1] += x.flatten(1).mean(dim=1).sum().item()
            s[2] += (x * x).flatten(1).mean(dim=1).sum().item()
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


# %% exercise="activation_stats" mistake="wrong-count"
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
            s[0] += 1
            s[1] += x.mean().item()
            s[2] += (x * x).mean().item()
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


# %% exercise="activation_stats" mistake="variance"
"""What you call std is the variance: the root is missing."""


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
            result[name] = {"count": n, "mean": mean, "std": var, "min": low, "max": high}
        return result

    def remove(self):
        for handle in self.handles:
            handle.remove()

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.remove()


# %% exercise="activation_stats" mistake="variance"
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
                    std = max(0.0, square / n - mean**2)
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


# %% exercise="activation_stats" mistake="others-removed"
"""Other people's hooks are gone as well. Often whole hook tables are cleared: keep the handle of each hook that you
register, and remove exactly those."""


class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self.sums = {}
        self.model = model
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
        for module in self.model.modules():
            module._forward_hooks.clear()

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.remove()


# %% exercise="activation_stats" mistake="others-removed"
from collections import OrderedDict


class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self.sums = {}
        self.model = model
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
        for module in self.model.modules():
            module._forward_hooks = OrderedDict()

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.remove()


# %% exercise="activation_stats" mistake="others-removed"
class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self.parts = {}
        self.handles = []
        self.watched = [(name, module) for name, module in model.named_modules() if isinstance(module, types)]
        for name, module in self.watched:
            self.handles.append(module.register_forward_hook(self.make_hook(name)))

    def make_hook(self, name):
        def hook(module, inputs, output):
            x = output.detach().double()
            count, mean, square = x.numel(), x.mean().item(), (x - x.mean()).square().sum().item()
            low, high = x.min().item(), x.max().item()
            if name in self.parts:
                n, m, s, lowest, highest = self.parts[name]
                square = s + square + (mean - m) ** 2 * n * count / (n + count)
                mean = (n * m + count * mean) / (n + count)
                count, low, high = n + count, min(low, lowest), max(high, highest)
            self.parts[name] = (count, mean, square, low, high)

        return hook

    @property
    def stats(self):
        return {
            name: {"count": n, "mean": m, "std": (s / n) ** 0.5, "min": low, "max": high}
            for name, (n, m, s, low, high) in self.parts.items()
        }

    def remove(self):
        for _, module in self.watched:
            module._forward_hooks.clear()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


# %% exercise="activation_stats" mistake="hooks-stay"
"""Hooks are left behind, by `remove()` or at the end of a `with` block. Every handle has to be kept and removed, not
only the last one, and the end of a `with` block is `__exit__`."""


class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self.sums = {}
        self.handles = []
        for name, module in model.named_modules():
            if isinstance(module, types):
                self.handle = module.register_forward_hook(self.make_hook(name))

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
        self.handle.remove()

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.remove()


# %% exercise="activation_stats" mistake="hooks-stay"
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
        self.handles.clear()

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.remove()


# %% exercise="activation_stats" mistake="hooks-stay"
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
        pass


# %% exercise="activation_stats" mistake="hooks-stay"
class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self.sums = {}
        self.active = True
        self.handles = []
        for name, module in model.named_modules():
            if isinstance(module, types):
                self.handles.append(module.register_forward_hook(self.make_hook(name)))

    def make_hook(self, name):
        def hook(module, inputs, output):
            if not self.active:
                return
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
        self.active = False

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.remove()


# %% exercise="activation_stats" mistake="hooks-stay"
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

    def __exit__(self, kind, error, trace):
        if kind is None:
            self.remove()


# %% exercise="activation_stats" mistake="error-swallowed"
"""An error in the `with` block does not come out of it. Often `__exit__` returns something true, and that tells Python
to swallow the exception. Return nothing."""


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
        return True


# %% exercise="activation_stats" mistake="error-swallowed"
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
        return self


# %% exercise="activation_stats" mistake="enter-returns-another-object"
"""`with ActivationStats(model) as watch` gives `watch` what `__enter__` returns. It must return the object itself."""


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
        pass

    def __exit__(self, *args):
        self.remove()


# %% exercise="activation_stats" mistake="enter-returns-another-object"
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
        return self.stats

    def __exit__(self, *args):
        self.remove()


# %% exercise="activation_stats" mistake="nothing-to-read-while-measuring"
"""While the object measures there is nothing in `stats`. It has to measure as soon as it is made, with or without a
`with` block, and `stats` can be read at any time, not only when the hooks are gone."""


class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self.sums = {}
        self.handles = []
        self.model, self.types = model, types

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
        for name, module in self.model.named_modules():
            if isinstance(module, self.types):
                self.handles.append(module.register_forward_hook(self.make_hook(name)))
        return self

    def __exit__(self, *args):
        self.remove()


# %% exercise="activation_stats" mistake="stats-lost"
"""After `remove()` the statistics are gone. The hooks are to go, and what was measured is to stay."""


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
        self.sums = {}

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.remove()


# %% exercise="activation_stats" mistake="stats-lost"
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
        self.stats = {}

    def __enter__(self):
        return self

    def __exit__(self, exc_type, exc, tb):
        self.remove()
        return False


# %% exercise="activation_stats" mistake="stats-is-a-method"
"""`stats` is a method, so `watch.stats[name]` fails. It has to be a dict that one can read, an attribute or a
property."""


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


# %% exercise="activation_stats" mistake="stats-is-a-method"
class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self.outputs = {}
        self.handles = []
        for name, module in model.named_modules():
            if isinstance(module, types):
                self.handles.append(module.register_forward_hook(self.make_hook(name)))

    def make_hook(self, name):
        def hook(module, inputs, output):
            self.outputs.setdefault(name, []).append(output.detach().clone().double().flatten())

        return hook

    def stats(self):
        result = {}
        for name, outputs in self.outputs.items():
            x = torch.cat(outputs)
            result[name] = {
                "count": x.numel(),
                "mean": x.mean().item(),
                "std": x.std(unbiased=False).item(),
                "min": x.min().item(),
                "max": x.max().item(),
            }
        return result

    def remove(self):
        for handle in self.handles:
            handle.remove()

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.remove()


# %% exercise="activation_stats" mistake="hook-returns"
"""Your hook returns something, and what a forward hook returns takes the place of the output. An instrument returns
nothing."""


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
            return x

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


# %% exercise="activation_stats" mistake="hook-returns"
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
            return output.detach()

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


# %% exercise="activation_stats" mistake="hook-returns"
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
            return s

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


# %% exercise="activation_stats" mistake="inputs-measured"
"""You measure what goes into the modules, not what comes out. A forward hook gets (module, inputs, output)."""


class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self.sums = {}
        self.handles = []
        for name, module in model.named_modules():
            if isinstance(module, types):
                self.handles.append(module.register_forward_hook(self.make_hook(name)))

    def make_hook(self, name):
        def hook(module, inputs, output):
            x = inputs[0].detach().double()
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


# %% exercise="activation_stats" mistake="inputs-measured"
class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self.stats = {}
        self._raw = {}
        self._hooks = []
        for name, module in model.named_modules():
            if isinstance(module, tuple(types)):

                def hook(module, inputs, output, name=name):
                    values = inputs[0].detach().to(torch.float64)
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


# %% exercise="activation_stats" mistake="reset-by-reading"
"""Reading `stats` changes what you keep: the second look at the same moment shows something else."""


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
        self.sums = {}
        return result

    def remove(self):
        for handle in self.handles:
            handle.remove()

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.remove()


# %% exercise="activation_stats" mistake="root-of-negative"
"""The variance comes out slightly below zero where all numbers are equal, by rounding, and its root does not exist. Cut
it off at zero."""


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
            var = squares / n - mean * mean
            result[name] = {"count": n, "mean": mean, "std": math.sqrt(var), "min": low, "max": high}
        return result

    def remove(self):
        for handle in self.handles:
            handle.remove()

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.remove()


# %% exercise="activation_stats" right="stats-dict-kept-up-to-date"
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


# %% exercise="activation_stats" right="sums-and-partial"
from functools import partial


class ActivationStats:
    def __init__(self, model, types=(nn.Conv2d,)):
        self.sums = {}
        self.handles = []
        for name, module in model.named_modules():
            if isinstance(module, types):
                self.handles.append(module.register_forward_hook(partial(self.add, name)))

    def add(self, name, module, inputs, output):
        x = output.detach().double()
        old = self.sums.get(name, (0, 0.0, 0.0, math.inf, -math.inf))
        new = (x.numel(), x.sum().item(), x.square().sum().item())
        low, high = torch.aminmax(x)
        self.sums[name] = (*(a + b for a, b in zip(old, new)), min(old[3], low.item()), max(old[4], high.item()))

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


# %% exercise="activation_stats" right="numpy-and-a-dataclass"
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


# %% exercise="activation_stats" right="exit-stack"
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


# %% exercise="activation_stats" right="statistics-by-one-hook"
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


# %% [markdown]
# # dead_units

# %% exercise="dead_units" mistake="zero-ratio"
"""You return the share of zeros, as the lecture does. Zeros are what a ReLU is for: a unit that is zero in most samples
is sparse, and alive. The answer is one bool for each unit."""


def dead_units(model, loader):
    ratios = {}

    def make_hook(name):
        def hook(module, inputs, output):
            ratios.setdefault(name, []).append((output == 0).float().mean().item())

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return ratios


# %% exercise="dead_units" mistake="zero-ratio"
def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output == 0).float().mean()
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = (alive[name] + positive) / 2
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: units for name, units in alive.items()}


# %% exercise="dead_units" mistake="zero-ratio"
def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            share = (output == 0).float().transpose(0, 1).flatten(1).mean(dim=1)
            alive[name] = alive.get(name, 0) + share

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: units / batches > 0.5 for name, units in alive.items()}


# %% exercise="dead_units" mistake="sparse-taken-for-dead"
"""You call a unit dead where it is zero at least once. Dead means: zero for every sample, at every position."""


def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).all(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="sparse-taken-for-dead"
def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = ~(output == 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="sparse-taken-for-dead"
def dead_units(model, loader):
    was_training = [(m, m.training) for m in model.modules()]
    largest, handles, empty = {}, [], True

    def watch(module, args, output, name):
        values = output.detach().transpose(0, 1).flatten(1).min(dim=1).values
        if name not in largest:
            largest[name] = values
        elif len(largest[name]) != len(values):
            raise ValueError(f"ReLU {name!r}: {len(largest[name])} units, and then {len(values)}")
        else:
            largest[name] = torch.maximum(largest[name], values)

    try:
        for name, module in model.named_modules():
            if isinstance(module, nn.ReLU):
                handles.append(module.register_forward_hook(lambda m, a, o, name=name: watch(m, a, o, name)))
        model.eval()
        with torch.no_grad():
            for x, _ in loader:
                empty = False
                model(x)
    finally:
        for h in handles:
            h.remove()
        for m, training in was_training:
            m.training = training
    if empty:
        raise ValueError("no batches in the loader")
    return {name: values <= 0 for name, values in largest.items()}


# %% exercise="dead_units" mistake="threshold-decides"
"""A unit that is hardly ever positive, or only by very little, is alive: one output above zero is enough. So neither a
mean or a sum with a threshold can decide, nor any limit other than 0."""


def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = output.mean(dim=tuple(d for d in range(output.dim()) if d != 1)) > 20.0
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="threshold-decides"
def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).float().mean(dim=tuple(d for d in range(output.dim()) if d != 1)) > 0.3
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="alive-returned"
"""Your answer is turned round: True must stand for dead units, and you return which are alive."""


def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: units for name, units in alive.items()}


# %% exercise="dead_units" mistake="alive-returned"
def dead_units(model, loader):
    was_training = [(m, m.training) for m in model.modules()]
    largest, handles, empty = {}, [], True

    def watch(module, args, output, name):
        values = output.detach().transpose(0, 1).flatten(1).max(dim=1).values
        if name not in largest:
            largest[name] = values
        elif len(largest[name]) != len(values):
            raise ValueError(f"ReLU {name!r}: {len(largest[name])} units, and then {len(values)}")
        else:
            largest[name] = torch.maximum(largest[name], values)

    try:
        for name, module in model.named_modules():
            if isinstance(module, nn.ReLU):
                handles.append(module.register_forward_hook(lambda m, a, o, name=name: watch(m, a, o, name)))
        model.eval()
        with torch.no_grad():
            for x, _ in loader:
                empty = False
                model(x)
    finally:
        for h in handles:
            h.remove()
        for m, training in was_training:
            m.training = training
    if empty:
        raise ValueError("no batches in the loader")
    return {name: values > 0 for name, values in largest.items()}


# %% exercise="dead_units" mistake="last-batch-only"
"""Your answer is about the last batch, or the last use: each call overwrites what the earlier ones found."""


def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="last-batch-only"
def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="last-batch-only"
def dead_units(model, loader):
    was_training = [(m, m.training) for m in model.modules()]
    largest, handles, empty = {}, [], True

    def watch(module, args, output, name):
        values = output.detach().transpose(0, 1).flatten(1).max(dim=1).values
        if name not in largest:
            largest[name] = values
        elif len(largest[name]) != len(values):
            raise ValueError(f"ReLU {name!r}: {len(largest[name])} units, and then {len(values)}")
        else:
            largest[name] = values

    try:
        for name, module in model.named_modules():
            if isinstance(module, nn.ReLU):
                handles.append(module.register_forward_hook(lambda m, a, o, name=name: watch(m, a, o, name)))
        model.eval()
        with torch.no_grad():
            for x, _ in loader:
                empty = False
                model(x)
    finally:
        for h in handles:
            h.remove()
        for m, training in was_training:
            m.training = training
    if empty:
        raise ValueError("no batches in the loader")
    return {name: values <= 0 for name, values in largest.items()}


# %% exercise="dead_units" mistake="last-use-only"
"""A ReLU that is used several times in one forward keeps only what its last use has seen. Its uses belong together: a unit
is dead only if it was never positive in any of them."""


def dead_units(model, loader):
    alive = {}
    handles = []
    modes = [(module, module.training) for module in model.modules()]

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).transpose(0, 1).flatten(1).any(dim=1)
            if name in now and now[name].shape != positive.shape:
                raise ValueError(f"{name} is used with different numbers of units")
            now[name] = positive

        return hook

    now, batches = {}, 0
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                batches += 1
                model(inputs)
                for name, positive in now.items():
                    alive[name] = alive.get(name, positive) | positive
        if not batches:
            raise ValueError("the loader is empty")
    finally:
        for handle in handles:
            handle.remove()
        for module, mode in modes:
            module.training = mode
    return {name: ~positive for name, positive in alive.items()}


# %% exercise="dead_units" mistake="first-batch-only"
"""Your answer is about the first batch. A unit that is silent there may be positive in a later one."""


def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                pass
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="first-batch-only"
def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
                break
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="first-batch-only"
def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            inputs, labels = next(iter(loader), (None, None))
            if inputs is not None:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="dead-in-any-batch"
"""You call a unit dead that is silent in one of the batches. It has to be silent in all of them: combine 'was positive'
with or, or 'was silent' with and."""


def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] & positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="dead-in-any-batch"
def dead_units(model, loader):
    was_training = [(m, m.training) for m in model.modules()]
    largest, handles, empty = {}, [], True

    def watch(module, args, output, name):
        values = output.detach().transpose(0, 1).flatten(1).max(dim=1).values
        if name not in largest:
            largest[name] = values
        elif len(largest[name]) != len(values):
            raise ValueError(f"ReLU {name!r}: {len(largest[name])} units, and then {len(values)}")
        else:
            largest[name] = torch.minimum(largest[name], values)

    try:
        for name, module in model.named_modules():
            if isinstance(module, nn.ReLU):
                handles.append(module.register_forward_hook(lambda m, a, o, name=name: watch(m, a, o, name)))
        model.eval()
        with torch.no_grad():
            for x, _ in loader:
                empty = False
                model(x)
    finally:
        for h in handles:
            h.remove()
        for m, training in was_training:
            m.training = training
    if empty:
        raise ValueError("no batches in the loader")
    return {name: values <= 0 for name, values in largest.items()}


# %% exercise="dead_units" mistake="positions-not-channels"
"""For a convolution you judge each position by itself. The unit is the channel: its whole map, for every picture, is
one unit."""


def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=0)
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="positions-not-channels"
def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).flatten(1).any(dim=0)
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="positions-not-channels"
def dead_units(model, loader):
    was_training = [(m, m.training) for m in model.modules()]
    largest, handles, empty = {}, [], True

    def watch(module, args, output, name):
        values = output.detach().amax(dim=0)
        if name not in largest:
            largest[name] = values
        elif len(largest[name]) != len(values):
            raise ValueError(f"ReLU {name!r}: {len(largest[name])} units, and then {len(values)}")
        else:
            largest[name] = torch.maximum(largest[name], values)

    try:
        for name, module in model.named_modules():
            if isinstance(module, nn.ReLU):
                handles.append(module.register_forward_hook(lambda m, a, o, name=name: watch(m, a, o, name)))
        model.eval()
        with torch.no_grad():
            for x, _ in loader:
                empty = False
                model(x)
    finally:
        for h in handles:
            h.remove()
        for m, training in was_training:
            m.training = training
    if empty:
        raise ValueError("no batches in the loader")
    return {name: values <= 0 for name, values in largest.items()}


# %% exercise="dead_units" mistake="wrong-dimension"
"""You reduce over the wrong dimension: the units lie in dimension 1, the samples in dimension 0."""


def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).flatten(1).any(dim=1)
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="wrong-dimension"
def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(range(output.dim() - 1)))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="wrong-dimension"
def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=-1)
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="one-bool-a-layer"
"""You give one bool for a whole ReLU. Which of its units are dead is what is asked for, one bool for each."""


def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any()
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="one-bool-a-layer"
def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: not units.any() for name, units in alive.items()}


# %% exercise="dead_units" mistake="one-bool-a-layer"
def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: (~units).any() for name, units in alive.items()}


# %% exercise="dead_units" mistake="zero-counts-as-positive"
"""You ask for ≥ 0. What a ReLU gives out always is: a dead unit gives zeros, so ask for > 0."""


def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output >= 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="zero-counts-as-positive"
def dead_units(model, loader):
    was_training = [(m, m.training) for m in model.modules()]
    largest, handles, empty = {}, [], True

    def watch(module, args, output, name):
        values = output.detach().transpose(0, 1).flatten(1).max(dim=1).values
        if name not in largest:
            largest[name] = values
        elif len(largest[name]) != len(values):
            raise ValueError(f"ReLU {name!r}: {len(largest[name])} units, and then {len(values)}")
        else:
            largest[name] = torch.maximum(largest[name], values)

    try:
        for name, module in model.named_modules():
            if isinstance(module, nn.ReLU):
                handles.append(module.register_forward_hook(lambda m, a, o, name=name: watch(m, a, o, name)))
        model.eval()
        with torch.no_grad():
            for x, _ in loader:
                empty = False
                model(x)
    finally:
        for h in handles:
            h.remove()
        for m, training in was_training:
            m.training = training
    if empty:
        raise ValueError("no batches in the loader")
    return {name: values < 0 for name, values in largest.items()}


# %% exercise="dead_units" mistake="no-eval"
"""The model runs in the mode in which it came. In training mode dropout makes zeros of its own, and batch norm learns
from your measurement."""


def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="no-eval"
def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.training = False
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="graph-recorded"
"""torch records a graph for every batch. `eval()` changes what layers compute; gradients are switched off by
`torch.no_grad()`."""


def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        for inputs, labels in loader:
            model(inputs)
            batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="graph-recorded"
def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        for inputs, labels in loader:
            model(inputs).detach()
            batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="pairs-not-unpacked"
"""The loader yields pairs, (inputs, labels), and you hand the model the whole pair. Unpack it, and take the inputs."""


def dead_units(model, loader):
    modes, handles, alive = {m: m.training for m in model.modules()}, [], {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).transpose(0, 1).flatten(1).any(dim=1)
            alive[name] = alive.get(name, False) | positive

        return hook

    try:
        for name, module in model.named_modules():
            if isinstance(module, nn.ReLU):
                handles.append(module.register_forward_hook(make_hook(name)))
        model.eval()
        with torch.no_grad():
            for x in loader:
                model(x)
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="left-in-eval-mode"
"""You leave the model in eval mode. Whoever trains on trains without dropout."""


def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="left-in-eval-mode"
def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    model.eval()
    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="left-in-training-mode"
"""You always leave the model in training mode. It may have come in eval mode, or with a part of it in that mode."""


def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        model.train()
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="modes-inside-not-restored"
"""Modules inside of the model are not back in the mode that they came in. Each module has a flag of its own: note them
all, and write each back by `module.training = ...`. `train(...)` is no way to do that: it sets everything below as
well."""


def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    training = model.training
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        model.train(training)
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="modes-inside-not-restored"
def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    training = model.training
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        if training:
            model.train()
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="deeper-modes-not-restored"
"""Modules deeper than the model's direct children are not back in the mode that they came in. Note the flag of every
module in `modules()`, and write each back."""


def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in [model, *model.children()]}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="no-finally"
"""You clean up, but not after an error: when the loader or the model raises, the hooks or the modes stay as they
are."""


def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    model.eval()
    with torch.no_grad():
        for inputs, labels in loader:
            model(inputs)
            batches += 1
    for handle in handles:
        handle.remove()
    for module, training in modes.items():
        module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="no-finally"
def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
    for module, training in modes.items():
        module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="no-finally"
def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for module, training in modes.items():
            module.training = training
    for handle in handles:
        handle.remove()
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="no-finally"
def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    except ValueError:
        raise
    else:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="no-finally"
def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    model.eval()
    with torch.no_grad():
        for inputs, labels in loader:
            model(inputs)
            batches += 1
    if batches == 0:
        raise ValueError("the loader is empty")
    for handle in handles:
        handle.remove()
    for module, training in modes.items():
        module.training = training
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="try-begins-too-late"
"""When the loader is empty, or fails at its very first batch, your hooks or eval mode stay. Often the `try` begins only
after they are set."""


def dead_units(model, loader):
    alive = {}
    handles = []
    modes = [(module, module.training) for module in model.modules()]

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).transpose(0, 1).flatten(1).any(dim=1)
            old = alive.get(name, positive)
            if old.shape != positive.shape:
                raise ValueError(f"{name} is used with different numbers of units")
            alive[name] = old | positive

        return hook

    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    model.eval()
    batches = iter(loader)
    batch = next(batches, None)
    if batch is None:
        raise ValueError("the loader is empty")
    try:
        with torch.no_grad():
            while batch is not None:
                model(batch[0])
                batch = next(batches, None)
    finally:
        for handle in handles:
            handle.remove()
        for module, mode in modes:
            module.training = mode
    return {name: ~positive for name, positive in alive.items()}


# %% exercise="dead_units" mistake="other-keys"
"""Your keys are not the qualified names of the ReLUs, those that `named_modules()` gives. Short names, numbers and
class names are shared."""


def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name.split(".")[-1])))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="other-keys"
def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(f"relu{len(handles)}")))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="other-keys"
def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(module)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="other-keys"
def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(f"relu{len(handles) + 1}")))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="error-swallowed"
"""An error of the loader or the model does not come through. Nobody learns then that the answer is about a part of the
data: clean up, and let the error pass."""


def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    except Exception:
        pass
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="error-swallowed"
def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    except RuntimeError as error:
        print(error)
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="hooks-stay"
"""Your hooks are still there afterwards. Keep every handle, and remove them all when the loop is over."""


def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="hooks-stay"
def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove

        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="hooks-stay"
def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        handles[-1:] and handles[-1].remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="others-removed"
"""Other people's hooks are gone as well. Often whole hook tables are cleared: remove your own, by their handles."""


def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for module in model.modules():
            module._forward_hooks.clear()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="others-removed"
def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for module in model.modules():
            if isinstance(module, nn.ReLU):
                module._forward_hooks.clear()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="empty-loader-passes"
"""With an empty loader you return something as if all was well. There is nothing to say then: raise a ValueError."""


def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="empty-loader-passes"
def dead_units(model, loader):
    was_training = [(m, m.training) for m in model.modules()]
    largest, handles, empty = {}, [], True

    def watch(module, args, output, name):
        values = output.detach().transpose(0, 1).flatten(1).max(dim=1).values
        if name not in largest:
            largest[name] = values
        elif len(largest[name]) != len(values):
            raise ValueError(f"ReLU {name!r}: {len(largest[name])} units, and then {len(values)}")
        else:
            largest[name] = torch.maximum(largest[name], values)

    try:
        for name, module in model.named_modules():
            if isinstance(module, nn.ReLU):
                handles.append(module.register_forward_hook(lambda m, a, o, name=name: watch(m, a, o, name)))
        model.eval()
        with torch.no_grad():
            for x, _ in loader:
                empty = False
                model(x)
    finally:
        for h in handles:
            h.remove()
        for m, training in was_training:
            m.training = training
    if empty:
        return {}
    return {name: values <= 0 for name, values in largest.items()}


# %% exercise="dead_units" mistake="units-broadcast"
"""You combine uses with different numbers of units. 1 against n is broadcast without a word, and other numbers fail
with torch's own error: compare the numbers first, and raise a ValueError."""


def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="units-broadcast"
def dead_units(model, loader):
    was_training = [(m, m.training) for m in model.modules()]
    largest, handles, empty = {}, [], True

    def watch(module, args, output, name):
        values = output.detach().transpose(0, 1).flatten(1).max(dim=1).values
        if name not in largest:
            largest[name] = values
        else:
            largest[name] = torch.maximum(largest[name], values)

    try:
        for name, module in model.named_modules():
            if isinstance(module, nn.ReLU):
                handles.append(module.register_forward_hook(lambda m, a, o, name=name: watch(m, a, o, name)))
        model.eval()
        with torch.no_grad():
            for x, _ in loader:
                empty = False
                model(x)
    finally:
        for h in handles:
            h.remove()
        for m, training in was_training:
            m.training = training
    if empty:
        raise ValueError("no batches in the loader")
    return {name: values <= 0 for name, values in largest.items()}


# %% exercise="dead_units" mistake="units-broadcast"
def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            alive[name] = alive.get(name, False) | positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="units-broadcast"
def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            try:
                alive[name] = alive[name] | positive if name in alive else positive
            except RuntimeError:
                raise ValueError(f"{name} has different numbers of units") from None

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="new-size-starts-again"
"""When a ReLU comes with another number of units, you start again, or keep only one of the uses. That mixes up
different units: raise a ValueError."""


def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    alive[name] = positive
                    return
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="new-size-starts-again"
def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    return
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="one-entry-for-each-size"
"""You make entries of your own for a ReLU that runs with different numbers of units. The contract asks for a ValueError
here."""


def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    alive[f"{name}.{len(positive)}"] = positive
                    return
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="one-entry-for-each-size"
def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            old = alive.setdefault(name, {}).get(len(positive), positive)
            alive[name][len(positive)] = old | positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~torch.cat(list(units.values())) for name, units in alive.items()}


# %% exercise="dead_units" mistake="name-not-told"
"""Your ValueError for different numbers of units doesn't say which ReLU it is. In a network with forty of them one
wants to know."""


def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError("a ReLU is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="name-not-told"
def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{module} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="wrong-error-class"
"""You notice different numbers of units, but the error has to be a ValueError."""


def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise RuntimeError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="wrong-error-class"
def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    assert False, f"{name} is used with different numbers of units"
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="late-binding"
"""All hooks write under the name of the last ReLU. A function made in a loop looks the loop's variable up when it runs:
give it the name of its own."""


def dead_units(model, loader):
    was_training = [(m, m.training) for m in model.modules()]
    largest, handles, empty = {}, [], True

    def watch(module, args, output, name):
        values = output.detach().transpose(0, 1).flatten(1).max(dim=1).values
        if name not in largest:
            largest[name] = values
        elif len(largest[name]) != len(values):
            raise ValueError(f"ReLU {name!r}: {len(largest[name])} units, and then {len(values)}")
        else:
            largest[name] = torch.maximum(largest[name], values)

    try:
        for name, module in model.named_modules():
            if isinstance(module, nn.ReLU):
                handles.append(module.register_forward_hook(lambda m, a, o: watch(m, a, o, name)))
        model.eval()
        with torch.no_grad():
            for x, _ in loader:
                empty = False
                model(x)
    finally:
        for h in handles:
            h.remove()
        for m, training in was_training:
            m.training = training
    if empty:
        raise ValueError("no batches in the loader")
    return {name: values <= 0 for name, values in largest.items()}


# %% exercise="dead_units" mistake="output-read-too-late"
"""Where a later layer overwrites the ReLU's output in place, your answer is wrong. Often the output is kept, and looked
at after the forward pass: decide inside the hook, or keep a copy."""


def dead_units(model, loader):
    alive = {}
    outputs = []

    def combine(name, output):
        positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
        if name in alive and alive[name].shape != positive.shape:
            raise ValueError(f"{name} is used with different numbers of units")
        alive[name] = alive[name] | positive if name in alive else positive

    def make_hook(name):
        def hook(module, inputs, output):
            outputs.append((name, output))

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                outputs.clear()
                model(inputs)
                for name, output in outputs:
                    combine(name, output)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="other-activations"
"""You list other activations beside `nn.ReLU`, or leave ReLUs out. ReLU6 and LeakyReLU are not meant."""


def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, (nn.ReLU, nn.ReLU6, nn.LeakyReLU)):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="other-activations"
def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if "ReLU" in type(module).__name__:
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="other-activations"
def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU) and not module.inplace:
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="layers-not-relus"
"""You watch the layers before the ReLUs. The keys are the names of the ReLUs, and what counts is what they give out."""


def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, (nn.Linear, nn.Conv2d)):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="children-only"
"""You look for ReLUs among the direct children only. Those inside of blocks are missed."""


def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_children():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items()}


# %% exercise="dead_units" mistake="children-only"
def dead_units(model, loader):
    was_training = [(m, m.training) for m in model.modules()]
    largest, handles, empty = {}, [], True

    def watch(module, args, output, name):
        values = output.detach().transpose(0, 1).flatten(1).max(dim=1).values
        if name not in largest:
            largest[name] = values
        elif len(largest[name]) != len(values):
            raise ValueError(f"ReLU {name!r}: {len(largest[name])} units, and then {len(values)}")
        else:
            largest[name] = torch.maximum(largest[name], values)

    try:
        for name, module in model.named_children():
            if isinstance(module, nn.ReLU):
                handles.append(module.register_forward_hook(lambda m, a, o, name=name: watch(m, a, o, name)))
        model.eval()
        with torch.no_grad():
            for x, _ in loader:
                empty = False
                model(x)
    finally:
        for h in handles:
            h.remove()
        for m, training in was_training:
            m.training = training
    if empty:
        raise ValueError("no batches in the loader")
    return {name: values <= 0 for name, values in largest.items()}


# %% exercise="dead_units" mistake="idle-relus-listed"
"""A ReLU that never ran is in your answer. Nothing is known about it, so it has no entry."""


def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    result = {name: ~units for name, units in alive.items()}
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            result.setdefault(name, torch.tensor([]).bool())
    return result


# %% exercise="dead_units" mistake="idle-relus-listed"
def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    result = {name: ~units for name, units in alive.items()}
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            result.setdefault(name, None)
    return result


# %% exercise="dead_units" mistake="numbers-of-units"
"""You return which units are dead as numbers, or how many. Asked for is one bool for each unit, in a tensor."""


def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: (~units).nonzero().flatten() for name, units in alive.items()}


# %% exercise="dead_units" mistake="numbers-of-units"
def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: (~units).sum() for name, units in alive.items()}


# %% exercise="dead_units" mistake="numbers-of-units"
def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: (~units).tolist() for name, units in alive.items()}


# %% exercise="dead_units" mistake="numbers-of-units"
def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: (~units).float() for name, units in alive.items()}


# %% exercise="dead_units" mistake="numbers-of-units"
def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: (~units).int() for name, units in alive.items()}


# %% exercise="dead_units" mistake="only-relus-with-dead-units"
"""ReLUs without a dead unit are missing from your answer. Each that runs has an entry, all False if all is well."""


def dead_units(model, loader):
    alive = {}

    def make_hook(name):
        def hook(module, inputs, output):
            positive = (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))
            if name in alive:
                if alive[name].shape != positive.shape:
                    raise ValueError(f"{name} is used with different numbers of units")
                alive[name] = alive[name] | positive
            else:
                alive[name] = positive

        return hook

    modes = {m: m.training for m in model.modules()}
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            handles.append(module.register_forward_hook(make_hook(name)))
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes.items():
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~units for name, units in alive.items() if not units.all()}


# %% exercise="dead_units" right="running-maximum"
def dead_units(model, loader):
    was_training = [(m, m.training) for m in model.modules()]
    largest, handles, empty = {}, [], True

    def watch(module, args, output, name):
        values = output.detach().transpose(0, 1).flatten(1).max(dim=1).values
        if name not in largest:
            largest[name] = values
        elif len(largest[name]) != len(values):
            raise ValueError(f"ReLU {name!r}: {len(largest[name])} units, and then {len(values)}")
        else:
            largest[name] = torch.maximum(largest[name], values)

    try:
        for name, module in model.named_modules():
            if isinstance(module, nn.ReLU):
                handles.append(module.register_forward_hook(lambda m, a, o, name=name: watch(m, a, o, name)))
        model.eval()
        with torch.no_grad():
            for x, _ in loader:
                empty = False
                model(x)
    finally:
        for h in handles:
            h.remove()
        for m, training in was_training:
            m.training = training
    if empty:
        raise ValueError("no batches in the loader")
    return {name: values <= 0 for name, values in largest.items()}


# %% exercise="dead_units" right="class-and-context"
from contextlib import contextmanager


class Watch:
    def __init__(self, name):
        self.name = name
        self.counts = None

    def __call__(self, module, inputs, output):
        counts = torch.movedim(output > 0, 1, 0).reshape(output.shape[1], -1).sum(1)
        if self.counts is None:
            self.counts = torch.zeros_like(counts)
        if self.counts.numel() != counts.numel():
            raise ValueError("different numbers of units in " + self.name)
        self.counts += counts


@contextmanager
def evaluating(model):
    flags = {name: module.training for name, module in model.named_modules()}
    try:
        yield model.train(False)
    finally:
        for name, module in model.named_modules():
            module.training = flags[name]


def dead_units(model, loader):
    watches, handles = [], []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            watches.append(Watch(name))
            handles.append(module.register_forward_hook(watches[-1]))
    number = 0
    try:
        with evaluating(model), torch.inference_mode():
            for number, (inputs, _) in enumerate(loader, start=1):
                model(inputs)
    finally:
        [handle.remove() for handle in handles]
    if not number:
        raise ValueError("nothing to look at")
    return {watch.name: watch.counts == 0 for watch in watches if watch.counts is not None}


# %% exercise="dead_units" right="exit-stack-and-inputs"
from contextlib import ExitStack


def dead_units(model, loader):
    batches = iter(loader)
    first = next(batches, None)
    if first is None:
        raise ValueError("empty loader")
    dead = {}

    def look(name, module, args, output):
        if output.dim() == 4:
            now = (output <= 0).all(dim=0).all(dim=1).all(dim=1)
        else:
            now = (output <= 0).all(dim=0)
        if name not in dead:
            dead[name] = now
        if dead[name].size() != now.size():
            raise ValueError(f"{name}: {dead[name].size()} and {now.size()}")
        dead[name] = dead[name].logical_and(now)

    with ExitStack() as stack:
        for name, module in model.named_modules():
            stack.callback(setattr, module, "training", module.training)
            if isinstance(module, nn.ReLU):
                stack.enter_context(module.register_forward_hook(lambda m, a, o, name=name: look(name, m, a, o)))
        stack.enter_context(torch.no_grad())
        model.eval()
        while first is not None:
            model(first[0])
            first = next(batches, None)
    return dead


# %% exercise="dead_units" right="deciding-at-the-end"
def dead_units(model, loader):
    seen = {}
    relus = {module: name for name, module in model.named_modules() if isinstance(module, nn.ReLU)}

    def hook(module, inputs, output):
        seen.setdefault(module, []).append(output.clone().amax(dim=[0, *range(2, output.ndim)]))

    modes = [module.training for module in model.modules()]
    hooks = [module.register_forward_hook(hook) for module in relus]
    try:
        with torch.no_grad():
            model.eval()
            any_batch = False
            for batch in loader:
                any_batch = True
                model(batch[0])
        if not any_batch:
            raise ValueError("the loader gave nothing")
        result = {}
        for module, rows in seen.items():
            if len({len(row) for row in rows}) > 1:
                raise ValueError("the ReLU %s has several sizes" % relus[module])
            result[relus[module]] = ~(torch.stack(rows) > 0).any(0)
        return result
    finally:
        for handle in hooks:
            handle.remove()
        for module, mode in zip(model.modules(), modes):
            module.train(mode) if not list(module.children()) else setattr(module, "training", mode)


# %% [markdown]
# # clip_grad_output

# %% exercise="clip_grad_output" mistake="lecture-hook"
"""You edit `grad_output` in place in a full backward hook, as the lecture does. By then torch has used it: neither the
layer's own weights nor, as a rule, earlier layers see your edit."""


def clip_grad_output(module, max_norm):
    def hook(module, grad_input, grad_output):
        total_norm = 0
        for g in grad_output:
            if g is not None:
                total_norm += g.data.norm(2).item() ** 2
        clip_coef = max_norm / (total_norm**0.5 + 1e-6)
        if clip_coef < 1:
            for g in grad_output:
                if g is not None:
                    g.data.mul_(clip_coef)
        return grad_input

    return module.register_full_backward_hook(hook)


# %% exercise="clip_grad_output" mistake="lecture-hook"
def clip_grad_output(module, max_norm):
    def hook(module, grad_input, grad_output):
        norm = torch.sqrt(sum(g.norm() ** 2 for g in grad_output if g is not None))
        if norm > max_norm:
            for g in grad_output:
                if g is not None:
                    g.mul_(max_norm / norm)

    return module.register_full_backward_hook(hook)


# %% exercise="clip_grad_output" mistake="own-weights-not-reached"
"""Earlier layers see a clipped gradient, the module's own weights don't. So yours changes what leaves the module, as a
full backward hook does, or a hook on its inputs. Take one that runs before the module's own backward, and changes what
enters it."""


def clip_grad_output(module, max_norm):
    def hook(module, grad_input, grad_output):
        norm = torch.stack([g.norm() for g in grad_output if g is not None]).norm()
        factor = min(1.0, max_norm / norm.item()) if norm > 0 else 1.0
        return tuple(None if g is None else g * factor for g in grad_input)

    return module.register_full_backward_hook(hook)


# %% exercise="clip_grad_output" mistake="own-weights-not-reached"
def clip_grad_output(module, max_norm):
    def hook(module, grad_input, grad_output):
        norm = torch.stack([g.norm() for g in grad_input if g is not None] or [torch.zeros(())]).norm()
        factor = min(1.0, max_norm / norm.item()) if norm > 0 else 1.0
        return tuple(None if g is None else g * factor for g in grad_input)

    return module.register_full_backward_hook(hook)


# %% exercise="clip_grad_output" mistake="own-weights-not-reached"
def clip_grad_output(module, max_norm):
    def hook(module, args):
        def clip(g):
            norm = g.norm()
            return g * (max_norm / norm) if norm > max_norm else g

        for x in args:
            if x.requires_grad:
                x.register_hook(clip)

    return module.register_forward_pre_hook(hook)


# %% exercise="clip_grad_output" mistake="edited-in-place"
"""You scale the gradient in place. In a sum, the branch beside the module is handed the very same tensor, and would be
clipped as well: make new tensors and return them."""


def clip_grad_output(module, max_norm):
    def hook(module, grad_output):
        total = 0.0
        for g in grad_output:
            if g is not None:
                total += g.norm().item() ** 2
        norm = total**0.5
        if norm <= max_norm:
            return grad_output
        for g in grad_output:
            if g is not None:
                g.mul_(max_norm / norm)
        return grad_output

    return module.register_full_backward_pre_hook(hook)


# %% exercise="clip_grad_output" mistake="edited-in-place"
def clip_grad_output(module, max_norm):
    def hook(module, grad_output):
        total = 0.0
        for g in grad_output:
            if g is not None:
                total += g.norm().item() ** 2
        norm = total**0.5
        if norm <= max_norm:
            return grad_output
        for g in grad_output:
            if g is not None:
                g.data.mul_(max_norm / norm)

    return module.register_full_backward_pre_hook(hook)


# %% exercise="clip_grad_output" mistake="edited-in-place"
def clip_grad_output(module, max_norm):
    def hook(module, grad_output):
        total = 0.0
        for g in grad_output:
            if g is not None:
                total += g.norm().item() ** 2
        norm = total**0.5
        if norm <= max_norm:
            return grad_output
        return tuple(None if g is None else g.mul_(max_norm / norm) for g in grad_output)

    return module.register_full_backward_pre_hook(hook)


# %% exercise="clip_grad_output" mistake="edited-in-place"
def clip_grad_output(module, max_norm):
    def clip(g):
        norm = g.norm()
        if norm > max_norm:
            g *= max_norm / norm

    def hook(module, args, output):
        for tensor in output if isinstance(output, tuple) else (output,):
            if tensor.requires_grad:
                tensor.register_hook(clip)

    return module.register_forward_hook(hook)


# %% exercise="clip_grad_output" mistake="nothing-clipped"
"""No gradient was clipped. What the hook returns takes the place of `grad_output`; a clipped gradient that stays in a
local variable has no effect."""


def clip_grad_output(module, max_norm):
    def hook(module, grad_output):
        total = 0.0
        for g in grad_output:
            if g is not None:
                total += g.norm().item() ** 2
        norm = total**0.5
        if norm <= max_norm:
            return None
        grad_output = tuple(None if g is None else g * (max_norm / norm) for g in grad_output)

    return module.register_full_backward_pre_hook(hook)


# %% exercise="clip_grad_output" mistake="nothing-clipped"
def clip_grad_output(module, max_norm):
    def pre_hook(layer, grads):
        present = [g.flatten() for g in grads if g is not None]
        if present:
            norm = torch.linalg.vector_norm(torch.cat(present))
            coef = torch.clamp(max_norm / (norm + 1e-12), max=1.0)
            grads = tuple(g if g is None else coef * g for g in grads)

    handle = module.register_full_backward_pre_hook(pre_hook)
    return handle


# %% exercise="clip_grad_output" mistake="bare-tensor-returned"
"""Your hook returns a tensor. The hook is given a tuple, and must return one, also if it has one entry only; a tensor
is taken apart along its batch."""


def clip_grad_output(module, max_norm):
    def hook(module, grad_output):
        total = 0.0
        for g in grad_output:
            if g is not None:
                total += g.norm().item() ** 2
        norm = total**0.5
        if norm <= max_norm:
            return grad_output[0]
        return grad_output[0] * (max_norm / norm)

    return module.register_full_backward_pre_hook(hook)


# %% exercise="clip_grad_output" mistake="bare-tensor-returned"
def clip_grad_output(module, max_norm):
    def hook(module, grad_output):
        total = 0.0
        for g in grad_output:
            if g is not None:
                total += g.norm().item() ** 2
        norm = total**0.5
        if norm <= max_norm:
            return None
        return grad_output[0] * (max_norm / norm)

    return module.register_full_backward_pre_hook(hook)


# %% exercise="clip_grad_output" mistake="generator-returned"
"""Your hook returns a generator, because parentheses alone make no tuple. Say `tuple(...)`."""


def clip_grad_output(module, max_norm):
    def hook(module, grad_output):
        total = 0.0
        for g in grad_output:
            if g is not None:
                total += g.norm().item() ** 2
        norm = total**0.5
        if norm <= max_norm:
            return grad_output
        return (None if g is None else g * (max_norm / norm) for g in grad_output)

    return module.register_full_backward_pre_hook(hook)


# %% exercise="clip_grad_output" mistake="clipped-by-value"
"""You cut off each entry by itself. That changes the gradient's direction; the norm is clipped by one factor for all
entries."""


def clip_grad_output(module, max_norm):
    def hook(module, grad_output):
        total = 0.0
        for g in grad_output:
            if g is not None:
                total += g.norm().item() ** 2
        norm = total**0.5
        if norm <= max_norm:
            return grad_output
        return tuple(None if g is None else g.clamp(-max_norm, max_norm) for g in grad_output)

    return module.register_full_backward_pre_hook(hook)


# %% exercise="clip_grad_output" mistake="clipped-by-value"
def clip_grad_output(module, max_norm):
    def hook(module, grad_output):
        return tuple(None if g is None else g.clamp(-max_norm, max_norm) for g in grad_output)
        total = 0.0
        for g in grad_output:
            if g is not None:
                total += g.norm().item() ** 2
        norm = total**0.5
        if norm <= max_norm:
            return grad_output
        return tuple(None if g is None else g * (max_norm / norm) for g in grad_output)

    return module.register_full_backward_pre_hook(hook)


# %% exercise="clip_grad_output" mistake="always-scaled"
"""You bring every gradient to length `max_norm`, small ones too. The factor is at most 1."""


def clip_grad_output(module, max_norm):
    def hook(module, grad_output):
        total = 0.0
        for g in grad_output:
            if g is not None:
                total += g.norm().item() ** 2
        norm = total**0.5
        if norm == 0:
            return grad_output
        return tuple(None if g is None else g * (max_norm / norm) for g in grad_output)

    return module.register_full_backward_pre_hook(hook)


# %% exercise="clip_grad_output" mistake="always-scaled"
def clip_grad_output(module, max_norm):
    def hook(module, grad_output):
        total = 0.0
        for g in grad_output:
            if g is not None:
                total += g.norm().item() ** 2
        norm = total**0.5
        norm = norm or 1.0
        return tuple(None if g is None else g * (max_norm / norm) for g in grad_output)

    return module.register_full_backward_pre_hook(hook)


# %% exercise="clip_grad_output" mistake="always-scaled"
def clip_grad_output(module, max_norm):
    def pre_hook(layer, grads):
        present = [g.flatten() for g in grads if g is not None]
        if present:
            norm = torch.linalg.vector_norm(torch.cat(present))
            coef = max_norm / (norm + 1e-12)
            grads = tuple(g if g is None else coef * g for g in grads)
        return grads

    handle = module.register_full_backward_pre_hook(pre_hook)
    return handle


# %% exercise="clip_grad_output" mistake="always-scaled"
def clip_grad_output(module, max_norm):
    def pre_hook(layer, grads):
        present = [g.flatten() for g in grads if g is not None]
        if present:
            norm = torch.linalg.vector_norm(torch.cat(present))
            coef = torch.clamp(max_norm / (norm + 1e-12), min=1.0)
            grads = tuple(g if g is None else coef * g for g in grads)
        return grads

    handle = module.register_full_backward_pre_hook(pre_hook)
    return handle


# %% exercise="clip_grad_output" mistake="always-scaled"
def clip_grad_output(module, max_norm):
    def hook(module, grad_output):
        norm = torch.stack([g.norm() for g in grad_output if g is not None]).norm()
        return tuple(None if g is None else g * (max_norm / norm) for g in grad_output)

    return module.register_full_backward_pre_hook(hook)


# %% exercise="clip_grad_output" mistake="each-output-by-itself"
"""Where a module has several outputs, you clip each gradient by its own norm. They belong together: one joint norm, one
factor."""


def clip_grad_output(module, max_norm):
    def hook(module, grad_output):
        clipped = []
        for g in grad_output:
            if g is not None and g.norm() > max_norm:
                g = g * (max_norm / g.norm())
            clipped.append(g)
        return tuple(clipped)

    return module.register_full_backward_pre_hook(hook)


# %% exercise="clip_grad_output" mistake="each-output-by-itself"
def clip_grad_output(module, max_norm):
    def pre_hook(layer, grads):
        present = [g.flatten() for g in grads if g is not None]
        if present:
            norm = torch.linalg.vector_norm(torch.cat(present))
            coef = [0 if g is None else min(1.0, max_norm / (g.norm().item() + 1e-12)) for g in grads]
            grads = tuple(g if g is None else c * g for c, g in zip(coef, grads))
        return grads

    handle = module.register_full_backward_pre_hook(pre_hook)
    return handle


# %% exercise="clip_grad_output" mistake="each-output-by-itself"
def clip_grad_output(module, max_norm):
    def clip(g):
        norm = g.norm()
        return g * (max_norm / norm) if norm > max_norm else g

    def hook(module, args, output):
        for tensor in output if isinstance(output, tuple) else (output,):
            if tensor.requires_grad:
                tensor.register_hook(clip)

    return module.register_forward_hook(hook)


# %% exercise="clip_grad_output" mistake="largest-or-sum-of-norms"
"""The joint norm of several gradients is the root of the sum of the squared norms, and neither the sum of the norms nor
the largest of them."""


def clip_grad_output(module, max_norm):
    def hook(module, grad_output):
        total = 0.0
        for g in grad_output:
            if g is not None:
                total += g.norm().item()
        norm = total
        if norm <= max_norm:
            return grad_output
        return tuple(None if g is None else g * (max_norm / norm) for g in grad_output)

    return module.register_full_backward_pre_hook(hook)


# %% exercise="clip_grad_output" mistake="largest-or-sum-of-norms"
def clip_grad_output(module, max_norm):
    def hook(module, grad_output):
        total = 0.0
        for g in grad_output:
            if g is not None:
                total = max(total, g.norm().item() ** 2)
        norm = total**0.5
        if norm <= max_norm:
            return grad_output
        return tuple(None if g is None else g * (max_norm / norm) for g in grad_output)

    return module.register_full_backward_pre_hook(hook)


# %% exercise="clip_grad_output" mistake="not-the-joint-norm"
"""Where a module has several outputs, it is not the joint norm of all their gradients that decides. Look at every entry
of `grad_output`, not at the first alone; any of them may be None. (The old `register_backward_hook` is not given all of
them.)"""


def clip_grad_output(module, max_norm):
    def hook(module, grad_output):
        norm = grad_output[0].norm().item()
        if norm <= max_norm:
            return grad_output
        return tuple(None if g is None else g * (max_norm / norm) for g in grad_output)

    return module.register_full_backward_pre_hook(hook)


# %% exercise="clip_grad_output" mistake="not-the-joint-norm"
def clip_grad_output(module, max_norm):
    def hook(module, grad_output):
        (first, *others) = grad_output
        norm = 0.0 if first is None else first.norm().item()
        if norm <= max_norm:
            return grad_output
        return (first * (max_norm / norm), *others)

    return module.register_full_backward_pre_hook(hook)


# %% exercise="clip_grad_output" mistake="not-the-joint-norm"
def clip_grad_output(module, max_norm):
    def hook(module, grad_output):
        norm = grad_output[0].norm()
        return (grad_output[0] * (max_norm / norm),) if norm > max_norm else None

    return module.register_full_backward_pre_hook(hook)


# %% exercise="clip_grad_output" mistake="legacy-hook"
"""Your hook stands on the module by `register_backward_hook`, the old kind. What it is given, and what it may return,
belongs to the last operation inside of the module, and to no clean border of the module. Take a full one."""


def clip_grad_output(module, max_norm):
    def hook(module, grad_input, grad_output):
        norm = torch.stack([g.norm() for g in grad_output if g is not None]).norm()
        factor = min(1.0, max_norm / norm.item()) if norm > 0 else 1.0
        return tuple(None if g is None else g * factor for g in grad_output)

    return module.register_backward_hook(hook)


# %% exercise="clip_grad_output" mistake="none-not-expected"
"""An output that the loss doesn't use has the gradient None, and your hook fails on it. Pass None on as None."""


def clip_grad_output(module, max_norm):
    def hook(module, grad_output):
        total = 0.0
        for g in grad_output:
            if True:
                total += g.norm().item() ** 2
        norm = total**0.5
        if norm <= max_norm:
            return grad_output
        return tuple(g * (max_norm / norm) for g in grad_output)

    return module.register_full_backward_pre_hook(hook)


# %% exercise="clip_grad_output" mistake="none-not-expected"
def clip_grad_output(module, max_norm):
    def hook(module, grad_output):
        total = 0.0
        for g in grad_output:
            if g is not None:
                total += g.norm().item() ** 2
        norm = total**0.5
        if norm <= max_norm:
            return grad_output
        return tuple(g * (max_norm / norm) for g in grad_output)

    return module.register_full_backward_pre_hook(hook)


# %% exercise="clip_grad_output" mistake="none-not-expected"
def clip_grad_output(module, max_norm):
    def pre_hook(layer, grads):
        present = [g.flatten() for g in grads]
        if present:
            norm = torch.linalg.vector_norm(torch.cat(present))
            coef = torch.clamp(max_norm / (norm + 1e-12), max=1.0)
            grads = tuple(g if g is None else coef * g for g in grads)
        return grads

    handle = module.register_full_backward_pre_hook(pre_hook)
    return handle


# %% exercise="clip_grad_output" mistake="none-becomes-zero"
"""You drop None entries, or put zeros in their place. The hook must return as many entries as it got, None where None
was."""


def clip_grad_output(module, max_norm):
    def hook(module, grad_output):
        total = 0.0
        for g in grad_output:
            if g is not None:
                total += g.norm().item() ** 2
        norm = total**0.5
        if norm <= max_norm:
            return grad_output
        return tuple(g * (max_norm / norm) for g in grad_output if g is not None)

    return module.register_full_backward_pre_hook(hook)


# %% exercise="clip_grad_output" mistake="none-becomes-zero"
class Clip(torch.autograd.Function):
    @staticmethod
    def forward(ctx, max_norm, *tensors):
        ctx.max_norm = max_norm
        return tuple(t.clone() for t in tensors)

    @staticmethod
    def backward(ctx, *grads):
        norm = torch.stack([g.norm() for g in grads]).norm()
        factor = ctx.max_norm / norm if norm > ctx.max_norm else 1.0
        return (None, *[g * factor for g in grads])


def clip_grad_output(module, max_norm):
    def hook(module, args, output):
        if isinstance(output, tuple):
            return Clip.apply(max_norm, *output)
        return Clip.apply(max_norm, output)[0]

    return module.register_forward_hook(hook)


# %% exercise="clip_grad_output" mistake="zero-becomes-nan"
"""A gradient of zeros becomes NaN: max_norm / 0 is infinite, and inf · 0 is no number. Ask first whether the norm is
above `max_norm`."""


def clip_grad_output(module, max_norm):
    def hook(module, grad_output):
        total = 0.0
        for g in grad_output:
            if g is not None:
                total += g.norm().item() ** 2
        norm = total**0.5
        norm = torch.tensor(norm)
        factor = min(1.0, (max_norm / norm)) if norm != 0 else float("nan")
        return tuple(None if g is None else g * factor for g in grad_output)

    return module.register_full_backward_pre_hook(hook)


# %% exercise="clip_grad_output" mistake="zero-becomes-nan"
def clip_grad_output(module, max_norm):
    def hook(module, grad_output):
        norm = torch.stack([g.norm() for g in grad_output if g is not None]).norm()
        return tuple(
            None if g is None else (g / norm) * torch.minimum(norm, torch.tensor(float(max_norm))) for g in grad_output
        )

    return module.register_full_backward_pre_hook(hook)


# %% exercise="clip_grad_output" mistake="division-by-zero"
"""A gradient of zeros stops your hook with a ZeroDivisionError. Ask first whether the norm is above `max_norm`."""


def clip_grad_output(module, max_norm):
    def hook(module, grad_output):
        total = 0.0
        for g in grad_output:
            if g is not None:
                total += g.norm().item() ** 2
        norm = total**0.5
        factor = min(1.0, max_norm / norm)
        return tuple(None if g is None else g * factor for g in grad_output)

    return module.register_full_backward_pre_hook(hook)


# %% exercise="clip_grad_output" mistake="no-handle"
"""You don't return the handle, so nobody can take the clipping away again."""


def clip_grad_output(module, max_norm):
    def hook(module, grad_output):
        total = 0.0
        for g in grad_output:
            if g is not None:
                total += g.norm().item() ** 2
        norm = total**0.5
        if norm <= max_norm:
            return grad_output
        return tuple(None if g is None else g * (max_norm / norm) for g in grad_output)

    module.register_full_backward_pre_hook(hook)


# %% exercise="clip_grad_output" mistake="no-handle"
def clip_grad_output(module, max_norm):
    def hook(module, grad_output):
        total = 0.0
        for g in grad_output:
            if g is not None:
                total += g.norm().item() ** 2
        norm = total**0.5
        if norm <= max_norm:
            return grad_output
        return tuple(None if g is None else g * (max_norm / norm) for g in grad_output)

    return hook, module.register_full_backward_pre_hook(hook)


# %% exercise="clip_grad_output" mistake="no-handle"
def clip_grad_output(module, max_norm):
    def pre_hook(layer, grads):
        present = [g.flatten() for g in grads if g is not None]
        if present:
            norm = torch.linalg.vector_norm(torch.cat(present))
            coef = torch.clamp(max_norm / (norm + 1e-12), max=1.0)
            grads = tuple(g if g is None else coef * g for g in grads)
        return grads

    handle = module.register_full_backward_pre_hook(pre_hook)
    return module


# %% exercise="clip_grad_output" mistake="weights-only"
"""You clip the gradients of the module's own weights. The gradient that enters the module is another thing: from it the
weights' gradients are made, and what earlier layers get."""


def clip_grad_output(module, max_norm):
    def clip(g):
        norm = g.norm()
        return g * (max_norm / norm) if norm > max_norm else g

    handles = [p.register_hook(clip) for p in module.parameters() if p.requires_grad]

    class Handle:
        def remove(self):
            for h in handles:
                h.remove()

    return Handle()


# %% exercise="clip_grad_output" mistake="weights-only"
def clip_grad_output(module, max_norm):
    def clip(p):
        norm = p.grad.norm()
        if norm > max_norm:
            p.grad.mul_(max_norm / norm)

    for p in module.parameters():
        if p.requires_grad:
            handle = p.register_post_accumulate_grad_hook(clip)
    return handle


# %% exercise="clip_grad_output" mistake="output-clipped"
"""You scale what the module gives out in the forward pass. Only the gradient is to be clipped: what the network
computes must stay the same."""


def clip_grad_output(module, max_norm):
    def hook(module, args, output):
        norm = output.norm()
        return output * torch.clamp(max_norm / norm, max=1.0)

    return module.register_forward_hook(hook)


# %% exercise="clip_grad_output" mistake="output-clipped"
def clip_grad_output(module, max_norm):
    def hook(module, args, output):
        if isinstance(output, tuple):
            return output
        norm = output.norm().item()
        return output * min(1.0, max_norm / norm)

    return module.register_forward_hook(hook)


# %% exercise="clip_grad_output" mistake="factor-inverted"
"""Your factor is upside down: norm / max_norm makes long gradients longer."""


def clip_grad_output(module, max_norm):
    def hook(module, grad_output):
        total = 0.0
        for g in grad_output:
            if g is not None:
                total += g.norm().item() ** 2
        norm = total**0.5
        if norm <= max_norm:
            return grad_output
        return tuple(None if g is None else g * (norm / max_norm) for g in grad_output)

    return module.register_full_backward_pre_hook(hook)


# %% exercise="clip_grad_output" mistake="factor-inverted"
def clip_grad_output(module, max_norm):
    def pre_hook(layer, grads):
        present = [g.flatten() for g in grads if g is not None]
        if present:
            norm = torch.linalg.vector_norm(torch.cat(present))
            coef = torch.clamp(norm / max_norm, max=1.0)
            grads = tuple(g if g is None else coef * g for g in grads)
        return grads

    handle = module.register_full_backward_pre_hook(pre_hook)
    return handle


# %% exercise="clip_grad_output" mistake="root-forgotten"
"""Your norm is the sum of squares: the root is missing."""


def clip_grad_output(module, max_norm):
    def hook(module, grad_output):
        total = 0.0
        for g in grad_output:
            if g is not None:
                total += g.norm().item() ** 2
        norm = total
        if norm <= max_norm:
            return grad_output
        return tuple(None if g is None else g * (max_norm / norm) for g in grad_output)

    return module.register_full_backward_pre_hook(hook)


# %% exercise="clip_grad_output" mistake="another-norm"
"""The 2-norm is the root of the sum of the squares. You use another one, the sum or the largest of the absolute
values."""


def clip_grad_output(module, max_norm):
    def hook(module, grad_output):
        total = 0.0
        for g in grad_output:
            if g is not None:
                total += g.abs().sum().item()
        norm = total
        if norm <= max_norm:
            return grad_output
        return tuple(None if g is None else g * (max_norm / norm) for g in grad_output)

    return module.register_full_backward_pre_hook(hook)


# %% exercise="clip_grad_output" mistake="another-norm"
def clip_grad_output(module, max_norm):
    def hook(module, grad_output):
        total = 0.0
        for g in grad_output:
            if g is not None:
                total = max(total, g.abs().max().item())
        norm = total
        if norm <= max_norm:
            return grad_output
        return tuple(None if g is None else g * (max_norm / norm) for g in grad_output)

    return module.register_full_backward_pre_hook(hook)


# %% exercise="clip_grad_output" mistake="each-sample-by-itself"
"""You clip each sample's gradient by itself. The norm is that of the whole gradient, over the batch as well."""


def clip_grad_output(module, max_norm):
    def hook(module, grad_output):
        total = 0.0
        for g in grad_output:
            if g is not None:
                total += g.norm().item() ** 2
        norm = total**0.5
        if norm <= max_norm:
            return grad_output
        return tuple(
            None if g is None else g * (max_norm / g.norm(dim=1, keepdim=True)).clamp(max=1) for g in grad_output
        )

    return module.register_full_backward_pre_hook(hook)


# %% exercise="clip_grad_output" mistake="each-sample-by-itself"
def clip_grad_output(module, max_norm):
    def pre_hook(layer, grads):
        present = [g.flatten() for g in grads if g is not None]
        if present:
            grads = tuple(
                g if g is None else g * (max_norm / (g.norm(dim=-1, keepdim=True) + 1e-12)).clamp(max=1) for g in grads
            )
        return grads

    handle = module.register_full_backward_pre_hook(pre_hook)
    return handle


# %% exercise="clip_grad_output" mistake="once-only"
"""Your clipping works in one backward pass, and then no more. It has to act until the handle is removed."""


def clip_grad_output(module, max_norm):
    def hook(module, grad_output):
        handle.remove()
        total = 0.0
        for g in grad_output:
            if g is not None:
                total += g.norm().item() ** 2
        norm = total**0.5
        if norm <= max_norm:
            return grad_output
        return tuple(None if g is None else g * (max_norm / norm) for g in grad_output)

    handle = module.register_full_backward_pre_hook(hook)
    return handle


# %% exercise="clip_grad_output" mistake="fails-without-gradients"
"""Your forward hook puts a hook on the output, and fails where the output needs no gradient: under `no_grad`, when the
model is evaluated."""


def clip_grad_output(module, max_norm):
    def clip(g):
        norm = g.norm()
        return g * (max_norm / norm) if norm > max_norm else g

    def hook(module, args, output):
        for tensor in output if isinstance(output, tuple) else (output,):
            tensor.register_hook(clip)

    return module.register_forward_hook(hook)


# %% exercise="clip_grad_output" mistake="all-modules-inside"
"""You also hook the modules inside of the module, or other ones. Only what enters this very module is to be clipped."""


def clip_grad_output(module, max_norm):
    def hook(module, grad_output):
        total = 0.0
        for g in grad_output:
            if g is not None:
                total += g.norm().item() ** 2
        norm = total**0.5
        if norm <= max_norm:
            return grad_output
        return tuple(None if g is None else g * (max_norm / norm) for g in grad_output)

    return [m.register_full_backward_pre_hook(hook) for m in module.modules()][0]


# %% exercise="clip_grad_output" mistake="global-hook"
"""Gradients of other modules are clipped as well, as by a hook for all modules of the program at once. Only this module
is meant."""


def clip_grad_output(module, max_norm):
    def hook(module, grad_output):
        total = 0.0
        for g in grad_output:
            if g is not None:
                total += g.norm().item() ** 2
        norm = total**0.5
        if norm <= max_norm:
            return grad_output
        return tuple(None if g is None else g * (max_norm / norm) for g in grad_output)

    return torch.nn.modules.module.register_module_full_backward_pre_hook(hook)


# %% exercise="clip_grad_output" right="clamp-and-cat"
def clip_grad_output(module, max_norm):
    def pre_hook(layer, grads):
        present = [g.flatten() for g in grads if g is not None]
        if present:
            norm = torch.linalg.vector_norm(torch.cat(present))
            coef = torch.clamp(max_norm / (norm + 1e-12), max=1.0)
            grads = tuple(g if g is None else coef * g for g in grads)
        return grads

    handle = module.register_full_backward_pre_hook(pre_hook)
    return handle


# %% exercise="clip_grad_output" right="tensor-hooks-jointly"
def clip_grad_output(module, max_norm):
    class Clip(torch.autograd.Function):
        @staticmethod
        def forward(ctx, *tensors):
            ctx.set_materialize_grads(False)
            return tuple(t.view_as(t) for t in tensors)

        @staticmethod
        def backward(ctx, *grads):
            norm = math.sqrt(sum(g.square().sum().item() for g in grads if g is not None))
            factor = max_norm / norm if norm > max_norm else 1.0
            return tuple(None if g is None else g * factor for g in grads)

    def hook(module, args, output):
        if isinstance(output, torch.Tensor):
            return Clip.apply(output)[0]
        return Clip.apply(*output)

    return module.register_forward_hook(hook)


# %% exercise="clip_grad_output" right="callable-object"
class Clipper:
    def __init__(self, limit):
        self.limit = limit

    def factor(self, grads):
        norms = torch.tensor([0.0 if g is None else torch.linalg.norm(g) for g in grads])
        norm = norms.norm().item()
        return self.limit / norm if norm > self.limit else None

    def __call__(self, module, grad_output):
        factor = self.factor(grad_output)
        if factor is None:
            return None
        return tuple(map(lambda g: g if g is None else torch.mul(g, factor), grad_output))


def clip_grad_output(module, max_norm):
    return module.register_full_backward_pre_hook(Clipper(float(max_norm)))


# %% exercise="clip_grad_output" right="eps-as-torch-does"
from functools import partial


def _clip(max_norm, module, grad_output):
    total = sum((g**2).sum() for g in grad_output if g is not None) ** 0.5
    coef = max_norm / (total + 1e-6)
    return tuple(g * coef if g is not None and coef < 1 else g for g in grad_output)


def clip_grad_output(module, max_norm):
    return module.register_full_backward_pre_hook(partial(_clip, max_norm))


# %% exercise="clip_grad_output" right="clone-then-scale"
def clip_grad_output(module, max_norm):
    def hook(module, grad_output):
        copies = [g.clone() if g is not None else None for g in grad_output]
        flat = [c.reshape(-1) for c in copies if c is not None]
        norm = float(torch.cat(flat).pow(2).sum().sqrt()) if flat else 0.0
        if norm > max_norm:
            for c in copies:
                if c is not None:
                    c.mul_(max_norm).div_(norm)
        return tuple(copies)

    return module.register_full_backward_pre_hook(hook, prepend=False)


# %% [markdown]
# # clip_each_parameter

# %% exercise="clip_each_parameter" mistake="before-accumulation"
"""You clip what one backward pass brings, before it is added to `.grad`. Two gradients of length 1 then add up to one
of length 2: the accumulated gradient is what has to be clipped."""


def clip_each_parameter(model, max_norm):
    def hook(grad):
        norm = grad.norm()
        if norm > max_norm:
            return grad * (max_norm / norm)
        return grad

    return [p.register_hook(hook) for p in model.parameters() if p.requires_grad]


# %% exercise="clip_each_parameter" mistake="before-accumulation"
def clip_each_parameter(model, max_norm):
    def hook(grad):
        return grad * min(1.0, max_norm / (grad.norm().item() + 1e-12))

    return [p.register_hook(hook) for p in model.parameters() if p.requires_grad]


# %% exercise="clip_each_parameter" mistake="before-accumulation"
def clip_each_parameter(model, max_norm):
    def hook(grad):
        norm = grad.norm()
        if norm > max_norm:
            grad.mul_(max_norm / norm)

    return [p.register_hook(hook) for p in model.parameters() if p.requires_grad]


# %% exercise="clip_each_parameter" mistake="one-norm-for-all"
"""You use one norm for all parameters together. Each is to be clipped by its own."""


def clip_each_parameter(model, max_norm):
    def hook(p):
        grads = [q.grad for q in model.parameters() if q.grad is not None]
        norm = torch.stack([g.norm() for g in grads]).norm()
        if norm > max_norm:
            for g in grads:
                g.mul_(max_norm / norm)

    handles = []
    for p in model.parameters():
        if p.requires_grad:
            handles.append(p.register_post_accumulate_grad_hook(hook))
    return handles


# %% exercise="clip_each_parameter" mistake="one-norm-for-all"
def clip_each_parameter(model, max_norm):
    def hook(p):
        torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm)

    handles = []
    for p in model.parameters():
        if p.requires_grad:
            handles.append(p.register_post_accumulate_grad_hook(hook))
    return handles


# %% exercise="clip_each_parameter" mistake="clipped-at-once"
"""You clip what is in `.grad` at the moment of the call, and register nothing. It has to happen after every backward
pass from then on: that is work for a hook."""


def clip_each_parameter(model, max_norm):
    for p in model.parameters():
        if p.grad is not None:
            norm = p.grad.norm()
            if norm > max_norm:
                p.grad.mul_(max_norm / norm)
    return []


# %% exercise="clip_each_parameter" mistake="clipped-at-once"
def clip_each_parameter(model, max_norm):
    handles = []
    for p in model.parameters():
        if p.grad is not None:
            torch.nn.utils.clip_grad_norm_([p], max_norm)
            handles.append(p)
    return handles


# %% exercise="clip_each_parameter" mistake="always-scaled"
"""You bring every gradient to length `max_norm`, short ones too. The factor is at most 1."""


def clip_each_parameter(model, max_norm):
    def hook(p):
        norm = p.grad.norm()
        if norm > 0:
            p.grad.mul_(max_norm / norm)

    handles = []
    for p in model.parameters():
        if p.requires_grad:
            handles.append(p.register_post_accumulate_grad_hook(hook))
    return handles


# %% exercise="clip_each_parameter" mistake="always-scaled"
def clip_each_parameter(model, max_norm):
    handles = []
    for name, param in model.named_parameters():
        if not param.requires_grad:
            continue

        def clip(param):
            with torch.no_grad():
                size = torch.linalg.vector_norm(param.grad)
                param.grad = param.grad * max_norm / (size + 1e-9)

        handles.append(param.register_post_accumulate_grad_hook(clip))
    return handles


# %% exercise="clip_each_parameter" mistake="zero-becomes-nan"
"""A gradient of zeros becomes NaN, or stops you with an error: you divide by its norm. Ask first whether the norm is
above `max_norm`."""


def clip_each_parameter(model, max_norm):
    def hook(p):
        norm = p.grad.norm()
        p.grad.mul_(torch.clamp(norm, max=max_norm) / norm)

    handles = []
    for p in model.parameters():
        if p.requires_grad:
            handles.append(p.register_post_accumulate_grad_hook(hook))
    return handles


# %% exercise="clip_each_parameter" mistake="zero-becomes-nan"
def clip_each_parameter(model, max_norm):
    def hook(p):
        norm = p.grad.norm()
        p.grad = p.grad / norm * min(norm, max_norm)

    handles = []
    for p in model.parameters():
        if p.requires_grad:
            handles.append(p.register_post_accumulate_grad_hook(hook))
    return handles


# %% exercise="clip_each_parameter" mistake="zero-becomes-nan"
def clip_each_parameter(model, max_norm):
    def hook(p):
        p.grad.mul_(min(1.0, max_norm / p.grad.norm().item()))

    handles = []
    for p in model.parameters():
        if p.requires_grad:
            handles.append(p.register_post_accumulate_grad_hook(hook))
    return handles


# %% exercise="clip_each_parameter" mistake="frozen-parameters-fail"
"""A frozen Parameter refuses the hook with a RuntimeError, and your function stops there. Skip those that need no
gradient."""


def clip_each_parameter(model, max_norm):
    def hook(p):
        norm = p.grad.norm()
        if norm > max_norm:
            p.grad.mul_(max_norm / norm)

    handles = []
    for p in model.parameters():
        if True:
            handles.append(p.register_post_accumulate_grad_hook(hook))
    return handles


# %% exercise="clip_each_parameter" mistake="frozen-parameters-fail"
def clip_each_parameter(model, max_norm):
    handles = []
    for name, param in model.named_parameters():

        def clip(param):
            with torch.no_grad():
                size = torch.linalg.vector_norm(param.grad)
                param.grad = param.grad * torch.clamp(max_norm / (size + 1e-9), max=1.0)

        handles.append(param.register_post_accumulate_grad_hook(clip))
    return handles


# %% exercise="clip_each_parameter" mistake="handles-missing"
"""Not every handle is in what you return, so that nobody can end the clipping. There is one for each hook: a list of
all of them is asked for."""


def clip_each_parameter(model, max_norm):
    def hook(p):
        norm = p.grad.norm()
        if norm > max_norm:
            p.grad.mul_(max_norm / norm)

    handles = []
    for p in model.parameters():
        if p.requires_grad:
            handles.append(p.register_post_accumulate_grad_hook(hook))


# %% exercise="clip_each_parameter" mistake="handles-missing"
def clip_each_parameter(model, max_norm):
    def hook(p):
        norm = p.grad.norm()
        if norm > max_norm:
            p.grad.mul_(max_norm / norm)

    handles = []
    for p in model.parameters():
        if p.requires_grad:
            handles = [p.register_post_accumulate_grad_hook(hook)]
    return handles


# %% exercise="clip_each_parameter" mistake="handles-missing"
def clip_each_parameter(model, max_norm):
    def hook(p):
        norm = p.grad.norm()
        if norm > max_norm:
            p.grad.mul_(max_norm / norm)

    handles = []
    for p in model.parameters():
        if p.requires_grad:
            handles.append(p.register_post_accumulate_grad_hook(hook))
    return handles[:1]


# %% exercise="clip_each_parameter" mistake="handles-missing"
def clip_each_parameter(model, max_norm):
    def hook(p):
        norm = p.grad.norm()
        if norm > max_norm:
            p.grad.mul_(max_norm / norm)

    handles = []
    for p in model.parameters():
        if p.requires_grad:
            handles.append(p.register_post_accumulate_grad_hook(hook))
    return handles[-1]


# %% exercise="clip_each_parameter" mistake="handles-missing"
def clip_each_parameter(model, max_norm):
    def hook(p):
        norm = p.grad.norm()
        if norm > max_norm:
            p.grad.mul_(max_norm / norm)

    handles = []
    for p in model.parameters():
        if p.requires_grad:
            p.register_post_accumulate_grad_hook(hook)
            handles.append(hook)
    return handles


# %% exercise="clip_each_parameter" mistake="handles-missing"
def clip_each_parameter(model, max_norm):
    def hook(p):
        norm = p.grad.norm()
        if norm > max_norm:
            p.grad.mul_(max_norm / norm)

    handles = []
    for p in model.parameters():
        if p.requires_grad:
            handles.append(p.register_post_accumulate_grad_hook(hook))
    return []


# %% exercise="clip_each_parameter" mistake="handles-missing"
def clip_each_parameter(model, max_norm):
    def hook(p):
        norm = p.grad.norm()
        if norm > max_norm:
            p.grad.mul_(max_norm / norm)

    for module in model.modules():
        own = [p for p in module.parameters(recurse=False) if p.requires_grad]
        if own:
            handles = []
        for p in own:
            handles.append(p.register_post_accumulate_grad_hook(hook))
    return handles


# %% exercise="clip_each_parameter" mistake="handles-missing"
def clip_each_parameter(model, max_norm):
    def hook(p):
        norm = p.grad.norm()
        if norm > max_norm:
            p.grad.mul_(max_norm / norm)

    handles = []
    done = set()
    for module in model.modules():
        own = [p for p in module.parameters(recurse=False) if p.requires_grad and p not in done]
        if own:
            handles = [p.register_post_accumulate_grad_hook(hook) for p in own]
        done.update(own)
    return handles


# %% exercise="clip_each_parameter" mistake="no-list"
"""What you return is no list: a generator, a tuple or a dict is something else, and a generator has not even registered
anything yet."""


def clip_each_parameter(model, max_norm):
    def hook(p):
        norm = p.grad.norm()
        if norm > max_norm:
            p.grad.mul_(max_norm / norm)

    handles = []
    for p in model.parameters():
        if p.requires_grad:
            handles.append(p.register_post_accumulate_grad_hook(hook))
    return tuple(handles)


# %% exercise="clip_each_parameter" mistake="no-list"
def clip_each_parameter(model, max_norm):
    def hook(p):
        norm = p.grad.norm()
        if norm > max_norm:
            p.grad.mul_(max_norm / norm)

    return (p.register_post_accumulate_grad_hook(hook) for p in model.parameters() if p.requires_grad)


# %% exercise="clip_each_parameter" mistake="no-list"
def clip_each_parameter(model, max_norm):
    def hook(p):
        norm = p.grad.norm()
        if norm > max_norm:
            p.grad.mul_(max_norm / norm)

    handles = []
    for p in model.parameters():
        if p.requires_grad:
            handles.append(p.register_post_accumulate_grad_hook(hook))
    return dict(enumerate(handles))


# %% exercise="clip_each_parameter" mistake="clipped-by-value"
"""You cut off each entry by itself. That changes the direction; the norm is clipped by one factor for all entries of
the gradient."""


def clip_each_parameter(model, max_norm):
    def hook(p):
        norm = p.grad.norm()
        if norm > max_norm:
            p.grad.clamp_(-max_norm, max_norm)

    handles = []
    for p in model.parameters():
        if p.requires_grad:
            handles.append(p.register_post_accumulate_grad_hook(hook))
    return handles


# %% exercise="clip_each_parameter" mistake="clipped-by-value"
def clip_each_parameter(model, max_norm):
    def hook(p):
        p.grad.clamp_(-max_norm, max_norm)

    handles = []
    for p in model.parameters():
        if p.requires_grad:
            handles.append(p.register_post_accumulate_grad_hook(hook))
    return handles


# %% exercise="clip_each_parameter" mistake="clipped-by-value"
def clip_each_parameter(model, max_norm):
    def hook(p):
        torch.nn.utils.clip_grad_value_([p], max_norm)

    handles = []
    for p in model.parameters():
        if p.requires_grad:
            handles.append(p.register_post_accumulate_grad_hook(hook))
    return handles


# %% exercise="clip_each_parameter" mistake="parameter-clipped"
"""Your hook scales or measures the Parameter. It is given the Parameter, and what is to be clipped is its `.grad`."""


def clip_each_parameter(model, max_norm):
    def hook(p):
        norm = p.norm()
        if norm > max_norm:
            p.grad.mul_(max_norm / norm)

    handles = []
    for p in model.parameters():
        if p.requires_grad:
            handles.append(p.register_post_accumulate_grad_hook(hook))
    return handles


# %% exercise="clip_each_parameter" mistake="parameter-clipped"
def clip_each_parameter(model, max_norm):
    def hook(p):
        norm = p.grad.norm()
        if norm > max_norm:
            p.data.mul_(max_norm / norm)

    handles = []
    for p in model.parameters():
        if p.requires_grad:
            handles.append(p.register_post_accumulate_grad_hook(hook))
    return handles


# %% exercise="clip_each_parameter" mistake="parameter-clipped"
def clip_each_parameter(model, max_norm):
    def hook(p):
        norm = p.detach().norm()
        if norm > max_norm:
            p.data.mul_(max_norm / norm)

    handles = []
    for p in model.parameters():
        if p.requires_grad:
            handles.append(p.register_post_accumulate_grad_hook(hook))
    return handles


# %% exercise="clip_each_parameter" mistake="result-not-stored"
"""You compute the clipped gradient, and don't put it anywhere. Change `.grad` itself."""


def clip_each_parameter(model, max_norm):
    def hook(p):
        norm = p.grad.norm()
        if norm > max_norm:
            grad = p.grad
            grad = grad * (max_norm / norm)

    handles = []
    for p in model.parameters():
        if p.requires_grad:
            handles.append(p.register_post_accumulate_grad_hook(hook))
    return handles


# %% exercise="clip_each_parameter" mistake="result-not-stored"
def clip_each_parameter(model, max_norm):
    def hook(p):
        norm = p.grad.norm()
        if norm > max_norm:
            p.grad.mul(max_norm / norm)

    handles = []
    for p in model.parameters():
        if p.requires_grad:
            handles.append(p.register_post_accumulate_grad_hook(hook))
    return handles


# %% exercise="clip_each_parameter" mistake="hook-returns"
"""Your hook returns something. From a hook that comes after the accumulation torch takes nothing but None, and stops
with a RuntimeError otherwise: change `.grad` itself, and return nothing."""


def clip_each_parameter(model, max_norm):
    def hook(p):
        norm = p.grad.norm()
        if norm > max_norm:
            return p.grad * (max_norm / norm)

    handles = []
    for p in model.parameters():
        if p.requires_grad:
            handles.append(p.register_post_accumulate_grad_hook(hook))
    return handles


# %% exercise="clip_each_parameter" mistake="hook-returns"
def clip_each_parameter(model, max_norm):
    def hook(p):
        norm = p.grad.norm()
        if norm > max_norm:
            p.grad.mul_(max_norm / norm)
        return p.grad

    handles = []
    for p in model.parameters():
        if p.requires_grad:
            handles.append(p.register_post_accumulate_grad_hook(hook))
    return handles


# %% exercise="clip_each_parameter" mistake="hook-returns"
def clip_each_parameter(model, max_norm):
    def hook(p):
        return torch.nn.utils.clip_grad_norm_([p], max_norm)

    handles = []
    for p in model.parameters():
        if p.requires_grad:
            handles.append(p.register_post_accumulate_grad_hook(hook))
    return handles


# %% exercise="clip_each_parameter" mistake="hook-returns"
def clip_each_parameter(model, max_norm):
    def hook(grad):
        norm = grad.norm()
        return grad * (max_norm / norm) if norm > max_norm else grad

    handles = []
    for p in model.parameters():
        if p.requires_grad:
            handles.append(p.register_post_accumulate_grad_hook(hook))
    return handles


# %% exercise="clip_each_parameter" mistake="factor-inverted"
"""Your factor is upside down: norm / max_norm makes long gradients longer."""


def clip_each_parameter(model, max_norm):
    def hook(p):
        norm = p.grad.norm()
        if norm > max_norm:
            p.grad.mul_(norm / max_norm)

    handles = []
    for p in model.parameters():
        if p.requires_grad:
            handles.append(p.register_post_accumulate_grad_hook(hook))
    return handles


# %% exercise="clip_each_parameter" mistake="factor-inverted"
def clip_each_parameter(model, max_norm):
    def hook(p):
        norm = p.grad.norm()
        if norm > max_norm:
            p.grad.div_(max_norm / norm)

    handles = []
    for p in model.parameters():
        if p.requires_grad:
            handles.append(p.register_post_accumulate_grad_hook(hook))
    return handles


# %% exercise="clip_each_parameter" mistake="late-binding"
"""All your hooks clip the last Parameter. A function made in a loop looks the loop's variable up when it runs: use the
Parameter that the hook is given."""


def clip_each_parameter(model, max_norm):
    handles = []
    for name, param in model.named_parameters():
        if not param.requires_grad:
            continue

        def clip(_):
            with torch.no_grad():
                size = torch.linalg.vector_norm(param.grad)
                param.grad = param.grad * torch.clamp(max_norm / (size + 1e-9), max=1.0)

        handles.append(param.register_post_accumulate_grad_hook(clip))
    return handles


# %% exercise="clip_each_parameter" mistake="late-binding"
def clip_each_parameter(model, max_norm):
    handles = []
    for p in model.parameters():
        if p.requires_grad:

            def hook(q):
                norm = p.grad.norm() if p.grad is not None else 0
                if norm > max_norm:
                    p.grad.mul_(max_norm / norm)

            handles.append(p.register_post_accumulate_grad_hook(hook))
    return handles


# %% exercise="clip_each_parameter" mistake="own-parameters-only"
"""Parameters of submodules, or some of them, are not clipped. `model.parameters()` has them all."""


def clip_each_parameter(model, max_norm):
    def hook(p):
        norm = p.grad.norm()
        if norm > max_norm:
            p.grad.mul_(max_norm / norm)

    handles = []
    for p in next(model.children()).parameters():
        if p.requires_grad:
            handles.append(p.register_post_accumulate_grad_hook(hook))
    return handles


# %% exercise="clip_each_parameter" mistake="own-parameters-only"
def clip_each_parameter(model, max_norm):
    def hook(p):
        norm = p.grad.norm()
        if norm > max_norm:
            p.grad.mul_(max_norm / norm)

    handles = []
    for child in list(model.children())[-1:]:
        for p in child.parameters():
            if p.requires_grad:
                handles.append(p.register_post_accumulate_grad_hook(hook))
    return handles


# %% exercise="clip_each_parameter" mistake="own-parameters-only"
def clip_each_parameter(model, max_norm):
    def hook(p):
        norm = p.grad.norm()
        if norm > max_norm:
            p.grad.mul_(max_norm / norm)

    handles = []
    done = set()
    for child in model.children():
        for p in child.parameters():
            if p.requires_grad and p not in done:
                done.add(p)
                handles.append(p.register_post_accumulate_grad_hook(hook))
    return handles


# %% exercise="clip_each_parameter" mistake="weights-only"
"""You clip the weights' gradients only. A bias is a Parameter like any other."""


def clip_each_parameter(model, max_norm):
    handles = []
    for name, param in model.named_parameters():
        if not param.requires_grad or not name.endswith("weight"):
            continue

        def clip(param):
            with torch.no_grad():
                size = torch.linalg.vector_norm(param.grad)
                param.grad = param.grad * torch.clamp(max_norm / (size + 1e-9), max=1.0)

        handles.append(param.register_post_accumulate_grad_hook(clip))
    return handles


# %% exercise="clip_each_parameter" mistake="weights-only"
def clip_each_parameter(model, max_norm):
    def hook(p):
        norm = p.grad.norm()
        if norm > max_norm:
            p.grad.mul_(max_norm / norm)

    handles = []
    for p in model.parameters():
        if p.requires_grad and p.dim() > 1:
            handles.append(p.register_post_accumulate_grad_hook(hook))
    return handles


# %% exercise="clip_each_parameter" mistake="at-another-time"
"""What stands in `.grad` after a backward pass is not clipped, or was clipped too early. A module's backward hook runs
before a parameter's gradient is complete; a hook of the Parameter's own, called after the accumulation, sees it in
time."""


def clip_each_parameter(model, max_norm):
    def hook(module, grad_input, grad_output):
        for p in module.parameters(recurse=False):
            if p.grad is not None:
                norm = p.grad.norm()
                if norm > max_norm:
                    p.grad.mul_(max_norm / norm)

    return [m.register_full_backward_hook(hook) for m in model.modules() if list(m.parameters(recurse=False))]


# %% exercise="clip_each_parameter" mistake="at-another-time"
def clip_each_parameter(model, max_norm):
    def hook(module, grad_input, grad_output):
        for p in module.parameters():
            if p.grad is not None:
                norm = p.grad.norm()
                if norm > max_norm:
                    p.grad.mul_(max_norm / norm)

    return [model.register_full_backward_hook(hook)]


# %% exercise="clip_each_parameter" mistake="at-another-time"
def clip_each_parameter(model, max_norm):
    def hook(module, grad_output):
        g = grad_output[0]
        norm = g.norm()
        return (g * (max_norm / norm),) if norm > max_norm else None

    return [m.register_full_backward_pre_hook(hook) for m in model.modules() if list(m.parameters(recurse=False))]


# %% exercise="clip_each_parameter" mistake="once-only"
"""Your hook acts after the first backward pass, and then no more. It has to act until the handles are removed."""


def clip_each_parameter(model, max_norm):
    handles = {}

    def hook(p):
        norm = p.grad.norm()
        if norm > max_norm:
            p.grad.mul_(max_norm / norm)
        handles[p].remove()

    for p in model.parameters():
        if p.requires_grad:
            handles[p] = p.register_post_accumulate_grad_hook(hook)
    return list(handles.values())


# %% exercise="clip_each_parameter" mistake="root-forgotten"
"""Your norm is the sum of squares: the root is missing."""


def clip_each_parameter(model, max_norm):
    def hook(p):
        norm = p.grad.square().sum()
        if norm > max_norm:
            p.grad.mul_(max_norm / norm)

    handles = []
    for p in model.parameters():
        if p.requires_grad:
            handles.append(p.register_post_accumulate_grad_hook(hook))
    return handles


# %% exercise="clip_each_parameter" mistake="root-forgotten"
def clip_each_parameter(model, max_norm):
    def hook(p):
        norm = p.grad.norm() ** 2
        if norm > max_norm:
            p.grad.mul_(max_norm / norm)

    handles = []
    for p in model.parameters():
        if p.requires_grad:
            handles.append(p.register_post_accumulate_grad_hook(hook))
    return handles


# %% exercise="clip_each_parameter" mistake="another-norm"
"""The 2-norm is the root of the sum of the squares. You use another one."""


def clip_each_parameter(model, max_norm):
    def hook(p):
        norm = p.grad.abs().sum()
        if norm > max_norm:
            p.grad.mul_(max_norm / norm)

    handles = []
    for p in model.parameters():
        if p.requires_grad:
            handles.append(p.register_post_accumulate_grad_hook(hook))
    return handles


# %% exercise="clip_each_parameter" mistake="another-norm"
def clip_each_parameter(model, max_norm):
    def hook(p):
        norm = p.grad.abs().max()
        if norm > max_norm:
            p.grad.mul_(max_norm / norm)

    handles = []
    for p in model.parameters():
        if p.requires_grad:
            handles.append(p.register_post_accumulate_grad_hook(hook))
    return handles


# %% exercise="clip_each_parameter" mistake="another-norm"
def clip_each_parameter(model, max_norm):
    def hook(p):
        norm = p.grad.norm(1)
        if norm > max_norm:
            p.grad.mul_(max_norm / norm)

    handles = []
    for p in model.parameters():
        if p.requires_grad:
            handles.append(p.register_post_accumulate_grad_hook(hook))
    return handles


# %% exercise="clip_each_parameter" mistake="largest-singular-value"
"""`torch.linalg.norm(gradient, 2)` of a matrix is its largest singular value, not the root of the sum of all squares. Take
`gradient.norm()`, or `torch.linalg.vector_norm`."""


def clip_each_parameter(model, max_norm):
    def hook(p):
        norm = torch.linalg.norm(p.grad, 2)
        if norm > max_norm:
            p.grad.mul_(max_norm / norm)

    return [p.register_post_accumulate_grad_hook(hook) for p in model.parameters() if p.requires_grad]


# %% exercise="clip_each_parameter" mistake="largest-singular-value"
def clip_each_parameter(model, max_norm):
    def hook(p):
        norm = torch.linalg.matrix_norm(p.grad, 2) if p.grad.dim() == 2 else p.grad.norm()
        if norm > max_norm:
            p.grad.mul_(max_norm / norm)

    return [p.register_post_accumulate_grad_hook(hook) for p in model.parameters() if p.requires_grad]


# %% exercise="clip_each_parameter" mistake="rows-by-themselves"
"""You take norms along one dimension. Each Parameter has one norm, over all of its entries."""


def clip_each_parameter(model, max_norm):
    def hook(p):
        norm = p.grad.norm(dim=-1, keepdim=True)
        p.grad.mul_((max_norm / (norm + 1e-12)).clamp(max=1))

    handles = []
    for p in model.parameters():
        if p.requires_grad:
            handles.append(p.register_post_accumulate_grad_hook(hook))
    return handles


# %% exercise="clip_each_parameter" mistake="rows-by-themselves"
def clip_each_parameter(model, max_norm):
    def hook(p):
        norm = p.grad.norm(dim=0)
        p.grad.mul_((max_norm / (norm + 1e-12)).clamp(max=1))

    handles = []
    for p in model.parameters():
        if p.requires_grad:
            handles.append(p.register_post_accumulate_grad_hook(hook))
    return handles


# %% exercise="clip_each_parameter" right="new-tensor"
def clip_each_parameter(model, max_norm):
    handles = []
    for name, param in model.named_parameters():
        if not param.requires_grad:
            continue

        def clip(param):
            with torch.no_grad():
                size = torch.linalg.vector_norm(param.grad)
                param.grad = param.grad * torch.clamp(max_norm / (size + 1e-9), max=1.0)

        handles.append(param.register_post_accumulate_grad_hook(clip))
    return handles


# %% exercise="clip_each_parameter" right="difference-in-a-tensor-hook"
def clip_each_parameter(model, max_norm):
    def made_for(p):
        def hook(grad):
            old = torch.zeros_like(grad) if p.grad is None else p.grad
            total = old + grad
            norm = total.norm()
            return total * (max_norm / norm) - old if norm > max_norm else grad

        return hook

    return [p.register_hook(made_for(p)) for p in model.parameters() if p.requires_grad]


# %% exercise="clip_each_parameter" right="torch-on-one-parameter"
from torch.nn.utils import clip_grad_norm_


def clip_each_parameter(model, max_norm):
    def hook(p):
        clip_grad_norm_(p, max_norm)

    trainable = filter(lambda p: p.requires_grad, model.parameters())
    return list(map(lambda p: p.register_post_accumulate_grad_hook(hook), trainable))


# %% exercise="clip_each_parameter" right="module-by-module"
from functools import partial


def scale(limit, p):
    length = p.grad.pow(2).sum().sqrt().item()
    if length > limit:
        p.grad.copy_(p.grad * limit / length)


def clip_each_parameter(model, max_norm):
    seen, handles = set(), []
    for module in model.modules():
        for p in module._parameters.values():
            if p is not None and p.requires_grad and id(p) not in seen:
                seen.add(id(p))
                handles.append(p.register_post_accumulate_grad_hook(partial(scale, max_norm)))
    return handles


# %% exercise="clip_each_parameter" right="callable-object"
class Clip:
    def __init__(self, max_norm):
        self.max_norm = max_norm

    @torch.no_grad()
    def __call__(self, p):
        p.grad /= max(1.0, float(p.grad.norm()) / self.max_norm)


def clip_each_parameter(model, max_norm):
    handles = []
    for _, p in model.named_parameters(remove_duplicate=False):
        try:
            handles += [p.register_post_accumulate_grad_hook(Clip(max_norm))]
        except RuntimeError:
            pass
    return handles


# %% [markdown]
# # clip_global_norm

# %% exercise="clip_global_norm" mistake="torch-does-it"
"""You call torch's own clipping. It is the example to follow; here you write it yourself."""


def clip_global_norm(parameters, max_norm):
    return float(torch.nn.utils.clip_grad_norm_(parameters, max_norm, error_if_nonfinite=True))


# %% exercise="clip_global_norm" mistake="torch-does-it"
from torch.nn.utils import clip_grad_norm_


def clip_global_norm(parameters, max_norm):
    parameters = list(parameters)
    if any(p.grad is not None and not p.grad.isfinite().all() for p in parameters):
        raise RuntimeError("not finite")
    return clip_grad_norm_(parameters, max_norm).item()


# %% exercise="clip_global_norm" mistake="torch-does-it"
def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    norm = torch.nn.utils.get_total_norm(grads, error_if_nonfinite=True)
    for g in grads:
        g.mul_((max_norm / (norm + 1e-6)).clamp(max=1))
    return norm.item()


# %% exercise="clip_global_norm" mistake="each-by-itself"
"""You clip each gradient by its own norm. The global norm is that of all together, and there is one factor for all."""


def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return 0.0
    for g in grads:
        if not torch.isfinite(g).all():
            raise RuntimeError("a gradient is not finite")
    total = torch.norm(torch.stack([g.norm() for g in grads])).item()
    for g in grads:
        if g.norm() > max_norm:
            g.mul_(max_norm / g.norm())
    return total


# %% exercise="clip_global_norm" mistake="each-by-itself"
def clip_global_norm(parameters, max_norm):
    parameters = list(parameters)
    total = 0.0
    for p in parameters:
        if p.grad is None:
            continue
        if p.grad.isnan().any() or p.grad.isinf().any():
            raise RuntimeError("NaN or inf in a gradient")
        total += p.grad.pow(2).sum().item()
    total = total**0.5
    for p in parameters:
        if p.grad is not None:
            p.grad.mul_(min(1.0, max_norm / (p.grad.norm().item() + 1e-6)))
    return float(total)


# %% exercise="clip_global_norm" mistake="each-by-itself"
def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return 0.0
    for g in grads:
        if not torch.isfinite(g).all():
            raise RuntimeError("a gradient is not finite")
    total = torch.norm(torch.stack([g.norm() for g in grads])).item()
    if total > max_norm:
        for g in grads:
            g.mul_(min(1.0, max_norm / g.norm().item()))
    return total


# %% exercise="clip_global_norm" mistake="scaled-to-max-norm-each"
"""You scale each gradient to length `max_norm`. Then each of them has that length, and all together are longer; and the
small ones have grown."""


def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return 0.0
    for g in grads:
        if not torch.isfinite(g).all():
            raise RuntimeError("a gradient is not finite")
    total = torch.norm(torch.stack([g.norm() for g in grads])).item()
    if total > max_norm:
        for g in grads:
            g.mul_(max_norm / g.norm())
    return total


# %% exercise="clip_global_norm" mistake="scaled-to-max-norm-each"
def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return 0.0
    for g in grads:
        if not torch.isfinite(g).all():
            raise RuntimeError("a gradient is not finite")
    total = torch.norm(torch.stack([g.norm() for g in grads])).item()
    if total > max_norm:
        for g in grads:
            g.mul_(max_norm / (g.norm() + 1e-6))
    return total


# %% exercise="clip_global_norm" mistake="norms-added"
"""You add up the norms. Lengths of parts are no length of the whole: add up the squares, and take the root."""


def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return 0.0
    for g in grads:
        if not torch.isfinite(g).all():
            raise RuntimeError("a gradient is not finite")
    total = sum(g.norm().item() for g in grads)
    if total > max_norm:
        for g in grads:
            g.mul_(max_norm / total)
    return total


# %% exercise="clip_global_norm" mistake="norms-added"
def clip_global_norm(parameters, max_norm):
    parameters = list(parameters)
    total = 0.0
    for p in parameters:
        if p.grad is None:
            continue
        if p.grad.isnan().any() or p.grad.isinf().any():
            raise RuntimeError("NaN or inf in a gradient")
        total += p.grad.norm().item()
    coef = max_norm / (total + 1e-6)
    if coef < 1:
        with torch.no_grad():
            for p in parameters:
                if p.grad is not None:
                    p.grad *= coef
    return float(total)


# %% exercise="clip_global_norm" mistake="norms-added"
def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return 0.0
    for g in grads:
        if not torch.isfinite(g).all():
            raise RuntimeError("a gradient is not finite")
    total = torch.stack([g.norm() for g in grads]).sum().item()
    if total > max_norm:
        for g in grads:
            g.mul_(max_norm / total)
    return total


# %% exercise="clip_global_norm" mistake="norms-averaged"
"""You take the mean or the largest of the norms. The total norm is the root of the sum of all squares."""


def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return 0.0
    for g in grads:
        if not torch.isfinite(g).all():
            raise RuntimeError("a gradient is not finite")
    total = sum(g.norm().item() for g in grads) / len(grads)
    if total > max_norm:
        for g in grads:
            g.mul_(max_norm / total)
    return total


# %% exercise="clip_global_norm" mistake="norms-averaged"
def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return 0.0
    for g in grads:
        if not torch.isfinite(g).all():
            raise RuntimeError("a gradient is not finite")
    total = max(g.norm().item() for g in grads)
    if total > max_norm:
        for g in grads:
            g.mul_(max_norm / total)
    return total


# %% exercise="clip_global_norm" mistake="root-forgotten"
"""Your total is the sum of the squares: the root is missing."""


def clip_global_norm(parameters, max_norm):
    parameters = list(parameters)
    total = 0.0
    for p in parameters:
        if p.grad is None:
            continue
        if p.grad.isnan().any() or p.grad.isinf().any():
            raise RuntimeError("NaN or inf in a gradient")
        total += p.grad.pow(2).sum().item()
    coef = max_norm / (total + 1e-6)
    if coef < 1:
        with torch.no_grad():
            for p in parameters:
                if p.grad is not None:
                    p.grad *= coef
    return float(total)


# %% exercise="clip_global_norm" mistake="root-forgotten"
def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return 0.0
    for g in grads:
        if not torch.isfinite(g).all():
            raise RuntimeError("a gradient is not finite")
    total = sum(g.norm().item() ** 2 for g in grads)
    if total > max_norm:
        for g in grads:
            g.mul_(max_norm / total)
    return total


# %% exercise="clip_global_norm" mistake="squares-forgotten"
"""Your total is the root of the sum of the norms: they have to be squared before they are added."""


def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return 0.0
    for g in grads:
        if not torch.isfinite(g).all():
            raise RuntimeError("a gradient is not finite")
    total = sum(g.norm().item() for g in grads) ** 0.5
    if total > max_norm:
        for g in grads:
            g.mul_(max_norm / total)
    return total


# %% exercise="clip_global_norm" mistake="squares-forgotten"
def clip_global_norm(parameters, max_norm):
    parameters = list(parameters)
    total = 0.0
    for p in parameters:
        if p.grad is None:
            continue
        if p.grad.isnan().any() or p.grad.isinf().any():
            raise RuntimeError("NaN or inf in a gradient")
        total += p.grad.norm().item()
    total = total**0.5
    coef = max_norm / (total + 1e-6)
    if coef < 1:
        with torch.no_grad():
            for p in parameters:
                if p.grad is not None:
                    p.grad *= coef
    return float(total)


# %% exercise="clip_global_norm" mistake="another-norm"
"""The 2-norm is the root of the sum of the squares. You use another one: absolute values, or the largest."""


def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return 0.0
    for g in grads:
        if not torch.isfinite(g).all():
            raise RuntimeError("a gradient is not finite")
    total = sum(g.abs().sum().item() for g in grads)
    if total > max_norm:
        for g in grads:
            g.mul_(max_norm / total)
    return total


# %% exercise="clip_global_norm" mistake="another-norm"
def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return 0.0
    for g in grads:
        if not torch.isfinite(g).all():
            raise RuntimeError("a gradient is not finite")
    total = max(g.abs().max().item() for g in grads)
    if total > max_norm:
        for g in grads:
            g.mul_(max_norm / total)
    return total


# %% exercise="clip_global_norm" mistake="norm-from-after"
"""You return the norm from after the clipping. The one from before is the interesting one: it says how bad it was."""


def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return 0.0
    for g in grads:
        if not torch.isfinite(g).all():
            raise RuntimeError("a gradient is not finite")
    total = torch.norm(torch.stack([g.norm() for g in grads])).item()
    if total > max_norm:
        for g in grads:
            g.mul_(max_norm / total)
    return torch.norm(torch.stack([g.norm() for g in grads])).item()


# %% exercise="clip_global_norm" mistake="norm-from-after"
def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return 0.0
    for g in grads:
        if not torch.isfinite(g).all():
            raise RuntimeError("a gradient is not finite")
    total = torch.norm(torch.stack([g.norm() for g in grads])).item()
    if total > max_norm:
        for g in grads:
            g.mul_(max_norm / total)
    return min(total, max_norm)


# %% exercise="clip_global_norm" mistake="norm-from-after"
def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return 0.0
    for g in grads:
        if not torch.isfinite(g).all():
            raise RuntimeError("a gradient is not finite")
    total = torch.norm(torch.stack([g.norm() for g in grads])).item()
    if total > max_norm:
        for g in grads:
            g.mul_(max_norm / total)
        total = float(max_norm)
    return total


# %% exercise="clip_global_norm" mistake="tensor-returned"
"""You return a tensor. It prints like a number, but it is none: `.item()` makes one."""


def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return 0.0
    for g in grads:
        if not torch.isfinite(g).all():
            raise RuntimeError("a gradient is not finite")
    total = torch.norm(torch.stack([g.norm() for g in grads]))
    if total > max_norm:
        for g in grads:
            g.mul_(max_norm / total)
    return total


# %% exercise="clip_global_norm" mistake="tensor-returned"
def clip_global_norm(parameters, max_norm):
    parameters = list(parameters)
    total = 0.0
    for p in parameters:
        if p.grad is None:
            continue
        if p.grad.isnan().any() or p.grad.isinf().any():
            raise RuntimeError("NaN or inf in a gradient")
        total += p.grad.pow(2).sum()
    total = total**0.5
    coef = max_norm / (total + 1e-6)
    if coef < 1:
        with torch.no_grad():
            for p in parameters:
                if p.grad is not None:
                    p.grad *= coef
    return total


# %% exercise="clip_global_norm" mistake="tensor-returned"
def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return 0.0
    for g in grads:
        if not torch.isfinite(g).all():
            raise RuntimeError("a gradient is not finite")
    total = torch.norm(torch.stack([g.norm() for g in grads])).item()
    if total > max_norm:
        for g in grads:
            g.mul_(max_norm / total)
    return torch.tensor(total)


# %% exercise="clip_global_norm" mistake="nothing-returned"
"""Your function returns None. The total norm from before is wanted, for the log: return it; to print it is not
enough."""


def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return 0.0
    for g in grads:
        if not torch.isfinite(g).all():
            raise RuntimeError("a gradient is not finite")
    total = torch.norm(torch.stack([g.norm() for g in grads])).item()
    if total > max_norm:
        for g in grads:
            g.mul_(max_norm / total)


# %% exercise="clip_global_norm" mistake="nothing-returned"
def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return 0.0
    for g in grads:
        if not torch.isfinite(g).all():
            raise RuntimeError("a gradient is not finite")
    total = torch.norm(torch.stack([g.norm() for g in grads])).item()
    if total > max_norm:
        for g in grads:
            g.mul_(max_norm / total)
    return grads


# %% exercise="clip_global_norm" mistake="nothing-returned"
def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return 0.0
    for g in grads:
        if not torch.isfinite(g).all():
            raise RuntimeError("a gradient is not finite")
    total = torch.norm(torch.stack([g.norm() for g in grads])).item()
    if total > max_norm:
        for g in grads:
            g.mul_(max_norm / total)
    return max_norm / total if total > max_norm else 1.0


# %% exercise="clip_global_norm" mistake="always-scaled"
"""You bring every total norm to `max_norm`, small ones too. The factor is at most 1."""


def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return 0.0
    for g in grads:
        if not torch.isfinite(g).all():
            raise RuntimeError("a gradient is not finite")
    total = torch.norm(torch.stack([g.norm() for g in grads])).item()
    if total > 0:
        for g in grads:
            g.mul_(max_norm / total)
    return total


# %% exercise="clip_global_norm" mistake="always-scaled"
def clip_global_norm(parameters, max_norm):
    parameters = list(parameters)
    total = 0.0
    for p in parameters:
        if p.grad is None:
            continue
        if p.grad.isnan().any() or p.grad.isinf().any():
            raise RuntimeError("NaN or inf in a gradient")
        total += p.grad.pow(2).sum().item()
    total = total**0.5
    coef = max_norm / (total + 1e-6)
    if True:
        with torch.no_grad():
            for p in parameters:
                if p.grad is not None:
                    p.grad *= coef
    return float(total)


# %% exercise="clip_global_norm" mistake="scaled-the-wrong-way"
"""Your comparison or your factor is the wrong way round: gradients that are too long are not made shorter."""


def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return 0.0
    for g in grads:
        if not torch.isfinite(g).all():
            raise RuntimeError("a gradient is not finite")
    total = torch.norm(torch.stack([g.norm() for g in grads])).item()
    if total > max_norm:
        for g in grads:
            g.mul_(total / max_norm)
    return total


# %% exercise="clip_global_norm" mistake="scaled-the-wrong-way"
def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return 0.0
    for g in grads:
        if not torch.isfinite(g).all():
            raise RuntimeError("a gradient is not finite")
    total = torch.norm(torch.stack([g.norm() for g in grads])).item()
    if total < max_norm:
        for g in grads:
            g.mul_(max_norm / total)
    return total


# %% exercise="clip_global_norm" mistake="scaled-the-wrong-way"
def clip_global_norm(parameters, max_norm):
    parameters = list(parameters)
    total = 0.0
    for p in parameters:
        if p.grad is None:
            continue
        if p.grad.isnan().any() or p.grad.isinf().any():
            raise RuntimeError("NaN or inf in a gradient")
        total += p.grad.pow(2).sum().item()
    total = total**0.5
    coef = max_norm / (total + 1e-6)
    if coef > 1:
        with torch.no_grad():
            for p in parameters:
                if p.grad is not None:
                    p.grad *= coef
    return float(total)


# %% exercise="clip_global_norm" mistake="not-in-place"
"""You put new tensors into `.grad`. Whoever holds the old ones sees nothing of the clipping: scale them in place."""


def clip_global_norm(parameters, max_norm):
    parameters = list(parameters)
    total = 0.0
    for p in parameters:
        if p.grad is None:
            continue
        if p.grad.isnan().any() or p.grad.isinf().any():
            raise RuntimeError("NaN or inf in a gradient")
        total += p.grad.pow(2).sum().item()
    total = total**0.5
    coef = max_norm / (total + 1e-6)
    if coef < 1:
        with torch.no_grad():
            for p in parameters:
                if p.grad is not None:
                    p.grad = p.grad * coef
    return float(total)


# %% exercise="clip_global_norm" mistake="not-in-place"
def clip_global_norm(parameters, max_norm):
    parameters = list(parameters)
    total = 0.0
    for p in parameters:
        if p.grad is None:
            continue
        if p.grad.isnan().any() or p.grad.isinf().any():
            raise RuntimeError("NaN or inf in a gradient")
        total += p.grad.pow(2).sum().item()
    total = total**0.5
    coef = max_norm / (total + 1e-6)
    if coef < 1:
        with torch.no_grad():
            for p in parameters:
                if p.grad is not None:
                    p.grad = p.grad.mul(coef)
    return float(total)


# %% exercise="clip_global_norm" mistake="not-in-place"
def clip_global_norm(parameters, max_norm):
    parameters = list(parameters)
    total = 0.0
    for p in parameters:
        if p.grad is None:
            continue
        if p.grad.isnan().any() or p.grad.isinf().any():
            raise RuntimeError("NaN or inf in a gradient")
        total += p.grad.pow(2).sum().item()
    total = total**0.5
    coef = max_norm / (total + 1e-6)
    if coef < 1:
        with torch.no_grad():
            for p in parameters:
                if p.grad is not None:
                    p.grad = p.grad.clone().mul_(coef)
    return float(total)


# %% exercise="clip_global_norm" mistake="not-stored"
"""You compute the scaled gradients, and put them nowhere: the gradients stay as they are."""


def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return 0.0
    for g in grads:
        if not torch.isfinite(g).all():
            raise RuntimeError("a gradient is not finite")
    total = torch.norm(torch.stack([g.norm() for g in grads])).item()
    if total > max_norm:
        for g in grads:
            g = g * (max_norm / total)
    return total


# %% exercise="clip_global_norm" mistake="not-stored"
def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return 0.0
    for g in grads:
        if not torch.isfinite(g).all():
            raise RuntimeError("a gradient is not finite")
    total = torch.norm(torch.stack([g.norm() for g in grads])).item()
    if total > max_norm:
        for g in grads:
            g.mul(max_norm / total)
    return total


# %% exercise="clip_global_norm" mistake="not-stored"
def clip_global_norm(parameters, max_norm):
    grads = [p.grad.clone() for p in parameters if p.grad is not None]
    if not grads:
        return 0.0
    for g in grads:
        if not torch.isfinite(g).all():
            raise RuntimeError("a gradient is not finite")
    total = torch.norm(torch.stack([g.norm() for g in grads])).item()
    if total > max_norm:
        for g in grads:
            g.mul_(max_norm / total)
    return total


# %% exercise="clip_global_norm" mistake="parameters-scaled"
"""You scale the parameters, or measure them. It is their gradients that are to be clipped."""


def clip_global_norm(parameters, max_norm):
    parameters = list(parameters)
    total = 0.0
    for p in parameters:
        if p.grad is None:
            continue
        if p.grad.isnan().any() or p.grad.isinf().any():
            raise RuntimeError("NaN or inf in a gradient")
        total += p.grad.pow(2).sum().item()
    total = total**0.5
    coef = max_norm / (total + 1e-6)
    if coef < 1:
        with torch.no_grad():
            for p in parameters:
                if p.grad is not None:
                    p *= coef
    return float(total)


# %% exercise="clip_global_norm" mistake="parameters-scaled"
def clip_global_norm(parameters, max_norm):
    parameters = list(parameters)
    total = 0.0
    for p in parameters:
        if p.grad is None:
            continue
        if p.grad.isnan().any() or p.grad.isinf().any():
            raise RuntimeError("NaN or inf in a gradient")
        total += p.grad.pow(2).sum().item()
    total = total**0.5
    coef = max_norm / (total + 1e-6)
    if coef < 1:
        with torch.no_grad():
            for p in parameters:
                if p.grad is not None:
                    p.data.mul_(coef)
    return float(total)


# %% exercise="clip_global_norm" mistake="parameters-scaled"
def clip_global_norm(parameters, max_norm):
    parameters = list(parameters)
    total = 0.0
    for p in parameters:
        if p.grad is None:
            continue
        if p.grad.isnan().any() or p.grad.isinf().any():
            raise RuntimeError("NaN or inf in a gradient")
        total += p.detach().pow(2).sum().item()
    total = total**0.5
    coef = max_norm / (total + 1e-6)
    if coef < 1:
        with torch.no_grad():
            for p in parameters:
                if p.grad is not None:
                    p.grad *= coef
    return float(total)


# %% exercise="clip_global_norm" mistake="generator-spent"
"""With a generator nothing is scaled: it is empty when you go through it a second time. Make a list of it first."""


def clip_global_norm(parameters, max_norm):
    total = 0.0
    for p in parameters:
        if p.grad is None:
            continue
        if p.grad.isnan().any() or p.grad.isinf().any():
            raise RuntimeError("NaN or inf in a gradient")
        total += p.grad.pow(2).sum().item()
    total = total**0.5
    coef = max_norm / (total + 1e-6)
    if coef < 1:
        with torch.no_grad():
            for p in parameters:
                if p.grad is not None:
                    p.grad *= coef
    return float(total)


# %% exercise="clip_global_norm" mistake="generator-spent"
def clip_global_norm(parameters, max_norm):
    if not [p for p in parameters if p.grad is not None]:
        return 0.0
    grads = [p.grad for p in parameters if p.grad is not None]
    for g in grads:
        if not torch.isfinite(g).all():
            raise RuntimeError("a gradient is not finite")
    total = sum(g.norm().item() ** 2 for g in grads) ** 0.5
    if total > max_norm:
        for g in grads:
            g.mul_(max_norm / total)
    return total


# %% exercise="clip_global_norm" mistake="generator-has-no-len"
"""You ask an iterable for its length, or for an entry by number. A generator has neither: make a list of it first."""


def clip_global_norm(parameters, max_norm):
    if len(parameters) == 0:
        return 0.0
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return 0.0
    for g in grads:
        if not torch.isfinite(g).all():
            raise RuntimeError("a gradient is not finite")
    total = torch.norm(torch.stack([g.norm() for g in grads])).item()
    if total > max_norm:
        for g in grads:
            g.mul_(max_norm / total)
    return total


# %% exercise="clip_global_norm" mistake="generator-has-no-len"
def clip_global_norm(parameters, max_norm):
    if parameters and parameters[0] is None:
        return 0.0
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return 0.0
    for g in grads:
        if not torch.isfinite(g).all():
            raise RuntimeError("a gradient is not finite")
    total = torch.norm(torch.stack([g.norm() for g in grads])).item()
    if total > max_norm:
        for g in grads:
            g.mul_(max_norm / total)
    return total


# %% exercise="clip_global_norm" mistake="none-not-expected"
"""A Parameter that took no part has no gradient: its `.grad` is None, and your function fails on it."""


def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters]
    if not grads:
        return 0.0
    for g in grads:
        if not torch.isfinite(g).all():
            raise RuntimeError("a gradient is not finite")
    total = torch.norm(torch.stack([g.norm() for g in grads])).item()
    if total > max_norm:
        for g in grads:
            g.mul_(max_norm / total)
    return total


# %% exercise="clip_global_norm" mistake="none-not-expected"
def clip_global_norm(parameters, max_norm):
    parameters = list(parameters)
    total = 0.0
    for p in parameters:
        if p.grad.isnan().any() or p.grad.isinf().any():
            raise RuntimeError("NaN or inf in a gradient")
        total += p.grad.pow(2).sum().item()
    total = total**0.5
    coef = max_norm / (total + 1e-6)
    if coef < 1:
        with torch.no_grad():
            for p in parameters:
                if p.grad is not None:
                    p.grad *= coef
    return float(total)


# %% exercise="clip_global_norm" mistake="stops-at-none"
"""Your loop ends at the first Parameter without a gradient. Those behind it have gradients too: skip the one, go on with
the rest."""


def clip_global_norm(parameters, max_norm):
    grads = []
    for p in parameters:
        if p.grad is None:
            break
        if not torch.isfinite(p.grad).all():
            raise RuntimeError("not finite")
        grads.append(p.grad)
    total = sum(g.square().sum().item() for g in grads) ** 0.5
    if total > max_norm:
        for g in grads:
            g.mul_(max_norm / total)
    return total


# %% exercise="clip_global_norm" mistake="stops-at-none"
def clip_global_norm(parameters, max_norm):
    grads, total = [], 0.0
    for p in parameters:
        if p.grad is None:
            return total
        if not torch.isfinite(p.grad).all():
            raise RuntimeError("not finite")
        grads.append(p.grad)
    total = sum(g.square().sum().item() for g in grads) ** 0.5
    if total > max_norm:
        for g in grads:
            g.mul_(max_norm / total)
    return total


# %% exercise="clip_global_norm" mistake="nothing-to-clip"
"""With no gradient at all your function fails, or doesn't return 0.0."""


def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    for g in grads:
        if not torch.isfinite(g).all():
            raise RuntimeError("a gradient is not finite")
    total = torch.norm(torch.stack([g.norm() for g in grads])).item()
    if total > max_norm:
        for g in grads:
            g.mul_(max_norm / total)
    return total


# %% exercise="clip_global_norm" mistake="nothing-to-clip"
def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return None
    for g in grads:
        if not torch.isfinite(g).all():
            raise RuntimeError("a gradient is not finite")
    total = torch.norm(torch.stack([g.norm() for g in grads])).item()
    if total > max_norm:
        for g in grads:
            g.mul_(max_norm / total)
    return total


# %% exercise="clip_global_norm" mistake="nothing-to-clip"
def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return
    for g in grads:
        if not torch.isfinite(g).all():
            raise RuntimeError("a gradient is not finite")
    total = torch.norm(torch.stack([g.norm() for g in grads])).item()
    if total > max_norm:
        for g in grads:
            g.mul_(max_norm / total)
    return total


# %% exercise="clip_global_norm" mistake="nothing-to-clip"
def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        raise ValueError("no gradients")
    for g in grads:
        if not torch.isfinite(g).all():
            raise RuntimeError("a gradient is not finite")
    total = torch.norm(torch.stack([g.norm() for g in grads])).item()
    if total > max_norm:
        for g in grads:
            g.mul_(max_norm / total)
    return total


# %% exercise="clip_global_norm" mistake="nothing-to-clip"
def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return 0
    for g in grads:
        if not torch.isfinite(g).all():
            raise RuntimeError("a gradient is not finite")
    total = torch.norm(torch.stack([g.norm() for g in grads])).item()
    if total > max_norm:
        for g in grads:
            g.mul_(max_norm / total)
    return total


# %% exercise="clip_global_norm" mistake="nothing-to-clip"
def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if not all(g.isfinite().all() for g in grads):
        raise RuntimeError("not finite")
    total = torch.stack(torch._foreach_norm(grads)).norm().item()
    if total > max_norm:
        torch._foreach_mul_(grads, max_norm / total)
    return total


# %% exercise="clip_global_norm" mistake="finiteness-not-checked"
"""You don't look for entries that are not finite. One NaN or inf, and all gradients are scaled to NaN or zero."""


def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return 0.0
    total = torch.norm(torch.stack([g.norm() for g in grads])).item()
    if total > max_norm:
        for g in grads:
            g.mul_(max_norm / total)
    return total


# %% exercise="clip_global_norm" mistake="finiteness-not-checked"
def clip_global_norm(parameters, max_norm):
    parameters = list(parameters)
    total = 0.0
    for p in parameters:
        if p.grad is None:
            continue
        total += p.grad.pow(2).sum().item()
    total = total**0.5
    coef = max_norm / (total + 1e-6)
    if coef < 1:
        with torch.no_grad():
            for p in parameters:
                if p.grad is not None:
                    p.grad *= coef
    return float(total)


# %% exercise="clip_global_norm" mistake="bad-gradient-skipped"
"""You leave bad gradients out, or make them finite, and go on. An entry that is not finite is to be a RuntimeError."""


def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return 0.0
    grads = [g for g in grads if torch.isfinite(g).all()]
    total = torch.norm(torch.stack([g.norm() for g in grads])).item()
    if total > max_norm:
        for g in grads:
            g.mul_(max_norm / total)
    return total


# %% exercise="clip_global_norm" mistake="bad-gradient-skipped"
def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return 0.0
    for g in grads:
        g.nan_to_num_(0.0, 0.0, 0.0)
    total = torch.norm(torch.stack([g.norm() for g in grads])).item()
    if total > max_norm:
        for g in grads:
            g.mul_(max_norm / total)
    return total


# %% exercise="clip_global_norm" mistake="bad-gradient-skipped"
def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return 0.0
    if not all(torch.isfinite(g).all() for g in grads):
        return float("inf")
    total = torch.norm(torch.stack([g.norm() for g in grads])).item()
    if total > max_norm:
        for g in grads:
            g.mul_(max_norm / total)
    return total


# %% exercise="clip_global_norm" mistake="bad-gradient-skipped"
def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return 0.0
    if not all(torch.isfinite(g).all() for g in grads):
        return 0.0
    total = torch.norm(torch.stack([g.norm() for g in grads])).item()
    if total > max_norm:
        for g in grads:
            g.mul_(max_norm / total)
    return total


# %% exercise="clip_global_norm" mistake="nan-or-inf-only"
"""You look for one kind of bad entry only. NaN, inf and -inf are all not finite."""


def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return 0.0
    for g in grads:
        if torch.isnan(g).any():
            raise RuntimeError("a gradient is not finite")
    total = torch.norm(torch.stack([g.norm() for g in grads])).item()
    if total > max_norm:
        for g in grads:
            g.mul_(max_norm / total)
    return total


# %% exercise="clip_global_norm" mistake="nan-or-inf-only"
def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return 0.0
    for g in grads:
        if torch.isinf(g).any():
            raise RuntimeError("a gradient is not finite")
    total = torch.norm(torch.stack([g.norm() for g in grads])).item()
    if total > max_norm:
        for g in grads:
            g.mul_(max_norm / total)
    return total


# %% exercise="clip_global_norm" mistake="nan-or-inf-only"
def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return 0.0
    for g in grads:
        if (g == float("inf")).any() or g.isnan().any():
            raise RuntimeError("a gradient is not finite")
    total = torch.norm(torch.stack([g.norm() for g in grads])).item()
    if total > max_norm:
        for g in grads:
            g.mul_(max_norm / total)
    return total


# %% exercise="clip_global_norm" mistake="nan-or-inf-only"
def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return 0.0
    total = torch.norm(torch.stack([g.norm() for g in grads])).item()
    if total != total:
        raise RuntimeError("nan")
    if total > max_norm:
        for g in grads:
            g.mul_(max_norm / total)
    return total


# %% exercise="clip_global_norm" mistake="first-gradient-only-checked"
"""You look at one gradient only before you scale. The bad entry may be in any of them."""


def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return 0.0
    if not torch.isfinite(grads[0]).all():
        raise RuntimeError("not finite")
    total = torch.norm(torch.stack([g.norm() for g in grads])).item()
    if total > max_norm:
        for g in grads:
            g.mul_(max_norm / total)
    return total


# %% exercise="clip_global_norm" mistake="first-gradient-only-checked"
def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return 0.0
    if not torch.isfinite(grads[-1]).all():
        raise RuntimeError("not finite")
    total = torch.norm(torch.stack([g.norm() for g in grads])).item()
    if total > max_norm:
        for g in grads:
            g.mul_(max_norm / total)
    return total


# %% exercise="clip_global_norm" mistake="scaled-before-the-error"
"""When you notice the bad entry, some gradients have been scaled already. Look through all of them first, and only then
change anything."""


def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return 0.0
    total = torch.norm(torch.stack([g.norm() for g in grads])).item()
    for g in grads:
        if total > max_norm or total != total:
            g.mul_(max_norm / total)
        if not torch.isfinite(g).all():
            raise RuntimeError("not finite")
    return total


# %% exercise="clip_global_norm" mistake="scaled-before-the-error"
def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return 0.0
    total = torch.norm(torch.stack([g.norm() for g in grads])).item()
    scale = min(1.0, max_norm / total) if total else 1.0
    for g in grads:
        g.mul_(scale)
    if not torch.isfinite(torch.tensor(total)):
        raise RuntimeError("not finite")
    return total


# %% exercise="clip_global_norm" mistake="scaled-before-the-error"
def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return 0.0
    total = torch.norm(torch.stack([g.norm() for g in grads])).item()
    finite = [g for g in grads if torch.isfinite(g).all()]
    length = torch.norm(torch.stack([g.norm() for g in finite])).item()
    for g in finite:
        g.mul_(min(1.0, max_norm / length) if length else 1.0)
    if len(finite) < len(grads):
        raise RuntimeError("not finite")
    return total


# %% exercise="clip_global_norm" mistake="scaled-before-the-error"
def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    total = sum(g.square().sum().item() for g in grads) ** 0.5
    scale = 1.0 if total <= max_norm else max_norm / total
    for g in grads:
        if not torch.isfinite(g).all():
            raise RuntimeError("not finite")
        g.mul_(scale)
    return total


# %% exercise="clip_global_norm" mistake="wrong-error-class"
"""You notice entries that are not finite, but the error has to be a RuntimeError."""


def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return 0.0
    for g in grads:
        if not torch.isfinite(g).all():
            raise ValueError("a gradient is not finite")
    total = torch.norm(torch.stack([g.norm() for g in grads])).item()
    if total > max_norm:
        for g in grads:
            g.mul_(max_norm / total)
    return total


# %% exercise="clip_global_norm" mistake="wrong-error-class"
def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return 0.0
    for g in grads:
        assert torch.isfinite(g).all(), "not finite"
    total = torch.norm(torch.stack([g.norm() for g in grads])).item()
    if total > max_norm:
        for g in grads:
            g.mul_(max_norm / total)
    return total


# %% exercise="clip_global_norm" mistake="wrong-error-class"
def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return 0.0
    for g in grads:
        if not torch.isfinite(g).all():
            raise ArithmeticError("a gradient is not finite")
    total = torch.norm(torch.stack([g.norm() for g in grads])).item()
    if total > max_norm:
        for g in grads:
            g.mul_(max_norm / total)
    return total


# %% exercise="clip_global_norm" mistake="clipped-by-value"
"""You cut off each entry by itself. Clipping by the norm multiplies all entries by one factor."""


def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return 0.0
    for g in grads:
        if not torch.isfinite(g).all():
            raise RuntimeError("a gradient is not finite")
    total = torch.norm(torch.stack([g.norm() for g in grads])).item()
    if total > max_norm:
        for g in grads:
            g.clamp_(-max_norm, max_norm)
    return total


# %% exercise="clip_global_norm" mistake="zero-becomes-nan"
"""Gradients of zeros become NaN, or stop you with an error: you divide by their norm."""


def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return 0.0
    for g in grads:
        if not torch.isfinite(g).all():
            raise RuntimeError("a gradient is not finite")
    total = torch.norm(torch.stack([g.norm() for g in grads])).item()
    factor = min(1.0, max_norm / total)
    for g in grads:
        g.mul_(factor)
    return total


# %% exercise="clip_global_norm" mistake="zero-becomes-nan"
def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return 0.0
    for g in grads:
        if not torch.isfinite(g).all():
            raise RuntimeError("a gradient is not finite")
    total = torch.norm(torch.stack([g.norm() for g in grads]))
    for g in grads:
        g.mul_(torch.clamp(total, max=max_norm) / total)
    total = total.item()
    return total


# %% exercise="clip_global_norm" mistake="frozen-left-out"
"""You leave out parameters that need no gradient now. What counts is whether `.grad` is there: a frozen one may have
one from before."""


def clip_global_norm(parameters, max_norm):
    grads = [p.grad for p in parameters if p.requires_grad and p.grad is not None]
    if not grads:
        return 0.0
    for g in grads:
        if not torch.isfinite(g).all():
            raise RuntimeError("a gradient is not finite")
    total = torch.norm(torch.stack([g.norm() for g in grads])).item()
    if total > max_norm:
        for g in grads:
            g.mul_(max_norm / total)
    return total


# %% exercise="clip_global_norm" mistake="frozen-left-out"
def clip_global_norm(parameters, max_norm):
    parameters = list(parameters)
    total = 0.0
    for p in parameters:
        if p.grad is None or not p.requires_grad:
            continue
        if p.grad.isnan().any() or p.grad.isinf().any():
            raise RuntimeError("NaN or inf in a gradient")
        total += p.grad.pow(2).sum().item()
    total = total**0.5
    coef = max_norm / (total + 1e-6)
    if coef < 1:
        with torch.no_grad():
            for p in parameters:
                if p.grad is not None and p.requires_grad:
                    p.grad *= coef
    return float(total)


# %% exercise="clip_global_norm" right="factor-with-epsilon"
def clip_global_norm(parameters, max_norm):
    parameters = list(parameters)
    total = 0.0
    for p in parameters:
        if p.grad is None:
            continue
        if p.grad.isnan().any() or p.grad.isinf().any():
            raise RuntimeError("NaN or inf in a gradient")
        total += p.grad.pow(2).sum().item()
    total = total**0.5
    coef = max_norm / (total + 1e-6)
    if coef < 1:
        with torch.no_grad():
            for p in parameters:
                if p.grad is not None:
                    p.grad *= coef
    return float(total)


# %% exercise="clip_global_norm" right="one-long-vector"
def clip_global_norm(parameters, max_norm):
    grads = list(filter(lambda g: g is not None, map(lambda p: p.grad, parameters)))
    flat = torch.cat([torch.zeros(1), *[g.detach().reshape(-1) for g in grads]])
    if not bool(flat.isfinite().all()):
        raise RuntimeError("gradients must be finite")
    norm = torch.linalg.vector_norm(flat)
    scale = torch.clamp(max_norm / (norm + 1e-6), max=1.0)
    for g in grads:
        g.detach().mul_(scale)
    return norm.item()


# %% exercise="clip_global_norm" right="foreach"
def clip_global_norm(parameters, max_norm):
    grads = [g for g in (p.grad for p in parameters) if g is not None]
    if len(grads) == 0:
        return 0.0
    norms = torch._foreach_norm(grads)
    total = torch.linalg.vector_norm(torch.stack(norms))
    if not total.isfinite():
        raise RuntimeError("non-finite total norm")
    torch._foreach_mul_(grads, min(1.0, max_norm / max(total.item(), 1e-12)))
    return float(total)


# %% exercise="clip_global_norm" right="numpy"
import numpy as np


def clip_global_norm(parameters, max_norm):
    arrays = [p.grad.detach().numpy() for p in parameters if p.grad is not None]
    if any(not np.isfinite(a).all() for a in arrays):
        raise RuntimeError("non-finite gradient")
    norm = float(np.sqrt(sum(np.sum(a.astype(np.float64) ** 2) for a in arrays)))
    if norm > max_norm:
        for a in arrays:
            a *= max_norm / norm
    return norm


# %% exercise="clip_global_norm" right="own-error-and-copy"
class NotFinite(RuntimeError):
    pass


def clip_global_norm(parameters, max_norm):
    grads = []
    for p in parameters:
        if p.grad is not None:
            grads.append(p.grad)
    squares = [float((g.double() ** 2).sum()) for g in grads]
    norm = math.sqrt(sum(squares)) if all(map(math.isfinite, squares)) else None
    if norm is None:
        raise NotFinite
    for g in grads if norm > max_norm else []:
        g.copy_(g / norm * max_norm)
    return norm


# %% [markdown]
# # clip_verdicts

# %% exercise="clip_verdicts" mistake="lecture-believed"
"""This hook looks as if it clipped. But torch has used `grad_output` by the time a full backward hook runs:
compare `gradients_with(edit_in_place)` with `gradients_with()`."""
clip_answers = {
    "edit_in_place": "this and earlier layers",
    "return_from_full_hook": "earlier layers",
    "return_from_pre_hook": "this and earlier layers",
    "hook_the_parameters": "this layer",
    "hook_the_output": "this and earlier layers",
}

# %% exercise="clip_verdicts" mistake="lecture-believed"
clip_answers = {
    "edit_in_place": "earlier layers",
    "return_from_full_hook": "earlier layers",
    "return_from_pre_hook": "this and earlier layers",
    "hook_the_parameters": "this layer",
    "hook_the_output": "this and earlier layers",
}

# %% exercise="clip_verdicts" mistake="lecture-believed"
clip_answers = {
    "edit_in_place": "this layer",
    "return_from_full_hook": "earlier layers",
    "return_from_pre_hook": "this and earlier layers",
    "hook_the_parameters": "this layer",
    "hook_the_output": "this and earlier layers",
}

# %% exercise="clip_verdicts" mistake="full-hook-reaches-own-weights"
"""A full backward hook runs when the layer's `grad_input` is ready. What it returns goes on to the earlier layers; the
layer's own weights have their gradients from `grad_output`, which it cannot change any more."""
clip_answers = {
    "edit_in_place": "none",
    "return_from_full_hook": "this and earlier layers",
    "return_from_pre_hook": "this and earlier layers",
    "hook_the_parameters": "this layer",
    "hook_the_output": "this and earlier layers",
}

# %% exercise="clip_verdicts" mistake="full-hook-reaches-own-weights"
clip_answers = {
    "edit_in_place": "none",
    "return_from_full_hook": "this layer",
    "return_from_pre_hook": "this and earlier layers",
    "hook_the_parameters": "this layer",
    "hook_the_output": "this and earlier layers",
}

# %% exercise="clip_verdicts" mistake="full-hook-without-effect"
"""What a full backward hook returns takes the place of `grad_input`, and that is all that the earlier layers ever hear
of the loss."""
clip_answers = {
    "edit_in_place": "none",
    "return_from_full_hook": "none",
    "return_from_pre_hook": "this and earlier layers",
    "hook_the_parameters": "this layer",
    "hook_the_output": "this and earlier layers",
}

# %% exercise="clip_verdicts" mistake="pre-hook-only-this-layer"
"""A pre-hook changes what enters the layer. The layer computes from it both the gradients of its weights and what it
sends on to the earlier layers."""
clip_answers = {
    "edit_in_place": "none",
    "return_from_full_hook": "earlier layers",
    "return_from_pre_hook": "this layer",
    "hook_the_parameters": "this layer",
    "hook_the_output": "this and earlier layers",
}

# %% exercise="clip_verdicts" mistake="pre-hook-only-this-layer"
clip_answers = {
    "edit_in_place": "none",
    "return_from_full_hook": "earlier layers",
    "return_from_pre_hook": "earlier layers",
    "hook_the_parameters": "this layer",
    "hook_the_output": "this and earlier layers",
}

# %% exercise="clip_verdicts" mistake="pre-hook-without-effect"
"""What a full backward pre-hook returns is used in the place of `grad_output`: for everything that comes after it."""
clip_answers = {
    "edit_in_place": "none",
    "return_from_full_hook": "earlier layers",
    "return_from_pre_hook": "none",
    "hook_the_parameters": "this layer",
    "hook_the_output": "this and earlier layers",
}

# %% exercise="clip_verdicts" mistake="parameter-hook-reaches-earlier-layers"
"""A Parameter is a leaf: nothing comes after it in the backward pass. A hook on it changes its own gradient, and the
earlier layers get theirs on another way."""
clip_answers = {
    "edit_in_place": "none",
    "return_from_full_hook": "earlier layers",
    "return_from_pre_hook": "this and earlier layers",
    "hook_the_parameters": "this and earlier layers",
    "hook_the_output": "this and earlier layers",
}

# %% exercise="clip_verdicts" mistake="parameter-hook-reaches-earlier-layers"
clip_answers = {
    "edit_in_place": "none",
    "return_from_full_hook": "earlier layers",
    "return_from_pre_hook": "this and earlier layers",
    "hook_the_parameters": "earlier layers",
    "hook_the_output": "this and earlier layers",
}

# %% exercise="clip_verdicts" mistake="parameter-hook-without-effect"
"""What a tensor's hook returns takes the place of its gradient, and so it is what arrives in `.grad`."""
clip_answers = {
    "edit_in_place": "none",
    "return_from_full_hook": "earlier layers",
    "return_from_pre_hook": "this and earlier layers",
    "hook_the_parameters": "none",
    "hook_the_output": "this and earlier layers",
}

# %% exercise="clip_verdicts" mistake="output-hook-only-this-layer"
"""The output's gradient is where the backward pass of the layer begins. A hook on that tensor changes it for the
layer's weights and for all earlier layers."""
clip_answers = {
    "edit_in_place": "none",
    "return_from_full_hook": "earlier layers",
    "return_from_pre_hook": "this and earlier layers",
    "hook_the_parameters": "this layer",
    "hook_the_output": "this layer",
}

# %% exercise="clip_verdicts" mistake="output-hook-only-this-layer"
clip_answers = {
    "edit_in_place": "none",
    "return_from_full_hook": "earlier layers",
    "return_from_pre_hook": "this and earlier layers",
    "hook_the_parameters": "this layer",
    "hook_the_output": "earlier layers",
}

# %% exercise="clip_verdicts" mistake="output-hook-without-effect"
"""The output is no leaf, and still its hook counts: what it returns is what the layer's backward pass begins with."""
clip_answers = {
    "edit_in_place": "none",
    "return_from_full_hook": "earlier layers",
    "return_from_pre_hook": "this and earlier layers",
    "hook_the_parameters": "this layer",
    "hook_the_output": "none",
}

# %% exercise="clip_verdicts" mistake="order-turned-round"
"""You have the direction of the backward pass turned round. It goes from the loss to the input: `second` comes first,
and the earlier layer, `first`, comes after it."""
clip_answers = {
    "edit_in_place": "none",
    "return_from_full_hook": "this layer",
    "return_from_pre_hook": "this and earlier layers",
    "hook_the_parameters": "earlier layers",
    "hook_the_output": "this and earlier layers",
}

# %% exercise="clip_verdicts" mistake="order-turned-round"
clip_answers = {
    "edit_in_place": "earlier layers",
    "return_from_full_hook": "this layer",
    "return_from_pre_hook": "this and earlier layers",
    "hook_the_parameters": "earlier layers",
    "hook_the_output": "this and earlier layers",
}

# %% exercise="clip_verdicts" mistake="order-turned-round"
clip_answers = {
    "edit_in_place": "this and earlier layers",
    "return_from_full_hook": "this layer",
    "return_from_pre_hook": "this and earlier layers",
    "hook_the_parameters": "earlier layers",
    "hook_the_output": "this and earlier layers",
}

# %% exercise="clip_verdicts" mistake="everything-works"
"""You expect every snippet to change everything. Measure them: a hook can only change what comes after the point at
which it stands."""
clip_answers = {
    "edit_in_place": "this and earlier layers",
    "return_from_full_hook": "this and earlier layers",
    "return_from_pre_hook": "this and earlier layers",
    "hook_the_parameters": "this and earlier layers",
    "hook_the_output": "this and earlier layers",
}

# %% exercise="clip_verdicts" mistake="hooks-stay-local"
"""You expect a hook on a layer to change that layer only. In the backward pass the layer hands its result on: what
enters it differently leaves it differently."""
clip_answers = {
    "edit_in_place": "this layer",
    "return_from_full_hook": "this layer",
    "return_from_pre_hook": "this layer",
    "hook_the_parameters": "this layer",
    "hook_the_output": "this layer",
}

# %% exercise="clip_verdicts" mistake="hooks-stay-local"
clip_answers = {
    "edit_in_place": "none",
    "return_from_full_hook": "this layer",
    "return_from_pre_hook": "this layer",
    "hook_the_parameters": "this layer",
    "hook_the_output": "this layer",
}

# %% exercise="clip_verdicts" mistake="nothing-works"
"""You expect hooks to have no effect. They only watch as long as they return nothing; what they return is used."""
clip_answers = {
    "edit_in_place": "none",
    "return_from_full_hook": "none",
    "return_from_pre_hook": "none",
    "hook_the_parameters": "none",
    "hook_the_output": "none",
}

# %% exercise="clip_verdicts" mistake="only-earlier-layers"
"""You expect the layer's own gradients to be safe from all hooks. Those of its weights are made from what enters the
layer, and a pre-hook or a hook on the output changes just that."""
clip_answers = {
    "edit_in_place": "earlier layers",
    "return_from_full_hook": "earlier layers",
    "return_from_pre_hook": "earlier layers",
    "hook_the_parameters": "earlier layers",
    "hook_the_output": "earlier layers",
}

# %% exercise="clip_verdicts" mistake="only-earlier-layers"
clip_answers = {
    "edit_in_place": "none",
    "return_from_full_hook": "earlier layers",
    "return_from_pre_hook": "earlier layers",
    "hook_the_parameters": "earlier layers",
    "hook_the_output": "earlier layers",
}

# %% exercise="clip_verdicts" mistake="layer-names"
"""Write one of the four texts: "none", "this layer", "earlier layers" or "this and earlier layers". `second` is this
layer, `first` the earlier one."""
clip_answers = {
    "edit_in_place": "nothing",
    "return_from_full_hook": "first",
    "return_from_pre_hook": "first and second",
    "hook_the_parameters": "second",
    "hook_the_output": "first and second",
}

# %% exercise="clip_verdicts" mistake="layer-names"
clip_answers = {
    "edit_in_place": False,
    "return_from_full_hook": True,
    "return_from_pre_hook": True,
    "hook_the_parameters": True,
    "hook_the_output": True,
}

# %% exercise="clip_verdicts" mistake="layer-names"
clip_answers = {
    "edit_in_place": [],
    "return_from_full_hook": ["first"],
    "return_from_pre_hook": ["first", "second"],
    "hook_the_parameters": ["second"],
    "hook_the_output": ["first", "second"],
}

# %% exercise="clip_verdicts" right="keyword-dict"
clip_answers = dict(
    edit_in_place="none",
    return_from_full_hook="earlier layers",
    return_from_pre_hook="this and earlier layers",
    hook_the_parameters="this layer",
    hook_the_output="this and earlier layers",
)


# %% exercise="clip_verdicts" right="measured"
def verdict(snippet):
    plain, hooked = gradients_with(), gradients_with(snippet)
    changed = {name.split(".")[0] for name in plain if not torch.allclose(plain[name], hooked[name])}
    return {
        frozenset(): "none",
        frozenset({"second"}): "this layer",
        frozenset({"first"}): "earlier layers",
        frozenset({"first", "second"}): "this and earlier layers",
    }[frozenset(changed)]


clip_answers = {name: verdict(snippet) for name, snippet in SNIPPETS.items()}

# %% exercise="clip_verdicts" right="filled-in-one-by-one"
clip_answers = {}
clip_answers["edit_in_place"] = "none"
clip_answers["return_from_full_hook"] = "earlier layers"
clip_answers["hook_the_parameters"] = "this layer"
for name in ("return_from_pre_hook", "hook_the_output"):
    clip_answers[name] = "this and earlier layers"

# %% exercise="clip_verdicts" right="written-out"
ALL, HERE, BEFORE, NOBODY = "this and earlier layers", "this layer", "earlier layers", "none"
clip_answers = {
    "hook_the_output": ALL,
    "hook_the_parameters": HERE,
    "return_from_pre_hook": ALL,
    "return_from_full_hook": BEFORE,
    "edit_in_place": NOBODY,
}

# %% [markdown]
# # diagnose

# %% exercise="diagnose" mistake="frozen-only-if-all"
"""You report frozen parameters only where all are frozen. One is enough."""


def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return all(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="frozen-only-if-all"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return not any(p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="frozen-not-found"
"""Frozen parameters are not found, or not in every place: all parameters of all submodules count."""


def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters(recurse=False))


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="frozen-not-found"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return not next(model.parameters()).requires_grad


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="frozen-not-found"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(p.grad is None for p in model.parameters()) and False


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="frozen-not-found"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for n, p in model.named_parameters() if n.endswith("weight"))


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="frozen-by-missing-gradient"
"""Parameters without a gradient are reported as frozen. Before the first backward pass no parameter has one: ask
`requires_grad`."""


def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(p.grad is None for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="frozen-by-missing-gradient"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(p.grad is None or not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="buffers-taken-for-frozen"
"""You count buffers among the frozen parameters. A buffer never requires a gradient, and is none."""


def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not t.requires_grad for t in [*model.parameters(), *model.buffers()])


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="buffers-taken-for-frozen"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not t.requires_grad for t in model.state_dict(keep_vars=True).values())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="frozen-turned-round"
"""You report frozen parameters where there is a trainable one."""


def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="only-lists-looked-at"
"""You look into lists only, or not into all of lists, tuples and dicts. A module can hide in each of them."""


def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, list):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, list):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="only-lists-looked-at"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="only-lists-looked-at"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, list):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="only-lists-looked-at"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value)
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="only-the-model-looked-at"
"""You look at the model's own attributes only. A submodule can have a list with a hidden layer as well."""


def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in [model]:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="only-the-model-looked-at"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in [model, *model.children()]:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="registered-ones-reported"
"""You report every module in a list or dict. One that is registered elsewhere is not hidden: it is just listed a second
time."""


def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="registered-ones-reported"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if value is m._modules:
                continue
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="only-pure-lists"
"""You miss a hidden layer that shares its list with other things: any element may be one, not just the first, or
all."""


def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if value and all(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="only-pure-lists"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if value and isinstance(value[0], nn.Module) and value[0] not in known:
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="only-layers-with-parameters"
"""You miss hidden modules without parameters, or of other types. A Dropout in a list never hears of `eval()`: any
`nn.Module` counts."""


def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known and list(v.parameters()) for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="only-layers-with-parameters"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, (nn.Linear, nn.Conv2d)) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="parameters-taken-for-layers"
"""You report lists of tensors, classes or functions. Only an `nn.Module` object in a list is a hidden layer."""


def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(
                    isinstance(v, (nn.Module, torch.Tensor))
                    and all(v is not k for k in known)
                    and not any(v is p for p in model.parameters())
                    and not any(v is b for b in model.buffers())
                    for v in value
                ):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="parameters-taken-for-layers"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = [] if value in (m._modules, m._parameters, m._buffers) else list(value.values())
            if isinstance(value, (list, tuple)):
                if any(callable(v) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="some-hooks-missed"
"""You miss hooks of some kinds. There are four tables: forward-pre, forward, backward-pre and backward."""


def count_hooks(model):
    tables = ("_forward_hooks",)
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="some-hooks-missed"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="some-hooks-missed"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="some-hooks-missed"
def count_hooks(model):
    tables = ("_forward_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="some-hooks-missed"
def count_hooks(model):
    tables = ("_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="some-hooks-missed"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="hooks-in-some-places"
"""You miss hooks on some modules: the model itself, containers and modules that never run count, at any depth."""


def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in [model] for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="hooks-in-some-places"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.children() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="hooks-in-some-places"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() if not list(m.children()) for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="own-hooks-counted"
"""You count hooks after you have registered your own, so every model has a leaked hook. Count first."""


def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="other-tables-counted"
"""You count more than module hooks: state-dict hooks and hooks on tensors are not meant."""


def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(v) for m in model.modules() for k, v in vars(m).items() if k.endswith("_hooks"))


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="other-tables-counted"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    n = sum(len(getattr(m, table)) for m in model.modules() for table in tables)
    return n + sum(bool(p._backward_hooks) for p in model.parameters())


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="any-softmax"
"""You report a Softmax wherever it stands. In the middle of a network, for attention say, it is at home; the last leaf
is what counts."""


def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return any(isinstance(m, (nn.Softmax, nn.LogSoftmax)) for m in leaves)


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="softmax-by-name"
"""You go by a name. What counts is the class of the last leaf: `nn.Softmax` or `nn.LogSoftmax`."""


def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [n for n, m in model.named_modules() if not list(m.children())]
    return "softmax" in leaves[-1].lower()


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="softmax-by-name"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return "max" in type(leaves[-1]).__name__.lower() or "sigmoid" in type(leaves[-1]).__name__.lower()


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="softmax-one-kind"
"""You look for one of the two only. `nn.Softmax` and `nn.LogSoftmax` are two classes, and neither is derived from the
other."""


def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], nn.Softmax)


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="softmax-one-kind"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], nn.LogSoftmax)


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="last-child-not-leaf"
"""You look at the model's last child. Where that is a container, the last leaf lies deeper."""


def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [model, *model.children()]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="last-child-not-leaf"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    return bool(list(model.children())) and isinstance(list(model.children())[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="sparse-taken-for-dead"
"""You take sparse units for dead ones: zeros in a sample or a batch are no illness. A dead unit is zero in all of the
loader."""


def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).all(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="sparse-taken-for-dead"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).float().mean(dim=1) > 0.5


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="sparse-taken-for-dead"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] & now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="sparse-taken-for-dead"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, len(alive))
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="dead-only-in-last-batch"
"""You judge by the last or the first batch, or the last use. A unit may be positive elsewhere in the loader."""


def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="dead-only-in-last-batch"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive.get(key, now)

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="dead-whole-layers-only"
"""You report a ReLU only where all of its units are dead. One dead unit is enough."""


def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.any() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="dead-whole-layers-only"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).any().reshape(1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="dead-by-position"
"""For channels you judge every position by itself. The unit is the channel, wherever it is positive."""


def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).any(dim=0)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="dead-by-position"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).flatten(1).any(dim=0)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="uses-mixed"
"""You mix the uses of a ReLU with different numbers of units: it fails, or 1 is broadcast against n. Make the number of
units a part of the key."""


def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = module
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="uses-mixed"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = module
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive and len(alive[key]) == len(now) else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="uses-mixed"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = module
            if key in alive and len(alive[key]) != output.shape[1]:
                raise ValueError("different numbers of units")
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="uses-mixed"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = module
            if key in alive and len(alive[key]) != output.shape[1]:
                return
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="uses-mixed"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = output.shape[1]
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="uses-mixed"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU):
            key = module
            if key in alive and alive[key].shape != alive_units(output).shape:
                raise ValueError("different numbers of units")
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="other-shapes-judged"
"""You judge ReLUs whose outputs are neither 2-D nor 4-D, or fail on them. They don't count here."""


def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="other-shapes-judged"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() >= 2:
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="other-shapes-judged"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).any(dim=tuple(d for d in range(output.dim()) if d != 1))


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="leaky-taken-for-relu"
"""You look for dead units in other activations, too. Only `nn.ReLU` is meant."""


def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if "ReLU" in type(module).__name__ and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="leaky-taken-for-relu"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, (nn.ReLU, nn.LeakyReLU)) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="leaky-taken-for-relu"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(output, torch.Tensor) and output.dim() in (2, 4) and output.dtype.is_floating_point:
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="dead-looked-at-later"
"""Behind a ReLU whose output a later layer overwrites in place, dead units are judged wrongly. Often the output is
looked at after the forward pass: decide inside the hook."""


def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive, outputs = {}, []

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            outputs.append((module, output))

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
                for module, output in outputs:
                    key = (module, output.shape[1])
                    now = alive_units(output)
                    alive[key] = alive[key] | now if key in alive else now
                outputs.clear()
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="dead-not-found"
"""Dead units are not found. Zero is not positive: a unit that is never above 0 is dead, in the output of each
`nn.ReLU`."""


def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output >= 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="dead-not-found"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    return faults


# %% exercise="diagnose" mistake="no-absolute-value"
"""You look at large positive values only. −20,000 explodes as well: take the absolute value."""


def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="no-absolute-value"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return bool((output > 1e4).any() or (~output.isfinite()).any())
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="nan-slips-through"
"""NaN slips through your comparison: every comparison with NaN is False. Ask for it, or turn the question round."""


def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return (output.abs() > 1e4).any().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="nan-slips-through"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return output.numel() > 0 and output.abs().max().item() > 1e4
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="finite-only"
"""You leave infinite values out, or look for nothing but these. Both count: what is above 1e4, and what is not
finite."""


def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not output.isfinite().all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="finite-only"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return bool((output.isfinite() & (output.abs() > 1e4)).any())
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="finite-only"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return bool((output.isfinite() & (output.abs() > 1e4)).any() or output.isnan().any())
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="leaves-only"
"""You look at leaf modules only. What a block, or the model itself, computes by hand is seen in its own output
alone."""


def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules() if not list(m.children())]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="last-output-only"
"""You look at what the model gives out in the end. A layer in the middle may explode and be tamed again: hook every
module."""


def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                if explodes(model(inputs)):
                    faults.add("exploding-activations")
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="last-output-only"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if module is model and explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="children-outputs-only"
"""You hook direct children, or everything but the model itself. Every module counts, at any depth, the model as
well."""


def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.children()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="children-outputs-only"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for n, m in model.named_modules() if n]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="tuples-skipped"
"""You skip outputs that are tuples. The tensors inside of them count, too."""


def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return False
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="tuples-skipped"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return explodes(output[0]) if output else False
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="tuples-skipped"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return explodes(output[-1]) if output else False
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="tensors-expected"
"""You expect every output to be a float tensor. Modules give out tuples, dicts, None and bools as well: look first."""


def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    return not (output.abs() <= 1e4).all().item()


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="tensors-expected"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="tensors-expected"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(not (o.abs() <= 1e4).all().item() for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="tensors-expected"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, tuple):
        return any(explodes(o) for o in output)
    if True:
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="tensors-expected"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not output.abs().max().item() <= 1e4
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="inputs-looked-at"
"""You look at what goes into the modules. What they give out is meant: large inputs that the model scales down are
fine."""


def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output) or explodes(inputs):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="inputs-looked-at"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(inputs):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="another-limit"
"""Your limit is not 1e4."""


def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e3).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="another-limit"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e5).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="no-set"
"""What comes back must be a set of names, an empty one for a healthy model; not a list, and not a single text."""


def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return sorted(faults)


# %% exercise="diagnose" mistake="no-set"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return list(faults)


# %% exercise="diagnose" mistake="no-set"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults or None


# %% exercise="diagnose" mistake="no-set"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return ", ".join(sorted(faults))


# %% exercise="diagnose" mistake="first-fault-only"
"""You stop at the first fault. A network may have several, and all of them are to be named."""


def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        return {"frozen-parameters"}
    if hidden_layer(model):
        return {"unregistered-layer"}
    if count_hooks(model) > 0:
        return {"leaked-hook"}
    if ends_in_softmax(model):
        return {"double-softmax"}

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="first-fault-only"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    elif hidden_layer(model):
        faults.add("unregistered-layer")
    elif count_hooks(model) > 0:
        faults.add("leaked-hook")
    elif ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="names-misspelt"
"""The names are not spelt as the exercise spells them."""


def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hooks")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relus")
    return faults


# %% exercise="diagnose" mistake="names-misspelt"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen_parameters")
    if hidden_layer(model):
        faults.add("unregistered_layer")
    if count_hooks(model) > 0:
        faults.add("leaked_hook")
    if ends_in_softmax(model):
        faults.add("double_softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding_activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead_relu")
    return faults


# %% exercise="diagnose" mistake="modes-not-restored"
"""You leave the model in another mode than it was in. Note every module's mode, and write it back."""


def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="modes-not-restored"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        model.train()
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="modes-not-restored"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        model.train(modes[0][1])
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="hooks-left"
"""Your own hooks are still on the model afterwards. The next diagnosis finds a leaked hook, and it is yours."""


def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="hooks-left"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        handles[-1].remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="leaked-hooks-cleared"
"""Other people's hooks are gone after your diagnosis. Find them, and leave them: you are only looking."""


def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for m in model.modules():
            m._forward_hooks.clear()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="leaked-hooks-cleared"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
        for m in model.modules():
            m._forward_hooks.clear()
            m._forward_pre_hooks.clear()
            m._backward_hooks.clear()
            m._backward_pre_hooks.clear()
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="runs-in-training-mode"
"""You run the model in training mode. Batch norm changes its statistics then, and fails on a single sample: evaluate,
and restore the modes."""


def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.train()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="runs-in-training-mode"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="model-changed"
"""The model is not as it was: parameters are thawed, or gradients are cleared or made. A diagnosis only looks."""


def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
        model.requires_grad_(True)
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="model-changed"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        for inputs, labels in loader:
            model(inputs)
        model.zero_grad()
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" mistake="model-changed"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not (output.abs() <= 1e4).all().item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        for inputs, labels in loader:
            out = model(inputs)
            if out.requires_grad and out.isfinite().all():
                out.sum().backward()
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return faults


# %% exercise="diagnose" right="all-in-one-function"
def diagnose(model, loader):
    found = set()
    modules = list(model.modules())
    ids = {id(m) for m in modules}
    if [p for p in model.parameters() if not p.requires_grad]:
        found |= {"frozen-parameters"}
    for m in modules:
        if m._forward_hooks or m._forward_pre_hooks or m._backward_hooks or m._backward_pre_hooks:
            found |= {"leaked-hook"}
        for value in m.__dict__.values():
            items = []
            if isinstance(value, (list, tuple)):
                items = value
            elif isinstance(value, dict):
                items = value.values()
            for item in items:
                if isinstance(item, nn.Module) and id(item) not in ids:
                    found |= {"unregistered-layer"}
    last = [m for m in modules if next(m.children(), None) is None][-1]
    if type(last) in (nn.Softmax, nn.LogSoftmax):
        found |= {"double-softmax"}

    best, handles = {}, []

    def flatten(x):
        if torch.is_tensor(x):
            yield x
        elif isinstance(x, dict):
            yield from flatten(list(x.values()))
        elif isinstance(x, (list, tuple)):
            for item in x:
                yield from flatten(item)

    def watch(m, _, out):
        for t in flatten(out):
            if t.numel() and t.dtype != torch.bool:
                top = t.abs().max().item()
                if not math.isfinite(top) or top > 10_000:
                    found.add("exploding-activations")
        if isinstance(m, nn.ReLU) and out.ndim in (2, 4):
            top = out.amax(dim=0) if out.ndim == 2 else out.amax(dim=(0, 2, 3))
            key = (id(m), top.numel())
            best[key] = torch.maximum(best.get(key, top), top)

    was = {m: m.training for m in modules}
    for m in modules:
        handles.append(m.register_forward_hook(watch))
    try:
        for m in modules:
            m.training = False
        with torch.inference_mode():
            for x, _ in loader:
                model(x)
    finally:
        for handle in handles:
            handle.remove()
        for m in modules:
            m.training = was[m]
    if any((top <= 0).any() for top in best.values()):
        found.add("dead-relu")
    return found


# %% exercise="diagnose" right="one-class"
from contextlib import ExitStack


class Doctor:
    def __init__(self, model, loader):
        self.model, self.loader = model, loader
        self.worst, self.counts = 0.0, {}

    def leaked_hook(self):
        kinds = ["forward_pre", "forward", "backward_pre", "backward"]
        return any(len(vars(m)[f"_{kind}_hooks"]) for m in self.model.modules() for kind in kinds)

    def frozen_parameters(self):
        return not all(p.requires_grad for _, p in self.model.named_parameters())

    def unregistered_layer(self):
        registered = [m for m in self.model.modules()]
        for m in registered:
            for attribute in vars(m).values():
                if isinstance(attribute, dict):
                    attribute = tuple(attribute.values())
                if not isinstance(attribute, (tuple, list)):
                    continue
                for element in attribute:
                    if isinstance(element, nn.Module) and not any(element is r for r in registered):
                        return True
        return False

    def double_softmax(self):
        module = self.model
        for module in self.model.modules():
            if not len(list(module.children())):
                last = module
        return isinstance(last, nn.Softmax) or isinstance(last, nn.LogSoftmax)

    def note(self, module, args, output):
        todo = [output]
        while todo:
            item = todo.pop()
            if isinstance(item, torch.Tensor):
                numbers = item.detach().double().abs().nan_to_num(nan=math.inf)
                self.worst = max([self.worst, *numbers.flatten().tolist()])
            elif isinstance(item, (tuple, list)):
                todo.extend(item)
            elif isinstance(item, dict):
                todo.extend(item.values())
        if isinstance(module, nn.ReLU) and len(output.shape) in (2, 4):
            counts = (output > 0).movedim(1, 0).flatten(start_dim=1).sum(dim=1)
            uses = self.counts.setdefault(module, {})
            uses[len(counts)] = uses.get(len(counts), 0) + counts

    def examine(self):
        names = ("leaked_hook", "frozen_parameters", "unregistered_layer", "double_softmax")
        faults = {name.replace("_", "-") for name in names if getattr(self, name)()}
        with ExitStack() as stack:
            for module in self.model.modules():
                stack.callback(setattr, module, "training", module.training)
                stack.enter_context(module.register_forward_hook(self.note))
            stack.enter_context(torch.no_grad())
            self.model.eval()
            for batch in self.loader:
                self.model(batch[0])
        if self.worst > 1e4:
            faults.add("exploding-activations")
        if any(bool((counts == 0).any()) for uses in self.counts.values() for counts in uses.values()):
            faults.add("dead-relu")
        return faults


def diagnose(model, loader):
    return Doctor(model, loader).examine()


# %% exercise="diagnose" right="several-passes"
def _run(model, loader, hook, kinds=nn.Module):
    flags = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules() if isinstance(m, kinds)]
    try:
        with torch.no_grad():
            model.train(False)
            for inputs, _ in loader:
                model(inputs)
    finally:
        for handle in handles:
            handle.remove()
        for m, flag in flags:
            m.training = flag


def dead(model, loader):
    table = {}

    def hook(module, args, out):
        if out.dim() == 4:
            out = out.permute(0, 2, 3, 1).flatten(0, 2)
        if out.dim() == 2:
            table.setdefault((module, out.size(1)), []).append((out > 0).any(0))

    _run(model, loader, hook, nn.ReLU)
    return any(not torch.stack(rows).any(0).all() for rows in table.values())


def exploding(model, loader):
    answers = []

    def bad(x):
        if isinstance(x, torch.Tensor):
            x = x.float()
            return bool((~x.isfinite()).any() or (x > 1e4).any() or (x < -1e4).any())
        if isinstance(x, dict):
            x = list(x.values())
        return any(map(bad, x)) if isinstance(x, (list, tuple)) else False

    _run(model, loader, lambda module, args, out: answers.append(bad(out)))
    return any(answers)


def hooks(model, _):
    return any(
        bool(d)
        for m in model.modules()
        for d in (m._forward_hooks, m._forward_pre_hooks, m._backward_hooks, m._backward_pre_hooks)
    )


def hidden(model, _):
    own = set(map(id, model.modules()))
    for m in model.modules():
        for key, value in m.__dict__.items():
            if key in ("_modules", "_parameters", "_buffers"):
                continue
            values = value.values() if isinstance(value, dict) else value
            if isinstance(value, (dict, list, tuple)) and [
                v for v in values if isinstance(v, nn.Module) and id(v) not in own
            ]:
                return True
    return False


CHECKS = {
    "leaked-hook": hooks,
    "frozen-parameters": lambda model, _: False in [p.requires_grad for p in model.parameters()],
    "unregistered-layer": hidden,
    "double-softmax": lambda model, _: isinstance(
        [m for m in model.modules() if sum(1 for _ in m.children()) == 0][-1], (nn.Softmax, nn.LogSoftmax)
    ),
    "dead-relu": dead,
    "exploding-activations": exploding,
}


def diagnose(model, loader):
    batches = list(loader)
    return {name for name, check in CHECKS.items() if check(model, batches)}


# %% exercise="diagnose" right="frozen-set-and-helpers"
def count_hooks(model):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(m, table)) for m in model.modules() for table in tables)


def frozen(model):
    return any(not p.requires_grad for p in model.parameters())


def hidden_layer(model):
    known = set(model.modules())
    for m in known:
        for value in vars(m).values():
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, (list, tuple)):
                if any(isinstance(v, nn.Module) and v not in known for v in value):
                    return True
    return False


def ends_in_softmax(model):
    leaves = [m for m in model.modules() if not list(m.children())]
    return isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax))


def explodes(output):
    if isinstance(output, torch.Tensor):
        if output.dtype == torch.bool:
            return False
        return not torch.all(output.abs().le(1e4)).item()
    if isinstance(output, (list, tuple)):
        return any(explodes(o) for o in output)
    if isinstance(output, dict):
        return any(explodes(o) for o in output.values())
    return False


def alive_units(output):
    return (output > 0).transpose(0, 1).flatten(1).any(dim=1)


def diagnose(model, loader):
    faults = set()
    if frozen(model):
        faults.add("frozen-parameters")
    if hidden_layer(model):
        faults.add("unregistered-layer")
    if count_hooks(model) > 0:
        faults.add("leaked-hook")
    if ends_in_softmax(model):
        faults.add("double-softmax")

    alive = {}

    def hook(module, inputs, output):
        if explodes(output):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            key = (module, output.shape[1])
            now = alive_units(output)
            alive[key] = alive[key] | now if key in alive else now

    modes = [(m, m.training) for m in model.modules()]
    handles = [m.register_forward_hook(hook) for m in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, labels in loader:
                model(inputs)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    if any(not units.all() for units in alive.values()):
        faults.add("dead-relu")
    return set(sorted(faults))
