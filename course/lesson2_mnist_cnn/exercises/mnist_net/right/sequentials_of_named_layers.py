class MNISTNet(nn.Module):
    def __init__(self):
        super(MNISTNet, self).__init__()
        self.dropout = nn.Dropout(0.25)
        self.relu = nn.ReLU()
        self.conv1 = nn.Conv2d(1, 32, kernel_size=3, stride=1, padding=1)
        self.bn1 = nn.BatchNorm2d(num_features=32)
        self.conv2 = nn.Conv2d(32, 64, kernel_size=3, stride=1, padding=1)
        self.bn2 = nn.BatchNorm2d(num_features=64)
        self.fc1 = nn.Linear(in_features=64 * 7 * 7, out_features=512)
        self.fc2 = nn.Linear(in_features=512, out_features=10)
        self.chain = nn.Sequential(
            self.conv1,
            self.relu,
            self.bn1,
            nn.MaxPool2d(2),
            self.conv2,
            self.relu,
            self.bn2,
            nn.MaxPool2d(2),
            nn.Flatten(),
            self.fc1,
            self.relu,
            self.dropout,
            self.fc2,
        )

    def forward(self, x):
        return self.chain(x)
