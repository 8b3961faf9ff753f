def sequential_twin(net):
    def norm(old):
        new = nn.BatchNorm2d(old.num_features)
        new.eps, new.momentum = old.eps, old.momentum
        return new

    twin = nn.Sequential(
        nn.Conv2d(1, 32, 3, padding=1),
        nn.ReLU(),
        norm(net.bn1),
        nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3, padding="same"),
        nn.ReLU(),
        norm(net.bn2),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(3136, 512),
        nn.ReLU(),
        nn.Dropout(net.dropout.p),
        nn.Linear(512, 10),
    )
    places = {"conv1": 0, "bn1": 2, "conv2": 4, "bn2": 6, "fc1": 9, "fc2": 12}
    state = {}
    for key, value in net.state_dict().items():
        name, rest = key.split(".", 1)
        state[f"{places[name]}.{rest}"] = value
    twin.load_state_dict(state)
    return twin.train(net.training)
