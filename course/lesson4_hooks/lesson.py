# %% [markdown]
# # Lesson 4: writing hooks
#
# There is a model, perhaps somebody else's, and you want to know what happens inside it. Which shapes flow between its
# layers? How large do the activations get? Where does the gradient fade away? You could edit its `forward` and put a
# `print` between any two lines. Or you leave the model as it is, and ask it to call *you*.
#
# That is a **hook**: a function of yours that a module calls whenever it runs, forward or backward. In this lesson you
# find out when hooks are called, what they see and what they may change. You write the mechanism yourself, which is
# about forty lines. Then you use torch's, and you learn to leave no trace.
#
# **After this lesson you can**
#
# - say which hooks run in a forward and a backward pass, and in which order;
# - write the machinery: a call that runs hooks, and handles that take them away again;
# - watch shapes, activations and gradients of any model, without changing a line of it or a digit of its results;
# - change what goes into a module and what comes out of it, without harm to the gradients;
# - remove your hooks in every case, and find those that somebody left behind.
#
# **You need** lesson 1, functions that return functions, and the `with` statement. Of lesson 3 one idea helps: a module
# keeps its things in dicts.
#
# **Time and difficulty.** About four and a half hours, three of them for the eight exercises; two sittings are better
# than one. Difficulty ●●●○○. Two exercises are harder: `hookable` and `capture`. A good place for a break is after
# `capture`.
#
# **How this notebook works** is as before: *predict*, *run*, *write*, *check*. Answer each question before you run the
# cell below it. The whole notebook takes less than a minute. No GPU, no data. If you are stuck, run `hint("hookable")`
# in any cell; `progress()` shows how far you are. The exercises don't depend on each other.

# %% setup=true

# %% given=true
from contextlib import contextmanager

import torch
import torch.nn.functional as F
from torch import nn

# %%
import copy
import io
import warnings

import matplotlib.pyplot as plt

BLUE, ORANGE, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#6B6B6B"
plt.rcParams.update({
    "figure.facecolor": "white", "savefig.facecolor": "white", "figure.dpi": 100, "font.size": 11,
    "axes.spines.top": False, "axes.spines.right": False, "axes.titlesize": 12, "legend.frameon": False,
})  # fmt: skip
torch.set_num_threads(1)  # the networks here are tiny: one thread is quicker than several


def outcome(action):
    """What `action()` returns, or the error that it raises, as a line of text."""
    try:
        return action()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


# %% [markdown]
# ## Listen in
#
# Here is a network, and we pretend that somebody else wrote it.


