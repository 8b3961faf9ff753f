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
