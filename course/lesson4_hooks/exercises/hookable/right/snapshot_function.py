class Hookable:
    def __init__(self):
        self.registrations = []

    class Handle:
        def __init__(self, owner, entry):
            self.owner, self.entry = owner, entry

        def remove(self):
            try:
                self.owner.registrations.remove(self.entry)
            except ValueError:
                pass

        def __enter__(self):
            return self

        def __exit__(self, *exc_info):
            self.remove()
            return None

    def _register(self, kind, hook, prepend):
        entry = [kind, hook, object()]
        self.registrations.insert(0 if prepend else len(self.registrations), entry)
        return Hookable.Handle(self, entry)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._register("pre", hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._register("post", hook, prepend)

    def __call__(self, *args):
        now = {kind: [hook for each, hook, _ in self.registrations if each == kind] for kind in ("pre", "post")}
        for hook in now["pre"]:
            answer = hook(self, args)
            if answer is None:
                continue
            args = tuple(answer) if isinstance(answer, tuple) else tuple([answer])
        value = self.forward(*args)
        for hook in now["post"]:
            answer = hook(self, args, value)
            if answer is None:
                continue
            value = answer
        return value
