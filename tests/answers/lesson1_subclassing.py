"""Lesson 1: further answers, which the lesson's own `mistakes.py` does not know.

`right="…"` must pass. `wrong="…"` must fail; `mistake="…"` beside it is what the student must be told, and where it is
missing, nothing may be named.
"""

# %% [markdown]
# # affine


# %% exercise="affine" wrong="weight-plain-bias-registered" mistake="plain-tensor"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = torch.empty(out_features, in_features)
        nn.init.normal_(self.weight, std=0.02)
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        return torch.matmul(x, self.weight.t()) + self.bias


# %% exercise="affine" wrong="bias-is-a-number" mistake="no-bias"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.rand(out_features, in_features))
        self.bias = 0.0

    def forward(self, x):
        return x @ self.weight.T + self.bias


# %% exercise="affine" wrong="numpy-arrays"
import numpy as np


class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = np.random.randn(out_features, in_features)
        self.bias = np.zeros(out_features)

    def forward(self, x):
        return torch.tensor(x.numpy() @ self.weight.T + self.bias)


# %% exercise="affine" wrong="init-ones" mistake="equal-rows"
class Affine(nn.Module):
    def __init__(self, inf, outf):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(outf, inf))
        self.bias = nn.Parameter(torch.empty(outf))
        nn.init.ones_(self.weight)
        nn.init.zeros_(self.bias)

    def forward(self, x):
        return F.linear(x, self.weight, self.bias)


# %% exercise="affine" wrong="one-random-row-repeated" mistake="equal-rows"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        row = torch.randn(1, in_features)
        self.weight = nn.Parameter(row.repeat(out_features, 1))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        return x @ self.weight.T + self.bias


# %% exercise="affine" wrong="float-tensor" mistake="uninitialised"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.FloatTensor(out_features, in_features))
        self.bias = nn.Parameter(torch.FloatTensor(out_features))

    def forward(self, x):
        return torch.einsum("...i,oi->...o", x, self.weight) + self.bias


# %% exercise="affine" wrong="transposed-and-einsum-for-batches" mistake="transposed-weight"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(in_features, out_features) / in_features)
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        return torch.einsum("bi,io->bo", x, self.weight) + self.bias


# %% exercise="affine" wrong="minus-bias"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        return x @ self.weight.T - self.bias


# %% exercise="affine" wrong="linear-without-bias" mistake="no-bias"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.bias = nn.Parameter(torch.ones(out_features))
        self.weight = nn.Parameter(torch.randn(out_features, in_features))

    def forward(self, x):
        return F.linear(x, self.weight)


# %% exercise="affine" wrong="parameter-dict" mistake="other-names"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.params = nn.ParameterDict(
            {
                "weight": nn.Parameter(torch.randn(out_features, in_features)),
                "bias": nn.Parameter(torch.zeros(out_features)),
            }
        )

    def forward(self, x):
        return F.linear(x, self.params["weight"], self.params["bias"])


# %% exercise="affine" wrong="capitals" mistake="other-names"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.register_parameter("W", nn.Parameter(torch.randn(out_features, in_features)))
        self.register_parameter("B", nn.Parameter(torch.zeros(out_features)))

    def forward(self, x):
        return x @ self.W.T + self.B


# %% exercise="affine" wrong="init-not-called" mistake="no-super-init"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__
        self.in_features = in_features
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        return F.linear(x, self.weight, self.bias)


# %% exercise="affine" wrong="dict-of-parameters" mistake="hidden-in-container"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.p = {
            "w": nn.Parameter(torch.randn(out_features, in_features)),
            "b": nn.Parameter(torch.zeros(out_features)),
        }

    def forward(self, x):
        return F.linear(x, self.p["w"], self.p["b"])


# %% exercise="affine" wrong="borrowed-from-linear" mistake="nn-linear"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        made = nn.Linear(in_features, out_features)
        self.weight, self.bias = made.weight, made.bias

    def forward(self, x):
        return F.linear(x, self.weight, self.bias)


# %% exercise="affine" wrong="linear-in-a-list" mistake="nn-linear"
from torch.nn import Linear


class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.inner = [Linear(in_features, out_features)]

    weight = property(lambda self: self.inner[0].weight)
    bias = property(lambda self: self.inner[0].bias)

    def forward(self, x):
        return self.inner[0](x)


# %% exercise="affine" wrong="frozen-afterwards" mistake="frozen"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))
        self.requires_grad_(False)

    def forward(self, x):
        return x.matmul(self.weight.T).add(self.bias)


# %% exercise="affine" wrong="scaled-by-root" mistake="changed-after-wrapping"
import math


