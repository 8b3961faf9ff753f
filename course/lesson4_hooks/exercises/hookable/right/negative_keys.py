class Handle:
    def __init__(self, table, key):
        self.table, self.key = table, key

    def remove(self):
        if self.key in self.table:
            del self.table[self.key]

    __enter__ = lambda self: self

    def __exit__(self, *_):
        self.remove()


class Hookable:
    def __init__(self):
        self.pre, self.post, self.next_key = {}, {}, 0

    def _add(self, table, hook, prepend):
        self.next_key += 1
        key = -self.next_key if prepend else self.next_key
        table[key] = hook
        return Handle(table, key)

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._add(self.pre, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._add(self.post, hook, prepend)

    def __call__(self, *args):
        pre = [self.pre[key] for key in sorted(self.pre)]
        post = [self.post[key] for key in sorted(self.post)]
        for hook in pre:
            new = hook(self, args)
            if new is not None:
                args = new if isinstance(new, tuple) else (new,)
        output = self.forward(*args)
        for hook in post:
            new = hook(self, args, output)
            output = output if new is None else new
        return output
