def train_step(model, images, labels, optimizer):
    for m in model.modules():
        m.train()
    predictions = model.forward(images)
    loss = F.cross_entropy(predictions, labels, reduction="mean")
    before_update = loss.tolist()
    optimizer.zero_grad(set_to_none=True)
    torch.autograd.backward(loss)
    optimizer.step()
    model.eval()
    return before_update
