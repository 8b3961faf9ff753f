def sequential_twin(net):
    mode = net.training
    shared = nn.Sequential(
        net.conv1,
        nn.ReLU(),
        net.bn1,
        nn.MaxPool2d(2),
        net.conv2,
        nn.ReLU(),
        net.bn2,
        nn.MaxPool2d(2),
        nn.Flatten(),
        net.fc1,
        nn.ReLU(),
        net.dropout,
        net.fc2,
    )
    return copy.deepcopy(shared).train(mode)
