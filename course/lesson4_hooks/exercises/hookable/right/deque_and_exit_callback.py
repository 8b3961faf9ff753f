from collections import deque
from contextlib import ExitStack


class Handle(ExitStack):
    def remove(self):
        self.close()


class Hookable:
    def __init__(self):
        self.queues = {"forward_pre": deque(), "forward": deque()}

    def _enqueue(self, kind, hook, prepend):
        queue, cell = self.queues[kind], (hook, object())
        queue.appendleft(cell) if prepend else queue.append(cell)
        handle = Handle()
        handle.callback(queue.remove, cell)
        return handle

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._enqueue("forward_pre", hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._enqueue("forward", hook, prepend)

    def __call__(self, *args):
        pre, post = (tuple(queue) for queue in self.queues.values())
        for hook, _ in pre:
            args = self._args(hook(self, args), args)
        output = self.forward(*args)
        for hook, _ in post:
            replacement = hook(self, args, output)
            if replacement is not None:
                output = replacement
        return output

    @staticmethod
    def _args(result, args):
        if result is None:
            return args
        return result if isinstance(result, tuple) else (result,)
