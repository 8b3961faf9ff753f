# %% [markdown]
# # Lesson 5: hooks at work
#
# A network that learns badly doesn't say why. You see a loss that stands still, and a loss is one number. In lesson 4
# you wrote hooks. Now you build instruments from them: to measure what flows through a network, to find the parts of it
# that are dead, to hold its gradients in check. At the end you examine sick networks, and name what they suffer from.
#
# Instruments have to be right, or they mislead. Several of those in this lesson are widely copied in a version that is
# subtly wrong. You put those to the test, too.
#
# **After this lesson you can**
#
# - measure a network's activations exactly, over any number of batches, in constant memory;
# - tell a dead unit from a unit that is mostly silent, and watch a network die;
# - say for every way of clipping which gradients it changes, and choose the right one;
# - show by an experiment that a hook does nothing;
# - find the fault in a classifier by looking into it, without touching it.
#
# **You need** lesson 4: forward hooks, backward hooks, handles. Of the other lessons you need only the ideas.
#
# **Time and difficulty.** About five hours, two thirds of it for the seven exercises. Difficulty ●●●●○. Each exercise
# is short, and each has corners. The last one, `diagnose`, is a small project. Good places for a break are before "Why
# clip a gradient?" and before "The examination".
#
# **How this notebook works** is as before: *predict*, *run*, *write*, *check*. Answer each question before you run the
# cell below it. The whole notebook takes less than a minute, without a download and without a GPU. If you are stuck,
# run `hint("activation_stats")` in any cell; `progress()` shows how far you are. The exercises don't depend on each
# other.

# %% setup=true

# %% given=true
import math

import torch
import torch.nn.functional as F
from torch import nn

# %%
import copy
import warnings

import matplotlib.pyplot as plt

from autograder.digits import load_digits

BLUE, ORANGE, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#6B6B6B"
plt.rcParams.update({
    "figure.facecolor": "white", "savefig.facecolor": "white", "figure.dpi": 100, "font.size": 11,
    "axes.spines.top": False, "axes.spines.right": False, "axes.titlesize": 12, "legend.frameon": False,
})  # fmt: skip
torch.set_num_threads(1)  # the networks here are tiny: one thread is quicker than several

digits = load_digits(train=True, full_mnist=False, transform=None)
labels = digits.targets
bright = F.avg_pool2d(digits.data.unsqueeze(1) / 255, 2)  # (1497, 1, 14, 14), from 0 to 1
images = (bright - bright.mean(dim=0)) / bright.std()  # the same, around 0
loader = list(zip(images.split(100), labels.split(100)))  # 15 batches of (images, labels), the last one smaller
print(f"{len(images)} images in {len(loader)} batches, from {images.min():.1f} to {images.max():.1f}")

# %% [markdown]
# The data are the handwritten digits of lesson 2, made smaller, 14×14 pixels, so that everything here takes seconds.
# There are two versions of them: `bright`, from 0 to 1, and `images`, from which the mean image has been taken away.
# (They were scanned by [E. Alpaydin and C. Kaynak](https://doi.org/10.24432/C50P49), CC BY 4.0.)
#
# ## The waiting room
#
# Seven patients, A to G. All of them are small classifiers of the same size. They are trained on the same images, in
# the same order, with the same optimizer. One is healthy. Six are sick, each in its own way.
#
# Don't read the next cell. You will find out by yourself.


# %%
# The patients. Don't read on, just run it!
class Patient(nn.Module):
    """Reads images of 14×14 pixels, or tries to."""

    def __init__(self, between=None, after=None):
        super().__init__()
        self.flatten = nn.Flatten()
        self.first = nn.Linear(196, 32)
        self.between = between or nn.Identity()
        self.relu1 = nn.ReLU()
        self.second = nn.Linear(32, 32)
        self.relu2 = nn.ReLU()
        self.head = nn.Linear(32, 10)
        self.after = after or nn.Identity()

    def forward(self, x):
        x = self.relu1(self.between(self.first(self.flatten(x))))
        return self.after(self.head(self.relu2(self.second(x))))


class Listed(nn.Module):
    """Reads images of 14×14 pixels, or tries to."""

    def __init__(self):
        super().__init__()
        self.flatten = nn.Flatten()
        self.layers = [nn.Linear(196, 32), nn.Linear(32, 32)]
        self.relu1, self.relu2 = nn.ReLU(), nn.ReLU()
        self.head = nn.Linear(32, 10)

    def forward(self, x):
        x = self.relu1(self.layers[0](self.flatten(x)))
        return self.head(self.relu2(self.layers[1](x)))


def admit(letter):
    """Patient A, B, C, D, E, F or G, before training."""
    torch.manual_seed(0)
    patient = {
        "B": lambda: Patient(after=nn.Softmax(dim=1)),
        "C": lambda: Patient(between=nn.LayerNorm(32)),
        "F": Listed,
    }.get(letter, Patient)()
    with torch.no_grad():
        if letter == "A":
            patient.first.requires_grad_(False)
            patient.second.requires_grad_(False)
        if letter == "C":
            patient.first.weight *= 1e5
        if letter == "D":
            patient.second.bias -= 3
    if letter == "G":
        patient.relu2.register_forward_hook(lambda module, inputs, output: F.dropout(output, 0.8))
    return patient


def treat(patient, steps=150):
    """Train a patient; the losses of all steps."""
    optimizer = torch.optim.SGD(patient.parameters(), lr=0.05, momentum=0.9)
    torch.manual_seed(1)
    losses = []
    for chosen in torch.randint(len(images), (steps, 64)):
        loss = F.cross_entropy(patient(images[chosen]), labels[chosen])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


# %% alt="The losses of seven networks over 150 training steps, each curve with a letter at its end. C and E fall fast, to below 0.1. G falls more slowly and more unsteadily. B hangs above 1.6, A and F above 1.8. D stays at 2.3. The curves of A and F are one line."
patients = {letter: admit(letter) for letter in "ABCDEFG"}
curves = {letter: treat(patient) for letter, patient in patients.items()}

fig, ax = plt.subplots(figsize=(9, 4))
styles = {"A": "-", "B": "-.", "C": "-", "D": "-", "E": "--", "F": ":", "G": "-"}
colours = {"A": ORANGE, "B": GREEN, "C": BLUE, "D": GREY, "E": "black", "F": "black", "G": "#CC79A7"}
ends = {"A": "A, F", "B": "B", "C": "C", "D": "D", "E": "E", "F": "", "G": "G"}
for letter, losses in curves.items():
    ax.plot(losses, styles[letter], color=colours[letter], linewidth=3 if letter == "A" else 1.7)
    place = sum(losses[-10:]) / 10 + {"C": 0.1, "E": -0.08}.get(letter, 0)
    ax.text(151, place, ends[letter], va="center", weight="bold", color=colours[letter])
ax.set(xlabel="training step", ylabel="loss", xlim=(0, 158), ylim=(-0.1, 2.5))
plt.show()

# %% [markdown]
# *Figure: how the seven patients learn. C and E do well, G does so-so, B, A and F badly, and D not at all. A and F are
# one and the same line.*
#
# **Predict 1.** Which of the seven is the healthy one? And here are six illnesses: which of them can you tell by the
# curve? Dead units, frozen parameters, exploding activations, a layer that isn't registered, a softmax too many, a
# forgotten hook.
#
# <details><summary>What one can say, and what one can't</summary>
#
# Not much. D learns nothing, so it is probably dead. But a frozen network would look like that as well, and so would
# one with a bad learning rate.
#
# A and F behave alike, to the last digit. They have two different illnesses, and what cures the one is no use to the
# other. And of C and E, which both do well, one carries a fault that will break out another day. A loss is a symptom,
# and many faults share it. To tell them apart you have to look *inside*.
#
# Keep your guess. At the end you will know.
#
# </details>

# %% [markdown]
# ## Measuring what flows
#
# The first thing that one wants to know of a layer is what its outputs are like. Around zero? All alike? In the
# millions? Four numbers tell you: mean, standard deviation, smallest, largest.
#
# A forward hook gets each output. So in a first version, often copied, the hook computes the four numbers for each
# batch, and appends them to lists.
#
# **Predict 2.** A layer gives out 90 numbers around 5 in one batch, and 10 numbers around −5 in the next. Somebody
# averages what is in the lists. Will the mean come out right? The standard deviation? What if both batches were of the
# same size?

# %%
torch.manual_seed(0)
first_batch, second_batch = torch.randn(90) + 5, torch.randn(10) - 5

for label, batches in (
    ("90 and 10", [first_batch, second_batch]),
    ("50 and 50", [first_batch[:50], torch.randn(50) - 5]),
):
    everything = torch.cat(batches)
    means, stds = [batch.mean() for batch in batches], [batch.std(correction=0) for batch in batches]
    print(f"{label}   mean {everything.mean():5.2f}, averaged {sum(means) / 2:5.2f}", end="   ")
    print(f"std {everything.std(correction=0):5.2f}, averaged {sum(stds) / 2:5.2f}")

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# Averaged, the mean is near 0 instead of 4: the ten numbers count as much as the ninety. With batches of the same size
# the mean is right.
#
# The standard deviation is wrong in both cases, and by a lot. Each batch measures how far its numbers lie from *its
# own* mean. That the two means are ten apart, nobody notices. No weights mend that. A std can't be averaged.
#
# And the lists grow for ever. An instrument should need the same few numbers after a million batches as after one.
#
# </details>

# %% [markdown]
# **Predict 3.** What is the standard deviation of the two numbers 1 and 3? What does `std()` say?

# %%
pair = torch.tensor([1.0, 3.0])
print("pair.std():             ", pair.std().item())
print("pair.std(correction=0): ", pair.std(correction=0).item())

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# Both lie 1 away from their mean, 2. So the mean square of the distances is 1, and its root is 1. That is the
# **population's** standard deviation: divide by n.
#
# `std()` divides by n − 1. That *estimates* the spread of many numbers from which you have drawn a few, and for one
# number it is not defined. Here you describe all the numbers that there were. (In statistics of single batches the two
# are mixed up all the time; with thousands of numbers, nobody sees it.)
#
# </details>

# %% [markdown]
# Exact statistics in constant memory are possible. There is a well-known way: keep the count n, the sum Σx and the sum
# of the squares Σx². Then the mean is Σx / n, and the variance is Σx² / n minus the square of the mean.
#
# **Predict 4.** That is exact on paper. How well does it do on a computer, when the numbers lie far from zero? Their
# std is always 1. Their mean is 10, then 1,000, then 100,000. From where on is the result useless, with sums in
# float32, and in float64?

# %% alt="The relative error of a standard deviation against the mean of the numbers, both axes logarithmic, for two precisions of the sums. In float32 the error starts at about 1e-7 and goes up steeply; from a mean of a few thousand on it lies at or above 1, where a dotted line says: useless. In float64 it runs parallel to that, lower by eight orders of magnitude or more: at a mean of 1e5 it is about 1e-7."
torch.manual_seed(0)
centres = torch.logspace(0, 7, 29)
ways = {
    "sums in float32": lambda x: (x.square().mean() - x.mean().square()).clamp(min=0).sqrt(),
    "sums in float64": lambda x: (x.double().square().mean() - x.double().mean().square()).clamp(min=0).sqrt(),
}
errors = {way: [] for way in ways}
for centre in centres:
    numbers = torch.randn(10_000) + centre
    exact = numbers.double().std(correction=0)
    for way, std in ways.items():
        errors[way].append(((std(numbers) - exact).abs() / exact).clamp(1e-16).item())

fig, ax = plt.subplots(figsize=(7.5, 3.8))
for (way, values), marker, colour in zip(errors.items(), "os", (ORANGE, BLUE)):
    ax.loglog(centres, values, marker + "-", color=colour, markersize=4, label=way)
ax.axhline(1, color=GREY, linestyle=":")
ax.text(1, 1.6, "from here on: useless", color=GREY, va="bottom")
ax.set(xlabel="mean of the numbers (their std is 1)", ylabel="relative error of the std", ylim=(1e-17, 1e3))
ax.legend(loc="lower right")
plt.show()

