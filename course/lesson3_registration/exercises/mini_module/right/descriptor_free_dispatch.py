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
