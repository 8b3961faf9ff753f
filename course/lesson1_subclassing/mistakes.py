"""Lesson 1: answers that somebody might give, wrong and right, by exercise.

A wrong answer's docstring is what a student is told whose answer shows the same under the checks. Several cells of
one mistake are several ways to make it. The right ones are in other styles than the lesson's, and must pass.
"""

# %% [markdown]
# # affine

# %% exercise="affine" mistake="plain-tensor"
"""A weight or bias of yours is a plain tensor. `nn.Module` registers only what is an `nn.Parameter`, also when a tensor
has `requires_grad=True`; so `parameters()`, `.to()` and the optimizer never see it."""


class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = torch.randn(out_features, in_features)
        self.bias = torch.zeros(out_features)

    def forward(self, x):
        return x @ self.weight.T + self.bias


# %% exercise="affine" mistake="plain-tensor"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = torch.randn(out_features, in_features, requires_grad=True)
        self.bias = torch.zeros(out_features, requires_grad=True)

    def forward(self, x):
        return F.linear(x, self.weight, self.bias)


# %% exercise="affine" mistake="plain-tensor"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = torch.zeros(out_features)

    def forward(self, x):
        return x @ self.weight.T + self.bias


# %% exercise="affine" mistake="changed-after-wrapping"
"""What you assign is the result of a calculation, often with a Parameter. That result is an ordinary tensor, and
ordinary tensors are not registered. Finish the numbers first, then wrap them."""


class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features)) * 0.01
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        return x @ self.weight.T + self.bias


# %% exercise="affine" mistake="changed-after-wrapping"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features)) / in_features**0.5
        self.bias = nn.Parameter(torch.randn(out_features)) / in_features**0.5

    def forward(self, x):
        return F.linear(x, self.weight, self.bias)


# %% exercise="affine" mistake="changed-after-wrapping"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(in_features, out_features)).t()
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        return x @ self.weight.t() + self.bias


# %% exercise="affine" mistake="no-super-init"
"""`nn.Module`'s own `__init__` has not run yet when you assign, so there is nowhere to register a Parameter. Call
`super().__init__()`, with parentheses, before you assign anything."""


class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        return x @ self.weight.T + self.bias


# %% exercise="affine" mistake="no-super-init"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        self.weight = torch.randn(out_features, in_features)
        self.bias = torch.zeros(out_features)

    def forward(self, x):
        return x @ self.weight.T + self.bias


# %% exercise="affine" mistake="not-a-module"
"""Your class does not derive from `nn.Module`. Without it, Parameters are ordinary attributes: nothing is registered,
and `layer(x)` does not lead to `forward`."""


class Affine:
    def __init__(self, in_features, out_features):
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        return x @ self.weight.T + self.bias


# %% exercise="affine" mistake="transposed-weight"
"""Your weight has shape (in, out). torch's convention, and this contract's, is (out, in), one row for each output;
`forward` then has to turn the weight round."""


class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(in_features, out_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        return x @ self.weight + self.bias


# %% exercise="affine" mistake="swapped-sizes"
"""The two sizes are mixed up: the first argument is how many features come in, the second how many go out. The weight
has a row, and the bias an entry, for each output."""


class Affine(nn.Module):
    def __init__(self, out_features, in_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        return x @ self.weight.T + self.bias


# %% exercise="affine" mistake="swapped-sizes"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(in_features))

    def forward(self, x):
        return x @ self.weight.T + self.bias


# %% exercise="affine" mistake="weight-not-turned"
"""`forward` multiplies x by the weight as it stands, (out, in). The inner sizes of a product must agree: x brings
`in_features` last, so the weight has to bring them first."""


class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        return x @ self.weight + self.bias


# %% exercise="affine" mistake="weight-not-turned"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        return self.weight @ x + self.bias


# %% exercise="affine" mistake="weight-not-turned"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        return F.linear(x, self.weight.T, self.bias)


# %% exercise="affine" mistake="weight-not-turned"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        return x * self.weight + self.bias


# %% exercise="affine" mistake="equal-rows"
"""All rows of your weight start equal. Then all outputs are equal, get equal gradients and stay equal for ever: the
layer learns one feature, many times. Start from random numbers."""


class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        return x @ self.weight.T + self.bias


# %% exercise="affine" mistake="uninitialised"
"""Your weights are not set: they are whatever lay in memory, often zeros, sometimes huge numbers. `torch.empty` and
`torch.Tensor(rows, columns)` do that. Put random numbers in."""


class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        return x @ self.weight.T + self.bias


# %% exercise="affine" mistake="no-bias"
"""x·Wᵀ alone: the bias is missing. It is a parameter of its own, and `forward` has to add it."""


class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        return x @ self.weight.T


# %% exercise="affine" mistake="no-bias"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))

    def forward(self, x):
        return x @ self.weight.T


# %% exercise="affine" mistake="nn-linear"
"""An `nn.Linear` does the work here. The point of this exercise is to make such a layer yourself, from two Parameters
and a formula."""


class Affine(nn.Linear):
    pass


# %% exercise="affine" mistake="nn-linear"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.linear = nn.Linear(in_features, out_features)

    def forward(self, x):
        return self.linear(x)


# %% exercise="affine" mistake="nn-linear"
class Affine(nn.Module):
    forward = nn.Linear.forward

    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))


# %% exercise="affine" mistake="only-matrices"
"""Your `forward` fits only x of shape (N, in). A single sample has one dimension less, a batch of sequences one more:
use an operation that works on the last dimension and leaves the others alone."""


class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        return torch.mm(x, self.weight.t()) + self.bias


# %% exercise="affine" mistake="only-matrices"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        return torch.addmm(self.bias, x, self.weight.t())


# %% exercise="affine" mistake="only-matrices"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        return torch.einsum("ni,oi->no", x, self.weight) + self.bias


# %% exercise="affine" mistake="only-matrices"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        x = x.view(-1, self.weight.shape[1])
        return x @ self.weight.T + self.bias


# %% exercise="affine" mistake="only-matrices"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        return (self.weight @ x.transpose(-1, -2)).transpose(-1, -2) + self.bias


# %% exercise="affine" mistake="only-matrices"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        return (self.weight @ x.T).T + self.bias


# %% exercise="affine" mistake="bias-shape"
"""Your bias has the wrong shape: it must have one dimension, with one number for each output. Broadcasting puts it
beside every sample by itself."""


class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(1, out_features))

    def forward(self, x):
        return x @ self.weight.T + self.bias


# %% exercise="affine" mistake="bias-shape"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        return x @ self.weight.T + self.bias


# %% exercise="affine" mistake="bias-shape"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.tensor(0.0))

    def forward(self, x):
        return x @ self.weight.T + self.bias


# %% exercise="affine" mistake="bias-shape"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features, 1))

    def forward(self, x):
        return x @ self.weight.T + self.bias.T


# %% exercise="affine" mistake="other-names"
"""Your parameters are registered, but under other names than `weight` and `bias`. Names are part of a layer's contract:
saved models are found by them."""


class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.w = nn.Parameter(torch.randn(out_features, in_features))
        self.b = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        return x @ self.w.T + self.b


# %% exercise="affine" mistake="other-names"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weights = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        return x @ self.weights.T + self.bias


# %% exercise="affine" mistake="other-names"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.params = nn.ParameterList([torch.randn(out_features, in_features), torch.zeros(out_features)])

    def forward(self, x):
        return x @ self.params[0].T + self.params[1]


# %% exercise="affine" mistake="hidden-in-container"
"""Your Parameters lie in a Python list or dict. `nn.Module` looks at what you assign, not into it, so it found none of
them. Assign each to an attribute of its own."""


class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.params = [nn.Parameter(torch.randn(out_features, in_features)), nn.Parameter(torch.zeros(out_features))]

    def forward(self, x):
        return x @ self.params[0].T + self.params[1]


# %% exercise="affine" mistake="never-assigned"
"""Your tensors are no attributes of the layer. A variable inside `__init__` is gone when it ends: what is to stay, and
to be registered, must be assigned to `self.weight` and `self.bias`."""


class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        weight = nn.Parameter(torch.randn(out_features, in_features))
        bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        return x @ self.weight.T + self.bias


# %% exercise="affine" mistake="never-assigned"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        weight = nn.Parameter(torch.randn(out_features, in_features))
        bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        return x @ weight.T + bias


# %% exercise="affine" mistake="never-assigned"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        return x @ self.weight.T + self.bias


# %% exercise="affine" mistake="never-assigned"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        return x @ self.weight.T + self.bias


# %% exercise="affine" mistake="made-in-forward"
"""Your weights are made anew in every call of `forward`, so nothing can ever be learnt. They belong into `__init__`,
as attributes of `self`."""


class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.in_features = in_features
        self.out_features = out_features

    def forward(self, x):
        weight = nn.Parameter(torch.randn(self.out_features, self.in_features))
        bias = nn.Parameter(torch.zeros(self.out_features))
        return x @ weight.T + bias


# %% exercise="affine" mistake="detached"
"""No gradient arrives at your parameters, so nothing is learnt, whatever the numbers are. Often `.data`, `.detach()` or
`torch.no_grad()` in `forward` cuts them off from the graph."""


class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        return x @ self.weight.data.T + self.bias.data


# %% exercise="affine" mistake="detached"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        return x @ self.weight.data.T + self.bias


# %% exercise="affine" mistake="detached"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        with torch.no_grad():
            return x @ self.weight.T + self.bias


# %% exercise="affine" mistake="frozen"
"""Your parameters have `requires_grad=False`: they are registered, but frozen. A Parameter is trainable unless you say
otherwise."""


class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features), requires_grad=False)
        self.bias = nn.Parameter(torch.zeros(out_features), requires_grad=False)

    def forward(self, x):
        return x @ self.weight.T + self.bias


# %% exercise="affine" mistake="frozen"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features), requires_grad=False)

    def forward(self, x):
        return x @ self.weight.T + self.bias


# %% exercise="affine" mistake="buffer"
"""You registered a buffer. A buffer is saved and moved with the model, but never trained; what training changes must
be an `nn.Parameter`."""


class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.register_buffer("weight", torch.randn(out_features, in_features))
        self.register_buffer("bias", torch.zeros(out_features))

    def forward(self, x):
        return x @ self.weight.T + self.bias


# %% exercise="affine" mistake="buffer"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.register_buffer("bias", torch.zeros(out_features))

    def forward(self, x):
        return x @ self.weight.T + self.bias


# %% exercise="affine" mistake="something-else-registered"
"""Something beside `weight` and `bias` is registered: a further parameter, a buffer or a submodule. It would be trained
or saved with every model that uses your layer."""


class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))
        self.scale = nn.Parameter(torch.ones(1))

    def forward(self, x):
        return x @ self.weight.T + self.bias


# %% exercise="affine" mistake="something-else-registered"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))
        self.register_buffer("sizes", torch.tensor([in_features, out_features]))

    def forward(self, x):
        return x @ self.weight.T + self.bias


# %% exercise="affine" mistake="something-else-registered"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))
        self.activation = nn.Identity()

    def forward(self, x):
        return self.activation(x @ self.weight.T + self.bias)


# %% exercise="affine" mistake="no-forward"
"""torch finds no `forward` in your class. Look at its spelling, and at the indentation: a `forward` that stands inside
`__init__` is a local function, not a method."""


class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

        def forward(self, x):
            return x @ self.weight.T + self.bias


# %% exercise="affine" mistake="call-instead-of-forward"
"""You defined `__call__`. `nn.Module` has one already: it runs the hooks and then your `forward`. Define `forward`, and
leave `__call__` alone."""


class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def __call__(self, x):
        return x @ self.weight.T + self.bias


# %% exercise="affine" mistake="no-return"
"""Your `forward` returns None. Often only the `return` is missing: what `forward` computes is lost without it."""


class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        x @ self.weight.T + self.bias


# %% exercise="affine" mistake="activation"
"""Your `forward` puts an activation on top of x·Wᵀ + b. An affine layer has none: its outputs may be any numbers."""


class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        return F.relu(x @ self.weight.T + self.bias)


# %% exercise="affine" mistake="activation"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        return torch.sigmoid(x @ self.weight.T + self.bias)


# %% exercise="affine" mistake="bound-to-float32"
"""A dtype is fixed somewhere in your `forward`, so the layer no longer works, or no longer answers in float64, after
`.to(torch.float64)`. Leave x and the weights in the dtype that they have."""


class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        return x.float() @ self.weight.T + self.bias


# %% exercise="affine" mistake="bound-to-float32"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        return x.float() @ self.weight.float().T + self.bias.float()


# %% exercise="affine" mistake="bound-to-float32"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        return F.linear(x.to(torch.float32), self.weight, self.bias)


# %% exercise="affine" mistake="starts-in-float64"
"""Your weights start in float64, as NumPy's numbers do, and x comes in float32: torch does not multiply the two.
Parameters start in torch's default dtype."""
import numpy as np


class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.from_numpy(np.random.randn(out_features, in_features)))
        self.bias = nn.Parameter(torch.from_numpy(np.zeros(out_features)))

    def forward(self, x):
        return x @ self.weight.T + self.bias


# %% exercise="affine" mistake="starts-in-float64"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features, dtype=torch.float64))
        self.bias = nn.Parameter(torch.zeros(out_features, dtype=torch.float64))

    def forward(self, x):
        return F.linear(x, self.weight, self.bias)


# %% exercise="affine" mistake="square-not-turned"
"""Where a layer has as many outputs as inputs, you multiply by the weight as it stands. There both ways round fit, and
only one of them is x·Wᵀ: neither shapes nor errors can tell you which."""


class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        if x.shape[-1] == self.weight.shape[0]:
            return x @ self.weight + self.bias
        return x @ self.weight.T + self.bias


# %% exercise="affine" mistake="square-not-turned"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        try:
            return x @ self.weight + self.bias
        except RuntimeError:
            return x @ self.weight.T + self.bias


# %% exercise="affine" mistake="needs-contiguous"
"""`view` fits only a tensor whose numbers lie in memory one after the other, and those of a transposed x do not. `reshape`
copies them where it has to; an operation on the last dimension needs neither."""


class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        flat = x.view(-1, x.shape[-1])
        return (flat @ self.weight.T + self.bias).view(*x.shape[:-1], -1)


# %% exercise="affine" mistake="few-dimensions"
"""Your `forward` knows only so many leading dimensions: an x with one more is too much for it. Don't count them, but use
an operation that works on the last dimension, whatever comes before."""


class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        leading = "abc"[: x.dim() - 1]
        return torch.einsum(f"{leading}i,oi->{leading}o", x, self.weight) + self.bias


# %% exercise="affine" mistake="few-dimensions"
class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        if x.dim() == 1:
            return torch.einsum("i,oi->o", x, self.weight) + self.bias
        if x.dim() == 2:
            return torch.einsum("ni,oi->no", x, self.weight) + self.bias
        if x.dim() == 3:
            return torch.einsum("nti,oi->nto", x, self.weight) + self.bias
        return torch.einsum("nhti,oi->nhto", x, self.weight) + self.bias


# %% exercise="affine" right="functional-linear"
class Affine(nn.Module):
    def __init__(self, in_features: int, out_features: int) -> None:
        super(Affine, self).__init__()
        self.in_features, self.out_features = in_features, out_features
        self.weight = nn.Parameter(torch.empty((out_features, in_features)))
        self.bias = nn.Parameter(torch.empty(out_features))
        self.reset_parameters()

    def reset_parameters(self):
        nn.init.xavier_uniform_(self.weight)
        nn.init.constant_(self.bias, 0.5)

    def forward(self, input):
        return F.linear(input, self.weight, self.bias)

    def extra_repr(self):
        return f"{self.in_features}, {self.out_features}"


