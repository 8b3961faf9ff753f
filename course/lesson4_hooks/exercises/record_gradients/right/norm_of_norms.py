def record_gradients(model):
    records = {}

    class Hook:
        def __init__(self, name):
            self.name = name

        def __call__(self, module, grad_input, grad_output):
            with torch.no_grad():
                pair = []
                for gradients in (grad_input, grad_output):
                    norms = [gradient.norm() for gradient in gradients if gradient is not None]
                    pair.append(None if norms == [] else torch.stack(norms).norm().tolist())
                records[self.name] = {"grad_input": pair[0], "grad_output": pair[1]}

    def register():
        for name, module in model.named_modules():
            if not list(module.children()):
                yield module.register_full_backward_hook(Hook(name))

    return records, list(register())
