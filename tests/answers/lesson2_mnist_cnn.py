"""Lesson 2: further answers, which the lesson's own `mistakes.py` does not know.

`right="…"` must pass. `wrong="…"` must fail; `mistake="…"` beside it is what the student must be told, and where it is
missing, nothing may be named.
"""

# %% [markdown]
# # conv_output_size


# %% exercise="conv_output_size" wrong="padding-in-kernel" mistake="padding-once"
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    n = size + padding
    k = kernel_size + (kernel_size - 1) * (dilation - 1)
    out = (n - k) // stride + 1
    if out <= 0:
        raise ValueError("no output")
    return out


# %% exercise="conv_output_size" wrong="ceil-formula" mistake="one-added-before-dividing"
import math


def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    usable = size + 2 * padding - dilation * (kernel_size - 1)
    if usable <= 0:
        raise ValueError("too small")
    return math.floor(usable / stride)


# %% exercise="conv_output_size" wrong="numpy-floor" mistake="no-int"
import numpy as np


def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    value = np.floor((size + 2 * padding - dilation * (kernel_size - 1) - 1) / stride + 1)
    if value < 1:
        raise ValueError("no output")
    return value


# %% exercise="conv_output_size" wrong="clamped-to-one" mistake="no-error"
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    room = size + 2 * padding - dilation * (kernel_size - 1) - 1
    return max(room // stride + 1, 1)


# %% exercise="conv_output_size" wrong="same-padding-formula"
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    if kernel_size > size:
        raise ValueError("kernel too large")
    return -(-size // stride)


# %% exercise="conv_output_size" wrong="dilation-added"
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    k = kernel_size + dilation - 1
    if k > size + 2 * padding:
        raise ValueError("too large")
    return (size + 2 * padding - k) // stride + 1


# %% exercise="conv_output_size" wrong="keywords-renamed"
def conv_output_size(size, kernel, stride=1, padding=0, dilation=1):
    n = (size + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1
    if n < 1:
        raise ValueError("no output")
    return n


# %% exercise="conv_output_size" right="recursion"
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    reach = 1 + dilation * (kernel_size - 1)
    room = size + 2 * padding
    if room < reach:
        raise ValueError("the kernel does not fit")
    if room - stride < reach:
        return 1
    return 1 + conv_output_size(size - stride, kernel_size, stride, padding, dilation)


# %% exercise="conv_output_size" right="a-real-layer"
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    conv = nn.Conv1d(1, 1, kernel_size, stride=stride, padding=padding, dilation=dilation)
    try:
        return conv(torch.zeros(1, 1, size)).size(2)
    except RuntimeError:
        raise ValueError("no output") from None


# %% exercise="conv_output_size" right="int-of-floor"
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    span = (kernel_size - 1) * dilation
    last = size + 2 * padding - span - 1
    if last < 0:
        raise ValueError(f"{last=}")
    return int(torch.div(torch.tensor(last), stride, rounding_mode="floor")) + 1


# %% [markdown]
# # mnist_net


# %% exercise="mnist_net" wrong="rows-by-unflatten" mistake="view-mixes-images"
class MNISTNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(32)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1)
        self.bn2 = nn.BatchNorm2d(64)
        self.fc1 = nn.Linear(64 * 7 * 7, 512)
        self.fc2 = nn.Linear(512, 10)
        self.dropout = nn.Dropout(0.25)
        self.relu = nn.ReLU()

    def forward(self, x):
        x = F.max_pool2d(self.bn1(self.relu(self.conv1(x))), 2)
        x = F.max_pool2d(self.bn2(self.relu(self.conv2(x))), 2)
        x = x.reshape(-1, 64, 7, 7).flatten(1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" wrong="bn-first" mistake="norm-before-relu"
class MNISTNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(32)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1)
        self.bn2 = nn.BatchNorm2d(64)
        self.fc1 = nn.Linear(64 * 7 * 7, 512)
        self.fc2 = nn.Linear(512, 10)
        self.dropout = nn.Dropout(0.25)
        self.relu = nn.ReLU()

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 2)
        x = F.relu(F.max_pool2d(self.bn2(self.conv2(x)), 2))
        x = x.flatten(1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" wrong="log-softmax-module" mistake="softmax-at-the-end"
class MNISTNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(32)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1)
        self.bn2 = nn.BatchNorm2d(64)
        self.fc1 = nn.Linear(64 * 7 * 7, 512)
        self.fc2 = nn.Linear(512, 10)
        self.dropout = nn.Dropout(0.25)
        self.relu = nn.ReLU()
        self.out = nn.LogSoftmax(dim=1)

    def forward(self, x):
        x = F.max_pool2d(self.bn1(self.relu(self.conv1(x))), 2)
        x = F.max_pool2d(self.bn2(self.relu(self.conv2(x))), 2)
        x = x.flatten(1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.out(self.fc2(x))


# %% exercise="mnist_net" wrong="dropout-in-both-places" mistake="dropout-twice"
class MNISTNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(32)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1)
        self.bn2 = nn.BatchNorm2d(64)
        self.fc1 = nn.Linear(64 * 7 * 7, 512)
        self.fc2 = nn.Linear(512, 10)
        self.dropout = nn.Dropout(0.25)
        self.relu = nn.ReLU()

    def forward(self, x):
        x = F.max_pool2d(self.bn1(self.relu(self.conv1(x))), 2)
        x = F.max_pool2d(self.bn2(self.relu(self.conv2(x))), 2)
        x = x.flatten(1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.dropout(self.fc2(x))


# %% exercise="mnist_net" wrong="dropout-only-while-training-by-hand" mistake="own-dropout-unused"
class MNISTNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(32)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1)
        self.bn2 = nn.BatchNorm2d(64)
        self.fc1 = nn.Linear(64 * 7 * 7, 512)
        self.fc2 = nn.Linear(512, 10)
        self.dropout = nn.Dropout(0.25)
        self.relu = nn.ReLU()

    def forward(self, x):
        x = F.max_pool2d(self.bn1(self.relu(self.conv1(x))), 2)
        x = F.max_pool2d(self.bn2(self.relu(self.conv2(x))), 2)
        x = x.flatten(1)
        x = self.relu(self.fc1(x))
        if self.training:
            x = nn.functional.dropout(x, 0.25)
        return self.fc2(x)


# %% exercise="mnist_net" wrong="relu-on-pooled-twice" mistake="relu-at-the-end"
class MNISTNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(32)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1)
        self.bn2 = nn.BatchNorm2d(64)
        self.fc1 = nn.Linear(64 * 7 * 7, 512)
        self.fc2 = nn.Linear(512, 10)
        self.dropout = nn.Dropout(0.25)
        self.relu = nn.ReLU()

    def forward(self, x):
        x = F.max_pool2d(self.bn1(self.relu(self.conv1(x))), 2)
        x = F.max_pool2d(self.bn2(self.relu(self.conv2(x))), 2)
        x = x.flatten(1)
        x = self.relu(self.fc1(x))
        return self.relu(self.fc2(self.dropout(x)))


