import numpy as np


def count_parameters(model: nn.Module, trainable_only: bool = False) -> int:
    """Count the entries."""
    sizes = [
        int(np.prod(tuple(p.shape), dtype=np.int64))
        for p in set(model.parameters())
        if p.requires_grad or not trainable_only
    ]
    return int(np.sum(sizes, dtype=np.int64)) if sizes else 0
