def _modules_of(m, name, done):
    if id(m) in done:
        return
    done.add(id(m))
    yield name, m
    for k, c in m.__dict__["_modules"].items():
        if c is not None:
            yield from _modules_of(c, name + "." + k if name else k, done)


def iter_named_parameters(module, prefix="", recurse=True):
    done = set()
    owners = _modules_of(module, prefix, set()) if recurse else iter([(prefix, module)])
    for name, m in owners:
        for k, p in m.__dict__["_parameters"].items():
            if p is None or id(p) in done:
                continue
            done.add(id(p))
            yield (f"{name}.{k}" if name else k), p
