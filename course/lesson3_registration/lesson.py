# %% [markdown]
# # Lesson 3: inside `_parameters`
#
# You have written modules, and you have trained one. All the time `nn.Module` was doing something behind your back: it
# noticed what you assigned, it found every weight, it saved and loaded them by name. In this lesson you open it, look
# at every part, and then build the parts yourself.
#
# There is no magic inside. It is bookkeeping: three dicts, and a handful of short methods around them. At the end a
# network trains on a base class of *your own*, and does step by step what its twin on `nn.Module` does.
#
# **After this lesson you can**
#
# - say where a module keeps each thing that you assign to it, and how it is found again;
# - write classes that decide what an assignment means, with `__setattr__`, `__getattr__` and `__delattr__`;
# - walk a tree of modules: list what is in it, switch it, save it and restore it, in torch's order;
# - handle the awkward cases: shared weights, `None`, names used twice, states that are views of the live model;
# - settle a claim about torch by an experiment, instead of believing it.
#
# **You need** lesson 1, Python classes, and recursion: a function that calls itself. Lesson 2 is not needed.
#
# **Time and difficulty.** About five hours, two thirds of it for the seven exercises; two sittings are better than one.
# Difficulty ●●●○○. Two exercises are harder: `mini_module` and `restore_state`. A good place for a break is after
# `mini_module`.
#
# **How this notebook works** is as before: *predict*, *run*, *write*, *check*. Answer each question before you run the
# cell below it. The whole notebook takes less than a minute. No GPU, no data. If you are stuck, run `hint("where_is")`
# in any cell; `progress()` shows how far you are. The exercises don't depend on each other.

# %% setup=true

# %% given=true
import torch
import torch.nn.functional as F
from torch import nn

# %%
import textwrap

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
# ## Open the box
#
# Every ordinary Python object keeps its attributes in a dict, its `__dict__`. `vars(thing)` shows it. A module is an
# ordinary Python object, so let us look.
#
# **Predict 1.** Here is `nn.Linear(3, 2)`. Which of these five names are keys of its `__dict__`: `weight`, `bias`,
# `in_features`, `training`, `forward`? All five can be read as attributes.

# %%
layer = nn.Linear(3, 2)
for name in ("weight", "bias", "in_features", "training", "forward"):
    print(f"{name:12} can be read: {hasattr(layer, name)}   in __dict__: {name in vars(layer)}")

hooks = [name for name in vars(layer) if "hook" in name]
print(f"\nin __dict__ are {len(vars(layer))} names; {len(hooks)} of them have to do with hooks. The others:")
print(", ".join(name for name in vars(layer) if name not in hooks))

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# Only `in_features` and `training` are there. `forward` is found in the class, as methods are. And `weight` and `bias`
# are not in the object's `__dict__` at all: they are one level deeper, in a dict of their own, that is called
# `_parameters`.
#
# A fresh module is a `__dict__` with a few more dicts in it. Most of those wait for hooks, and are empty. They get
# lesson 4. The rest is what this lesson is about.
#
# </details>
#
# | in `__dict__` | what it holds |
# |---|---|
# | `_parameters` | name → Parameter, or `None` |
# | `_buffers` | name → tensor, or `None` |
# | `_modules` | name → module, or `None` |
# | `_non_persistent_buffers_set` | the names of those buffers that are not to be saved |
# | `training` | `True` or `False` |
#
# The first three are the **tables**, as we shall call them here: three of the four drawers of lesson 1. The fourth
# drawer is the `__dict__` itself.
#
# Now a real network, small, but with a bit of everything.


