"""Lesson 3: further answers, which the lesson's own `mistakes.py` does not know.

`right="…"` must pass. `wrong="…"` must fail; `mistake="…"` beside it is what the student must be told, and where it is
missing, nothing may be named.
"""

# %% [markdown]
# # where_is


# %% exercise="where_is" wrong="lists-of-names-2" mistake="none-is-not-there"
def where_is(module, name):
    parameters = [n for n, _ in module.named_parameters(remove_duplicate=False)]
    buffers = [n for n, _ in module.named_buffers(remove_duplicate=False)]
    modules = [n for n, _ in module.named_modules(remove_duplicate=False)]
    if name in parameters:
        return "parameter"
    if name in buffers:
        return "buffer"
    if name in modules:
        return "module"
    owner, _, last = name.rpartition(".")
    if owner in modules and hasattr(module.get_submodule(owner), last):
        return "attribute"
    return "missing"


# %% exercise="where_is" wrong="path-by-getattr-3" mistake="path-by-getattr"
def where_is(module, name):
    owner, _, last = name.rpartition(".")
    try:
        module = module.get_submodule(owner)
    except AttributeError:
        return "missing"
    for kind in ("parameter", "buffer", "module"):
        if last in getattr(module, f"_{kind}s"):
            return kind
    return "attribute" if hasattr(module, last) else "missing"


# %% exercise="where_is" wrong="path-by-getattr-4" mistake="path-by-getattr"
def where_is(module, name):
    path = name.split(".")
    try:
        for part in path[:-1]:
            module = getattr(module, part)
        getattr(module, path[-1])
    except AttributeError:
        return "missing"
    for kind, table in (("parameter", "_parameters"), ("buffer", "_buffers"), ("module", "_modules")):
        if path[-1] in vars(module).get(table, {}) if hasattr(module, "__dict__") else False:
            return kind
    return "attribute"


# %% exercise="where_is" wrong="attribute-of-dir-2" mistake="attribute-of-dir"
def where_is(module, name):
    *path, last = name.split(".")
    for part in path:
        module = module._modules.get(part)
        if module is None:
            return "missing"
    for kind in ("parameter", "buffer", "module"):
        if last in getattr(module, "_" + kind + "s"):
            return kind
    if last in module.__dict__ or hasattr(type(module), last):
        return "attribute"
    return "missing"


# %% exercise="where_is" wrong="hasattr-of-getattr-path" mistake="path-by-getattr"
def where_is(module, name):
    parts = name.split(".")
    current = module
    for i, part in enumerate(parts):
        if i == len(parts) - 1:
            if part in current._parameters:
                return "parameter"
            if part in current._buffers:
                return "buffer"
            if part in current._modules:
                return "module"
            if hasattr(current, part):
                return "attribute"
            return "missing"
        try:
            current = getattr(current, part)
        except AttributeError:
            return "missing"
        if current is None or not isinstance(current, nn.Module):
            return "missing"


# %% exercise="where_is" right="rpartition"
def where_is(module, name):
    path, _, last = name.rpartition(".")
    for part in path.split(".") if path else []:
        module = module._modules.get(part)
        if module is None:
            return "missing"
    for kind in ("parameter", "buffer", "module"):
        if last in vars(module)[f"_{kind}s"]:
            return kind
    return "attribute" if hasattr(module, last) else "missing"


# %% exercise="where_is" wrong="empty-parts-filtered" mistake="empty-parts-skipped"
def where_is(module, name):
    parts = list(filter(None, name.split(".")))
    while len(parts) > 1:
        module = module._modules.get(parts.pop(0))
        if module is None:
            return "missing"
    for table, kind in ((module._parameters, "parameter"), (module._buffers, "buffer"), (module._modules, "module")):
        if parts[0] in table:
            return kind
    return "attribute" if hasattr(module, parts[0]) else "missing"


# %% exercise="set_mode" wrong="list-for-ever" mistake="memory-for-ever"
def set_mode(module, training, done=[]):
    if training is not True and training is not False:
        raise ValueError(training)
    module.training = training
    for child in module._modules.values():
        if child is not None and not any(child is other for other in done):
            done.append(child)
            set_mode(child, training)
    return module


# %% exercise="set_mode" right="memory-made-anew"
def set_mode(module, training, done=None):
    if training is not True and training is not False:
        raise ValueError(training)
    done = set() if done is None else done
    module.training = training
    for child in module._modules.values():
        if child is not None and id(child) not in done:
            done.add(id(child))
            set_mode(child, training, done)
    return module


# %% exercise="iter_named_parameters" wrong="no-length-no-way" mistake="empty-is-false"
def iter_named_parameters(module, prefix="", recurse=True, seen=None):
    seen = [] if seen is None else seen
    dot = f"{prefix}." if prefix else ""
    for name, parameter in module._parameters.items():
        if parameter is not None and not any(parameter is other for other in seen):
            seen.append(parameter)
            yield dot + name, parameter
    for name, child in module._modules.items() if recurse else ():
        if not child:
            continue
        yield from iter_named_parameters(child, dot + name, True, seen)


# %% exercise="where_is" wrong="buffers-first-of-state-dict"
def where_is(module, name):
    *prefix, last = name.split(".")
    for p in prefix:
        if p not in module._modules or module._modules[p] is None:
            return "missing"
        module = module._modules[p]
    if last in module._parameters:
        return "parameter"
    if last in module.state_dict():
        return "buffer"
    if last in module._modules:
        return "module"
    return "attribute" if hasattr(module, last) else "missing"


# %% exercise="where_is" wrong="capitalised" mistake="other-words"
def where_is(module, name):
    *path, last = name.split(".")
    for part in path:
        module = module._modules.get(part)
        if module is None:
            return "Missing"
    if last in module._parameters:
        return "Parameter"
    elif last in module._buffers:
        return "Buffer"
    elif last in module._modules:
        return "Module"
    elif hasattr(module, last):
        return "Attribute"
    return "Missing"


# %% exercise="where_is" wrong="buffers-forgotten" mistake="buffers-forgotten"
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
    if hasattr(module, last):
        return "attribute"
    return "missing"


# %% exercise="where_is" wrong="raises-key-error-for-missing" mistake="raises-on-the-way"
def where_is(module, name):
    parts = name.split(".")
    for p in parts[:-1]:
        if module._modules.get(p) is None:
            raise KeyError(name)
        module = module._modules[p]
    last = parts[-1]
    for table, kind in ((module._parameters, "parameter"), (module._buffers, "buffer"), (module._modules, "module")):
        if last in table:
            return kind
    if hasattr(module, last):
        return "attribute"
    raise KeyError(name)


# %% exercise="where_is" wrong="truthy-values" mistake="none-attribute-missing"
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
    return "attribute" if getattr(module, last, False) else "missing"


# %% exercise="where_is" wrong="children-on-the-way" mistake="lists-of-names"
def where_is(module, name):
    *path, last = name.split(".")
    for part in path:
        children = dict(module.named_children())
        if part not in children:
            return "missing"
        module = children[part]
    if last in module._parameters:
        return "parameter"
    if last in module._buffers:
        return "buffer"
    if last in module._modules:
        return "module"
    return "attribute" if hasattr(module, last) else "missing"


# %% exercise="where_is" wrong="getattr-and-is-instance-of-tables" mistake="raises-on-the-way"
def where_is(module, name):
    if "." in name:
        head, tail = name.split(".", 1)
        if head in module._modules:
            return where_is(module._modules[head], tail)
        return "missing"
    for kind in "parameter", "buffer", "module":
        if name in getattr(module, f"_{kind}s"):
            return kind
    return "attribute" if hasattr(module, name) else "missing"


# %% exercise="where_is" wrong="class-attributes-left-out"
def where_is(module, name):
    *path, last = name.split(".")
    for part in path:
        module = module._modules.get(part)
        if module is None:
            return "missing"
    for kind in ("parameter", "buffer", "module"):
        if last in module.__dict__["_" + kind + "s"]:
            return kind
    if last in module.__dict__ or callable(getattr(module, last, None)):
        return "attribute"
    return "missing"


# %% exercise="where_is" wrong="returns-at-first-part"
def where_is(module, name):
    for part in name.split("."):
        if part in module._parameters:
            return "parameter"
        if part in module._buffers:
            return "buffer"
        if part in module._modules:
            module = module._modules[part]
            continue
        return "attribute" if hasattr(module, part) else "missing"
    return "module"


# %% exercise="where_is" right="get-submodule-checked"
def where_is(module, name):
    parts = name.split(".")
    owner = module
    while len(parts) > 1:
        step, parts = parts[0], parts[1:]
        owner = owner._modules.get(step, None)
        if not isinstance(owner, nn.Module):
            return "missing"
    kinds = {"_parameters": "parameter", "_buffers": "buffer", "_modules": "module"}
    for table, kind in kinds.items():
        if parts[0] in owner.__getattribute__(table):
            return kind
    return "attribute" if hasattr(owner, parts[0]) else "missing"


# %% exercise="where_is" right="rsplit-recursive"
def where_is(module, name, default="missing"):
    if "." not in name:
        own = {
            **{k: "module" for k in module._modules},
            **{k: "buffer" for k in module._buffers},
            **{k: "parameter" for k in module._parameters},
        }
        if name in own:
            return own[name]
        return "attribute" if hasattr(module, name) else default
    head, tail = name.split(".", maxsplit=1)
    sub = module._modules[head] if head in module._modules else None
    return default if sub is None else where_is(sub, tail)


# %% exercise="where_is" right="enum-str"
import enum


class Kind(str, enum.Enum):
    PARAMETER = "parameter"
    BUFFER = "buffer"
    MODULE = "module"
    ATTRIBUTE = "attribute"
    MISSING = "missing"


def where_is(module, name):
    *steps, leaf = name.split(".")
    for step in steps:
        module = module._modules.get(step)
        if module is None:
            return Kind.MISSING.value
    for kind, names in zip(Kind, (module._parameters, module._buffers, module._modules)):
        if leaf in names:
            return kind.value
    return (Kind.ATTRIBUTE if hasattr(module, leaf) else Kind.MISSING).value


# %% exercise="where_is" right="try-except-chain"
def where_is(module, name):
    *path, last = name.split(".")
    try:
        for part in path:
            module = module._modules[part]
            module._modules
    except (KeyError, AttributeError):
        return "missing"
    try:
        module._parameters[last]
        return "parameter"
    except KeyError:
        pass
    try:
        module._buffers[last]
        return "buffer"
    except KeyError:
        pass
    try:
        module._modules[last]
        return "module"
    except KeyError:
        pass
    try:
        getattr(module, last)
    except AttributeError:
        return "missing"
    else:
        return "attribute"


# %% exercise="where_is" right="generator-of-owners"
def _owners(module, parts):
    yield module
    for part in parts:
        module = module._modules.get(part) if module is not None else None
        yield module


def where_is(module, name):
    parts = name.split(".")
    owners = list(_owners(module, parts[:-1]))
    if any(o is None for o in owners):
        return "missing"
    owner, key = owners[-1], parts[-1]
    if key in owner._parameters:
        return "parameter"
    if key in owner._buffers:
        return "buffer"
    if key in owner._modules:
        return "module"
    return ["missing", "attribute"][int(hasattr(owner, key))]


# %% [markdown]
# # mini_module


# %% exercise="mini_module" wrong="derived-from-nn-module-2" mistake="derived-from-nn-module"
class MiniModule(nn.Module):
    def __init__(self):
        super().__init__()
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
        object.__delattr__(self, name)


