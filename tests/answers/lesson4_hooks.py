"""Lesson 4: further answers, which the lesson's own `mistakes.py` does not know.

`right="…"` must pass. `wrong="…"` must fail; `mistake="…"` beside it is what the student must be told, and where it is
missing, nothing may be named.
"""

# %% [markdown]
# # hook_order

# %% exercise="hook_order" wrong="prepend-at-one-place-before"
hook_order = [
    "net pre", "net computes", "low pre A", "low pre C", "low pre B", "high out B", "high out A", "high out C",
    "net out", "net back-pre", "high back-pre", "high back B", "high back A", "low back-pre", "low back", "net back",
]  # fmt: skip

# %% exercise="hook_order" wrong="net-out-before-high-c"
hook_order = [
    "net pre", "net computes", "low pre C", "low pre A", "low pre B", "high out B", "high out A", "net out",
    "high out C", "net back-pre", "high back-pre", "high back B", "high back A", "low back-pre", "low back", "net back",
]  # fmt: skip

# %% exercise="hook_order" wrong="prepend-ignored-and-net-back-early" mistake="prepend-ignored"
hook_order = [
    "net pre", "net computes", "low pre A", "low pre B", "low pre C", "high out A", "high out B", "high out C",
    "net out", "net back-pre", "net back", "high back-pre", "high back A", "high back B", "low back-pre", "low back",
]  # fmt: skip

# %% exercise="hook_order" wrong="a-typing-error"
hook_order = [
    "net pre", "net computes", "low pre C", "low pre A", "low pre B", "high out B", "high out A", "high out C",
    "net out", "net back-pre", "high back_pre", "high back B", "high back A", "low back-pre", "low back", "net back",
]  # fmt: skip

# %% exercise="hook_order" wrong="net-back-only-no-pre"
hook_order = [
    "net pre", "net computes", "low pre C", "low pre A", "low pre B", "high out B", "high out A", "high out C",
    "net out", "high back-pre", "high back B", "high back A", "low back-pre", "low back", "net back",
]  # fmt: skip

# %% exercise="hook_order" wrong="backward-of-a-layer-right-after-its-forward"
hook_order = [
    "net pre", "net computes", "low pre C", "low pre A", "low pre B", "low back-pre", "low back", "high out B",
    "high out A", "high out C", "high back-pre", "high back B", "high back A", "net out", "net back-pre", "net back",
]  # fmt: skip

# %% exercise="hook_order" wrong="half-filled"
hook_order = [
    "net pre", "net computes", "low pre C", "low pre A", "low pre B", None, None, None,
    None, None, None, None, None, None, None, None,
]  # fmt: skip

# %% exercise="hook_order" wrong="nested-lists" mistake="no-names"
hook_order = [
    ["net pre", "net computes", "low pre C", "low pre A", "low pre B", "high out B", "high out A", "high out C"],
    ["net out", "net back-pre", "high back-pre", "high back B", "high back A", "low back-pre", "low back", "net back"],
]

# %% exercise="hook_order" right="recorded-by-hooks-of-its-own"
entries = []


class Noting(list):
    def append(self, item):
        entries.append(item)


hooked(Noting())(torch.ones(1, 2, requires_grad=True)).sum().backward()
hook_order = entries + []

# %% exercise="hook_order" right="sorted-by-numbers"
numbers = {
    "low back": 15, "low back-pre": 14, "low pre A": 4, "low pre B": 5, "low pre C": 3, "high out A": 7, "high out B": 6,
    "high out C": 8, "high back A": 13, "high back B": 12, "high back-pre": 11, "net back": 16, "net back-pre": 10,
    "net out": 9, "net pre": 1, "net computes": 2,
}  # fmt: skip
hook_order = sorted(numbers, key=numbers.get)

# %% exercise="hook_order" right="appended"
hook_order = []
hook_order.append("net pre")
hook_order.append("net computes")
for letter in "CAB":
    hook_order.append("low pre " + letter)
for letter in "BAC":
    hook_order.append("high out " + letter)
hook_order += ["net out", "net back-pre", "high back-pre", "high back B", "high back A"]
hook_order += ["low back-pre", "low back", "net back"]

# %% exercise="hook_order" right="sum-and-another-input"
log = []
hooked(log)(torch.randn(5, 2).requires_grad_()).mean().backward()
hook_order = tuple(log)

# %% [markdown]
# # hookable


# %% exercise="hookable" wrong="weak-methods" mistake="second-remove-fails"
class Hookable:
    def __init__(self):
        self._pre, self._post = {}, {}

    def _add(self, table, hook, prepend):
        key = object()
        if prepend:
            items = [(key, hook)] + list(table.items())
            table.clear()
            table.update(items)
        else:
            table[key] = hook

        class Handle:
            def remove(self):
                del table[key]

            def __enter__(self):
                return self

            def __exit__(self, *exc):
                if key in table:
                    self.remove()

        return Handle()

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self._pre, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self._post, hook, prepend)

    def __call__(self, *args):
        pre, post = [*self._pre.values()], [*self._post.values()]
        for hook in pre:
            out = hook(self, args)
            if out is not None:
                args = out if isinstance(out, tuple) else (out,)
        result = self.forward(*args)
        for hook in post:
            out = hook(self, args, result)
            if out is not None:
                result = out
        return result


# %% exercise="hookable" wrong="torch-copied" mistake="late-copy"
from collections import OrderedDict

from torch.utils.hooks import RemovableHandle


class Hookable:
    def __init__(self):
        self._forward_pre_hooks, self._forward_hooks = OrderedDict(), OrderedDict()

    def register_forward_pre_hook(self, hook, *, prepend=False):
        handle = RemovableHandle(self._forward_pre_hooks)
        self._forward_pre_hooks[handle.id] = hook
        if prepend:
            self._forward_pre_hooks.move_to_end(handle.id, last=False)
        return handle

    def register_forward_hook(self, hook, *, prepend=False):
        handle = RemovableHandle(self._forward_hooks)
        self._forward_hooks[handle.id] = hook
        if prepend:
            self._forward_hooks.move_to_end(handle.id, last=False)
        return handle

    def __call__(self, *args):
        for hook in tuple(self._forward_pre_hooks.values()):
            result = hook(self, args)
            if result is not None:
                if not isinstance(result, tuple):
                    result = (result,)
                args = result
        output = self.forward(*args)
        for hook in tuple(self._forward_hooks.values()):
            result = hook(self, args, output)
            if result is not None:
                output = result
        return output


