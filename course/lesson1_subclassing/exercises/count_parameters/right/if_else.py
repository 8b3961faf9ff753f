def count_parameters(model, trainable_only=False):
    if trainable_only is True:
        return sum([p.numel() for p in model.parameters() if p.requires_grad is True])
    else:
        return sum([p.numel() for p in model.parameters()])