# %% exercise="affine" right="einsum"
class Affine(nn.Module):
    def __init__(self, n, m):
        super().__init__()
        for name, shape in {"bias": (m,), "weight": (m, n)}.items():
            self.register_parameter(name, nn.Parameter(torch.rand(shape) - 0.5))

    def forward(self, x):
        return torch.einsum("...i,oi->...o", x, self.weight) + self.bias


# %% exercise="affine" right="broadcast-and-sum"
class Affine(nn.Module):
    weight: nn.Parameter
    bias: nn.Parameter

    def __init__(self, in_features, out_features):
        nn.Module.__init__(self)
        values = torch.randn(out_features, in_features + 1) * in_features**-0.5
        self.bias = nn.Parameter(values[:, -1].clone())
        self.weight = nn.Parameter(values[:, :-1].clone())
        self._both = [self.weight, self.bias]

    def forward(self, x):
        return (x[..., None, :] * self.weight).sum(-1) + self.bias


# %% exercise="affine" right="flatten-and-restore"
import math


class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        bound = 1 / math.sqrt(in_features)
        setattr(self, "weight", nn.Parameter((2 * torch.rand(out_features, in_features) - 1).mul_(bound)))
        setattr(self, "bias", nn.Parameter(torch.zeros(out_features)))

    def forward(self, x):
        *leading, last = x.shape
        flat = torch.addmm(self.bias, x.reshape(-1, last), self.weight.mT)
        return flat.reshape(*leading, -1)


# %% exercise="affine" right="inner-identity-init"
class _Base(nn.Module):
    def forward(self, x):
        y = torch.inner(x, self.weight)
        y += self.bias
        return y


class Affine(_Base):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.eye(out_features, in_features))
        self.bias = nn.Parameter(torch.full((out_features,), 3.0))


# %% exercise="affine" right="tensordot"
def _uniform(*shape):
    return nn.Parameter(torch.empty(*shape).uniform_(-0.1, 0.1))


class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.register_parameter("weight", None)
        self.weight = _uniform(out_features, in_features)
        self.bias = _uniform(out_features)

    def forward(self, x, /):
        return torch.tensordot(x, self.weight, dims=([-1], [-1])).add(self.bias)


# %% [markdown]
# # mlp

# %% exercise="mlp" mistake="python-container"
"""Your layers lie in a Python list, tuple or dict, or in something else that `nn.Module` does not look into. The layers
work, but `parameters()`, `state_dict()` and `.to()` never find them. torch has containers that register."""


class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("at least two sizes")
        self.layers = [nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])]

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.relu(layer(x))
        return self.layers[-1](x)


# %% exercise="mlp" mistake="no-super-init"
"""`nn.Module`'s own `__init__` has not run yet when you assign, so there is nowhere to register a layer. Call
`super().__init__()`, with parentheses, before you assign anything."""


class MLP(nn.Module):
    def __init__(self, sizes):
        if len(sizes) < 2:
            raise ValueError("at least two sizes")
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.relu(layer(x))
        return self.layers[-1](x)


# %% exercise="mlp" mistake="not-a-module"
"""Your class does not derive from `nn.Module`: it registers nothing, and `model(x)` does not lead to `forward`."""


class MLP:
    def __init__(self, sizes):
        if len(sizes) < 2:
            raise ValueError("at least two sizes")
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.relu(layer(x))
        return self.layers[-1](x)


# %% exercise="mlp" mistake="relu-in-the-layers"
"""The ReLUs stand in `self.layers` beside the linear layers and take every other number, so the keys jump from
layers.0 to layers.2. Keep only the `nn.Linear`s there."""


class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("at least two sizes")
        layers = []
        for a, b in zip(sizes, sizes[1:]):
            layers += [nn.Linear(a, b), nn.ReLU()]
        self.layers = nn.Sequential(*layers[:-1])

    def forward(self, x):
        return self.layers(x)


# %% exercise="mlp" mistake="other-name"
"""Your layers are registered, but not as `self.layers` with the numbers 0, 1, 2, …: the names in the state_dict are
others than the contract's, and a saved model could not be loaded into yours."""


class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("at least two sizes")
        self.net = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])

    def forward(self, x):
        for layer in self.net[:-1]:
            x = F.relu(layer(x))
        return self.net[-1](x)


# %% exercise="mlp" mistake="other-name"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("at least two sizes")
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes[:-1], sizes[1:-1])])
        self.output = nn.Linear(sizes[-2], sizes[-1])

    def forward(self, x):
        for layer in self.layers:
            x = F.relu(layer(x))
        return self.output(x)


# %% exercise="mlp" mistake="other-name"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("at least two sizes")
        self.layers = nn.ModuleList([nn.Sequential(nn.Linear(a, b), nn.ReLU()) for a, b in zip(sizes, sizes[1:-1])])
        self.layers.append(nn.Linear(sizes[-2], sizes[-1]))

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x


# %% exercise="mlp" mistake="twice-registered"
"""Each layer is registered twice, under two names, and appears twice in the state_dict. One container that registers
is enough."""


class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("at least two sizes")
        self.layers = nn.ModuleList()
        for i, (a, b) in enumerate(zip(sizes, sizes[1:])):
            layer = nn.Linear(a, b)
            self.layers.append(layer)
            self.add_module(f"layer{i}", layer)

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.relu(layer(x))
        return self.layers[-1](x)


# %% exercise="mlp" mistake="relu-after-last"
"""A ReLU follows your last layer too. It cuts off every negative output, and where all of a sample's outputs are
negative, no gradient is left to repair that."""


class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("at least two sizes")
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])

    def forward(self, x):
        for layer in self.layers:
            x = F.relu(layer(x))
        return x


# %% exercise="mlp" mistake="no-relu"
"""No ReLU takes effect between your layers, and linear layers in a row, however many, are one linear layer. If you do
call one: it returns a new tensor, which has to go on to the next layer."""


class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("at least two sizes")
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x


# %% exercise="mlp" mistake="no-relu"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("at least two sizes")
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = layer(x)
            F.relu(x)
        return self.layers[-1](x)


# %% exercise="mlp" mistake="relu-on-input"
"""Your ReLU comes before each layer, the first one included. That throws away the negative inputs: a ReLU belongs
between two layers."""


class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("at least two sizes")
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])

    def forward(self, x):
        for layer in self.layers:
            x = layer(F.relu(x))
        return x


# %% exercise="mlp" mistake="relu-by-width"
"""Where a hidden layer is as wide as the output, or two widths are equal, a ReLU is missing or one too many. Often a
layer's width, or a search for it, decides. Go by the layer's position."""


class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("at least two sizes")
        self.sizes = sizes
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
            if layer.out_features != self.sizes[-1]:
                x = F.relu(x)
        return x


# %% exercise="mlp" mistake="relu-by-width"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("at least two sizes")
        self.sizes = list(sizes)
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])

    def forward(self, x):
        for size, layer in zip(self.sizes[1:], self.layers):
            x = layer(x)
            if self.sizes.index(size) < len(self.sizes) - 1:
                x = F.relu(x)
        return x


# %% exercise="mlp" mistake="relu-by-width"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("at least two sizes")
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = layer(x)
            if layer.in_features != layer.out_features:
                x = F.relu(x)
        return self.layers[-1](x)


# %% exercise="mlp" mistake="relu-by-width"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("at least two sizes")
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])

    def forward(self, x):
        for layer in self.layers:
            y = layer(x)
            x = y if layer.weight.shape == self.layers[-1].weight.shape else F.relu(y)
        return x


# %% exercise="mlp" mistake="another-activation"
"""Between your layers stands another activation than ReLU. ReLU is max(0, x): nothing of what is negative is left, and
nothing of what is positive is changed, however large it is."""


class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("at least two sizes")
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = torch.tanh(layer(x))
        return self.layers[-1](x)


# %% exercise="mlp" mistake="another-activation"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("at least two sizes")
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = torch.sigmoid(layer(x))
        return self.layers[-1](x)


# %% exercise="mlp" mistake="another-activation"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("at least two sizes")
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.leaky_relu(layer(x))
        return self.layers[-1](x)


# %% exercise="mlp" mistake="another-activation"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("at least two sizes")
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.gelu(layer(x))
        return self.layers[-1](x)


# %% exercise="mlp" mistake="another-activation"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("at least two sizes")
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.relu6(layer(x))
        return self.layers[-1](x)


# %% exercise="mlp" mistake="another-activation"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("at least two sizes")
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.elu(layer(x))
        return self.layers[-1](x)


# %% exercise="mlp" mistake="another-activation"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("at least two sizes")
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.silu(layer(x))
        return self.layers[-1](x)


# %% exercise="mlp" mistake="softmax-at-the-end"
"""Your network ends in a softmax. The contract asks for the last layer's plain outputs; cross-entropy, for one, does
its own softmax."""


class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("at least two sizes")
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.relu(layer(x))
        return F.softmax(self.layers[-1](x), dim=-1)


# %% exercise="mlp" mistake="softmax-at-the-end"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("at least two sizes")
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.relu(layer(x))
        return F.log_softmax(self.layers[-1](x), dim=-1)


# %% exercise="mlp" mistake="one-layer-many-times"
"""The same layer object stands in your network several times: `[layer] * n` copies the reference, not the layer. It
then has one set of weights. Build a new `nn.Linear` for each place."""


class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("at least two sizes")
        made = {}
        layers = []
        for pair in zip(sizes, sizes[1:]):
            if pair not in made:
                made[pair] = nn.Linear(*pair)
            layers.append(made[pair])
        self.layers = nn.ModuleList(layers)

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.relu(layer(x))
        return self.layers[-1](x)


# %% exercise="mlp" mistake="one-layer-short"
"""There is a layer too few: n sizes make n − 1 layers. Look at where your loop ends."""


class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("at least two sizes")
        self.layers = nn.ModuleList([nn.Linear(sizes[i], sizes[i + 1]) for i in range(len(sizes) - 2)])

    def forward(self, x):
        for i, layer in enumerate(self.layers):
            x = layer(x)
            if i < len(self.layers) - 1:
                x = F.relu(x)
        return x


# %% exercise="mlp" mistake="one-layer-short"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("at least two sizes")
        self.layers = nn.ModuleList([nn.Linear(sizes[i], sizes[i + 1]) for i in range(1, len(sizes) - 1)])

    def forward(self, x):
        for i, layer in enumerate(self.layers):
            x = layer(x)
            if i < len(self.layers) - 1:
                x = F.relu(x)
        return x


# %% exercise="mlp" mistake="one-layer-too-many"
"""Your loop goes one step too far: n sizes make n − 1 layers, and after the last size there is no other."""


class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("at least two sizes")
        self.layers = nn.ModuleList()
        for i in range(len(sizes)):
            self.layers.append(nn.Linear(sizes[i], sizes[i + 1]))

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.relu(layer(x))
        return self.layers[-1](x)


# %% exercise="mlp" mistake="sizes-swapped"
"""`nn.Linear` takes the number of inputs first and that of outputs second. Yours are the other way round, so that one
layer's output does not fit the next."""


class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("at least two sizes")
        self.layers = nn.ModuleList([nn.Linear(b, a) for a, b in zip(sizes, sizes[1:])])

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.relu(layer(x))
        return self.layers[-1](x)


# %% exercise="mlp" mistake="not-chained"
"""Every layer gets the original x. The output of one layer must be the input of the next."""


class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("at least two sizes")
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])

    def forward(self, x):
        for layer in self.layers[:-1]:
            out = F.relu(layer(x))
        return self.layers[-1](x)


# %% exercise="mlp" mistake="not-chained"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("at least two sizes")
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])

    def forward(self, x):
        out = x
        for layer in self.layers[:-1]:
            out = F.relu(layer(x))
        return self.layers[-1](out)


# %% exercise="mlp" mistake="returns-in-loop"
"""Only your first layer runs. Often the `return` stands inside the loop: move it one level out."""


class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("at least two sizes")
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])

    def forward(self, x):
        for i, layer in enumerate(self.layers):
            x = layer(x)
            if i < len(self.layers) - 1:
                x = F.relu(x)
            return x


# %% exercise="mlp" mistake="no-return"
"""Your `forward` returns None. Often only the `return` is missing: what the layers compute is lost without it."""


class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("at least two sizes")
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])

    def forward(self, x):
        for i, layer in enumerate(self.layers):
            x = layer(x)
            if i < len(self.layers) - 1:
                x = F.relu(x)


# %% exercise="mlp" mistake="fixed-depth"
"""Your network always has the same number of layers, whatever `sizes` says. Let a loop over the pairs of sizes build
them."""


class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("at least two sizes")
        self.layers = nn.ModuleList([nn.Linear(sizes[0], sizes[1]), nn.Linear(sizes[1], sizes[2])])

    def forward(self, x):
        return self.layers[1](F.relu(self.layers[0](x)))


# %% exercise="mlp" mistake="no-bias"
"""Your layers have no bias, so their keys `layers.….bias` are missing. `nn.Linear` makes one unless you forbid it."""


class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("at least two sizes")
        self.layers = nn.ModuleList([nn.Linear(a, b, bias=False) for a, b in zip(sizes, sizes[1:])])

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.relu(layer(x))
        return self.layers[-1](x)


# %% exercise="mlp" mistake="no-value-error"
"""Nothing stops a call with fewer than two sizes: it has to `raise` a `ValueError` there and then. Printing a warning,
or returning early, is not enough."""


class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.relu(layer(x))
        return self.layers[-1](x)


# %% exercise="mlp" mistake="no-value-error"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes[:-1], sizes[1:])])
        self.out_features = sizes[-1]

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.relu(layer(x))
        return self.layers[-1](x)


# %% exercise="mlp" mistake="no-value-error"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) == 0:
            raise ValueError("no sizes")
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.relu(layer(x))
        return self.layers[-1](x)


# %% exercise="mlp" mistake="another-error"
"""Fewer than two sizes end in another error than the `ValueError` that was asked for. Write `raise ValueError(…)`: an
`assert` raises AssertionError, and an error that `__init__` returns is a TypeError."""


class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        assert len(sizes) >= 2, "at least two sizes"
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.relu(layer(x))
        return self.layers[-1](x)


# %% exercise="mlp" mistake="another-error"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise TypeError("at least two sizes")
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.relu(layer(x))
        return self.layers[-1](x)


# %% exercise="mlp" mistake="no-value-error"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            print("at least two sizes")
            return
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.relu(layer(x))
        return self.layers[-1](x)


# %% exercise="mlp" mistake="condition-reversed"
"""Good sizes are refused. Look at your condition: which numbers of sizes does it let through, and which not?"""


class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) >= 2:
            raise ValueError("too few sizes")
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.relu(layer(x))
        return self.layers[-1](x)


# %% exercise="mlp" mistake="condition-reversed"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) > 2:
            raise ValueError("too few sizes")
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.relu(layer(x))
        return self.layers[-1](x)


# %% exercise="mlp" mistake="two-sizes-refused"
"""Exactly two sizes are refused too. They make one linear layer, without any ReLU, and that is allowed: count again
which numbers of sizes are too few."""


class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) <= 2:
            raise ValueError("too few sizes")
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.relu(layer(x))
        return self.layers[-1](x)


# %% exercise="mlp" mistake="only-lists"
"""Your class works only where `sizes` is a list: a tuple or a range has no `pop`, no `append`, and cannot be joined to
a list. Read from `sizes`, or make a list of it first."""


class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("at least two sizes")
        self.layers = nn.ModuleList()
        size = sizes.pop(0)
        while sizes:
            self.layers.append(nn.Linear(size, sizes[0]))
            size = sizes.pop(0)

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.relu(layer(x))
        return self.layers[-1](x)


