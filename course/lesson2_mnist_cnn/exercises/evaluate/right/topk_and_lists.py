def evaluate(model, loader):
    modes = [(module, module.training) for module in model.modules()]
    predicted, true = [], []
    try:
        for module in model.modules():
            module.training = False
        for images, labels in loader:
            with torch.no_grad():
                best = model(images).topk(1, dim=1)[1].flatten()
            predicted.extend(best.tolist())
            true.extend(labels.tolist())
    finally:
        for module, training in modes:
            module.training = training
    if not true:
        raise ValueError("no samples")
    return sum(p == t for p, t in zip(predicted, true)) / len(true)
