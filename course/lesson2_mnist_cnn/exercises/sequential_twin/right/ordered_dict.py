from collections import OrderedDict


def sequential_twin(net):
    steps = "conv1 relu bn1 pool conv2 relu bn2 pool flatten fc1 relu dropout fc2".split()
    extra = {"pool": lambda: nn.MaxPool2d(2), "flatten": nn.Flatten}
    layers = OrderedDict()
    for number, name in enumerate(steps):
        layer = extra[name]() if name in extra else copy.deepcopy(getattr(net, name))
        layers[f"{number}_{name}"] = layer
    twin = nn.Sequential(layers)
    for module in twin.modules():
        module.training = net.training
    return twin