# %% exercise="mini_module" wrong="getattr-before-init-2" mistake="getattr-before-init"
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
        if name in self._parameters:
            return self._parameters[name]
        if name in self._buffers:
            return self._buffers[name]
        if name in self._modules:
            return self._modules[name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" wrong="one-table-for-all-objects-2" mistake="one-table-for-all-objects"
class MiniModule:
    def __init__(self, parameters={}, buffers={}, modules={}):
        object.__setattr__(self, "_parameters", parameters)
        object.__setattr__(self, "_buffers", buffers)
        object.__setattr__(self, "_modules", modules)
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


# %% exercise="mini_module" wrong="one-table-for-all-objects-3" mistake="one-table-for-all-objects"
class MiniModule:
    _parameters = {}
    _buffers = {}
    _modules = {}
    training = True

    def __init__(self):
        object.__setattr__(self, "training", True)

    def _forget(self, name):
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            table.pop(name, None)

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            if "training" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "training" not in self.__dict__:
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
            if name in getattr(type(self), table):
                return getattr(type(self), table)[name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" wrong="registered-twice-2" mistake="registered-twice"
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
            self.__dict__.pop(name, None)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("call super().__init__() first")
            self.__dict__.pop(name, None)
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


# %% exercise="mini_module" wrong="none-refused-2" mistake="none-refused"
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


# %% exercise="mini_module" wrong="name-not-told-2" mistake="name-not-told"
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


# %% exercise="mini_module" wrong="name-not-told-3" mistake="name-not-told"
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
                raise TypeError
            self._parameters[name] = None
        elif name in self.__dict__.get("_modules", {}):
            if value is not None:
                raise TypeError
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


# %% exercise="mini_module" wrong="buffer-takes-anything-2" mistake="buffer-takes-anything"
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


# %% exercise="mini_module" wrong="no-word-about-init-2" mistake="no-word-about-init"
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
                raise AttributeError("not ready yet")
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                raise AttributeError("not ready yet")
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


# %% exercise="mini_module" wrong="dicts-made-on-demand" mistake="not-refused-before-init"
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
                MiniModule.__init__(self)
            self._forget(name)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in self.__dict__:
                MiniModule.__init__(self)
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


# %% exercise="mini_module" wrong="buffer-of-anything-2" mistake="buffer-of-anything"
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
        if tensor is not None:
            tensor = torch.as_tensor(tensor)
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


# %% exercise="mini_module" wrong="missing-name-unclear-3" mistake="missing-name-unclear"
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
        raise AttributeError

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" wrong="missing-name-unclear-4" mistake="missing-name-unclear"
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
        raise AttributeError(f"{type(self).__name__} has no such attribute")

    def __delattr__(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)


# %% exercise="mini_module" wrong="lecture-sketch" mistake="plain-attribute-as-well"
class MiniModule:
    def __init__(self):
        self.__dict__["_parameters"] = {}
        self.__dict__["_buffers"] = {}
        self.__dict__["_modules"] = {}
        self.__dict__["training"] = True

    def register_parameter(self, name, value):
        self._parameters[name] = value

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        self._buffers[name] = tensor

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            self.register_parameter(name, value)
        elif isinstance(value, (nn.Module, MiniModule)):
            self._modules[name] = value
        object.__setattr__(self, name, value)

    def __getattr__(self, name):
        if name in self._buffers:
            return self._buffers[name]
        raise AttributeError(f"{type(self).__name__}: {name}")


# %% exercise="mini_module" wrong="copy-into-the-buffer"
class MiniModule:
    def __init__(self):
        d = self.__dict__
        d["_parameters"] = {}
        d["_buffers"] = {}
        d["_modules"] = {}
        d["training"] = True

    def __setattr__(self, name, value):
        d = self.__dict__
        if isinstance(value, (nn.Parameter, nn.Module, MiniModule)):
            if "_parameters" not in d:
                raise AttributeError("super().__init__() first")
            d.pop(name, None)
            for t in ("_parameters", "_buffers", "_modules"):
                d[t].pop(name, None)
            d["_parameters" if isinstance(value, nn.Parameter) else "_modules"][name] = value
            return
        for t in ("_parameters", "_modules"):
            if name in d.get(t, ()):
                if value is not None:
                    raise TypeError(f"{name!r} must stay a {t[1:-1]}")
                d[t][name] = None
                return
        if name in d.get("_buffers", ()):
            if value is None:
                d["_buffers"][name] = None
            elif isinstance(value, torch.Tensor):
                if d["_buffers"][name] is None:
                    d["_buffers"][name] = value
                else:
                    d["_buffers"][name].copy_(value)
            else:
                raise TypeError(name)
            return
        super().__setattr__(name, value)

    def __getattr__(self, name):
        for t in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(t, ()):
                return self.__dict__[t][name]
        raise AttributeError(f"{type(self).__name__}.{name}")

    def __delattr__(self, name):
        for t in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(t, ()):
                del self.__dict__[t][name]
                return
        super().__delattr__(name)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if name not in self._buffers and hasattr(self, name):
            raise KeyError(name)
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(name)
        self._buffers[name] = tensor


# %% exercise="mini_module" wrong="plain-attribute-not-hidden-for-modules" mistake="hidden-by-an-old-attribute"
class MiniModule:
    def __init__(self):
        for t in ("_parameters", "_buffers", "_modules"):
            object.__setattr__(self, t, {})
        object.__setattr__(self, "training", True)

    def _clear(self, name, *tables):
        for t in tables:
            t.pop(name, None)

    def __setattr__(self, name, value):
        d = self.__dict__
        if isinstance(value, nn.Parameter):
            if "_parameters" not in d:
                raise AttributeError("no __init__ yet")
            self._clear(name, d, self._buffers, self._modules)
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in d:
                raise AttributeError("no __init__ yet")
            self._clear(name, self._parameters, self._buffers)
            self._modules[name] = value
        elif name in d.get("_parameters", ()) or name in d.get("_modules", ()):
            if value is not None:
                raise TypeError(f"{name} is registered")
            (self._parameters if name in self._parameters else self._modules)[name] = None
        elif name in d.get("_buffers", ()):
            if not (value is None or torch.is_tensor(value)):
                raise TypeError(f"{name} is a buffer")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def __getattr__(self, name):
        for t in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(t, ()):
                return self.__dict__[t][name]
        raise AttributeError(f"{type(self).__name__} object has no {name}")

    def __delattr__(self, name):
        for t in (self._parameters, self._buffers, self._modules):
            if name in t:
                del t[name]
                return
        object.__delattr__(self, name)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(name)
        if not (tensor is None or torch.is_tensor(tensor)):
            raise TypeError(name)
        self._buffers[name] = tensor


# %% exercise="mini_module" wrong="deletes-from-dict-only-when-missing-elsewhere" mistake="not-deletable"
class MiniModule:
    def __init__(self):
        self.__dict__.update(_parameters={}, _buffers={}, _modules={}, training=True)

    def __setattr__(self, name, value):
        own = self.__dict__
        kind = (
            "_parameters"
            if isinstance(value, nn.Parameter)
            else "_modules"
            if isinstance(value, (nn.Module, MiniModule))
            else None
        )
        if kind is not None and kind not in own:
            raise AttributeError("call __init__ first")
        holder = next((t for t in ("_parameters", "_modules", "_buffers") if name in own.get(t, {})), None)
        if kind is not None:
            if holder:
                own[holder].pop(name)
            own.pop(name, None)
            own[kind][name] = value
        elif holder == "_buffers" and (value is None or torch.is_tensor(value)):
            own[holder][name] = value
        elif holder and value is None:
            own[holder][name] = None
        elif holder:
            raise TypeError(f"{name} is in {holder}")
        else:
            object.__setattr__(self, name, value)

    def __getattr__(self, name):
        for t in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(t, {}):
                return self.__dict__[t][name]
        raise AttributeError(f"{self.__class__.__name__} has no attribute {name}")

    def __delattr__(self, name):
        if name in self._parameters:
            del self._parameters[name]
        if name in self._buffers:
            del self._buffers[name]
        if name in self._modules:
            del self._modules[name]
        object.__delattr__(self, name)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(name)
        if tensor is not None and not torch.is_tensor(tensor):
            raise TypeError(name)
        self._buffers[name] = tensor


# %% exercise="mini_module" wrong="register-buffer-by-assignment"
class MiniModule:
    def __init__(self):
        self.__dict__.update(_parameters={}, _buffers={}, _modules={}, training=True)

    def _holder(self, name):
        return next((t for t in ("_parameters", "_modules", "_buffers") if name in self.__dict__.get(t, {})), None)

    def __setattr__(self, name, value):
        own, holder = self.__dict__, self._holder(name)
        if isinstance(value, (nn.Parameter, nn.Module, MiniModule)):
            if "_modules" not in own:
                raise AttributeError("call __init__ first")
            for t in (own, own["_parameters"], own["_buffers"], own["_modules"]):
                t.pop(name, None)
            own["_parameters" if isinstance(value, nn.Parameter) else "_modules"][name] = value
        elif holder is None:
            object.__setattr__(self, name, value)
        elif value is None or (holder == "_buffers" and torch.is_tensor(value)):
            own[holder][name] = value
        else:
            raise TypeError(f"{name} is in {holder}")

    def __getattr__(self, name):
        holder = self._holder(name)
        if holder is None:
            raise AttributeError(f"{self.__class__.__name__} has no attribute {name}")
        return self.__dict__[holder][name]

    def __delattr__(self, name):
        holder = self._holder(name)
        if holder is None:
            object.__delattr__(self, name)
        else:
            del self.__dict__[holder][name]

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        self._buffers[name] = None
        setattr(self, name, tensor)


# %% exercise="mini_module" wrong="only-getattr-for-instances-of-MiniModule-name" mistake="missing-name-unclear"
class MiniModule:
    def __init__(self):
        self.__dict__.update(_parameters={}, _buffers={}, _modules={}, training=True)

    def __setattr__(self, name, value):
        own = self.__dict__
        if isinstance(value, (nn.Parameter, nn.Module, MiniModule)):
            if "_modules" not in own:
                raise AttributeError("call __init__ first")
            for t in (own, own["_parameters"], own["_buffers"], own["_modules"]):
                t.pop(name, None)
            own["_parameters" if isinstance(value, nn.Parameter) else "_modules"][name] = value
            return
        for t in ("_parameters", "_modules", "_buffers"):
            if name in own.get(t, {}):
                if value is None or (t == "_buffers" and torch.is_tensor(value)):
                    own[t][name] = value
                    return
                raise TypeError(f"{name} is in {t}")
        object.__setattr__(self, name, value)

    def __getattr__(self, name):
        for t in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(t, {}):
                return self.__dict__[t][name]
        raise AttributeError(f"{name} was not found")

    def __delattr__(self, name):
        for t in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(t, {}):
                del self.__dict__[t][name]
                return
        object.__delattr__(self, name)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if name not in self._buffers and hasattr(self, name):
            raise KeyError(name)
        if tensor is not None and not torch.is_tensor(tensor):
            raise TypeError(name)
        self._buffers[name] = tensor


# %% exercise="mini_module" wrong="naive-self-tables" mistake="endless-getattr"
class MiniModule:
    def __init__(self):
        self._parameters = {}
        self._buffers = {}
        self._modules = {}
        self.training = True

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            self._modules[name] = value
        elif name in self._parameters:
            if value is None:
                self._parameters[name] = None
            else:
                raise TypeError(name)
        else:
            object.__setattr__(self, name, value)

    def __getattr__(self, name):
        if name in self._parameters:
            return self._parameters[name]
        if name in self._modules:
            return self._modules[name]
        if name in self._buffers:
            return self._buffers[name]
        raise AttributeError(f"{type(self).__name__} {name}")

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        self._buffers[name] = tensor


# %% exercise="mini_module" wrong="happy-path-only" mistake="names-already-taken"
class MiniModule:
    def __init__(self):
        self.__dict__["_parameters"] = {}
        self.__dict__["_buffers"] = {}
        self.__dict__["_modules"] = {}
        self.training = True

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            self._parameters[name] = value
        elif isinstance(value, (nn.Module, MiniModule)):
            self._modules[name] = value
        else:
            object.__setattr__(self, name, value)

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__[table]:
                return self.__dict__[table][name]
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        self._buffers[name] = tensor


# %% exercise="mini_module" wrong="hasattr-in-setattr" mistake="replacement-refused"
class MiniModule:
    def __init__(self):
        self.__dict__.update(_parameters={}, _buffers={}, _modules={}, training=True)

    def __setattr__(self, name, value):
        own = self.__dict__
        if isinstance(value, (nn.Parameter, nn.Module, MiniModule)):
            if "_modules" not in own:
                raise AttributeError("call __init__ first")
            if name in own:
                raise KeyError(f"attribute {name} already exists")
            for t in (own["_parameters"], own["_buffers"], own["_modules"]):
                t.pop(name, None)
            own["_parameters" if isinstance(value, nn.Parameter) else "_modules"][name] = value
            return
        for t in ("_parameters", "_modules", "_buffers"):
            if name in own.get(t, {}):
                if value is None or (t == "_buffers" and torch.is_tensor(value)):
                    own[t][name] = value
                    return
                raise TypeError(f"{name} is in {t}")
        object.__setattr__(self, name, value)

    def __getattr__(self, name):
        for t in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(t, {}):
                return self.__dict__[t][name]
        raise AttributeError(f"{type(self).__name__} {name} was not found")

    def __delattr__(self, name):
        for t in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(t, {}):
                del self.__dict__[t][name]
                return
        object.__delattr__(self, name)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if name not in self._buffers and hasattr(self, name):
            raise KeyError(name)
        if tensor is not None and not torch.is_tensor(tensor):
            raise TypeError(name)
        self._buffers[name] = tensor


# %% exercise="mini_module" wrong="torch-order-module-over-parameter" mistake="replacement-refused"
class MiniModule:
    def __init__(self):
        self.__dict__.update(_parameters={}, _buffers={}, _modules={}, training=True)

    def __setattr__(self, name, value):
        own = self.__dict__
        params = own.get("_parameters")
        if isinstance(value, nn.Parameter):
            if params is None:
                raise AttributeError("cannot assign parameters before __init__() call")
            for d in (own, own["_buffers"], own["_modules"]):
                d.pop(name, None)
            params[name] = value
        elif params is not None and name in params:
            if value is not None:
                raise TypeError(f"cannot assign {value!r} as parameter {name!r}")
            params[name] = None
        elif isinstance(value, (nn.Module, MiniModule)):
            if "_modules" not in own:
                raise AttributeError("cannot assign module before __init__() call")
            for d in (own, own["_buffers"], params):
                d.pop(name, None)
            own["_modules"][name] = value
        elif name in own.get("_modules", ()):
            if value is not None:
                raise TypeError(f"cannot assign {value!r} as module {name!r}")
            own["_modules"][name] = None
        elif name in own.get("_buffers", ()):
            if value is not None and not isinstance(value, torch.Tensor):
                raise TypeError(f"cannot assign {value!r} as buffer {name!r}")
            own["_buffers"][name] = value
        else:
            object.__setattr__(self, name, value)

    def __getattr__(self, name):
        for t in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(t, {}):
                return self.__dict__[t][name]
        raise AttributeError(f"{type(self).__name__} {name} was not found")

    def __delattr__(self, name):
        for t in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(t, {}):
                del self.__dict__[t][name]
                return
        object.__delattr__(self, name)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if name not in self._buffers and hasattr(self, name):
            raise KeyError(name)
        if tensor is not None and not torch.is_tensor(tensor):
            raise TypeError(name)
        self._buffers[name] = tensor


# %% exercise="mini_module" right="simple-pop-everything"
class MiniModule:
    def __init__(self):
        super().__setattr__("_parameters", {})
        super().__setattr__("_buffers", {})
        super().__setattr__("_modules", {})
        self.training = True

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter) or isinstance(value, nn.Module) or isinstance(value, MiniModule):
            if "_parameters" not in self.__dict__:
                raise AttributeError(
                    f"{type(self).__name__}.__init__ must call super().__init__() before setting {name}"
                )
            for d in (self._parameters, self._buffers, self._modules, self.__dict__):
                if name in d:
                    del d[name]
            if isinstance(value, nn.Parameter):
                self._parameters[name] = value
            else:
                self._modules[name] = value
            return
        if "_parameters" in self.__dict__:
            if name in self._parameters:
                if value is not None:
                    raise TypeError(f"cannot assign {value} to parameter {name}")
                self._parameters[name] = None
                return
            if name in self._modules:
                if value is not None:
                    raise TypeError(f"cannot assign {value} to module {name}")
                self._modules[name] = None
                return
            if name in self._buffers:
                if value is not None and not isinstance(value, torch.Tensor):
                    raise TypeError(f"cannot assign {value} to buffer {name}")
                self._buffers[name] = value
                return
        super().__setattr__(name, value)

    def __getattr__(self, name):
        if "_parameters" in self.__dict__:
            for d in (self._parameters, self._buffers, self._modules):
                if name in d:
                    return d[name]
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")

    def __delattr__(self, name):
        if "_parameters" in self.__dict__:
            for d in (self._parameters, self._buffers, self._modules):
                if name in d:
                    del d[name]
                    return
        super().__delattr__(name)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if type(name) is not str:
            raise TypeError("names are texts")
        if "." in name:
            raise KeyError("no dots")
        if name == "":
            raise KeyError("no name")
        if name in self._parameters or name in self._modules:
            raise KeyError(f"{name} is taken")
        if name not in self._buffers and hasattr(self, name):
            raise KeyError(f"{name} is taken")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError("buffers are tensors")
        self._buffers[name] = tensor


# %% exercise="mini_module" right="collections-userdict-free"
class Slots(dict):
    """A dict that knows what fits."""

    def __init__(self, fits):
        super().__init__()
        self.fits = fits


class MiniModule:
    def __init__(self, *args, **kwargs):
        self.__dict__["_parameters"] = Slots(lambda v: v is None)
        self.__dict__["_modules"] = Slots(lambda v: v is None)
        self.__dict__["_buffers"] = Slots(lambda v: v is None or isinstance(v, torch.Tensor))
        self.__dict__["training"] = True

    def _all(self):
        return [v for v in vars(self).values() if type(v) is Slots]

    def __setattr__(self, name, value):
        target = None
        if isinstance(value, nn.Parameter):
            target = vars(self).get("_parameters", False)
        elif isinstance(value, (MiniModule, nn.Module)):
            target = vars(self).get("_modules", False)
        if target is False:
            raise AttributeError("forgot super().__init__()?")
        if target is not None:
            for slots in self._all() + [vars(self)]:
                if slots is not target:
                    slots.pop(name, None)
            target[name] = value
            return
        for slots in self._all():
            if name in slots:
                if not slots.fits(value):
                    raise TypeError(f"{type(value)} for {name}")
                slots[name] = value
                return
        object.__setattr__(self, name, value)

    def __getattr__(self, name):
        for slots in object.__getattribute__(self, "_all")():
            if name in slots:
                return slots[name]
        raise AttributeError(f"{type(self).__name__} object: no {name}")

    def __delattr__(self, name):
        hit = [slots for slots in self._all() if name in slots]
        if hit:
            hit[0].pop(name)
        else:
            object.__delattr__(self, name)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(name)
        if not self._buffers.fits(tensor):
            raise TypeError(type(tensor))
        self._buffers[name] = tensor


# %% exercise="mini_module" wrong="borrowed-functions-of-torch" mistake="derived-from-nn-module"
class MiniModule:
    def __init__(self):
        inner = nn.Module()
        for key in ("_parameters", "_buffers", "_modules"):
            self.__dict__[key] = getattr(inner, key)
        self.__dict__["training"] = inner.training

    def __setattr__(self, name, value):
        own = self.__dict__
        tables = [own[k] for k in ("_parameters", "_buffers", "_modules") if k in own]
        special = isinstance(value, (nn.Parameter, nn.Module, MiniModule))
        if special and not tables:
            raise AttributeError("init first")
        if special:
            for t in [own, *tables]:
                t.pop(name, None)
            tables[0 if isinstance(value, nn.Parameter) else 2][name] = value
            return
        for t in tables:
            if name in t:
                if value is not None and (t is not tables[1] or not torch.is_tensor(value)):
                    raise TypeError(name)
                t[name] = value
                return
        return super().__setattr__(name, value)

    def __getattr__(self, name):
        try:
            return nn.Module.__getattr__(self, name)
        except AttributeError as error:
            raise AttributeError(str(error)) from None

    def __delattr__(self, name):
        for k in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(k, {}):
                del self.__dict__[k][name]
                break
        else:
            super().__delattr__(name)

    def register_buffer(self, name, tensor):
        self.__dict__.setdefault("_non_persistent_buffers_set", set())
        nn.Module.register_buffer(self, name, tensor)


# %% exercise="mini_module" right="descriptor-free-dispatch"
from functools import singledispatchmethod


class _Base:
    pass


class MiniModule(_Base):
    def __init__(self):
        for key in ("_parameters", "_buffers", "_modules"):
            vars(self)[key] = {}
        vars(self)["training"] = True

    @singledispatchmethod
    def _assign(self, value, name):
        for key in ("_parameters", "_modules", "_buffers"):
            table = vars(self).get(key, {})
            if name in table:
                if value is None or (key == "_buffers" and isinstance(value, torch.Tensor)):
                    table[name] = value
                    return
                raise TypeError(f"'{name}' holds a {key[1:-1]}")
        object.__setattr__(self, name, value)

    @_assign.register
    def _(self, value: nn.Parameter, name):
        self._claim("_parameters", name, value)

    @_assign.register(nn.Module)
    @_assign.register(_Base)
    def _(self, value, name):
        self._claim("_modules", name, value)

    def _claim(self, key, name, value):
        if key not in vars(self):
            raise AttributeError(f"__init__() of MiniModule was not called before {name} was assigned")
        for other in ("_parameters", "_buffers", "_modules"):
            if other != key:
                vars(self)[other].pop(name, None)
        vars(self).pop(name, None)
        vars(self)[key][name] = value

    def __setattr__(self, name, value):
        self._assign(value, name)

    def __getattr__(self, name):
        found = [vars(self)[k][name] for k in ("_parameters", "_buffers", "_modules") if name in vars(self).get(k, {})]
        if found:
            return found[0]
        raise AttributeError(f"{type(self).__name__} has nothing called {name}")

    def __delattr__(self, name):
        for k in ("_parameters", "_buffers", "_modules"):
            if vars(self).get(k, {}).pop(name, self) is not self:
                return
        object.__delattr__(self, name)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"{name!r} exists")
        if not isinstance(tensor, (torch.Tensor, type(None))):
            raise TypeError("tensor or None")
        self._buffers[name] = tensor


