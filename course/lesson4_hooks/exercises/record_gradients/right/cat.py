def record_gradients(model):
    records = {}
    handles = []

    def norm(gradients):
        present = [gradient.flatten() for gradient in gradients if gradient is not None]
        if not present:
            return None
        return torch.cat(present).norm().item()

    def make_hook(name):
        def hook(module, grad_input, grad_output):
            records[name] = {"grad_input": norm(grad_input), "grad_output": norm(grad_output)}

        return hook

    for name, module in model.named_modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_full_backward_hook(make_hook(name)))
    return records, handles