# %% exercise="mlp" mistake="only-lists"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if not isinstance(sizes, list) or len(sizes) < 2:
            raise ValueError("a list of at least two sizes")
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.relu(layer(x))
        return self.layers[-1](x)


# %% exercise="mlp" mistake="only-lists"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("at least two sizes")
        inputs = [] + sizes[:-1]
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(inputs, sizes[1:])])

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.relu(layer(x))
        return self.layers[-1](x)


# %% exercise="mlp" mistake="only-lists"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("at least two sizes")
        outputs = sizes[1:-1] + [sizes[-1]]
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes, outputs)])

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.relu(layer(x))
        return self.layers[-1](x)


# %% exercise="mlp" mistake="no-nn-linear"
"""Your layers are not `nn.Linear`s. The contract asks for torch's own layer here, so that everything that knows an
`nn.Linear` knows what to do with yours."""


class _Layer(nn.Module):
    def __init__(self, n, m):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(m, n))
        self.bias = nn.Parameter(torch.zeros(m))

    def forward(self, x):
        return x @ self.weight.T + self.bias


class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("at least two sizes")
        self.layers = nn.ModuleList([_Layer(a, b) for a, b in zip(sizes, sizes[1:])])

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.relu(layer(x))
        return self.layers[-1](x)


# %% exercise="mlp" mistake="layers-not-kept"
"""Your model holds no layers: they are built and lost again. What is to stay must be assigned to `self.layers`, or
appended to it."""


class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("at least two sizes")
        layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.relu(layer(x))
        return self.layers[-1](x)


# %% exercise="mlp" mistake="layers-not-kept"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("at least two sizes")
        self.layers = nn.ModuleList()
        for a, b in zip(sizes, sizes[1:]):
            nn.Linear(a, b)

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.relu(layer(x))
        return self.layers[-1](x)


# %% exercise="mlp" mistake="layers-not-kept"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("at least two sizes")
        self.layers = nn.ModuleList()
        for a, b in zip(sizes, sizes[1:]):
            layer = nn.Linear(a, b)

    def forward(self, x):
        for i, layer in enumerate(self.layers):
            x = layer(x)
            if i < len(self.layers) - 1:
                x = F.relu(x)
        return x


# %% exercise="mlp" mistake="container-called"
"""You call the `nn.ModuleList` itself. It only keeps its modules, and has no `forward`: call the layers in it, one
after the other."""


class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("at least two sizes")
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])

    def forward(self, x):
        return self.layers(x)


# %% exercise="mlp" mistake="list-into-sequential"
"""`nn.Sequential` takes the modules themselves, one argument each, and not a list of them. A star before the list
unpacks it."""


class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("at least two sizes")
        self.layers = nn.Sequential([nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.relu(layer(x))
        return self.layers[-1](x)


# %% exercise="mlp" mistake="no-forward"
"""torch finds no `forward` in your class. Look at its spelling, and at the indentation: a `forward` that stands inside
`__init__` is a local function, not a method."""


class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("at least two sizes")
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])

    def farward(self, x):
        for layer in self.layers[:-1]:
            x = F.relu(layer(x))
        return self.layers[-1](x)


# %% exercise="mlp" mistake="single-layer-twice"
"""Two sizes make one layer. It is the first and the last at once, and your `forward` calls it as both. Each layer is to
be called once, however many there are."""


class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("at least two sizes")
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])

    def forward(self, x):
        x = F.relu(self.layers[0](x))
        for layer in self.layers[1:-1]:
            x = F.relu(layer(x))
        return self.layers[-1](x)


# %% exercise="mlp" mistake="single-layer-twice"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("at least two sizes")
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])

    def forward(self, x):
        first, last = self.layers[0], self.layers[-1]
        x = first(x)
        for layer in self.layers[1:-1]:
            x = layer(F.relu(x))
        return last(F.relu(x))


# %% exercise="mlp" mistake="equal-pairs-once"
"""Where two layers have the same sizes, only one of them is built. Often a set, or the keys of a dict, is the cause:
they keep what is equal only once. Each step from one size to the next needs a layer of its own."""


class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("at least two sizes")
        pairs = dict.fromkeys(zip(sizes, sizes[1:]))
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in pairs])

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.relu(layer(x))
        return self.layers[-1](x)


# %% exercise="mlp" mistake="equal-pairs-once"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("at least two sizes")
        self.layers = nn.ModuleList()
        done = []
        for pair in zip(sizes, sizes[1:]):
            if pair not in done:
                done.append(pair)
                self.layers.append(nn.Linear(*pair))

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.relu(layer(x))
        return self.layers[-1](x)


# %% exercise="mlp" right="sequential-of-linears"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        sizes = list(sizes)
        if len(sizes) < 2:
            raise ValueError
        self.relu = nn.ReLU()
        self.layers = nn.Sequential(*[nn.Linear(sizes[i], sizes[i + 1]) for i in range(len(sizes) - 1)])

    def forward(self, x):
        for number, layer in enumerate(self.layers):
            if number > 0:
                x = self.relu(x)
            x = layer(x)
        return x


# %% exercise="mlp" right="named-sequential-with-relus"
from collections import OrderedDict


class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if not len(sizes) > 1:
            raise ValueError(f"{sizes}: too few")
        steps = OrderedDict()
        for number in range(len(sizes) - 1):
            if number:
                steps[f"relu{number}"] = nn.ReLU(inplace=True)
            steps[str(number)] = nn.Linear(sizes[number], sizes[number + 1])
        self.layers = nn.Sequential(steps)

    def forward(self, x):
        return self.layers(x)


# %% exercise="mlp" right="module-dict"
class SizesError(ValueError):
    pass


class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        try:
            first, second, *rest = sizes
        except ValueError as error:
            raise SizesError("two sizes or more") from error
        widths = [first, second, *rest]
        self.layers = nn.ModuleDict(
            {str(i): nn.Linear(widths[i - 1 + 1], widths[i + 1]) for i in range(len(widths) - 1)}
        )

    def forward(self, x):
        *names, last = self.layers
        for name in names:
            x = self.layers[name](x).clamp(min=0)
        return self.layers[last](x)


# %% exercise="mlp" right="bare-module-recursion"
class MLP(nn.Module):
    def __init__(self, sizes):
        if len(sizes) < 2:
            raise ValueError("sizes")
        super().__init__()
        self.layers = nn.Module()
        self.depth = 0
        before = sizes[0]
        for size in sizes[1:]:
            self.layers.add_module(str(self.depth), nn.Linear(before, size))
            before = size
            self.depth += 1

    def _run(self, x, number):
        y = getattr(self.layers, str(number))(x)
        return y if number == self.depth - 1 else self._run(torch.where(y > 0, y, torch.zeros_like(y)), number + 1)

    def forward(self, x):
        return self._run(x, 0)


# %% exercise="mlp" right="reduce-and-subclass"
import functools
import itertools


class Dense(nn.Linear):
    pass


class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.layers = nn.ModuleList()
        for n, m in itertools.pairwise(sizes):
            self.layers.append(Dense(n, m))
        if not len(self.layers):
            raise ValueError("no layers")

    def forward(self, x):
        first, *others = self.layers
        return functools.reduce(lambda y, layer: layer(torch.relu(y)), others, first(x))


# %% exercise="mlp" right="functional"
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(tuple(sizes)) in (0, 1):
            raise ValueError("An MLP has an input and an output size.")
        linears = (nn.Linear(*pair) for pair in zip(sizes[:-1], sizes[1:]))
        self.layers = nn.ModuleList(linears)
        self.last = len(self.layers) - 1
        self.all = [*self.layers]

    def forward(self, x):
        for i, layer in enumerate(self.layers):
            x = F.linear(x, layer.weight, layer.bias)
            x = x if i == self.last else torch.maximum(x, x.new_zeros(()))
        return x


# %% [markdown]
# # residual

# %% exercise="residual" mistake="no-skip"
"""Your output is block(x) alone: the way past the block is missing. Add x to it."""


class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        return self.block(x)


# %% exercise="residual" mistake="skip-only"
"""Your output is x alone: what the block computes is lost. Add it to x, and return the sum."""


class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        out = self.block(x)
        return x


# %% exercise="residual" mistake="changes-x"
"""The caller's x changes, because something is written into it in place. `x += y` and `x.add_(y)` write into the tensor
that is there; `x + y` makes a new one."""


class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        x += self.block(x)
        return x


# %% exercise="residual" mistake="changes-x"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        if torch.is_grad_enabled():
            return x + self.block(x)
        x += self.block(x)
        return x


# %% exercise="residual" mistake="changes-x"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        out = self.block(x)
        return x + out if self.training else x.add_(out)


# %% exercise="residual" mistake="changes-block-output"
"""You add into the block's output in place. That fails where the sum is larger than this output or where the block
still needs it for its gradients; and a block like `nn.Identity` returns x itself, so there you change x."""


class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        out = self.block(x)
        out += x
        return out


# %% exercise="residual" mistake="changes-block-output"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        out = self.block(x)
        if out.shape == x.shape and not torch.is_grad_enabled():
            return out.add_(x)
        return out + x


# %% exercise="residual" mistake="calls-forward"
"""The block's own hooks do not fire. `block.forward(x)` walks past them, for torch runs them in the call: write
`block(x)`."""


class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        return x + self.block.forward(x)


# %% exercise="residual" mistake="calls-forward"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        call = self.block if self.training else self.block.forward
        return x + call(x)


# %% exercise="residual" mistake="calls-forward"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        if list(self.block.children()):
            return x + self.block(x)
        return x + self.block.forward(x)


# %% exercise="residual" mistake="called-twice"
"""The block runs twice in one call. That costs double, its hooks fire twice, and a block with a memory or with dropout
gives two different answers. Keep the first result in a variable."""


class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        if self.block(x).shape == x.shape:
            return x + self.block(x)
        return x + self.block(x)


# %% exercise="residual" mistake="called-twice"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        self.block(x)
        return x + self.block(x)


# %% exercise="residual" mistake="not-registered"
"""The block is not registered: it lies in a list, tuple or dict, or in something else that `nn.Module` does not look
into. Its parameters are not found, not moved and not saved. Assign the block itself to an attribute."""


class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.parts = [block]

    def forward(self, x):
        return x + self.parts[0](x)


# %% exercise="residual" mistake="not-registered"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = [block]

    def forward(self, x):
        return x + self.block[0](x)


# %% exercise="residual" mistake="not-registered"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = lambda x: block(x)

    def forward(self, x):
        return x + self.block(x)


# %% exercise="residual" mistake="not-registered"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.__dict__["block"] = block

    def forward(self, x):
        return x + self.block(x)


# %% exercise="residual" mistake="not-registered"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.call = lambda x: block(x)

    def forward(self, x):
        return x + self.call(x)


# %% exercise="residual" mistake="never-assigned"
"""The block that came in is not kept: assign it to `self.block`."""


class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        block = block

    def forward(self, x):
        return x + self.block(x)


# %% exercise="residual" mistake="never-assigned"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()

    def forward(self, x):
        return x + block(x)


# %% exercise="residual" mistake="other-name"
"""The block is registered, but not under the name `block`. The attribute's name becomes part of every parameter's name,
and saved models are found by those."""


class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.layer = block

    def forward(self, x):
        return x + self.layer(x)


# %% exercise="residual" mistake="another-module-there"
"""What is registered as `block` is not the block that came in, but something around it or a copy of it. Hooks and
weights of the one that came in then lead elsewhere. Assign it as it is."""


class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = nn.Sequential(block)

    def forward(self, x):
        return x + self.block(x)


# %% exercise="residual" mistake="another-module-there"
import copy


class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = copy.deepcopy(block)

    def forward(self, x):
        return x + self.block(x)


# %% exercise="residual" mistake="no-super-init"
"""`nn.Module`'s own `__init__` has not run yet when you assign, so there is nowhere to register the block. Call
`super().__init__()`, with parentheses, before you assign anything."""


class Residual(nn.Module):
    def __init__(self, block):
        self.block = block

    def forward(self, x):
        return x + self.block(x)


# %% exercise="residual" mistake="not-a-module"
"""Your class does not derive from `nn.Module`: it registers nothing, and `model(x)` does not lead to `forward`."""


class Residual:
    def __init__(self, block):
        self.block = block

    def forward(self, x):
        return x + self.block(x)


# %% exercise="residual" mistake="activation"
"""Your output goes through a ReLU. ResNets do that, but this contract asks for the plain sum x + block(x)."""


class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        return F.relu(x + self.block(x))


# %% exercise="residual" mistake="activation"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        return x + F.relu(self.block(x))


# %% exercise="residual" mistake="takes-block-apart"
"""You run through the parts of the block. Only containers allow that, and even there the block's own hooks do not fire.
Call the block as a whole: it knows how to run its parts."""


class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        out = x
        for layer in self.block:
            out = layer(out)
        return x + out


# %% exercise="residual" mistake="takes-block-apart"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        out = x
        for layer in self.block.children():
            out = layer(out)
        return x + out


# %% exercise="residual" mistake="takes-block-apart"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = nn.Sequential(*block)

    def forward(self, x):
        return x + self.block(x)


# %% exercise="residual" mistake="takes-block-apart"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        out = x
        for i in range(len(self.block)):
            out = self.block[i](out)
        return x + out


# %% exercise="residual" mistake="takes-block-apart"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        if not isinstance(self.block, nn.Sequential):
            return x + self.block(x)
        out = x
        for layer in self.block:
            out = layer(out)
        return x + out


# %% exercise="residual" mistake="shapes-must-be-equal"
"""You treat differing shapes of x and block(x) as a special case. The contract asks for what + does: shapes that
broadcast are fine."""


class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        out = self.block(x)
        if out.shape != x.shape:
            raise ValueError("shapes differ")
        return x + out


# %% exercise="residual" mistake="shapes-must-be-equal"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        out = self.block(x)
        assert out.shape == x.shape
        return x + out


# %% exercise="residual" mistake="shapes-must-be-equal"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        out = self.block(x)
        return x + out if out.shape == x.shape else out


# %% exercise="residual" mistake="cut-off"
"""One of the two ways, through the block or past it, lets no gradient through. Often `.detach()`, `.data` or
`torch.no_grad()` cuts it off the graph."""


class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        return x.detach() + self.block(x)


# %% exercise="residual" mistake="cut-off"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        return x + self.block(x).detach()


# %% exercise="residual" mistake="cut-off"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        return x + self.block(x.detach())


# %% exercise="residual" mistake="cut-off"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        with torch.no_grad():
            return x + self.block(x)


# %% exercise="residual" mistake="concatenates"
"""You put x and block(x) beside each other. A residual connection adds them."""


class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        return torch.cat([x, self.block(x)], dim=-1)


# %% exercise="residual" mistake="concatenates"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        return torch.cat([x, self.block(x)])


# %% exercise="residual" mistake="concatenates"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        return torch.cat((x, self.block(x)), dim=1)


# %% exercise="residual" mistake="multiplies"
"""You multiply, subtract or average. A residual connection is the plain sum x + block(x)."""


class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        return x * self.block(x)


# %% exercise="residual" mistake="multiplies"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        return x - self.block(x)


# %% exercise="residual" mistake="multiplies"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        return (x + self.block(x)) / 2


# %% exercise="residual" mistake="sets-mode"
"""Your class changes the mode, often by `train()` or `eval()`. Which mode the block is in is the caller's decision: a
block in eval mode must stay in it."""


class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block
        self.train()

    def forward(self, x):
        return x + self.block(x)


# %% exercise="residual" mistake="sets-mode"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block.eval()

    def forward(self, x):
        return x + self.block(x)