# %% exercise="mini_module" right="explicit-and-long"
def _is_module(value):
    return isinstance(value, nn.Module) or isinstance(value, MiniModule)


class MiniModule:
    def __init__(self):
        self.__dict__ = {"_parameters": {}, "_buffers": {}, "_modules": {}, "training": True, **self.__dict__}

    def __getattr__(self, name):
        own = vars(self)
        if name in own.get("_parameters", []):
            return own["_parameters"][name]
        if name in own.get("_buffers", []):
            return own["_buffers"][name]
        if name in own.get("_modules", []):
            return own["_modules"][name]
        raise AttributeError("{} has no attribute {}".format(self.__class__.__name__, name))

    def __setattr__(self, name, value):
        own = vars(self)
        if name == "__dict__":
            object.__setattr__(self, name, value)
        elif isinstance(value, nn.Parameter):
            if "_parameters" not in own:
                raise AttributeError("parameters come after super().__init__()")
            own.pop(name, None)
            own["_buffers"].pop(name, None)
            own["_modules"].pop(name, None)
            own["_parameters"][name] = value
        elif _is_module(value):
            if "_modules" not in own:
                raise AttributeError("modules come after super().__init__()")
            own.pop(name, None)
            own["_buffers"].pop(name, None)
            own["_parameters"].pop(name, None)
            own["_modules"][name] = value
        elif "_parameters" in own and name in own["_parameters"]:
            if value is not None:
                raise TypeError("parameter " + name)
            own["_parameters"][name] = value
        elif "_modules" in own and name in own["_modules"]:
            if value is not None:
                raise TypeError("module " + name)
            own["_modules"][name] = value
        elif "_buffers" in own and name in own["_buffers"]:
            if value is not None and not torch.is_tensor(value):
                raise TypeError("buffer " + name)
            own["_buffers"][name] = value
        else:
            object.__setattr__(self, name, value)

    def __delattr__(self, name):
        own = vars(self)
        for key in ["_parameters", "_buffers", "_modules"]:
            if key in own and name in own[key]:
                own[key].pop(name)
                return None
        object.__delattr__(self, name)

    def register_buffer(self, name, tensor):
        if "." in name or not name:
            raise KeyError(name)
        own = vars(self)
        if "_buffers" not in own:
            raise AttributeError("super().__init__() comes first")
        if not isinstance(name, str):
            raise TypeError("a name is a string")
        if len(name) == 0:
            raise KeyError("a name is not empty")
        if "." in name:
            raise KeyError("a name has no dots")
        if name not in own["_buffers"]:
            if hasattr(self, name):
                raise KeyError(f"there is already something called {name}")
        if tensor is not None:
            if not torch.is_tensor(tensor):
                raise TypeError("no tensor")
        own["_buffers"][name] = tensor


