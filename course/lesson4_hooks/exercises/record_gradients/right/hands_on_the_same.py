def record_gradients(model):
    names = {module: name for name, module in model.named_modules() if not list(module.children())}
    records = {}

    def size(tensors):
        squares = [torch.dot(t.flatten(), t.flatten()) for t in tensors if t is not None]
        if len(squares) > 0:
            return torch.stack(squares).sum().sqrt().item()

    def hook(module, grad_input, grad_output):
        records.pop(names[module], None)
        records[names[module]] = {"grad_input": size(grad_input), "grad_output": size(grad_output)}
        return grad_input

    handles = {module.register_full_backward_hook(hook) for module in names}
    return records, handles
