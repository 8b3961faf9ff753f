class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("sizes", sizes)
        self.layers = nn.Module()
        self.steps = []
        for i in reversed(range(len(sizes) - 1)):
            layer = nn.Linear(sizes[i], sizes[i + 1])
            self.layers.add_module(str(i), layer)
            self.steps.insert(0, layer)

    def forward(self, x):
        for step in self.steps[:-1]:
            x = torch.relu(step(x))
        return self.steps[-1](x)
