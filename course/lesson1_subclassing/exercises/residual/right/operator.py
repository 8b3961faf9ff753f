import operator


class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.register_module("block", block)
        self.op = operator.add

    def forward(self, x, *more, **options):
        return self.op(x, self.block(x, *more, **options))