# %%
class Digits(nn.Module):
    """Reads images of 8×8 pixels."""

    def __init__(self):
        super().__init__()
        self.classes = 10
        self.body = nn.Sequential(nn.Conv2d(1, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU())
        self.head = nn.Linear(256, self.classes, bias=False)
        self.scale = nn.Parameter(torch.ones(1))
        self.register_buffer("mean", torch.zeros(1))

    def forward(self, x):  # (N, 1, 8, 8)
        x = self.body(x - self.mean)  # (N, 4, 8, 8)
        return self.scale * self.head(x.flatten(1))  # (N, 10)


digits = Digits()
print(tuple(digits(torch.zeros(5, 1, 8, 8)).shape))

# %% [markdown]
# **Predict 2.** How many parameters does `digits.parameters()` yield? And how many entries does `digits._parameters`
# have?
#
# - A: 6 and 6. The root knows everything, so that the optimizer can ask it.
# - B: 6 and 1. The root knows its own.
# - C: 6 and 0. The dict is filled when somebody asks.

# %%
print("parameters() yields", len(list(digits.parameters())))
for table in ("_parameters", "_buffers", "_modules"):
    print(f"digits.{table:12} {list(getattr(digits, table))}")

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# B. `parameters()` yields 6, and the root's own table has one entry: `scale`, which was assigned to the root itself.
# The other five lie in the tables of the modules below.
#
# Nowhere is there a list of all parameters. There is a *tree*, each module knows its own things and its children, and
# whoever wants them all has to walk. `parameters()` walks anew each time that you call it.
#
# </details>
#
# The function below draws any module as such a tree, one card a module, from nothing but its three tables.


# %%
# Drawing code: nothing to learn here, just run it.
TABLES = {"_parameters": BLUE, "_buffers": ORANGE, "_modules": GREEN}
WIDTH, LINE, SCALE = 4.8, 0.36, 0.62  # a card's width, a line's height; inches for one of either


def card_lines(name, module):
    """The lines of a module's card: its name, then what is in each of the three tables."""
    lines = [(row, "black") for row in textwrap.wrap(f"{name or 'root'}: {type(module).__name__}", 40)]
    for table, colour in TABLES.items():
        held = [key if value is not None else f"{key} (None)" for key, value in getattr(module, table).items()]
        for number, row in enumerate(textwrap.wrap(", ".join(held), 27) or ["–"]):
            lines.append((f"{table if number == 0 else '':12} {row}", colour if held else GREY))
    return lines


def draw_cards(ax, module, name="", depth=0, top=0.0):
    """Draw a module's card and, to its right, those of its children. Returns where it lies, and where it ends."""
    lines, x, below, places = card_lines(name, module), depth * (WIDTH + 0.9), top, []
    height, edge = LINE * len(lines) + 0.16, x + WIDTH
    for key, child in module._modules.items():
        if child is not None:
            place, below = draw_cards(ax, child, f"{name}.{key}" if name else key, depth + 1, below)
            places.append(place)
    middle = min((places[0] + places[-1]) / 2 if places else top, top - height / 2)
    for place in places:
        ax.plot([edge, edge + 0.45, edge + 0.45, edge + 0.9], [middle, middle, place, place], color=GREEN)
    ax.add_patch(plt.Rectangle((x, middle - height / 2), WIDTH, height, facecolor="white", edgecolor=GREY, zorder=2))
    for row, (text, colour) in enumerate(lines):
        y = middle + height / 2 - LINE * (row + 0.5) - 0.08
        weight = "bold" if colour == "black" else "normal"
        ax.text(x + 0.12, y, text, va="center", color=colour, zorder=3, size=8.5, family="monospace", weight=weight)
    return middle, min(below, middle - height / 2 - 0.3)


def draw_module(module):
    """A figure of the tree of modules, with the three tables of each."""

    def levels(owner):
        return 1 + max((levels(child) for child in owner._modules.values() if child is not None), default=0)

    fig = plt.figure()
    ax = fig.add_axes((0, 0, 1, 1))
    _, end = draw_cards(ax, module)
    right = levels(module) * (WIDTH + 0.9) - 0.8
    ax.set(xlim=(-0.1, right), ylim=(end + 0.2, 0.1))
    fig.set_size_inches((right + 0.1) * SCALE, -end * SCALE)
    ax.axis("off")
    plt.show()


# %% alt="A tree of six cards, from left to right. The root, Digits: in _parameters scale, in _buffers mean, in _modules body and head. Its child body, a Sequential, has only _modules: 0, 1 and 2. Body's children: a Conv2d with the parameters weight and bias; a BatchNorm2d with the parameters weight and bias and the buffers running_mean, running_var and num_batches_tracked; a ReLU whose three tables are empty. The root's other child, head, is a Linear with the parameters weight, and bias, which is None."
draw_module(digits)

# %% [markdown]
# *Figure: the network as torch keeps it. Each card is one module with its own three tables. A line leads from an entry
# in `_modules` to the child's card. A dash stands for an empty table.*
#
# Your turn: draw a module that you know, for example `draw_module(nn.TransformerEncoderLayer(8, 2))`.
#
# In the card of `head` there is an oddity: `bias (None)`. The layer was built with `bias=False`.
#
# **Predict 3.** Does `head` have an attribute `bias`? And is it listed in `_parameters`, in `named_parameters()`, in
# `state_dict()`?

# %%
head = digits.head
print("hasattr:         ", hasattr(head, "bias"), "- its value:", head.bias)
print("_parameters:     ", list(head._parameters))
print("named_parameters:", [name for name, _ in head.named_parameters()])
print("state_dict:      ", list(head.state_dict()))

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# The name is registered, with `None` for a value. That is how a module says "here could be a parameter, but there is
# none". So `forward` may read `self.bias` without asking whether it exists, and `F.linear` takes `None` for no bias.
# Everything that walks the tree has to skip such entries. Your code will have to, too.
#
# </details>
#
# How does reading work, when `weight` is not in the `__dict__`? Python looks for an attribute in this order:
#
# 1. in the object's `__dict__`, and in its class and the classes above, where methods are (a property of the class goes
#    before the `__dict__`, a method after it);
# 2. only when all that fails, it calls the class's method `__getattr__(name)`, if there is one.
#
# `nn.Module` has one. It looks into `_parameters`, then `_buffers`, then `_modules`, and raises an `AttributeError` if
# the name is in none of them.
#
# **Predict 4.** So what is registered comes *last*. Somebody keeps his layers under the name `children`, which is also
# a method of `nn.Module`. Is the layer registered? And what does `family.children` give?

# %%
family = nn.Module()
family.children = nn.Linear(2, 2)

print("registered:     ", list(family._modules))
print("family.children:", type(family.children).__name__)
print("parameters:     ", [name for name, _ in family.named_parameters()])

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# It is registered, its parameters are found and trained, and you can't reach it by its name: the method hides it, and a
# `forward` that uses `self.children` gets the method. Only `family._modules["children"]` still leads to the layer. (With
# a *parameter* torch is more careful: `family.children = nn.Parameter(…)` is a `KeyError`.)
#
# So "can be read as an attribute" and "is registered" are two questions. The tables answer the second one.
#
# </details>
#
# One thing more about names. `getattr` takes one name, not a path:

# %%
print(outcome(lambda: getattr(digits, "body.0.weight")))
print(type(digits.get_parameter("body.0.weight")).__name__)

# %% [markdown]
# `get_parameter` splits the path at its dots, and goes down one module at a time. Below, you do the same.

# %% [markdown] exercise="where_is"
# Write `where_is(module, name)`. It tells where a module keeps what `name` leads to, and returns one of five words:
#
# - `"parameter"`, `"buffer"` or `"module"`: the name is registered in that table. What is registered as `None` counts
#   as well: for `nn.Linear(3, 2, bias=False)`, `bias` is a `"parameter"`. The tables come first, also where a method
#   hides the name, as with `children` in Predict 4.
# - `"attribute"`: it is in none of the three tables, but can be read as an attribute, wherever Python finds it: in the
#   instance, in the class, or a method.
# - `"missing"`: neither.
#
# The name may have dots, like `"body.0.weight"`. Then every part but the last must be a registered submodule that is
# not `None`; if one is not, the answer is `"missing"`. So for `digits`, `"body.0.stride"` is an `"attribute"`, while
# `"scale.data"` is `"missing"`: `scale` is no module.


# %% solution="where_is"
def where_is(module, name):
    """Where `module` keeps what `name` leads to."""
    ### BEGIN SOLUTION
    *path, last = name.split(".")
    for part in path:
        module = module._modules.get(part)
        if module is None:
            return "missing"
    for kind, table in (("parameter", "_parameters"), ("buffer", "_buffers"), ("module", "_modules")):
        if last in getattr(module, table):
            return kind
    return "attribute" if hasattr(module, last) else "missing"
    ### END SOLUTION


# %% check="where_is"

# %% [markdown]
# The errors in these boxes are quoted from torch 2.15 and Python 3.11. Other versions word some of them differently.
#
# <details><summary>Help: I get <code>AttributeError: 'Sequential' object has no attribute '0.weight'</code></summary>
#
# You asked for a whole path at once. Split it at the dots first, `name.split(".")`, and go down part by part.
#
# </details>
#
# <details><summary>Help: I get <code>KeyError: 'body'</code></summary>
#
# `some_dict["body"]` raises when the key isn't there. Ask first, with `in`, or use `some_dict.get("body")`, which gives
# `None` then. (And `None` is just what counts as missing on the way.)
#
# </details>
#
# <details><summary>Help: I get <code>AttributeError: 'Parameter' object has no attribute '_modules'</code></summary>
#
# You went down by `getattr`, and it led you into something that is no module. Only what is in `_modules` counts as a
# step on the way.
#
# </details>
#
# <details><summary>Help: <code>bias</code> is an "attribute" for me, but a "parameter" was expected</summary>
#
# Does your code look at the *value*, for example with `isinstance(value, nn.Parameter)`? For a layer without bias the
# value is `None`. Look for the *name* among the keys of the table.
#
# </details>

# %% [markdown]
# ## What an assignment does
#
# Now the other direction: how does anything get into the tables? You write `self.weight = nn.Parameter(…)`, an ordinary
# assignment. Python lets a class decide what that means. There are three special methods for it:
#
# | you write | Python runs |
# |---|---|
# | `thing.x = 5` | `type(thing).__setattr__(thing, "x", 5)`: always |
# | `del thing.x` | `type(thing).__delattr__(thing, "x")`: always |
# | `thing.x` | `type(thing).__getattr__(thing, "x")`: only where the usual search found nothing |
#
# The usual behaviour is inherited from `object`: `object.__setattr__(self, name, value)` puts the value into the
# `__dict__`, and `object.__delattr__(self, name)` takes it out.
#
# **Predict 5.** `Loud` reports when it is asked. Which lines does each of the five statements print?


# %%
class Loud:
    def __setattr__(self, name, value):
        print(f"    __setattr__ {name!r}, {value!r}")
        object.__setattr__(self, name, value)

    def __getattr__(self, name):
        print(f"    __getattr__ {name!r}")
        return 42


loud = Loud()
for statement in ("loud.x = 1", "loud.x", "loud.y", "loud.x += 1", 'hasattr(loud, "z")'):
    print(statement)
    exec(statement)
print("hasattr says", hasattr(loud, "anything"))

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# `loud.x = 1` runs `__setattr__`, and so does the second half of `loud.x += 1`. Reading `loud.x` prints nothing: the
# usual search finds it in the `__dict__`. Only `loud.y` gets as far as `__getattr__`.
#
# `hasattr` is nothing but an attempt to read, and it says no when an `AttributeError` comes. `Loud` never raises one,
# so it claims to have every attribute in the world. **A `__getattr__` must end in an `AttributeError`** for what it
# doesn't know. Nothing else will do: with a `KeyError`, `hasattr` itself would fail.
#
# </details>
#
# There is one trap, and everybody who writes these methods falls into it once.
#
# **Predict 6.** Two harmless-looking classes. What does each of the two lines at the bottom give?


# %%
class Setter:
    def __setattr__(self, name, value):
        self.latest = name  # remember what was assigned last


class Getter:
    def __getattr__(self, name):
        return self.table[name]  # there is no table yet


print(outcome(lambda: setattr(Setter(), "x", 1)))
print(outcome(lambda: Getter().x))

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# Both call themselves for ever. `self.latest = …` inside `__setattr__` is an assignment, so it runs `__setattr__`. In
# `__getattr__`, `self.table` is not found by the usual search, so it runs `__getattr__`, for `table` this time.
#
# Two ways out, and you'll need both:
#
# - to *store*, call `object.__setattr__(self, name, value)`, or write into `self.__dict__`;
# - to *look*, use `self.__dict__`. It is always found, by the usual search, even when it is empty.
#
# </details>
#
# With that you can read what `nn.Module` does. Rather than its source, look at its behaviour. In the next cell a name
# `x` is taken already, by a parameter, a module, a buffer or a plain attribute, and then it gets a new value.
#
# **Predict 7.** Go through the rows of the table below, and say for each cell what `x` is afterwards, or whether there
# is an error. One cell is a surprise: it breaks the symmetry between parameters and modules. Which one?

# %% alt="A table of five rows and five columns, coloured by where the name x is afterwards. Rows, what x was: nothing, a plain attribute, a buffer, a parameter, a module. Columns, what is assigned: a Parameter, a Linear, a tensor, None, the number 3. Nothing and plain attribute: parameter, module, attribute, attribute, attribute. Buffer: parameter, module, buffer, buffer with None, TypeError. Parameter: parameter, TypeError, TypeError, parameter with None, TypeError. Module: parameter, module, TypeError, module with None, TypeError."
VALUES = {
    "a Parameter": lambda: nn.Parameter(torch.ones(2)),
    "a Linear": lambda: nn.Linear(2, 2),
    "a tensor": lambda: torch.zeros(2),
    "None": lambda: None,
    "3": lambda: 3,
}
WAS = {
    "nothing": lambda m: None,
    "a plain attribute": lambda m: setattr(m, "x", "plain"),
    "a buffer": lambda m: m.register_buffer("x", torch.ones(2)),
    "a parameter": lambda m: setattr(m, "x", nn.Parameter(torch.zeros(2))),
    "a module": lambda m: setattr(m, "x", nn.ReLU()),
}
SHADES = {"parameter": "#CFE3F1", "module": "#CDEBDD", "buffer": "#F8DCCB", "attribute": "#EFEFEF"}


def after_assignment(prepare, value):
    """In which table `x` is after the assignment, or the name of the error."""
    module = nn.Module()
    prepare(module)
    try:
        module.x = value
    except Exception as error:
        return type(error).__name__
    for table in ("_parameters", "_buffers", "_modules"):
        if "x" in getattr(module, table):
            return table[1:-1]
    return "attribute"


fig, ax = plt.subplots(figsize=(9.5, 3.3))
for row, (was, prepare) in enumerate(WAS.items()):
    for column, (label, make) in enumerate(VALUES.items()):
        word = after_assignment(prepare, make())
        ax.add_patch(plt.Rectangle((column, row), 0.96, 0.92, facecolor=SHADES.get(word, "white"), edgecolor=GREY))
        shown = f"{word}\n(None)" if label == "None" and word != "attribute" else word
        ax.text(column + 0.48, row + 0.46, shown, ha="center", va="center", size=10,
                color="black" if word in SHADES else ORANGE, weight="normal" if word in SHADES else "bold")  # fmt: skip
    ax.text(-0.1, row + 0.46, f"x was {was}", ha="right", va="center")
for column, label in enumerate(VALUES):
    ax.text(column + 0.48, -0.25, label, ha="center", va="center", weight="bold")
ax.text(-0.1, -0.25, "then x = …", ha="right", va="center", weight="bold")
ax.set(xlim=(-1.75, 5), ylim=(5.05, -0.5))
ax.axis("off")
plt.show()

# %% [markdown]
# *Figure: what a name is after an assignment, as torch has it. Each row is what the name was before, each column what
# is assigned. In nearly every cell the type of the new value decides. A registered name accepts `None`, which keeps the
# registration, and refuses values that don't fit.*
#
# <details><summary>What happened, and why</summary>
#
# Three rules explain the table:
#
# - A Parameter or a module goes to its own table, and the name disappears from wherever it was.
# - A name in a table is protected. `None` keeps the name there, with `None` for a value. Another value is a
#   `TypeError`. Only a buffer may be replaced by any tensor.
# - Everything else is an ordinary attribute.
#
# The surprise is *parameter, then Linear*: a `TypeError`, while *module, then Parameter* works. It is no deep reason,
# but the order of the questions. Torch asks "is it a Parameter?", then "is the name a parameter's?", and that question
# comes before "is it a module?".
#
# </details>
#
# Why must the name *disappear* from where it was? Because reading stops at the first hit. A name that stayed behind in
# the `__dict__` would hide the new parameter: trained and saved, and never used by `forward`. And two entries of
# one name in two tables would fight for one key in the `state_dict`.
#
# Here are the rules as a drawing. It is what you are going to write, with the one asymmetry left out.

# %% alt="A decision drawing. First question: is the value a Parameter or a module? If yes: did __init__ run? If not, AttributeError; if yes, take the name out of everywhere else, then put the value into _parameters or _modules. If the value is neither, second question: is the name in _parameters or in _modules? If yes: None keeps the name with None, anything else is a TypeError. If no, third question: is the name in _buffers? If yes: a tensor or None replaces the buffer, anything else is a TypeError. If no: an ordinary attribute in __dict__."
QUESTION = {"boxstyle": "round4,pad=0.5", "facecolor": "white", "edgecolor": "black", "linewidth": 1.5}
steps = [
    ("Is the value a Parameter\nor a module?", [
        ("__init__ has run", "take the name out of everywhere else,\nthen into _parameters or _modules", BLUE),
        ("it hasn't", "AttributeError", ORANGE)]),
    ("Is the name in _parameters\nor in _modules?", [
        ("value is None", "the name stays, with None", GREEN),
        ("anything else", "TypeError", ORANGE)]),
    ("Is the name\nin _buffers?", [
        ("tensor or None", "replaces the buffer", GREEN),
        ("anything else", "TypeError", ORANGE)]),
]  # fmt: skip
fig, ax = plt.subplots(figsize=(10.5, 5))
ax.text(0, 1.15, "self.name = value", family="monospace", ha="center", va="center", weight="bold")
ax.annotate("", (0, 0.5), (0, 0.95), arrowprops={"arrowstyle": "->"})
for row, (question, branches) in enumerate(steps):
    y = -1.9 * row
    ax.text(0, y, question, ha="center", va="center", bbox=QUESTION)
    ax.annotate("", (0, y - 1.35), (0, y - 0.55), arrowprops={"arrowstyle": "->"})
    ax.text(0.12, y - 0.95, "no", va="center", style="italic")
    ax.text(1.95, y + 0.15, "yes", ha="center", style="italic")
    for (case, result, colour), offset in zip(branches, (0.45, -0.5)):
        ax.plot([0, 2.4, 2.7], [y, y, y + offset], color="black", linewidth=1, zorder=1)
        ax.text(2.8, y + offset, case, va="center", style="italic")
        ax.annotate("", (5.1, y + offset), (4.55, y + offset), arrowprops={"arrowstyle": "->", "color": colour})
        box = {"boxstyle": "round,pad=0.35", "facecolor": "white", "edgecolor": colour, "linewidth": 1.8}
        ax.text(5.3, y + offset, result, va="center", bbox=box)
box = {"boxstyle": "round,pad=0.45", "facecolor": "white", "edgecolor": GREY, "linewidth": 1.8}
ax.text(0, -5.65, "an ordinary attribute,\nin __dict__", ha="center", va="center", bbox=box)
ax.set(xlim=(-1.8, 9.2), ylim=(-6.2, 1.4))
ax.axis("off")
plt.show()

# %% [markdown]
# *Figure: what happens to `self.name = value`. The type of the value is asked first, then whether the name is taken by
# a parameter or a module, then by a buffer. Whatever falls through all three questions is an ordinary attribute.*
#
# "`__init__` has run" is a question that you'll ask in an unusual way.
#
# **Predict 8.** `Early` assigns something *before* it calls `super().__init__()`. For which of the three values is that
# an error?


# %%
class Early(nn.Module):
    def __init__(self, value):
        self.thing = value
        super().__init__()


for value in (3, nn.Parameter(torch.ones(1)), nn.Linear(1, 1)):
    print(f"{type(value).__name__:10}", outcome(lambda: sorted(Early(value).__dict__)[-2:]))

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# The number is fine: it goes straight into the `__dict__`. For the other two there is no table to go to, as it is
# `__init__` that makes the tables. Torch could let Python complain about a missing dict. It looks, and says what is
# wrong instead: "before Module.__init__() call".
#
# How does one look, without falling into the trap of Predict 6? By `"_parameters" in self.__dict__`.
#
# </details>
#
# **Predict 9.** And when `__init__` runs *twice*? How many parameters has the layer afterwards?

# %%
layer = nn.Linear(3, 2)
nn.Module.__init__(layer)
print(len(list(layer.parameters())), "parameters;", outcome(lambda: layer.weight))

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# None. `__init__` makes new, empty tables, and whatever was in the old ones is gone. So a `super().__init__()` in the
# *middle* of your `__init__` would throw away all that was registered before it, if torch didn't raise an error first.
#
# </details>
#
# The tables are dicts, and dicts keep an order. It is the order of `parameters()`, and an optimizer's saved state goes
# by *position*, not by name. So it pays to know when the order changes.
#
# **Predict 10.** A module has the parameters `a`, `b`, `c`. Then `a` is changed in one of four ways. Where is `a` in
# the order afterwards?

# %% alt="Five rows of three boxes, the names in _parameters in their order. At first: a, b, c. After m.a = nn.Parameter: a, b, c, with a new. After m.a = None: a with None, b, c. After m.a = None and then a Parameter: a, b, c, with a new. After del m.a and then a Parameter: b, c, a, with a new, last."


def new():
    return nn.Parameter(torch.zeros(1))


def assign(module, *values):
    for value in values:
        module.a = value


def delete_and_assign(module):
    del module.a
    module.a = new()


CHANGES = {
    "at first": lambda m: None,
    "m.a = nn.Parameter(…)": lambda m: assign(m, new()),
    "m.a = None": lambda m: assign(m, None),
    "m.a = None; m.a = nn.Parameter(…)": lambda m: assign(m, None, new()),
    "del m.a; m.a = nn.Parameter(…)": delete_and_assign,
}
fig, ax = plt.subplots(figsize=(9, 3))
for row, (label, change) in enumerate(CHANGES.items()):
    m = nn.Module()
    m.a, m.b, m.c = new(), new(), new()
    old = dict(m._parameters)
    change(m)
    ax.text(-0.2, row, label, ha="right", va="center", family="monospace", size=10)
    for place, (name, value) in enumerate(m._parameters.items()):
        kept = value is old[name]
        text = f"{name}: None" if value is None else name if kept else f"{name}: new"
        ax.add_patch(plt.Rectangle((place * 1.1, row - 0.36), 1, 0.72, edgecolor=BLUE, linewidth=1.5,
                                   facecolor="white" if kept else SHADES["parameter"]))  # fmt: skip
        ax.text(place * 1.1 + 0.5, row, text, ha="center", va="center", weight="normal" if kept else "bold")
ax.set(xlim=(-4.4, 3.4), ylim=(4.6, -0.6))
ax.axis("off")
plt.show()

# %% [markdown]
# *Figure: the names in `_parameters`, in order, after four changes of `a`. A new value and `None` keep the place. After
# `del`, the name comes back in the last place.*
#
# <details><summary>What happened, and why</summary>
#
# A dict keeps a key's place as long as the key stays, whatever happens to its value. Deleting takes the key away, and a
# new key goes to the end. That is one more reason to "remove" a bias by `= None` and not by `del`. (The other:
# `forward` can still read it.)
#
# </details>
#
# Last, four errors to know by sight. You'll raise their like yourself.

# %%
norm = nn.BatchNorm1d(3)
print(outcome(lambda: norm.nothing))
print(outcome(lambda: norm.register_buffer("weight", torch.ones(3))))
print(outcome(lambda: norm.register_buffer("forward", torch.ones(3))))
print(outcome(lambda: setattr(norm, "running_mean", 3.0)))

# %% [markdown] exercise="mini_module"
# Write the bookkeeping of `nn.Module` yourself: the class `MiniModule`, *not* derived from `nn.Module`. It has no
# `forward`, no `parameters()`, only what decides about attributes. The headers of five methods are given, as a
# suggestion; add more as you like.
#
# - **Setting up.** `MiniModule()`, or `super().__init__()` in a class derived from it, makes the dicts `_parameters`,
#   `_buffers` and `_modules`, and sets `training` to `True`.
# - **Assigning a Parameter or a module.** A Parameter goes to `_parameters`. An `nn.Module` or a `MiniModule` goes to
#   `_modules`. Neither goes into `__dict__`. It replaces whatever had the name, a parameter, a module, a buffer or a
#   plain attribute, so that the name is in one place only. (Here you are more generous than torch: a module may replace
#   a parameter, too.)
# - **Assigning `None`** to a registered name, of any of the three kinds, keeps the name where it is, with `None`.
# - **Assigning anything else** to the name of a parameter or a module is a `TypeError`, whose text has the name in it.
#   To the name of a buffer: a tensor replaces the buffer, anything else is a `TypeError`. In all other cases it is an
#   ordinary attribute.
# - **Too early.** A Parameter or a module assigned before `__init__` has run is an `AttributeError`, whose text
#   contains `init`. (An ordinary attribute may come before.)
# - **`register_buffer(name, tensor)`** puts a tensor, or `None`, into `_buffers`. If the name is a buffer already, it
#   is replaced. If anything else has the name, an ordinary attribute or a method included, it is a `KeyError`. A value
#   that is neither tensor nor `None` is a `TypeError`. As in torch, a name that is no text is a `TypeError`, and one that
#   is empty or has a dot in it a `KeyError`: dots stand between the parts of a qualified name. (There is no `persistent`
#   here.)
# - **Reading** finds all three kinds by `self.name`. What is nowhere is an `AttributeError`, with the name of the class
#   and the name of the attribute in its text, also before `__init__` has run.
# - **`del self.name`** works for all three kinds, and for ordinary attributes.


# %% solution="mini_module"
class MiniModule:
    """The bookkeeping of nn.Module, and nothing else."""

    def __init__(self):
        ### BEGIN SOLUTION
        for table in ("_parameters", "_buffers", "_modules"):
            object.__setattr__(self, table, {})
        object.__setattr__(self, "training", True)
        ### END SOLUTION

    def __setattr__(self, name, value):
        ### BEGIN SOLUTION
        if isinstance(value, nn.Parameter):
            self._register("_parameters", name, value)
        elif isinstance(value, (nn.Module, MiniModule)):
            self._register("_modules", name, value)
        elif (table := self._table_of(name)) is None:
            object.__setattr__(self, name, value)
        elif value is None or (table == "_buffers" and isinstance(value, torch.Tensor)):
            self.__dict__[table][name] = value
        else:
            raise TypeError(f"cannot assign {type(value).__name__} to {name!r}, which is in {table}")

    def _table_of(self, name):
        """The table in which the name is registered, or None."""
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, ()):  # before __init__ there are no tables
                return table
        return None

    def _register(self, table, name, value):
        """Put the value into the table, and take its name out of everywhere else."""
        if table not in self.__dict__:
            raise AttributeError(f"cannot assign {name!r} before MiniModule.__init__() was called")
        if (other := self._table_of(name)) not in (None, table):
            del self.__dict__[other][name]
        self.__dict__.pop(name, None)
        self.__dict__[table][name] = value
        ### END SOLUTION

    def register_buffer(self, name, tensor):
        ### BEGIN SOLUTION
        if not isinstance(name, str):
            raise TypeError(f"a buffer's name is a text, and not a {type(name).__name__}")
        if not name or "." in name:
            raise KeyError(f"{name!r} is no name for a buffer: it is empty, or has a dot in it")
        if name not in self._buffers and hasattr(self, name):
            raise KeyError(f"attribute {name!r} already exists")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"cannot register {type(tensor).__name__} as buffer {name!r}")
        self._buffers[name] = tensor
        ### END SOLUTION

    def __getattr__(self, name):
        ### BEGIN SOLUTION
        if (table := self._table_of(name)) is not None:
            return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        ### END SOLUTION

    def __delattr__(self, name):
        ### BEGIN SOLUTION
        if (table := self._table_of(name)) is not None:
            del self.__dict__[table][name]
        else:
            object.__delattr__(self, name)
        ### END SOLUTION


