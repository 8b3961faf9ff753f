import contextlib


class _Capture(contextlib.ContextDecorator):
    def __init__(self, model, names):
        known = {name: module for name, module in model.named_modules()}
        unknown = set(names) - set(known)
        if unknown:
            raise KeyError(", ".join(sorted(unknown)))
        self.pairs = [(name, known[name]) for name in names]

    def __enter__(self):
        self.stack, outputs = contextlib.ExitStack(), {}
        for name, module in self.pairs:
            handle = module.register_forward_hook(self.make(outputs, name))
            self.stack.callback(handle.remove)
        return outputs

    @staticmethod
    def make(outputs, name):
        return lambda module, inputs, output: outputs.update({name: output.detach().clone()})

    def __exit__(self, *details):
        return self.stack.__exit__(*details)


def capture(model, names):
    return _Capture(model, names)
