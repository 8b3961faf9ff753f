class Collector:
    def __init__(self):
        self.found = {}

    def keep(self, name, tensor):
        if tensor is not None:
            self.found[name] = torch.Tensor.detach(tensor)

    def visit(self, module, name=lambda key: key):
        for key in module._parameters:
            self.keep(name(key), module._parameters[key])
        for key in module._buffers:
            if key not in module._non_persistent_buffers_set:
                self.keep(name(key), module._buffers[key])
        for key in module._modules:
            child = module._modules[key]
            if child is not None:
                self.visit(child, lambda below, key=key: name(f"{key}.{below}"))


def collect_state(module):
    collector = Collector()
    collector.visit(module)
    return collector.found