# %% [markdown]
# # iter_named_parameters


# %% exercise="iter_named_parameters" wrong="torch-does-it-2" mistake="torch-does-it"
def iter_named_parameters(module, prefix="", recurse=True):
    seen = set()
    modules = module.named_modules(prefix=prefix) if recurse else [(prefix, module)]
    for path, owner in modules:
        for name, parameter in owner._parameters.items():
            if parameter is not None and parameter not in seen:
                seen.add(parameter)
                yield (path + "." if path else "") + name, parameter


# %% exercise="iter_named_parameters" wrong="torch-does-it-3" mistake="torch-does-it"
def iter_named_parameters(module, prefix="", recurse=True):
    def walk(owner, path):
        for name, parameter in owner.named_parameters(recurse=False):
            if parameter not in seen:
                seen.add(parameter)
                yield path + name, parameter
        if recurse:
            for name, child in owner._modules.items():
                if child is not None:
                    yield from walk(child, path + name + ".")

    seen = set()
    return list(walk(module, prefix + "." if prefix else ""))


# %% exercise="iter_named_parameters" wrong="torch-does-it-4" mistake="torch-does-it"
def iter_named_parameters(module, prefix="", recurse=True):
    names = {}
    for name in module.state_dict(keep_vars=True):
        names[name] = module.state_dict(keep_vars=True)[name]
    for name, value in names.items():
        if isinstance(value, nn.Parameter):
            yield (prefix + "." if prefix else "") + name, value


# %% exercise="iter_named_parameters" wrong="shared-again-2" mistake="shared-parameter-twice"
def iter_named_parameters(module, prefix="", recurse=True):
    found = []
    dot = prefix + "." if prefix else ""
    for name, parameter in module._parameters.items():
        if parameter is not None:
            found.append((dot + name, parameter))
    if recurse:
        for name, child in module._modules.items():
            if child is not None:
                found += iter_named_parameters(child, dot + name)
    return found


# %% exercise="iter_named_parameters" wrong="memory-for-ever-2" mistake="memory-for-ever"
seen = set()


def iter_named_parameters(module, prefix="", recurse=True):
    for name, parameter in module._parameters.items():
        if parameter is not None and parameter not in seen:
            seen.add(parameter)
            yield f"{prefix}.{name}" if prefix else name, parameter
    if recurse:
        for name, child in module._modules.items():
            if child is not None:
                yield from iter_named_parameters(child, f"{prefix}.{name}" if prefix else name)


# %% exercise="iter_named_parameters" wrong="breadth-first-2" mistake="breadth-first"
from collections import deque


def iter_named_parameters(module, prefix="", recurse=True):
    found, queue = {}, deque([(prefix, module)])
    while queue:
        path, owner = queue.popleft()
        dot = "." if path else ""
        for name, parameter in owner._parameters.items():
            if parameter is not None:
                found.setdefault(parameter, path + dot + name)
        for name, child in owner._modules.items():
            if recurse and child is not None:
                queue.append((path + dot + name, child))
    return [(name, parameter) for parameter, name in found.items()]


# %% exercise="iter_named_parameters" wrong="no-pairs-2" mistake="no-pairs"
def iter_named_parameters(module, prefix="", recurse=True):
    seen = set()

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None and parameter not in seen:
                seen.add(parameter)
                yield path + name
        if recurse:
            for name, child in owner._modules.items():
                if child is not None:
                    yield from walk(child, path + name + ".")

    yield from walk(module, prefix + "." if prefix else "")


# %% exercise="iter_named_parameters" wrong="zip-of-parameters" mistake="torch-does-it"
def iter_named_parameters(module, prefix="", recurse=True):
    names = [n for n in module.state_dict() if "running" not in n and "num_batches" not in n]
    return list(zip([(prefix + "." if prefix else "") + n for n in names], module.parameters(recurse)))


# %% exercise="iter_named_parameters" wrong="original-function-kept" mistake="torch-does-it"
_torchs = nn.Module.named_parameters


def iter_named_parameters(module, prefix="", recurse=True):
    return _torchs(module, prefix, recurse)


# %% exercise="iter_named_parameters" wrong="through-a-wrapper" mistake="torch-does-it"
def iter_named_parameters(module, prefix="", recurse=True):
    wrapper = nn.ModuleDict({"it": module})
    dot = prefix + "." if prefix else ""
    for name, parameter in wrapper.named_parameters():
        name = name.removeprefix("it.")
        if recurse or "." not in name:
            yield dot + name, parameter


# %% exercise="iter_named_parameters" wrong="children-recursion-forgets-prefix" mistake="path-of-one"
def iter_named_parameters(module, prefix="", recurse=True):
    seen = set()

    def inner(m, pre):
        for n, p in m._parameters.items():
            if p is None or id(p) in seen:
                continue
            seen.add(id(p))
            yield (pre + "." + n if pre else n), p
        if recurse:
            for n, c in m._modules.items():
                if c is None:
                    continue
                yield from inner(c, (pre + "." + n if prefix else n))

    yield from inner(module, prefix)


# %% exercise="iter_named_parameters" wrong="seen-by-name" mistake="shared-parameter-twice"
def iter_named_parameters(module, prefix="", recurse=True):
    seen = set()

    def inner(m, pre):
        for n, p in m._parameters.items():
            full = pre + n
            if p is not None and full not in seen:
                seen.add(full)
                yield full, p
        if recurse:
            for n, c in m._modules.items():
                if c is not None:
                    yield from inner(c, pre + n + ".")

    return inner(module, prefix + "." if prefix else "")


# %% exercise="iter_named_parameters" wrong="recurse-one-level" mistake="direct-children-only"
def iter_named_parameters(module, prefix="", recurse=True):
    seen = set()
    pre = prefix + "." if prefix else ""
    for n, p in module._parameters.items():
        if p is not None and p not in seen:
            seen.add(p)
            yield pre + n, p
    for n, c in module._modules.items():
        if c is not None and recurse:
            for n2, p2 in iter_named_parameters(c, pre + n, False):
                if p2 not in seen:
                    seen.add(p2)
                    yield n2, p2


# %% exercise="iter_named_parameters" wrong="drops-the-flag-below" mistake="recurse-off"
def iter_named_parameters(module, prefix="", recurse=False):
    pre = prefix + "." if prefix else ""
    seen = []
    for n, p in module._parameters.items():
        if p is not None and not any(p is s for s in seen):
            seen.append(p)
            yield pre + n, p
    if recurse:
        for n, c in module._modules.items():
            if c is not None:
                for name, p in iter_named_parameters(c, pre + n, recurse):
                    if not any(p is s for s in seen):
                        seen.append(p)
                        yield name, p


# %% exercise="iter_named_parameters" wrong="sorted-by-name" mistake="sorted-by-name"
def iter_named_parameters(module, prefix="", recurse=True):
    found = {}

    def inner(m, pre):
        for n, p in m._parameters.items():
            if p is not None:
                found.setdefault(p, pre + n)
        if recurse:
            for n, c in m._modules.items():
                if c is not None:
                    inner(c, pre + n + ".")

    inner(module, prefix + "." if prefix else "")
    return sorted(((n, p) for p, n in found.items()), key=lambda pair: pair[0])


# %% exercise="iter_named_parameters" wrong="parameter-then-name" mistake="pair-turned-round"
def iter_named_parameters(module, prefix="", recurse=True, seen=None):
    seen = set() if seen is None else seen
    for n, p in module._parameters.items():
        if p is not None and p not in seen:
            seen.add(p)
            yield p, f"{prefix}.{n}" if prefix else n
    if recurse:
        for n, c in module._modules.items():
            if c is not None:
                yield from iter_named_parameters(c, f"{prefix}.{n}" if prefix else n, True, seen)


# %% exercise="iter_named_parameters" wrong="returns-nothing" mistake="nothing-returned"
def iter_named_parameters(module, prefix="", recurse=True):
    seen = set()

    def inner(m, pre):
        for n, p in m._parameters.items():
            if p is not None and p not in seen:
                seen.add(p)
                print(pre + n, p.shape)
        if recurse:
            for n, c in m._modules.items():
                if c is not None:
                    inner(c, pre + n + ".")

    inner(module, prefix + "." if prefix else "")


# %% exercise="iter_named_parameters" wrong="list-membership-tensors" mistake="numbers-compared"
def iter_named_parameters(module, prefix="", recurse=True):
    out = []

    def go(m, p):
        for k, v in m._parameters.items():
            if v is None:
                continue
            if v in [x for _, x in out]:
                continue
            out.append((p + k, v))
        if recurse:
            for k, v in m._modules.items():
                if v is not None:
                    go(v, p + k + ".")

    go(module, prefix + "." if prefix else "")
    return out