# %% [markdown]
# *Figure: how wrong the std is, computed from sums, the farther the numbers lie from zero. In float32 it is useless
# from a mean of a few thousand on. In float64 it is good for all that you will meet.*
#
# <details><summary>What happened, and why</summary>
#
# Two large numbers are subtracted that are nearly equal. At a mean of 10,000, both are about 100,000,000, and the
# difference should be 1. A float32 keeps seven digits: what you wanted to know lies in the ninth. Sometimes the
# difference even comes out *negative*, and its root is `nan`.
#
# A float64 keeps sixteen digits. The error still grows with the square of the mean, but it starts so much lower that
# there is room. So convert *before* you square and add up. (There are ways that never subtract large numbers: they
# carry along the mean, and the squared distances from it. Search for "Welford" or "parallel variance".)
#
# </details>

# %% [markdown]
# One more trap, which you know from lesson 4. What does a hook keep alive?
#
# **Predict 5.** One hook keeps the output, another keeps its mean as a tensor, the third its mean as a number. After
# the forward pass, `net` and its input are gone. How many steps of the graph does each of the three hold on to?


# %%
def graph_size(value):
    """How many operations autograd keeps, to be able to go back from `value`."""
    found, todo = set(), [getattr(value, "grad_fn", None)]
    while todo:
        node = todo.pop()
        if node is not None and node not in found:
            found.add(node)
            todo += [before for before, _ in node.next_functions]
    return len(found)


kept = {}
net = nn.Sequential(nn.Linear(196, 32), nn.ReLU(), nn.Linear(32, 10))
net[2].register_forward_hook(lambda module, inputs, output: kept.update(output=output))
net[2].register_forward_hook(lambda module, inputs, output: kept.update(mean_tensor=output.mean()))
net[2].register_forward_hook(lambda module, inputs, output: kept.update(mean_number=output.mean().item()))
net(images[:8].flatten(1))
del net
for name, value in kept.items():
    print(f"{name:12} {graph_size(value)} operations kept alive")

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# A tensor remembers how it was computed, even a tensor with one number in it. So the first two keep the whole graph,
# with all the activations that it needs for a backward pass. A running sum of such tensors grows by one graph a batch,
# and the memory fills up. `detach()` cuts a tensor off; `.item()` makes a number of it.
#
# </details>

# %% [markdown] exercise="activation_stats"
# Write the class `ActivationStats`. `ActivationStats(model, types=(nn.Conv2d,))` puts a hook on every submodule of
# `model` that is of one of these types, or of a class derived from one of them. From then on it measures their outputs.
#
# - `stats[name]`, with the names of `named_modules()`, is a dict with five entries, `"count"`, `"mean"`, `"std"`,
#   `"min"` and `"max"`: of all elements of all outputs of this module so far, as if they had been collected into one
#   long list. `std` is the population's.
# - That is exact for batches of unequal size, too, and it is accurate also where the mean is up to 100,000 times the
#   std. (Sums in float64 do.)
# - All five are Python numbers. A module that hasn't run yet is not in `stats`.
# - `stats` can be read at any time: between two batches, and after the hooks are gone.
# - It doesn't collect. What it keeps for each module is a few numbers, however many batches there are, and no graph.
# - `remove()` takes its own hooks away, and nobody else's.
# - It can be used in a `with`. `with ActivationStats(model) as watch:` gives the object itself, and at the end of the
#   block the hooks are removed.


# %% solution="activation_stats"
class ActivationStats:
    """Count, mean, std, min and max of all that the modules of some types give out, batch after batch."""

    def __init__(self, model, types=(nn.Conv2d,)):
        ### BEGIN SOLUTION
        self._seen = {}  # name: (count, mean, sum of squared distances from the mean, min, max)
        self._handles = [
            module.register_forward_hook(self._hook(name))
            for name, module in model.named_modules()
            if isinstance(module, types)
        ]

    def _hook(self, name):
        def hook(module, inputs, output):
            values = output.detach().double()
            mean = values.mean()
            squares = (values - mean).square().sum()
            new = (values.numel(), mean.item(), squares.item(), values.min().item(), values.max().item())
            self._seen[name] = self._merged(self._seen[name], new) if name in self._seen else new

        return hook

    @staticmethod
    def _merged(old, new):
        count, step = old[0] + new[0], new[1] - old[1]
        mean = old[1] + step * new[0] / count
        squares = old[2] + new[2] + step**2 * old[0] * new[0] / count
        return count, mean, squares, min(old[3], new[3]), max(old[4], new[4])

    @property
    def stats(self):
        """Name → the numbers so far."""
        return {
            name: {"count": count, "mean": mean, "std": math.sqrt(squares / count), "min": least, "max": largest}
            for name, (count, mean, squares, least, largest) in self._seen.items()
        }
        ### END SOLUTION

    def remove(self):
        """Take the hooks away. What was measured stays."""
        ### BEGIN SOLUTION
        for handle in self._handles:
            handle.remove()
        ### END SOLUTION

    def __enter__(self):
        ### BEGIN SOLUTION
        return self
        ### END SOLUTION

    def __exit__(self, kind, error, trace):
        ### BEGIN SOLUTION
        self.remove()
        ### END SOLUTION


# %% check="activation_stats"

# %% [markdown] edition="solutions"
# <details><summary>About this solution</summary>
#
# For each module five numbers are kept: count, mean, the sum of the squared distances from the mean, smallest, largest.
# `_merged` puts two such summaries together. The distances of both parts were measured from different means, and the
# last term makes up for that: it holds how far the two means are apart. Nothing large is ever subtracted from something
# large. Three running sums in float64, as in Predict 4, are as right.
#
# `stats` is a property, so it is computed when somebody reads it, and always up to date. `_hook(name)` is a method, and
# so each hook has a `name` of its own.
#
# </details>

# %% [markdown]
# The errors in these boxes are quoted from torch 2.15 and Python 3.11. Other versions word some of them differently.
#
# <details><summary>Help: I get <code>ValueError: math domain error</code>, or my std is <code>nan</code></summary>
#
# You take the root of a negative number. Look at Predict 4: where do you square, and in which precision? Converting the
# *result* to float64 is too late.
#
# </details>
#
# <details><summary>Help: I get <code>KeyError: '0'</code> in the hook</summary>
#
# There is nothing to add to yet: it is the module's first batch.
#
# </details>
#
# <details><summary>Help: I get <code>TypeError: 'ActivationStats' object does not support the context manager protocol</code></summary>
#
# For `with`, a class needs two methods, `__enter__` and `__exit__`. What `__enter__` returns is what stands behind
# `as`. `__exit__` gets three arguments beside `self`, which say what went wrong in the block, if anything did.
#
# </details>
#
# <details><summary>Help: I get <code>TypeError: isinstance() arg 2 must be a type, a tuple of types, or a union</code></summary>
#
# You made a list of the types. `isinstance` wants a tuple.
#
# </details>
#
# <details><summary>Help: all entries have the name of the last layer</summary>
#
# The closure in your loop looks the name up when the hook *fires*, and by then the loop is over. Lesson 4 showed two
# ways out.
#
# </details>
#
# <details><summary>Help: the mean is right, the std is not</summary>
#
# Is it too small, or too large by a hair? Too small: you may be averaging, see Predict 2. By a hair: you divide by n −
# 1, see Predict 3.
#
# </details>

# %% [markdown]
# ## A signal on its way through twenty layers
#
# Put the instrument to use. A deep network starts with random weights. Each layer multiplies the signal by a matrix,
# and cuts off what is negative. If each makes it a little smaller, little is left at the end.
#
# **Predict 6.** Twenty linear layers of 64 units, each followed by a ReLU. The weights are random with mean 0 and a std
# of s/√64. For which s does the signal keep its size: 0.7, 1, 1.4 or 2? And how large is it behind the twentieth layer
# for the others?

# %% alt="The standard deviation of the outputs of twenty linear layers, on a logarithmic axis, for four sizes of the starting weights. With s = 2 it rises by a factor of about 1.4 a layer, to several hundred. With s = 1.4 it stays level. With s = 1 it falls by 0.7 a layer, to about a thousandth, and with s = 0.7 by a half a layer, to about a millionth. (Shown when ActivationStats is written.)"
DEPTH = 20


def deep_network(size):
    """Twenty linear layers with ReLU between them, whose weights have the std `size`/√64."""
    torch.manual_seed(0)
    layers = [nn.Flatten(), nn.Linear(196, 64)]
    for _ in range(DEPTH):
        layers += [nn.ReLU(), nn.Linear(64, 64)]
        nn.init.normal_(layers[-1].weight, std=size / 8)
        nn.init.zeros_(layers[-1].bias)
    return nn.Sequential(*layers)


def waits_for(*names):
    """Those of your classes and functions that are not there yet, or still raise NotImplementedError."""
    tries = {
        "ActivationStats": lambda: ActivationStats(nn.Sequential(nn.Conv2d(1, 1, 1))).remove(),
        "dead_units": lambda: dead_units(nn.ReLU(), [(torch.ones(1, 1), None)]),
        "clip_grad_output": lambda: clip_grad_output(nn.Linear(1, 1), 1.0).remove(),
        "clip_each_parameter": lambda: clip_each_parameter(nn.Linear(1, 1), 1.0),
        "clip_global_norm": lambda: clip_global_norm(nn.Linear(1, 1).parameters(), 1.0),
        "diagnose": lambda: diagnose(nn.Linear(1, 1), []),
    }
    waiting = []
    for name in names:
        try:
            tries[name]()
        except (NameError, NotImplementedError):
            waiting.append(name)
        except Exception:
            pass  # there, but not right yet: it will say so itself
    return waiting


if waits_for("ActivationStats"):
    print("This picture appears when ActivationStats is written.")
else:
    try:
        fig, ax = plt.subplots(figsize=(7.5, 3.8))
        for size, marker, colour in ((2, "^", ORANGE), (2**0.5, "o", GREEN), (1, "s", BLUE), (0.7, "v", GREY)):
            net = deep_network(size)
            with ActivationStats(net, types=(nn.Linear,)) as watch, torch.no_grad():
                for batch, _ in loader[:5]:
                    net(batch)
            stds = [watch.stats[str(3 + 2 * layer)]["std"] for layer in range(DEPTH)]
            ax.semilogy(range(1, DEPTH + 1), stds, marker + "-", color=colour, markersize=4)
            ax.text(DEPTH + 0.4, stds[-1], f"s = {size:.2g}", color=colour, va="center")
        ax.set(xlabel="layer", ylabel="std of its outputs", xlim=(0.5, DEPTH + 3), xticks=[1, 5, 10, 15, 20])
        plt.show()
    except Exception as error:
        plt.close("all")
        print(f"Not yet: {type(error).__name__}: {error}")

# %% [markdown]
# *Figure: the size of the signal behind each of twenty layers, as your instrument measures it, for four sizes of the
# starting weights. Only with s = 1.4 does it arrive as it set out. (It appears when `ActivationStats` is written.)*
#
# <details><summary>What happened, and why</summary>
#
# A unit adds up 64 products, whose variances add up. With weights of std 1/√64 that would keep the size, if nothing
# were cut off. But ReLU throws away half of the signal's energy. So each layer shrinks it by √2, unless the weights are
# larger by √2 from the start. That is the rule of `nn.init.kaiming_normal_`, and s = 1.4 is √2.
#
# A factor of 0.7 a layer looks harmless. Twenty times, it is a thousandth. And on the way back, the gradients go
# through the same matrices, and shrink or grow in the same way.
#
# </details>

# %% [markdown]
# ## Silent or dead?
#
# ReLU makes a zero of everything negative. A unit that gives zero for *every* input is **dead**: it tells the next
# layer nothing, and no gradient comes back through it, so it can't learn its way out. A common instrument counts the
# zeros in the output of a ReLU, and calls their share the share of dead units.
#
# **Predict 7.** This ReLU has ten units. Of all the numbers that it gives out, 60 % are zeros. How many of the ten
# units are dead?

# %% alt="A table of 60 rows, the images, and ten columns, the units. A cell is blue where the unit is positive and white where it gives zero. Two columns are white from top to bottom; they are framed and marked as dead. The other eight are speckled: each is blue for some images and white for others. Above each column stands its share of zeros, from 46 to 53 percent, and 100 percent for the two."
torch.manual_seed(0)
layer = nn.Linear(196, 10)
with torch.no_grad():
    layer.bias.zero_()
    layer.bias[[2, 7]] = -9.0
    outputs = F.relu(layer(images.flatten(1)))  # (1497, 10)

