def fit(model, train_loader, test_loader, optimizer, epochs):
    history = []
    while len(history) < epochs:
        entry = {"epoch": len(history) + 1}
        seen = mean = 0
        model.train()
        for images, labels in train_loader:
            loss = F.nll_loss(F.log_softmax(model(images), 1), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            seen += len(images)
            mean += (loss.item() - mean) * len(images) / seen
        entry["train_loss"] = mean
        model.eval()
        with torch.no_grad():
            tests = [(model(images).argmax(dim=1), labels) for images, labels in test_loader]
        predicted = torch.cat([p for p, _ in tests])
        labels = torch.cat([y for _, y in tests])
        entry["test_accuracy"] = (predicted == labels).float().mean().item()
        entry["test_error"] = 1 - entry["test_accuracy"]
        history.append(entry)
    return history
