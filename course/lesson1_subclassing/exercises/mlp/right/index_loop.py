class MLP(nn.Module):
    def __init__(self, sizes):
        super(MLP, self).__init__()
        count = len(sizes)
        if count < 2:
            raise ValueError("MLP: at least 2 sizes, but got %d" % count)
        self.layers = nn.ModuleList([])
        for index in range(0, count - 1):
            self.layers.append(nn.Linear(in_features=sizes[index], out_features=sizes[index + 1], bias=True))

    def forward(self, x):
        for index in range(len(self.layers)):
            x = self.layers[index](x)
            if index < len(self.layers) - 1:
                x = x.relu_()
        return x