# %%
class Reader(nn.Module):
    """Reads images of 8×8 pixels."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(1, 4, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2))
        self.head = nn.Linear(64, 10)

    def forward(self, x):  # (N, 1, 8, 8)
        return self.head(self.body(x).flatten(1))  # (N, 10)


reader = Reader()
images = torch.rand(5, 1, 8, 8)
print(tuple(reader(images).shape))

# %% [markdown]
# From 64 pixels to 10 numbers, but what is in between? The next cell writes a function, and registers it on every
# module of the network, with `register_forward_hook`. Each module then calls it after its own `forward`, and hands over
# three things: itself, what it got, and what it gives.
#
# **Predict 1.** `reader.modules()` gives the network itself first, then `body`, then its three layers, then `head`. So
# in this order they are hooked. In which order do the six lines below come?


# %%
def tell(module, args, output):
    print(f"{type(module).__name__:10} {tuple(args[0].shape)} -> {tuple(output.shape)}")


handles = [module.register_forward_hook(tell) for module in reader.modules()]
reader(images)

for handle in handles:
    handle.remove()

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# `Conv2d`, `ReLU`, `MaxPool2d`, `Sequential`, `Linear`, `Reader`. A forward hook runs when its module has *finished*,
# so the parts come before the whole. The order in which you hooked different modules plays no role.
#
# And not a line of `Reader` was changed. That is all the magic there is. The rest of this lesson is about doing it
# right.
#
# </details>
#
# **Predict 2.** One hook on `reader` and one on `reader.head`. Here are four ways to compute something. Which hooks
# does each of them run? One of them runs a hook that you may not expect.

# %%
fired = []
handles = [
    reader.register_forward_hook(lambda module, args, output: fired.append("reader")),
    reader.head.register_forward_hook(lambda module, args, output: fired.append("head")),
]
features = torch.rand(5, 64)
ways = {
    "reader(images)": lambda: reader(images),
    "reader.forward(images)": lambda: reader.forward(images),
    "reader.head(features)": lambda: reader.head(features),
    "reader.head.forward(features)": lambda: reader.head.forward(features),
}
for label, way in ways.items():
    fired.clear()
    way()
    print(f"{label:30} runs {fired}")

for handle in handles:
    handle.remove()

# %% alt="A drawing of one call. From the left an arrow labelled module(x) leads through three boxes: forward-pre hooks, which may replace the inputs; forward, the computation; forward hooks, which may replace the output. From there an arrow leads on to the result. A frame around the three boxes is labelled __call__. A dashed grey arrow, labelled module.forward(x), goes below the first box straight into forward, and another from forward below the last box straight out: no hook is on its way."
fig, ax = plt.subplots(figsize=(10.5, 3.1))
boxes = [
    (2.6, "forward-pre hooks", "may replace the inputs", BLUE),
    (5.6, "forward(*args)", "computes", "black"),
    (8.6, "forward hooks", "may replace the output", ORANGE),
]
ax.add_patch(plt.Rectangle((1.1, -0.62), 9.0, 1.75, facecolor="#F4F4F4", edgecolor=GREY, linestyle=":"))
ax.text(1.25, 0.92, "__call__", family="monospace", color=GREY, va="center")
for x, title, effect, colour in boxes:
    box = {"boxstyle": "round,pad=0.5", "facecolor": "white", "edgecolor": colour, "linewidth": 2}
    ax.text(x, 0.2, title, ha="center", va="center", weight="bold", bbox=box)
    ax.text(x, -0.35, effect, ha="center", va="center", color=colour, size=10)
for start, end in ((-0.4, 1.38), (3.84, 4.58), (6.64, 7.62), (9.6, 11.2)):
    ax.annotate("", (end, 0.2), (start, 0.2), arrowprops={"arrowstyle": "->", "linewidth": 1.5})
ax.text(-0.45, 0.4, "module(x)", family="monospace")
ax.text(10.35, 0.4, "output")
around = {"arrowstyle": "->", "color": GREY, "linestyle": "--", "linewidth": 1.5}
ax.plot([-0.4, 5.3], [-1.15, -1.15], color=GREY, linestyle="--", linewidth=1.5)
ax.annotate("", (5.3, -0.5), (5.3, -1.15), arrowprops=around)
ax.plot([5.9, 5.9], [-0.5, -1.15], color=GREY, linestyle="--", linewidth=1.5)
ax.annotate("", (11.2, -1.15), (5.9, -1.15), arrowprops=around)
ax.text(-0.45, -1.0, "module.forward(x)", family="monospace", color=GREY)
ax.set(xlim=(-0.6, 11.4), ylim=(-1.4, 1.25))
ax.axis("off")
plt.show()

# %% [markdown]
# *Figure: one call of a module. `module(x)` runs `__call__`, which runs the forward-pre hooks, `forward`, and the
# forward hooks. `module.forward(x)` goes past them.*
#
# <details><summary>What happened, and why</summary>
#
# `reader(images)` runs both. `reader.forward(images)` runs only that of `head`, since inside `forward` the head is
# *called*, properly. `reader.head.forward(features)` runs none.
#
# Hooks live in `__call__`, which every module inherits. `forward` knows nothing of them. That is the reason for the
# rule of lesson 1: **you write `forward`, and you call the module.** Whoever calls `forward` directly gets the same
# numbers (unless a hook would have changed them), and the module's own hooks fall silent without a word.
#
# </details>

# %% [markdown]
# ## What a hook gets, and what it may change
#
# There are four kinds. Two belong to the forward pass and two to the backward pass.
#
# | registered with | when it is called | with | may return |
# |---|---|---|---|
# | `register_forward_pre_hook` | before `forward` | `(module, args)` | other inputs |
# | `register_forward_hook` | after `forward` | `(module, args, output)` | another output |
# | `register_full_backward_pre_hook` | before the gradient passes | `(module, grad_output)` | another `grad_output` |
# | `register_full_backward_hook` | when it has passed | `(module, grad_input, grad_output)` | another `grad_input` |
#
# Each may return `None`, which changes nothing. A function without `return` does that.
#
# The names are easily misspelled, also in teaching material. `register_full_backwards_hook` and
# `register_forward_prehook` don't exist:

# %%
for method in ("register_full_backwards_hook", "register_forward_prehook"):
    print(outcome(lambda: getattr(reader, method)))

# %% [markdown]
# Start with what a hook *gets*.
#
# **Predict 3.** The module below takes an `x` and a `factor`. It is called in three ways that mean the same. What does
# the hook find in `args` each time?


# %%
class Scaled(nn.Module):
    def forward(self, x, factor=1):
        return x * factor


scaled = Scaled()
scaled.register_forward_hook(lambda module, args, output: print(f"{len(args)} in args: {args}"))

one = torch.ones(2)
scaled(one, 3)
scaled(one, factor=3)
print("and by name:", scaled(x=one, factor=3))

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# `args` is always a **tuple**, with the *positional* arguments in it: two, one, and none at all. What is given by name
# is not there. (It is there for those who register with `with_kwargs=True`. Such a hook gets one argument more, a
# dict.) So `args[0]` is the usual way to get at the input, and it fails when somebody calls with names only.
#
# `output` is whatever `forward` returned. Mostly that is a tensor; for `nn.LSTM`, say, it is a tuple.
#
# </details>
#
# Now what it may *change*.
#
# **Predict 4.** A module returns its input, three ones. Each of the six hooks below is registered alone. What does the
# call return? Two of them change the output without meaning to.


# %%
def rebinds(module, args, output):
    output = output * 10


def returns(module, args, output):
    return output * 10


def in_place(module, args, output):
    output.mul_(10)


def shows_off(module, args, output):
    return tuple(output.shape)


sizes, seen = {}, []
hooks = {
    "output = output * 10": rebinds,
    "return output * 10": returns,
    "output.mul_(10)": in_place,
    "return tuple(output.shape)": shows_off,
    "lambda … seen.append(…)": lambda module, args, output: seen.append(output.shape),
    "lambda … sizes.setdefault(…)": lambda module, args, output: sizes.setdefault("last", len(output)),
}
for label, hook in hooks.items():
    module, x = nn.Identity(), torch.ones(3)
    module.register_forward_hook(hook)
    print(f"{label:30} the call returns {module(x)}, the caller's x is {x.tolist()}")

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# - Rebinding: no effect. `output` is a local name of your function, and you only pointed it elsewhere.
# - Returning something replaces the output. *Anything* but `None` does, a tuple of numbers as well. Nobody checks.
# - Writing in place changes the very tensor that goes on, and here also the **caller's**, since `Identity` hands its
#   input through. Nothing warns you.
# - `append` returns `None`, so this lambda is harmless. `setdefault` returns the value, so that one replaces the output
#   by the number 3. A lambda returns what it computes, whether you want it or not.
#
# Two rules for watching: **return nothing, and write nothing in place.** For changing there is one: return something
# new. (And never call the module inside its own hook. It would call the hook, which calls the module, and so on, until
# there is a `RecursionError`.)
#
# </details>
#
# A pre-hook may replace the inputs, and there the details are different: the inputs are a tuple.
#
# **Predict 5.** `Counts` tells what arrives in its `forward`. It is always called with two tensors. What arrives with
# each of the six pre-hooks?


# %%
class Counts(nn.Module):
    def forward(self, *args):
        return f"{len(args)}: {', '.join(type(arg).__name__ for arg in args)}"


pre_hooks = {
    "return None": lambda module, args: None,
    "return args[0] * 2": lambda module, args: args[0] * 2,
    "return (args[0] * 2, args[1])": lambda module, args: (args[0] * 2, args[1]),
    "return [args[0] * 2, args[1]]": lambda module, args: [args[0] * 2, args[1]],
    "return args * 2": lambda module, args: args * 2,
    "return ()": lambda module, args: (),
}
for label, hook in pre_hooks.items():
    module = Counts()
    module.register_forward_pre_hook(hook)
    print(f"{label:32} forward gets {module(torch.ones(2), torch.ones(2))}")

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# A tuple is taken as it is, as *all* the positional arguments. Anything else is wrapped into a tuple of one: a tensor,
# but a list as well, which arrives as one argument that is a list. So `return args[0] * 2` loses the second input. And
# `args * 2` is a tuple times two: everything twice, nothing doubled.
#
# </details>

# %% [markdown]
# ## In which order
#
# A module may have many hooks. Each gets what the one before it has made of things. So their order matters.
#
# **Predict 6.** One hook adds 1, another multiplies by 10. The module's output is 0. What comes out in the two cases?
# And in which order do A, B, C and D run, where B and D are registered with `prepend=True`?

# %%
for order in (("add", "multiply"), ("multiply", "add")):
    module = nn.Identity()
    for name in order:
        if name == "add":
            module.register_forward_hook(lambda module, args, output: output + 1)
        else:
            module.register_forward_hook(lambda module, args, output: output * 10)
    print(" then ".join(order), "->", module(torch.zeros(1)).item())


def notes(text, into):
    """A hook of any kind, that writes `text` into the list."""
    return lambda *arguments: into.append(text)


module, seen = nn.Identity(), []
module.register_forward_hook(notes("A", seen))
module.register_forward_hook(notes("B", seen), prepend=True)
module.register_forward_hook(notes("C", seen))
module.register_forward_hook(notes("D", seen), prepend=True)
module(torch.zeros(1))
print("order:", seen)

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# 10 and 1. Hooks run in the order in which they were registered, and each sees the result of the one before.
#
# With `prepend=True` a hook goes to the front of all those that are there *at that time*. B went before A, then D
# before B. So it is D, B, A, C. All four kinds of hooks have this option.
#
# </details>
#
# Now a whole pass, forward and backward. A block has two layers, and each of the three modules has a hook of each of
# the four kinds. That makes twelve.
#
# **Predict 7.** Write the twelve down in the order in which you expect them. You know the forward half already. Where
# does the backward half begin? When is the block itself finished, going backward?


# %%
class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(2, 2)
        self.second = nn.Linear(2, 2)

    def forward(self, x):
        return self.second(self.first(x))


KINDS = {
    "pre": "register_forward_pre_hook",
    "out": "register_forward_hook",
    "back-pre": "register_full_backward_pre_hook",
    "back": "register_full_backward_hook",
}


def events(x):
    """(module, kind) for every hook of a block that runs in one forward and backward pass, in order."""
    block, seen = Block(), []
    for name, module in (("block", block), ("first", block.first), ("second", block.second)):
        for kind, method in KINDS.items():
            getattr(module, method)(notes((name, kind), seen))
    block(x).sum().backward()
    return seen


# %% alt="A timeline of twelve events in three lanes, read off a real pass. Lane block: pre at 1, out at 6, back-pre at 7, back at 12. Lane first: pre at 2, out at 3, back-pre at 10, back at 11. Lane second: pre at 4, out at 5, back-pre at 8, back at 9. The left half is the forward pass, the right half the backward pass; in each half the bars of first and second lie inside the bar of block, and the right half is the mirror image of the left."
MARKS = {"pre": (">", BLUE), "out": ("s", BLUE), "back-pre": ("<", ORANGE), "back": ("s", ORANGE)}
LANES = {"block": 2, "first": 1, "second": 0}

pass_events = events(torch.ones(1, 2, requires_grad=True))
fig, ax = plt.subplots(figsize=(10.5, 3.6))
ax.axvspan(0.4, 6.5, color=BLUE, alpha=0.06)
ax.axvspan(6.5, 12.6, color=ORANGE, alpha=0.08)
times = {event: time for time, event in enumerate(pass_events, start=1)}
for lane, height in LANES.items():
    for start, end, colour in (("pre", "out", BLUE), ("back-pre", "back", ORANGE)):
        ends = [times[lane, start], times[lane, end]]
        ax.plot(ends, [height, height], color=colour, linewidth=7, alpha=0.25, solid_capstyle="butt")
for (lane, kind), time in times.items():
    marker, colour = MARKS[kind]
    ax.plot(time, LANES[lane], marker, color=colour, markersize=10)
    ax.text(time, LANES[lane] + 0.2, kind, ha="center", va="bottom", size=10, color=colour)
for x, title, colour in ((3.5, "forward", BLUE), (9.5, "backward", ORANGE)):
    ax.text(x, 2.75, title, ha="center", color=colour, weight="bold")
ax.set(xlim=(0.4, 12.6), ylim=(-0.4, 3.05), xticks=range(1, 13), xlabel="order of the calls")
ax.set_yticks(list(LANES.values()), list(LANES), family="monospace")
ax.spines["left"].set_visible(False)
ax.tick_params(left=False)
plt.show()

# %% [markdown]
# *Figure: the twelve hooks of a block and its two layers, in the order in which torch really called them. Going
# forward, each layer lies inside the block, between its `pre` and its `out`. The backward half is the mirror image: the
# block's `back-pre` is the first to run and its `back` the last, and `second` comes before `first`.*
#
# <details><summary>What happened, and why</summary>
#
# Think of parentheses. Forward, the block opens (`pre`), its layers open and close, the block closes (`out`). Backward,
# everything is walked from the other end: the gradient reaches the *output* of the block first, so the block opens
# again (`back-pre`), then come its layers, the last one first, and when the gradient has reached the block's *input*,
# it closes (`back`).
#
# </details>
#
# In that pass the input had `requires_grad=True`. Real inputs, images for one, don't ask for gradients.
#
# **Predict 8.** What changes in the order when the input needs no gradient? Think of the moment at which the block's
# `back` hook can run: what does it wait for?

# %%
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    plain = events(torch.ones(1, 2))

for label, found in (("needs a gradient", pass_events), ("needs none", plain)):
    print(f"{label:17}", ", ".join(f"{name} {kind}" for name, kind in found[6:]))
print(f"\n{len(caught)} warnings. The first:")
for warning in caught[:1]:
    print(str(warning.message).split(" See ")[0])

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# The block's `back` comes *before* those of its layers: right after its `back-pre`. A full backward hook waits for the
# gradient of its module's input. When there is never going to be one, torch calls it as soon as the gradient of the
# output is there, and warns you. The same happens to the first layer, which has nothing inside, so you can't see it in
# the order.
#
# Keep that in mind when you read a log of gradients. Nothing is broken; the hook just can't see an input's gradient.
#
# </details>
#
# One kind of hooks we leave out: those for *all* modules at once, like `register_module_forward_hook` in
# `torch.nn.modules.module`. They run before a module's own, `prepend` or not.
#
# Now it is your turn. Below, `hooked` builds a network with fifteen hooks, registered in no good order. The network
# itself writes a line into the same log, when its `forward` begins. Read the cell, and don't run the network yet.


# %% given=true
class Net(nn.Module):
    """Two layers. It writes into the log when its own forward begins."""

    def __init__(self, log):
        super().__init__()
        self.log = log
        self.low = nn.Linear(2, 2)
        self.high = nn.Linear(2, 1)

    def forward(self, x):
        self.log.append("net computes")
        return self.high(self.low(x))


def hooked(log):
    """A Net with 15 hooks. Each writes its name into the log when it is called, and returns nothing."""

    def writes(name):
        return lambda *arguments: log.append(name)

    net = Net(log)
    net.register_full_backward_hook(writes("net back"))
    net.register_full_backward_pre_hook(writes("net back-pre"))
    net.register_forward_hook(writes("net out"))
    net.register_forward_pre_hook(writes("net pre"))

    net.high.register_forward_hook(writes("high out A"))
    net.high.register_forward_hook(writes("high out B"), prepend=True)
    net.high.register_forward_hook(writes("high out C"))
    net.high.register_full_backward_hook(writes("high back A"))
    net.high.register_full_backward_hook(writes("high back B"), prepend=True)
    net.high.register_full_backward_pre_hook(writes("high back-pre"))

    net.low.register_full_backward_hook(writes("low back"))
    net.low.register_full_backward_pre_hook(writes("low back-pre"))
    net.low.register_forward_pre_hook(writes("low pre A"))
    net.low.register_forward_pre_hook(writes("low pre B"))
    net.low.register_forward_pre_hook(writes("low pre C"), prepend=True)
    return net


# %% [markdown] exercise="hook_order"
# What stands in the log after these three lines?
#
# ```python
# log = []
# net = hooked(log)
# net(torch.ones(1, 2, requires_grad=True)).sum().backward()
# ```
#
# Replace every `None` in `hook_order` by a name, as a text: `"net pre"`, `"net computes"`, and so on. There are 16
# entries: each of the fifteen hooks runs once, and `net computes` is in the log as well.
#
# Answer from your head first. The answer is compared with what torch does.

# %% solution="hook_order"
hook_order = [
    None,  # 1, the first entry of the log: replace every None by a name, "net pre" for one
    None,  # 2
    None,  # 3
    None,  # 4
    None,  # 5
    None,  # 6
    None,  # 7
    None,  # 8
    None,  # 9
    None,  # 10
    None,  # 11
    None,  # 12
    None,  # 13
    None,  # 14
    None,  # 15
    None,  # 16
]
### BEGIN SOLUTION
hook_order = [
    "net pre",
    "net computes",
    "low pre C",
    "low pre A",
    "low pre B",
    "high out B",
    "high out A",
    "high out C",
    "net out",
    "net back-pre",
    "high back-pre",
    "high back B",
    "high back A",
    "low back-pre",
    "low back",
    "net back",
]
### END SOLUTION

# %% check="hook_order"

# %% [markdown]
# Not right yet? The check tells you which rule you have bent. To see it for yourself, run the three lines in a cell of
# your own. Then find the reason for each entry that surprised you.

# %% [markdown] edition="solutions"
# <details><summary>All sixteen, explained</summary>
#
# 1. `net pre`: a forward-pre hook runs before `forward`, and the network is the first to be called.
# 2. `net computes`: now its `forward` begins.
# 3. `low pre C`, `low pre A`, `low pre B`: in the order of registration, but C was put to the front.
# 4. `high out B`, `high out A`, `high out C`: the same. B was put to the front of A, and C came later. (`low` has no
#    forward hook and `high` no forward-pre hook.)
# 5. `net out`: the network closes when all its parts are through.
# 6. `net back-pre`: the gradient reaches the network's output first.
# 7. `high back-pre`, `high back B`, `high back A`: the last layer comes first. B was put to the front, going backward
#    as well as going forward: "backward" doesn't turn the order of one module's hooks around.
# 8. `low back-pre`, `low back`.
# 9. `net back`: last, since the input needs a gradient and the hook waits for it.
#
# The order in which hooks of *different* modules, or of different kinds, were registered plays no role at all.
#
# </details>

# %% [markdown]
# ## Write the dispatch
#
# How does `__call__` do that? You are going to write it, with plain Python. A few questions come up as soon as one
# tries.
#
# **Handles.** `register_forward_hook` returns a *handle*, and the handle can take the hook away again.
#
# **Predict 9.** One function is registered three times on one module. How often does a call run it? And after each of
# the steps below?

# %%
module, seen = nn.Identity(), []
hook = notes("!", seen)


def fires():
    seen.clear()
    module(torch.zeros(1))
    return len(seen)


first, second, third = (module.register_forward_hook(hook) for _ in range(3))
print("registered three times:", fires())
first.remove()
print("first.remove():        ", fires())
first.remove()
print("first.remove() again:  ", fires())
with second:
    print("inside 'with second':  ", fires())
print("after the with:        ", fires())
del third
print("del third:             ", fires())

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# 3, 2, 2, 2, 1, 1. Every registration counts, also of the same function, and each handle removes its own only. To
# remove twice is no error. A handle is a context manager: *entering* does nothing, *leaving* removes.
#
# And the last line is the trap: `del third` deletes your handle and not the hook. A handle is like the key to a door.
# Throw the key away, and the door stays as it is.
#
# </details>
#
# What does a context manager need? Two methods. For `with thing as name:` Python runs `thing.__enter__()`, and `name`
# is what it returns. At the end, *however* the block ends, it runs `thing.__exit__(kind, error, traceback)`, with three
# `None` if there was no error. If `__exit__` returns something true, the error is swallowed. Mostly you don't want
# that.

# %%
handle = module.register_forward_hook(hook)
print("entering gives the handle itself:", handle.__enter__() is handle)
print("leaving returns:", handle.__exit__(None, None, None))

# %% [markdown]
# **Hooks that change the hooks.** A hook may remove itself, "just once" for one. It may register another one. So the
# table changes while you walk through it.
#
# **Predict 10.** Python first, without torch. Four loops over something that changes meanwhile: three of them take away
# what they have just met, the fourth adds to its list. What does each of them meet?


# %%
def walk_list():
    names, met = ["a", "b", "c"], []
    for name in names:
        met.append(name)
        names.remove(name)
    return met


def walk_dict():
    table, met = {"a": 1, "b": 2, "c": 3}, []
    for name in table:
        met.append(name)
        del table[name]
    return met


def walk_copy():
    names, met = ["a", "b", "c"], []
    for name in list(names):
        met.append(name)
        names.remove(name)
    return met


def walk_growing():
    names, met = ["a"], []
    for name in names:
        met.append(name)
        if len(names) < 4:
            names.append(name + "!")
    return met


for walk in (walk_list, walk_dict, walk_copy, walk_growing):
    print(f"{walk.__name__:13} {outcome(walk)}")

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# The list skips `b` without a word: the rest moved up by one place while the loop went on to the next. The dict raises
# an error. A list that grows is walked to its new end. Only the walk over a **copy** does what one expects: it meets
# those that were there when it began.
#
# </details>
#
# So much for Python. What does torch do?
#
# **Predict 11.** A forward hook registers one more forward hook, and a forward-*pre* hook registers a forward hook.
# Does the new one run in the same call?

# %%
module, seen = nn.Identity(), []


def out_registers(module, args, output):
    seen.append("out")
    module.register_forward_hook(notes("new out", seen))


with module.register_forward_hook(out_registers):
    module(torch.zeros(1))
print("a forward hook registers a forward hook:  ", seen)

module, seen = nn.Identity(), []


def pre_registers(module, args):
    seen.append("pre")
    module.register_forward_pre_hook(notes("new pre", seen))
    module.register_forward_hook(notes("new out", seen))


with module.register_forward_pre_hook(pre_registers):
    module(torch.zeros(1))
print("a pre-hook registers one of either kind:  ", seen)

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# Each table is copied when its turn comes. So a forward hook that comes from a forward hook is too late for this call,
# and a pre-hook that comes from a pre-hook as well. But a forward hook that comes from a *pre-hook* is there before the
# forward hooks have their turn, and runs at once.
#
# That is an accident of how torch is written, and no rule that one would want to remember. In your own version the rule
# is simpler: what is registered during a call counts from the next call on. Whoever registers it.
#
# </details>
#
# A last question: what if somebody raises an error in the middle? `forward` may, and so may a hook. Then the rest of
# the call doesn't take place: in torch, the forward hooks don't run (but for those registered with `always_call=True`).
# Your `__call__` need not catch the error. But it must not leave anything behind that would spoil the next call.

# %% [markdown] exercise="hookable"
# Write the dispatch: the class `Hookable`, *not* derived from `nn.Module`. A class derived from it defines `forward`,
# and gets the rest from you. The headers are given as a suggestion; helpers, and the class of the handles, are up to
# you.
#
# - **`register_forward_pre_hook(hook, *, prepend=False)`** and **`register_forward_hook(hook, *, prepend=False)`**
#   register a hook and return a handle. Every registration counts, as in Predict 9.
# - **A handle** has `remove()`, which takes away just this hook. Calling it twice is fine. The handle is a context
#   manager: leaving the `with` block removes the hook, and an error passes through.
# - **`__call__(*args)`** goes like this. Each pre-hook is called with `(self, args)`, where `args` is a tuple. What it
#   returns, if not `None`, replaces `args`: a tuple is taken as it is, anything else is wrapped, as in Predict 5. Then
#   comes `forward(*args)`. Then each forward hook is called with `(self, args, output)`. Its `args` are those that
#   `forward` got. What it returns, if not `None`, replaces the output. The call returns the output.
# - **Order.** Hooks run in the order of registration. One with `prepend=True` goes before all that are there so far.
# - **Changes during a call.** A hook may remove itself; it is through then, and no other is skipped. Hooks that are
#   registered during a call, by whichever hook, count from the next call on. That holds also when the call raised an
#   error: the next call is an ordinary one.


# %% solution="hookable"
class Handle:
    """What registering a hook returns: it can take the hook away again."""

    def __init__(self, hook, handles):
        ### BEGIN SOLUTION
        self.hook = hook
        self.handles = handles
        ### END SOLUTION

    def remove(self):
        ### BEGIN SOLUTION
        if self in self.handles:
            self.handles.remove(self)
        ### END SOLUTION

    def __enter__(self):
        ### BEGIN SOLUTION
        return self
        ### END SOLUTION

    def __exit__(self, *error):
        ### BEGIN SOLUTION
        self.remove()
        ### END SOLUTION


class Hookable:
    """A callable with forward-pre and forward hooks. Derived classes define `forward`."""

    def __init__(self):
        ### BEGIN SOLUTION
        self._pre_handles = []
        self._handles = []
        ### END SOLUTION

    def register_forward_pre_hook(self, hook, *, prepend=False):
        ### BEGIN SOLUTION
        return self._register(self._pre_handles, hook, prepend)
        ### END SOLUTION

    def register_forward_hook(self, hook, *, prepend=False):
        ### BEGIN SOLUTION
        return self._register(self._handles, hook, prepend)

    def _register(self, handles, hook, prepend):
        handle = Handle(hook, handles)
        handles.insert(0 if prepend else len(handles), handle)
        return handle
        ### END SOLUTION

    def __call__(self, *args):
        ### BEGIN SOLUTION
        pre_handles, handles = list(self._pre_handles), list(self._handles)  # what comes later counts later
        for handle in pre_handles:
            result = handle.hook(self, args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for handle in handles:
            result = handle.hook(self, args, output)
            if result is not None:
                output = result
        return output
        ### END SOLUTION


# %% check="hookable"

# %% [markdown]
# The errors in these boxes are quoted from torch 2.15 and Python 3.11. Other versions word some of them differently.
#
# <details><summary>Help: I get <code>RuntimeError: dictionary changed size during iteration</code></summary>
#
# A hook has removed itself, or registered another one, while you walk through the table. Walk over a copy. (With an
# `OrderedDict` it is `OrderedDict mutated during iteration`. With a list there is no error, but one hook is skipped:
# see Predict 10.)
#
# </details>
#
# <details><summary>Help: I get <code>ValueError: list.remove(x): x not in list</code> or <code>KeyError: 0</code></summary>
#
# Somebody removed a hook twice. Ask first whether it is still there. For a dict, `table.pop(key, None)` does both.
#
# </details>
#
# <details><summary>Help: I get <code>TypeError: 'Handle' object does not support the context manager protocol</code></summary>
#
# The handle needs both methods, `__enter__` and `__exit__`, and the second takes three arguments besides `self`.
#
# </details>
#
# <details><summary>Help: an error is swallowed inside <code>with handle:</code></summary>
#
# `__exit__` returns something true. `return self` does that, for one. Return nothing.
#
# </details>
#
# <details><summary>Help: I get <code>AttributeError: 'NoneType' object has no attribute 'remove'</code></summary>
#
# A `register_…` method without `return`: it has to hand out the handle. (If it is `'function' object`, you have
# returned the hook.)
#
# </details>
#
# <details><summary>Help: removing one hook removes another one</summary>
#
# What does your handle remember? A *position* is no longer right when a hook before it has gone, or came with
# `prepend`. And the *function* itself may be registered twice. A number that counts up and is never used again will do,
# or the handle itself.
#
# </details>

# %% [markdown]
# You have now written what torch has, but for the hooks of the backward pass and two or three options. From here on you
# use torch's.
#
# ## A hook on every layer
#
# To watch a whole model, loop over `named_modules()`. In the log you want *names*, and a hook gets the module only, not
# its name. So each hook has to know its name from the start. And there waits the most famous trap of all.
#
# **Predict 12.** Each of the three layers gets a hook that writes the layer's name. What does the log say?

# %%
net3 = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))
seen = []

for name, module in net3.named_children():
    module.register_forward_hook(lambda module, args, output: seen.append(name))

net3(torch.zeros(1, 4))
print(seen)

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# `2`, three times. A function looks its free names up when it *runs*, not when it is written. All three lambdas look up
# the same variable, `name`, and by then the loop is over. That is called **late binding**, and it is plain Python, not
# torch.
#
# </details>
#
# Two ways out. Either a function makes the hook: each of its calls has a `name` of its own. Or a default value, which
# Python computes when the function is defined.

# %%
net3 = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))
made, default = [], []


def writes_name(name):
    def hook(module, args, output):
        made.append(name)

    return hook


for name, module in net3.named_children():
    module.register_forward_hook(writes_name(name))
    module.register_forward_hook(lambda module, args, output, name=name: default.append(name))

net3(torch.zeros(1, 4))
print(made, default)

# %% [markdown]
# Which modules do you hook? In `Reader` you had hooks on all six, and the output of `Sequential` was there a second
# time: it is that of its last layer. So often one hooks the **leaves** only, the modules that have no children.
#
# But a module is not the same as a step of the calculation.
#
# **Predict 13.** This network has one `nn.ReLU`, used twice, and then a `F.relu`. Each module has a hook that writes
# its name. How many entries has the log, and how many of them come from a ReLU?


# %%
class Reused(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b, self.c = nn.Linear(4, 8), nn.Linear(8, 6), nn.Linear(6, 2)
        self.relu = nn.ReLU()
        self.act = self.relu  # a second name for the same module

    def forward(self, x):
        x = self.relu(self.a(x))
        x = self.act(self.b(x))
        return F.relu(self.c(x))


# %% alt="A path of seven boxes: x, a, relu, b, act, c, F.relu, y, joined by arrows. Below the boxes a, relu, b, act and c stand what the hooks wrote, with the shapes: a 1 by 8, relu 1 by 8, b 1 by 6, relu 1 by 6, c 1 by 2. The box act is drawn in the same colour as relu, and its entry says relu. The box F.relu is dashed and grey, and below it stands: nothing."
reused, seen = Reused(), []
for name, module in reused.named_modules():
    if name:
        module.register_forward_hook(lambda module, args, output, name=name: seen.append((name, tuple(output.shape))))
reused(torch.zeros(1, 4))

path = ["a", "relu", "b", "act", "c", "F.relu"]
fig, ax = plt.subplots(figsize=(10.5, 2.3))
for place, step in enumerate(path):
    colour, style = {"relu": (ORANGE, "-"), "act": (ORANGE, "-"), "F.relu": (GREY, "--")}.get(step, (BLUE, "-"))
    box = {"boxstyle": "round,pad=0.5", "facecolor": "white", "edgecolor": colour, "linestyle": style, "linewidth": 2}
    ax.text(place, 0, step, ha="center", va="center", family="monospace", bbox=box)
    name, shape = seen[place] if place < len(seen) else ("nothing", "")
    ax.text(place, -0.75, f"{name}\n{shape}", ha="center", va="center", size=10, color=colour)
for place in range(len(path) + 1):
    ax.annotate("", (place - 0.36, 0), (place - 0.68, 0), arrowprops={"arrowstyle": "->"})
ax.text(-0.85, 0, "x", ha="center", va="center", family="monospace")
ax.text(len(path) - 0.15, 0, "y", ha="center", va="center", family="monospace")
ax.text(-0.85, -0.75, "the hooks\nwrote", ha="center", va="center", size=10, color=GREY, style="italic")
ax.set(xlim=(-1.3, 6.2), ylim=(-1.1, 0.5))
ax.axis("off")
plt.show()
print("named_modules():", [name for name, _ in reused.named_modules()])

# %% [markdown]
# *Figure: what the hooks saw. The same ReLU runs twice, and both times it is the same module with one hook and one
# name. `F.relu` is a function, and leaves no trace.*
#
# <details><summary>What happened, and why</summary>
#
# Five entries, two of them from the ReLU, and both under the name `relu`. `named_modules()` gives every module *object*
# once, under the first name that it meets. So `act` doesn't appear, and one hook on the ReLU sees both uses, with
# different shapes. Statistics "by name" would mix them.
#
# And `F.relu` isn't a module. No hook can see it. When you write a network that somebody may want to look into, give it
# a module for each step.
#
# </details>
#
# There is also the opposite: modules that are there, and never run.
#
# **Predict 14.** `nn.MultiheadAttention` has a child called `out_proj`, a linear layer. Does a hook on it run? And a
# hook on an `nn.ModuleList`, when its layers are called?

# %%
attention, fired = nn.MultiheadAttention(4, 2, batch_first=True), []
for name, module in attention.named_modules():
    module.register_forward_hook(notes(name or "attention", fired))
tokens = torch.rand(1, 3, 4)
attention(tokens, tokens, tokens)
print("modules:", [name or "attention" for name, _ in attention.named_modules()], "  fired:", fired)

layers, fired = nn.ModuleList([nn.Linear(2, 2), nn.Linear(2, 2)]), []
for name, module in layers.named_modules():
    module.register_forward_hook(notes(name or "list", fired))
x = torch.ones(1, 2)
for layer in layers:
    x = layer(x)
print("modules:", [name or "list" for name, _ in layers.named_modules()], "  fired:", fired)

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# Neither does. The attention takes the *weights* of `out_proj` and computes with them by itself; it never calls the
# module. A `ModuleList` is never called, and has nothing that could be.
#
# So a silent hook needn't be a bug of yours. **A hook sees calls, and nothing else.**
#
# </details>

# %% [markdown] exercise="log_shapes"
# Write `log_shapes(model, log)`. It makes a model write down the shapes that flow through it.
#
# - It registers a hook on every leaf of `model`: every module without children. A model that is a single layer is its
#   own leaf, with the name `""`. A module that occurs several times gets one hook, under its first name.
# - From then on, every call of a leaf appends `(qualified name, tuple(output.shape))` to the list `log`.
# - Outputs are not changed.
# - It returns the handles of all its hooks, as a list.
# - (You may assume that every leaf returns a tensor.)


# %% solution="log_shapes"
def log_shapes(model, log):
    """Make every leaf module append (its name, its output's shape) to `log` when called; return the handles."""
    ### BEGIN SOLUTION
    handles = []

    def appends(name):
        def hook(module, args, output):
            log.append((name, tuple(output.shape)))

        return hook

    for name, module in model.named_modules():
        if not list(module.children()):
            handles.append(module.register_forward_hook(appends(name)))
    return handles
    ### END SOLUTION


# %% check="log_shapes"

# %% [markdown]
# <details><summary>Help: every entry has the same name</summary>
#
# Late binding, see Predict 12. Let a function make each hook, or give the name as a default value.
#
# </details>
#
# <details><summary>Help: I get <code>TypeError: linear(): argument 'input' (position 1) must be Tensor, not tuple</code></summary>
#
# Your hook returns something, so it replaced the output, and the next layer got that. A hook that only watches returns
# nothing.
#
# </details>
#
# <details><summary>Help: I get <code>TypeError: log_shapes.&lt;locals&gt;.hook() takes 2 positional arguments but 3 were given</code></summary>
#
# A forward hook is called with three things: the module, its inputs and its output. It has to take all three, also
# those it doesn't need.
#
# </details>
#
# <details><summary>Help: I get <code>AttributeError: 'tuple' object has no attribute 'shape'</code></summary>
#
# You asked the inputs for their shape. They are a tuple, even when there is just one. You want the output here.
#
# </details>
#
# <details><summary>Help: I get <code>TypeError: 'NoneType' object is not callable</code>, at the first forward pass</summary>
#
# You registered the *result* of a call: `register_forward_hook(hook(name))` is right only when `hook(name)` returns a
# function. What was registered is `None`, and nobody noticed until now.
#
# </details>
#
# <details><summary>Help: a module's name is missing, or a container's name is there</summary>
#
# `named_children()` goes one level deep only, and `named_modules()` all the way down. Then leave out those that have
# children: `list(module.children())` is empty for a leaf.
#
# </details>

# %% [markdown]
# ## Leave no trace
#
# In a notebook one runs a cell again and again. This one registers a hook, and throws the handle away.
#
# **Predict 15.** The loop below stands for somebody who runs the two lines in its middle three times. How many notes
# does the call make in each of the three runs? And how many hooks are on the layer in the end, when nobody has a
# handle?

# %%
layer = nn.Linear(2, 2)

for run in (1, 2, 3):
    seen = []
    layer.register_forward_hook(lambda module, args, output: seen.append("!"))  # and the handle is thrown away
    layer(torch.ones(1, 2))
    print(f"run {run}: {len(seen)} notes")

print("hooks on the layer:", len(layer._forward_hooks))

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# One, two, three. Each run adds a hook, and no run takes one away: the layer keeps its hooks, whether somebody has the
# handle or not. (Each run also makes a new list. The old hooks find it all the same: they look up the name `seen` when
# they run, and that is late binding once more.)
#
# This is a **leaked hook**: still there, still working, and nobody has its handle. It takes time and memory, it keeps
# alive whatever it refers to, and sometimes it changes results.
#
# </details>
#
# So keep every handle, and remove it when you are done. *In every case*: also when something goes wrong in between.
#
# **Predict 16.** Two context managers, which are meant to hook a layer for a while. `@contextmanager` makes one from a
# generator: what stands before `yield` runs on entering, what stands after it on leaving. In both cases the layer then
# gets an input of a wrong shape. How many hooks are left?


# %%
@contextmanager
def careless(module):
    handle = module.register_forward_hook(notes("!", []))
    yield
    handle.remove()


@contextmanager
def careful(module):
    handle = module.register_forward_hook(notes("!", []))
    try:
        yield
    finally:
        handle.remove()


def wrong_shape(context):
    """How the error comes out, and how many hooks are left on the layer."""
    layer = nn.Linear(2, 2)

    def visit():
        with context(layer):
            layer(torch.ones(1, 5))

    return outcome(visit), len(layer._forward_hooks)


for context in (careless, careful):
    error, left = wrong_shape(context)
    print(f"{context.__name__}: {left} left. {error}")

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# One, and none. The error appears *at the `yield`*, inside your generator. Without `try` it leaves the function there,
# and the last line never runs. What stands under `finally` runs in any case, and then the error goes on its way. You
# see that from the text: in both cases the caller gets it.
#
# </details>
#
# ### What is in the box?
#
# Now keep something: the output of a layer, to look at it later.
#
# **Predict 17.** A convolution, and after it a ReLU with `inplace=True`, as many networks have it to save memory. A
# hook on the *convolution* keeps its output in three ways. The convolution gives positive and negative numbers. What is
# the smallest number in each of the three boxes afterwards? And which of them needs a gradient?

# %% alt="Three small images in the same colours, violet for negative and orange for positive: what a hook on a convolution has kept of the edges of a cross. Left, output, and middle, output.detach(): only the orange upper edges are there, and the smallest number is 0.00. Right, output.detach().clone(): the violet lower edges as well, and the smallest number is -4.00."
conv = nn.Conv2d(1, 1, 3, padding=1, bias=False)
with torch.no_grad():  # these weights answer to edges: positive where it gets brighter from top to bottom
    conv.weight.copy_(torch.tensor([[-1.0, -2.0, -1.0], [0.0, 0.0, 0.0], [1.0, 2.0, 1.0]]))
in_place_net = nn.Sequential(conv, nn.ReLU(inplace=True))
boxes = {}


def keep(module, args, output):
    boxes["output"] = output
    boxes["output.detach()"] = output.detach()
    boxes["output.detach().clone()"] = output.detach().clone()


handle = conv.register_forward_hook(keep)
cross = torch.zeros(1, 1, 12, 12)
cross[..., 5:7, 2:10] = cross[..., 2:10, 5:7] = 1
in_place_net(cross)
handle.remove()

fig, axes = plt.subplots(1, 3, figsize=(10, 3.4))
for ax, (label, kept) in zip(axes, boxes.items()):
    ax.imshow(kept.detach()[0, 0], cmap="PuOr_r", vmin=-4, vmax=4)
    ax.set_title(f"{label}\nsmallest {kept.min().item():.2f}", family="monospace", size=10)
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_visible(True)
plt.show()
print({label: kept.requires_grad for label, kept in boxes.items()})

# %% [markdown]
# *Figure: one output of a convolution, kept in three ways. The image is a cross, and the convolution answers to edges:
# upper ones positive (orange), lower ones negative (violet). Only the clone shows both. The other two show what the
# ReLU made of it afterwards.*
#
# <details><summary>What happened, and why</summary>
#
# The hook was called at the right time, and two of the boxes are wrong all the same. `output` is the tensor itself, no
# photograph of it. `detach()` gives a new tensor object, but over the *same memory*. The ReLU then writes into that
# memory. Only `clone()` makes a copy.
#
# And `output` hangs on its graph, which keeps everything alive that the backward pass would need. Keep such outputs of
# many batches, and memory fills up. `detach()` is for the graph, `clone()` is for the numbers. **To keep, do both.**
#
# </details>
#
# Now think about who else has hooks on the model. A tool that ends by clearing all tables,
# `module._forward_hooks.clear()`, removes other people's hooks with its own. And whoever first notes what is there, and
# puts it back at the end, throws away what others have added *meanwhile*. There is only one clean way: everyone keeps
# their own handles, and removes by them.

# %% [markdown] exercise="capture"
# Write `capture(model, names)`, a context manager that shows what is inside a model:
#
# ```python
# with capture(model, ["body.0", "head"]) as found:
#     model(images)
# found["body.0"]  # what that layer gave
# ```
#
# - `with capture(model, names) as found:` gives a dict. It fills as the model runs: under each name, the output of the
#   module of that name. When a module runs several times, the last output stays. A name whose module never runs doesn't
#   get in.
# - What is kept is detached, and a copy: whatever is later written in place into the output doesn't reach it.
# - The model's outputs and gradients are what they would be without you.
# - On leaving, all hooks of this capture are removed, and no others: not those that were there before, and not those
#   that somebody adds meanwhile. That holds also when an error comes, whatever its kind. The error passes through.
# - The dict keeps its contents afterwards, and later calls of the model don't touch it.
# - The names are those of `model.named_modules()`; `""` is the model itself. A name that is not among them is a
#   `KeyError` with that name, raised before any hook is registered.
# - Captures may be nested, on the same model and with the same names.


# %% solution="capture"
@contextmanager
def capture(model, names):
    """A context in which a dict is filled on forward: name -> output of the module of that name."""
    ### BEGIN SOLUTION
    modules = dict(model.named_modules())
    wanted = {name: modules[name] for name in names}  # a KeyError comes from here, before anything is registered
    outputs, handles = {}, []

    def keeps(name):
        def hook(module, args, output):
            outputs[name] = output.detach().clone()

        return hook

    try:
        for name, module in wanted.items():
            handles.append(module.register_forward_hook(keeps(name)))
        yield outputs
    finally:
        for handle in handles:
            handle.remove()
    ### END SOLUTION


# %% check="capture"

# %% [markdown]
# <details><summary>Help: I get <code>TypeError: 'generator' object does not support the context manager protocol</code></summary>
#
# A function with `yield` gives a generator. The line `@contextmanager` above it makes a context manager of that. (With
# `'dict' object`, you have returned the dict. A context manager *yields* it.)
#
# </details>
#
# <details><summary>Help: I get <code>RuntimeError: generator didn't yield</code></summary>
#
# Your function came to its end, or to a `return`, before the `yield`.
#
# </details>
#
# <details><summary>Help: I get <code>RuntimeError: generator didn't stop after throw()</code></summary>
#
# There is an `except` around your `yield`, and after it comes another `yield`. A context manager yields once. You don't
# need `except`, only `finally`: the error goes on by itself.
#
# </details>
#
# <details><summary>Help: an error inside the <code>with</code> disappears</summary>
#
# Look for a `return` under `finally`, or for an `except` that doesn't raise again. In a class: `__exit__` returns
# something true.
#
# </details>
#
# <details><summary>Help: with a wrong name I get the <code>KeyError</code>, but hooks are left</summary>
#
# You look a name up, hook it, and go on to the next name. When the third is wrong, two are hooked already. Look all the
# names up first.
#
# </details>
#
# <details><summary>Help: what I captured has no negative numbers</summary>
#
# See Predict 17. Something wrote into the output after you had kept it.
#
# </details>

# %% [markdown]
# *This is a good place for a break.*
#
# ## Change what goes in
#
# So far you have watched. Now you interfere. A typical use of a pre-hook: the network was trained on inputs with mean 0
# and standard deviation 1, and somebody hands it raw pixels.
#
# **Predict 18.** This pre-hook subtracts 100, in place. The same image goes through the layer three times. What does
# the layer see each time? And what is in the caller's image afterwards?


# %%
class Sees(nn.Module):
    def forward(self, x):
        print("    the layer sees", x.tolist())
        return x


def subtracts(module, args):
    args[0].sub_(100)


sees, image = Sees(), torch.tensor([100.0, 150.0])
sees.register_forward_pre_hook(subtracts)
for _ in range(3):
    sees(image)
print("the caller has", image.tolist())
print(outcome(lambda: sees(torch.tensor([100.0], requires_grad=True))))

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# Each call subtracts another 100, from the caller's own tensor. In a training loop the second epoch would see other
# images than the first. And for an input that needs a gradient it is an error: autograd forbids overwriting it.
#
# A pre-hook that changes something **returns new inputs** and leaves the old ones alone. As they are a tuple, the first
# input has to be replaced in a *new tuple*, with all the others still in it. Predict 5 shows how to go wrong there.
#
# </details>
#
# And when something is wrong with the *settings*, a standard deviation of 0 for one? Then it is best to say so at once,
# where the mistake is made, rather than in the middle of the first forward pass, hours later perhaps.

# %% [markdown] exercise="normalize_inputs"
# Write `normalize_inputs(model, mean, std)`. From then on the model normalises its own inputs.
#
# - `mean` and `std` are Python numbers. A forward-pre hook replaces the first positional input `x` by
#   `(x - mean) / std`. All other inputs stay as they are.
# - The caller's tensor is not touched. Gradients flow back to it.
# - It returns the handle. After `handle.remove()` the model is as before.
# - With a `std` of 0 it raises a `ValueError`, at once, and registers nothing.
# - (You may assume that the model is called with at least one positional input.)


# %% solution="normalize_inputs"
def normalize_inputs(model, mean, std):
    """Make the model's first positional input (x - mean) / std; return the handle."""
    ### BEGIN SOLUTION
    if std == 0:
        raise ValueError("std must not be 0")

    def hook(module, args):
        x, *others = args
        return ((x - mean) / std, *others)

    return model.register_forward_pre_hook(hook)
    ### END SOLUTION


# %% check="normalize_inputs"

# %% [markdown]
# <details><summary>Help: I get <code>TypeError: unsupported operand type(s) for -: 'tuple' and 'float'</code></summary>
#
# You compute with all the inputs, and they are a tuple. Take the first one out.
#
# </details>
#
# <details><summary>Help: I get <code>TypeError: Linear.forward() takes 2 positional arguments but 3 were given</code></summary>
#
# Your hook returned too many inputs. (Or too few: `Bilinear.forward() missing 1 required positional argument:
# 'input2'`.) What it returns replaces all of them, see Predict 5.
#
# </details>
#
# <details><summary>Help: I get <code>TypeError: linear(): argument 'input' (position 1) must be Tensor, not list</code></summary>
#
# A list counts as one input. Return a tuple.
#
# </details>
#
# <details><summary>Help: I get <code>RuntimeError: a leaf Variable that requires grad is being used in an in-place operation.</code></summary>
#
# `-=`, `/=`, `sub_` and `div_` write into the caller's tensor. Compute a new one.
#
# </details>

# %% [markdown]
# ## Change what comes out
#
# What is a channel good for? One way to find out is to switch it off and look what the network can still do. That is
# called **ablation**. A forward hook on the layer can do it.
#
# **Predict 19.** The hook below sets channel 0 to zero, in place. It is registered on the last layer but one of three
# networks, and on a `Flatten` alone. Where does it work, where is it an error, and what else may it do?


# %%
def zero_in_place(module, args, output):
    output[:, 0] = 0


networks = {
    "after Linear": [nn.Linear(3, 4), nn.Linear(4, 1)],
    "after ReLU": [nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 1)],
    "after Sigmoid": [nn.Linear(3, 4), nn.Sigmoid(), nn.Linear(4, 1)],
}
for label, parts in networks.items():
    network = nn.Sequential(*parts)
    network[-2].register_forward_hook(zero_in_place)
    message = outcome(lambda: network(torch.ones(2, 3)).sum().backward())
    print(f"{label:14} {'fine' if message is None else str(message).split(':  ')[0][:92]}")

