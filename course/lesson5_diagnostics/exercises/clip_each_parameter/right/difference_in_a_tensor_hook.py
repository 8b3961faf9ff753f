def clip_each_parameter(model, max_norm):
    def made_for(p):
        def hook(grad):
            old = torch.zeros_like(grad) if p.grad is None else p.grad
            total = old + grad
            norm = total.norm()
            return total * (max_norm / norm) - old if norm > max_norm else grad

        return hook

    return [p.register_hook(made_for(p)) for p in model.parameters() if p.requires_grad]