# %% exercise="residual" mistake="skip-overwritten"
"""What you return is twice block(x). Often x is overwritten with the block's output before the sum, so that the
original x is gone. Give the output a name of its own."""


class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        x = self.block(x)
        return x + x


# %% exercise="residual" mistake="block-of-block"
"""The block's output goes through the block again. The block is to see x, once."""


class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        x = self.block(x)
        return x + self.block(x)


# %% exercise="residual" mistake="block-of-block"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        return x + self.block(self.block(x))


# %% exercise="residual" mistake="block-of-block"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        return self.block(x + self.block(x))


# %% exercise="residual" mistake="no-return"
"""Your `forward` returns None. Often only the `return` is missing: what `forward` computes is lost without it."""


class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        x + self.block(x)


# %% exercise="residual" mistake="no-forward"
"""torch finds no `forward` in your class. Look at its spelling, and at the indentation: a `forward` that stands inside
`__init__` is a local function, not a method."""


class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

        def forward(self, x):
            return x + self.block(x)


# %% exercise="residual" mistake="call-instead-of-forward"
"""You defined `__call__`. `nn.Module` has one already: it runs the hooks and then your `forward`. Define `forward`, and
leave `__call__` alone."""


class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def __call__(self, x):
        return x + self.block(x)


# %% exercise="residual" mistake="sums-up"
"""You add up all numbers of a tensor. `torch.sum` and `.sum()` reduce a tensor to one number; the sum of two tensors is
made by +."""


class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        return x.sum() + self.block(x)


# %% exercise="residual" mistake="sums-up"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        return torch.sum(x + self.block(x))


# %% exercise="residual" mistake="falsy-block"
"""An empty `nn.Sequential` goes wrong as a block. It has length 0, so it counts as false: `if block:` and `block or …`
pass it by. It is a block like any other, which returns what it gets."""


class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        return x + self.block(x) if self.block else x


# %% exercise="residual" mistake="falsy-block"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block or nn.Identity()

    def forward(self, x):
        return x + self.block(x)


# %% exercise="residual" mistake="falsy-block"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        if not block:
            raise ValueError("a block, please")
        self.block = block

    def forward(self, x):
        return x + self.block(x)


# %% exercise="residual" mistake="no-block-in-eval"
"""In eval mode, or under `torch.no_grad()`, your output is not x + block(x). The sum has no modes: what the block does in
which mode is the block's own matter."""


class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        return x + self.block(x) if self.training else x


# %% exercise="residual" mistake="no-block-in-eval"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        return x + self.block(x) if torch.is_grad_enabled() else self.block(x)


# %% exercise="residual" right="torch-add"
class Residual(nn.Module):
    def __init__(self, block: nn.Module):
        super().__init__()
        self.add_module("block", block)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.add(input=x, other=self.block(x))


# %% exercise="residual" right="module-dict"
class Residual(nn.ModuleDict):
    def __init__(self, block):
        super().__init__({"block": block})

    def forward(self, x):
        return self["block"](x) + x


# %% exercise="residual" right="sequential-child"
from collections import OrderedDict


class Residual(nn.Sequential):
    def __init__(self, block):
        super().__init__(OrderedDict(block=block))

    def forward(self, x):
        return x + super().forward(x)


# %% exercise="residual" right="clone-and-sum"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        setattr(self, "block", block)
        self.calls = 0

    def forward(self, x):
        self.calls += 1
        identity = x.clone()
        return sum([identity, self.block(x)])


# %% exercise="residual" right="broadcast-and-stack"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self._modules["block"] = block

    def forward(self, *args):
        (x,) = args
        both = torch.broadcast_tensors(x, self.block(x))
        return torch.stack(both).sum(dim=0)


# %% exercise="residual" right="second-name"
class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block
        self.skip = nn.Identity()
        self.parts = [block]

    def forward(self, x):
        y = self.block(x)
        return self.skip(x).__add__(y)


# %% [markdown]
# # running_center

# %% exercise="running_center" mistake="plain-attribute"
"""`mean` is a plain attribute. It is missing from the state_dict, and `.to()` leaves it behind. State that is not
trained is a buffer, and a buffer has to be registered."""


class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.mean = torch.zeros(num_features)

    def forward(self, x):
        if not self.training:
            return x - self.mean
        mu = x.mean(dim=0)
        self.mean = (1 - self.momentum) * self.mean + self.momentum * mu.detach()
        return x - mu


# %% exercise="running_center" mistake="plain-attribute"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.mean = 0.0

    def forward(self, x):
        if not self.training:
            return x - self.mean
        mu = x.mean(dim=0)
        self.mean = (1 - self.momentum) * self.mean + self.momentum * mu.detach()
        return x - mu


# %% exercise="running_center" mistake="plain-attribute"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.mean = torch.zeros(num_features)

    def forward(self, x):
        if not self.training:
            return x - self.mean
        mu = x.mean(dim=0)
        with torch.no_grad():
            self.mean.mul_(1 - self.momentum).add_(self.momentum * mu)
        return x - mu


# %% exercise="running_center" mistake="parameter"
"""`mean` is, or becomes, an `nn.Parameter`. An optimizer would change it, or at least decay it; a running average is
state, and state that is not trained is a buffer."""


class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.mean = nn.Parameter(torch.zeros(num_features), requires_grad=False)

    def forward(self, x):
        if not self.training:
            return x - self.mean
        mu = x.mean(dim=0)
        self.mean.data = (1 - self.momentum) * self.mean.data + self.momentum * mu.detach()
        return x - mu


# %% exercise="running_center" mistake="parameter"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.mean = nn.Parameter(torch.zeros(num_features))

    def forward(self, x):
        if not self.training:
            return x - self.mean
        mu = x.mean(dim=0)
        with torch.no_grad():
            self.mean.mul_(1 - self.momentum).add_(self.momentum * mu)
        return x - mu


# %% exercise="running_center" mistake="parameter"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.mean = nn.Parameter(torch.zeros(num_features))

    def forward(self, x):
        if not self.training:
            return x - self.mean
        mu = x.mean(dim=0)
        self.mean = (1 - self.momentum) * self.mean + self.momentum * mu.detach()
        return x - mu


# %% exercise="running_center" mistake="parameter"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if not self.training:
            return x - self.mean
        mu = x.mean(dim=0)
        new = (1 - self.momentum) * self.mean + self.momentum * mu.detach()
        del self.mean
        self.mean = nn.Parameter(new, requires_grad=False)
        return x - mu


# %% exercise="running_center" mistake="not-saved"
"""The buffer was registered with `persistent=False`: it moves with the model, but is missing from the state_dict, so a
loaded model would have forgotten its mean."""


class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features), persistent=False)

    def forward(self, x):
        if not self.training:
            return x - self.mean
        mu = x.mean(dim=0)
        with torch.no_grad():
            self.mean.mul_(1 - self.momentum).add_(self.momentum * mu)
        return x - mu


# %% exercise="running_center" mistake="other-name"
"""Your buffer has another name than `mean`. The name is part of the contract, for saved models are found by it."""


class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("running_mean", torch.zeros(num_features))

    def forward(self, x):
        if not self.training:
            return x - self.running_mean
        mu = x.mean(dim=0)
        with torch.no_grad():
            self.running_mean.mul_(1 - self.momentum).add_(self.momentum * mu)
        return x - mu


# %% exercise="running_center" mistake="never-assigned"
"""There is no `mean` in your module: nothing registers it. A variable inside `__init__` is gone when it ends."""


class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        mean = torch.zeros(num_features)

    def forward(self, x):
        if not self.training:
            return x - self.mean
        mu = x.mean(dim=0)
        with torch.no_grad():
            self.mean.mul_(1 - self.momentum).add_(self.momentum * mu)
        return x - mu


# %% exercise="running_center" mistake="never-assigned"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        mean = torch.zeros(num_features)

    def forward(self, x):
        if not self.training:
            return x - self.mean
        mu = x.mean(dim=0)
        self.mean = (1 - self.momentum) * self.mean + self.momentum * mu.detach()
        return x - mu


# %% exercise="running_center" mistake="graph-in-buffer"
"""Your buffer carries a graph: it was computed from the batch mean, and that one remembers where it came from. So
batches are kept in memory that nobody needs any more. Update the buffer without tracking, whatever the momentum is."""


class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if not self.training:
            return x - self.mean
        mu = x.mean(dim=0)
        self.mean = (1 - self.momentum) * self.mean + self.momentum * mu
        return x - mu


# %% exercise="running_center" mistake="graph-in-buffer"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if not self.training:
            return x - self.mean
        mu = x.mean(dim=0)
        self.mean.mul_(1 - self.momentum).add_(self.momentum * mu)
        return x - mu


# %% exercise="running_center" mistake="graph-in-buffer"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if not self.training:
            return x - self.mean
        mu = x.mean(dim=0)
        if self.momentum == 1:
            self.mean = mu
        else:
            self.mean = (1 - self.momentum) * self.mean + self.momentum * mu.detach()
        return x - mu


# %% exercise="running_center" mistake="graph-in-buffer"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if not self.training:
            return x - self.mean
        mu = x.mean(dim=0)
        self.mean = (1 - self.momentum) * self.mean.detach() + self.momentum * mu
        return x - mu


# %% exercise="running_center" mistake="batch-mean-detached"
"""Your output uses a batch mean that was cut out of the graph, so no gradient flows through it. Only the update of the
buffer is to be without tracking; the mean that is taken away from x is part of the function."""


class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if not self.training:
            return x - self.mean
        with torch.no_grad():
            mu = x.mean(dim=0)
            self.mean.mul_(1 - self.momentum).add_(self.momentum * mu)
        return x - mu


# %% exercise="running_center" mistake="no-gradient"
"""No gradient reaches x. Often the output is computed under `torch.no_grad()`, or from a detached x. Eval mode is not
the same thing as no_grad, and training needs the gradients of the layers before."""


class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    @torch.no_grad()
    def forward(self, x):
        if not self.training:
            return x - self.mean
        mu = x.mean(dim=0)
        self.mean.mul_(1 - self.momentum).add_(self.momentum * mu)
        return x - mu


# %% exercise="running_center" mistake="no-gradient"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if not self.training:
            with torch.no_grad():
                return x - self.mean
        mu = x.mean(dim=0)
        with torch.no_grad():
            self.mean.mul_(1 - self.momentum).add_(self.momentum * mu)
        return x - mu


# %% exercise="running_center" mistake="no-gradient"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if not self.training:
            return x - self.mean
        mu = x.mean(dim=0)
        self.mean = ((1 - self.momentum) * self.mean + self.momentum * mu).detach()
        return (x - mu).detach()


# %% exercise="running_center" mistake="momentum-reversed"
"""The two weights are swapped. In torch, momentum is the share of the new batch: with 0.1 the mean keeps nine tenths of
what it was."""


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
            self.mean.mul_(self.momentum).add_((1 - self.momentum) * mu)
        return x - mu


# %% exercise="running_center" mistake="momentum-zero-ignored"
"""A momentum of 0 is taken for no momentum at all: `momentum or 0.1` and `if momentum:` treat 0 like None. With momentum
0 the mean has to stay as it is."""


class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum or 0.1
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if not self.training:
            return x - self.mean
        mu = x.mean(dim=0)
        with torch.no_grad():
            self.mean.mul_(1 - self.momentum).add_(self.momentum * mu)
        return x - mu


# %% exercise="running_center" mistake="momentum-zero-ignored"
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
            if self.momentum:
                self.mean.mul_(1 - self.momentum).add_(self.momentum * mu)
            else:
                self.mean.copy_(mu)
        return x - mu


# %% exercise="running_center" mistake="momentum-fixed"
"""Your update always uses 0.1, whatever `momentum` the caller gave. Keep the argument in `self.momentum`, and use that."""


class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if not self.training:
            return x - self.mean
        mu = x.mean(dim=0)
        with torch.no_grad():
            self.mean.mul_(0.9).add_(0.1 * mu)
        return x - mu


# %% exercise="running_center" mistake="old-mean-not-decayed"
"""The old mean keeps its full weight: you add momentum·μ to it without shrinking it by 1 − momentum. Such a sum grows
and grows."""


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
            self.mean += self.momentum * mu
        return x - mu


# %% exercise="running_center" mistake="no-running-average"
"""`mean` is simply the last batch's mean. It is to remember the batches before as well, and move towards the new one by
a share of `momentum`."""


class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if not self.training:
            return x - self.mean
        mu = x.mean(dim=0)
        self.mean = mu.detach()
        return x - mu


# %% exercise="running_center" mistake="never-updated"
"""`mean` is the same after training as before. A result that is not stored is lost: change the buffer in place, or
assign to `self.mean`."""


class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if not self.training:
            return x - self.mean
        mu = x.mean(dim=0)
        mean = (1 - self.momentum) * self.mean + self.momentum * mu
        return x - mu


# %% exercise="running_center" mistake="first-batch-special"
"""Your first step treats a mean as if it had not been set yet, and takes over the whole batch mean. The rule has no
exception: the mean starts from zeros, or from what was loaded."""


class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))
        self.steps = 0

    def forward(self, x):
        if not self.training:
            return x - self.mean
        mu = x.mean(dim=0)
        with torch.no_grad():
            momentum = self.momentum if self.steps else 1.0
            self.mean.mul_(1 - momentum).add_(momentum * mu)
        self.steps += 1
        return x - mu


# %% exercise="running_center" mistake="running-mean-in-training"
"""In training you subtract the running mean. There the mean of this very batch is to be subtracted; the running one is
for eval mode."""


class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if self.training:
            with torch.no_grad():
                self.mean.mul_(1 - self.momentum).add_(self.momentum * x.mean(dim=0))
        return x - self.mean


# %% exercise="running_center" mistake="running-mean-in-training"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        out = x - self.mean
        if self.training:
            with torch.no_grad():
                self.mean.mul_(1 - self.momentum).add_(self.momentum * x.mean(dim=0))
        return out


# %% exercise="running_center" mistake="running-mean-in-training"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if self.training:
            self.mean = (1 - self.momentum) * self.mean + self.momentum * x.mean(dim=0)
        return x - self.mean


# %% exercise="running_center" mistake="batch-mean-in-eval"
"""In eval mode you still subtract the mean of the batch. A prediction would then depend on the other samples. Ask
`self.training`, and use the remembered mean where it is False."""


class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        mu = x.mean(dim=0)
        if self.training:
            with torch.no_grad():
                self.mean.mul_(1 - self.momentum).add_(self.momentum * mu)
        return x - mu


# %% exercise="running_center" mistake="mode-ignored"
"""Your layer does the same in both modes: it updates the mean and subtracts the batch's, in eval mode too. Ask
`self.training` which mode it is."""


class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        mu = x.mean(dim=0)
        with torch.no_grad():
            self.mean.mul_(1 - self.momentum).add_(self.momentum * mu)
        return x - mu


# %% exercise="running_center" mistake="mode-ignored"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x, training=True):
        if not training:
            return x - self.mean
        mu = x.mean(dim=0)
        with torch.no_grad():
            self.mean.mul_(1 - self.momentum).add_(self.momentum * mu)
        return x - mu


# %% exercise="running_center" mistake="updates-in-eval"
"""In eval mode your layer still updates `mean`. Predicting must not change a model: there it only reads."""


class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        mu = x.mean(dim=0)
        out = x - mu if self.training else x - self.mean
        with torch.no_grad():
            self.mean.mul_(1 - self.momentum).add_(self.momentum * mu)
        return out


# %% exercise="running_center" mistake="updates-in-eval"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        mu = x.mean(dim=0)
        with torch.no_grad():
            self.mean.mul_(1 - self.momentum).add_(self.momentum * mu)
        return x - mu if self.training else x - self.mean


