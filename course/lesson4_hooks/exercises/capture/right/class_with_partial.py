from collections import OrderedDict
from functools import partial


class Capture:
    def __init__(self, model, names):
        self.model, self.names = model, tuple(names)

    def _keep(self, name, module, args, output):
        self.found[name] = output.detach() + 0

    def __enter__(self):
        every = OrderedDict(self.model.named_modules())
        pairs = [(name, every[name]) for name in self.names]
        self.found = OrderedDict()
        self.handles = {name: module.register_forward_hook(partial(self._keep, name)) for name, module in pairs}
        return self.found

    def __exit__(self, *error):
        while self.handles:
            self.handles.popitem()[1].remove()


def capture(model, names):
    return Capture(model, names)
