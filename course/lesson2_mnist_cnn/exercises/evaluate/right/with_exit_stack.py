from contextlib import ExitStack


def evaluate(model, loader):
    with ExitStack() as stack:
        for module in model.modules():
            stack.callback(setattr, module, "training", module.training)
        model.eval()
        hits = []
        for images, labels in loader:
            with torch.no_grad():
                hits += (model(images).argmax(dim=1) - labels).eq(0).tolist()
    if len(hits) == 0:
        raise ValueError("accuracy of nothing")
    return hits.count(True) / len(hits)
