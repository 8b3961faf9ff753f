class RunningCenter(nn.Module):
    mean: torch.Tensor

    def __init__(self, num_features: int, momentum: float = 0.1) -> None:
        super().__init__()
        self.num_features, self._m = num_features, momentum
        self.register_buffer("num_batches_tracked", torch.tensor(0))
        self.register_buffer("mean", torch.zeros(num_features))

    def _remember(self, batch_mean):
        self.mean = self.mean * (1 - self._m) + batch_mean.detach() * self._m
        self.num_batches_tracked += 1

    def forward(self, x):
        if self.training:
            mu = x.sum(dim=0, keepdim=True) / x.shape[0]
            self._remember(mu.squeeze(0))
            return x - mu
        return x.sub(self.mean)