# %% exercise="mnist_net" wrong="bn2-used-in-both"
class MNISTNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(32)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1)
        self.bn2 = nn.BatchNorm2d(64)
        self.fc1 = nn.Linear(64 * 7 * 7, 512)
        self.fc2 = nn.Linear(512, 10)
        self.dropout = nn.Dropout(0.25)
        self.relu = nn.ReLU()

    def forward(self, x):
        x = F.max_pool2d(self.relu(self.conv1(x)), 2)
        x = F.max_pool2d(self.bn2(self.relu(self.conv2(x))), 2)
        x = x.flatten(1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" wrong="conv-swapped-channels"
class MNISTNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(32, 1, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(32)
        self.conv2 = nn.Conv2d(64, 32, 3, padding=1)
        self.bn2 = nn.BatchNorm2d(64)
        self.fc1 = nn.Linear(64 * 7 * 7, 512)
        self.fc2 = nn.Linear(512, 10)
        self.dropout = nn.Dropout(0.25)
        self.relu = nn.ReLU()

    def forward(self, x):
        x = F.max_pool2d(self.bn1(self.relu(self.conv1(x))), 2)
        x = F.max_pool2d(self.bn2(self.relu(self.conv2(x))), 2)
        x = x.flatten(1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" wrong="batch-from-squeeze" mistake="view-mixes-images"
class MNISTNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(32)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1)
        self.bn2 = nn.BatchNorm2d(64)
        self.fc1 = nn.Linear(64 * 7 * 7, 512)
        self.fc2 = nn.Linear(512, 10)
        self.dropout = nn.Dropout(0.25)
        self.relu = nn.ReLU()

    def forward(self, x):
        x = F.max_pool2d(self.bn1(self.relu(self.conv1(x))), 2)
        x = F.max_pool2d(self.bn2(self.relu(self.conv2(x))), 2)
        x = x.squeeze().reshape(-1, 3136)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" right="einops-like"
class MNISTNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(32)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1)
        self.bn2 = nn.BatchNorm2d(64)
        self.fc1 = nn.Linear(64 * 7 * 7, 512)
        self.fc2 = nn.Linear(512, 10)
        self.dropout = nn.Dropout(0.25)
        self.relu = nn.ReLU()

    def forward(self, x):
        x = F.max_pool2d(self.bn1(F.relu(self.conv1(x))), 2)
        x = F.max_pool2d(self.bn2(F.relu(self.conv2(x))), 2)
        x = x.reshape(x.shape[0], 64 * 7 * 7)
        x = F.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" right="module-methods"
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


# %% exercise="mnist_net" right="subclasses"
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(1, 32, 3, padding=1), nn.BatchNorm2d(32)
        self.conv2, self.bn2 = nn.Conv2d(32, 64, 3, padding=1), nn.BatchNorm2d(64)
        self.relu = nn.ReLU()

    def features(self, x):
        x = F.max_pool2d(self.bn1(F.relu(self.conv1(x))), kernel_size=2, stride=2)
        return F.max_pool2d(self.bn2(torch.maximum(y := self.conv2(x), torch.zeros_like(y))), 2)


class MNISTNet(Net):
    def __init__(self):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(3136, 512), nn.Linear(512, 10)
        self.dropout = nn.Dropout(0.25)

    def forward(self, x):
        x = torch.stack([image.reshape(-1) for image in self.features(x)])
        hidden = self.relu(self.fc1(x))
        return F.linear(self.dropout(hidden), self.fc2.weight, self.fc2.bias)


# %% [markdown]
# # train_step


# %% exercise="train_step" wrong="zero-grad-behind-everything" mistake="cleared-after-step"
def train_step(model, images, labels, optimizer):
    model.train()
    out = model(images)
    loss = nn.CrossEntropyLoss()(out, labels)
    loss.backward()
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    return float(loss)


# %% exercise="train_step" wrong="train-flag-on-children"
def train_step(model, images, labels, optimizer):
    for child in model.children():
        child.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


# %% exercise="train_step" wrong="softmax-module" mistake="softmax-before-loss"
def train_step(model, images, labels, optimizer):
    model.train()
    softmax = nn.Softmax(dim=1)
    optimizer.zero_grad()
    loss = F.cross_entropy(softmax(model(images)), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


# %% exercise="train_step" wrong="loss-for-display-after" mistake="loss-after-step"
def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    logits = model(images)
    return nn.CrossEntropyLoss()(logits, labels).item()


# %% exercise="train_step" wrong="batch-loop"
def train_step(model, images, labels, optimizer):
    model.train()
    total = 0.0
    for image, label in zip(images, labels):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(image.unsqueeze(0)), label.unsqueeze(0))
        loss.backward()
        optimizer.step()
        total += loss.item()
    return total / len(images)


# %% exercise="train_step" wrong="label-smoothing" mistake="label-smoothing"
def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels, label_smoothing=0.1)
    loss.backward()
    optimizer.step()
    return loss.item()


