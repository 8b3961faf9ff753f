class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.keep = 1 - momentum
        self.register_buffer("mean", torch.zeros((num_features,)))

    def forward(self, x):
        mu = x.mean(0) if self.training else self.mean
        if self.training:
            self.mean.copy_((self.keep * self.mean + (1 - self.keep) * mu).data)
        return x - mu.expand_as(x)
