class SizesError(ValueError):
    pass


class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        try:
            first, second, *rest = sizes
        except ValueError as error:
            raise SizesError("two sizes or more") from error
        widths = [first, second, *rest]
        self.layers = nn.ModuleDict(
            {str(i): nn.Linear(widths[i - 1 + 1], widths[i + 1]) for i in range(len(widths) - 1)}
        )

    def forward(self, x):
        *names, last = self.layers
        for name in names:
            x = self.layers[name](x).clamp(min=0)
        return self.layers[last](x)