# %% check="mini_module"

# %% [markdown]
# <details><summary>Help: I get <code>RecursionError: maximum recursion depth exceeded</code></summary>
#
# One of your special methods calls itself, see Predict 6. In `__setattr__`, look for `self.something = …` and
# `setattr(self, …)`. In `__getattr__`, look for `self.something` that may not be there yet. `self.__dict__` is always
# safe. (It happens with objects whose `__init__` has not run.)
#
# </details>
#
# <details><summary>Help: I get <code>AttributeError: 'MiniModule' object has no attribute '_parameters'</code></summary>
#
# Your `__setattr__` reads `self._parameters` while `__init__` is still about to make it: `self._parameters = {}` is an
# assignment, too, and goes through your `__setattr__`. Store it past your own method, with `object.__setattr__`.
#
# </details>
#
# <details><summary>Help: I get <code>TypeError: argument of type 'NoneType' is not iterable</code></summary>
#
# `name in self.__dict__.get("_parameters")`, at a time when there are no tables. Give `get` something to fall back on,
# that is empty: `.get("_parameters", {})`.
#
# </details>
#
# <details><summary>Help: I get <code>KeyError: 'weight'</code> where an AttributeError was expected</summary>
#
# `__getattr__` looked the name up in a table without asking first. Whoever reads an attribute expects an
# `AttributeError`. `hasattr` lets no other error pass as a no.
#
# </details>
#
# <details><summary>Help: I get <code>AttributeError: 'MiniModule' object has no attribute 'weight'</code> from <code>del</code></summary>
#
# The usual `object.__delattr__` looks only into the `__dict__`. Look into the tables first.
#
# </details>
#
# <details><summary>Help: a name is in two places</summary>
#
# Assign a Parameter to a name, then a Linear, then look into `_parameters`, `_modules` and `__dict__`. What was there
# has to go, from *all* other places, before or after you put the new value in.
#
# </details>

