class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        pairs = [(sizes[i], sizes[i + 1]) for i in range(len(sizes) - 1)]
        if len(pairs) == 0:
            raise ValueError("no layers")
        self.layers = nn.ModuleList(nn.Linear(*p) for p in pairs)
        self.acts = [F.relu] * (len(pairs) - 1) + [lambda x: x]

    def forward(self, x):
        for layer, act in zip(self.layers, self.acts):
            x = act(layer(x))
        return x
