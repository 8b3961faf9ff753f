class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.sizes = tuple(int(size) for size in sizes)
        if len(self.sizes) < 2:
            raise ValueError(f"{self.sizes} are too few sizes")
        self.layers = nn.ModuleList(map(nn.Linear, self.sizes, self.sizes[1:]))

    def forward(self, x):
        layers = iter(self.layers)
        x = next(layers)(x)
        for layer in layers:
            x = layer(x * (x > 0))
        return x
