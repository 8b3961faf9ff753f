def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                for i, j in zip(labels.tolist(), predicted.tolist()):
                    counts[i, j] += 1
    finally:
        for module, training in modes:
            module.training = training
    return counts
