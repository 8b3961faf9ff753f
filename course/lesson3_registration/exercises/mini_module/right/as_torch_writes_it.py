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
