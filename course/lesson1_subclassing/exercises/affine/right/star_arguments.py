class Affine(torch.nn.Module):
    def __init__(self, *sizes):
        super().__init__()
        i, o = sizes
        self.weight = torch.nn.Parameter(torch.linspace(-1, 1, i * o).view(o, i))
        self.bias = torch.nn.Parameter(torch.zeros(o))
        self.history = [torch.zeros(3)]

    def forward(self, *args, **kwargs):
        x = args[0]
        return x @ self.weight.transpose(0, 1) + self.bias
