class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.register_buffer("mean", torch.zeros(num_features))
        self.momentum = momentum

    def extra_repr(self):
        return f"momentum={self.momentum}"

    def forward(self, x):
        if not self.training:
            return torch.sub(x, self.mean)
        mu = x.sum(0).div(x.shape[0])
        self.mean.data.mul_(1.0 - self.momentum).add_(mu.data, alpha=self.momentum)
        return x - mu[None]
