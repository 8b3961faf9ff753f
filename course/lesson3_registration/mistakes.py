"""Lesson 3: answers that somebody might give, wrong and right, by exercise.

A wrong answer's docstring is what a student is told whose answer shows the same under the checks. Several cells of
one mistake are several ways to make it. The right ones are in other styles than the lesson's, and must pass.
"""

# %% [markdown]
# # where_is

# %% exercise="where_is" mistake="lists-of-names"
"""Names with None behind them, or a shared tensor's second name, are not found. `named_parameters()` and the like leave
them out; the module's own tables have every name."""


def where_is(module, name):
    if name in dict(module.named_parameters()):
        return "parameter"
    if name in dict(module.named_buffers()):
        return "buffer"
    if name in dict(module.named_modules()):
        return "module"
    *path, last = name.split(".")
    for part in path:
        module = module._modules.get(part)
        if module is None:
            return "missing"
    return "attribute" if hasattr(module, last) else "missing"


# %% exercise="where_is" mistake="lists-of-names"
def where_is(module, name):
    *path, last = name.split(".")
    for part in path:
        children = dict(module.named_children())
        if part not in children:
            return "missing"
        module = children[part]
    if last in dict(module.named_parameters(recurse=False)):
        return "parameter"
    if last in dict(module.named_buffers(recurse=False)):
        return "buffer"
    if last in dict(module.named_children()):
        return "module"
    if hasattr(module, last):
        return "attribute"
    return "missing"


# %% exercise="where_is" mistake="lists-of-names"
def where_is(module, name):
    *path, last = name.split(".")
    for part in path:
        module = dict(module.named_children()).get(part)
        if module is None:
            return "missing"
    if last in module._parameters:
        return "parameter"
    if last in module._buffers:
        return "buffer"
    if last in module._modules:
        return "module"
    return "attribute" if hasattr(module, last) else "missing"


# %% exercise="where_is" mistake="none-is-not-there"
"""A name that is registered with None behind it is still registered: a Linear without bias has the key `bias` in its
`_parameters`. Ask whether the table has the key, not whether there is a value."""


def where_is(module, name):
    *path, last = name.split(".")
    for part in path:
        module = module._modules.get(part)
        if module is None:
            return "missing"
    if module._parameters.get(last) is not None:
        return "parameter"
    if module._buffers.get(last) is not None:
        return "buffer"
    if module._modules.get(last) is not None:
        return "module"
    return "attribute" if hasattr(module, last) else "missing"


# %% exercise="where_is" mistake="none-is-not-there"
def where_is(module, name):
    *path, last = name.split(".")
    for part in path:
        if module._modules.get(part) is None:
            return "missing"
        module = module._modules[part]
    for kind, table in [("parameter", module._parameters), ("buffer", module._buffers), ("module", module._modules)]:
        if last in table:
            return kind if table[last] is not None else "missing"
    return "attribute" if hasattr(module, last) else "missing"


# %% exercise="where_is" mistake="judged-by-type"
"""You judge by the type of what you find. A plain tensor is no buffer, though a tensor, and a module in `__dict__` is
not registered. Where a name is kept decides, not what it leads to."""


def where_is(module, name):
    *path, last = name.split(".")
    for part in path:
        module = module._modules.get(part)
        if module is None:
            return "missing"
    if not hasattr(module, last):
        return "missing"
    value = getattr(module, last)
    if isinstance(value, nn.Parameter):
        return "parameter"
    if isinstance(value, nn.Module):
        return "module"
    if isinstance(value, torch.Tensor):
        return "buffer"
    return "attribute"


# %% exercise="where_is" mistake="judged-by-type"
def where_is(module, name):
    value = module
    for part in name.split("."):
        if not hasattr(value, part):
            return "missing"
        value = getattr(value, part)
    if isinstance(value, nn.Parameter):
        return "parameter"
    if isinstance(value, torch.Tensor):
        return "buffer"
    if isinstance(value, nn.Module):
        return "module"
    return "attribute"


# %% exercise="where_is" mistake="path-by-getattr"
"""You follow the path with attribute access. That also leads through numbers, tensors and modules that nobody
registered. Every part but the last must be a key of the module's `_modules`."""


def where_is(module, name):
    *path, last = name.split(".")
    for part in path:
        if not hasattr(module, part):
            return "missing"
        module = getattr(module, part)
    if last in getattr(module, "_parameters", {}):
        return "parameter"
    if last in getattr(module, "_buffers", {}):
        return "buffer"
    if last in getattr(module, "_modules", {}):
        return "module"
    return "attribute" if hasattr(module, last) else "missing"


# %% exercise="where_is" mistake="path-by-getattr"
def where_is(module, name):
    *path, last = name.split(".")
    for part in path:
        module = getattr(module, part, None)
        if not isinstance(module, nn.Module):
            return "missing"
    if last in module._parameters:
        return "parameter"
    if last in module._buffers:
        return "buffer"
    if last in module._modules:
        return "module"
    return "attribute" if hasattr(module, last) else "missing"


# %% exercise="where_is" mistake="empty-parts-skipped"
"""You pass over empty parts: two dots in a row, a dot in front or at the end. An empty part is the name of no submodule,
and so the way ends there."""


def where_is(module, name):
    *path, last = [part for part in name.split(".") if part] or [""]
    for part in path:
        module = module._modules.get(part)
        if module is None:
            return "missing"
    if last in module._parameters:
        return "parameter"
    if last in module._buffers:
        return "buffer"
    if last in module._modules:
        return "module"
    return "attribute" if hasattr(module, last) else "missing"


# %% exercise="where_is" mistake="empty-parts-skipped"
def where_is(module, name):
    *path, last = name.strip(".").split(".")
    for part in path:
        module = module._modules.get(part)
        if module is None:
            return "missing"
    if last in module._parameters:
        return "parameter"
    if last in module._buffers:
        return "buffer"
    if last in module._modules:
        return "module"
    return "attribute" if hasattr(module, last) else "missing"


# %% exercise="where_is" mistake="empty-parts-skipped"
def where_is(module, name):
    *path, last = name.split(".")
    for part in path:
        if not part:
            continue
        module = module._modules.get(part)
        if module is None:
            return "missing"
    if last in module._parameters:
        return "parameter"
    if last in module._buffers:
        return "buffer"
    if last in module._modules:
        return "module"
    return "attribute" if hasattr(module, last) else "missing"


# %% exercise="where_is" mistake="empty-parts-skipped"
def where_is(module, name):
    *path, last = name.removeprefix(".").split(".")
    for part in path:
        module = module._modules.get(part)
        if module is None:
            return "missing"
    if last in module._parameters:
        return "parameter"
    if last in module._buffers:
        return "buffer"
    if last in module._modules:
        return "module"
    return "attribute" if hasattr(module, last) else "missing"


# %% exercise="where_is" mistake="empty-parts-skipped"
def where_is(module, name):
    *path, last = name.removesuffix(".").split(".")
    for part in path:
        module = module._modules.get(part)
        if module is None:
            return "missing"
    if last in module._parameters:
        return "parameter"
    if last in module._buffers:
        return "buffer"
    if last in module._modules:
        return "module"
    return "attribute" if hasattr(module, last) else "missing"


# %% exercise="where_is" mistake="dots-not-followed"
"""You take a dotted name as one name, and look for it as a whole. `block.0.weight` is a way: to `block`, to its `0`,
and to what that one calls `weight`."""


def where_is(module, name):
    if name in module._parameters:
        return "parameter"
    if name in module._buffers:
        return "buffer"
    if name in module._modules:
        return "module"
    if hasattr(module, name):
        return "attribute"
    return "missing"


# %% exercise="where_is" mistake="only-the-last-part"
"""You look only at the last part of the name, in the module that you were given. The parts before it say in which
submodule to look."""


def where_is(module, name):
    last = name.split(".")[-1]
    if last in module._parameters:
        return "parameter"
    if last in module._buffers:
        return "buffer"
    if last in module._modules:
        return "module"
    return "attribute" if hasattr(module, last) else "missing"


# %% exercise="where_is" mistake="one-step-only"
"""Your way is one step long: it goes from the module to a child, and no further. A name may have many dots, and each
is one step more."""


def where_is(module, name):
    if "." in name:
        first, name = name.split(".", 1)
        module = module._modules.get(first)
        if module is None:
            return "missing"
    if name in module._parameters:
        return "parameter"
    if name in module._buffers:
        return "buffer"
    if name in module._modules:
        return "module"
    return "attribute" if hasattr(module, name) else "missing"


# %% exercise="where_is" mistake="no-attributes"
"""You ask the three tables and nothing else. A name that none of them has may still be an ordinary attribute, of the
object or of its class."""


def where_is(module, name):
    *path, last = name.split(".")
    for part in path:
        module = module._modules.get(part)
        if module is None:
            return "missing"
    if last in module._parameters:
        return "parameter"
    if last in module._buffers:
        return "buffer"
    if last in module._modules:
        return "module"
    return "missing"


# %% exercise="where_is" mistake="only-the-objects-own"
"""You look for attributes in the object's `__dict__` only. Methods, properties and class attributes are attributes
too, and they live in the class. Ask in a way that Python itself would."""


def where_is(module, name):
    *path, last = name.split(".")
    for part in path:
        module = module._modules.get(part)
        if module is None:
            return "missing"
    if last in module._parameters:
        return "parameter"
    if last in module._buffers:
        return "buffer"
    if last in module._modules:
        return "module"
    return "attribute" if last in module.__dict__ else "missing"


# %% exercise="where_is" mistake="only-the-objects-own"
def where_is(module, name):
    *path, last = name.split(".")
    for part in path:
        module = module._modules.get(part)
        if module is None:
            return "missing"
    for kind, table in {"parameter": "_parameters", "buffer": "_buffers", "module": "_modules"}.items():
        if last in vars(module)[table]:
            return kind
    return "attribute" if last in vars(module) or last in vars(type(module)) else "missing"


# %% exercise="where_is" mistake="attribute-of-dir"
"""What a `__getattr__` of the class finds is not found, or a property that fails is. `dir()` knows no better: only
trying to read the attribute tells."""


def where_is(module, name):
    *path, last = name.split(".")
    for part in path:
        module = module._modules.get(part)
        if module is None:
            return "missing"
    if last in module._parameters:
        return "parameter"
    if last in module._buffers:
        return "buffer"
    if last in module._modules:
        return "module"
    return "attribute" if last in dir(module) else "missing"


# %% exercise="where_is" mistake="none-attribute-missing"
"""An attribute that is None is missing in your answer, though attribute access finds it. With None as the default of
`getattr`, or by asking whether the value is true, you can't tell the two apart."""


def where_is(module, name):
    *path, last = name.split(".")
    for part in path:
        module = module._modules.get(part)
        if module is None:
            return "missing"
    if last in module._parameters:
        return "parameter"
    if last in module._buffers:
        return "buffer"
    if last in module._modules:
        return "module"
    return "attribute" if getattr(module, last, None) is not None else "missing"


# %% exercise="where_is" mistake="none-attribute-missing"
def where_is(module, name):
    *path, last = name.split(".")
    for part in path:
        module = module._modules.get(part)
        if module is None:
            return "missing"
    for kind, table in (("parameter", module._parameters), ("buffer", module._buffers), ("module", module._modules)):
        if last in table:
            return kind
    return "attribute" if getattr(module, last, None) else "missing"


# %% exercise="where_is" mistake="empty-is-false"
"""An empty `nn.Sequential` has length 0, and so counts as false. Ask whether a submodule `is None`, not whether it is
true."""


def where_is(module, name):
    *path, last = name.split(".")
    for part in path:
        module = module._modules.get(part)
        if not module:
            return "missing"
    if last in module._parameters:
        return "parameter"
    if last in module._buffers:
        return "buffer"
    if last in module._modules:
        return "module"
    return "attribute" if hasattr(module, last) else "missing"


# %% exercise="where_is" mistake="attribute-first"
"""What is registered comes out as an attribute. Attribute access finds it too, so asking for an attribute comes last:
it is what remains when no table has the name."""


def where_is(module, name):
    *path, last = name.split(".")
    for part in path:
        module = module._modules.get(part)
        if module is None:
            return "missing"
    if hasattr(module, last):
        return "attribute"
    if last in module._parameters:
        return "parameter"
    if last in module._buffers:
        return "buffer"
    if last in module._modules:
        return "module"
    return "missing"


# %% exercise="where_is" mistake="class-before-tables"
"""You ask the class, or `__dict__`, before the tables. A method or a class attribute of the same name then hides what is
registered. The tables come first."""


def where_is(module, name):
    *path, last = name.split(".")
    for part in path:
        module = module._modules.get(part)
        if module is None:
            return "missing"
    if last in module.__dict__ or hasattr(type(module), last):
        return "attribute"
    if last in module._parameters:
        return "parameter"
    if last in module._buffers:
        return "buffer"
    if last in module._modules:
        return "module"
    return "missing"


# %% exercise="where_is" mistake="class-before-tables"
def where_is(module, name):
    *path, last = name.split(".")
    for part in path:
        module = module._modules.get(part)
        if module is None:
            return "missing"
    if last in module.__dict__ or hasattr(type(module), last):
        return "attribute"
    if last in module._parameters:
        return "parameter"
    if last in module._buffers:
        return "buffer"
    if last in module._modules:
        return "module"
    return "attribute" if hasattr(module, last) else "missing"


# %% exercise="where_is" mistake="class-before-tables"
def where_is(module, name):
    *path, last = name.split(".")
    for part in path:
        module = module._modules.get(part)
        if module is None:
            return "missing"
    if hasattr(type(module), last):
        return "attribute"
    if last in module._parameters:
        return "parameter"
    if last in module._buffers:
        return "buffer"
    if last in module._modules:
        return "module"
    return "attribute" if last in module.__dict__ else "missing"


# %% exercise="where_is" mistake="raises-on-the-way"
"""Where a name or its path leads nowhere your function raises. A part that is not in `_modules`, or that is None
there, means that the name is missing, and "missing" is an answer."""


def where_is(module, name):
    *path, last = name.split(".")
    for part in path:
        module = module._modules[part]
    if last in module._parameters:
        return "parameter"
    if last in module._buffers:
        return "buffer"
    if last in module._modules:
        return "module"
    return "attribute" if hasattr(module, last) else "missing"


# %% exercise="where_is" mistake="raises-on-the-way"
def where_is(module, name):
    *path, last = name.split(".")
    for part in path:
        if part not in module._modules:
            return "missing"
        module = module._modules[part]
    if last in module._parameters:
        return "parameter"
    if last in module._buffers:
        return "buffer"
    if last in module._modules:
        return "module"
    return "attribute" if hasattr(module, last) else "missing"


# %% exercise="where_is" mistake="raises-on-the-way"
def where_is(module, name):
    *path, last = name.split(".")
    for part in path:
        module = module._modules.get(part)
        if module is None:
            raise KeyError(name)
    if last in module._parameters:
        return "parameter"
    if last in module._buffers:
        return "buffer"
    if last in module._modules:
        return "module"
    if hasattr(module, last):
        return "attribute"
    raise KeyError(name)


# %% exercise="where_is" mistake="raises-on-the-way"
def where_is(module, name):
    *path, last = name.split(".")
    for part in path:
        module = module._modules.get(part)
        if module is None:
            raise AttributeError(name)
    if last in module._parameters:
        return "parameter"
    if last in module._buffers:
        return "buffer"
    if last in module._modules:
        return "module"
    getattr(module, last)
    return "attribute"


# %% exercise="where_is" mistake="other-words"
"""Your answers are other words than the five that were asked for: "parameter", "buffer", "module", "attribute",
"missing"."""


def where_is(module, name):
    *path, last = name.split(".")
    for part in path:
        module = module._modules.get(part)
        if module is None:
            return "missing"
    for table in ("_parameters", "_buffers", "_modules"):
        if last in getattr(module, table):
            return table
    return "attribute" if hasattr(module, last) else "missing"


# %% exercise="where_is" mistake="other-words"
def where_is(module, name):
    *path, last = name.split(".")
    for part in path:
        module = module._modules.get(part)
        if module is None:
            return "missing"
    for table in ("_parameters", "_buffers", "_modules"):
        if last in getattr(module, table):
            return table[1:]
    return "attribute" if hasattr(module, last) else "missing"


# %% exercise="where_is" mistake="other-words"
def where_is(module, name):
    *path, last = name.split(".")
    for part in path:
        module = module._modules.get(part)
        if module is None:
            return None
    if last in module._parameters:
        return "parameter"
    if last in module._buffers:
        return "buffer"
    if last in module._modules:
        return "module"
    if hasattr(module, last):
        return "attribute"


# %% exercise="where_is" mistake="other-words"
def where_is(module, name):
    *path, last = name.split(".")
    for part in path:
        module = module._modules.get(part)
        if module is None:
            return "Missing"
    if last in module._parameters:
        return "Parameter"
    if last in module._buffers:
        return "Buffer"
    if last in module._modules:
        return "Module"
    return "Attribute" if hasattr(module, last) else "Missing"


# %% exercise="where_is" mistake="buffers-forgotten"
"""A buffer is an ordinary attribute in your answer. Attribute access finds it too: look into `_buffers` before you ask
for an attribute."""


def where_is(module, name):
    *path, last = name.split(".")
    for part in path:
        module = module._modules.get(part)
        if module is None:
            return "missing"
    if last in module._parameters:
        return "parameter"
    if last in module._modules:
        return "module"
    return "attribute" if hasattr(module, last) else "missing"


# %% exercise="where_is" mistake="searched-everywhere"
"""You search all modules below for the name. `weight` is not a name of the model because one of its layers has it:
without dots, only the module itself counts."""


def where_is(module, name):
    *path, last = name.split(".")
    for part in path:
        module = module._modules.get(part)
        if module is None:
            return "missing"
    for owner in module.modules():
        if last in owner._parameters:
            return "parameter"
        if last in owner._buffers:
            return "buffer"
        if last in owner._modules:
            return "module"
        if hasattr(owner, last):
            return "attribute"
    return "missing"


# %% exercise="where_is" mistake="nothing-returned"
"""Your function returns None. `return` hands the answer to whoever called; `print` only shows it."""


def where_is(module, name):
    *path, last = name.split(".")
    for part in path:
        module = module._modules.get(part)
        if module is None:
            print("missing")
            return
    if last in module._parameters:
        print("parameter")
    elif last in module._buffers:
        print("buffer")
    elif last in module._modules:
        print("module")
    else:
        print("attribute" if hasattr(module, last) else "missing")


# %% exercise="where_is" right="recursion"
def where_is(module, name):
    first, dot, rest = name.partition(".")
    if dot:
        child = module._modules.get(first)
        return "missing" if child is None else where_is(child, rest)
    if first in module._parameters:
        return "parameter"
    if first in module._buffers:
        return "buffer"
    if first in module._modules:
        return "module"
    try:
        getattr(module, first)
    except AttributeError:
        return "missing"
    return "attribute"


# %% exercise="where_is" right="chain-of-tables"
from collections import ChainMap


