def log_shapes(model, log):
    handles, known = [], set()

    def visit(module, path):
        if id(module) in known:
            return
        known.add(id(module))
        children = list(module.named_children())
        for name, child in children:
            visit(child, path + [name])
        if not children:

            def hook(_module, _args, _kwargs, output, name=".".join(path)):
                log.append((name, tuple(output.shape)))

            handles.append(module.register_forward_hook(hook, with_kwargs=True))

    visit(model, [])
    return handles
