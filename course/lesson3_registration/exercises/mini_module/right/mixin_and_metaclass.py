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
