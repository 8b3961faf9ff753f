from contextlib import contextmanager


@contextmanager
def all_or_nothing(tensors):
    kept = [t.detach().clone() for t in tensors]
    try:
        yield
    except BaseException:
        with torch.no_grad():
            for t, k in zip(tensors, kept):
                t.copy_(k)
        raise


def _walk(m, pre=""):
    for k, p in m._parameters.items():
        if p is not None:
            yield pre + k, p
    for k, b in m._buffers.items():
        if b is not None and k not in m._non_persistent_buffers_set:
            yield pre + k, b
    for k, c in m._modules.items():
        if c is not None:
            yield from _walk(c, f"{pre}{k}.")


def restore_state(module, state, strict=True):
    own = dict(_walk(module))
    missing = sorted(own.keys() - state.keys())
    unexpected = sorted(state.keys() - own.keys())
    if strict and (missing or unexpected):
        raise RuntimeError("\n".join(["missing:"] + missing + ["unexpected:"] + unexpected))
    snapshot = {k: (v.detach().clone() if isinstance(v, torch.Tensor) else v) for k, v in state.items()}
    with all_or_nothing(list(own.values())), torch.no_grad():
        for k, t in own.items():
            if k in missing:
                continue
            try:
                if snapshot[k].shape != t.shape:
                    raise RuntimeError("wrong shape")
                t.copy_(snapshot[k])
            except Exception as e:
                raise RuntimeError(f"While restoring {k}: {e}") from e
    return missing, unexpected
