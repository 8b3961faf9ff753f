def record_gradients(model):
    records = {}

    def joint(gradients):
        there = [g for g in gradients if g is not None]
        return float(nn.utils.parameters_to_vector([g.contiguous() for g in there]).norm()) if there else None

    def recorder(name):
        return lambda m, gi, go: records.__setitem__(name, {"grad_output": joint(go), "grad_input": joint(gi)})

    handles = [m.register_full_backward_hook(recorder(n)) for n, m in model.named_modules() if not m._modules]
    return (records, handles)
