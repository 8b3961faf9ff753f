import math


class Affine(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        bound = 1 / math.sqrt(in_features)
        setattr(self, "weight", nn.Parameter((2 * torch.rand(out_features, in_features) - 1).mul_(bound)))
        setattr(self, "bias", nn.Parameter(torch.zeros(out_features)))

    def forward(self, x):
        *leading, last = x.shape
        flat = torch.addmm(self.bias, x.reshape(-1, last), self.weight.mT)
        return flat.reshape(*leading, -1)
