import collections


def collect_state(module, destination=None, prefix=""):
    destination = collections.OrderedDict() if destination is None else destination
    for name, p in module._parameters.items():
        if p is not None:
            destination[prefix + name] = p.detach()
    for name, b in module._buffers.items():
        if b is None or name in module._non_persistent_buffers_set:
            continue
        destination[prefix + name] = b.detach()
    for name, child in module._modules.items():
        if child is not None:
            collect_state(child, destination, prefix + name + ".")
    return destination