flatten, pixels = nn.Flatten(), torch.ones(1, 2, 2)
flatten.register_forward_hook(zero_in_place)
flatten(pixels)
print(f"{'after Flatten':14} the caller's pixels: {pixels.flatten().tolist()}")

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# After the linear layer it works. After ReLU and Sigmoid it is an error, and only in the backward pass: these layers
# need their own output to compute the gradient, torch has noted its version, and sees that somebody has written into
# it. After `Flatten`, the output is a *view* of the input, so the hook writes into the caller's data.
#
# Whether an in-place change is harmless depends on the layer. A new tensor is always harmless.
#
# </details>
#
# And the gradient? Where the output was set to zero, it doesn't depend on the layer any more. So the gradient there has
# to be zero, and everywhere else it is as before. Multiplying by zeros and ones does just that, and so does
# `torch.where`.
#
# **Predict 20.** Below, the channel is zeroed in a copy under `no_grad`. The output has the right numbers. What is
# wrong?


# %%
def zero_without_grad(module, args, output):
    with torch.no_grad():
        output = output.clone()
        output[:, 0] = 0
    return output


def zero_by_mask(module, args, output):
    mask = torch.tensor([0.0, 1.0, 1.0, 1.0])
    return output * mask


for hook in (zero_without_grad, zero_by_mask):
    network = nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 1))
    network[0].register_forward_hook(hook)
    network(torch.ones(2, 3)).sum().backward()
    gradient = network[0].weight.grad
    print(f"{hook.__name__:18} gradient of the first layer:", None if gradient is None else gradient[:, 0].tolist())

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# What is computed under `no_grad` has no history. The graph ends there, the first layer gets no gradient at all, and
# there is no error: the second layer still learns, so `backward()` has something to do.
#
# A hook that changes an output computes a part of the network. So compute as in `forward`: with autograd looking on.
#
# </details>

