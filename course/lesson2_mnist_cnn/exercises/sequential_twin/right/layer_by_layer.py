def sequential_twin(net):
    parts = copy.deepcopy(net)
    twin = nn.Sequential(
        parts.conv1,
        nn.ReLU(),
        parts.bn1,
        nn.MaxPool2d(2),
        parts.conv2,
        nn.ReLU(),
        parts.bn2,
        nn.MaxPool2d(2),
        nn.Flatten(),
        parts.fc1,
        nn.ReLU(),
        parts.dropout,
        parts.fc2,
    )
    return twin.train(net.training)