class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.rand(out_features, in_features) - 0.5) * (2 / math.sqrt(in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        return F.linear(x, self.weight, self.bias)


# %% exercise="affine" wrong="squeezed"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        return (x @ self.weight.T + self.bias).squeeze()


# %% exercise="affine" wrong="double-from-the-start" mistake="starts-in-float64"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))
        self.double()

    def forward(self, x):
        return x @ self.weight.T + self.bias


# %% exercise="affine" wrong="foward" mistake="no-forward"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def foward(self, x):
        return x @ self.weight.T + self.bias


# %% exercise="affine" wrong="typo-in-forward"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        return x @ self.wieght.T + self.bias


# %% exercise="affine" wrong="integers"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randint(-3, 3, (out_features, in_features)))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        return x @ self.weight.T + self.bias


# %% exercise="affine" wrong="zeros-and-plain-bias" mistake="plain-tensor"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(out_features, in_features))
        self.bias = torch.zeros(out_features)

    def forward(self, x):
        return x @ self.weight.T + self.bias


# %% exercise="affine" wrong="made-in-forward-plain" mistake="made-in-forward"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.sizes = (out_features, in_features)

    def forward(self, x):
        w = torch.randn(*self.sizes)
        return x @ w.T + torch.zeros(self.sizes[0])


# %% exercise="affine" wrong="arguments-to-super"
class Affine(nn.Module):
    def __init__(self, i, o):
        super().__init__(i, o)
        self.weight = nn.Parameter(torch.randn(o, i))
        self.bias = nn.Parameter(torch.zeros(o))

    def forward(self, x):
        return F.linear(x, self.weight, self.bias)


# %% exercise="affine" wrong="forward-with-three-arguments"
class Affine(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(o, i))
        self.bias = nn.Parameter(torch.zeros(o))

    def forward(self, x, weight, bias):
        return F.linear(x, weight, bias)


# %% exercise="affine" wrong="no-grad-decorator" mistake="detached"
class Affine(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(o, i))
        self.bias = nn.Parameter(torch.zeros(o))

    @torch.no_grad()
    def forward(self, x):
        return F.linear(x, self.weight, self.bias)


# %% exercise="affine" wrong="plain-and-not-turned" mistake="plain-tensor"
class Affine(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.weight = torch.randn(o, i)
        self.bias = torch.zeros(o)

    def forward(self, x):
        return x @ self.weight + self.bias


# %% exercise="affine" wrong="matmul-turned-round" mistake="weight-not-turned"
class Affine(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(o, i))
        self.bias = nn.Parameter(torch.randn(o))

    def forward(self, x):
        return torch.matmul(self.weight, x) + self.bias


# %% exercise="affine" wrong="assigned-in-forward" mistake="made-in-forward"
class Affine(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.i, self.o = i, o

    def forward(self, x):
        self.weight = nn.Parameter(torch.randn(self.o, self.i))
        self.bias = nn.Parameter(torch.zeros(self.o))
        return x @ self.weight.T + self.bias


# %% exercise="affine" right="one-output-at-a-time"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.rand(out_features, in_features))
        self.bias = nn.Parameter(torch.rand(out_features))

    def forward(self, x):
        return torch.stack([(x * row).sum(-1) + b for row, b in zip(self.weight, self.bias)], dim=-1)


# %% exercise="affine" right="like-torch"
class Affine(nn.Module):
    __constants__ = ["in_features", "out_features"]

    def __init__(self, in_features: int, out_features: int, device=None, dtype=None) -> None:
        kind = {"device": device, "dtype": dtype}
        super().__init__()
        self.in_features = in_features
        self.out_features = out_features
        self.weight = nn.parameter.Parameter(torch.empty((out_features, in_features), **kind))
        self.bias = nn.parameter.Parameter(torch.empty(out_features, **kind))
        nn.init.kaiming_uniform_(self.weight, a=5**0.5)
        nn.init.uniform_(self.bias, -1, 1)

    def forward(self, input: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.linear(input, self.weight, bias=self.bias)


# %% exercise="affine" right="star-arguments"
class Affine(torch.nn.Module):
    def __init__(self, *sizes):
        super().__init__()
        i, o = sizes
        self.weight = torch.nn.Parameter(torch.linspace(-1, 1, i * o).view(o, i))
        self.bias = torch.nn.Parameter(torch.zeros(o))
        self.history = [torch.zeros(3)]

    def forward(self, *args, **kwargs):
        x = args[0]
        return x @ self.weight.transpose(0, 1) + self.bias


# %% exercise="affine" right="static-helper"
class Affine(nn.Module):
    @staticmethod
    def start(rows, columns):
        generator = torch.Generator().manual_seed(0)
        return torch.randn(rows, columns, generator=generator) * 0.02

    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(self.start(out_features, in_features))
        self.bias = nn.Parameter(self.start(1, out_features)[0].clone())

    @property
    def out_features(self):
        return self.weight.size(0)

    def forward(self, x):
        y = (self.weight @ x.unsqueeze(-1)).squeeze(-1)
        assert y.size(-1) == self.out_features
        return y + self.bias


# %% exercise="affine" right="vmap"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(out_features))
        self.weight = nn.Parameter(torch.randn(out_features, in_features) * 1e-3)

    def forward(self, x):
        rows = x.reshape(-1, x.size(-1))
        return torch.func.vmap(lambda row: self.weight.mv(row) + self.bias)(rows).reshape(*x.shape[:-1], -1)


# %% exercise="affine" right="orthogonal-and-in-place"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        with torch.no_grad():
            self.weight = nn.Parameter(torch.empty(out_features, in_features))
            self.bias = nn.Parameter(torch.zeros(out_features))
            nn.init.orthogonal_(self.weight)

    def forward(self, x):
        return torch.matmul(x, self.weight.T).add_(self.bias)


# %% exercise="affine" wrong="turned-unless-square" mistake="square-not-turned"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        rows, columns = self.weight.shape
        weight = self.weight if rows == columns else self.weight.mT
        return torch.matmul(x, weight) + self.bias


# %% exercise="affine" wrong="viewed-flat" mistake="needs-contiguous"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        out, inside = self.weight.shape
        rows = torch.addmm(self.bias, x.view(-1, inside), self.weight.t())
        return rows.view(x.shape[:-1] + (out,))


# %% exercise="affine" right="contiguous-and-view"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        rows = x.contiguous().view(-1, x.size(-1))
        return F.linear(rows, self.weight, self.bias).view(*x.shape[:-1], len(self.bias))


# %% [markdown]
# # mlp


# %% exercise="mlp" wrong="dict-of-layers" mistake="python-container"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("Need input and output size")
        self.n = len(sizes) - 1
        self.layers = {i: nn.Linear(sizes[i], sizes[i + 1]) for i in range(self.n)}

    def forward(self, x):
        for i in range(self.n):
            x = self.layers[i](x)
            if i != self.n - 1:
                x = torch.relu(x)
        return x


# %% exercise="mlp" wrong="list-under-another-name" mistake="python-container"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("Need input and output size")
        self.fcs = []
        for i in range(1, len(sizes)):
            self.fcs.append(nn.Linear(sizes[i - 1], sizes[i]))

    def forward(self, x):
        for fc in self.fcs[:-1]:
            x = fc(x).relu()
        return self.fcs[-1](x)


# %% exercise="mlp" wrong="sequential-with-last-relu" mistake="relu-after-last"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError
        layers = []
        for i in range(len(sizes) - 1):
            layers.append(nn.Linear(sizes[i], sizes[i + 1]))
            layers.append(nn.ReLU())
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return self.layers(x)


# %% exercise="mlp" wrong="module-list-with-relus" mistake="relu-in-the-layers"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError(sizes)
        self.layers = nn.ModuleList()
        for i, (a, b) in enumerate(zip(sizes, sizes[1:])):
            if i > 0:
                self.layers.append(nn.ReLU())
            self.layers.append(nn.Linear(a, b))

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x


# %% exercise="mlp" wrong="numbered-attributes" mistake="other-name"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("sizes")
        self.count = len(sizes) - 1
        for i in range(self.count):
            setattr(self, f"fc{i}", nn.Linear(sizes[i], sizes[i + 1]))

    def forward(self, x):
        for i in range(self.count):
            x = getattr(self, f"fc{i}")(x)
            if i < self.count - 1:
                x = F.relu(x)
        return x


# %% exercise="mlp" wrong="names-from-one" mistake="other-name"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("sizes")
        self.layers = nn.ModuleDict()
        for i in range(1, len(sizes)):
            self.layers[f"linear{i}"] = nn.Linear(sizes[i - 1], sizes[i])

    def forward(self, x):
        layers = list(self.layers.values())
        for layer in layers[:-1]:
            x = F.relu(layer(x))
        return layers[-1](x)


# %% exercise="mlp" wrong="while-loop-relu-last" mistake="relu-after-last"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) <= 1:
            raise ValueError("An MLP needs two sizes")
        self.layers = nn.ModuleList(nn.Linear(i, o) for i, o in zip(sizes[:-1], sizes[1:]))

    def forward(self, x):
        i = 0
        while i < len(self.layers):
            x = self.layers[i](x).clamp(min=0.0)
            i += 1
        return x


# %% exercise="mlp" wrong="sequential-call-without-relu" mistake="no-relu"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) <= 1:
            raise ValueError("An MLP needs two sizes")
        self.layers = nn.Sequential(*(nn.Linear(i, o) for i, o in zip(sizes[:-1], sizes[1:])))
        self.relu = nn.ReLU()

    def forward(self, x):
        return self.layers(x)


# %% exercise="mlp" wrong="compares-layers-by-shape" mistake="relu-by-width"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError()
        self.layers = nn.ModuleList([nn.Linear(sizes[k], sizes[k + 1]) for k in range(len(sizes) - 1)])
        self.out_size = sizes[-1]

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
            if x.shape[-1] == self.out_size:
                continue
            x = torch.relu(x)
        return x


# %% exercise="mlp" wrong="elu" mistake="another-activation"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError()
        self.layers = nn.ModuleList([nn.Linear(sizes[k], sizes[k + 1]) for k in range(len(sizes) - 1)])

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.elu(layer(x))
        return self.layers[-1](x)


# %% exercise="mlp" wrong="relu6" mistake="another-activation"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError()
        self.layers = nn.ModuleList([nn.Linear(sizes[k], sizes[k + 1]) for k in range(len(sizes) - 1)])

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.relu6(layer(x))
        return self.layers[-1](x)


# %% exercise="mlp" wrong="dropout-inside"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError()
        self.layers = nn.ModuleList([nn.Linear(sizes[k], sizes[k + 1]) for k in range(len(sizes) - 1)])
        self.drop = nn.Dropout(0.5)

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = self.drop(F.relu(layer(x)))
        return self.layers[-1](x)


# %% exercise="mlp" wrong="multiplied-list" mistake="one-layer-many-times"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError()
        if len(set(sizes)) == 1:
            layers = [nn.Linear(sizes[0], sizes[0])] * (len(sizes) - 1)
        else:
            layers = [nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])]
        self.layers = nn.ModuleList(layers)

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.relu(layer(x))
        return self.layers[-1](x)


# %% exercise="mlp" wrong="no-check-index-error" mistake="no-value-error"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.layers = nn.ModuleList()
        previous = sizes[0]
        for size in sizes[1:]:
            self.layers.append(nn.Linear(previous, size))
            previous = size

    def forward(self, x):
        for i, layer in enumerate(self.layers):
            x = layer(x) if i == 0 else layer(F.relu(x))
        return x


# %% exercise="mlp" wrong="runtime-error" mistake="another-error"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise RuntimeError("Please give at least an input size and an output size!")
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.relu(layer(x))
        return self.layers[-1](x)


# %% exercise="mlp" wrong="three-at-least" mistake="two-sizes-refused"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 3:
            raise ValueError("need input, hidden and output size")
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.relu(layer(x))
        return self.layers[-1](x)


# %% exercise="mlp" wrong="concatenates-to-list" mistake="only-lists"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("need input and output size")
        hidden = sizes[:-1] + []
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(hidden, sizes[1:])])

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.relu(layer(x))
        return self.layers[-1](x)


# %% exercise="mlp" wrong="list-and-relu-last" mistake="relu-after-last"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("need input and output size")
        self.layers = [nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])]

    def forward(self, x):
        for layer in self.layers:
            x = F.relu(layer(x))
        return x


# %% exercise="mlp" wrong="skips-the-first-relu"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("need input and output size")
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])

    def forward(self, x):
        x = self.layers[0](x)
        for layer in self.layers[1:-1]:
            x = F.relu(layer(x))
        return self.layers[-1](x)


