class _Counter:
    def __call__(self, model, trainable_only=False):
        every = dict(model.named_parameters())
        chosen = [p for p in every.values() if p.requires_grad] if trainable_only else list(every.values())
        return int(sum([p.size().numel() for p in chosen]))


count_parameters = _Counter()
