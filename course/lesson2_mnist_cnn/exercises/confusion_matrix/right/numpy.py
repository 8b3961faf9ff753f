import numpy as np


def confusion_matrix(model, loader, num_classes=10):
    counts = np.zeros((num_classes, num_classes), dtype=np.int64)
    modes = {module: module.training for module in model.modules()}
    try:
        model.eval()
        with torch.no_grad():
            for images, labels in loader:
                np.add.at(counts, (labels.numpy(), model(images).numpy().argmax(axis=1)), 1)
    finally:
        for module, training in modes.items():
            module.training = training
    return torch.from_numpy(counts)
