class Trainer:
    def __init__(self, model, optimizer):
        self.model, self.optimizer = model, optimizer

    def train(self, loader):
        self.model.train()
        losses = {"sum": 0.0, "n": 0}
        for images, labels in loader:
            self.optimizer.zero_grad()
            value = F.cross_entropy(self.model(images), labels)
            value.backward()
            self.optimizer.step()
            losses["sum"] += value.item() * len(labels)
            losses["n"] += len(labels)
        return losses["sum"] / losses["n"]

    def test(self, loader):
        self.model.eval()
        with torch.no_grad():
            right = [float(a == b) for x, y in loader for a, b in zip(self.model(x).argmax(1), y)]
        return sum(right) / len(right)


def fit(model, train_loader, test_loader, optimizer, epochs):
    trainer, history = Trainer(model, optimizer), []
    for epoch in range(1, epochs + 1):
        train_loss = trainer.train(train_loader)
        history.append({"epoch": epoch, "train_loss": train_loss, "test_accuracy": trainer.test(test_loader)})
    return history
