class MNISTNet(nn.Module):
    def __init__(self):
        super().__init__()
        layers = {
            "conv1": nn.Conv2d(1, 32, 3, padding=1),
            "bn1": nn.BatchNorm2d(32),
            "conv2": nn.Conv2d(32, 64, 3, padding=1),
            "bn2": nn.BatchNorm2d(64),
            "fc1": nn.Linear(64 * 7 * 7, 512),
            "fc2": nn.Linear(512, 10),
            "dropout": nn.Dropout(0.25),
            "relu": nn.ReLU(),
        }
        for name, layer in layers.items():
            self.add_module(name, layer)

    def block(self, x, number):
        x = getattr(self, f"conv{number}")(x).relu()
        return F.max_pool2d(getattr(self, f"bn{number}")(x), kernel_size=2)

    def forward(self, images):
        x = self.block(self.block(images, 1), 2)
        rows = x.reshape(len(images), -1)
        hidden = self.dropout(torch.relu(self.fc1(rows)))
        logits = self.fc2(hidden)
        assert logits.shape == (len(images), 10)
        return logits