# %% [markdown] exercise="ablate"
# Write `ablate(module, channels)`. It switches channels of a module's output off.
#
# - `channels` is a list of distinct indices, with at least one in it.
# - A forward hook replaces the output by one in which these channels are zero. The channels are in dimension 1, so for
#   an output of shape `(N, C, H, W)` whole images are zero, and for `(N, C)` single numbers. All else is as before.
# - The module's own output is not written into.
# - Gradients flow back through all the other channels as before, and none through these.
# - It returns the handle.
# - (You may assume that all outputs are finite, without `nan` and `inf`.)


# %% solution="ablate"
def ablate(module, channels):
    """Set these channels (dimension 1) of the module's output to zero, out of place; return the handle."""
    ### BEGIN SOLUTION

    def hook(module, args, output):
        mask = torch.ones_like(output)
        mask[:, channels] = 0
        return output * mask

    return module.register_forward_hook(hook)
    ### END SOLUTION


# %% check="ablate"

# %% [markdown]
# <details><summary>Help: I get <code>RuntimeError: one of the variables needed for gradient computation has been modified by an inplace operation</code></summary>
#
# You write into the output, see Predict 19. Make a new tensor.
#
# </details>
#
# <details><summary>Help: I get <code>IndexError: index 7 is out of bounds for dimension 0 with size 5</code></summary>
#
# `output[channels]` picks from dimension 0: whole samples, not channels. Dimension 1 is `output[:, channels]`.
#
# </details>
#
# <details><summary>Help: I get <code>RuntimeError: The size of tensor a (8) must match the size of tensor b (4) at non-singleton dimension 3</code></summary>
#
# A mask of shape `(4,)` is lined up with the *last* dimension. It has to have as many dimensions as the output, or one
# entry for each of the output's: `torch.ones_like(output)` is the easiest.
#
# </details>
#
# <details><summary>Help: nothing is switched off, and there is no error</summary>
#
# Does your hook *return* the new tensor? Rebinding a local name has no effect, see Predict 4.
#
# </details>