print(f"share of zeros: {(outputs == 0).float().mean():.0%}")

fig, ax = plt.subplots(figsize=(6.5, 4.6))
ax.imshow(outputs[:60] > 0, cmap="Blues", vmin=0, vmax=1.3, aspect="auto", interpolation="nearest")
for unit, share in enumerate((outputs == 0).float().mean(dim=0)):
    ax.text(unit, -2, f"{share:.0%}", ha="center", fontsize=9, color=ORANGE if share == 1 else GREY)
    if share == 1:
        ax.add_patch(plt.Rectangle((unit - 0.5, -0.5), 1, 60, fill=False, edgecolor=ORANGE, linewidth=2))
        ax.text(unit, 30, "dead", ha="center", va="center", color=ORANGE, weight="bold", rotation=90)
ax.set(xlabel="unit", ylabel="image", xticks=range(10), ylim=(59.5, -0.5))
ax.set_title("share of zeros", fontsize=10, color=GREY, pad=18)
plt.show()

# %% [markdown]
# *Figure: sixty images, ten units. Blue is positive, white is zero. Two units are white for every image. The others are
# silent for about half of them, each for other ones.*
#
# <details><summary>What happened, and why</summary>
#
# Two. The other eight are silent half of the time, and that is what they are for: a unit that is positive for every
# image tells nothing apart. A share of zeros measures **sparsity**, which is healthy. Six dead units out of ten would
# give the same share as none that is dead and all that are silent for 60 % of the images.
#
# The question is asked of each unit, over *all* the data: was it ever positive? You need only one yes.
#
# </details>

# %% [markdown]
# How do units die? The commonest way is one step that was too large. It throws a unit's bias or weights so far down
# that no input gets it above zero again. The next picture shows a whole layer's life.
#
# **Predict 8.** A layer of 40 units is trained with a learning rate of 0.3, 1 and 3, on the `bright` images, which lie
# between 0 and 1. And once more with 1 on `images`, which lie around zero. In which of the four does the layer die? Do
# its units die one by one, or all at once?


# %% alt="Four panels in the upper row, each with 40 rows, the units, and 120 columns, the training steps. The lighter a cell, the more images the unit answers to; orange means that it answers to none. Learning rate 0.3: nearly all rows stay light, three are orange at the end. Learning rate 1: flickering at first, and one row after the other turns orange, at the end about fifteen. Learning rate 3: after a few steps nearly all is orange. Learning rate 1 on centred images: all rows are evenly light, none is orange. Below each, the loss: it falls quietly with 0.3, with spikes with 1, stays at 2.3 with 3, and falls fastest of all on centred images."
def life(inputs, learning_rate, steps=120):
    """For how many of the images each of 40 units is positive, after each step: (40, steps). And the losses."""
    torch.manual_seed(0)
    net = nn.Sequential(nn.Flatten(), nn.Linear(196, 40), nn.ReLU(), nn.Linear(40, 10))
    optimizer = torch.optim.SGD(net.parameters(), lr=learning_rate)
    shares, losses = [], []
    for chosen in torch.randint(len(inputs), (steps, 64)):
        loss = F.cross_entropy(net(inputs[chosen]), labels[chosen])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            shares.append((net[:3](inputs) > 0).float().mean(dim=0))
        losses.append(loss.item())
    return torch.stack(shares, dim=1), losses


lives = {
    "learning rate 0.3": life(bright, 0.3),
    "learning rate 1": life(bright, 1.0),
    "learning rate 3": life(bright, 3.0),
    "1, centred images": life(images, 1.0),
}
colours = plt.get_cmap("viridis").copy()
colours.set_under(ORANGE)
fig, axes = plt.subplots(2, 4, figsize=(12, 5.2), height_ratios=(2, 1), sharex=True, layout="constrained")
for (title, (shares, losses)), (upper, lower) in zip(lives.items(), axes.T):
    order = shares[:, -1].argsort(descending=True)
    picture = upper.imshow(shares[order], cmap=colours, vmin=1e-6, vmax=1, aspect="auto", interpolation="nearest")
    upper.set(title=f"{title}\n{(shares[:, -1] == 0).sum()} of 40 dead at the end", yticks=[])
    lower.plot(losses, color=BLUE)
    lower.set(ylim=(0, 4), xlabel="training step")
axes[0, 0].set_ylabel("units")
axes[1, 0].set_ylabel("loss")
bar = fig.colorbar(picture, ax=axes[0], extend="min", extendfrac=0.08, label="answers to this share\nof the images")
plt.show()

# %% [markdown]
# *Figure: the life of 40 units under three learning rates. Each row is a unit, each column a training step; orange
# means that it answers to no image at all. Below, the loss.*
#
# <details><summary>What happened, and why</summary>
#
# With 0.3, three of the 40 are dead at the end, and they were nearly so at the start. With 1 they die one by one, most
# of them where the loss has a spike, and the loss *still falls*: the rest do the work. You would never know. With 3
# nearly all of them are dead within some steps, and the loss stays at 2.3 for ever, which is log(10), the loss of
# somebody who knows nothing.
#
# On centred images nothing dies at the same learning rate of 1. Where all inputs are positive, a step that moves all
# weights of a unit down moves its output down for *every* image. Around zero, what goes down for some images goes up
# for others. That is one of the reasons why one centres the data.
#
# A row that is nearly dark and not orange is not dead. It answers to a few images, and may come back by those.
#
# </details>

# %% [markdown]
# **Predict 9.** What is the gradient of a dead unit's weights? Of a unit that is positive for one image only? And if
# you train with momentum, does a dead unit stand still?

# %%
torch.manual_seed(0)
net = nn.Sequential(nn.Flatten(), nn.Linear(196, 3), nn.ReLU(), nn.Linear(3, 10))
optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
F.cross_entropy(net(images), labels).backward()
optimizer.step()  # a first step, with everything alive
optimizer.zero_grad()

with torch.no_grad():
    before = net[:2](images)
    net[1].bias[1] -= before[:, 1].max() + 0.1  # unit 1: below zero for every image
    net[1].bias[2] -= before[:, 2].topk(2).values.mean()  # unit 2: above zero for a single one
    alive = (net[:3](images) > 0).sum(dim=0)
F.cross_entropy(net(images), labels).backward()

earlier = net[1].weight.detach().clone()
optimizer.step()
for unit in range(3):
    length, moved = net[1].weight.grad[unit].norm(), (net[1].weight[unit] - earlier[unit]).norm()
    print(f"unit {unit}: positive for {alive[unit]:4} images, gradient {length:.6f}, moved by {moved:.6f}")

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# Exactly zero, not just small: ReLU's derivative is 0 wherever its input is negative, and that is everywhere. With a
# single image left there is a gradient. It is small, but it can lead the way back.
#
# And yet unit 1 has moved. A dead unit goes on by what doesn't come from the gradient of this step: by the momentum
# that it had when it died, which may drive it deeper still, and by weight decay. In a later layer it may even come back
# to life, when the layers before it change what it gets. The first layer's inputs never change.
#
# </details>

# %% [markdown]
# What is a unit in a convolution? Each output channel has one kernel, and gives a whole map of numbers.
#
# **Predict 10.** A convolution gives four maps of 14×14 for each image. A ReLU follows. Of the 4 · 14 · 14 = 784
# numbers, many are never positive, over all images. How many? And how many of the four channels are dead?

# %%
torch.manual_seed(2)
conv = nn.Conv2d(1, 4, 3, padding=1)
with torch.no_grad():
    conv.bias[:] = torch.tensor([-0.8, 0.0, -4.0, -1.2])
    maps = F.relu(conv(images))  # (1497, 4, 14, 14)

ever = (maps > 0).any(dim=0)  # (4, 14, 14)
print("numbers that are never positive:", (~ever).sum().item(), "of", ever.numel())
for channel in range(4):
    print(f"channel {channel}: positive at {ever[channel].sum():3} of 196 places")

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# A channel is *one* unit: one kernel, one bias, used at every place. If it answers at a single place of a single image,
# its weights get a gradient there, and it lives. So of the numbers more than half are silent, and of the channels only
# one is dead, channel 2.
#
# For an output of shape (N, C, H, W), ask for each of the C, over N, H and W. For (N, C), over N.
#
# </details>

# %% [markdown]
# **Predict 11.** Here batch norm stands before the ReLU. Its running mean is stale: the data have changed since. How
# many of the eight units are dead in training mode, how many in evaluation mode?

# %%
torch.manual_seed(0)
net = nn.Sequential(nn.Linear(196, 8), nn.BatchNorm1d(8), nn.ReLU())
net[1].running_mean.fill_(20.0)

for training in (True, False):
    probe = copy.deepcopy(net).train(training)
    with torch.no_grad():
        ever = (probe(images.flatten(1)) > 0).any(dim=0)
    print(f"training={training!s:5}  dead: {(~ever).sum().item()} of 8")

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# In training mode none: batch norm brings each unit's mean to zero by *this* batch, so some of it is always positive.
# In evaluation mode, as the network will be used, all eight are dead. An examination has to be in evaluation mode. (And
# it must not change the running statistics. That, too, training mode would do.)
#
# </details>

# %% [markdown]
# **Predict 12.** One hook asks at once which units are positive. The other keeps the output, to ask later. The ReLU is
# followed by a layer that works in place. Which of the two is right?


# %%
class MinusTwo(nn.Module):
    """Subtracts 2, in place."""

    def forward(self, x):
        return x.sub_(2.0)


net = nn.Sequential(nn.ReLU(), MinusTwo())
seen = {}
net[0].register_forward_hook(lambda module, inputs, output: seen.update(at_once=(output > 0).any(dim=0)))
net[0].register_forward_hook(lambda module, inputs, output: seen.update(kept=output))
net(torch.tensor([[1.0, 3.0, -1.0], [0.5, 4.0, -2.0]]))

print("asked at once:", seen["at_once"].tolist())
print("asked later:  ", (seen["kept"] > 0).any(dim=0).tolist())

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# The first. The output that the second kept has been overwritten: what it looks at is the output of `MinusTwo`.
# `detach()` would not have helped, it shares the memory (lesson 4). Ask in the hook, and keep the answer.
#
# </details>

# %% [markdown]
# And don't forget what lesson 4 showed: an `nn.ReLU` that is used three times is *one* module with one name, and its
# hook fires three times in a forward pass. A ReLU that is written as `F.relu` is no module, and no hook will ever see
# it. `nn.ReLU6` is a class of its own, not derived from `nn.ReLU`.

# %% [markdown] exercise="dead_units"
# Write `dead_units(model, loader)`. `loader` is an iterable of (inputs, labels). The result is a dict: for every
# `nn.ReLU` of the model that runs, by its name in `named_modules()`, a tensor of dtype bool with one entry for each
# unit. It is `True` where the unit was never positive, over the whole loader.
#
# - A unit is a channel where the ReLU's output is (N, C, H, W), and a feature where it is (N, C).
# - What counts is what the ReLU itself gives out, whatever a later layer does to it in place.
# - A ReLU may be used several times in one forward pass. If its uses have the same number of units, a unit is dead only
#   if it was never positive in *any* of them. If they have different numbers of units, a `ValueError` that contains the
#   name of the ReLU. (1 and n are different numbers, too.)
# - The model runs in evaluation mode, without a graph.
# - Afterwards each module is in the mode that it was in, one by one, and all your hooks are gone. Also after an error
#   in the model or in the loader, which is passed on. Other people's hooks stay.
# - With an empty loader it raises a `ValueError`.


# %% solution="dead_units"
def dead_units(model, loader):
    """For every ReLU that runs, by name: which of its units are never positive."""
    ### BEGIN SOLUTION
    positive = {}

    def watch(name):
        def hook(module, inputs, output):
            now = (output > 0).transpose(0, 1).flatten(1).any(dim=1)  # one entry for each unit
            before = positive.get(name, now)
            if len(before) != len(now):
                raise ValueError(f"the ReLU {name!r} runs with {len(before)} units and with {len(now)}")
            positive[name] = before | now

        return hook

    relus = [(name, module) for name, module in model.named_modules() if isinstance(module, nn.ReLU)]
    modes = [(module, module.training) for module in model.modules()]
    handles = [module.register_forward_hook(watch(name)) for name, module in relus]
    batches = 0
    try:
        model.eval()
        with torch.no_grad():
            for inputs, _ in loader:
                model(inputs)
                batches += 1
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes:
            module.training = training
    if batches == 0:
        raise ValueError("the loader is empty")
    return {name: ~ever for name, ever in positive.items()}
    ### END SOLUTION


