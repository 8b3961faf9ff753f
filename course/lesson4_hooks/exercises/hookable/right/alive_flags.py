import copy


class Hook:
    alive = True

    def __init__(self, function):
        self.function = function

    def remove(self):
        self.alive = False

    def __enter__(self):
        return self

    def __exit__(self, exc_type, exc, tb):
        self.remove()


class Hookable(object):
    def __init__(self):
        self.__pre = []
        self.__post = []

    def register_forward_pre_hook(self, hook, *, prepend=False):
        new = Hook(hook)
        self.__pre = [new] + self.__pre if prepend else self.__pre + [new]
        return new

    def register_forward_hook(self, hook, *, prepend=False):
        new = Hook(hook)
        self.__post = [new] + self.__post if prepend else self.__post + [new]
        return new

    def __call__(self, *args):
        self.__pre = [hook for hook in self.__pre if hook.alive]
        self.__post = [hook for hook in self.__post if hook.alive]
        pre, post = copy.copy(self.__pre), copy.copy(self.__post)
        for hook in pre:
            if hook.alive:
                result = hook.function(self, args)
                if result is not None:
                    args = result if isinstance(result, tuple) else (result,)
        result = self.forward(*args)
        for hook in post:
            if hook.alive:
                replacement = hook.function(self, args, result)
                result = result if replacement is None else replacement
        return result
