def sequential_twin(net):
    twin = nn.Sequential()
    for layer in (net.conv1, net.relu, net.bn1, nn.MaxPool2d(2)):
        twin.add_module(str(len(twin)), copy.deepcopy(layer))
    for layer in (
        net.conv2,
        net.relu,
        net.bn2,
        nn.MaxPool2d((2, 2)),
        nn.Flatten(1, -1),
        net.fc1,
        net.relu,
        net.dropout,
    ):
        twin.append(copy.deepcopy(layer))
    twin.append(copy.deepcopy(net.fc2))
    twin.train(mode=net.training)
    return twin
