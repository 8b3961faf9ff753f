def collect_state(module):
    def pairs(m):
        yield from ((k, p) for k, p in m._parameters.items())
        yield from ((k, b) for k, b in m._buffers.items() if k not in m._non_persistent_buffers_set)
        for k, c in m._modules.items():
            if c is not None:
                yield from ((f"{k}.{name}", t) for name, t in pairs(c))

    return {k: t.data for k, t in pairs(module) if t is not None}