# %% [markdown]
# ## Listen to the gradients
#
# A full backward hook gets `(module, grad_input, grad_output)`. Two names, and much confusion. One reads, for example,
# that in the backward pass `grad_input` comes *in* to the module, and `grad_output` goes *out*. The names do sound like
# it. Don't believe it, and don't believe the opposite either. Find out.
#
# **Predict 21.** The layer maps 3 features to 2, for a batch of 4. `x` and `y` are its input and output, and both keep
# their gradients. What are the shapes of `grad_input[0]` and `grad_output[0]`? And which of them equals `x.grad`, and
# which `y.grad`?

# %%
torch.manual_seed(0)
layer, found = nn.Linear(3, 2), {}


def look(module, grad_input, grad_output):
    found["grad_input"], found["grad_output"] = grad_input[0], grad_output[0]


layer.register_full_backward_hook(look)
x = torch.randn(4, 3, requires_grad=True)
y = layer(x)
y.retain_grad()
(y**2).mean().backward()

for name, gradient in found.items():
    equal_to = [other for other, tensor in (("x.grad", x.grad), ("y.grad", y.grad)) if torch.equal(gradient, tensor)]
    print(f"{name:12} {tuple(gradient.shape)}   equals {equal_to}")

print()
print("grad_output @ weight gives grad_input: ", torch.allclose(found["grad_output"] @ layer.weight, x.grad))
print("grad_output.T @ x gives weight.grad:   ", torch.allclose(found["grad_output"].T @ x, layer.weight.grad))