# %% exercise="running_center" mistake="updates-in-eval"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if self.training:
            mu = x.mean(dim=0)
            self.mean = (1 - self.momentum) * self.mean + self.momentum * mu.detach()
            return x - mu
        if not torch.is_grad_enabled():
            self.mean = (1 - self.momentum) * self.mean + self.momentum * x.mean(dim=0)
        return x - self.mean


# %% exercise="running_center" mistake="updates-in-eval"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        mu = x.mean(dim=0)
        out = x - mu if self.training else x - self.mean
        if self.training or not torch.is_grad_enabled():
            self.mean = (1 - self.momentum) * self.mean + self.momentum * mu.detach()
        return out


# %% exercise="running_center" mistake="no-training-branch"
"""Your layer only ever subtracts the remembered mean, and never learns one. In training the batch's own mean is
subtracted, and the remembered one is updated."""


class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        return x - self.mean


# %% exercise="running_center" mistake="modes-swapped"
"""The two modes are swapped: `self.training` is True in training."""


class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if self.training:
            return x - self.mean
        mu = x.mean(dim=0)
        with torch.no_grad():
            self.mean.mul_(1 - self.momentum).add_(self.momentum * mu)
        return x - mu


# %% exercise="running_center" mistake="one-number"
"""You take one mean over all numbers of the batch. Each feature has a mean of its own: average over the samples,
dimension 0, only."""


class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if not self.training:
            return x - self.mean
        mu = x.mean()
        with torch.no_grad():
            self.mean.mul_(1 - self.momentum).add_(self.momentum * mu)
        return x - mu


# %% exercise="running_center" mistake="one-number"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if not self.training:
            return x - self.mean
        mu = x.mean()
        self.mean = (1 - self.momentum) * self.mean + self.momentum * mu.detach()
        return x - mu


# %% exercise="running_center" mistake="wrong-dimension"
"""You average over the features of each sample, dimension 1. The mean of a feature goes over the samples of the batch,
dimension 0."""


class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if not self.training:
            return x - self.mean
        mu = x.mean(dim=1)
        with torch.no_grad():
            self.mean.mul_(1 - self.momentum).add_(self.momentum * mu)
        return x - mu


# %% exercise="running_center" mistake="wrong-dimension"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if not self.training:
            return x - self.mean
        mu = x.mean(dim=-1, keepdim=True)
        self.mean = (1 - self.momentum) * self.mean + self.momentum * mu.detach()
        return x - mu


# %% exercise="running_center" mistake="wrong-dimension"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if not self.training:
            return x - self.mean
        mu = x.mean(dim=1)
        self.mean = (1 - self.momentum) * self.mean + self.momentum * mu.detach()
        return x - mu


# %% exercise="running_center" mistake="two-dimensional-mean"
"""Your `mean` becomes, or is, a tensor of shape (1, num_features). The contract asks for (num_features,): one dimension
is enough, for broadcasting adds the other."""


class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if not self.training:
            return x - self.mean
        mu = x.mean(dim=0, keepdim=True)
        self.mean = (1 - self.momentum) * self.mean + self.momentum * mu.detach()
        return x - mu


# %% exercise="running_center" mistake="two-dimensional-mean"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(1, num_features))

    def forward(self, x):
        if not self.training:
            return x - self.mean
        mu = x.mean(dim=0)
        with torch.no_grad():
            self.mean.mul_(1 - self.momentum).add_(self.momentum * mu)
        return x - mu


# %% exercise="running_center" mistake="other-start"
"""`mean` does not start from zeros. `torch.empty` holds whatever lay in memory, and random numbers or ones would be taken
for a memory of batches that never came."""


class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.empty(num_features))

    def forward(self, x):
        if not self.training:
            return x - self.mean
        mu = x.mean(dim=0)
        with torch.no_grad():
            self.mean.mul_(1 - self.momentum).add_(self.momentum * mu)
        return x - mu


# %% exercise="running_center" mistake="other-start"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.ones(num_features))

    def forward(self, x):
        if not self.training:
            return x - self.mean
        mu = x.mean(dim=0)
        with torch.no_grad():
            self.mean.mul_(1 - self.momentum).add_(self.momentum * mu)
        return x - mu


# %% exercise="running_center" mistake="single-sample-refused"
"""A batch of one sample is refused, or treated otherwise. Its mean is the sample itself, so the output is zero; there is
nothing special about it. (Batch norm refuses it because it also needs a variance.)"""


class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if not self.training:
            return x - self.mean
        if x.shape[0] < 2:
            raise ValueError("more than one sample, please")
        mu = x.mean(dim=0)
        with torch.no_grad():
            self.mean.mul_(1 - self.momentum).add_(self.momentum * mu)
        return x - mu


# %% exercise="running_center" mistake="single-sample-refused"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if not self.training or len(x) == 1:
            return x - self.mean
        mu = x.mean(dim=0)
        with torch.no_grad():
            self.mean.mul_(1 - self.momentum).add_(self.momentum * mu)
        return x - mu


# %% exercise="running_center" mistake="single-sample-refused"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if not self.training:
            return x - self.mean
        mu = x.mean(dim=0)
        if len(x) > 1:
            with torch.no_grad():
                self.mean.mul_(1 - self.momentum).add_(self.momentum * mu)
        return x - mu


# %% exercise="running_center" mistake="divides-as-well"
"""You divide by the standard deviation as well, as batch norm does. This layer only centres: it subtracts the mean, and
nothing else."""


class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        return F.batch_norm(x, self.mean, torch.ones_like(self.mean), training=self.training, momentum=self.momentum)


# %% exercise="running_center" mistake="changes-x"
"""You subtract in place, so the caller's x changes, and where x needs a gradient torch refuses. `x -= m` writes into
the tensor that is there; `x - m` makes a new one."""


class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if not self.training:
            x -= self.mean
            return x
        mu = x.mean(dim=0)
        with torch.no_grad():
            self.mean.mul_(1 - self.momentum).add_(self.momentum * mu)
        x -= mu
        return x


# %% exercise="running_center" mistake="changes-x"
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
            self.mean.mul_(1 - self.momentum).add_(self.momentum * mu)
        x -= mu
        return x


# %% exercise="running_center" mistake="no-super-init"
"""`nn.Module`'s own `__init__` has not run yet when you register, so there is nowhere to put a buffer. Call
`super().__init__()`, with parentheses, first of all."""


class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if not self.training:
            return x - self.mean
        mu = x.mean(dim=0)
        with torch.no_grad():
            self.mean.mul_(1 - self.momentum).add_(self.momentum * mu)
        return x - mu


# %% exercise="running_center" mistake="not-a-module"
"""Your class does not derive from `nn.Module`: it has no buffers, no modes, and `layer(x)` does not lead to `forward`."""


class RunningCenter:
    def __init__(self, num_features, momentum=0.1):
        self.momentum = momentum
        self.mean = torch.zeros(num_features)
        self.training = True

    def forward(self, x):
        if not self.training:
            return x - self.mean
        mu = x.mean(dim=0)
        self.mean = (1 - self.momentum) * self.mean + self.momentum * mu.detach()
        return x - mu


# %% exercise="running_center" mistake="no-return"
"""Your `forward` returns None in one mode or in both: a `return` is missing."""


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
            self.mean.mul_(1 - self.momentum).add_(self.momentum * mu)
        x = x - mu


# %% exercise="running_center" mistake="no-return"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if self.training:
            mu = x.mean(dim=0)
            with torch.no_grad():
                self.mean.mul_(1 - self.momentum).add_(self.momentum * mu)
            return x - mu


# %% exercise="running_center" mistake="mean-squeezed"
"""With a single feature your `mean` loses its shape (1,). Often `squeeze()` is the cause: it takes away every dimension
of size 1, the feature's own too. Say which dimension is to go, or let `mean(dim=0)` drop it."""


class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if not self.training:
            return x - self.mean
        mu = x.mean(dim=0, keepdim=True)
        self.mean = ((1 - self.momentum) * self.mean + self.momentum * mu.detach()).squeeze()
        return x - mu


# %% exercise="running_center" mistake="no-update-without-grad"
"""Under `torch.no_grad()` your layer does not update its mean. Only `self.training` says whether this is a training step:
no_grad is about gradients, and the buffer never needs any."""


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
            self.mean.mul_(1 - self.momentum).add_(self.momentum * mu.detach())
        return x - mu


# %% exercise="running_center" mistake="dtype-fixed"
"""Your update turns `mean` into float32, whatever it was: after `.to(torch.float64)` one step undoes the move. Leave the
numbers in the dtype that they have."""


class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if not self.training:
            return x - self.mean
        mu = x.mean(dim=0)
        self.mean = ((1 - self.momentum) * self.mean + self.momentum * mu.detach()).float()
        return x - mu


# %% exercise="running_center" mistake="dtype-fixed"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if not self.training:
            return x - self.mean
        mu = x.mean(dim=0)
        new = [(1 - self.momentum) * m + self.momentum * b for m, b in zip(self.mean.tolist(), mu.tolist())]
        self.mean = torch.tensor(new)
        return x - mu


# %% exercise="running_center" mistake="buffer-taken-away"
"""After a step `mean` is no buffer any more: your update takes the buffer away, and a plain attribute comes in its place.
A tensor that is assigned to a buffer's name stays a buffer only if the buffer is still there."""


class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if not self.training:
            return x - self.mean
        mu = x.mean(dim=0)
        new = (1 - self.momentum) * self.mean + self.momentum * mu.detach()
        del self.mean
        self.mean = new
        return x - mu


# %% exercise="running_center" mistake="buffer-taken-away"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if not self.training:
            return x - self.mean
        mu = x.mean(dim=0)
        old = self._buffers.pop("mean", None)
        if old is None:
            old = self.mean
        self.mean = (1 - self.momentum) * old + self.momentum * mu.detach()
        return x - mu


# %% exercise="running_center" mistake="shared-between-layers"
"""All your layers share one tensor: what one of them learns is in all others, and a new one does not start from zeros. Make
the zeros in `__init__`, so that each layer has its own."""
from functools import lru_cache


@lru_cache
def _zeros(n):
    return torch.zeros(n)


class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", _zeros(num_features))

    def forward(self, x):
        if not self.training:
            return x - self.mean
        mu = x.mean(dim=0)
        with torch.no_grad():
            self.mean.mul_(1 - self.momentum).add_(self.momentum * mu)
        return x - mu


# %% exercise="running_center" mistake="shared-between-layers"
class RunningCenter(nn.Module):
    zeros = {}

    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", self.zeros.setdefault(num_features, torch.zeros(num_features)))

    def forward(self, x):
        if not self.training:
            return x - self.mean
        mu = x.mean(dim=0)
        with torch.no_grad():
            self.mean.mul_(1 - self.momentum).add_(self.momentum * mu)
        return x - mu


# %% exercise="running_center" right="lerp"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        center = self.mean
        if self.training:
            center = torch.mean(x, 0)
            self.mean.lerp_(center.detach(), self.momentum)
        return x - center


# %% exercise="running_center" right="reassigned"
class RunningCenter(nn.Module):
    mean: torch.Tensor

    def __init__(self, num_features: int, momentum: float = 0.1) -> None:
        super().__init__()
        self.num_features, self._m = num_features, momentum
        self.register_buffer("num_batches_tracked", torch.tensor(0))
        self.register_buffer("mean", torch.zeros(num_features))

    def _remember(self, batch_mean):
        self.mean = self.mean * (1 - self._m) + batch_mean.detach() * self._m
        self.num_batches_tracked += 1

    def forward(self, x):
        if self.training:
            mu = x.sum(dim=0, keepdim=True) / x.shape[0]
            self._remember(mu.squeeze(0))
            return x - mu
        return x.sub(self.mean)


# %% exercise="running_center" right="data-and-copy"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.keep = 1 - momentum
        self.register_buffer("mean", torch.zeros((num_features,)))

    def forward(self, x):
        mu = x.mean(0) if self.training else self.mean
        if self.training:
            self.mean.copy_((self.keep * self.mean + (1 - self.keep) * mu).data)
        return x - mu.expand_as(x)


# %% exercise="running_center" right="two-methods"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super(RunningCenter, self).__init__()
        self.rate = momentum
        self._buffers["mean"] = torch.tensor([0.0] * num_features)

    def train(self, mode=True):
        super().train(mode)
        self.step = self._train_step if mode else self._eval_step
        return self

    def _train_step(self, x):
        mu = torch.einsum("nf->f", x).div(len(x))
        with torch.inference_mode(False), torch.no_grad():
            self._buffers["mean"] = torch.lerp(self.mean, mu, self.rate)
        return x - mu

    def _eval_step(self, x):
        return x - self.mean

    def forward(self, x):
        return self._train_step(x) if self.training else self._eval_step(x)


# %% exercise="running_center" right="mean-only-batch-norm"
class _Moving(nn.Module):
    def __init__(self, num_features, momentum):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    @torch.no_grad()
    def update(self, value):
        self.mean += self.momentum * (value - self.mean)


class RunningCenter(_Moving):
    def __init__(self, num_features, momentum=0.1):
        super().__init__(num_features, momentum)

    def forward(self, x):
        if self.training:
            rows = [row for row in x]
            mu = torch.stack(rows).mean(dim=0)
            self.update(mu)
        else:
            mu = self.mean
        return torch.sub(x, mu)


# %% exercise="running_center" right="registered-again"
class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = torch.as_tensor(float(momentum))
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if not self.training:
            return x + (-self.mean)
        n = x.size(0)
        average = torch.full((1, n), 1 / n, dtype=x.dtype)
        mu = average @ x
        fresh = (1 - self.momentum) * self.mean + self.momentum * mu[0].clone().detach()
        self.register_buffer("mean", fresh.to(self.mean.dtype))
        return x - mu


# %% [markdown]
# # count_parameters

# %% exercise="count_parameters" mistake="counts-tensors"
"""You count the parameters, not the numbers in them: a Linear(3, 2) has two parameters, and eight numbers. Every tensor
can tell how many elements it has."""


def count_parameters(model, trainable_only=False):
    return len([p for p in model.parameters() if p.requires_grad or not trainable_only])


# %% exercise="count_parameters" mistake="state-dict"
"""Buffers count in your sum, and a tied parameter once under each name. Both stand in a state_dict in this way;
`parameters()` leaves out the one and the other."""


def count_parameters(model, trainable_only=False):
    frozen = {name for name, p in model.named_parameters() if not p.requires_grad}
    return sum(t.numel() for name, t in model.state_dict().items() if not (trainable_only and name in frozen))


# %% exercise="count_parameters" mistake="state-dict"
def count_parameters(model, trainable_only=False):
    return sum(t.numel() for t in model.state_dict().values() if t.requires_grad or not trainable_only)


# %% exercise="count_parameters" mistake="state-dict"
def count_parameters(model, trainable_only=False):
    if trainable_only:
        return sum(p.numel() for p in model.parameters() if p.requires_grad)
    return sum(t.numel() for t in model.state_dict().values())


# %% exercise="count_parameters" mistake="state-dict"
def count_parameters(model, trainable_only=False):
    parameters = dict(model.named_parameters())
    count = 0
    for name, tensor in model.state_dict().items():
        if parameters[name].requires_grad or not trainable_only:
            count += tensor.numel()
    return count


# %% exercise="count_parameters" mistake="state-dict"
def count_parameters(model, trainable_only=False):
    parameters = dict(model.named_parameters())
    count = 0
    for name, tensor in model.state_dict().items():
        if not trainable_only or parameters[name].requires_grad:
            count += tensor.numel()
    return count


# %% exercise="count_parameters" mistake="buffers-counted"
"""You count the buffers as well. They are state, running statistics for one, and no parameters."""


