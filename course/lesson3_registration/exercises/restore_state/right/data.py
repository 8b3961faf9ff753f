from collections import namedtuple

Keys = namedtuple("Keys", "missing unexpected")


class StateError(RuntimeError):
    pass


def _targets(module, prefix=""):
    for name, tensor in module._parameters.items():
        if tensor is not None:
            yield prefix + name, tensor
    for name, tensor in module._buffers.items():
        if tensor is not None and name not in module._non_persistent_buffers_set:
            yield prefix + name, tensor
    for name, child in module._modules.items():
        if child is not None:
            yield from _targets(child, f"{prefix}{name}.")


def restore_state(module, state, strict=True):
    targets = dict(_targets(module))
    keys = Keys([], [])
    for key in {**targets, **state}:
        if key not in state:
            keys.missing.append(key)
        elif key not in targets:
            keys.unexpected.append(key)
    if strict and any(keys):
        raise StateError(str(keys))
    staged = []
    for key, target in targets.items():
        if key in state:
            try:
                assert isinstance(state[key], torch.Tensor) and state[key].shape == target.shape
                copy = torch.empty(target.shape, dtype=target.dtype, device=target.device)
                copy.data.copy_(state[key].data)
            except BaseException as error:
                raise StateError(key) from error
            staged.append((target, copy))
    for target, copy in staged:
        target.data.copy_(copy)
    return keys
