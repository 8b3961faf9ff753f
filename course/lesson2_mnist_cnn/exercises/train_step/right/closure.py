def train_step(model, images, labels, optimizer):
    def closure():
        optimizer.zero_grad()
        loss = F.cross_entropy(model(images), labels)
        loss.backward()
        return loss

    model.train()
    return optimizer.step(closure).item()
