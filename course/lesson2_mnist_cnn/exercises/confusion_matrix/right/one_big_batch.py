def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    batches = list(loader)
    if not batches:
        return counts
    images, labels = (torch.cat(parts) for parts in zip(*batches))
    modes = {module: module.training for module in model.modules()}
    model.eval()
    try:
        with torch.no_grad():
            predicted = model(images).argmax(dim=1)
    finally:
        for module, training in modes.items():
            module.training = training
    return counts.index_put_((labels, predicted), torch.tensor(1), accumulate=True)
