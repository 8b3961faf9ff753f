# %% [markdown]
# # Lesson 1: your own `nn.Module`
#
# Nearly every network that you will read in PyTorch is a class derived from `nn.Module`. In this lesson you write
# such classes yourself, and you find out what the base class does behind your back while you do.
#
# **After this lesson you can**
#
# - write a layer, a network and a block that wraps another block;
# - tell for every attribute whether torch will train it, save it and move it;
# - choose between a Python list, `nn.ModuleList` and `nn.Sequential`;
# - keep state that is not trained in a buffer, and behave differently in training and in evaluation;
# - look at somebody else's model: count its parameters, and freeze a part of it.
#
# **You need** Python classes, tensors, and an idea of what `loss.backward()` does.
#
# **Time and difficulty.** About two and a half hours, two thirds of it for the seven exercises. Difficulty ●●○○○, with
# one exercise that is harder, `running_center`. A good place for a break is just before it.
#
# **How this notebook works**
#
# 1. *Predict.* Some cells are announced by a question. Answer it before you run the cell, best in writing. A wrong
#    prediction is worth more than a right one: it shows you where your picture is off.
# 2. *Run.* Run the cells in order. The whole notebook takes less than a minute on a laptop. No GPU, no data.
# 3. *Write.* In an exercise cell, replace every line `raise NotImplementedError(...)` by your code.
# 4. *Check.* Run the cell below it, `check("affine")` for example. It tells you what was seen and what that means.
#    Check as often as you like.
#
# Stuck? Run `hint("affine")` in any cell, and again for the next hint. `progress()` shows how far you are. The
# exercises don't depend on each other: leave one out and go on.

# %% setup=true

# %% given=true
import torch
import torch.nn.functional as F
from torch import nn

# %%
import matplotlib.pyplot as plt

BLUE, ORANGE, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#6B6B6B"
plt.rcParams.update({
    "figure.facecolor": "white", "savefig.facecolor": "white", "figure.dpi": 100, "font.size": 11,
    "axes.spines.top": False, "axes.spines.right": False, "axes.titlesize": 12, "legend.frameon": False,
})  # fmt: skip

# %% [markdown]
# ## What does the base class buy you?
#
# Nothing forces you to use `nn.Module`. A model is a few numbers and a formula, and autograd finds the gradients of
# any formula. Here is a sine wave, fitted with bare tensors.

# %%
times = torch.linspace(-3, 3, 60)
heights = 1.5 * torch.sin(2.0 * times + 0.5)

amplitude = torch.tensor(1.0, requires_grad=True)
frequency = torch.tensor(1.8, requires_grad=True)
phase = torch.tensor(0.0, requires_grad=True)

for _ in range(300):
    loss = F.mse_loss(amplitude * torch.sin(frequency * times + phase), heights)
    loss.backward()
    with torch.no_grad():
        for number in (amplitude, frequency, phase):  # a list that you keep by hand
            number -= 0.05 * number.grad
            number.grad = None

print(f"amplitude {amplitude:.2f}, frequency {frequency:.2f}, phase {phase:.2f}")

# %% [markdown]
# It works. But look at the inner loop: you keep a list of everything that is to be trained, by hand. With three
# numbers that is fine. With three hundred tensors, you will forget one, and nothing will tell you.
#
# Here is the same model as a module.


# %%
class Wave(nn.Module):
    """amplitude * sin(frequency * t + phase)."""

    def __init__(self):
        super().__init__()
        self.amplitude = nn.Parameter(torch.tensor(1.0))
        self.frequency = nn.Parameter(torch.tensor(1.8))
        self.phase = nn.Parameter(torch.tensor(0.0))

    def forward(self, t):
        return self.amplitude * torch.sin(self.frequency * t + self.phase)


wave = Wave()
optimizer = torch.optim.SGD(wave.parameters(), lr=0.05)
for _ in range(300):
    loss = F.mse_loss(wave(times), heights)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

for name, value in wave.named_parameters():
    print(f"{name} {value.item():.2f}")

# %% [markdown]
# Same formula, same result, but nobody wrote a list. `wave.parameters()` knew what to hand to the optimizer.
#
# That is the trade. You promise two things: call `super().__init__()` first, and put the computation into `forward`.
# In return you get
#
# - `parameters()`: everything to train, however deeply it is nested;
# - `state_dict()`: everything to save, by name;
# - `.to(...)`: moves everything to another device or dtype;
# - `.train()` and `.eval()`: one switch for the whole model;
# - modules inside modules, and a readable `print(model)`;
# - hooks, which let you watch a model from outside. They get lesson 4.
#
# All of it rests on one thing: torch has to *notice* what you assign. So that is what we look at first.

# %% [markdown]
# ## Where does an assignment go?
#
# **Predict 1.** `HalfWave` is a wave with one difference: `phase` is a tensor, not an `nn.Parameter`. How many
# entries does `parameters()` have, and how far has `phase` moved after training?
#
# - A: 3 entries, and `phase` ends near 0.5.
# - B: 2 entries, and `phase` stays at 0.
# - C: an error, because `phase` has to be a parameter.


# %%
class HalfWave(Wave):
    def __init__(self):
        super().__init__()
        del self.phase  # take the parameter away ...
        self.phase = torch.tensor(0.0)  # ... and put a plain tensor in its place


half = HalfWave()
optimizer = torch.optim.SGD(half.parameters(), lr=0.05)
for _ in range(300):
    loss = F.mse_loss(half(times), heights)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

print(len(list(half.parameters())), "parameters:", [name for name, _ in half.named_parameters()])
print(f"phase {half.phase:.2f}, loss {loss:.3f} (the whole wave reaches 0.000)")

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# B. A plain tensor is no parameter, so the optimizer never hears of it. There is no error and no warning. The model
# runs, the loss even goes down a little, because the other two do what they can.
#
# That makes this fault so common: **it is silent**. `nn.Parameter(...)` around the tensor is the whole difference.
#
# </details>

# %% [markdown]
# **Predict 2.** Here are three claims that one often reads about how registration works. True or false, each?
#
# 1. When you assign a parameter, it is also stored as an ordinary instance attribute.
# 2. `_parameters`, the place where parameters are kept, is an `OrderedDict`.
# 3. Every layer with learnable weights, like `nn.Linear`, is a subclass of `nn.Parameter`.

# %%
wave = Wave()

print("1.", "amplitude" in vars(wave), "  in _parameters:", "amplitude" in wave._parameters)
print("2.", type(wave._parameters))
print("3.", issubclass(nn.Linear, nn.Parameter))
print()
print("What is Linear?   ", [base.__name__ for base in nn.Linear.__mro__])
print("What is Parameter?", [base.__name__ for base in nn.Parameter.__mro__])

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# With the torch of today all three are false. (Did yours print something else? Then believe the output, not the
# text. That is the habit that this course is about.)
#
# 1. `nn.Module` defines `__setattr__`, the method that Python runs for `self.name = value`. For a parameter it puts
#    the value into `_parameters`, and *only* there. How can `wave.amplitude` be read, then? Python first looks in the
#    instance and its class. Finding nothing, it calls `__getattr__`, and `nn.Module`'s looks into its own dicts.
# 2. It is a plain `dict`, which keeps its order as well. In older versions it was an `OrderedDict`.
# 3. `nn.Linear` is a subclass of `nn.Module`. It *has* two parameters. `nn.Parameter` is a subclass of `Tensor`, and
#    two names are all that you need to keep apart: **a Parameter is a tensor, a Module holds tensors.**
#
# </details>

