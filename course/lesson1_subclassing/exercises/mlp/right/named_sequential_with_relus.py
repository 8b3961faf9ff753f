from collections import OrderedDict


class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if not len(sizes) > 1:
            raise ValueError(f"{sizes}: too few")
        steps = OrderedDict()
        for number in range(len(sizes) - 1):
            if number:
                steps[f"relu{number}"] = nn.ReLU(inplace=True)
            steps[str(number)] = nn.Linear(sizes[number], sizes[number + 1])
        self.layers = nn.Sequential(steps)

    def forward(self, x):
        return self.layers(x)
