class ModeSetter:
    def __init__(self, training):
        if not isinstance(training, bool):
            raise ValueError("need a bool")
        self.training = training

    def visit(self, module):
        module.training = self.training
        for child in (c for c in module._modules.values() if isinstance(c, nn.Module)):
            self.visit(child)
        return module


def set_mode(module, training):
    return ModeSetter(training).visit(module)
