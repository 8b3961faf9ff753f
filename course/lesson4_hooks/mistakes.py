"""Lesson 4: answers that somebody might give, wrong and right, by exercise.

A wrong answer's docstring is what a student is told whose answer shows the same under the checks. Several cells of
one mistake are several ways to make it. The right ones are in other styles than the lesson's, and must pass.
"""

# %% [markdown]
# # hook_order

# %% exercise="hook_order" mistake="prepend-ignored"
"""Some hooks were registered with `prepend=True`. Such a hook doesn't queue up at the end: it goes to the front,
before all hooks of its kind that its module has so far."""
hook_order = [
    "net pre",
    "net computes",
    "low pre A",
    "low pre B",
    "low pre C",
    "high out A",
    "high out B",
    "high out C",
    "net out",
    "net back-pre",
    "high back-pre",
    "high back A",
    "high back B",
    "low back-pre",
    "low back",
    "net back",
]

# %% exercise="hook_order" mistake="prepend-ignored"
hook_order = [
    "net pre",
    "net computes",
    "low pre A",
    "low pre B",
    "low pre C",
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

# %% exercise="hook_order" mistake="prepend-ignored"
hook_order = [
    "net pre",
    "net computes",
    "low pre C",
    "low pre A",
    "low pre B",
    "high out A",
    "high out B",
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

# %% exercise="hook_order" mistake="prepend-ignored"
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
    "high back A",
    "high back B",
    "low back-pre",
    "low back",
    "net back",
]

# %% exercise="hook_order" mistake="prepend-ignored"
hook_order = [
    "net pre",
    "net computes",
    "low pre A",
    "low pre B",
    "low pre C",
    "high out A",
    "high out B",
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

# %% exercise="hook_order" mistake="prepend-ignored"
hook_order = [
    "net pre",
    "net computes",
    "low pre C",
    "low pre A",
    "low pre B",
    "high out A",
    "high out B",
    "high out C",
    "net out",
    "net back-pre",
    "high back-pre",
    "high back A",
    "high back B",
    "low back-pre",
    "low back",
    "net back",
]

# %% exercise="hook_order" mistake="prepend-ignored"
hook_order = [
    "net pre",
    "net computes",
    "low pre A",
    "low pre B",
    "low pre C",
    "high out B",
    "high out A",
    "high out C",
    "net out",
    "net back-pre",
    "high back-pre",
    "high back A",
    "high back B",
    "low back-pre",
    "low back",
    "net back",
]

# %% exercise="hook_order" mistake="prepend-is-last"
"""You have put the hooks with `prepend=True` last. It is the other way round: such a hook goes before those that are
there already."""
hook_order = [
    "net pre",
    "net computes",
    "low pre A",
    "low pre B",
    "low pre C",
    "high out A",
    "high out C",
    "high out B",
    "net out",
    "net back-pre",
    "high back-pre",
    "high back A",
    "high back B",
    "low back-pre",
    "low back",
    "net back",
]

# %% exercise="hook_order" mistake="prepend-is-last"
hook_order = [
    "net pre",
    "net computes",
    "low pre C",
    "low pre A",
    "low pre B",
    "high out A",
    "high out C",
    "high out B",
    "net out",
    "net back-pre",
    "high back-pre",
    "high back B",
    "high back A",
    "low back-pre",
    "low back",
    "net back",
]

# %% exercise="hook_order" mistake="newest-first"
"""You have all hooks of a kind run newest first, like a stack. They are a queue: in the order of registration. Only
`prepend=True` lets one in at the front."""
hook_order = [
    "net pre",
    "net computes",
    "low pre C",
    "low pre B",
    "low pre A",
    "high out C",
    "high out B",
    "high out A",
    "net out",
    "net back-pre",
    "high back-pre",
    "high back B",
    "high back A",
    "low back-pre",
    "low back",
    "net back",
]

# %% exercise="hook_order" mistake="newest-first"
hook_order = [
    "net pre",
    "net computes",
    "low pre C",
    "low pre B",
    "low pre A",
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

# %% exercise="hook_order" mistake="newest-first"
hook_order = [
    "net pre",
    "net computes",
    "low pre C",
    "low pre A",
    "low pre B",
    "high out C",
    "high out B",
    "high out A",
    "net out",
    "net back-pre",
    "high back-pre",
    "high back B",
    "high back A",
    "low back-pre",
    "low back",
    "net back",
]

# %% exercise="hook_order" mistake="forward-hooks-reversed"
"""Your forward hooks stand in the reverse of their order. Only backward is a way back: the forward hooks of a module
run in the order of their queue, as its pre-hooks do."""
hook_order = [
    "net pre",
    "net computes",
    "low pre C",
    "low pre A",
    "low pre B",
    "high out C",
    "high out A",
    "high out B",
    "net out",
    "net back-pre",
    "high back-pre",
    "high back B",
    "high back A",
    "low back-pre",
    "low back",
    "net back",
]

# %% exercise="hook_order" mistake="forward-hooks-reversed"
hook_order = [
    "net pre",
    "net computes",
    "low pre C",
    "low pre A",
    "low pre B",
    "high out C",
    "high out A",
    "high out B",
    "net out",
    "net back-pre",
    "high back-pre",
    "high back A",
    "high back B",
    "low back-pre",
    "low back",
    "net back",
]

# %% exercise="hook_order" mistake="backward-in-forward-order"
"""In your backward the gradient passes `low` before `high`. It comes from the output, so it meets the layer that was
called last first."""
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
    "low back-pre",
    "low back",
    "high back-pre",
    "high back B",
    "high back A",
    "net back",
]

# %% exercise="hook_order" mistake="net-back-too-early"
"""Your `net back` comes before the layers. A backward hook runs when the gradient with respect to the module's
*inputs* is there, and for the whole net that is the very end. (If x needed no gradient, it would be as you say.)"""
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
    "net back",
    "high back-pre",
    "high back B",
    "high back A",
    "low back-pre",
    "low back",
]

# %% exercise="hook_order" mistake="net-back-too-early"
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
    "net back",
    "net back-pre",
    "high back-pre",
    "high back B",
    "high back A",
    "low back-pre",
    "low back",
]

# %% exercise="hook_order" mistake="net-back-too-early"
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
    "net back",
    "high back-pre",
    "high back B",
    "high back A",
    "low back-pre",
    "low back",
    "net back-pre",
]

# %% exercise="hook_order" mistake="net-backward-at-the-end"
"""Both of your backward hooks of the net come after the layers. A backward-pre hook runs when the gradient arrives at
the module's *output*. Where does the gradient of the net's output arrive: before the layers, or after them?"""
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
    "high back-pre",
    "high back B",
    "high back A",
    "low back-pre",
    "low back",
    "net back-pre",
    "net back",
]

# %% exercise="hook_order" mistake="back-before-back-pre"
"""You have a layer's backward hooks before its backward-pre hook. As the name says, the pre-hook comes before: it sees
the gradient that enters the layer, the other the one that leaves it."""
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
    "high back B",
    "high back A",
    "high back-pre",
    "low back",
    "low back-pre",
    "net back",
]

# %% exercise="hook_order" mistake="back-before-back-pre"
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
    "high back B",
    "high back A",
    "high back-pre",
    "low back-pre",
    "low back",
    "net back",
]

# %% exercise="hook_order" mistake="back-before-back-pre"
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
    "low back",
    "low back-pre",
    "net back",
]

# %% exercise="hook_order" mistake="back-pre-together"
"""You let all backward-pre hooks run before any layer's backward hooks. The gradient is through with `high`, its
backward hooks included, before it arrives at `low`."""
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
    "low back-pre",
    "high back B",
    "high back A",
    "low back",
    "net back",
]

# %% exercise="hook_order" mistake="back-pre-together"
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
    "low back-pre",
    "low back",
    "high back B",
    "high back A",
    "net back",
]

# %% exercise="hook_order" mistake="computes-before-pre"
"""A pre-hook runs before `forward`, so `net pre` comes before `net computes`."""
hook_order = [
    "net computes",
    "net pre",
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

# %% exercise="hook_order" mistake="net-out-too-early"
"""Your `net out` comes before the layers' hooks. A forward hook runs after its module's `forward`, and the layers are
called *inside* the net's `forward`."""
hook_order = [
    "net pre",
    "net computes",
    "net out",
    "low pre C",
    "low pre A",
    "low pre B",
    "high out B",
    "high out A",
    "high out C",
    "net back-pre",
    "high back-pre",
    "high back B",
    "high back A",
    "low back-pre",
    "low back",
    "net back",
]

# %% exercise="hook_order" mistake="net-out-too-early"
hook_order = [
    "net pre",
    "net computes",
    "low pre C",
    "low pre A",
    "low pre B",
    "net out",
    "high out B",
    "high out A",
    "high out C",
    "net back-pre",
    "high back-pre",
    "high back B",
    "high back A",
    "low back-pre",
    "low back",
    "net back",
]

# %% exercise="hook_order" mistake="layers-before-the-net"
"""You let the layers' hooks run before the net's pre-hook. The layers are called *inside* the net's `forward`, so
whatever comes before that `forward` comes before them."""
hook_order = [
    "low pre C",
    "low pre A",
    "low pre B",
    "high out B",
    "high out A",
    "high out C",
    "net pre",
    "net computes",
    "net out",
    "net back-pre",
    "high back-pre",
    "high back B",
    "high back A",
    "low back-pre",
    "low back",
    "net back",
]

# %% exercise="hook_order" mistake="computes-too-late"
"""Your `net computes` comes too late. The line is written when the net's `forward` *begins*, before it calls a
layer."""
hook_order = [
    "net pre",
    "low pre C",
    "low pre A",
    "low pre B",
    "high out B",
    "high out A",
    "high out C",
    "net computes",
    "net out",
    "net back-pre",
    "high back-pre",
    "high back B",
    "high back A",
    "low back-pre",
    "low back",
    "net back",
]

# %% exercise="hook_order" mistake="computes-too-late"
hook_order = [
    "net pre",
    "low pre C",
    "low pre A",
    "low pre B",
    "net computes",
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

# %% exercise="hook_order" mistake="computes-too-late"
hook_order = [
    "low pre C",
    "low pre A",
    "low pre B",
    "net pre",
    "net computes",
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

# %% exercise="hook_order" mistake="high-before-low"
"""`self.high(self.low(x))`: which call comes first? The inner one is evaluated before the outer one is called, so
`low` runs before `high`."""
hook_order = [
    "net pre",
    "net computes",
    "high out B",
    "high out A",
    "high out C",
    "low pre C",
    "low pre A",
    "low pre B",
    "net out",
    "net back-pre",
    "high back-pre",
    "high back B",
    "high back A",
    "low back-pre",
    "low back",
    "net back",
]

# %% exercise="hook_order" mistake="no-backward"
"""Your list ends with the forward pass. The last of the three lines calls `backward()` as well, and the backward hooks
write into the same log."""
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
]

# %% exercise="hook_order" mistake="no-backward"
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
    None,
    None,
    None,
    None,
    None,
    None,
    None,
]

# %% exercise="hook_order" mistake="computes-missing"
"""`net computes` is missing. It is not written by a hook, but by the net's own `forward`, into the same log."""
hook_order = [
    "net pre",
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

# %% exercise="hook_order" mistake="order-of-the-code"
"""That is the order in which the hooks are *registered*. When a hook runs is decided by its kind and by when its
module is called; only hooks of one kind on one module keep the order of registration."""
hook_order = [
    "net back",
    "net back-pre",
    "net out",
    "net pre",
    "high out A",
    "high out B",
    "high out C",
    "high back A",
    "high back B",
    "high back-pre",
    "low back",
    "low back-pre",
    "low pre A",
    "low pre B",
    "low pre C",
]

# %% exercise="hook_order" mistake="order-of-the-code"
hook_order = [
    "net back",
    "net back-pre",
    "net out",
    "net pre",
    "net computes",
    "high out B",
    "high out A",
    "high out C",
    "high back B",
    "high back A",
    "high back-pre",
    "low back",
    "low back-pre",
    "low pre C",
    "low pre A",
    "low pre B",
]

# %% exercise="hook_order" mistake="order-of-the-code"
hook_order = [
    "net back",
    "net back-pre",
    "net out",
    "net pre",
    "high out B",
    "high out A",
    "high out C",
    "high back B",
    "high back A",
    "high back-pre",
    "low back",
    "low back-pre",
    "low pre C",
    "low pre A",
    "low pre B",
    "net computes",
]

# %% exercise="hook_order" mistake="backward-first"
"""You start with the backward hooks. There is nothing to go back through before the forward pass has run."""
hook_order = [
    "net back-pre",
    "high back-pre",
    "high back B",
    "high back A",
    "low back-pre",
    "low back",
    "net back",
    "net pre",
    "net computes",
    "low pre C",
    "low pre A",
    "low pre B",
    "high out B",
    "high out A",
    "high out C",
    "net out",
]

# %% exercise="hook_order" mistake="all-backward-mirrored"
"""You have read backward as everything upside down. The *modules* come in the reverse order, and the gradient passes
the net's border first and last. But a pre-hook still comes before the other, and each queue keeps its order."""
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
    "net back",
    "high back A",
    "high back B",
    "high back-pre",
    "low back",
    "low back-pre",
    "net back-pre",
]

# %% exercise="hook_order" mistake="all-backward-mirrored"
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
    "net back",
    "high back B",
    "high back A",
    "high back-pre",
    "low back",
    "low back-pre",
    "net back-pre",
]

# %% exercise="hook_order" mistake="no-list"
"""`hook_order` must be a list of names: square brackets, and each name a text in quotes of its own."""
hook_order = """
net pre
net computes
low pre C
low pre A
low pre B
high out B
high out A
high out C
net out
net back-pre
high back-pre
high back B
high back A
low back-pre
low back
net back
"""

# %% exercise="hook_order" mistake="no-list"
hook_order = "net pre, net computes, low pre C, low pre A, low pre B, high"

# %% exercise="hook_order" mistake="no-list"
hook_order = {
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
}

# %% exercise="hook_order" mistake="no-list"
hook_order = {
    1: "net pre",
    2: "net computes",
    3: "low pre C",
    4: "low pre A",
    5: "low pre B",
    6: "high out B",
    7: "high out A",
    8: "high out C",
    9: "net out",
    10: "net back-pre",
    11: "high back-pre",
    12: "high back B",
    13: "high back A",
    14: "low back-pre",
    15: "low back",
    16: "net back",
}

# %% exercise="hook_order" mistake="no-names"
"""Your list has something other than texts in it. Write the names themselves, like `"net pre"`."""
hook_order = [4, 5, 15, 13, 14, 6, 5, 7, 3, 2, 10, 9, 8, 12, 11, 1]

# %% exercise="hook_order" mistake="no-names"
hook_order = [
    ("net pre", 1),
    ("net computes", 2),
    ("low pre C", 3),
    ("low pre A", 4),
    ("low pre B", 5),
    ("high out B", 6),
    ("high out A", 7),
    ("high out C", 8),
    ("net out", 9),
    ("net back-pre", 10),
    ("high back-pre", 11),
    ("high back B", 12),
    ("high back A", 13),
    ("low back-pre", 14),
    ("low back", 15),
    ("net back", 16),
]

# %% exercise="hook_order" right="asks-torch"
log = []
net = hooked(log)
net(torch.ones(1, 2, requires_grad=True)).sum().backward()
hook_order = log

# %% exercise="hook_order" right="tuple"
hook_order = (
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
)

# %% exercise="hook_order" right="put-together"
forward = ["net pre", "net computes", *[f"low pre {letter}" for letter in "CAB"]]
forward += [f"high out {letter}" for letter in "BAC"] + ["net out"]
backward = ["high back-pre", "high back B", "high back A", "low back-pre", "low back"]
hook_order = [*forward, "net back-pre", *backward, "net back"]

# %% exercise="hook_order" right="split-text"
hook_order = """
net pre
net computes
low pre C
low pre A
low pre B
high out B
high out A
high out C
net out
net back-pre
high back-pre
high back B
high back A
low back-pre
low back
net back
""".strip().splitlines()

# %% exercise="hook_order" right="filled-in-place"
hook_order = [None] * 16
hook_order[0], hook_order[1], hook_order[8] = "net pre", "net computes", "net out"
hook_order[2:5] = ["low pre C", "low pre A", "low pre B"]
hook_order[5:8] = ["high out B", "high out A", "high out C"]
hook_order[9], hook_order[15] = "net back-pre", "net back"
hook_order[10:13] = ["high back-pre", "high back B", "high back A"]
hook_order[13:15] = ["low back-pre", "low back"]

# %% [markdown]
# # hookable

# %% exercise="hookable" mistake="shared-hooks"
"""All your objects share their hooks: a hook on one is called for every other. That comes of queues that are made once,
in the class body for example. Make both in `__init__`, for each object anew."""


