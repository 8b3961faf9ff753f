class Residual(nn.Module):
    def __init__(self, block: nn.Module):
        super().__init__()
        self.add_module("block", block)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.add(input=x, other=self.block(x))
