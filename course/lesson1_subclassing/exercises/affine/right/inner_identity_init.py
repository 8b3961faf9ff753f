class _Base(nn.Module):
    def forward(self, x):
        y = torch.inner(x, self.weight)
        y += self.bias
        return y


class Affine(_Base):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.eye(out_features, in_features))
        self.bias = nn.Parameter(torch.full((out_features,), 3.0))