# %% exercise="train_step" wrong="numpy-number"
def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    return loss.detach().numpy().mean()


# %% exercise="train_step" wrong="zero-grad-of-grad-data" mistake="model-cleared"
def train_step(model, images, labels, optimizer):
    model.train()
    for p in model.parameters():
        if p.grad is not None:
            p.grad.zero_()
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


# %% exercise="train_step" wrong="no-grad-around-all" mistake="graph-lost"
@torch.no_grad()
def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


# %% exercise="train_step" right="one-hot-and-log-softmax"
def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = -(F.one_hot(labels, (z := model(images)).shape[1]) * z.log_softmax(1)).sum(1).mean()
    loss.backward()
    optimizer.step()
    return loss.item()


# %% exercise="train_step" right="zero-grad-right-before-backward"
def train_step(model, images, labels, optimizer):
    for m in model.modules():
        m.train()
    predictions = model.forward(images)
    loss = F.cross_entropy(predictions, labels, reduction="mean")
    before_update = loss.tolist()
    optimizer.zero_grad(set_to_none=True)
    torch.autograd.backward(loss)
    optimizer.step()
    model.eval()
    return before_update


# %% exercise="train_step" right="summed-and-divided"
def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels, reduction="sum").div(images.shape[0])
    loss.backward()
    optimizer.step()
    return loss.item()


# %% [markdown]
# # evaluate


# %% exercise="evaluate" wrong="classic-tutorial" mistake="left-in-eval-mode"
def evaluate(model, loader):
    model.eval()
    correct = 0
    with torch.no_grad():
        for X, y in loader:
            pred = model(X)
            correct += (pred.argmax(1) == y).type(torch.float).sum().item()
    return correct / len(loader.dataset)


# %% exercise="evaluate" wrong="was-training" mistake="top-flag-only"
def evaluate(model, loader):
    was = model.training
    model.eval()
    right = n = 0
    with torch.no_grad():
        for x, y in loader:
            right += int((model(x).argmax(1) == y).sum())
            n += y.numel()
    model.train(was)
    if n == 0:
        raise ValueError("nothing")
    return right / n


# %% exercise="evaluate" wrong="accuracy-per-batch-weighted-wrong"
def evaluate(model, loader):
    modes = [(module, module.training) for module in model.modules()]
    correct = total = 0
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                correct += (predicted == labels).float().mean().item() * len(labels)
                total += 1
    finally:
        for module, training in modes:
            module.training = training
    if total == 0:
        raise ValueError("no samples")
    return correct / total / len(labels)


# %% exercise="evaluate" wrong="top-two"
def evaluate(model, loader):
    modes = [(module, module.training) for module in model.modules()]
    correct = total = 0
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                correct += (model(images).topk(2, dim=1).indices == labels[:, None]).any(dim=1).sum().item()
                total += len(labels)
    finally:
        for module, training in modes:
            module.training = training
    if total == 0:
        raise ValueError("no samples")
    return correct / total


