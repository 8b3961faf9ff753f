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