# %% check="dead_units"

# %% [markdown] edition="solutions"
# <details><summary>About this solution</summary>
#
# `transpose(0, 1).flatten(1)` brings both shapes into one form: a row for each unit, with all that it gave out. A ReLU
# is entered into `positive` when it first runs, so one that never runs is absent. The lengths are compared before `|`,
# which would broadcast 1 to n. The hooks are registered before `try`, because that can hardly fail; everything that
# can, stands inside.
#
# </details>

# %% [markdown]
# <details><summary>Help: I get <code>IndexError: Dimension out of range (expected to be in range of [-2, 1], but got 2)</code></summary>
#
# You ask over the dimensions (0, 2, 3), and the output has only two. Bring both shapes into one form first, or ask how
# many dimensions there are.
#
# </details>
#
# <details><summary>Help: I get <code>RuntimeError: The size of tensor a (5) must match the size of tensor b (4) at non-singleton dimension 0</code></summary>
#
# One ReLU, two numbers of units: what you have kept doesn't fit to what comes. Here that has to be a `ValueError` with
# the ReLU's name. And don't rely on this error to notice: for 1 and n there is none, torch broadcasts.
#
# </details>
#
# <details><summary>Help: I get <code>ValueError: not enough values to unpack (expected 2, got 1)</code>, or <code>conv2d() received an invalid combination of arguments</code></summary>
#
# A batch is a pair. Take it apart, `for inputs, _ in loader`, and give the model the inputs only.
#
# </details>
#
# <details><summary>Help: everything is right, except after an error</summary>
#
# What follows an error is not run. `finally` is. And start to protect before you change anything: the error may come
# with the first batch.
#
# </details>
#
# <details><summary>Help: a unit counts as dead, and lives</summary>
#
# Do later batches overwrite what earlier ones found? One yes, in any batch and any use, is enough.
#
# </details>

# %% [markdown]
# *This is a good place for a break.*
#
# ## Why clip a gradient?
#
# A step of plain gradient descent is as long as the gradient, times the learning rate. As long as gradients are of
# about the same size, that is fine. But one odd batch is enough.
#
# **Predict 13.** A batch of 64 images, and then the same 64 as raw bytes, from 0 to 255: somebody forgot to divide. How
# much longer is the gradient?


# %%
def total_norm(model):
    """The length of all gradients together, as one long vector."""
    return torch.stack([parameter.grad.norm() for parameter in model.parameters()]).norm().item()


for label, batch in (("as usual", images[:64]), ("raw bytes", 255 * bright[:64])):
    net = admit("E")
    F.cross_entropy(net(batch), labels[:64]).backward()
    print(f"{label:9}  length of the gradient: {total_norm(net):8.2f}")

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# Hundreds of times longer, and so is the step. It lands where the network has never been: everything is huge, or dead.
# One batch, a millisecond, and the training of a week is lost. You will see it happen at the end of this lesson.
#
# **Clipping** is a safety belt: a gradient that is longer than some `max_norm` is scaled down to that length. It keeps
# its direction. A gradient that is not too long is left alone. So the factor is always min(1, max_norm / norm).
#
# </details>
#
# The question is *which* gradient. There are several in a backward pass, and several ways to get at them.
#
# ## A hook put to the test
#
# Here is a way that one finds in courses and on many pages: a full backward hook on every layer, which scales
# `grad_output` down in place. The code runs, without an error. Does it clip?
#
# **Predict 14.** A chain of four linear layers, with such a hook on each of them. With `max_norm=0.001`, what is the
# length of each weight's gradient? What if the input requires a gradient as well?


# %%
def clip_in_place(module, grad_input, grad_output):
    for gradient in grad_output:
        gradient.mul_(min(1.0, 0.001 / gradient.norm().item()))


def chain():
    """Four linear layers with tanh between them."""
    torch.manual_seed(0)
    layers = [nn.Linear(4, 4), nn.Tanh(), nn.Linear(4, 4), nn.Tanh(), nn.Linear(4, 4), nn.Tanh(), nn.Linear(4, 4)]
    return nn.Sequential(*layers)


def weight_norms(net, x, loss_of=lambda y: y.square().sum()):
    """The length of each linear layer's weight gradient after one backward pass, and the warnings that came."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        loss_of(net(x)).backward()
    return [layer.weight.grad.norm().item() for layer in net.modules() if isinstance(layer, nn.Linear)], caught


def row(label, norms):
    print(f"{label:38}" + "".join(f"{norm:10.4f}" for norm in norms))


torch.manual_seed(1)
x = torch.randn(8, 4)
print(" " * 38 + "".join(f"{name:>10}" for name in ("first", "second", "third", "fourth")))
for label, hook, point in (
    ("no hook", None, x),
    ("the hook on all four", clip_in_place, x),
    ("the same, input requires a gradient", clip_in_place, x.clone().requires_grad_()),
):
    net = chain()
    for layer in net[::2]:
        if hook:
            layer.register_full_backward_hook(hook)
    norms, caught = weight_norms(net, point)
    row(label, norms)
    for warning in caught:
        print(f"    UserWarning: {str(warning.message).split('. ')[0]}.")

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# Four numbers, and three of them are what they were. Only the first layer's gradient is clipped, and as soon as the
# input requires a gradient, not even that one.
#
# The hook comes too late. In the backward pass, a linear layer gets `grad_output` and computes everything from it in
# one go: the gradients of its weight and of its bias, and `grad_input` for the layer before. A *full backward hook* is
# called when `grad_input` is ready. So when it writes into `grad_output`, everything has been computed from that.
#
# The first layer is different by accident. Its input needs no gradient, so there is no `grad_input` to wait for, and
# torch calls the hook early. That is what the warning says. Whoever tries the hook on a network of a single layer sees
# it work.
#
# To write into these tensors is forbidden by the documentation, and mostly torch doesn't notice. One reads the code,
# sees "clip", and believes. **Measure what a hook does.**
#
# </details>

# %% [markdown]
# It does nothing, so at least it does no harm? In a network with branches, two branches may get the *same* tensor as
# their gradient.
#
# **Predict 15.** A network with two branches, whose outputs are added. The hook is on `layer`, and there is none on
# `side`. Whose gradient changes? Does it matter which branch stands first in the sum? And what happens with the loss
# `y.sum()` instead of `y.square().sum()`?


# %%
class Branches(nn.Module):
    """Two linear layers side by side, added in one order or in the other."""

    def __init__(self, layer_last):
        super().__init__()
        self.layer, self.side, self.layer_last = nn.Linear(4, 4), nn.Linear(4, 4), layer_last

    def forward(self, x):
        return self.side(x) + self.layer(x) if self.layer_last else self.layer(x) + self.side(x)


print(" " * 38 + "     layer      side")
for label, layer_last, hooked, loss_of in (
    ("no hook", True, False, lambda y: y.square().sum()),
    ("layer(x) + side(x)", False, True, lambda y: y.square().sum()),
    ("side(x) + layer(x)", True, True, lambda y: y.square().sum()),
    ("side(x) + layer(x), y.sum()", True, True, lambda y: y.sum()),
):
    torch.manual_seed(0)
    net = Branches(layer_last)
    if hooked:
        net.layer.register_full_backward_hook(clip_in_place)
    try:
        row(label, weight_norms(net, x.clone().requires_grad_(), loss_of)[0])
    except RuntimeError as error:
        print(f"{label:38}  RuntimeError: {str(error).split('.')[0]}.")

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# In the second order, the hook on `layer` clips the gradient of `side`, and not that of `layer`. An addition hands the
# same tensor to both of its branches. The branch that was computed last goes back first. So `layer` reads its gradient,
# the hook overwrites it, and then `side` reads what the hook has left. A residual block is such a sum.
#
# With `y.sum()` the gradient is one single number, 1, that looks like a whole matrix. Writing into that is an error:
# the only one of the four cases in which you would hear of it.
#
# **In a backward hook, never change a tensor in place. Return a new one.** Then torch knows.
#
# </details>

# %% [markdown]
# ## Where one can get at a gradient
#
# Here is the backward pass through one layer of a chain. Read it from right to left. There are five places where you
# can interfere.


# %% alt="A diagram of a backward pass. Three boxes in a row, from left to right: earlier layers, this layer, later layers. An arrow leads from the later layers to this layer, labelled grad_output; on it is place 1, the full backward pre-hook. An arrow leads from this layer to the earlier layers, labelled grad_input; on it is place 2, the full backward hook. From this layer an arrow leads down to a box .grad; on it is place 3, a hook on the Parameter, which gets the new gradient before it is added. At the box .grad is place 4, the post-accumulate hook, which comes after it was added. Below is place 5: your own code between backward and step, which sees the .grad of all parameters."
def box(ax, x, y, text, width=2.3, height=1.0, colour=GREY):
    ax.add_patch(plt.Rectangle((x - width / 2, y - height / 2), width, height, facecolor="white", edgecolor=colour))
    ax.text(x, y, text, ha="center", va="center")


def place(ax, x, y, number):
    ax.text(x, y, number, color="white", weight="bold", ha="center", va="center",
            bbox={"boxstyle": "circle,pad=0.25", "facecolor": ORANGE, "edgecolor": "none"})  # fmt: skip


fig, ax = plt.subplots(figsize=(11.5, 4.6))
for x_box, text in ((1.2, "earlier\nlayers"), (6, "this layer"), (10.8, "later\nlayers")):
    box(ax, x_box, 3, text, colour=BLUE if text == "this layer" else GREY)
box(ax, 6, 0.55, ".grad", width=1.6, height=0.7, colour=BLUE)
arrow = {"arrowstyle": "-|>", "color": BLUE, "linewidth": 2}
for end, start in (((7.2, 3), (9.6, 3)), ((2.4, 3), (4.8, 3)), ((6, 0.95), (6, 2.45))):
    ax.annotate("", end, start, arrowprops=arrow)
for x_text, text in ((8.4, "grad_output"), (3.6, "grad_input")):
    ax.text(x_text, 3.55, text, family="monospace", ha="center")
ax.text(5.85, 2.15, "gradients of\nweight and bias", ha="right", va="center")
for x_place, y_place, number, text, x_text, y_text in (
    (8.4, 3, "1", "full backward\npre-hook", 8.4, 2.25),
    (3.6, 3, "2", "full backward\nhook", 3.6, 2.25),
    (6, 1.7, "3", "hook on the Parameter:\nbefore it is added", 6.4, 1.7),
    (6, 0.55, "4", "post-accumulate hook:\nafter it was added", 7.1, 0.55),
    (6, -0.45, "5", "your own code, between backward() and step()", 6.4, -0.45),
):
    place(ax, x_place + (0.62 if number == "4" else 0), y_place + (0.25 if number == "4" else 0), number)
    below = number in "12"
    ax.text(x_text, y_text, text, ha="center" if below else "left", va="center", color=ORANGE)
ax.set(xlim=(-0.1, 12.1), ylim=(-0.8, 4))
ax.axis("off")
plt.show()

# %% [markdown]
# *Figure: a backward pass, from right to left, and five places to get at a gradient. 1: the full backward pre-hook,
# before the layer has computed anything. 2: the full backward hook, when it has computed everything. 3: a hook on the
# Parameter, before the new gradient is added to `.grad`. 4: a post-accumulate hook, after that. 5: your own code, when
# the backward pass is over.*
#
# Follow the arrows, and you can tell for each place what it can still change: everything that lies *behind* it. What a
# hook in place 1 returns, the layer computes with. What a hook in place 2 returns, only the layers before get.
#
# **Predict 16.** `max_norm` for `grad_output` is not `max_norm` for a weight's gradient. The loss is the *mean* over
# the batch. With 4, 64 and 1024 images, how long is the gradient that enters the last layer, and how long is that of
# its weight?

# %%
for size in (4, 64, 1024):
    net, seen = admit("E"), []
    net.head.register_full_backward_pre_hook(lambda module, grad_output: seen.append(grad_output[0].norm().item()))
    F.cross_entropy(net(images[:size]), labels[:size]).backward()
    print(f"{size:4} images   entering: {seen[0]:.3f}   weight: {net.head.weight.grad.norm():.3f}")

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# The gradient that enters has one row for each image. In a mean over N, each row has the factor 1/N, and N such rows
# together are 1/√N as long. The weight's gradient *adds up* over the rows, so it is a mean over the images. It gets
# shorter only in so far as the images pull in different directions. With a sum for a loss, both grow with N. A
# `max_norm` fits to one place, one loss and one batch size.
#
# </details>

# %% [markdown] exercise="clip_grad_output"
# Write `clip_grad_output(module, max_norm)`. It puts a hook on `module`, and returns the handle. From the next forward
# pass on, the gradient that *enters* the module in the backward pass is clipped: multiplied by min(1, max_norm / norm),
# where norm is its 2-norm.
#
# - The module's own weights get their gradients from the clipped one, and so do all the layers before it.
# - If the module has several outputs, there are several gradients: norm is their joint one, as of one long vector, and
#   all of them get the same factor. Where there is none, `None`, it stays `None`.
# - A gradient of zeros stays one (and doesn't become `nan`).
# - Nothing is changed in place: no tensor that somebody else may have.
# - It works whether or not the module's input requires a gradient, and a forward pass under `torch.no_grad()` works too.
# - Hooks that others have on the module stay.
#
# (You may assume that no in-place module comes right after `module`.)


# %% solution="clip_grad_output"
def clip_grad_output(module, max_norm):
    """Clip the gradient that enters the module in every backward pass."""

    ### BEGIN SOLUTION
    def hook(module, grad_output):
        norms = [gradient.norm() for gradient in grad_output if gradient is not None]
        if not norms:
            return None
        norm = torch.stack(norms).norm()
        if norm <= max_norm:
            return None
        return tuple(None if gradient is None else gradient * (max_norm / norm) for gradient in grad_output)

    return module.register_full_backward_pre_hook(hook)
    ### END SOLUTION


# %% check="clip_grad_output"

# %% [markdown] edition="solutions"
# <details><summary>About this solution</summary>
#
# Place 1, and a new tuple. `torch.stack(norms).norm()` is the joint norm: the norm of the norms. Comparing first, and
# dividing only when the norm is above `max_norm`, settles zero as well. Returning `None` means: leave it as it is.
#
# </details>

# %% [markdown]
# <details><summary>Help: I get <code>RuntimeError: Backward pre hook returned an invalid number of grad_output, got 5, but expected 1</code></summary>
#
# You returned a tensor, and torch counted its rows: here, the batch has 5. What comes in is a tuple, also with a single
# gradient in it, and what goes out has to be one.
#
# </details>
#
# <details><summary>Help: I get <code>AttributeError: 'tuple' object has no attribute 'norm'</code></summary>
#
# `grad_output` is a tuple of gradients. Look at each of them.
#
# </details>
#
# <details><summary>Help: I get <code>AttributeError: 'NoneType' object has no attribute 'norm'</code></summary>
#
# An output that had no part in the loss has no gradient, `None`. Leave it out of the norm, and at its place.
#
# </details>
#
# <details><summary>Help: I get <code>TypeError: hook() missing 1 required positional argument: 'grad_output'</code></summary>
#
# A full backward *pre*-hook gets two arguments, the module and `grad_output`. There is no `grad_input` yet.
#
# </details>
#
# <details><summary>Help: I get <code>TypeError: object of type 'generator' has no len()</code></summary>
#
# You return a generator, `(… for …)`. `tuple(… for …)` makes a tuple of it.
#
# </details>
#
# <details><summary>Help: I get <code>RuntimeError: Output 0 of BackwardHookFunction is a view and is being modified inplace. …</code></summary>
#
# After a module with a backward hook comes one that works in place, `nn.ReLU(inplace=True)` for example. That doesn't
# go together, in no network. In your own experiment, take the other ReLU.
#
# </details>
#
# <details><summary>Help: I get <code>RuntimeError: unsupported operation: more than one element of the written-to tensor refers to a single memory location. …</code></summary>
#
# You write into the gradient in place. After `output.sum()` all of its entries are one and the same place in memory, a
# single 1. Here torch notices; elsewhere it would not, and somebody else's gradient would have changed. Calculate a new
# tensor, and return it.
#
# </details>

# %% [markdown]
# ## Each parameter by itself
#
# Now places 3 and 4, at the parameters. They differ in *when*.
#
# **Predict 17.** Large batches are often cut into parts, with one `backward()` for each, so that the gradients add up
# in `.grad`. Here three backward passes come, each with a gradient of length 5, always in the same direction. One
# parameter has a hook in place 3, the other one in place 4. Both clip to length 1. How long is `.grad` after the first,
# the second and the third pass?


# %%
def before_it_is_added(gradient):
    return gradient * min(1.0, 1.0 / gradient.norm().item())


def after_it_was_added(parameter):
    parameter.grad.mul_(min(1.0, 1.0 / parameter.grad.norm().item()))


early, late = nn.Parameter(torch.zeros(2)), nn.Parameter(torch.zeros(2))
early.register_hook(before_it_is_added)
late.register_post_accumulate_grad_hook(after_it_was_added)

for number in (1, 2, 3):
    for parameter in (early, late):
        (parameter * torch.tensor([3.0, 4.0])).sum().backward()
    print(f"after pass {number}: place 3 has {early.grad.norm():.1f}, place 4 has {late.grad.norm():.1f}")

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# 1, 2, 3 in place 3: each new gradient is clipped, and then they add up. 1, 1, 1 in place 4: what is clipped is the
# sum. It is `.grad` that the optimizer steps with, so place 4 keeps the promise, and place 3 doesn't.
#
# The two kinds of hook look alike and are not. The hook in place 3 gets the *gradient*, and may return a new one. The
# hook in place 4 gets the *Parameter*, has to return `None`, and changes `parameter.grad` in place. That is allowed
# there: `.grad` belongs to the parameter alone. (But it isn't quite the clipped sum of all three gradients: the second
# was added to the clipped first.)
#
# </details>

# %% [markdown] exercise="clip_each_parameter"
# Write `clip_each_parameter(model, max_norm)`. From then on, after every `backward()`, the accumulated `.grad` of each
# parameter has been multiplied by min(1, max_norm / its 2-norm). Nobody has to call anything.
#
# - Each parameter is measured and scaled by itself, its weight and its bias apart.
# - It holds after each of several backward passes whose gradients add up.
# - A gradient of zeros stays one.
# - Frozen parameters are left out. A parameter that occurs in two places of the model is clipped once.
# - Hooks that others have put on the parameters stay.
# - It returns a list of handles, *all* of them: when all are removed, nothing is clipped any more.


# %% solution="clip_each_parameter"
def clip_each_parameter(model, max_norm):
    """Clip each parameter's accumulated gradient by itself, after every backward pass."""

    ### BEGIN SOLUTION
    def hook(parameter):
        norm = parameter.grad.norm()
        if norm > max_norm:
            parameter.grad.mul_(max_norm / norm)

    return [
        parameter.register_post_accumulate_grad_hook(hook)
        for parameter in model.parameters()
        if parameter.requires_grad
    ]
    ### END SOLUTION