# %% exercise="evaluate" wrong="decorator-but-enable" mistake="graph-recorded"
def evaluate(model, loader):
    modes = [(module, module.training) for module in model.modules()]
    correct = total = 0
    model.eval()
    try:
        with torch.set_grad_enabled(True):
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                correct += (predicted == labels).sum().item()
                total += len(labels)
    finally:
        for module, training in modes:
            module.training = training
    if total == 0:
        raise ValueError("no samples")
    return correct / total


# %% exercise="evaluate" wrong="return-in-finally" mistake="error-swallowed"
def evaluate(model, loader):
    modes = [(module, module.training) for module in model.modules()]
    correct = total = 0
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                correct += (model(images).argmax(dim=1) == labels).sum().item()
                total += len(labels)
    finally:
        for module, training in modes:
            module.training = training
        if total == 0:
            raise ValueError("no samples")
        return correct / total


# %% exercise="evaluate" wrong="list-of-loader-len" mistake="needs-a-length"
def evaluate(model, loader):
    modes = [(module, module.training) for module in model.modules()]
    correct = total = 0
    if len(loader) == 0:
        raise ValueError
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                correct += (predicted == labels).sum().item()
                total += len(labels)
    finally:
        for module, training in modes:
            module.training = training
    if total == 0:
        raise ValueError("no samples")
    return correct / total


# %% exercise="evaluate" wrong="numpy-float32"
def evaluate(model, loader):
    modes = [(module, module.training) for module in model.modules()]
    correct = total = 0
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                correct += (predicted == labels).sum().item()
                total += len(labels)
    finally:
        for module, training in modes:
            module.training = training
    if total == 0:
        raise ValueError("no samples")
    return (torch.tensor(correct) / total).numpy()


# %% exercise="evaluate" right="with-exit-stack"
from contextlib import ExitStack


def evaluate(model, loader):
    with ExitStack() as stack:
        for module in model.modules():
            stack.callback(setattr, module, "training", module.training)
        model.eval()
        hits = []
        for images, labels in loader:
            with torch.no_grad():
                hits += (model(images).argmax(dim=1) - labels).eq(0).tolist()
    if len(hits) == 0:
        raise ValueError("accuracy of nothing")
    return hits.count(True) / len(hits)


# %% exercise="evaluate" right="functional-first-batch-check"
def evaluate(model, loader):
    class NoSamples(ValueError):
        pass

    modes = dict(model.named_modules())
    modes = {name: module.training for name, module in modes.items()}

    def restore():
        for name, module in model.named_modules():
            module.training = modes[name]

    model.eval()
    n, k = 0, 0
    try:
        with torch.inference_mode():
            for batch in loader:
                logits = model(batch[0])
                k += torch.count_nonzero(logits.argmax(dim=1) == batch[1]).item()
                n += logits.shape[0]
    except BaseException:
        restore()
        raise
    restore()
    if not n:
        raise NoSamples
    return k / n


# %% exercise="evaluate" right="train-with-flag-parents-first"
def evaluate(model, loader):
    modes = [(module, module.training) for module in model.modules()]
    correct = total = 0
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                correct += (predicted == labels).sum().item()
                total += len(labels)
    finally:
        for module, training in modes:
            module.train(training)
    if total == 0:
        raise ValueError("no samples")
    return correct / total


# %% exercise="evaluate" right="float-of-tensor"
def evaluate(model, loader):
    modes = [(module, module.training) for module in model.modules()]
    correct = total = 0
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                correct += (predicted == labels).sum().item()
                total += len(labels)
    finally:
        for module, training in modes:
            module.training = training
    if total == 0:
        raise ValueError("no samples")
    return float(torch.tensor(correct, dtype=torch.float64) / total)


# %% [markdown]
# # fit


# %% exercise="fit" wrong="classic-tutorial" mistake="mean-of-batches"
def fit(model, train_loader, test_loader, optimizer, epochs):
    history = []
    criterion = nn.CrossEntropyLoss()
    for epoch in range(epochs):
        model.train()
        running = 0.0
        for images, labels in train_loader:
            optimizer.zero_grad()
            loss = criterion(model(images), labels)
            loss.backward()
            optimizer.step()
            running += loss.item()
        model.eval()
        correct = total = 0
        with torch.no_grad():
            for images, labels in test_loader:
                correct += (model(images).argmax(1) == labels).sum().item()
                total += labels.size(0)
        history.append(
            {"epoch": epoch + 1, "train_loss": running / len(train_loader), "test_accuracy": correct / total}
        )
    return history


