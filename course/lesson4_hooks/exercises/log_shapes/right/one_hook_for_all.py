def log_shapes(model, log):
    names = {module: name for name, module in model.named_modules() if not list(module.named_children())}

    def hook(module, _, output):
        log.append((names[module], tuple(int(size) for size in output.shape)))
        return output

    handles = list()
    for module in names:
        handles.append(module.register_forward_hook(hook, prepend=False))
    return handles