def where_is(module, name):
    parts = name.split(".")
    while len(parts) > 1:
        try:
            module = module.__dict__["_modules"][parts.pop(0)]
        except KeyError:
            return "missing"
        if module is None:
            return "missing"
    kinds = ChainMap(
        dict.fromkeys(module._parameters, "parameter"),
        dict.fromkeys(module._buffers, "buffer"),
        dict.fromkeys(module._modules, "module"),
    )
    return kinds.get(parts[0]) or ("missing", "attribute")[hasattr(module, parts[0])]


# %% exercise="where_is" right="reduce"
from functools import reduce


def _child(module, part):
    return None if module is None else module._modules.get(part)


def where_is(module, name):
    path, _, last = name.rpartition(".")
    owner = reduce(_child, path.split(".") if path else [], module)
    if owner is None:
        return "missing"
    for kind in ("parameter", "buffer", "module"):
        if last in getattr(owner, f"_{kind}s").keys():
            return kind
    sentinel = object()
    return "attribute" if getattr(owner, last, sentinel) is not sentinel else "missing"


# %% exercise="where_is" right="exceptions"
class _Missing(Exception):
    pass


def _owner(module, parts):
    for part in parts:
        if part not in module._modules or module._modules[part] is None:
            raise _Missing
        module = module._modules[part]
    return module


def where_is(module, name):
    *parts, last = name.split(".")
    try:
        owner = _owner(module, parts)
    except _Missing:
        return "missing"
    found = [
        k
        for k, t in zip(["parameter", "buffer", "module"], [owner._parameters, owner._buffers, owner._modules])
        if last in t
    ]
    if found:
        return found[0]
    return "attribute" if hasattr(owner, last) else "missing"


# %% exercise="where_is" right="match"
def where_is(module, name):
    match name.split("."):
        case [last]:
            tables = vars(module)
            return next(
                (
                    kind
                    for kind, key in {"parameter": "_parameters", "buffer": "_buffers", "module": "_modules"}.items()
                    if last in tables[key]
                ),
                "attribute" if hasattr(module, last) else "missing",
            )
        case [first, *rest]:
            child = module._modules.get(first, None)
            if child is None:
                return "missing"
            return where_is(child, ".".join(rest))


# %% [markdown]
# # mini_module

# %% exercise="mini_module" mistake="derived-from-nn-module"
"""`nn.Module` does the bookkeeping here: your class derives from it, or borrows its methods. The point is to build this
from nothing: derive from no class, and write the methods yourself."""


class MiniModule(nn.Module):
    pass


# %% exercise="mini_module" mistake="plain-attribute-as-well"
"""You register, and then set an ordinary attribute all the same. What lies in `__dict__` is found first and hides what
is registered: stop after registering. (The lecture's sketch of `__setattr__` has this at its end.)"""


class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
            object.__setattr__(self, name, value)
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
            object.__setattr__(self, name, value)
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="plain-attribute-as-well"
class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            self._modules[name] = value
        object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        self._buffers[name] = tensor
        object.__setattr__(self, name, tensor)


# %% exercise="mini_module" mistake="endless-getattr"
"""Your `__getattr__` calls itself without end. Often it asks for `self._parameters`, which is not there yet, so Python
calls `__getattr__` again. Look into `self.__dict__` where the dict may be missing."""


class MiniModule:
    def __init__(self):
        self._parameters = {}
        self._buffers = {}
        self._modules = {}
        self.training = True

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self._parameters:
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self._modules:
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self._buffers:
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                return table[name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="endless-getattr"
class MiniModule:
    def __init__(self):
        self.training = True
        self._parameters, self._buffers, self._modules = {}, {}, {}

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            self._modules[name] = value
        elif name in self._parameters or name in self._modules:
            raise TypeError(name)
        else:
            super().__setattr__(name, value)

    def __getattr__(self, name):
        if name in self._parameters:
            return self._parameters[name]
        if name in self._buffers:
            return self._buffers[name]
        if name in self._modules:
            return self._modules[name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        self._buffers[name] = tensor


# %% exercise="mini_module" mistake="getattr-before-init"
"""On an object whose `__init__` has not run, reading a missing name ends in a RecursionError: your `__getattr__` asks
for `self._parameters`, and that is missing too. Look into `self.__dict__`, which is always there."""


class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                return table[name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="getattr-before-init"
class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if "_buffers" not in self.__dict__:
            raise AttributeError("call super().__init__() first")
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                return table[name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="one-table-for-all-objects"
"""Your dicts belong to the class, so all objects share them: a Parameter of one model shows up in every other. Make
new ones in `__init__`."""


class MiniModule:
    _parameters, _buffers, _modules = {}, {}, {}

    def __init__(self):
        self.__dict__.update(_parameters=self._parameters, _buffers=self._buffers, _modules=self._modules)
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="not-readable"
"""What you register can't be read again. It is not in `__dict__`, so Python asks `__getattr__`: that is the method
which has to look into your three dicts."""


class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="not-readable"
class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="not-readable"
class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters",):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="registered-twice"
"""When a name passes from a Parameter to a module, or the other way round, your old registration stays: the name
stands in two dicts. Take it out of the others before you put it into one."""


class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        self.__dict__.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="registered-twice"
class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="names-already-taken"
"""Names that lead somewhere already go wrong: what had the name stays beside the new value, and values that don't fit
are not refused. Take the name out of the other places, and raise a TypeError for the rest."""


class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            self._modules[name] = value
        else:
            object.__setattr__(self, name, value)

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no attribute {name}")

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        self._buffers[name] = tensor


# %% exercise="mini_module" mistake="names-already-taken"
class MiniModule:
    def __init__(self):
        self.__dict__["_parameters"] = {}
        self.__dict__["_buffers"] = {}
        self.__dict__["_modules"] = {}
        self.__dict__["training"] = True

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            self.__dict__["_parameters"][name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            self.__dict__["_modules"][name] = value
        else:
            super().__setattr__(name, value)

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__[table]:
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no attribute {name}")

    def __delattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            self.__dict__[table].pop(name, None)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        self._buffers[name] = tensor


# %% exercise="mini_module" mistake="buffer-stays"
"""When a Parameter or a module takes the name of a buffer, your buffer stays registered as well. A name may stand in
one dict only."""


class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="old-none-stays"
"""Where None stood behind a registered name, the old registration stays when something of another kind takes the name. The
name is then in two dicts: take it out of the others, whatever it leads to."""


class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        self.__dict__.pop(name, None)
        for table in (self._parameters, self._buffers, self._modules):
            if table.get(name) is not None:
                del table[name]

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="hidden-by-an-old-attribute"
"""A name that was an ordinary attribute before keeps its old value: it is still in `__dict__`, is found there first,
and hides what you registered. Take it out."""


class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="hidden-by-an-old-attribute"
class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._parameters.pop(name, None)
            self._buffers.pop(name, None)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="hidden-by-an-old-attribute"
class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._modules.pop(name, None)
            self._buffers.pop(name, None)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="replacement-refused"
"""You refuse a Parameter or a module where the name is taken already. Either may take any name, and what was there
before goes. (torch itself is stricter: it lets no module take a Parameter's name.)"""


class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            if name in self._parameters:
                raise TypeError(f"{name} is a parameter")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="replacement-refused"
class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            if name in self.__dict__:
                raise KeyError(f"{name} is taken")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            if name in self.__dict__:
                raise KeyError(f"{name} is taken")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="replacement-refused"
class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            if name in self._modules or name in self._buffers:
                raise TypeError(f"{name} is taken")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            if name in self._parameters or name in self._buffers:
                raise TypeError(f"{name} is taken")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="replacement-refused"
class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            if name in self._modules:
                raise TypeError(f"{name} is a module")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            if name in self._parameters:
                raise TypeError(f"{name} is a parameter")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="replacement-refused"
class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            if hasattr(self, name) and name not in self._parameters:
                raise KeyError(f"{name} is taken")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            if hasattr(self, name) and name not in self._modules:
                raise KeyError(f"{name} is taken")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="none-deletes"
"""None over a registered name takes the name away in your class. The name stays, with None behind it: so one can see
that something may stand there."""


class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            del self._parameters[name]
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            del self._modules[name]
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="none-deletes"
class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            del self._parameters[name]
            object.__setattr__(self, name, None)
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            del self._modules[name]
            object.__setattr__(self, name, None)
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="none-deletes"
class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            del self._parameters[name]
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            del self._modules[name]
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            if value is None:
                del self._buffers[name]
            else:
                self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="none-refused"
"""You refuse None over a registered name. None is the one other value that is allowed: the name stays, with nothing
behind it."""


class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            raise TypeError(f"{name} is a parameter")
        elif name in self.__dict__.get("_modules", {}):
            raise TypeError(f"{name} is a module")
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="none-refused"
class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="names-not-guarded"
"""A number or a plain tensor over the name of a Parameter or a module passes in your class, as an ordinary attribute
that hides it, or even into the dict. That must be a TypeError."""


class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="names-not-guarded"
class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="names-not-guarded"
class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            self._parameters[name] = value
        elif name in self.__dict__.get("_modules", {}):
            self._modules[name] = value
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="names-not-guarded"
class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif value is None and name in self.__dict__.get("_parameters", {}):
            self._parameters[name] = None
        elif value is None and name in self.__dict__.get("_modules", {}):
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="names-not-guarded"
class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif value is None and name in self.__dict__.get("_modules", {}):
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="names-not-guarded"
class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif value is None and name in self.__dict__.get("_parameters", {}):
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="names-not-guarded"
class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            del self._parameters[name]
            object.__setattr__(self, name, value)
        elif name in self.__dict__.get("_modules", {}):
            del self._modules[name]
            object.__setattr__(self, name, value)
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="any-value-over-none"
"""Where None stands behind a registered name, any value passes. The name is still that of a Parameter or a module: ask
whether the dict has the name, not whether it has a value."""


class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif self.__dict__.get("_parameters", {}).get(name) is not None:
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif self.__dict__.get("_modules", {}).get(name) is not None:
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="any-value-over-none"
class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif self.__dict__.get("_parameters", {}).get(name) is not None:
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif self.__dict__.get("_modules", {}).get(name) is not None:
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif self.__dict__.get("_buffers", {}).get(name) is not None:
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="none-frees-a-buffer"
"""A name with a buffer of None is open to everything in your class: a tensor becomes an ordinary attribute there. The name is
a buffer's still, so a tensor belongs into `_buffers`: ask whether the dict has the name, not whether it has a value."""


class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif self.__dict__.get("_buffers", {}).get(name) is not None or (value is None and name in self._buffers):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="function-over-a-module"
"""A function may take the name of a module in your class. Only a module or None may stand there; whatever else it is,
callable or not, is a TypeError."""


class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif not callable(value) and name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="name-not-told"
"""Your TypeError does not say which name it is about. In a class with thirty layers that is the first question."""


class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError("a Parameter or None expected")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError("a module or None expected")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError("a tensor or None expected")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="other-error-than-type"
"""You refuse a value that does not fit, but with another error than the TypeError that was asked for."""


class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise ValueError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise ValueError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise ValueError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="other-error-than-type"
class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise AttributeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise AttributeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise AttributeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="other-error-than-type"
class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise KeyError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise KeyError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="buffer-becomes-attribute"
"""A tensor assigned over a buffer becomes an ordinary attribute in your class: the dict keeps the old one, and
`__dict__` hides it. The new tensor has to take the buffer's place in `_buffers`."""


class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="buffer-becomes-attribute"
class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif value is None and name in self.__dict__.get("_buffers", {}):
            self._buffers[name] = None
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="buffer-becomes-attribute"
class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            del self._buffers[name]
            object.__setattr__(self, name, value)
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="buffer-takes-anything"
"""Over a buffer you accept whatever comes. Only a tensor or None may stand there; anything else is a TypeError."""


class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="buffer-takes-anything"
class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}) and (value is None or isinstance(value, torch.Tensor)):
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="no-word-about-init"
"""Before `__init__` ran, your assignment does raise an AttributeError, but its text doesn't say what was forgotten: the
word `init` has to be in it."""


class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="not-refused-before-init"
"""Before `__init__` ran, your class takes a Parameter or a module all the same, or fails with another error than the
AttributeError that was asked for. Look whether the dict is there before you use it."""


class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise RuntimeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise RuntimeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="not-refused-before-init"
class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                return object.__setattr__(self, name, value)
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                return object.__setattr__(self, name, value)
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="not-refused-before-init"
class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__[table]:
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="not-refused-before-init"
class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                return table[name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="only-parameters-guarded"
"""A Parameter that comes too early is told so, a module is not. Both are registered, so both need the dict to be
there."""


class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="only-parameters-guarded"
class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="attributes-refused-before-init"
"""Before `__init__` ran you refuse ordinary attributes too. Only a Parameter or a module needs the dicts: a number may
be set before `super().__init__()`, as in torch."""


class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if "_parameters" not in self.__dict__:
            raise AttributeError("call super().__init__() first")
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="attributes-refused-before-init"
class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__["_parameters"]:
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__["_modules"]:
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__["_buffers"]:
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="attributes-refused-before-init"
class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self._parameters:
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self._modules:
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self._buffers:
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="buffer-over-anything"
"""`register_buffer` takes any name in your class. Where the name leads to something else already, an attribute or a
method as well as a Parameter, the buffer would stay hidden: raise a KeyError."""


class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if name == "" or "." in name:
            raise KeyError(f"{name} is no name")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="buffer-over-anything"
class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="buffer-over-anything"
class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if name == "" or "." in name:
            raise KeyError(f"{name} is no name")
        self._forget(name)
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="buffer-over-attributes"
"""`register_buffer` looks for the name in the dicts only. It may also be taken by an ordinary attribute, a method or a
property: ask whether the object has anything of that name."""


class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if name == "" or "." in name or name in self._parameters or name in self._modules:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="buffer-over-attributes"
class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if name == "" or "." in name:
            raise KeyError(f"{name} is no name")
        if name in self._parameters or name in self._modules or name in self.__dict__:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="buffer-over-none"
"""`register_buffer` takes a name as free where None stands behind it. A Parameter or an attribute that is None has the
name all the same: ask whether there is anything of that name, not what it is."""


class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if getattr(self, name, None) is not None and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="buffer-over-registered"
"""`register_buffer` doesn't see that a Parameter or a module has the name already: it looks among the ordinary attributes
only. Whoever has the name, registered or not, it is a KeyError."""


class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if name == "" or "." in name or name in self.__dict__ or hasattr(type(self), name):
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="buffer-only-once"
"""`register_buffer` refuses a name that a buffer has already. A buffer may be registered again, with another
tensor."""


class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if name == "" or "." in name or hasattr(self, name):
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="buffer-needs-a-tensor"
"""`register_buffer` refuses None. A buffer of None keeps the name free for later, and torch allows it."""


class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="buffer-needs-a-tensor"
class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        if tensor is not None:
            self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="buffer-of-anything"
"""`register_buffer` takes numbers and lists in your class. As in torch, a buffer is a tensor, or None; anything else
is a TypeError."""


class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="other-error-than-key"
"""`register_buffer` refuses a taken name with another error than the KeyError that was asked for."""


class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise ValueError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="other-error-than-key"
class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise AttributeError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="other-error-than-key"
class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise TypeError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="any-name-for-a-buffer"
"""`register_buffer` takes what is no name: an empty text, one with a dot in it, or no text at all. torch refuses these,
because dots stand between the parts of a qualified name, and a state could not be loaded by such a name."""


class MiniModule:
    """The bookkeeping of nn.Module, and nothing else."""

    def __init__(self):
        for table in ("_parameters", "_buffers", "_modules"):
            object.__setattr__(self, table, {})
        object.__setattr__(self, "training", True)

    def __setattr__(self, name, value):
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

    def register_buffer(self, name, tensor):
        if name not in self._buffers and hasattr(self, name):
            raise KeyError(f"attribute {name!r} already exists")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"cannot register {type(tensor).__name__} as buffer {name!r}")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        if (table := self._table_of(name)) is not None:
            return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def __delattr__(self, name):
        if (table := self._table_of(name)) is not None:
            del self.__dict__[table][name]
        else:
            object.__delattr__(self, name)


# %% exercise="mini_module" mistake="not-deletable"
"""`del` does not take a registered name away. Python's own `__delattr__` knows `__dict__` only: yours has to look into
the three dicts first, and hand on just the names that none of them has."""


class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")


# %% exercise="mini_module" mistake="not-deletable"
class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="not-deletable"
class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                table[name] = None
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="only-registered-deletable"
"""`del` works for registered names only in your class. An ordinary attribute has to be deletable as before: hand it on
to Python's own `__delattr__`."""


class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        raise AttributeError(f"{type(self).__name__} has no {name}")


# %% exercise="mini_module" mistake="only-registered-deletable"
class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        delattr(self, name)


# %% exercise="mini_module" mistake="missing-is-none"
"""A name that is not there reads as None in your class, or raises another error. Python's own `hasattr` and `getattr`
with a default rely on an AttributeError."""


class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        return None

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="missing-is-none"
class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise KeyError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="missing-is-none"
class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        return self.__dict__["_modules"][name]

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="missing-name-unclear"
"""Your AttributeError for a missing name does not say both things: the class of the object, the derived one, and the
name that was asked for."""


class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(name)

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="missing-name-unclear"
class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"MiniModule has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="none-not-readable"
"""A name with None behind it can't be read in your class. It is registered, so reading it gives None: ask whether the
dict has the name, not whether it has a value."""


class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if self.__dict__.get(table, {}).get(name) is not None:
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="none-not-readable"
class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            found = self.__dict__.get(table, {})
            if name in found and (found[name] is not None or table != "_buffers"):
                return found[name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="mini-is-no-module"
"""Only an `nn.Module` counts as a module for you. A MiniModule in a MiniModule has to go to `_modules` as well, or a
model of several blocks falls apart."""


class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, nn.Module):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="nn-is-no-module"
"""Only a MiniModule counts as a module for you. torch's own layers, every `nn.Module`, have to go to `_modules` as
well."""


class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, MiniModule):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="every-tensor-registers"
"""You register plain tensors as well. Only an `nn.Parameter` is a Parameter, and a buffer has to be registered as one:
any other tensor is an ordinary attribute."""


class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if (
            isinstance(value, torch.Tensor)
            and name not in self.__dict__.get("_buffers", {})
            or isinstance(value, nn.Parameter)
        ):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="every-tensor-registers"
class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        elif isinstance(value, torch.Tensor):
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="every-tensor-registers"
class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, torch.Tensor):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="every-tensor-registers"
class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, torch.Tensor) and value.requires_grad:
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="frozen-is-no-parameter"
"""You take `requires_grad` for the sign of a Parameter. A frozen Parameter is one too, and a plain tensor that
requires a gradient is none: the class decides."""


class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter) and value.requires_grad:
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="no-training"
"""`training` is missing, or does not start as True. Every module starts in training mode."""


class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="no-training"
class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", False)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="properties-bypassed"
"""A property's setter is not called when somebody assigns to it. Often ordinary attributes are put into `__dict__`:
hand them on to Python's own `__setattr__`."""