# %% exercise="fit" wrong="train-before-all-epochs" mistake="train-mode-once"
def fit(model, train_loader, test_loader, optimizer, epochs):
    def accuracy():
        model.eval()
        with torch.no_grad():
            pairs = [(model(x).argmax(1) == y) for x, y in test_loader]
        return torch.cat(pairs).double().mean().item()

    model.train()
    log = []
    for epoch in range(1, epochs + 1):
        s = n = 0
        for x, y in train_loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(x), y)
            loss.backward()
            optimizer.step()
            s, n = s + loss.item() * len(y), n + len(y)
        log.append({"epoch": epoch, "train_loss": s / n, "test_accuracy": accuracy()})
    return log


# %% exercise="fit" wrong="counters-outside" mistake="not-reset"
def fit(model, train_loader, test_loader, optimizer, epochs):
    history = []
    samples, total = 0, 0.0
    for epoch in range(1, epochs + 1):
        model.train()
        for images, labels in train_loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(images), labels)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(labels)
            samples += len(labels)
        model.eval()
        correct = tested = 0
        with torch.no_grad():
            for images, labels in test_loader:
                correct += (model(images).argmax(dim=1) == labels).sum().item()
                tested += len(labels)
        history.append({"epoch": epoch, "train_loss": total / samples, "test_accuracy": correct / tested})
    return history


# %% exercise="fit" wrong="tuple-rows"
def fit(model, train_loader, test_loader, optimizer, epochs):
    history = []
    for epoch in range(1, epochs + 1):
        model.train()
        total = samples = 0
        for images, labels in train_loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(images), labels)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(labels)
            samples += len(labels)
        model.eval()
        correct = tested = 0
        with torch.no_grad():
            for images, labels in test_loader:
                correct += (model(images).argmax(dim=1) == labels).sum().item()
                tested += len(labels)
        history.append((epoch, total / samples, correct / tested))
    return history


# %% exercise="fit" wrong="stops-early"
def fit(model, train_loader, test_loader, optimizer, epochs):
    history = []
    for epoch in range(1, epochs + 1):
        model.train()
        total = samples = 0
        for images, labels in train_loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(images), labels)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(labels)
            samples += len(labels)
        model.eval()
        correct = tested = 0
        with torch.no_grad():
            for images, labels in test_loader:
                correct += (model(images).argmax(dim=1) == labels).sum().item()
                tested += len(labels)
        if history and history[-1]["test_accuracy"] > correct / tested:
            break
        history.append({"epoch": epoch, "train_loss": total / samples, "test_accuracy": correct / tested})
    return history


# %% exercise="fit" wrong="loss-of-first-batch-size"
def fit(model, train_loader, test_loader, optimizer, epochs):
    history = []
    for epoch in range(1, epochs + 1):
        model.train()
        total = samples = 0
        for images, labels in train_loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(images), labels)
            loss.backward()
            optimizer.step()
            total += loss.item() * 4
            samples += len(labels)
        model.eval()
        correct = tested = 0
        with torch.no_grad():
            for images, labels in test_loader:
                correct += (model(images).argmax(dim=1) == labels).sum().item()
                tested += len(labels)
        history.append({"epoch": epoch, "train_loss": total / samples, "test_accuracy": correct / tested})
    return history


# %% exercise="fit" wrong="epochs-times-two"
def fit(model, train_loader, test_loader, optimizer, epochs):
    history = []
    for epoch in range(1, 2 * epochs + 1):
        model.train()
        total = samples = 0
        for images, labels in train_loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(images), labels)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(labels)
            samples += len(labels)
        model.eval()
        correct = tested = 0
        with torch.no_grad():
            for images, labels in test_loader:
                correct += (model(images).argmax(dim=1) == labels).sum().item()
                tested += len(labels)
        history.append({"epoch": epoch, "train_loss": total / samples, "test_accuracy": correct / tested})
    return history


# %% exercise="fit" wrong="best-accuracy"
def fit(model, train_loader, test_loader, optimizer, epochs):
    history = []
    for epoch in range(1, epochs + 1):
        model.train()
        total = samples = 0
        for images, labels in train_loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(images), labels)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(labels)
            samples += len(labels)
        model.eval()
        correct = tested = 0
        with torch.no_grad():
            for images, labels in test_loader:
                correct += (model(images).argmax(dim=1) == labels).sum().item()
                tested += len(labels)
        history.append(
            {
                "epoch": epoch,
                "train_loss": total / samples,
                "test_accuracy": max([correct / tested] + [row["test_accuracy"] for row in history]),
            }
        )
    return history


# %% exercise="fit" wrong="numbers-as-tensors" mistake="tensors-in-the-history"
def fit(model, train_loader, test_loader, optimizer, epochs):
    history = []
    for epoch in range(1, epochs + 1):
        model.train()
        total = samples = 0
        for images, labels in train_loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(images), labels)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(labels)
            samples += len(labels)
        model.eval()
        correct = tested = 0
        with torch.no_grad():
            for images, labels in test_loader:
                correct += (model(images).argmax(dim=1) == labels).sum().item()
                tested += len(labels)
        history.append({"epoch": epoch, "train_loss": total / samples, "test_accuracy": torch.tensor(correct / tested)})
    return history