# %% exercise="mlp" wrong="typo"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("need input and output size")
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.Relu(layer(x))
        return self.layers[-1](x)


# %% exercise="mlp" wrong="first-relu-only"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("x")
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))

    def forward(self, x):
        x = self.layers[0](x)
        if len(self.layers) > 1:
            x = F.relu(x)
            for l in self.layers[1:]:
                x = l(x)
        return x


# %% exercise="mlp" wrong="other-name-and-no-check" mistake="other-name"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.linears = nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))

    def forward(self, x):
        for i, l in enumerate(self.linears):
            x = l(x)
            if i < len(self.linears) - 1:
                x = F.relu(x)
        return x


# %% exercise="mlp" wrong="relus-inside-and-no-check" mistake="relu-in-the-layers"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        mods = []
        for i in range(len(sizes) - 2):
            mods.append(nn.Linear(sizes[i], sizes[i + 1]))
            mods.append(nn.ReLU())
        mods.append(nn.Linear(sizes[-2], sizes[-1]))
        self.layers = nn.Sequential(*mods)

    def forward(self, x):
        return self.layers(x)


# %% exercise="mlp" wrong="error-made-not-raised" mistake="no-value-error"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            ValueError("x")
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))

    def forward(self, x):
        for i, l in enumerate(self.layers):
            x = l(x)
            if i < len(self.layers) - 1:
                x = F.relu(x)
        return x


# %% exercise="mlp" right="index-loop"
class MLP(nn.Module):
    def __init__(self, sizes):
        super(MLP, self).__init__()
        count = len(sizes)
        if count < 2:
            raise ValueError("MLP: at least 2 sizes, but got %d" % count)
        self.layers = nn.ModuleList([])
        for index in range(0, count - 1):
            self.layers.append(nn.Linear(in_features=sizes[index], out_features=sizes[index + 1], bias=True))

    def forward(self, x):
        for index in range(len(self.layers)):
            x = self.layers[index](x)
            if index < len(self.layers) - 1:
                x = x.relu_()
        return x


# %% exercise="mlp" right="subclass-of-sequential-inside"
class _Stack(nn.Sequential):
    def forward(self, x):
        for layer in self[:-1]:
            x = F.relu(layer(x), inplace=True)
        return self[-1](x)


class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if not sizes or len(sizes) == 1:
            raise ValueError("too short")
        self.layers = _Stack(*(nn.Linear(*pair) for pair in zip(sizes, sizes[1:])))

    def forward(self, x):
        return self.layers(x)


# %% exercise="mlp" right="insert-backwards"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("sizes", sizes)
        self.layers = nn.Module()
        self.steps = []
        for i in reversed(range(len(sizes) - 1)):
            layer = nn.Linear(sizes[i], sizes[i + 1])
            self.layers.add_module(str(i), layer)
            self.steps.insert(0, layer)

    def forward(self, x):
        for step in self.steps[:-1]:
            x = torch.relu(step(x))
        return self.steps[-1](x)


# %% exercise="mlp" right="activation-by-position"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        pairs = [(sizes[i], sizes[i + 1]) for i in range(len(sizes) - 1)]
        if len(pairs) == 0:
            raise ValueError("no layers")
        self.layers = nn.ModuleList(nn.Linear(*p) for p in pairs)
        self.acts = [F.relu] * (len(pairs) - 1) + [lambda x: x]

    def forward(self, x):
        for layer, act in zip(self.layers, self.acts):
            x = act(layer(x))
        return x


# %% exercise="mlp" right="relu-by-formula"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.sizes = tuple(int(size) for size in sizes)
        if len(self.sizes) < 2:
            raise ValueError(f"{self.sizes} are too few sizes")
        self.layers = nn.ModuleList(map(nn.Linear, self.sizes, self.sizes[1:]))

    def forward(self, x):
        layers = iter(self.layers)
        x = next(layers)(x)
        for layer in layers:
            x = layer(x * (x > 0))
        return x


# %% exercise="mlp" right="identity-last"
class MLP(nn.Module):
    relu = nn.ReLU()

    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("sizes")
        self.layers = nn.ModuleList()
        self.after = nn.ModuleList()
        for number, (n, m) in enumerate(zip(sizes, sizes[1:])):
            self.layers.append(nn.Linear(n, m))
            self.after.append(nn.ReLU() if number + 2 < len(sizes) else nn.Identity())

    def forward(self, x):
        for layer, after in zip(self.layers, self.after, strict=True):
            x = after(layer(x))
        return x


# %% exercise="mlp" right="derived-from-sequential"
from collections import OrderedDict


class MLP(nn.Sequential):
    def __init__(self, sizes):
        sizes = [*sizes]
        if len(sizes) < 2 or any(not isinstance(size, int) or size < 1 for size in sizes):
            raise ValueError("at least two sizes, all of them positive ints")
        layers = nn.ModuleList(nn.Linear(n, m, device="cpu") for n, m in zip(sizes, sizes[1:]))
        super().__init__(OrderedDict(layers=layers))

    def forward(self, x):
        x = x.flatten(1)
        for number, layer in enumerate(self.layers, start=1):
            x = layer(x)
            x = F.threshold(x, 0.0, 0.0) if number < len(self.layers) else x
        return x


# %% exercise="mlp" wrong="clamped" mistake="another-activation"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError()
        self.layers = nn.ModuleList([nn.Linear(sizes[k], sizes[k + 1]) for k in range(len(sizes) - 1)])

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.hardtanh(layer(x), 0.0, 6.0)
        return self.layers[-1](x)


# %% exercise="mlp" wrong="first-and-last" mistake="single-layer-twice"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError()
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])
        self.relu = nn.ReLU()

    def forward(self, x):
        first, *_ = self.layers
        out = self.relu(first(x))
        for k in range(1, len(self.layers) - 1):
            out = self.relu(self.layers[k](out))
        out = self.layers[-1](out)
        return out


# %% [markdown]
# # residual


# %% exercise="residual" wrong="in-place-add-method" mistake="changes-x"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        return x.add_(self.block(x))


# %% exercise="residual" wrong="in-place-data" mistake="changes-x"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        identity = x
        x = self.block(x)
        identity += x
        return identity


# %% exercise="residual" wrong="output-add-method" mistake="changes-block-output"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        return self.block(x).add_(x)


# %% exercise="residual" wrong="dunder-forward" mistake="calls-forward"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block
        self.run = block.forward

    def forward(self, x):
        y = self.run(x)
        return torch.add(x, y)


# %% exercise="residual" wrong="class-forward" mistake="calls-forward"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        return x + type(self.block).forward(self.block, x)


# %% exercise="residual" wrong="prints-the-shape" mistake="called-twice"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        print(self.block(x).shape)
        return self.block(x) + x


# %% exercise="residual" wrong="tuple" mistake="not-registered"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.holder = (block,)

    def forward(self, x):
        return self.holder[0](x) + x


# %% exercise="residual" wrong="closure" mistake="not-registered"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.fn = lambda x: x + block(x)

    def forward(self, x):
        return self.fn(x)


# %% exercise="residual" wrong="object-setattr" mistake="not-registered"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        object.__setattr__(self, "block", block)

    def forward(self, x):
        return x + self.block(x)


# %% exercise="residual" wrong="called-fn" mistake="other-name"
class Residual(nn.Module):
    def __init__(self, fn):
        super().__init__()
        self.add_module("fn", fn)

    def forward(self, x):
        return x + self.fn(x)


# %% exercise="residual" wrong="module-list" mistake="other-name"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.blocks = nn.ModuleList([block])

    def forward(self, x):
        return x + self.blocks[0](x)


# %% exercise="residual" wrong="wrapped-with-dropout" mistake="another-module-there"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = nn.Sequential(block, nn.Identity())

    def forward(self, x):
        return x + self.block(x)


# %% exercise="residual" wrong="relu-and-changes-x" mistake="activation"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        x += self.block(x)
        return F.relu(x)


# %% exercise="residual" wrong="forgot-block" mistake="skip-only"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        self.block(x)
        return x


# %% exercise="residual" wrong="expands-by-hand"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        return x + self.block(x).view(x.shape)


# %% exercise="residual" wrong="no-grad-shortcut" mistake="cut-off"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        with torch.no_grad():
            identity = x.clone()
        return identity + self.block(x)


# %% exercise="residual" wrong="data-of-x" mistake="cut-off"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        y = self.block(x)
        return y + x.data


