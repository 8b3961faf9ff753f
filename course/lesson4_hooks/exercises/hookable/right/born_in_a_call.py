class Registration:
    def __init__(self, queue, hook, born):
        self.queue, self.hook, self.born = queue, hook, born

    def remove(self):
        if any(other is self for other in self.queue):
            self.queue[:] = [other for other in self.queue if other is not self]

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        self.remove()
        return False


class Hookable:
    """Each registration notes in which call it was made."""

    def __init__(self):
        self.pre, self.post, self.call_number = [], [], 0

    def _put(self, queue, hook, prepend):
        registration = Registration(queue, hook, self.call_number)
        queue[:] = [registration, *queue] if prepend else [*queue, registration]
        return registration

    def register_forward_pre_hook(self, hook, *, prepend=False):
        return self._put(self.pre, hook, prepend)

    def register_forward_hook(self, hook, *, prepend=False):
        return self._put(self.post, hook, prepend)

    def __call__(self, *args):
        self.call_number += 1
        number = self.call_number
        for registration in [each for each in self.pre if each.born < number]:
            result = registration.hook(self, args)
            if type(result) is tuple:
                args = result
            elif result is not None:
                args = (result,)
        output = self.forward(*args)
        for registration in [each for each in self.post if each.born < number]:
            result = registration.hook(self, args, output)
            if result is not None:
                output = result
        return output