# %% check="clip_each_parameter"

# %% [markdown] edition="solutions"
# <details><summary>About this solution</summary>
#
# `model.parameters()` yields a shared parameter once, so it gets one hook. A single function will do for all: the hook
# is given its parameter each time, and needs no closure.
#
# </details>

# %% [markdown]
# <details><summary>Help: I get <code>RuntimeError: cannot register a hook on a tensor that doesn't require gradient</code></summary>
#
# One of the parameters is frozen.
#
# </details>
#
# <details><summary>Help: I get <code>RuntimeError: Tensor post accumulate grad hooks should return None.</code>, or <code>hook 'hook' has changed the size of value</code></summary>
#
# This kind of hook returns nothing. It changes `parameter.grad`. (A lambda always returns what it computes.)
#
# </details>
#
# <details><summary>Help: the norm that I measure is that of the weights</summary>
#
# The hook gets the Parameter. Its gradient is in `.grad`.
#
# </details>
#
# <details><summary>Help: after two backward passes the gradient is too long</summary>
#
# See Predict 17: you clip before it is added.
#
# </details>

# %% [markdown]
# ## All of them together
#
# A gradient has a direction: the one in which the loss falls fastest. What is left of that, if each parameter is
# clipped by itself?
#
# **Predict 18.** A loss with two parameters, a and b. At the start the gradient of a is 8, that of b is 1.5. Both are
# clipped: once each by itself to length 1, and once the two together to length 1. In which directions do the two steps
# go?

# %% alt="Contour lines of a bowl, and a starting point near its rim. The gradient step leads from there nearly straight to the middle of the bowl: a green arrow, clipped together, goes that way and ends close to the middle; a dashed grey line, not clipped, goes on in the same direction, right out of the picture. An orange arrow, clipped one by one, goes off at 45 degrees and misses the middle by far."
start = torch.tensor([1.0, 0.3])
gradient = torch.tensor([8.0, 1.5])  # of a and of b
together = gradient / gradient.norm()
one_by_one = gradient.clamp(-1, 1)  # each parameter is a single number, so its length is its size

fig, ax = plt.subplots(figsize=(6.5, 4.4))
b, a = torch.meshgrid(torch.linspace(-1.6, 1.6, 80), torch.linspace(-0.9, 1.2, 80), indexing="xy")
ax.contour(b, a, 4 * a**2 + 2.5 * b**2, levels=10, colors="#BBBBBB", linewidths=0.8)
beyond = start - 0.235 * gradient
ax.plot((start[1], beyond[1]), (start[0], beyond[0]), "--", color=GREY)
ax.text(0.02, -0.75, "not clipped: eight times as far", color=GREY)
for step, colour, text, (x_text, y_text) in (
    (together, GREEN, "together", (0.2, 0.05)),
    (one_by_one, ORANGE, "one by one", (-1.3, 0.1)),
):
    end = start - step
    ax.annotate("", end.flip(0).tolist(), start.flip(0).tolist(),
                arrowprops={"arrowstyle": "-|>", "color": colour, "linewidth": 2.5})  # fmt: skip
    ax.text(x_text, y_text, text, color=colour, weight="bold")
ax.plot(start[1], start[0], "o", color="black")
ax.set(xlabel="b", ylabel="a", aspect="equal", xlim=(-1.6, 1.6), ylim=(-0.9, 1.2))
plt.show()

# %% [markdown]
# *Figure: three steps from one point. Clipped together, the step goes the same way as the gradient, and is shorter.
# Clipped one by one, it goes another way.*
#
# <details><summary>What happened, and why</summary>
#
# Clipped together, both get the same factor, and the direction stays. Clipped one by one, the 8 becomes 1, and so does
# the 1.5: the step goes off at 45 degrees, as if the two were of the same importance. That can be what you want (Adam
# does something of the kind, for each single number). But it isn't the gradient any more.
#
# So the usual way is the **global norm**: all gradients of the model as one long vector, one length, one factor. It
# comes between `backward()` and `step()`, place 5 of the figure. Torch has it as `torch.nn.utils.clip_grad_norm_`.
#
# </details>

# %% [markdown]
# **Predict 19.** Here is a first version of it. A network whose gradient has the length 24.5 is clipped to 1, and then
# measured. What is its length after each of the two calls?


# %%
def first_version(parameters, max_norm):
    total = sum(parameter.grad.square().sum() for parameter in parameters) ** 0.5
    for parameter in parameters:
        parameter.grad.mul_(min(1.0, max_norm / total.item()))


for label, pass_on in (("net.parameters()", lambda net: net.parameters()), ("a list", lambda net: [*net.parameters()])):
    net = nn.Linear(2, 2)
    (10 * net(torch.ones(1, 2))).sum().backward()
    first_version(pass_on(net), 1.0)
    print(f"{label:17} length afterwards: {total_norm(net):.2f}")

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# Called with `net.parameters()`, it clips nothing. That is a generator: it can be read *once*. The sum used it up, and
# the second loop had nothing to do. No error, no clipping. A function that takes "any iterable" and needs it twice
# makes a list of it first.
#
# (The length of the whole is the root of the sum of the *squares*. Gradients of lengths 3 and 4 are together 5 long,
# not 7.)
#
# </details>

# %% [markdown]
# **Predict 20.** One number of all the gradients is infinite. What does torch's own `clip_grad_norm_` make of the
# others? And if that number is `nan`?

