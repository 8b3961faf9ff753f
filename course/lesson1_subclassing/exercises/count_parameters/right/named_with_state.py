def count_parameters(model: nn.Module, trainable_only: bool = False) -> int:
    total = 0
    for _name, p in model.named_parameters():
        size = 1
        for length in p.shape:
            size *= length
        total += size * (p.requires_grad or not trainable_only)
    return total
