class MNISTNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 32, 3, 1, 1), nn.Conv2d(32, 64, (3, 3), padding="same")
        self.bn1, self.bn2 = nn.BatchNorm2d(32), nn.BatchNorm2d(64)
        self.fc1, self.fc2 = nn.Linear(3136, 512), nn.Linear(512, 10)
        self.relu, self.dropout = nn.ReLU(inplace=True), nn.Dropout(p=0.25)
        self.pool = nn.MaxPool2d(kernel_size=2, stride=2)

    def forward(self, x):
        for conv, norm in ((self.conv1, self.bn1), (self.conv2, self.bn2)):
            x = self.pool(norm(F.relu(conv(x))))
        x = torch.flatten(x, start_dim=1)
        return self.fc2(self.dropout(F.relu(self.fc1(x))))