# %% [markdown]
# So an assignment inside a module is sorted, by the type of the *value*, into one of four drawers.

# %% alt="A diagram with three columns. Left, four statements; middle, the place where torch stores each value; right, what finds it there. A Parameter goes to _parameters: found by parameters(), state_dict() and to(). A Module goes to _modules: found by children(), and everything in it is found as well. register_buffer goes to _buffers: found by buffers(), state_dict() and to(). Anything else goes to the instance's own __dict__: found by none of these."
drawers = [
    ("self.scale = nn.Parameter(…)", "_parameters", "parameters(), state_dict(), to()", BLUE, "-"),
    ("self.head = nn.Linear(3, 2)", "_modules", "children(), and all that is inside", GREEN, "-"),
    ('self.register_buffer("mean", …)', "_buffers", "buffers(), state_dict(), to()", ORANGE, "-"),
    ("self.anything_else = …", "__dict__", "nothing: an ordinary attribute", GREY, "--"),
]
fig, ax = plt.subplots(figsize=(10.5, 3.2))
for row, (statement, drawer, finder, colour, style) in enumerate(drawers):
    box = {"boxstyle": "round,pad=0.45", "facecolor": "white", "edgecolor": colour, "linestyle": style, "linewidth": 2}
    ax.text(0.0, -row, statement, family="monospace", va="center")
    ax.annotate("", (4.7, -row), (3.7, -row), arrowprops={"arrowstyle": "->", "color": colour, "linestyle": style})
    ax.text(5.6, -row, drawer, family="monospace", weight="bold", va="center", ha="center", bbox=box)
    ax.text(6.8, -row, finder, va="center")
for place, title in ((0.0, "you write"), (4.85, "torch stores it in"), (6.8, "found by")):
    ax.text(place, 0.75, title, color=GREY, style="italic")
ax.set(xlim=(-0.1, 10.2), ylim=(-3.5, 1.1))
ax.axis("off")
plt.show()

# %% [markdown]
# *Figure: four kinds of assignment and the drawer that each goes to. A Parameter goes to `_parameters`, a Module to
# `_modules`, a registered buffer to `_buffers`. Anything else becomes an ordinary attribute, in the instance's own
# `__dict__`, where `parameters()`, `state_dict()` and `to()` never look.*
#
# The fourth drawer is no mistake: a number like `self.momentum = 0.1` belongs there. It is a mistake only for a
# tensor that you wanted trained, saved or moved. Buffers come later in this lesson.

# %% [markdown]
# **Predict 3.** Somebody wants small starting weights, and writes the first line below instead of the second. What is
# registered in each case?

# %%
first, second = nn.Module(), nn.Module()
first.weight = nn.Parameter(torch.randn(3)) * 0.01
second.weight = nn.Parameter(torch.randn(3) * 0.01)

for label, module in (("first", first), ("second", second)):
    print(f"{label:7} {type(module.weight).__name__:10} registered: {list(module._parameters)}")

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# In the first line nothing. A Parameter times 0.01 is the *result of a computation*: an ordinary tensor, and it goes
# to the fourth drawer. The same with `nn.Parameter(t).to(device)`, when it has to copy. **Compute first, wrap last.**
#
# </details>

# %% [markdown]
# **Predict 4.** `wave.amplitude` is a registered parameter. What does `wave.amplitude = torch.tensor(2.0)` do?
#
# - A: it sets the parameter's value to 2.
# - B: the parameter is gone, `amplitude` is a plain tensor now.
# - C: an error.

# %%
wave = Wave()
try:
    wave.amplitude = torch.tensor(2.0)
except Exception as error:
    print(f"{type(error).__name__}: {error}")

with torch.no_grad():
    wave.amplitude.fill_(2.0)
print(wave.amplitude)

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# C. Once a name is registered, torch protects it: a silent change from parameter to plain tensor would be just the
# fault of Predict 1. To change the *value*, write into the parameter in place, under `torch.no_grad()`. To replace
# the parameter, assign a new `nn.Parameter`.
#
# </details>

# %% [markdown]
# ## A layer of your own
#
# The commonest layer is affine: multiply by a matrix, add a vector. In torch it is called `nn.Linear`. Before you
# write your own, look at its shapes.
#
# **Predict 5.** For `nn.Linear(3, 2)`, what are the shapes of `weight` and of `bias`? And which of the three inputs
# below are accepted, with what output shape?

# %%
layer = nn.Linear(3, 2)
print("weight", tuple(layer.weight.shape), "  bias", tuple(layer.bias.shape))
for shape in [(3,), (5, 3), (2, 4, 3)]:
    print(f"{str(shape):10} -> {tuple(layer(torch.zeros(shape)).shape)}")

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# The weight is stored as (out, in): one *row* for each output. The layer computes y = x·Wᵀ + b.
#
# It accepts all three. Only the last dimension counts, and all dimensions before it are passed through. One vector,
# a batch of vectors, a batch of sequences of vectors: the layer need not know.
#
# </details>

# %% [markdown]
# What should the weights be at first? You might try the simplest: all equal.
#
# **Predict 6.** A network with 8 hidden neurons, y = Σ vᵢ·tanh(wᵢ·x + bᵢ) + c, learns a sine. All its parameters
# start at 0.3. After 400 steps, how many *distinct* hidden neurons are there? 8, some number in between, or 1?


# %% alt="Two panels, the weights of eight hidden neurons over 400 training steps. Left, equal start: all eight curves lie on top of each other, and the final loss is high, about 0.43. Right, random start: eight different curves, which end spread out between about minus 2 and 2, and the final loss is low, about 0.02."
def train_from(equal_start):
    """Train a tiny network; return each hidden neuron's weight after each step, and the last loss."""
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(1, 8), nn.Tanh(), nn.Linear(8, 1))
    if equal_start:
        for parameter in net.parameters():
            nn.init.constant_(parameter, 0.3)
    optimizer = torch.optim.Adam(net.parameters(), lr=0.03)
    inputs, path = torch.linspace(-3, 3, 60).unsqueeze(1), []
    for _ in range(400):
        loss = F.mse_loss(net(inputs), torch.sin(2 * inputs))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        path.append(net[0].weight.detach().flatten().clone())
    return torch.stack(path), loss.item()


fig, axes = plt.subplots(1, 2, figsize=(10, 3.4), sharey=True)
for ax, equal_start in zip(axes, (True, False)):
    path, loss = train_from(equal_start)
    different = len(path[-1].mul(1000).round().unique())
    ax.plot(path, color=ORANGE if equal_start else BLUE, alpha=0.8)
    start = "equal" if equal_start else "random"
    ax.set(title=f"{start} start: distinct neurons {different}, loss {loss:.2f}", xlabel="training step")
axes[0].set_ylabel("weight of each hidden neuron")
plt.show()

# %% [markdown]
# *Figure: the weight of each of eight hidden neurons during training. Left, equal start: eight curves on top of each
# other, and a high loss. Right, random start: eight different curves, and a low loss.*
#
# <details><summary>What happened, and why</summary>
#
# One. Neurons that start equal, in a network that treats them alike, compute the same output, so they get the same
# gradient, so they stay equal, for ever. You pay for eight neurons and have one. With zeros it is worse: all weights
# zero means that no gradient passes at all, and only the last bias learns.
#
# So a layer's starting values have to **break the symmetry**: the rows of its weight must differ. Random numbers do.
# Scale them down for wide inputs, so that the sum over many inputs doesn't grow: `nn.Linear` draws its weights
# between −1/√in and 1/√in. The bias may start anywhere, zero included.
#
# </details>