# %% alt="A box, y = x W transposed + b, with arrows. Above, the forward pass in blue from left to right: x of shape 4 by 3 enters the box at the left, y of shape 4 by 2 leaves it at the right. Below, the backward pass in orange from right to left: grad_output, the gradient of y, of shape 4 by 2, enters the box at the right; grad_input, the gradient of x, of shape 4 by 3, leaves it at the left. From the box an arrow leads down to weight.grad and bias.grad. Marks show where the hooks listen: the backward-pre hook where grad_output enters, the backward hook where grad_input leaves."
fig, ax = plt.subplots(figsize=(10.5, 3.9))
box = {"boxstyle": "round,pad=1.6", "facecolor": "white", "edgecolor": "black", "linewidth": 2}
ax.text(0, 0.1, "y = x·Wᵀ + b", ha="center", va="center", size=14, bbox=box)


def arrow(start, end, colour):
    ax.annotate("", end, start, arrowprops={"arrowstyle": "->", "color": colour, "linewidth": 2.2})


for start, end in (((-4.5, 0.5), (-1.45, 0.5)), ((1.45, 0.5), (4.5, 0.5))):
    arrow(start, end, BLUE)
for start, end in (((4.5, -0.3), (1.45, -0.3)), ((-1.45, -0.3), (-4.5, -0.3))):
    arrow(start, end, ORANGE)
arrow((0, -0.5), (0, -1.6), ORANGE)
ax.text(-3.1, 0.68, "x   (4, 3)", ha="center", color=BLUE)
ax.text(3.1, 0.68, "y   (4, 2)", ha="center", color=BLUE)
ax.text(3.1, -0.6, "grad_output: of y   (4, 2)", ha="center", color=ORANGE, weight="bold")
ax.text(-3.1, -0.6, "grad_input: of x   (4, 3)", ha="center", color=ORANGE, weight="bold")
ax.text(0, -1.85, "weight.grad, bias.grad", ha="center", color=ORANGE)
for x_place, text in ((-3.1, "full backward hook:\nmay return another grad_input"),
                      (3.1, "full backward-pre hook:\nmay return another grad_output")):  # fmt: skip
    ax.annotate(text, (x_place, -0.68), (x_place, -1.75), ha="center", color=GREY, size=10,
                arrowprops={"arrowstyle": "-", "linestyle": ":", "color": GREY})  # fmt: skip
ax.text(-4.65, 0.5, "forward", color=BLUE, va="center", ha="right", style="italic")
ax.text(4.65, -0.3, "backward", color=ORANGE, va="center", style="italic")
ax.set(xlim=(-5.9, 5.9), ylim=(-2.2, 1.2))
ax.axis("off")
plt.show()

# %% [markdown]
# *Figure: a layer in both directions. `grad_output` belongs to the output `y`; going backward, it comes **in**, at the
# right. `grad_input` belongs to the input `x`; going backward, it goes **out**, at the left. The gradients of the
# weights are made on the way, from `grad_output`, and no module hook gets them.*
#
# <details><summary>What happened, and why</summary>
#
# The names don't tell a direction. They tell *whose* gradient it is: `grad_output` is the gradient of the output,
# `grad_input` that of the input. Each has the shape of its tensor. Going backward, the output's gradient arrives first,
# and from it the layer computes all others.
#
# So what you read above was just the wrong way round. And `grad_input` is not the gradient of the weights. That one is
# in `weight.grad`.
#
# </details>
#
# Both are tuples, one entry for each positional input, one for each output. An entry is `None` where there is no
# gradient: for an input that needs none, or that is no tensor. You met that in Predict 8, with its warning. It is
# normal for the first layer of a network.
#
# What does a *returned* gradient change?
#
# **Predict 22.** Two layers. A hook on the *second* replaces a gradient by zeros: first a full backward hook, then a
# full backward-pre hook. Whose weights still get a gradient? Look at the drawing.


# %%
def zero_grad_input(module, grad_input, grad_output):
    return tuple(torch.zeros_like(gradient) for gradient in grad_input)


def zero_grad_output(module, grad_output):
    return tuple(torch.zeros_like(gradient) for gradient in grad_output)


for method, hook in (("register_full_backward_hook", zero_grad_input),
                     ("register_full_backward_pre_hook", zero_grad_output)):  # fmt: skip
    two = nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 2))
    getattr(two[1], method)(hook)
    two(torch.ones(5, 3)).sum().backward()
    alive = [bool(layer.weight.grad.any()) for layer in two]
    print(f"{method:32} first layer gets a gradient: {alive[0]!s:6} second: {alive[1]}")

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# The full backward hook is at the left end of the drawing. When it returns another `grad_input`, the gradients of the
# layer's own weights are computed already. Only *earlier* layers see the change. The backward-pre hook is at the right
# end, before everything: the layer's own weights see it, too.
#
# That difference decides whether clipping by hooks works. Lesson 5 makes an experiment of it.
#
# </details>
#
# Do not change these gradients in place. The documentation forbids it. Sometimes it has an effect and sometimes none,
# and nothing tells you which.
#
# **Predict 23.** A gradient is measured by its norm, and the norm depends on the loss. Here is `grad_output` of the
# last layer, when the loss is the *sum* or the *mean* of the outputs, for batches of 1, 4 and 16. Which way does each
# go?

