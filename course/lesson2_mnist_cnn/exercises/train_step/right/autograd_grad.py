def train_step(model, images, labels, optimizer):
    model.train()
    parameters = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    loss = F.cross_entropy(model(images), labels)
    trainable = [parameter for parameter in parameters if parameter.requires_grad]
    gradients = dict(zip(trainable, torch.autograd.grad(loss, trainable, allow_unused=True)))
    for parameter in parameters:
        parameter.grad = gradients.get(parameter)
    optimizer.step()
    return loss.item()