# %% [markdown] exercise="affine"
# Write your own affine layer: the class `Affine(in_features, out_features)`, derived from `nn.Module`.
#
# - `weight` is an `nn.Parameter` of shape `(out_features, in_features)`, and `bias` one of shape `(out_features,)`.
#   Both are trainable. Nothing else is registered: no further parameter, no buffer, no submodule.
# - `forward(x)` takes an `x` of shape `(..., in_features)` and returns x·Wᵀ + b, of shape `(..., out_features)`.
#   There may be any number of leading dimensions, none included.
# - The starting values are up to you, but they break the symmetry: with two or more outputs, the rows of `weight`
#   are not all equal.
# - After `layer.to(torch.float64)` the layer works on `float64` inputs.
# - Don't derive from `nn.Linear` and don't use one inside. `F.linear` is fine.


# %% solution="affine"
class Affine(nn.Module):
    """x @ W.T + b, for x of shape (..., in_features)."""

    def __init__(self, in_features, out_features):
        ### BEGIN SOLUTION
        super().__init__()
        bound = in_features**-0.5
        self.weight = nn.Parameter(torch.empty(out_features, in_features).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.zeros(out_features))
        ### END SOLUTION

    def forward(self, x):
        ### BEGIN SOLUTION
        return x @ self.weight.T + self.bias
        ### END SOLUTION


# %% check="affine"

# %% [markdown]
# The errors in these boxes are quoted from torch 2.15. Other versions word some of them a little differently.
#
# <details><summary>Help: I get <code>NotImplementedError</code></summary>
#
# A part of the cell is still the stub. Replace each `raise NotImplementedError(...)` line: `Affine` has two, one in
# `__init__` and one in `forward`. Then run the cell again, and after it the check.
#
# </details>
#
# <details><summary>Help: I get <code>AttributeError: cannot assign parameters before Module.__init__() call</code></summary>
#
# The drawers don't exist yet. `super().__init__()` makes them, so it comes first in your `__init__`. Look at the
# parentheses, too: `super().__init__` without `()` does nothing at all, and says nothing.
#
# </details>
#
# <details><summary>Help: I get <code>RuntimeError: mm: mat1 and mat2 shapes cannot be multiplied (5x3 and 2x3)</code></summary>
#
# For `A @ B`, the columns of A must be the rows of B. Your weight is (out, in), here 2×3, and x has `in` columns. Which
# of the two has to be transposed? (`addmm:` instead of `mm:` means the same. A 1-D input shows up as a matrix with
# one row, and `(2, 4, 3)` as `8x3`: the leading dimensions are merged.)
#
# </details>
#
# <details><summary>Help: I get <code>TypeError: cannot assign 'torch.FloatTensor' as parameter 'weight' (torch.nn.Parameter or None expected)</code></summary>
#
# The name `weight` is a parameter already, and you assign a tensor to it, often in a second line that was to change
# its starting values. Make the values first, and wrap them last: see Predict 3 and Predict 4.
#
# </details>
#
# <details><summary>Help: I get <code>RuntimeError: expected m1 and m2 to have the same dtype, but got: double != float</code></summary>
#
# The input is `float64` and a weight is still `float32`. `.to(torch.float64)` converts what is registered, in place.
# Is the weight an `nn.Parameter`, assigned straight to `self`? Does `forward` make a new tensor somewhere? (From
# `F.linear` the message is: `mat1 and mat2 must have the same dtype, but got Double and Float`.)
#
# </details>
#
# <details><summary>Help: I get <code>UserWarning: The use of `x.T` on tensors of dimension other than 2 …</code></summary>
#
# `x.T` turns *all* dimensions around, which is not what you want for a 3-D input. Leave x as it is, and transpose the
# weight, which always has two dimensions.
#
# </details>

# %% [markdown]
# ## Many layers
#
# A network has several layers. Your first idea may be to keep them in a Python list. One often reads that torch finds
# them there, too.
#
# **Predict 7.** `Listed` holds two `nn.Linear` in a list, `Moduled` the same two in an `nn.ModuleList`. How many
# parameters does each have? And what happens to the layers on `.to(torch.float64)`?


# %%
class Listed(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = [nn.Linear(4, 8), nn.Linear(8, 2)]


class Moduled(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(4, 8), nn.Linear(8, 2)])


for model in (Listed(), Moduled()):
    model.to(torch.float64)
    count = len(list(model.parameters()))
    print(f"{type(model).__name__:8} {count} parameters; first weight now {model.layers[0].weight.dtype}")

try:
    torch.optim.SGD(Listed().parameters(), lr=0.1)
except Exception as error:
    print(f"\n{type(error).__name__}: {error}")

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# `__setattr__` looks at the type of the value that you assign, and a list is neither a Parameter nor a Module. It
# never looks *into* the list. So the list goes to the fourth drawer, with everything in it.
#
# You were lucky with the error: the optimizer complains when it gets nothing at all. Had the model one registered
# layer more, it would train that one, and leave the listed ones as they are, without a word.
#
# `nn.ModuleList` is a list that is a Module. So it goes to `_modules`. Its elements it keeps in a `_modules` of its own,
# under the names "0", "1", and so on.
#
# </details>


# %%
# Drawing code: nothing to learn here, just run it.
def attribute_rows(module, depth=0):
    """(depth, text, kind) of all that a module holds, read from where torch stores it."""
    for name, value in (*module._parameters.items(), *module._buffers.items()):
        if value is not None:
            yield depth, f"{name} {tuple(value.shape)}", "parameter" if name in module._parameters else "buffer"
    for name, child in module._modules.items():
        yield depth, f"{name}: {type(child).__name__}", "module"
        yield from attribute_rows(child, depth + 1)
    for name, value in vars(module).items():
        if isinstance(value, list):
            yield depth, f"{name}: list", "not registered"
            for index, child in enumerate(value):
                yield depth + 1, f"[{index}]: {type(child).__name__}", "not registered"
                yield from ((depth + 2, text, "not registered") for _, text, _ in attribute_rows(child))


STYLES = {"parameter": ("o", BLUE), "module": ("s", GREEN), "buffer": ("D", ORANGE), "not registered": ("x", GREY)}


def draw_tree(ax, module):
    """Draw what a module holds as a tree; what is not registered is grey, italic and marked by a cross."""
    ax.plot(0, 0, "s", color=GREEN, markersize=9)
    ax.text(0.25, 0, type(module).__name__, va="center", weight="bold")
    parents = {0: 0}  # depth -> the latest row there
    for row, (depth, text, kind) in enumerate(attribute_rows(module), start=1):
        marker, colour = STYLES[kind]
        parents[depth + 1] = row
        style = ":" if kind == "not registered" else "-"
        ax.plot([depth, depth, depth + 0.85], [-parents[depth] - 0.3, -row, -row], color=GREY, linestyle=style)
        ax.plot(depth + 1, -row, marker, color=colour, markersize=9, markeredgewidth=2)
        ax.text(depth + 1.25, -row, text, va="center", **({"color": GREY, "style": "italic"} if style == ":" else {}))
    ax.set(xlim=(-0.2, 7), ylim=(-row - 0.6, 0.6))
    ax.axis("off")


