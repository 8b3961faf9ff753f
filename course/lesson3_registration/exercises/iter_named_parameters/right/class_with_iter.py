class iter_named_parameters:
    def __init__(self, module, prefix="", recurse=True):
        self.module, self.prefix, self.recurse = module, prefix, recurse

    def __iter__(self):
        self.seen = set()
        return self.walk(self.module, self.prefix)

    def walk(self, owner, prefix):
        join = (prefix + ".{}").format if prefix else str
        for name, parameter in owner._parameters.items():
            if isinstance(parameter, nn.Parameter) and parameter not in self.seen:
                self.seen.add(parameter)
                yield join(name), parameter
        if self.recurse:
            for name, child in owner._modules.items():
                if isinstance(child, nn.Module):
                    yield from self.walk(child, join(name))
