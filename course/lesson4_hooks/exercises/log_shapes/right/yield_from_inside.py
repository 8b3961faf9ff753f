def log_shapes(model, log):
    def register():
        for name, module in model.named_modules():
            if all(child is None for child in module._modules.values()):
                yield module.register_forward_hook(recorder(name))

    def recorder(name):
        return lambda module, inputs, output: log.append((name, tuple(output.shape)))

    return list(register())
