from collections import deque


def set_mode(module, training=True):
    if training.__class__ is not bool:
        raise ValueError(repr(training))
    seen, queue = {id(module)}, deque([module])
    while queue:
        current = queue.popleft()
        current.training = training
        for child in current._modules.values():
            if child is None or id(child) in seen:
                continue
            seen.add(id(child))
            queue.append(child)
    return module
