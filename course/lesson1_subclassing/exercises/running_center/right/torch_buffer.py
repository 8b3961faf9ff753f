class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.mean = nn.Buffer(torch.zeros(num_features)) if hasattr(nn, "Buffer") else None
        if self.mean is None:
            del self.mean
            self.register_buffer("mean", torch.zeros(num_features))
        self.alpha = momentum

    def forward(self, x):
        if self.training:
            mu = x.mean(dim=-2)
            new = torch.stack([self.mean * (1 - self.alpha), mu * self.alpha]).sum(0)
            self.mean = new.detach()
            return x - mu
        return x - self.mean
