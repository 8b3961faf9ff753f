class _Moving(nn.Module):
    def __init__(self, num_features, momentum):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    @torch.no_grad()
    def update(self, value):
        self.mean += self.momentum * (value - self.mean)


class RunningCenter(_Moving):
    def __init__(self, num_features, momentum=0.1):
        super().__init__(num_features, momentum)

    def forward(self, x):
        if self.training:
            rows = [row for row in x]
            mu = torch.stack(rows).mean(dim=0)
            self.update(mu)
        else:
            mu = self.mean
        return torch.sub(x, mu)
