def log_shapes(model, log):
    def make_hook(name):
        def hook(module, inputs, output):
            log.append((name, tuple(output.shape)))

        return hook

    handles = []
    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(make_hook(name)))
    return handles
