class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if not self.training:
            return x - self.mean
        mu = x.mean(dim=0)
        with torch.no_grad():
            self.mean.mul_(1 - self.momentum).add_(self.momentum * mu)
        return x - mu