# %% exercise="residual" wrong="loop-over-layers" mistake="takes-block-apart"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        y = x
        for i in range(len(self.block)):
            y = self.block[i](y)
        return x + y


# %% exercise="residual" wrong="asserts-shape" mistake="shapes-must-be-equal"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        y = self.block(x)
        assert y.size() == x.size(), f"{y.size()} is not {x.size()}"
        return y + x


# %% exercise="residual" wrong="scaled"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block
        self.scale = nn.Parameter(torch.tensor(0.1))

    def forward(self, x):
        return x + self.scale * self.block(x)


# %% exercise="residual" wrong="post-norm"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        return F.layer_norm(x + self.block(x), x.shape[-1:])


# %% exercise="residual" wrong="other-name-and-in-place" mistake="changes-x"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.layer = block

    def forward(self, x):
        x += self.layer(x)
        return x


# %% exercise="residual" wrong="forward-and-relu" mistake="activation"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        return F.relu(self.block.forward(x) + x)


# %% exercise="residual" wrong="list-of-blocks" mistake="another-module-there"
class Residual(nn.Module):
    def __init__(self, *blocks):
        super().__init__()
        self.block = nn.ModuleList(blocks)

    def forward(self, x):
        for b in self.block:
            x = x + b(x)
        return x


# %% exercise="residual" right="keyword-block"
class Residual(nn.Module):
    def __init__(self, block: nn.Module, *, name: str = "residual") -> None:
        super().__init__()
        self.name = name
        self.block: nn.Module = block

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        shortcut = x
        out = self.block(x)
        return shortcut.add(out)


# %% exercise="residual" right="in-place-on-a-copy"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        y = self.block(x)
        out = torch.zeros(torch.broadcast_shapes(x.shape, y.shape), dtype=x.dtype)
        out += x
        out += y
        return out


# %% exercise="residual" right="operator"
import operator


class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.register_module("block", block)
        self.op = operator.add

    def forward(self, x, *more, **options):
        return self.op(x, self.block(x, *more, **options))


# %% exercise="residual" right="base-class-with-hook"
class _Skip(nn.Module):
    def body(self, x):
        raise NotImplementedError

    def forward(self, x):
        return self.body(x) + x


class Residual(_Skip):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def body(self, x):
        return self._modules["block"](x)


# %% exercise="residual" right="own-hook"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block
        self.last_shape = None

    def forward(self, x):
        y = self.block(x)
        self.last_shape = y.shape
        return 1 * x + 1 * y


# %% exercise="residual" right="view-of-x"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        result = self.block(x.view_as(x))
        return torch.sub(x, -result)


# %% exercise="residual" wrong="in-place-when-predicting" mistake="changes-x"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        out = self.block(x)
        return torch.add(x, out) if torch.is_grad_enabled() else torch.add(x, out, out=x)


# %% exercise="residual" wrong="nothing-for-nothing" mistake="falsy-block"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        if not self.block:
            return x
        return x + self.block(x)


# %% exercise="residual" wrong="stochastic-depth" mistake="no-block-in-eval"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        keep = float(self.training)
        return x + self.block(x) if keep else x.clone()


# %% exercise="residual" right="asks-for-none"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        if block is None:
            raise ValueError("a block, please")
        self.block = block

    def forward(self, x):
        with torch.set_grad_enabled(torch.is_grad_enabled()):
            return self.block(x).add(x)


# %% [markdown]
# # running_center


# %% exercise="running_center" wrong="plain-no-grad-in-place" mistake="plain-attribute"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.mean = torch.zeros(num_features)
        self.momentum = momentum

    def forward(self, x):
        if self.training:
            mu = x.mean(0)
            with torch.no_grad():
                self.mean.mul_(1 - self.momentum).add_(mu, alpha=self.momentum)
            return x - mu
        return x - self.mean


# %% exercise="running_center" wrong="starts-as-number" mistake="plain-attribute"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.mean = 0.0
        self.momentum = momentum

    def forward(self, x):
        if self.training:
            mu = x.mean(0)
            self.mean = (1 - self.momentum) * self.mean + self.momentum * mu.detach()
            return x - mu
        return x - self.mean


# %% exercise="running_center" wrong="parameter-with-grad" mistake="parameter"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.m = momentum
        self.mean = nn.Parameter(torch.zeros(num_features))

    def forward(self, x):
        if self.training:
            mu = x.mean(0)
            self.mean.data.lerp_(mu.data, self.m)
            return x - mu
        return x - self.mean


# %% exercise="running_center" wrong="lerp-without-detach" mistake="graph-in-buffer"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if not self.training:
            return x - self.mean
        mu = torch.mean(x, dim=0)
        self.mean = torch.lerp(self.mean, mu, self.momentum)
        return x - mu


# %% exercise="running_center" wrong="detach-at-once" mistake="batch-mean-detached"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if self.training:
            batch_mean = x.detach().mean(dim=0)
            self.mean = (1 - self.momentum) * self.mean + self.momentum * batch_mean
            return x - batch_mean
        else:
            return x - self.mean


# %% exercise="running_center" wrong="weights-swapped" mistake="momentum-reversed"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if self.training:
            mu = x.mean(dim=0)
            self.mean = self.momentum * self.mean + (1 - self.momentum) * mu.detach()
            return x - mu
        return x - self.mean


# %% exercise="running_center" wrong="updates-first" mistake="running-mean-in-training"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if self.training:
            mu = x.mean(dim=0).detach()
            self.mean = self.mean + self.momentum * (mu - self.mean)
        return x - self.mean


# %% exercise="running_center" wrong="cumulative-average"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.n = 0
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if self.training:
            mu = x.mean(dim=0)
            self.n += 1
            with torch.no_grad():
                self.mean += (mu - self.mean) / self.n
            return x - mu
        return x - self.mean


# %% exercise="running_center" wrong="weighted-by-batch-size"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if self.training:
            mu = x.mean(dim=0)
            share = self.momentum * len(x)
            with torch.no_grad():
                self.mean.copy_((1 - share) * self.mean + share * mu)
            return x - mu
        return x - self.mean


# %% exercise="running_center" wrong="eval-flag-of-its-own" mistake="mode-ignored"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.is_training = True
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if self.is_training:
            mu = x.mean(dim=0)
            self.mean.lerp_(mu.detach(), self.momentum)
            return x - mu
        return x - self.mean


# %% exercise="running_center" wrong="mean-of-everything-expanded" mistake="one-number"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if self.training:
            mu = x.mean()
            self.mean = (1 - self.momentum) * self.mean + self.momentum * mu.detach().expand(self.mean.shape)
            return x - mu
        return x - self.mean


# %% exercise="running_center" wrong="keepdim" mistake="two-dimensional-mean"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if self.training:
            mu = torch.mean(x, 0, keepdim=True)
            with torch.no_grad():
                self.mean = self.mean * (1 - self.momentum) + mu * self.momentum
            return x - mu
        return x - self.mean


# %% exercise="running_center" wrong="random-start" mistake="other-start"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.ones(num_features))

    def forward(self, x):
        if self.training:
            mu = x.mean(dim=0)
            self.mean.lerp_(mu.detach(), self.momentum)
            return x - mu
        return x - self.mean


# %% exercise="running_center" wrong="asserts-two-samples" mistake="single-sample-refused"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if self.training:
            if x.size(0) == 1:
                raise ValueError(f"expected more than 1 value per channel when training, got {x.shape}")
            mu = x.mean(dim=0)
            self.mean.lerp_(mu.detach(), self.momentum)
            return x - mu
        return x - self.mean


# %% exercise="running_center" wrong="median"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if self.training:
            mu = x.median(dim=0).values
            self.mean.lerp_(mu.detach(), self.momentum)
            return x - mu
        return x - self.mean


# %% exercise="running_center" wrong="eval-detaches" mistake="no-gradient"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if self.training:
            mu = x.mean(dim=0)
            self.mean.lerp_(mu.detach(), self.momentum)
            return x - mu
        return (x - self.mean).detach()


# %% exercise="running_center" wrong="plain-and-graph" mistake="plain-attribute"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.mean = torch.zeros(num_features)

    def forward(self, x):
        if self.training:
            mu = x.mean(dim=0)
            self.mean = (1 - self.momentum) * self.mean + self.momentum * mu
            return x - mu
        return x - self.mean


# %% exercise="running_center" wrong="called-running-mean" mistake="other-name"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.register_buffer("center", torch.zeros(num_features))
        self.momentum = momentum

    def forward(self, x):
        if self.training:
            mu = x.mean(dim=0)
            self.center = torch.lerp(self.center, mu.detach(), self.momentum)
            return x - mu
        return x - self.center