# %% exercise="fit" right="generator-of-rows"
def fit(model, train_loader, test_loader, optimizer, epochs):
    def rows():
        for epoch in range(1, epochs + 1):
            seen = []
            for images, labels in train_loader:
                model.train()
                losses = F.cross_entropy(model(images), labels, reduction="none")
                optimizer.zero_grad()
                losses.mean().backward()
                optimizer.step()
                seen.append(losses.detach())
            model.eval()
            with torch.no_grad():
                hits = torch.cat([model(x).argmax(1).eq(y) for x, y in test_loader])
            yield {
                "epoch": epoch,
                "train_loss": torch.cat(seen).mean().item(),
                "test_accuracy": hits.sum().item() / hits.numel(),
            }

    return list(rows())


# %% exercise="fit" right="train-and-eval-flags-per-module"
def fit(model, train_loader, test_loader, optimizer, epochs):
    history = []
    for epoch in range(1, epochs + 1):
        for m in model.modules():
            m.training = True
        total = samples = 0
        for images, labels in train_loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(images), labels)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(labels)
            samples += len(labels)
        for m in model.modules():
            m.training = False
        correct = tested = 0
        with torch.no_grad():
            for images, labels in test_loader:
                correct += (model(images).argmax(dim=1) == labels).sum().item()
                tested += len(labels)
        history.append({"epoch": epoch, "train_loss": total / samples, "test_accuracy": correct / tested})
    return history


# %% exercise="fit" right="recursion"
def fit(model, train_loader, test_loader, optimizer, epochs):
    if epochs == 0:
        return []
    earlier = fit(model, train_loader, test_loader, optimizer, epochs - 1)
    model.train()
    weighted, n = 0.0, 0
    for images, labels in train_loader:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
        weighted += float(loss) * len(images)
        n += len(images)
    model.eval()
    right = m = 0
    with torch.inference_mode():
        for images, labels in test_loader:
            right += (model(images).argmax(dim=-1) == labels).sum().item()
            m += len(images)
    return [*earlier, {"epoch": epochs, "train_loss": weighted / n, "test_accuracy": right / m}]


# %% [markdown]
# # confusion_matrix


# %% exercise="confusion_matrix" wrong="fancy-indexing-transposed"
def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                counts[predicted, labels] += 1
    finally:
        for module, training in modes:
            module.training = training
    return counts


# %% exercise="confusion_matrix" wrong="histogram-transposed" mistake="transposed"
def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                flat = labels + num_classes * predicted
                counts += flat.bincount(minlength=num_classes**2).view(num_classes, num_classes)
    finally:
        for module, training in modes:
            module.training = training
    return counts


# %% exercise="confusion_matrix" wrong="tutorial-without-eval" mistake="no-eval"
def confusion_matrix(model, loader, num_classes=10):
    cm = torch.zeros(num_classes, num_classes, dtype=torch.long)
    with torch.no_grad():
        for images, labels in loader:
            preds = model(images).argmax(1)
            for t, p in zip(labels, preds):
                cm[t, p] += 1
    return cm


# %% exercise="confusion_matrix" wrong="tutorial-left-in-eval" mistake="left-in-eval-mode"
def confusion_matrix(model, loader, num_classes=10):
    model.eval()
    cm = torch.zeros(num_classes, num_classes, dtype=torch.long)
    with torch.no_grad():
        for images, labels in loader:
            preds = model(images).argmax(1)
            for t, p in zip(labels, preds):
                cm[t, p] += 1
    return cm


# %% exercise="confusion_matrix" wrong="float-by-default" mistake="not-int64"
def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros((num_classes, num_classes))
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                for i, j in zip(labels.tolist(), predicted.tolist()):
                    counts[i, j] += 1
    finally:
        for module, training in modes:
            module.training = training
    return counts


# %% exercise="confusion_matrix" wrong="symmetric"
def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                for i, j in zip(labels.tolist(), predicted.tolist()):
                    counts[i, j] += 1
                    if i != j:
                        counts[j, i] += 1
    finally:
        for module, training in modes:
            module.training = training
    return counts


# %% exercise="confusion_matrix" wrong="argmin"
def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmin(dim=1)
                for i, j in zip(labels.tolist(), predicted.tolist()):
                    counts[i, j] += 1
    finally:
        for module, training in modes:
            module.training = training
    return counts


# %% exercise="confusion_matrix" wrong="shape-from-logits"
def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(0, 0, dtype=torch.int64)
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                if counts.numel() == 0:
                    classes = model(images).shape[1]
                    counts = torch.zeros(classes, classes, dtype=torch.int64)
                for i, j in zip(labels.tolist(), predicted.tolist()):
                    counts[i, j] += 1
    finally:
        for module, training in modes:
            module.training = training
    return counts


