from collections import Counter


@torch.no_grad()
def confusion_matrix(model, loader, num_classes=10):
    twin = copy.deepcopy(model).eval()
    seen = Counter()
    for images, labels in loader:
        seen.update(zip(labels.tolist(), twin(images).argmax(-1).tolist()))
    return torch.tensor([[seen[i, j] for j in range(num_classes)] for i in range(num_classes)])
