def fit(model, train_loader, test_loader, optimizer, epochs):
    history = []
    for epoch in range(1, epochs + 1):
        model.train(True)
        all_losses = []
        for images, labels in train_loader:
            losses = F.cross_entropy(model(images), labels, reduction="none")
            optimizer.zero_grad()
            losses.mean().backward()
            optimizer.step()
            all_losses += losses.tolist()
        model.train(False)
        with torch.inference_mode():
            hits = [hit for x, y in test_loader for hit in (model(x).argmax(1) == y).tolist()]
        history.append(
            dict(test_accuracy=sum(hits) / len(hits), train_loss=sum(all_losses) / len(all_losses), epoch=epoch)
        )
    return history