# %% exercise="running_center" wrong="typo-in-eval"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if self.training:
            mu = x.mean(dim=0)
            self.mean.lerp_(mu.detach(), self.momentum)
            return x - mu
        return x - self.running_mean


# %% exercise="running_center" wrong="adds-the-mean"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if self.training:
            mu = x.mean(dim=0)
            self.mean.lerp_(mu.detach(), self.momentum)
            return x + mu
        return x + self.mean


# %% exercise="running_center" wrong="no-grad-in-training" mistake="no-gradient"
class RunningCenter(nn.Module):
    def __init__(self, n, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(n))

    def forward(self, x):
        if self.training:
            with torch.no_grad():
                mu = x.mean(0)
                self.mean = (1 - self.momentum) * self.mean + self.momentum * mu
                return x - mu
        return x - self.mean


# %% exercise="running_center" wrong="learns-in-eval" mistake="updates-in-eval"
class RunningCenter(nn.Module):
    def __init__(self, n, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(n))

    def forward(self, x):
        if self.training:
            return x - x.mean(0)
        self.mean = (1 - self.momentum) * self.mean + self.momentum * x.mean(0).detach()
        return x - self.mean


# %% exercise="running_center" wrong="plain-and-reversed" mistake="plain-attribute"
class RunningCenter(nn.Module):
    def __init__(self, n, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.mean = torch.zeros(n)

    def forward(self, x):
        if self.training:
            mu = x.mean(0)
            self.mean = self.momentum * self.mean + (1 - self.momentum) * mu.detach()
            return x - mu
        return x - self.mean


# %% exercise="running_center" wrong="graph-and-running-mean" mistake="running-mean-in-training"
class RunningCenter(nn.Module):
    def __init__(self, n, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(n))

    def forward(self, x):
        if self.training:
            mu = x.mean(0)
            self.mean.mul_(1 - self.momentum).add_(self.momentum * mu)
        return x - self.mean


# %% exercise="running_center" wrong="keras-momentum"
class RunningCenter(nn.Module):
    def __init__(self, n, momentum=0.9):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(n))

    def forward(self, x):
        if self.training:
            mu = x.mean(0)
            self.mean = self.momentum * self.mean + (1 - self.momentum) * mu.detach()
            return x - mu
        return x - self.mean


# %% exercise="running_center" right="alpha"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.register_buffer("mean", torch.zeros(num_features))
        self.momentum = momentum

    def extra_repr(self):
        return f"momentum={self.momentum}"

    def forward(self, x):
        if not self.training:
            return torch.sub(x, self.mean)
        mu = x.sum(0).div(x.shape[0])
        self.mean.data.mul_(1.0 - self.momentum).add_(mu.data, alpha=self.momentum)
        return x - mu[None]


# %% exercise="running_center" right="slice-assignment"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.register_buffer("mean", torch.zeros(num_features), persistent=True)
        self.momentum = momentum
        self.seen = 0

    @torch.no_grad()
    def _update(self, mu):
        self.mean[:] = (1 - self.momentum) * self.mean + self.momentum * mu
        self.seen += 1

    def forward(self, x):
        center = self.mean
        if self.training:
            center = x.mean(dim=0)
            self._update(center)
        return x - center


# %% exercise="running_center" right="torch-buffer"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.mean = nn.Buffer(torch.zeros(num_features)) if hasattr(nn, "Buffer") else None
        if self.mean is None:
            del self.mean
            self.register_buffer("mean", torch.zeros(num_features))
        self.alpha = momentum

    def forward(self, x):
        if self.training:
            mu = x.mean(dim=-2)
            new = torch.stack([self.mean * (1 - self.alpha), mu * self.alpha]).sum(0)
            self.mean = new.detach()
            return x - mu
        return x - self.mean


# %% exercise="running_center" right="matrix"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        n = len(x)
        if self.training:
            average = torch.full((n, n), 1.0 / n, dtype=x.dtype, device=x.device)
            mu = (average @ x)[0].detach().clone()
            self.mean.copy_(torch.lerp(self.mean, mu.to(self.mean), self.momentum))
            return x - average @ x
        return x - self.mean.repeat(n, 1)


# %% exercise="running_center" right="batch-norm-inside"
class RunningCenter(nn.BatchNorm1d):
    def __init__(self, num_features, momentum=0.1):
        super().__init__(num_features, affine=False, track_running_stats=False)
        self.rate = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if self.training:
            mu = x.mean(0)
            self.mean = self.mean.mul(1 - self.rate).add(self.rate * mu.detach())
            return x - mu
        return x - self.mean


# %% exercise="running_center" right="context-manager"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.weights = (1 - momentum, momentum)
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        mu = {True: lambda: x.mean(0), False: lambda: self.mean}[self.training]()
        if self.training:
            with torch.set_grad_enabled(False):
                old, new = self.weights
                self.mean.set_((old * self.mean + new * mu).to(self.mean.dtype))
        return x - mu


# %% exercise="running_center" right="momentum-as-buffer"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        if not 0 <= momentum <= 1:
            raise ValueError("momentum is a share")
        self.register_buffer("momentum", torch.tensor(momentum))
        self.register_buffer("mean", torch.zeros(num_features))
        self.register_buffer("scratch", torch.zeros(3), persistent=False)

    def get_extra_state(self):
        return "version 1"

    def set_extra_state(self, state):
        assert state == "version 1"

    def forward(self, x):
        if x.dim() != 2:
            raise ValueError("a batch of samples, please")
        if self.training:
            with torch.no_grad():
                self.mean += self.momentum * (x.mean(0) - self.mean)
            return x - x.mean(0)
        return x - self.mean


# %% exercise="running_center" right="squeezed-batch-mean"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if not self.training:
            return x - self.mean
        mu = x.mean(dim=0, keepdim=True).squeeze()
        self.mean = (1 - self.momentum) * self.mean + self.momentum * mu.detach()
        return x - mu


# %% exercise="running_center" wrong="squeezed-in-the-update" mistake="mean-squeezed"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if not self.training:
            return x - self.mean
        mu = x.mean(dim=0, keepdim=True)
        self.mean = torch.lerp(self.mean, mu.detach(), self.momentum).squeeze()
        return x - mu


# %% exercise="running_center" wrong="half-the-precision" mistake="dtype-fixed"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if not self.training:
            return x - self.mean
        mu = x.mean(dim=0)
        with torch.no_grad():
            self.mean = torch.lerp(self.mean, mu, self.momentum).to(torch.float32)
        return x - mu


# %% exercise="running_center" wrong="deleted-and-set" mistake="buffer-taken-away"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if not self.training:
            return x - self.mean
        mu = x.mean(dim=0)
        mean = self.mean + self.momentum * (mu.detach() - self.mean)
        delattr(self, "mean")
        setattr(self, "mean", mean)
        return x - mu


# %% exercise="running_center" wrong="only-where-gradients-are" mistake="no-update-without-grad"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if not self.training:
            return x - self.mean
        mu = x.mean(dim=0)
        if torch.is_grad_enabled():
            self.mean = self.mean + self.momentum * (mu.detach() - self.mean)
        return x - mu


# %% exercise="running_center" wrong="zeros-as-a-default" mistake="shared-between-layers"
_start = {}


class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        if num_features not in _start:
            _start[num_features] = torch.zeros(num_features)
        self.register_buffer("mean", _start[num_features])

    def forward(self, x):
        if not self.training:
            return x - self.mean
        mu = x.mean(dim=0)
        self.mean.lerp_(mu.detach(), self.momentum)
        return x - mu


# %% [markdown]
# # count_parameters


# %% exercise="count_parameters" wrong="list-length" mistake="counts-tensors"
def count_parameters(model, trainable_only=False):
    total = 0
    for p in model.parameters():
        if trainable_only and not p.requires_grad:
            continue
        total += 1
    return total


# %% exercise="count_parameters" wrong="state-dict-values" mistake="state-dict"
def count_parameters(model, trainable_only=False):
    total = 0
    for key, value in model.state_dict().items():
        if trainable_only and not dict(model.named_parameters())[key].requires_grad:
            continue
        total += value.numel()
    return total


# %% exercise="count_parameters" wrong="buffers-too" mistake="buffers-counted"
import itertools


def count_parameters(model, trainable_only=False):
    tensors = itertools.chain(model.parameters(), model.buffers())
    return sum(t.numel() for t in tensors if t.requires_grad or not trainable_only)


# %% exercise="count_parameters" wrong="frozen-ones" mistake="trainable-reversed"
def count_parameters(model, trainable_only=False):
    total = 0
    for p in model.parameters():
        if trainable_only and p.requires_grad:
            continue
        total += p.numel()
    return total


