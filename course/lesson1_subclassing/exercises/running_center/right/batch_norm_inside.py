class RunningCenter(nn.BatchNorm1d):
    def __init__(self, num_features, momentum=0.1):
        super().__init__(num_features, affine=False, track_running_stats=False)
        self.rate = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        if self.training:
            mu = x.mean(0)
            self.mean = self.mean.mul(1 - self.rate).add(self.rate * mu.detach())
            return x - mu
        return x - self.mean