class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            self.__dict__[name] = value

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="endless-setattr"
"""Your `__setattr__` calls itself without end. Often an attribute is assigned the ordinary way inside it. Go round it
with `object.__setattr__` or `super().__setattr__`."""


class MiniModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_buffers", {})
        object.__setattr__(self, "_modules", {})
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            setattr(self, name, value)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" mistake="endless-setattr"
class MiniModule:
    def __init__(self):
        self._parameters = {}
        self._buffers = {}
        self._modules = {}
        self.training = True

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._modules[name] = value
        elif name in self.__dict__.get("_parameters", {}):
            if value is not None:
                raise TypeError(f"{name} is a parameter")
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError(f"{name} is a module")
            self._modules[name] = None
        elif name in self.__dict__.get("_buffers", {}):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            self.name = value

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name} must be a tensor")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" right="table-of-kinds"
class MiniModule:
    _TABLES = ("_parameters", "_modules", "_buffers")

    def __init__(self):
        vars(self).update({table: {} for table in self._TABLES}, training=True)

    def _table_with(self, name):
        return next((vars(self)[t] for t in self._TABLES if name in vars(self).get(t, ())), None)

    @staticmethod
    def _table_for(value):
        if isinstance(value, nn.Parameter):
            return "_parameters"
        return "_modules" if isinstance(value, (nn.Module, MiniModule)) else None

    def __setattr__(self, name, value):
        wanted, current = self._table_for(value), self._table_with(name)
        if wanted:
            if wanted not in vars(self):
                raise AttributeError(f"{name!r} assigned before MiniModule.__init__()")
            if current is not vars(self)[wanted]:
                (vars(self) if current is None else current).pop(name, None)
            vars(self)[wanted][name] = value
        elif current is None:
            super().__setattr__(name, value)
        elif value is None or (current is vars(self)["_buffers"] and isinstance(value, torch.Tensor)):
            current[name] = value
        else:
            raise TypeError(f"{name!r} cannot become a {type(value).__name__}")

    def __getattr__(self, name):
        table = self._table_with(name)
        if table is None:
            raise AttributeError(name + " not found in " + type(self).__name__)
        return table[name]

    def __delattr__(self, name):
        table = self._table_with(name)
        if table is not None:
            table.pop(name)
        else:
            super().__delattr__(name)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if not isinstance(name, str):
            raise TypeError(name)
        if name.split(".") != [name] or not name:
            raise KeyError(name)
        if self._table_with(name) is not self._buffers:
            try:
                getattr(self, name)
            except AttributeError:
                pass
            else:
                raise KeyError(name)
        if not (tensor is None or torch.is_tensor(tensor)):
            raise TypeError(type(tensor))
        vars(self)["_buffers"][name] = tensor


# %% exercise="mini_module" right="as-torch-writes-it"
from collections import OrderedDict


class MiniModule(object):
    training: bool

    def __init__(self):
        super().__setattr__("training", True)
        super().__setattr__("_parameters", OrderedDict())
        super().__setattr__("_buffers", OrderedDict())
        super().__setattr__("_modules", OrderedDict())

    def __setattr__(self, name, value):
        def remove_from(*dicts):
            for d in dicts:
                if name in d:
                    del d[name]

        params = self.__dict__.get("_parameters")
        modules = self.__dict__.get("_modules")
        buffers = self.__dict__.get("_buffers")
        if isinstance(value, nn.Parameter):
            if params is None:
                raise AttributeError("cannot assign parameters before Module.__init__() call")
            remove_from(self.__dict__, buffers, modules)
            params[name] = value
        elif params is not None and name in params:
            if value is not None and not isinstance(value, (nn.Module, MiniModule)):
                raise TypeError(f"cannot assign '{torch.typename(value)}' as parameter '{name}'")
            if value is None:
                params[name] = None
            else:
                remove_from(params)
                modules[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if modules is None:
                raise AttributeError("cannot assign module before Module.__init__() call")
            remove_from(self.__dict__, params, buffers)
            modules[name] = value
        elif modules is not None and name in modules:
            if value is not None:
                raise TypeError(f"cannot assign '{torch.typename(value)}' as child module '{name}'")
            modules[name] = value
        elif buffers is not None and name in buffers:
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"cannot assign '{torch.typename(value)}' as buffer '{name}'")
            buffers[name] = value
        else:
            super().__setattr__(name, value)

    def register_buffer(self, name, tensor, persistent=True):
        if "." in name or not name:
            raise KeyError(name)
        if "_buffers" not in self.__dict__:
            raise AttributeError("cannot assign buffer before Module.__init__() call")
        if "." in name or name == "" or (hasattr(self, name) and name not in self._buffers):
            raise KeyError(f"attribute '{name}' already exists, or is no name")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"cannot assign '{torch.typename(tensor)}' object to buffer '{name}'")
        self._buffers[name] = tensor

    def __getattr__(self, name):
        for table in ["_parameters", "_buffers", "_modules"]:
            if table in self.__dict__ and name in self.__dict__[table]:
                return self.__dict__[table][name]
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                break
        else:
            super().__delattr__(name)


# %% exercise="mini_module" right="getattribute"
_missing = object()


class MiniModule:
    def __init__(self):
        d = self.__dict__
        d["_parameters"], d["_buffers"], d["_modules"], d["training"] = {}, {}, {}, True

    def __getattribute__(self, name):
        own = object.__getattribute__(self, "__dict__")
        if name not in ("__dict__", "__class__"):
            for key in ("_parameters", "_buffers", "_modules"):
                value = own.get(key, {}).get(name, _missing)
                if value is not _missing:
                    return value
        try:
            return object.__getattribute__(self, name)
        except AttributeError:
            raise AttributeError(f"no {name} in a {object.__getattribute__(self, '__class__').__name__}") from None

    def __setattr__(self, name, value):
        own = self.__dict__
        is_parameter = isinstance(value, nn.Parameter)
        if is_parameter or isinstance(value, nn.Module) or isinstance(value, MiniModule):
            try:
                target = own["_parameters" if is_parameter else "_modules"]
            except KeyError:
                raise AttributeError("__init__ has not run") from None
            for table in (own["_parameters"], own["_buffers"], own["_modules"], own):
                if table is not target:
                    table.pop(name, None)
            target[name] = value
            return
        for key in ("_parameters", "_modules", "_buffers"):
            if name in own.get(key, ()):
                if value is not None and not (key == "_buffers" and isinstance(value, torch.Tensor)):
                    raise TypeError(f"{name}: {key[1:-1]} or None expected, not {value!r}")
                own[key][name] = value
                return
        object.__setattr__(self, name, value)

    def __delattr__(self, name):
        for key in ("_parameters", "_buffers", "_modules"):
            if self.__dict__.get(key, {}).pop(name, _missing) is not _missing:
                return
        return object.__delattr__(self, name)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        proper = len(name) > 0 and name.count(".") == 0 if isinstance(name, str) else None
        if proper is None:
            raise TypeError("a name is a str")
        if proper and (name in self._buffers or not hasattr(self, name)):
            if isinstance(tensor, (torch.Tensor, type(None))):
                self._buffers[name] = tensor
                return
            raise TypeError(f"{name} needs a tensor")
        raise KeyError(f"{name} is in use")


# %% exercise="mini_module" right="new-sets-up-nothing"
class _Registry:
    """What MiniModule and nn.Module have in common, for isinstance."""


class MiniModule(_Registry):
    def __init__(self):
        self._parameters = dict()
        self._buffers = dict()
        self._modules = dict()
        self.training = True

    @property
    def _tables(self):
        return [self.__dict__[key] for key in ("_parameters", "_buffers", "_modules") if key in self.__dict__]

    def __setattr__(self, name, value):
        match value:
            case nn.Parameter():
                return self._claim("_parameters", name, value)
            case nn.Module() | _Registry():
                return self._claim("_modules", name, value)
        holders = [table for table in self._tables if name in table]
        if not holders:
            return super().__setattr__(name, value)
        (table,) = holders
        fits = value is None or (table is self._buffers and isinstance(value, torch.Tensor))
        if not fits:
            raise TypeError(f"a {type(value).__name__} in the place of {name}")
        table[name] = value

    def _claim(self, key, name, value):
        if len(self._tables) < 3:
            raise AttributeError("MiniModule.__init__() must come first")
        for table in [self.__dict__, *self._tables]:
            table.pop(name, None)
        self.__dict__[key][name] = value

    def __getattr__(self, name):
        for table in self._tables:
            if name in table:
                return table[name]
        raise AttributeError(f"{self.__class__.__name__!r} lacks {name!r}")

    def __delattr__(self, name):
        if any(name in table for table in self._tables):
            for table in self._tables:
                table.pop(name, None)
        else:
            super().__delattr__(name)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        taken = hasattr(self, name) and name not in self._buffers
        if taken or not name or "." in name:
            raise KeyError(name)
        elif tensor is None or isinstance(tensor, torch.Tensor):
            self._buffers[name] = tensor
        else:
            raise TypeError(f"{tensor!r} is no tensor")


# %% exercise="mini_module" right="mixin-and-metaclass"
class _Meta(type):
    def __instancecheck__(cls, instance):
        return super().__instancecheck__(instance)


class _Storage:
    """One dict of its own for each kind."""

    def __init__(self):
        for kind in ("parameters", "buffers", "modules"):
            self.__dict__["_" + kind] = {}
        self.__dict__["training"] = True


class MiniModule(_Storage, metaclass=_Meta):
    def __setattr__(self, name, value):
        d = self.__dict__
        ready = "_modules" in d
        if isinstance(value, (nn.Parameter, nn.Module, MiniModule)):
            if not ready:
                raise AttributeError("please call __init__ before assigning " + name)
            d.pop(name, None)
            target = d["_parameters"] if isinstance(value, nn.Parameter) else d["_modules"]
            for table in (d["_parameters"], d["_buffers"], d["_modules"]):
                if table is not target and name in table:
                    del table[name]
            target[name] = value
        elif ready and (name in d["_parameters"] or name in d["_modules"]):
            if value is not None:
                raise TypeError("wrong type for " + name)
            d["_parameters" if name in d["_parameters"] else "_modules"][name] = None
        elif ready and name in d["_buffers"]:
            d["_buffers"][name] = self._checked(name, value)
        else:
            super().__setattr__(name, value)

    def _checked(self, name, tensor):
        if tensor is None or isinstance(tensor, torch.Tensor):
            return tensor
        raise TypeError(name)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if "_buffers" not in self.__dict__:
            raise AttributeError("too early")
        if not isinstance(name, str):
            raise TypeError(name)
        if not name or name.partition(".")[1]:
            raise KeyError(name)
        if name not in self.__dict__["_buffers"]:
            missing = object()
            if getattr(self, name, missing) is not missing:
                raise KeyError(name)
        self.__dict__["_buffers"].update({name: self._checked(name, tensor)})

    def __getattr__(self, name):
        d = object.__getattribute__(self, "__dict__")
        for kind in ("_parameters", "_buffers", "_modules"):
            try:
                return d[kind][name]
            except KeyError:
                continue
        raise AttributeError("%s.%s" % (type(self).__qualname__.split(".")[-1], name))

    def __delattr__(self, name):
        d = self.__dict__
        for kind in ("_parameters", "_buffers", "_modules"):
            if name in d.get(kind, {}):
                return d[kind].__delitem__(name)
        super().__delattr__(name)


# %% [markdown]
# # iter_named_parameters

# %% exercise="iter_named_parameters" mistake="torch-does-it"
"""One of torch's own traversals does the work here: `named_parameters`, `named_modules`, `parameters` or the like. The
point is to write one: read `_parameters` and `_modules`, and go down yourself."""


def iter_named_parameters(module, prefix="", recurse=True):
    yield from module.named_parameters(prefix=prefix, recurse=recurse)


# %% exercise="iter_named_parameters" mistake="asked-children"
"""You ask `children()` or `named_children()` for the way down. They are torch's own traversals too, if small ones;
here you were to read `_modules` itself, and leave out what is None."""


def iter_named_parameters(module, prefix="", recurse=True, seen=None):
    seen = set() if seen is None else seen
    for name, parameter in module._parameters.items():
        if parameter is not None and parameter not in seen:
            seen.add(parameter)
            yield f"{prefix}.{name}" if prefix else name, parameter
    if recurse:
        for name, child in module.named_children():
            yield from iter_named_parameters(child, f"{prefix}.{name}" if prefix else name, True, seen)


# %% exercise="iter_named_parameters" mistake="shared-parameter-twice"
"""A Parameter that two modules share comes twice from you, once under each name. Keep the Parameters that you have
seen, for the whole walk, and let each through once."""


def iter_named_parameters(module, prefix="", recurse=True):
    for name, parameter in module._parameters.items():
        if parameter is not None:
            yield f"{prefix}.{name}" if prefix else name, parameter
    if recurse:
        for name, child in module._modules.items():
            if child is not None:
                yield from iter_named_parameters(child, f"{prefix}.{name}" if prefix else name)


# %% exercise="iter_named_parameters" mistake="shared-modules-only"
"""You remember the modules that you have seen, but not the Parameters. Two different layers may share one Parameter,
as in weight tying."""


def iter_named_parameters(module, prefix="", recurse=True):
    seen = set()

    def walk(owner, path):
        if owner in seen:
            return
        seen.add(owner)
        for name, parameter in owner._parameters.items():
            if parameter is not None:
                yield path + name, parameter
        if recurse:
            for name, child in owner._modules.items():
                if child is not None:
                    yield from walk(child, path + name + ".")

    yield from walk(module, prefix + "." if prefix else "")


# %% exercise="iter_named_parameters" mistake="memory-per-level"
"""Every call of your function starts with an empty memory, so each level remembers only what it saw itself. What was
seen must be shared by the whole walk."""


def iter_named_parameters(module, prefix="", recurse=True):
    seen = set()
    for name, parameter in module._parameters.items():
        if parameter is not None and parameter not in seen:
            seen.add(parameter)
            yield f"{prefix}.{name}" if prefix else name, parameter
    if recurse:
        for name, child in module._modules.items():
            if child is not None:
                yield from iter_named_parameters(child, f"{prefix}.{name}" if prefix else name)


# %% exercise="iter_named_parameters" mistake="last-name-wins"
"""A shared Parameter comes under its last name. You may not overwrite the name that it got first."""


def iter_named_parameters(module, prefix="", recurse=True):
    names = {}

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None:
                names[parameter] = path + name
        if recurse:
            for name, child in owner._modules.items():
                if child is not None:
                    walk(child, path + name + ".")

    walk(module, prefix + "." if prefix else "")
    return [(name, parameter) for parameter, name in names.items()]


# %% exercise="iter_named_parameters" mistake="memory-for-ever"
"""What was seen in one call is left out in the next. Often the memory is a default of a parameter, or stands outside
the function: it is made once then. Make a new one for each call from outside."""


def iter_named_parameters(module, prefix="", recurse=True, seen=set()):
    for name, parameter in module._parameters.items():
        if parameter is not None and parameter not in seen:
            seen.add(parameter)
            yield f"{prefix}.{name}" if prefix else name, parameter
    if recurse:
        for name, child in module._modules.items():
            if child is not None:
                yield from iter_named_parameters(child, f"{prefix}.{name}" if prefix else name, True, seen)


# %% exercise="iter_named_parameters" mistake="numbers-compared"
"""You compare tensors where you mean objects. `in` on a list, `==` and `if parameter` all look at the numbers inside;
a `set`, or `is`, looks at which object it is."""


def iter_named_parameters(module, prefix="", recurse=True):
    seen = []

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None and parameter not in seen:
                seen.append(parameter)
                yield path + name, parameter
        if recurse:
            for name, child in owner._modules.items():
                if child is not None:
                    yield from walk(child, path + name + ".")

    yield from walk(module, prefix + "." if prefix else "")


# %% exercise="iter_named_parameters" mistake="numbers-compared"
def iter_named_parameters(module, prefix="", recurse=True):
    seen = set()

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter and parameter not in seen:
                seen.add(parameter)
                yield path + name, parameter
        if recurse:
            for name, child in owner._modules.items():
                if child:
                    yield from walk(child, path + name + ".")

    yield from walk(module, prefix + "." if prefix else "")


# %% exercise="iter_named_parameters" mistake="numbers-compared"
def iter_named_parameters(module, prefix="", recurse=True):
    found = []

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter != None and parameter not in [p for _, p in found]:
                found.append((path + name, parameter))
        if recurse:
            for name, child in owner._modules.items():
                if child is not None:
                    walk(child, path + name + ".")

    walk(module, prefix + "." if prefix else "")
    return found


# %% exercise="iter_named_parameters" mistake="alike-is-not-the-same"
"""You take two Parameters for one because they hold equal numbers, or lie on the same memory. Only the very same
Parameter object counts once."""


def iter_named_parameters(module, prefix="", recurse=True):
    seen = set()

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None and parameter.data_ptr() not in seen:
                seen.add(parameter.data_ptr())
                yield path + name, parameter
        if recurse:
            for name, child in owner._modules.items():
                if child is not None:
                    yield from walk(child, path + name + ".")

    yield from walk(module, prefix + "." if prefix else "")


# %% exercise="iter_named_parameters" mistake="alike-is-not-the-same"
def iter_named_parameters(module, prefix="", recurse=True):
    seen = []

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is None or any(p.shape == parameter.shape and torch.equal(p, parameter) for p in seen):
                continue
            seen.append(parameter)
            yield path + name, parameter
        if recurse:
            for name, child in owner._modules.items():
                if child is not None:
                    yield from walk(child, path + name + ".")

    yield from walk(module, prefix + "." if prefix else "")


# %% exercise="iter_named_parameters" mistake="none-parameter"
"""You yield names that have None behind them. A Linear without bias has the key `bias` in its `_parameters`, and no
Parameter."""


def iter_named_parameters(module, prefix="", recurse=True):
    seen = set()

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter not in seen:
                seen.add(parameter)
                yield path + name, parameter
        if recurse:
            for name, child in owner._modules.items():
                if child is not None:
                    yield from walk(child, path + name + ".")

    yield from walk(module, prefix + "." if prefix else "")


# %% exercise="iter_named_parameters" mistake="none-parameter"
def iter_named_parameters(module, prefix="", recurse=True):
    seen = set()

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is None or parameter not in seen:
                seen.add(parameter)
                yield path + name, parameter
        if recurse:
            for name, child in owner._modules.items():
                if child is not None:
                    yield from walk(child, path + name + ".")

    yield from walk(module, prefix + "." if prefix else "")


# %% exercise="iter_named_parameters" mistake="none-child"
"""You go down into a child that is None. `_modules` keeps the name of a child that was switched off, with None behind
it."""


def iter_named_parameters(module, prefix="", recurse=True):
    seen = set()

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None and parameter not in seen:
                seen.add(parameter)
                yield path + name, parameter
        if recurse:
            for name, child in owner._modules.items():
                yield from walk(child, path + name + ".")

    yield from walk(module, prefix + "." if prefix else "")