# %% exercise="confusion_matrix" right="scatter-add"
def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                flat = labels * num_classes + predicted
                counts.view(-1).scatter_add_(0, flat, torch.ones_like(flat))
    finally:
        for module, training in modes:
            module.training = training
    return counts


# %% exercise="confusion_matrix" right="sparse"
def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                places = torch.stack([labels, predicted])
                ones = torch.ones(len(labels), dtype=torch.int64)
                counts = counts + torch.sparse_coo_tensor(places, ones, counts.shape).to_dense()
    finally:
        for module, training in modes:
            module.training = training
    return counts


# %% exercise="confusion_matrix" right="einsum"
def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                true, said = F.one_hot(labels, num_classes), F.one_hot(predicted, num_classes)
                counts = counts + torch.einsum("ni,nj->ij", true, said)
    finally:
        for module, training in modes:
            module.training = training
    return counts


# %% [markdown]
# # sequential_twin


# %% exercise="sequential_twin" wrong="net-in-order-without-copy" mistake="same-modules"
def sequential_twin(net):
    pool, flatten = nn.MaxPool2d(2), nn.Flatten()
    layers = [
        net.conv1,
        net.relu,
        net.bn1,
        pool,
        net.conv2,
        net.relu,
        net.bn2,
        pool,
        flatten,
        net.fc1,
        net.relu,
        net.dropout,
        net.fc2,
    ]
    return nn.Sequential(*layers)


# %% exercise="sequential_twin" wrong="parts-shared-but-fc2"
def sequential_twin(net):
    parts = copy.deepcopy(net)
    twin = nn.Sequential(
        net.conv1,
        nn.ReLU(),
        parts.bn1,
        nn.MaxPool2d(2),
        parts.conv2,
        nn.ReLU(),
        parts.bn2,
        nn.MaxPool2d(2),
        nn.Flatten(),
        parts.fc1,
        nn.ReLU(),
        parts.dropout,
        parts.fc2,
    )
    return twin.train(net.training)


# %% exercise="sequential_twin" wrong="load-state-dict-by-position" mistake="default-settings"
def sequential_twin(net):
    twin = nn.Sequential(
        nn.Conv2d(1, 32, 3, padding=1),
        nn.ReLU(),
        nn.BatchNorm2d(32),
        nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3, padding=1),
        nn.ReLU(),
        nn.BatchNorm2d(64),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(3136, 512),
        nn.ReLU(),
        nn.Dropout(0.25),
        nn.Linear(512, 10),
    )
    for place, name in {0: "conv1", 2: "bn1", 4: "conv2", 6: "bn2", 9: "fc1", 12: "fc2"}.items():
        twin[place].load_state_dict(getattr(net, name).state_dict())
    return twin.train(net.training)


# %% exercise="sequential_twin" wrong="copy-then-eval" mistake="always-in-eval-mode"
def sequential_twin(net):
    parts = copy.deepcopy(net)
    twin = nn.Sequential(
        parts.conv1,
        nn.ReLU(),
        parts.bn1,
        nn.MaxPool2d(2),
        parts.conv2,
        nn.ReLU(),
        parts.bn2,
        nn.MaxPool2d(2),
        nn.Flatten(),
        parts.fc1,
        nn.ReLU(),
        parts.dropout,
        parts.fc2,
    )
    return copy.deepcopy(twin).eval()


# %% exercise="sequential_twin" wrong="pool-three"
def sequential_twin(net):
    parts = copy.deepcopy(net)
    twin = nn.Sequential(
        parts.conv1,
        nn.ReLU(),
        parts.bn1,
        nn.MaxPool2d(3, stride=2, padding=1),
        parts.conv2,
        nn.ReLU(),
        parts.bn2,
        nn.MaxPool2d(3, stride=2, padding=1),
        nn.Flatten(),
        parts.fc1,
        nn.ReLU(),
        parts.dropout,
        parts.fc2,
    )
    return twin.train(net.training)


# %% exercise="sequential_twin" wrong="relu6"
def sequential_twin(net):
    parts = copy.deepcopy(net)
    twin = nn.Sequential(
        parts.conv1,
        nn.ReLU6(),
        parts.bn1,
        nn.MaxPool2d(2),
        parts.conv2,
        nn.ReLU6(),
        parts.bn2,
        nn.MaxPool2d(2),
        nn.Flatten(),
        parts.fc1,
        nn.ReLU6(),
        parts.dropout,
        parts.fc2,
    )
    return twin.train(net.training)


# %% exercise="sequential_twin" wrong="subclass-of-sequential" mistake="still-your-class"
class Twin(nn.Sequential):
    pass


def sequential_twin(net):
    parts = copy.deepcopy(net)
    return Twin(
        parts.conv1,
        nn.ReLU(),
        parts.bn1,
        nn.MaxPool2d(2),
        parts.conv2,
        nn.ReLU(),
        parts.bn2,
        nn.MaxPool2d(2),
        nn.Flatten(),
        parts.fc1,
        nn.ReLU(),
        parts.dropout,
        parts.fc2,
    ).train(net.training)


