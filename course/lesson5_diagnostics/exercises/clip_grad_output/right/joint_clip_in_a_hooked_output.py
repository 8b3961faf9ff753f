def clip_grad_output(module, max_norm):
    def before(module, grad_output):
        def length():
            for g in grad_output:
                if g is not None:
                    yield g.norm().item() ** 2

        norm = sum(length()) ** 0.5
        new = []
        for g in grad_output:
            new.append(g if g is None or norm <= max_norm else g.div(norm).mul(max_norm))
        return tuple(new)

    return module.register_full_backward_pre_hook(before)