# %% alt="Two trees side by side. Left, Listed: its attribute layers is a list, and the two Linear layers with their weights and biases below it are all marked by grey crosses, not registered. Right, Moduled: layers is a ModuleList with the children 0 and 1, both Linear, each with a weight and a bias marked as parameters."
fig, axes = plt.subplots(1, 2, figsize=(10, 3.6))
for ax, model in zip(axes, (Listed(), Moduled())):
    draw_tree(ax, model)
marks = [plt.Line2D([], [], marker=STYLES[kind][0], color=STYLES[kind][1], linestyle="", markersize=9,
                    markeredgewidth=2, label=kind) for kind in ("module", "parameter", "not registered")]  # fmt: skip
fig.legend(handles=marks, ncols=3, loc="lower center", bbox_to_anchor=(0.5, -0.04))
plt.show()

# %% [markdown]
# *Figure: the same four tensors in a list and in a `ModuleList`. Below the list nothing is registered. Below the
# `ModuleList` every weight and bias is, under names like `layers.0.weight`.*
#
# The path from the root to a parameter is its **qualified name**: `layers.0.weight`. It is the parameter's key in the
# `state_dict`. So names matter: rename an attribute, and yesterday's saved weights no longer fit.
#
# There are three containers to choose from:
#
# | | holds modules as | has a `forward`? | use it when |
# |---|---|---|---|
# | `nn.Sequential` | a chain | yes: one after the other | the data goes straight through |
# | `nn.ModuleList` | a list | no | you loop yourself, with something in between |
# | `nn.ModuleDict` | a dict | no | you pick by name |
#
# **Predict 8.** What are the `state_dict` keys of `nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))`?

# %%
chain = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))
print(list(chain.state_dict()))

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# The keys are `0.weight`, `0.bias`, `2.weight`, `2.bias`. The ReLU has nothing to save, but it takes number 1. Put an
# activation into a container, and the numbers of the layers after it move on.
#
# </details>

# %% [markdown]
# One question is left: why something *between* the layers?
#
# **Predict 9.** The chain below has two linear layers and nothing in between. How many linear layers would do
# exactly the same?

# %%
torch.manual_seed(0)
one, two = nn.Linear(4, 50), nn.Linear(50, 3)
x = torch.randn(6, 4)

with torch.no_grad():
    weight = two.weight @ one.weight
    bias = two.weight @ one.bias + two.bias
    single = F.linear(x, weight, bias)
    print("largest difference to a single layer:", (two(one(x)) - single).abs().max().item())
    print("with a ReLU in between:              ", (two(F.relu(one(x))) - single).abs().max().item())

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# One. V(Wx + b) + c = (VW)x + (Vb + c), which is a linear layer again. The difference that you see is rounding.
# However many you stack, without a nonlinearity between them they collapse into one.
#
# After the *last* layer there is usually none: a ReLU there could never produce a negative number.
#
# </details>

# %% [markdown] exercise="mlp"
# Write a multi-layer perceptron of any depth: the class `MLP(sizes)`.
#
# - `sizes` is a sequence of at least two ints. `MLP([4, 8, 8, 2])` takes 4 features, has two hidden layers of width 8,
#   and gives 2 outputs.
# - `self.layers` holds the `nn.Linear` layers, registered. The `state_dict` keys are exactly `layers.0.weight`,
#   `layers.0.bias`, `layers.1.weight`, `layers.1.bias`, and so on, without gaps.
# - `forward(x)`: a ReLU between each two layers, none after the last. That holds as well where widths are equal, as in
#   `[4, 4, 4]`.
# - With fewer than two sizes, `MLP(sizes)` raises a `ValueError`.


# %% solution="mlp"
class MLP(nn.Module):
    """Linear layers of the given sizes, with a ReLU between each two."""

    def __init__(self, sizes):
        ### BEGIN SOLUTION
        super().__init__()
        if len(sizes) < 2:
            raise ValueError(f"an MLP needs at least two sizes, got {list(sizes)}")
        self.layers = nn.ModuleList(nn.Linear(i, o) for i, o in zip(sizes, sizes[1:]))
        ### END SOLUTION

    def forward(self, x):
        ### BEGIN SOLUTION
        *hidden, last = self.layers
        for layer in hidden:
            x = F.relu(layer(x))
        return last(x)
        ### END SOLUTION


# %% check="mlp"

# %% [markdown]
# <details><summary>Help: I get <code>ValueError: optimizer got an empty parameter list</code></summary>
#
# `model.parameters()` has nothing in it. Your layers are in a list, a tuple or a dict, see Predict 7. (It also happens
# with a spent generator: `p = model.parameters()` can be looped over only once.)
#
# </details>
#
# <details><summary>Help: I get <code>AttributeError: 'MLP' object has no attribute 'layers'</code></summary>
#
# `forward` reads `self.layers`, and `__init__` never set it. Is it a local variable there, `layers` without `self.`?
# Or is the name spelled differently?
#
# </details>
#
# <details><summary>Help: I get <code>NotImplementedError: Module [ModuleList] is missing the required "forward" function</code></summary>
#
# You called the container, `self.layers(x)`. A `ModuleList` only holds: loop over it, and call its elements. The same
# message with `[MLP]` means that torch doesn't find *your* `forward`. Look at its spelling and indentation.
#
# </details>
#
# <details><summary>Help: I get <code>TypeError: linear(): argument 'input' (position 1) must be Tensor, not ReLU</code></summary>
#
# `nn.ReLU(x)` *builds* a ReLU module, with x as its setting. `F.relu(x)` computes, and so does `nn.ReLU()(x)`. With
# `not NoneType` at the end: something before this layer returned nothing, often a `forward` without `return`.
#
# </details>
#
# <details><summary>Help: I get <code>RuntimeError: addmm: mat1 and mat2 shapes cannot be multiplied (5x8 and 4x2)</code></summary>
#
# Two neighbours don't fit: what one layer gives, the next must take. `(5x8 and 4x2)` says that 8 features arrived at a
# layer made for 4. Print your model, and read the sizes from top to bottom.
#
# </details>

# %% [markdown]
# ## Modules that hold modules
#
# A module may get another module as an argument, and keep it. That is how blocks are built that work around *any*
# layer. Three things can go wrong with it, so try them out first.
#
# **Predict 10.** A hook on a module is a function that torch runs after each call (more in lesson 4). Here it prints.
# Both `block(x)` and `block.forward(x)` compute the output. How often does the hook run?

# %%
torch.manual_seed(0)
block = nn.Linear(2, 2)
handle = block.register_forward_hook(lambda module, args, output: print("the hook ran"))
x = torch.randn(3, 2)

print("block(x):")
called = block(x)
print("block.forward(x):")
bypassed = block.forward(x)
handle.remove()
print("same result:", torch.equal(called, bypassed))

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# Once. `block(x)` runs `nn.Module.__call__`, which runs the hooks and, between them, `forward`. `block.forward(x)`
# goes straight to the computation. The numbers are the same, and yet everything that listens on hooks goes deaf.
# **You write `forward`; you call the module.**
#
# </details>

# %% [markdown]
# **Predict 11.** `forward` below adds to its input in place. Afterwards, what does the *caller's* `x` contain?


