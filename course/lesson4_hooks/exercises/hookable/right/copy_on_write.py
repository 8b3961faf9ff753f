import contextlib


class _Handle(contextlib.AbstractContextManager):
    def __init__(self, forget):
        self.forget = forget

    def remove(self):
        self.forget(self)

    def __exit__(self, exc_type, exc_value, traceback):
        self.remove()


class Hookable:
    def __init__(self):
        self._queues = {"pre": (), "post": ()}

    def _register(self, kind, hook, prepend):
        def forget(handle):
            self._queues[kind] = tuple(pair for pair in self._queues[kind] if pair[0] is not handle)

        handle = _Handle(forget)
        new, old = ((handle, hook),), self._queues[kind]
        self._queues[kind] = new + old if prepend else old + new
        return handle

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._register("pre", hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._register("post", hook, prepend)

    def __call__(self, *args):
        queues = dict(self._queues)
        for _, hook in queues["pre"]:
            result = hook(self, args)
            match result:
                case None:
                    pass
                case tuple():
                    args = result
                case _:
                    args = (result,)
        output = self.forward(*args)
        for _, hook in queues["post"]:
            replaced = hook(self, args, output)
            if replaced is not None:
                output = replaced
        return output
