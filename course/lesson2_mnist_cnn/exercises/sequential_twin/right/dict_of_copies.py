def sequential_twin(net):
    c = {name: copy.deepcopy(module) for name, module in net.named_children()}
    first = nn.Sequential(c["conv1"], nn.ReLU(), c["bn1"])
    second = nn.Sequential(c["conv2"], nn.ReLU(), c["bn2"])
    body = nn.Sequential(first, nn.MaxPool2d(2), second, nn.MaxPool2d(2))
    head = nn.Sequential(nn.Flatten(), nn.Sequential(c["fc1"], c["relu"]), c["dropout"], c["fc2"])
    twin = nn.Sequential(body, head)
    twin.train(net.training)
    return twin
