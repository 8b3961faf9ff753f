class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        sizes = list(sizes)
        if len(sizes) < 2:
            raise ValueError
        self.relu = nn.ReLU()
        self.layers = nn.Sequential(*[nn.Linear(sizes[i], sizes[i + 1]) for i in range(len(sizes) - 1)])

    def forward(self, x):
        for number, layer in enumerate(self.layers):
            if number > 0:
                x = self.relu(x)
            x = layer(x)
        return x