# %%
class InPlace(nn.Module):
    def forward(self, x):
        x += 10
        return x


x = torch.zeros(3)
y = InPlace()(x)
print("y =", y)
print("x =", x)

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# `x` is 10 everywhere. `x += 10` writes into the tensor that the caller handed over; there is only one tensor. Whoever
# needed the old `x` computes with wrong numbers from here on. `x = x + 10` makes a new tensor, and leaves theirs alone.
#
# </details>

# %% [markdown]
# **Predict 12.** `+` stretches dimensions of size 1. What shape has the sum of a `(4, 3)` and a `(4, 1)` tensor? And of
# a `(4,)` and a `(4, 1)` tensor?

# %%
print(tuple((torch.zeros(4, 3) + torch.zeros(4, 1)).shape))
print(tuple((torch.zeros(4) + torch.zeros(4, 1)).shape))

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# `(4, 3)`, as you would hope, and `(4, 4)`, which surprises most people. Shapes are lined up from the *right*: `(4,)`
# counts as `(1, 4)`, and then both are stretched. Broadcasting is a good servant, and it never asks whether you
# meant it.
#
# </details>

# %% [markdown]
# Now for the block: a **residual** block computes x + block(x). The block inside only has to learn what to *change*
# about x. What is that good for? Send a gradient through a deep network and see how much of it arrives.
#
# **Predict 13.** Thirty layers, with and without the skip. How large is the gradient in the first layer, compared with
# that in the last? As large, a tenth, a millionth?


# %% alt="Line plot with a logarithmic axis: gradient norm of each of 30 layers. With the skip, circles, the line is almost flat, between 5 and 10. Without it, crosses, the norm falls from about 0.05 in the last layer to about 0.00000001 in the first."
def gradient_norms(skip, depth=30, width=32):
    """The gradient norm of each layer's weight, from first to last, with torch's usual starting weights."""
    torch.manual_seed(0)
    layers = nn.ModuleList(nn.Linear(width, width) for _ in range(depth))
    h = torch.randn(64, width)
    for layer in layers:
        h = h + torch.tanh(layer(h)) if skip else torch.tanh(layer(h))
    F.mse_loss(h, torch.randn(64, width)).backward()
    return [layer.weight.grad.norm().item() for layer in layers]


fig, ax = plt.subplots(figsize=(8, 3.6))
ax.semilogy(range(1, 31), gradient_norms(skip=True), "o-", color=BLUE)
ax.semilogy(range(1, 31), gradient_norms(skip=False), "x--", color=ORANGE)
ax.text(15, 0.5, "with the skip: x + block(x)", color=BLUE, ha="center")
ax.text(16, 2e-7, "without: block(x)", color=ORANGE, ha="left")
ax.set(xlabel="layer (1 is next to the input)", ylabel="norm of the weight's gradient")
plt.show()

# %% [markdown]
# *Figure: the norm of each layer's gradient, on a logarithmic axis. With the skip it is about the same in all thirty
# layers. Without it, it falls by a factor of more than a million from the last layer to the first.*
#
# <details><summary>What happened, and why</summary>
#
# Without the skip the gradient passes through every layer's weights and every tanh, and each shrinks it a little:
# thirty times a little is a lot. With the skip there is a second way. The derivative of x + block(x) is 1 + something,
# and the 1 takes the gradient to the first layer undiminished.
#
# (Careful starting weights and normalisation help as well. Deep networks often have all three.)
#
# </details>

# %% [markdown] exercise="residual"
# Write a skip around any module: the class `Residual(block)`.
#
# - `block` is registered under the name `block`.
# - `forward(x)` returns x + block(x). Shapes broadcast as `+` does: add no rule of your own.
# - `block` is called exactly once in each `forward`, and in such a way that its own hooks run, whatever kind of
#   module it is.
# - `Residual` itself doesn't modify `x`. (You may assume that `block` doesn't modify its input either.)


# %% solution="residual"
class Residual(nn.Module):
    """x + block(x)."""

    def __init__(self, block):
        ### BEGIN SOLUTION
        super().__init__()
        self.block = block
        ### END SOLUTION

    def forward(self, x):
        ### BEGIN SOLUTION
        return x + self.block(x)
        ### END SOLUTION


# %% check="residual"

# %% [markdown]
# <details><summary>Help: I get <code>AttributeError: cannot assign module before Module.__init__() call</code></summary>
#
# `super().__init__()` is missing, or comes after `self.block = block`.
#
# </details>
#
# <details><summary>Help: I get <code>RuntimeError: a leaf Variable that requires grad is being used in an in-place operation.</code></summary>
#
# `x += ...`, where x is a tensor that somebody wants a gradient for. Write `x = x + ...`, or return the sum at once.
#
# </details>
#
# <details><summary>Help: I get <code>RuntimeError: one of the variables needed for gradient computation has been modified by an inplace operation</code></summary>
#
# The same cause, found later. The block kept x for its backward pass, and `+=` changed x after that.
#
# </details>
#
# <details><summary>Help: I get <code>RuntimeError: The size of tensor a (3) must match the size of tensor b (2) at non-singleton dimension 1</code></summary>
#
# The block's output has another width than its input, so they can't be added. The fault isn't in your `Residual`, but in
# the block that it was given: use one that keeps the width, for example `nn.Linear(3, 3)`.
#
# </details>

# %% [markdown]
# *This is a good place for a break.*
#
# ## State that is not trained
#
# Some modules have to remember something that no optimizer should touch: a running average, a table, a mask. The
# example for this section: **centering**, which is to subtract from each feature its mean over the batch. It is one
# half of what batch norm does.
#
# **Predict 14.** In training, the mean comes from the batch: `x - x.mean(dim=0)`. Later somebody uses the model on a
# single sample, a batch of one. What comes out?

# %%
torch.manual_seed(0)
batch = torch.randn(1, 4) + 5
print("in: ", batch)
print("out:", batch - batch.mean(dim=0))

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# Zeros, for every sample in the world: the mean of one sample is the sample itself. And with larger batches, your
# result would depend on who else happens to be in the batch.
#
# The way out is to remember. In training, subtract the batch's mean, and keep a **running mean** on the side. In
# evaluation, subtract the running mean.
#
# </details>
#
# A running mean moves a step towards each new batch mean: `mean = (1 − momentum)·mean + momentum·batch_mean`. Torch's
# own `nn.BatchNorm1d` keeps one in just this way, so you can watch it.

# %% alt="Line plot over 80 batches. Grey dots, the means of single batches, scatter around a horizontal dotted line at 3, the true mean. Three running means start at 0: with momentum 0.5 the line reaches 3 within a few batches but jumps about; with 0.1 it takes about 30 batches and wobbles a little; with 0.02 it is smooth and still below 3 after 80 batches."
torch.manual_seed(0)
batches = torch.randn(80, 8, 1) * 2 + 3  # 80 batches of 8 samples of one feature, whose true mean is 3

fig, ax = plt.subplots(figsize=(8, 3.6))
ax.plot(batches.mean(dim=(1, 2)), "o", color=GREY, alpha=0.4, markersize=4, label="mean of one batch")
ax.axhline(3, color="black", linestyle=":", linewidth=1)
for momentum, colour, style in ((0.5, ORANGE, "-."), (0.1, BLUE, "-"), (0.02, GREEN, "--")):
    norm = nn.BatchNorm1d(1, momentum=momentum)
    means = []
    for batch in batches:
        norm(batch)
        means.append(norm.running_mean.item())
    ax.plot(means, style, color=colour, linewidth=2, label=f"running mean, momentum {momentum}")
