from contextlib import contextmanager


@contextmanager
def evaluating(model):
    modes = {name: module.training for name, module in model.named_modules()}
    model.train(False)
    try:
        with torch.inference_mode():
            yield
    finally:
        for name, module in model.named_modules():
            module.training = modes[name]


def evaluate(model, loader):
    right, seen = torch.zeros((), dtype=torch.int64), 0
    with evaluating(model):
        for images, labels in loader:
            scores = F.softmax(model(images), dim=-1)
            right = right + (scores.argmax(-1) == labels).sum()
            seen += labels.numel()
    if seen:
        return float(right) / seen
    raise ValueError("there is nothing to evaluate")
