def fit(model, train_loader, test_loader, optimizer, epochs):
    before = {module: module.training for module in model.modules()}

    def train():
        model.train()
        total, count = torch.zeros((), dtype=torch.float64), 0
        for images, labels in train_loader:
            optimizer.zero_grad(set_to_none=True)
            loss = nn.CrossEntropyLoss()(model(images), labels)
            loss.backward()
            optimizer.step()
            total += loss.detach() * labels.shape[0]
            count += labels.shape[0]
        return float(total / count)

    def test():
        model.eval()
        right = count = 0
        for images, labels in test_loader:
            with torch.no_grad():
                right += int((model(images).max(dim=1)[1] == labels).sum())
            count += images.size(0)
        return right / count

    history = [{"epoch": n + 1, "train_loss": train(), "test_accuracy": test()} for n in range(epochs)]
    for module, training in before.items():
        module.training = training
    return history