# %% exercise="iter_named_parameters" mistake="empty-is-false"
"""A container without children has length 0, and so counts as false: you pass it by, with the Parameters of its own. Ask
whether a child `is None`, not whether it is true."""


def iter_named_parameters(module, prefix="", recurse=True):
    seen = set()

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None and parameter not in seen:
                seen.add(parameter)
                yield path + name, parameter
        if recurse:
            for name, child in owner._modules.items():
                if child:
                    yield from walk(child, path + name + ".")

    yield from walk(module, prefix + "." if prefix else "")


# %% exercise="iter_named_parameters" mistake="empty-parameter-left-out"
"""You leave out a Parameter because it has no numbers in it. It is registered, so torch lists it: only None is skipped."""


def iter_named_parameters(module, prefix="", recurse=True):
    seen = set()

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None and parameter.numel() and parameter not in seen:
                seen.add(parameter)
                yield path + name, parameter
        if recurse:
            for name, child in owner._modules.items():
                if child is not None:
                    yield from walk(child, path + name + ".")

    yield from walk(module, prefix + "." if prefix else "")


# %% exercise="iter_named_parameters" mistake="breadth-first"
"""You go level by level. torch goes depth first: a child, everything below it, and only then the next child."""


def iter_named_parameters(module, prefix="", recurse=True):
    seen, queue = set(), [(prefix + "." if prefix else "", module)]
    while queue:
        path, owner = queue.pop(0)
        for name, parameter in owner._parameters.items():
            if parameter is not None and parameter not in seen:
                seen.add(parameter)
                yield path + name, parameter
        if recurse:
            queue += [(path + name + ".", child) for name, child in owner._modules.items() if child is not None]


# %% exercise="iter_named_parameters" mistake="last-child-first"
"""The last child comes first. Often a stack hands it out in this order: put the children on it in reverse, so that the
first comes off first."""


def iter_named_parameters(module, prefix="", recurse=True):
    seen, stack = set(), [(prefix + "." if prefix else "", module)]
    while stack:
        path, owner = stack.pop()
        for name, parameter in owner._parameters.items():
            if parameter is not None and parameter not in seen:
                seen.add(parameter)
                yield path + name, parameter
        if recurse:
            stack += [(path + name + ".", child) for name, child in owner._modules.items() if child is not None]


# %% exercise="iter_named_parameters" mistake="children-first"
"""You go down to the children before you yield the module's own Parameters. The own ones come first, also when they
were assigned later."""


def iter_named_parameters(module, prefix="", recurse=True):
    seen = set()

    def walk(owner, path):
        if recurse:
            for name, child in owner._modules.items():
                if child is not None:
                    yield from walk(child, path + name + ".")
        for name, parameter in owner._parameters.items():
            if parameter is not None and parameter not in seen:
                seen.add(parameter)
                yield path + name, parameter

    yield from walk(module, prefix + "." if prefix else "")


# %% exercise="iter_named_parameters" mistake="direct-children-only"
"""You look at the module and its direct children, and stop there. Go on from each child in the same way."""


def iter_named_parameters(module, prefix="", recurse=True):
    seen = set()
    dot = prefix + "." if prefix else ""
    for name, parameter in module._parameters.items():
        if parameter is not None and parameter not in seen:
            seen.add(parameter)
            yield dot + name, parameter
    if recurse:
        for name, child in module._modules.items():
            if child is not None:
                for key, parameter in child._parameters.items():
                    if parameter is not None and parameter not in seen:
                        seen.add(parameter)
                        yield f"{dot}{name}.{key}", parameter


# %% exercise="iter_named_parameters" mistake="nothing-from-the-children"
"""The children's Parameters are missing. Often a function calls itself for them, and drops what comes back: a generator
that nobody loops over does nothing. Use `yield from`, or add to your list."""


def iter_named_parameters(module, prefix="", recurse=True):
    for name, parameter in module._parameters.items():
        if parameter is not None:
            yield f"{prefix}.{name}" if prefix else name, parameter
    if recurse:
        for name, child in module._modules.items():
            if child is not None:
                iter_named_parameters(child, f"{prefix}.{name}" if prefix else name)


# %% exercise="iter_named_parameters" mistake="nothing-from-the-children"
def iter_named_parameters(module, prefix="", recurse=True):
    found = {}
    for name, parameter in module._parameters.items():
        if parameter is not None:
            found.setdefault(parameter, f"{prefix}.{name}" if prefix else name)
    if recurse:
        for name, child in module._modules.items():
            if child is not None:
                iter_named_parameters(child, f"{prefix}.{name}" if prefix else name)
    return [(name, parameter) for parameter, name in found.items()]


# %% exercise="iter_named_parameters" mistake="dot-in-front"
"""Your names begin with a dot. There is a dot between two names, so where there is no name yet there is no dot."""


def iter_named_parameters(module, prefix="", recurse=True):
    seen = set()

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None and parameter not in seen:
                seen.add(parameter)
                yield path + "." + name, parameter
        if recurse:
            for name, child in owner._modules.items():
                if child is not None:
                    yield from walk(child, path + "." + name)

    yield from walk(module, prefix)


# %% exercise="iter_named_parameters" mistake="dot-in-front"
def iter_named_parameters(module, prefix="", recurse=True):
    seen = set()

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None and parameter not in seen:
                seen.add(parameter)
                yield f"{path}.{name}", parameter
        if recurse:
            for name, child in owner._modules.items():
                if child is not None:
                    yield from walk(child, f"{path}.{name}" if path else name)

    yield from walk(module, prefix)


# %% exercise="iter_named_parameters" mistake="bare-names"
"""The names come without the way to them: `weight` instead of `0.weight`. Hand the path so far down to the
children."""


def iter_named_parameters(module, prefix="", recurse=True):
    seen = set()

    def walk(owner):
        for name, parameter in owner._parameters.items():
            if parameter is not None and parameter not in seen:
                seen.add(parameter)
                yield f"{prefix}.{name}" if prefix else name, parameter
        if recurse:
            for child in owner._modules.values():
                if child is not None:
                    yield from walk(child)

    yield from walk(module)


# %% exercise="iter_named_parameters" mistake="path-of-one"
"""Your names know only the last module on the way. From `block.0.weight` you make `0.weight`: put each name behind the
whole path so far."""


def iter_named_parameters(module, prefix="", recurse=True):
    seen = set()

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None and parameter not in seen:
                seen.add(parameter)
                yield f"{path}.{name}" if path else name, parameter
        if recurse:
            for name, child in owner._modules.items():
                if child is not None:
                    yield from walk(child, name)

    yield from walk(module, prefix)


# %% exercise="iter_named_parameters" mistake="prefix-ignored"
"""You take a `prefix` and do nothing with it. Every name has to begin with it."""


def iter_named_parameters(module, prefix="", recurse=True):
    seen = set()

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None and parameter not in seen:
                seen.add(parameter)
                yield path + name, parameter
        if recurse:
            for name, child in owner._modules.items():
                if child is not None:
                    yield from walk(child, path + name + ".")

    yield from walk(module, "")


# %% exercise="iter_named_parameters" mistake="prefix-without-dot"
"""Between the prefix and the first name there is no dot in your names. The prefix is a name, as those of modules
are."""


def iter_named_parameters(module, prefix="", recurse=True):
    seen = set()

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None and parameter not in seen:
                seen.add(parameter)
                yield path + name, parameter
        if recurse:
            for name, child in owner._modules.items():
                if child is not None:
                    yield from walk(child, path + name + ".")

    yield from walk(module, prefix)


# %% exercise="iter_named_parameters" mistake="recurse-ignored"
"""With `recurse=False` you still go down to the children. Then only the module's own Parameters may come."""


def iter_named_parameters(module, prefix="", recurse=True):
    seen = set()

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None and parameter not in seen:
                seen.add(parameter)
                yield path + name, parameter
        for name, child in owner._modules.items():
            if child is not None:
                yield from walk(child, path + name + ".")

    yield from walk(module, prefix + "." if prefix else "")


# %% exercise="iter_named_parameters" mistake="recurse-ignored"
def iter_named_parameters(module, prefix="", recurse=True):
    seen = set()

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None and parameter not in seen:
                seen.add(parameter)
                yield path + name, parameter
        if recurse or owner is module:
            for name, child in owner._modules.items():
                if child is not None:
                    yield from walk(child, path + name + ".")

    yield from walk(module, prefix + "." if prefix else "")


# %% exercise="iter_named_parameters" mistake="recurse-off"
"""Without being told you don't go down to the children: your `recurse` is False by default. It has to be True."""


def iter_named_parameters(module, prefix="", recurse=False):
    seen = set()

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None and parameter not in seen:
                seen.add(parameter)
                yield path + name, parameter
        if recurse:
            for name, child in owner._modules.items():
                if child is not None:
                    yield from walk(child, path + name + ".")

    yield from walk(module, prefix + "." if prefix else "")


# %% exercise="iter_named_parameters" mistake="sorted-by-name"
"""You sort by name. The order is that of registration: what was assigned first comes first."""


def iter_named_parameters(module, prefix="", recurse=True):
    found = {}

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None:
                found.setdefault(parameter, path + name)
        if recurse:
            for name, child in owner._modules.items():
                if child is not None:
                    walk(child, path + name + ".")

    walk(module, prefix + "." if prefix else "")
    return sorted(((name, parameter) for parameter, name in found.items()), key=lambda pair: pair[0])


# %% exercise="iter_named_parameters" mistake="pair-turned-round"
"""Your pairs are the wrong way round: first the name, then the Parameter."""


def iter_named_parameters(module, prefix="", recurse=True):
    names = {}

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None:
                names.setdefault(parameter, path + name)
        if recurse:
            for name, child in owner._modules.items():
                if child is not None:
                    walk(child, path + name + ".")

    walk(module, prefix + "." if prefix else "")
    return names.items()


# %% exercise="iter_named_parameters" mistake="nothing-returned"
"""Your function returns None. Return the pairs, in a list say, or yield them one by one."""


def iter_named_parameters(module, prefix="", recurse=True):
    found = []

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None and not any(parameter is p for _, p in found):
                found.append((path + name, parameter))
        if recurse:
            for name, child in owner._modules.items():
                if child is not None:
                    walk(child, path + name + ".")

    walk(module, prefix + "." if prefix else "")


# %% exercise="iter_named_parameters" mistake="own-without-prefix"
"""The module's own Parameters come without the prefix; only the children's have it. They all need it."""


def iter_named_parameters(module, prefix="", recurse=True):
    seen = set()
    for name, parameter in module._parameters.items():
        if parameter is not None and parameter not in seen:
            seen.add(parameter)
            yield name, parameter

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None and parameter not in seen:
                seen.add(parameter)
                yield path + name, parameter
        for name, child in owner._modules.items():
            if child is not None:
                yield from walk(child, path + name + ".")

    if recurse:
        yield from walk(module, prefix + "." if prefix else "")


# %% exercise="iter_named_parameters" mistake="prefix-lost-below"
"""Only the module's own Parameters have the prefix; on the way down to the children it is lost. They all need it."""


def iter_named_parameters(module, prefix="", recurse=True):
    seen = set()

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None and parameter not in seen:
                seen.add(parameter)
                yield path + name, parameter
        if recurse:
            for name, child in owner._modules.items():
                if child is not None:
                    yield from walk(child, ("" if owner is module else path) + name + ".")

    yield from walk(module, prefix + "." if prefix else "")


# %% exercise="iter_named_parameters" mistake="prefix-lost-below"
def iter_named_parameters(module, prefix="", recurse=True):
    seen = set()

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None and parameter not in seen:
                seen.add(parameter)
                yield path + name, parameter
        if recurse:
            for name, child in owner._modules.items():
                if child is not None:
                    yield from walk(child, name + "." if path == start else path + name + ".")

    start = prefix + "." if prefix else ""
    yield from walk(module, start)


# %% exercise="iter_named_parameters" mistake="no-pairs"
"""What comes from you is no pair of a name and a Parameter. A dict yields its keys when it is looped over; you want
its items."""


def iter_named_parameters(module, prefix="", recurse=True):
    found = {}

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None and all(parameter is not p for p in found.values()):
                found[path + name] = parameter
        if recurse:
            for name, child in owner._modules.items():
                if child is not None:
                    walk(child, path + name + ".")

    walk(module, prefix + "." if prefix else "")
    return found


# %% exercise="iter_named_parameters" mistake="no-parameters"
"""With your names comes another object than the model's own Parameter: a copy, or its `.data`. Whoever wants to train
it needs the very object."""


def iter_named_parameters(module, prefix="", recurse=True):
    seen = set()

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None and parameter not in seen:
                seen.add(parameter)
                yield path + name, parameter.data
        if recurse:
            for name, child in owner._modules.items():
                if child is not None:
                    yield from walk(child, path + name + ".")

    yield from walk(module, prefix + "." if prefix else "")


# %% exercise="iter_named_parameters" mistake="buffers-too"
"""You yield buffers as well. They are state, but no Parameters: an optimizer must never get them."""


def iter_named_parameters(module, prefix="", recurse=True):
    seen = set()

    def walk(owner, path):
        for name, parameter in {**owner._parameters, **owner._buffers}.items():
            if parameter is not None and parameter not in seen:
                seen.add(parameter)
                yield path + name, parameter
        if recurse:
            for name, child in owner._modules.items():
                if child is not None:
                    yield from walk(child, path + name + ".")

    yield from walk(module, prefix + "." if prefix else "")


# %% exercise="iter_named_parameters" mistake="frozen-left-out"
"""You leave out frozen Parameters. They are Parameters all the same, and torch lists them."""


def iter_named_parameters(module, prefix="", recurse=True):
    seen = set()

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None and parameter.requires_grad and parameter not in seen:
                seen.add(parameter)
                yield path + name, parameter
        if recurse:
            for name, child in owner._modules.items():
                if child is not None:
                    yield from walk(child, path + name + ".")

    yield from walk(module, prefix + "." if prefix else "")


# %% exercise="iter_named_parameters" mistake="child-by-getattr"
"""You read a child by attribute access. Under a name such as `type` that finds a method of the class instead: the
values of `_modules` are the children."""


def iter_named_parameters(module, prefix="", recurse=True):
    seen = set()

    def walk(owner, path):
        for name in owner._parameters:
            parameter = getattr(owner, name)
            if parameter is not None and parameter not in seen:
                seen.add(parameter)
                yield path + name, parameter
        if recurse:
            for name in owner._modules:
                child = getattr(owner, name)
                if child is not None:
                    yield from walk(child, path + name + ".")

    yield from walk(module, prefix + "." if prefix else "")


# %% exercise="iter_named_parameters" mistake="child-by-getattr"
def iter_named_parameters(module, prefix="", recurse=True):
    seen = set()

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None and parameter not in seen:
                seen.add(parameter)
                yield path + name, parameter
        if recurse:
            for name in owner._modules:
                child = getattr(owner, name)
                if isinstance(child, nn.Module):
                    yield from walk(child, path + name + ".")

    yield from walk(module, prefix + "." if prefix else "")


# %% exercise="iter_named_parameters" right="stack-of-iterators"
def iter_named_parameters(module, prefix="", recurse=True):
    first_names = {}
    stack = [(prefix, module)]
    while stack:
        path, owner = stack.pop()
        for key, parameter in owner._parameters.items():
            if parameter is not None:
                first_names.setdefault(id(parameter), (".".join(filter(None, (path, key))), parameter))
        if recurse:
            below = [(f"{path}.{key}" if path else key, child) for key, child in owner._modules.items()]
            stack += [item for item in reversed(below) if item[1] is not None]
    return list(first_names.values())


# %% exercise="iter_named_parameters" right="memo-argument"
def iter_named_parameters(module, prefix="", recurse=True, _memo=None):
    if _memo is None:
        _memo = set()
    start = prefix and prefix + "."
    for name, parameter in vars(module)["_parameters"].items():
        if parameter is None or id(parameter) in _memo:
            continue
        _memo.add(id(parameter))
        yield start + name, parameter
    for name, child in vars(module)["_modules"].items() if recurse else ():
        if child is not None:
            for pair in iter_named_parameters(child, start + name, _memo=_memo):
                yield pair


