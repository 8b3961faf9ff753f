class ShapeHook:
    def __init__(self, name, log):
        self.name, self.log = name, log

    def __call__(self, module, args, output):
        self.log += [(self.name, output.shape)]


def log_shapes(model, log):
    leaves = {n: m for n, m in model.named_modules() if not any(True for _ in m.children())}
    return [leaf.register_forward_hook(ShapeHook(name, log)) for name, leaf in leaves.items()]
