def evaluate(model, loader):
    modes = [(module, module.training) for module in model.modules()]
    correct = total = 0
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                correct += (predicted == labels).sum().item()
                total += len(labels)
    finally:
        for module, training in modes:
            module.train(training)
    if total == 0:
        raise ValueError("no samples")
    return correct / total