# %% exercise="iter_named_parameters" right="dict-by-parameter"
def iter_named_parameters(module, prefix="", recurse=True):
    names = {}

    def visit(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None and parameter not in names:
                names[parameter] = ".".join([*path, name])
        for name, child in owner._modules.items():
            if recurse and child is not None:
                visit(child, [*path, name])

    visit(module, [prefix] if prefix else [])
    return zip(names.values(), names.keys())


# %% exercise="iter_named_parameters" right="class-with-iter"
class iter_named_parameters:
    def __init__(self, module, prefix="", recurse=True):
        self.module, self.prefix, self.recurse = module, prefix, recurse

    def __iter__(self):
        self.seen = set()
        return self.walk(self.module, self.prefix)

    def walk(self, owner, prefix):
        join = (prefix + ".{}").format if prefix else str
        for name, parameter in owner._parameters.items():
            if isinstance(parameter, nn.Parameter) and parameter not in self.seen:
                self.seen.add(parameter)
                yield join(name), parameter
        if self.recurse:
            for name, child in owner._modules.items():
                if isinstance(child, nn.Module):
                    yield from self.walk(child, join(name))


# %% exercise="iter_named_parameters" right="modules-then-parameters"
def _all_modules(module, path):
    if module is not None:
        yield path, module
        for name, child in module._modules.items():
            yield from _all_modules(child, path + (name,))


def iter_named_parameters(module, prefix="", recurse=True):
    seen = []
    top = (prefix,) if prefix else ()
    for path, owner in _all_modules(module, top) if recurse else [(top, module)]:
        for name, parameter in owner._parameters.items():
            if parameter is not None and not any(parameter is other for other in seen):
                seen.append(parameter)
                yield ".".join(path + (name,)), parameter


# %% [markdown]
# # set_mode

# %% exercise="set_mode" mistake="torch-does-it"
"""A method of torch that walks through the model by itself does the work here: `train`, `eval`, `modules`, `apply` or
the like. The point of this exercise is to write such a walk: go to the children, and from them to theirs."""


def set_mode(module, training):
    if not isinstance(training, bool):
        raise ValueError("training must be a bool")
    return module.train(training)


# %% exercise="set_mode" mistake="direct-children-only"
"""You set the module and its direct children, and stop there. The children have children: each of them needs the same
treatment, down to the last."""


def set_mode(module, training):
    if not isinstance(training, bool):
        raise ValueError("training must be a bool")
    module.training = training
    for child in module.children():
        child.training = training
    return module


# %% exercise="set_mode" mistake="two-levels"
"""You go down a fixed number of levels. Models can be deeper than that: let the function call itself."""


def set_mode(module, training):
    if not isinstance(training, bool):
        raise ValueError("training must be a bool")
    module.training = training
    for child in module.children():
        child.training = training
        for grandchild in child.children():
            grandchild.training = training
    return module


# %% exercise="set_mode" mistake="two-levels"
def set_mode(module, training):
    if not isinstance(training, bool):
        raise ValueError("training must be a bool")
    module.training = training
    for child in module.children():
        child.training = training
        for grandchild in child.children():
            grandchild.training = training
            for last in grandchild.children():
                last.training = training
    return module


# %% exercise="set_mode" mistake="only-itself"
"""You set `training` on the module alone. Its children have a `training` of their own, and nobody tells them."""


def set_mode(module, training):
    if not isinstance(training, bool):
        raise ValueError("training must be a bool")
    module.training = training
    return module


# %% exercise="set_mode" mistake="returns-nothing"
"""Your function returns something else than the module. Where it calls itself for a child, what comes back is of no
use; at the end return the module that came in."""


def set_mode(module, training):
    if not isinstance(training, bool):
        raise ValueError("training must be a bool")
    module.training = training
    for child in module.children():
        set_mode(child, training)


# %% exercise="set_mode" mistake="returns-nothing"
def set_mode(module, training):
    if not isinstance(training, bool):
        raise ValueError("training must be a bool")
    module.training = training
    for child in module.children():
        return set_mode(child, training)
    return module


# %% exercise="set_mode" mistake="returns-nothing"
def set_mode(module, training):
    if not isinstance(training, bool):
        raise ValueError("training must be a bool")
    todo = [module]
    while todo:
        module = todo.pop()
        module.training = training
        todo.extend(module.children())
    return module


# %% exercise="set_mode" mistake="returns-nothing"
def set_mode(module, training):
    if not isinstance(training, bool):
        raise ValueError("training must be a bool")
    module.training = training
    for child in module.children():
        module = set_mode(child, training)
    return module


# %% exercise="set_mode" mistake="first-child-only"
"""Only the first child, and what lies below it, is set; its siblings keep their mode. Often a `return` stands inside
the loop: return after it."""


def set_mode(module, training):
    if not isinstance(training, bool):
        raise ValueError("training must be a bool")
    module.training = training
    for child in module.children():
        set_mode(child, training)
        return module
    return module


# %% exercise="set_mode" mistake="no-check"
"""`training` is not checked. A text or a number counts as true or false as well, and would be taken for a mode; ask
whether it is a bool before you change anything."""


def set_mode(module, training):
    module.training = training
    for child in module.children():
        set_mode(child, training)
    return module


# %% exercise="set_mode" mistake="equal-is-not-a-bool"
"""In Python `1 == True`, so `in (True, False)` lets 1 and 0 through, and tensors too. Ask for the type."""


def set_mode(module, training):
    if training not in (True, False):
        raise ValueError("training must be True or False")
    module.training = training
    for child in module.children():
        set_mode(child, training)
    return module


# %% exercise="set_mode" mistake="ints-pass"
"""A bool is an int, but an int is no bool: your check lets 1 and 0 through."""


def set_mode(module, training):
    if not isinstance(training, int):
        raise ValueError("training must be True or False")
    module.training = training
    for child in module.children():
        set_mode(child, training)
    return module


# %% exercise="set_mode" mistake="checked-too-late"
"""You check `training` after you have set it, so a wrong value leaves its mark before the error comes. Check first."""


def set_mode(module, training):
    module.training = training
    if not isinstance(training, bool):
        raise ValueError("training must be a bool")
    for child in module.children():
        set_mode(child, training)
    return module


# %% exercise="set_mode" mistake="checked-too-late"
def set_mode(module, training):
    module.training = training
    for child in module.children():
        set_mode(child, training)
    if not isinstance(training, bool):
        raise ValueError("training must be a bool")
    return module


# %% exercise="set_mode" mistake="other-error"
"""A wrong `training` is refused, but with another error than the `ValueError` that was asked for."""


def set_mode(module, training):
    if not isinstance(training, bool):
        raise TypeError("training must be a bool")
    module.training = training
    for child in module.children():
        set_mode(child, training)
    return module


# %% exercise="set_mode" mistake="other-error"
def set_mode(module, training):
    assert isinstance(training, bool), "training must be a bool"
    module.training = training
    for child in module.children():
        set_mode(child, training)
    return module


# %% exercise="set_mode" mistake="other-error"
def set_mode(module, training):
    if not isinstance(training, bool):
        raise Exception("training must be a bool")
    module.training = training
    for child in module.children():
        set_mode(child, training)
    return module


# %% exercise="set_mode" mistake="some-values-refused"
"""You refuse some wrong values by name, and others get through. There is no list of all wrong values: ask whether it
is a bool."""


def set_mode(module, training):
    if training is None or isinstance(training, str):
        raise ValueError("training must be a bool")
    module.training = training
    for child in module.children():
        set_mode(child, training)
    return module


# %% exercise="set_mode" mistake="some-values-refused"
def set_mode(module, training):
    if isinstance(training, str):
        raise ValueError("training must be a bool")
    module.training = training
    for child in module.children():
        set_mode(child, training)
    return module


# %% exercise="set_mode" mistake="some-values-refused"
def set_mode(module, training):
    if training is None:
        raise ValueError("training must be a bool")
    module.training = training
    for child in module.children():
        set_mode(child, training)
    return module


# %% exercise="set_mode" mistake="another-attribute"
"""Nothing is in another mode afterwards. The mode of a module is its attribute `training`, and nothing else."""


def set_mode(module, training):
    if not isinstance(training, bool):
        raise ValueError("training must be a bool")
    module.mode = training
    for child in module.children():
        set_mode(child, training)
    return module


# %% exercise="set_mode" mistake="refused-in-silence"
"""You leave the model alone when `training` is no bool, but you don't raise anything. Whoever called goes on and
believes that the mode is set."""


def set_mode(module, training):
    if not isinstance(training, bool):
        return module
    module.training = training
    for child in module.children():
        set_mode(child, training)
    return module


# %% exercise="set_mode" mistake="lost-on-the-way-down"
"""The children get another mode than the one that was asked for: where your function calls itself, it has to hand
`training` on."""


def set_mode(module, training=True):
    if not isinstance(training, bool):
        raise ValueError("training must be a bool")
    module.training = training
    for child in module.children():
        set_mode(child)
    return module


# %% exercise="set_mode" mistake="lost-on-the-way-down"
def set_mode(module, training):
    if not isinstance(training, bool):
        raise ValueError("training must be a bool")
    module.training = training
    for child in module.children():
        set_mode(child, False)
    return module


# %% exercise="set_mode" mistake="chosen-types"
"""You set only the layers that you know to behave differently in the two modes. Every module has a `training`, and
somebody's own module may ask for it."""


def set_mode(module, training):
    if not isinstance(training, bool):
        raise ValueError("training must be a bool")
    if isinstance(module, (nn.Dropout, nn.BatchNorm1d, nn.BatchNorm2d)):
        module.training = training
    for child in module.children():
        set_mode(child, training)
    return module


# %% exercise="set_mode" mistake="chosen-types"
def set_mode(module, training):
    if not isinstance(training, bool):
        raise ValueError("training must be a bool")
    if isinstance(module, nn.Dropout):
        module.training = training
    for child in module.children():
        set_mode(child, training)
    return module


# %% exercise="set_mode" mistake="none-child"
"""`_modules` may hold None: a child that was switched off. `children()` leaves it out; where you read `_modules`, you
have to do that yourself."""


def set_mode(module, training):
    if not isinstance(training, bool):
        raise ValueError("training must be a bool")
    module.training = training
    for child in module._modules.values():
        set_mode(child, training)
    return module


# %% exercise="set_mode" mistake="none-child"
def set_mode(module, training):
    if not isinstance(training, bool):
        raise ValueError("training must be a bool")
    todo = [module]
    for m in todo:
        m.training = training
        todo += m._modules.values()
    return module


# %% exercise="set_mode" mistake="leaves-only"
"""You set only the modules that have no children. Containers have a mode of their own, and so has every block of
yours: its forward may ask for `self.training`."""


def set_mode(module, training):
    if not isinstance(training, bool):
        raise ValueError("training must be a bool")
    children = list(module.children())
    if not children:
        module.training = training
    for child in children:
        set_mode(child, training)
    return module


# %% exercise="set_mode" mistake="itself-left-out"
"""You set the descendants and leave out the module itself, which has a mode as well."""


def set_mode(module, training):
    if not isinstance(training, bool):
        raise ValueError("training must be a bool")
    for child in module.children():
        child.training = training
        set_mode(child, training)
    return module


# %% exercise="set_mode" mistake="stops-where-it-fits"
"""Nothing is set below a module that is in the wanted mode already. What lies below it may still be in the other one:
somebody may have frozen one layer by hand."""


def set_mode(module, training):
    if not isinstance(training, bool):
        raise ValueError("training must be a bool")
    if module.training == training:
        return module
    module.training = training
    for child in module.children():
        set_mode(child, training)
    return module


# %% exercise="set_mode" mistake="stops-where-it-fits"
def set_mode(module, training):
    if not isinstance(training, bool):
        raise ValueError("training must be a bool")
    module.training = training
    for child in module.children():
        if child.training != training:
            set_mode(child, training)
    return module


# %% exercise="set_mode" mistake="memory-for-ever"
"""What was set in one call is passed over in the next. Often a memory is a default of a parameter, or stands outside
the function: it is made once then. Make a new one for each call, or do without."""


def set_mode(module, training, seen=set()):
    if not isinstance(training, bool):
        raise ValueError("training must be a bool")
    module.training = training
    for child in module.children():
        if child not in seen:
            seen.add(child)
            set_mode(child, training, seen)
    return module


# %% exercise="set_mode" mistake="memory-for-ever"
def set_mode(module, training, seen=set()):
    if not isinstance(training, bool):
        raise ValueError("training must be a bool")
    if module in seen:
        return module
    seen.add(module)
    module.training = training
    for child in module.children():
        set_mode(child, training, seen)
    return module


# %% exercise="set_mode" mistake="empty-is-false"
"""An empty container has length 0, and so counts as false: you pass it by. Ask whether a child `is None`, not whether
it is true."""


def set_mode(module, training):
    if not isinstance(training, bool):
        raise ValueError("training must be a bool")
    module.training = training
    for child in module._modules.values():
        if child:
            set_mode(child, training)
    return module


# %% exercise="set_mode" mistake="toggled"
"""You turn each mode round instead of setting it. What was in the wanted mode already is in the wrong one now."""


def set_mode(module, training):
    if not isinstance(training, bool):
        raise ValueError("training must be a bool")
    module.training = not module.training
    for child in module.children():
        set_mode(child, training)
    return module


# %% exercise="set_mode" mistake="containers-only"
"""You go down only into containers of certain types. Every module may have children, one that somebody wrote himself
too."""


def set_mode(module, training):
    if not isinstance(training, bool):
        raise ValueError("training must be a bool")
    module.training = training
    for child in module.children():
        child.training = training
        if isinstance(child, (nn.Sequential, nn.ModuleList, nn.ModuleDict)):
            set_mode(child, training)
    return module


# %% exercise="set_mode" mistake="child-by-getattr"
"""You read the children by attribute access. Under a name such as `type` that finds a method of the class instead: the
values of `_modules` are the children."""


def set_mode(module, training):
    if not isinstance(training, bool):
        raise ValueError("training must be a bool")
    module.training = training
    for name in module._modules:
        child = getattr(module, name)
        if child is not None:
            set_mode(child, training)
    return module


# %% exercise="set_mode" mistake="child-by-getattr"
def set_mode(module, training):
    if not isinstance(training, bool):
        raise ValueError("training must be a bool")
    module.training = training
    for name in module._modules:
        child = getattr(module, name)
        if isinstance(child, nn.Module):
            set_mode(child, training)
    return module


# %% exercise="set_mode" mistake="lists-as-well"
"""You look into plain lists too. A module there is not registered: it is no descendant, and torch would leave it
alone."""


def set_mode(module, training):
    if not isinstance(training, bool):
        raise ValueError("training must be a bool")
    module.training = training
    for value in vars(module).values():
        if isinstance(value, list):
            for item in value:
                if isinstance(item, nn.Module):
                    set_mode(item, training)
    for child in module.children():
        set_mode(child, training)
    return module


# %% exercise="set_mode" right="stack"
def set_mode(module, training):
    if training is not True and training is not False:
        raise ValueError(f"training has to be a bool, not {type(training).__name__}")
    todo = [module]
    while todo:
        current = todo.pop()
        current.training = training
        todo.extend(child for child in current._modules.values() if child is not None)
    return module


# %% exercise="set_mode" right="levels"
def set_mode(module, training):
    if type(training) != bool:
        raise ValueError
    level = [module]
    while level:
        for m in level:
            setattr(m, "training", training)
        level = [child for m in level for child in m.children()]
    return module


# %% exercise="set_mode" right="inner-function"
def set_mode(module, training):
    class NoBool(ValueError):
        pass

    def walk(m):
        m.__dict__["training"] = training
        any(walk(child) for child in m._modules.values() if child is not None)

    if not isinstance(training, bool):
        raise NoBool(training)
    walk(module)
    return module


# %% exercise="set_mode" right="collected-first"
def _all_below(module):
    yield module
    for _, child in module.named_children():
        yield from _all_below(child)


def set_mode(module, training):
    match training:
        case bool():
            for m in list(_all_below(module)):
                m.training = training
            return module
    raise ValueError("neither True nor False: %r" % (training,))


# %% exercise="set_mode" right="each-once"
from collections import deque


def set_mode(module, training=True):
    if training.__class__ is not bool:
        raise ValueError(repr(training))
    seen, queue = {id(module)}, deque([module])
    while queue:
        current = queue.popleft()
        current.training = training
        for child in current._modules.values():
            if child is None or id(child) in seen:
                continue
            seen.add(id(child))
            queue.append(child)
    return module


# %% [markdown]
# # collect_state

# %% exercise="collect_state" mistake="torch-does-it"
"""One of torch's own traversals does the work here: `state_dict`, `named_parameters`, `named_modules` or the like. The
point is to write one: read the tables of each module, and go down yourself."""


def collect_state(module):
    return dict(module.state_dict())


# %% exercise="collect_state" mistake="asked-children"
"""You ask `children()` or `named_children()` for the way down. They give a child that has two names only once, so the
second name is lost. Read `_modules` itself, and leave out what is None."""


def collect_state(module, prefix=""):
    state = {}
    for name, parameter in module._parameters.items():
        if parameter is not None:
            state[prefix + name] = parameter.detach()
    for name, buffer in module._buffers.items():
        if buffer is not None and name not in module._non_persistent_buffers_set:
            state[prefix + name] = buffer.detach()
    for name, child in module.named_children():
        state.update(collect_state(child, prefix + name + "."))
    return state


# %% exercise="collect_state" mistake="copied"
"""Your tensors are copies. As in torch, the state shares its memory with the model: a change of one is a change of the
other. A snapshot is the caller's business."""


def collect_state(module):
    state = {}

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None:
                state[path + name] = parameter.detach().clone()
        for name, buffer in owner._buffers.items():
            if buffer is not None and name not in owner._non_persistent_buffers_set:
                state[path + name] = buffer.detach().clone()
        for name, child in owner._modules.items():
            if child is not None:
                walk(child, path + name + ".")

    walk(module, "")
    return state


# %% exercise="collect_state" mistake="parameters-copied"
"""You copy some of the tensors, and not the others. All of them share their memory with the model, as in torch."""


def collect_state(module):
    state = {}

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None:
                state[path + name] = parameter.detach().clone()
        for name, buffer in owner._buffers.items():
            if buffer is not None and name not in owner._non_persistent_buffers_set:
                state[path + name] = buffer.detach()
        for name, child in owner._modules.items():
            if child is not None:
                walk(child, path + name + ".")

    walk(module, "")
    return state


# %% exercise="collect_state" mistake="parameters-copied"
def collect_state(module):
    state = {}

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None:
                state[path + name] = parameter.detach()
        for name, buffer in owner._buffers.items():
            if buffer is not None and name not in owner._non_persistent_buffers_set:
                state[path + name] = buffer.detach().clone()
        for name, child in owner._modules.items():
            if child is not None:
                walk(child, path + name + ".")

    walk(module, "")
    return state


# %% exercise="collect_state" mistake="parameters-copied"
def collect_state(module):
    state = {}

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None:
                state[path + name] = parameter.detach().contiguous()
        for name, buffer in owner._buffers.items():
            if buffer is not None and name not in owner._non_persistent_buffers_set:
                state[path + name] = buffer.detach().contiguous()
        for name, child in owner._modules.items():
            if child is not None:
                walk(child, path + name + ".")

    walk(module, "")
    return state


# %% exercise="collect_state" mistake="not-detached"
"""You put the Parameters themselves into the state. They require gradients, and whatever is computed from the state
hangs on the graph: detach them."""


def collect_state(module):
    state = {}

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None:
                state[path + name] = parameter
        for name, buffer in owner._buffers.items():
            if buffer is not None and name not in owner._non_persistent_buffers_set:
                state[path + name] = buffer
        for name, child in owner._modules.items():
            if child is not None:
                walk(child, path + name + ".")

    walk(module, "")
    return state


# %% exercise="collect_state" mistake="not-detached"
def collect_state(module):
    state = {}

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None:
                state[path + name] = parameter
        for name, buffer in owner._buffers.items():
            if buffer is not None and name not in owner._non_persistent_buffers_set:
                state[path + name] = buffer.detach()
        for name, child in owner._modules.items():
            if child is not None:
                walk(child, path + name + ".")

    walk(module, "")
    return state


# %% exercise="collect_state" mistake="buffers-not-detached"
"""You take the buffers as they are. A buffer may require a gradient or carry a graph, too: detach it like a
Parameter."""


def collect_state(module):
    state = {}

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None:
                state[path + name] = parameter.detach()
        for name, buffer in owner._buffers.items():
            if buffer is not None and name not in owner._non_persistent_buffers_set:
                state[path + name] = buffer
        for name, child in owner._modules.items():
            if child is not None:
                walk(child, path + name + ".")

    walk(module, "")
    return state


# %% exercise="collect_state" mistake="model-changed"
"""To take the graph away you change the model's own tensors. `requires_grad_(False)` and `detach_()` work in place:
the model could not be trained any more. `detach()` gives a new tensor on the same memory."""


def collect_state(module):
    state = {}

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None:
                state[path + name] = parameter.requires_grad_(False)
        for name, buffer in owner._buffers.items():
            if buffer is not None and name not in owner._non_persistent_buffers_set:
                state[path + name] = buffer.detach_()
        for name, child in owner._modules.items():
            if child is not None:
                walk(child, path + name + ".")

    walk(module, "")
    return state


# %% exercise="collect_state" mistake="model-changed"
def collect_state(module):
    state = {}

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None:
                parameter.requires_grad = False
                state[path + name] = parameter
        for name, buffer in owner._buffers.items():
            if buffer is not None and name not in owner._non_persistent_buffers_set:
                state[path + name] = buffer.detach()
        for name, child in owner._modules.items():
            if child is not None:
                walk(child, path + name + ".")

    walk(module, "")
    return state


# %% exercise="collect_state" mistake="model-changed"
def collect_state(module):
    state = {}

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None:
                state[path + name] = parameter.detach()
        for name, buffer in owner._buffers.items():
            if buffer is not None and name not in owner._non_persistent_buffers_set:
                state[path + name] = buffer.detach_()
        for name, child in owner._modules.items():
            if child is not None:
                walk(child, path + name + ".")

    walk(module, "")
    return state


# %% exercise="collect_state" mistake="model-changed"
def collect_state(module):
    state = {}

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None:
                state[path + name] = parameter.requires_grad_(False)
        for name, buffer in owner._buffers.items():
            if buffer is not None and name not in owner._non_persistent_buffers_set:
                state[path + name] = buffer.detach()
        for name, child in owner._modules.items():
            if child is not None:
                walk(child, path + name + ".")

    walk(module, "")
    return state


# %% exercise="collect_state" mistake="model-changed"
def collect_state(module):
    state = {}

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None:
                state[path + name] = parameter.requires_grad_(False).data
        for name, buffer in owner._buffers.items():
            if buffer is not None and name not in owner._non_persistent_buffers_set:
                state[path + name] = (buffer.requires_grad_(False) if buffer.is_leaf else buffer).data
        for name, child in owner._modules.items():
            if child is not None:
                walk(child, path + name + ".")

    walk(module, "")
    return state


# %% exercise="collect_state" mistake="no-buffers"
"""The buffers are missing. Running means and variances are state as well, and a model without them predicts something
else."""


def collect_state(module):
    state = {}

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None:
                state[path + name] = parameter.detach()
        for name, child in owner._modules.items():
            if child is not None:
                walk(child, path + name + ".")

    walk(module, "")
    return state


# %% exercise="collect_state" mistake="non-persistent-buffers-kept"
"""You take buffers in that are not persistent. Their names stand in the `_non_persistent_buffers_set` of the module
that owns them."""


def collect_state(module):
    state = {}

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None:
                state[path + name] = parameter.detach()
        for name, buffer in owner._buffers.items():
            if buffer is not None:
                state[path + name] = buffer.detach()
        for name, child in owner._modules.items():
            if child is not None:
                walk(child, path + name + ".")

    walk(module, "")
    return state


# %% exercise="collect_state" mistake="non-persistent-buffers-kept"
def collect_state(module):
    state = {}

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None:
                state[path + name] = parameter.detach()
        for name, buffer in owner._buffers.items():
            if buffer is not None and path + name not in owner._non_persistent_buffers_set:
                state[path + name] = buffer.detach()
        for name, child in owner._modules.items():
            if child is not None:
                walk(child, path + name + ".")

    walk(module, "")
    return state


# %% exercise="collect_state" mistake="only-the-root-asked"
"""You ask the root for the buffers that are not persistent. Each module has a set of its own, with names as they stand
in its own `_buffers`."""


def collect_state(module):
    state = {}

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None:
                state[path + name] = parameter.detach()
        for name, buffer in owner._buffers.items():
            if buffer is not None and name not in module._non_persistent_buffers_set:
                state[path + name] = buffer.detach()
        for name, child in owner._modules.items():
            if child is not None:
                walk(child, path + name + ".")

    walk(module, "")
    return state


# %% exercise="collect_state" mistake="one-set-for-all"
"""You throw the names of all non-persistent buffers together. The same name may be persistent in one module and not in
another: ask the module that owns the buffer."""


def collect_state(module):
    state, hidden = {}, set()

    def gather(owner):
        hidden.update(owner._non_persistent_buffers_set)
        for child in owner._modules.values():
            if child is not None:
                gather(child)

    def walk(owner, path):
        for name, tensor in [*owner._parameters.items(), *owner._buffers.items()]:
            if tensor is not None and name not in hidden:
                state[path + name] = tensor.detach()
        for name, child in owner._modules.items():
            if child is not None:
                walk(child, path + name + ".")

    gather(module)
    walk(module, "")
    return state


# %% exercise="collect_state" mistake="one-set-for-all"
def collect_state(module):
    state = {}

    def walk(owner, path, hidden):
        hidden = hidden | owner._non_persistent_buffers_set
        for name, parameter in owner._parameters.items():
            if parameter is not None:
                state[path + name] = parameter.detach()
        for name, buffer in owner._buffers.items():
            if buffer is not None and name not in hidden:
                state[path + name] = buffer.detach()
        for name, child in owner._modules.items():
            if child is not None:
                walk(child, path + name + ".", hidden)

    walk(module, "", set())
    return state


# %% exercise="collect_state" mistake="none-kept"
"""You don't leave out what is None. A Linear without bias has the name `bias` with None behind it, in its
`_parameters`, and that is nothing to save."""


def collect_state(module):
    state = {}

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            state[path + name] = parameter.detach()
        for name, buffer in owner._buffers.items():
            if name not in owner._non_persistent_buffers_set:
                state[path + name] = buffer.detach()
        for name, child in owner._modules.items():
            if child is not None:
                walk(child, path + name + ".")

    walk(module, "")
    return state


# %% exercise="collect_state" mistake="none-kept"
def collect_state(module):
    state = {}

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            state[path + name] = None if parameter is None else parameter.detach()
        for name, buffer in owner._buffers.items():
            if name not in owner._non_persistent_buffers_set:
                state[path + name] = None if buffer is None else buffer.detach()
        for name, child in owner._modules.items():
            if child is not None:
                walk(child, path + name + ".")

    walk(module, "")
    return state


# %% exercise="collect_state" mistake="none-kept"
def collect_state(module):
    state = {}

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None:
                state[path + name] = parameter.detach()
        for name, buffer in owner._buffers.items():
            if name not in owner._non_persistent_buffers_set:
                state[path + name] = buffer.detach()
        for name, child in owner._modules.items():
            if child is not None:
                walk(child, path + name + ".")

    walk(module, "")
    return state


# %% exercise="collect_state" mistake="none-child"
"""You go down into a child that is None. `_modules` keeps the name of a child that was switched off, with None behind
it."""


def collect_state(module):
    state = {}

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None:
                state[path + name] = parameter.detach()
        for name, buffer in owner._buffers.items():
            if buffer is not None and name not in owner._non_persistent_buffers_set:
                state[path + name] = buffer.detach()
        for name, child in owner._modules.items():
            walk(child, path + name + ".")

    walk(module, "")
    return state


# %% exercise="collect_state" mistake="empty-is-false"
"""A container without children has length 0, and so counts as false: you pass it by, with the tensors of its own. Ask
whether a child `is None`, not whether it is true."""


def collect_state(module):
    state = {}

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None:
                state[path + name] = parameter.detach()
        for name, buffer in owner._buffers.items():
            if buffer is not None and name not in owner._non_persistent_buffers_set:
                state[path + name] = buffer.detach()
        for name, child in owner._modules.items():
            if child:
                walk(child, path + name + ".")

    walk(module, "")
    return state


# %% exercise="collect_state" mistake="empty-tensor-left-out"
"""You leave out a tensor because it has no numbers in it. Its name belongs to the state all the same: only None and what
is not persistent is left out."""


def collect_state(module):
    state = {}

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None and parameter.numel():
                state[path + name] = parameter.detach()
        for name, buffer in owner._buffers.items():
            if buffer is not None and buffer.numel() and name not in owner._non_persistent_buffers_set:
                state[path + name] = buffer.detach()
        for name, child in owner._modules.items():
            if child is not None:
                walk(child, path + name + ".")

    walk(module, "")
    return state


# %% exercise="collect_state" mistake="shared-once"
"""You leave out what you have seen before. Here a shared tensor stands under each of its names, unlike in
`named_parameters()`."""


def collect_state(module):
    state, seen = {}, set()

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None and parameter not in seen:
                seen.add(parameter)
                state[path + name] = parameter.detach()
        for name, buffer in owner._buffers.items():
            if buffer is not None and buffer not in seen and name not in owner._non_persistent_buffers_set:
                seen.add(buffer)
                state[path + name] = buffer.detach()
        for name, child in owner._modules.items():
            if child is not None:
                walk(child, path + name + ".")

    walk(module, "")
    return state


# %% exercise="collect_state" mistake="shared-once"
def collect_state(module):
    state, seen = {}, set()

    def walk(owner, path):
        if owner is None or owner in seen:
            return
        seen.add(owner)
        for name, parameter in owner._parameters.items():
            if parameter is not None and parameter not in seen:
                seen.add(parameter)
                state[path + name] = parameter.detach()
        for name, buffer in owner._buffers.items():
            if buffer is not None and name not in owner._non_persistent_buffers_set:
                state[path + name] = buffer.detach()
        for name, child in owner._modules.items():
            walk(child, path + name + ".")

    walk(module, "")
    return state


# %% exercise="collect_state" mistake="shared-modules-once"
"""You pass by a module that you have met before. Here its tensors stand under each of their names, and a shared module
has two."""


def collect_state(module):
    state, seen = {}, set()

    def walk(owner, path):
        if owner is None or owner in seen:
            return
        seen.add(owner)
        for name, parameter in owner._parameters.items():
            if parameter is not None:
                state[path + name] = parameter.detach()
        for name, buffer in owner._buffers.items():
            if buffer is not None and name not in owner._non_persistent_buffers_set:
                state[path + name] = buffer.detach()
        for name, child in owner._modules.items():
            walk(child, path + name + ".")

    walk(module, "")
    return state


# %% exercise="collect_state" mistake="parameters-then-buffers"
"""You collect the Parameters of all modules first, and then all buffers. In a state_dict each module's Parameters and
buffers stand together, before those of its children."""


def collect_state(module):
    state = {}

    def parameters(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None:
                state[path + name] = parameter.detach()
        for name, child in owner._modules.items():
            if child is not None:
                parameters(child, path + name + ".")

    def buffers(owner, path):
        for name, buffer in owner._buffers.items():
            if buffer is not None and name not in owner._non_persistent_buffers_set:
                state[path + name] = buffer.detach()
        for name, child in owner._modules.items():
            if child is not None:
                buffers(child, path + name + ".")

    parameters(module, "")
    buffers(module, "")
    return state


# %% exercise="collect_state" mistake="buffers-before-parameters"
"""A module's buffers come before its Parameters in your state. In a state_dict the Parameters come first."""


def collect_state(module):
    state = {}

    def walk(owner, path):
        for name, buffer in owner._buffers.items():
            if buffer is not None and name not in owner._non_persistent_buffers_set:
                state[path + name] = buffer.detach()
        for name, parameter in owner._parameters.items():
            if parameter is not None:
                state[path + name] = parameter.detach()
        for name, child in owner._modules.items():
            if child is not None:
                walk(child, path + name + ".")

    walk(module, "")
    return state


# %% exercise="collect_state" mistake="children-first"
"""The children's tensors come before the module's own in your state. In a state_dict it is the other way round."""


def collect_state(module):
    state = {}

    def walk(owner, path):
        for name, child in owner._modules.items():
            if child is not None:
                walk(child, path + name + ".")
        for name, parameter in owner._parameters.items():
            if parameter is not None:
                state[path + name] = parameter.detach()
        for name, buffer in owner._buffers.items():
            if buffer is not None and name not in owner._non_persistent_buffers_set:
                state[path + name] = buffer.detach()

    walk(module, "")
    return state


# %% exercise="collect_state" mistake="breadth-first"
"""You collect level by level. In a state_dict a child and everything below it come before the next child."""


def collect_state(module):
    state, queue = {}, [("", module)]
    for path, owner in queue:
        for name, parameter in owner._parameters.items():
            if parameter is not None:
                state[path + name] = parameter.detach()
        for name, buffer in owner._buffers.items():
            if buffer is not None and name not in owner._non_persistent_buffers_set:
                state[path + name] = buffer.detach()
        queue += [(path + name + ".", child) for name, child in owner._modules.items() if child is not None]
    return state


# %% exercise="collect_state" mistake="not-deep"
"""You stop above the bottom: only the module itself, or its direct children, are in your state. Go on from each child
in the same way."""


def collect_state(module):
    state = {}
    for name, parameter in module._parameters.items():
        if parameter is not None:
            state[name] = parameter.detach()
    for name, buffer in module._buffers.items():
        if buffer is not None and name not in module._non_persistent_buffers_set:
            state[name] = buffer.detach()
    return state


# %% exercise="collect_state" mistake="not-deep"
def collect_state(module):
    state = {}
    for path, owner in [("", module), *((name + ".", child) for name, child in module._modules.items())]:
        if owner is None:
            continue
        for name, parameter in owner._parameters.items():
            if parameter is not None:
                state[path + name] = parameter.detach()
        for name, buffer in owner._buffers.items():
            if buffer is not None and name not in owner._non_persistent_buffers_set:
                state[path + name] = buffer.detach()
    return state


# %% exercise="collect_state" mistake="bare-names"
"""Your names are not qualified: `weight` instead of `0.weight`. Worse, tensors of the same name overwrite each
other."""


def collect_state(module):
    state = {}

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None:
                state[name] = parameter.detach()
        for name, buffer in owner._buffers.items():
            if buffer is not None and name not in owner._non_persistent_buffers_set:
                state[name] = buffer.detach()
        for name, child in owner._modules.items():
            if child is not None:
                walk(child, path + name + ".")

    walk(module, "")
    return state


# %% exercise="collect_state" mistake="path-of-one"
"""Your names know only the last module on the way: from `block.0.weight` you make `0.weight`. Put each name behind the
whole path so far."""


def collect_state(module):
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
                walk(child, name + ".")

    walk(module, "")
    return state


# %% exercise="collect_state" mistake="dot-in-front"
"""Your names begin with a dot. There is a dot between two names, so where there is no name yet there is no dot."""


def collect_state(module):
    state = {}

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None:
                state[path + "." + name] = parameter.detach()
        for name, buffer in owner._buffers.items():
            if buffer is not None and name not in owner._non_persistent_buffers_set:
                state[path + "." + name] = buffer.detach()
        for name, child in owner._modules.items():
            if child is not None:
                walk(child, path + "." + name)

    walk(module, "")
    return state


# %% exercise="collect_state" mistake="dot-in-front"
def collect_state(module):
    state = {}

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None:
                state[path + "." + name] = parameter.detach()
        for name, buffer in owner._buffers.items():
            if buffer is not None and name not in owner._non_persistent_buffers_set:
                state[path + "." + name] = buffer.detach()
        for name, child in owner._modules.items():
            if child is not None:
                walk(child, f"{path}.{name}" if path else name)

    walk(module, "")
    return state


# %% exercise="collect_state" mistake="no-dict"
"""You return something else than a dict: pairs, or the names alone. A state leads from names to tensors."""


def collect_state(module):
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
                walk(child, path + name + ".")

    walk(module, "")
    return list(state.items())


# %% exercise="collect_state" mistake="no-dict"
def collect_state(module):
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
                walk(child, path + name + ".")

    walk(module, "")


# %% exercise="collect_state" mistake="no-dict"
def collect_state(module):
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
                walk(child, path + name + ".")

    walk(module, "")
    yield from state.items()


# %% exercise="collect_state" mistake="arrays"
"""Your values are NumPy arrays. A state holds tensors, detached ones."""


def collect_state(module):
    state = {}

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None:
                state[path + name] = parameter.detach().numpy()
        for name, buffer in owner._buffers.items():
            if buffer is not None and name not in owner._non_persistent_buffers_set:
                state[path + name] = buffer.detach().numpy()
        for name, child in owner._modules.items():
            if child is not None:
                walk(child, path + name + ".")

    walk(module, "")
    return state


# %% exercise="collect_state" mistake="dicts-in-dicts"
"""You put dicts into your dict, one for each child. A state is flat: one qualified name for each tensor, with the way
to it in the name."""


def collect_state(module):
    state = {}
    for name, parameter in module._parameters.items():
        if parameter is not None:
            state[name] = parameter.detach()
    for name, buffer in module._buffers.items():
        if buffer is not None and name not in module._non_persistent_buffers_set:
            state[name] = buffer.detach()
    for name, child in module._modules.items():
        if child is not None:
            state[name] = collect_state(child)
    return state


# %% exercise="collect_state" mistake="one-state-for-all"
"""What an earlier model left turns up in the next one's state. Often the dict is a default of a parameter, or stands
outside the function: it is made once then. Make a new one in each call."""


def collect_state(module, prefix="", state={}):
    for name, parameter in module._parameters.items():
        if parameter is not None:
            state[prefix + name] = parameter.detach()
    for name, buffer in module._buffers.items():
        if buffer is not None and name not in module._non_persistent_buffers_set:
            state[prefix + name] = buffer.detach()
    for name, child in module._modules.items():
        if child is not None:
            collect_state(child, prefix + name + ".", state)
    return state


# %% exercise="collect_state" mistake="child-by-getattr"
"""You read a child by attribute access. Under a name such as `type` that finds a method of the class instead: the
values of `_modules` are the children."""


def collect_state(module):
    state = {}

    def walk(owner, path):
        for name in owner._parameters:
            if getattr(owner, name) is not None:
                state[path + name] = getattr(owner, name).detach()
        for name in owner._buffers:
            if getattr(owner, name) is not None and name not in owner._non_persistent_buffers_set:
                state[path + name] = getattr(owner, name).detach()
        for name in owner._modules:
            if getattr(owner, name) is not None:
                walk(getattr(owner, name), path + name + ".")

    walk(module, "")
    return state


# %% exercise="collect_state" mistake="child-by-getattr"
def collect_state(module):
    state = {}

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None:
                state[path + name] = parameter.detach()
        for name, buffer in owner._buffers.items():
            if buffer is not None and name not in owner._non_persistent_buffers_set:
                state[path + name] = buffer.detach()
        for name in owner._modules:
            if isinstance(getattr(owner, name), nn.Module):
                walk(getattr(owner, name), path + name + ".")

    walk(module, "")
    return state


# %% exercise="collect_state" mistake="frozen-left-out"
"""You leave out frozen Parameters. They are not trained, but a model without them is not the same model."""


def collect_state(module):
    state = {}

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None and parameter.requires_grad:
                state[path + name] = parameter.detach()
        for name, buffer in owner._buffers.items():
            if buffer is not None and name not in owner._non_persistent_buffers_set:
                state[path + name] = buffer.detach()
        for name, child in owner._modules.items():
            if child is not None:
                walk(child, path + name + ".")

    walk(module, "")
    return state


# %% exercise="collect_state" right="merged-dicts"
def collect_state(module, prefix=""):
    state = {prefix + k: p.data for k, p in module._parameters.items() if p is not None}
    state |= {
        prefix + k: b.detach()
        for k, b in module._buffers.items()
        if not (b is None or k in module._non_persistent_buffers_set)
    }
    for k, child in module._modules.items():
        if child is not None:
            state |= collect_state(child, f"{prefix}{k}.")
    return state


# %% exercise="collect_state" right="generator"
from collections import OrderedDict
from itertools import chain


def _tensors(module, *path):
    persistent = (item for item in module._buffers.items() if item[0] not in module._non_persistent_buffers_set)
    for name, tensor in chain(module._parameters.items(), persistent):
        if isinstance(tensor, torch.Tensor):
            yield ".".join((*path, name)), tensor.detach()
    for name, child in module._modules.items():
        if isinstance(child, nn.Module):
            yield from _tensors(child, *path, name)


def collect_state(module):
    return OrderedDict(_tensors(module))


# %% exercise="collect_state" right="stack"
def collect_state(module):
    state, stack = {}, [("", module)]
    while stack:
        path, owner = stack.pop()
        if owner is None:
            continue
        tables = dict(owner._parameters)
        tables.update((n, b) for n, b in owner._buffers.items() if n not in owner._non_persistent_buffers_set)
        with torch.no_grad():
            for name, tensor in tables.items():
                if tensor is not None:
                    state[path + name] = tensor.detach()
        stack.extend((path + name + ".", child) for name, child in reversed(owner._modules.items()))
    return state


# %% exercise="collect_state" right="class"
class Collector:
    def __init__(self):
        self.found = {}

    def keep(self, name, tensor):
        if tensor is not None:
            self.found[name] = torch.Tensor.detach(tensor)

    def visit(self, module, name=lambda key: key):
        for key in module._parameters:
            self.keep(name(key), module._parameters[key])
        for key in module._buffers:
            if key not in module._non_persistent_buffers_set:
                self.keep(name(key), module._buffers[key])
        for key in module._modules:
            child = module._modules[key]
            if child is not None:
                self.visit(child, lambda below, key=key: name(f"{key}.{below}"))


def collect_state(module):
    collector = Collector()
    collector.visit(module)
    return collector.found


# %% exercise="collect_state" right="relative-names"
def collect_state(module):
    own = {}
    for table in (module._parameters, module._buffers):
        for name, tensor in table.items():
            if tensor is None or (table is module._buffers and name in module._non_persistent_buffers_set):
                continue
            own[name] = tensor.detach()
    for child_name, child in vars(module)["_modules"].items():
        if child is None:
            continue
        for name, tensor in collect_state(child).items():
            own[child_name + "." + name] = tensor
    return own


# %% [markdown]
# # restore_state

# %% exercise="restore_state" mistake="as-load-state-dict"
"""Your function goes wrong where `load_state_dict` does: some keys are forgiven, the state changes while it is read, or a
failed load has changed the model. Do the copying yourself, and check everything first."""


def restore_state(module, state, strict=True):
    result = module.load_state_dict(state, strict=strict)
    return list(result.missing_keys), list(result.unexpected_keys)


# %% exercise="restore_state" mistake="as-load-state-dict"
def restore_state(module, state, strict=True):
    missing, unexpected = module.load_state_dict(dict(state), strict=strict)
    return missing, unexpected


# %% exercise="restore_state" mistake="as-load-state-dict"
def restore_state(module, state, strict=True):
    backup = {name: tensor.clone() for name, tensor in module.state_dict().items() if isinstance(tensor, torch.Tensor)}
    try:
        missing, unexpected = module.load_state_dict(state, strict=strict)
    except Exception as error:
        module.load_state_dict(backup, strict=False)
        raise RuntimeError(str(error))
    return missing, unexpected


# %% exercise="restore_state" mistake="as-load-state-dict"
def restore_state(module, state, strict=True):
    copies = {name: value.clone() for name, value in state.items()}
    missing, unexpected = module.load_state_dict(copies, strict=strict)
    return missing, unexpected


# %% exercise="restore_state" mistake="new-parameters"
"""You put new Parameters in the place of the old ones. An optimizer that holds the old ones goes on training those,
and the model never changes again. Copy the values into the tensors that are there."""


def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    for key, value in copies.items():
        owner, _, name = key.rpartition(".")
        target = module.get_submodule(owner)
        if name in target._parameters:
            setattr(target, name, nn.Parameter(value, requires_grad=own[key].requires_grad))
        else:
            setattr(target, name, value)
    return missing, unexpected


# %% exercise="restore_state" mistake="new-parameters"
def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    for key, value in copies.items():
        owner, _, name = key.rpartition(".")
        target = module.get_submodule(owner)
        if name in target._parameters:
            target._parameters[name] = nn.Parameter(value)
        else:
            target._buffers[name] = value
    return missing, unexpected


# %% exercise="restore_state" mistake="buffers-replaced"
"""The Parameters stay what they were, but the buffers are new tensors. Copy into those as well."""


def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            owner, _, name = key.rpartition(".")
            target = module.get_submodule(owner)
            if name in target._buffers:
                target._buffers[name] = value
            else:
                own[key].copy_(value)
    return missing, unexpected


# %% exercise="restore_state" mistake="data-swapped"
"""You assign to `.data`. The Parameter stays, but on other memory: whatever shared the old memory is cut off, and if
it is the state's own, a later change of the state changes your model. Copy the numbers instead."""


def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            torch.empty_like(own[key]).copy_(value.detach())
            copies[key] = value
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    for key, value in copies.items():
        own[key].data = value.detach().to(own[key].dtype)
    return missing, unexpected


# %% exercise="restore_state" mistake="data-swapped"
def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    for key, value in copies.items():
        own[key].data = value
    return missing, unexpected


# %% exercise="restore_state" mistake="read-while-writing"
"""You copy from `state` one by one. Where `state` holds the model's own tensors, an early copy overwrites what a later
one needs. Take copies of all values before you write the first."""


def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            torch.empty_like(own[key]).copy_(value.detach())
            copies[key] = value
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    return missing, unexpected


# %% exercise="restore_state" mistake="read-while-writing"
def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            torch.empty_like(own[key]).copy_(value.detach())
            copies[key] = value.detach()
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value.to(own[key].dtype))
    return missing, unexpected


# %% exercise="restore_state" mistake="copied-on-the-way"
"""After an error about a bad value the earlier values are in the model already. Look at all values before you copy the
first."""


def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    values = {key: value.clone() if isinstance(value, torch.Tensor) else value for key, value in state.items()}
    for key in own:
        if key not in state:
            continue
        value = values[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            with torch.no_grad():
                own[key].copy_(value)
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    return missing, unexpected


# %% exercise="restore_state" mistake="keys-checked-last"
"""After an error about missing or unexpected keys the model has changed. Look at the keys before you copy anything."""


def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    return missing, unexpected


# %% exercise="restore_state" mistake="copy-not-tried"
"""You check shapes and types, but not whether copying works. It does not for a tensor on the meta device, nor for a
sparse one: the error comes in the middle, and half the model has changed. Try every copy first."""


def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        copies[key] = value.detach().clone()
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    return missing, unexpected


# %% exercise="restore_state" mistake="copy-not-tried"
def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        copies[key] = value.detach().clone()
    with torch.no_grad():
        for key, value in copies.items():
            try:
                own[key].copy_(value)
            except Exception as error:
                raise RuntimeError(f"{key} cannot be copied") from error
    return missing, unexpected


# %% exercise="restore_state" mistake="only-meta-tensors-noticed"
"""Of the values that can't be copied, a tensor on the meta device is refused in time, and others are not: a sparse one,
say. Try the copy, to somewhere else first: then you need not know the reasons."""


def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        if value.is_meta:
            raise RuntimeError(f"{key} is on the meta device")
        copies[key] = value.detach().clone()
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    return missing, unexpected


# %% exercise="restore_state" mistake="copy-error-unnamed"
"""Where a value can't be copied you let torch's own error out. It does not say which key it was."""


def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        copies[key] = torch.empty_like(own[key]).copy_(value.detach())
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    return missing, unexpected


# %% exercise="restore_state" mistake="shapes-not-checked"
"""You don't compare shapes. `copy_` broadcasts: one number fills a whole bias, and nobody is told."""


def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    return missing, unexpected


# %% exercise="restore_state" mistake="only-the-count-checked"
"""A value with as many numbers, but in another shape, passes. It is another tensor: a weight of a layer the other way
round, say. Compare the shapes."""


def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.numel() != own[key].numel():
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach().reshape(own[key].shape))
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    return missing, unexpected


# %% exercise="restore_state" mistake="only-the-count-checked"
def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.numel() != own[key].numel():
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    return missing, unexpected


# %% exercise="restore_state" mistake="another-number-of-axes-forgiven"
"""Where the model has a number without axes you also take a tensor with one axis of length 1, as torch does for old
checkpoints. It is another shape, and so an error here."""


def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if own[key].dim() == 0 and value.shape == (1,):
            value = value[0]
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    return missing, unexpected


# %% exercise="restore_state" mistake="strict-forgives-shapes"
"""With `strict=False` you pass over values that don't fit. `strict` is about names only: a wrong shape is an error in
any case."""


def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not strict and (not isinstance(value, torch.Tensor) or value.shape != own[key].shape):
            continue
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    return missing, unexpected


# %% exercise="restore_state" mistake="strict-forgives-shapes"
def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.shape != own[key].shape and not strict:
            continue
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    return missing, unexpected


# %% exercise="restore_state" mistake="strict-forgives-shapes"
def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if strict and value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    return missing, unexpected


# %% exercise="restore_state" mistake="misfits-skipped"
"""You leave out values that don't fit, and say nothing. A value of the wrong shape, or that is no tensor, is an
error."""


def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor) or value.shape != own[key].shape:
            continue
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    return missing, unexpected


