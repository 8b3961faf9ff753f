class Handle:
    def __init__(self, owner, key):
        self.owner, self.key = owner, key

    def remove(self):
        for hooks in (self.owner.pre_hooks, self.owner.hooks):
            hooks[:] = [(key, hook) for key, hook in hooks if key != self.key]
        self.owner.waiting = [entry for entry in self.owner.waiting if entry[0] != self.key]

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre_hooks, self.hooks, self.waiting = [], [], []
        self.busy, self.count = False, 0

    def _add(self, hooks, hook, prepend):
        self.count += 1
        self.waiting.append((self.count, hook, hooks, prepend))
        if not self.busy:
            self._settle()
        return Handle(self, self.count)

    def _settle(self):
        for key, hook, hooks, prepend in self.waiting:
            hooks.insert(0 if prepend else len(hooks), (key, hook))
        self.waiting = []

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre_hooks, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.hooks, hook, prepend)

    def __call__(self, *args):
        self.busy = True
        try:
            return self._run(args)
        finally:
            self.busy = False
            self._settle()

    def _run(self, args):
        for _, hook in list(self.pre_hooks):
            result = hook(self, args)
            if result is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for _, hook in list(self.hooks):
            result = hook(self, args, output)
            if result is not None:
                output = result
        return output
