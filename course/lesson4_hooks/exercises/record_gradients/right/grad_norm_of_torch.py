from torch.nn.utils import get_total_norm


def record_gradients(model):
    records = {}
    handles = set()
    for name, module in model.named_modules():
        if module._modules:
            continue

        def hook(module, gi, go, *, name=name):
            gi, go = [[g for g in side if g is not None] for side in (gi, go)]
            records[name] = {
                "grad_input": get_total_norm(gi).item() if gi else None,
                "grad_output": get_total_norm(go).item() if go else None,
            }

        handles.add(module.register_full_backward_hook(hook))
    return records, handles
