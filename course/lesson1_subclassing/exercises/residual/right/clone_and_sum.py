class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        setattr(self, "block", block)
        self.calls = 0

    def forward(self, x):
        self.calls += 1
        identity = x.clone()
        return sum([identity, self.block(x)])
