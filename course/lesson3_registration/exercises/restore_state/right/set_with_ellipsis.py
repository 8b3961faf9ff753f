class RestoreError(RuntimeError):
    def __init__(self, **lists):
        super().__init__(", ".join(f"{k}={v}" for k, v in lists.items() if v))


def restore_state(module, state, strict=True):
    def walk(m, names=()):
        tensors = {**m._parameters, **{k: b for k, b in m._buffers.items() if k not in m._non_persistent_buffers_set}}
        for k, t in tensors.items():
            if t is not None:
                yield ".".join((*names, k)), t
        for k, c in m._modules.items():
            if c is not None:
                yield from walk(c, (*names, k))

    own = dict(walk(module))
    missing, unexpected = [k for k in own if k not in state], [k for k in state if k not in own]
    if strict and missing + unexpected != []:
        raise RestoreError(missing=missing, unexpected=unexpected)
    plan = []
    for k in own.keys() & state.keys():
        v = state[k]
        fits = isinstance(v, torch.Tensor) and list(v.shape) == list(own[k].shape)
        if not fits:
            raise RestoreError(misfit=k)
        try:
            plan.append((own[k].detach(), own[k].detach().clone().copy_(v.detach())))
        except (RuntimeError, TypeError, NotImplementedError):
            raise RestoreError(not_copyable=k)
    for t, v in plan:
        t[...] = v
    return missing, unexpected
