from collections import OrderedDict


class _Net(nn.Module):
    def __init__(self):
        super(_Net, self).__init__()
        self.relu = nn.ReLU()
        self.fc = nn.Linear(2, 1)
        self.shift = torch.zeros(1, requires_grad=True)


_net = _Net()
(_net.fc(torch.ones(2)) + _net.shift).sum().backward()
_other = nn.Module()
_other.register_parameter("weight", _net.fc.weight)
lecture_answers = {
    "super_forms": "fc" in _net._modules,
    "ordered_dict": isinstance(_net._parameters, OrderedDict),
    "layers_are_parameters": issubclass(nn.Linear, nn.Parameter),
    "own_table": len(_net._parameters) > 0,
    "plain_attribute_too": "fc" in vars(_net),
    "register_parameter": _other.weight is _net.fc.weight,
    "only_learnable": "relu" not in _net._modules,
    "parameters_drop_names": all(a is b for a, (_, b) in zip(_net.parameters(), _net.named_parameters())),
    "gradient_needs_registration": _net.shift.grad is None,
    "zero_grad_last": True,
}