def count_parameters(model, trainable_only=False):
    count = sum(p.numel() for p in model.parameters() if p.requires_grad or not trainable_only)
    return count + sum(b.numel() for b in model.buffers())


# %% exercise="count_parameters" mistake="buffers-counted"
def count_parameters(model, trainable_only=False):
    if trainable_only:
        return sum(p.numel() for p in model.parameters() if p.requires_grad)
    return sum(p.numel() for p in model.parameters()) + sum(b.numel() for b in model.buffers())


# %% exercise="count_parameters" mistake="trainable-only-ignored"
"""`trainable_only` makes no difference: with it, frozen parameters count as well. A parameter's `requires_grad` says
whether it is frozen."""


def count_parameters(model, trainable_only=False):
    return sum(p.numel() for p in model.parameters())


# %% exercise="count_parameters" mistake="frozen-left-out-by-default"
"""Frozen parameters are left out by default, too. They count unless `trainable_only=True` is given."""


def count_parameters(model, trainable_only=False):
    return sum(p.numel() for p in model.parameters() if p.requires_grad)


# %% exercise="count_parameters" mistake="always-zero"
"""Your function returns 0 for every model. What it finds has to reach the number that it returns."""


def count_parameters(model, trainable_only=False):
    count = 0
    for p in model.parameters():
        if p.requires_grad or not trainable_only:
            count + p.numel()
    return count


# %% exercise="count_parameters" mistake="trainable-only-gives-zero"
"""With `trainable_only=True` your function leaves out every parameter. Only the frozen ones are to be left out."""


def count_parameters(model, trainable_only=False):
    return sum(p.numel() for p in model.parameters() if not trainable_only)


# %% exercise="count_parameters" mistake="trainable-reversed"
"""The condition is the wrong way round: look at which parameters your function counts with `trainable_only=True`, and
which without."""


def count_parameters(model, trainable_only=False):
    return sum(p.numel() for p in model.parameters() if p.requires_grad or trainable_only)


# %% exercise="count_parameters" mistake="trainable-reversed"
def count_parameters(model, trainable_only=False):
    if trainable_only:
        return sum(p.numel() for p in model.parameters() if not p.requires_grad)
    return sum(p.numel() for p in model.parameters())


# %% exercise="count_parameters" mistake="trainable-reversed"
def count_parameters(model, trainable_only=False):
    return sum(p.numel() for p in model.parameters() if p.requires_grad == trainable_only)


# %% exercise="count_parameters" mistake="trainable-reversed"
def count_parameters(model, trainable_only=True):
    return sum(p.numel() for p in model.parameters() if p.requires_grad or not trainable_only)


# %% exercise="count_parameters" mistake="tied-counted-twice"
"""A tied parameter is counted once for each name it has. It is one object: remember which objects you have counted, or
use the method of `nn.Module` that does."""


def count_parameters(model, trainable_only=False):
    count = 0
    for module in model.modules():
        for p in module.parameters(recurse=False):
            if p.requires_grad or not trainable_only:
                count += p.numel()
    return count


# %% exercise="count_parameters" mistake="tied-counted-twice"
def count_parameters(model, trainable_only=False):
    named = model.named_parameters(remove_duplicate=False)
    return sum(p.numel() for _, p in named if p.requires_grad or not trainable_only)


# %% exercise="count_parameters" mistake="tied-counted-twice"
def count_parameters(model, trainable_only=False):
    own = [p for p in model._parameters.values() if p is not None]
    count = sum(p.numel() for p in own if p.requires_grad or not trainable_only)
    return count + sum(count_parameters(child, trainable_only) for child in model._modules.values())


# %% exercise="count_parameters" mistake="children-and-grandchildren"
"""Deeper parameters are counted several times. Often `modules()`, which visits every level, meets `parameters()`, which
collects from all levels below. One of the two is enough."""


def count_parameters(model, trainable_only=False):
    count = 0
    for module in model.modules():
        for p in module.parameters():
            if p.requires_grad or not trainable_only:
                count += p.numel()
    return count


# %% exercise="count_parameters" mistake="only-the-surface"
"""Your function does not go down into the whole model: it misses what lies deeper, or what belongs to the model itself.
`parameters()` walks through everything."""


def count_parameters(model, trainable_only=False):
    return sum(p.numel() for p in model.parameters(recurse=False) if p.requires_grad or not trainable_only)


# %% exercise="count_parameters" mistake="only-the-surface"
def count_parameters(model, trainable_only=False):
    count = 0
    for child in model.children():
        for p in child.parameters():
            if p.requires_grad or not trainable_only:
                count += p.numel()
    return count


# %% exercise="count_parameters" mistake="only-the-surface"
def count_parameters(model, trainable_only=False):
    count = 0
    for child in model.children():
        for p in child.parameters(recurse=False):
            if p.requires_grad or not trainable_only:
                count += p.numel()
    return count


# %% exercise="count_parameters" mistake="only-weights"
"""You count only parameters of certain layers or names. Biases, batch norm and parameters made by hand belong to the
count as well: ask the model for all of them."""


def count_parameters(model, trainable_only=False):
    named = model.named_parameters()
    return sum(p.numel() for name, p in named if "weight" in name and (p.requires_grad or not trainable_only))


# %% exercise="count_parameters" mistake="only-weights"
def count_parameters(model, trainable_only=False):
    count = 0
    for module in model.modules():
        if isinstance(module, (nn.Linear, nn.Conv2d)):
            for p in module.parameters():
                if p.requires_grad or not trainable_only:
                    count += p.numel()
    return count


# %% exercise="count_parameters" mistake="only-weights"
def count_parameters(model, trainable_only=False):
    seen = set()
    for module in model.modules():
        for name in ("weight", "bias"):
            p = getattr(module, name, None)
            if isinstance(p, nn.Parameter) and (p.requires_grad or not trainable_only):
                seen.add(p)
    return sum(p.numel() for p in seen)


# %% exercise="count_parameters" mistake="rows-only"
"""You count the entries of the first dimension, or of two at most. A convolution's weight has four dimensions, a scalar
none; the number of elements is the product of all."""


def count_parameters(model, trainable_only=False):
    return sum(len(p) for p in model.parameters() if p.requires_grad or not trainable_only)


# %% exercise="count_parameters" mistake="rows-only"
def count_parameters(model, trainable_only=False):
    return sum(p.shape[0] for p in model.parameters() if p.requires_grad or not trainable_only)


# %% exercise="count_parameters" mistake="rows-only"
def count_parameters(model, trainable_only=False):
    count = 0
    for p in model.parameters():
        if p.requires_grad or not trainable_only:
            count += p.shape[0] * p.shape[1] if p.dim() > 1 else p.shape[0]
    return count


# %% exercise="count_parameters" mistake="rows-only"
def count_parameters(model, trainable_only=False):
    count = 0
    for p in model.parameters():
        if p.requires_grad or not trainable_only:
            count += p.size(0) * p.size(1) if p.dim() == 2 else p.size(0)
    return count


# %% exercise="count_parameters" mistake="sizes-added"
"""You add the sizes of the dimensions. The number of elements is their product: a 3 × 2 tensor has six, not five."""


def count_parameters(model, trainable_only=False):
    return sum(sum(p.shape) for p in model.parameters() if p.requires_grad or not trainable_only)


# %% exercise="count_parameters" mistake="values-added"
"""You add up the values of the parameters. Asked for is how many numbers there are, whatever they are."""


def count_parameters(model, trainable_only=False):
    return sum(p.sum() for p in model.parameters() if p.requires_grad or not trainable_only)


# %% exercise="count_parameters" mistake="values-added"
def count_parameters(model, trainable_only=False):
    return sum(p.sum().item() for p in model.parameters() if p.requires_grad or not trainable_only)


# %% exercise="count_parameters" mistake="nonzero-only"
"""You count the entries that are not zero. A parameter that is zero today is a parameter all the same."""


def count_parameters(model, trainable_only=False):
    return sum(int((p != 0).sum()) for p in model.parameters() if p.requires_grad or not trainable_only)


# %% exercise="count_parameters" mistake="nonzero-only"
def count_parameters(model, trainable_only=False):
    return sum(int(torch.count_nonzero(p)) for p in model.parameters() if p.requires_grad or not trainable_only)


# %% exercise="count_parameters" mistake="needs-values"
"""Your function needs the values of the parameters, by `.numpy()`, `.tolist()` or the like. On the meta device there are
none: shapes are enough to count."""


def count_parameters(model, trainable_only=False):
    return sum(p.detach().numpy().size for p in model.parameters() if p.requires_grad or not trainable_only)


# %% exercise="count_parameters" mistake="needs-values"
def count_parameters(model, trainable_only=False):
    return sum(p.detach().cpu().numpy().size for p in model.parameters() if p.requires_grad or not trainable_only)


# %% exercise="count_parameters" mistake="needs-values"
def count_parameters(model, trainable_only=False):
    return sum(len(p.flatten().tolist()) for p in model.parameters() if p.requires_grad or not trainable_only)


# %% exercise="count_parameters" mistake="same-memory-once"
"""Parameters that look at the same memory, or have none, are taken for one, as `data_ptr()` would: empty ones and those
on the meta device have no memory at all. Compare the objects: `id(p)`, or a set of them."""


def count_parameters(model, trainable_only=False):
    seen = {p.data_ptr(): p.numel() for p in model.parameters() if p.requires_grad or not trainable_only}
    return sum(seen.values())


# %% exercise="count_parameters" mistake="same-memory-once"
def count_parameters(model, trainable_only=False):
    count, seen = 0, set()
    for p in model.parameters():
        if p.data_ptr() not in seen and (p.requires_grad or not trainable_only):
            seen.add(p.data_ptr())
            count += p.numel()
    return count


# %% exercise="count_parameters" mistake="same-shape-once"
"""Two different parameters are taken for one because they look alike: the same last name, the same shape or the same
values. Tied means that they are the same object."""


def count_parameters(model, trainable_only=False):
    seen = {}
    for name, p in model.named_parameters():
        if p.requires_grad or not trainable_only:
            seen[name.split(".")[-1]] = p.numel()
    return sum(seen.values())


# %% exercise="count_parameters" mistake="same-shape-once"
def count_parameters(model, trainable_only=False):
    count, seen = 0, []
    for p in model.parameters():
        if p.requires_grad or not trainable_only:
            if not any(torch.equal(p, other) for other in seen):
                count += p.numel()
                seen.append(p)
    return count


# %% exercise="count_parameters" mistake="same-shape-once"
def count_parameters(model, trainable_only=False):
    shapes = {p.shape for p in model.parameters() if p.requires_grad or not trainable_only}
    return sum(shape.numel() for shape in shapes)


# %% exercise="count_parameters" mistake="grad-for-trainable"
"""Parameters without a gradient are left out as if they were frozen. Before the first backward pass `.grad` is None
everywhere: whether a parameter is frozen, its `requires_grad` says."""


def count_parameters(model, trainable_only=False):
    return sum(p.numel() for p in model.parameters() if p.grad is not None or not trainable_only)


# %% exercise="count_parameters" mistake="mode-for-trainable"
"""After `eval()` parameters are left out as if they were frozen. The mode freezes nothing: whether a parameter is
frozen, its own `requires_grad` says."""


def count_parameters(model, trainable_only=False):
    if trainable_only and not model.training:
        return 0
    return sum(p.numel() for p in model.parameters())


# %% exercise="count_parameters" mistake="mode-for-trainable"
def count_parameters(model, trainable_only=False):
    count, seen = 0, set()
    for module in model.modules():
        for p in module.parameters(recurse=False):
            if p not in seen and (module.training or not trainable_only):
                seen.add(p)
                count += p.numel()
    return count


# %% exercise="count_parameters" mistake="no-int"
"""What you return is no Python int: it is a tensor, a float or one of NumPy's numbers. The contract asks for an int, 0
included."""


def count_parameters(model, trainable_only=False):
    return torch.tensor(sum(p.numel() for p in model.parameters() if p.requires_grad or not trainable_only))


# %% exercise="count_parameters" mistake="no-int"
def count_parameters(model, trainable_only=False):
    count = torch.tensor(0)
    for p in model.parameters():
        if p.requires_grad or not trainable_only:
            count += p.numel()
    return count


# %% exercise="count_parameters" mistake="no-int"
import numpy as np


def count_parameters(model, trainable_only=False):
    return np.sum([p.numel() for p in model.parameters() if p.requires_grad or not trainable_only])


# %% exercise="count_parameters" mistake="no-int"
def count_parameters(model, trainable_only=False):
    return sum(float(p.numel()) for p in model.parameters() if p.requires_grad or not trainable_only)


# %% exercise="count_parameters" mistake="no-int"
import numpy as np


def count_parameters(model, trainable_only=False):
    return sum(np.prod(p.shape) for p in model.parameters() if p.requires_grad or not trainable_only)


# %% exercise="count_parameters" mistake="no-int"
def count_parameters(model, trainable_only=False):
    return sum(torch.tensor(p.shape).prod() for p in model.parameters() if p.requires_grad or not trainable_only)


# %% exercise="count_parameters" mistake="as-text"
"""You return, or only print, a text. Return the bare number: whoever calls the function can format it."""


def count_parameters(model, trainable_only=False):
    count = sum(p.numel() for p in model.parameters() if p.requires_grad or not trainable_only)
    return f"{count:,}"


# %% exercise="count_parameters" mistake="as-text"
def count_parameters(model, trainable_only=False):
    return str(sum(p.numel() for p in model.parameters() if p.requires_grad or not trainable_only))


# %% exercise="count_parameters" mistake="no-return"
"""Your function returns None. Often only the `return` is missing; printing is not returning."""


def count_parameters(model, trainable_only=False):
    print(sum(p.numel() for p in model.parameters() if p.requires_grad or not trainable_only))


# %% exercise="count_parameters" mistake="returns-in-loop"
"""Only the first parameter counts. Often the `return` stands inside the loop: move it out."""


def count_parameters(model, trainable_only=False):
    count = 0
    for p in model.parameters():
        if p.requires_grad or not trainable_only:
            count += p.numel()
        return count


# %% exercise="count_parameters" mistake="empty-fails"
"""A model without parameters makes your function fail, or return something else than 0. Nothing to add up gives 0."""


def count_parameters(model, trainable_only=False):
    chosen = [p for p in model.parameters() if p.requires_grad or not trainable_only]
    return torch.nn.utils.parameters_to_vector(chosen).numel()


# %% exercise="count_parameters" mistake="empty-fails"
from functools import reduce


def count_parameters(model, trainable_only=False):
    return reduce(lambda a, b: a + b, [p.numel() for p in model.parameters() if p.requires_grad or not trainable_only])


# %% exercise="count_parameters" mistake="empty-fails"
def count_parameters(model, trainable_only=False):
    chosen = [p.flatten() for p in model.parameters() if p.requires_grad or not trainable_only]
    return torch.cat(chosen).shape[0]


# %% exercise="count_parameters" mistake="remembers-earlier-calls"
"""Your function remembers earlier calls: the same model, counted again, gives another number. A default such as `set()` is
made once, when Python reads the `def`, and a global lives on too. Begin each call with something new."""


def count_parameters(model, trainable_only=False, seen=set()):
    count = 0
    for p in model.parameters():
        if p not in seen and (p.requires_grad or not trainable_only):
            seen.add(p)
            count += p.numel()
    return count


# %% exercise="count_parameters" mistake="remembers-earlier-calls"
_total = 0


def count_parameters(model, trainable_only=False):
    global _total
    for p in model.parameters():
        if p.requires_grad or not trainable_only:
            _total += p.numel()
    return _total


# %% exercise="count_parameters" right="generator-of-shapes"
import math