ax.set(xlabel="batch", ylabel="mean", ylim=(0, 5.2))
ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2)
plt.show()

# %% [markdown]
# *Figure: running means with three momenta, which start at 0 while the true mean (dotted) is 3. A large momentum gets
# there at once, and follows every batch's noise. A small one is smooth, and late.*
#
# Where do you keep the running mean? It must be saved and moved like a weight, but never trained.
#
# **Predict 15.** Three modules keep the same tensor in three ways. Which ones are in `state_dict()`, which are moved by
# `.to(torch.float64)`, and which does the optimizer get?

# %%
plain, buffer, parameter = nn.Module(), nn.Module(), nn.Module()
plain.mean = torch.zeros(3)
buffer.register_buffer("mean", torch.zeros(3))
parameter.mean = nn.Parameter(torch.zeros(3))

print("             saved  moved  trained")
for label, module in (("plain tensor", plain), ("buffer", buffer), ("parameter", parameter)):
    saved = "mean" in module.state_dict()
    trained = len(list(module.parameters())) > 0
    moved = module.to(torch.float64).mean.dtype == torch.float64
    print(f"{label:12} {saved!s:6} {moved!s:6} {trained!s:6}")

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# A **buffer** is what you need: saved and moved, but not trained. You make one with `self.register_buffer(name,
# tensor)`, and then you read it as `self.name`. (Newer versions also have `nn.Buffer(tensor)`, to be assigned like a
# Parameter.)
#
# Assigning a tensor to the name of a buffer replaces the tensor, and it stays a buffer. Once a name is registered as a
# buffer, torch knows what you mean.
#
# </details>

# %% [markdown]
# The module also has to know whether it is training. Every module has the attribute `training`, which `.train()` and
# `.eval()` set.
#
# **Predict 16.** Somebody switches a model to evaluation by `model.training = False`. What does its dropout do?

# %%
torch.manual_seed(0)
model = nn.Sequential(nn.Dropout(0.5))
x = torch.ones(8)

model.training = False
print("training = False:", model(x).tolist())
model.eval()
print("eval():          ", model(x).tolist())

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# It still drops. `model.training = False` changes one attribute, of one module. The dropout is another module, with a
# `training` of its own. `eval()` is `train(False)`, and `train` walks through all descendants.
#
# In your own `forward` you only *read* `self.training`. Somebody else sets it.
#
# </details>

# %% [markdown]
# Now the gradient. If the mean is computed from x, it depends on x, and autograd knows that.
#
# **Predict 17.** y = x − mean of x over the batch. We sum up all of y, and ask for the gradient with respect to x. In
# the second line the mean is detached, that is, taken for a constant. What are the two gradients?

# %%
x = torch.tensor([[1.0], [2.0], [6.0]], requires_grad=True)

through = torch.autograd.grad((x - x.mean(dim=0)).sum(), x)[0]
around = torch.autograd.grad((x - x.mean(dim=0).detach()).sum(), x)[0]
print("through the mean:", through.flatten().tolist())
print("mean detached:   ", around.flatten().tolist())

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# Zeros and ones. Centred values always add up to 0, whatever x is, so their sum doesn't change when x does: the first
# gradient is right. The second one believes that the mean is fixed, and promises a change that never comes.
#
# Batch norm lets the gradient flow through the batch's statistics, and so will you. What must *not* carry a graph is
# the running mean. The next experiment shows why.
#
# </details>

# %% [markdown]
# **Predict 18.** `Leaky` updates its buffer by a plain formula. `x` comes from a layer that is trained. Three training
# steps: do they run?


# %%
class Leaky(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(2, 2)
        self.register_buffer("average", torch.zeros(2))

    def forward(self, x):
        x = self.layer(x)
        self.average = 0.9 * self.average + 0.1 * x.mean(dim=0)
        return x - self.average


torch.manual_seed(0)
leaky = Leaky()
for step in (1, 2, 3):
    try:
        leaky(torch.randn(8, 2)).square().sum().backward()
        print(f"step {step}: fine. The buffer carries a graph: {leaky.average.grad_fn is not None}")
    except RuntimeError as error:
        print(f"step {step}: RuntimeError: {error}")
        break

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# The first step runs, the second doesn't. After step 1 the buffer is not just two numbers. It remembers how it was
# computed, back to step 1's weights. Step 2 builds on it, so its backward pass runs into the graph of step 1, which
# has been freed. (And where torch doesn't stop you, every step's graph stays in memory.)
#
# A buffer should hold numbers, not history. Take the history off before the value reaches it: compute the new value
# under `torch.no_grad()`, or from `something.detach()`.
#
# </details>

# %% [markdown] exercise="running_center"
# Write the class `RunningCenter(num_features, momentum=0.1)`, which centers a batch and remembers the mean.
#
# - It has a buffer `mean` of shape `(num_features,)`, zeros at first. The buffer is in the `state_dict`, is not a
#   parameter, and is moved by `.to(...)`.
# - **Training mode**, input `(N, num_features)` with N ≥ 1. With μ the mean of the batch over its N samples: return
#   x − μ, and set `mean` to (1 − momentum)·mean + momentum·μ. Any momentum from 0 to 1 works, both ends included.
# - `mean` stays a buffer, and never carries a graph.
# - **Evaluation mode**: return x − `mean`, and change nothing.
# - Gradients flow to x in both modes, in training mode through μ as well.


# %% solution="running_center"
class RunningCenter(nn.Module):
    """Subtracts the batch's mean in training, the remembered mean in evaluation."""

    def __init__(self, num_features, momentum=0.1):
        ### BEGIN SOLUTION
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))
        ### END SOLUTION

    def forward(self, x):
        ### BEGIN SOLUTION
        if not self.training:
            return x - self.mean
        batch_mean = x.mean(dim=0)
        with torch.no_grad():
            self.mean.mul_(1 - self.momentum).add_(self.momentum * batch_mean)
        return x - batch_mean
        ### END SOLUTION


# %% check="running_center"

# %% [markdown]
# <details><summary>Help: I get <code>RuntimeError: Trying to backward through the graph a second time</code></summary>
#
# The buffer carries a graph from an earlier step, see Predict 18. The advice in the message, `retain_graph=True`,
# hides the fault and doesn't mend it: don't follow it here.
#
# </details>
#
# <details><summary>Help: I get <code>KeyError: "attribute 'mean' already exists"</code></summary>
#
# You assigned `self.mean = ...` and then called `register_buffer("mean", ...)`. Only the second is needed.
#
# </details>
#
# <details><summary>Help: I get <code>TypeError: cannot assign 'float' as buffer 'mean' (torch.nn.Buffer, torch.Tensor or None expected)</code></summary>
#
# A buffer takes tensors only. Somewhere a tensor has become a Python number: look for `.item()` or `float(...)`.
#
# </details>
#
# <details><summary>Help: my gradients are off, though the outputs are right</summary>
#
# There are two means in training mode. The one that you subtract belongs to the computation: leave it in the graph.
# The one that you remember must be free of it. A `torch.no_grad()` around both, or a `detach()` too early, cuts both.
#
# </details>

