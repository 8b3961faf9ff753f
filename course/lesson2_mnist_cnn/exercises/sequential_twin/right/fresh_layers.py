def sequential_twin(net):
    conv1, conv2 = nn.Conv2d(1, 32, 3, padding=1), nn.Conv2d(32, 64, 3, padding=1)
    bn1 = nn.BatchNorm2d(32, eps=net.bn1.eps, momentum=net.bn1.momentum)
    bn2 = nn.BatchNorm2d(64, eps=net.bn2.eps, momentum=net.bn2.momentum)
    fc1, fc2 = nn.Linear(64 * 7 * 7, 512), nn.Linear(512, 10)
    pairs = [(conv1, net.conv1), (bn1, net.bn1), (conv2, net.conv2), (bn2, net.bn2), (fc1, net.fc1), (fc2, net.fc2)]
    for new, old in pairs:
        new.to(old.weight.dtype).load_state_dict(old.state_dict())
    return nn.Sequential(
        conv1,
        nn.ReLU(),
        bn1,
        nn.MaxPool2d(2),
        conv2,
        nn.ReLU(),
        bn2,
        nn.MaxPool2d(2),
        nn.Flatten(),
        fc1,
        nn.ReLU(),
        nn.Dropout(net.dropout.p),
        fc2,
    ).train(net.training)
