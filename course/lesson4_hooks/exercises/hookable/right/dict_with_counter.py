class Handle:
    def __init__(self, hooks, key):
        self.hooks, self.key = hooks, key

    def remove(self):
        self.hooks.pop(self.key, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks = {}, {}
        self.count = 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        others = dict(hooks)
        if prepend:
            hooks.clear()
        hooks[self.count] = hook
        hooks.update(others)
        return Handle(hooks, self.count)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        pre_hooks, hooks = list(self.pre_hooks.values()), list(self.hooks.values())
        for hook in pre_hooks:
            result = hook(self, args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in hooks:
            result = hook(self, args, output)
            if result is not None:
                output = result
        return output
