class Hookable:
    count = 0

    def _table(self, kind):
        return self.__dict__.setdefault("_hooks_" + kind, {})

    def _put(self, kind, hook, prepend):
        Hookable.count += 1
        key, table = Hookable.count, self._table(kind)
        self.__dict__["_hooks_" + kind] = {key: hook, **table} if prepend else {**table, key: hook}
        owner = self

        class Handle:
            def remove(self):
                owner.__dict__["_hooks_" + kind] = {k: v for k, v in owner._table(kind).items() if k != key}

            def __enter__(self):
                return self

            def __exit__(self, *error):
                self.remove()

        return Handle()

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._put("pre", hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._put("post", hook, prepend)

    def __call__(self, *args):
        pre, post = self._table("pre"), self._table("post")
        for hook in pre.values():
            if (result := hook(self, args)) is not None:
                args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args)
        for hook in post.values():
            if (result := hook(self, args, output)) is not None:
                output = result
        return output
