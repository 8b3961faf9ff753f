def one_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


@torch.no_grad()
def accuracy(model, loader):
    model.eval()
    right = [(model(images).argmax(1) == labels) for images, labels in loader]
    return torch.cat(right).double().mean().item()


def fit(model, train_loader, test_loader, optimizer, epochs):
    history = []
    for epoch in range(epochs):
        losses, sizes = [], []
        for images, labels in train_loader:
            losses.append(one_step(model, images, labels, optimizer))
            sizes.append(len(images))
        mean = sum(loss * size for loss, size in zip(losses, sizes)) / sum(sizes)
        row = {"epoch": epoch + 1, "train_loss": mean, "test_accuracy": accuracy(model, test_loader)}
        history += [row]
    return history
