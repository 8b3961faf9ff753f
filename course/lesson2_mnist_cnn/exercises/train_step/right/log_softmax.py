def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = F.nll_loss(model(images).log_softmax(dim=1), labels)
    loss.backward()
    optimizer.step()
    return loss.item()