# %% exercise="hookable" wrong="forward-hooks-get-the-first-output" mistake="forward-hooks-see-the-first-output"
class Hookable:
    def __init__(self):
        self.pre, self.post = [], []

    def _add(self, queue, hook, prepend):
        entry = [hook]
        queue.insert(0, entry) if prepend else queue.append(entry)
        return Handle(queue, entry)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.post, hook, prepend)

    def __call__(self, *args):
        pre, post = self.pre[:], self.post[:]
        for (hook,) in pre:
            new = hook(self, args)
            if new is not None:
                args = new if isinstance(new, tuple) else (new,)
        first = output = self.forward(*args)
        for (hook,) in post:
            new = hook(self, args, first)
            if new is not None:
                output = new
        return output


class Handle:
    def __init__(self, queue, entry):
        self.queue, self.entry = queue, entry

    def remove(self):
        self.queue[:] = [entry for entry in self.queue if entry is not self.entry]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.remove()


# %% exercise="hookable" wrong="handle-made-on-entering" mistake="registered-on-entering"
class Hookable:
    def __init__(self):
        self.hooks = {"pre": [], "post": []}

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return Later(self.hooks["pre"], hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return Later(self.hooks["post"], hook, prepend)

    def __call__(self, *args):
        pre, post = list(self.hooks["pre"]), list(self.hooks["post"])
        for entry in pre:
            new = entry.hook(self, args)
            if new is not None:
                args = new if isinstance(new, tuple) else (new,)
        output = self.forward(*args)
        for entry in post:
            new = entry.hook(self, args, output)
            if new is not None:
                output = new
        return output


class Later:
    def __init__(self, queue, hook, prepend):
        self.queue, self.hook, self.prepend = queue, hook, prepend

    def __enter__(self):
        self.queue.insert(0 if self.prepend else len(self.queue), self)
        return self

    def remove(self):
        if self in self.queue:
            self.queue.remove(self)

    def __exit__(self, *_):
        self.remove()


# %% exercise="hookable" wrong="remove-empties-the-queue" mistake="remove-empties-the-queue"
class Handle:
    def __init__(self, queue):
        self.queue = queue

    def remove(self):
        self.queue.clear()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre, self.post = [], []

    def register_forward_pre_hook(self, hook, *, prepend=False):
        self.pre.insert(0 if prepend else len(self.pre), hook)
        return Handle(self.pre)

    def register_forward_hook(self, hook, *, prepend=False):
        self.post.insert(0 if prepend else len(self.post), hook)
        return Handle(self.post)

    def __call__(self, *args):
        pre, post = list(self.pre), list(self.post)
        for hook in pre:
            new = hook(self, args)
            if new is not None:
                args = new if isinstance(new, tuple) else (new,)
        output = self.forward(*args)
        for hook in post:
            new = hook(self, args, output)
            if new is not None:
                output = new
        return output


# %% exercise="hookable" wrong="a-hook-that-fails-is-skipped" mistake="errors-in-hooks-swallowed"
class Handle:
    def __init__(self, table, key):
        self.table, self.key = table, key

    def remove(self):
        self.table.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre, self.post, self.next_key = {}, {}, 0

    def _add(self, table, hook, prepend):
        self.next_key += 1
        key = -self.next_key if prepend else self.next_key
        table[key] = hook
        return Handle(table, key)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.post, hook, prepend)

    def __call__(self, *args):
        pre = [self.pre[key] for key in sorted(self.pre)]
        post = [self.post[key] for key in sorted(self.post)]
        for hook in pre:
            try:
                new = hook(self, args)
            except Exception:
                continue
            if new is not None:
                args = new if isinstance(new, tuple) else (new,)
        output = self.forward(*args)
        for hook in post:
            try:
                new = hook(self, args, output)
            except Exception:
                continue
            if new is not None:
                output = new
        return output


# %% exercise="hookable" wrong="forward-hooks-skipped-when-pre-hook-changed" mistake="hooks-never-called"
class Hookable:
    def __init__(self):
        self.before, self.after, self.serial = [], [], iter(range(10**9))

    def _register(self, queue, hook, prepend):
        number = next(self.serial)
        queue[: 0 if prepend else len(queue)] = []
        if prepend:
            queue[0:0] = [(number, hook)]
        else:
            queue.append((number, hook))
        return _Handle(queue, number)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._register(self.before, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._register(self.after, hook, prepend)

    def __call__(self, *args):
        return self.forward(*args)


class _Handle:
    def __init__(self, queue, number):
        self.queue, self.number = queue, number

    def remove(self):
        self.queue[:] = [item for item in self.queue if item[0] != self.number]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.remove()


# %% exercise="hookable" right="negative-keys"
class Handle:
    def __init__(self, table, key):
        self.table, self.key = table, key

    def remove(self):
        if self.key in self.table:
            del self.table[self.key]

    __enter__ = lambda self: self

    def __exit__(self, *_):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre, self.post, self.next_key = {}, {}, 0

    def _add(self, table, hook, prepend):
        self.next_key += 1
        key = -self.next_key if prepend else self.next_key
        table[key] = hook
        return Handle(table, key)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.post, hook, prepend)

    def __call__(self, *args):
        pre = [self.pre[key] for key in sorted(self.pre)]
        post = [self.post[key] for key in sorted(self.post)]
        for hook in pre:
            new = hook(self, args)
            if new is not None:
                args = new if isinstance(new, tuple) else (new,)
        output = self.forward(*args)
        for hook in post:
            new = hook(self, args, output)
            output = output if new is None else new
        return output


