class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        result = self.block(x.view_as(x))
        return torch.sub(x, -result)
