class Residual(nn.Module):
    def __init__(self, block: nn.Module, *, name: str = "residual") -> None:
        super().__init__()
        self.name = name
        self.block: nn.Module = block

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        shortcut = x
        out = self.block(x)
        return shortcut.add(out)
