from collections import OrderedDict

from torch.utils.hooks import RemovableHandle


class Hookable:
    def __init__(self):
        self._forward_pre_hooks = OrderedDict()
        self._forward_hooks = OrderedDict()

    def _register(self, table, hook, prepend):
        handle = RemovableHandle(table)
        table[handle.id] = hook
        if prepend:
            table.move_to_end(handle.id, last=False)
        return handle

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._register(self._forward_pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._register(self._forward_hooks, hook, prepend)

    def __call__(self, *args):
        pre, post = tuple(self._forward_pre_hooks.values()), tuple(self._forward_hooks.values())
        for hook in pre:
            if (new := hook(self, args)) is not None:
                args = (new,) if not isinstance(new, tuple) else new
        result = self.forward(*args)
        for hook in post:
            if (new := hook(self, args, result)) is not None:
                result = new
        return result
