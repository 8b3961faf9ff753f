def confusion_matrix(model, loader, num_classes=10):
    pairs = [torch.empty(0, dtype=torch.int64)]
    flags = [module.training for module in model.modules()]
    try:
        with torch.inference_mode():
            model.eval()
            for images, labels in loader:
                pairs.append(labels * num_classes + model(images).max(dim=1)[1])
            flat = torch.cat(pairs)
    finally:
        for module, flag in zip(model.modules(), flags):
            module.training = flag
    return torch.bincount(flat, minlength=num_classes * num_classes).view(num_classes, num_classes)
