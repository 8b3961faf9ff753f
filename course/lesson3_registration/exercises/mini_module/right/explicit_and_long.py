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