# %%
for bad in (float("inf"), float("nan")):
    good_one, bad_one = nn.Parameter(torch.zeros(2)), nn.Parameter(torch.zeros(2))
    good_one.grad, bad_one.grad = torch.tensor([1.0, 2.0]), torch.tensor([1.0, bad])
    total = nn.utils.clip_grad_norm_([good_one, bad_one], max_norm=1.0)
    print(f"with {bad}: total {total}, afterwards {good_one.grad.tolist()} and {bad_one.grad.tolist()}")

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# The norm is infinite, so the factor is 0: all good gradients become 0, and the bad one becomes 0 · ∞, which is `nan`.
# With `nan` the whole gradient is `nan`, and after the next step the whole network is. Without an error: unless one
# asks for it, `error_if_nonfinite=True`. Your version shall always ask, *before* it touches anything.
#
# </details>

# %% [markdown] exercise="clip_global_norm"
# Write `clip_global_norm(parameters, max_norm)`. It does what `torch.nn.utils.clip_grad_norm_` does, and you write it
# without the functions of that module.
#
# - All gradients together are one long vector. If its 2-norm is above `max_norm`, all of them are multiplied, in place,
#   by max_norm / norm. Otherwise nothing is changed. (A relative error of 0.001 is fine.)
# - It returns the norm from *before*, as a Python `float`.
# - `parameters` is any iterable of parameters, a generator for example. Those without a gradient are passed over. If
#   there is no gradient at all, the result is 0.0.
# - If a gradient has an entry that is not finite, it raises a `RuntimeError`, and *no* gradient has been changed.


# %% solution="clip_global_norm"
def clip_global_norm(parameters, max_norm):
    """Clip all gradients together, in place, and return the total norm from before."""
    ### BEGIN SOLUTION
    gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
    if not all(gradient.isfinite().all() for gradient in gradients):
        raise RuntimeError("a gradient has an entry that is not finite")
    total = math.sqrt(sum(gradient.double().square().sum().item() for gradient in gradients))
    if total > max_norm:
        for gradient in gradients:
            gradient.mul_(max_norm / total)
    return total
    ### END SOLUTION


# %% check="clip_global_norm"

# %% [markdown] edition="solutions"
# <details><summary>About this solution</summary>
#
# The list at the beginning is what makes a generator safe. All gradients are looked at before any is changed. The
# squares are added up in float64: in float32 the square of a large gradient, 1e20 say, is already infinite, though the
# gradient itself is not.
#
# </details>

# %% [markdown]
# <details><summary>Help: I get <code>RuntimeError: stack expects a non-empty TensorList</code>, or <code>AttributeError: 'int' object has no attribute 'sqrt'</code></summary>
#
# There was no gradient at all, and so nothing to stack or to add up: `sum([])` is the number 0.
#
# </details>
#
# <details><summary>Help: I get <code>AttributeError: 'NoneType' object has no attribute 'norm'</code></summary>
#
# A parameter without a gradient has `None` in `.grad`: it is frozen, or it had no part in the loss.
#
# </details>
#
# <details><summary>Help: I get <code>ZeroDivisionError: float division by zero</code></summary>
#
# All gradients are zero. Then they are not too long, and there is nothing to divide.
#
# </details>
#
# <details><summary>Help: I get <code>RuntimeError: Tensors must have same number of dimensions: got 2 and 1</code></summary>
#
# You put the gradients together before you flattened them. Or go without: each gradient has a norm, and the norms
# together have one, too.
#
# </details>

# %% [markdown]
# ## What changes which gradient?
#
# Four ways are on the table now. This is the experiment to compare them. A chain of three linear layers gets one
# backward pass. Then each weight's gradient is compared with the one that nobody clipped.
#
# **Predict 21.** Fill in the table before you run the next cell: put `"yes"` or `"no"` for each `"?"`. The first two
# ways are used on the *second* of the three layers. In each way `max_norm` is so small that there is something to clip.
# For `clip_each_parameter` it is 1, and the weights' gradients have the lengths 0.49, 1.32 and 1.30.

# %%
my_table = {
    # does the weight's gradient change in the      first  second  third   and is the direction of all kept?
    "in place, on the second (the copied hook)":   ["?",   "?",    "?",    "?"],
    "clip_grad_output on the second":              ["?",   "?",    "?",    "?"],
    "clip_each_parameter":                         ["?",   "?",    "?",    "?"],
    "clip_global_norm":                            ["?",   "?",    "?",    "?"],
}  # fmt: skip


# %% alt="A table with a row for each of four ways of clipping and four columns: the weights of the first, second and third layer, and whether the common direction is kept. Each cell has the factor by which the gradient has become shorter, on orange where it has changed and on white where it hasn't; and your own entry, with a tick or a cross. Rows whose function is not written yet are empty."
def three_layers():
    torch.manual_seed(4)
    return nn.Sequential(nn.Linear(4, 4), nn.Tanh(), nn.Linear(4, 4), nn.Tanh(), nn.Linear(4, 4))


def after_backward(prepare=None, afterwards=None):
    """The gradients of the three weights after one backward pass."""
    net = three_layers()
    if prepare:
        prepare(net)
    point = x.clone().requires_grad_()
    (4 * net(point).square().mean()).backward()
    if afterwards:
        afterwards(net)
    return [layer.weight.grad for layer in net[::2]]


def in_place(module, grad_input, grad_output):
    for gradient in grad_output:
        gradient.mul_(min(1.0, 0.1 / gradient.norm().item()))


WAYS = {
    "in place, on the second (the copied hook)": (
        None, {"prepare": lambda net: net[2].register_full_backward_hook(in_place)}),
    "clip_grad_output on the second": (
        "clip_grad_output", {"prepare": lambda net: clip_grad_output(net[2], 0.1)}),
    "clip_each_parameter": (
        "clip_each_parameter", {"prepare": lambda net: clip_each_parameter(net, 1.0)}),
    "clip_global_norm": (
        "clip_global_norm", {"afterwards": lambda net: clip_global_norm(net.parameters(), 1.0)}),
}  # fmt: skip
untouched = after_backward()
print("lengths without clipping:", ", ".join(f"{gradient.norm():.2f}" for gradient in untouched))


def measured(way):
    """What the four cells of a way's row say: a word for each, and whether it is a yes. None if it isn't there yet."""
    needs, how = WAYS[way]
    if needs and waits_for(needs):
        return None
    gradients = after_backward(**how)
    factors = [(after.norm() / before.norm()).item() for after, before in zip(gradients, untouched)]
    whole = [torch.cat([gradient.flatten() for gradient in every]) for every in (gradients, untouched)]
    kept = F.cosine_similarity(*whole, dim=0) > 0.9999
    changed = [(f"× {factor:.2f}", abs(factor - 1) > 1e-3) for factor in factors]
    return [*changed, ("kept" if kept else "turned", bool(kept))]


fig, ax = plt.subplots(figsize=(11, 3.6))
for column, title in enumerate(("first", "second", "third", "direction")):
    ax.text(column + 0.5, 0.25, title, ha="center", color=GREY)
for line, (way, guesses) in enumerate(my_table.items(), start=1):
    ax.text(-0.1, -line + 0.5, way, ha="right", va="center")
    try:
        cells, trouble = measured(way), ""
    except Exception as error:
        cells, trouble = None, f"not yet: {type(error).__name__}"
    if cells is None:
        ax.text(2, -line + 0.5, trouble or f"waits for {WAYS[way][0]}", ha="center", va="center", color=GREY)
        continue
    for column, ((text, yes), guess) in enumerate(zip(cells, guesses)):
        stands_out = yes if column < 3 else not yes
        ax.add_patch(plt.Rectangle((column + 0.02, -line + 0.04), 0.96, 0.92, edgecolor="#CCCCCC",
                                   facecolor="#FBE3D0" if stands_out else "white"))  # fmt: skip
        mark = "" if guess not in ("yes", "no") else "  ✓" if (guess == "yes") == yes else "  ✗"
        ax.text(column + 0.5, -line + 0.64, text, ha="center", va="center", weight="bold")
        ax.text(column + 0.5, -line + 0.25, f"you: {guess}{mark}", ha="center", va="center", color=GREY, fontsize=9)
ax.set(xlim=(-3.6, 4.05), ylim=(-4.1, 0.5))
ax.axis("off")
plt.show()

# %% [markdown]
# *Figure: what four ways of clipping do to the gradients of three layers. "× 0.20" means: five times shorter than
# without clipping. The last column says whether all gradients together still point into the old direction. (A row
# appears when its function is written.)*
#
# <details><summary>What happened, and why</summary>
#
# Read it line by line. The first way does nothing here: place 2, too late, and in place. `clip_grad_output` acts in
# place 1, so the second layer's weight and all before it get shorter by one factor; the third layer lies to the right
# of it, and was done before. By that the direction of the whole is bent: one part of it is shorter, another isn't.
#
# `clip_each_parameter` changes only what is too long, each by a factor of its own. Only `clip_global_norm` gives all of
# them the same factor.
#
# None of the others is wrong. To keep a recurrent network's gradients from growing on their way back, one does clip in
# the middle of the chain. But one should know what one does.
#
# </details>

# %% [markdown]
# ## Five snippets
#
# Now from the other side: you see code, and say what it does. Each of these five functions puts a hook on a network of
# two layers. All have to do with `second`, in the backward pass the first of the two. You needn't guess: each can be
# run.


# %% given=true
class TwoLayers(nn.Module):
    """A backward pass goes through `second` first, and then through `first`, the earlier layer."""

    def __init__(self):
        super().__init__()
        self.first = nn.Linear(3, 4)
        self.second = nn.Linear(4, 2)

    def forward(self, x):
        return self.second(torch.tanh(self.first(x)))


def shortened(gradient, max_norm=0.01):
    """A new tensor: the gradient in its direction, but no longer than `max_norm`."""
    return gradient * (max_norm / gradient.norm()).clamp(max=1)


def edit_in_place(layer):
    """A full backward hook that overwrites the numbers in grad_output."""

    def hook(module, grad_input, grad_output):
        for gradient in grad_output:
            gradient.data.copy_(shortened(gradient))
        return grad_input

    layer.register_full_backward_hook(hook)


def return_from_full_hook(layer):
    """A full backward hook that returns a new grad_input."""

    def hook(module, grad_input, grad_output):
        return tuple(shortened(gradient) for gradient in grad_input)

    layer.register_full_backward_hook(hook)


def return_from_pre_hook(layer):
    """A full backward pre-hook that returns a new grad_output."""

    def hook(module, grad_output):
        return tuple(shortened(gradient) for gradient in grad_output)

    layer.register_full_backward_pre_hook(hook)


def hook_the_parameters(layer):
    """A hook on each Parameter: it receives the Parameter's gradient, and returns a new one."""
    for parameter in layer.parameters():
        parameter.register_hook(shortened)


def hook_the_output(layer):
    """A forward hook, which puts a hook on the tensor that comes out."""

    def hook(module, inputs, output):
        output.register_hook(shortened)

    layer.register_forward_hook(hook)


SNIPPETS = {
    "edit_in_place": edit_in_place,
    "return_from_full_hook": return_from_full_hook,
    "return_from_pre_hook": return_from_pre_hook,
    "hook_the_parameters": hook_the_parameters,
    "hook_the_output": hook_the_output,
}


def gradients_with(snippet=None):
    """The gradients of a TwoLayers by name, after one backward pass; the snippet is applied to its `second`."""
    net, x, target = TwoLayers(), torch.linspace(-2, 2, 15).reshape(5, 3), torch.tensor([3.0, -3.0])
    with torch.no_grad():
        for parameter in net.parameters():  # the same numbers each time
            parameter.copy_(torch.linspace(-1, 1, parameter.numel()).cos().reshape(parameter.shape))
    if snippet is not None:
        snippet(net.second)
    F.mse_loss(net(x), target.expand(5, 2)).backward()
    return {name: parameter.grad for name, parameter in net.named_parameters()}


# %%
# Run a snippet, and compare. Then take the next one.
def show(snippet=None):
    gradients = gradients_with(snippet)
    print(f"{snippet.__name__ if snippet else 'without a hook':22}", end="")
    print("   ".join(f"{name} {gradient.norm():.4f}" for name, gradient in gradients.items()))


