class Residual(nn.Module):
    def __init__(self, block):
        super().__init__()
        self._modules["block"] = block

    def forward(self, *args):
        (x,) = args
        both = torch.broadcast_tensors(x, self.block(x))
        return torch.stack(both).sum(dim=0)
