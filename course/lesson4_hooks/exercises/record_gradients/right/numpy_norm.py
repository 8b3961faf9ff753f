import numpy as np


def record_gradients(model):
    records, handles = {}, []
    leaves = {}
    for name, module in model.named_modules():
        if sum(1 for _ in module.children()) == 0:
            leaves[module] = name

    def two_norm(gradients):
        numbers = [g.detach().numpy().ravel() for g in gradients if g is not None]
        if numbers:
            return float(np.linalg.norm(np.concatenate(numbers)))

    def hook(module, grad_input, grad_output):
        records[leaves[module]] = dict(zip(("grad_input", "grad_output"), map(two_norm, (grad_input, grad_output))))

    for leaf in leaves:
        handles.append(leaf.register_full_backward_hook(hook, prepend=True))
    return records, handles
