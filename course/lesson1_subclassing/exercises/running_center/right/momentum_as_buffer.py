class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        if not 0 <= momentum <= 1:
            raise ValueError("momentum is a share")
        self.register_buffer("momentum", torch.tensor(momentum))
        self.register_buffer("mean", torch.zeros(num_features))
        self.register_buffer("scratch", torch.zeros(3), persistent=False)

    def get_extra_state(self):
        return "version 1"

    def set_extra_state(self, state):
        assert state == "version 1"

    def forward(self, x):
        if x.dim() != 2:
            raise ValueError("a batch of samples, please")
        if self.training:
            with torch.no_grad():
                self.mean += self.momentum * (x.mean(0) - self.mean)
            return x - x.mean(0)
        return x - self.mean
