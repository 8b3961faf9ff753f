class _Skip(nn.Module):
    def body(self, x):
        raise NotImplementedError

    def forward(self, x):
        return self.body(x) + x


class Residual(_Skip):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def body(self, x):
        return self._modules["block"](x)
