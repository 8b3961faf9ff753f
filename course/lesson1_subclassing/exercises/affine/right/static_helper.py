class Affine(nn.Module):
    @staticmethod
    def start(rows, columns):
        generator = torch.Generator().manual_seed(0)
        return torch.randn(rows, columns, generator=generator) * 0.02

    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(self.start(out_features, in_features))
        self.bias = nn.Parameter(self.start(1, out_features)[0].clone())

    @property
    def out_features(self):
        return self.weight.size(0)

    def forward(self, x):
        y = (self.weight @ x.unsqueeze(-1)).squeeze(-1)
        assert y.size(-1) == self.out_features
        return y + self.bias
