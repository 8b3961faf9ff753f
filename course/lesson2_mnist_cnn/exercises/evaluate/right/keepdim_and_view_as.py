def evaluate(model, loader):
    flags = [module.training for module in model.modules()]
    before = torch.is_grad_enabled()
    correct, total = 0, 0
    try:
        torch.set_grad_enabled(False)
        model.eval()
        for images, labels in loader:
            predicted = model(images).argmax(dim=1, keepdim=True)
            correct += predicted.eq(labels.view_as(predicted)).sum().item()
            total += images.shape[0]
    finally:
        torch.set_grad_enabled(before)
        for module, flag in zip(model.modules(), flags):
            module.training = flag
    try:
        return correct / total
    except ZeroDivisionError:
        raise ValueError("no samples") from None
