def capture(model, names):
    modules = dict(model.named_modules())
    chosen = []
    for name in names:
        try:
            chosen.append((name, modules[name]))
        except KeyError:
            raise KeyError(f"{name!r} is no module of {type(model).__name__}") from None

    @contextmanager
    def manager():
        found, handles = {}, set()
        try:
            for name, module in chosen:
                handles.add(module.register_forward_hook(keeper(found, name)))
            yield found
        finally:
            for handle in handles:
                handle.remove()

    return manager()


def keeper(found, name):
    def keep(module, args, output):
        copy = torch.empty_like(output, requires_grad=False)
        copy.copy_(output.detach())
        found[name] = copy

    return keep