# %% exercise="count_parameters" wrong="ignores-flag" mistake="trainable-only-ignored"
def count_parameters(model, trainable_only=False):
    total = 0
    for name, p in model.named_parameters():
        if trainable_only:
            total += p.numel()
        else:
            total += p.numel()
    return total


# %% exercise="count_parameters" wrong="own-recursion" mistake="tied-counted-twice"
def count_parameters(model, trainable_only=False):
    total = 0
    for p in model.parameters(recurse=False):
        if p.requires_grad or not trainable_only:
            total += p.numel()
    for child in model.children():
        total += count_parameters(child, trainable_only)
    return total


# %% exercise="count_parameters" wrong="recursion-with-recursing-parameters" mistake="children-and-grandchildren"
def count_parameters(model, trainable_only=False):
    total = 0
    for module in model.modules():
        total += sum(p.numel() for p in module.parameters() if not trainable_only or p.requires_grad)
    return total


# %% exercise="count_parameters" wrong="weights-only-by-module" mistake="only-weights"
def count_parameters(model, trainable_only=False):
    total = 0
    for m in model.modules():
        if hasattr(m, "weight") and isinstance(m.weight, nn.Parameter):
            if m.weight.requires_grad or not trainable_only:
                total += m.weight.numel()
            if getattr(m, "bias", None) is not None and (m.bias.requires_grad or not trainable_only):
                total += m.bias.numel()
    return total


# %% exercise="count_parameters" wrong="first-size" mistake="rows-only"
def count_parameters(model, trainable_only=False):
    return sum(p.size()[0] for p in model.parameters() if not (trainable_only and not p.requires_grad))


# %% exercise="count_parameters" wrong="bytes"
def count_parameters(model, trainable_only=False):
    return sum(p.numel() * p.element_size() for p in model.parameters() if p.requires_grad or not trainable_only)


# %% exercise="count_parameters" wrong="numpy-size" mistake="needs-values"
def count_parameters(model, trainable_only=False):
    return sum(p.data.numpy().size for p in model.parameters() if p.requires_grad or not trainable_only)


# %% exercise="count_parameters" wrong="numpy-prod" mistake="no-int"
import numpy


def count_parameters(model, trainable_only=False):
    total = 0
    for p in model.parameters():
        if p.requires_grad or not trainable_only:
            total = total + numpy.prod(p.size())
    return total


# %% exercise="count_parameters" wrong="tensor-sum" mistake="no-int"
def count_parameters(model, trainable_only=False):
    return torch.tensor([p.numel() for p in model.parameters() if p.requires_grad or not trainable_only]).sum()


# %% exercise="count_parameters" wrong="flag-needs-grad" mistake="grad-for-trainable"
def count_parameters(model, trainable_only=False):
    if trainable_only:
        return sum(p.numel() for p in model.parameters() if p.grad is not None)
    return sum(p.numel() for p in model.parameters())


# %% exercise="count_parameters" wrong="thousands" mistake="as-text"
def count_parameters(model, trainable_only=False):
    n = sum(p.numel() for p in model.parameters() if p.requires_grad or not trainable_only)
    return "{:,} parameters".format(n)


# %% exercise="count_parameters" wrong="returns-first" mistake="returns-in-loop"
def count_parameters(model, trainable_only=False):
    total = 0
    for p in model.parameters():
        if trainable_only and not p.requires_grad:
            continue
        total += p.numel()
        return total


# %% exercise="count_parameters" wrong="cat-everything" mistake="empty-fails"
def count_parameters(model, trainable_only=False):
    ps = [p.reshape(-1) for p in model.parameters() if p.requires_grad or not trainable_only]
    return len(torch.cat(ps))


# %% exercise="count_parameters" wrong="buffers-and-no-flag" mistake="buffers-counted"
def count_parameters(model, trainable_only=False):
    return sum(p.numel() for p in model.parameters()) + sum(b.numel() for b in model.buffers())


# %% exercise="count_parameters" wrong="keyword-only"
def count_parameters(model, *, only_trainable=False):
    return sum(p.numel() for p in model.parameters() if p.requires_grad or not only_trainable)


# %% exercise="count_parameters" wrong="storage" mistake="same-memory-once"
def count_parameters(model, trainable_only=False):
    seen = {}
    for p in model.parameters():
        if p.requires_grad or not trainable_only:
            seen[p.untyped_storage()._cdata] = p.numel()
    return sum(seen.values())


# %% exercise="count_parameters" wrong="breaks-at-frozen"
def count_parameters(model, trainable_only=False):
    n = 0
    for name, p in model.named_parameters():
        if trainable_only == True and p.requires_grad == False:
            break
        n += p.numel()
    return n


# %% exercise="count_parameters" wrong="tied-twice-and-no-flag" mistake="tied-counted-twice"
def count_parameters(model, trainable_only=False):
    return sum(p.numel() for m in model.modules() for p in m.parameters(recurse=False))


# %% exercise="count_parameters" wrong="sizes-summed"
def count_parameters(model, trainable_only=False):
    return sum(p.size() for p in model.parameters() if p.requires_grad or not trainable_only)


# %% exercise="count_parameters" wrong="in-millions"
def count_parameters(model, trainable_only=False):
    return sum(p.numel() for p in model.parameters() if p.requires_grad or not trainable_only) / 1e6


# %% exercise="count_parameters" right="if-else"
def count_parameters(model, trainable_only=False):
    if trainable_only is True:
        return sum([p.numel() for p in model.parameters() if p.requires_grad is True])
    else:
        return sum([p.numel() for p in model.parameters()])


# %% exercise="count_parameters" right="parameters-to-vector"
def count_parameters(model, trainable_only=False):
    ps = [p for p in model.parameters() if p.requires_grad or not trainable_only]
    return torch.nn.utils.parameters_to_vector(ps).numel() if ps else 0


# %% exercise="count_parameters" right="named-with-state"
def count_parameters(model: nn.Module, trainable_only: bool = False) -> int:
    total = 0
    for _name, p in model.named_parameters():
        size = 1
        for length in p.shape:
            size *= length
        total += size * (p.requires_grad or not trainable_only)
    return total


# %% exercise="count_parameters" right="state-dict-minus-buffers"
def count_parameters(model, trainable_only=False):
    tensors = {}
    for key, value in model.state_dict(keep_vars=True).items():
        if isinstance(value, nn.Parameter) and (value.requires_grad or not trainable_only):
            tensors[id(value)] = value
    return sum(t.numel() for t in tensors.values())


# %% exercise="count_parameters" right="reduce"
from functools import reduce


def count_parameters(model, trainable_only=False):
    keep = (lambda p: p.requires_grad) if trainable_only else (lambda p: True)
    return reduce(lambda total, p: total + p.nelement(), filter(keep, model.parameters()), 0)


# %% exercise="count_parameters" right="method-of-a-class"
class Report:
    def __init__(self):
        self.calls = 0

    def count(self, model, trainable_only=False):
        self.calls += 1
        groups = {True: 0, False: 0}
        for p in model.parameters():
            groups[p.requires_grad] += p.numel()
        return groups[True] + (0 if trainable_only else groups[False])


count_parameters = Report().count


# %% exercise="count_parameters" wrong="a-default-that-grows" mistake="remembers-earlier-calls"
def count_parameters(model, trainable_only=False, _done=[]):
    total = 0
    for p in model.parameters():
        if any(p is other for other in _done) or (trainable_only and not p.requires_grad):
            continue
        _done.append(p)
        total += p.numel()
    return total


# %% [markdown]
# # freeze


# %% exercise="freeze" wrong="find-zero" mistake="startswith"
def freeze(model, prefix):
    hits = [(n, p) for n, p in model.named_parameters() if n.find(prefix) == 0]
    if len(hits) == 0:
        raise ValueError("nothing to freeze")
    for n, p in hits:
        p.requires_grad_(False)
    return [n for n, p in hits]


# %% exercise="freeze" wrong="slice" mistake="startswith"
def freeze(model, prefix):
    out = []
    for n, p in model.named_parameters():
        if n[: len(prefix)] == prefix:
            p.requires_grad = False
            out.append(n)
    if out:
        return out
    raise ValueError(f"No parameter starts with {prefix}")


# %% exercise="freeze" wrong="count" mistake="anywhere-in-name"
def freeze(model, prefix):
    out = [n for n, p in model.named_parameters() if n.find(prefix) >= 0]
    if not out:
        raise ValueError("none")
    for n in out:
        model.get_parameter(n).requires_grad = False
    return out


# %% exercise="freeze" wrong="fullmatch" mistake="pattern"
import re


