def train_step(model, images, labels, optimizer):
    before = {module: module.training for module in model.modules()}
    for module in model.modules():
        module.training = True
    for group in optimizer.param_groups:
        for parameter in group["params"]:
            parameter.grad = None
    losses = F.cross_entropy(model(images), labels, reduction="none")
    loss = losses.sum() / len(labels)
    value = loss.detach().cpu().numpy().tolist()
    loss.backward()
    optimizer.step()
    for module, training in before.items():
        module.training = training
    return value