# %% [markdown]
# *This is a good place for a break. The hardest part is behind you.*
#
# ## Walk the tree
#
# Every question about a whole model is answered by walking: `named_parameters()`, `train()`, `state_dict()`, `.to()`.
# The pattern is always the same. Do something with the module's own tables, then the same with each child. A function
# that calls itself, in other words, and one that hands out its findings one by one: a **generator**.
#
# **Predict 11.** `count` yields a number, and then everything that a smaller `count` yields. `count_wrong` lacks one
# word. What do the two lists contain?


# %%
def count(n):
    yield n
    if n > 1:
        yield from count(n - 1)


def count_wrong(n):
    yield n
    if n > 1:
        yield count_wrong(n - 1)


print(list(count(3)))
print(str(list(count_wrong(3))).split(" at ")[0], "...")

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# `yield from` hands out each item of the inner generator. `yield` alone hands out the inner generator itself, as one
# item: a box instead of what is in it. (A function that collects everything into a list and returns it is just as good.
# It then has to add up the lists that its own calls return.)
#
# </details>
#
# **Predict 12.** Look at `Digits` again, near the top: `scale` is assigned *after* `body` and `head`. Where does it stand
# in `named_parameters()`?

# %%
print([name for name, _ in digits.named_parameters()])
print([name for name, _ in digits.named_parameters(prefix="model")][:2], "...")
print([name for name, _ in digits.named_parameters(recurse=False)])

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# In the first place. A module's own parameters come before those of its children, whenever they were assigned. Then the
# first child with all that is below it, then the second: **depth first**. Inside one table the order is that of the
# dict.
#
# The qualified name is the path, with dots. A `prefix` is put in front, with a dot of its own unless it is empty. With
# `recurse=False` the walk stops at the module itself.
#
# </details>
#
# So far it was a tree. But nothing keeps you from using a module, or a parameter, in two places. Language models do it:
# the table that turns words into vectors also turns vectors back into words.


