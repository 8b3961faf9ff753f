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
