def sequential_twin(net):
    twin = nn.Sequential()
    for n in (1, 2):
        conv, norm = getattr(net, f"conv{n}"), getattr(net, f"bn{n}")
        twin.extend([copy.deepcopy(conv), nn.ReLU(), copy.deepcopy(norm), nn.MaxPool2d(kernel_size=2)])
    twin.extend([nn.Flatten(), copy.deepcopy(net.fc1), nn.ReLU(), nn.Dropout(p=net.dropout.p), copy.deepcopy(net.fc2)])
    return twin.train(net.training)
