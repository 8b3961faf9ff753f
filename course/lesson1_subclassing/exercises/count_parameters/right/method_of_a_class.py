class Report:
    def __init__(self):
        self.calls = 0

    def count(self, model, trainable_only=False):
        self.calls += 1
        groups = {True: 0, False: 0}
        for p in model.parameters():
            groups[p.requires_grad] += p.numel()
        return groups[True] + (0 if trainable_only else groups[False])


count_parameters = Report().count
