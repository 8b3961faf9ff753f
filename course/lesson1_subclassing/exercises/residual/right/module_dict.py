class Residual(nn.ModuleDict):
    def __init__(self, block):
        super().__init__({"block": block})

    def forward(self, x):
        return self["block"](x) + x