# %%
class TinyLM(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(50, 8)
        self.block = nn.Linear(8, 8)
        self.again = self.block  # the same module, a second time
        self.out = nn.Linear(8, 50, bias=False)
        self.out.weight = self.embed.weight  # the same Parameter, in another module


# %% [markdown]
# **Predict 13.** Count for `TinyLM`: how many names does `named_parameters()` give, how many `named_modules()` (the
# root, named `""`, is one), and how many `state_dict()`?

# %%
lm = TinyLM()
print("named_parameters:", [name for name, _ in lm.named_parameters()])
print("named_modules:   ", [name for name, _ in lm.named_modules()])
print("state_dict:      ", list(lm.state_dict()))

# %% alt="A drawing with two columns. Left, six names in the order of the walk: embed.weight, block.weight, block.bias, again.weight, again.bias, out.weight. Right, three Parameter objects of shapes 50 by 8, 8 by 8, and 8. Solid arrows lead from the first three names to the three objects; dashed arrows lead from again.weight and again.bias to the objects of block, and from out.weight to the object of embed."
yielded = {name for name, _ in lm.named_parameters()}
every = list(lm.named_parameters(remove_duplicate=False))
objects = list(dict.fromkeys(parameter for _, parameter in every))
numbers = {id(parameter): number for number, parameter in enumerate(objects)}

fig, ax = plt.subplots(figsize=(8.5, 3.4))
for row, (name, parameter) in enumerate(every):
    first, target = name in yielded, 2 * numbers[id(parameter)] + 0.5
    ax.text(0, row, name, ha="right", va="center", family="monospace", weight="bold" if first else "normal",
            color="black" if first else GREY)  # fmt: skip
    colour, style = (BLUE, "-") if first else (GREY, "--")
    line = {"arrowstyle": "->", "color": colour, "linestyle": style, "linewidth": 1.6}
    ax.annotate("", (3, target), (0.1, row), arrowprops=line)
for number, parameter in enumerate(objects):
    box = {"boxstyle": "round,pad=0.5", "facecolor": "white", "edgecolor": BLUE, "linewidth": 2}
    ax.text(3.15, 2 * number + 0.5, f"Parameter {tuple(parameter.shape)}", va="center", bbox=box)
ax.text(0, -0.9, "names in the tree", ha="right", color=GREY, style="italic")
ax.text(3.1, -0.9, "objects in memory", color=GREY, style="italic")
ax.set(xlim=(-1.6, 5.2), ylim=(5.5, -1.2))
ax.axis("off")
plt.show()

# %% [markdown]
# *Figure: six names, three objects. `named_parameters()` yields each object once, under the name that the walk meets
# first (bold, solid arrows). The other names (grey, dashed) are left out. The `state_dict` has all six.*
#
# <details><summary>What happened, and why</summary>
#
# Three, four, six. An optimizer that met the same object twice would step it twice, so the walk for parameters
# remembers what it has seen. It remembers both, Parameters *and* modules: `again` is skipped as a module, `out.weight`
# as a Parameter of a module that is new.
#
# A state is for loading by name. There each name counts, and the same tensor may stand there twice.
#
# </details>
#
# To remember what you have seen sounds easy. For tensors it isn't.
#
# **Predict 14.** You have seen `first`. Have you seen `second`? The two are different objects with equal values. Here are
# four ways to ask, and then the first way once more, with Parameters of one entry each. What does each of the five
# answer: `False`, `True`, or an error?

# %%
first, second = nn.Parameter(torch.ones(3)), nn.Parameter(torch.ones(3))

print("in a list:        ", outcome(lambda: second in [first]))
print("in a set:         ", outcome(lambda: second in {first}))
print("ids in a set:     ", outcome(lambda: id(second) in {id(first)}))
print("is, one by one:   ", outcome(lambda: any(second is parameter for parameter in [first])))
print("one entry, a list:", outcome(lambda: nn.Parameter(torch.ones(1)) in [nn.Parameter(torch.ones(1))]))

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# For a list, `in` compares by `==`, and for tensors `==` gives a tensor of answers, which is neither yes nor no: an
# error. Or it is worse, and there is no error: with one entry it says `True`, for two different Parameters that happen
# to be equal. The other three ways ask for *identity*: the same object? (A set finds its elements by their hash, and a
# tensor's hash goes by identity.)
#
# </details>

# %% [markdown] exercise="iter_named_parameters"
# Write `iter_named_parameters(module, prefix="", recurse=True)`, which does what torch's `named_parameters` does, for
# any `nn.Module`.
#
# - It gives pairs (qualified name, Parameter): as a generator, a list, or whatever can be looped over.
# - The order and the names are those of torch: depth first, a module's own parameters before those of its children. A
#   `prefix` is put before each name, with a dot in between, unless it is `""`. With `recurse=False` only the module's
#   own parameters count.
# - A Parameter object that occurs several times is given once, and so is all that is in a shared module: the first name
#   counts. Two different Parameters with equal values are two.
# - What is registered as `None` is skipped, parameters and modules alike.
# - Read only `_parameters` and `_modules`, of the module and of those below it. Don't call torch's own walks:
#   `named_parameters`, `parameters`, `modules`, `named_modules`, `children`, `state_dict`, `apply` and their like.
# - (You may assume that no module contains itself.)


# %% solution="iter_named_parameters"
def iter_named_parameters(module, prefix="", recurse=True):
    """Yield (qualified name, Parameter), as named_parameters does."""
    ### BEGIN SOLUTION
    seen_parameters, seen_modules = set(), set()

    def walk(owner, path):
        if owner is None or owner in seen_modules:
            return
        seen_modules.add(owner)
        for name, parameter in owner._parameters.items():
            if parameter is not None and parameter not in seen_parameters:
                seen_parameters.add(parameter)
                yield path + name, parameter
        if recurse:
            for name, child in owner._modules.items():
                yield from walk(child, f"{path}{name}.")

    yield from walk(module, f"{prefix}." if prefix else "")
    ### END SOLUTION


# %% check="iter_named_parameters"

# %% [markdown]
# <details><summary>Help: I get <code>RuntimeError: Boolean value of Tensor with more than one value is ambiguous</code></summary>
#
# A tensor was compared with another, and the answer used as a yes or no. Often it is `parameter in some_list`, as in
# Predict 14, or `if parameter:`, where you mean `if parameter is not None:`.
#
# </details>
#
# <details><summary>Help: I get <code>AttributeError: 'NoneType' object has no attribute '_modules'</code></summary>
#
# A child that was set to `None` is still in the table. Skip it.
#
# </details>
#
# <details><summary>Help: I get <code>TypeError: 'NoneType' object is not iterable</code></summary>
#
# One of your calls returned nothing, and the caller loops over it. A function that builds a list has to `return` it, on
# every way out.
#
# </details>
#
# <details><summary>Help: a shared parameter comes twice, though I remember what I have seen</summary>
#
# Where is your memory made? If each call of the function starts with an empty one, a child doesn't know what its
# sister has seen. All calls of one walk have to share one memory. (And with a default argument, `seen=set()`, even *two
# walks* share it, and the second finds nothing new.)
#
# </details>

# %% [markdown]
# ## One switch for all
#
# `train()` and `eval()` walk as well. In lesson 1 you saw that `model.training = False` switches one module only. So
# the switch is a walk, too. How far does it reach?
#
# **Predict 15.** `Mixed` holds three dropouts: in a `Sequential` in a `ModuleDict`, alone, and in a Python list. After
# `mixed.eval()`, which ones are in evaluation mode?


# %%
class Mixed(nn.Module):
    def __init__(self):
        super().__init__()
        self.towers = nn.ModuleDict({"left": nn.Sequential(nn.Linear(2, 2), nn.Dropout())})
        self.last = nn.Dropout()
        self.spare = [nn.Dropout()]


mixed = Mixed().eval()
print("in the tower:", "training" if mixed.towers["left"][1].training else "evaluation")
print("alone:       ", "training" if mixed.last.training else "evaluation")
print("in the list: ", "training" if mixed.spare[0].training else "evaluation")

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# The first two: the walk goes down through containers, to any depth. The one in the list is in no table, so no walk
# ever gets there. It will drop values for ever.
#
# </details>
#
# **Predict 16.** A script reads its settings from a text file, and calls `model.train(settings["train"])`, where the
# value is the text `"False"`. What happens?

# %%
print(outcome(lambda: mixed.train("False")))
print(outcome(lambda: mixed.train(0)))
print("as an if would take it:", bool("False"))

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# An error, and a good one. For Python every text that isn't empty counts as true, so a model could train where it
# should not, without a sign. Torch takes `True` and `False` and nothing else, not even 0.
#
# A good check comes *first*, before anything was changed. Otherwise the error leaves a model behind that is half
# switched.
#
# </details>
#
# One refinement, to look at. Torch doesn't set all the flags itself: it calls each child's `train`. So a module can
# have a say in it.


# %%
class FrozenNorm(nn.BatchNorm1d):
    """Batch norm that never trains, whatever the model around it does: common when a trained model is reused."""

    def train(self, mode=True):
        return super().train(False)


model = nn.Sequential(nn.Linear(2, 2), FrozenNorm(2)).train()
print([(type(module).__name__, module.training) for module in model.modules()])

# %% [markdown] exercise="set_mode"
# Write `set_mode(module, training)`: the switch itself.
#
# - It sets `training` on the `nn.Module` and on all modules below it, at any depth, and returns `module`.
# - Anything but `True` or `False` is a `ValueError`, and then nothing has changed.
# - Walk by `_modules` or `children()`. Don't use what walks by itself: `train`, `eval`, `modules`, `named_modules`,
#   `apply`.


# %% solution="set_mode"
def set_mode(module, training):
    """Set `training` on `module` and all its descendants."""
    ### BEGIN SOLUTION
    if not isinstance(training, bool):
        raise ValueError(f"training must be True or False, got {training!r}")
    module.training = training
    for child in module.children():
        set_mode(child, training)
    return module
    ### END SOLUTION


# %% check="set_mode"

# %% [markdown]
# <details><summary>Help: I get <code>TypeError: 'method' object is not iterable</code></summary>
#
# `module.children` is the method. `module.children()` calls it.
#
# </details>
#
# <details><summary>Help: I get <code>AttributeError: 'str' object has no attribute 'training'</code></summary>
#
# A loop over a dict gives its keys, here the names. You want `module._modules.values()`.
#
# </details>
#
# <details><summary>Help: I get <code>AttributeError: 'NoneType' object has no attribute 'training'</code></summary>
#
# A child that is `None`: it is in `_modules` still. (`children()` leaves those out.)
#
# </details>
#
# <details><summary>Help: I get <code>RecursionError: maximum recursion depth exceeded</code></summary>
#
# Does your function call itself with the *child*, or with the same module again?
#
# </details>

# %% [markdown]
# ## The state
#
# A model's state is a dict: name → tensor. You save it, you load it, you copy it from one model to another. Which names
# belong to it?
#
# **Predict 17.** `Stateful` has seven things with names. Which of them are in its `state_dict()`?


# %%
class Stateful(nn.Module):
    def __init__(self):
        super().__init__()
        self.trained = nn.Parameter(torch.ones(2))
        self.frozen = nn.Parameter(torch.ones(2), requires_grad=False)
        self.absent = None
        self.register_parameter("optional", None)
        self.register_buffer("average", torch.ones(2))
        self.register_buffer("scratch", torch.ones(2), persistent=False)
        self.plain = torch.ones(2)


stateful = Stateful()
print("state_dict:", list(stateful.state_dict()))
print("not saved on purpose:", stateful._non_persistent_buffers_set)

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# Three: `trained`, `frozen`, `average`. Frozen is about training, not about saving. A buffer is saved, unless it was
# registered with `persistent=False`. That makes sense for what can be computed again, a mask or a table of positions.
# `optional` is registered, but `None` has nothing to save. `absent` isn't even registered: `None` under a name that no
# table knows is an ordinary attribute.
#
# </details>
#
# What lies behind the names? A question that has cost people a week of computing.
#
# **Predict 18.** Few data, a large network: the error on held-out data first falls, then rises again. So one keeps the
# best state so far, `best = model.state_dict()`, and at the end loads it. Which error does the model then have: that of
# the best step, or that of the last?

# %% alt="Two panels. Left, the error on held-out data over 300 training steps: it falls to a minimum early on, marked by a circle, and rises again afterwards. A dashed line at the height of the last error is labelled: loaded from best = model.state_dict(). A dotted line at the height of the minimum is labelled: loaded from copies. Right, a drawing of memory: model.weight and best['weight'] are two names with arrows to one and the same storage; copies['weight'] has a storage of its own."
torch.manual_seed(0)
xs, grid = torch.rand(10, 1) * 6 - 3, torch.linspace(-3, 3, 100).unsqueeze(1)
noisy = torch.sin(2 * xs) + 0.4 * torch.randn(10, 1)
model = nn.Sequential(nn.Linear(1, 50), nn.Tanh(), nn.Linear(50, 50), nn.Tanh(), nn.Linear(50, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)


def held_out_error():
    with torch.no_grad():
        return F.mse_loss(model(grid), torch.sin(2 * grid)).item()


errors = []
for _ in range(300):
    errors.append(held_out_error())
    if errors[-1] == min(errors):
        best = model.state_dict()
        copies = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    loss = F.mse_loss(model(xs), noisy)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

model.load_state_dict(best)
from_best = held_out_error()
model.load_state_dict(copies)
from_copies = held_out_error()

fig, (ax, memory) = plt.subplots(1, 2, figsize=(11, 3.4), width_ratios=(1, 1))
ax.plot(errors, color=BLUE)
ax.plot(errors.index(min(errors)), min(errors), "o", color=BLUE, markersize=9, markerfacecolor="white")
ax.axhline(from_best, color=ORANGE, linestyle="--")
ax.axhline(from_copies, color=GREEN, linestyle=":", linewidth=2)
ax.text(150, from_best + 0.015, "loaded from best", va="bottom", color=ORANGE)
ax.text(300, from_copies - 0.015, "loaded from copies", ha="right", va="top", color=GREEN)
ax.set(xlabel="training step", ylabel="error on held-out data", ylim=(0, None))
for y, name, storage, colour in ((2, "model[0].weight", 1.5, BLUE), (1, 'best["0.weight"]', 1.5, ORANGE),
                                 (-0.5, 'copies["0.weight"]', -0.5, GREEN)):  # fmt: skip
    memory.text(-0.1, y, name, family="monospace", va="center", color=colour)
    memory.annotate("", (2.9, storage), (2.15, y), arrowprops={"arrowstyle": "->", "color": colour, "linewidth": 1.6})
for y, text in ((1.5, "numbers that\ntraining changes"), (-0.5, "numbers of\nthe best step")):
    memory.text(3.8, y, text, ha="center", va="center", bbox={"boxstyle": "round,pad=0.5", "facecolor": "white"})
memory.text(0, 2.7, "names", color=GREY, style="italic")
memory.text(3.8, 2.7, "memory", color=GREY, style="italic", ha="center")
memory.set(xlim=(-0.5, 4.8), ylim=(-1.3, 3))
memory.axis("off")
plt.show()

# %% [markdown]
# *Figure: left, the error on held-out data, with its best step marked. What was loaded from `best` has the last error
# (dashed), what was loaded from copies has the best one (dotted). Right, the reason: `best` and the model are two names
# for the same numbers.*
#
# <details><summary>What happened, and why</summary>
#
# That of the last step. `state_dict()` copies nothing. Its tensors are new objects, but they **share their storage**
# with the model's, and an optimizer's step changes that storage in place. So `best` was always as good as the model. To
# load it meant to copy the model's numbers onto themselves.
#
# To keep a state, clone every tensor, or `copy.deepcopy(model.state_dict())`. (`torch.save` copies into a file, so that
# is safe.)
#
# Sharing isn't a fault. A state can be large, and mostly one wants it for a moment only. And they are *detached*: they
# share the numbers, but autograd doesn't see them.
#
# </details>

# %% [markdown] exercise="collect_state"
# Write `collect_state(module)`, which does what torch's `state_dict` does, for any `nn.Module`. It returns a dict:
# qualified name → tensor.
#
# - In it are all parameters and all buffers, of the module and of all modules below it. Left out are `None`, and the
#   buffers whose names are in their module's `_non_persistent_buffers_set`.
# - What is shared is in it under each of its names: a shared Parameter, a shared buffer, everything in a shared module.
# - The order is that of `state_dict()`: a module's own parameters, its own buffers, then each child with all that is
#   below.
# - The tensors are detached: they don't require grad, and carry no graph. They share their storage with the model's, as
#   torch's do. The model is not changed.
# - Build it from `_parameters`, `_buffers`, `_non_persistent_buffers_set` and `_modules`, not from torch's own walks.


# %% solution="collect_state"
def collect_state(module):
    """Detached parameters and persistent buffers by qualified name, in the order of state_dict."""
    ### BEGIN SOLUTION
    state = {}

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None:
                state[path + name] = parameter.detach()
        for name, buffer in owner._buffers.items():
            if buffer is not None and name not in owner._non_persistent_buffers_set:
                state[path + name] = buffer.detach()
        for name, child in owner._modules.items():
            if child is not None:
                walk(child, f"{path}{name}.")

    walk(module, "")
    return state
    ### END SOLUTION


# %% check="collect_state"

# %% [markdown]
# <details><summary>Help: I get <code>AttributeError: 'NoneType' object has no attribute 'detach'</code></summary>
#
# What is registered as `None` is in the table still. Skip it.
#
# </details>
#
# <details><summary>Help: I get an empty dict, or only what is in the root</summary>
#
# Does each call make a dict of its own, which nobody takes over? Either all calls write into one dict, or each returns
# its own, and the caller adds it (`state.update(...)`).
#
# </details>
#
# <details><summary>Help: the model's parameters don't require grad any more</summary>
#
# `detach_()`, with an underscore, changes the tensor itself. `detach()` gives you a new one.
#
# </details>

# %% [markdown]
# ## Load it back
#
# Loading is the other way round: for each name, copy the state's numbers into the model's tensor. *Into* it, not in its
# place. Why does that matter?
#
# **Predict 19.** Two ways to give a layer new values after its optimizer was built. After each comes one step of
# training, with a large learning rate. Does the layer's weight change in that step?


# %%
def one_step(give_values):
    """New values for a layer, then one step of an optimizer that was built before."""
    layer = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(layer.parameters(), lr=10.0)
    give_values(layer)
    before = layer.weight.detach().clone()
    layer(torch.ones(4, 2)).sum().backward()
    optimizer.step()
    return "changed" if not torch.equal(layer.weight, before) else "did not change"


def in_place(layer):
    with torch.no_grad():
        layer.weight.copy_(torch.ones(1, 2))


def new_object(layer):
    layer.weight = nn.Parameter(torch.ones(1, 2))


print("copied in place: the weight", one_step(in_place))
print("a new Parameter: the weight", one_step(new_object))

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# The optimizer doesn't know names. It holds the *objects* that it was given. A new Parameter in the old one's place is
# unknown to it: it gets gradients, and nobody steps it. The old one is stepped no more either, as it gets no gradients.
#
# So loading must leave every Parameter object where it is, and change only the numbers in it. `copy_`, under
# `torch.no_grad()`, does that.
#
# </details>
#
# But `copy_` is obliging.
#
# **Predict 20.** Which of the three values below does `copy_` accept, for a weight of shape (2, 3)?

# %%
layer = nn.Linear(3, 2)
with torch.no_grad():
    for shape in [(2, 3), (3,), (3, 2)]:
        print(shape, outcome(lambda: layer.weight.copy_(torch.ones(shape)) is layer.weight))

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# The first two. `copy_` broadcasts: a (3,) is copied into each row. For a state that is nearly always a fault: a bias
# that was saved under a weight's name, say. So whoever loads has to compare the shapes. Torch's `load_state_dict` does.
#
# </details>
#
# **Predict 21.** Now with an error. Of the state below, the first layer's entries fit, the last layer's weight has a
# wrong shape. `load_state_dict` raises. What is in the *first* layer afterwards: its old values or the new ones?

# %%
torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 3))
state = {name: torch.full_like(tensor, 7.0) for name, tensor in net.state_dict().items()}
state["1.weight"] = torch.full((5, 2), 7.0)