# %% [markdown]
# ## Look at a whole model
#
# From here on you write functions that take *any* model. All the pieces are there: every module knows its parameters,
# and `named_parameters()` walks the tree.
#
# **Predict 19.** This small network reads 28×28 images: two convolutions, then two linear layers. Where are most of its
# parameters? In the convolutions, the first linear layer or the last?

# %% alt="Horizontal bar chart of the number of parameters in each layer. conv1 has 320, conv2 has 18,496, fc1 has 1,606,144 and fc2 has 5,130. The bar of fc1 dwarfs all the others."
sizes = {  # weights + biases, counted by hand
    "conv1: Conv2d(1, 32, 3)": 1 * 32 * 3 * 3 + 32,
    "conv2: Conv2d(32, 64, 3)": 32 * 64 * 3 * 3 + 64,
    "fc1: Linear(3136, 512)": 3136 * 512 + 512,
    "fc2: Linear(512, 10)": 512 * 10 + 10,
}

fig, ax = plt.subplots(figsize=(8, 2.6))
bars = ax.barh(list(sizes), list(sizes.values()), color=BLUE)
ax.bar_label(bars, labels=[f"{size:,}" for size in sizes.values()], padding=4)
ax.invert_yaxis()
ax.set(xlabel="number of parameters", xlim=(0, 1.9e6), xticks=[0, 500_000, 1_000_000, 1_500_000])
ax.xaxis.set_major_formatter("{x:,.0f}")
plt.show()

# %% [markdown]
# *Figure: the number of parameters in each layer. The first linear layer, `fc1`, has 1.6 million, nearly all of them.
# The two convolutions together have under 19 thousand.*
#
# A convolution uses the same few weights at every place of the image. A linear layer has one weight for each pair of
# input and output: 3,136 × 512. Before you trim a network, count.
#
# **Predict 20.** Two questions on counting. In `tied`, both layers use *the same* Parameter object as their weight: how
# many parameters are there, and how many keys in the `state_dict`? And `huge` has ten thousand million weights, which
# would be 40 GB: does the cell run on your machine?

# %%
first, second = nn.Linear(4, 4), nn.Linear(4, 4)
second.weight = first.weight
tied = nn.Sequential(first, second)
print("parameters:", [name for name, _ in tied.named_parameters()])
print("state_dict:", list(tied.state_dict()))

with torch.device("meta"):
    huge = nn.Linear(100_000, 100_000)
print(f"\nhuge: {huge.weight.numel():,} weights, on the device '{huge.weight.device}'")

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# Three parameters, four keys. `parameters()` yields every Parameter *object* once, however many names it has: the
# optimizer must not take two steps with it. The `state_dict` lists names, and both names have to be there to load. So
# to count, use the parameters, not the state. (The state also holds buffers, which are no parameters.)
#
# And it runs. A tensor on the `meta` device has a shape and a dtype, but no data. You can ask how large it is, but
# not what is in it. That is how to look at a model that is too large for you.
#
# </details>

# %% [markdown] exercise="count_parameters"
# Write `count_parameters(model, trainable_only=False)`. It returns how many single numbers the parameters of `model`
# hold, all together.
#
# - `nn.Linear(3, 2)` has 8: six weights and two biases.
# - It works on any device, `meta` included.
# - A tied parameter (the same Parameter object in several places) counts once. Buffers never count.
# - With `trainable_only=True`, frozen parameters are left out: those whose `requires_grad` is `False`.
# - The result is a Python `int`, and 0 for a model without parameters.


# %% solution="count_parameters"
def count_parameters(model, trainable_only=False):
    """How many numbers the parameters of `model` hold."""
    ### BEGIN SOLUTION
    return sum(p.numel() for p in model.parameters() if p.requires_grad or not trainable_only)
    ### END SOLUTION


# %% check="count_parameters"

# %% [markdown]
# <details><summary>Help: I get <code>TypeError: object of type 'generator' has no len()</code></summary>
#
# `model.parameters()` yields the parameters one after the other, it is not a list. Loop over it. (And `len` would count
# tensors, not the numbers in them.)
#
# </details>
#
# <details><summary>Help: I get <code>RuntimeError: Tensor.item() cannot be called on meta tensors</code></summary>
#
# You computed with the contents of a tensor, to find its size. Ask for the size itself: a tensor knows it without
# looking at its data.
#
# </details>

# %% [markdown]
# ## Freeze a part
#
# You have a trained model and want to teach it something new, without changing its lower layers. So you **freeze**
# them: their parameters no longer ask for gradients, and the optimizer leaves them alone.
#
# **Predict 21.** Three lines that look as if they froze `body`. How many of its two parameters are frozen after each?


# %%
def make_model():
    return nn.ModuleDict({"body": nn.Linear(4, 4), "head": nn.Linear(4, 2)})


def frozen(model):
    return [name for name, p in model.named_parameters() if not p.requires_grad]


model = make_model()
model["body"].requires_grad = False
print("body.requires_grad = False        ->", frozen(model))

model = make_model()
model["body"].eval()
print("body.eval()                       ->", frozen(model))

model = make_model()
for parameter in model["body"].parameters():
    parameter.requires_grad = False
print("each parameter's requires_grad    ->", frozen(model))
print("still in named_parameters():        ", [name for name, _ in model.named_parameters()])

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# Only the third freezes. A module has no flag `requires_grad`: the first line just makes a new ordinary attribute, in
# the fourth drawer, and nobody reads it. (The *method* `requires_grad_(False)`, with an underscore, does what you
# want.) `eval()` changes how dropout and batch norm behave. It has nothing to do with training weights.
#
# And a frozen parameter is still a parameter: listed, saved, moved. Only its gradient is missing.
#
# </details>

# %% [markdown]
# To freeze a part by its name, you need the qualified names. Mind where one name ends.

# %%
model = nn.ModuleDict({"fc": nn.Linear(4, 4), "fc2": nn.Linear(4, 2)})
for name, _ in model.named_parameters():
    print(f"{name:11} starts with 'fc': {name.startswith('fc')}")

# %% [markdown] exercise="freeze"
# Write `freeze(model, prefix)`. It freezes a part of a model and returns the names of what it froze.
#
# - It sets `requires_grad` to `False` for every parameter whose qualified name is `prefix`, or lies below it: `fc`
#   covers `fc.weight` and `fc.bias`, but never `fc2.weight`. All other parameters stay as they are.
# - `prefix` is a name, not a pattern: a dot is a dot. It may go several levels deep, like `encoder.0`, or name a single
#   parameter, like `fc.bias`. The prefix `""` covers the whole model.
# - It returns a list of all names that match, also of those that were frozen before, in the order of
#   `named_parameters()`.
# - When no parameter matches, it raises a `ValueError` and changes nothing.
# - (You may assume that the model has no tied parameters.)


# %% solution="freeze"
def freeze(model, prefix):
    """Freeze the parameters at or below `prefix`; return their names."""
    ### BEGIN SOLUTION
    matching = {
        name: parameter
        for name, parameter in model.named_parameters()
        if prefix == "" or name == prefix or name.startswith(prefix + ".")
    }
    if not matching:
        raise ValueError(f"no parameter at or below {prefix!r}")
    for parameter in matching.values():
        parameter.requires_grad_(False)
    return list(matching)
    ### END SOLUTION


# %% check="freeze"

