class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super(RunningCenter, self).__init__()
        self.rate = momentum
        self._buffers["mean"] = torch.tensor([0.0] * num_features)

    def train(self, mode=True):
        super().train(mode)
        self.step = self._train_step if mode else self._eval_step
        return self

    def _train_step(self, x):
        mu = torch.einsum("nf->f", x).div(len(x))
        with torch.inference_mode(False), torch.no_grad():
            self._buffers["mean"] = torch.lerp(self.mean, mu, self.rate)
        return x - mu

    def _eval_step(self, x):
        return x - self.mean

    def forward(self, x):
        return self._train_step(x) if self.training else self._eval_step(x)
