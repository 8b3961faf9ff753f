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
        object.__delattr__(self, name)