print(outcome(lambda: net.load_state_dict(state)))
print("first layer:", net[0].weight.detach().flatten().tolist())
print("\nwith strict=False:", outcome(lambda: net.load_state_dict(state, strict=False)))

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# The new ones. Torch copies as it goes, collects the errors, and raises at the end. What was copied stays copied. If
# you catch that error and go on, you go on with a model that is half old and half new. Yours will do better: look at
# everything first, then change everything, or nothing at all.
#
# And `strict=False` doesn't help here. It forgives missing and unexpected *names*, never a wrong shape.
#
# </details>
#
# The last trap is the one from above, again: states share storage with the model.
#
# **Predict 22.** Somebody wants to swap the weights of two layers, and does it in the state: `state["0.weight"],
# state["1.weight"] = state["1.weight"], state["0.weight"]`. Then he loads it. What is in the two layers?

# %% alt="Three pairs of small 4 by 4 heat maps, the weights of layer 0 and layer 1. Before: layer 0 shows a gradient from left to right, layer 1 one from top to bottom. Swapped by the model's own state: both layers show the same picture, that of layer 1. Swapped by a state of copies: the two pictures have changed places."


def two_layers():
    ramp = torch.linspace(0, 1, 4).expand(4, 4)
    net = nn.Sequential(nn.Linear(4, 4, bias=False), nn.Linear(4, 4, bias=False))
    with torch.no_grad():
        net[0].weight.copy_(ramp)
        net[1].weight.copy_(ramp.T)
    return net


def swapped(copies):
    net = two_layers()
    state = net.state_dict()
    if copies:
        state = {name: tensor.clone() for name, tensor in state.items()}
    state["0.weight"], state["1.weight"] = state["1.weight"], state["0.weight"]
    net.load_state_dict(state)
    return net


columns = {"before": two_layers(), "by its own state": swapped(False), "by copies": swapped(True)}
fig, axes = plt.subplots(2, 3, figsize=(7, 4))
for (title, net), (top, bottom) in zip(columns.items(), axes.T):
    top.set_title(title)
    for ax, layer, label in ((top, net[0], "layer 0"), (bottom, net[1], "layer 1")):
        ax.imshow(layer.weight.detach(), cmap="Blues", vmin=-0.2, vmax=1)
        ax.set(xticks=[], yticks=[], ylabel=label if title == "before" else "")
        ax.spines[:].set_visible(False)
plt.show()

# %% [markdown]
# *Figure: the weights of two layers as pictures. With the model's own state, both end with the same picture, and the
# other one is lost. With a state of copies the two change places.*
#
# <details><summary>What happened, and why</summary>
#
# The weights of layer 1, in both. The first copy writes layer 1's numbers into layer 0. But the tensor that waits to be
# copied into layer 1 *is* layer 0's storage, and it has just been overwritten. Whoever wants to be safe reads
# everything before writing anything.
#
# </details>
#
# There are a few exceptions in torch's own loading. One example: a batch norm may miss its `num_batches_tracked` in a
# plain dict, as states from very old versions do. And a scalar may come as a vector with one entry. You make no
# exceptions.

# %% [markdown] exercise="restore_state"
# Write `restore_state(module, state, strict=True)`, which loads a state into any `nn.Module`: all of it or nothing.
#
# - The expected keys are those that `collect_state(module)` would have (you may, but need not, use your own). For each
#   expected key that is in `state`, the value is copied into the model's tensor, in place and exactly; another dtype is
#   converted, as `copy_` does. Every Parameter and every buffer is still the same object.
# - It returns two lists, in any order: the missing keys (expected, but not in `state`), and the unexpected ones (in
#   `state`, but not expected).
# - With `strict=True`, a missing or an unexpected key is a `RuntimeError`, with *every* such key in its text. With
#   `strict=False` such keys are left alone.
# - A value of another shape, a value that is no tensor, and one that cannot be copied, is a `RuntimeError` with the key
#   in its text, strict or not. No exceptions: a scalar and a vector with one entry are two shapes.
# - **On any error, nothing at all has changed** in the model.
# - It also works when `state` shares storage with the model, as in Predict 22: then the two layers have swapped their
#   weights. `state` itself, the dict, is never modified.


# %% solution="restore_state"
def restore_state(module, state, strict=True):
    """Copy the values of `state` into `module`, all of them or none."""
    ### BEGIN SOLUTION
    own = {}

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None:
                own[path + name] = parameter
        for name, buffer in owner._buffers.items():
            if buffer is not None and name not in owner._non_persistent_buffers_set:
                own[path + name] = buffer
        for name, child in owner._modules.items():
            if child is not None:
                walk(child, f"{path}{name}.")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing keys: {missing}; unexpected keys: {unexpected}")

    ready = {key: copy_that_fits(key, value, state[key]) for key, value in own.items() if key in state}
    write_all(own, {key: own[key].detach().clone() for key in ready})  # a rehearsal: can all of them be written to?
    write_all(own, ready)
    return missing, unexpected