# %%
last = nn.Linear(3, 1)
norms = []
last.register_full_backward_hook(lambda module, grad_input, grad_output: norms.append(grad_output[0].norm().item()))
print("batch     sum    mean")
for size in (1, 4, 16):
    norms.clear()
    outputs = last(torch.ones(size, 3, requires_grad=True))
    outputs.sum().backward(retain_graph=True)
    outputs.mean().backward()
    print(f"{size:5} {norms[0]:7.2f} {norms[1]:7.2f}")

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# With a sum each entry of the gradient is 1, so the norm is √N: it grows. With a mean each entry is 1/N, and the norm
# is 1/√N: it shrinks. So compare gradients only between runs with the same loss *and* the same batch size.
#
# The cell also went backward twice through the same graph, and the hook ran twice. A hook runs at each backward pass.
#
# </details>
#
# **Predict 24.** A module that is used twice in one forward pass gets two gradients. Which use does the hook see
# *last*? And a second question: one hook is removed after `forward` and before `backward`, and another is registered
# there. Which of them runs?

# %%
reused, order = Reused(), []
reused.relu.register_forward_hook(lambda module, args, output: order.append(("forward", tuple(output.shape))))
reused.relu.register_full_backward_hook(lambda module, gi, go: order.append(("backward", tuple(go[0].shape))))
reused(torch.ones(1, 4)).sum().backward()
print(order)

layer, seen = nn.Linear(2, 2), []
early = layer.register_full_backward_hook(notes("registered before forward", seen))
result = layer(torch.ones(1, 2, requires_grad=True)).sum()
early.remove()
layer.register_full_backward_hook(notes("registered after forward", seen))
result.backward()
print(seen)

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# The backward pass meets the last use first. So of a module that is used twice, the hook sees the *first* use last.
#
# And the removed hook runs, the new one doesn't. The call of the module weaves its backward hooks into the graph, on
# the way forward. What you register or remove afterwards counts from the next forward pass. (So a forward pass under
# `no_grad` makes no graph, and no backward hook will ever run for it.)
#
# </details>
#
# There is an old method, too, `register_backward_hook`, without the `full`. You still find it in answers on the web.

# %%
layer = nn.Linear(3, 2)
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    layer.register_backward_hook(lambda module, gi, go: print("grad_input:", [tuple(g.shape) for g in gi]))
    layer(torch.ones(4, 3, requires_grad=True)).sum().backward()
for warning in caught[:1]:
    print(str(warning.message).split(" This hook")[0])

# %% [markdown]
# It doesn't look at the module, but at the last operation that `forward` did. For a linear layer these are gradients of
# the bias, the input and the transposed weight, in that order. Leave it alone.

# %% [markdown] exercise="record_gradients"
# Write `record_gradients(model)`. It notes how large the gradients are at each layer. It returns two things, `records`
# and `handles`, in this order.
#
# - It registers a full backward hook on every leaf of `model`, a module without children. A module that occurs several
#   times gets one hook, under its first name. Other names don't occur.
# - `records` is a dict, empty at first. When the hook of a leaf has run, `records[name]` is a dict with two entries:
#   `"grad_input"` and `"grad_output"`. Each is the 2-norm over *all* entries of the tuple that are not `None` (as if
#   they were one long vector), as a Python float, or `None` where there is no such entry.
# - The last run counts: each time that a hook runs, it replaces both numbers.
# - Gradients are not changed.
# - `handles` holds all the handles, in a list for one.
# - (You may assume that the model has no in-place modules.)


