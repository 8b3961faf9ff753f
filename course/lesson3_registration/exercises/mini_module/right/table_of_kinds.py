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
