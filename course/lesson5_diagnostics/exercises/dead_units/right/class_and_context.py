from contextlib import contextmanager


class Watch:
    def __init__(self, name):
        self.name = name
        self.counts = None

    def __call__(self, module, inputs, output):
        counts = torch.movedim(output > 0, 1, 0).reshape(output.shape[1], -1).sum(1)
        if self.counts is None:
            self.counts = torch.zeros_like(counts)
        if self.counts.numel() != counts.numel():
            raise ValueError("different numbers of units in " + self.name)
        self.counts += counts


@contextmanager
def evaluating(model):
    flags = {name: module.training for name, module in model.named_modules()}
    try:
        yield model.train(False)
    finally:
        for name, module in model.named_modules():
            module.training = flags[name]


def dead_units(model, loader):
    watches, handles = [], []
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            watches.append(Watch(name))
            handles.append(module.register_forward_hook(watches[-1]))
    number = 0
    try:
        with evaluating(model), torch.inference_mode():
            for number, (inputs, _) in enumerate(loader, start=1):
                model(inputs)
    finally:
        [handle.remove() for handle in handles]
    if not number:
        raise ValueError("nothing to look at")
    return {watch.name: watch.counts == 0 for watch in watches if watch.counts is not None}
