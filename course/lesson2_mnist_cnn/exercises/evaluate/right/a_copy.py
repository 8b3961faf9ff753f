def evaluate(model, loader):
    twin = copy.deepcopy(model).eval()
    answers = []
    with torch.no_grad():
        for images, labels in loader:
            answers.append(torch.eq(twin(images).argmax(dim=1), labels))
    if len(answers) == 0:
        raise ValueError("no batches")
    return torch.cat(answers).double().mean().item()
