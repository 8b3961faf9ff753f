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
