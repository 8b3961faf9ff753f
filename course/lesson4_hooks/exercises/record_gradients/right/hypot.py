import math
from functools import partial


def _norm(gradients):
    norms = [float(torch.linalg.vector_norm(g)) for g in gradients if g is not None]
    return math.hypot(*norms) if norms else None


def _record(records, name, module, grad_input, grad_output):
    records[name] = dict(grad_input=_norm(grad_input), grad_output=_norm(grad_output))


def record_gradients(model):
    records = {}
    leaves = [(name, module) for name, module in model.named_modules() if not module._modules]
    return records, [leaf.register_full_backward_hook(partial(_record, records, name)) for name, leaf in leaves]
