def sequential_twin(net):
    def block(conv, norm):
        return nn.Sequential(copy.deepcopy(conv), nn.ReLU(inplace=True), copy.deepcopy(norm), nn.MaxPool2d(2, stride=2))

    head = nn.Sequential(nn.Flatten(start_dim=1), copy.deepcopy(net.fc1), nn.ReLU(), nn.Dropout(net.dropout.p))
    twin = nn.Sequential(block(net.conv1, net.bn1), block(net.conv2, net.bn2), head, copy.deepcopy(net.fc2))
    return twin.train() if net.training else twin.eval()