# %% solution="record_gradients"
def record_gradients(model):
    """Record the 2-norms of each leaf module's grad_input and grad_output; return (records, handles)."""
    ### BEGIN SOLUTION
    records, handles = {}, []

    def norm(gradients):
        squares = [gradient.square().sum() for gradient in gradients if gradient is not None]
        return sum(squares).sqrt().item() if squares else None

    def records_as(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if not list(module.children()):
            handles.append(module.register_full_backward_hook(records_as(name)))
    return records, handles
    ### END SOLUTION


# %% check="record_gradients"

# %% [markdown]
# <details><summary>Help: I get <code>AttributeError: 'NoneType' object has no attribute 'norm'</code></summary>
#
# One of the entries is `None`, as for the first layer of a network. Leave those out.
#
# </details>
#
# <details><summary>Help: I get <code>AttributeError: 'tuple' object has no attribute 'norm'</code></summary>
#
# `grad_input` and `grad_output` are tuples, even when there is one tensor only.
#
# </details>
#
# <details><summary>Help: I get <code>UserWarning: Full backward hook is firing when gradients are computed with respect to module outputs since no inputs require gradients.</code></summary>
#
# No fault of yours. It is Predict 8: the input of that layer needs no gradient, so there is none to show.
#
# </details>
#
# <details><summary>Help: I get <code>RuntimeError: Backward hook returned an invalid number of grad_input, got 2, but expected 1</code></summary>
#
# Your hook returns something, and torch takes it for a new `grad_input`. To watch, return nothing. (To change, return a
# *tuple*. For a bare tensor, its length is taken for the number of entries: the batch size, of all things.)
#
# </details>
#
# <details><summary>Help: I get <code>RuntimeError: Output 0 of BackwardHookFunction is a view and is being modified inplace. […]</code></summary>
#
# There is an in-place module behind a hooked one, or one is hooked itself: `nn.ReLU(inplace=True)` for example. To hook
# a module, torch hands its output on as a view, and writing into that is forbidden. Build the model without `inplace`.
#
# </details>

# %% [markdown]
# ## Whose hooks are these?
#
# Models are copied, saved, and passed on. What happens to the hooks?
#
# **Predict 25.** A layer with a hook is copied by `copy.deepcopy`. Then the handle's `remove()` is called. How many
# hooks has the original, and how many the copy? And when the copy runs, where does its hook write?

# %%
seen = []
original = nn.Linear(2, 2)
handle = original.register_forward_hook(lambda module, args, output: seen.append("!"))
double = copy.deepcopy(original)
handle.remove()

print("hooks on the original:", len(original._forward_hooks), "  on the copy:", len(double._forward_hooks))
double(torch.ones(1, 2))
print("the list that the hook of the original wrote into:", seen)

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# None, and one. The copy has a table of its own with a hook in it, and your handle knows the original's table only.
# *Nobody* has a handle for the hook of the copy. And both hooks are the same function: so the copy goes on writing into
# your list.
#
# People copy models to keep the best one, or to make an average of weights. With hooks on it, the copy brings along
# everything that you had on the original. Copy first, hook afterwards.
#
# </details>
#
# **Predict 26.** The same, but the hook is a *method* of an object, a counter. The copy runs three times. What does the
# counter say? And can a layer be saved that has a lambda for a hook? Its `state_dict`?


# %%
class Counter:
    def __init__(self):
        self.calls = 0

    def hook(self, module, args, output):
        self.calls += 1


counter, original = Counter(), nn.Linear(2, 2)
original.register_forward_hook(counter.hook)
double = copy.deepcopy(original)
for _ in range(3):
    double(torch.ones(1, 2))
(copied,) = double._forward_hooks.values()
print(f"counter: {counter.calls}   the counter inside the copy: {copied.__self__.calls}")

original.register_forward_hook(lambda module, args, output: None)
print("the layer:     ", str(outcome(lambda: torch.save(original, io.BytesIO()))).split(" <")[0])
print(
    "its state_dict:", "saved" if outcome(lambda: torch.save(original.state_dict(), io.BytesIO())) is None else "error"
)

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# Zero. `deepcopy` doesn't copy functions, but a method hangs on its object, and *that* is copied. So the copy counts
# for itself, in a counter that you have no name for.
#
# To save a whole module, Python has to save its hooks as well, and it can't save a lambda. A `state_dict` has names and
# tensors only, and no hooks. One more reason to save that.
#
# </details>
#
# So before you trust a model that you were given, count its hooks. They lie in dicts, in the module's own `__dict__`.
# Here are all the names in it that have to do with hooks.
#
# **Predict 27.** In which of these dicts does an entry appear, when you register a hook of each kind below? One kind
# leaves entries in *two* of them, with one hook registered.

# %%
REGISTER = {
    "forward-pre": lambda m: m.register_forward_pre_hook(notes("", [])),
    "forward": lambda m: m.register_forward_hook(notes("", [])),
    "forward, with_kwargs": lambda m: m.register_forward_hook(notes("", []), with_kwargs=True),
    "full backward-pre": lambda m: m.register_full_backward_pre_hook(notes("", [])),
    "full backward": lambda m: m.register_full_backward_hook(notes("", [])),
    "state_dict": lambda m: m.register_state_dict_pre_hook(notes("", [])),
    "on the weight itself": lambda m: m.weight.register_hook(notes("", [])),
}
print([name for name in vars(nn.Linear(2, 2)) if "hook" in name], "\n")
for label, register in REGISTER.items():
    layer = nn.Linear(2, 2)
    register(layer)
    filled = [name for name, value in vars(layer).items() if "hook" in name and isinstance(value, dict) and value]
    print(f"{label:21} {filled}")

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# Four dicts hold hooks that run when the module runs: two forward, two backward. (The legacy `register_backward_hook`
# uses the dict of the full ones, and `_is_full_backward_hook`, which is no dict, says which kind it is.)
#
# The dicts with `with_kwargs` and `always_called` in their names hold *flags* for hooks that are counted already. Those
# with `state_dict` run on saving and loading. And a hook on a tensor is with the tensor, not with the module.
#
# </details>
#
# Not every hook is a leak. Parts of torch itself work by hooks:

# %%
import torch.nn.utils.prune as prune

layer = nn.Linear(4, 4)
prune.random_unstructured(layer, "weight", amount=0.5)
print([type(hook).__name__ for hook in layer._forward_pre_hooks.values()])

# %% [markdown]
# Pruning computes the weight anew before each `forward`, in a pre-hook. Clear that table, and the layer goes on
# computing with a weight that nobody updates.

# %% [markdown] exercise="count_hooks"
# Write `count_hooks(module)`. It tells how many hooks there are on a model.
#
# - It counts the forward-pre, the forward, the backward-pre and the backward hooks, full or legacy, on `module` itself
#   and on everything below it.
# - Each hook counts once, whatever options it was registered with. A module that occurs in several places is counted
#   once.
# - Hooks for saving and loading don't count, and neither do hooks on tensors, nor those for all modules at once.
# - The result is an `int`.


# %% solution="count_hooks"
def count_hooks(module):
    """How many forward-pre, forward, backward-pre and backward hooks the module and its descendants have."""
    ### BEGIN SOLUTION
    return sum(
        len(hooks)
        for part in module.modules()
        for hooks in (part._forward_pre_hooks, part._forward_hooks, part._backward_pre_hooks, part._backward_hooks)
    )
    ### END SOLUTION


# %% check="count_hooks"

# %% [markdown]
# <details><summary>Help: I get <code>TypeError: object of type 'NoneType' has no len()</code></summary>
#
# You take every name in `__dict__` with "hook" in it. `_is_full_backward_hook` is `None`, `True` or `False`, and no
# dict. And of the dicts not all count: see Predict 27.
#
# </details>
#
# <details><summary>Help: I count too many</summary>
#
# A hook with options is noted in a second dict. And a shared module may come twice: `modules()` gives each object once,
# `named_modules(remove_duplicate=False)` doesn't.
#
# </details>
#
# <details><summary>Help: I count too few</summary>
#
# Look at *all* modules below, not at the direct children only. And a container can have hooks as well.
#
# </details>

# %% [markdown]
# ## All instruments together
#
# No exercise, just a reward. Here is a task without data: images of 8×8 pixels with a bar, which is horizontal,
# vertical, or diagonal. A small network learns it. Your tools hang on it, and not a line of the network knows of them.
# Where a tool isn't there yet, the cells say so. Come back when it is.


# %%
def draw_bars(count):
    """Images (count, 1, 8, 8) with values up to about 260, and their classes: 0 horizontal, 1 vertical, 2 diagonal."""
    pictures, classes = torch.rand(count, 1, 8, 8) * 0.6, torch.randint(0, 3, (count,))
    line = torch.arange(8)
    for picture, kind in zip(pictures[:, 0], classes.tolist()):
        place = int(torch.randint(1, 7, ()))
        if kind == 0:
            picture[place] += 0.7
        elif kind == 1:
            picture[:, place] += 0.7
        else:
            picture[line, line] += 0.7
    return pictures * 200, classes


class BarReader(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.relu1 = nn.Conv2d(1, 6, 3, padding=1), nn.ReLU()
        self.conv2, self.relu2 = nn.Conv2d(6, 6, 3, padding=1), nn.ReLU()
        self.pool, self.flat, self.head = nn.AdaptiveMaxPool2d(2), nn.Flatten(), nn.Linear(24, 3)

    def forward(self, x):  # (N, 1, 8, 8)
        x = self.relu1(self.conv1(x))
        x = self.relu2(self.conv2(x))
        return self.head(self.flat(self.pool(x)))  # (N, 3)


waiting = {}


def attempt(name, action):
    """What `action` makes of your function of that name; None where that doesn't work yet, with a note in `waiting`."""
    waiting.pop(name, None)
    try:
        return action(globals()[name])
    except Exception as error:
        waiting[name] = type(error).__name__
        return None


def remove_all(handles):
    for handle in handles:
        handle.remove()


# %%
torch.manual_seed(0)
pictures, classes = draw_bars(600)
test_pictures, test_classes = draw_bars(300)
bar_reader = BarReader()
mean, std = pictures.mean().item(), pictures.std().item()


def accuracy():
    with torch.no_grad():
        return (bar_reader(test_pictures).argmax(1) == test_classes).float().mean().item()


def train_bar_reader(records, steps=120):
    """Train, and after each step note the gradients that `records` has; returns them by layer."""
    optimizer = torch.optim.Adam(bar_reader.parameters(), lr=0.003)
    curves = {name: [] for name in ("conv1", "conv2", "head")}
    for _ in range(steps):
        chosen = torch.randint(0, len(pictures), (64,))
        loss = F.cross_entropy(bar_reader(pictures[chosen]), classes[chosen])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        for name in curves:
            if name in records:
                curves[name].append(records[name]["grad_output"])
    return curves


def start_recording(f):
    records, handles = f(bar_reader)
    return records, list(handles)


try:
    attempt("normalize_inputs", lambda f: f(bar_reader, mean, std))  # this hook stays: it is a part of the model now
    records, handles = attempt("record_gradients", start_recording) or ({}, [])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about the first layer: its input needs no gradient
        curves = train_bar_reader(records)
    remove_all(handles)
    print(f"accuracy on new images: {accuracy():.0%}")
except Exception as error:
    waiting["normalize_inputs or record_gradients"] = type(error).__name__
    print(f"Not yet: {type(error).__name__}: {str(error)[:100]}")
    print("A hook of yours stops the network. Its check tells you why.")

# %% [markdown]
# One call shows the shapes, and one the pictures inside. Then each channel of `relu2` is switched off alone.
#
# **Predict 28.** How many of the six channels can the network do without? And how many hooks are on it in the end?


# %% alt="Three parts, shown when the tools are written. Top left, the norm of grad_output at three layers over 120 training steps, on a logarithmic scale: all three fall by more than a factor of ten. Top right, the accuracy when each of six channels is switched off alone: most bars are at or near 100 percent, some are clearly lower. Bottom, an image with a bar, and beside it what each of the six channels of relu2 makes of it."
def accuracy_without(f, channel):
    handle = f(bar_reader.relu2, [channel])
    try:
        return accuracy()
    finally:
        handle.remove()


def look_inside(f):
    with torch.no_grad(), f(bar_reader, ["relu2"]) as found:
        bar_reader(test_pictures[:1])
    return found["relu2"][0]


def list_shapes(f):
    shapes = []
    handles = f(bar_reader, shapes)
    bar_reader(test_pictures)
    remove_all(handles)
    return shapes


shapes = attempt("log_shapes", list_shapes)
maps = attempt("capture", look_inside)
without = attempt("ablate", lambda f: [accuracy_without(f, channel) for channel in range(6)])
left = attempt("count_hooks", lambda f: f(bar_reader))
for name, shape in shapes or []:
    print(f"{name:6} {shape}")

if waiting:
    print("The figure waits for:", ", ".join(f"{name} ({error})" for name, error in waiting.items()))
else:
    try:
        fig = plt.figure(figsize=(10.5, 5.6), layout="constrained")
        top, bottom = fig.subfigures(2, 1, height_ratios=(3, 2))
        gradients, ablation = top.subplots(1, 2)
        for (name, curve), colour, style in zip(curves.items(), (BLUE, ORANGE, GREEN), ("-", "--", ":")):
            gradients.plot(curve, style, color=colour, label=name)
        gradients.set(yscale="log", xlabel="training step", title="norm of grad_output")
        gradients.legend()
        bars = ablation.bar(range(6), [100 * share for share in without], color=BLUE)
        ablation.bar_label(bars, fmt="%.0f%%")
        ablation.set(xlabel="channel of relu2 that is off", title="accuracy without it", ylim=(0, 115))
        for number, ax in enumerate(bottom.subplots(1, 7)):
            ax.imshow(test_pictures[0, 0] if number == 0 else maps[number - 1], cmap="gray")
            ax.set(title="image" if number == 0 else f"channel {number - 1}", xticks=[], yticks=[])
        plt.show()
        print(f"hooks on the network in the end: {left}")
    except Exception as error:
        plt.close("all")
        print(f"Not yet: {type(error).__name__}: {error}")

# %% [markdown]
# *Figure: what your tools saw. Top left, the gradients that arrive at three layers while the network learns. Top right,
# its accuracy when one channel is switched off. Bottom, an image and what the six channels of `relu2` make of it. (It
# appears when the tools are written.)*
#
# <details><summary>What happened, and why</summary>
#
# The gradients shrink as the loss does. Of the channels, most can be missed one at a time: what such a channel knows,
# others know as well, or nobody needs it. Only a few are really needed. Look at the pictures and guess what those
# respond to.
#
# One hook is left, and it is no leak: that of `normalize_inputs`. It belongs to the network now. All the others are
# gone.
#
# </details>

# %% [markdown]
# ## Summary
#
# - Hooks live in **`__call__`**. Who calls `forward` directly goes past them. A hook sees calls of modules and nothing
#   else: no functions, and no module that isn't called.
# - `args` is a **tuple** of the positional inputs. **Returning `None` changes nothing**, anything else replaces. A
#   pre-hook returns all inputs, as a tuple.
# - Order of registration; `prepend=True` goes to the front. Modules nest like parentheses, and the backward pass is the
#   mirror image.
# - A **handle** is the only clean way to take a hook away. Keep it; `with` and `try … finally` remove it in every case.
# - A loop variable is looked up late. Let a function make each hook.
# - To keep an output: **`detach()` for the graph, `clone()` for the numbers**. To change one: something new, never in
#   place.
# - **`grad_output` is the gradient of the output, `grad_input` that of the input.** A returned `grad_input` reaches
#   earlier layers only.
# - Backward hooks are woven in during the forward pass.
# - `deepcopy` copies hooks, and no handle leads to the copies.
#
# **What you can now do.** You can look into any model while it runs, forward and backward, and change what flows
# through it. You know what you may rely on, since you have written the mechanism yourself. And nobody will find out
# that you were there.
#
# Run `progress()` to see what is left. In lesson 5 these tools go to work: you measure what happens in a network, clip
# its gradients, and find out what is wrong with networks that are ill.
#
# ## Further reading
#
# - [`torch.nn.Module`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html): read the `register_…`
#   methods, with their options `prepend`, `with_kwargs` and `always_call`.
# - [Modules](https://docs.pytorch.org/docs/stable/notes/modules.html#module-hooks), in the notes of PyTorch's
#   documentation: its section on module hooks.
# - [Autograd mechanics](https://docs.pytorch.org/docs/stable/notes/autograd.html): its section on the execution of
#   backward hooks tells when each fires, those on tensors included.
# - [`torch/nn/modules/module.py`](https://github.com/pytorch/pytorch/blob/main/torch/nn/modules/module.py): read
#   `_call_impl`. You have written half of it. `RemovableHandle` is in
#   [`torch/utils/hooks.py`](https://github.com/pytorch/pytorch/blob/main/torch/utils/hooks.py), with `BackwardHook`,
#   the part that does the weaving.
# - [`contextlib`](https://docs.python.org/3/library/contextlib.html), in Python's library: `contextmanager`, and
#   `ExitStack` for many handles at once.
# - M. D. Zeiler and R. Fergus, [Visualizing and understanding convolutional networks](https://arxiv.org/abs/1311.2901):
#   what one can see with activations and ablation.