# %% [markdown]
# <details><summary>Help: I get <code>RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn</code></summary>
#
# Everything is frozen, so there is nothing left to compute a gradient for, and `backward()` refuses. Your prefix
# matched more than you meant.
#
# </details>
#
# <details><summary>Help: nothing is frozen, and there is no error</summary>
#
# Did you set `requires_grad` on a module? See Predict 21. Or did you write `p = False`, which only gives the loop
# variable another value?
#
# </details>

# %% [markdown]
# ## What is registered?
#
# One class, eight attributes, and everything of this lesson in it. Read it, and decide for each attribute into which of
# the four drawers it goes.


# %% given=true
class Mystery(nn.Module):
    """Eight attributes, assigned in eight ways. Which of them does parameters() find?"""

    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(3))
        self.offset = torch.zeros(3)
        self.head = nn.Linear(3, 2)
        self.branches = [nn.Linear(3, 3), nn.Linear(3, 3)]
        self.stages = nn.ModuleList([nn.Linear(3, 3), nn.Linear(3, 3)])
        self.register_buffer("average", torch.zeros(3))
        self.shift = torch.zeros(3, requires_grad=True)
        self.gains = {"low": nn.Parameter(torch.ones(3)), "high": nn.Parameter(torch.ones(3))}


# %% [markdown] exercise="registration_quiz"
# For each of the eight attributes: does `Mystery().parameters()` yield something for it, the attribute itself or a
# tensor inside it? Replace every `None` by `True` or `False`.
#
# Answer from your head first. The answers are checked against what torch does.

# %% solution="registration_quiz"
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
### BEGIN SOLUTION
registration_answers = {
    "scale": True,
    "offset": False,
    "head": True,
    "branches": False,
    "stages": True,
    "average": False,
    "shift": False,
    "gains": False,
}
### END SOLUTION

# %% check="registration_quiz"

# %% [markdown]
# What you got wrong, the check explains. To settle such a question for yourself, ask torch:
# `[name for name, _ in Mystery().named_parameters()]`.

# %% [markdown] edition="solutions"
# <details><summary>All eight, explained</summary>
#
# - `scale`: found. It is an `nn.Parameter`, assigned straight to the module.
# - `offset`: not found. A plain tensor is an ordinary attribute: not trained, not saved, not moved.
# - `head`: found. A module is registered, and its parameters are found below it, as `head.weight` and `head.bias`.
# - `branches`: not found. A Python list is an ordinary attribute, and nobody looks inside.
# - `stages`: found. A `ModuleList` is a module, and registers its elements.
# - `average`: not found. A buffer is saved and moved, but it is no parameter.
# - `shift`: not found. `requires_grad` tells *autograd* to compute a gradient. Registration asks for the *type*, and
#   this is a tensor, not a Parameter. So it would get gradients, and never be stepped.
# - `gains`: not found. Parameters, but in a dict: an ordinary attribute, as with the list. There is
#   `nn.ParameterDict` for that.
#
# </details>

# %% [markdown]
# ## Put it together
#
# No exercise, just a reward. The cell below builds a network from *your* parts, and teaches it to tell two spirals
# apart. If one part is not there yet, it says so. Come back when it is.

# %% alt="Two interleaved spirals of points, circles and triangles, on a plane coloured by the network's decision. The border between the two regions winds between the spirals, and nearly every point lies in its own region."
turns = torch.linspace(0.5, 3, 100) * torch.pi
arm = torch.stack([turns.cos(), turns.sin()], dim=1) * turns.unsqueeze(1) / 3
points = torch.cat([arm, -arm]) + 2  # off centre: RunningCenter has something to do
labels = torch.cat([torch.zeros(100), torch.ones(100)])

try:
    torch.manual_seed(0)
    block = Residual(MLP([32, 32, 32]))
    model = nn.Sequential(RunningCenter(2), MLP([2, 32, 32]), block, nn.ReLU(), Affine(32, 1))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(400):
        loss = F.binary_cross_entropy_with_logits(model(points).squeeze(1), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    model.eval()
    ticks = torch.linspace(-2, 6, 120)
    grid = torch.cartesian_prod(ticks, ticks)
    with torch.no_grad():
        side = (model(grid) > 0).float().reshape(120, 120).T
        right = ((model(points).squeeze(1) > 0) == labels.bool()).float().mean()
    fig, ax = plt.subplots(figsize=(4.6, 4.6))
    ax.contourf(ticks, ticks, side, levels=1, colors=["#FBE3D0", "#D3E6F3"])
    for label, marker, colour in ((0, "o", ORANGE), (1, "^", BLUE)):
        ax.plot(*points[labels == label].T, marker, color=colour, markersize=4)
    ax.set(title=f"{right:.0%} right, with parts of your own", aspect="equal")
    plt.show()
except Exception as error:
    print(f"Not yet: {type(error).__name__}: {error}")
    print("This cell needs Affine, MLP, Residual and RunningCenter. Solve them, and run it again.")

# %% [markdown]
# *Figure: two spirals, circles and triangles, and the network's decision as the colour of the plane. The border winds
# between the two. (It appears when the four classes are written.)*

# %% [markdown]
# ## Summary
#
# - `self.name = value` is sorted by the type of `value`: **Parameter**, **Module**, a name that is a **buffer**, or
#   anything else. Only the first three are registered. Nobody looks into lists, tuples and dicts.
# - A **Parameter** is a tensor; a **Module** holds tensors. Compute first, wrap last.
# - Faults of registration are silent. When in doubt, print the names in `named_parameters()`.
# - Lists of layers belong in an `nn.ModuleList`, chains in an `nn.Sequential`. Names are keys: keep them stable.
# - You write `forward`; you call the module. Leave the caller's tensors alone.
# - A **buffer** is saved and moved, but not trained. It holds numbers, never a graph.
# - `train()` and `eval()` reach all descendants. `training = False` doesn't, and `requires_grad = False` on a module
#   does nothing at all.
#
# **What you can now do.** You can write a layer, a network and a block. You can give a module a memory. You can tell
# what torch will train, save and move, before you run it. And you can take stock of a model that somebody else wrote.
#
# Run `progress()` to see what is left. In lesson 2 you build a network that reads handwritten digits, and in lesson 3
# you rebuild the machinery that you saw at work here.
#
# ## Further reading
#
# - [Modules](https://docs.pytorch.org/docs/stable/notes/modules.html), in the notes of PyTorch's documentation: all of
#   this lesson in another order, and more.
# - [`torch.nn.Module`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html): every method of the base
#   class. Read `register_buffer` and `named_parameters` today.
# - [`Parameter`](https://docs.pytorch.org/docs/stable/generated/torch.nn.parameter.Parameter.html) and
#   [`Buffer`](https://docs.pytorch.org/docs/stable/generated/torch.nn.parameter.Buffer.html).
# - [`ModuleList`](https://docs.pytorch.org/docs/stable/generated/torch.nn.ModuleList.html),
#   [`ModuleDict`](https://docs.pytorch.org/docs/stable/generated/torch.nn.ModuleDict.html) and
#   [`Sequential`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Sequential.html).
# - [Autograd mechanics](https://docs.pytorch.org/docs/stable/notes/autograd.html): `requires_grad`, `no_grad`, and how
#   they differ from `eval()`.
# - K. He et al., [Deep residual learning](https://arxiv.org/abs/1512.03385), and S. Ioffe and C. Szegedy,
#   [Batch normalization](https://arxiv.org/abs/1502.03167): where the blocks of this lesson come from.