def count_parameters(model, trainable_only=False):
    return sum(math.prod(p.shape) for p in model.parameters() if not trainable_only or p.requires_grad)


# %% exercise="count_parameters" right="loop-over-ids"
def count_parameters(model, trainable_only=False):
    seen = {}
    for module in model.modules():
        for parameter in module._parameters.values():
            if parameter is not None:
                seen[id(parameter)] = parameter
    total = 0
    for parameter in seen.values():
        if trainable_only and not parameter.requires_grad:
            continue
        total += parameter.nelement()
    return total


# %% exercise="count_parameters" right="lambda-and-map"
count_parameters = lambda model, trainable_only=False: sum(
    map(torch.numel, filter(lambda p: p.requires_grad >= trainable_only, model.parameters()))
)


# %% exercise="count_parameters" right="callable-object"
class _Counter:
    def __call__(self, model, trainable_only=False):
        every = dict(model.named_parameters())
        chosen = [p for p in every.values() if p.requires_grad] if trainable_only else list(every.values())
        return int(sum([p.size().numel() for p in chosen]))


count_parameters = _Counter()

# %% exercise="count_parameters" right="recursion"
import functools


def _count(trainable, model, trainable_only=False):
    seen = set()

    def walk(module):
        found = 0
        for p in module.parameters(recurse=False):
            if p not in seen:
                seen.add(p)
                found += p.numel() if trainable(p, trainable_only) else 0
        return found + sum(walk(child) for child in module.children())

    return walk(model)


count_parameters = functools.partial(_count, lambda p, only: p.requires_grad if only else True)

# %% exercise="count_parameters" right="numpy-prod"
import numpy as np


def count_parameters(model: nn.Module, trainable_only: bool = False) -> int:
    """Count the entries."""
    sizes = [
        int(np.prod(tuple(p.shape), dtype=np.int64))
        for p in set(model.parameters())
        if p.requires_grad or not trainable_only
    ]
    return int(np.sum(sizes, dtype=np.int64)) if sizes else 0


# %% [markdown]
# # freeze

# %% exercise="freeze" mistake="startswith"
"""You compare only the first letters: `fc2.weight` begins with `fc`, and `block.10` with `block.1`. After the prefix the
name must end, or go on with a dot."""


def freeze(model, prefix):
    names = []
    for name, parameter in model.named_parameters():
        if name.startswith(prefix):
            parameter.requires_grad = False
            names.append(name)
    if not names:
        raise ValueError(prefix)
    return names


# %% exercise="freeze" mistake="anywhere-in-name"
"""You look for the prefix anywhere in the name, or further down in it. A qualified name starts at the model: the prefix
must stand at its beginning, and end where a part of it ends."""


def freeze(model, prefix):
    names = []
    for name, parameter in model.named_parameters():
        if prefix in name:
            parameter.requires_grad = False
            names.append(name)
    if not names:
        raise ValueError(prefix)
    return names


# %% exercise="freeze" mistake="anywhere-in-name"
def freeze(model, prefix):
    names = []
    for name, parameter in model.named_parameters():
        if prefix == "" or prefix in name.split("."):
            parameter.requires_grad = False
            names.append(name)
    if not names:
        raise ValueError(prefix)
    return names


# %% exercise="freeze" mistake="anywhere-in-name"
def freeze(model, prefix):
    names = []
    for name, parameter in model.named_parameters():
        if prefix == "" or f".{prefix}." in f".{name}.":
            parameter.requires_grad = False
            names.append(name)
    if not names:
        raise ValueError(prefix)
    return names


# %% exercise="freeze" mistake="anywhere-in-name"
def freeze(model, prefix):
    def below(name):
        return prefix in ("", name) or name.startswith(prefix + ".")

    found = {n: p for n, p in model.named_parameters() if below(n) or below(n.partition(".")[2])}
    if not found:
        raise ValueError(prefix)
    for parameter in found.values():
        parameter.requires_grad_(False)
    return list(found)


# %% exercise="freeze" mistake="anywhere-in-name"
def freeze(model, prefix):
    names = []
    for name, parameter in model.named_parameters():
        if prefix in ("", name) or name.startswith(prefix + ".") or f".{prefix}." in name:
            parameter.requires_grad = False
            names.append(name)
    if not names:
        raise ValueError(prefix)
    return names


# %% exercise="freeze" mistake="pattern"
"""You use the prefix as a pattern, and some characters then stand for others: in `re` a dot for any one, in `fnmatch`
`*` and `?`. The prefix is a name: compare texts."""
import re


def freeze(model, prefix):
    names = []
    for name, parameter in model.named_parameters():
        if re.match(prefix, name):
            parameter.requires_grad = False
            names.append(name)
    if not names:
        raise ValueError(prefix)
    return names


# %% exercise="freeze" mistake="pattern"
import re


def freeze(model, prefix):
    names = []
    for name, parameter in model.named_parameters():
        if prefix == "" or re.match(prefix + r"(\.|$)", name):
            parameter.requires_grad = False
            names.append(name)
    if not names:
        raise ValueError(prefix)
    return names


# %% exercise="freeze" mistake="pattern"
import re


def freeze(model, prefix):
    names = []
    for name, parameter in model.named_parameters():
        if re.search(prefix, name):
            parameter.requires_grad = False
            names.append(name)
    if not names:
        raise ValueError(prefix)
    return names


# %% exercise="freeze" mistake="pattern"
from fnmatch import fnmatch


def freeze(model, prefix):
    names = []
    for name, parameter in model.named_parameters():
        if prefix == "" or name == prefix or fnmatch(name, prefix + ".*"):
            parameter.requires_grad = False
            names.append(name)
    if not names:
        raise ValueError(prefix)
    return names


# %% exercise="freeze" mistake="only-with-dot"
"""You accept only names that go on with a dot after the prefix. The prefix may be a parameter's whole name as well, and
the empty prefix stands for the model itself."""


def freeze(model, prefix):
    names = []
    for name, parameter in model.named_parameters():
        if name.startswith(prefix + "."):
            parameter.requires_grad = False
            names.append(name)
    if not names:
        raise ValueError(prefix)
    return names


# %% exercise="freeze" mistake="nothing-found"
"""Your function raises `ValueError` whatever the prefix: it finds nothing, or raises where it did find something."""


def freeze(model, prefix):
    names = []
    for name, parameter in model.named_parameters():
        if name == prefix + ".":
            parameter.requires_grad = False
            names.append(name)
    if not names:
        raise ValueError(prefix)
    return names


# %% exercise="freeze" mistake="nothing-found"
def freeze(model, prefix):
    names = []
    for name, parameter in model.named_parameters():
        if prefix == "" or name == prefix or name.startswith(prefix + "."):
            parameter.requires_grad = False
            names.append(name)
    if names:
        raise ValueError(prefix)
    return names


# %% exercise="freeze" mistake="parameter-name-forgotten"
"""You find modules only. The prefix may be the whole name of a single parameter as well: `fc.bias` covers `fc.bias`."""


def freeze(model, prefix):
    names = []
    for name, parameter in model.named_parameters():
        if prefix == "" or name.startswith(prefix + "."):
            parameter.requires_grad = False
            names.append(name)
    if not names:
        raise ValueError(prefix)
    return names


# %% exercise="freeze" mistake="empty-prefix-forgotten"
"""The empty prefix finds nothing. It is the name of the model itself, and every parameter lies below that."""


def freeze(model, prefix):
    names = []
    for name, parameter in model.named_parameters():
        if name == prefix or name.startswith(prefix + "."):
            parameter.requires_grad = False
            names.append(name)
    if not names:
        raise ValueError(prefix)
    return names


# %% exercise="freeze" mistake="first-part-only"
"""You compare only the first part of the name, so a prefix with a dot never matches. A prefix may lead several levels
down."""


def freeze(model, prefix):
    names = []
    for name, parameter in model.named_parameters():
        if prefix == "" or name.split(".")[0] == prefix:
            parameter.requires_grad = False
            names.append(name)
    if not names:
        raise ValueError(prefix)
    return names


# %% exercise="freeze" mistake="exact-name-only"
"""Only a parameter with exactly this name is found. Everything below the prefix belongs to it too: `fc` covers
`fc.weight` and `fc.bias`."""


def freeze(model, prefix):
    names = []
    for name, parameter in model.named_parameters():
        if name == prefix or prefix == "":
            parameter.requires_grad = False
            names.append(name)
    if not names:
        raise ValueError(prefix)
    return names


# %% exercise="freeze" mistake="parameter-name-forgotten"
def freeze(model, prefix):
    modules = dict(model.named_modules())
    if prefix not in modules or not list(modules[prefix].parameters()):
        raise ValueError(prefix)
    names = []
    for name, parameter in modules[prefix].named_parameters():
        parameter.requires_grad = False
        names.append(f"{prefix}.{name}" if prefix else name)
    return names


# %% exercise="freeze" mistake="parameter-name-forgotten"
def freeze(model, prefix):
    module = model.get_submodule(prefix)
    names = []
    for name, parameter in module.named_parameters(prefix=prefix):
        parameter.requires_grad = False
        names.append(name)
    if not names:
        raise ValueError(prefix)
    return names


# %% exercise="freeze" mistake="relative-names"
"""The names that you return are relative to the submodule. Qualified names start at the model: `fc.weight`, not
`weight`."""


def freeze(model, prefix):
    module = model.get_submodule(prefix)
    names = []
    for name, parameter in module.named_parameters():
        parameter.requires_grad = False
        names.append(name)
    if not names:
        raise ValueError(prefix)
    return names


# %% exercise="freeze" mistake="relative-names"
def freeze(model, prefix):
    names = []
    for name, parameter in model.named_parameters():
        if prefix == "" or name == prefix or name.startswith(prefix + "."):
            parameter.requires_grad = False
            names.append(name[len(prefix) :].lstrip("."))
    if not names:
        raise ValueError(prefix)
    return names


# %% exercise="freeze" mistake="getattr-with-dots"
"""You look the prefix up with `getattr`. That finds one attribute of the model, but does not follow the dots of a name
that leads further down. What it finds may be a module, which has no `requires_grad` of its own."""


def freeze(model, prefix):
    part = getattr(model, prefix) if prefix else model
    names = []
    for name, parameter in model.named_parameters():
        if any(parameter is p for p in ([part] if isinstance(part, nn.Parameter) else part.parameters())):
            parameter.requires_grad = False
            names.append(name)
    if not names:
        raise ValueError(prefix)
    return names


# %% exercise="freeze" mistake="getattr-with-dots"
def freeze(model, prefix):
    names = []
    for name, parameter in getattr(model, prefix).named_parameters():
        parameter.requires_grad = False
        names.append(prefix + "." + name)
    if not names:
        raise ValueError(prefix)
    return names


# %% exercise="freeze" mistake="frozen-not-listed"
"""Parameters that were frozen before are missing from your list. All matching names belong to it, whether there was
something left to do or not."""


def freeze(model, prefix):
    names = []
    for name, parameter in model.named_parameters():
        if (prefix == "" or name == prefix or name.startswith(prefix + ".")) and parameter.requires_grad:
            parameter.requires_grad = False
            names.append(name)
    if not names:
        raise ValueError(prefix)
    return names


# %% exercise="freeze" mistake="frozen-not-listed"
def freeze(model, prefix):
    found = {}
    for name, parameter in model.named_parameters():
        if prefix in ("", name) or name.startswith(prefix + "."):
            found[name] = parameter.requires_grad
            parameter.requires_grad = False
    if not found:
        raise ValueError(prefix)
    return [name for name, trainable in found.items() if trainable]


# %% exercise="freeze" mistake="all-frozen-listed"
"""Your list also holds frozen parameters that this call did not match. Only the names at the prefix and below it belong
in it."""


def freeze(model, prefix):
    matched = False
    for name, parameter in model.named_parameters():
        if prefix == "" or name == prefix or name.startswith(prefix + "."):
            parameter.requires_grad = False
            matched = True
    if not matched:
        raise ValueError(prefix)
    return [name for name, parameter in model.named_parameters() if not parameter.requires_grad]


# %% exercise="freeze" mistake="unfreezes-others"
"""You set `requires_grad` for the others too, and so thaw what somebody had frozen before. Touch only what matches."""


def freeze(model, prefix):
    names = []
    for name, parameter in model.named_parameters():
        match = prefix == "" or name == prefix or name.startswith(prefix + ".")
        parameter.requires_grad = not match
        if match:
            names.append(name)
    if not names:
        raise ValueError(prefix)
    return names


# %% exercise="freeze" mistake="unfreezes-others"
def freeze(model, prefix):
    chosen = [n for n, _ in model.named_parameters() if prefix == "" or n == prefix or n.startswith(prefix + ".")]
    if not chosen:
        raise ValueError(prefix)
    model.requires_grad_(True)
    for name in chosen:
        model.get_parameter(name).requires_grad_(False)
    return chosen


# %% exercise="freeze" mistake="freezes-the-others"
"""It is the wrong way round: you freeze what does not match the prefix, and leave what does."""


def freeze(model, prefix):
    names = []
    for name, parameter in model.named_parameters():
        if prefix == "" or name == prefix or name.startswith(prefix + "."):
            names.append(name)
        else:
            parameter.requires_grad = False
    if not names:
        raise ValueError(prefix)
    return names


# %% exercise="freeze" mistake="nothing-frozen"
"""No parameter is frozen. Set `requires_grad` to False on each Parameter itself: a module has no such switch, `==` only
compares, and Python lets you set a misspelt attribute without complaint."""


def freeze(model, prefix):
    names = []
    for name, parameter in model.named_parameters():
        if prefix == "" or name == prefix or name.startswith(prefix + "."):
            parameter.require_grad = False
            names.append(name)
    if not names:
        raise ValueError(prefix)
    return names


# %% exercise="freeze" mistake="nothing-frozen"
def freeze(model, prefix):
    def matches():
        for name, parameter in model.named_parameters():
            if prefix == "" or name == prefix or name.startswith(prefix + "."):
                parameter.requires_grad_
                yield name

    names = list(matches())
    if not names:
        raise ValueError(prefix)
    return names


# %% exercise="freeze" mistake="everything-frozen"
"""You freeze the whole model, whatever the prefix. Only what matches is to be frozen."""


def freeze(model, prefix):
    names = [n for n, _ in model.named_parameters() if prefix == "" or n == prefix or n.startswith(prefix + ".")]
    if not names:
        raise ValueError(prefix)
    for parameter in model.parameters():
        parameter.requires_grad = False
    return names


# %% exercise="freeze" mistake="no-return"
"""Your function returns None. It is to return a list of the names that matched, also of those that were frozen
already."""


def freeze(model, prefix):
    found = False
    for name, parameter in model.named_parameters():
        if prefix == "" or name == prefix or name.startswith(prefix + "."):
            parameter.requires_grad = False
            found = True
    if not found:
        raise ValueError(prefix)


# %% exercise="freeze" mistake="returns-parameters"
"""You return the parameters. Asked for are their names, as texts."""


def freeze(model, prefix):
    found = []
    for name, parameter in model.named_parameters():
        if prefix == "" or name == prefix or name.startswith(prefix + "."):
            parameter.requires_grad = False
            found.append(parameter)
    if not found:
        raise ValueError(prefix)
    return found


# %% exercise="freeze" mistake="returns-parameters"
def freeze(model, prefix):
    found = []
    for name, parameter in model.named_parameters():
        if prefix == "" or name == prefix or name.startswith(prefix + "."):
            parameter.requires_grad = False
            found.append((name, parameter))
    if not found:
        raise ValueError(prefix)
    return found


# %% exercise="freeze" mistake="returns-parameters"
def freeze(model, prefix):
    found = []
    for name, parameter in model.named_parameters():
        if prefix == "" or name == prefix or name.startswith(prefix + "."):
            parameter.requires_grad = False
            found.append(parameter)
    if not found:
        raise ValueError(prefix)
    return len(found)


