class RunningCenter(nn.Module):
    def __init__(self, num_features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(num_features))

    def forward(self, x):
        center = self.mean
        if self.training:
            center = torch.mean(x, 0)
            self.mean.lerp_(center.detach(), self.momentum)
        return x - center