class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    pre_hooks, hooks = {}, {}
    count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return Handle(hooks, self.count)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            result = hook(self, args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in hooks:
            result = hook(self, args, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="shared-hooks"
class Entry:
    def __init__(self, hook, entries):
        self.hook = hook
        self.entries = entries

    def remove(self):
        if self in self.entries:
            self.entries.remove(self)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        self.remove()


class Hookable:
    before = []
    after = []

    def register_forward_pre_hook(self, hook, *, prepend=False):
        entry = Entry(hook, self.before)
        if prepend:
            self.before.insert(0, entry)
        else:
            self.before.append(entry)
        return entry

    def register_forward_hook(self, hook, *, prepend=False):
        entry = Entry(hook, self.after)
        if prepend:
            self.after.insert(0, entry)
        else:
            self.after.append(entry)
        return entry

    def __call__(self, *args):
        before, after = self.before.copy(), self.after.copy()
        for entry in before:
            changed = entry.hook(self, args)
            if isinstance(changed, tuple):
                args = changed
            elif changed is not None:
                args = (changed,)
        output = self.forward(*args)
        for entry in after:
            changed = entry.hook(self, args, output)
            output = output if changed is None else changed
        return output


# %% exercise="hookable" mistake="torch-does-it"
"""Methods of `nn.Module` do the work: borrowed for a class of your own, or in a module that your object holds. The point
here is to write registering and the call yourself."""


class Hookable:
    def __init__(self):
        self.module = nn.Module()
        self.module.forward = lambda *args: self.forward(*args)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self.module.register_forward_pre_hook(lambda _, args: hook(self, args), prepend=prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self.module.register_forward_hook(lambda _, args, output: hook(self, args, output), prepend=prepend)

    def __call__(self, *args):
        return self.module(*args)


# %% exercise="hookable" mistake="derived-from-module"
"""Your class derives from `nn.Module`, so torch does the work. The point here is to write the dispatch yourself, in an
ordinary class."""


class Hookable(nn.Module):
    pass


# %% exercise="hookable" mistake="derived-from-module"
class Entry:
    def __init__(self, hook, entries):
        self.hook = hook
        self.entries = entries

    def remove(self):
        if self in self.entries:
            self.entries.remove(self)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        self.remove()


class Hookable(nn.Module):
    def __init__(self):
        super().__init__()
        self.before = []
        self.after = []

    def register_forward_pre_hook(self, hook, *, prepend=False):
        entry = Entry(hook, self.before)
        if prepend:
            self.before.insert(0, entry)
        else:
            self.before.append(entry)
        return entry

    def register_forward_hook(self, hook, *, prepend=False):
        entry = Entry(hook, self.after)
        if prepend:
            self.after.insert(0, entry)
        else:
            self.after.append(entry)
        return entry

    def __call__(self, *args):
        before, after = self.before.copy(), self.after.copy()
        for entry in before:
            changed = entry.hook(self, args)
            if isinstance(changed, tuple):
                args = changed
            elif changed is not None:
                args = (changed,)
        output = self.forward(*args)
        for entry in after:
            changed = entry.hook(self, args, output)
            output = output if changed is None else changed
        return output


# %% exercise="hookable" mistake="truthy-results"
"""A hook's result such as 0, False or an empty list is dropped, or a tensor fails. Often the result is asked whether it
is *true*. Ask whether it `is not None`."""


class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return Handle(hooks, self.count)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            result = hook(self, args)
            if result:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in hooks:
            result = hook(self, args, output)
            if result:
                output = result
        return output


# %% exercise="hookable" mistake="truthy-results"
class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return Handle(hooks, self.count)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            result = hook(self, args)
            if result:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in hooks:
            result = hook(self, args, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="truthy-results"
class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return Handle(hooks, self.count)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            result = hook(self, args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in hooks:
            result = hook(self, args, output)
            if result:
                output = result
        return output


# %% exercise="hookable" mistake="truthy-results"
class Entry:
    def __init__(self, hook, entries):
        self.hook = hook
        self.entries = entries

    def remove(self):
        if self in self.entries:
            self.entries.remove(self)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        self.remove()


class Hookable:
    def __init__(self):
        self.before = []
        self.after = []

    def register_forward_pre_hook(self, hook, *, prepend=False):
        entry = Entry(hook, self.before)
        if prepend:
            self.before.insert(0, entry)
        else:
            self.before.append(entry)
        return entry

    def register_forward_hook(self, hook, *, prepend=False):
        entry = Entry(hook, self.after)
        if prepend:
            self.after.insert(0, entry)
        else:
            self.after.append(entry)
        return entry

    def __call__(self, *args):
        before, after = self.before.copy(), self.after.copy()
        for entry in before:
            changed = entry.hook(self, args)
            if isinstance(changed, tuple):
                args = changed
            elif changed is not None:
                args = (changed,)
        output = self.forward(*args)
        for entry in after:
            output = entry.hook(self, args, output) or output
        return output


# %% exercise="hookable" mistake="truthy-results"
class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return Handle(hooks, self.count)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            result = hook(self, args)
            if result != None and result != ():
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in hooks:
            result = hook(self, args, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="pre-results-ignored"
"""What your pre-hooks return is dropped. If it is not None, it takes the place of `args`, for the next pre-hook and
for `forward`."""


class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return Handle(hooks, self.count)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            hook(self, args)
        output = self.forward(*args)
        for hook in hooks:
            result = hook(self, args, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="pre-results-ignored"
class Entry:
    def __init__(self, hook, entries):
        self.hook = hook
        self.entries = entries

    def remove(self):
        if self in self.entries:
            self.entries.remove(self)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        self.remove()


class Hookable:
    def __init__(self):
        self.before = []
        self.after = []

    def register_forward_pre_hook(self, hook, *, prepend=False):
        entry = Entry(hook, self.before)
        if prepend:
            self.before.insert(0, entry)
        else:
            self.before.append(entry)
        return entry

    def register_forward_hook(self, hook, *, prepend=False):
        entry = Entry(hook, self.after)
        if prepend:
            self.after.insert(0, entry)
        else:
            self.after.append(entry)
        return entry

    def __call__(self, *args):
        before, after = self.before.copy(), self.after.copy()
        for entry in before:
            entry.hook(self, args)
        output = self.forward(*args)
        for entry in after:
            changed = entry.hook(self, args, output)
            output = output if changed is None else changed
        return output


# %% exercise="hookable" mistake="forward-results-ignored"
"""What your forward hooks return is dropped. If it is not None, it takes the place of the output, for the next hook
and for the caller."""


class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return Handle(hooks, self.count)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            result = hook(self, args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in hooks:
            hook(self, args, output)
        return output


# %% exercise="hookable" mistake="forward-results-ignored"
class Entry:
    def __init__(self, hook, entries):
        self.hook = hook
        self.entries = entries

    def remove(self):
        if self in self.entries:
            self.entries.remove(self)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        self.remove()


class Hookable:
    def __init__(self):
        self.before = []
        self.after = []

    def register_forward_pre_hook(self, hook, *, prepend=False):
        entry = Entry(hook, self.before)
        if prepend:
            self.before.insert(0, entry)
        else:
            self.before.append(entry)
        return entry

    def register_forward_hook(self, hook, *, prepend=False):
        entry = Entry(hook, self.after)
        if prepend:
            self.after.insert(0, entry)
        else:
            self.after.append(entry)
        return entry

    def __call__(self, *args):
        before, after = self.before.copy(), self.after.copy()
        for entry in before:
            changed = entry.hook(self, args)
            if isinstance(changed, tuple):
                args = changed
            elif changed is not None:
                args = (changed,)
        output = self.forward(*args)
        for entry in after:
            entry.hook(self, args, output)
        return output


# %% exercise="hookable" mistake="results-ignored"
"""You call the hooks and drop what they return. A hook's result, if it is not None, takes the place of the arguments
or of the output."""


class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return Handle(hooks, self.count)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            hook(self, args)
        output = self.forward(*args)
        for hook in hooks:
            hook(self, args, output)
        return output


# %% exercise="hookable" mistake="none-replaces"
"""You take over whatever a hook returns, also None. Most hooks return nothing, which is None: then everything stays as
it was."""


class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return Handle(hooks, self.count)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            result = hook(self, args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in hooks:
            output = hook(self, args, output)
        return output


# %% exercise="hookable" mistake="none-replaces"
class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return Handle(hooks, self.count)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            result = hook(self, args)
            args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in hooks:
            result = hook(self, args, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="none-replaces"
class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return Handle(hooks, self.count)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            args = hook(self, args)
        output = self.forward(*args)
        for hook in hooks:
            output = hook(self, args, output)
        return output


# %% exercise="hookable" mistake="value-not-wrapped"
"""`args` is always a tuple. When a pre-hook returns a single value, you have to wrap it, or `*args` and the next hook
trip over it."""


class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return Handle(hooks, self.count)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            result = hook(self, args)
            if result is not None:
                args = result
        output = self.forward(*args)
        for hook in hooks:
            result = hook(self, args, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="value-not-wrapped"
class Entry:
    def __init__(self, hook, entries):
        self.hook = hook
        self.entries = entries

    def remove(self):
        if self in self.entries:
            self.entries.remove(self)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        self.remove()


class Hookable:
    def __init__(self):
        self.before = []
        self.after = []

    def register_forward_pre_hook(self, hook, *, prepend=False):
        entry = Entry(hook, self.before)
        if prepend:
            self.before.insert(0, entry)
        else:
            self.before.append(entry)
        return entry

    def register_forward_hook(self, hook, *, prepend=False):
        entry = Entry(hook, self.after)
        if prepend:
            self.after.insert(0, entry)
        else:
            self.after.append(entry)
        return entry

    def __call__(self, *args):
        before, after = self.before.copy(), self.after.copy()
        for entry in before:
            changed = entry.hook(self, args)
            if isinstance(changed, tuple):
                args = changed
            elif changed is not None:
                args = changed
        output = self.forward(*args)
        for entry in after:
            changed = entry.hook(self, args, output)
            output = output if changed is None else changed
        return output


# %% exercise="hookable" mistake="tuple-wrapped"
"""A pre-hook that returns a tuple has given you all arguments: take it as it is. You wrap it in one more tuple, and
`forward` gets one argument."""


class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return Handle(hooks, self.count)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            result = hook(self, args)
            if result is not None:
                args = (result,)
        output = self.forward(*args)
        for hook in hooks:
            result = hook(self, args, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="tuple-wrapped"
class Entry:
    def __init__(self, hook, entries):
        self.hook = hook
        self.entries = entries

    def remove(self):
        if self in self.entries:
            self.entries.remove(self)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        self.remove()


class Hookable:
    def __init__(self):
        self.before = []
        self.after = []

    def register_forward_pre_hook(self, hook, *, prepend=False):
        entry = Entry(hook, self.before)
        if prepend:
            self.before.insert(0, entry)
        else:
            self.before.append(entry)
        return entry

    def register_forward_hook(self, hook, *, prepend=False):
        entry = Entry(hook, self.after)
        if prepend:
            self.after.insert(0, entry)
        else:
            self.after.append(entry)
        return entry

    def __call__(self, *args):
        before, after = self.before.copy(), self.after.copy()
        for entry in before:
            changed = entry.hook(self, args)
            if changed is not None:
                args = (changed,)
        output = self.forward(*args)
        for entry in after:
            changed = entry.hook(self, args, output)
            output = output if changed is None else changed
        return output


# %% exercise="hookable" mistake="list-unpacked"
"""You treat a list like a tuple. Only a tuple stands for several arguments; a list is one value, and is wrapped like
any other."""


class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return Handle(hooks, self.count)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            result = hook(self, args)
            if result is not None:
                args = result if isinstance(result, (tuple, list)) else (result,)
        output = self.forward(*args)
        for hook in hooks:
            result = hook(self, args, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="list-unpacked"
class Entry:
    def __init__(self, hook, entries):
        self.hook = hook
        self.entries = entries

    def remove(self):
        if self in self.entries:
            self.entries.remove(self)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        self.remove()


class Hookable:
    def __init__(self):
        self.before = []
        self.after = []

    def register_forward_pre_hook(self, hook, *, prepend=False):
        entry = Entry(hook, self.before)
        if prepend:
            self.before.insert(0, entry)
        else:
            self.before.append(entry)
        return entry

    def register_forward_hook(self, hook, *, prepend=False):
        entry = Entry(hook, self.after)
        if prepend:
            self.after.insert(0, entry)
        else:
            self.after.append(entry)
        return entry

    def __call__(self, *args):
        before, after = self.before.copy(), self.after.copy()
        for entry in before:
            changed = entry.hook(self, args)
            if isinstance(changed, (tuple, list)):
                args = tuple(changed)
            elif changed is not None:
                args = (changed,)
        output = self.forward(*args)
        for entry in after:
            changed = entry.hook(self, args, output)
            output = output if changed is None else changed
        return output


# %% exercise="hookable" mistake="no-self"
"""A hook's first argument is the object that is called. You leave it out, so a hook with the usual signature gets too
few arguments, or the wrong ones."""


class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return Handle(hooks, self.count)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            result = hook(args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in hooks:
            result = hook(args, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="no-self"
class Entry:
    def __init__(self, hook, entries):
        self.hook = hook
        self.entries = entries

    def remove(self):
        if self in self.entries:
            self.entries.remove(self)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        self.remove()


class Hookable:
    def __init__(self):
        self.before = []
        self.after = []

    def register_forward_pre_hook(self, hook, *, prepend=False):
        entry = Entry(hook, self.before)
        if prepend:
            self.before.insert(0, entry)
        else:
            self.before.append(entry)
        return entry

    def register_forward_hook(self, hook, *, prepend=False):
        entry = Entry(hook, self.after)
        if prepend:
            self.after.insert(0, entry)
        else:
            self.after.append(entry)
        return entry

    def __call__(self, *args):
        before, after = self.before.copy(), self.after.copy()
        for entry in before:
            changed = entry.hook(args)
            if isinstance(changed, tuple):
                args = changed
            elif changed is not None:
                args = (changed,)
        output = self.forward(*args)
        for entry in after:
            changed = entry.hook(args, output)
            output = output if changed is None else changed
        return output


# %% exercise="hookable" mistake="args-unpacked"
"""You unpack the arguments when you call a hook. A hook gets them as one tuple, `args`, however many there are."""


class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return Handle(hooks, self.count)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            result = hook(self, *args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in hooks:
            result = hook(self, *args, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="args-unpacked"
class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return Handle(hooks, self.count)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            result = hook(self, *args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in hooks:
            result = hook(self, args, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="args-unpacked"
class Entry:
    def __init__(self, hook, entries):
        self.hook = hook
        self.entries = entries

    def remove(self):
        if self in self.entries:
            self.entries.remove(self)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        self.remove()


class Hookable:
    def __init__(self):
        self.before = []
        self.after = []

    def register_forward_pre_hook(self, hook, *, prepend=False):
        entry = Entry(hook, self.before)
        if prepend:
            self.before.insert(0, entry)
        else:
            self.before.append(entry)
        return entry

    def register_forward_hook(self, hook, *, prepend=False):
        entry = Entry(hook, self.after)
        if prepend:
            self.after.insert(0, entry)
        else:
            self.after.append(entry)
        return entry

    def __call__(self, *args):
        before, after = self.before.copy(), self.after.copy()
        for entry in before:
            changed = entry.hook(self, args)
            if isinstance(changed, tuple):
                args = changed
            elif changed is not None:
                args = (changed,)
        output = self.forward(*args)
        for entry in after:
            changed = entry.hook(self, *args, output)
            output = output if changed is None else changed
        return output


# %% exercise="hookable" mistake="original-args"
"""Your forward hooks see the arguments of the caller. They must see those that `forward` got, after all pre-hooks."""


class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return Handle(hooks, self.count)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        given = args
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            result = hook(self, args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in hooks:
            result = hook(self, given, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="original-args"
class Entry:
    def __init__(self, hook, entries):
        self.hook = hook
        self.entries = entries

    def remove(self):
        if self in self.entries:
            self.entries.remove(self)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        self.remove()


class Hookable:
    def __init__(self):
        self.before = []
        self.after = []

    def register_forward_pre_hook(self, hook, *, prepend=False):
        entry = Entry(hook, self.before)
        if prepend:
            self.before.insert(0, entry)
        else:
            self.before.append(entry)
        return entry

    def register_forward_hook(self, hook, *, prepend=False):
        entry = Entry(hook, self.after)
        if prepend:
            self.after.insert(0, entry)
        else:
            self.after.append(entry)
        return entry

    def __call__(self, *args):
        original = args
        before, after = self.before.copy(), self.after.copy()
        for entry in before:
            changed = entry.hook(self, args)
            if isinstance(changed, tuple):
                args = changed
            elif changed is not None:
                args = (changed,)
        output = self.forward(*args)
        for entry in after:
            changed = entry.hook(self, original, output)
            output = output if changed is None else changed
        return output


# %% exercise="hookable" mistake="original-args"
class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return Handle(hooks, self.count)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        given = args
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            result = hook(self, given)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in hooks:
            result = hook(self, given, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="pre-hooks-see-original"
"""All your pre-hooks see the caller's arguments. Each must see what the one before it has made of them."""


class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return Handle(hooks, self.count)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        given = args
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            result = hook(self, given)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in hooks:
            result = hook(self, args, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="no-args-for-forward-hooks"
"""Your forward hooks get (self, output). The contract is (self, args, output), args in between."""


class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return Handle(hooks, self.count)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            result = hook(self, args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in hooks:
            result = hook(self, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="no-args-for-forward-hooks"
class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return Handle(hooks, self.count)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            result = hook(self, args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in hooks:
            result = hook(self, output, args)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="prepend-ignored"
"""`prepend=True` makes no difference in your class. Such a hook goes before all that are there so far."""


class Entry:
    def __init__(self, hook, entries):
        self.hook = hook
        self.entries = entries

    def remove(self):
        if self in self.entries:
            self.entries.remove(self)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        self.remove()


class Hookable:
    def __init__(self):
        self.before = []
        self.after = []

    def register_forward_pre_hook(self, hook, *, prepend=False):
        entry = Entry(hook, self.before)
        self.before.append(entry)
        return entry

    def register_forward_hook(self, hook, *, prepend=False):
        entry = Entry(hook, self.after)
        self.after.append(entry)
        return entry

    def __call__(self, *args):
        before, after = self.before.copy(), self.after.copy()
        for entry in before:
            changed = entry.hook(self, args)
            if isinstance(changed, tuple):
                args = changed
            elif changed is not None:
                args = (changed,)
        output = self.forward(*args)
        for entry in after:
            changed = entry.hook(self, args, output)
            output = output if changed is None else changed
        return output


# %% exercise="hookable" mistake="prepend-ignored"
class Entry:
    def __init__(self, hook, entries):
        self.hook = hook
        self.entries = entries

    def remove(self):
        if self in self.entries:
            self.entries.remove(self)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        self.remove()


class Hookable:
    def __init__(self):
        self.before = []
        self.after = []

    def register_forward_pre_hook(self, hook, *, prepend=False):
        entry = Entry(hook, self.before)
        self.before.append(entry)
        return entry

    def register_forward_hook(self, hook, *, prepend=False):
        entry = Entry(hook, self.after)
        if prepend:
            self.after.insert(0, entry)
        else:
            self.after.append(entry)
        return entry

    def __call__(self, *args):
        before, after = self.before.copy(), self.after.copy()
        for entry in before:
            changed = entry.hook(self, args)
            if isinstance(changed, tuple):
                args = changed
            elif changed is not None:
                args = (changed,)
        output = self.forward(*args)
        for entry in after:
            changed = entry.hook(self, args, output)
            output = output if changed is None else changed
        return output


# %% exercise="hookable" mistake="prepend-ignored"
class Entry:
    def __init__(self, hook, entries):
        self.hook = hook
        self.entries = entries

    def remove(self):
        if self in self.entries:
            self.entries.remove(self)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        self.remove()


class Hookable:
    def __init__(self):
        self.before = []
        self.after = []

    def register_forward_pre_hook(self, hook, *, prepend=False):
        entry = Entry(hook, self.before)
        if prepend:
            self.before.insert(0, entry)
        else:
            self.before.append(entry)
        return entry

    def register_forward_hook(self, hook, *, prepend=False):
        entry = Entry(hook, self.after)
        self.after.append(entry)
        return entry

    def __call__(self, *args):
        before, after = self.before.copy(), self.after.copy()
        for entry in before:
            changed = entry.hook(self, args)
            if isinstance(changed, tuple):
                args = changed
            elif changed is not None:
                args = (changed,)
        output = self.forward(*args)
        for entry in after:
            changed = entry.hook(self, args, output)
            output = output if changed is None else changed
        return output


# %% exercise="hookable" mistake="prepend-keeps-order"
"""Your prepended hooks run in the order in which they were registered. Each `prepend=True` goes before *all* hooks so
far, those that were prepended earlier included."""


class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0
        self.prepended = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        items = list(hooks.items())
        place = self.prepended if prepend else len(items)
        self.prepended += prepend
        items.insert(place, (self.count, hook))
        hooks.clear()
        hooks.update(items)
        return Handle(hooks, self.count)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            result = hook(self, args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in hooks:
            result = hook(self, args, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="prepend-keeps-order"
class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        key = (not prepend, self.count)
        hooks[key] = hook
        return Handle(hooks, key)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks = [hook for _, hook in sorted(self.pre_hooks.items())]
        hooks = [hook for _, hook in sorted(self.hooks.items())]
        for hook in pre_hooks:
            result = hook(self, args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in hooks:
            result = hook(self, args, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="newest-first"
"""Your hooks run newest first. They run in the order of registration: a new one goes to the end of the queue, and only
one with `prepend=True` to the front."""


class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return Handle(hooks, self.count)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in reversed(pre_hooks):
            result = hook(self, args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in reversed(hooks):
            result = hook(self, args, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="newest-first"
class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return Handle(hooks, self.count)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            result = hook(self, args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in reversed(hooks):
            result = hook(self, args, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="newest-first"
class Entry:
    def __init__(self, hook, entries):
        self.hook = hook
        self.entries = entries

    def remove(self):
        if self in self.entries:
            self.entries.remove(self)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        self.remove()


class Hookable:
    def __init__(self):
        self.before = []
        self.after = []

    def register_forward_pre_hook(self, hook, *, prepend=False):
        entry = Entry(hook, self.before)
        if not prepend:
            self.before.insert(0, entry)
        else:
            self.before.append(entry)
        return entry

    def register_forward_hook(self, hook, *, prepend=False):
        entry = Entry(hook, self.after)
        if not prepend:
            self.after.insert(0, entry)
        else:
            self.after.append(entry)
        return entry

    def __call__(self, *args):
        before, after = self.before.copy(), self.after.copy()
        for entry in before:
            changed = entry.hook(self, args)
            if isinstance(changed, tuple):
                args = changed
            elif changed is not None:
                args = (changed,)
        output = self.forward(*args)
        for entry in after:
            changed = entry.hook(self, args, output)
            output = output if changed is None else changed
        return output


# %% exercise="hookable" mistake="wrong-registration-removed"
"""Where a function is registered twice, a handle takes away the wrong one. Often it looks for the *function*. Give
every registration something that no other has."""


class Handle:
    def __init__(self, hooks, hook):
        self.hooks, self.hook = hooks, hook

    def remove(self):
        if self.hook in self.hooks:
            self.hooks.remove(self.hook)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = [], []

    def register_forward_pre_hook(self, hook, *, prepend=False):
        self.pre_hooks.insert(0 if prepend else len(self.pre_hooks), hook)
        return Handle(self.pre_hooks, hook)

    def register_forward_hook(self, hook, *, prepend=False):
        self.hooks.insert(0 if prepend else len(self.hooks), hook)
        return Handle(self.hooks, hook)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks), list(self.hooks)
        for hook in pre_hooks:
            result = hook(self, args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in hooks:
            result = hook(self, args, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="wrong-registration-removed"
class Handle:
    def __init__(self, hooks, hook):
        self.hooks, self.hook = hooks, hook

    def remove(self):
        self.hooks[:] = [hook for hook in self.hooks if hook is not self.hook]

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = [], []

    def register_forward_pre_hook(self, hook, *, prepend=False):
        self.pre_hooks.insert(0 if prepend else len(self.pre_hooks), hook)
        return Handle(self.pre_hooks, hook)

    def register_forward_hook(self, hook, *, prepend=False):
        self.hooks.insert(0 if prepend else len(self.hooks), hook)
        return Handle(self.hooks, hook)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks), list(self.hooks)
        for hook in pre_hooks:
            result = hook(self, args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in hooks:
            result = hook(self, args, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="same-function-only-once"
"""A function that is registered twice is called only once. Often the function itself, or its id, is the key. Every
registration counts, so every one needs a key of its own."""


class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[hook] = hook
        hooks.update(others)
        return Handle(hooks, hook)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            result = hook(self, args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in hooks:
            result = hook(self, args, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="same-function-only-once"
class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[id(hook)] = hook
        hooks.update(others)
        return Handle(hooks, id(hook))

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            result = hook(self, args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in hooks:
            result = hook(self, args, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="second-remove-fails"
"""The second `remove()` of a handle raises an error. Calling it twice must be harmless: what is gone already need not
be removed."""


class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        del self.hooks[self.key]

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return Handle(hooks, self.count)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            result = hook(self, args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in hooks:
            result = hook(self, args, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="second-remove-fails"
class Entry:
    def __init__(self, hook, entries):
        self.hook = hook
        self.entries = entries

    def remove(self):
        self.entries.remove(self)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        self.remove()


class Hookable:
    def __init__(self):
        self.before = []
        self.after = []

    def register_forward_pre_hook(self, hook, *, prepend=False):
        entry = Entry(hook, self.before)
        if prepend:
            self.before.insert(0, entry)
        else:
            self.before.append(entry)
        return entry

    def register_forward_hook(self, hook, *, prepend=False):
        entry = Entry(hook, self.after)
        if prepend:
            self.after.insert(0, entry)
        else:
            self.after.append(entry)
        return entry

    def __call__(self, *args):
        before, after = self.before.copy(), self.after.copy()
        for entry in before:
            changed = entry.hook(self, args)
            if isinstance(changed, tuple):
                args = changed
            elif changed is not None:
                args = (changed,)
        output = self.forward(*args)
        for entry in after:
            changed = entry.hook(self, args, output)
            output = output if changed is None else changed
        return output


# %% exercise="hookable" mistake="second-remove-fails"
class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        if self.key not in self.hooks:
            raise KeyError(self.key)
        self.hooks.pop(self.key)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return Handle(hooks, self.count)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            result = hook(self, args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in hooks:
            result = hook(self, args, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="keys-used-again"
"""After a removal a new hook takes an old one's place, or is removed by its handle. Often the keys come again, as the
length of a queue does. Use a counter that only grows."""


class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count = len(hooks)
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return Handle(hooks, self.count)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            result = hook(self, args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in hooks:
            result = hook(self, args, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="keys-used-again"
class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count = max(hooks, default=0) + 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return Handle(hooks, self.count)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            result = hook(self, args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in hooks:
            result = hook(self, args, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="handle-knows-a-position"
"""When an earlier hook is removed, or one is prepended, a handle takes away another hook than its own. Often it
remembers a position in the list, which then belongs to another hook."""


class Handle:
    def __init__(self, hooks, position):
        self.hooks, self.position = hooks, position

    def remove(self):
        if self.position is not None:
            self.hooks.pop(self.position)
            self.position = None

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = [], []

    def _add(self, hooks, hook, prepend):
        position = 0 if prepend else len(hooks)
        hooks.insert(position, hook)
        return Handle(hooks, position)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks), list(self.hooks)
        for hook in pre_hooks:
            result = hook(self, args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in hooks:
            result = hook(self, args, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="exit-swallows"
"""An error in the `with` block does not come out of it. Often `__exit__` returns something true, and that tells Python
to swallow the exception. Return nothing."""


class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()
        return True


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return Handle(hooks, self.count)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            result = hook(self, args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in hooks:
            result = hook(self, args, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="exit-swallows"
class Entry:
    def __init__(self, hook, entries):
        self.hook = hook
        self.entries = entries

    def remove(self):
        if self in self.entries:
            self.entries.remove(self)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        self.remove()
        return self


class Hookable:
    def __init__(self):
        self.before = []
        self.after = []

    def register_forward_pre_hook(self, hook, *, prepend=False):
        entry = Entry(hook, self.before)
        if prepend:
            self.before.insert(0, entry)
        else:
            self.before.append(entry)
        return entry

    def register_forward_hook(self, hook, *, prepend=False):
        entry = Entry(hook, self.after)
        if prepend:
            self.after.insert(0, entry)
        else:
            self.after.append(entry)
        return entry

    def __call__(self, *args):
        before, after = self.before.copy(), self.after.copy()
        for entry in before:
            changed = entry.hook(self, args)
            if isinstance(changed, tuple):
                args = changed
            elif changed is not None:
                args = (changed,)
        output = self.forward(*args)
        for entry in after:
            changed = entry.hook(self, args, output)
            output = output if changed is None else changed
        return output


# %% exercise="hookable" mistake="exit-leaves-it"
"""The hook is still there after the `with` block. Leaving it has to remove the hook, as `remove()` does."""


class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return Handle(hooks, self.count)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            result = hook(self, args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in hooks:
            result = hook(self, args, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="exit-only-without-error"
"""After an error in the `with` block your hook stays. Leaving removes it in any case: after an error nobody thinks of
removing it by hand."""


class Entry:
    def __init__(self, hook, entries):
        self.hook = hook
        self.entries = entries

    def remove(self):
        if self in self.entries:
            self.entries.remove(self)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        if kind is None:
            self.remove()


class Hookable:
    def __init__(self):
        self.before = []
        self.after = []

    def register_forward_pre_hook(self, hook, *, prepend=False):
        entry = Entry(hook, self.before)
        if prepend:
            self.before.insert(0, entry)
        else:
            self.before.append(entry)
        return entry

    def register_forward_hook(self, hook, *, prepend=False):
        entry = Entry(hook, self.after)
        if prepend:
            self.after.insert(0, entry)
        else:
            self.after.append(entry)
        return entry

    def __call__(self, *args):
        before, after = self.before.copy(), self.after.copy()
        for entry in before:
            changed = entry.hook(self, args)
            if isinstance(changed, tuple):
                args = changed
            elif changed is not None:
                args = (changed,)
        output = self.forward(*args)
        for entry in after:
            changed = entry.hook(self, args, output)
            output = output if changed is None else changed
        return output


# %% exercise="hookable" mistake="exit-only-without-error"
class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        if error == (None, None, None):
            self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return Handle(hooks, self.count)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            result = hook(self, args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in hooks:
            result = hook(self, args, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="no-context-manager"
"""Your handle can't be used with `with`. A context manager has two more methods, `__enter__` and `__exit__`."""


class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def enter(self):
        return self

    def exit(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return Handle(hooks, self.count)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            result = hook(self, args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in hooks:
            result = hook(self, args, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="no-context-manager"
class Entry:
    def __init__(self, hook, entries):
        self.hook = hook
        self.entries = entries

    def remove(self):
        if self in self.entries:
            self.entries.remove(self)

    def __enter__(self):
        return self

    def exit(self, kind, error, traceback):
        self.remove()


class Hookable:
    def __init__(self):
        self.before = []
        self.after = []

    def register_forward_pre_hook(self, hook, *, prepend=False):
        entry = Entry(hook, self.before)
        if prepend:
            self.before.insert(0, entry)
        else:
            self.before.append(entry)
        return entry

    def register_forward_hook(self, hook, *, prepend=False):
        entry = Entry(hook, self.after)
        if prepend:
            self.after.insert(0, entry)
        else:
            self.after.append(entry)
        return entry

    def __call__(self, *args):
        before, after = self.before.copy(), self.after.copy()
        for entry in before:
            changed = entry.hook(self, args)
            if isinstance(changed, tuple):
                args = changed
            elif changed is not None:
                args = (changed,)
        output = self.forward(*args)
        for entry in after:
            changed = entry.hook(self, args, output)
            output = output if changed is None else changed
        return output


# %% exercise="hookable" mistake="no-context-manager"
class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return Handle(hooks, self.count)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            result = hook(self, args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in hooks:
            result = hook(self, args, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="removed-on-entering"
"""Inside the `with` block your hook is not there. It is registered before the block begins; only leaving takes it
away."""


class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        self.remove()
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return Handle(hooks, self.count)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            result = hook(self, args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in hooks:
            result = hook(self, args, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="no-handle"
"""Registering returns nothing with a `remove()`. Return an object that can take just this hook away again."""


class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return None

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            result = hook(self, args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in hooks:
            result = hook(self, args, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="no-handle"
class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return self.count

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            result = hook(self, args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in hooks:
            result = hook(self, args, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="no-handle"
class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return hook

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            result = hook(self, args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in hooks:
            result = hook(self, args, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="no-handle"
class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return Handle(hooks, self.count)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            result = hook(self, args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in hooks:
            result = hook(self, args, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="no-handle"
class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return lambda key=self.count: hooks.pop(key, None)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            result = hook(self, args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in hooks:
            result = hook(self, args, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="live-queue"
"""You go through the queue itself while hooks change it. Then a hook that removes itself makes you skip the next one,
a new one is called at once, or Python complains that the dictionary changed. Go through a copy."""


class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return Handle(hooks, self.count)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        for hook in self.pre_hooks.values():
            result = hook(self, args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in self.hooks.values():
            result = hook(self, args, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="live-queue"
class Entry:
    def __init__(self, hook, entries):
        self.hook = hook
        self.entries = entries

    def remove(self):
        if self in self.entries:
            self.entries.remove(self)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        self.remove()


class Hookable:
    def __init__(self):
        self.before = []
        self.after = []

    def register_forward_pre_hook(self, hook, *, prepend=False):
        entry = Entry(hook, self.before)
        if prepend:
            self.before.insert(0, entry)
        else:
            self.before.append(entry)
        return entry

    def register_forward_hook(self, hook, *, prepend=False):
        entry = Entry(hook, self.after)
        if prepend:
            self.after.insert(0, entry)
        else:
            self.after.append(entry)
        return entry

    def __call__(self, *args):
        for entry in self.before:
            changed = entry.hook(self, args)
            if isinstance(changed, tuple):
                args = changed
            elif changed is not None:
                args = (changed,)
        output = self.forward(*args)
        for entry in self.after:
            changed = entry.hook(self, args, output)
            output = output if changed is None else changed
        return output


# %% exercise="hookable" mistake="live-queue"
class Entry:
    def __init__(self, hook, entries):
        self.hook = hook
        self.entries = entries

    def remove(self):
        if self in self.entries:
            self.entries.remove(self)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        self.remove()


class Hookable:
    def __init__(self):
        self.before = []
        self.after = []

    def register_forward_pre_hook(self, hook, *, prepend=False):
        entry = Entry(hook, self.before)
        if prepend:
            self.before.insert(0, entry)
        else:
            self.before.append(entry)
        return entry

    def register_forward_hook(self, hook, *, prepend=False):
        entry = Entry(hook, self.after)
        if prepend:
            self.after.insert(0, entry)
        else:
            self.after.append(entry)
        return entry

    def __call__(self, *args):
        before, after = self.before, self.after
        for entry in before:
            changed = entry.hook(self, args)
            if isinstance(changed, tuple):
                args = changed
            elif changed is not None:
                args = (changed,)
        output = self.forward(*args)
        for entry in after:
            changed = entry.hook(self, args, output)
            output = output if changed is None else changed
        return output


# %% exercise="hookable" mistake="late-copy"
"""You copy the forward hooks only when `forward` is done. A forward hook that a pre-hook has registered in this call
is then called in this very call; it counts from the next. (torch does it as you do.) Copy both queues at the start."""


class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return Handle(hooks, self.count)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        for hook in list(self.pre_hooks.values()):
            result = hook(self, args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in list(self.hooks.values()):
            result = hook(self, args, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="late-copy"
class Entry:
    def __init__(self, hook, entries):
        self.hook = hook
        self.entries = entries

    def remove(self):
        if self in self.entries:
            self.entries.remove(self)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        self.remove()


class Hookable:
    def __init__(self):
        self.before = []
        self.after = []

    def register_forward_pre_hook(self, hook, *, prepend=False):
        entry = Entry(hook, self.before)
        if prepend:
            self.before.insert(0, entry)
        else:
            self.before.append(entry)
        return entry

    def register_forward_hook(self, hook, *, prepend=False):
        entry = Entry(hook, self.after)
        if prepend:
            self.after.insert(0, entry)
        else:
            self.after.append(entry)
        return entry

    def __call__(self, *args):
        before = self.before.copy()
        for entry in before:
            changed = entry.hook(self, args)
            if isinstance(changed, tuple):
                args = changed
            elif changed is not None:
                args = (changed,)
        output = self.forward(*args)
        after = self.after.copy()
        for entry in after:
            changed = entry.hook(self, args, output)
            output = output if changed is None else changed
        return output


# %% exercise="hookable" mistake="stuck-after-an-error"
"""After a call that raised an error, hooks that were registered during it come too late, or never. Often they wait in a
list until the call ends: clean up in a `finally`, or do without the waiting list."""


class Handle:
    def __init__(self, owner, key):
        self.owner, self.key = owner, key

    def remove(self):
        for hooks in (self.owner.pre_hooks, self.owner.hooks):
            hooks[:] = [(key, hook) for key, hook in hooks if key != self.key]
        self.owner.waiting = [entry for entry in self.owner.waiting if entry[0] != self.key]

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks, self.waiting = [], [], []
        self.busy, self.count = False, 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        self.waiting.append((self.count, hook, hooks, prepend))
        if not self.busy:
            self._settle()
        return Handle(self, self.count)

    def _settle(self):
        for key, hook, hooks, prepend in self.waiting:
            hooks.insert(0 if prepend else len(hooks), (key, hook))
        self.waiting = []

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        self.busy = True
        for _, hook in list(self.pre_hooks):
            result = hook(self, args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for _, hook in list(self.hooks):
            result = hook(self, args, output)
            if result is not None:
                output = result
        self.busy = False
        self._settle()
        return output


# %% exercise="hookable" mistake="waiting-cannot-be-removed"
"""A hook that is registered and removed again within one call is still called later. Often its handle looks in the
queue, where the hook is not yet: take it off your waiting list, too."""


class Handle:
    def __init__(self, owner, key):
        self.owner, self.key = owner, key

    def remove(self):
        for hooks in (self.owner.pre_hooks, self.owner.hooks):
            hooks[:] = [(key, hook) for key, hook in hooks if key != self.key]
        pass

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks, self.waiting = [], [], []
        self.busy, self.count = False, 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        self.waiting.append((self.count, hook, hooks, prepend))
        if not self.busy:
            self._settle()
        return Handle(self, self.count)

    def _settle(self):
        for key, hook, hooks, prepend in self.waiting:
            hooks.insert(0 if prepend else len(hooks), (key, hook))
        self.waiting = []

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        self.busy = True
        try:
            return self._run(args)
        finally:
            self.busy = False
            self._settle()

    def _run(self, args):
        for _, hook in list(self.pre_hooks):
            result = hook(self, args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for _, hook in list(self.hooks):
            result = hook(self, args, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="no-output"
"""Your `__call__` returns nothing. At its end it has to return the output, as the hooks have left it."""


class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return Handle(hooks, self.count)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            result = hook(self, args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in hooks:
            result = hook(self, args, output)
            if result is not None:
                output = result


# %% exercise="hookable" mistake="early-return"
"""After a forward hook that returns something you stop. The hooks after it must be called as well, with the new
output."""


class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return Handle(hooks, self.count)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            result = hook(self, args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in hooks:
            result = hook(self, args, output)
            if result is not None:
                return result
        return output


# %% exercise="hookable" mistake="early-return"
class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return Handle(hooks, self.count)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            result = hook(self, args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
                break
        output = self.forward(*args)
        for hook in hooks:
            result = hook(self, args, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="forward-gets-a-tuple"
"""You hand `forward` one tuple. It takes its arguments one by one: unpack them."""


class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return Handle(hooks, self.count)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            result = hook(self, args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(args)
        for hook in hooks:
            result = hook(self, args, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="one-queue"
"""Both kinds of hooks end up in one queue of yours. Pre-hooks and forward hooks are called at different times, with
different arguments: keep two."""


class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return Handle(hooks, self.count)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            result = hook(self, args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in hooks:
            result = hook(self, args, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="one-queue"
class Entry:
    def __init__(self, hook, entries):
        self.hook = hook
        self.entries = entries

    def remove(self):
        if self in self.entries:
            self.entries.remove(self)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        self.remove()


class Hookable:
    def __init__(self):
        self.before = []
        self.after = []

    def register_forward_pre_hook(self, hook, *, prepend=False):
        entry = Entry(hook, self.before)
        if prepend:
            self.before.insert(0, entry)
        else:
            self.before.append(entry)
        return entry

    def register_forward_hook(self, hook, *, prepend=False):
        entry = Entry(hook, self.before)
        if prepend:
            self.before.insert(0, entry)
        else:
            self.before.append(entry)
        return entry

    def __call__(self, *args):
        before, after = self.before.copy(), self.after.copy()
        for entry in before:
            changed = entry.hook(self, args)
            if isinstance(changed, tuple):
                args = changed
            elif changed is not None:
                args = (changed,)
        output = self.forward(*args)
        for entry in after:
            changed = entry.hook(self, args, output)
            output = output if changed is None else changed
        return output


# %% exercise="hookable" mistake="keys-shared-by-both-kinds"
"""Removing a hook of one kind takes away a hook of the other kind, too. Let the handle know the queue that its hook is
in, not only a number."""


class Handle:
    def __init__(self, owner, key):
        self.owner, self.key = owner, key

    def remove(self):
        for hooks in (self.owner.pre_hooks, self.owner.hooks):
            hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.counts = [0, 0]

    def _add(self, hooks, hook, prepend):
        kind = hooks is self.hooks
        self.counts[kind] += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.counts[kind]] = hook
        hooks.update(others)
        return Handle(self, self.counts[kind])

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            result = hook(self, args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in hooks:
            result = hook(self, args, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="second-remove-fails"
class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        del self.hooks[self.key]

    def __enter__(self):
        return self

    def __exit__(self, *error):
        if self.key in self.hooks:
            self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return Handle(hooks, self.count)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            result = hook(self, args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in hooks:
            result = hook(self, args, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="forward-hooks-see-the-first-output"
"""All your forward hooks see what `forward` gave. Each must see what the one before it has made of it."""


class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return Handle(hooks, self.count)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            result = hook(self, args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        first = output = self.forward(*args)
        for hook in hooks:
            result = hook(self, args, first)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="registered-on-entering"
"""Your hooks are only there inside a `with` block. Registering puts a hook into the queue at once; `with` is one way
to get rid of it again."""


class Handle:
    def __init__(self, hooks, key, hook, prepend):
        self.hooks, self.key, self.hook, self.prepend = hooks, key, hook, prepend

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        others = dict(self.hooks)
        if self.prepend:
            self.hooks.clear()
        self.hooks[self.key] = self.hook
        self.hooks.update(others)
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        return Handle(hooks, self.count, hook, prepend)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            result = hook(self, args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in hooks:
            result = hook(self, args, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="remove-empties-the-queue"
"""Your `remove()` takes all hooks of the queue away. It may take its own only."""


class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.clear()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return Handle(hooks, self.count)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            result = hook(self, args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in hooks:
            result = hook(self, args, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="remove-empties-the-queue"
class Entry:
    def __init__(self, hook, entries):
        self.hook = hook
        self.entries = entries

    def remove(self):
        self.entries[:] = []

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        self.remove()


class Hookable:
    def __init__(self):
        self.before = []
        self.after = []

    def register_forward_pre_hook(self, hook, *, prepend=False):
        entry = Entry(hook, self.before)
        if prepend:
            self.before.insert(0, entry)
        else:
            self.before.append(entry)
        return entry

    def register_forward_hook(self, hook, *, prepend=False):
        entry = Entry(hook, self.after)
        if prepend:
            self.after.insert(0, entry)
        else:
            self.after.append(entry)
        return entry

    def __call__(self, *args):
        before, after = self.before.copy(), self.after.copy()
        for entry in before:
            changed = entry.hook(self, args)
            if isinstance(changed, tuple):
                args = changed
            elif changed is not None:
                args = (changed,)
        output = self.forward(*args)
        for entry in after:
            changed = entry.hook(self, args, output)
            output = output if changed is None else changed
        return output


# %% exercise="hookable" mistake="remove-takes-the-last"
"""Your `remove()` takes the last hook of the queue, whosever it is. It may take its own only."""


class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        if self.hooks:
            self.hooks.popitem()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return Handle(hooks, self.count)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            result = hook(self, args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in hooks:
            result = hook(self, args, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="errors-in-hooks-swallowed"
"""You catch the errors that hooks raise. They belong to the caller: let them pass."""


class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return Handle(hooks, self.count)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            try:
                result = hook(self, args)
            except Exception:
                continue
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in hooks:
            try:
                result = hook(self, args, output)
            except Exception:
                continue
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="hooks-never-called"
"""None of the hooks was called, whatever its kind. `__call__` has to go through both queues, at every call."""


class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return Handle(hooks, self.count)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        return self.forward(*args)


# %% exercise="hookable" mistake="pre-hooks-never-called"
"""No pre-hook was called. `__call__` goes through them before `forward`, at every call."""


class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return Handle(hooks, self.count)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        output = self.forward(*args)
        for hook in hooks:
            result = hook(self, args, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" mistake="forward-hooks-never-called"
"""No forward hook was called. `__call__` goes through them after `forward`, at every call."""


class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return Handle(hooks, self.count)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            result = hook(self, args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        return output


# %% exercise="hookable" right="dict-with-counter"
class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return Handle(hooks, self.count)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            result = hook(self, args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in hooks:
            result = hook(self, args, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" right="list-of-entries"
class Entry:
    def __init__(self, hook, entries):
        self.hook = hook
        self.entries = entries

    def remove(self):
        if self in self.entries:
            self.entries.remove(self)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        self.remove()


class Hookable:
    def __init__(self):
        self.before = []
        self.after = []

    def register_forward_pre_hook(self, hook, *, prepend=False):
        entry = Entry(hook, self.before)
        if prepend:
            self.before.insert(0, entry)
        else:
            self.before.append(entry)
        return entry

    def register_forward_hook(self, hook, *, prepend=False):
        entry = Entry(hook, self.after)
        if prepend:
            self.after.insert(0, entry)
        else:
            self.after.append(entry)
        return entry

    def __call__(self, *args):
        before, after = self.before.copy(), self.after.copy()
        for entry in before:
            changed = entry.hook(self, args)
            if isinstance(changed, tuple):
                args = changed
            elif changed is not None:
                args = (changed,)
        output = self.forward(*args)
        for entry in after:
            changed = entry.hook(self, args, output)
            output = output if changed is None else changed
        return output


# %% exercise="hookable" right="removable-handle"
from collections import OrderedDict

from torch.utils.hooks import RemovableHandle


class Hookable:
    def __init__(self):
        self._forward_pre_hooks = OrderedDict()
        self._forward_hooks = OrderedDict()

    def _register(self, table, hook, prepend):
        handle = RemovableHandle(table)
        table[handle.id] = hook
        if prepend:
            table.move_to_end(handle.id, last=False)
        return handle

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._register(self._forward_pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._register(self._forward_hooks, hook, prepend)

    def __call__(self, *args):
        pre, post = tuple(self._forward_pre_hooks.values()), tuple(self._forward_hooks.values())
        for hook in pre:
            if (new := hook(self, args)) is not None:
                args = (new,) if not isinstance(new, tuple) else new
        result = self.forward(*args)
        for hook in post:
            if (new := hook(self, args, result)) is not None:
                result = new
        return result


# %% exercise="hookable" right="copy-on-write"
import contextlib


class _Handle(contextlib.AbstractContextManager):
    def __init__(self, forget):
        self.forget = forget

    def remove(self):
        self.forget(self)

    def __exit__(self, exc_type, exc_value, traceback):
        self.remove()


class Hookable:
    def __init__(self):
        self._queues = {"pre": (), "post": ()}

    def _register(self, kind, hook, prepend):
        def forget(handle):
            self._queues[kind] = tuple(pair for pair in self._queues[kind] if pair[0] is not handle)

        handle = _Handle(forget)
        new, old = ((handle, hook),), self._queues[kind]
        self._queues[kind] = new + old if prepend else old + new
        return handle

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._register("pre", hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._register("post", hook, prepend)

    def __call__(self, *args):
        queues = dict(self._queues)
        for _, hook in queues["pre"]:
            result = hook(self, args)
            match result:
                case None:
                    pass
                case tuple():
                    args = result
                case _:
                    args = (result,)
        output = self.forward(*args)
        for _, hook in queues["post"]:
            replaced = hook(self, args, output)
            if replaced is not None:
                output = replaced
        return output


# %% exercise="hookable" right="waiting-list"
class Handle:
    def __init__(self, owner, key):
        self.owner, self.key = owner, key

    def remove(self):
        for hooks in (self.owner.pre_hooks, self.owner.hooks):
            hooks[:] = [(key, hook) for key, hook in hooks if key != self.key]
        self.owner.waiting = [entry for entry in self.owner.waiting if entry[0] != self.key]

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks, self.waiting = [], [], []
        self.busy, self.count = False, 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        self.waiting.append((self.count, hook, hooks, prepend))
        if not self.busy:
            self._settle()
        return Handle(self, self.count)

    def _settle(self):
        for key, hook, hooks, prepend in self.waiting:
            hooks.insert(0 if prepend else len(hooks), (key, hook))
        self.waiting = []

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        self.busy = True
        try:
            return self._run(args)
        finally:
            self.busy = False
            self._settle()

    def _run(self, args):
        for _, hook in list(self.pre_hooks):
            result = hook(self, args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for _, hook in list(self.hooks):
            result = hook(self, args, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" right="born-in-a-call"
class Registration:
    def __init__(self, queue, hook, born):
        self.queue, self.hook, self.born = queue, hook, born

    def remove(self):
        if any(other is self for other in self.queue):
            self.queue[:] = [other for other in self.queue if other is not self]

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        self.remove()
        return False


class Hookable:
    """Each registration notes in which call it was made."""

    def __init__(self):
        self.pre, self.post, self.call_number = [], [], 0

    def _put(self, queue, hook, prepend):
        registration = Registration(queue, hook, self.call_number)
        queue[:] = [registration, *queue] if prepend else [*queue, registration]
        return registration

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._put(self.pre, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._put(self.post, hook, prepend)

    def __call__(self, *args):
        self.call_number += 1
        number = self.call_number
        for registration in [each for each in self.pre if each.born < number]:
            result = registration.hook(self, args)
            if type(result) is tuple:
                args = result
            elif result is not None:
                args = (result,)
        output = self.forward(*args)
        for registration in [each for each in self.post if each.born < number]:
            result = registration.hook(self, args, output)
            if result is not None:
                output = result
        return output


# %% [markdown]
# # log_shapes

# %% exercise="log_shapes" mistake="late-binding"
"""All your entries carry the same name, that of the last module. Your hooks share the loop's variable, and look it up
only when they are called. Give each hook a name of its own."""


def log_shapes(model, log):
    handles = []
    for name, module in model.named_modules():
        if not list(module.children()):

            def hook(module, inputs, output):
                log.append((name, tuple(output.shape)))

            handles.append(module.register_forward_hook(hook))
    return handles


# %% exercise="log_shapes" mistake="late-binding"
def log_shapes(model, log):
    handles = []
    for name, module in model.named_modules():
        if not list(module.children()):
            handles.append(module.register_forward_hook(lambda m, i, o: log.append((name, tuple(o.shape)))))
    return handles


# %% exercise="log_shapes" mistake="late-binding"
def log_shapes(model, log):
    leaves = [(name, module) for name, module in model.named_modules() if not any(module.children())]
    handles = []
    for name, module in leaves:

        def hook(module, inputs, output):
            log.append((name, tuple(output.shape)))

        handles.append(module.register_forward_hook(hook))
    return handles


# %% exercise="log_shapes" mistake="containers-too"
"""You hook every module, containers and the model itself included. Only leaves are asked for: modules without
children."""


def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.append((name, tuple(output.shape)))

        return hook

    handles = []
    for name, module in model.named_modules():
        handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="containers-too"
def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.append((name, tuple(output.shape)))

        return hook

    handles = []
    for name, module in model.named_modules():
        if name:
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="only-sequentials-skipped"
"""You leave out some classes of containers by name. Any module may have children, and an empty `nn.Sequential` has
none: ask the module for its children, not for its class."""


def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.append((name, tuple(output.shape)))

        return hook

    handles = []
    for name, module in model.named_modules():
        if not isinstance(module, nn.Sequential):
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="only-sequentials-skipped"
def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.append((name, tuple(output.shape)))

        return hook

    handles = []
    for name, module in model.named_modules():
        if not isinstance(module, (nn.Sequential, nn.ModuleList, nn.ModuleDict)):
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="only-sequentials-skipped"
def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.append((name, tuple(output.shape)))

        return hook

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0 and not isinstance(module, nn.Sequential):
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="children-only"
"""You look at the model's own children only. Leaves may lie deeper: `named_modules()` goes all the way down, and gives
the qualified names."""


def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.append((name, tuple(output.shape)))

        return hook

    handles = []
    for name, module in model.named_children():
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="children-only"
def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.append((name, tuple(output.shape)))

        return hook

    handles = []
    for name, module in model.named_children():
        handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="some-leaves-only"
"""You leave some leaves out: those without parameters, or of other classes than you thought of. A leaf is a module
without children, whatever its class, and whether it has parameters or not."""


def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.append((name, tuple(output.shape)))

        return hook

    handles = []
    for name, module in model.named_modules():
        if list(module.parameters(recurse=False)):
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="some-leaves-only"
def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.append((name, tuple(output.shape)))

        return hook

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0 and list(module.parameters()):
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="some-leaves-only"
def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.append((name, tuple(output.shape)))

        return hook

    handles = []
    for name, module in model.named_modules():
        if isinstance(module, (nn.Linear, nn.Conv2d)):
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="some-leaves-only"
def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.append((name, tuple(output.shape)))

        return hook

    handles = []
    for name, module in model.named_modules():
        if type(module).__module__.startswith("torch.nn") and not list(module.children()):
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="class-names"
"""Your entries carry the name of the class. There may be ten Linears in a model: the qualified name, from
`named_modules()`, says which one it is."""


def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.append((type(module).__name__, tuple(output.shape)))

        return hook

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="class-names"
def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.append((module._get_name(), tuple(output.shape)))

        return hook

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="class-names"
def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.append((f"{name} {type(module).__name__}", tuple(output.shape)))

        return hook

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="last-part-of-the-name"
"""You keep only the last part of each name. Two layers may both be called `0`: the whole path is the name."""


def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.append((name.split(".")[-1], tuple(output.shape)))

        return hook

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="last-part-of-the-name"
def log_shapes(model, log):
    handles = []
    seen = set()

    def walk(owner, own_name):
        if owner in seen:
            return
        seen.add(owner)
        if not list(owner.children()):
            handles.append(
                owner.register_forward_hook(lambda m, i, o, name=own_name: log.append((name, tuple(o.shape))))
            )
        for name, child in owner.named_children():
            walk(child, name)

    walk(model, "")
    return handles


# %% exercise="log_shapes" mistake="shape-in-another-form"
"""The second part of each entry must be the shape as a tuple of ints: `tuple(output.shape)`."""


def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.append((name, list(output.shape)))

        return hook

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="shape-in-another-form"
def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.append((name, str(tuple(output.shape))))

        return hook

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="shape-in-another-form"
def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.append((name, output.ndim))

        return hook

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="shape-in-another-form"
def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.append((name, output.numel()))

        return hook

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="without-the-batch"
"""You leave the first axis out. The whole shape is asked for, the number of samples included."""


def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.append((name, tuple(output.shape[1:])))

        return hook

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="the-output-itself"
"""You put the output itself into the log. That keeps every tensor alive, with its graph; only its shape is asked
for."""


def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.append((name, output))

        return hook

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="the-output-itself"
def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.append((name, output.detach()))

        return hook

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="input-shapes"
"""You log the shapes of the inputs. The outputs are asked for."""


def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.append((name, tuple(inputs[0].shape)))

        return hook

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="input-shapes"
def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs):
            log.append((name, tuple(inputs[0].shape)))

        return hook

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_pre_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="entries-are-no-tuples"
"""Each entry of the log must be a tuple of two: (qualified name, shape)."""


def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.append([name, tuple(output.shape)])

        return hook

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="entries-are-no-tuples"
def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.append({name: tuple(output.shape)})

        return hook

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="entries-are-no-tuples"
def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.append(f"{name}: {tuple(output.shape)}")

        return hook

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="entries-are-no-tuples"
def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.append((name, *output.shape))

        return hook

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="extended"
"""You extend the log by a name and by a shape, as two entries. Append the two together, as one tuple."""


def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.extend((name, tuple(output.shape)))

        return hook

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="extended"
def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.append(name)
            log.append(tuple(output.shape))

        return hook

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="log-stays-empty"
"""Nothing that your hooks find out arrives in the list that was handed to you. Append every entry to that very list, by
`log.append(...)`. A `print` does not reach it, nor does a new list that is called `log`."""


def log_shapes(model, log):
    log = []

    def make_hook(name):
        def hook(module, inputs, output):
            log.append((name, tuple(output.shape)))

        return hook

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="log-stays-empty"
def log_shapes(model, log):
    log = list(log)

    def make_hook(name):
        def hook(module, inputs, output):
            log.append((name, tuple(output.shape)))

        return hook

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="rebinds-the-log"
"""Inside your hook `log` is assigned to, so Python takes it for a local variable of the hook, which has no value yet.
Call a method of the list that is there: `append`."""


def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log += [(name, tuple(output.shape))]

        return hook

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="rebinds-the-log"
def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log = log + [(name, tuple(output.shape))]

        return hook

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="hook-returns-something"
"""Your hook returns something, and what a forward hook returns takes the place of the module's output. A hook that
only watches returns nothing."""


def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.append((name, tuple(output.shape)))
            return log

        return hook

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="hook-returns-something"
def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            entry = (name, tuple(output.shape))
            log.append(entry)
            return entry

        return hook

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="hook-returns-something"
def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.append((name, tuple(output.shape)))
            return output.shape

        return hook

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="hook-returns-something"
def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.append((name, tuple(output.shape)))
            return True

        return hook

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="output-detached"
"""Your hook gives the model a detached output back. The numbers are the same, but no gradient gets through any
more."""


def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.append((name, tuple(output.shape)))
            return output.detach()

        return hook

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="output-detached"
def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            output = output.detach()
            log.append((name, tuple(output.shape)))
            return output

        return hook

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="output-detached"
def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.append((name, tuple(output.detach_().shape)))

        return hook

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="no-handles"
"""Your function does not return its handles, so whoever called it can't get rid of the hooks. Return all of them, in a
list."""


def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.append((name, tuple(output.shape)))

        return hook

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name)))


# %% exercise="log_shapes" mistake="no-handles"
def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.append((name, tuple(output.shape)))

        return hook

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name)))
    return log


# %% exercise="log_shapes" mistake="no-handles"
def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.append((name, tuple(output.shape)))

        return hook

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name)))
    return None


# %% exercise="log_shapes" mistake="last-handle-only"
"""You return one handle only. There is one for each hook, and each can remove no other: collect them all in a list."""


def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.append((name, tuple(output.shape)))

        return hook

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handle = module.register_forward_hook(make_hook(name))
    return handle


# %% exercise="log_shapes" mistake="last-handle-only"
def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.append((name, tuple(output.shape)))

        return hook

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles = [module.register_forward_hook(make_hook(name))]
    return handles


# %% exercise="log_shapes" mistake="last-handle-only"
def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.append((name, tuple(output.shape)))

        return hook

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            return [module.register_forward_hook(make_hook(name))]
    return handles


# %% exercise="log_shapes" mistake="handles-in-another-form"
"""The handles are asked for as a list, so that `for handle in handles: handle.remove()` is all that one needs."""


def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.append((name, tuple(output.shape)))

        return hook

    handles = {}
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles[name] = module.register_forward_hook(make_hook(name))
    return handles


# %% exercise="log_shapes" mistake="handles-in-another-form"
def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.append((name, tuple(output.shape)))

        return hook

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name)))
    return tuple(handles)


# %% exercise="log_shapes" mistake="handles-in-another-form"
def log_shapes(model, log):
    def make_hook(name):
        return lambda module, inputs, output: log.append((name, tuple(output.shape)))

    leaves = {name: module for name, module in model.named_modules() if not list(module.children())}
    handles = {name: module.register_forward_hook(make_hook(name)) for name, module in leaves.items()}
    return iter(handles.values())


# %% exercise="log_shapes" mistake="never-registered"
"""Calling your function registers nothing. Often it has a `yield` in it, or returns a generator or a `map`: those run
only when somebody goes through them. Collect the handles in a list, and return that."""


def log_shapes(model, log):
    for name, module in model.named_modules():
        if not list(module.children()):
            handle = module.register_forward_hook(
                lambda module, inputs, output, name=name: log.append((name, tuple(output.shape)))
            )
            yield handle


# %% exercise="log_shapes" mistake="never-registered"
def log_shapes(model, log):
    return (
        module.register_forward_hook(lambda module, inputs, output, name=name: log.append((name, tuple(output.shape))))
        for name, module in model.named_modules()
        if not list(module.children())
    )


# %% exercise="log_shapes" mistake="shared-modules-twice"
"""You hook a shared module once under each of its names, so each of its calls is logged several times. It gets one
hook, under its first name."""


def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.append((name, tuple(output.shape)))

        return hook

    handles = []
    for name, module in model.named_modules(remove_duplicate=False):
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="shared-modules-twice"
def log_shapes(model, log, prefix=""):
    handles = []
    if not model._modules:
        name = prefix.rstrip(".")
        handles.append(model.register_forward_hook(lambda m, i, o: log.append((name, tuple(o.shape)))))
    for name, child in model._modules.items():
        handles += log_shapes(child, log, f"{prefix}{name}.")
    return handles


# %% exercise="log_shapes" mistake="shared-modules-twice"
def log_shapes(model, log):
    handles = []

    def walk(module, path):
        for name, child in module.named_children():
            walk(child, [*path, name])
        if not list(module.children()):

            def hook(module, inputs, output):
                log.append((".".join(path), tuple(output.shape)))

            handles.append(module.register_forward_hook(hook))

    walk(model, [])
    return handles


# %% exercise="log_shapes" mistake="root-left-out"
"""You leave the model itself out, whose name is the empty text. It may be a single layer, and then it is a leaf."""


def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.append((name, tuple(output.shape)))

        return hook

    handles = []
    for name, module in model.named_modules():
        if name and len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="root-left-out"
def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.append((name, tuple(output.shape)))

        return hook

    handles = []
    for name, module in model.named_modules():
        if module is not model and len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="one-entry-a-name"
"""You log a module once only. Each call is an entry: in a second forward, and for a layer that is used twice."""


def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            if name not in dict(log):
                if name not in dict(log):
                    if name not in dict(log):
                        log.append((name, tuple(output.shape)))

        return hook

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="one-entry-a-name"
def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            entry = (name, tuple(output.shape))
            if entry not in log:
                log.append(entry)

        return hook

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="others-removed"
"""Hooks of other people's are gone from the model. Often the modules' hook tables are cleared: add your hooks, and
leave theirs alone."""


def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.append((name, tuple(output.shape)))

        return hook

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            module._forward_hooks.clear()
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="others-removed"
def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.append((name, tuple(output.shape)))

        return hook

    handles = []
    for module in model.modules():
        module._forward_hooks.clear()
        module._forward_pre_hooks.clear()
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="wrong-signature"
"""torch calls a forward hook with three arguments, in this order: the module, a tuple of its inputs (a tuple also where
there is only one), and its output. Your hook does not fit that."""


def log_shapes(model, log):
    def make_hook(name):
        def hook(module, output):
            log.append((name, tuple(output.shape)))

        return hook

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="wrong-signature"
def log_shapes(model, log):
    def make_hook(name):
        def hook(output):
            log.append((name, tuple(output.shape)))

        return hook

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="wrong-signature"
def log_shapes(model, log):
    def make_hook(name):
        def hook(module, output, inputs):
            log.append((name, tuple(output.shape)))

        return hook

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="wrong-signature"
def log_shapes(model, log):
    def make_hook(name):
        def hook(inputs, output):
            log.append((name, tuple(output.shape)))

        return hook

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="called-at-once"
"""You call your function while registering, and register what it returns. A hook is a function that torch calls later:
hand over the function itself."""


def log_shapes(model, log):
    def make_hook(name, output):
        log.append((name, tuple(output.shape)))

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name, module.weight)))
    return handles


# %% exercise="log_shapes" mistake="called-at-once"
def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.append((name, tuple(output.shape)))

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="one-entry-a-name"
def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log[:] = [entry for entry in log if entry[0] != name]
            log.append((name, tuple(output.shape)))

        return hook

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="class-names"
def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.append((module, tuple(output.shape)))

        return hook

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="class-names"
def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.append((str(module), tuple(output.shape)))

        return hook

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="some-leaves-only"
def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.append((name, tuple(output.shape)))

        return hook

    handles = []
    for name, module in model.named_modules():
        if isinstance(module, (nn.Linear, nn.Conv2d, nn.ReLU, nn.Tanh, nn.Sigmoid, nn.MaxPool2d, nn.Flatten)):
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="dots-too-many"
"""Your names have a dot too many. A qualified name has dots between its parts only; the model's own name is empty."""


def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.append(("." + name, tuple(output.shape)))

        return hook

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles


# %% exercise="log_shapes" mistake="dots-too-many"
def log_shapes(model, log, prefix=""):
    handles = []
    if not list(model.children()):
        handles.append(model.register_forward_hook(lambda m, i, o: log.append((prefix, tuple(o.shape)))))
    for name, child in model.named_children():
        handles += log_shapes(child, log, prefix + name + ".")
    return handles


# %% exercise="log_shapes" mistake="dots-too-many"
def log_shapes(model, log, prefix=""):
    handles = []
    if not list(model.children()):
        handles.append(model.register_forward_hook(lambda m, i, o: log.append((prefix, tuple(o.shape)))))
    for name, child in model.named_children():
        handles += log_shapes(child, log, f"{prefix}.{name}")
    return handles


# %% exercise="log_shapes" mistake="removed-at-once"
"""There are no hooks on the model when it runs, though you return handles: the hooks are removed again already. Only
return the handles; whoever called you removes them."""


def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.append((name, tuple(output.shape)))

        return hook

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name)))
    for handle in handles:
        handle.remove()
    return handles


# %% exercise="log_shapes" mistake="removed-at-once"
def log_shapes(model, log):
    handles = []
    for name, module in model.named_modules():
        if not list(module.children()):
            hook = lambda m, i, o, name=name: log.append((name, tuple(o.shape)))
            with module.register_forward_hook(hook) as handle:
                handles.append(handle)
    return handles


# %% exercise="log_shapes" mistake="last-name"
"""A module with two names appears in your log under the last of them. The first one counts."""


def log_shapes(model, log):
    names = {module: name for name, module in model.named_modules(remove_duplicate=False)}
    return [
        module.register_forward_hook(lambda m, i, o, name=name: log.append((name, tuple(o.shape))))
        for module, name in names.items()
        if not list(module.children())
    ]


# %% exercise="log_shapes" right="default-argument"
def log_shapes(model, log):
    return [
        module.register_forward_hook(lambda m, x, y, name=name: log.append((name, tuple(y.shape))))
        for name, module in model.named_modules()
        if next(module.children(), None) is None
    ]


# %% exercise="log_shapes" right="partial"
from functools import partial


def _note(name, log, module, inputs, output):
    log.append((name, tuple(output.size())))


def log_shapes(model, log):
    handles = []
    for name, module in model.named_modules():
        if len(module._modules) == 0:
            handle = module.register_forward_hook(partial(_note, name, log))
            handles.append(handle)
    return handles


# %% exercise="log_shapes" right="callable-class"
class ShapeHook:
    def __init__(self, name, log):
        self.name, self.log = name, log

    def __call__(self, module, args, output):
        self.log += [(self.name, output.shape)]


def log_shapes(model, log):
    leaves = {n: m for n, m in model.named_modules() if not any(True for _ in m.children())}
    return [leaf.register_forward_hook(ShapeHook(name, log)) for name, leaf in leaves.items()]


# %% exercise="log_shapes" right="one-hook-for-all"
def log_shapes(model, log):
    names = {module: name for name, module in model.named_modules() if not list(module.named_children())}

    def hook(module, _, output):
        log.append((names[module], tuple(int(size) for size in output.shape)))
        return output

    handles = list()
    for module in names:
        handles.append(module.register_forward_hook(hook, prepend=False))
    return handles


# %% exercise="log_shapes" right="recursion"
def log_shapes(model, log):
    handles, known = [], set()

    def visit(module, path):
        if id(module) in known:
            return
        known.add(id(module))
        children = list(module.named_children())
        for name, child in children:
            visit(child, path + [name])
        if not children:

            def hook(_module, _args, _kwargs, output, name=".".join(path)):
                log.append((name, tuple(output.shape)))

            handles.append(module.register_forward_hook(hook, with_kwargs=True))

    visit(model, [])
    return handles


# %% [markdown]
# # capture

# %% exercise="capture" mistake="not-detached"
"""What you keep is still part of the graph: a clone alone carries it on, and with it all the memory of the pass.
Detach it."""


@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output.clone()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="not-detached"
class capture:
    def __init__(self, model, names):
        modules = dict(model.named_modules())
        self.modules = {name: modules[name] for name in names}
        self.outputs = {}
        self.handles = []

    def hook_for(self, name):
        def hook(module, inputs, output):
            self.outputs[name] = output.clone()

        return hook

    def __enter__(self):
        for name, module in self.modules.items():
            self.handles.append(module.register_forward_hook(self.hook_for(name)))
        return self.outputs

    def __exit__(self, kind, error, traceback):
        for handle in self.handles:
            handle.remove()


# %% exercise="capture" mistake="not-copied"
"""`detach()` shares the memory with the output. Whatever writes into it later, a ReLU with `inplace=True` for one,
changes what you keep. It needs a copy."""


@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output.detach()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="not-copied"
@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output.data

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="not-copied"
@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            with torch.no_grad():
                found[name] = output.view(output.shape)
                found[name] = found[name].detach()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="kept-as-it-is"
"""You keep the output itself. It carries the graph, and it changes when a later layer writes in place. Keep a detached
copy."""


@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="kept-as-it-is"
class capture:
    def __init__(self, model, names):
        modules = dict(model.named_modules())
        self.modules = {name: modules[name] for name in names}
        self.outputs = {}
        self.handles = []

    def hook_for(self, name):
        def hook(module, inputs, output):
            self.outputs[name] = output

        return hook

    def __enter__(self):
        for name, module in self.modules.items():
            self.handles.append(module.register_forward_hook(self.hook_for(name)))
        return self.outputs

    def __exit__(self, kind, error, traceback):
        for handle in self.handles:
            handle.remove()


# %% exercise="capture" mistake="detached-in-place"
"""`detach_()`, with an underscore, cuts the model's own output off the graph, and no gradient gets past that layer.
Detach a copy."""


@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output.detach_().clone()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="hook-returns-something"
"""Your hook returns something, and what a forward hook returns takes the place of the module's output. A hook that
only watches returns nothing."""


@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output.detach().clone()
            return found[name]

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="hook-returns-something"
@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            output = output.detach().clone()
            found[name] = output
            return output

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="hook-returns-something"
class capture:
    def __init__(self, model, names):
        modules = dict(model.named_modules())
        self.modules = {name: modules[name] for name in names}
        self.outputs = {}
        self.handles = []

    def hook_for(self, name):
        def hook(module, inputs, output):
            self.outputs[name] = output = output.detach()
            return output.clone()

        return hook

    def __enter__(self):
        for name, module in self.modules.items():
            self.handles.append(module.register_forward_hook(self.hook_for(name)))
        return self.outputs

    def __exit__(self, kind, error, traceback):
        for handle in self.handles:
            handle.remove()


# %% exercise="capture" mistake="first-wins"
"""You keep the first output of each module. When it runs again, the last one is asked for."""


@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            if name not in found:
                if name not in found:
                    if name not in found:
                        found[name] = output.detach().clone()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="first-wins"
@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found.setdefault(name, output.detach().clone())

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="all-outputs-in-a-list"
"""You collect all outputs of a module. Each name has one tensor: the output of the last forward."""


@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found.setdefault(name, []).append(output.detach().clone())

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="all-outputs-in-a-list"
@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = [output.detach().clone()]

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="all-outputs-in-a-list"
@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = torch.cat([found[name], output.detach()]) if name in found else output.detach().clone()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="late-binding"
"""All your hooks write under the same name, the last one. They share the loop's variable, and look it up only when
they are called. Give each hook a name of its own."""


@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    handles = []
    for name in names:

        def hook(module, inputs, output):
            found[name] = output.detach().clone()

        handles.append(modules[name].register_forward_hook(hook))
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="late-binding"
class capture:
    def __init__(self, model, names):
        modules = dict(model.named_modules())
        self.modules = {name: modules[name] for name in names}
        self.outputs = {}
        self.handles = []

    def hook_for(self, name):
        def hook(module, inputs, output):
            self.outputs[name] = output.detach().clone()

        return hook

    def __enter__(self):
        for name, module in self.modules.items():
            hook = lambda m, i, output: self.outputs.update({name: output.detach().clone()})
            self.handles.append(module.register_forward_hook(hook))
        return self.outputs

    def __exit__(self, kind, error, traceback):
        for handle in self.handles:
            handle.remove()


# %% exercise="capture" mistake="no-finally"
"""After an error your hooks stay. They have to go in any case: by a `finally` around the `yield`, or in an `__exit__`
that does not ask whether there was an error."""


@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output.detach().clone()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    yield found
    for handle in handles:
        handle.remove()


# %% exercise="capture" mistake="no-finally"
class capture:
    def __init__(self, model, names):
        modules = dict(model.named_modules())
        self.modules = {name: modules[name] for name in names}
        self.outputs = {}
        self.handles = []

    def hook_for(self, name):
        def hook(module, inputs, output):
            self.outputs[name] = output.detach().clone()

        return hook

    def __enter__(self):
        for name, module in self.modules.items():
            self.handles.append(module.register_forward_hook(self.hook_for(name)))
        return self.outputs

    def __exit__(self, kind, error, traceback):
        if error is None:
            for handle in self.handles:
                handle.remove()


# %% exercise="capture" mistake="only-for-exceptions"
"""Your hooks stay when somebody presses stop: what comes then, a `KeyboardInterrupt`, is no `Exception`. Remove them in
every case: by a `finally` around the `yield`, or in an `__exit__` that does not look at the error."""


@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output.detach().clone()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    except Exception:
        for handle in handles:
            handle.remove()
        raise
    for handle in handles:
        handle.remove()


# %% exercise="capture" mistake="only-for-exceptions"
class capture:
    def __init__(self, model, names):
        modules = dict(model.named_modules())
        self.modules = {name: modules[name] for name in names}
        self.outputs = {}
        self.handles = []

    def hook_for(self, name):
        def hook(module, inputs, output):
            self.outputs[name] = output.detach().clone()

        return hook

    def __enter__(self):
        for name, module in self.modules.items():
            self.handles.append(module.register_forward_hook(self.hook_for(name)))
        return self.outputs

    def __exit__(self, kind, error, traceback):
        if kind is None or issubclass(kind, Exception):
            for handle in self.handles:
                handle.remove()


# %% exercise="capture" mistake="error-swallowed"
"""You swallow the error. It has to come out of the `with` block, or nobody learns that something went wrong."""


@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output.detach().clone()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    except Exception:
        pass
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="error-swallowed"
@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output.detach().clone()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()
        return


# %% exercise="capture" mistake="error-swallowed"
class capture:
    def __init__(self, model, names):
        modules = dict(model.named_modules())
        self.modules = {name: modules[name] for name in names}
        self.outputs = {}
        self.handles = []

    def hook_for(self, name):
        def hook(module, inputs, output):
            self.outputs[name] = output.detach().clone()

        return hook

    def __enter__(self):
        for name, module in self.modules.items():
            self.handles.append(module.register_forward_hook(self.hook_for(name)))
        return self.outputs

    def __exit__(self, kind, error, traceback):
        for handle in self.handles:
            handle.remove()
        return True


# %% exercise="capture" mistake="error-swallowed"
@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output.detach().clone()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    except BaseException:
        pass
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="error-swallowed"
@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output.detach().clone()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    except Exception as error:
        print(error)
    for handle in handles:
        handle.remove()


# %% exercise="capture" mistake="another-error"
"""You raise an error of your own in place of the one that came. It has to pass through as it is."""


@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output.detach().clone()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    except BaseException as error:
        raise RuntimeError("the model failed") from error
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="never-removed"
"""Your hooks stay on the model after the `with` block. Keep the handles, and remove them all when it is left."""


@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output.detach().clone()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    yield found


# %% exercise="capture" mistake="never-removed"
class capture:
    def __init__(self, model, names):
        modules = dict(model.named_modules())
        self.modules = {name: modules[name] for name in names}
        self.outputs = {}
        self.handles = []

    def hook_for(self, name):
        def hook(module, inputs, output):
            self.outputs[name] = output.detach().clone()

        return hook

    def __enter__(self):
        for name, module in self.modules.items():
            self.handles.append(module.register_forward_hook(self.hook_for(name)))
        return self.outputs

    def __exit__(self, kind, error, traceback):
        self.handles.clear()


# %% exercise="capture" mistake="never-removed"
@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output.detach().clone()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    finally:
        handles.clear()


# %% exercise="capture" mistake="one-hook-left"
"""You remove one hook and leave the others. Each has a handle of its own: collect them."""


@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output.detach().clone()

        return hook

    for name in names:
        handle = modules[name].register_forward_hook(make_hook(name))
    try:
        yield found
    finally:
        handle.remove()


# %% exercise="capture" mistake="one-hook-left"
@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output.detach().clone()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    finally:
        if handles:
            handles.pop().remove()


# %% exercise="capture" mistake="clears-all-hooks"
"""On leaving, other people's hooks are gone as well. Often the modules' hook tables are cleared: remove yours by their
handles."""


@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output.detach().clone()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    finally:
        for name in names:
            modules[name]._forward_hooks.clear()


# %% exercise="capture" mistake="clears-all-hooks"
@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output.detach().clone()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    finally:
        for module in model.modules():
            module._forward_hooks.clear()


# %% exercise="capture" mistake="clears-all-hooks"
class capture:
    def __init__(self, model, names):
        modules = dict(model.named_modules())
        self.modules = {name: modules[name] for name in names}
        self.outputs = {}
        self.handles = []

    def hook_for(self, name):
        def hook(module, inputs, output):
            self.outputs[name] = output.detach().clone()

        return hook

    def __enter__(self):
        for name, module in self.modules.items():
            self.handles.append(module.register_forward_hook(self.hook_for(name)))
        return self.outputs

    def __exit__(self, kind, error, traceback):
        for module in self.modules.values():
            module._forward_hooks = type(module._forward_hooks)()


# %% exercise="capture" mistake="tables-put-back"
"""You put the hook tables back as they were. Hooks that somebody added meanwhile are then gone, and those that
somebody removed are back. Remove yours by their handles, and leave the rest alone."""


@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output.detach().clone()

        return hook

    before = {name: modules[name]._forward_hooks.copy() for name in names}
    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    finally:
        for name in names:
            modules[name]._forward_hooks.clear()
            modules[name]._forward_hooks.update(before[name])


# %% exercise="capture" mistake="tables-put-back"
@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output.detach().clone()

        return hook

    before = {module: dict(module._forward_hooks) for module in model.modules()}
    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    finally:
        for module, hooks in before.items():
            for key in list(module._forward_hooks):
                if key not in hooks:
                    del module._forward_hooks[key]


# %% exercise="capture" mistake="contents-cleared"
"""You empty the dict on leaving. It is wanted afterwards: only the hooks have to go."""


@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output.detach().clone()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()
        found.clear()


# %% exercise="capture" mistake="contents-cleared"
class capture:
    def __init__(self, model, names):
        modules = dict(model.named_modules())
        self.modules = {name: modules[name] for name in names}
        self.outputs = {}
        self.handles = []

    def hook_for(self, name):
        def hook(module, inputs, output):
            self.outputs[name] = output.detach().clone()

        return hook

    def __enter__(self):
        for name, module in self.modules.items():
            self.handles.append(module.register_forward_hook(self.hook_for(name)))
        return self.outputs

    def __exit__(self, kind, error, traceback):
        for handle in self.handles:
            handle.remove()
        self.outputs.clear()


# %% exercise="capture" mistake="contents-cleared"
@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output.detach().clone()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    except BaseException:
        found.clear()
        raise
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="unknown-names-skipped"
"""You pass over names that the model does not have. A wrong name is a mistake of whoever calls you: tell it, by a
KeyError."""


@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    names = [name for name in names if name in modules]
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output.detach().clone()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="unknown-names-skipped"
@contextmanager
def capture(model, names):
    modules = {name: module for name, module in model.named_modules() if name in names}
    names = modules.keys()
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output.detach().clone()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="unknown-is-another-error"
"""An unknown name raises another error than a KeyError. torch's `get_submodule`, for instance, gives an AttributeError.
Look the name up in a dict of `named_modules()`."""


@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    modules = {name: model.get_submodule(name) for name in names}
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output.detach().clone()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="unknown-is-another-error"
@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise ValueError(f"no module {name}")
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output.detach().clone()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="unknown-is-another-error"
@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output.detach().clone()

        return hook

    handles = [modules.get(name).register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="unknown-is-another-error"
@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    assert all(name in modules for name in names)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output.detach().clone()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="error-without-the-name"
"""Your KeyError does not tell the name that is unknown. Put it into the error."""


@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError("unknown module")
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output.detach().clone()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="error-without-the-name"
@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output.detach().clone()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="checked-too-late"
"""You find the unknown name while you register. The hooks from before it are then on the model, and nobody removes
them. Look all names up first."""


@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output.detach().clone()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="checked-too-late"
class capture:
    def __init__(self, model, names):
        modules = dict(model.named_modules())
        self.all_modules, self.names = modules, names
        self.outputs = {}
        self.handles = []

    def hook_for(self, name):
        def hook(module, inputs, output):
            self.outputs[name] = output.detach().clone()

        return hook

    def __enter__(self):
        for name in self.names:
            module = self.all_modules[name]
            self.handles.append(module.register_forward_hook(self.hook_for(name)))
        return self.outputs

    def __exit__(self, kind, error, traceback):
        for handle in self.handles:
            handle.remove()


# %% exercise="capture" mistake="children-only"
"""You know only the model's own children. Names may lead deeper, like `block.branch.1`, and the empty name is the
model itself: `named_modules()` has them all."""


@contextmanager
def capture(model, names):
    modules = dict(model.named_children())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output.detach().clone()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="children-only"
@contextmanager
def capture(model, names):
    modules = model._modules
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output.detach().clone()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="leaves-only"
"""You know only the leaves. A container has an output as well, and so has the model itself, whose name is the empty
text."""


@contextmanager
def capture(model, names):
    modules = {name: module for name, module in model.named_modules() if not list(module.children())}
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output.detach().clone()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="leaves-only"
@contextmanager
def capture(model, names):
    modules = {name: module for name, module in model.named_modules() if name}
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output.detach().clone()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="all-modules"
"""You capture every module of the model. Only those with the given names are wanted."""


@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output.detach().clone()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in modules]
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="inputs-kept"
"""You keep what goes into the module. What comes out of it is asked for."""


@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = inputs[0].detach().clone()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="inputs-kept"
@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs):
            found[name] = inputs[0].detach().clone()

        return hook

    handles = [modules[name].register_forward_pre_hook(make_hook(name)) for name in names]
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="keys-are-modules"
"""The keys of your dict are not the names that were given. Write each output under the very name."""


@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[module] = output.detach().clone()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="keys-are-modules"
@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name.split(".")[-1]] = output.detach().clone()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="keys-are-modules"
@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[type(module).__name__] = output.detach().clone()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="one-dict-for-all"
"""Two captures share one dict. Each needs its own: they may nest, and the first one's contents are wanted when the
second has begun."""
_found = {}


@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    wanted = [(name, modules[name]) for name in names]
    _found.clear()
    handles = []
    for name, module in wanted:

        def hook(module, inputs, output, name=name):
            _found[name] = output.detach().clone()

        handles.append(module.register_forward_hook(hook))
    try:
        yield _found
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="one-dict-for-all"
@contextmanager
def capture(model, names, found={}):
    modules = dict(model.named_modules())
    wanted = [(name, modules[name]) for name in names]
    found.clear()
    handles = []
    for name, module in wanted:

        def hook(module, inputs, output, name=name):
            found[name] = output.detach().clone()

        handles.append(module.register_forward_hook(hook))
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="handles-overwritten"
"""After a capture inside another, the hooks of the outer one stay. Often the handles are kept in one place, on the
model say, where the inner capture overwrites them. Keep them in a local variable."""


@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    wanted = [(name, modules[name]) for name in names]
    found = {}

    def keep(name):
        def hook(module, inputs, output):
            found[name] = output.detach().clone()

        return hook

    model.handles = [module.register_forward_hook(keep(name)) for name, module in wanted]
    try:
        yield found
    finally:
        for handle in model.handles:
            handle.remove()


# %% exercise="capture" mistake="one-list-of-handles"
"""A capture inside another takes the outer one's hooks away as well. Often both share one list of handles: each capture
needs its own."""
_handles = []


@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    wanted = [(name, modules[name]) for name in names]
    found = {}
    for name, module in wanted:

        def hook(module, inputs, output, name=name):
            found[name] = output.detach().clone()

        _handles.append(module.register_forward_hook(hook))
    try:
        yield found
    finally:
        while _handles:
            _handles.pop().remove()


# %% exercise="capture" mistake="no-grad-inside"
"""Inside your `with` block no graph is built: you switch gradients off for the whole block. Only your copy must do
without a graph, not the model."""


@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output.detach().clone()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        with torch.no_grad():
            yield found
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="no-grad-inside"
class capture:
    def __init__(self, model, names):
        modules = dict(model.named_modules())
        self.modules = {name: modules[name] for name in names}
        self.outputs = {}
        self.handles = []

    def hook_for(self, name):
        def hook(module, inputs, output):
            self.outputs[name] = output.detach().clone()

        return hook

    def __enter__(self):
        for name, module in self.modules.items():
            torch.set_grad_enabled(False)
            self.handles.append(module.register_forward_hook(self.hook_for(name)))
        return self.outputs

    def __exit__(self, kind, error, traceback):
        torch.set_grad_enabled(True)
        for handle in self.handles:
            handle.remove()


# %% exercise="capture" mistake="eval-mode"
"""You put the model into eval mode. Batch norm and dropout then compute something else: whoever watches must not
change what is watched."""


@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output.detach().clone()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    model.eval()
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="eval-mode"
@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output.detach().clone()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    was_training = model.training
    model.eval()
    try:
        yield found
    finally:
        model.train(was_training)
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="no-tensors"
"""The dict must hold tensors. You keep something else."""


@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output.detach().clone().numpy()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="no-tensors"
@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output.detach().tolist()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="no-tensors"
@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output.shape

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="no-tensors"
@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = (output.detach().clone(),)

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="nothing-yielded"
"""`with ... as captured` gives nothing to look into. What you yield, or return from `__enter__`, must be the dict that
the hooks fill."""


@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output.detach().clone()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="nothing-yielded"
class capture:
    def __init__(self, model, names):
        modules = dict(model.named_modules())
        self.modules = {name: modules[name] for name in names}
        self.outputs = {}
        self.handles = []

    def hook_for(self, name):
        def hook(module, inputs, output):
            self.outputs[name] = output.detach().clone()

        return hook

    def __enter__(self):
        for name, module in self.modules.items():
            self.handles.append(module.register_forward_hook(self.hook_for(name)))

    def __exit__(self, kind, error, traceback):
        for handle in self.handles:
            handle.remove()


# %% exercise="capture" mistake="nothing-yielded"
class capture:
    def __init__(self, model, names):
        modules = dict(model.named_modules())
        self.modules = {name: modules[name] for name in names}
        self.outputs = {}
        self.handles = []

    def hook_for(self, name):
        def hook(module, inputs, output):
            self.outputs[name] = output.detach().clone()

        return hook

    def __enter__(self):
        for name, module in self.modules.items():
            self.handles.append(module.register_forward_hook(self.hook_for(name)))
        return self

    def __exit__(self, kind, error, traceback):
        for handle in self.handles:
            handle.remove()


# %% exercise="capture" mistake="nothing-yielded"
@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output.detach().clone()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield handles
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="a-copy-yielded"
"""You hand out a copy of the dict, made before anything has run. The hooks fill the other one. Hand out the very
dict."""


@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output.detach().clone()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield dict(found)
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="a-copy-yielded"
class capture:
    def __init__(self, model, names):
        modules = dict(model.named_modules())
        self.modules = {name: modules[name] for name in names}
        self.outputs = {}
        self.handles = []

    def hook_for(self, name):
        def hook(module, inputs, output):
            self.outputs[name] = output.detach().clone()

        return hook

    def __enter__(self):
        for name, module in self.modules.items():
            self.handles.append(module.register_forward_hook(self.hook_for(name)))
        return {**self.outputs}

    def __exit__(self, kind, error, traceback):
        for handle in self.handles:
            handle.remove()


# %% exercise="capture" mistake="no-context-manager"
"""Your function can't be used with `with`. Write it with one `yield` (not `return`) under `@contextmanager`, or as a
class with `__enter__` and `__exit__`."""


def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output.detach().clone()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    return found


# %% exercise="capture" mistake="no-context-manager"
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output.detach().clone()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="no-context-manager"
from contextlib import contextmanager


@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    captured = {}

    def make_hook(name):
        def hook(module, inputs, output):
            captured[name] = output.detach().clone()

        return hook

    modules = {name: modules[name] for name in names}
    handles = [module.register_forward_hook(make_hook(name)) for name, module in modules.items()]
    try:
        return captured
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="wrong-signature"
"""torch calls a forward hook with three arguments, in this order: the module, a tuple of its inputs (a tuple also where
there is only one), and its output. Your hook does not fit that."""


@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, output):
            found[name] = output.detach().clone()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="wrong-signature"
@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(output):
            found[name] = output.detach().clone()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="wrong-signature"
@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, output, inputs):
            found[name] = output.detach().clone()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="first-forward-only"
"""After the first forward nothing new is kept. The hooks stay until the `with` block is left, and the last forward
wins."""


@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output.detach().clone()
            for handle in handles:
                handle.remove()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="copied-too-late"
"""You make the copies when the block is left. By then a later layer may have written into the outputs, and inside the
block they still carry the graph. Copy in the hook."""


@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    finally:
        for name, output in found.items():
            found[name] = output.detach().clone()
        for handle in handles:
            handle.remove()


# %% exercise="capture" mistake="copied-too-late"
class capture:
    def __init__(self, model, names):
        modules = dict(model.named_modules())
        self.modules = {name: modules[name] for name in names}
        self.outputs = {}
        self.handles = []

    def hook_for(self, name):
        def hook(module, inputs, output):
            self.outputs[name] = output

        return hook

    def __enter__(self):
        for name, module in self.modules.items():
            self.handles.append(module.register_forward_hook(self.hook_for(name)))
        return self.outputs

    def __exit__(self, kind, error, traceback):
        for name in self.outputs:
            self.outputs[name] = self.outputs[name].detach().clone()
        for handle in self.handles:
            handle.remove()


# %% exercise="capture" mistake="removes-the-last-hook"
"""On leaving you take the last hook of each module away, whosever it is. Remove yours, by their handles."""


@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output.detach().clone()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    finally:
        for name in names:
            modules[name]._forward_hooks.popitem()


# %% exercise="capture" mistake="removes-the-last-hook"
@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output.detach().clone()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    finally:
        for name in names:
            modules[name]._forward_hooks.popitem(last=False)


# %% exercise="capture" right="generator-with-default-argument"
@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output.detach().clone()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" right="class"
class capture:
    def __init__(self, model, names):
        modules = dict(model.named_modules())
        self.modules = {name: modules[name] for name in names}
        self.outputs = {}
        self.handles = []

    def hook_for(self, name):
        def hook(module, inputs, output):
            self.outputs[name] = output.detach().clone()

        return hook

    def __enter__(self):
        for name, module in self.modules.items():
            self.handles.append(module.register_forward_hook(self.hook_for(name)))
        return self.outputs

    def __exit__(self, kind, error, traceback):
        for handle in self.handles:
            handle.remove()


# %% exercise="capture" right="exit-stack"
from contextlib import ExitStack


@contextmanager
def capture(model, names):
    lookup = {name: module for name, module in model.named_modules()}
    missing = [name for name in names if name not in lookup]
    if missing:
        raise KeyError(f"no such modules: {missing}")
    outputs = {}
    with ExitStack() as stack:
        for name in names:

            def hook(_module, _args, output, name=name):
                with torch.no_grad():
                    outputs[name] = torch.clone(output)

            stack.enter_context(lookup[name].register_forward_hook(hook))
        yield outputs


# %% exercise="capture" right="class-with-partial"
from collections import OrderedDict
from functools import partial


class Capture:
    def __init__(self, model, names):
        self.model, self.names = model, tuple(names)

    def _keep(self, name, module, args, output):
        self.found[name] = output.detach() + 0

    def __enter__(self):
        every = OrderedDict(self.model.named_modules())
        pairs = [(name, every[name]) for name in self.names]
        self.found = OrderedDict()
        self.handles = {name: module.register_forward_hook(partial(self._keep, name)) for name, module in pairs}
        return self.found

    def __exit__(self, *error):
        while self.handles:
            self.handles.popitem()[1].remove()


def capture(model, names):
    return Capture(model, names)


# %% exercise="capture" right="hooks-everywhere"
@contextmanager
def capture(model, names):
    every = dict(model.named_modules())
    wanted = {every[name]: name for name in names}
    found = {}

    def hook(module, args, output):
        if module in wanted:
            found[wanted[module]] = output.detach().clone()

    handle = nn.modules.module.register_module_forward_hook(hook)
    try:
        yield found
    finally:
        handle.remove()


# %% exercise="capture" right="checks-on-the-call"
def capture(model, names):
    modules = dict(model.named_modules())
    chosen = []
    for name in names:
        try:
            chosen.append((name, modules[name]))
        except KeyError:
            raise KeyError(f"{name!r} is no module of {type(model).__name__}") from None

    @contextmanager
    def manager():
        found, handles = {}, set()
        try:
            for name, module in chosen:
                handles.add(module.register_forward_hook(keeper(found, name)))
            yield found
        finally:
            for handle in handles:
                handle.remove()

    return manager()


def keeper(found, name):
    def keep(module, args, output):
        copy = torch.empty_like(output, requires_grad=False)
        copy.copy_(output.detach())
        found[name] = copy

    return keep


# %% [markdown]
# # normalize_inputs

# %% exercise="normalize_inputs" mistake="in-place"
"""You calculate in place. The tensor that you write into is the caller's own: its next use starts from normalized
numbers, and a leaf that requires grad refuses. Make a new tensor."""


def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs):
        x = inputs[0]
        x -= mean
        x /= std
        return (x,) + inputs[1:]

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="in-place"
def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs):
        inputs[0].sub_(mean).div_(std)

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="in-place"
def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs):
        inputs[0][:] = (inputs[0] - mean) / std
        return inputs

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="in-place"
def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs):
        with torch.no_grad():
            inputs[0].sub_(mean).div_(std)

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="in-place"
def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs):
        inputs[0].data = (inputs[0].data - mean) / std

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="others-lost"
"""All inputs but the first are gone. What a pre-hook returns takes the place of the *whole* tuple: put the others back
in."""


def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs):
        return (inputs[0] - mean) / std

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="others-lost"
def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs):
        return ((inputs[0] - mean) / std,)

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="a-list-returned"
"""You return a list. Only a tuple stands for several inputs; a list arrives in the model as one single input."""


def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs):
        inputs = list(inputs)
        inputs[0] = (inputs[0] - mean) / std
        return inputs

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="a-list-returned"
def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs):
        return [(inputs[0] - mean) / std, *inputs[1:]]

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="inputs-stay-as-they-were"
"""The model got its inputs as they were. What a pre-hook returns takes their place, and it has to return it at every
call; giving another value to a local name changes nothing in the model."""


def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs):
        x = (inputs[0] - mean) / std
        inputs = (x,) + inputs[1:]

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="inputs-stay-as-they-were"
def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs):
        x = inputs[0]
        x = (x - mean) / std

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="assigns-into-the-tuple"
"""The inputs come as a tuple, and nobody can assign into a tuple. Build a new one."""


def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs):
        inputs[0] = (inputs[0] - mean) / std
        return inputs

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="other-formula"
"""Your formula is another one. It is (x − mean)/std: first the mean is taken away, then comes the division, and the
parentheses matter."""


def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs):
        x = inputs[0] - mean / std
        return (x,) + inputs[1:]

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="other-formula"
def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs):
        x = inputs[0] * std + mean
        return (x,) + inputs[1:]

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="other-formula"
def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs):
        x = (inputs[0] - std) / mean
        return (x,) + inputs[1:]

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="other-formula"
def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs):
        x = (inputs[0] + mean) / std
        return (x,) + inputs[1:]

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="other-formula"
def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs):
        x = (inputs[0] - mean) / std**2
        return (x,) + inputs[1:]

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="other-formula"
def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs):
        x = (inputs[0] - mean) / std**0.5
        return (x,) + inputs[1:]

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="other-formula"
def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs):
        x = inputs[0] / std - mean
        return (x,) + inputs[1:]

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="other-formula"
def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs):
        x = (inputs[0] - mean) / (std + 1e-3)
        return (x,) + inputs[1:]

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="other-formula"
def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs):
        x = (inputs[0] - mean) / abs(std)
        return (x,) + inputs[1:]

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="other-formula"
def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs):
        x = (inputs[0] - mean) * std
        return (x,) + inputs[1:]

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="statistics-of-the-batch"
"""You take the mean and the std of the batch at hand. Those that were handed to you are meant, the same for every
batch."""


def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs):
        x = inputs[0]
        x = (x - x.mean()) / x.std()
        return (x,) + inputs[1:]

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="statistics-of-the-batch"
def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs):
        x = inputs[0]
        x = (x - x.mean(dim=0)) / x.std(dim=0) * std + mean
        return (x,) + inputs[1:]

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="all-inputs"
"""You normalize every input. Only the first is an image; a mask or a label has to arrive as it was."""


def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs):
        return tuple((x - mean) / std for x in inputs)

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="all-inputs"
def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs):
        return tuple((x - mean) / std if isinstance(x, torch.Tensor) else x for x in inputs)

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="one-input-only"
"""Your hook stands one input only. A model may be called with more: take the first, and hand the rest on."""


def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs):
        (x,) = inputs
        return ((x - mean) / std,)

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="one-input-only"
def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs):
        assert len(inputs) == 1
        return (inputs[0] - mean) / std

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="output-normalized"
"""You change what comes out of the model. The *inputs* are to be normalized, before `forward`: that is a forward-pre
hook."""


def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs, output):
        return (output - mean) / std

    return model.register_forward_hook(hook)


# %% exercise="normalize_inputs" mistake="too-late-for-the-inputs"
"""You register a forward hook. When it is called `forward` is over, and what it returns takes the place of the
*output*. You need a pre-hook."""


def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs, output):
        x = (inputs[0] - mean) / std
        return (x,) + inputs[1:]

    return model.register_forward_hook(hook)


# %% exercise="normalize_inputs" mistake="wrong-signature"
"""torch calls a forward-pre hook with two arguments, in this order: the module, and the tuple of its positional inputs.
Your hook does not fit that."""


def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(inputs):
        x = (inputs[0] - mean) / std
        return (x,) + inputs[1:]

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="wrong-signature"
def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs, output):
        x = (inputs[0] - mean) / std
        return (x,) + inputs[1:]

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="wrong-signature"
def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(inputs, module):
        x = (inputs[0] - mean) / std
        return (x,) + inputs[1:]

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="tuple-taken-for-a-tensor"
"""You calculate with the tuple itself. What a pre-hook gets beside the module is the tuple of all positional inputs, a
tuple also where there is only one: take its first entry."""


def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, x, *others):
        return ((x - mean) / std, *others)

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="gradient-cut"
"""No gradient gets back to the caller's tensor: the graph is cut. Calculate with the tensor itself, without `detach`,
`.data` or `no_grad`."""


def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs):
        x = (inputs[0].detach() - mean) / std
        return (x,) + inputs[1:]

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="gradient-cut"
def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs):
        with torch.no_grad():
            with torch.no_grad():
                with torch.no_grad():
                    with torch.no_grad():
                        x = (inputs[0] - mean) / std
        return (x,) + inputs[1:]

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="gradient-cut"
def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs):
        x = (inputs[0].data - mean) / std
        return (x,) + inputs[1:]

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="gradient-cut"
def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs):
        x = inputs[0].clone().detach().sub_(mean).div_(std)
        return (x,) + inputs[1:]

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="gradient-cut"
def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs):
        x = torch.tensor((inputs[0] - mean) / std)
        return (x,) + inputs[1:]

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="gradient-cut"
def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs):
        x = (inputs[0] - mean) / std
        x = x.detach().requires_grad_()
        return (x,) + inputs[1:]

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="something-added-to-std"
"""You add a little to std, as batch norm does. That guards against a std of 0, which is a ValueError here, and makes
every other result a little wrong."""


def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs):
        x = (inputs[0] - mean) / (std + 1e-5)
        return (x,) + inputs[1:]

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="numbers-rounded"
"""You turn mean and std into the input's dtype. Whole numbers as input, the bytes of an image say, and a mean of 0.5
becomes 0. Use the Python numbers as they are: torch finds the dtype of the result."""


def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs):
        shift = torch.tensor(mean).to(inputs[0].dtype)
        scale = torch.tensor(std).to(inputs[0].dtype)
        return ((inputs[0] - shift) / scale,) + inputs[1:]

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="float32-forced"
"""You turn every input into float32. A float64 model then refuses its own input: the formula keeps the dtype by
itself."""


def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs):
        x = (inputs[0].float() - mean) / std
        return (x,) + inputs[1:]

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="float32-forced"
def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs):
        x = ((inputs[0] - mean) / std).to(torch.float32)
        return (x,) + inputs[1:]

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="checked-in-the-hook"
"""A std of 0 goes through when you register, and fails only at the first forward, if at all. Check it at once, outside
the hook."""


def normalize_inputs(model, mean, std):

    def hook(module, inputs):
        if std == 0:
            raise ValueError("std is 0")
        x = (inputs[0] - mean) / std
        return (x,) + inputs[1:]

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="checked-in-the-hook"
def normalize_inputs(model, mean, std):

    def hook(module, inputs):
        x = (inputs[0] - mean) / std
        return (x,) + inputs[1:]

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="checked-in-the-hook"
def normalize_inputs(model, mean, std):

    def hook(module, inputs):
        x = (inputs[0] - mean) / (std if std else 1.0)
        return (x,) + inputs[1:]

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="checked-in-the-hook"
def normalize_inputs(model, mean, std):

    def hook(module, inputs):
        x = (inputs[0] - mean) / max(std, 1e-12) if std >= 0 else (inputs[0] - mean) / std
        return (x,) + inputs[1:]

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="std-of-0-accepted"
"""With a std of 0 there is no error. Whoever called you goes on, and trains on raw inputs: raise a ValueError, a
printed word is none."""


def normalize_inputs(model, mean, std):
    if std == 0:
        return None

    def hook(module, inputs):
        x = (inputs[0] - mean) / std
        return (x,) + inputs[1:]

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="std-of-0-accepted"
def normalize_inputs(model, mean, std):
    if std == 0:
        print("std must not be 0")
        return

    def hook(module, inputs):
        x = (inputs[0] - mean) / std
        return (x,) + inputs[1:]

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="another-error-for-a-std-of-0"
"""A std of 0 must be a ValueError. You raise an error of another class."""


def normalize_inputs(model, mean, std):
    assert std != 0

    def hook(module, inputs):
        x = (inputs[0] - mean) / std
        return (x,) + inputs[1:]

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="another-error-for-a-std-of-0"
def normalize_inputs(model, mean, std):
    factor = 1 / std

    def hook(module, inputs):
        x = (inputs[0] - mean) * factor
        return (x,) + inputs[1:]

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="another-error-for-a-std-of-0"
def normalize_inputs(model, mean, std):
    if std == 0:
        raise RuntimeError("std is 0")

    def hook(module, inputs):
        x = (inputs[0] - mean) / std
        return (x,) + inputs[1:]

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="registered-before-the-check"
"""You raise the error when the hook is registered already, and nobody has its handle. Check first."""


def normalize_inputs(model, mean, std):

    def hook(module, inputs):
        x = (inputs[0] - mean) / std
        return (x,) + inputs[1:]

    handle = model.register_forward_pre_hook(hook)
    if std == 0:
        raise ValueError("std is 0")
    return handle


# %% exercise="normalize_inputs" mistake="negative-refused"
"""You refuse negative numbers as well. Only 0 is an error; with any other number the formula works."""


def normalize_inputs(model, mean, std):
    if std <= 0:
        raise ValueError("std is 0")

    def hook(module, inputs):
        x = (inputs[0] - mean) / std
        return (x,) + inputs[1:]

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="negative-refused"
def normalize_inputs(model, mean, std):
    if not std > 1e-6:
        raise ValueError("std is 0")

    def hook(module, inputs):
        x = (inputs[0] - mean) / std
        return (x,) + inputs[1:]

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="no-handle"
"""You don't return the handle. Without it nobody can take the hook away again."""


def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs):
        x = (inputs[0] - mean) / std
        return (x,) + inputs[1:]

    model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="no-handle"
def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs):
        x = (inputs[0] - mean) / std
        return (x,) + inputs[1:]

    model.register_forward_pre_hook(hook)
    return model


# %% exercise="normalize_inputs" mistake="no-handle"
def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs):
        x = (inputs[0] - mean) / std
        return (x,) + inputs[1:]

    model.register_forward_pre_hook(hook)
    return hook


# %% exercise="normalize_inputs" mistake="no-handle"
def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs):
        x = (inputs[0] - mean) / std
        return (x,) + inputs[1:]

    return [model.register_forward_pre_hook(hook)]


# %% exercise="normalize_inputs" mistake="kwargs-lost"
"""Inputs that are given by name don't arrive. Your hook takes them over, and then has to hand them on."""


def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs, named):
        x = (inputs[0] - mean) / std
        return (x,) + inputs[1:], {}

    return model.register_forward_pre_hook(hook, with_kwargs=True)


# %% exercise="normalize_inputs" mistake="registered-on-every-module"
"""You register the hook on submodules, too, or on the wrong one. The model's own inputs are meant: one hook, on the
model itself."""


def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs):
        x = (inputs[0] - mean) / std
        return (x,) + inputs[1:]

    for module in model.modules():
        handle = module.register_forward_pre_hook(hook)
    return handle


# %% exercise="normalize_inputs" mistake="registered-on-every-module"
def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs):
        x = (inputs[0] - mean) / std
        return (x,) + inputs[1:]

    first = next(iter(model.children()), model)
    return first.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="registered-on-every-module"
def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs):
        x = (inputs[0] - mean) / std
        return (x,) + inputs[1:]

    for module in reversed(list(model.modules())):
        handle = module.register_forward_pre_hook(hook)
    return handle


# %% exercise="normalize_inputs" mistake="forward-replaced"
"""After the handle is removed the model still normalizes. Often its `forward` was replaced: let a hook do the work."""


def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")
    forward = model.forward
    model.forward = lambda x, *others, **named: forward((x - mean) / std, *others, **named)
    return model.register_forward_pre_hook(lambda module, inputs: None)


# %% exercise="normalize_inputs" mistake="hook-called-at-once"
"""You call your hook while registering, and register what it returns. Hand over the function itself: torch calls it at
every forward."""


def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs):
        x = (inputs[0] - mean) / std
        return (x,) + inputs[1:]

    return model.register_forward_pre_hook(hook(model, (torch.zeros(1),)))


# %% exercise="normalize_inputs" mistake="others-lost"
def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs):
        return ((inputs[0] - mean) / std, *inputs[1:2])

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="all-inputs"
def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs, named):
        named = {key: (x - mean) / std if isinstance(x, torch.Tensor) else x for key, x in named.items()}
        return ((inputs[0] - mean) / std, *inputs[1:]), named

    return model.register_forward_pre_hook(hook, with_kwargs=True)


# %% exercise="normalize_inputs" mistake="wrong-signature"
def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")
    return model.register_forward_pre_hook(lambda x: (x - mean) / std)


# %% exercise="normalize_inputs" mistake="one-mode-only"
"""The inputs are normalized in one mode only. A model needs the same inputs in training and in evaluation."""


def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs):
        if module.training:
            return None
        x = (inputs[0] - mean) / std
        return (x,) + inputs[1:]

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" mistake="one-mode-only"
def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs):
        if not module.training:
            return None
        x = (inputs[0] - mean) / std
        return (x,) + inputs[1:]

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" right="slicing"
def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std is 0")

    def hook(module, inputs):
        x = (inputs[0] - mean) / std
        return (x,) + inputs[1:]

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" right="with-kwargs"
def normalize_inputs(model, mean, std):
    if not std:
        raise ValueError(f"std must not be {std}")

    def hook(module, args, kwargs):
        first, *rest = args
        return (torch.div(torch.sub(first, mean), std), *rest), kwargs

    return model.register_forward_pre_hook(hook, with_kwargs=True)


# %% exercise="normalize_inputs" right="callable-class"
class Normalizer:
    def __init__(self, mean, std):
        if std == 0.0:
            raise ValueError("std = 0")
        self.mean, self.std = mean, std

    def __call__(self, module, args):
        new = list(args)
        new[0] = args[0].sub(self.mean).div(self.std)
        return tuple(new)


def normalize_inputs(model, mean, std):
    return model.register_forward_pre_hook(Normalizer(mean, std))


# %% exercise="normalize_inputs" right="factor-and-offset"
def normalize_inputs(model, mean, std):
    try:
        factor = 1 / std
    except ZeroDivisionError:
        raise ValueError("std must not be zero") from None
    return model.register_forward_pre_hook(lambda _, args: (factor * args[0] - mean * factor,) + args[1:])


# %% exercise="normalize_inputs" right="partial"
from functools import partial


def _normalize(mean, std, module, inputs):
    x = inputs[0].clone()
    x = x - mean
    x = x / std
    return tuple([x]) + tuple(inputs[1:])


def normalize_inputs(model, mean, std):
    if float(std) == 0:
        raise ValueError("cannot divide by a std of 0")
    handle = model.register_forward_pre_hook(partial(_normalize, mean, std))
    return handle


# %% [markdown]
# # ablate

# %% exercise="ablate" mistake="in-place"
"""You write into the module's own output. Others may hold that tensor, the caller's input among them, and autograd may
need it unchanged. Make a new one."""


def ablate(module, channels):
    def hook(module, inputs, output):
        output[:, channels] = 0

    return module.register_forward_hook(hook)


# %% exercise="ablate" mistake="in-place"
def ablate(module, channels):
    def hook(module, inputs, output):
        output[:, channels] = 0
        return output

    return module.register_forward_hook(hook)


# %% exercise="ablate" mistake="in-place"
def ablate(module, channels):
    def hook(module, inputs, output):
        output[:, channels] *= 0
        return output

    return module.register_forward_hook(hook)


# %% exercise="ablate" mistake="in-place"
def ablate(module, channels):
    def hook(module, inputs, output):
        index = torch.tensor(channels)
        return output.index_fill_(1, index, 0.0)

    return module.register_forward_hook(hook)


# %% exercise="ablate" mistake="in-place"
def ablate(module, channels):
    def hook(module, inputs, output):
        for channel in channels:
            output[:, channel].zero_()

    return module.register_forward_hook(hook)


# %% exercise="ablate" mistake="in-place"
def ablate(module, channels):
    def hook(module, inputs, output):
        with torch.no_grad():
            output[:, channels] = 0

    return module.register_forward_hook(hook)


# %% exercise="ablate" mistake="in-place"
def ablate(module, channels):
    def hook(module, inputs, output):
        output.data[:, channels] = 0
        return output

    return module.register_forward_hook(hook)


# %% exercise="ablate" mistake="in-place"
def ablate(module, channels):
    def hook(module, inputs, output):
        output.detach()[:, channels] = 0

    return module.register_forward_hook(hook)


# %% exercise="ablate" mistake="gradient-cut"
"""No gradient flows through the other channels either: your new output is cut off the graph, often by `detach`, `.data`
or `no_grad`."""


def ablate(module, channels):
    def hook(module, inputs, output):
        output = output.detach().clone()
        output[:, channels] = 0
        return output

    return module.register_forward_hook(hook)


# %% exercise="ablate" mistake="gradient-cut"
def ablate(module, channels):
    def hook(module, inputs, output):
        with torch.no_grad():
            output = output.clone()
            output[:, channels] = 0
        return output

    return module.register_forward_hook(hook)


# %% exercise="ablate" mistake="gradient-cut"
def ablate(module, channels):
    def hook(module, inputs, output):
        output = output.data.clone()
        output[:, channels] = 0
        return output

    return module.register_forward_hook(hook)


# %% exercise="ablate" mistake="gradient-cut"
def ablate(module, channels):
    def hook(module, inputs, output):
        output = output.clone()
        output[:, channels] = 0
        return output.detach().requires_grad_()

    return module.register_forward_hook(hook)


# %% exercise="ablate" mistake="gradient-cut"
def ablate(module, channels):
    def hook(module, inputs, output):
        new = torch.zeros_like(output)
        kept = [c for c in range(output.shape[1]) if c not in channels]
        new[:, kept] = output[:, kept].detach()
        return new

    return module.register_forward_hook(hook)


# %% exercise="ablate" mistake="gradient-through-zeroed-channels"
"""Gradients still flow through the channels that are switched off. A channel that is always 0 depends on nothing, so
nothing flows through it."""


def ablate(module, channels):
    def hook(module, inputs, output):
        gone = torch.zeros_like(output)
        gone[:, channels] = output.detach()[:, channels]
        return output - gone

    return module.register_forward_hook(hook)


# %% exercise="ablate" mistake="dimension-0"
"""You switch off along dimension 0: that counts the samples. The channels are dimension 1."""


def ablate(module, channels):
    def hook(module, inputs, output):
        output = output.clone()
        output[channels] = 0
        return output

    return module.register_forward_hook(hook)


# %% exercise="ablate" mistake="dimension-0"
def ablate(module, channels):
    def hook(module, inputs, output):
        mask = torch.ones(output.shape[0])
        mask[[c for c in channels if c < len(mask)]] = 0
        return output * mask.view(-1, *[1] * (output.dim() - 1))

    return module.register_forward_hook(hook)


# %% exercise="ablate" mistake="last-dimension"
"""You switch off along the last dimension. That is the channel only where two dimensions are all; an image has its
columns there. The channels are dimension 1."""


def ablate(module, channels):
    def hook(module, inputs, output):
        output = output.clone()
        output[..., channels] = 0
        return output

    return module.register_forward_hook(hook)


# %% exercise="ablate" mistake="last-dimension"
def ablate(module, channels):
    def hook(module, inputs, output):
        mask = torch.ones(output.shape[-1], dtype=output.dtype)
        mask[channels] = 0
        return output * mask

    return module.register_forward_hook(hook)


# %% exercise="ablate" mistake="images-only"
"""Your hook fits images only. Outputs of two or three dimensions have channels as well, in dimension 1: don't name
what comes after it."""


def ablate(module, channels):
    def hook(module, inputs, output):
        output = output.clone()
        output[:, channels, :, :] = 0
        return output

    return module.register_forward_hook(hook)


# %% exercise="ablate" mistake="images-only"
def ablate(module, channels):
    def hook(module, inputs, output):
        mask = torch.ones(output.shape[1])
        mask[channels] = 0
        return output * mask.view(1, -1, 1, 1)

    return module.register_forward_hook(hook)


# %% exercise="ablate" mistake="images-only"
def ablate(module, channels):
    def hook(module, inputs, output):
        mask = torch.ones(output.shape[1])
        mask[channels] = 0
        return output * mask[None, :, None, None]

    return module.register_forward_hook(hook)


# %% exercise="ablate" mistake="output-stays-as-it-was"
"""The output stayed as it was. What a forward hook returns takes its place, and it has to return it at every call;
giving another value to a local name changes nothing in the model."""


def ablate(module, channels):
    def hook(module, inputs, output):
        output = output.clone()
        output[:, channels] = 0

    return module.register_forward_hook(hook)


# %% exercise="ablate" mistake="output-stays-as-it-was"
def ablate(module, channels):
    def hook(module, inputs, output):
        mask = torch.ones_like(output)
        mask[:, channels] = 0
        output = output * mask

    return module.register_forward_hook(hook)


# %% exercise="ablate" mistake="the-others-are-off"
"""It is the wrong way round: the named channels stay, and all others are zero."""


def ablate(module, channels):
    def hook(module, inputs, output):
        mask = torch.zeros_like(output)
        mask[:, channels] = 1
        return output * mask

    return module.register_forward_hook(hook)


# %% exercise="ablate" mistake="the-others-are-off"
def ablate(module, channels):
    def hook(module, inputs, output):
        new = torch.zeros_like(output)
        new[:, channels] = output[:, channels]
        return new

    return module.register_forward_hook(hook)


# %% exercise="ablate" mistake="channels-removed"
"""You leave the channels out, and the output gets narrower. It keeps its shape: the channels stay, and are zero."""


def ablate(module, channels):
    def hook(module, inputs, output):
        kept = [c for c in range(output.shape[1]) if c not in channels]
        return output[:, kept]

    return module.register_forward_hook(hook)


# %% exercise="ablate" mistake="everything-off"
"""All channels are zero. Only the named ones are to be switched off."""


def ablate(module, channels):
    def hook(module, inputs, output):
        return torch.zeros_like(output)

    return module.register_forward_hook(hook)


# %% exercise="ablate" mistake="everything-off"
def ablate(module, channels):
    def hook(module, inputs, output):
        return output * 0

    return module.register_forward_hook(hook)


# %% exercise="ablate" mistake="one-channel-only"
"""Only one of the channels is switched off. There may be several in `channels`."""


def ablate(module, channels):
    def hook(module, inputs, output):
        output = output.clone()
        output[:, channels[0]] = 0
        return output

    return module.register_forward_hook(hook)


# %% exercise="ablate" mistake="one-channel-only"
def ablate(module, channels):
    def hook(module, inputs, output):
        for channel in channels:
            output = output.clone()
            output[:, channel] = 0
            return output

    return module.register_forward_hook(hook)


# %% exercise="ablate" mistake="one-channel-only"
def ablate(module, channels):
    def hook(module, inputs, output):
        for channel in channels:
            new = output.clone()
            new[:, channel] = 0
        return new

    return module.register_forward_hook(hook)


# %% exercise="ablate" mistake="a-whole-range"
"""You switch off everything between the first and the last of the channels. Only those that are named are meant."""


def ablate(module, channels):
    def hook(module, inputs, output):
        output = output.clone()
        output[:, min(channels) : max(channels) + 1] = 0
        return output

    return module.register_forward_hook(hook)


# %% exercise="ablate" mistake="a-whole-range"
def ablate(module, channels):
    def hook(module, inputs, output):
        output = output.clone()
        output[:, : len(channels)] = 0
        return output

    return module.register_forward_hook(hook)


# %% exercise="ablate" mistake="inputs-ablated"
"""You switch channels off in what goes *into* the module. What comes out of it is meant: that is a forward hook."""


def ablate(module, channels):
    def hook(module, inputs):
        x = inputs[0].clone()
        x[:, channels] = 0
        return x

    return module.register_forward_pre_hook(hook)


# %% exercise="ablate" mistake="inputs-ablated"
def ablate(module, channels):
    def hook(module, inputs):
        mask = torch.ones_like(inputs[0])
        mask[:, [c for c in channels if c < mask.shape[1]]] = 0
        return inputs[0] * mask

    return module.register_forward_pre_hook(hook)


# %% exercise="ablate" mistake="weights-zeroed"
"""You reach for the module's weights. Zeroed weights are gone for good, also when the handle is removed, and many a
module has none: change the output, in a hook."""


def ablate(module, channels):
    with torch.no_grad():
        for parameter in module.parameters():
            parameter[channels] = 0
    return module.register_forward_hook(lambda module, inputs, output: None)


# %% exercise="ablate" mistake="weights-zeroed"
def ablate(module, channels):
    def hook(module, inputs, output):
        with torch.no_grad():
            module.weight[channels] = 0

    return module.register_forward_hook(hook)


# %% exercise="ablate" mistake="weights-zeroed"
def ablate(module, channels):
    with torch.no_grad():
        module.weight[channels] = 0
        module.bias[channels] = 0


# %% exercise="ablate" mistake="weights-zeroed"
def ablate(module, channels):
    def hook(module, inputs, output):
        with torch.no_grad():
            module.weight[channels] = 0
            module.bias[channels] = 0
        return module.forward(*inputs)

    return module.register_forward_hook(hook)


# %% exercise="ablate" mistake="not-zero"
"""The channels are not zero. Switched off means 0, whatever the module has calculated there."""


def ablate(module, channels):
    def hook(module, inputs, output):
        output = output.clone()
        output[:, channels] = output[:, channels].mean()
        return output

    return module.register_forward_hook(hook)


# %% exercise="ablate" mistake="not-zero"
def ablate(module, channels):
    def hook(module, inputs, output):
        output = output.clone()
        output[:, channels] = 1e-3
        return output

    return module.register_forward_hook(hook)


# %% exercise="ablate" mistake="not-zero"
def ablate(module, channels):
    def hook(module, inputs, output):
        output = output.clone()
        output[:, channels] = -1
        return output

    return module.register_forward_hook(hook)


# %% exercise="ablate" mistake="not-zero"
def ablate(module, channels):
    def hook(module, inputs, output):
        output = output.clone()
        output[:, channels] = float("nan")
        return output

    return module.register_forward_hook(hook)


# %% exercise="ablate" mistake="rescaled"
"""You scale the other channels up, as dropout does. They are to stay as they were."""


def ablate(module, channels):
    def hook(module, inputs, output):
        mask = torch.ones_like(output)
        mask[:, channels] = 0
        return output * mask * output.shape[1] / max(1, output.shape[1] - len(channels))

    return module.register_forward_hook(hook)


# %% exercise="ablate" mistake="dropout"
"""Dropout switches random channels off. Here you are told which."""


def ablate(module, channels):
    def hook(module, inputs, output):
        return F.dropout1d(output.unsqueeze(-1), 0.5).squeeze(-1)

    return module.register_forward_hook(hook)


# %% exercise="ablate" mistake="no-handle"
"""You don't return the handle. Without it nobody can switch the channels on again."""


def ablate(module, channels):
    def hook(module, inputs, output):
        output = output.clone()
        output[:, channels] = 0
        return output

    module.register_forward_hook(hook)


# %% exercise="ablate" mistake="no-handle"
def ablate(module, channels):
    def hook(module, inputs, output):
        output = output.clone()
        output[:, channels] = 0
        return output

    module.register_forward_hook(hook)
    return module


# %% exercise="ablate" mistake="no-handle"
def ablate(module, channels):
    def hook(module, inputs, output):
        output = output.clone()
        output[:, channels] = 0
        return output

    module.register_forward_hook(hook)
    return hook


# %% exercise="ablate" mistake="no-handle"
def ablate(module, channels):
    def hook(module, inputs, output):
        output = output.clone()
        output[:, channels] = 0
        return output

    return [module.register_forward_hook(hook)]


# %% exercise="ablate" mistake="wrong-signature"
"""torch calls a forward hook with three arguments, in this order: the module, a tuple of its inputs (a tuple also where
there is only one), and its output. Your hook does not fit that."""


def ablate(module, channels):
    def hook(module, output):
        output = output.clone()
        output[:, channels] = 0
        return output

    return module.register_forward_hook(hook)


# %% exercise="ablate" mistake="wrong-signature"
def ablate(module, channels):
    def hook(output):
        output = output.clone()
        output[:, channels] = 0
        return output

    return module.register_forward_hook(hook)


# %% exercise="ablate" mistake="wrong-signature"
def ablate(module, channels):
    def hook(module, output, inputs):
        output = output.clone()
        output[:, channels] = 0
        return output

    return module.register_forward_hook(hook)


# %% exercise="ablate" mistake="first-forward-only"
"""The channels are zero in the first forward only. They have to be in every one, until somebody removes the hook by its
handle."""


def ablate(module, channels):
    def hook(module, inputs, output):
        output = output.clone()
        output[:, channels] = 0
        handle.remove()
        return output

    handle = module.register_forward_hook(hook)
    return handle


# %% exercise="ablate" mistake="others-removed"
"""Hooks of other people's, an earlier `ablate` among them, are gone from the module. Add yours, and leave theirs
alone."""


def ablate(module, channels):
    def hook(module, inputs, output):
        output = output.clone()
        output[:, channels] = 0
        return output

    module._forward_hooks.clear()
    return module.register_forward_hook(hook)


# %% exercise="ablate" mistake="on-every-submodule"
"""You put the hook on submodules, too. The output of this very module is meant, one hook on it."""


def ablate(module, channels):
    def hook(module, inputs, output):
        output = output.clone()
        output[:, channels] = 0
        return output

    for part in module.modules():
        handle = part.register_forward_hook(hook)
    return handle


# %% exercise="ablate" mistake="on-every-submodule"
def ablate(module, channels):
    def hook(module, inputs, output):
        output = output.clone()
        output[:, channels] = 0
        return output

    for part in reversed(list(module.modules())):
        handle = part.register_forward_hook(hook)
    return handle


# %% exercise="ablate" mistake="on-every-submodule"
def ablate(module, channels):
    def hook(module, inputs, output):
        output = output.clone()
        output[:, channels] = 0
        return output

    leaves = [part for part in module.modules() if not list(part.children())]
    return leaves[-1].register_forward_hook(hook)


# %% exercise="ablate" mistake="another-dtype"
"""Your output has another dtype than the module's. Make what you calculate with, a mask say, in the dtype of the
output: `torch.ones` alone gives float32."""


def ablate(module, channels):
    def hook(module, inputs, output):
        mask = torch.ones(output.shape[1])
        mask[channels] = 0
        return (output.float().transpose(1, -1) * mask).transpose(1, -1)

    return module.register_forward_hook(hook)


# %% exercise="ablate" mistake="another-dtype"
def ablate(module, channels):
    def hook(module, inputs, output):
        new = torch.zeros(output.shape)
        kept = [c for c in range(output.shape[1]) if c not in channels]
        new[:, kept] = output[:, kept].float()
        return new

    return module.register_forward_hook(hook)


# %% exercise="ablate" mistake="another-dtype"
def ablate(module, channels):
    def hook(module, inputs, output):
        mask = torch.ones(output.shape[1])
        mask[channels] = 0
        return output * mask.reshape(-1, *[1] * (output.dim() - 2))

    return module.register_forward_hook(hook)


# %% exercise="ablate" mistake="first-sample-only"
"""Only the first sample of the batch loses the channels. All of them do: take `:` for dimension 0."""


def ablate(module, channels):
    def hook(module, inputs, output):
        output = output.clone()
        output[0, channels] = 0
        return output

    return module.register_forward_hook(hook)


# %% exercise="ablate" mistake="mask-of-the-first-batch"
"""Your hook stands batches of one size only. Often a mask is made once, from the first output, and kept: the next batch
may have another size."""


def ablate(module, channels):
    masks = []

    def hook(module, inputs, output):
        if not masks:
            mask = torch.ones_like(output)
            mask[:, channels] = 0
            masks.append(mask)
        return output * masks[0]

    return module.register_forward_hook(hook)


# %% exercise="ablate" right="clone"
def ablate(module, channels):
    def hook(module, inputs, output):
        output = output.clone()
        output[:, channels] = 0
        return output

    return module.register_forward_hook(hook)


# %% exercise="ablate" right="vector-mask"
def ablate(module, channels):
    def hook(_, __, y):
        keep = torch.ones(y.shape[1], dtype=y.dtype, device=y.device)
        for channel in channels:
            keep[channel] = 0
        return y * keep.reshape([1, -1] + [1] * (y.dim() - 2))

    handle = module.register_forward_hook(hook)
    return handle


# %% exercise="ablate" right="index-fill"
def ablate(module, channels):
    index = torch.tensor(list(channels))
    return module.register_forward_hook(lambda m, i, output: output.index_fill(1, index, 0))


# %% exercise="ablate" right="where"
class Ablation:
    def __init__(self, channels):
        self.channels = set(channels)

    def __call__(self, module, args, output):
        numbers = torch.arange(output.size(1)).view(-1, *(1 for _ in output.shape[2:]))
        off = sum((numbers == channel).int() for channel in self.channels).bool()
        return torch.where(off, torch.zeros_like(output), output)


def ablate(module, channels):
    return module.register_forward_hook(Ablation(channels))


# %% exercise="ablate" right="stacked-again"
from functools import partial


def _switch_off(channels, module, inputs, output):
    parts = list(output.unbind(dim=1))
    for channel in channels:
        parts[channel] = parts[channel] * 0
    return torch.stack(parts, dim=1)


def ablate(module, channels):
    return module.register_forward_hook(partial(_switch_off, tuple(channels)))


# %% exercise="ablate" right="masked-fill"
def ablate(module, channels):
    def hook(module, inputs, output):
        mask = torch.zeros_like(output, dtype=torch.bool)
        mask[:, channels] = True
        return output.masked_fill(mask, 0.0)

    return module.register_forward_hook(hook)


# %% [markdown]
# # record_gradients

# %% exercise="record_gradients" mistake="late-binding"
"""All your records go under one name, that of the last module. Your hooks share the loop's variable, and look it up
only when they are called. Give each hook a name of its own."""


def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:

            def hook(module, grad_input, grad_output):
                records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

            handles.append(module.register_full_backward_hook(hook))
    return records, handles


# %% exercise="record_gradients" mistake="late-binding"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    leaves = [(name, module) for name, module in model.named_modules() if not list(module.children())]
    for name, module in leaves:
        handles.append(
            module.register_full_backward_hook(
                lambda m, gi, go: records.update({name: {"grad_input": norm(gi), "grad_output": norm(go)}})
            )
        )
    return records, handles


# %% exercise="record_gradients" mistake="legacy-hook"
"""Your `grad_input` belongs to the last operation inside the module, weights included, not to the module's inputs. So
it is with `register_backward_hook`, the old kind: take the full one."""


def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="pre-hook"
"""You register a backward-*pre* hook. It is called before the gradients of the inputs are known, with `grad_output`
only."""


def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_pre_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="pre-hook"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_output):
            records[name] = {"grad_input": None, "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_pre_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="forward-hook"
"""You register forward hooks. They are called on the way forward, with inputs and outputs; gradients come later, on
the way back."""


def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="forward-hook"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, inputs, output):
            output = output if isinstance(output, tuple) else (output,)
            records[name] = {"grad_input": norm(inputs), "grad_output": norm(output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="sides-swapped"
"""The two sides are the wrong way round. `grad_output` is the gradient with respect to the module's output,
`grad_input` the one with respect to its inputs; a hook gets grad_input first."""


def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_output), "grad_output": norm(grad_input)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="sides-swapped"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_output, grad_input):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="norms-added"
"""You add the norms of several gradients, or take the largest. The 2-norm over all entries is the root of the sum of
all squares, as if they were one long vector."""


def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return sum(part.norm() for part in present).item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="norms-added"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return max(part.norm() for part in present).item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="norms-added"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.stack([part.norm() for part in present]).mean().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="first-entry-only"
"""You look at one entry of each tuple only. A module may have several inputs or outputs, and all entries that are not
None count."""


def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        return None if gradients[0] is None else gradients[0].norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="first-entry-only"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return present[0].norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="first-entry-only"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return present[-1].norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="one-gradient-expected"
"""You expect exactly one gradient on each side. A module with two inputs has two, one with two outputs as well."""


def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            (grad_in,), (grad_out,) = grad_input, grad_output
            records[name] = {
                "grad_input": None if grad_in is None else grad_in.norm().item(),
                "grad_output": None if grad_out is None else grad_out.norm().item(),
            }

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="none-not-left-out"
"""You forget that an entry may be None: data needs no gradient, so the first layer passes none on. Leave the None out
before you calculate."""


def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        return torch.cat([gradient.flatten() for gradient in gradients]).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="none-not-left-out"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        return gradients[0].norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="none-not-left-out"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": grad_input[0].norm().item(), "grad_output": grad_output[0].norm().item()}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="none-for-zero"
"""You write None where the norm is 0.0. There is a gradient, and it has vanished: that is what you want to find out.
None says that there is no gradient at all. Ask `is not None`; a 0 counts as false."""


def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        length = torch.cat(present).norm().item() if present else 0.0
        return length if length else None

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if not list(module.children()):
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="none-for-zero"
def record_gradients(model):
    records, handles = {}, []

    def norm(gradients):
        total = sum(gradient.pow(2).sum().item() for gradient in gradients if gradient is not None)
        return (total**0.5) or None

    for name, module in model.named_modules():
        if not list(module.children()):

            def hook(module, grad_input, grad_output, name=name):
                records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

            handles.append(module.register_full_backward_hook(hook))
    return records, handles


# %% exercise="record_gradients" mistake="zero-for-none"
"""Where there is no gradient at all you write 0.0. That says: it has vanished. None says: there is none."""


def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return 0.0
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="zero-for-none"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        return sum(float(part.square().sum()) for part in present) ** 0.5

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="zero-for-none"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return float("nan")
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="missing-for-none"
"""Where there is no gradient the entry is missing, or the whole record. Both entries are always there, one of them
None if need be."""


def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_output": norm(grad_output)}
            if norm(grad_input) is not None:
                records[name]["grad_input"] = norm(grad_input)

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="missing-for-none"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            if norm(grad_input) is not None:
                if norm(grad_input) is not None:
                    if norm(grad_input) is not None:
                        records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="missing-for-none"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            if grad_input[0] is None:
                return
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="tensors-kept"
"""Your records hold tensors. A Python float is asked for: `.item()` makes one of a tensor with one entry."""


def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="tensors-kept"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": grad_input, "grad_output": grad_output}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="tensors-kept"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": grad_input[0], "grad_output": grad_output[0]}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="another-number"
"""That is not the 2-norm. It is the root of the sum of all squares: not a mean, not a maximum, not the sum of absolute
values, and not divided by anything."""


def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).abs().sum().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="another-number"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).abs().mean().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="another-number"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).abs().max().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="another-number"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).square().sum().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="another-number"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).square().mean().sqrt().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="another-number"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).square().mean().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="another-number"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).sum().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="another-number"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).std().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="first-wins"
"""You keep the first record of each module. When its hook is called again, the new record takes the place of the old
one."""


def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records.setdefault(name, {"grad_input": norm(grad_input), "grad_output": norm(grad_output)})

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="first-wins"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            if name not in records:
                if name not in records:
                    if name not in records:
                        records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="added-up"
"""You add up what comes, or keep the largest. The last firing alone counts: it replaces the record."""


def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            old = records.get(name, {"grad_input": None, "grad_output": None})
            new = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}
            records[name] = {
                side: new[side] if old[side] is None else old[side] if new[side] is None else old[side] + new[side]
                for side in new
            }

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="added-up"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            old = records.get(name, {"grad_input": None, "grad_output": None})
            new = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}
            records[name] = {
                side: max((value for value in (old[side], new[side]) if value is not None), default=None)
                for side in new
            }

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="added-up"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            old = records.get(name, {"grad_input": None, "grad_output": None})
            new = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}
            records[name] = {
                side: new[side]
                if old[side] is None
                else old[side]
                if new[side] is None
                else (old[side] ** 2 + new[side] ** 2) ** 0.5
                for side in new
            }

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="records-merged"
"""When a new value is None you keep the old one. Then half of a record comes from another firing. The last one wins as
a whole, its None included."""


def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            record = records.setdefault(name, {"grad_input": None, "grad_output": None})
            for side, gradients in (("grad_input", grad_input), ("grad_output", grad_output)):
                value = norm(gradients)
                if value is not None:
                    record[side] = value

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="records-merged"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            new = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}
            records.setdefault(name, new).update({side: value for side, value in new.items() if value is not None})

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="lists-of-records"
"""You collect all firings. Each name has one record, a dict with the two entries, of the last firing."""


def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records.setdefault(name, []).append({"grad_input": norm(grad_input), "grad_output": norm(grad_output)})

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="prefilled"
"""Your records are there before any backward. An entry says that a gradient has passed; write it only then."""


def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            records[name] = {"grad_input": None, "grad_output": None}
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="prefilled"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            records[name] = {}
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="shape-of-the-records"
"""Each record must be a dict with the two keys `"grad_input"` and `"grad_output"`."""


def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = (norm(grad_input), norm(grad_output))

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="shape-of-the-records"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"input": norm(grad_input), "output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="shape-of-the-records"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name + ".grad_input"] = norm(grad_input)
            records[name + ".grad_output"] = norm(grad_output)

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="shape-of-the-records"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = norm(grad_output)

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="shape-of-the-records"
def record_gradients(model):
    records = {"grad_input": {}, "grad_output": {}}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records["grad_input"][name] = norm(grad_input)
            records["grad_output"][name] = norm(grad_output)

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="other-names"
"""Your records go under other names than the qualified ones. Two layers may be of one class, or both be called `0`:
take the whole name, from `named_modules()`."""


def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[type(module).__name__] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="other-names"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[module] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="other-names"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name.split(".")[-1]] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="containers-too"
"""You hook containers as well, and the model itself. Only leaves are asked for: modules without children."""


def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="containers-too"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if name:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="containers-too"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if not isinstance(module, nn.Sequential):
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="some-leaves-only"
"""Some leaves are left out. Every module without children is one, however deep it lies, whatever its class, the model
itself included if it is a single layer."""


def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_children():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="some-leaves-only"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if list(module.parameters(recurse=False)):
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="some-leaves-only"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if isinstance(module, (nn.Linear, nn.Conv2d)):
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="some-leaves-only"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if name and len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="shared-modules-twice"
"""You hook a shared module once under each of its names. It gets one hook, under its first name."""


def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules(remove_duplicate=False):
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="hook-returns-something"
"""Your hook changes the gradients. What a full backward hook returns takes the place of `grad_input`, and the tensors
that it gets must not be written into. A hook that only watches returns nothing."""


def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}
            return grad_output

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="hook-returns-something"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}
            return records[name]

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="hook-returns-something"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}
            return tuple(g if g is None else g / (g.norm() + 1e-6) for g in grad_input)

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="hook-returns-something"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}
            return tuple(g if g is None else g.detach() * 0 for g in grad_input)

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="inputs-made-to-require-grad"
"""You make the inputs require grad. Then gradients are calculated that the model does not need, and the records say
that they were passed on. Take them as they come."""


def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            module.register_forward_pre_hook(
                lambda m, args: tuple(
                    x.detach().requires_grad_()
                    if isinstance(x, torch.Tensor) and x.is_floating_point() and not x.requires_grad
                    else x
                    for x in args
                )
            )
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="inputs-made-to-require-grad"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(
                module.register_forward_pre_hook(
                    lambda m, args: tuple(
                        x.detach().requires_grad_()
                        if isinstance(x, torch.Tensor) and x.is_floating_point() and not x.requires_grad
                        else x
                        for x in args
                    )
                )
            )
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="gradients-of-weights"
"""You look at the gradients of the weights. `grad_input` belongs to the module's *inputs*, and comes as an argument of
the hook."""


def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            own = [parameter.grad for parameter in module.parameters()]
            records[name] = {"grad_input": norm(own), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="tensor-hooks"
"""Beside a skip connection your norms are not those of what this module passes on. A hook on a tensor that goes several
ways gets the *sum* of all gradients; a full backward hook gets the module's own share."""


def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:

            def forward_hook(module, inputs, output, name=name):
                record = {"grad_input": None, "grad_output": None}

                def note(side):
                    def hook(gradient):
                        record[side] = gradient.norm().item()
                        records[name] = record

                    return hook

                if isinstance(output, torch.Tensor) and output.requires_grad:
                    output.register_hook(note("grad_output"))
                if inputs[0].requires_grad:
                    inputs[0].register_hook(note("grad_input"))

            handles.append(module.register_forward_hook(forward_hook))
    return records, handles


# %% exercise="record_gradients" mistake="records-and-handles-in-another-form"
"""Two things are to be returned, in this order: the records, then the handles. So `records, handles =
record_gradients(model)` has to work."""


def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records


# %% exercise="record_gradients" mistake="records-and-handles-in-another-form"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return handles, records


# %% exercise="record_gradients" mistake="records-and-handles-in-another-form"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, None


# %% exercise="record_gradients" mistake="records-and-handles-in-another-form"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return handles


# %% exercise="record_gradients" mistake="handles-incomplete"
"""Not all handles are in what you return. There is one for each hook: collect them, so that all of them can be
removed."""


def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handle = module.register_full_backward_hook(make_hook(name))
    return records, [handle]


# %% exercise="record_gradients" mistake="handles-incomplete"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles = [module.register_full_backward_hook(make_hook(name))]
    return records, handles


# %% exercise="record_gradients" mistake="handles-incomplete"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            module.register_full_backward_hook(make_hook(name))
    return records, handles


# %% exercise="record_gradients" mistake="handles-by-name"
"""Your handles are in a dict. Whoever goes through a dict gets its keys: the names, which can't be removed."""


def record_gradients(model):
    records = {}
    handles = {}

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles[name] = module.register_full_backward_hook(make_hook(name))
    return records, handles


# %% exercise="record_gradients" mistake="handles-by-name"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append((name, module.register_full_backward_hook(make_hook(name))))
    return records, handles


# %% exercise="record_gradients" mistake="single-handle"
"""You return one handle. There is one for each hook, and nobody can go through a single one: collect them in a
list."""


def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handle = module.register_full_backward_hook(make_hook(name))
    return records, handle


# %% exercise="record_gradients" mistake="others-removed"
"""Hooks of other people's are gone from the model. Often the modules' hook tables are cleared: add your hooks, and
leave theirs alone."""


def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            module._backward_hooks.clear()
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="wrong-signature"
"""torch calls a full backward hook with three arguments: the module, `grad_input` and `grad_output`. Your hook does not
fit that."""


def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="wrong-signature"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_output):
            records[name] = {"grad_input": None, "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="first-firing-only"
"""After the first firing, or the first backward, nothing new is recorded. The hooks stay until somebody removes them by
the handles, and the last firing wins."""


def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}
            for handle in handles:
                handle.remove()

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="first-firing-only"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        own = len(handles)

        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}
            handles[own].remove()

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="zero-for-none"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return float("inf")
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="zero-for-none"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return -1.0
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="prefilled"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(
                module.register_forward_hook(
                    lambda m, i, o, name=name: records.update({name: {"grad_input": None, "grad_output": None}})
                )
            )
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="prefilled"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            records[name] = {"grad_input": 0.0, "grad_output": 0.0}
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="gradients-of-weights"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            own = [*grad_input, *(parameter.grad for parameter in module.parameters())]
            records[name] = {"grad_input": norm(own), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" mistake="hook-returns-something"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.pow_(2).flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).sum().sqrt().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" right="cat"
def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles


# %% exercise="record_gradients" right="hypot"
import math
from functools import partial


def _norm(gradients):
    norms = [float(torch.linalg.vector_norm(g)) for g in gradients if g is not None]
    return math.hypot(*norms) if norms else None


def _record(records, name, module, grad_input, grad_output):
    records[name] = dict(grad_input=_norm(grad_input), grad_output=_norm(grad_output))


def record_gradients(model):
    records = {}
    leaves = [(name, module) for name, module in model.named_modules() if not module._modules]
    return records, [leaf.register_full_backward_hook(partial(_record, records, name)) for name, leaf in leaves]


# %% exercise="record_gradients" right="class-and-tuple"
class Recorder:
    def __init__(self, name, records):
        self.name, self.records = name, records

    def __call__(self, module, grad_input, grad_output):
        self.records[self.name] = new = {}
        for side, gradients in zip(("grad_input", "grad_output"), (grad_input, grad_output)):
            total, any_there = 0.0, False
            for gradient in gradients:
                if gradient is not None:
                    any_there = True
                    total += gradient.double().pow(2).sum().item()
            new[side] = total**0.5 if any_there else None


def record_gradients(model):
    records = {}
    handles = tuple(
        module.register_full_backward_hook(Recorder(name, records))
        for name, module in model.named_modules()
        if next(module.named_children(), None) is None
    )
    return records, handles


# %% exercise="record_gradients" right="default-argument"
def record_gradients(model):
    from collections import OrderedDict, deque

    records, handles = OrderedDict(), deque()
    for name, module in model.named_modules():
        if any(True for _ in module.children()):
            continue

        def hook(module, grad_input, grad_output, name=name):
            sides = {"grad_output": grad_output, "grad_input": grad_input}
            numbers = {}
            for side in sides:
                there = [g.detach().reshape(-1) for g in sides[side] if g is not None]
                numbers[side] = torch.norm(torch.hstack(there)).item() if there else None
            records[name] = numbers
            return None

        handles.appendleft(module.register_full_backward_hook(hook))
    return records, handles


# %% exercise="record_gradients" right="hands-on-the-same"
def record_gradients(model):
    names = {module: name for name, module in model.named_modules() if not list(module.children())}
    records = {}

    def size(tensors):
        squares = [torch.dot(t.flatten(), t.flatten()) for t in tensors if t is not None]
        if len(squares) > 0:
            return torch.stack(squares).sum().sqrt().item()

    def hook(module, grad_input, grad_output):
        records.pop(names[module], None)
        records[names[module]] = {"grad_input": size(grad_input), "grad_output": size(grad_output)}
        return grad_input

    handles = {module.register_full_backward_hook(hook) for module in names}
    return records, handles


# %% [markdown]
# # count_hooks

# %% exercise="count_hooks" mistake="own-hooks-only"
"""Only hooks of the module itself count in your sum. Those of everything below it count as well: each module knows only
its own."""


def count_hooks(module):
    return (
        len(module._forward_pre_hooks)
        + len(module._forward_hooks)
        + len(module._backward_pre_hooks)
        + len(module._backward_hooks)
    )


# %% exercise="count_hooks" mistake="children-only"
"""You look at the direct children. Hooks may sit on the module itself, and deeper: `modules()` gives them all."""


def count_hooks(module):
    total = 0
    for part in module.children():
        total += len(part._forward_pre_hooks)
        total += len(part._forward_hooks)
        total += len(part._backward_pre_hooks)
        total += len(part._backward_hooks)
    return total


# %% exercise="count_hooks" mistake="children-only"
def count_hooks(module):
    total = 0
    for part in [module, *module.children()]:
        total += len(part._forward_pre_hooks)
        total += len(part._forward_hooks)
        total += len(part._backward_pre_hooks)
        total += len(part._backward_hooks)
    return total


# %% exercise="count_hooks" mistake="root-left-out"
"""You leave the module itself out. Its own hooks count, too."""


def count_hooks(module):
    total = 0
    for part in list(module.modules())[1:]:
        total += len(part._forward_pre_hooks)
        total += len(part._forward_hooks)
        total += len(part._backward_pre_hooks)
        total += len(part._backward_hooks)
    return total


# %% exercise="count_hooks" mistake="root-left-out"
def count_hooks(module):
    total = 0
    for name, part in module.named_modules():
        if not name:
            continue
        total += len(part._forward_pre_hooks)
        total += len(part._forward_hooks)
        total += len(part._backward_pre_hooks)
        total += len(part._backward_hooks)
    return total


# %% exercise="count_hooks" mistake="leaves-only"
"""You look at leaves only. Containers can have hooks as well, and so can the model itself."""


def count_hooks(module):
    total = 0
    for part in module.modules():
        if list(part.children()):
            continue
        total += len(part._forward_pre_hooks)
        total += len(part._forward_hooks)
        total += len(part._backward_pre_hooks)
        total += len(part._backward_hooks)
    return total


# %% exercise="count_hooks" mistake="shared-twice"
"""A module that has two names is counted twice, with all that is below it. It is one module, and its hooks are there
once."""


def count_hooks(module):
    total = 0
    for _, part in module.named_modules(remove_duplicate=False):
        total += len(part._forward_pre_hooks)
        total += len(part._forward_hooks)
        total += len(part._backward_pre_hooks)
        total += len(part._backward_hooks)
    return total


# %% exercise="count_hooks" mistake="shared-twice"
def count_hooks(module):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    total = sum(len(getattr(module, table)) for table in tables)
    for child in module._modules.values():
        if child is not None:
            total += count_hooks(child)
    return total


# %% exercise="count_hooks" mistake="shared-twice"
def count_hooks(module):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    total = sum(len(getattr(module, table)) for table in tables)
    return total + sum(count_hooks(child) for child in module.children())


# %% exercise="count_hooks" mistake="shared-twice"
def count_hooks(module):
    counts = []
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    module.apply(lambda part: counts.append(sum(len(getattr(part, table)) for table in tables)))
    return sum(counts)


# %% exercise="count_hooks" mistake="none-child"
"""A child may be None: `_modules` keeps such names. Leave it out."""


def count_hooks(module):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    seen, todo, total = set(), [module], 0
    while todo:
        part = todo.pop()
        if part in seen:
            continue
        seen.add(part)
        total += sum(len(getattr(part, table)) for table in tables)
        todo += part._modules.values()
    return total


# %% exercise="count_hooks" mistake="backward-pre-missing"
"""Backward-pre hooks are missing from your count. They have a table of their own, `_backward_pre_hooks`."""


def count_hooks(module):
    total = 0
    for part in module.modules():
        total += len(part._forward_pre_hooks)
        total += len(part._forward_hooks)
        total += len(part._backward_hooks)
    return total


# %% exercise="count_hooks" mistake="backward-missing"
"""You count on the way forward only. There are two kinds of backward hooks as well, the pre-hooks among them."""


def count_hooks(module):
    total = 0
    for part in module.modules():
        total += len(part._forward_pre_hooks)
        total += len(part._forward_hooks)
    return total


# %% exercise="count_hooks" mistake="backward-missing"
def count_hooks(module):
    total = 0
    for part in module.modules():
        total += len(part._forward_pre_hooks)
        total += len(part._forward_hooks)
        total += len(part._backward_pre_hooks)
    return total


# %% exercise="count_hooks" mistake="forward-pre-missing"
"""Forward-pre hooks are missing from your count. They have a table of their own, `_forward_pre_hooks`."""


def count_hooks(module):
    total = 0
    for part in module.modules():
        total += len(part._forward_hooks)
        total += len(part._backward_pre_hooks)
        total += len(part._backward_hooks)
    return total


# %% exercise="count_hooks" mistake="pre-hooks-missing"
"""Pre-hooks are missing from your count, those of forward and those of backward. They have tables of their own."""


def count_hooks(module):
    total = 0
    for part in module.modules():
        total += len(part._forward_hooks)
        total += len(part._backward_hooks)
    return total


# %% exercise="count_hooks" mistake="forward-only"
"""You count forward hooks only. There are three kinds more: forward-pre, backward-pre and backward hooks."""


def count_hooks(module):
    total = 0
    for part in module.modules():
        total += len(part._forward_hooks)
    return total


# %% exercise="count_hooks" mistake="forward-missing"
"""Forward hooks are missing from your count."""


def count_hooks(module):
    total = 0
    for part in module.modules():
        total += len(part._forward_pre_hooks)
        total += len(part._backward_pre_hooks)
        total += len(part._backward_hooks)
    return total


# %% exercise="count_hooks" mistake="legacy-missing"
"""You leave legacy backward hooks out. They stand in the same table as the full ones, and count like them."""


def count_hooks(module):
    total = 0
    for part in module.modules():
        total += len(part._forward_pre_hooks)
        total += len(part._forward_hooks)
        total += len(part._backward_pre_hooks)
        total += len(part._backward_hooks) if part._is_full_backward_hook else 0
    return total


# %% exercise="count_hooks" mistake="backward-twice"
"""Full backward hooks count twice in your sum. Full and legacy hooks stand in one and the same table."""


def count_hooks(module):
    total = 0
    for part in module.modules():
        total += len(part._forward_pre_hooks)
        total += len(part._forward_hooks)
        total += len(part._backward_pre_hooks)
        total += len(part._backward_hooks)
        if part._is_full_backward_hook:
            total += len(part._backward_hooks)
            if part._is_full_backward_hook:
                total += len(part._backward_hooks)
                if part._is_full_backward_hook:
                    total += len(part._backward_hooks)
                    if part._is_full_backward_hook:
                        total += len(part._backward_hooks)
    return total


# %% exercise="count_hooks" mistake="all-tables"
"""You count every table with `hooks` in its name. Some of them hold only notes on hooks that are counted already, and
some hold hooks for saving and loading. Name the four that are asked for."""


def count_hooks(module):
    total = 0
    for part in module.modules():
        for name, value in vars(part).items():
            if "hooks" in name and hasattr(value, "__len__"):
                total += len(value)
    return total


# %% exercise="count_hooks" mistake="options-twice"
"""A hook with options counts twice or more. `with_kwargs` and `always_call` are noted in tables beside the one that
holds the hook: leave those out."""


def count_hooks(module):
    total = 0
    for part in module.modules():
        for name, value in vars(part).items():
            if "hook" in name and "state_dict" not in name and hasattr(value, "__len__"):
                total += len(value)
    return total


# %% exercise="count_hooks" mistake="options-twice"
def count_hooks(module):
    total = 0
    for part in module.modules():
        total += len(part._forward_pre_hooks)
        total += len(part._forward_hooks) + len(part._forward_hooks_with_kwargs)
        total += len(part._backward_pre_hooks)
        total += len(part._backward_hooks)
    return total


# %% exercise="count_hooks" mistake="options-twice"
def count_hooks(module):
    total = 0
    for part in module.modules():
        total += len(part._forward_pre_hooks) + len(part._forward_pre_hooks_with_kwargs)
        total += len(part._forward_hooks) + len(part._forward_hooks_with_kwargs)
        total += len(part._backward_pre_hooks)
        total += len(part._backward_hooks)
    return total


# %% exercise="count_hooks" mistake="options-twice"
def count_hooks(module):
    total = 0
    for part in module.modules():
        total += len(part._forward_pre_hooks)
        total += len(part._forward_hooks) + len(part._forward_hooks_always_called)
        total += len(part._backward_pre_hooks)
        total += len(part._backward_hooks)
    return total


# %% exercise="count_hooks" mistake="state-dict-hooks-too"
"""Hooks for saving and loading count in your sum. They stand in tables with `state_dict` in their names, and are not
called in forward or backward."""


def count_hooks(module):
    total = 0
    for part in module.modules():
        total += len(part._forward_pre_hooks)
        total += len(part._forward_hooks)
        total += len(part._state_dict_hooks) + len(part._load_state_dict_pre_hooks)
        total += len(part._backward_pre_hooks)
        total += len(part._backward_hooks)
    return total


# %% exercise="count_hooks" mistake="state-dict-hooks-too"
def count_hooks(module):
    total = 0
    for part in module.modules():
        total += len(part._forward_pre_hooks)
        total += len(part._forward_hooks)
        total += len(part._state_dict_hooks) + len(part._state_dict_pre_hooks)
        total += len(part._load_state_dict_pre_hooks) + len(part._load_state_dict_post_hooks)
        total += len(part._backward_pre_hooks)
        total += len(part._backward_hooks)
    return total


# %% exercise="count_hooks" mistake="state-dict-hooks-too"
def count_hooks(module):
    return sum(
        len(value) for part in module.modules() for name, value in part.__dict__.items() if name.endswith("_hooks")
    )


# %% exercise="count_hooks" mistake="tensor-hooks-too"
"""Hooks on parameters count in your sum. Those are hooks on tensors; only hooks on modules are asked for."""


def count_hooks(module):
    total = 0
    for part in module.modules():
        total += len(part._forward_pre_hooks)
        total += len(part._forward_hooks)
        total += len(part._backward_pre_hooks)
        total += len(part._backward_hooks)
    for parameter in module.parameters():
        total += len(parameter._backward_hooks or {})
    return total


# %% exercise="count_hooks" mistake="tensor-hooks-too"
def count_hooks(module):
    total = 0
    for part in module.modules():
        total += len(part._forward_pre_hooks)
        total += len(part._forward_hooks)
        total += len(part._backward_pre_hooks)
        total += len(part._backward_hooks)
    for parameter in module.parameters():
        total += len(parameter._backward_hooks or {}) + len(parameter._post_accumulate_grad_hooks or {})
    return total


# %% exercise="count_hooks" mistake="hooks-for-all-modules-too"
"""You count hooks that are registered for all modules at once. Only those on this module, and below it, are asked
for."""


def count_hooks(module):
    total = 0
    for part in module.modules():
        total += len(part._forward_pre_hooks)
        total += len(part._forward_hooks)
        total += len(part._backward_pre_hooks)
        total += len(part._backward_hooks)
    return total + len(nn.modules.module._global_forward_hooks)


# %% exercise="count_hooks" mistake="modules-with-hooks"
"""You count the modules or the tables that have hooks. Each hook counts: take the lengths of the tables."""


def count_hooks(module):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(any(getattr(part, table) for table in tables) for part in module.modules())


# %% exercise="count_hooks" mistake="modules-with-hooks"
def count_hooks(module):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return sum(bool(getattr(part, table)) for part in module.modules() for table in tables)


# %% exercise="count_hooks" mistake="modules-with-hooks"
def count_hooks(module):
    total = 0
    for part in module.modules():
        for table in ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks"):
            if len(getattr(part, table)) > 0:
                total += 1
    return total


# %% exercise="count_hooks" mistake="equal-functions-once"
"""A function that is registered several times counts once in your sum. Each registration is a hook of its own."""


def count_hooks(module):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return len({hook for part in module.modules() for table in tables for hook in getattr(part, table).values()})


# %% exercise="count_hooks" mistake="equal-functions-once"
def count_hooks(module):
    found = []
    for part in module.modules():
        for table in ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks"):
            for hook in getattr(part, table).values():
                if hook not in found:
                    found.append(hook)
    return len(found)


# %% exercise="count_hooks" mistake="no-int"
"""The result must be an int: how many hooks there are."""


def count_hooks(module):
    total = 0
    for part in module.modules():
        total += len(part._forward_pre_hooks)
        total += len(part._forward_hooks)
        total += len(part._backward_pre_hooks)
        total += len(part._backward_hooks)
    return float(total)


# %% exercise="count_hooks" mistake="no-int"
def count_hooks(module):
    total = 0
    for part in module.modules():
        total += len(part._forward_pre_hooks)
        total += len(part._forward_hooks)
        total += len(part._backward_pre_hooks)
        total += len(part._backward_hooks)
    return str(total)


# %% exercise="count_hooks" mistake="no-int"
def count_hooks(module):
    total = 0
    for part in module.modules():
        total += len(part._forward_pre_hooks)
        total += len(part._forward_hooks)
        total += len(part._backward_pre_hooks)
        total += len(part._backward_hooks)
    return total > 0


# %% exercise="count_hooks" mistake="no-int"
def count_hooks(module):
    total = 0
    for part in module.modules():
        total += len(part._forward_pre_hooks)
        total += len(part._forward_hooks)
        total += len(part._backward_pre_hooks)
        total += len(part._backward_hooks)
    return torch.tensor(total)


# %% exercise="count_hooks" mistake="no-int"
def count_hooks(module):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return [hook for part in module.modules() for table in tables for hook in getattr(part, table).values()]


# %% exercise="count_hooks" mistake="no-int"
def count_hooks(module):
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    return {table: sum(len(getattr(part, table)) for part in module.modules()) for table in tables}


# %% exercise="count_hooks" mistake="nothing-returned"
"""Your function returns None. A number that is printed, or left in a local name, does not reach the caller: return
it."""


def count_hooks(module):
    total = 0
    for part in module.modules():
        total += len(part._forward_pre_hooks)
        total += len(part._forward_hooks)
        total += len(part._backward_pre_hooks)
        total += len(part._backward_hooks)
    print(total)


# %% exercise="count_hooks" mistake="nothing-returned"
def count_hooks(module):
    total = 0
    for part in module.modules():
        total += len(part._forward_pre_hooks)
        total += len(part._forward_hooks)
        total += len(part._backward_pre_hooks)
        total += len(part._backward_hooks)


# %% exercise="count_hooks" mistake="removes-them"
"""You take the hooks away while you count them. Only look: their owners still want them."""


def count_hooks(module):
    total = 0
    for part in module.modules():
        for table in ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks"):
            hooks = getattr(part, table)
            while hooks:
                hooks.popitem()
                total += 1
    return total


# %% exercise="count_hooks" mistake="counts-by-calling"
"""You call the hooks to count them. They write, measure and change things when they are called: only look at the
tables."""


def count_hooks(module):
    calls = []
    for part in module.modules():
        for hook in part._forward_hooks.values():
            calls.append(hook(part, (), None))
        for hook in part._forward_pre_hooks.values():
            calls.append(hook(part, ()))
        for table in (part._backward_pre_hooks, part._backward_hooks):
            calls += table.values()
    return len(calls)


# %% exercise="count_hooks" mistake="own-hooks-only"
def count_hooks(module):
    total = sum(
        len(getattr(module, table))
        for table in ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
    )
    for child in module.children():
        count_hooks(child)
    return total


# %% exercise="count_hooks" mistake="own-hooks-only"
def count_hooks(module):
    for part in module.modules():
        return sum(
            len(getattr(part, table))
            for table in ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
        )


# %% exercise="count_hooks" mistake="children-only"
def count_hooks(module):
    total = 0
    for part in [module, *module.children(), *(deeper for child in module.children() for deeper in child.children())]:
        total += len(part._forward_pre_hooks)
        total += len(part._forward_hooks)
        total += len(part._backward_pre_hooks)
        total += len(part._backward_hooks)
    return total


# %% exercise="count_hooks" right="loop"
def count_hooks(module):
    total = 0
    for part in module.modules():
        total += len(part._forward_pre_hooks)
        total += len(part._forward_hooks)
        total += len(part._backward_pre_hooks)
        total += len(part._backward_hooks)
    return total


# %% exercise="count_hooks" right="sum-over-names"
TABLES = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")


def count_hooks(module):
    return sum(len(getattr(part, table)) for part in module.modules() for table in TABLES)


# %% exercise="count_hooks" right="walk-with-memory"
def count_hooks(module, _seen=None):
    seen = set() if _seen is None else _seen
    if module is None or id(module) in seen:
        return 0
    seen.add(id(module))
    own = 0
    for kind in ("forward_pre", "forward", "backward_pre", "backward"):
        for _ in vars(module)[f"_{kind}_hooks"]:
            own += 1
    return own + sum(count_hooks(child, seen) for child in module._modules.values())


# %% exercise="count_hooks" right="chained"
from itertools import chain
from operator import attrgetter


def count_hooks(module):
    tables = attrgetter("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks")
    every = chain.from_iterable(tables(part) for _, part in module.named_modules())
    return len([hook for table in every for hook in table])


# %% exercise="count_hooks" right="handle-ids"
def count_hooks(module):
    ids = set()
    for part in module.modules():
        for table in ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks"):
            ids |= set(getattr(part, table).keys())
    return len(ids)


# %% exercise="count_hooks" right="by-ending"
from collections import Counter


def count_hooks(module):
    counts = Counter()
    for part in set(module.modules()):
        for name, table in part.__dict__.items():
            if name.endswith(("ward_hooks", "ward_pre_hooks")):
                counts[name] += len(table)
    return counts.total()
