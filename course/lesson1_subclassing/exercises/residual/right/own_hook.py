class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block
        self.last_shape = None

    def forward(self, x):
        y = self.block(x)
        self.last_shape = y.shape
        return 1 * x + 1 * y