def freeze(model, prefix):
    out = []
    for n, p in model.named_parameters():
        if not prefix or re.fullmatch(prefix + r"(\..*)?", n):
            p.requires_grad = False
            out.append(n)
    if not out:
        raise ValueError("none")
    return out


# %% exercise="freeze" wrong="dot-always" mistake="only-with-dot"
def freeze(model, prefix):
    out = []
    for n, p in model.named_parameters():
        if n.startswith(f"{prefix}."):
            p.requires_grad = False
            out.append(n)
    if not out:
        raise ValueError(f"{prefix} matches no parameter of the model")
    return out


# %% exercise="freeze" wrong="rsplit" mistake="empty-prefix-forgotten"
def freeze(model, prefix):
    parts = prefix.split(".")
    out = []
    for n, p in model.named_parameters():
        if n.split(".")[: len(parts)] == parts:
            p.requires_grad = False
            out.append(n)
    if not out:
        raise ValueError(prefix)
    return out


# %% exercise="freeze" wrong="parent-only"
def freeze(model, prefix):
    out = []
    for n, p in model.named_parameters():
        if n == prefix or prefix == "" or n.rpartition(".")[0] == prefix:
            p.requires_grad = False
            out.append(n)
    if not out:
        raise ValueError(prefix)
    return out


# %% exercise="freeze" wrong="top-level" mistake="first-part-only"
def freeze(model, prefix):
    out = []
    for n, p in model.named_parameters():
        top, *_ = n.split(".")
        if not prefix or top == prefix:
            p.requires_grad = False
            out.append(n)
    if not out:
        raise ValueError(prefix)
    return out


# %% exercise="freeze" wrong="submodule-names" mistake="relative-names"
def freeze(model, prefix):
    part = model
    for step in prefix.split(".") if prefix else []:
        part = getattr(part, step, None)
    if part is None:
        raise ValueError(prefix)
    if isinstance(part, nn.Parameter):
        part.requires_grad = False
        return [prefix]
    out = []
    for n, p in part.named_parameters():
        p.requires_grad = False
        out.append(n)
    if not out:
        raise ValueError(prefix)
    return out


# %% exercise="freeze" wrong="skips-frozen" mistake="frozen-not-listed"
def freeze(model, prefix):
    out = []
    for n, p in model.named_parameters():
        if not p.requires_grad:
            continue
        if not prefix or n == prefix or n.startswith(prefix + "."):
            p.requires_grad = False
            out.append(n)
    if not out:
        raise ValueError(prefix)
    return out


# %% exercise="freeze" wrong="thaws-others" mistake="unfreezes-others"
def freeze(model, prefix):
    out = []
    for n, p in model.named_parameters():
        if not prefix or n == prefix or n.startswith(prefix + "."):
            p.requires_grad = False
            out.append(n)
        else:
            p.requires_grad = True
    if not out:
        raise ValueError(prefix)
    return out


# %% exercise="freeze" wrong="eval-mode" mistake="nothing-frozen"
def freeze(model, prefix):
    out = [n for n, p in model.named_parameters() if not prefix or n == prefix or n.startswith(prefix + ".")]
    if not out:
        raise ValueError(prefix)
    model.eval()
    for n in out:
        model.get_parameter(n).grad = None
    return out


# %% exercise="freeze" wrong="misspelt-attribute" mistake="nothing-frozen"
def freeze(model, prefix):
    out = []
    for n, p in model.named_parameters():
        if not prefix or n == prefix or n.startswith(prefix + "."):
            p.requires_gradient = False
            p.trainable = False
            out.append(n)
    if not out:
        raise ValueError(prefix)
    return out


# %% exercise="freeze" wrong="prints" mistake="no-return"
def freeze(model, prefix):
    out = []
    for n, p in model.named_parameters():
        if not prefix or n == prefix or n.startswith(prefix + "."):
            p.requires_grad = False
            out.append(n)
    if not out:
        raise ValueError(prefix)
    print(out)


# %% exercise="freeze" wrong="dict-keys" mistake="no-list"
def freeze(model, prefix):
    out = {n: p for n, p in model.named_parameters() if not prefix or n == prefix or n.startswith(prefix + ".")}
    if not out:
        raise ValueError(prefix)
    for p in out.values():
        p.requires_grad = False
    return out.keys()


# %% exercise="freeze" wrong="one-text"
def freeze(model, prefix):
    out = [n for n, p in model.named_parameters() if not prefix or n == prefix or n.startswith(prefix + ".")]
    if not out:
        raise ValueError(prefix)
    for n in out:
        model.get_parameter(n).requires_grad = False
    return ", ".join(out)


# %% exercise="freeze" wrong="empty-list" mistake="no-value-error"
def freeze(model, prefix):
    out = [n for n, p in model.named_parameters() if not prefix or n == prefix or n.startswith(prefix + ".")]
    for n in out:
        model.get_parameter(n).requires_grad_(False)
    if not out:
        print("warning: nothing matched", prefix)
    return out


# %% exercise="freeze" wrong="lookup-error" mistake="another-error"
def freeze(model, prefix):
    out = [n for n, p in model.named_parameters() if not prefix or n == prefix or n.startswith(prefix + ".")]
    if not out:
        raise RuntimeError(f"no parameter below {prefix}")
    for n in out:
        model.get_parameter(n).requires_grad_(False)
    return out


# %% exercise="freeze" wrong="startswith-and-no-error" mistake="startswith"
def freeze(model, prefix):
    out = []
    for n, p in model.named_parameters():
        if n.startswith(prefix):
            p.requires_grad = False
            out.append(n)
    return out


# %% exercise="freeze" wrong="backwards"
def freeze(model, prefix):
    out = []
    for n, p in reversed(list(model.named_parameters())):
        if not prefix or n == prefix or n.startswith(prefix + "."):
            p.requires_grad = False
            out.append(n)
    if not out:
        raise ValueError(prefix)
    return out


# %% exercise="freeze" wrong="one-level-down"
def freeze(model, prefix):
    out = []
    for n, p in model.named_parameters():
        if n == prefix or prefix == "" or (n.startswith(prefix + ".") and n.count(".") <= prefix.count(".") + 1):
            p.requires_grad = False
            out.append(n)
    if not out:
        raise ValueError(prefix)
    return out


# %% exercise="freeze" wrong="module-names"
def freeze(model, prefix):
    out = []
    for n, m in model.named_modules():
        if prefix == "" or n == prefix or n.startswith(prefix + "."):
            for p in m.parameters():
                p.requires_grad = False
            out.append(n)
    if not out:
        raise ValueError(prefix)
    return out


# %% exercise="freeze" wrong="startswith-and-tuple" mistake="no-list"
def freeze(model, prefix):
    out = []
    for n, p in model.named_parameters():
        if n.startswith(prefix):
            p.requires_grad = False
            out.append(n)
    if not out:
        raise ValueError(prefix)
    return tuple(out)


# %% exercise="freeze" wrong="startswith-and-thaws" mistake="unfreezes-others"
def freeze(model, prefix):
    out = []
    for n, p in model.named_parameters():
        p.requires_grad = not n.startswith(prefix)
        if n.startswith(prefix):
            out.append(n)
    if not out:
        raise ValueError(prefix)
    return out


# %% exercise="freeze" wrong="sorted-names" mistake="sorted"
def freeze(model, prefix):
    d = dict(model.named_parameters())
    out = sorted(n for n in d if not prefix or n == prefix or n.startswith(prefix + "."))
    if not out:
        raise ValueError(prefix)
    for n in out:
        d[n].requires_grad_(False)
    return out


# %% exercise="freeze" right="partition"
def freeze(model, prefix):
    def covered(name):
        head, found, rest = name.partition(prefix)
        return head == "" and (prefix == "" or rest == "" or rest.startswith("."))

    try:
        covered("x")
    except ValueError:  # an empty separator
        covered = lambda name: True
    found = {n: p for n, p in model.named_parameters() if covered(n)}
    if not found:
        raise ValueError(f"no parameter {prefix!r} in {type(model).__name__}")
    for p in found.values():
        p.requires_grad = False
    return list(found.keys())


# %% exercise="freeze" right="two-passes"
def freeze(model, prefix):
    names = []
    for name, _ in model.named_parameters():
        if prefix == "":
            names.append(name)
        elif name == prefix:
            names.append(name)
        elif len(name) > len(prefix) and name[: len(prefix)] == prefix and name[len(prefix)] == ".":
            names.append(name)
    if names == []:
        raise ValueError("Nothing found: " + str(prefix))
    for name, parameter in model.named_parameters():
        if name in names:
            parameter.requires_grad = False
    return names


