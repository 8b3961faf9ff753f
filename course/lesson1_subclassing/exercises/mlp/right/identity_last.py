class MLP(nn.Module):
    relu = nn.ReLU()

    def __init__(self, sizes):
        super().__init__()
        if len(sizes) < 2:
            raise ValueError("sizes")
        self.layers = nn.ModuleList()
        self.after = nn.ModuleList()
        for number, (n, m) in enumerate(zip(sizes, sizes[1:])):
            self.layers.append(nn.Linear(n, m))
            self.after.append(nn.ReLU() if number + 2 < len(sizes) else nn.Identity())

    def forward(self, x):
        for layer, after in zip(self.layers, self.after, strict=True):
            x = after(layer(x))
        return x
