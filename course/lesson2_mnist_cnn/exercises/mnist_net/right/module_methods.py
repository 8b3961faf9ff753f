def double(net, x, conv, norm):
    return nn.MaxPool2d(2)(norm(net.relu(conv(x))))


class MNISTNet(torch.nn.Module):
    def __init__(self, classes=10, p=0.25):
        super().__init__()
        self.relu = nn.ReLU()
        self.fc2 = nn.Linear(512, classes, bias=True)
        self.fc1 = nn.Linear(7 * 7 * 64, 512)
        self.dropout = nn.Dropout(p=p)
        for n, (a, b) in enumerate([(1, 32), (32, 64)], start=1):
            setattr(self, f"conv{n}", nn.Conv2d(a, b, kernel_size=(3, 3), padding=(1, 1)))
            setattr(self, f"bn{n}", nn.BatchNorm2d(b))
        nn.init.kaiming_normal_(self.fc1.weight)
        self.flatten = nn.Flatten()

    def forward(self, images):
        features = double(self, double(self, images, self.conv1, self.bn1), self.conv2, self.bn2)
        return self.fc2(self.dropout(self.relu(self.fc1(self.flatten(features)))))
