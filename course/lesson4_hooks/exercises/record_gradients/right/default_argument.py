def record_gradients(model):
    from collections import OrderedDict, deque

    records, handles = OrderedDict(), deque()
    for name, module in model.named_modules():
        if any(True for _ in module.children()):
            continue

        def hook(module, grad_input, grad_output, name=name):
            sides = {"grad_output": grad_output, "grad_input": grad_input}
            numbers = {}
            for side in sides:
                there = [g.detach().reshape(-1) for g in sides[side] if g is not None]
                numbers[side] = torch.norm(torch.hstack(there)).item() if there else None
            records[name] = numbers
            return None

        handles.appendleft(module.register_full_backward_hook(hook))
    return records, handles