# %% exercise="iter_named_parameters" right="returns-dict-items"
def iter_named_parameters(module, prefix="", recurse=True):
    result, ids = {}, set()

    def add(m, path):
        for key in m._parameters:
            p = m._parameters[key]
            if p is not None and id(p) not in ids:
                ids.add(id(p))
                result[path + key] = p
        if not recurse:
            return
        for key in m._modules:
            if m._modules[key] is not None:
                add(m._modules[key], path + key + ".")

    add(module, f"{prefix}." if prefix != "" else "")
    return result.items()


# %% exercise="iter_named_parameters" right="list-of-lists"
def iter_named_parameters(module, prefix="", recurse=True):
    pairs = []

    def visit(m, names):
        pairs.extend([".".join(names + [k]), p] for k, p in m._parameters.items() if p is not None)
        if recurse:
            for k, c in m._modules.items():
                if c is not None:
                    visit(c, names + [k])

    visit(module, [prefix] if prefix else [])
    unique, seen = [], set()
    for name, p in pairs:
        if p not in seen:
            unique.append([name, p])
            seen.add(p)
    return unique


# %% exercise="iter_named_parameters" right="own-module-walk-generator"
def _modules_of(m, name, done):
    if id(m) in done:
        return
    done.add(id(m))
    yield name, m
    for k, c in m.__dict__["_modules"].items():
        if c is not None:
            yield from _modules_of(c, name + "." + k if name else k, done)


def iter_named_parameters(module, prefix="", recurse=True):
    done = set()
    owners = _modules_of(module, prefix, set()) if recurse else iter([(prefix, module)])
    for name, m in owners:
        for k, p in m.__dict__["_parameters"].items():
            if p is None or id(p) in done:
                continue
            done.add(id(p))
            yield (f"{name}.{k}" if name else k), p


# %% exercise="iter_named_parameters" right="innocent-use-of-torch"
def iter_named_parameters(module, prefix="", recurse=True):
    example = nn.Linear(1, 1)
    assert [n for n, _ in example.named_parameters()] == ["weight", "bias"]
    seen = set()

    def go(m, pre):
        for k, p in m._parameters.items():
            if p is not None and p not in seen:
                seen.add(p)
                yield pre + k, p
        for k, c in m._modules.items():
            if recurse and c is not None:
                yield from go(c, pre + k + ".")

    return go(module, prefix + "." if prefix else "")


# %% exercise="iter_named_parameters" right="namedtuple-stack"
from collections import namedtuple

Named = namedtuple("Named", ["name", "parameter"])


def iter_named_parameters(module, prefix="", recurse=True):
    seen, todo = {}, [(prefix, module)]
    while todo:
        path, m = todo.pop(0)
        name = (lambda key: key) if not path else (lambda key: path + "." + key)
        for key, p in m._parameters.items():
            if p is not None and p not in seen:
                seen[p] = Named(name(key), p)
        if recurse:
            todo[:0] = [(name(key), c) for key, c in m._modules.items() if c is not None]
    return tuple(seen.values())


# %% [markdown]
# # set_mode


# %% exercise="set_mode" wrong="torch-does-it-2" mistake="torch-does-it"
def set_mode(module, training):
    if not isinstance(training, bool):
        raise ValueError("training must be a bool")
    for m in module.modules():
        m.training = training
    return module


# %% exercise="set_mode" wrong="torch-does-it-3" mistake="torch-does-it"
def set_mode(module, training):
    if type(training) is not bool:
        raise ValueError(training)

    def switch(m):
        m.training = training

    return module.apply(switch)


# %% exercise="set_mode" wrong="direct-children-only-2" mistake="direct-children-only"
def set_mode(module, training):
    if not isinstance(training, bool):
        raise ValueError("training must be a bool")
    module.training = training
    for child in module._modules.values():
        if child is not None:
            child.training = training
    return module


# %% exercise="set_mode" wrong="no-check-2" mistake="no-check"
def set_mode(module, training):
    module.training = bool(training)
    for child in module.children():
        set_mode(child, training)
    return module


# %% exercise="set_mode" wrong="equal-is-not-a-bool-2" mistake="equal-is-not-a-bool"
def set_mode(module, training):
    if training != True and training != False:
        raise ValueError("training must be True or False")
    module.training = training
    for child in module.children():
        set_mode(child, training)
    return module


# %% exercise="set_mode" wrong="ints-pass-2" mistake="ints-pass"
def set_mode(module, training):
    if not isinstance(training, (bool, int)):
        raise ValueError("training must be True or False")
    module.training = bool(training)
    for child in module.children():
        set_mode(child, training)
    return module


# %% exercise="set_mode" wrong="train-on-children" mistake="torch-does-it"
def set_mode(module, training):
    if not isinstance(training, bool):
        raise ValueError("bool please")
    module.training = training
    for child in module.children():
        child.train(training)
    return module


# %% exercise="set_mode" wrong="eval-or-train" mistake="torch-does-it"
def set_mode(module, training):
    if training is True:
        module.train()
    elif training is False:
        module.eval()
    else:
        raise ValueError(training)
    return module


# %% exercise="set_mode" wrong="named-modules-loop" mistake="torch-does-it"
def set_mode(module, training):
    if type(training) is not bool:
        raise ValueError(training)
    for _, m in module.named_modules():
        setattr(m, "training", training)
    return module


# %% exercise="set_mode" wrong="returns-none-through-helper" mistake="returns-nothing"
def set_mode(module, training):
    if not isinstance(training, bool):
        raise ValueError("training must be a bool")

    def walk(m):
        m.training = training
        for c in m.children():
            walk(c)

    return walk(module)


# %% exercise="set_mode" wrong="is-not-none-check" mistake="some-values-refused"
def set_mode(module, training):
    if training is None or isinstance(training, str):
        raise ValueError("training must be a bool")
    module.training = training
    for child in module.children():
        set_mode(child, training)
    return module


# %% exercise="set_mode" wrong="raises-plain-exception" mistake="other-error"
def set_mode(module, training):
    if not isinstance(training, bool):
        raise Exception("training must be a bool")
    module.training = training
    for child in module.children():
        set_mode(child, training)
    return module


# %% exercise="set_mode" wrong="prints-and-returns" mistake="refused-in-silence"
def set_mode(module, training):
    if not isinstance(training, bool):
        print("ValueError: training must be a bool")
        return module
    module.training = training
    for child in module.children():
        set_mode(child, training)
    return module


# %% exercise="set_mode" wrong="sets-mode-attribute" mistake="another-attribute"
def set_mode(module, training):
    if not isinstance(training, bool):
        raise ValueError("training must be a bool")
    module.mode = training
    for child in module.children():
        set_mode(child, training)
    return module


# %% exercise="set_mode" wrong="only-dropout-and-batchnorm" mistake="chosen-types"
def set_mode(module, training):
    if not isinstance(training, bool):
        raise ValueError("training must be a bool")
    if isinstance(module, (nn.Dropout, nn.BatchNorm1d, nn.BatchNorm2d)):
        module.training = training
    for child in module.children():
        set_mode(child, training)
    return module


# %% exercise="set_mode" wrong="always-true-below" mistake="lost-on-the-way-down"
def set_mode(module, training=True):
    if not isinstance(training, bool):
        raise ValueError("training must be a bool")
    module.training = training
    for child in module.children():
        set_mode(child)
    return module


# %% exercise="set_mode" right="check-at-the-leaves"
def set_mode(module, training):
    for child in module.children():
        set_mode(child, training)
    if not isinstance(training, bool):
        raise ValueError("training must be a bool")
    module.training = training
    return module


# %% exercise="set_mode" right="named-children"
def set_mode(module, training):
    if not isinstance(training, bool):
        raise ValueError("training must be a bool, got " + str(type(training)))
    module.training = training
    for _name, child in module.named_children():
        set_mode(child, training)
    return module


# %% exercise="set_mode" right="dict-comprehension"
def set_mode(module, training):
    if training not in (True, False) or type(training) is not bool:
        raise ValueError(f"{training!r}")
    module.__setattr__("training", training)
    {name: set_mode(child, training) for name, child in module._modules.items() if child is not None}
    return module


# %% exercise="set_mode" right="queue"
import queue


def set_mode(module, training):
    if not isinstance(training, bool):
        raise ValueError(training)
    q = queue.Queue()
    q.put(module)
    while not q.empty():
        m = q.get()
        m.training = training
        for c in m.children():
            q.put(c)
    return module


# %% exercise="set_mode" right="class-visitor"
class ModeSetter:
    def __init__(self, training):
        if not isinstance(training, bool):
            raise ValueError("need a bool")
        self.training = training

    def visit(self, module):
        module.training = self.training
        for child in (c for c in module._modules.values() if isinstance(c, nn.Module)):
            self.visit(child)
        return module


def set_mode(module, training):
    return ModeSetter(training).visit(module)


# %% exercise="set_mode" right="reaches-others-with-torch"
def set_mode(module, training):
    reference = nn.Sequential(nn.Linear(1, 1), nn.Dropout()).train()
    assert sum(p.numel() for p in reference.parameters()) == 2
    if not isinstance(training, bool):
        raise ValueError("training must be a bool")
    stack = [module]
    while stack:
        stack[-1].training = training
        stack += list(stack.pop().children())
    return module


# %% [markdown]
# # collect_state


# %% exercise="collect_state" wrong="torch-does-it-2" mistake="torch-does-it"
def collect_state(module):
    state = {name: parameter.detach() for name, parameter in module.named_parameters(remove_duplicate=False)}
    state.update((name, buffer.detach()) for name, buffer in module.named_buffers(remove_duplicate=False))
    return state


# %% exercise="collect_state" wrong="torch-does-it-3" mistake="torch-does-it"
def collect_state(module):
    state = {}
    for path, owner in module.named_modules(remove_duplicate=False):
        dot = path + "." if path else ""
        for name, parameter in owner._parameters.items():
            if parameter is not None:
                state[dot + name] = parameter.detach()
        for name, buffer in owner._buffers.items():
            if buffer is not None and name not in owner._non_persistent_buffers_set:
                state[dot + name] = buffer.detach()
    return state


# %% exercise="collect_state" wrong="torch-does-it-4" mistake="torch-does-it"
def collect_state(module, prefix=""):
    state = {}
    module._save_to_state_dict(state, prefix, False)
    for name, child in module._modules.items():
        if child is not None:
            state.update(collect_state(child, prefix + name + "."))
    return state


# %% exercise="collect_state" wrong="copied-2" mistake="copied"
def collect_state(module):
    state = {}

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None:
                state[path + name] = parameter.clone().detach()
        for name, buffer in owner._buffers.items():
            if buffer is not None and name not in owner._non_persistent_buffers_set:
                state[path + name] = buffer.clone().detach()
        for name, child in owner._modules.items():
            if child is not None:
                walk(child, path + name + ".")

    walk(module, "")
    return state


# %% exercise="collect_state" wrong="copied-3" mistake="copied"
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
    import copy

    return copy.deepcopy(state)


# %% exercise="collect_state" wrong="copied-4" mistake="copied"
def collect_state(module):
    state = {}

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None:
                state[path + name] = torch.tensor(parameter.tolist(), dtype=parameter.dtype)
        for name, buffer in owner._buffers.items():
            if buffer is not None and name not in owner._non_persistent_buffers_set:
                state[path + name] = torch.tensor(buffer.tolist(), dtype=buffer.dtype)
        for name, child in owner._modules.items():
            if child is not None:
                walk(child, path + name + ".")

    walk(module, "")
    return state


