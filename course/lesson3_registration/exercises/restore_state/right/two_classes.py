class Slot:
    def __init__(self, key, tensor):
        self.key, self.tensor = key, tensor

    def stage(self, value):
        problem = None
        if not isinstance(value, torch.Tensor):
            problem = "not a tensor"
        elif value.shape != self.tensor.shape:
            problem = f"shape {list(value.shape)}"
        else:
            try:
                self.staged = self.tensor.detach().clone()
                self.staged.copy_(value.detach())
            except Exception as error:
                problem = str(error)
        if problem:
            raise RuntimeError(f"Cannot restore {self.key}: {problem}")

    def commit(self):
        with torch.no_grad():
            self.tensor.copy_(self.staged)


def _slots(module, *path):
    tensors = {**module._parameters}
    tensors.update({n: b for n, b in module._buffers.items() if n not in module._non_persistent_buffers_set})
    slots = [Slot(".".join(path + (name,)), tensor) for name, tensor in tensors.items() if tensor is not None]
    for name, child in module._modules.items():
        slots += _slots(child, *path, name) if child is not None else []
    return slots


def restore_state(module, state, strict=True):
    slots = _slots(module)
    known = {slot.key for slot in slots}
    missing = [slot.key for slot in slots if slot.key not in state]
    unexpected = [key for key in state.keys() if key not in known]
    if strict and (len(missing) > 0 or len(unexpected) > 0):
        raise RuntimeError("Missing: " + str(missing) + " Unexpected: " + str(unexpected))
    slots = [slot for slot in slots if slot.key not in missing]
    for slot in slots:
        slot.stage(state[slot.key])
    for slot in slots:
        slot.commit()
    return missing, unexpected