show()
show(edit_in_place)

# %% [markdown] exercise="clip_verdicts"
# For each of the five snippets: which gradients are other ones than without it? Think of the gradients of all
# parameters, weights and biases. Replace every `None` by one of these four strings:
#
# - `"none"`: all gradients are what they would be without it;
# - `"this layer"`: only those of `second`;
# - `"earlier layers"`: only those of `first`;
# - `"this and earlier layers"`: those of both.
#
# (Delete the line `raise NotImplementedError(...)`, if there is one.) The answers are compared with what happens when
# the snippets are run.

# %% solution="clip_verdicts"
clip_answers = {
    "edit_in_place": None,
    "return_from_full_hook": None,
    "return_from_pre_hook": None,
    "hook_the_parameters": None,
    "hook_the_output": None,
}
### BEGIN SOLUTION
clip_answers = {
    "edit_in_place": "none",
    "return_from_full_hook": "earlier layers",
    "return_from_pre_hook": "this and earlier layers",
    "hook_the_parameters": "this layer",
    "hook_the_output": "this and earlier layers",
}
### END SOLUTION


# %% check="clip_verdicts"

# %% [markdown] edition="solutions"
# <details><summary>All five, explained</summary>
#
# 1. `edit_in_place`: `"none"`. It is place 2. `second` has computed everything when the hook comes, and so the tensor
#    that it overwrites is no longer needed. What it returns is `grad_input` as it was.
# 2. `return_from_full_hook`: `"earlier layers"`. Place 2 as well, but it *returns* something. `second` has its
#    gradients; what is returned is what `first` gets.
# 3. `return_from_pre_hook`: `"this and earlier layers"`. Place 1: everything is computed from what it returns.
# 4. `hook_the_parameters`: `"this layer"`. Place 3. It stands beside the way to the earlier layers, and they don't
#    notice.
# 5. `hook_the_output`: `"this and earlier layers"`. A hook on the output *tensor* is called when the tensor's gradient
#    is known, before `second` computes with it. It is another way to place 1, and it also works where an in-place
#    module comes next.
#
# </details>

# %% [markdown]
# *This is a good place for a break.*
#
# ## The examination
#
# Now you have the instruments, and can go to the bedside. A doctor doesn't train the patient, and leaves nothing behind
# in him. You look at what is there, run the network once over some data, and say what you found.
#
# Six illnesses are to be told apart. Some you see at rest, by looking at modules and parameters. Others show only while
# the network runs. Each has a corner where a quick examination goes wrong.
#
# **Predict 22.** A layer in a plain list is not registered. So how do you find it? Which of the three lines below sees
# it?


# %%
class Hidden(nn.Module):
    """Keeps a layer where torch doesn't look."""

    def __init__(self):
        super().__init__()
        self.seen = nn.Linear(2, 2)
        self.unseen = [nn.Linear(2, 2)]


hidden = Hidden()
print("modules():   ", [type(module).__name__ for module in hidden.modules()])
print("state_dict():", list(hidden.state_dict()))
print("vars():      ", {name: type(value).__name__ for name, value in vars(hidden).items() if name[0] != "_"})

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# Only `vars()`, which shows every attribute, registered or not. The registered ones lie one level deeper, in `_modules`
# (lesson 3). So look at *all* values in `vars(module)`, for every module, and where one is a list, a tuple or a dict,
# look at its elements. `_modules` is itself a dict full of modules, and those are registered. So ask of each module
# that you find: does the tree know it? A list may well hold layers that are registered elsewhere, too. They are fine.
#
# </details>

# %% [markdown]
# **Predict 23.** Is an activation too large? For each of these five outputs: what does the question
# `x.abs().max() > 1e4` answer?

# %%
for output in (
    torch.tensor([3.0, -2e5]),
    torch.tensor([3.0, float("inf")]),
    torch.tensor([3.0, float("nan")]),
    torch.tensor([True, False]),
    nn.LSTM(2, 2)(torch.zeros(1, 1, 2)),
):
    shown = output if isinstance(output, torch.Tensor) else f"{type(output).__name__} of {len(output)}"
    try:
        print(f"{shown!s:28} {output.abs().max() > 1e4}")
    except Exception as error:
        print(f"{shown!s:28} {type(error).__name__}: {error}")

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# Yes, yes, **no**, and two errors. Every comparison with `nan` is false. So don't ask whether something is too large,
# ask whether *all* is in order: `(x.abs() <= 1e4).all()`. With `nan` in it, that is false, as it should be.
#
# And not every module gives out one tensor of floats. An LSTM gives a tuple with a tuple in it. A mask is made of
# bools, which have no `abs()`. Some modules give a dict, or `None`. An examination has to get along with all of these.
#
# </details>

# %% [markdown]
# **Predict 24.** After the examination the patient should be as before. This examiner means well: evaluation mode, no
# graph, then back to training mode. What has he changed? The patient is fine-tuned: its batch norm was put to rest.


# %%
def examine(model):
    seen = []
    for module in model.modules():
        module.register_forward_hook(lambda module, inputs, output: seen.append(output.detach()))
    model.eval()
    with torch.no_grad():
        model(images[:10])
    model.train()


def state_of(model):
    modes = "".join("T" if module.training else "e" for module in model.modules())
    return f"modes {modes}, hooks {sum(len(module._forward_hooks) for module in model.modules())}"


net = nn.Sequential(nn.Flatten(), nn.Linear(196, 8), nn.BatchNorm1d(8), nn.Dropout(0.5)).train()
net[2].eval()
print("before:", state_of(net))
examine(net)
print("after: ", state_of(net))

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# The batch norm has been woken up, and five hooks were left behind. Now the patient has a new illness, a leaked hook,
# and got it from the doctor. Keep each module's mode and put it back. Keep the handles and remove them. Do both in a
# `finally`.
#
# `no_grad` takes care of the gradients, and evaluation mode of the running statistics.
#
# </details>

# %% [markdown] exercise="diagnose"
# Write `diagnose(model, loader)`. `model` is a classifier, `loader` an iterable of (inputs, labels). The result is a
# set of strings: the names of the faults that the model has. For a healthy one it is the empty set.
#
# - `"frozen-parameters"`: at least one parameter is frozen.
# - `"dead-relu"`: a unit of an `nn.ReLU` was never positive over the whole loader. Units are as in `dead_units`. If a
#   ReLU runs with different numbers of units, judge its uses by the number of units: those with the same number
#   together. Only outputs with two or four dimensions count.
# - `"exploding-activations"`: in the output of any module there was a number that is not finite, or whose absolute
#   value is above 1e4. If the output is a tuple, all that is in it counts.
# - `"unregistered-layer"`: an `nn.Module` that is a direct element of a list, a tuple or a dict (of its values), which
#   is an attribute of the model or of one of its submodules; and that is registered nowhere in the model.
# - `"leaked-hook"`: before you came, there was a hook on the model or on one of its submodules: forward-pre, forward,
#   backward-pre or backward. (As `count_hooks` of lesson 4 counts them. Hooks on tensors don't count.)
# - `"double-softmax"`: the last leaf module, a module without children, is an `nn.Softmax` or an `nn.LogSoftmax`. (The
#   models register their modules in the order in which they run.)
#
# Judge the model in evaluation mode. A model may have several faults. `diagnose` never raises an error for a model that
# runs, and it leaves the model as it was: modes, buffers, hooks and gradients.
#
# It is tried on many models that you have not seen, and the points are given by the share of them that it gets exactly
# right. (Where `nan` reaches a ReLU, its units are not graded.)


# %% solution="diagnose"
def diagnose(model, loader):
    """The names of a sick classifier's faults; an empty set for a healthy one."""
    ### BEGIN SOLUTION
    return standing_faults(model) | running_faults(model, loader)


HOOK_TABLES = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")


def standing_faults(model):
    """What can be seen without running the model."""
    modules, faults = list(model.modules()), set()
    registered = set(modules)
    if not all(parameter.requires_grad for parameter in model.parameters()):
        faults.add("frozen-parameters")
    if any(getattr(module, table) for module in modules for table in HOOK_TABLES):
        faults.add("leaked-hook")
    leaves = [module for module in modules if not list(module.children())]
    if isinstance(leaves[-1], (nn.Softmax, nn.LogSoftmax)):
        faults.add("double-softmax")
    for module in modules:
        for value in vars(module).values():
            items = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
            if any(isinstance(item, nn.Module) and item not in registered for item in items):
                faults.add("unregistered-layer")
    return faults


def running_faults(model, loader):
    """What only shows while the model runs."""
    faults, positive = set(), {}

    def watch(module, inputs, output):
        if not all(within_bounds(tensor) for tensor in tensors_in(output)):
            faults.add("exploding-activations")
        if isinstance(module, nn.ReLU) and output.dim() in (2, 4):
            now = (output > 0).transpose(0, 1).flatten(1).any(dim=1)  # one entry for each unit
            key = module, len(now)
            positive[key] = positive.get(key, now) | now

    modes = [(module, module.training) for module in model.modules()]
    handles = [module.register_forward_hook(watch) for module in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            for inputs, _ in loader:
                model(inputs)
    finally:
        for handle in handles:
            handle.remove()
        for module, training in modes:
            module.training = training
    if not all(units.all() for units in positive.values()):
        faults.add("dead-relu")
    return faults


def tensors_in(output):
    """All tensors in a module's output, however it is packed."""
    if isinstance(output, torch.Tensor):
        return [output]
    if isinstance(output, dict):
        output = output.values()
    elif not isinstance(output, (list, tuple)):
        return []
    return [tensor for item in output for tensor in tensors_in(item)]


def within_bounds(tensor):
    """Whether every number is finite and not above 1e4 in size."""
    return tensor.dtype == torch.bool or bool((tensor.abs() <= 1e4).all())
    ### END SOLUTION


# %% check="diagnose"

# %% [markdown] edition="solutions"
# <details><summary>About this solution</summary>
#
# Four of the faults are seen without running the model, and hooks have to be counted before your own are there. For the
# other two, one hook on every module does it. Units are kept under the key (module, number of units), so that the uses
# of a ReLU are judged apart where they have to be. `tensors_in` goes down into whatever a module gives out.
# `within_bounds` asks whether all is in order, so `nan` needs no case of its own.
#
# </details>

# %% [markdown]
# <details><summary>Help: I get <code>AttributeError: 'tuple' object has no attribute 'abs'</code></summary>
#
# A module gave out a tuple: an LSTM does, and attention does. Look at what is inside, and inside of that.
#
# </details>
#
# <details><summary>Help: I get <code>NotImplementedError: "abs_cpu" not implemented for 'Bool'</code></summary>
#
# A mask. It has no size that could be too large.
#
# </details>
#
# <details><summary>Help: I get <code>RuntimeError: max(): Expected reduction dim to be specified for input.numel() == 0. …</code></summary>
#
# An empty tensor has no largest element. "All are in order" is true for an empty one: `.all()` says so.
#
# </details>
#
# <details><summary>Help: I get <code>RuntimeError: The size of tensor a (3) must match the size of tensor b (2) at non-singleton dimension 0</code>, or a bool that is "ambiguous"</summary>
#
# You compare tensors by `==` or `in`, where you mean "the same object". Modules are safe to compare. Look for them
# only. Or one ReLU ran with different numbers of units, and you keep one record for both.
#
# </details>
#
# <details><summary>Help: every model has a "leaked-hook"</summary>
#
# You count your own. Count before you register.
#
# </details>
#
# <details><summary>Help: every model has an "unregistered-layer"</summary>
#
# `_modules` is a dict as well, and what is in it *is* registered. See Predict 22.
#
# </details>

# %% [markdown]
# ## The patients are called in
#
# Now to the seven patients of the waiting room, as they are after their training.

# %%
if waits_for("diagnose"):
    print("The patients wait for diagnose.")
else:
    for letter, patient in patients.items():
        try:
            found = sorted(diagnose(patient, loader))
            print(f"{letter}: loss {curves[letter][-1]:.2f}   {', '.join(found) or 'healthy'}")
        except Exception as error:
            print(f"{letter}: not yet: {type(error).__name__}: {error}")

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# Here is what they have. How did it look from outside?
#
# - **E** is the healthy one.
# - **C** looked as good. But behind its first layer there are numbers beyond a hundred thousand. A normalisation brings
#   them back, and so nothing shows. In half precision, where the largest number is 65,504, this network would fall
#   over.
# - **A** and **F** learn with their last layer only: in A the others are frozen, in F they lie in a list, and the
#   optimizer has never heard of them. To the loss that is one and the same. To you it isn't: A may be meant so. F never
#   is.
# - **B** has a softmax too many (lesson 2). It learns, only much too slowly.
# - **D**: all 32 units of a layer are dead. Nothing gets through, in either direction.
# - **G** carries a forgotten hook, left over from an experiment. It throws away four fifths of a layer's outputs, in
#   evaluation mode as well.
#
# Could you have told them apart by the curves? The loss is one number, and the six answers lay in six other places.
#
# </details>

# %% [markdown]
# ## A network falls ill, and is cured
#
# At last, all your instruments at once, on a network in training. It is a small convolutional network, trained by plain
# gradient descent. This is what happens to it:
#
# - **step 80**: one batch comes as raw bytes, from 0 to 255. All the batches after it are fine again.
# - **step 130, a first cure**: every dead unit gets fresh random weights.
# - **step 180, a second cure**: all weights are set back to those of step 80, from a copy. From now on the gradient is
#   clipped to a global norm of 1.
# - **step 240**: another batch comes as raw bytes.
#
# **Predict 25.** Think of the picture before you see it. What does the loss look like between step 80 and 130: sick or
# healthy? Does the first cure help? And the last batch, what harm does it do?


# %%
# The training, with instruments. Nothing to learn in the code: it calls what you have written.
EVENTS = {80: "raw bytes", 130: "first cure", 180: "second cure", 240: "raw bytes"}
FEEDS = {"1": "0", "4": "3", "8": "7"}  # which layer feeds which ReLU


def small_cnn():
    torch.manual_seed(3)
    net = nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(144, 32), nn.ReLU(), nn.Linear(32, 10),
    )  # fmt: skip
    nn.init.constant_(net[7].bias, 0.5)  # so that no unit is dead from birth
    return net