# %% exercise="collect_state" wrong="model-changed-2" mistake="model-changed"
def collect_state(module):
    state = {}

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None:
                state[path + name] = parameter.detach_()
        for name, buffer in owner._buffers.items():
            if buffer is not None and name not in owner._non_persistent_buffers_set:
                state[path + name] = buffer.detach_()
        for name, child in owner._modules.items():
            if child is not None:
                walk(child, path + name + ".")

    walk(module, "")
    return state


# %% exercise="collect_state" wrong="the-roots-set-2" mistake="non-persistent-buffers-kept"
def collect_state(module):
    state = {}

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None:
                state[path + name] = parameter.detach()
        for name, buffer in owner._buffers.items():
            if buffer is not None and path + name not in module._non_persistent_buffers_set:
                state[path + name] = buffer.detach()
        for name, child in owner._modules.items():
            if child is not None:
                walk(child, path + name + ".")

    walk(module, "")
    return state


# %% exercise="collect_state" wrong="none-kept-3" mistake="none-kept"
def collect_state(module):
    state = {}

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            state[path + name] = parameter.detach()
        for name, buffer in owner._buffers.items():
            if buffer is not None and name not in owner._non_persistent_buffers_set:
                state[path + name] = buffer.detach()
        for name, child in owner._modules.items():
            if child is not None:
                walk(child, path + name + ".")

    walk(module, "")
    return state


# %% exercise="collect_state" wrong="not-deep-3" mistake="not-deep"
def collect_state(module, prefix=""):
    state = {}
    for name, parameter in module._parameters.items():
        if parameter is not None:
            state[prefix + name] = parameter.detach()
    for name, buffer in module._buffers.items():
        if buffer is not None and name not in module._non_persistent_buffers_set:
            state[prefix + name] = buffer.detach()
    for name, child in module._modules.items():
        if child is not None:
            collect_state(child, prefix + name + ".")
    return state


# %% exercise="collect_state" wrong="keep-vars-filter" mistake="torch-does-it"
def collect_state(module):
    return {k: v.detach() for k, v in module.state_dict(keep_vars=True).items()}


# %% exercise="collect_state" wrong="apply-collector" mistake="torch-does-it"
def collect_state(module):
    out = {}

    def grab(m):
        for k, p in m._parameters.items():
            if p is not None:
                out[k] = p.detach()

    module.apply(grab)
    return out


# %% exercise="collect_state" wrong="cpu-copies" mistake="copied"
def collect_state(module, pre=""):
    out = {}
    for k, p in module._parameters.items():
        if p is not None:
            out[pre + k] = p.detach().cpu().clone()
    for k, b in module._buffers.items():
        if b is not None and k not in module._non_persistent_buffers_set:
            out[pre + k] = b.detach().cpu().clone()
    for k, c in module._modules.items():
        if c is not None:
            out.update(collect_state(c, pre + k + "."))
    return out


# %% exercise="collect_state" wrong="numpy" mistake="arrays"
def collect_state(module, pre=""):
    out = {}
    for k, p in module._parameters.items():
        if p is not None:
            out[pre + k] = p.detach().numpy()
    for k, b in module._buffers.items():
        if b is not None and k not in module._non_persistent_buffers_set:
            out[pre + k] = b.detach().numpy()
    for k, c in module._modules.items():
        if c is not None:
            out.update(collect_state(c, pre + k + "."))
    return out


# %% exercise="collect_state" wrong="persistent-parameters-check-mixed-up" mistake="non-persistent-buffers-kept"
def collect_state(module, pre=""):
    out = {}
    for k, t in {**module._parameters, **module._buffers}.items():
        if t is not None:
            out[pre + k] = t.detach()
    for k in module._non_persistent_buffers_set:
        out.pop(k, None)
    for k, c in module._modules.items():
        if c is not None:
            out.update(collect_state(c, pre + k + "."))
    return out


# %% exercise="collect_state" wrong="no-grad-only" mistake="not-detached"
def collect_state(module, pre=""):
    out = {}
    with torch.no_grad():
        for k, p in module._parameters.items():
            if p is not None:
                out[pre + k] = p
        for k, b in module._buffers.items():
            if b is not None and k not in module._non_persistent_buffers_set:
                out[pre + k] = b
        for k, c in module._modules.items():
            if c is not None:
                out.update(collect_state(c, pre + k + "."))
    return out


# %% exercise="collect_state" wrong="update-before-own" mistake="children-first"
def collect_state(module, pre=""):
    out = {}
    for k, c in module._modules.items():
        if c is not None:
            out.update(collect_state(c, pre + k + "."))
    out.update((pre + k, p.detach()) for k, p in module._parameters.items() if p is not None)
    out.update(
        (pre + k, b.detach())
        for k, b in module._buffers.items()
        if b is not None and k not in module._non_persistent_buffers_set
    )
    return out


# %% exercise="collect_state" wrong="visited-set-of-modules-and-tensors" mistake="shared-modules-once"
def collect_state(module):
    out, visited = {}, []

    def go(m, pre):
        if any(m is v for v in visited):
            return
        visited.append(m)
        for k, p in m._parameters.items():
            if p is not None:
                out[pre + k] = p.detach()
        for k, b in m._buffers.items():
            if b is not None and k not in m._non_persistent_buffers_set:
                out[pre + k] = b.detach()
        for k, c in m._modules.items():
            if c is not None:
                go(c, pre + k + ".")

    go(module, "")
    return out


# %% exercise="collect_state" wrong="underscored-names"
def collect_state(module, pre=""):
    out = {}
    for k, p in module._parameters.items():
        if p is not None:
            out[pre + k] = p.detach()
    for k, b in module._buffers.items():
        if b is not None and k not in module._non_persistent_buffers_set:
            out[pre + k] = b.detach()
    for k, c in module._modules.items():
        if c is not None:
            out.update(collect_state(c, pre + k + "_"))
    return out


# %% exercise="collect_state" wrong="nested-dicts" mistake="dicts-in-dicts"
def collect_state(module):
    out = {}
    for k, p in module._parameters.items():
        if p is not None:
            out[k] = p.detach()
    for k, b in module._buffers.items():
        if b is not None and k not in module._non_persistent_buffers_set:
            out[k] = b.detach()
    for k, c in module._modules.items():
        if c is not None:
            out[k] = collect_state(c)
    return out


# %% exercise="collect_state" wrong="yields-pairs" mistake="no-dict"
def collect_state(module, pre=""):
    for k, p in module._parameters.items():
        if p is not None:
            yield pre + k, p.detach()
    for k, b in module._buffers.items():
        if b is not None and k not in module._non_persistent_buffers_set:
            yield pre + k, b.detach()
    for k, c in module._modules.items():
        if c is not None:
            yield from collect_state(c, pre + k + ".")


# %% exercise="collect_state" right="ordered-dict-update"
import collections


def collect_state(module, destination=None, prefix=""):
    destination = collections.OrderedDict() if destination is None else destination
    for name, p in module._parameters.items():
        if p is not None:
            destination[prefix + name] = p.detach()
    for name, b in module._buffers.items():
        if b is None or name in module._non_persistent_buffers_set:
            continue
        destination[prefix + name] = b.detach()
    for name, child in module._modules.items():
        if child is not None:
            collect_state(child, destination, prefix + name + ".")
    return destination


# %% exercise="collect_state" right="data-of-everything"
def collect_state(module):
    def pairs(m):
        yield from ((k, p) for k, p in m._parameters.items())
        yield from ((k, b) for k, b in m._buffers.items() if k not in m._non_persistent_buffers_set)
        for k, c in m._modules.items():
            if c is not None:
                yield from ((f"{k}.{name}", t) for name, t in pairs(c))

    return {k: t.data for k, t in pairs(module) if t is not None}


# %% exercise="collect_state" right="view-without-gradient"
def collect_state(module, prefix=""):
    state = {}
    with torch.no_grad():
        for name, p in module._parameters.items():
            if p is not None:
                state[prefix + name] = p.view_as(p).detach()
        for name in module._buffers:
            if name not in module._non_persistent_buffers_set and module._buffers[name] is not None:
                state[prefix + name] = module._buffers[name].detach()
    for name, child in module._modules.items():
        if child is not None:
            state = {**state, **collect_state(child, prefix=prefix + name + ".")}
    return state


# %% exercise="collect_state" right="explicit-stack-of-iterators"
def collect_state(module):
    state, stack = {}, []

    def enter(m, prefix):
        for key, p in m._parameters.items():
            if p is not None:
                state[prefix + key] = p.detach()
        for key, b in m._buffers.items():
            if not (b is None or key in m._non_persistent_buffers_set):
                state[prefix + key] = b.detach()
        stack.append((prefix, iter(m._modules.items())))

    enter(module, "")
    while stack:
        prefix, children = stack[-1]
        try:
            key, child = next(children)
        except StopIteration:
            stack.pop()
            continue
        if child is not None:
            enter(child, prefix + key + ".")
    return state


# %% exercise="collect_state" right="innocent-torch"
def collect_state(module):
    assert list(nn.Linear(1, 1).state_dict()) == ["weight", "bias"]
    state = {}

    def visit(m, *names):
        tensors = list(m._parameters.items())
        tensors += [(n, b) for n, b in m._buffers.items() if n not in m._non_persistent_buffers_set]
        for n, t in tensors:
            if t is not None:
                state[".".join(names + (n,))] = t.detach()
        [visit(c, *names, n) for n, c in m._modules.items() if c is not None]

    visit(module)
    return state


# %% [markdown]
# # restore_state


# %% exercise="restore_state" wrong="copied-on-the-way-2" mistake="copied-on-the-way"
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
    values = {key: value.detach().clone() if torch.is_tensor(value) else None for key, value in state.items()}
    with torch.no_grad():
        for key, value in values.items():
            if key in own:
                if value is None or own[key].shape != value.shape:
                    raise RuntimeError(key)
                try:
                    own[key].copy_(value)
                except RuntimeError as error:
                    raise RuntimeError(key) from error
    return missing, unexpected


# %% exercise="restore_state" wrong="shapes-not-checked-2" mistake="shapes-not-checked"
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
            copies[key] = torch.empty_like(own[key]).copy_(value.detach())
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    with torch.no_grad():
        for key, value in copies.items():
            own[key].copy_(value)
    return missing, unexpected


# %% exercise="restore_state" wrong="first-key-only-4" mistake="first-key-only"
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
    if strict:
        for key in own:
            if key not in state:
                raise RuntimeError(f"missing: {key}")
        for key in state:
            if key not in own:
                raise RuntimeError(f"unexpected: {key}")
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


# %% exercise="restore_state" wrong="lists-swapped-2" mistake="lists-swapped"
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
    unexpected = [key for key in own if key not in state]
    missing = [key for key in state if key not in own]
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


# %% exercise="restore_state" wrong="state-emptied-3" mistake="state-emptied"
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
        if isinstance(value, torch.Tensor):
            value = state[key] = value.detach().to(own[key].dtype).clone()
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


# %% exercise="restore_state" wrong="second-names-lost-2" mistake="second-names-lost"
def restore_state(module, state, strict=True):
    own, seen = {}, set()

    def walk(owner, path):
        for name, parameter in owner._parameters.items():
            if parameter is not None and parameter not in seen:
                seen.add(parameter)
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
    return missing, unexpected


# %% exercise="restore_state" wrong="as-torch-expects-2" mistake="extra-state-expected"
def restore_state(module, state, strict=True):
    own = module.state_dict()
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