def copy_that_fits(key, target, value):
    """A copy of `value`, as the state may share storage with the model, in the target's dtype and on its device."""
    try:
        if not isinstance(value, torch.Tensor) or value.shape != target.shape:
            raise ValueError(f"a tensor of shape {tuple(target.shape)} is needed")
        return torch.empty_like(target).copy_(value.detach())
    except Exception as error:
        raise RuntimeError(f"{key!r} cannot be copied: {error}") from error


def write_all(targets, values):
    """Copy each value into the target of its name, in place."""
    for key, value in values.items():
        try:
            with torch.no_grad():
                targets[key].copy_(value)
        except Exception as error:
            raise RuntimeError(f"{key!r} cannot be written to: {error}") from error

    ### END SOLUTION


# %% check="restore_state"

# %% [markdown]
# <details><summary>Help: I get <code>RuntimeError: a leaf Variable that requires grad is being used in an in-place operation.</code></summary>
#
# Autograd watches the parameter, and forbids changes behind its back. Change it inside `with torch.no_grad():`.
#
# </details>
#
# <details><summary>Help: I get <code>TypeError: cannot assign 'torch.FloatTensor' as parameter 'weight' (torch.nn.Parameter or None expected)</code></summary>
#
# You assign where you should copy: `module.weight = value`. The object has to stay; only its numbers change.
#
# </details>
#
# <details><summary>Help: I get <code>NotImplementedError: Cannot copy out of meta tensor; no data!</code></summary>
#
# A tensor on the `meta` device has a shape but no numbers. That is a value that cannot be copied: catch torch's error,
# and raise a `RuntimeError` with the key. There are others, so catch `Exception`, around the copy only.
#
# </details>
#
# <details><summary>Help: I get <code>RuntimeError: dictionary changed size during iteration</code></summary>
#
# You take keys out of a dict while you loop over it, `state.pop(key)` for one. It isn't your dict to change anyway:
# work with a dict of your own.
#
# </details>
#
# <details><summary>Help: after an error, a part of the model has changed</summary>
#
# Copying and looking go in one loop. Make it two: the first looks at everything and makes the copies, the second only
# writes. Whatever can fail belongs in the first.
#
# </details>

# %% [markdown]
# ## Your own `nn.Module` trains
#
# You have written the bookkeeping, and the walks. Time to see them at work, together. Below is a network with
# everything that a network needs: layers, a buffer that it updates while it trains, two modes, one of torch's own
# modules among yours. It is written *once*, for any base class. Not a word in it depends on which one that is.


# %%
def network_on(base):
    """The same network, on any base class."""

    class Linear(base):
        def __init__(self, inputs, outputs):
            super().__init__()
            self.weight = nn.Parameter(torch.randn(outputs, inputs) / inputs**0.5)
            self.bias = nn.Parameter(torch.zeros(outputs))

        def forward(self, x):
            return F.linear(x, self.weight, self.bias)

    class Center(base):
        def __init__(self, size):
            super().__init__()
            self.register_buffer("mean", torch.zeros(size))

        def forward(self, x):
            if self.training:
                self.mean = 0.9 * self.mean + 0.1 * x.mean(dim=0)  # a tensor over a buffer: it stays a buffer
            return x - self.mean

    class Net(base):
        def __init__(self):
            super().__init__()
            self.center = Center(2)
            self.first = Linear(2, 32)
            self.second = Linear(32, 32)
            self.last = Linear(32, 1)
            self.act = nn.Tanh()

        def forward(self, x):
            x = self.act(self.first(self.center(x)))
            return self.last(self.act(self.second(x))).squeeze(1)

    return Net()


torch.manual_seed(0)
angles, radii = torch.rand(300) * 2 * torch.pi, torch.cat([torch.rand(150) * 1.2, 1.6 + torch.rand(150) * 0.8])
places = torch.stack([radii * angles.cos(), radii * angles.sin()], dim=1) + 2  # a disc, and a ring around it
inside = torch.cat([torch.ones(150), torch.zeros(150)])
twin = network_on(nn.Module)
print(twin)

# %% [markdown]
# `MiniModule` knows attributes, and no more. A little glue makes it a base class for networks: `__call__`, a
# `children()`, and a set of names that your `collect_state` may ask for. Then the glue picks up your other pieces.
# Where one isn't there yet, a few lines written by hand for just this network stand in.


# %%
pieces = {}


def piece(name, use, by_hand):
    """What `use` makes of your function of that name; where that doesn't work, what was written by hand."""
    try:
        found, pieces[name] = use(globals()[name]), "yours"
    except Exception as error:
        found, pieces[name] = by_hand(), f"not yet ({type(error).__name__})"
    return found


mine = None
try:

    class Glued(MiniModule):
        def __init__(self):
            super().__init__()
            self._non_persistent_buffers_set = set()

        def __call__(self, *inputs):
            return self.forward(*inputs)

        def children(self):
            return (child for child in self._modules.values() if child is not None)

    mine = network_on(Glued)
    print("A network on your MiniModule. In its _modules:", list(mine._modules))
except Exception as error:
    print(f"Not yet: this needs your MiniModule ({type(error).__name__}: {error}).")
    print("Solve mini_module, then run this cell again.")

# %% [markdown]
# Now both networks get the same starting values and the same data, and are trained by two optimizers of the same kind.
# After each step their losses are compared.
#
# **Predict 23.** How large is the largest difference after 150 steps? Nothing at all, a rounding error, or something
# that one can see?


# %% alt="Two panels, shown when MiniModule is written. Left, the loss over 150 steps: a broad light line for the twin on nn.Module, and exactly on it a dashed line for the network on MiniModule; both fall from about 0.7 to nearly 0. Right, the network on MiniModule decides for each point of the plane whether it belongs to the disc in the middle or to the ring around it: its border runs between the two."
def by_hand_parameters(net):
    return [tensor for layer in (net.first, net.second, net.last) for tensor in (layer.weight, layer.bias)]


def by_hand_copy(source, target):
    with torch.no_grad():
        for old, fresh in zip(by_hand_parameters(target), by_hand_parameters(source)):
            old.copy_(fresh)


def by_hand_mode(net, training):
    net.training = net.center.training = training


def all_found(pairs):
    """The parameters of the pairs (name, Parameter), if they are as many as torch finds in the twin."""
    found = [parameter for _, parameter in pairs]
    if len(found) != len(list(twin.parameters())):
        raise LookupError(f"{len(found)} parameters")
    return found


def train(net, parameters, steps=150):
    """The losses of `steps` steps."""
    optimizer = torch.optim.Adam(parameters, lr=0.01)
    losses = []
    for _ in range(steps):
        loss = F.binary_cross_entropy_with_logits(net(places), inside)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


if mine is None:
    print("Not yet: this needs your MiniModule. Solve mini_module, and run this cell and the one above again.")
else:
    try:
        pieces.clear()
        twin, mine = network_on(nn.Module), network_on(Glued)
        piece("restore_state", lambda f: f(mine, twin.state_dict()), lambda: by_hand_copy(twin, mine))
        parameters = piece("iter_named_parameters", lambda f: all_found(f(mine)), lambda: by_hand_parameters(mine))
        theirs, yours = train(twin, twin.parameters()), train(mine, parameters)
        piece("set_mode", lambda f: f(mine, False), lambda: by_hand_mode(mine, False))
        largest = max(abs(a - b) for a, b in zip(theirs, yours))
        copy = network_on(nn.Module).eval()
        loaded = piece("collect_state", lambda f: copy.load_state_dict(f(mine)), lambda: None)

        ticks = torch.linspace(-1, 5, 120)
        with torch.no_grad():
            side = (mine(torch.cartesian_prod(ticks, ticks)) > 0).float().reshape(120, 120).T
        fig, (left, right) = plt.subplots(1, 2, figsize=(10, 4), width_ratios=(3, 2))
        left.plot(theirs, color=BLUE, linewidth=7, alpha=0.35, label="on nn.Module")
        left.plot(yours, "--", color="black", linewidth=1.5, label="on your MiniModule")
        left.set(xlabel="training step", ylabel="loss", ylim=(0, None))
        left.set_title("the same losses" if largest < 1e-4 else "not the same losses yet")
        left.legend()
        right.contourf(ticks, ticks, side, levels=1, colors=["#FBE3D0", "#D3E6F3"])
        for value, marker, colour in ((0, "o", ORANGE), (1, "^", BLUE)):
            right.plot(*places[inside == value].T, marker, color=colour, markersize=3)
        right.set(title="what yours has learnt", aspect="equal")
        plt.show()

        print(f"{'MiniModule':22} yours")
        for name, whose in pieces.items():
            print(f"{name:22} {whose}")
        print(f"\nlargest difference between the losses, over {len(yours)} steps: {largest:g}")
        if loaded is not None:
            print(f"torch loads what you have collected, into an nn.Module: {loaded}")
    except Exception as error:
        print(f"Not yet: {type(error).__name__}: {error}")
        print("Something in MiniModule is missing still. Its check tells you what.")

# %% [markdown]
# *Figure: left, the losses of the two networks, one line upon the other. Right, what the network on `MiniModule` has
# learnt, in evaluation mode: which points belong to the disc, which to the ring. (It appears when `MiniModule` is
# written.)*
#
# <details><summary>What happened, and why</summary>
#
# Nothing at all: 0, to the last bit. (On some machines a rounding error: the same sums, in another order.)
#
# And that is the point of this lesson. `nn.Module` computes nothing. The numbers come from tensors, the gradients from
# autograd, the steps from the optimizer. The base class keeps the books, and the books are now yours. What it took was
# a few dozen lines.
#
# Be proud of it for a moment. Few who use PyTorch every day have ever written that.
#
# </details>