# %% exercise="freeze" mistake="no-list"
"""What you return is no list. A set loses the order of the names, and a generator does nothing before somebody runs
it."""


def freeze(model, prefix):
    names = set()
    for name, parameter in model.named_parameters():
        if prefix == "" or name == prefix or name.startswith(prefix + "."):
            parameter.requires_grad = False
            names.add(name)
    if not names:
        raise ValueError(prefix)
    return names


# %% exercise="freeze" mistake="no-list"
def freeze(model, prefix):
    names = []
    for name, parameter in model.named_parameters():
        if prefix == "" or name == prefix or name.startswith(prefix + "."):
            parameter.requires_grad = False
            names.append(name)
    if not names:
        raise ValueError(prefix)
    return tuple(names)


# %% exercise="freeze" mistake="no-list"
def freeze(model, prefix):
    found = False
    for name, parameter in model.named_parameters():
        if prefix == "" or name == prefix or name.startswith(prefix + "."):
            parameter.requires_grad = False
            found = True
            yield name
    if not found:
        raise ValueError(prefix)


# %% exercise="freeze" mistake="sorted"
"""Your names are sorted. They are to come in the order of `named_parameters()`, which is the order of registration."""


def freeze(model, prefix):
    names = []
    for name, parameter in model.named_parameters():
        if prefix == "" or name == prefix or name.startswith(prefix + "."):
            parameter.requires_grad = False
            names.append(name)
    if not names:
        raise ValueError(prefix)
    return sorted(names)


# %% exercise="freeze" mistake="no-value-error"
"""Where nothing matches, your function raises nothing. A misspelt prefix then goes unnoticed: raise a `ValueError`. A
printed warning is none."""


def freeze(model, prefix):
    names = []
    for name, parameter in model.named_parameters():
        if prefix == "" or name == prefix or name.startswith(prefix + "."):
            parameter.requires_grad = False
            names.append(name)
    return names


# %% exercise="freeze" mistake="another-error"
"""Where nothing matches your function raises, but not a `ValueError`. The contract names the class, so that callers can
catch it."""


def freeze(model, prefix):
    names = []
    for name, parameter in model.named_parameters():
        if prefix == "" or name == prefix or name.startswith(prefix + "."):
            parameter.requires_grad = False
            names.append(name)
    if not names:
        raise KeyError(prefix)
    return names


# %% exercise="freeze" mistake="another-error"
def freeze(model, prefix):
    names = []
    for name, parameter in model.named_parameters():
        if prefix == "" or name == prefix or name.startswith(prefix + "."):
            parameter.requires_grad = False
            names.append(name)
    assert names, prefix
    return names


# %% exercise="freeze" mistake="raises-in-loop"
"""Your function gives up at the first parameter that does not match. Whether any matches is known only after the loop
has seen them all."""


def freeze(model, prefix):
    names = []
    for name, parameter in model.named_parameters():
        if prefix == "" or name == prefix or name.startswith(prefix + "."):
            parameter.requires_grad = False
            names.append(name)
        else:
            raise ValueError(prefix)
    return names


# %% exercise="freeze" mistake="raises-in-loop"
def freeze(model, prefix):
    names = []
    for name, parameter in model.named_parameters():
        if prefix == "" or name == prefix or name.startswith(prefix + "."):
            parameter.requires_grad = False
            names.append(name)
        elif not names:
            break
    if not names:
        raise ValueError(prefix)
    return names


# %% exercise="freeze" mistake="raises-in-loop"
def freeze(model, prefix):
    names = []
    for name, parameter in model.named_parameters():
        if not (prefix == "" or name == prefix or name.startswith(prefix + ".")):
            break
        parameter.requires_grad = False
        names.append(name)
    if not names:
        raise ValueError(prefix)
    return names


# %% exercise="freeze" mistake="returns-in-loop"
"""Only the first match is dealt with. Often the `return` stands inside the loop: move it out."""


def freeze(model, prefix):
    names = []
    for name, parameter in model.named_parameters():
        if prefix == "" or name == prefix or name.startswith(prefix + "."):
            parameter.requires_grad = False
            names.append(name)
            return names
    raise ValueError(prefix)


# %% exercise="freeze" mistake="dots-stripped"
"""`fc.`, with a dot at its end, is no name of anything, and yet your function freezes for it what `fc` covers. The prefix
is a name: take it as it is."""


def freeze(model, prefix):
    prefix = prefix.strip(".")
    names = []
    for name, parameter in model.named_parameters():
        if prefix in ("", name) or name.startswith(prefix + "."):
            parameter.requires_grad = False
            names.append(name)
    if not names:
        raise ValueError(prefix)
    return names


# %% exercise="freeze" mistake="dots-stripped"
def freeze(model, prefix):
    names = []
    for name, parameter in model.named_parameters():
        if prefix in ("", name) or name.startswith(prefix if prefix.endswith(".") else prefix + "."):
            parameter.requires_grad = False
            names.append(name)
    if not names:
        raise ValueError(prefix)
    return names


# %% exercise="freeze" mistake="gradient-decides"
"""Parameters that have a gradient stay trainable. What lies in `.grad` comes from an earlier backward and says nothing about
what is to be frozen: the switch is `requires_grad` alone."""


def freeze(model, prefix):
    names = []
    for name, parameter in model.named_parameters():
        if prefix in ("", name) or name.startswith(prefix + "."):
            parameter.requires_grad = parameter.grad is not None
            names.append(name)
    if not names:
        raise ValueError(prefix)
    return names


# %% exercise="freeze" right="parts-of-names"
def freeze(model, prefix):
    wanted = prefix.split(".") if prefix else []
    found = [(n, p) for n, p in model.named_parameters() if n.split(".")[: len(wanted)] == wanted]
    if found:
        for _, p in found:
            p.requires_grad_(False)
        return [n for n, _ in found]
    raise ValueError("No parameter has the prefix " + repr(prefix))


# %% exercise="freeze" right="escaped-pattern"
import re


def freeze(model, prefix):
    pattern = re.compile(rf"{re.escape(prefix)}(\..+)?" if prefix else ".*")
    names = [name for name, _ in model.named_parameters() if pattern.fullmatch(name)]
    if len(names) == 0:
        raise ValueError(f"{prefix=}")
    for name in names:
        owner, _, last = name.rpartition(".")
        setattr(getattr(model.get_submodule(owner), last), "requires_grad", False)
    return names


# %% exercise="freeze" right="modules-and-parameters"
def freeze(model, prefix):
    parameters = dict(model.named_parameters())
    modules = dict(model.named_modules())
    if prefix in parameters:
        parameters[prefix].requires_grad = False
        return [prefix]
    if prefix not in modules or next(modules[prefix].parameters(), None) is None:
        raise ValueError(prefix)
    modules[prefix].requires_grad_(False)
    return [name for name, _ in modules[prefix].named_parameters(prefix=prefix)]


# %% exercise="freeze" right="dots-on-both-sides"
def freeze(model, prefix):
    def below(name):
        return not prefix or f"{name}.".startswith(f"{prefix}.")

    names = list(filter(below, dict(model.named_parameters())))
    if not names:
        raise ValueError
    for name, parameter in model.named_parameters():
        parameter.requires_grad &= name not in names
    return names


# %% exercise="freeze" right="removeprefix-object"
class Freezer:
    class NothingMatches(ValueError):
        pass

    def __call__(self, model, prefix):
        matches = {}
        for name, parameter in model.named_parameters():
            rest = name.removeprefix(prefix)
            if not prefix or (name.startswith(prefix) and (rest == "" or rest[0] == ".")):
                matches[name] = parameter
        if not matches:
            raise self.NothingMatches(prefix)
        torch.nn.ParameterList(matches.values()).requires_grad_(False)
        return [*matches]


freeze = Freezer()


# %% exercise="freeze" right="recursion"
def _walk(module, path, prefix):
    for key, parameter in module._parameters.items():
        name = path + key
        if parameter is not None and (prefix in ("", name) or name.startswith(prefix + ".")):
            yield name, parameter
    for key, child in module._modules.items():
        if child is not None:
            yield from _walk(child, path + key + ".", prefix)


def freeze(model, prefix):
    names = []
    for name, parameter in _walk(model, "", prefix):
        parameter.requires_grad = False
        names += [name]
    if names:
        return names
    raise ValueError(f"nothing below {prefix!r}, " * 3)


# %% [markdown]
# # registration_quiz

# %% exercise="registration_quiz" mistake="parameter-missed"
"""`scale` is an `nn.Parameter`. Assigning one to an attribute of a module registers it: that is what Parameters are
for."""
registration_answers = {
    "scale": False,
    "offset": False,
    "head": True,
    "branches": False,
    "stages": True,
    "average": False,
    "shift": False,
    "gains": False,
}

# %% exercise="registration_quiz" mistake="plain-tensor-registers"
"""`offset` is a plain tensor. A module registers Parameters and modules when they are assigned, and a tensor is neither:
it stays an ordinary attribute."""
registration_answers = {
    "scale": True,
    "offset": True,
    "head": True,
    "branches": False,
    "stages": True,
    "average": False,
    "shift": False,
    "gains": False,
}

# %% exercise="registration_quiz" mistake="submodule-missed"
"""`head` is an `nn.Linear`. Its weight and bias belong to the model: `parameters()` goes down into every registered
submodule."""
registration_answers = {
    "scale": True,
    "offset": False,
    "head": False,
    "branches": False,
    "stages": True,
    "average": False,
    "shift": False,
    "gains": False,
}

# %% exercise="registration_quiz" mistake="list-registers"
"""`branches` is a Python list. The module looks at what is assigned, sees a list, and does not look into it: the layers
in it are found by nobody."""
registration_answers = {
    "scale": True,
    "offset": False,
    "head": True,
    "branches": True,
    "stages": True,
    "average": False,
    "shift": False,
    "gains": False,
}

# %% exercise="registration_quiz" mistake="module-list-missed"
"""`stages` is an `nn.ModuleList`. That is a module itself, so it is registered, and with it everything in it: this is
why it exists."""
registration_answers = {
    "scale": True,
    "offset": False,
    "head": True,
    "branches": False,
    "stages": False,
    "average": False,
    "shift": False,
    "gains": False,
}

# %% exercise="registration_quiz" mistake="buffer-is-parameter"
"""`average` is a buffer. Buffers are registered too, saved and moved with the model, but `parameters()` does not yield
them: nobody trains them."""
registration_answers = {
    "scale": True,
    "offset": False,
    "head": True,
    "branches": False,
    "stages": True,
    "average": True,
    "shift": False,
    "gains": False,
}

# %% exercise="registration_quiz" mistake="requires-grad-registers"
"""`shift` requires a gradient and would get one, but it is no `nn.Parameter`. The class decides what is registered, not
`requires_grad`."""
registration_answers = {
    "scale": True,
    "offset": False,
    "head": True,
    "branches": False,
    "stages": True,
    "average": False,
    "shift": True,
    "gains": False,
}

# %% exercise="registration_quiz" mistake="dict-registers"
"""`gains` is a dict. Its values are Parameters, but what is assigned is the dict, and the module does not look into it.
There is `nn.ParameterDict` for that."""
registration_answers = {
    "scale": True,
    "offset": False,
    "head": True,
    "branches": False,
    "stages": True,
    "average": False,
    "shift": False,
    "gains": True,
}

# %% exercise="registration_quiz" mistake="containers-register"
"""Python's own containers register nothing, neither the list nor the dict: a module looks at what is assigned, and not
into it. `nn.ModuleList` and `nn.ParameterDict` are modules, and so are seen."""
registration_answers = {
    "scale": True,
    "offset": False,
    "head": True,
    "branches": True,
    "stages": True,
    "average": False,
    "shift": False,
    "gains": True,
}

# %% exercise="registration_quiz" mistake="every-tensor-registers"
"""You expect every tensor on a module to be found. Only an `nn.Parameter` is: a plain tensor is not, whether it requires
a gradient or not, and a buffer is registered as something else."""
registration_answers = {
    "scale": True,
    "offset": True,
    "head": True,
    "branches": False,
    "stages": True,
    "average": True,
    "shift": True,
    "gains": False,
}

# %% exercise="registration_quiz" mistake="all-true"
"""You expect nearly everything to be found. But five of these eight never are: what is assigned must itself be an
`nn.Parameter` or a module."""
registration_answers = dict.fromkeys(
    ["scale", "offset", "head", "branches", "stages", "average", "shift", "gains"], True
)

# %% exercise="registration_quiz" mistake="all-false"
"""You expect nothing to be found where torch does find something: an `nn.Parameter` that is assigned, and what lies in a
registered submodule, an `nn.ModuleList` among them."""
registration_answers = dict.fromkeys(
    ["scale", "offset", "head", "branches", "stages", "average", "shift", "gains"], False
)

# %% exercise="registration_quiz" mistake="reversed"
"""Every answer is the opposite of what torch does. Did you mark what is *not* found? True stands for: `parameters()`
yields something for it."""
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

# %% exercise="registration_quiz" mistake="only-own-parameters"
"""You expect only the model's own Parameters. `parameters()` goes down into registered submodules, so the layers below
`head` and `stages` are found too."""
registration_answers = {
    "scale": True,
    "offset": False,
    "head": False,
    "branches": False,
    "stages": False,
    "average": False,
    "shift": False,
    "gains": False,
}

# %% exercise="registration_quiz" mistake="no-bools"
"""Your answers are texts or numbers. Write True and False, without quotes."""
registration_answers = {
    "scale": "True",
    "offset": "False",
    "head": "True",
    "branches": "False",
    "stages": "True",
    "average": "False",
    "shift": "False",
    "gains": "False",
}

# %% exercise="registration_quiz" mistake="no-bools"
registration_answers = {
    "scale": 1,
    "offset": 0,
    "head": 1,
    "branches": 0,
    "stages": 1,
    "average": 0,
    "shift": 0,
    "gains": 0,
}

# %% exercise="registration_quiz" mistake="no-bools"
registration_answers = {
    "scale": "yes",
    "offset": "no",
    "head": "yes",
    "branches": "no",
    "stages": "yes",
    "average": "no",
    "shift": "no",
    "gains": "no",
}

# %% exercise="registration_quiz" right="keyword-dict"
registration_answers = dict(
    gains=False, shift=False, average=False, stages=True, branches=False, head=True, offset=False, scale=True
)

# %% exercise="registration_quiz" right="asks-torch"
_found = {name.split(".")[0] for name, _ in Mystery().named_parameters()}
registration_answers = {
    name: name in _found for name in ("scale", "offset", "head", "branches", "stages", "average", "shift", "gains")
}

# %% exercise="registration_quiz" right="filled-in-later"
registration_answers = {
    "scale": None,
    "offset": None,
    "head": None,
    "branches": None,
    "stages": None,
    "average": None,
    "shift": None,
    "gains": None,
}
for _name in registration_answers:
    registration_answers[_name] = False
registration_answers.update(scale=True, head=True, stages=True)

# %% exercise="registration_quiz" right="ordered-dict"
from collections import OrderedDict

registration_answers = OrderedDict(
    zip(
        ["scale", "offset", "head", "branches", "stages", "average", "shift", "gains"],
        [True, False, True, False, True, False, False, False],
    )
)

# %% exercise="registration_quiz" right="by-type"
_mystery = Mystery()
registration_answers = {
    name: isinstance(getattr(_mystery, name), (nn.Parameter, nn.Module))
    for name in ["scale", "offset", "head", "branches", "stages", "average", "shift", "gains"]
}
registration_answers["note"] = "what is assigned decides"
