@contextmanager
def capture(model, names):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    found = {}

    def make_hook(name):
        def hook(module, inputs, output):
            found[name] = output.detach().clone()

        return hook

    handles = [modules[name].register_forward_hook(make_hook(name)) for name in names]
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()