# %% exercise="restore_state" mistake="no-tensors-taken"
"""You turn whatever you get into a tensor. An array or a list in a state is a mistake of whoever made it, and should
be refused."""


def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        value = torch.as_tensor(value)
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    return missing, unexpected


# %% exercise="restore_state" mistake="no-tensors-taken"
def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        try:
            value = torch.as_tensor(value)
        except Exception as error:
            raise RuntimeError(f"{key} is no tensor") from error
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    return missing, unexpected


# %% exercise="restore_state" mistake="tensors-not-checked"
"""A value that is no tensor, a list or a number, fails somewhere inside, with another error that names no key. Ask for
its type before you use it."""


def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    return missing, unexpected


# %% exercise="restore_state" mistake="unexpected-forgiven"
"""Keys that the model does not have are no error for you. With `strict` they are: a misspelt name is a missing and an
unexpected one."""


def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and missing:
        raise RuntimeError(f"missing: {missing}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    return missing, unexpected


# %% exercise="restore_state" mistake="missing-forgiven"
"""Keys that the state lacks are no error for you. With `strict` they are: a part of the model would keep its old
values."""


def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and unexpected:
        raise RuntimeError(f"unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    return missing, unexpected


# %% exercise="restore_state" mistake="first-key-only"
"""Your error names only some of the bad keys, or none. Gather all of them, the missing and the unexpected, and then
raise once."""


def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing or unexpected: {(missing + unexpected)[0]}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    return missing, unexpected


# %% exercise="restore_state" mistake="first-key-only"
def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and missing:
        raise RuntimeError(f"missing: {missing}")
    if strict and unexpected:
        raise RuntimeError(f"unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    return missing, unexpected


# %% exercise="restore_state" mistake="first-key-only"
def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"{len(missing)} keys missing, {len(unexpected)} unexpected")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    return missing, unexpected


# %% exercise="restore_state" mistake="other-error"
"""What you raise is another error than the `RuntimeError` that was asked for."""


def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise KeyError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise TypeError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise ValueError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    return missing, unexpected


# %% exercise="restore_state" mistake="other-error"
def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise KeyError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    return missing, unexpected


# %% exercise="restore_state" mistake="other-error"
def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise TypeError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise ValueError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    return missing, unexpected


# %% exercise="restore_state" mistake="other-error"
def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise TypeError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    return missing, unexpected


# %% exercise="restore_state" mistake="other-error"
def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise ValueError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    return missing, unexpected


# %% exercise="restore_state" mistake="other-error"
def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise ValueError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise ValueError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise ValueError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise ValueError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    return missing, unexpected


# %% exercise="restore_state" mistake="other-error"
def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise KeyError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise KeyError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise KeyError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise KeyError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    return missing, unexpected


# %% exercise="restore_state" mistake="key-not-named"
"""Your error about a bad value does not say under which key it stood. In a model of a hundred tensors nobody would
find it."""


def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError("the values must be tensors")
        if value.shape != own[key].shape:
            raise RuntimeError(f"shape {value.shape} does not fit")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError("this cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    return missing, unexpected


# %% exercise="restore_state" mistake="key-not-named"
def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise RuntimeError(f"shape {value.shape} does not fit")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    return missing, unexpected


# %% exercise="restore_state" mistake="strict-ignored"
"""`strict` makes no difference: a missing or unexpected key is an error in both cases, or in neither."""


def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if missing or unexpected:
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    return missing, unexpected


# %% exercise="restore_state" mistake="strict-ignored"
def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    return missing, unexpected


# %% exercise="restore_state" mistake="nothing-returned"
"""You don't return the two lists. With `strict=False` they are all that tells the caller what was not loaded."""


def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)


# %% exercise="restore_state" mistake="nothing-returned"
def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    return module


# %% exercise="restore_state" mistake="nothing-returned"
def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    return missing + unexpected


# %% exercise="restore_state" mistake="nothing-returned"
def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    if not strict:
        return missing, unexpected


# %% exercise="restore_state" mistake="lists-swapped"
"""Your two lists are in the wrong order: first what the state lacks, then what it has too much."""


def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    return unexpected, missing


# %% exercise="restore_state" mistake="no-lists"
"""What you return are no lists: sets, dict views or texts. The contract asks for two lists."""


def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = own.keys() - state.keys()
    unexpected = state.keys() - own.keys()
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    return missing, unexpected


# %% exercise="restore_state" mistake="no-lists"
def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    return tuple(missing), tuple(unexpected)


# %% exercise="restore_state" mistake="no-lists"
def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    return ", ".join(missing), ", ".join(unexpected)


# %% exercise="restore_state" mistake="state-emptied"
"""`state` is not what it was: values are gone from it. It is somebody else's dict, and may be loaded into a second
model: leave it as it is."""


def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state.pop(key)
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    return missing, unexpected


# %% exercise="restore_state" mistake="state-emptied"
def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    for key in unexpected:
        del state[key]
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    return missing, unexpected


# %% exercise="restore_state" mistake="buffers-forgotten"
"""You restore Parameters only. Buffers are state as well: a BatchNorm with the old means predicts something else."""


def restore_state(module, state, strict=True):
    own = {}

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None:
                own[path + name] = parameter
        for name, child in owner._modules.items():
            if child is not None:
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    return missing, unexpected


# %% exercise="restore_state" mistake="buffers-forgotten"
def restore_state(module, state, strict=True):
    own = dict(module.named_parameters(remove_duplicate=False))
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    return missing, unexpected


# %% exercise="restore_state" mistake="empty-is-false"
"""A container without children has length 0, and so counts as false: you pass it by, with the tensors of its own. Ask
whether a child `is None`, not whether it is true."""


def restore_state(module, state, strict=True):
    own = {}

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None:
                own[path + name] = parameter
        for name, buffer in owner._buffers.items():
            if buffer is not None and name not in owner._non_persistent_buffers_set:
                own[path + name] = buffer
        for name, child in owner._modules.items():
            if child:
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    return missing, unexpected


# %% exercise="restore_state" mistake="empty-tensor-left-out"
"""You leave out a tensor because it has no numbers in it. Its name belongs to the state all the same, so it is an expected
key."""


def restore_state(module, state, strict=True):
    own = {}

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None and parameter.numel():
                own[path + name] = parameter
        for name, buffer in owner._buffers.items():
            if buffer is not None and buffer.numel() and name not in owner._non_persistent_buffers_set:
                own[path + name] = buffer
        for name, child in owner._modules.items():
            if child is not None:
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    return missing, unexpected


# %% exercise="restore_state" mistake="not-persistent-expected"
"""You expect buffers that are not persistent. They are in no state; `_non_persistent_buffers_set` says which they
are."""


def restore_state(module, state, strict=True):
    own = {}

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None:
                own[path + name] = parameter
        for name, buffer in owner._buffers.items():
            if buffer is not None:
                own[path + name] = buffer
        for name, child in owner._modules.items():
            if child is not None:
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    return missing, unexpected


# %% exercise="restore_state" mistake="not-persistent-expected"
def restore_state(module, state, strict=True):
    own = {
        **dict(module.named_parameters(remove_duplicate=False)),
        **dict(module.named_buffers(remove_duplicate=False)),
    }
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    return missing, unexpected


# %% exercise="restore_state" mistake="second-names-lost"
"""You expect a shared Parameter under its first name only. A state has it under each of its names, so each of them is
expected."""


def restore_state(module, state, strict=True):
    own = dict(module.named_parameters())
    for path, owner in module.named_modules():
        for name, buffer in owner.named_buffers(recurse=False):
            if name not in owner._non_persistent_buffers_set:
                own[f"{path}.{name}" if path else name] = buffer
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    return missing, unexpected


# %% exercise="restore_state" mistake="extra-state-expected"
"""Your expected keys hold more than Parameters and persistent buffers. Often they are those of `state_dict()`, which
has a class's extra state as well."""


def restore_state(module, state, strict=True):
    own = module.state_dict(keep_vars=True)
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    return missing, unexpected


# %% exercise="restore_state" mistake="batch-count-forgiven"
"""You forgive a missing `num_batches_tracked`, as torch does for old checkpoints. Here every key of the state counts,
without exceptions."""


def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state and not key.endswith("num_batches_tracked")]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    return missing, unexpected


# %% exercise="restore_state" mistake="no-no-grad"
"""You write into Parameters while autograd is watching. A leaf that requires a gradient must not be changed in place
outside `torch.no_grad()`."""


def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    for key, value in copies.items():
        own[key].copy_(value)
    return missing, unexpected


# %% exercise="restore_state" mistake="frozen-thawed"
"""Afterwards a Parameter that was frozen is trainable, or the other way round. Only the numbers are to be restored."""


def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
            if isinstance(own[key], nn.Parameter):
                own[key].requires_grad_(True)
    return missing, unexpected


# %% exercise="restore_state" mistake="frozen-thawed"
def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
            own[key].requires_grad_(state[key].requires_grad)
    return missing, unexpected


# %% exercise="restore_state" mistake="rest-not-copied"
"""With `strict=False` and a key missing you return without copying anything. What fits is to be copied."""


def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    if missing or unexpected:
        return missing, unexpected
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    return missing, unexpected


# %% exercise="restore_state" mistake="dtype-refused"
"""You refuse a value of another dtype. `copy_` converts it, so it can be copied, and the contract asks for no more."""


def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.shape != own[key].shape or value.dtype != own[key].dtype:
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    return missing, unexpected


# %% exercise="restore_state" mistake="difference-added"
"""You change each tensor by the difference between new and old. That rounds, and where the old number is infinite it makes
NaN. Copy the new numbers over the old ones."""


def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key] += value - own[key]
    return missing, unexpected