# %% [markdown]
# ## Ten statements
#
# Here are ten statements about modules: from a lecture, or of the kind that one reads in answers on the web. Some hold,
# some don't, and some did once. You needn't believe any of them, and you needn't believe us. Each has an experiment.
# Decide first, then run, and then decide what the output means. If an experiment doesn't convince you, change it.
#
# This small network takes part in several of them.


# %%
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3)
        self.relu = nn.ReLU()
        self.fc = nn.Linear(4, 2)


net = Net()

# %% [markdown]
# **1, `super_forms`.** In a class `Net(nn.Module)`, `super().__init__()` and `super(Net, self).__init__()` do the same.


# %%
class Short(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(2, 1)


class Long(nn.Module):
    def __init__(self):
        super(Long, self).__init__()
        self.fc = nn.Linear(2, 1)


for module in (Short(), Long()):
    print(f"{type(module).__name__:6} {len(vars(module))} names in __dict__, in _modules {list(module._modules)}")
print("names that only one of them has:", sorted(set(vars(Short())) ^ set(vars(Long()))))

# %% [markdown]
# **2, `ordered_dict`.** In torch 2.5 or newer: a module's `_parameters` is an `OrderedDict`.

# %%
print("torch", torch.__version__)
print([kind.__name__ for kind in type(net.fc._parameters).__mro__])

# %% [markdown]
# **3, `layers_are_parameters`.** Layers that learn, `nn.Linear` for one, are subclasses of `nn.Parameter`.

# %%
print("a Linear is a   ", [kind.__name__ for kind in nn.Linear.__mro__])
print("a Parameter is a", [kind.__name__ for kind in nn.Parameter.__mro__])

# %% [markdown]
# **4, `own_table`.** After `self.fc = nn.Linear(4, 2)` the weights of `fc` stand in the network's own `_parameters`.

# %%
for name, module in (("net", net), ("net.fc", net.fc)):
    print(f"{name:7} _parameters {list(module._parameters)}, _modules {list(module._modules)}")

# %% [markdown]
# **5, `plain_attribute_too`.** What is registered is also set as an ordinary attribute: `fc` stands in `net.__dict__`
# as well.

# %%
print("in net.__dict__:", [name for name in vars(net) if "hook" not in name])
print("in net._modules:", list(net._modules))

# %% [markdown]
# **6, `register_parameter`.** For a new name, `self.register_parameter("scale", p)` leaves a module as `self.scale = p`
# does, where `p` is a Parameter.

# %%
p = nn.Parameter(torch.ones(3))
assigned, registered = nn.Module(), nn.Module()
assigned.scale = p
registered.register_parameter("scale", p)
print("p is object", id(p))
for label, module in (("assigned", assigned), ("registered", registered)):
    plain = [name for name in vars(module) if not name.startswith("_")]
    print(f"{label:11} _parameters {list(module._parameters)}, plain {plain}, scale is object {id(module.scale)}")

# %% [markdown]
# **7, `only_learnable`.** A module with nothing to learn, `nn.ReLU()` for one, is not registered when you assign it.

# %%
print("parameters of net.relu:", list(net.relu.parameters()))
print("net._modules:", {name: type(module).__name__ for name, module in net._modules.items()})

# %% [markdown]
# **8, `parameters_drop_names`.** `parameters()` yields the very tensors that `named_parameters()` yields, in the same
# order: it only drops the names.

# %%
for parameter, (name, named) in zip(net.parameters(), net.named_parameters(), strict=True):
    print(f"{name:12} parameters(): object {id(parameter)}   named_parameters(): object {id(named)}")

# %% [markdown]
# **9, `gradient_needs_registration`.** `backward()` gives gradients to registered parameters only.


# %%
class Shifted(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(3))
        self.shift = torch.zeros(3, requires_grad=True)

    def forward(self, x):
        return x * self.scale + self.shift


shifted = Shifted()
shifted(torch.ones(3)).sum().backward()
print("registered:", [name for name, _ in shifted.named_parameters()])
print("scale.grad:", shifted.scale.grad)
print("shift.grad:", shifted.shift.grad)

# %% [markdown]
# **10, `zero_grad_last`.** With a new model, `zero_grad()` at the end of every step trains exactly as `zero_grad()` at
# its start.


# %%
def trained(zero_first):
    torch.manual_seed(0)
    model = nn.Linear(4, 1)
    x, y = torch.randn(16, 4), torch.randn(16, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(5):
        if zero_first:
            optimizer.zero_grad()
        F.mse_loss(model(x), y).backward()
        optimizer.step()
        if not zero_first:
            optimizer.zero_grad()
    return model.weight.flatten().tolist()


print("at the start:", trained(zero_first=True))
print("at the end:  ", trained(zero_first=False))

# %% [markdown] exercise="lecture_facts"
# Which of the ten statements hold, in the torch of today? Replace every `None` by `True` or `False`. (Delete the line
# `raise NotImplementedError(...)`, if there is one.)
#
# The answers are compared with what torch does.

# %% solution="lecture_facts"
lecture_answers = {
    "super_forms": None,
    "ordered_dict": None,
    "layers_are_parameters": None,
    "own_table": None,
    "plain_attribute_too": None,
    "register_parameter": None,
    "only_learnable": None,
    "parameters_drop_names": None,
    "gradient_needs_registration": None,
    "zero_grad_last": None,
}
### BEGIN SOLUTION
lecture_answers = {
    "super_forms": True,
    "ordered_dict": False,
    "layers_are_parameters": False,
    "own_table": False,
    "plain_attribute_too": False,
    "register_parameter": True,
    "only_learnable": False,
    "parameters_drop_names": True,
    "gradient_needs_registration": False,
    "zero_grad_last": True,
}
### END SOLUTION

# %% check="lecture_facts"

# %% [markdown] edition="solutions"
# <details><summary>All ten, explained</summary>
#
# 1. `super_forms`: holds. `super()` without arguments is short for `super(Net, self)`, and Python fills in both. The
#    long form is from the time before Python 3. It goes wrong when you rename the class, or copy the line into another
#    one.
# 2. `ordered_dict`: doesn't hold any more. It is a plain `dict`, which keeps its order just as well. Up to torch 2.4 it
#    was an `OrderedDict`, from the days when plain dicts did not promise an order. Statements about insides go stale.
# 3. `layers_are_parameters`: doesn't hold. `nn.Linear` is an `nn.Module`, and *has* two Parameters. A Parameter is a
#    tensor. The two lines of descent meet only in `object`. That is why `__setattr__` needs a question for each of the
#    two.
# 4. `own_table`: doesn't hold. `net._parameters` is empty. The weights stand in the table of `fc`, and the network gets
#    to them through `_modules`, by walking.
# 5. `plain_attribute_too`: doesn't hold. `fc` is in `_modules`, and nowhere else. `net.fc` is found by `__getattr__`.
#    If it stood in `__dict__` as well, the two could come to differ, and Python would always read the one in
#    `__dict__`.
# 6. `register_parameter`: holds. `__setattr__` itself calls `register_parameter`. The two differ for a name that is
#    taken: assigning replaces, while registering is a `KeyError` unless it is a parameter's name already. And only
#    `register_parameter` can register a `None` under a new name.
# 7. `only_learnable`: doesn't hold. What counts is that it is an `nn.Module`. Good so: `train()`, `print(model)` and
#    hooks have to find a dropout or a ReLU as well.
# 8. `parameters_drop_names`: holds. The same objects, in the same order. `parameters()` calls `named_parameters()`, and
#    drops the names.
# 9. `gradient_needs_registration`: doesn't hold. Autograd follows the calculation back to every leaf tensor with
#    `requires_grad`, and knows nothing of modules. Registration decides what the optimizer, `.to()` and `state_dict()`
#    see. So `shift` gets its gradient and is never stepped.
# 10. `zero_grad_last`: holds. All that counts is that no old gradient is there when `backward()` runs. (Between
#     `backward()` and `step()` would be fatal. And with the call at the end, you can't look at a gradient after the
#     step.)
#
# </details>

# %% [markdown]
# ## Summary
#
# - A module is an ordinary object, with three tables in its `__dict__`: **`_parameters`**, **`_buffers`**,
#   **`_modules`**. Each module knows its own things only. The rest is walking.
# - **`__setattr__`** sorts by the type of the value, and protects names that are taken. **`__getattr__`** is asked
#   last, and ends in an `AttributeError`. Inside both, `self.__dict__` is the safe ground.
# - `None` under a registered name is normal: every walk has to skip it. It keeps its place in the order; `del` doesn't.
# - Walks go depth first, own things before children. For parameters, each *object* counts once. For a state, each
#   *name*.
# - Tensors are remembered by identity, never by `==`.
# - `state_dict()` copies nothing. **Clone what you want to keep.**
# - Loading changes numbers, not objects: the optimizer holds the objects. Look at everything first, then write.
# - Claims about insides go stale. An experiment takes a minute.
#
# **What you can now do.** You can open any module and say why it is found, trained, saved, or not. You can write
# classes that give an assignment a meaning. You can walk a model in torch's order, save it and bring it back. And you
# have built the base class that you have used all along.
#
# Run `progress()` to see what is left. Lesson 4 is about the other dicts in a module's `__dict__`: the hooks.
#
# ## Further reading
#
# - [`torch/nn/modules/module.py`](https://github.com/pytorch/pytorch/blob/main/torch/nn/modules/module.py), the source
#   of `nn.Module`. Read `__setattr__`, `named_modules`, `_named_members` and `_load_from_state_dict`: you know them
#   all.
# - [`torch.nn.Module`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html): its documentation. Look at
#   `get_submodule`, `register_buffer` and `load_state_dict`, with its argument `assign`.
# - [Customizing attribute access](https://docs.python.org/3/reference/datamodel.html#customizing-attribute-access), in
#   Python's reference, and [Generators](https://docs.python.org/3/tutorial/classes.html#generators), in its tutorial.
# - [Serialization semantics](https://docs.pytorch.org/docs/stable/notes/serialization.html), in the notes of PyTorch's
#   documentation: what saving keeps, shared storage among it.
# - [Saving and loading models](https://docs.pytorch.org/tutorials/beginner/saving_loading_models.html), a tutorial.
# - O. Press and L. Wolf, [Using the output embedding to improve language models](https://arxiv.org/abs/1608.05859): why
#   the two tables of `TinyLM` are one.