# %% exercise="freeze" right="ancestors"
def freeze(model, prefix):
    def ancestors(name):
        yield name
        while "." in name:
            name = name.rpartition(".")[0]
            yield name
        yield ""

    found = [(n, p) for n, p in model.named_parameters() if prefix in ancestors(n)]
    if not found:
        raise ValueError(prefix)
    return [p.requires_grad_(False) is p and n for n, p in found]


# %% exercise="freeze" right="wrapped"
import functools


def nonempty(function):
    @functools.wraps(function)
    def checked(*args, **kwargs):
        names = function(*args, **kwargs)
        if not names:
            raise ValueError("nothing matched")
        return names

    return checked


@nonempty
def freeze(model, prefix):
    starts = (f"{prefix}.",) if prefix else ("",)
    return [
        name
        for name, parameter in model.named_parameters()
        if (name == prefix or name.startswith(starts)) and parameter.requires_grad_(False) is not None
    ]


# %% exercise="freeze" right="with-no-grad-and-data"
def freeze(model, prefix, verbose=False):
    chosen = []
    wanted = tuple(prefix.split(".")) if len(prefix) else ()
    for name, parameter in list(model.named_parameters()):
        if all(a == b for a, b in zip(wanted, name.split("."))) and len(wanted) <= len(name.split(".")):
            chosen.append((name, parameter))
    if not chosen:
        raise ValueError(prefix)
    for name, parameter in chosen:
        setattr(parameter, "requires_grad", False)
        if verbose:
            print(name)
    names, _ = zip(*chosen)
    return list(names)


# %% exercise="freeze" right="lambda"
freeze = lambda model, prefix: (
    [
        (p.requires_grad_(False), n)[1]
        for n, p in model.named_parameters()
        if ("." + n + ".").startswith("." + prefix + "." * (prefix != ""))
    ]
    or (_ for _ in ()).throw(ValueError("no match"))
)

# %% exercise="freeze" wrong="shell-pattern" mistake="pattern"
from fnmatch import fnmatchcase


def freeze(model, prefix):
    patterns = (prefix, prefix + ".*") if prefix else ("*",)
    found = {n: p for n, p in model.named_parameters() if any(fnmatchcase(n, pattern) for pattern in patterns)}
    if not found:
        raise ValueError(prefix)
    for p in found.values():
        p.requires_grad_(False)
    return list(found)


# %% exercise="freeze" wrong="dot-added-once" mistake="dots-stripped"
def freeze(model, prefix):
    below = prefix.rstrip(".") + "."
    found = {n: p for n, p in model.named_parameters() if not prefix or n + "." == below or n.startswith(below)}
    if not found:
        raise ValueError(prefix)
    for p in found.values():
        p.requires_grad_(False)
    return list(found)


# %% exercise="freeze" right="get-submodule-and-get-parameter"
def freeze(model, prefix):
    try:
        part = model.get_submodule(prefix)
        found = dict(part.named_parameters(prefix=prefix))
    except AttributeError:
        try:
            found = {prefix: model.get_parameter(prefix)}
        except AttributeError as error:
            raise ValueError(prefix) from error
    if not found:
        raise ValueError(prefix)
    for parameter in found.values():
        parameter.requires_grad = False
    return list(found)


# %% [markdown]
# # registration_quiz

# %% exercise="registration_quiz" wrong="tensors-with-grad-and-list" mistake="list-registers"
registration_answers = {
    "scale": True,
    "offset": False,
    "head": True,
    "branches": True,
    "stages": True,
    "average": False,
    "shift": True,
    "gains": False,
}

# %% exercise="registration_quiz" wrong="containers-and-buffer" mistake="containers-register"
registration_answers = {
    "scale": True,
    "offset": False,
    "head": True,
    "branches": True,
    "stages": True,
    "average": True,
    "shift": False,
    "gains": True,
}

# %% exercise="registration_quiz" wrong="one-left-out"
registration_answers = {
    "scale": True,
    "offset": False,
    "head": True,
    "branches": False,
    "stages": True,
    "average": False,
    "shift": False,
    "gains": None,
}

# %% exercise="registration_quiz" wrong="one-missing"
registration_answers = {
    "scale": True,
    "offset": False,
    "head": True,
    "branches": False,
    "stages": True,
    "average": False,
    "shift": False,
}

# %% exercise="registration_quiz" wrong="a-list"
registration_answers = [True, False, True, False, True, False, False, False]

# %% exercise="registration_quiz" wrong="a-set"
registration_answers = {"scale", "head", "stages"}

# %% exercise="registration_quiz" wrong="zeros-and-ones" mistake="no-bools"
registration_answers = dict(scale=1, offset=0, head=1, branches=0, stages=1, average=0, shift=0, gains=0)

# %% exercise="registration_quiz" wrong="quoted" mistake="no-bools"
registration_answers = {
    "scale": "True",
    "offset": "False",
    "head": "True",
    "branches": "False",
    "stages": "True",
    "average": "False",
    "shift": "False",
    "gains": "True",
}

# %% exercise="registration_quiz" wrong="only-parameters" mistake="only-own-parameters"
registration_answers = {name: False for name in "offset head branches stages average shift gains".split()}
registration_answers["scale"] = True

# %% exercise="registration_quiz" wrong="upside-down" mistake="reversed"
registration_answers = {
    "scale": False,
    "offset": True,
    "head": False,
    "branches": True,
    "stages": False,
    "average": True,
    "shift": True,
    "gains": True,
}

# %% exercise="registration_quiz" wrong="tensor-bools"
registration_answers = {
    name: torch.tensor(value)
    for name, value in zip(
        ["scale", "offset", "head", "branches", "stages", "average", "shift", "gains"],
        [True, False, True, False, True, False, False, False],
    )
}

# %% exercise="registration_quiz" wrong="counts" mistake="no-bools"
_all = [name for name, _ in Mystery().named_parameters()]
registration_answers = {
    name: sum(found.split(".")[0] == name for found in _all)
    for name in ["scale", "offset", "head", "branches", "stages", "average", "shift", "gains"]
}

# %% exercise="registration_quiz" right="comparison"
registration_answers = {}
registration_answers["scale"] = True
registration_answers["head"] = registration_answers["stages"] = not False
for name in ("offset", "branches", "average", "shift", "gains"):
    registration_answers[name] = 1 > 2

# %% exercise="registration_quiz" right="identity-of-parameters"
_m = Mystery()
_known = set(_m.parameters())


def _yields(value):
    if isinstance(value, torch.Tensor):
        return value in _known
    if isinstance(value, nn.Module):
        return any(p in _known for p in value.parameters())
    values = value.values() if isinstance(value, dict) else value
    return any(_yields(item) for item in values)


registration_answers = {
    name: _yields(getattr(_m, name))
    for name in ("scale", "offset", "head", "branches", "stages", "average", "shift", "gains")
}

# %% exercise="registration_quiz" right="default-dict"
from collections import defaultdict

registration_answers = defaultdict(bool, scale=True, head=True, stages=True)
for _name in ("offset", "branches", "average", "shift", "gains"):
    registration_answers[_name]

# %% exercise="registration_quiz" right="merged"
registration_answers = {
    **dict.fromkeys(["offset", "branches", "average", "shift", "gains"], False),
    **dict.fromkeys(["scale", "head", "stages"], True),
}


# %% exercise="registration_quiz" right="own-dict-class"
class Answers(dict):
    def __missing__(self, key):
        return False


registration_answers = Answers(
    scale=True, offset=False, head=True, branches=False, stages=True, average=False, shift=False, gains=False
)

# %% exercise="registration_quiz" right="prefixes"
_names = " ".join(" " + name for name, _ in Mystery().named_parameters())
registration_answers = {
    name: (f" {name}." in _names + " ") or (f" {name} " in _names + " ")
    for name in ["scale", "offset", "head", "branches", "stages", "average", "shift", "gains"]
}


# %% exercise="affine" wrong="nothing-registered"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()

    def forward(self, x):
        return x


# %% exercise="affine" wrong="linear-under-another-class" mistake="nn-linear"
from types import CellType, FunctionType


class Affine(nn.Module):
    forward = FunctionType(nn.Linear.forward.__code__.replace(co_name="mine"), vars(torch.nn.modules.linear))

    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))


# %% exercise="mlp" wrong="error-returned" mistake="another-error"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            return ValueError("at least two sizes, please")
        self.layers = nn.ModuleList([nn.Linear(m, n) for m, n in zip(sizes, sizes[1:])])

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = torch.relu(layer(x))
        return self.layers[-1](x)
