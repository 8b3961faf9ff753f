from collections import OrderedDict
from itertools import chain


def _tensors(module, *path):
    persistent = (item for item in module._buffers.items() if item[0] not in module._non_persistent_buffers_set)
    for name, tensor in chain(module._parameters.items(), persistent):
        if isinstance(tensor, torch.Tensor):
            yield ".".join((*path, name)), tensor.detach()
    for name, child in module._modules.items():
        if isinstance(child, nn.Module):
            yield from _tensors(child, *path, name)


def collect_state(module):
    return OrderedDict(_tensors(module))