def revive(net, dead):
    """Give each dead unit fresh weights."""
    for relu, units in dead.items():
        layer = net.get_submodule(FEEDS[relu])
        fresh = copy.deepcopy(layer)
        fresh.reset_parameters()
        with torch.no_grad():
            layer.weight[units], layer.bias[units] = fresh.weight[units], fresh.bias[units]


def course_of_disease(steps=300):
    """Train the network through all that happens to it. What the instruments showed, by name: [(step, value), …]."""
    watching, diagnosing = not waits_for("ActivationStats"), not waits_for("diagnose")
    net, belt = small_cnn(), float("inf")
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    some = [(images[:300], labels[:300])]
    shown = {"loss": [], "gradient": [], "std": [], "dead": [], "faults": []}
    for step in range(steps):
        if step == 80:
            healthy = copy.deepcopy(net.state_dict())
        if step == 130:
            revive(net, dead_units(net, [(images, labels)]))
        if step == 180:
            net.load_state_dict(healthy)
            belt = 1.0

        chosen = torch.randint(len(images), (64,))
        batch = 255 * bright[chosen] if EVENTS.get(step) == "raw bytes" else images[chosen]
        loss = F.cross_entropy(net(batch), labels[chosen])
        optimizer.zero_grad()
        loss.backward()
        try:
            norm = clip_global_norm(net.parameters(), belt)
            optimizer.step()
        except RuntimeError:  # not finite: leave this step out
            norm = float("inf")

        shown["loss"].append((step, loss.item()))
        shown["gradient"].append((step, float(norm)))
        if step % 5 == 0 or step in EVENTS:
            shown["dead"].append((step, [int(units.sum()) for units in dead_units(net, some).values()]))
            if diagnosing:
                shown["faults"].append((step, set(diagnose(net, some))))
            if watching:
                with ActivationStats(net, types=(nn.Conv2d, nn.Linear)) as watch, torch.no_grad():
                    net(some[0][0])
                shown["std"].append((step, [watch.stats[name]["std"] for name in "0379"]))
    return shown


shown = None
if waiting := waits_for("dead_units", "clip_global_norm"):
    print(f"The dashboard waits for: {', '.join(waiting)}.")
else:
    try:
        shown = course_of_disease()
        print(f"Loss at the end: {shown['loss'][-1][1]:.2f}")
    except Exception as error:
        print(f"Not yet: {type(error).__name__}: {error}")

# %% alt="A dashboard of five panels above each other, over 300 training steps, with four vertical lines. The loss falls below 1, shoots up to thousands at the first line, and then lies still at 2.3; at the second line it shoots up again and falls back to 2.3; at the third it goes on from below 1 and falls; at the fourth there is one single spike. The length of the gradient jumps from about 1 to thousands at the first two lines, is small in between, and after the third line only the one batch sticks out. The std of the layers' outputs rises at the first line by a factor of hundreds or more, rises again at the second, and is normal after the third. The dead units rise at the first line from none to nearly all in two of the three layers, dip for a moment at the second and are back at all of them, and after the third there are none. The diagnosis: nothing at first; dead-relu from the first to the third line, and exploding-activations as well; then nothing again."
if shown is None:
    print("The dashboard appears when dead_units and clip_global_norm are written.")
else:
    fig, axes = plt.subplots(
        5, 1, figsize=(11, 10.5), sharex=True, height_ratios=(3, 2.2, 2.2, 2.2, 1), layout="constrained"
    )
    loss, gradient, size, dead, verdict = axes
    for ax in axes:
        for step, event in EVENTS.items():
            ax.axvline(step, color=GREEN if "cure" in event else ORANGE, linestyle="--" if "cure" in event else ":")
    for step, event in EVENTS.items():
        colour = GREEN if "cure" in event else ORANGE
        loss.text(step, 1.02, event, color=colour, ha="center", va="bottom", transform=loss.get_xaxis_transform())

    loss.semilogy(*zip(*shown["loss"]), color=BLUE)
    loss.axhline(2.303, color=GREY, linewidth=0.8)
    loss.text(299, 2.5, "log(10): knows nothing", ha="right", va="bottom", color=GREY, fontsize=9)
    loss.set(ylabel="loss", ylim=(0.05, 1e5))
    gradient.semilogy(*zip(*shown["gradient"]), color=BLUE)
    gradient.plot((180, 300), (1, 1), color=GREEN, linewidth=2)
    gradient.text(299, 0.5, "clipped to 1", ha="right", va="top", color=GREEN, fontsize=9)
    gradient.set(ylabel="length of\nthe gradient", ylim=(0.03, 1e6))

    if shown["std"]:
        for name, marker, values in zip(
            ("conv, 0", "conv, 3", "linear, 7", "linear, 9"), "os^v", zip(*(value for _, value in shown["std"]))
        ):
            size.semilogy([step for step, _ in shown["std"]], values, marker + "-", markersize=3, label=name)
        size.legend(ncols=4, loc="upper right", fontsize=9)
    else:
        size.text(0.5, 0.5, "waits for ActivationStats", ha="center", transform=size.transAxes, color=GREY)
    size.set(ylabel="std of\nthe outputs", ylim=(0.05, 1e8))

    steps, counts = zip(*shown["dead"])
    for name, units, marker, values in zip(("ReLU 1", "ReLU 4", "ReLU 8"), (8, 16, 32), "os^", zip(*counts)):
        dead.plot(steps, [100 * value / units for value in values], marker + "-", markersize=3, label=name)
    dead.legend(ncols=3, loc="upper right", fontsize=9)
    dead.set(ylabel="dead units, %", ylim=(-5, 125), yticks=(0, 50, 100))

    faults = sorted(set().union(*(found for _, found in shown["faults"])))
    for line, fault in enumerate(faults):
        verdict.plot(*zip(*[(step, line) for step, found in shown["faults"] if fault in found]), "s", color=ORANGE)
    if not shown["faults"]:
        verdict.text(0.5, 0.5, "waits for diagnose", ha="center", transform=verdict.transAxes, color=GREY)
    verdict.set(yticks=range(len(faults)), yticklabels=faults, ylim=(-0.6, max(len(faults), 1) - 0.4))
    verdict.set(xlabel="training step", xlim=(-3, 303))
    plt.show()

# %% [markdown]
# *Figure: what the instruments showed, from top to bottom: the loss, the length of the gradient, the size of what the
# layers give out, the share of dead units, and the diagnosis. Orange lines: a batch of raw bytes. Green lines: the
# cures. What goes beyond an axis is cut off. (It appears when your instruments are written.)*
#
# <details><summary>What happened, and why</summary>
#
# **Between 80 and 130** the loss lies at 2.3, quiet as on the first day. Nobody who looks at the loss alone, and starts
# looking at step 100, sees anything but a network that doesn't learn. And the gradient is *small*: there is nothing
# left to clip. The instruments tell the story. The one long step has made the weights huge, so the first layers give
# out numbers that are hundreds of times larger, or far more, and nearly all units of two layers are below zero for
# good.
#
# **The first cure** treats the symptom. The dead units are alive again, in the midst of weights that are far too large.
# The next gradients are longer than ever, and a few steps later all is dead once more. Look at the curves of the
# outputs: they had never come down.
#
# **The second cure** takes the cause away: weights from before the accident. The clipped gradient doesn't heal
# anything. It *protects*: when the raw bytes come for the second time, the gradient is hundreds of times too long, the
# step is not, and two steps later nobody can tell that anything happened.
#
# (Your curves may differ in detail. After the accident the network is so far out that rounding errors decide where it
# lands.)
#
# Try it. What does a `max_norm` of 30 do? What does `nn.BatchNorm2d` behind the convolutions do? What if the second
# cure keeps the weights as they are, and only clips?
#
# </details>

# %% [markdown]
# ## Summary
#
# - An instrument must be exact, take constant memory, and leave the patient as he was.
# - Means may be averaged, if they are weighted. **A std can't be averaged.** Add up in float64, and divide by n.
# - Zeros are sparsity. **Dead is who was never positive**, over all the data, in evaluation mode. In a convolution, a
#   unit is a channel.
# - Ask in the hook, keep the answer: what you keep of a tensor may be overwritten, and may hold on to a graph.
# - A **full backward hook** comes when the layer has computed its gradients. What it returns reaches earlier layers
#   only. A **full backward pre-hook** comes before, and reaches the layer's own weights, too.
# - Never change a gradient in place in a backward hook. At best it does nothing.
# - A hook on a Parameter acts on each new gradient, a **post-accumulate hook** on the sum.
# - Only the **global norm** keeps the direction. Clipping protects. It doesn't heal.
# - `nan` is neither large nor small. Ask whether all is in order, not whether something is wrong.
# - A loss is a symptom. **Look inside.**
#
# **What you can now do.** You can build an instrument for anything that flows through a network, forward or backward,
# and show that it measures what it says. You can try a snippet from the web before you trust it. And you can be given a
# network that doesn't learn, and say why.
#
# Run `progress()` to see what is left. This is the end of the course. You started with a class that derives from
# `nn.Module`, and you have seen it from all sides since: written it, trained it, rebuilt it, hooked it, and cured it.
# What you build next is up to you.
#
# ## Further reading
#
# - [`register_full_backward_hook`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.register_full_backward_hook)
#   and its pre-hook, in the documentation of `torch.nn.Module`. Read the warning about in-place changes.
# - [Backward hooks execution](https://docs.pytorch.org/docs/stable/notes/autograd.html#backward-hooks-execution), in
#   the notes on autograd: which hook comes when.
# - [`clip_grad_norm_`](https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.clip_grad_norm_.html), and
#   [`register_post_accumulate_grad_hook`](https://docs.pytorch.org/docs/stable/generated/torch.Tensor.register_post_accumulate_grad_hook.html).
# - R. Pascanu, T. Mikolov and Y. Bengio, [On the difficulty of training recurrent neural
#   networks](https://arxiv.org/abs/1211.5063): why gradients explode, and why one clips them together.
# - K. He et al., [Delving deep into rectifiers](https://arxiv.org/abs/1502.01852): the √2 of the deep network above.
# - L. Lu et al., [Dying ReLU and initialization](https://arxiv.org/abs/1903.06733).
# - T. Chan, G. Golub and R. LeVeque, [Algorithms for computing the sample
#   variance](https://doi.org/10.1080/00031305.1983.10483115): the problem of Predict 4, and what one can do.