# %% exercise="restore_state" wrong="state-dict-then-load" mistake="extra-state-expected"
def restore_state(module, state, strict=True):
    own = module.state_dict()
    missing = [k for k in own if k not in state]
    unexpected = [k for k in state if k not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing {missing}, unexpected {unexpected}")
    for k in own:
        if k in state and own[k].shape != state[k].shape:
            raise RuntimeError(f"shape of {k}")
    module.load_state_dict({k: v.clone() for k, v in state.items()}, strict=False)
    return missing, unexpected


# %% exercise="restore_state" wrong="clone-after-checking-no-meta" mistake="only-meta-tensors-noticed"
def restore_state(module, state, strict=True):
    own = {}

    def go(m, pre):
        for k, p in m._parameters.items():
            if p is not None:
                own[pre + k] = p
        for k, b in m._buffers.items():
            if b is not None and k not in m._non_persistent_buffers_set:
                own[pre + k] = b
        for k, c in m._modules.items():
            if c is not None:
                go(c, pre + k + ".")

    go(module, "")
    missing = [k for k in own if k not in state]
    unexpected = [k for k in state if k not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing {missing}, unexpected {unexpected}")
    for k, v in state.items():
        if k in own:
            if not isinstance(v, torch.Tensor):
                raise RuntimeError(f"{k} is not a tensor")
            if v.shape != own[k].shape:
                raise RuntimeError(f"{k} has shape {v.shape}")
            if v.is_meta:
                raise RuntimeError(f"{k} has no data")
    values = {k: v.detach().clone() for k, v in state.items() if k in own}
    with torch.no_grad():
        for k, v in values.items():
            own[k].copy_(v)
    return missing, unexpected


# %% exercise="restore_state" wrong="no-clone-of-state" mistake="read-while-writing"
def restore_state(module, state, strict=True):
    own = {}

    def go(m, pre):
        for k, p in m._parameters.items():
            if p is not None:
                own[pre + k] = p
        for k, b in m._buffers.items():
            if b is not None and k not in m._non_persistent_buffers_set:
                own[pre + k] = b
        for k, c in m._modules.items():
            if c is not None:
                go(c, pre + k + ".")

    go(module, "")
    missing = [k for k in own if k not in state]
    unexpected = [k for k in state if k not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing {missing}, unexpected {unexpected}")
    for k in own:
        if k in state:
            v = state[k]
            if not isinstance(v, torch.Tensor) or v.shape != own[k].shape:
                raise RuntimeError(f"{k} does not fit")
            try:
                torch.empty_like(own[k]).copy_(v)
            except Exception:
                raise RuntimeError(f"{k} cannot be copied")
    with torch.no_grad():
        for k in own:
            if k in state:
                own[k].copy_(state[k])
    return missing, unexpected


# %% exercise="restore_state" wrong="raises-value-error" mistake="other-error"
def restore_state(module, state, strict=True):
    own = {}

    def go(m, pre):
        for k, p in m._parameters.items():
            if p is not None:
                own[pre + k] = p
        for k, b in m._buffers.items():
            if b is not None and k not in m._non_persistent_buffers_set:
                own[pre + k] = b
        for k, c in m._modules.items():
            if c is not None:
                go(c, pre + k + ".")

    go(module, "")
    missing = [k for k in own if k not in state]
    unexpected = [k for k in state if k not in own]
    if strict and (missing or unexpected):
        raise ValueError(f"missing {missing}, unexpected {unexpected}")
    ready = {}
    for k in own:
        if k in state:
            v = state[k]
            if not isinstance(v, torch.Tensor) or v.shape != own[k].shape:
                raise ValueError(f"{k} does not fit")
            try:
                ready[k] = torch.empty_like(own[k]).copy_(v.detach())
            except Exception:
                raise ValueError(f"{k} cannot be copied")
    with torch.no_grad():
        for k, v in ready.items():
            own[k].copy_(v)
    return missing, unexpected


# %% exercise="restore_state" wrong="only-parameters-and-in-place" mistake="buffers-forgotten"
def restore_state(module, state, strict=True):
    own = dict(module.named_parameters())
    missing = [k for k in own if k not in state]
    unexpected = [k for k in state if k not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"{missing} {unexpected}")
    with torch.no_grad():
        for k, p in own.items():
            if k in state:
                p.copy_(state[k])
    return missing, unexpected


# %% exercise="restore_state" wrong="deepcopy-swap-back" mistake="as-load-state-dict"
import copy


def restore_state(module, state, strict=True):
    backup = copy.deepcopy(module.state_dict())
    try:
        result = module.load_state_dict(state, strict=strict)
    except Exception as error:
        module.load_state_dict(backup)
        raise RuntimeError(str(error))
    return list(result.missing_keys), list(result.unexpected_keys)


# %% exercise="restore_state" wrong="set-data" mistake="extra-state-expected"
def restore_state(module, state, strict=True):
    own = module.state_dict(keep_vars=True)
    missing = [k for k in own if k not in state]
    unexpected = [k for k in state if k not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"{missing} {unexpected}")
    for k in own:
        if k in state and (not torch.is_tensor(state[k]) or state[k].shape != own[k].shape):
            raise RuntimeError(k)
    for k in own:
        if k in state:
            own[k].data = state[k].clone()
    return missing, unexpected


# %% exercise="restore_state" wrong="unexpected-checked-in-strict-only-first" mistake="first-key-only"
def restore_state(module, state, strict=True):
    own = {}

    def go(m, pre):
        for k, t in [*m._parameters.items(), *m._buffers.items()]:
            if t is not None and k not in m._non_persistent_buffers_set:
                own[pre + k] = t
        for k, c in m._modules.items():
            if c is not None:
                go(c, pre + k + ".")

    go(module, "")
    missing = [k for k in own if k not in state]
    unexpected = [k for k in state if k not in own]
    if strict:
        if missing:
            raise RuntimeError("missing " + missing[0])
        if unexpected:
            raise RuntimeError("unexpected " + unexpected[0])
    ready = []
    for k, t in own.items():
        if k in state:
            v = state[k]
            if not isinstance(v, torch.Tensor) or v.shape != t.shape:
                raise RuntimeError(k)
            try:
                ready.append((t, torch.empty_like(t).copy_(v.detach())))
            except Exception:
                raise RuntimeError(k)
    with torch.no_grad():
        for t, v in ready:
            t.copy_(v)
    return missing, unexpected


# %% exercise="restore_state" wrong="forgets-strict-false-returns-none" mistake="nothing-returned"
def restore_state(module, state, strict=True):
    own = module.state_dict(keep_vars=True)
    own = {k: v for k, v in own.items() if torch.is_tensor(v)}
    ready = {}
    missing, unexpected = [], []
    for k in own:
        if k not in state:
            missing.append(k)
    for k, v in state.items():
        if k not in own:
            unexpected.append(k)
            continue
        if not torch.is_tensor(v) or v.shape != own[k].shape:
            raise RuntimeError(k)
        try:
            ready[k] = torch.empty_like(own[k]).copy_(v.detach())
        except Exception:
            raise RuntimeError(k)
    if strict and (missing or unexpected):
        raise RuntimeError(f"{missing} {unexpected}")
    with torch.no_grad():
        for k, v in ready.items():
            own[k].copy_(v)
    if not strict:
        return missing, unexpected


# %% exercise="restore_state" wrong="float-cast-first"
def restore_state(module, state, strict=True):
    own = {k: v for k, v in module.state_dict(keep_vars=True).items() if torch.is_tensor(v)}
    missing = [k for k in own if k not in state]
    unexpected = [k for k in state if k not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"{missing} {unexpected}")
    ready = {}
    for k in own:
        if k in state:
            try:
                v = torch.empty(own[k].shape)
                assert v.shape == state[k].shape
                ready[k] = v.copy_(state[k].detach()).half().float()
            except Exception:
                raise RuntimeError(k)
    with torch.no_grad():
        for k, v in ready.items():
            own[k].copy_(v)
    return missing, unexpected


# %% exercise="restore_state" wrong="modifies-values-in-state" mistake="state-emptied"
def restore_state(module, state, strict=True):
    own = {k: v for k, v in module.state_dict(keep_vars=True).items() if torch.is_tensor(v)}
    missing = [k for k in own if k not in state]
    unexpected = [k for k in list(state) if k not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"{missing} {unexpected}")
    for k in unexpected:
        state.pop(k)
    ready = {}
    for k in own:
        if k in state:
            v = state[k]
            if not torch.is_tensor(v) or v.shape != own[k].shape:
                raise RuntimeError(k)
            try:
                ready[k] = torch.empty_like(own[k]).copy_(v.detach())
            except Exception:
                raise RuntimeError(k)
    with torch.no_grad():
        for k, v in ready.items():
            own[k].copy_(v)
    return missing, unexpected


# %% exercise="restore_state" right="context-manager-rollback"
from contextlib import contextmanager


@contextmanager
def all_or_nothing(tensors):
    kept = [t.detach().clone() for t in tensors]
    try:
        yield
    except BaseException:
        with torch.no_grad():
            for t, k in zip(tensors, kept):
                t.copy_(k)
        raise


def _walk(m, pre=""):
    for k, p in m._parameters.items():
        if p is not None:
            yield pre + k, p
    for k, b in m._buffers.items():
        if b is not None and k not in m._non_persistent_buffers_set:
            yield pre + k, b
    for k, c in m._modules.items():
        if c is not None:
            yield from _walk(c, f"{pre}{k}.")


def restore_state(module, state, strict=True):
    own = dict(_walk(module))
    missing = sorted(own.keys() - state.keys())
    unexpected = sorted(state.keys() - own.keys())
    if strict and (missing or unexpected):
        raise RuntimeError("\n".join(["missing:"] + missing + ["unexpected:"] + unexpected))
    snapshot = {k: (v.detach().clone() if isinstance(v, torch.Tensor) else v) for k, v in state.items()}
    with all_or_nothing(list(own.values())), torch.no_grad():
        for k, t in own.items():
            if k in missing:
                continue
            try:
                if snapshot[k].shape != t.shape:
                    raise RuntimeError("wrong shape")
                t.copy_(snapshot[k])
            except Exception as e:
                raise RuntimeError(f"While restoring {k}: {e}") from e
    return missing, unexpected


# %% exercise="restore_state" right="load-state-dict-after-all-checks"
def restore_state(module, state, strict=True):
    own = {}
    for prefix, m in module.named_modules(remove_duplicate=False):
        for k, p in m._parameters.items():
            if p is not None:
                own[(prefix + "." if prefix else "") + k] = p
        for k, b in m._buffers.items():
            if b is not None and k not in m._non_persistent_buffers_set:
                own[(prefix + "." if prefix else "") + k] = b
    missing = [k for k in own if k not in state]
    unexpected = [k for k in state if k not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing {missing}; unexpected {unexpected}")
    clean = {}
    for k in own:
        if k in state:
            if not isinstance(state[k], torch.Tensor) or state[k].shape != own[k].shape:
                raise RuntimeError(f"bad value for {k}")
            try:
                clean[k] = own[k].detach().clone().copy_(state[k].detach())
            except Exception as e:
                raise RuntimeError(f"bad value for {k}") from e
    module.load_state_dict(clean, strict=False)
    return missing, unexpected


# %% exercise="restore_state" right="errors-collected"
def restore_state(module, state, strict=True):
    targets, problems = {}, []
    stack = [("", module)]
    while stack:
        prefix, m = stack.pop()
        for table in (m._parameters, m._buffers):
            for k, t in table.items():
                if t is not None and not (table is m._buffers and k in m._non_persistent_buffers_set):
                    targets[prefix + k] = t
        stack += [(prefix + k + ".", c) for k, c in m._modules.items() if c is not None]
    missing = list(set(targets).difference(state))
    unexpected = list(set(state).difference(targets))
    if strict:
        problems += [f"missing key {k}" for k in missing] + [f"unexpected key {k}" for k in unexpected]
    staged = []
    for k in set(targets).intersection(state):
        t, v = targets[k], state[k]
        if not isinstance(v, torch.Tensor):
            problems.append(f"{k}: no tensor")
        elif v.shape != t.shape:
            problems.append(f"{k}: wrong shape")
        else:
            try:
                new = torch.empty(t.shape, dtype=t.dtype, device=t.device)
                new.copy_(v.detach())
                staged.append((t, new))
            except Exception as e:
                problems.append(f"{k}: {e}")
    if problems:
        raise RuntimeError("; ".join(problems))
    with torch.no_grad():
        [t.copy_(new) for t, new in staged]
    return missing, unexpected


# %% exercise="restore_state" right="set-with-ellipsis"
class RestoreError(RuntimeError):
    def __init__(self, **lists):
        super().__init__(", ".join(f"{k}={v}" for k, v in lists.items() if v))


def restore_state(module, state, strict=True):
    def walk(m, names=()):
        tensors = {**m._parameters, **{k: b for k, b in m._buffers.items() if k not in m._non_persistent_buffers_set}}
        for k, t in tensors.items():
            if t is not None:
                yield ".".join((*names, k)), t
        for k, c in m._modules.items():
            if c is not None:
                yield from walk(c, (*names, k))

    own = dict(walk(module))
    missing, unexpected = [k for k in own if k not in state], [k for k in state if k not in own]
    if strict and missing + unexpected != []:
        raise RestoreError(missing=missing, unexpected=unexpected)
    plan = []
    for k in own.keys() & state.keys():
        v = state[k]
        fits = isinstance(v, torch.Tensor) and list(v.shape) == list(own[k].shape)
        if not fits:
            raise RestoreError(misfit=k)
        try:
            plan.append((own[k].detach(), own[k].detach().clone().copy_(v.detach())))
        except (RuntimeError, TypeError, NotImplementedError):
            raise RestoreError(not_copyable=k)
    for t, v in plan:
        t[...] = v
    return missing, unexpected


# %% exercise="restore_state" right="reads-numbers-first"
def restore_state(module, state, strict=True):
    own = {k: t for k, t in module.state_dict(keep_vars=True).items() if isinstance(t, torch.Tensor)}
    missing, unexpected = [], []
    for k in dict.fromkeys([*own, *state]):
        (missing if k in own and k not in state else unexpected if k not in own else []).append(k)
    if (missing or unexpected) and strict is True:
        raise RuntimeError(repr({"missing": missing, "unexpected": unexpected}))
    numbers = {}
    for k in own:
        if k not in state:
            continue
        if not torch.is_tensor(state[k]) or state[k].shape != own[k].shape:
            raise RuntimeError("cannot use " + k)
        try:
            numbers[k] = torch.tensor(state[k].tolist(), dtype=own[k].dtype)
        except Exception as error:
            raise RuntimeError("cannot read " + k) from error
    with torch.no_grad():
        for k in numbers:
            own[k].copy_(numbers[k])
    return missing, unexpected


# %% [markdown]
# # lecture_facts

# %% exercise="lecture_facts" wrong="believes-two-things" mistake="layers-as-parameters"
lecture_answers = {
    "super_forms": True,
    "ordered_dict": False,
    "layers_are_parameters": True,
    "own_table": False,
    "plain_attribute_too": False,
    "register_parameter": True,
    "only_learnable": True,
    "parameters_drop_names": True,
    "gradient_needs_registration": False,
    "zero_grad_last": True,
}

# %% exercise="lecture_facts" wrong="one-left-open"
lecture_answers = {
    "super_forms": True,
    "ordered_dict": False,
    "layers_are_parameters": False,
    "own_table": False,
    "plain_attribute_too": False,
    "register_parameter": True,
    "only_learnable": False,
    "parameters_drop_names": True,
    "gradient_needs_registration": None,
    "zero_grad_last": True,
}

# %% exercise="lecture_facts" wrong="one-key-misspelt"
lecture_answers = {
    "super_forms": True,
    "ordered_dict": False,
    "layers_are_parameters": False,
    "own_table": False,
    "plain_attribute_too": False,
    "register_parameter": True,
    "only_learnable": False,
    "parameters_drop_names": True,
    "gradients_need_registration": False,
    "zero_grad_last": True,
}

# %% exercise="lecture_facts" wrong="trusts-the-lecture" mistake="all-true"
lecture_answers = dict(
    super_forms=True,
    ordered_dict=True,
    layers_are_parameters=True,
    own_table=True,
    plain_attribute_too=True,
    register_parameter=True,
    only_learnable=True,
    parameters_drop_names=True,
    gradient_needs_registration=True,
    zero_grad_last=True,
)

# %% exercise="lecture_facts" wrong="loop-order" mistake="zero-grad-must-be-first"
lecture_answers = dict(
    super_forms=True,
    ordered_dict=False,
    layers_are_parameters=False,
    own_table=False,
    plain_attribute_too=False,
    register_parameter=True,
    only_learnable=False,
    parameters_drop_names=True,
    gradient_needs_registration=False,
    zero_grad_last=False,
)

# %% exercise="lecture_facts" wrong="numpy-bools"
import numpy as np

lecture_answers = dict(
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
        np.array([1, 0, 0, 0, 0, 1, 0, 1, 0, 1]),
    )
)

# %% exercise="lecture_facts" wrong="mixed-up-in-words" mistake="no-bools"
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


# %% exercise="lecture_facts" wrong="a-function"
def lecture_answers(statement):
    return statement in ("super_forms", "register_parameter", "parameters_drop_names", "zero_grad_last")


# %% exercise="lecture_facts" wrong="careful-everything-false-but-super" mistake="register-parameter-differs"
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
lecture_answers["super_forms"] = True

# %% exercise="lecture_facts" right="default-dict"
from collections import defaultdict

lecture_answers = defaultdict(bool)
for key in ("super_forms", "register_parameter", "parameters_drop_names", "zero_grad_last"):
    lecture_answers[key] = True
for key in (
    "ordered_dict",
    "layers_are_parameters",
    "own_table",
    "plain_attribute_too",
    "only_learnable",
    "gradient_needs_registration",
):
    lecture_answers[key]

# %% exercise="lecture_facts" right="bits"
_keys = (
    "super_forms ordered_dict layers_are_parameters own_table plain_attribute_too register_parameter "
    "only_learnable parameters_drop_names gradient_needs_registration zero_grad_last"
).split()
lecture_answers = {key: bit == "1" for key, bit in zip(_keys, "1000010101")}


# %% exercise="lecture_facts" right="asks-torch"
class _Small(nn.Module):
    def __init__(self):
        super().__init__()
        self.act = nn.ReLU()
        self.fc = nn.Linear(1, 1)


_small = _Small()
lecture_answers = {
    "super_forms": True,
    "ordered_dict": type(_small._parameters).__name__ == "OrderedDict",
    "layers_are_parameters": isinstance(_small.fc, nn.Parameter),
    "own_table": bool(_small._parameters),
    "plain_attribute_too": "fc" in _small.__dict__,
    "register_parameter": True,
    "only_learnable": "act" not in dict(_small.named_children()),
    "parameters_drop_names": all(p is q for p, (_, q) in zip(_small.parameters(), _small.named_parameters())),
    "gradient_needs_registration": False,
    "zero_grad_last": True,
}

# %% exercise="lecture_facts" right="negations"
lecture_answers = {
    "super_forms": not False,
    "ordered_dict": not True,
    "layers_are_parameters": not True,
    "own_table": 1 > 2,
    "plain_attribute_too": 1 > 2,
    "register_parameter": 2 > 1,
    "only_learnable": 1 > 2,
    "parameters_drop_names": 2 > 1,
    "gradient_needs_registration": not not False,
    "zero_grad_last": bool("yes"),
}


# %% exercise="lecture_facts" right="own-class-of-dict"
class Answers(dict):
    def __getitem__(self, key):
        raise RuntimeError("read me with dict.__getitem__")


lecture_answers = Answers(
    super_forms=True,
    ordered_dict=False,
    layers_are_parameters=False,
    own_table=False,
    plain_attribute_too=False,
    register_parameter=True,
    only_learnable=False,
    parameters_drop_names=True,
    gradient_needs_registration=False,
    zero_grad_last=True,
)


# %% exercise="iter_named_parameters" wrong="its-code-in-another-function" mistake="torch-does-it"
from types import FunctionType, SimpleNamespace


def copied(function):
    return FunctionType(function.__code__.replace(co_name="mine"), function.__globals__, "mine", function.__defaults__)


MINE = {name: copied(getattr(nn.Module, name)) for name in ("named_parameters", "_named_members", "named_modules")}


def iter_named_parameters(module, prefix="", recurse=True):
    class Seen(SimpleNamespace):
        named_modules = MINE["named_modules"]
        _named_members = MINE["_named_members"]

    shown = Seen(_parameters=module._parameters, _modules={})
    pairs = [*MINE["named_parameters"](shown, prefix, False)]
    if recurse:
        for name, child in module._modules.items():
            if child is not None:
                pairs += iter_named_parameters(child, f"{prefix}.{name}" if prefix else name)
    first = {}
    for name, parameter in pairs:
        first.setdefault(parameter, name)
    return [(name, parameter) for parameter, name in first.items()]


# %% exercise="iter_named_parameters" wrong="through-a-deep-copy" mistake="torch-does-it"
import copy


def iter_named_parameters(module, prefix="", recurse=True):
    for name, _ in copy.deepcopy(module).named_parameters(prefix="", recurse=recurse):
        *path, last = name.split(".")
        owner = module
        for part in path:
            owner = owner._modules[part]
        yield f"{prefix}.{name}" if prefix else name, owner._parameters[last]


# %% exercise="mini_module" wrong="an-nn-module-inside" mistake="derived-from-nn-module"
class MiniModule:
    def __init__(self):
        self.__dict__["inner"] = nn.Module()

    def __setattr__(self, name, value):
        if "inner" not in self.__dict__ and isinstance(value, (nn.Parameter, nn.Module, MiniModule)):
            raise AttributeError("__init__ comes first")
        setattr(self.__dict__["inner"] if "inner" in self.__dict__ else super(), name, value)

    def __getattr__(self, name):
        return getattr(self.__dict__["inner"], name)

    def __delattr__(self, name):
        delattr(self.inner, name)

    def register_buffer(self, name, tensor):
        self.inner.register_buffer(name, tensor)


# %% exercise="restore_state" wrong="no-no-grad-and-named" mistake="no-no-grad"
def restore_state(module, state, strict=True):
    own = {
        name: tensor for name, tensor in module.state_dict(keep_vars=True).items() if isinstance(tensor, torch.Tensor)
    }
    missing, unexpected = [key for key in own if key not in state], [key for key in state if key not in own]
    if strict and (missing or unexpected):
        raise RuntimeError(f"missing {missing}, unexpected {unexpected}")
    copies = {}
    for key in own.keys() & state.keys():
        if not isinstance(state[key], torch.Tensor) or state[key].shape != own[key].shape:
            raise RuntimeError(f"shape of {key}")
        try:
            copies[key] = torch.empty_like(own[key]).copy_(state[key])
        except Exception as error:
            raise RuntimeError(f"{key} cannot be copied") from error
    for key, value in copies.items():
        own[key].copy_(value)
    return missing, unexpected