# %% exercise="sequential_twin" wrong="leaky"
def sequential_twin(net):
    parts = copy.deepcopy(net)
    twin = nn.Sequential(
        parts.conv1,
        nn.LeakyReLU(),
        parts.bn1,
        nn.MaxPool2d(2),
        parts.conv2,
        nn.LeakyReLU(),
        parts.bn2,
        nn.MaxPool2d(2),
        nn.Flatten(),
        parts.fc1,
        nn.LeakyReLU(),
        parts.dropout,
        parts.fc2,
    )
    return twin.train(net.training)


# %% exercise="sequential_twin" wrong="flatten-then-no-dropout-copy" mistake="relu-or-dropout-shared"
def sequential_twin(net):
    parts = copy.deepcopy(net)
    twin = nn.Sequential(
        parts.conv1,
        nn.ReLU(),
        parts.bn1,
        nn.MaxPool2d(2),
        parts.conv2,
        nn.ReLU(),
        parts.bn2,
        nn.MaxPool2d(2),
        nn.Flatten(),
        parts.fc1,
        nn.ReLU(),
        net.dropout,
        parts.fc2,
    )
    return twin.train(net.training)


# %% exercise="sequential_twin" right="dict-of-copies"
def sequential_twin(net):
    c = {name: copy.deepcopy(module) for name, module in net.named_children()}
    first = nn.Sequential(c["conv1"], nn.ReLU(), c["bn1"])
    second = nn.Sequential(c["conv2"], nn.ReLU(), c["bn2"])
    body = nn.Sequential(first, nn.MaxPool2d(2), second, nn.MaxPool2d(2))
    head = nn.Sequential(nn.Flatten(), nn.Sequential(c["fc1"], c["relu"]), c["dropout"], c["fc2"])
    twin = nn.Sequential(body, head)
    twin.train(net.training)
    return twin


# %% exercise="sequential_twin" right="insert-and-extend"
def sequential_twin(net):
    twin = nn.Sequential()
    for n in (1, 2):
        conv, norm = getattr(net, f"conv{n}"), getattr(net, f"bn{n}")
        twin.extend([copy.deepcopy(conv), nn.ReLU(), copy.deepcopy(norm), nn.MaxPool2d(kernel_size=2)])
    twin.extend([nn.Flatten(), copy.deepcopy(net.fc1), nn.ReLU(), nn.Dropout(p=net.dropout.p), copy.deepcopy(net.fc2)])
    return twin.train(net.training)


# %% exercise="sequential_twin" right="state-dict-of-the-copy"
def sequential_twin(net):
    def norm(old):
        new = nn.BatchNorm2d(old.num_features)
        new.eps, new.momentum = old.eps, old.momentum
        return new

    twin = nn.Sequential(
        nn.Conv2d(1, 32, 3, padding=1),
        nn.ReLU(),
        norm(net.bn1),
        nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3, padding="same"),
        nn.ReLU(),
        norm(net.bn2),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(3136, 512),
        nn.ReLU(),
        nn.Dropout(net.dropout.p),
        nn.Linear(512, 10),
    )
    places = {"conv1": 0, "bn1": 2, "conv2": 4, "bn2": 6, "fc1": 9, "fc2": 12}
    state = {}
    for key, value in net.state_dict().items():
        name, rest = key.split(".", 1)
        state[f"{places[name]}.{rest}"] = value
    twin.load_state_dict(state)
    return twin.train(net.training)


# %% exercise="train_step" wrong="exponentials-overflow"
def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    powers = model(images).exp()
    loss = -(powers[range(len(labels)), labels] / powers.sum(1)).log().mean()
    loss.backward()
    optimizer.step()
    return loss.item()


# %% exercise="evaluate" wrong="half-precision"
def evaluate(model, loader):
    modes = [(module, module.training) for module in model.modules()]
    right = count = 0
    model.eval()
    try:
        with torch.no_grad():
            for x, y in loader:
                right += int((model(x).half().argmax(1) == y).sum())
                count += len(y)
    finally:
        for module, mode in modes:
            module.training = mode
    if count == 0:
        raise ValueError("nothing to evaluate")
    return right / count


# %% exercise="sequential_twin" wrong="weights-not-copied-at-all" mistake="weights-not-copied"
def sequential_twin(net):
    first = [nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.BatchNorm2d(32), nn.MaxPool2d(2)]
    second = [nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.BatchNorm2d(64), nn.MaxPool2d(2)]
    last = [nn.Flatten(), nn.Linear(64 * 49, 512), nn.ReLU(), nn.Dropout(net.dropout.p), nn.Linear(512, 10)]
    twin = nn.Sequential(*first, *second, *last)
    for old, new in ((net.bn1, twin[2]), (net.bn2, twin[6])):
        new.eps, new.momentum = old.eps, old.momentum
    return twin.train(net.training)
