class Recorder:
    def __init__(self, name, records):
        self.name, self.records = name, records

    def __call__(self, module, grad_input, grad_output):
        self.records[self.name] = new = {}
        for side, gradients in zip(("grad_input", "grad_output"), (grad_input, grad_output)):
            total, any_there = 0.0, False
            for gradient in gradients:
                if gradient is not None:
                    any_there = True
                    total += gradient.double().pow(2).sum().item()
            new[side] = total**0.5 if any_there else None


def record_gradients(model):
    records = {}
    handles = tuple(
        module.register_full_backward_hook(Recorder(name, records))
        for name, module in model.named_modules()
        if next(module.named_children(), None) is None
    )
    return records, handles