# %% exercise="hookable" right="deque-and-exit-callback"
from collections import deque
from contextlib import ExitStack


class Handle(ExitStack):
    def remove(self):
        self.close()


class Hookable:
    def __init__(self):
        self.queues = {"forward_pre": deque(), "forward": deque()}

    def _enqueue(self, kind, hook, prepend):
        queue, cell = self.queues[kind], (hook, object())
        queue.appendleft(cell) if prepend else queue.append(cell)
        handle = Handle()
        handle.callback(queue.remove, cell)
        return handle

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._enqueue("forward_pre", hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._enqueue("forward", hook, prepend)

    def __call__(self, *args):
        pre, post = (tuple(queue) for queue in self.queues.values())
        for hook, _ in pre:
            args = self._args(hook(self, args), args)
        output = self.forward(*args)
        for hook, _ in post:
            replacement = hook(self, args, output)
            if replacement is not None:
                output = replacement
        return output

    @staticmethod
    def _args(result, args):
        if result is None:
            return args
        return result if isinstance(result, tuple) else (result,)


# %% exercise="hookable" right="alive-flags"
import copy


class Hook:
    alive = True

    def __init__(self, function):
        self.function = function

    def remove(self):
        self.alive = False

    def __enter__(self):
        return self

    def __exit__(self, exc_type, exc, tb):
        self.remove()


class Hookable(object):
    def __init__(self):
        self.__pre = []
        self.__post = []

    def register_forward_pre_hook(self, hook, *, prepend=False):
        new = Hook(hook)
        self.__pre = [new] + self.__pre if prepend else self.__pre + [new]
        return new

    def register_forward_hook(self, hook, *, prepend=False):
        new = Hook(hook)
        self.__post = [new] + self.__post if prepend else self.__post + [new]
        return new

    def __call__(self, *args):
        self.__pre = [hook for hook in self.__pre if hook.alive]
        self.__post = [hook for hook in self.__post if hook.alive]
        pre, post = copy.copy(self.__pre), copy.copy(self.__post)
        for hook in pre:
            if hook.alive:
                result = hook.function(self, args)
                if result is not None:
                    args = result if isinstance(result, tuple) else (result,)
        result = self.forward(*args)
        for hook in post:
            if hook.alive:
                replacement = hook.function(self, args, result)
                result = result if replacement is None else replacement
        return result


# %% exercise="hookable" right="snapshot-function"
class Hookable:
    def __init__(self):
        self.registrations = []

    class Handle:
        def __init__(self, owner, entry):
            self.owner, self.entry = owner, entry

        def remove(self):
            try:
                self.owner.registrations.remove(self.entry)
            except ValueError:
                pass

        def __enter__(self):
            return self

        def __exit__(self, *exc_info):
            self.remove()
            return None

    def _register(self, kind, hook, prepend):
        entry = [kind, hook, object()]
        self.registrations.insert(0 if prepend else len(self.registrations), entry)
        return Hookable.Handle(self, entry)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._register("pre", hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._register("post", hook, prepend)

    def __call__(self, *args):
        now = {kind: [hook for each, hook, _ in self.registrations if each == kind] for kind in ("pre", "post")}
        for hook in now["pre"]:
            answer = hook(self, args)
            if answer is None:
                continue
            args = tuple(answer) if isinstance(answer, tuple) else tuple([answer])
        value = self.forward(*args)
        for hook in now["post"]:
            answer = hook(self, args, value)
            if answer is None:
                continue
            value = answer
        return value


# %% exercise="hookable" right="lazy-tables"
class Hookable:
    count = 0

    def _table(self, kind):
        return self.__dict__.setdefault("_hooks_" + kind, {})

    def _put(self, kind, hook, prepend):
        Hookable.count += 1
        key, table = Hookable.count, self._table(kind)
        self.__dict__["_hooks_" + kind] = {key: hook, **table} if prepend else {**table, key: hook}
        owner = self

        class Handle:
            def remove(self):
                owner.__dict__["_hooks_" + kind] = {k: v for k, v in owner._table(kind).items() if k != key}

            def __enter__(self):
                return self

            def __exit__(self, *error):
                self.remove()

        return Handle()

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._put("pre", hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._put("post", hook, prepend)

    def __call__(self, *args):
        pre, post = self._table("pre"), self._table("post")
        for hook in pre.values():
            if (result := hook(self, args)) is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in post.values():
            if (result := hook(self, args, output)) is not None:
                output = result
        return output


# %% exercise="hookable" wrong="methods-borrowed-from-torch" mistake="torch-does-it"
import types
from collections import OrderedDict


def mine(function):
    return types.FunctionType(function.__code__, function.__globals__, "mine", function.__defaults__)


class Hookable:
    def __init__(self):
        for table in vars(nn.Module()):
            if table.endswith(("_hooks", "_hooks_with_kwargs", "_hooks_always_called")):
                setattr(self, table, OrderedDict())

    call = mine(nn.Module._call_impl)
    register_forward_pre_hook = nn.Module.register_forward_pre_hook
    register_forward_hook = nn.Module.register_forward_hook

    def __call__(self, *args):
        return self.call(*args)


# %% [markdown]
# # log_shapes


# %% exercise="log_shapes" wrong="keys-in-a-dict" mistake="one-entry-a-name"
def log_shapes(model, log):
    handles = []
    for name, module in dict(model.named_modules()).items():
        if not [*module.children()]:

            def hook(m, x, y, name=name):
                log[:] = [entry for entry in log if entry[0] != name] + [(name, tuple(y.shape))]

            handles.append(module.register_forward_hook(hook))
    return handles


# %% exercise="log_shapes" wrong="lambda-late-binding-with-enumerate" mistake="late-binding"
def log_shapes(model, log):
    handles = []
    for i, (n, m) in enumerate(model.named_modules()):
        if len(m._modules) == 0:
            handles += [m.register_forward_hook(lambda *a: log.append((n, tuple(a[2].shape))))]
    return handles


# %% exercise="log_shapes" wrong="modules-instead-of-names" mistake="class-names"
def log_shapes(model, log):
    def hook(module, args, output):
        log.append((module, tuple(output.shape)))

    return [module.register_forward_hook(hook) for module in model.modules() if not list(module.children())]


# %% exercise="log_shapes" wrong="no-children-means-no-parameters-below" mistake="some-leaves-only"
def log_shapes(model, log):
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, (nn.Linear, nn.Conv2d, nn.ReLU, nn.Tanh, nn.MaxPool2d, nn.Flatten, nn.Sigmoid)):
            handles.append(module.register_forward_hook(lambda m, i, o, name=name: log.append((name, tuple(o.shape)))))
    return handles


# %% exercise="log_shapes" wrong="returns-the-output-cloned-without-graph" mistake="output-detached"
def log_shapes(model, log):
    def make(name):
        def hook(module, args, output):
            with torch.no_grad():
                log.append((name, tuple(output.shape)))
                return output.clone()

        return hook

    return [m.register_forward_hook(make(n)) for n, m in model.named_modules() if not list(m.children())]


# %% exercise="log_shapes" wrong="prepends-dot" mistake="dots-too-many"
def log_shapes(model, log, prefix=""):
    handles = []
    children = list(model.named_children())
    if not children:
        handles.append(model.register_forward_hook(lambda m, i, o: log.append((prefix, tuple(o.shape)))))
    for name, child in children:
        handles += log_shapes(child, log, prefix + "." + name)
    return handles


# %% exercise="log_shapes" wrong="runs-the-model-itself" mistake="removed-at-once"
def log_shapes(model, log):
    handles = []
    for name, module in model.named_modules():
        if not list(module.children()):
            handle = module.register_forward_hook(lambda m, i, o, n=name: log.append((n, tuple(o.shape))))
            handles.append(handle)
    for handle in handles:
        handle.remove()
    return handles


# %% exercise="log_shapes" wrong="other-names-of-hooks-cleared-on-shared" mistake="last-name"
def log_shapes(model, log):
    last = {}
    for name, module in model.named_modules(remove_duplicate=False):
        if not list(module.children()):
            last[module] = name
    return [
        module.register_forward_hook(lambda m, i, o, name=name: log.append((name, tuple(o.shape))))
        for module, name in last.items()
    ]


# %% exercise="log_shapes" right="yield-from-inside"
def log_shapes(model, log):
    def register():
        for name, module in model.named_modules():
            if all(child is None for child in module._modules.values()):
                yield module.register_forward_hook(recorder(name))

    def recorder(name):
        return lambda module, inputs, output: log.append((name, tuple(output.shape)))

    return list(register())


# %% exercise="log_shapes" right="names-by-id"
def log_shapes(model, log):
    names = {}
    for name, module in model.named_modules():
        names[id(module)] = name

    def hook(module, inputs, output):
        log.insert(len(log), tuple([names[id(module)], tuple(output.shape)]))

    handles = []
    for module in model.modules():
        if not sum(1 for _ in module.children()):
            handles.append(module.register_forward_hook(hook, always_call=False))
    return handles


# %% exercise="log_shapes" right="method-of-a-class"
class _Logger:
    def __init__(self, log):
        self.log = log
        self.handles = []

    def attach(self, name, module):
        def hook(_, __, output):
            self.log.append((name, tuple(output.size())))

        self.handles.append(module.register_forward_hook(hook))


def log_shapes(model, log):
    logger = _Logger(log)
    for name, module in model.named_modules():
        if not module._modules:
            logger.attach(name, module)
    return logger.handles


# %% exercise="log_shapes" right="filter-and-map"
import functools


def log_shapes(model, log):
    leaves = filter(lambda pair: len(list(pair[1].children())) == 0, model.named_modules())

    def write(name, module, args, output):
        log.extend([(name, tuple(output.shape))])

    return list(map(lambda pair: pair[1].register_forward_hook(functools.partial(write, pair[0])), leaves))


# %% [markdown]
# # capture


# %% exercise="capture" wrong="keeps-references-and-clones-on-exit" mistake="copied-too-late"
@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    chosen = {name: modules[name] for name in names}
    found, handles = {}, []
    try:
        for name, module in chosen.items():
            handles.append(module.register_forward_hook(lambda m, i, o, name=name: found.__setitem__(name, o)))
        yield found
    finally:
        for name in found:
            found[name] = found[name].detach().clone()
        for handle in handles:
            handle.remove()


# %% exercise="capture" wrong="error-suppressed-by-contextlib" mistake="error-swallowed"
import contextlib


@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    chosen = {name: modules[name] for name in names}
    found = {}
    handles = [
        module.register_forward_hook(lambda m, i, o, name=name: found.update({name: o.detach().clone()}))
        for name, module in chosen.items()
    ]
    with contextlib.suppress(Exception):
        yield found
    for handle in handles:
        handle.remove()


# %% exercise="capture" wrong="half-registered" mistake="checked-too-late"
@contextmanager
def capture(model, names):
    found, handles = {}, []
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
        handles.append(
            modules[name].register_forward_hook(lambda m, i, o, name=name: found.update({name: o.detach().clone()}))
        )
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()


# %% exercise="capture" wrong="removes-by-count" mistake="removes-the-last-hook"
@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    chosen = {name: modules[name] for name in names}
    found = {}
    for name, module in chosen.items():
        module.register_forward_hook(lambda m, i, o, name=name: found.update({name: o.detach().clone()}))
    try:
        yield found
    finally:
        for module in chosen.values():
            module._forward_hooks.popitem()


# %% exercise="capture" wrong="float-copies"
@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    chosen = {name: modules[name] for name in names}
    found, handles = {}, []
    for name, module in chosen.items():

        def hook(m, i, o, name=name):
            found[name] = torch.tensor(o.tolist(), requires_grad=True)

        handles.append(module.register_forward_hook(hook))
    try:
        yield found
    finally:
        [handle.remove() for handle in handles]


# %% exercise="capture" wrong="outputs-scaled-by-mistake" mistake="hook-returns-something"
@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    chosen = {name: modules[name] for name in names}
    found, handles = {}, []
    for name, module in chosen.items():

        def hook(m, i, o, name=name):
            found[name] = o.detach().clone()
            return found.get(name)

        handles.append(module.register_forward_hook(hook))
    try:
        yield found
    finally:
        [handle.remove() for handle in handles]


# %% exercise="capture" wrong="hooks-on-entering-twice-kept" mistake="checked-too-late"
class capture:
    def __init__(self, model, names):
        self.found, self.handles = {}, []
        modules = dict(model.named_modules())
        for name in names:
            self.handles.append(modules[name].register_forward_hook(self.keep(name)))

    def keep(self, name):
        def hook(module, args, output):
            self.found[name] = output.detach().clone()

        return hook

    def __enter__(self):
        return self.found

    def __exit__(self, *error):
        for handle in self.handles:
            handle.remove()


# %% exercise="capture" wrong="model-run-under-no-grad-by-hook"
@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    chosen = {name: modules[name] for name in names}
    found, handles = {}, []
    for name, module in chosen.items():

        def hook(m, i, o, name=name):
            o.requires_grad_(False)
            found[name] = o.clone()

        handles.append(module.register_forward_hook(hook))
    try:
        yield found
    finally:
        [handle.remove() for handle in handles]


# %% exercise="capture" right="nested-with-of-handles"
@contextmanager
def capture(model, names):
    table = dict(model.named_modules())
    wanted = list(map(table.__getitem__, names))
    outputs = dict()

    @contextmanager
    def hooked_all(pairs):
        if not pairs:
            yield
            return
        (name, module), *rest = pairs

        def hook(_, __, output):
            outputs[name] = output.detach().clone()

        with module.register_forward_hook(hook), hooked_all(rest):
            yield

    with hooked_all(list(zip(names, wanted))):
        yield outputs


# %% exercise="capture" right="closing-callback"
import contextlib


class _Capture(contextlib.ContextDecorator):
    def __init__(self, model, names):
        known = {name: module for name, module in model.named_modules()}
        unknown = set(names) - set(known)
        if unknown:
            raise KeyError(", ".join(sorted(unknown)))
        self.pairs = [(name, known[name]) for name in names]

    def __enter__(self):
        self.stack, outputs = contextlib.ExitStack(), {}
        for name, module in self.pairs:
            handle = module.register_forward_hook(self.make(outputs, name))
            self.stack.callback(handle.remove)
        return outputs

    @staticmethod
    def make(outputs, name):
        return lambda module, inputs, output: outputs.update({name: output.detach().clone()})

    def __exit__(self, *details):
        return self.stack.__exit__(*details)


def capture(model, names):
    return _Capture(model, names)


# %% exercise="capture" right="copy-by-numpy"
import numpy as np


@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    chosen = [(name, modules[name]) for name in names]
    found = {}
    handles = []

    def on(name):
        def hook(module, args, output):
            found[name] = torch.from_numpy(np.array(output.detach().numpy(), copy=True))

        return hook

    for name, module in chosen:
        handles.append(module.register_forward_hook(on(name)))
    try:
        yield found
    finally:
        while handles:
            handles.pop().remove()


# %% exercise="capture" right="except-and-else"
from copy import deepcopy


@contextmanager
def capture(model, names):
    available = dict(model.named_modules())
    for name in names:
        available[name]

    outputs = {}
    handles = {}
    for name in names:

        def save(module, inputs, output, key=name):
            outputs[key] = deepcopy(output.detach())

        handles[name] = available[name].register_forward_hook(save)

    def clean():
        for handle in handles.values():
            handle.remove()

    try:
        yield outputs
    except BaseException:
        clean()
        raise
    else:
        clean()


# %% exercise="capture" wrong="a-second-name-is-taken"
from contextlib import contextmanager


@contextmanager
def capture(model, names):
    for name in names:
        try:
            model.get_submodule(name)
        except AttributeError:
            raise KeyError(name) from None
    found, handles = {}, []

    def make(name):
        def hook(m, i, o):
            found[name] = o.detach().clone()

        return hook

    for name in names:
        handles.append(model.get_submodule(name).register_forward_hook(make(name)))
    try:
        yield found
    finally:
        for h in handles:
            h.remove()


# %% [markdown]
# # normalize_inputs


# %% exercise="normalize_inputs" wrong="in-place-on-a-view" mistake="in-place"
def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError

    def hook(module, args):
        x = args[0].view(args[0].shape)
        x.add_(-mean)
        x.mul_(1 / std)
        return (x, *args[1:])

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" wrong="only-keeps-the-first-two" mistake="others-lost"
def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError

    def hook(module, args):
        return tuple([(args[0] - mean) / std] + list(args[1:2]))

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" wrong="check-of-the-variance"
def normalize_inputs(model, mean, std):
    if mean == 0 and std == 0:
        raise ValueError("nothing to normalize")
    return model.register_forward_pre_hook(lambda module, args: ((args[0] - mean) / std, *args[1:]))


# %% exercise="normalize_inputs" wrong="eval-only" mistake="one-mode-only"
def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError

    def hook(module, args):
        if module.training:
            return args
        return ((args[0] - mean) / std, *args[1:])

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" wrong="numpy-inside" mistake="gradient-cut"
import numpy as np


def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError

    def hook(module, args):
        x = (np.asarray(args[0].detach()) - mean) / std
        return (torch.from_numpy(x), *args[1:])

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" wrong="one-argument-hook" mistake="wrong-signature"
def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError
    return model.register_forward_pre_hook(lambda args: ((args[0] - mean) / std, *args[1:]))


# %% exercise="normalize_inputs" wrong="keyword-inputs-normalized" mistake="all-inputs"
def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError

    def hook(module, args, kwargs):
        new = {key: (v - mean) / std if isinstance(v, torch.Tensor) else v for key, v in kwargs.items()}
        return ((args[0] - mean) / std, *args[1:]), new

    return model.register_forward_pre_hook(hook, with_kwargs=True)


# %% exercise="normalize_inputs" wrong="remembers-the-first-batch"
def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError
    done = {}

    def hook(module, args):
        if "x" not in done:
            done["x"] = (args[0] - mean) / std
        return (done["x"], *args[1:])

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" right="tensors-as-settings"
def normalize_inputs(model, mean, std):
    if abs(std) == 0:
        raise ValueError("a std of zero")
    mean, std = torch.tensor(mean), torch.tensor(std)

    def hook(module, args):
        return (args[0].sub(mean).div(std),) + tuple(args[1:])

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" right="prepended-class-method"
class Standardize:
    @classmethod
    def onto(cls, model, mean, std):
        if std == 0:
            raise ValueError("std")
        hook = cls()
        hook.settings = (mean, std)
        return model.register_forward_pre_hook(hook.apply)

    def apply(self, module, inputs):
        mean, std = self.settings
        head, tail = inputs[:1], inputs[1:]
        return tuple((x - mean) / std for x in head) + tail


normalize_inputs = Standardize.onto


# %% exercise="normalize_inputs" right="enumerate"
def normalize_inputs(model, mean, std):
    if std in (0, 0.0):
        raise ValueError("std must not be 0")

    def hook(module, inputs):
        return tuple((value - mean) / std if position == 0 else value for position, value in enumerate(inputs))

    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" right="clone-then-in-place"
def normalize_inputs(model, mean, std):
    def hook(module, inputs):
        x, others = inputs[0], inputs[1:]
        x = x.clone() * 1.0
        x -= mean
        x /= std
        return x, *others

    if std == 0:
        raise ValueError("division by zero")
    return model.register_forward_pre_hook(hook)


# %% exercise="normalize_inputs" wrong="the-tuple-itself" mistake="tuple-taken-for-a-tensor"
def normalize_inputs(model, mean, std):
    if std == 0:
        raise ValueError("std")

    def hook(module, args):
        return (args - mean) / std

    return model.register_forward_pre_hook(hook)


# %% [markdown]
# # ablate


# %% exercise="ablate" wrong="zeroes-the-weights-for-good" mistake="weights-zeroed"
def ablate(module, channels):
    with torch.no_grad():
        for channel in channels:
            module.weight[channel] = 0
            module.bias[channel] = 0

    def nothing(module, args, output):
        return output

    return module.register_forward_hook(nothing)


# %% exercise="ablate" wrong="mask-made-with-the-batch" mistake="dimension-0"
def ablate(module, channels):
    def hook(module, args, output):
        mask = torch.ones(output.shape[0], 1)
        for channel in channels:
            if channel < len(mask):
                mask[channel] = 0
        return output * mask.view(-1, *[1] * (output.ndim - 1))

    return module.register_forward_hook(hook)


# %% exercise="ablate" wrong="multiplies-in-place" mistake="in-place"
def ablate(module, channels):
    def hook(module, args, output):
        mask = torch.ones_like(output)
        mask[:, channels] = 0
        output *= mask
        return output

    return module.register_forward_hook(hook)


# %% exercise="ablate" wrong="clone-dropped" mistake="output-stays-as-it-was"
def ablate(module, channels):
    def hook(module, args, output):
        output.clone()[:, channels] = 0
        return output

    return module.register_forward_hook(hook)


# %% exercise="ablate" wrong="next-to-last-dimensions" mistake="last-dimension"
def ablate(module, channels):
    def hook(module, args, output):
        output = output.clone()
        output.transpose(0, -1)[channels] = 0
        return output

    return module.register_forward_hook(hook)


# %% exercise="ablate" wrong="straight-through" mistake="gradient-through-zeroed-channels"
def ablate(module, channels):
    def hook(module, args, output):
        zeroed = output.detach().clone()
        zeroed[:, channels] = 0
        return output + (zeroed - output.detach())

    return module.register_forward_hook(hook)


# %% exercise="ablate" wrong="first-sample-only" mistake="first-sample-only"
def ablate(module, channels):
    def hook(module, args, output):
        new = output.clone()
        new[0, channels] = 0
        return new

    return module.register_forward_hook(hook)


# %% exercise="ablate" wrong="first-two-dimensions-of-images"
def ablate(module, channels):
    def hook(module, args, output):
        new = output.clone()
        for channel in channels:
            new[:, channel, ...][..., 0] = 0
        return new

    return module.register_forward_hook(hook)


# %% exercise="ablate" wrong="backward-hook-too"
def ablate(module, channels):
    def hook(module, args, output):
        mask = torch.ones_like(output)
        mask[:, channels] = 0
        return output * mask

    module.register_full_backward_hook(lambda m, gi, go: tuple(g if g is None else g * 0.5 for g in gi))
    return module.register_forward_hook(hook)


# %% exercise="ablate" right="scatter"
def ablate(module, channels):
    channels = tuple(int(channel) for channel in channels)

    def hook(module, args, output):
        rows = output.transpose(0, 1)
        rows = [torch.zeros_like(row) if number in channels else row for number, row in enumerate(rows)]
        return torch.stack(rows).transpose(0, 1)

    return module.register_forward_hook(hook)


# %% exercise="ablate" right="index-copy"
def ablate(module, channels):
    index = torch.as_tensor(channels)

    def hook(module, args, output):
        zeros = torch.zeros_like(output.index_select(1, index))
        return output.index_copy(1, index, zeros)

    return module.register_forward_hook(hook)


# %% exercise="ablate" right="minus-itself"
def ablate(module, channels):
    def hook(module, args, output):
        off = torch.zeros_like(output)
        off[:, channels] = output[:, channels]
        return output - off

    return module.register_forward_hook(hook)


# %% exercise="ablate" right="einsum-with-a-diagonal"
def ablate(module, channels):
    def hook(module, args, output):
        keep = torch.eye(output.shape[1], dtype=output.dtype)
        keep[channels, channels] = 0
        return torch.einsum("nc...,cd->nd...", output, keep)

    return module.register_forward_hook(hook)


# %% exercise="ablate" wrong="a-float32-mask" mistake="another-dtype"
def ablate(module, channels):
    def hook(m, a, out):
        mask = torch.ones(out.shape[1])
        mask[channels] = 0
        return out * mask.reshape(1, -1, *[1] * (out.dim() - 2))

    return module.register_forward_hook(hook)


# %% [markdown]
# # record_gradients


# %% exercise="record_gradients" wrong="clipped-on-the-way" mistake="hook-returns-something"
def record_gradients(model):
    records, handles = {}, []
    for name, module in model.named_modules():
        if not list(module.children()):

            def hook(m, gi, go, name=name):
                i = [g.norm() for g in gi if g is not None]
                o = [g.norm() for g in go if g is not None]
                records[name] = {
                    "grad_input": torch.stack(i).norm().item() if i else None,
                    "grad_output": torch.stack(o).norm().item() if o else None,
                }
                return tuple(None if g is None else g.clamp(-0.1, 0.1) for g in gi)

            handles.append(module.register_full_backward_hook(hook))
    return records, handles


# %% exercise="record_gradients" wrong="update-of-the-old-record" mistake="records-merged"
def record_gradients(model):
    records, handles = {}, []

    def joint(gradients):
        there = [g.norm() ** 2 for g in gradients if g is not None]
        return sum(there).sqrt().item() if there else None

    for name, module in model.named_modules():
        if not list(module.children()):

            def hook(m, gi, go, name=name):
                record = records.setdefault(name, {"grad_input": None, "grad_output": None})
                if joint(gi) is not None:
                    record["grad_input"] = joint(gi)
                if joint(go) is not None:
                    record["grad_output"] = joint(go)

            handles.append(module.register_full_backward_hook(hook))
    return records, handles


# %% exercise="record_gradients" wrong="mean-over-the-batch"
def record_gradients(model):
    records, handles = {}, []

    def joint(gradients):
        there = [g for g in gradients if g is not None]
        return sum(g.flatten(1).norm(dim=1).mean().item() for g in there) if there else None

    for name, module in model.named_modules():
        if not list(module.children()):

            def hook(m, gi, go, name=name):
                records[name] = {"grad_input": joint(gi), "grad_output": joint(go)}

            handles.append(module.register_full_backward_hook(hook))
    return records, handles


# %% exercise="record_gradients" wrong="first-input-or-none" mistake="first-entry-only"
def record_gradients(model):
    records, handles = {}, []
    for name, module in model.named_modules():
        if not list(module.children()):

            def hook(m, gi, go, name=name):
                records[name] = {
                    "grad_input": gi[0].norm(2).item() if gi[0] is not None else None,
                    "grad_output": go[0].norm(2).item() if go[0] is not None else None,
                }

            handles.append(module.register_full_backward_hook(hook))
    return records, handles


# %% exercise="record_gradients" wrong="nan-for-none" mistake="zero-for-none"
def record_gradients(model):
    records, handles = {}, []

    def joint(gradients):
        there = [g.flatten() for g in gradients if g is not None]
        return torch.cat(there).norm().item() if there else float("inf")

    for name, module in model.named_modules():
        if not list(module.children()):
            handles.append(
                module.register_full_backward_hook(
                    lambda m, gi, go, name=name: records.update(
                        {name: {"grad_input": joint(gi), "grad_output": joint(go)}}
                    )
                )
            )
    return records, handles


# %% exercise="record_gradients" wrong="a-zero-record-at-forward" mistake="prefilled"
def record_gradients(model):
    records, handles = {}, []

    def joint(gradients):
        there = [g.flatten() for g in gradients if g is not None]
        return torch.cat(there).norm().item() if there else None

    for name, module in model.named_modules():
        if not list(module.children()):
            handles.append(
                module.register_forward_hook(
                    lambda m, i, o, name=name: records.update({name: {"grad_input": None, "grad_output": None}})
                )
            )
            handles.append(
                module.register_full_backward_hook(
                    lambda m, gi, go, name=name: records.update(
                        {name: {"grad_input": joint(gi), "grad_output": joint(go)}}
                    )
                )
            )
    return records, handles


# %% exercise="record_gradients" wrong="weights-in-grad-input" mistake="gradients-of-weights"
def record_gradients(model):
    records, handles = {}, []

    def joint(gradients):
        there = [g.flatten() for g in gradients if g is not None]
        return torch.cat(there).norm().item() if there else None

    for name, module in model.named_modules():
        if not list(module.children()):

            def hook(m, gi, go, name=name):
                own = [p.grad for p in m.parameters()]
                records[name] = {"grad_input": joint([*gi, *own]), "grad_output": joint(go)}

            handles.append(module.register_full_backward_hook(hook))
    return records, handles


# %% exercise="record_gradients" wrong="in-place-square" mistake="hook-returns-something"
def record_gradients(model):
    records, handles = {}, []

    def joint(gradients):
        there = [g.pow_(2).sum() for g in gradients if g is not None]
        return sum(there).item() ** 0.5 if there else None

    for name, module in model.named_modules():
        if not list(module.children()):

            def hook(m, gi, go, name=name):
                records[name] = {"grad_input": joint(gi), "grad_output": joint(go)}

            handles.append(module.register_full_backward_hook(hook))
    return records, handles


# %% exercise="record_gradients" right="parameters-to-vector"
def record_gradients(model):
    records = {}

    def joint(gradients):
        there = [g for g in gradients if g is not None]
        return float(nn.utils.parameters_to_vector([g.contiguous() for g in there]).norm()) if there else None

    def recorder(name):
        return lambda m, gi, go: records.__setitem__(name, {"grad_output": joint(go), "grad_input": joint(gi)})

    handles = [m.register_full_backward_hook(recorder(n)) for n, m in model.named_modules() if not m._modules]
    return (records, handles)


# %% exercise="record_gradients" right="numpy-norm"
import numpy as np


def record_gradients(model):
    records, handles = {}, []
    leaves = {}
    for name, module in model.named_modules():
        if sum(1 for _ in module.children()) == 0:
            leaves[module] = name

    def two_norm(gradients):
        numbers = [g.detach().numpy().ravel() for g in gradients if g is not None]
        if numbers:
            return float(np.linalg.norm(np.concatenate(numbers)))

    def hook(module, grad_input, grad_output):
        records[leaves[module]] = dict(zip(("grad_input", "grad_output"), map(two_norm, (grad_input, grad_output))))

    for leaf in leaves:
        handles.append(leaf.register_full_backward_hook(hook, prepend=True))
    return records, handles


# %% exercise="record_gradients" right="norm-of-norms"
def record_gradients(model):
    records = {}

    class Hook:
        def __init__(self, name):
            self.name = name

        def __call__(self, module, grad_input, grad_output):
            with torch.no_grad():
                pair = []
                for gradients in (grad_input, grad_output):
                    norms = [gradient.norm() for gradient in gradients if gradient is not None]
                    pair.append(None if norms == [] else torch.stack(norms).norm().tolist())
                records[self.name] = {"grad_input": pair[0], "grad_output": pair[1]}

    def register():
        for name, module in model.named_modules():
            if not list(module.children()):
                yield module.register_full_backward_hook(Hook(name))

    return records, list(register())


# %% exercise="record_gradients" right="grad-norm-of-torch"
from torch.nn.utils import get_total_norm


def record_gradients(model):
    records = {}
    handles = set()
    for name, module in model.named_modules():
        if module._modules:
            continue

        def hook(module, gi, go, *, name=name):
            gi, go = [[g for g in side if g is not None] for side in (gi, go)]
            records[name] = {
                "grad_input": get_total_norm(gi).item() if gi else None,
                "grad_output": get_total_norm(go).item() if go else None,
            }

        handles.add(module.register_full_backward_hook(hook))
    return records, handles


# %% [markdown]
# # count_hooks


# %% exercise="count_hooks" wrong="children-of-children" mistake="children-only"
def count_hooks(module):
    def own(m):
        return len(m._forward_hooks) + len(m._forward_pre_hooks) + len(m._backward_hooks) + len(m._backward_pre_hooks)

    total = own(module)
    for child in module.children():
        total += own(child)
        for grandchild in child.children():
            total += own(grandchild)
    return total


# %% exercise="count_hooks" wrong="set-of-tables" mistake="modules-with-hooks"
def count_hooks(module):
    seen = []
    for m in module.modules():
        for hooks in (m._forward_hooks, m._forward_pre_hooks, m._backward_hooks, m._backward_pre_hooks):
            if hooks and hooks not in seen:
                seen.append(hooks)
    return len(seen)


# %% exercise="count_hooks" wrong="full-pre-hooks-by-wrong-name" mistake="backward-pre-missing"
def count_hooks(module):
    names = ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_full_backward_hooks")
    return sum(len(getattr(m, name, ())) for m in module.modules() for name in names)


# %% exercise="count_hooks" wrong="everything-with-hook-in-its-name" mistake="all-tables"
def count_hooks(module):
    n = 0
    for m in module.modules():
        for key in m.__dict__:
            if "hook" in key:
                try:
                    n += len(m.__dict__[key])
                except TypeError:
                    pass
    return n


# %% exercise="count_hooks" wrong="recursion-over-modules" mistake="root-left-out"
def count_hooks(module):
    total = 0
    for m in module.modules():
        for name, child in m.named_children():
            total += len(child._forward_hooks) + len(child._forward_pre_hooks)
            total += len(child._backward_hooks) + len(child._backward_pre_hooks)
    return total


# %% exercise="count_hooks" wrong="a-numpy-int" mistake="no-int"
def count_hooks(module):
    return torch.tensor(
        [
            [len(m._forward_hooks), len(m._forward_pre_hooks), len(m._backward_hooks), len(m._backward_pre_hooks)]
            for m in module.modules()
        ]
    ).sum()


# %% exercise="count_hooks" wrong="largest-handle-id"
def count_hooks(module):
    ids = []
    for m in module.modules():
        for hooks in (m._forward_hooks, m._forward_pre_hooks, m._backward_hooks, m._backward_pre_hooks):
            ids += hooks
    return max(ids) - min(ids) + 1 if ids else 0


# %% exercise="count_hooks" wrong="only-forward-kinds-below"
def count_hooks(module):
    total = len(module._backward_hooks) + len(module._backward_pre_hooks)
    for m in module.modules():
        total += len(m._forward_hooks) + len(m._forward_pre_hooks)
    return total


# %% exercise="count_hooks" right="numpy-free-reduce"
from functools import reduce


def count_hooks(module):
    def own(m):
        return len([*m._forward_hooks, *m._forward_pre_hooks, *m._backward_hooks, *m._backward_pre_hooks])

    return reduce(lambda total, m: total + own(m), module.modules(), 0)


# %% exercise="count_hooks" right="dict-of-modules"
def count_hooks(module):
    modules = {id(m): m for _, m in module.named_modules(remove_duplicate=False)}
    count = 0
    for m in modules.values():
        for direction in ("forward", "backward"):
            for kind in ("", "_pre"):
                count += len(getattr(m, f"_{direction}{kind}_hooks").values())
    return count


# %% exercise="count_hooks" right="stack"
def count_hooks(module):
    stack, seen, count = [module], [], 0
    while stack:
        m = stack.pop()
        if any(m is other for other in seen):
            continue
        seen.append(m)
        stack.extend(m.children())
        for key, value in m.__dict__.items():
            if key in {"_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks"}:
                count = count + len(value)
    return count


# %% exercise="count_hooks" right="apply-with-memory"
def count_hooks(module):
    counts = {}

    def look(m):
        tables = [m._forward_hooks, m._forward_pre_hooks, m._backward_hooks, m._backward_pre_hooks]
        counts[m] = sum(map(len, tables))

    module.apply(look)
    return sum(counts.values())
