def count_parameters(model, trainable_only=False):
    tensors = {}
    for key, value in model.state_dict(keep_vars=True).items():
        if isinstance(value, nn.Parameter) and (value.requires_grad or not trainable_only):
            tensors[id(value)] = value
    return sum(t.numel() for t in tensors.values())
