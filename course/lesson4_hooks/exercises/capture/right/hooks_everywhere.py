@contextmanager
def capture(model, names):
    every = dict(model.named_modules())
    wanted = {every[name]: name for name in names}
    found = {}

    def hook(module, args, output):
        if module in wanted:
            found[wanted[module]] = output.detach().clone()

    handle = nn.modules.module.register_module_forward_hook(hook)
    try:
        yield found
    finally:
        handle.remove()