# %% exercise="restore_state" mistake="rounded-on-the-way"
"""Your values take a way through another dtype, and are rounded there. float32 has no room for a float64, nor for a large
integer: copy each value as it is."""


def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing = [key for key in own if key not in state]
    unexpected = [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing: {missing}, unexpected: {unexpected}")
    copies = {}
    for key in own:
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, torch.Tensor):
            raise RuntimeError(f"{key} is no tensor")
        if value.shape != own[key].shape:
            raise RuntimeError(f"{key} has the wrong shape")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(value.detach().float())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    return missing, unexpected


# %% exercise="restore_state" right="rollback"
def restore_state(module, state, strict=True):
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
                walk(child, path + name + ".")

    walk(module, "")
    missing, unexpected = list(own.keys() - state.keys()), list(state.keys() - own.keys())
    if strict and missing + unexpected:
        raise RuntimeError("keys that do not match: " + ", ".join(missing + unexpected))
    backup = {key: tensor.detach().clone() for key, tensor in own.items()}
    values = {k: v.detach().clone() if isinstance(v, torch.Tensor) else v for k, v in state.items() if k in own}
    key = None
    try:
        with torch.no_grad():
            for key, value in values.items():
                if value.shape != own[key].shape:
                    raise ValueError("shape")
                own[key].copy_(value)
    except Exception as error:
        with torch.no_grad():
            for name, tensor in backup.items():
                own[name].copy_(tensor)
        raise RuntimeError(f"could not restore {key!r}: {error}") from None
    return missing, unexpected


# %% exercise="restore_state" right="keep-vars"
def restore_state(module, state, strict=True):
    own = {k: v for k, v in module.state_dict(keep_vars=True).items() if isinstance(v, torch.Tensor)}
    missing = sorted(set(own) - set(state))
    unexpected = sorted(set(state) - set(own))
    if strict:
        problems = [f"missing {k}" for k in missing] + [f"unexpected {k}" for k in unexpected]
        if problems:
            raise RuntimeError("; ".join(problems))

    def prepared(key):
        value, target = state[key], own[key]
        if not torch.is_tensor(value) or value.size() != target.size():
            raise RuntimeError("does not fit: " + key)
        try:
            return torch.zeros_like(target.detach()).copy_(value.detach()).clone()
        except (RuntimeError, NotImplementedError) as error:
            raise RuntimeError("cannot be copied: " + key) from error

    pairs = [(own[key], prepared(key)) for key in own if key in state]
    for target, value in pairs:
        target.detach().copy_(value)
    return missing, unexpected


# %% exercise="restore_state" right="data"
from collections import namedtuple

Keys = namedtuple("Keys", "missing unexpected")


class StateError(RuntimeError):
    pass


def _targets(module, prefix=""):
    for name, tensor in module._parameters.items():
        if tensor is not None:
            yield prefix + name, tensor
    for name, tensor in module._buffers.items():
        if tensor is not None and name not in module._non_persistent_buffers_set:
            yield prefix + name, tensor
    for name, child in module._modules.items():
        if child is not None:
            yield from _targets(child, f"{prefix}{name}.")


def restore_state(module, state, strict=True):
    targets = dict(_targets(module))
    keys = Keys([], [])
    for key in {**targets, **state}:
        if key not in state:
            keys.missing.append(key)
        elif key not in targets:
            keys.unexpected.append(key)
    if strict and any(keys):
        raise StateError(str(keys))
    staged = []
    for key, target in targets.items():
        if key in state:
            try:
                assert isinstance(state[key], torch.Tensor) and state[key].shape == target.shape
                copy = torch.empty(target.shape, dtype=target.dtype, device=target.device)
                copy.data.copy_(state[key].data)
            except BaseException as error:
                raise StateError(key) from error
            staged.append((target, copy))
    for target, copy in staged:
        target.data.copy_(copy)
    return keys


# %% exercise="restore_state" right="checked-then-loaded"
def restore_state(module, state, strict=True):
    own = {name: p for name, p in module.named_parameters(remove_duplicate=False)}
    for path, owner in module.named_modules(remove_duplicate=False):
        for name, buffer in owner._buffers.items():
            if buffer is not None and name not in owner._non_persistent_buffers_set:
                own[(path + "." if path else "") + name] = buffer
    missing = [*filter(lambda key: key not in state, own)]
    unexpected = [*filter(lambda key: key not in own, state)]
    if strict and (missing or unexpected):
        raise RuntimeError(f"{missing=} {unexpected=}")
    fresh = {}
    with torch.no_grad():
        for key, value in state.items():
            if key in unexpected:
                continue
            if not isinstance(value, torch.Tensor):
                raise RuntimeError(f"{key}: {type(value)} instead of a tensor")
            if tuple(value.shape) != tuple(own[key].shape):
                raise RuntimeError(f"{key}: {tuple(value.shape)} instead of {tuple(own[key].shape)}")
            fresh[key] = torch.full_like(own[key], 0)
            try:
                fresh[key][...] = value
            except Exception as error:
                raise RuntimeError(f"{key}: {error}")
        torch._foreach_copy_([own[key] for key in fresh], [*fresh.values()])
    return missing, unexpected


# %% exercise="restore_state" right="two-classes"
class Slot:
    def __init__(self, key, tensor):
        self.key, self.tensor = key, tensor

    def stage(self, value):
        problem = None
        if not isinstance(value, torch.Tensor):
            problem = "not a tensor"
        elif value.shape != self.tensor.shape:
            problem = f"shape {list(value.shape)}"
        else:
            try:
                self.staged = self.tensor.detach().clone()
                self.staged.copy_(value.detach())
            except Exception as error:
                problem = str(error)
        if problem:
            raise RuntimeError(f"Cannot restore {self.key}: {problem}")

    def commit(self):
        with torch.no_grad():
            self.tensor.copy_(self.staged)


def _slots(module, *path):
    tensors = {**module._parameters}
    tensors.update({n: b for n, b in module._buffers.items() if n not in module._non_persistent_buffers_set})
    slots = [Slot(".".join(path + (name,)), tensor) for name, tensor in tensors.items() if tensor is not None]
    for name, child in module._modules.items():
        slots += _slots(child, *path, name) if child is not None else []
    return slots


def restore_state(module, state, strict=True):
    slots = _slots(module)
    known = {slot.key for slot in slots}
    missing = [slot.key for slot in slots if slot.key not in state]
    unexpected = [key for key in state.keys() if key not in known]
    if strict and (len(missing) > 0 or len(unexpected) > 0):
        raise RuntimeError("Missing: " + str(missing) + " Unexpected: " + str(unexpected))
    slots = [slot for slot in slots if slot.key not in missing]
    for slot in slots:
        slot.stage(state[slot.key])
    for slot in slots:
        slot.commit()
    return missing, unexpected


# %% [markdown]
# # lecture_facts

# %% exercise="lecture_facts" mistake="old-form-differs"
"""`super(Net, self).__init__()` is the old spelling of `super().__init__()`: inside the class, Python fills in both
arguments by itself. The two modules in the experiment have the same contents."""
lecture_answers = {
    "super_forms": False,
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

# %% exercise="lecture_facts" mistake="still-ordered-dict"
"""It was an OrderedDict once. Since torch 2.5 `_parameters` is an ordinary dict, which keeps the order just as
well."""
lecture_answers = {
    "super_forms": True,
    "ordered_dict": True,
    "layers_are_parameters": False,
    "own_table": False,
    "plain_attribute_too": False,
    "register_parameter": True,
    "only_learnable": False,
    "parameters_drop_names": True,
    "gradient_needs_registration": False,
    "zero_grad_last": True,
}

# %% exercise="lecture_facts" mistake="layers-as-parameters"
"""A layer is a module that *has* Parameters. Look at the bases: `nn.Linear` comes from `nn.Module`, and `nn.Parameter`
from `torch.Tensor`. Neither is the other."""
lecture_answers = {
    "super_forms": True,
    "ordered_dict": False,
    "layers_are_parameters": True,
    "own_table": False,
    "plain_attribute_too": False,
    "register_parameter": True,
    "only_learnable": False,
    "parameters_drop_names": True,
    "gradient_needs_registration": False,
    "zero_grad_last": True,
}

# %% exercise="lecture_facts" mistake="one-table-for-all"
"""Each module's `_parameters` has only what was assigned to that very module. The weights of a layer stand in the
layer's own table, and the network gets to them through `_modules`."""
lecture_answers = {
    "super_forms": True,
    "ordered_dict": False,
    "layers_are_parameters": False,
    "own_table": True,
    "plain_attribute_too": False,
    "register_parameter": True,
    "only_learnable": False,
    "parameters_drop_names": True,
    "gradient_needs_registration": False,
    "zero_grad_last": True,
}

# %% exercise="lecture_facts" mistake="stands-in-both"
"""Registering takes the place of the ordinary assignment: `__setattr__` stops there. That is why `__dict__` lacks the
name, and why there has to be a `__getattr__` that finds it."""
lecture_answers = {
    "super_forms": True,
    "ordered_dict": False,
    "layers_are_parameters": False,
    "own_table": False,
    "plain_attribute_too": True,
    "register_parameter": True,
    "only_learnable": False,
    "parameters_drop_names": True,
    "gradient_needs_registration": False,
    "zero_grad_last": True,
}

# %% exercise="lecture_facts" mistake="register-parameter-differs"
"""For a new name, the assignment of a Parameter and `register_parameter` end in the same place: one key in
`_parameters`, and the very same object behind it."""
lecture_answers = {
    "super_forms": True,
    "ordered_dict": False,
    "layers_are_parameters": False,
    "own_table": False,
    "plain_attribute_too": False,
    "register_parameter": False,
    "only_learnable": False,
    "parameters_drop_names": True,
    "gradient_needs_registration": False,
    "zero_grad_last": True,
}

# %% exercise="lecture_facts" mistake="relu-not-registered"
"""Every module that is assigned is registered, whether it has anything to learn or not. Without that, `train()` and
`eval()` would never reach a Dropout."""
lecture_answers = {
    "super_forms": True,
    "ordered_dict": False,
    "layers_are_parameters": False,
    "own_table": False,
    "plain_attribute_too": False,
    "register_parameter": True,
    "only_learnable": True,
    "parameters_drop_names": True,
    "gradient_needs_registration": False,
    "zero_grad_last": True,
}

# %% exercise="lecture_facts" mistake="parameters-differ"
"""`parameters()` loops over `named_parameters()` and leaves the names out. The tensors are the same objects, in the
same order."""
lecture_answers = {
    "super_forms": True,
    "ordered_dict": False,
    "layers_are_parameters": False,
    "own_table": False,
    "plain_attribute_too": False,
    "register_parameter": True,
    "only_learnable": False,
    "parameters_drop_names": False,
    "gradient_needs_registration": False,
    "zero_grad_last": True,
}

# %% exercise="lecture_facts" mistake="registered-get-gradients"
"""`backward()` follows the calculation, and knows nothing of modules. `shift` was never registered, and has a
gradient. Registration decides who is *stepped*, saved and moved."""
lecture_answers = {
    "super_forms": True,
    "ordered_dict": False,
    "layers_are_parameters": False,
    "own_table": False,
    "plain_attribute_too": False,
    "register_parameter": True,
    "only_learnable": False,
    "parameters_drop_names": True,
    "gradient_needs_registration": True,
    "zero_grad_last": True,
}

# %% exercise="lecture_facts" mistake="zero-grad-must-be-first"
"""What counts is that no old gradient is there when `backward()` runs. With a new model there is none at first, and at
the end of a step is as good as at the start of the next."""
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
    "zero_grad_last": False,
}

# %% exercise="lecture_facts" mistake="took-the-sketch-for-torch"
"""You took the lecture's sketch of `__setattr__` at its word. Torch keeps a layer in `_modules` alone: its weights
stay in the layer's own table, and nothing goes into `__dict__`."""
lecture_answers = {
    "super_forms": True,
    "ordered_dict": False,
    "layers_are_parameters": False,
    "own_table": True,
    "plain_attribute_too": True,
    "register_parameter": True,
    "only_learnable": False,
    "parameters_drop_names": True,
    "gradient_needs_registration": False,
    "zero_grad_last": True,
}

# %% exercise="lecture_facts" mistake="took-the-sketch-for-torch"
lecture_answers = {
    "super_forms": True,
    "ordered_dict": False,
    "layers_are_parameters": True,
    "own_table": True,
    "plain_attribute_too": True,
    "register_parameter": True,
    "only_learnable": False,
    "parameters_drop_names": True,
    "gradient_needs_registration": False,
    "zero_grad_last": True,
}

# %% exercise="lecture_facts" mistake="took-the-sketch-for-torch"
lecture_answers = {
    "super_forms": True,
    "ordered_dict": True,
    "layers_are_parameters": True,
    "own_table": True,
    "plain_attribute_too": True,
    "register_parameter": True,
    "only_learnable": False,
    "parameters_drop_names": True,
    "gradient_needs_registration": False,
    "zero_grad_last": True,
}

# %% exercise="lecture_facts" mistake="all-true"
"""You answered True everywhere. Six of the ten do not hold: run the experiments, and read what they print."""
lecture_answers = dict.fromkeys(
    [
        "super_forms",
        "ordered_dict",
        "layers_are_parameters",
        "own_table",
        "plain_attribute_too",
        "register_parameter",
        "only_learnable",
        "parameters_drop_names",
        "gradient_needs_registration",
        "zero_grad_last",
    ],
    True,
)

# %% exercise="lecture_facts" mistake="all-false"
"""You answered False everywhere. The lecture is not that bad: four of the ten hold."""
lecture_answers = dict.fromkeys(
    [
        "super_forms",
        "ordered_dict",
        "layers_are_parameters",
        "own_table",
        "plain_attribute_too",
        "register_parameter",
        "only_learnable",
        "parameters_drop_names",
        "gradient_needs_registration",
        "zero_grad_last",
    ],
    False,
)

# %% exercise="lecture_facts" mistake="turned-round"
"""Every answer is the wrong way round: True is for what holds in torch today."""
lecture_answers = {
    "super_forms": False,
    "ordered_dict": True,
    "layers_are_parameters": True,
    "own_table": True,
    "plain_attribute_too": True,
    "register_parameter": False,
    "only_learnable": True,
    "parameters_drop_names": False,
    "gradient_needs_registration": True,
    "zero_grad_last": False,
}

# %% exercise="lecture_facts" mistake="no-bools"
"""Your answers are texts or numbers. Write True and False, without quotes."""
lecture_answers = {
    "super_forms": "True",
    "ordered_dict": "False",
    "layers_are_parameters": "False",
    "own_table": "False",
    "plain_attribute_too": "False",
    "register_parameter": "True",
    "only_learnable": "False",
    "parameters_drop_names": "True",
    "gradient_needs_registration": "False",
    "zero_grad_last": "True",
}

# %% exercise="lecture_facts" mistake="no-bools"
lecture_answers = {
    "super_forms": 1,
    "ordered_dict": 0,
    "layers_are_parameters": 0,
    "own_table": 0,
    "plain_attribute_too": 0,
    "register_parameter": 1,
    "only_learnable": 0,
    "parameters_drop_names": 1,
    "gradient_needs_registration": 0,
    "zero_grad_last": 1,
}

# %% exercise="lecture_facts" mistake="no-bools"
lecture_answers = {
    "super_forms": "yes",
    "ordered_dict": "no",
    "layers_are_parameters": "no",
    "own_table": "no",
    "plain_attribute_too": "no",
    "register_parameter": "yes",
    "only_learnable": "no",
    "parameters_drop_names": "yes",
    "gradient_needs_registration": "no",
    "zero_grad_last": "yes",
}

# %% exercise="lecture_facts" mistake="no-bools"
lecture_answers = {
    "super_forms": "true",
    "ordered_dict": "false",
    "layers_are_parameters": "false",
    "own_table": "false",
    "plain_attribute_too": "false",
    "register_parameter": "true",
    "only_learnable": "false",
    "parameters_drop_names": "true",
    "gradient_needs_registration": "false",
    "zero_grad_last": "true",
}

# %% exercise="lecture_facts" mistake="no-dict"
"""`lecture_answers` must be a dict that leads from the ten keys to True or False. Keep the cell's form, and replace
each None."""
lecture_answers = [True, False, False, False, False, True, False, True, False, True]

# %% exercise="lecture_facts" mistake="no-dict"
lecture_answers = (True, False, False, False, False, True, False, True, False, True)

# %% exercise="lecture_facts" right="keyword-dict"
lecture_answers = dict(
    zero_grad_last=True,
    gradient_needs_registration=False,
    parameters_drop_names=True,
    only_learnable=False,
    register_parameter=True,
    plain_attribute_too=False,
    own_table=False,
    layers_are_parameters=False,
    ordered_dict=False,
    super_forms=True,
)

# %% exercise="lecture_facts" right="filled-in-later"
lecture_answers = dict.fromkeys(
    [
        "super_forms",
        "ordered_dict",
        "layers_are_parameters",
        "own_table",
        "plain_attribute_too",
        "register_parameter",
        "only_learnable",
        "parameters_drop_names",
        "gradient_needs_registration",
        "zero_grad_last",
    ]
)
for _key in lecture_answers:
    lecture_answers[_key] = _key in ("super_forms", "register_parameter", "parameters_drop_names", "zero_grad_last")

# %% exercise="lecture_facts" right="by-experiment"
from collections import OrderedDict


class _Net(nn.Module):
    def __init__(self):
        super(_Net, self).__init__()
        self.relu = nn.ReLU()
        self.fc = nn.Linear(2, 1)
        self.shift = torch.zeros(1, requires_grad=True)


_net = _Net()
(_net.fc(torch.ones(2)) + _net.shift).sum().backward()
_other = nn.Module()
_other.register_parameter("weight", _net.fc.weight)
lecture_answers = {
    "super_forms": "fc" in _net._modules,
    "ordered_dict": isinstance(_net._parameters, OrderedDict),
    "layers_are_parameters": issubclass(nn.Linear, nn.Parameter),
    "own_table": len(_net._parameters) > 0,
    "plain_attribute_too": "fc" in vars(_net),
    "register_parameter": _other.weight is _net.fc.weight,
    "only_learnable": "relu" not in _net._modules,
    "parameters_drop_names": all(a is b for a, (_, b) in zip(_net.parameters(), _net.named_parameters())),
    "gradient_needs_registration": _net.shift.grad is None,
    "zero_grad_last": True,
}

# %% exercise="lecture_facts" right="ordered"
from collections import OrderedDict

lecture_answers = OrderedDict(
    zip(
        [
            "super_forms",
            "ordered_dict",
            "layers_are_parameters",
            "own_table",
            "plain_attribute_too",
            "register_parameter",
            "only_learnable",
            "parameters_drop_names",
            "gradient_needs_registration",
            "zero_grad_last",
        ],
        [True, False, False, False, False, True, False, True, False, True],
    )
)

# %% exercise="lecture_facts" right="two-lists"
_holds = ["super_forms", "register_parameter", "parameters_drop_names", "zero_grad_last"]
_fails = [
    "ordered_dict",
    "layers_are_parameters",
    "own_table",
    "plain_attribute_too",
    "only_learnable",
    "gradient_needs_registration",
]
lecture_answers = {**dict.fromkeys(_holds, True), **dict.fromkeys(_fails, False), "remark": "run it"}
