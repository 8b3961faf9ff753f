"""Lesson 2: answers that somebody might give, wrong and right, by exercise.

A wrong answer's docstring is what a student is told whose answer shows the same under the checks. Several cells of
one mistake are several ways to make it. The right ones are in other styles than the lesson's, and must pass.
"""

# %% [markdown]
# # conv_output_size

# %% exercise="conv_output_size" mistake="padding-once"
"""You add the padding once. It is put at both ends of the input, so it counts twice."""


def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    reach = dilation * (kernel_size - 1) + 1
    length = (size + padding - reach) // stride + 1
    if length < 1:
        raise ValueError("the kernel does not fit")
    return length


# %% exercise="conv_output_size" mistake="padding-once"
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    length = (size + padding - dilation * (kernel_size - 1) - 1) // stride + 1
    if length <= 0:
        raise ValueError("too small")
    return length


# %% exercise="conv_output_size" mistake="padding-ignored"
"""Your result does not depend on the padding. The zeros at both ends make the input longer."""


def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    reach = dilation * (kernel_size - 1) + 1
    length = (size - reach) // stride + 1
    if length < 1:
        raise ValueError("the kernel does not fit")
    return length


# %% exercise="conv_output_size" mistake="dilation-ignored"
"""Your result does not depend on dilation. It leaves gaps between the kernel's weights, so the kernel covers more of
the input."""


def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    reach = kernel_size
    length = (size + 2 * padding - reach) // stride + 1
    if length < 1:
        raise ValueError("the kernel does not fit")
    return length


# %% exercise="conv_output_size" mistake="dilation-ignored"
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    total = size + 2 * padding
    if kernel_size > total:
        raise ValueError("kernel larger than input")
    return (total - kernel_size) // stride + 1


# %% exercise="conv_output_size" mistake="dilation-times-kernel"
"""You multiply the whole kernel by the dilation. Only the steps between neighbouring weights become longer, and there
is one step less than there are weights."""


def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    reach = dilation * kernel_size
    length = (size + 2 * padding - reach) // stride + 1
    if length < 1:
        raise ValueError("the kernel does not fit")
    return length


# %% exercise="conv_output_size" mistake="dilation-times-kernel"
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    reach = kernel_size + kernel_size * (dilation - 1)
    length = (size + 2 * padding - reach) // stride + 1
    if length < 1:
        raise ValueError("the kernel does not fit")
    return length


# %% exercise="conv_output_size" mistake="dilation-counted-from-zero"
"""Dilation 1 means no gap at all, as in an ordinary convolution. You leave a gap of `dilation` elements between
neighbours, which is one too many."""


def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    reach = kernel_size + dilation * (kernel_size - 1)
    length = (size + 2 * padding - reach) // stride + 1
    if length < 1:
        raise ValueError("the kernel does not fit")
    return length


# %% exercise="conv_output_size" mistake="dilation-counted-from-zero"
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    reach = (dilation + 1) * (kernel_size - 1) + 1
    length = (size + 2 * padding - reach) // stride + 1
    if length < 1:
        raise ValueError("the kernel does not fit")
    return length


# %% exercise="conv_output_size" mistake="reach-one-short"
"""Your kernel reaches one element too short: from its first weight to its last there are k − 1 steps, and both ends
belong to it. So you count one place too many."""


def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    reach = dilation * (kernel_size - 1)
    length = (size + 2 * padding - reach) // stride + 1
    if length < 1:
        raise ValueError("the kernel does not fit")
    return length


# %% exercise="conv_output_size" mistake="first-place-forgotten"
"""You count the steps, and forget the place where the kernel starts. A kernel as long as the input fits once."""


def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    reach = dilation * (kernel_size - 1) + 1
    length = (size + 2 * padding - reach) // stride
    if length < 1:
        raise ValueError("the kernel does not fit")
    return length


# %% exercise="conv_output_size" mistake="first-place-forgotten"
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    length = (size - dilation * (kernel_size - 1) - 1 + 2 * padding) // stride
    if length <= 0:
        raise ValueError("the kernel does not fit")
    return length


# %% exercise="conv_output_size" mistake="one-added-before-dividing"
"""The 1 for the first place is added before the division by the stride. That is right for stride 1 only: the first
place costs no stride."""


def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    reach = dilation * (kernel_size - 1) + 1
    length = (size + 2 * padding - reach + 1) // stride
    if length < 1:
        raise ValueError("the kernel does not fit")
    return length


# %% exercise="conv_output_size" mistake="one-added-before-dividing"
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    length = int((size + 2 * padding - dilation * (kernel_size - 1)) / stride)
    if length < 1:
        raise ValueError("the kernel does not fit")
    return length


# %% exercise="conv_output_size" mistake="one-added-before-dividing"
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    room = size + 2 * padding - dilation * (kernel_size - 1)
    if room < 1:
        raise ValueError("the kernel does not fit")
    return room // stride


# %% exercise="conv_output_size" mistake="stride-divides-the-input"
"""You divide the input by the stride before you take off the kernel. The stride divides only the room that the kernel
leaves."""


def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    reach = dilation * (kernel_size - 1) + 1
    length = (size + 2 * padding) // stride - reach + 1
    if length < 1:
        raise ValueError("the kernel does not fit")
    return length


# %% exercise="conv_output_size" mistake="stride-ignored"
"""Your result does not depend on the stride. With stride 2 the kernel is put down at every second place only."""


def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    reach = dilation * (kernel_size - 1) + 1
    length = (size + 2 * padding - reach) + 1
    if length < 1:
        raise ValueError("the kernel does not fit")
    return length


# %% exercise="conv_output_size" mistake="not-rounded"
"""Where the division by the stride is not exact, your result is not a whole number. What is left over is too short for
another step and gives no further place: round down."""


def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    reach = dilation * (kernel_size - 1) + 1
    length = (size + 2 * padding - reach) / stride + 1
    if length < 1:
        raise ValueError("the kernel does not fit")
    return length


# %% exercise="conv_output_size" mistake="not-rounded"
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    return_value = (size + 2 * padding - dilation * (kernel_size - 1) - 1) / stride + 1
    if return_value < 1:
        raise ValueError("the kernel does not fit")
    return return_value


# %% exercise="conv_output_size" mistake="rounded-up"
"""You round up, or to the nearest number. What is left over is too short for another step and gives no further place:
round down."""


def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    import math

    reach = dilation * (kernel_size - 1) + 1
    length = math.ceil((size + 2 * padding - reach) / stride) + 1
    if length < 1:
        raise ValueError("the kernel does not fit")
    return length


# %% exercise="conv_output_size" mistake="rounded-up"
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    reach = dilation * (kernel_size - 1) + 1
    length = round((size + 2 * padding - reach) / stride) + 1
    if length < 1:
        raise ValueError("the kernel does not fit")
    return length


# %% exercise="conv_output_size" mistake="rounded-up"
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    reach = dilation * (kernel_size - 1) + 1
    length = -(-(size + 2 * padding - reach) // stride) + 1
    if length < 1:
        raise ValueError("the kernel does not fit")
    return length


# %% exercise="conv_output_size" mistake="rounded-up"
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    length = round((size + 2 * padding - dilation * (kernel_size - 1) - 1) / stride + 1)
    if length < 1:
        raise ValueError("the kernel does not fit")
    return length


# %% exercise="conv_output_size" mistake="rounded-up"
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    length = int((size + 2 * padding - dilation * (kernel_size - 1) - 1) / stride + 0.5) + 1
    if length < 1:
        raise ValueError("the kernel does not fit")
    return length


# %% exercise="conv_output_size" mistake="no-int"
"""What you return is no Python `int`, which the contract asks for. torch's layers refuse 14.0 as a size."""


def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    reach = dilation * (kernel_size - 1) + 1
    length = (size + 2 * padding - reach) // stride + 1
    if length < 1:
        raise ValueError("the kernel does not fit")
    return float(length)


# %% exercise="conv_output_size" mistake="no-int"
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    import math

    length = math.floor((size + 2 * padding - dilation * (kernel_size - 1) - 1) / stride) + 1.0
    if length < 1:
        raise ValueError("the kernel does not fit")
    return length


# %% exercise="conv_output_size" mistake="no-int"
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    reach = dilation * (kernel_size - 1) + 1
    length = (size + 2 * padding - reach) // stride + 1
    if length < 1:
        raise ValueError("the kernel does not fit")
    return torch.tensor(length)


# %% exercise="conv_output_size" mistake="no-error"
"""Where the kernel does not fit, nothing is raised. There is no output then: raise a `ValueError`. A printed warning is
none."""


def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    reach = dilation * (kernel_size - 1) + 1
    length = (size + 2 * padding - reach) // stride + 1
    return length


# %% exercise="conv_output_size" mistake="no-error"
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    reach = dilation * (kernel_size - 1) + 1
    length = (size + 2 * padding - reach) // stride + 1
    return max(length, 0)


# %% exercise="conv_output_size" mistake="no-error"
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    reach = dilation * (kernel_size - 1) + 1
    length = (size + 2 * padding - reach) // stride + 1
    if length < 1:
        return None
    return length


# %% exercise="conv_output_size" mistake="zero-allowed"
"""Negative lengths are refused, but 0 passes. An output of length 0 is no output either."""


def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    reach = dilation * (kernel_size - 1) + 1
    length = (size + 2 * padding - reach) // stride + 1
    if length < 0:
        raise ValueError("the kernel does not fit")
    return length


# %% exercise="conv_output_size" mistake="zero-allowed"
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    reach = dilation * (kernel_size - 1) + 1
    length = (size + 2 * padding - reach) // stride + 1
    if size + 2 * padding - reach < -1:
        raise ValueError("the kernel does not fit")
    return length


# %% exercise="conv_output_size" mistake="truncated-towards-zero"
"""`int()` cuts off towards zero, so −0.5 becomes 0, and with the 1 of the first place a kernel that does not fit
seems to fit once. Look at the room before you divide, or round down."""


def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    reach = dilation * (kernel_size - 1) + 1
    length = int((size + 2 * padding - reach) / stride) + 1
    if length < 1:
        raise ValueError("the kernel does not fit")
    return length


# %% exercise="conv_output_size" mistake="truncated-towards-zero"
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    import math

    reach = dilation * (kernel_size - 1) + 1
    length = math.trunc((size + 2 * padding - reach) / stride) + 1
    if length < 1:
        raise ValueError("the kernel does not fit")
    return length


# %% exercise="conv_output_size" mistake="bare-kernel-compared"
"""Whether the kernel fits, you decide by kernel_size and size alone. Padding makes room, and dilation needs some."""


def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    reach = dilation * (kernel_size - 1) + 1
    length = (size + 2 * padding - reach) // stride + 1
    if kernel_size > size:
        raise ValueError("the kernel does not fit")
    return length


# %% exercise="conv_output_size" mistake="bare-kernel-compared"
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    if size < kernel_size:
        raise ValueError("kernel too large")
    return (size + 2 * padding - dilation * (kernel_size - 1) - 1) // stride + 1


# %% exercise="conv_output_size" mistake="just-fitting-refused"
"""You refuse a kernel that just fits. As long as the input itself, it fits once: that is an output of length 1."""


def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    reach = dilation * (kernel_size - 1) + 1
    length = (size + 2 * padding - reach) // stride + 1
    if length <= 1:
        raise ValueError("the kernel does not fit")
    return length


# %% exercise="conv_output_size" mistake="just-fitting-refused"
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    reach = dilation * (kernel_size - 1) + 1
    length = (size + 2 * padding - reach) // stride + 1
    if reach >= size + 2 * padding:
        raise ValueError("the kernel does not fit")
    return length


# %% exercise="conv_output_size" mistake="other-error"
"""You refuse a kernel that does not fit, but with another error. The contract asks for a `ValueError`, which callers
can catch."""


def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    reach = dilation * (kernel_size - 1) + 1
    length = (size + 2 * padding - reach) // stride + 1
    assert length >= 1, "the kernel does not fit"
    return length


# %% exercise="conv_output_size" mistake="other-error"
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    reach = dilation * (kernel_size - 1) + 1
    length = (size + 2 * padding - reach) // stride + 1
    if length < 1:
        raise RuntimeError("the kernel does not fit")
    return length


# %% exercise="conv_output_size" mistake="other-error"
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    reach = dilation * (kernel_size - 1) + 1
    length = (size + 2 * padding - reach) // stride + 1
    if length < 1:
        raise Exception("the kernel does not fit")
    return length


# %% exercise="conv_output_size" mistake="argument-order"
"""Your parameters stand in another order than the contract's. It shows as soon as somebody gives them by position."""


def conv_output_size(size, kernel_size, padding=0, stride=1, dilation=1):
    reach = dilation * (kernel_size - 1) + 1
    length = (size + 2 * padding - reach) // stride + 1
    if length < 1:
        raise ValueError("the kernel does not fit")
    return length


# %% exercise="conv_output_size" mistake="argument-order"
def conv_output_size(size, kernel_size, stride=1, dilation=1, padding=0):
    reach = dilation * (kernel_size - 1) + 1
    length = (size + 2 * padding - reach) // stride + 1
    if length < 1:
        raise ValueError("the kernel does not fit")
    return length


# %% exercise="conv_output_size" mistake="nothing-returned"
"""Your function returns `None`. To print a number is not to return it."""


def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    reach = dilation * (kernel_size - 1) + 1
    length = (size + 2 * padding - reach) // stride + 1
    if length < 1:
        raise ValueError("the kernel does not fit")
    print(length)


# %% exercise="conv_output_size" mistake="nothing-returned"
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    reach = dilation * (kernel_size - 1) + 1
    length = (size + 2 * padding - reach) // stride + 1
    if length < 1:
        raise ValueError("the kernel does not fit")
    length


# %% exercise="conv_output_size" mistake="odd-kernels-only"
"""Your formula holds for odd kernels only. An even kernel has no middle, so half of it, rounded down, on both sides
is not the whole."""


def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    reach = dilation * (kernel_size - 1) + 1
    length = (size + 2 * padding - 2 * (dilation * (kernel_size - 1) // 2) - 1) // stride + 1
    if length < 1:
        raise ValueError("the kernel does not fit")
    return length


# %% exercise="conv_output_size" mistake="odd-kernels-only"
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    reach = dilation * (kernel_size - 1) + 1
    length = (size + 2 * padding - 2 * dilation * (kernel_size // 2) - 1) // stride + 1
    if length < 1:
        raise ValueError("the kernel does not fit")
    return length


# %% exercise="conv_output_size" right="counts-places"
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    places = 0
    start = -padding
    while start + dilation * (kernel_size - 1) <= size - 1 + padding:
        places += 1
        start += stride
    if not places:
        raise ValueError("no place for the kernel")
    return places


# %% exercise="conv_output_size" right="len-of-range"
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    starts = range(0, size + 2 * padding - dilation * (kernel_size - 1), stride)
    if len(starts) == 0:
        raise ValueError(f"{kernel_size=} too large for {size=}")
    return len(starts)


# %% exercise="conv_output_size" right="torch-on-meta"
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    line = torch.empty(1, 1, size, device="meta")
    kernel = torch.empty(1, 1, kernel_size, device="meta")
    try:
        return F.conv1d(line, kernel, stride=stride, padding=padding, dilation=dilation).shape[-1]
    except RuntimeError as error:
        raise ValueError(str(error)) from error


# %% exercise="conv_output_size" right="floor-of-division"
import math


def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    out = math.floor((size + 2 * padding - dilation * (kernel_size - 1) - 1) / stride + 1)
    if out <= 0:
        raise ValueError
    return out


# %% exercise="conv_output_size" right="divmod-and-own-error"
class DoesNotFit(ValueError):
    pass


def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    room = size + 2 * padding - (kernel_size + (kernel_size - 1) * (dilation - 1))
    if room < 0:
        raise DoesNotFit(room)
    steps, rest = divmod(room, stride)
    return steps + 1


# %% exercise="conv_output_size" right="unfold"
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    total = size + 2 * padding
    reach = dilation * (kernel_size - 1) + 1
    if reach > total:
        raise ValueError("kernel reaches too far")
    return torch.arange(total).unfold(0, reach, stride).size(0)


# %% [markdown]
# # mnist_net

# %% exercise="mnist_net" mistake="norm-before-relu"
"""Your blocks run batch norm before ReLU. Many networks do, but this one runs ReLU first, and the two orders give
different numbers."""


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
        x = F.max_pool2d(self.relu(self.bn1(self.conv1(x))), 2)
        x = F.max_pool2d(self.relu(self.bn2(self.conv2(x))), 2)
        x = x.flatten(1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="norm-before-relu"
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
        x = F.max_pool2d(self.relu(self.bn2(self.conv2(x))), 2)
        x = x.flatten(1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="pool-before-norm"
"""Your blocks pool before batch norm. Batch norm may turn the sign of a channel, and then the largest number before
it is the smallest behind it."""


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
        x = self.bn1(F.max_pool2d(self.relu(self.conv1(x)), 2))
        x = self.bn2(F.max_pool2d(self.relu(self.conv2(x)), 2))
        x = x.flatten(1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="pool-before-norm"
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
        x = self.bn2(F.max_pool2d(self.relu(self.conv2(x)), 2))
        x = x.flatten(1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="block-without-relu"
"""A block of yours has no ReLU. Without it, only the pooling stands between two convolutions that is not linear."""


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
        x = F.max_pool2d(self.bn1(self.conv1(x)), 2)
        x = F.max_pool2d(self.bn2(self.conv2(x)), 2)
        x = x.flatten(1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="block-without-relu"
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
        x = F.max_pool2d(self.bn2(self.conv2(x)), 2)
        x = x.flatten(1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="block-without-relu"
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
        x = F.max_pool2d(self.bn1(self.conv1(x)), 2)
        x = F.max_pool2d(self.bn2(self.relu(self.conv2(x))), 2)
        x = x.flatten(1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="norm-not-used"
"""You make batch norms, but `forward` does not use them all. A layer that `forward` never calls does nothing and
learns nothing."""


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
        x = F.max_pool2d(self.relu(self.conv2(x)), 2)
        x = x.flatten(1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="norm-not-used"
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
        x = F.max_pool2d(self.relu(self.conv2(x)), 2)
        x = x.flatten(1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="fc1-without-relu"
"""Between `fc1` and `fc2` ReLU is missing. Two linear layers in a row are no more than one."""


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
        x = self.fc1(x)
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="softmax-at-the-end"
"""You turn the logits into probabilities at the end. The cross-entropy has the softmax inside and wants raw logits,
so nothing may come after `fc2`."""


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
        return F.softmax(self.fc2(x), dim=1)


# %% exercise="mnist_net" mistake="softmax-at-the-end"
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
        return F.log_softmax(self.fc2(x), dim=1)


# %% exercise="mnist_net" mistake="softmax-at-the-end"
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
        return torch.sigmoid(self.fc2(x))


# %% exercise="mnist_net" mistake="relu-at-the-end"
"""ReLU comes after `fc2`, too. Logits may be negative: cut off at zero, many classes look the same."""


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
        return self.relu(self.fc2(x))


# %% exercise="mnist_net" mistake="own-dropout-unused"
"""Your `self.dropout` does not run in training mode: nothing is dropped, or another dropout does it. `F.dropout`, or a
module made anew, knows neither of `net.eval()` nor of your p."""


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
        x = F.dropout(x, 0.25)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="own-dropout-unused"
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
        x = F.dropout(x, 0.25, training=self.training)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="own-dropout-unused"
class MNISTNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(32)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1)
        self.bn2 = nn.BatchNorm2d(64)
        self.fc1 = nn.Linear(64 * 7 * 7, 512)
        self.fc2 = nn.Linear(512, 10)
        self.relu = nn.ReLU()

    def forward(self, x):
        x = F.max_pool2d(self.bn1(self.relu(self.conv1(x))), 2)
        x = F.max_pool2d(self.bn2(self.relu(self.conv2(x))), 2)
        x = x.flatten(1)
        x = self.relu(self.fc1(x))
        x = nn.Dropout(0.25)(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="own-dropout-unused"
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
        return self.fc2(x)


# %% exercise="mnist_net" mistake="dropout-elsewhere"
"""Dropout runs at another place than the contract says. It belongs between `fc1` and `fc2`."""


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
        x = self.dropout(x.flatten(1))
        x = self.relu(self.fc1(x))
        return self.fc2(x)


# %% exercise="mnist_net" mistake="dropout-elsewhere"
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
        return self.dropout(self.fc2(x))


# %% exercise="mnist_net" mistake="dropout-elsewhere"
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
        x = self.dropout(x).flatten(1)
        x = self.relu(self.fc1(x))
        return self.fc2(x)


# %% exercise="mnist_net" mistake="dropout-twice"
"""Dropout runs more than once in your `forward`. The contract has it once, between `fc1` and `fc2`."""


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
        x = self.dropout(x.flatten(1))
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="dropout-twice"
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
        x = F.max_pool2d(self.dropout(self.bn1(self.relu(self.conv1(x)))), 2)
        x = F.max_pool2d(self.bn2(self.relu(self.conv2(x))), 2)
        x = x.flatten(1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="dropout-twice"
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


# %% exercise="mnist_net" mistake="dropout-probability"
"""Your dropout has another probability than the contract's. Without an argument it is 0.5; and p is the share that is
dropped, not kept."""


class MNISTNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(32)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1)
        self.bn2 = nn.BatchNorm2d(64)
        self.fc1 = nn.Linear(64 * 7 * 7, 512)
        self.fc2 = nn.Linear(512, 10)
        self.dropout = nn.Dropout()
        self.relu = nn.ReLU()

    def forward(self, x):
        x = F.max_pool2d(self.bn1(self.relu(self.conv1(x))), 2)
        x = F.max_pool2d(self.bn2(self.relu(self.conv2(x))), 2)
        x = x.flatten(1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="dropout-probability"
class MNISTNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(32)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1)
        self.bn2 = nn.BatchNorm2d(64)
        self.fc1 = nn.Linear(64 * 7 * 7, 512)
        self.fc2 = nn.Linear(512, 10)
        self.dropout = nn.Dropout(0.75)
        self.relu = nn.ReLU()

    def forward(self, x):
        x = F.max_pool2d(self.bn1(self.relu(self.conv1(x))), 2)
        x = F.max_pool2d(self.bn2(self.relu(self.conv2(x))), 2)
        x = x.flatten(1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="view-mixes-images"
"""You flatten with a fixed number of columns and let the number of rows follow. An image of another size then becomes
several rows, without an error. Keep the rows, and let the columns follow."""


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
        x = x.view(-1, 64 * 7 * 7)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="view-mixes-images"
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
        x = x.reshape(-1, 3136)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="view-mixes-images"
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
        x = x.contiguous().view(-1, self.fc1.in_features)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="flattens-everything"
"""You flatten the batch dimension as well, so all images become one long row. The first dimension has to stay."""


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
        x = x.flatten()
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="flattens-everything"
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
        x = x.view(-1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="flattens-everything"
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
        x = x.reshape(1, -1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="no-padding"
"""A convolution of yours has no padding, so it makes the image smaller by 2 in each direction, and what arrives at
`fc1` is not 7×7."""


class MNISTNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3)
        self.bn1 = nn.BatchNorm2d(32)
        self.conv2 = nn.Conv2d(32, 64, 3)
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


# %% exercise="mnist_net" mistake="no-padding"
class MNISTNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3)
        self.bn1 = nn.BatchNorm2d(32)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.bn2 = nn.BatchNorm2d(64)
        self.fc1 = nn.Linear(64 * 5 * 5, 512)
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


# %% exercise="mnist_net" mistake="no-padding"
class MNISTNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3)
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
        return self.fc2(x)


# %% exercise="mnist_net" mistake="kernel-size"
"""Your kernels have another size than 3×3. With a fitting padding the shapes agree all the same, but it is another
layer."""


class MNISTNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 5, padding=2)
        self.bn1 = nn.BatchNorm2d(32)
        self.conv2 = nn.Conv2d(32, 64, 5, padding=2)
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


# %% exercise="mnist_net" mistake="kernel-size"
class MNISTNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(32)
        self.conv2 = nn.Conv2d(32, 64, 5, padding=2)
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


# %% exercise="mnist_net" mistake="fc1-size"
"""`fc1` expects another number of features than arrives. After two poolings an image of 28×28 is 7×7, with 64
channels."""


class MNISTNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(32)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1)
        self.bn2 = nn.BatchNorm2d(64)
        self.fc1 = nn.Linear(64 * 14 * 14, 512)
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


# %% exercise="mnist_net" mistake="fc1-size"
class MNISTNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(32)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1)
        self.bn2 = nn.BatchNorm2d(64)
        self.fc1 = nn.Linear(32 * 7 * 7, 512)
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


# %% exercise="mnist_net" mistake="hidden-size"
"""There are not 512 numbers between `fc1` and `fc2` in your network."""


class MNISTNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(32)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1)
        self.bn2 = nn.BatchNorm2d(64)
        self.fc1 = nn.Linear(64 * 7 * 7, 128)
        self.fc2 = nn.Linear(128, 10)
        self.dropout = nn.Dropout(0.25)
        self.relu = nn.ReLU()

    def forward(self, x):
        x = F.max_pool2d(self.bn1(self.relu(self.conv1(x))), 2)
        x = F.max_pool2d(self.bn2(self.relu(self.conv2(x))), 2)
        x = x.flatten(1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="channels"
"""Your convolutions have other channels than the contract's: 1 to 32, then 32 to 64."""


class MNISTNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(16)
        self.conv2 = nn.Conv2d(16, 32, 3, padding=1)
        self.bn2 = nn.BatchNorm2d(32)
        self.fc1 = nn.Linear(32 * 7 * 7, 512)
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


# %% exercise="mnist_net" mistake="channels"
class MNISTNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 32, 3, padding=1)
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
        return self.fc2(x)


# %% exercise="mnist_net" mistake="norm-size"
"""A batch norm of yours has the wrong size. It needs as many features as the convolution before it has output
channels."""


class MNISTNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(64)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1)
        self.bn2 = nn.BatchNorm2d(32)
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


# %% exercise="mnist_net" mistake="norm-size"
class MNISTNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(28)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1)
        self.bn2 = nn.BatchNorm2d(14)
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


# %% exercise="mnist_net" mistake="one-dimensional-norm"
"""`nn.BatchNorm1d` is for rows of features. Images have two dimensions more, and a batch norm of their own."""


class MNISTNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.bn1 = nn.BatchNorm1d(32)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1)
        self.bn2 = nn.BatchNorm1d(64)
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


# %% exercise="mnist_net" mistake="one-norm-for-both"
"""Both blocks share one batch norm, or `bn2` is missing. Each block has statistics of its own, and 32 channels are
not 64."""


class MNISTNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(32)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1)
        self.fc1 = nn.Linear(64 * 7 * 7, 512)
        self.fc2 = nn.Linear(512, 10)
        self.dropout = nn.Dropout(0.25)
        self.relu = nn.ReLU()

    def forward(self, x):
        x = F.max_pool2d(self.bn1(self.relu(self.conv1(x))), 2)
        x = F.max_pool2d(self.bn1(self.relu(self.conv2(x))), 2)
        x = x.flatten(1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="one-pooling"
"""You pool once only. Each of the two blocks ends with a pooling, 28 → 14 → 7."""


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
        x = self.bn1(self.relu(self.conv1(x)))
        x = F.max_pool2d(self.bn2(self.relu(self.conv2(x))), 2)
        x = x.flatten(1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="one-pooling"
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
        x = self.bn2(self.relu(self.conv2(x)))
        x = x.flatten(1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="one-pooling"
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
        x = self.bn1(self.relu(self.conv1(x)))
        x = F.max_pool2d(self.bn2(self.relu(self.conv2(x))), 4)
        x = x.flatten(1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="average-pooling"
"""You take the mean of each 2×2 square. Max-pooling takes its largest number."""


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
        x = F.avg_pool2d(self.bn1(self.relu(self.conv1(x))), 2)
        x = F.avg_pool2d(self.bn2(self.relu(self.conv2(x))), 2)
        x = x.flatten(1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="average-pooling"
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
        x = F.avg_pool2d(self.bn2(self.relu(self.conv2(x))), 2)
        x = x.flatten(1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="average-pooling"
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
        x = F.avg_pool2d(self.bn1(self.relu(self.conv1(x))), 2)
        x = F.max_pool2d(self.bn2(self.relu(self.conv2(x))), 2)
        x = x.flatten(1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="stride-instead-of-pooling"
"""Your convolutions halve the image by their stride. In this network they keep its size, and pooling halves it."""


class MNISTNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, stride=2, padding=1)
        self.bn1 = nn.BatchNorm2d(32)
        self.conv2 = nn.Conv2d(32, 64, 3, stride=2, padding=1)
        self.bn2 = nn.BatchNorm2d(64)
        self.fc1 = nn.Linear(64 * 7 * 7, 512)
        self.fc2 = nn.Linear(512, 10)
        self.dropout = nn.Dropout(0.25)
        self.relu = nn.ReLU()

    def forward(self, x):
        x = self.bn1(self.relu(self.conv1(x)))
        x = self.bn2(self.relu(self.conv2(x)))
        x = x.flatten(1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="any-size-accepted"
"""Your network makes any image fit, for instance by an adaptive pooling, by cropping or by resizing. An image of the
wrong size has to raise an error here."""


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
        x = F.adaptive_max_pool2d(x, 7).flatten(1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="any-size-accepted"
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
        x = F.adaptive_avg_pool2d(x, (7, 7)).flatten(1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="any-size-accepted"
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
        x = F.interpolate(x, size=(28, 28))
        x = F.max_pool2d(self.bn1(self.relu(self.conv1(x))), 2)
        x = F.max_pool2d(self.bn2(self.relu(self.conv2(x))), 2)
        x = x.flatten(1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="squeeze"
"""`squeeze` removes dimensions of size 1, the batch dimension of a single image as well. But one image is a batch, too,
and gives one row."""


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
        return self.fc2(x).squeeze()


# %% exercise="mnist_net" mistake="squeeze"
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
        x = x.flatten(1).squeeze()
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="squeeze"
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
        if len(x) == 1:
            x = x.squeeze(0)
        x = F.max_pool2d(self.bn1(self.relu(self.conv1(x))), 2)
        x = F.max_pool2d(self.bn2(self.relu(self.conv2(x))), 2)
        x = x.flatten(1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="squeeze"
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
        x = x.squeeze(0)
        x = F.max_pool2d(self.bn1(self.relu(self.conv1(x))), 2)
        x = F.max_pool2d(self.bn2(self.relu(self.conv2(x))), 2)
        x = x.flatten(1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="squeeze"
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
        x = x.squeeze(0).flatten(1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="relu-not-registered"
"""`self.relu` is no registered `nn.ReLU`. You may call `F.relu` in `forward`, but the module has to be there."""


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

    def forward(self, x):
        x = F.max_pool2d(self.bn1(F.relu(self.conv1(x))), 2)
        x = F.max_pool2d(self.bn2(F.relu(self.conv2(x))), 2)
        x = x.flatten(1)
        x = F.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="relu-not-registered"
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
        self.relu = F.relu

    def forward(self, x):
        x = F.max_pool2d(self.bn1(self.relu(self.conv1(x))), 2)
        x = F.max_pool2d(self.bn2(self.relu(self.conv2(x))), 2)
        x = x.flatten(1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="relu-not-registered"
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
        self.relu = nn.ReLU

    def forward(self, x):
        x = F.max_pool2d(self.bn1(F.relu(self.conv1(x))), 2)
        x = F.max_pool2d(self.bn2(F.relu(self.conv2(x))), 2)
        x = x.flatten(1)
        x = F.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="dropout-not-registered"
"""`self.dropout` is no registered `nn.Dropout`. It has to be a module, made once in `__init__`."""


class MNISTNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(32)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1)
        self.bn2 = nn.BatchNorm2d(64)
        self.fc1 = nn.Linear(64 * 7 * 7, 512)
        self.fc2 = nn.Linear(512, 10)
        self.relu = nn.ReLU()

    def forward(self, x):
        x = F.max_pool2d(self.bn1(self.relu(self.conv1(x))), 2)
        x = F.max_pool2d(self.bn2(self.relu(self.conv2(x))), 2)
        x = x.flatten(1)
        x = self.relu(self.fc1(x))
        x = F.dropout(x, 0.25, self.training)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="dropout-not-registered"
class MNISTNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(32)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1)
        self.bn2 = nn.BatchNorm2d(64)
        self.fc1 = nn.Linear(64 * 7 * 7, 512)
        self.fc2 = nn.Linear(512, 10)
        self.dropout = 0.25
        self.relu = nn.ReLU()

    def forward(self, x):
        x = F.max_pool2d(self.bn1(self.relu(self.conv1(x))), 2)
        x = F.max_pool2d(self.bn2(self.relu(self.conv2(x))), 2)
        x = x.flatten(1)
        x = self.relu(self.fc1(x))
        x = F.dropout(x, self.dropout, self.training)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="dropout-of-channels"
"""`nn.Dropout2d` drops whole channels of images. Between two linear layers there are none, and the contract asks for
the plain one."""


class MNISTNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(32)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1)
        self.bn2 = nn.BatchNorm2d(64)
        self.fc1 = nn.Linear(64 * 7 * 7, 512)
        self.fc2 = nn.Linear(512, 10)
        self.dropout = nn.Dropout2d(0.25)
        self.relu = nn.ReLU()

    def forward(self, x):
        x = F.max_pool2d(self.bn1(self.relu(self.conv1(x))), 2)
        x = F.max_pool2d(self.bn2(self.relu(self.conv2(x))), 2)
        x = x.flatten(1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="other-names"
"""Layers of yours have other names than the contract's, or stand inside of an `nn.Sequential`, a list or a dict.
Later exercises and saved weights look for `conv1`, `bn1` and so on."""


class MNISTNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.norm1 = nn.BatchNorm2d(32)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1)
        self.norm2 = nn.BatchNorm2d(64)
        self.fc1 = nn.Linear(64 * 7 * 7, 512)
        self.fc2 = nn.Linear(512, 10)
        self.dropout = nn.Dropout(0.25)
        self.relu = nn.ReLU()

    def forward(self, x):
        x = F.max_pool2d(self.norm1(self.relu(self.conv1(x))), 2)
        x = F.max_pool2d(self.norm2(self.relu(self.conv2(x))), 2)
        x = x.flatten(1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="other-names"
class MNISTNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv_1 = nn.Conv2d(1, 32, 3, padding=1)
        self.bn_1 = nn.BatchNorm2d(32)
        self.conv_2 = nn.Conv2d(32, 64, 3, padding=1)
        self.bn_2 = nn.BatchNorm2d(64)
        self.fc_1 = nn.Linear(64 * 7 * 7, 512)
        self.fc_2 = nn.Linear(512, 10)
        self.dropout = nn.Dropout(0.25)
        self.relu = nn.ReLU()

    def forward(self, x):
        x = F.max_pool2d(self.bn_1(self.relu(self.conv_1(x))), 2)
        x = F.max_pool2d(self.bn_2(self.relu(self.conv_2(x))), 2)
        x = x.flatten(1)
        x = self.relu(self.fc_1(x))
        x = self.dropout(x)
        return self.fc_2(x)


# %% exercise="mnist_net" mistake="other-names"
class MNISTNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(32)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1)
        self.bn2 = nn.BatchNorm2d(64)
        self.linear1 = nn.Linear(64 * 7 * 7, 512)
        self.linear2 = nn.Linear(512, 10)
        self.dropout = nn.Dropout(0.25)
        self.relu = nn.ReLU()

    def forward(self, x):
        x = F.max_pool2d(self.bn1(self.relu(self.conv1(x))), 2)
        x = F.max_pool2d(self.bn2(self.relu(self.conv2(x))), 2)
        x = x.flatten(1)
        x = self.relu(self.linear1(x))
        x = self.dropout(x)
        return self.linear2(x)


# %% exercise="mnist_net" mistake="other-names"
class MNISTNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.relu = nn.ReLU()
        self.dropout = nn.Dropout(0.25)
        self.features = nn.Sequential(
            nn.Conv2d(1, 32, 3, padding=1),
            nn.ReLU(),
            nn.BatchNorm2d(32),
            nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 3, padding=1),
            nn.ReLU(),
            nn.BatchNorm2d(64),
            nn.MaxPool2d(2),
        )
        self.classifier = nn.Sequential(
            nn.Flatten(), nn.Linear(64 * 7 * 7, 512), nn.ReLU(), self.dropout, nn.Linear(512, 10)
        )

    def forward(self, x):
        return self.classifier(self.features(x))


# %% exercise="mnist_net" mistake="layers-in-forward"
"""You make layers in `forward`, so each call gets new, random ones. Nothing of it is registered, and nothing is ever
learned. Make them in `__init__`."""


class MNISTNet(nn.Module):
    def forward(self, x):
        x = F.max_pool2d(nn.BatchNorm2d(32)(F.relu(nn.Conv2d(1, 32, 3, padding=1)(x))), 2)
        x = F.max_pool2d(nn.BatchNorm2d(64)(F.relu(nn.Conv2d(32, 64, 3, padding=1)(x))), 2)
        x = F.relu(nn.Linear(64 * 7 * 7, 512)(x.flatten(1)))
        return nn.Linear(512, 10)(nn.Dropout(0.25)(x))


# %% exercise="mnist_net" mistake="no-super-init"
"""`nn.Module`'s own `__init__` has not run yet when you assign, so there is nowhere to register a layer. Call
`super().__init__()`, with parentheses, first of all."""


class MNISTNet(nn.Module):
    def __init__(self):
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
        return self.fc2(x)


# %% exercise="mnist_net" mistake="no-super-init"
class MNISTNet(nn.Module):
    def __init__(self):
        super().__init__
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
        return self.fc2(x)


# %% exercise="mnist_net" mistake="no-bias"
"""A layer of yours has no bias. The contract's layers are the ordinary ones, which have one."""


class MNISTNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(32)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1, bias=False)
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


# %% exercise="mnist_net" mistake="no-bias"
class MNISTNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(32)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1)
        self.bn2 = nn.BatchNorm2d(64)
        self.fc1 = nn.Linear(64 * 7 * 7, 512, bias=False)
        self.fc2 = nn.Linear(512, 10, bias=False)
        self.dropout = nn.Dropout(0.25)
        self.relu = nn.ReLU()

    def forward(self, x):
        x = F.max_pool2d(self.bn1(self.relu(self.conv1(x))), 2)
        x = F.max_pool2d(self.bn2(self.relu(self.conv2(x))), 2)
        x = x.flatten(1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="nothing-returned"
"""Your `forward` returns None. Often only the `return` is missing."""


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
        x = self.fc2(x)


# %% exercise="mnist_net" mistake="nothing-returned"
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
        self.fc2(x)


# %% exercise="mnist_net" mistake="detached"
"""No gradient reaches the layers in front, so they never learn. Often `detach`, `no_grad` or `.data` in `forward` cuts
the graph."""


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
        x = x.detach().flatten(1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="detached"
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
        with torch.no_grad():
            x = F.max_pool2d(self.bn2(self.relu(self.conv2(x))), 2)
        x = x.flatten(1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="other-max-pooling"
"""A max-pooling of yours has another kernel, stride or padding than the contract's: squares of 2×2, one beside the
other. The shapes can agree all the same; the numbers don't."""


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
        x = F.max_pool2d(self.bn1(self.relu(self.conv1(x))), 3, stride=2, padding=1)
        x = F.max_pool2d(self.bn2(self.relu(self.conv2(x))), 3, stride=2, padding=1)
        x = x.flatten(1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="other-max-pooling"
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
        x = F.max_pool2d(self.bn2(self.relu(self.conv2(x))), 3, stride=2, padding=1)
        x = x.flatten(1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="other-max-pooling"
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
        x = F.max_pool2d(self.bn1(self.relu(self.conv1(x))), 3, stride=2, padding=1)
        x = F.max_pool2d(self.bn2(self.relu(self.conv2(x))), 2)
        x = x.flatten(1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="relu-twice-in-a-block"
"""You run ReLU once more than the contract says: behind batch norm it cuts off what batch norm has made negative. In
each block it comes once, before batch norm."""


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
        x = F.max_pool2d(self.relu(self.bn1(self.relu(self.conv1(x)))), 2)
        x = F.max_pool2d(self.relu(self.bn2(self.relu(self.conv2(x)))), 2)
        x = x.flatten(1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="relu-twice-in-a-block"
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
        x = F.max_pool2d(self.relu(self.bn2(self.relu(self.conv2(x)))), 2)
        x = x.flatten(1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="relu-twice-in-a-block"
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
        x = F.max_pool2d(self.relu(self.bn1(self.relu(self.conv1(x)))), 2)
        x = F.max_pool2d(self.bn2(self.relu(self.conv2(x))), 2)
        x = x.flatten(1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="pooling-rounds-up"
"""Images pass whose pooled area should not be 49. Often the pooling rounds up, as with `ceil_mode`: a row or column too
short for a square is dropped."""


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
        x = F.max_pool2d(self.bn1(self.relu(self.conv1(x))), 2, ceil_mode=True)
        x = F.max_pool2d(self.bn2(self.relu(self.conv2(x))), 2, ceil_mode=True)
        x = x.flatten(1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="pooling-rounds-up"
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
        x = F.max_pool2d(self.bn2(self.relu(self.conv2(x))), 2, ceil_mode=True)
        x = x.flatten(1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="transposed-rows"
"""The shape is right, but each row holds numbers of several images. Often the tensor was cut into (features, N) and
transposed. Keep dimension 0 as it is, and flatten the others."""


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
        x = x.reshape(3136, -1).t()
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="other-order-of-features"
"""You flatten in another order than the contract's: channel by channel, each row by row, as the tensor lies. Move the
dimensions, and `fc1` gets the same numbers in other places."""


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
        x = x.permute(0, 2, 3, 1).flatten(1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="other-order-of-features"
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
        x = x.transpose(2, 3).flatten(1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="other-order-of-features"
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
        x = x.transpose(1, 3).flatten(1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" mistake="lazy-layer"
"""You leave the size of a layer to the first images that come. Until then it has no weights to be counted or loaded,
and images of a wrong size make a layer of a wrong size. The contract's sizes are known: write them down."""


class MNISTNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(32)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1)
        self.bn2 = nn.BatchNorm2d(64)
        self.fc1 = nn.LazyLinear(512)
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


# %% exercise="mnist_net" right="functions"
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


# %% exercise="mnist_net" right="sequentials-of-named-layers"
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


# %% exercise="mnist_net" right="checks-the-size"
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
        if x.shape[1:] != (64, 7, 7):
            raise ValueError(f"images of 28×28 expected, got {tuple(x.shape)}")
        x = x.view(x.size(0), -1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" right="dropout-before-relu"
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
        x = self.fc1(x)
        x = self.relu(self.dropout(x))
        return self.fc2(x)


# %% exercise="mnist_net" right="arithmetic"
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

    def half(self, x):
        n, c, h, w = x.shape
        return x.reshape(n, c, h // 2, 2, w // 2, 2).amax(dim=(3, 5))

    def forward(self, x):
        x = self.half(self.bn1(self.conv1(x).clamp(min=0)))
        x2 = self.conv2(x)
        x = self.half(self.bn2(torch.where(x2 > 0, x2, 0 * x2)))
        x = x.flatten(1)
        x = self.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


# %% exercise="mnist_net" right="add-module"
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


# %% [markdown]
# # train_step

# %% exercise="train_step" mistake="no-train-mode"
"""You don't switch the model to training mode before you run it. After an evaluation, batch norm would go on with its
old statistics, and dropout would drop nothing."""


def train_step(model, images, labels, optimizer):
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


# %% exercise="train_step" mistake="no-train-mode"
def train_step(model, images, labels, optimizer):
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels)
    model.train()
    loss.backward()
    optimizer.step()
    return loss.item()


# %% exercise="train_step" mistake="top-flag-only"
"""You look at, or set, the mode of the model itself only. Every module inside has a flag of its own, and a part may
be in evaluation mode while the whole is not."""


def train_step(model, images, labels, optimizer):
    model.training = True
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


# %% exercise="train_step" mistake="train-only-if-needed"
"""A model in training mode keeps a part of it in evaluation mode. Often only the model's own flag is asked before the
switch: every module has one of its own, so switch in any case."""


def train_step(model, images, labels, optimizer):
    if not model.training:
        model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


# %% exercise="train_step" mistake="eval-mode"
"""You switch to evaluation mode, and then train. Batch norm then doesn't learn its statistics, and dropout does
nothing."""


def train_step(model, images, labels, optimizer):
    model.eval()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


# %% exercise="train_step" mistake="eval-mode"
def train_step(model, images, labels, optimizer):
    model.train(False)
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


# %% exercise="train_step" mistake="no-zero-grad"
"""Earlier gradients are not cleared. `backward` adds to what is there, so the steps go along the sum of all gradients
so far."""


def train_step(model, images, labels, optimizer):
    model.train()
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


# %% exercise="train_step" mistake="cleared-after-step"
"""You clear the gradients at the end only. What somebody left there before your first step still counts in it."""


def train_step(model, images, labels, optimizer):
    model.train()
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    return loss.item()


# %% exercise="train_step" mistake="model-cleared"
"""A parameter that is the optimizer's, but not the model's, keeps its old gradient. Clear those of the optimizer: it
moves all of them."""


def train_step(model, images, labels, optimizer):
    model.train()
    model.zero_grad()
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


# %% exercise="train_step" mistake="model-cleared"
def train_step(model, images, labels, optimizer):
    model.train()
    for parameter in model.parameters():
        parameter.grad = None
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


# %% exercise="train_step" mistake="frozen-not-cleared"
"""You clear only what is trainable now. A frozen parameter can still have a gradient from before, and the optimizer
follows it."""


def train_step(model, images, labels, optimizer):
    model.train()
    for group in optimizer.param_groups:
        for parameter in group["params"]:
            if parameter.requires_grad:
                parameter.grad = None
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


# %% exercise="train_step" mistake="frozen-not-cleared"
def train_step(model, images, labels, optimizer):
    model.train()
    for parameter in model.parameters():
        if parameter.requires_grad:
            parameter.grad = None
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


# %% exercise="train_step" mistake="nothing-moves"
"""No weight moves. The optimizer follows the gradients that it finds: they have to be computed before its step, must
not be cleared in between, and the step has to be called, with parentheses."""


def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    return loss.item()


# %% exercise="train_step" mistake="nothing-moves"
def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels)
    optimizer.step()
    return loss.item()


# %% exercise="train_step" mistake="nothing-moves"
def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels)
    optimizer.step()
    loss.backward()
    return loss.item()


# %% exercise="train_step" mistake="nothing-moves"
def train_step(model, images, labels, optimizer):
    model.train()
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.zero_grad()
    optimizer.step()
    return loss.item()


# %% exercise="train_step" mistake="graph-lost"
"""Between the model and the loss the graph is cut, for instance by `no_grad`, `detach`, `.item()` or `.data`. Then the
loss knows nothing of the weights."""


def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    with torch.no_grad():
        output = model(images)
    loss = F.cross_entropy(output, labels)
    loss.backward()
    optimizer.step()
    return loss.item()


# %% exercise="train_step" mistake="graph-lost"
def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images).detach(), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


# %% exercise="train_step" mistake="softmax-before-loss"
"""You give the cross-entropy probabilities. It has the softmax inside, so yours is taken twice: gradients become
small, and training crawls."""


def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(F.softmax(model(images), dim=1), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


# %% exercise="train_step" mistake="softmax-before-loss"
def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images).softmax(-1), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


# %% exercise="train_step" mistake="nll-without-log-softmax"
"""`F.nll_loss` wants logarithms of probabilities. On raw logits its value has no lower limit, and it falls and
falls."""


def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = F.nll_loss(model(images), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


# %% exercise="train_step" mistake="nll-of-probabilities"
"""`F.nll_loss` wants the logarithms of the probabilities. You give it the probabilities themselves."""


def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = F.nll_loss(F.softmax(model(images), dim=1), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


# %% exercise="train_step" mistake="softmax-over-the-batch"
"""Your softmax runs over the images, not over the classes: each column adds up to 1 instead of each row."""


def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = F.nll_loss(F.log_softmax(model(images), dim=0), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


# %% exercise="train_step" mistake="summed-loss"
"""You add up the losses of the samples. The contract has their mean, which does not grow with the size of the
batch."""


def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels, reduction="sum")
    loss.backward()
    optimizer.step()
    return loss.item()


# %% exercise="train_step" mistake="summed-loss"
def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels) * len(images)
    loss.backward()
    optimizer.step()
    return loss.item()


# %% exercise="train_step" mistake="summed-loss"
def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = nn.CrossEntropyLoss(reduction="sum")(model(images), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


# %% exercise="train_step" mistake="divided-twice"
"""You divide the loss by the size of the batch. `F.cross_entropy` has already taken the mean."""


def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels) / len(images)
    loss.backward()
    optimizer.step()
    return loss.item()


# %% exercise="train_step" mistake="squared-error"
"""You train on squared errors. For classes the contract has the cross-entropy."""


def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = F.mse_loss(model(images), F.one_hot(labels, model(images).shape[1]).float())
    loss.backward()
    optimizer.step()
    return loss.item()


# %% exercise="train_step" mistake="squared-error"
def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    output = model(images)
    target = F.one_hot(labels, output.shape[1]).float()
    loss = F.mse_loss(F.softmax(output, dim=1), target)
    loss.backward()
    optimizer.step()
    return loss.item()


# %% exercise="train_step" mistake="squared-error"
def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    output = model(images)
    target = F.one_hot(labels, output.shape[1]).float()
    loss = F.mse_loss(output, target)
    loss.backward()
    optimizer.step()
    return loss.item()


# %% exercise="train_step" mistake="one-class-against-all"
"""You ask ten times “this class, or not?”. The binary cross-entropy treats each class for itself; here the classes
exclude each other."""


def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    output = model(images)
    loss = F.binary_cross_entropy_with_logits(output, F.one_hot(labels, output.shape[1]).float())
    loss.backward()
    optimizer.step()
    return loss.item()


# %% exercise="train_step" mistake="arguments-swapped"
"""Labels and logits are the wrong way round. The prediction comes first."""


def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(labels, model(images))
    loss.backward()
    optimizer.step()
    return loss.item()


# %% exercise="train_step" mistake="argmax-before-loss"
"""You compare predicted classes with labels. The choice of the largest has no gradient; the loss needs the logits."""


def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images).argmax(dim=1).float(), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


# %% exercise="train_step" mistake="argmax-before-loss"
def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images).argmax(dim=1), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


# %% exercise="train_step" mistake="loss-after-step"
"""You compute the loss again after the step. The contract asks for the one before it, from which the step was
taken."""


def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    return F.cross_entropy(model(images), labels).item()


# %% exercise="train_step" mistake="loss-after-step"
def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        return F.cross_entropy(model(images), labels).item()


# %% exercise="train_step" mistake="loss-after-step"
def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    model.eval()
    with torch.no_grad():
        loss = F.cross_entropy(model(images), labels)
    return loss.item()


# %% exercise="train_step" mistake="model-runs-twice"
"""The model runs twice for one step. In training mode that counts the batch twice in batch norm's statistics, and
dropout drops something else the second time."""


def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels)
    value = F.cross_entropy(model(images), labels).item()
    loss.backward()
    optimizer.step()
    return loss.item()


# %% exercise="train_step" mistake="model-runs-twice"
def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    output = model(images)
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


# %% exercise="train_step" mistake="tensor-returned"
"""You return the loss as a tensor. As long as somebody keeps it, its whole graph stays in memory; the contract asks
for a Python number."""


def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    return loss


# %% exercise="train_step" mistake="tensor-returned"
def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    return loss.detach()


# %% exercise="train_step" mistake="tensor-returned"
def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    return loss.detach().numpy()


# %% exercise="train_step" mistake="rounded-or-text"
"""You return something made for reading, rounded or as a text. Return the number as it is."""


def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    return round(loss.item(), 2)


# %% exercise="train_step" mistake="rounded-or-text"
def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    return f"{loss.item():.4f}"


# %% exercise="train_step" mistake="rounded-or-text"
def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    return round(loss.item(), 3)


# %% exercise="train_step" mistake="rounded-or-text"
def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    return round(loss.item(), 4)


# %% exercise="train_step" mistake="nothing-returned"
"""Your function returns None. Return the loss; printing is not returning."""


def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    loss.item()


# %% exercise="train_step" mistake="nothing-returned"
def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    print(loss.item())


# %% exercise="train_step" mistake="accuracy-returned"
"""You return how many were right. The contract asks for the loss."""


def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    output = model(images)
    loss = F.cross_entropy(output, labels)
    loss.backward()
    optimizer.step()
    return (output.argmax(dim=1) == labels).float().mean().item()


# %% exercise="train_step" mistake="sum-returned"
"""You return the sum over the samples. The contract asks for the mean loss of the batch."""


def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    return loss.item() * len(images)


# %% exercise="train_step" mistake="sum-returned"
def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    return loss.item() * labels.size(0)


# %% exercise="train_step" mistake="step-by-hand"
"""The weights move by learning rate times gradient, whatever the optimizer is. It may have momentum, several learning
rates, or another rule altogether: let `optimizer.step()` do it."""


def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.grad is not None:
                parameter -= optimizer.param_groups[0]["lr"] * parameter.grad
    return loss.item()


# %% exercise="train_step" mistake="step-by-hand"
def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    with torch.no_grad():
        for group in optimizer.param_groups:
            for parameter in group["params"]:
                if parameter.grad is not None:
                    parameter -= group["lr"] * parameter.grad
    return loss.item()


# %% exercise="train_step" mistake="new-optimizer"
"""The weights don't move by the rule of the optimizer that came in, as when a new one is made. Use the one that you are
given: it has its own rule, and a memory of earlier steps."""


def train_step(model, images, labels, optimizer):
    model.train()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


# %% exercise="train_step" mistake="new-optimizer"
def train_step(model, images, labels, optimizer):
    model.train()
    optimizer = torch.optim.Adam(model.parameters())
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


# %% exercise="train_step" mistake="two-steps"
"""The optimizer takes more than one step for the batch."""


def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    optimizer.step()
    return loss.item()


# %% exercise="train_step" mistake="gradients-changed"
"""You clip or normalise the gradients before the step. The contract's step takes them as they are."""


def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 0.1)
    optimizer.step()
    return loss.item()


# %% exercise="train_step" mistake="gradients-changed"
def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    torch.nn.utils.clip_grad_value_(model.parameters(), 0.01)
    optimizer.step()
    return loss.item()


# %% exercise="train_step" mistake="gradients-changed"
def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    return loss.item()


# %% exercise="train_step" mistake="gradients-changed"
def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 0.5)
    optimizer.step()
    return loss.item()


# %% exercise="train_step" mistake="gradients-changed"
def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    torch.nn.utils.clip_grad_value_(model.parameters(), 0.1)
    optimizer.step()
    return loss.item()


# %% exercise="train_step" mistake="gradients-changed"
def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    torch.nn.utils.clip_grad_value_(model.parameters(), 0.5)
    optimizer.step()
    return loss.item()


# %% exercise="train_step" mistake="children-only"
"""You set the flags of the model and of its direct children. A model can be nested deeper: every module has a flag of
its own."""


def train_step(model, images, labels, optimizer):
    model.training = True
    for child in model.children():
        child.training = True
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


# %% exercise="train_step" mistake="children-only"
def train_step(model, images, labels, optimizer):
    for module in (model, *model.children()):
        module.training = True
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


# %% exercise="train_step" mistake="first-group-only"
"""Only the gradients of the optimizer's first group are cleared. It may have several groups of parameters, and moves
all of them."""


def train_step(model, images, labels, optimizer):
    model.train()
    for parameter in optimizer.param_groups[0]["params"]:
        parameter.grad = None
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


# %% exercise="train_step" mistake="loss-of-another-run"
"""You run the model once more for the loss that you return, in evaluation mode. That is another loss than the one that
the step follows: return that one."""


def train_step(model, images, labels, optimizer):
    model.eval()
    with torch.no_grad():
        before = F.cross_entropy(model(images), labels).item()
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    return before


# %% exercise="train_step" mistake="loss-of-another-run"
def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    model.eval()
    with torch.no_grad():
        before = F.cross_entropy(model(images), labels).item()
    model.train()
    optimizer.step()
    return before


# %% exercise="train_step" mistake="label-smoothing"
"""You smooth the labels: a part of each goes to all the other classes. The contract has the plain cross-entropy."""


def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels, label_smoothing=0.1)
    loss.backward()
    optimizer.step()
    return loss.item()


# %% exercise="train_step" mistake="label-smoothing"
def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels, label_smoothing=0.05)
    loss.backward()
    optimizer.step()
    return loss.item()


# %% exercise="train_step" right="cleared-late"
def train_step(model, images, labels, optimizer):
    criterion = nn.CrossEntropyLoss()
    model.train(True)
    logits = model(images)
    loss = criterion(input=logits, target=labels)
    optimizer.zero_grad(set_to_none=False)
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    return float(loss)


# %% exercise="train_step" right="log-softmax"
def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = F.nll_loss(model(images).log_softmax(dim=1), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


# %% exercise="train_step" right="by-formula"
def train_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    logits = model(images)
    right = logits.gather(1, labels.unsqueeze(1)).squeeze(1)
    loss = (logits.logsumexp(dim=1) - right).mean()
    loss.backward()
    optimizer.step()
    return loss.item()


# %% exercise="train_step" right="closure"
def train_step(model, images, labels, optimizer):
    def closure():
        optimizer.zero_grad()
        loss = F.cross_entropy(model(images), labels)
        loss.backward()
        return loss

    model.train()
    return optimizer.step(closure).item()


# %% exercise="train_step" right="flags-by-hand-and-back"
def train_step(model, images, labels, optimizer):
    before = {module: module.training for module in model.modules()}
    for module in model.modules():
        module.training = True
    for group in optimizer.param_groups:
        for parameter in group["params"]:
            parameter.grad = None
    losses = F.cross_entropy(model(images), labels, reduction="none")
    loss = losses.sum() / len(labels)
    value = loss.detach().cpu().numpy().tolist()
    loss.backward()
    optimizer.step()
    for module, training in before.items():
        module.training = training
    return value


# %% exercise="train_step" right="autograd-grad"
def train_step(model, images, labels, optimizer):
    model.train()
    parameters = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    loss = F.cross_entropy(model(images), labels)
    trainable = [parameter for parameter in parameters if parameter.requires_grad]
    gradients = dict(zip(trainable, torch.autograd.grad(loss, trainable, allow_unused=True)))
    for parameter in parameters:
        parameter.grad = gradients.get(parameter)
    optimizer.step()
    return loss.item()


# %% [markdown]
# # evaluate

# %% exercise="evaluate" mistake="no-eval"
"""The model runs in the mode in which it came. In training mode dropout is active, and batch norm learns from the
very data that you test on."""


def evaluate(model, loader):
    modes = [(module, module.training) for module in model.modules()]
    correct = total = 0
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


# %% exercise="evaluate" mistake="no-eval"
def evaluate(model, loader):
    modes = [(module, module.training) for module in model.modules()]
    correct = total = 0
    model.eval
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


# %% exercise="evaluate" mistake="runs-in-training-mode"
"""You switch the model to training mode before you test it."""


def evaluate(model, loader):
    modes = [(module, module.training) for module in model.modules()]
    correct = total = 0
    model.train()
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


# %% exercise="evaluate" mistake="graph-recorded"
"""You switch to evaluation mode, but torch still records a graph. `eval()` changes what layers compute; it does not
turn gradients off."""


def evaluate(model, loader):
    modes = [(module, module.training) for module in model.modules()]
    correct = total = 0
    model.eval()
    try:
        if True:
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


# %% exercise="evaluate" mistake="graph-recorded"
def evaluate(model, loader):
    modes = [(module, module.training) for module in model.modules()]
    correct = total = 0
    model.eval()
    try:
        with torch.enable_grad():
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


# %% exercise="evaluate" mistake="graph-recorded"
def evaluate(model, loader):
    modes = [(module, module.training) for module in model.modules()]
    correct = total = 0
    model.eval()
    try:
        if True:
            for images, labels in loader:
                predicted = model(images).detach().argmax(dim=1)
                correct += (predicted == labels).sum().item()
                total += len(labels)
    finally:
        for module, training in modes:
            module.training = training
    if total == 0:
        raise ValueError("no samples")
    return correct / total


# %% exercise="evaluate" mistake="eval-flag-of-the-model-alone"
"""You switch the flag of the model itself to evaluation mode, and no other. The modules inside stay in the mode in which
they came: each has a flag of its own."""


def evaluate(model, loader):
    training = model.training
    model.training = False
    correct = total = 0
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                correct += (predicted == labels).sum().item()
                total += len(labels)
    finally:
        model.training = training
    if total == 0:
        raise ValueError("no samples")
    return correct / total


# %% exercise="evaluate" mistake="left-in-eval-mode"
"""You leave the model in evaluation mode: you restore nothing, or what you noted when you had already switched.
Whoever trains on goes on without dropout and with batch norm's old statistics."""


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
        pass
    if total == 0:
        raise ValueError("no samples")
    return correct / total


# %% exercise="evaluate" mistake="left-in-eval-mode"
def evaluate(model, loader):
    correct = total = 0
    model.eval()
    modes = [(module, module.training) for module in model.modules()]
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


# %% exercise="evaluate" mistake="left-in-training-mode"
"""You always leave the model in training mode. It may have come in evaluation mode, or with a part of it in that
mode."""


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
        model.train()
    if total == 0:
        raise ValueError("no samples")
    return correct / total


# %% exercise="evaluate" mistake="left-in-training-mode"
""""""


def evaluate(model, loader):
    modes = [(module, module.training) for module in model.modules()]
    correct = total = 0
    model.eval()
    if True:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                correct += (predicted == labels).sum().item()
                total += len(labels)
    model.train()
    if total == 0:
        raise ValueError("no samples")
    return correct / total


# %% exercise="evaluate" mistake="top-flag-only"
"""Modules inside the model are not back in the mode that they came in. Often `train(flag)` is used to restore: it gives
one flag to everything below. Write each module's own flag back."""


def evaluate(model, loader):
    training = model.training
    correct = total = 0
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                correct += (predicted == labels).sum().item()
                total += len(labels)
    finally:
        model.train(training)
    if total == 0:
        raise ValueError("no samples")
    return correct / total


# %% exercise="evaluate" mistake="top-flag-only"
def evaluate(model, loader):
    was_training = model.training
    correct = total = 0
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                correct += (predicted == labels).sum().item()
                total += len(labels)
    finally:
        if was_training:
            model.train()
    if total == 0:
        raise ValueError("no samples")
    return correct / total


# %% exercise="evaluate" mistake="top-flag-only"
def evaluate(model, loader):
    was_training = model.training
    correct = total = 0
    model.eval()
    if True:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                correct += (predicted == labels).sum().item()
                total += len(labels)
    model.train(was_training)
    if total == 0:
        raise ValueError("no samples")
    return correct / total


# %% exercise="evaluate" mistake="top-flag-only"
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
        for module, training in reversed(modes):
            module.train(training)
    if total == 0:
        raise ValueError("no samples")
    return correct / total


# %% exercise="evaluate" mistake="children-only"
"""Modules deeper than the model's direct children are not back in the mode that they came in. Every module has a flag
of its own: note them all."""


def evaluate(model, loader):
    modes = [(module, module.training) for module in [model, *model.children()]]
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
    return correct / total


# %% exercise="evaluate" mistake="no-finally"
"""The modes are restored, but not when the loader or the model fails: what an error skips must stand in a `finally`, or
where the error is caught and raised again."""


def evaluate(model, loader):
    modes = [(module, module.training) for module in model.modules()]
    correct = total = 0
    model.eval()
    if True:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                correct += (predicted == labels).sum().item()
                total += len(labels)
    for module, training in modes:
        module.training = training
    if total == 0:
        raise ValueError("no samples")
    return correct / total


# %% exercise="evaluate" mistake="no-finally"
def evaluate(model, loader):
    modes = [(module, module.training) for module in model.modules()]
    correct = total = 0
    model.eval()
    if True:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                correct += (predicted == labels).sum().item()
                total += len(labels)
        for module, training in modes:
            module.training = training
    if total == 0:
        raise ValueError("no samples")
    return correct / total


# %% exercise="evaluate" mistake="error-swallowed"
"""An error of the loader or the model does not come through. Nobody learns then that the result is made of a part of
the data: restore, and let the error pass."""


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
    except Exception:
        pass
    for module, training in modes:
        module.training = training
    if total == 0:
        raise ValueError("no samples")
    return correct / total


# %% exercise="evaluate" mistake="error-swallowed"
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
    except RuntimeError as error:
        print(error)
    finally:
        for module, training in modes:
            module.training = training
    if total == 0:
        raise ValueError("no samples")
    return correct / total


# %% exercise="evaluate" mistake="grad-mode-changed"
"""You turn gradients off, or on, for the rest of the program. Afterwards torch has to record as it did before, also
after an error."""


def evaluate(model, loader):
    modes = [(module, module.training) for module in model.modules()]
    correct = total = 0
    model.eval()
    try:
        torch.set_grad_enabled(False)
        if True:
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


# %% exercise="evaluate" mistake="grad-mode-changed"
def evaluate(model, loader):
    modes = [(module, module.training) for module in model.modules()]
    correct = total = 0
    model.eval()
    try:
        torch.set_grad_enabled(False)
        if True:
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                correct += (predicted == labels).sum().item()
                total += len(labels)
    finally:
        for module, training in modes:
            module.training = training
    torch.set_grad_enabled(True)
    if total == 0:
        raise ValueError("no samples")
    return correct / total


# %% exercise="evaluate" mistake="grad-mode-changed"
def evaluate(model, loader):
    modes = [(module, module.training) for module in model.modules()]
    correct = total = 0
    model.eval()
    try:
        torch.set_grad_enabled(False)
        if True:
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                correct += (predicted == labels).sum().item()
                total += len(labels)
    finally:
        torch.set_grad_enabled(True)
        for module, training in modes:
            module.training = training
    if total == 0:
        raise ValueError("no samples")
    return correct / total


# %% exercise="evaluate" mistake="weights-frozen"
"""Afterwards `requires_grad` is not what it was: what was frozen is trainable, or nothing is trainable any more.
`torch.no_grad()` turns gradients off without touching it."""


def evaluate(model, loader):
    modes = [(module, module.training) for module in model.modules()]
    correct = total = 0
    model.eval()
    for parameter in model.parameters():
        parameter.requires_grad = False
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


# %% exercise="evaluate" mistake="weights-frozen"
def evaluate(model, loader):
    modes = [(module, module.training) for module in model.modules()]
    correct = total = 0
    model.eval()
    model.requires_grad_(False)
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                correct += (predicted == labels).sum().item()
                total += len(labels)
    finally:
        model.requires_grad_(True)
        for module, training in modes:
            module.training = training
    if total == 0:
        raise ValueError("no samples")
    return correct / total


# %% exercise="evaluate" mistake="wrong-dimension"
"""You look for the largest logit along the wrong dimension. The classes are dimension 1; dimension 0 are the
images."""


def evaluate(model, loader):
    modes = [(module, module.training) for module in model.modules()]
    correct = total = 0
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=0)
                correct += (predicted == labels).sum().item()
                total += len(labels)
    finally:
        for module, training in modes:
            module.training = training
    if total == 0:
        raise ValueError("no samples")
    return correct / total


# %% exercise="evaluate" mistake="argmax-of-everything"
"""`argmax()` without a dimension looks at all images together and gives one number."""


def evaluate(model, loader):
    modes = [(module, module.training) for module in model.modules()]
    correct = total = 0
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax()
                correct += (predicted == labels).sum().item()
                total += len(labels)
    finally:
        for module, training in modes:
            module.training = training
    if total == 0:
        raise ValueError("no samples")
    return correct / total


# %% exercise="evaluate" mistake="columns-compared"
"""Every prediction is counted against every label. Often `keepdim` or `unsqueeze` makes one side of `==` a column and
the other is a row: they broadcast to a square."""


def evaluate(model, loader):
    modes = [(module, module.training) for module in model.modules()]
    correct = total = 0
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1, keepdim=True)
                correct += (predicted == labels).sum().item()
                total += len(labels)
    finally:
        for module, training in modes:
            module.training = training
    if total == 0:
        raise ValueError("no samples")
    return correct / total


# %% exercise="evaluate" mistake="columns-compared"
def evaluate(model, loader):
    modes = [(module, module.training) for module in model.modules()]
    correct = total = 0
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                correct += (predicted == labels.unsqueeze(1)).sum().item()
                total += len(labels)
    finally:
        for module, training in modes:
            module.training = training
    if total == 0:
        raise ValueError("no samples")
    return correct / total


# %% exercise="evaluate" mistake="mean-of-batches"
"""You take the mean of the batches' accuracies. A small last batch then counts as much as a full one."""


def evaluate(model, loader):
    modes = [(module, module.training) for module in model.modules()]
    correct = total = 0
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                correct += (predicted == labels).float().mean().item()
                total += 1
    finally:
        for module, training in modes:
            module.training = training
    if total == 0:
        raise ValueError("no samples")
    return correct / total


# %% exercise="evaluate" mistake="mean-of-batches"
def evaluate(model, loader):
    modes = {module: module.training for module in model.modules()}
    accuracies = []
    try:
        model.eval()
        with torch.no_grad():
            for images, labels in loader:
                right = model(images).argmax(dim=1) == labels
                accuracies.append(right.double().mean().item())
    finally:
        for module in model.modules():
            module.training = modes[module]
    if not accuracies:
        raise ValueError("no data")
    return sum(accuracies) / len(accuracies)


# %% exercise="evaluate" mistake="last-batch-only"
"""Your result is that of the last batch. The counters have to grow over all of them."""


def evaluate(model, loader):
    modes = [(module, module.training) for module in model.modules()]
    correct = total = 0
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                correct = (predicted == labels).sum().item()
                total = len(labels)
    finally:
        for module, training in modes:
            module.training = training
    if total == 0:
        raise ValueError("no samples")
    return correct / total


# %% exercise="evaluate" mistake="returns-in-the-loop"
"""Only the first batch is counted. Often the `return` stands inside the loop."""


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
                return correct / total
    finally:
        for module, training in modes:
            module.training = training
    if total == 0:
        raise ValueError("no samples")
    return correct / total


# %% exercise="evaluate" mistake="equal-batches-assumed"
"""You take for granted that all batches have the size of the first one. The last may be smaller."""


def evaluate(model, loader):
    modes = [(module, module.training) for module in model.modules()]
    correct = total = 0
    size = None
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                correct += (predicted == labels).sum().item()
                size = size or len(labels)
                total += size
    finally:
        for module, training in modes:
            module.training = training
    if total == 0:
        raise ValueError("no samples")
    return correct / total


# %% exercise="evaluate" mistake="percent"
"""You return percent. The contract asks for the share, between 0 and 1."""


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
    return 100 * correct / total


# %% exercise="evaluate" mistake="percent"
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
    return round(100 * correct / total, 2)


# %% exercise="evaluate" mistake="count-returned"
"""You return how many are right. The share is asked for."""


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
    return correct


# %% exercise="evaluate" mistake="count-returned"
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
    return float(correct)


# %% exercise="evaluate" mistake="error-rate"
"""You return the share of those that are wrong."""


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
    return 1 - correct / total


# %% exercise="evaluate" mistake="error-rate"
def evaluate(model, loader):
    modes = [(module, module.training) for module in model.modules()]
    correct = total = 0
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                correct += (predicted != labels).sum().item()
                total += len(labels)
    finally:
        for module, training in modes:
            module.training = training
    if total == 0:
        raise ValueError("no samples")
    return correct / total


# %% exercise="evaluate" mistake="whole-division"
"""Your result is 0 unless everything is right. `//` and `int()` cut the share off to a whole number."""


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
    return correct // total


# %% exercise="evaluate" mistake="rounded"
"""You round the result. Return the number as it is."""


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
    return round(correct / total, 2)


# %% exercise="evaluate" mistake="not-a-float"
"""You return a tensor. Turn it into a Python `float` before you return it."""


def evaluate(model, loader):
    modes = [(module, module.training) for module in model.modules()]
    correct = total = 0
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                correct += (predicted == labels).sum()
                total += len(labels)
    finally:
        for module, training in modes:
            module.training = training
    if total == 0:
        raise ValueError("no samples")
    return correct / total


# %% exercise="evaluate" mistake="not-a-float"
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
    return torch.tensor(correct / total)


# %% exercise="evaluate" mistake="needs-a-length"
"""You ask the loader for its length, its `dataset` or its `batch_size`. A generator or a list has none of these:
count while you loop."""


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
    return correct / len(loader.dataset)


# %% exercise="evaluate" mistake="needs-a-length"
def evaluate(model, loader):
    modes = [(module, module.training) for module in model.modules()]
    correct = total = 0
    model.eval()
    total = len(loader.dataset)
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                correct += (predicted == labels).sum().item()
    finally:
        for module, training in modes:
            module.training = training
    if total == 0:
        raise ValueError("no samples")
    return correct / total


# %% exercise="evaluate" mistake="needs-a-length"
def evaluate(model, loader):
    modes = [(module, module.training) for module in model.modules()]
    correct = total = 0
    if len(loader) == 0:
        raise ValueError("no samples")
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


# %% exercise="evaluate" mistake="needs-a-length"
def evaluate(model, loader):
    modes = [(module, module.training) for module in model.modules()]
    correct = total = 0
    if not len(loader.dataset):
        raise ValueError("no samples")
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


# %% exercise="evaluate" mistake="reads-twice"
"""You run through the loader more than once. A generator is empty the second time, and a shuffling loader comes in
another order."""


def evaluate(model, loader):
    modes = [(module, module.training) for module in model.modules()]
    correct = total = 0
    model.eval()
    total = sum(len(labels) for _, labels in loader)
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                correct += (predicted == labels).sum().item()
    finally:
        for module, training in modes:
            module.training = training
    if total == 0:
        raise ValueError("no samples")
    return correct / total


# %% exercise="evaluate" mistake="empty-not-handled"
"""With an empty loader you divide by zero, and Python's `ZeroDivisionError` is no `ValueError`."""


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
    return correct / total


# %% exercise="evaluate" mistake="empty-gives-a-number"
"""With an empty loader nothing is raised. An accuracy of nothing does not exist: 0 looks like a very bad model, nan
like a bug. Raise a `ValueError`."""


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
        return 0.0
    return correct / total


# %% exercise="evaluate" mistake="empty-gives-a-number"
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
    return correct / max(total, 1)


# %% exercise="evaluate" mistake="empty-gives-a-number"
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
        return float("nan")
    return correct / total


# %% exercise="evaluate" mistake="nothing-returned"
"""Your function returns None. Often only the `return` is missing; printing is not returning."""


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
    print(correct / total)


# %% exercise="evaluate" mistake="loss-returned"
"""You return a loss. The accuracy is asked for: the share of predictions that are right."""


def evaluate(model, loader):
    modes = [(module, module.training) for module in model.modules()]
    correct = total = 0
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                correct += F.cross_entropy(model(images), labels).item() * len(labels)
                total += len(labels)
    finally:
        for module, training in modes:
            module.training = training
    if total == 0:
        raise ValueError("no samples")
    return correct / total


# %% exercise="evaluate" mistake="inner-modules-switched-on"
"""Modules that were in evaluation mode inside a part in training mode come back in training mode. Often `train()`
switches that part back on: it switches on all that is inside as well."""


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
            if training:
                module.train()
    if total == 0:
        raise ValueError("no samples")
    return correct / total


# %% exercise="evaluate" mistake="empty-not-restored"
"""With an empty loader you raise before the modes are restored, so the model stays in evaluation mode. Your own
`ValueError` is an error like any other."""


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
    except Exception:
        for module, training in modes:
            module.training = training
        raise
    if total == 0:
        raise ValueError("no samples")
    for module, training in modes:
        module.training = training
    return correct / total


# %% exercise="evaluate" mistake="empty-generator-not-noticed"
"""An empty generator ends in a division by zero. Often the loader itself is asked whether it is empty: a list can say
so, a generator always counts as true. Count the samples."""


def evaluate(model, loader):
    if not loader:
        raise ValueError("no samples")
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
    return correct / total


# %% exercise="evaluate" mistake="loop-outside-of-try"
"""An error of the loader leaves the model in evaluation mode: you only take care of errors of the model. The loop
itself can fail as well."""


def evaluate(model, loader):
    modes = [(module, module.training) for module in model.modules()]
    correct = total = 0
    model.eval()
    with torch.no_grad():
        for images, labels in loader:
            try:
                predicted = model(images).argmax(dim=1)
            except Exception:
                for module, training in modes:
                    module.training = training
                raise
            correct += (predicted == labels).sum().item()
            total += len(labels)
    for module, training in modes:
        module.training = training
    if total == 0:
        raise ValueError("no samples")
    return correct / total


# %% exercise="evaluate" right="inference-mode-decorator"
@torch.no_grad()
def evaluate(model, loader):
    trained = [m for m in model.modules() if m.training]
    try:
        model.eval()
        results = [(model(x).max(1).indices == y).tolist() for x, y in loader]
    finally:
        for m in trained:
            m.training = True
    flat = sum(results, [])
    if not flat:
        raise ValueError("empty loader")
    return sum(flat) / len(flat)


# %% exercise="evaluate" right="context-manager"
from contextlib import contextmanager


@contextmanager
def evaluating(model):
    modes = {name: module.training for name, module in model.named_modules()}
    model.train(False)
    try:
        with torch.inference_mode():
            yield
    finally:
        for name, module in model.named_modules():
            module.training = modes[name]


def evaluate(model, loader):
    right, seen = torch.zeros((), dtype=torch.int64), 0
    with evaluating(model):
        for images, labels in loader:
            scores = F.softmax(model(images), dim=-1)
            right = right + (scores.argmax(-1) == labels).sum()
            seen += labels.numel()
    if seen:
        return float(right) / seen
    raise ValueError("there is nothing to evaluate")


# %% exercise="evaluate" right="a-copy"
def evaluate(model, loader):
    twin = copy.deepcopy(model).eval()
    answers = []
    with torch.no_grad():
        for images, labels in loader:
            answers.append(torch.eq(twin(images).argmax(dim=1), labels))
    if len(answers) == 0:
        raise ValueError("no batches")
    return torch.cat(answers).double().mean().item()


# %% exercise="evaluate" right="keepdim-and-view-as"
def evaluate(model, loader):
    flags = [module.training for module in model.modules()]
    before = torch.is_grad_enabled()
    correct, total = 0, 0
    try:
        torch.set_grad_enabled(False)
        model.eval()
        for images, labels in loader:
            predicted = model(images).argmax(dim=1, keepdim=True)
            correct += predicted.eq(labels.view_as(predicted)).sum().item()
            total += images.shape[0]
    finally:
        torch.set_grad_enabled(before)
        for module, flag in zip(model.modules(), flags):
            module.training = flag
    try:
        return correct / total
    except ZeroDivisionError:
        raise ValueError("no samples") from None


# %% exercise="evaluate" right="topk-and-lists"
def evaluate(model, loader):
    modes = [(module, module.training) for module in model.modules()]
    predicted, true = [], []
    try:
        for module in model.modules():
            module.training = False
        for images, labels in loader:
            with torch.no_grad():
                best = model(images).topk(1, dim=1)[1].flatten()
            predicted.extend(best.tolist())
            true.extend(labels.tolist())
    finally:
        for module, training in modes:
            module.training = training
    if not true:
        raise ValueError("no samples")
    return sum(p == t for p, t in zip(predicted, true)) / len(true)


# %% exercise="evaluate" right="one-big-batch"
def evaluate(model, loader):
    batches = list(loader)
    if not batches:
        raise ValueError("no samples")
    images, labels = (torch.cat(parts) for parts in zip(*batches))
    modes = {module: module.training for module in model.modules()}
    model.eval()
    try:
        with torch.no_grad():
            return (model(images).argmax(dim=1) == labels).double().mean().item()
    finally:
        for module, training in modes.items():
            module.training = training


# %% [markdown]
# # fit

# %% exercise="fit" mistake="train-mode-once"
"""You switch to training mode before the first epoch only. Your own evaluation leaves the model in evaluation mode,
and from the second epoch on it trains like that."""


def fit(model, train_loader, test_loader, optimizer, epochs):
    history = []
    model.train()
    for epoch in range(1, epochs + 1):
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


# %% exercise="fit" mistake="no-train-mode"
"""The model isn't switched to training mode before it trains. It may arrive in evaluation mode, and your own evaluation
leaves it there."""


def fit(model, train_loader, test_loader, optimizer, epochs):
    history = []
    for epoch in range(1, epochs + 1):
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


# %% exercise="fit" mistake="trains-in-eval-mode"
"""Your training steps run in evaluation mode. Batch norm then does not learn its statistics, and dropout does
nothing."""


def fit(model, train_loader, test_loader, optimizer, epochs):
    history = []
    for epoch in range(1, epochs + 1):
        model.eval()
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


# %% exercise="fit" mistake="top-flag-only"
"""You set or ask the model's own flag only. Every module inside has one of its own, and a part may be in evaluation
mode while the whole is not."""


def fit(model, train_loader, test_loader, optimizer, epochs):
    history = []
    for epoch in range(1, epochs + 1):
        model.training = True
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


# %% exercise="fit" mistake="top-flag-only"
def fit(model, train_loader, test_loader, optimizer, epochs):
    history = []
    for epoch in range(1, epochs + 1):
        if not model.training:
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


# %% exercise="fit" mistake="tests-in-training-mode"
"""You test in training mode. Dropout is active then, and batch norm learns from the test images."""


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
        correct = tested = 0
        with torch.no_grad():
            for images, labels in test_loader:
                correct += (model(images).argmax(dim=1) == labels).sum().item()
                tested += len(labels)
        history.append({"epoch": epoch, "train_loss": total / samples, "test_accuracy": correct / tested})
    return history


# %% exercise="fit" mistake="tests-in-training-mode"
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
        correct = tested = 0
        model.train()
        with torch.no_grad():
            for images, labels in test_loader:
                correct += (model(images).argmax(dim=1) == labels).sum().item()
                tested += len(labels)
        history.append({"epoch": epoch, "train_loss": total / samples, "test_accuracy": correct / tested})
    return history


# %% exercise="fit" mistake="test-graph"
"""The test builds a graph. `eval()` alone does not turn gradients off."""


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
        if True:
            for images, labels in test_loader:
                correct += (model(images).argmax(dim=1) == labels).sum().item()
                tested += len(labels)
        history.append({"epoch": epoch, "train_loss": total / samples, "test_accuracy": correct / tested})
    return history


# %% exercise="fit" mistake="no-zero-grad"
"""Earlier gradients are not cleared. `backward` adds to what is there, so each step goes along the sum of all gradients
so far."""


def fit(model, train_loader, test_loader, optimizer, epochs):
    history = []
    for epoch in range(1, epochs + 1):
        model.train()
        total = samples = 0
        for images, labels in train_loader:
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


# %% exercise="fit" mistake="cleared-once-an-epoch"
"""You clear the gradients once an epoch. Within the epoch they pile up, batch after batch."""


def fit(model, train_loader, test_loader, optimizer, epochs):
    history = []
    for epoch in range(1, epochs + 1):
        model.train()
        total = samples = 0
        optimizer.zero_grad()
        for images, labels in train_loader:
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


# %% exercise="fit" mistake="cleared-once-an-epoch"
def fit(model, train_loader, test_loader, optimizer, epochs):
    history = []
    optimizer.zero_grad()
    for epoch in range(1, epochs + 1):
        model.train()
        total = samples = 0
        for images, labels in train_loader:
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


# %% exercise="fit" mistake="cleared-after-step"
"""You clear the gradients after each step only. What somebody left there before your first step still counts in
it."""


def fit(model, train_loader, test_loader, optimizer, epochs):
    history = []
    for epoch in range(1, epochs + 1):
        model.train()
        total = samples = 0
        for images, labels in train_loader:
            loss = F.cross_entropy(model(images), labels)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
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


# %% exercise="fit" mistake="one-step-an-epoch"
"""The optimizer steps once an epoch. Each batch has a step of its own."""


def fit(model, train_loader, test_loader, optimizer, epochs):
    history = []
    for epoch in range(1, epochs + 1):
        model.train()
        total = samples = 0
        for images, labels in train_loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(images), labels)
            loss.backward()
            total += loss.item() * len(labels)
            samples += len(labels)
        optimizer.step()
        model.eval()
        correct = tested = 0
        with torch.no_grad():
            for images, labels in test_loader:
                correct += (model(images).argmax(dim=1) == labels).sum().item()
                tested += len(labels)
        history.append({"epoch": epoch, "train_loss": total / samples, "test_accuracy": correct / tested})
    return history


# %% exercise="fit" mistake="one-step-an-epoch"
def fit(model, train_loader, test_loader, optimizer, epochs):
    history = []
    for epoch in range(1, epochs + 1):
        model.train()
        total = samples = 0
        optimizer.zero_grad()
        for images, labels in train_loader:
            loss = F.cross_entropy(model(images), labels)
            loss.backward()
            total += loss.item() * len(labels)
            samples += len(labels)
        optimizer.step()
        model.eval()
        correct = tested = 0
        with torch.no_grad():
            for images, labels in test_loader:
                correct += (model(images).argmax(dim=1) == labels).sum().item()
                tested += len(labels)
        history.append({"epoch": epoch, "train_loss": total / samples, "test_accuracy": correct / tested})
    return history


# %% exercise="fit" mistake="nothing-moves"
"""Nothing is trained: no weight moves. Often the optimizer's step is missing, or the gradients are not computed, or are
cleared, before it."""


def fit(model, train_loader, test_loader, optimizer, epochs):
    history = []
    for epoch in range(1, epochs + 1):
        model.train()
        total = samples = 0
        for images, labels in train_loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(images), labels)
            loss.backward()
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


# %% exercise="fit" mistake="nothing-moves"
def fit(model, train_loader, test_loader, optimizer, epochs):
    history = []
    for epoch in range(1, epochs + 1):
        model.train()
        total = samples = 0
        for images, labels in train_loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(images), labels)
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


# %% exercise="fit" mistake="nothing-moves"
def fit(model, train_loader, test_loader, optimizer, epochs):
    history = []
    for epoch in range(1, epochs + 1):
        model.train()
        total = samples = 0
        for images, labels in train_loader:
            loss = F.cross_entropy(model(images), labels)
            loss.backward()
            optimizer.zero_grad()
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


# %% exercise="fit" mistake="summed-loss"
"""You follow the gradient of the sum of the losses. As in `train_step`, it is the mean."""


def fit(model, train_loader, test_loader, optimizer, epochs):
    history = []
    for epoch in range(1, epochs + 1):
        model.train()
        total = samples = 0
        for images, labels in train_loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(images), labels, reduction="sum")
            loss.backward()
            optimizer.step()
            total += loss.item()
            samples += len(labels)
        model.eval()
        correct = tested = 0
        with torch.no_grad():
            for images, labels in test_loader:
                correct += (model(images).argmax(dim=1) == labels).sum().item()
                tested += len(labels)
        history.append({"epoch": epoch, "train_loss": total / samples, "test_accuracy": correct / tested})
    return history


# %% exercise="fit" mistake="summed-loss"
def fit(model, train_loader, test_loader, optimizer, epochs):
    history = []
    for epoch in range(1, epochs + 1):
        model.train()
        total = samples = 0
        for images, labels in train_loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(images), labels, reduction="sum")
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


# %% exercise="fit" mistake="softmax-before-loss"
"""You give the cross-entropy probabilities. It has the softmax inside, and wants raw logits."""


def fit(model, train_loader, test_loader, optimizer, epochs):
    history = []
    for epoch in range(1, epochs + 1):
        model.train()
        total = samples = 0
        for images, labels in train_loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(F.softmax(model(images), dim=1), labels)
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


# %% exercise="fit" mistake="mean-of-batches"
"""Your train_loss is the mean of the batches' losses. A small last batch then counts as much as a full one: weigh
each by its size."""


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
            total += loss.item()
            samples += 1
        model.eval()
        correct = tested = 0
        with torch.no_grad():
            for images, labels in test_loader:
                correct += (model(images).argmax(dim=1) == labels).sum().item()
                tested += len(labels)
        history.append({"epoch": epoch, "train_loss": total / samples, "test_accuracy": correct / tested})
    return history


# %% exercise="fit" mistake="mean-of-batches"
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
            total += loss.item()
            samples += len(labels)
        model.eval()
        correct = tested = 0
        with torch.no_grad():
            for images, labels in test_loader:
                correct += (model(images).argmax(dim=1) == labels).sum().item()
                tested += len(labels)
        history.append({"epoch": epoch, "train_loss": total / len(train_loader), "test_accuracy": correct / tested})
    return history


# %% exercise="fit" mistake="batch-losses-over-samples"
"""You add up the batches' losses, which are means, and divide by the number of samples. Give each mean back its size
first."""


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
            total += loss.item()
            samples += len(labels)
        model.eval()
        correct = tested = 0
        with torch.no_grad():
            for images, labels in test_loader:
                correct += (model(images).argmax(dim=1) == labels).sum().item()
                tested += len(labels)
        history.append({"epoch": epoch, "train_loss": total / samples, "test_accuracy": correct / tested})
    return history


# %% exercise="fit" mistake="not-divided"
"""Your train_loss is a sum. The mean is asked for."""


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
        history.append({"epoch": epoch, "train_loss": total, "test_accuracy": correct / tested})
    return history


# %% exercise="fit" mistake="not-divided"
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
            total += loss.item()
            samples += len(labels)
        model.eval()
        correct = tested = 0
        with torch.no_grad():
            for images, labels in test_loader:
                correct += (model(images).argmax(dim=1) == labels).sum().item()
                tested += len(labels)
        history.append({"epoch": epoch, "train_loss": total, "test_accuracy": correct / tested})
    return history


# %% exercise="fit" mistake="last-loss"
"""Your train_loss is that of the last batch. The mean over the whole epoch is asked for."""


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
        history.append({"epoch": epoch, "train_loss": loss.item(), "test_accuracy": correct / tested})
    return history


# %% exercise="fit" mistake="loss-after-step"
"""You measure the loss after the step. The contract asks for the losses before the steps."""


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
            with torch.no_grad():
                total += F.cross_entropy(model(images), labels).item() * len(labels)
            samples += len(labels)
        model.eval()
        correct = tested = 0
        with torch.no_grad():
            for images, labels in test_loader:
                correct += (model(images).argmax(dim=1) == labels).sum().item()
                tested += len(labels)
        history.append({"epoch": epoch, "train_loss": total / samples, "test_accuracy": correct / tested})
    return history


# %% exercise="fit" mistake="loss-after-epoch"
"""You measure the training loss when the epoch is over, in one more run over the training data. The contract asks for
the losses during the epoch, before the steps."""


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
        with torch.no_grad():
            total = samples = 0
            for images, labels in train_loader:
                total += F.cross_entropy(model(images), labels).item() * len(labels)
                samples += len(labels)
        correct = tested = 0
        with torch.no_grad():
            for images, labels in test_loader:
                correct += (model(images).argmax(dim=1) == labels).sum().item()
                tested += len(labels)
        history.append({"epoch": epoch, "train_loss": total / samples, "test_accuracy": correct / tested})
    return history


# %% exercise="fit" mistake="not-reset"
"""Your sums or counters go on from epoch to epoch. Each epoch's numbers have to start from zero."""


def fit(model, train_loader, test_loader, optimizer, epochs):
    history = []
    total = samples = 0
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


# %% exercise="fit" mistake="not-reset"
def fit(model, train_loader, test_loader, optimizer, epochs):
    history = []
    correct = tested = 0
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
        with torch.no_grad():
            for images, labels in test_loader:
                correct += (model(images).argmax(dim=1) == labels).sum().item()
                tested += len(labels)
        history.append({"epoch": epoch, "train_loss": total / samples, "test_accuracy": correct / tested})
    return history


# %% exercise="fit" mistake="not-reset"
def fit(model, train_loader, test_loader, optimizer, epochs):
    history = []
    total = samples = correct = tested = 0
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
        with torch.no_grad():
            for images, labels in test_loader:
                correct += (model(images).argmax(dim=1) == labels).sum().item()
                tested += len(labels)
        history.append({"epoch": epoch, "train_loss": total / samples, "test_accuracy": correct / tested})
    return history


# %% exercise="fit" mistake="tensors-in-the-history"
"""Your history holds tensors. Put Python numbers into it; a loss that is still a tensor keeps its whole graph."""


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
            total += loss * len(labels)
            samples += len(labels)
        model.eval()
        correct = tested = 0
        with torch.no_grad():
            for images, labels in test_loader:
                correct += (model(images).argmax(dim=1) == labels).sum().item()
                tested += len(labels)
        history.append({"epoch": epoch, "train_loss": total / samples, "test_accuracy": correct / tested})
    return history


# %% exercise="fit" mistake="tensors-in-the-history"
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
                correct += (model(images).argmax(dim=1) == labels).sum()
                tested += len(labels)
        history.append({"epoch": epoch, "train_loss": total / samples, "test_accuracy": correct / tested})
    return history


# %% exercise="fit" mistake="tensors-in-the-history"
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
            total += loss.detach() * len(labels)
            samples += len(labels)
        model.eval()
        correct = tested = 0
        with torch.no_grad():
            for images, labels in test_loader:
                correct += (model(images).argmax(dim=1) == labels).sum().item()
                tested += len(labels)
        history.append({"epoch": epoch, "train_loss": total / samples, "test_accuracy": correct / tested})
    return history


# %% exercise="fit" mistake="tensors-in-the-history"
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
            total += loss.detach() * len(labels)
            samples += len(labels)
        model.eval()
        correct = tested = 0
        with torch.no_grad():
            for images, labels in test_loader:
                correct += (model(images).argmax(dim=1) == labels).sum()
                tested += len(labels)
        history.append({"epoch": epoch, "train_loss": total / samples, "test_accuracy": correct / tested})
    return history


# %% exercise="fit" mistake="epochs-from-zero"
"""Your epochs count from 0. The first is 1."""


def fit(model, train_loader, test_loader, optimizer, epochs):
    history = []
    for epoch in range(epochs):
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


# %% exercise="fit" mistake="one-epoch-short"
"""You train one epoch less than you were asked to. `range` stops before its end."""


def fit(model, train_loader, test_loader, optimizer, epochs):
    history = []
    for epoch in range(1, epochs):
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


# %% exercise="fit" mistake="one-epoch-more"
"""You train one epoch more than you were asked to."""


def fit(model, train_loader, test_loader, optimizer, epochs):
    history = []
    for epoch in range(epochs + 1):
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


# %% exercise="fit" mistake="one-epoch-more"
def fit(model, train_loader, test_loader, optimizer, epochs):
    history = []
    for epoch in range(1, epochs + 2):
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


# %% exercise="fit" mistake="returns-in-the-loop"
"""There is one epoch only, however many were asked for. Often the `return` stands inside the loop over the epochs."""


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
        history.append({"epoch": epoch, "train_loss": total / samples, "test_accuracy": correct / tested})
        return history


# %% exercise="fit" mistake="last-epoch-only"
"""You return the last epoch's dict, not the list of all of them."""


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
        history.append({"epoch": epoch, "train_loss": total / samples, "test_accuracy": correct / tested})
    return history[-1] if history else []


# %% exercise="fit" mistake="last-epoch-only"
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
        history.append({"epoch": epoch, "train_loss": total / samples, "test_accuracy": correct / tested})
    return history[-1]


# %% exercise="fit" mistake="dict-of-lists"
"""You return one dict of lists. The contract asks for a list, with one dict for each epoch."""


def fit(model, train_loader, test_loader, optimizer, epochs):
    history = {"epoch": [], "train_loss": [], "test_accuracy": []}
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
        history["epoch"].append(epoch)
        history["train_loss"].append(total / samples)
        history["test_accuracy"].append(correct / tested)
    return history


# %% exercise="fit" mistake="other-keys"
"""The entries of your dicts have other names than the contract's, or one is missing."""


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
        history.append({"epoch": epoch, "loss": total / samples, "accuracy": correct / tested})
    return history


# %% exercise="fit" mistake="other-keys"
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
        history.append({"train_loss": total / samples, "test_accuracy": correct / tested})
    return history


# %% exercise="fit" mistake="other-keys"
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
        history.append({"epoch": epoch, "train_loss": total / samples, "test_acc": correct / tested})
    return history


# %% exercise="fit" mistake="other-keys"
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
        history.append({"epoch": epoch, "loss": total / samples, "test_accuracy": correct / tested})
    return history


# %% exercise="fit" mistake="same-dict-again"
"""All entries of your history show the last epoch. Often the same dict is put into the list every time, and changed.
Make a new one for each."""


def fit(model, train_loader, test_loader, optimizer, epochs):
    history, row = [], {}
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
        row.update(epoch=epoch, train_loss=total / samples, test_accuracy=correct / tested)
        history.append(row)
    return history


# %% exercise="fit" mistake="nothing-returned"
"""Your function returns None. Return the history, a list of dicts; printing is not returning."""


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
        history.append({"epoch": epoch, "train_loss": total / samples, "test_accuracy": correct / tested})
    history


# %% exercise="fit" mistake="nothing-returned"
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
        history.append({"epoch": epoch, "train_loss": total / samples, "test_accuracy": correct / tested})
    print(history)


# %% exercise="fit" mistake="accuracy-of-training-data"
"""The model never sees the test data. The accuracy has to be measured on them, since the model has not learned from
them."""


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
            for images, labels in train_loader:
                correct += (model(images).argmax(dim=1) == labels).sum().item()
                tested += len(labels)
        history.append({"epoch": epoch, "train_loss": total / samples, "test_accuracy": correct / tested})
    return history


# %% exercise="fit" mistake="accuracy-of-training-data"
def fit(model, train_loader, test_loader, optimizer, epochs):
    history = []
    for epoch in range(1, epochs + 1):
        model.train()
        total = samples = correct = 0
        for images, labels in train_loader:
            optimizer.zero_grad()
            logits = model(images)
            loss = F.cross_entropy(logits, labels)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(labels)
            correct += (logits.argmax(dim=1) == labels).sum().item()
            samples += len(labels)
        history.append({"epoch": epoch, "train_loss": total / samples, "test_accuracy": correct / samples})
    return history


# %% exercise="fit" mistake="tested-before-training"
"""You test before the epoch's training. So each accuracy is one epoch late."""


def fit(model, train_loader, test_loader, optimizer, epochs):
    history = []
    for epoch in range(1, epochs + 1):
        model.eval()
        correct = tested = 0
        with torch.no_grad():
            for images, labels in test_loader:
                correct += (model(images).argmax(dim=1) == labels).sum().item()
                tested += len(labels)
        model.train()
        total = samples = 0
        for images, labels in train_loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(images), labels)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(labels)
            samples += len(labels)
        history.append({"epoch": epoch, "train_loss": total / samples, "test_accuracy": correct / tested})
    return history


# %% exercise="fit" mistake="tested-once-at-the-end"
"""You test once, when all epochs are over. Each epoch has an accuracy of its own."""


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
        history.append({"epoch": epoch, "train_loss": total / samples})
    model.eval()
    correct = tested = 0
    with torch.no_grad():
        for images, labels in test_loader:
            correct += (model(images).argmax(dim=1) == labels).sum().item()
            tested += len(labels)
    for row in history:
        row["test_accuracy"] = correct / tested
    return history


# %% exercise="fit" mistake="mean-of-test-batches"
"""Your accuracy is the mean of the test batches' accuracies. A small last batch then counts as much as a full one."""


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
                correct += (model(images).argmax(dim=1) == labels).float().mean().item()
                tested += 1
        history.append({"epoch": epoch, "train_loss": total / samples, "test_accuracy": correct / tested})
    return history


# %% exercise="fit" mistake="percent"
"""Your accuracies are percent. The share is asked for, between 0 and 1."""


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
        history.append({"epoch": epoch, "train_loss": total / samples, "test_accuracy": 100 * correct / tested})
    return history


# %% exercise="fit" mistake="last-test-batch"
"""Your accuracy is that of the last test batch. Count over all of them."""


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
                correct = (model(images).argmax(dim=1) == labels).sum().item()
                tested = len(labels)
        history.append({"epoch": epoch, "train_loss": total / samples, "test_accuracy": correct / tested})
    return history


# %% exercise="fit" mistake="trains-on-test-data"
"""You take training steps on the test data. Nothing is ever trained on them: they would no longer tell how good the
model is."""


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
        if True:
            for images, labels in test_loader:
                optimizer.zero_grad()
                loss = F.cross_entropy(model(images), labels)
                loss.backward()
                optimizer.step()
                correct += (model(images).argmax(dim=1) == labels).sum().item()
                tested += len(labels)
        history.append({"epoch": epoch, "train_loss": total / samples, "test_accuracy": correct / tested})
    return history


# %% exercise="fit" mistake="needs-a-length"
"""You ask a loader for its length or its `dataset`. The loaders may be any iterables: count samples while you
loop."""


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
            {"epoch": epoch, "train_loss": total / len(train_loader.dataset), "test_accuracy": correct / tested}
        )
    return history


# %% exercise="fit" mistake="needs-a-length"
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
            {"epoch": epoch, "train_loss": total / samples, "test_accuracy": correct / len(test_loader.dataset)}
        )
    return history


# %% exercise="fit" mistake="needs-a-length"
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
                "train_loss": total / len(train_loader.dataset),
                "test_accuracy": correct / len(test_loader.dataset),
            }
        )
    return history


# %% exercise="fit" mistake="loader-read-once"
"""Every epoch trains on the batches of the first. Often the loader is read once, into a list: one that shuffles, or
changes its images, has new ones each time."""


def fit(model, train_loader, test_loader, optimizer, epochs):
    history = []
    batches = list(train_loader)
    for epoch in range(1, epochs + 1):
        model.train()
        total = samples = 0
        for images, labels in batches:
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


# %% exercise="fit" mistake="loader-read-once"
def fit(model, train_loader, test_loader, optimizer, epochs):
    history = []
    batches = list(train_loader)
    tests = list(test_loader)
    for epoch in range(1, epochs + 1):
        model.train()
        total = samples = 0
        for images, labels in batches:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(images), labels)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(labels)
            samples += len(labels)
        model.eval()
        correct = tested = 0
        with torch.no_grad():
            for images, labels in tests:
                correct += (model(images).argmax(dim=1) == labels).sum().item()
                tested += len(labels)
        history.append({"epoch": epoch, "train_loss": total / samples, "test_accuracy": correct / tested})
    return history


# %% exercise="fit" mistake="tested-after-every-batch"
"""You test after every batch. Once an epoch is asked for; it is also much faster."""


def fit(model, train_loader, test_loader, optimizer, epochs):
    history = []
    for epoch in range(1, epochs + 1):
        total = samples = 0
        for images, labels in train_loader:
            model.train()
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


# %% exercise="fit" mistake="first-batch-only"
"""You train on the first batch of each epoch only."""


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
            break
        model.eval()
        correct = tested = 0
        with torch.no_grad():
            for images, labels in test_loader:
                correct += (model(images).argmax(dim=1) == labels).sum().item()
                tested += len(labels)
        history.append({"epoch": epoch, "train_loss": total / samples, "test_accuracy": correct / tested})
    return history


# %% exercise="fit" mistake="empty-test-loader"
"""With an empty test loader nothing is raised. As in `evaluate`, there is no accuracy of nothing: that is a
`ValueError`."""


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
            {"epoch": epoch, "train_loss": total / samples, "test_accuracy": correct / tested if tested else 0.0}
        )
    return history


# %% exercise="fit" mistake="empty-test-loader"
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
        history.append({"epoch": epoch, "train_loss": total / samples, "test_accuracy": correct / max(tested, 1)})
    return history


# %% exercise="fit" mistake="model-cleared"
"""A parameter that is the optimizer's, but not the model's, keeps its old gradient. Clear those of the optimizer: it
moves all of them."""


def fit(model, train_loader, test_loader, optimizer, epochs):
    history = []
    for epoch in range(1, epochs + 1):
        model.train()
        total = samples = 0
        for images, labels in train_loader:
            model.zero_grad()
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


# %% exercise="fit" mistake="first-group-only"
"""Only the gradients of the optimizer's first group are cleared. It may have several groups of parameters, and moves
all of them."""


def fit(model, train_loader, test_loader, optimizer, epochs):
    history = []
    for epoch in range(1, epochs + 1):
        model.train()
        total = samples = 0
        for images, labels in train_loader:
            for parameter in optimizer.param_groups[0]["params"]:
                parameter.grad = None
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


# %% exercise="fit" mistake="nothing-for-no-epochs"
"""For 0 epochs you don't return a list. Nothing is trained then, and the history is an empty list."""


def fit(model, train_loader, test_loader, optimizer, epochs):
    if not epochs:
        return None
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
        history.append({"epoch": epoch, "train_loss": total / samples, "test_accuracy": correct / tested})
    return history


# %% exercise="fit" mistake="history-from-earlier-calls"
"""The rows of an earlier call are in your list as well. Often it is a default of a parameter, or stands outside the
function: such a list is made once. Make a new one in each call."""


def fit(model, train_loader, test_loader, optimizer, epochs, history=[]):
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
        history.append({"epoch": epoch, "train_loss": total / samples, "test_accuracy": correct / tested})
    return history


# %% exercise="fit" mistake="children-only"
"""You set the flags of the model and of its direct children. A model can be nested deeper: every module has a flag of
its own."""


def fit(model, train_loader, test_loader, optimizer, epochs):
    history = []
    for epoch in range(1, epochs + 1):
        for module in (model, *model.children()):
            module.training = True
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


# %% exercise="fit" mistake="trains-as-it-comes"
"""You train in the mode in which the model comes: after each test you put it back into that. It may come in evaluation
mode, as a whole or in parts, and has to train all the same."""


def fit(model, train_loader, test_loader, optimizer, epochs):
    history = []
    for epoch in range(1, epochs + 1):
        modes = [(module, module.training) for module in model.modules()]
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
        for module, training in modes:
            module.training = training
        history.append({"epoch": epoch, "train_loss": total / samples, "test_accuracy": correct / tested})
    return history


# %% exercise="fit" mistake="weighed-by-the-first-size"
"""You weigh every batch's loss by the size of the first batch. The last may be smaller: each has its own size."""


def fit(model, train_loader, test_loader, optimizer, epochs):
    history = []
    for epoch in range(1, epochs + 1):
        model.train()
        total = samples = size = 0
        for images, labels in train_loader:
            optimizer.zero_grad()
            size = size or len(labels)
            loss = F.cross_entropy(model(images), labels)
            loss.backward()
            optimizer.step()
            total += loss.item() * size
            samples += len(labels)
        model.eval()
        correct = tested = 0
        with torch.no_grad():
            for images, labels in test_loader:
                correct += (model(images).argmax(dim=1) == labels).sum().item()
                tested += len(labels)
        history.append({"epoch": epoch, "train_loss": total / samples, "test_accuracy": correct / tested})
    return history


# %% exercise="fit" right="helpers"
def one_step(model, images, labels, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


@torch.no_grad()
def accuracy(model, loader):
    model.eval()
    right = [(model(images).argmax(1) == labels) for images, labels in loader]
    return torch.cat(right).double().mean().item()


def fit(model, train_loader, test_loader, optimizer, epochs):
    history = []
    for epoch in range(epochs):
        losses, sizes = [], []
        for images, labels in train_loader:
            losses.append(one_step(model, images, labels, optimizer))
            sizes.append(len(images))
        mean = sum(loss * size for loss, size in zip(losses, sizes)) / sum(sizes)
        row = {"epoch": epoch + 1, "train_loss": mean, "test_accuracy": accuracy(model, test_loader)}
        history += [row]
    return history


# %% exercise="fit" right="all-losses-one-by-one"
def fit(model, train_loader, test_loader, optimizer, epochs):
    history = []
    for epoch in range(1, epochs + 1):
        model.train(True)
        all_losses = []
        for images, labels in train_loader:
            losses = F.cross_entropy(model(images), labels, reduction="none")
            optimizer.zero_grad()
            losses.mean().backward()
            optimizer.step()
            all_losses += losses.tolist()
        model.train(False)
        with torch.inference_mode():
            hits = [hit for x, y in test_loader for hit in (model(x).argmax(1) == y).tolist()]
        history.append(
            dict(test_accuracy=sum(hits) / len(hits), train_loss=sum(all_losses) / len(all_losses), epoch=epoch)
        )
    return history


# %% exercise="fit" right="closure-and-restored-modes"
def fit(model, train_loader, test_loader, optimizer, epochs):
    before = {module: module.training for module in model.modules()}

    def train():
        model.train()
        total, count = torch.zeros((), dtype=torch.float64), 0
        for images, labels in train_loader:
            optimizer.zero_grad(set_to_none=True)
            loss = nn.CrossEntropyLoss()(model(images), labels)
            loss.backward()
            optimizer.step()
            total += loss.detach() * labels.shape[0]
            count += labels.shape[0]
        return float(total / count)

    def test():
        model.eval()
        right = count = 0
        for images, labels in test_loader:
            with torch.no_grad():
                right += int((model(images).max(dim=1)[1] == labels).sum())
            count += images.size(0)
        return right / count

    history = [{"epoch": n + 1, "train_loss": train(), "test_accuracy": test()} for n in range(epochs)]
    for module, training in before.items():
        module.training = training
    return history


# %% exercise="fit" right="while-loop-and-extra-keys"
def fit(model, train_loader, test_loader, optimizer, epochs):
    history = []
    while len(history) < epochs:
        entry = {"epoch": len(history) + 1}
        seen = mean = 0
        model.train()
        for images, labels in train_loader:
            loss = F.nll_loss(F.log_softmax(model(images), 1), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            seen += len(images)
            mean += (loss.item() - mean) * len(images) / seen
        entry["train_loss"] = mean
        model.eval()
        with torch.no_grad():
            tests = [(model(images).argmax(dim=1), labels) for images, labels in test_loader]
        predicted = torch.cat([p for p, _ in tests])
        labels = torch.cat([y for _, y in tests])
        entry["test_accuracy"] = (predicted == labels).float().mean().item()
        entry["test_error"] = 1 - entry["test_accuracy"]
        history.append(entry)
    return history


# %% exercise="fit" right="own-class"
class Trainer:
    def __init__(self, model, optimizer):
        self.model, self.optimizer = model, optimizer

    def train(self, loader):
        self.model.train()
        losses = {"sum": 0.0, "n": 0}
        for images, labels in loader:
            self.optimizer.zero_grad()
            value = F.cross_entropy(self.model(images), labels)
            value.backward()
            self.optimizer.step()
            losses["sum"] += value.item() * len(labels)
            losses["n"] += len(labels)
        return losses["sum"] / losses["n"]

    def test(self, loader):
        self.model.eval()
        with torch.no_grad():
            right = [float(a == b) for x, y in loader for a, b in zip(self.model(x).argmax(1), y)]
        return sum(right) / len(right)


def fit(model, train_loader, test_loader, optimizer, epochs):
    trainer, history = Trainer(model, optimizer), []
    for epoch in range(1, epochs + 1):
        train_loss = trainer.train(train_loader)
        history.append({"epoch": epoch, "train_loss": train_loss, "test_accuracy": trainer.test(test_loader)})
    return history


# %% [markdown]
# # confusion_matrix

# %% exercise="confusion_matrix" mistake="no-eval"
"""The model runs in the mode in which it came. In training mode dropout is active, and batch norm learns from the
very data that you test on."""


def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    modes = [(module, module.training) for module in model.modules()]
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


# %% exercise="confusion_matrix" mistake="no-eval"
def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    modes = [(module, module.training) for module in model.modules()]
    model.eval
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


# %% exercise="confusion_matrix" mistake="runs-in-training-mode"
"""You switch the model to training mode before you test it."""


def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    modes = [(module, module.training) for module in model.modules()]
    model.train()
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


# %% exercise="confusion_matrix" mistake="graph-recorded"
"""You switch to evaluation mode, but torch still records a graph. `eval()` changes what layers compute; it does not
turn gradients off."""


def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        if True:
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                for i, j in zip(labels.tolist(), predicted.tolist()):
                    counts[i, j] += 1
    finally:
        for module, training in modes:
            module.training = training
    return counts


# %% exercise="confusion_matrix" mistake="graph-recorded"
def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        with torch.enable_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                for i, j in zip(labels.tolist(), predicted.tolist()):
                    counts[i, j] += 1
    finally:
        for module, training in modes:
            module.training = training
    return counts


# %% exercise="confusion_matrix" mistake="graph-recorded"
def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        if True:
            for images, labels in loader:
                predicted = model(images).detach().argmax(dim=1)
                for i, j in zip(labels.tolist(), predicted.tolist()):
                    counts[i, j] += 1
    finally:
        for module, training in modes:
            module.training = training
    return counts


# %% exercise="confusion_matrix" mistake="eval-flag-of-the-model-alone"
"""You switch the flag of the model itself to evaluation mode, and no other. The modules inside stay in the mode in which
they came: each has a flag of its own."""


def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    training = model.training
    model.training = False
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                for i, j in zip(labels.tolist(), predicted.tolist()):
                    counts[i, j] += 1
    finally:
        model.training = training
    return counts


# %% exercise="confusion_matrix" mistake="left-in-eval-mode"
"""You leave the model in evaluation mode: you restore nothing, or what you noted when you had already switched.
Whoever trains on goes on without dropout and with batch norm's old statistics."""


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
    finally:
        pass
    return counts


# %% exercise="confusion_matrix" mistake="left-in-eval-mode"
def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    model.eval()
    modes = [(module, module.training) for module in model.modules()]
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


# %% exercise="confusion_matrix" mistake="left-in-training-mode"
"""You always leave the model in training mode. It may have come in evaluation mode, or with a part of it in that
mode."""


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
    finally:
        model.train()
    return counts


# %% exercise="confusion_matrix" mistake="left-in-training-mode"
""""""


def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    if True:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                for i, j in zip(labels.tolist(), predicted.tolist()):
                    counts[i, j] += 1
    model.train()
    return counts


# %% exercise="confusion_matrix" mistake="top-flag-only"
"""Modules inside the model are not back in the mode that they came in. Often `train(flag)` is used to restore: it gives
one flag to everything below. Write each module's own flag back."""


def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    training = model.training
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                for i, j in zip(labels.tolist(), predicted.tolist()):
                    counts[i, j] += 1
    finally:
        model.train(training)
    return counts


# %% exercise="confusion_matrix" mistake="top-flag-only"
def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    was_training = model.training
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                for i, j in zip(labels.tolist(), predicted.tolist()):
                    counts[i, j] += 1
    finally:
        if was_training:
            model.train()
    return counts


# %% exercise="confusion_matrix" mistake="top-flag-only"
def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    was_training = model.training
    model.eval()
    if True:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                for i, j in zip(labels.tolist(), predicted.tolist()):
                    counts[i, j] += 1
    model.train(was_training)
    return counts


# %% exercise="confusion_matrix" mistake="top-flag-only"
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
    finally:
        for module, training in reversed(modes):
            module.train(training)
    return counts


# %% exercise="confusion_matrix" mistake="children-only"
"""Modules deeper than the model's direct children are not back in the mode that they came in. Every module has a flag
of its own: note them all."""


def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    modes = [(module, module.training) for module in [model, *model.children()]]
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


# %% exercise="confusion_matrix" mistake="no-finally"
"""The modes are restored, but not when the loader or the model fails: what an error skips must stand in a `finally`, or
where the error is caught and raised again."""


def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    if True:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                for i, j in zip(labels.tolist(), predicted.tolist()):
                    counts[i, j] += 1
    for module, training in modes:
        module.training = training
    return counts


# %% exercise="confusion_matrix" mistake="no-finally"
def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    if True:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                for i, j in zip(labels.tolist(), predicted.tolist()):
                    counts[i, j] += 1
        for module, training in modes:
            module.training = training
    return counts


# %% exercise="confusion_matrix" mistake="error-swallowed"
"""An error of the loader or the model does not come through. Nobody learns then that the result is made of a part of
the data: restore, and let the error pass."""


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
    except Exception:
        pass
    for module, training in modes:
        module.training = training
    return counts


# %% exercise="confusion_matrix" mistake="error-swallowed"
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
    except RuntimeError as error:
        print(error)
    finally:
        for module, training in modes:
            module.training = training
    return counts


# %% exercise="confusion_matrix" mistake="grad-mode-changed"
"""You turn gradients off, or on, for the rest of the program. Afterwards torch has to record as it did before, also
after an error."""


def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        torch.set_grad_enabled(False)
        if True:
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                for i, j in zip(labels.tolist(), predicted.tolist()):
                    counts[i, j] += 1
    finally:
        for module, training in modes:
            module.training = training
    return counts


# %% exercise="confusion_matrix" mistake="grad-mode-changed"
def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        torch.set_grad_enabled(False)
        if True:
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                for i, j in zip(labels.tolist(), predicted.tolist()):
                    counts[i, j] += 1
    finally:
        for module, training in modes:
            module.training = training
    torch.set_grad_enabled(True)
    return counts


# %% exercise="confusion_matrix" mistake="grad-mode-changed"
def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        torch.set_grad_enabled(False)
        if True:
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                for i, j in zip(labels.tolist(), predicted.tolist()):
                    counts[i, j] += 1
    finally:
        torch.set_grad_enabled(True)
        for module, training in modes:
            module.training = training
    return counts


# %% exercise="confusion_matrix" mistake="weights-frozen"
"""Afterwards `requires_grad` is not what it was: what was frozen is trainable, or nothing is trainable any more.
`torch.no_grad()` turns gradients off without touching it."""


def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    for parameter in model.parameters():
        parameter.requires_grad = False
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


# %% exercise="confusion_matrix" mistake="weights-frozen"
def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    model.requires_grad_(False)
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                for i, j in zip(labels.tolist(), predicted.tolist()):
                    counts[i, j] += 1
    finally:
        model.requires_grad_(True)
        for module, training in modes:
            module.training = training
    return counts


# %% exercise="confusion_matrix" mistake="wrong-dimension"
"""You look for the largest logit along the wrong dimension. The classes are dimension 1; dimension 0 are the
images."""


def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=0)
                for i, j in zip(labels.tolist(), predicted.tolist()):
                    counts[i, j] += 1
    finally:
        for module, training in modes:
            module.training = training
    return counts


# %% exercise="confusion_matrix" mistake="transposed"
"""Rows and columns are exchanged: the row is the true class, the column the predicted one. Sum and diagonal look
right all the same."""


def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                for i, j in zip(labels.tolist(), predicted.tolist()):
                    counts[j, i] += 1
    finally:
        for module, training in modes:
            module.training = training
    return counts


# %% exercise="confusion_matrix" mistake="transposed"
def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                for i, j in zip(predicted.tolist(), labels.tolist()):
                    counts[i, j] += 1
    finally:
        for module, training in modes:
            module.training = training
    return counts


# %% exercise="confusion_matrix" mistake="transposed"
def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                pairs = predicted * num_classes + labels
                counts += torch.bincount(pairs, minlength=num_classes**2).reshape(num_classes, num_classes)
    finally:
        for module, training in modes:
            module.training = training
    return counts


# %% exercise="confusion_matrix" mistake="lost-counts"
"""A pair that comes more than once in a batch is counted once. Often `+= 1` with index tensors is the cause: it reads
all places first and then writes them. Compare the sum with the number of samples."""


def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                counts[labels, predicted] += 1
    finally:
        for module, training in modes:
            module.training = training
    return counts


# %% exercise="confusion_matrix" mistake="set-to-one"
"""You set the entries to 1 instead of adding 1, so you note which pairs come, not how often."""


def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                for i, j in zip(labels.tolist(), predicted.tolist()):
                    counts[i, j] = 1
    finally:
        for module, training in modes:
            module.training = training
    return counts


# %% exercise="confusion_matrix" mistake="last-batch-only"
"""Your matrix starts again with every batch, so in the end it holds the last one only."""


def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                counts = torch.zeros(num_classes, num_classes, dtype=torch.int64)
                for i, j in zip(labels.tolist(), predicted.tolist()):
                    counts[i, j] += 1
    finally:
        for module, training in modes:
            module.training = training
    return counts


# %% exercise="confusion_matrix" mistake="last-batch-only"
def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                pairs = labels * num_classes + predicted
                counts = torch.bincount(pairs, minlength=num_classes**2).reshape(num_classes, num_classes)
    finally:
        for module, training in modes:
            module.training = training
    return counts


# %% exercise="confusion_matrix" mistake="returns-in-the-loop"
"""Only the first batch is counted. Often the `return` stands inside the loop."""


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
                return counts
    finally:
        for module, training in modes:
            module.training = training
    return counts


# %% exercise="confusion_matrix" mistake="not-int64"
"""Your matrix has another dtype than the contract's. `torch.zeros` makes floats unless it is told otherwise; counts
are int64."""


def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(num_classes, num_classes)
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


# %% exercise="confusion_matrix" mistake="not-int64"
def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(num_classes, num_classes, dtype=torch.int32)
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


# %% exercise="confusion_matrix" mistake="not-int64"
def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(num_classes, num_classes, dtype=torch.float64)
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


# %% exercise="confusion_matrix" mistake="no-minlength"
"""A function that counts numbers makes its result only as long as the largest number it saw. Where the last pairs
never come, your square is not complete."""


def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                pairs = labels * num_classes + predicted
                counts += torch.bincount(pairs).reshape(num_classes, num_classes)
    finally:
        for module, training in modes:
            module.training = training
    return counts


# %% exercise="confusion_matrix" mistake="size-from-the-data"
"""Your matrix is as large as the labels that came, or the model's output, say. Its size is given as `num_classes`, and
a class that nobody saw has its row as well."""


def confusion_matrix(model, loader, num_classes=10):
    modes = [(module, module.training) for module in model.modules()]
    true, predicted = [], []
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted += model(images).argmax(dim=1).tolist()
                true += labels.tolist()
    finally:
        for module, training in modes:
            module.training = training
    size = max(true + predicted, default=-1) + 1
    counts = torch.zeros(size, size, dtype=torch.int64)
    for i, j in zip(true, predicted):
        counts[i, j] += 1
    return counts


# %% exercise="confusion_matrix" mistake="always-ten"
"""Your matrix is always 10×10. The number of classes is an argument."""


def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(10, 10, dtype=torch.int64)
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


# %% exercise="confusion_matrix" mistake="shares"
"""You divide the counts. The contract asks for the counts themselves."""


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
    finally:
        for module, training in modes:
            module.training = training
    return counts / counts.sum()


# %% exercise="confusion_matrix" mistake="shares"
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
    finally:
        for module, training in modes:
            module.training = training
    return counts / counts.sum(dim=1, keepdim=True)


# %% exercise="confusion_matrix" mistake="shares"
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
    finally:
        for module, training in modes:
            module.training = training
    return counts / counts.sum(dim=1, keepdim=True).clamp(min=1)


# %% exercise="confusion_matrix" mistake="not-a-tensor"
"""You return a list or an array. The contract asks for a torch tensor."""


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
    finally:
        for module, training in modes:
            module.training = training
    return counts.tolist()


# %% exercise="confusion_matrix" mistake="not-a-tensor"
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
    finally:
        for module, training in modes:
            module.training = training
    return counts.numpy()


# %% exercise="confusion_matrix" mistake="only-mistakes"
"""You count what is wrong only. The diagonal, what is right, belongs to the matrix."""


def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                for i, j in zip(labels.tolist(), predicted.tolist()):
                    if i != j:
                        counts[i, j] += 1
    finally:
        for module, training in modes:
            module.training = training
    return counts


# %% exercise="confusion_matrix" mistake="only-mistakes"
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
    finally:
        for module, training in modes:
            module.training = training
    return counts.fill_diagonal_(0)


# %% exercise="confusion_matrix" mistake="only-right-ones"
"""You count right predictions only, on the diagonal. The others say what is taken for what."""


def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                for i, j in zip(labels.tolist(), predicted.tolist()):
                    if i == j:
                        counts[i, j] += 1
    finally:
        for module, training in modes:
            module.training = training
    return counts


# %% exercise="confusion_matrix" mistake="per-class-counts"
"""Your result says only how often each class comes: it has no rows for the true classes and columns for the predicted
ones, or all rows are alike. (`[[0] * n] * n` holds one row n times.)"""


def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                counts += torch.bincount(predicted, minlength=num_classes)
    finally:
        for module, training in modes:
            module.training = training
    return counts


# %% exercise="confusion_matrix" mistake="per-class-counts"
def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(num_classes, dtype=torch.int64)
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                counts += torch.bincount(labels, minlength=num_classes)
    finally:
        for module, training in modes:
            module.training = training
    return counts


# %% exercise="confusion_matrix" mistake="probabilities-added"
"""You add up probabilities. Each sample counts 1, for the class with the largest logit."""


def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(num_classes, num_classes, dtype=torch.float32)
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).softmax(dim=1)
                counts.index_add_(0, labels, predicted)
    finally:
        for module, training in modes:
            module.training = training
    return counts


# %% exercise="confusion_matrix" mistake="logits-as-index"
"""You index with logits. The index is the number of the class with the largest one."""


def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images)
                counts[labels, predicted] += 1
    finally:
        for module, training in modes:
            module.training = training
    return counts


# %% exercise="confusion_matrix" mistake="logits-as-index"
def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).max(dim=1).values
                counts[labels, predicted] += 1
    finally:
        for module, training in modes:
            module.training = training
    return counts


# %% exercise="confusion_matrix" mistake="reads-twice"
"""You run through the loader more than once. A generator is empty the second time, and a shuffling loader comes in
another order."""


def confusion_matrix(model, loader, num_classes=10):
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        with torch.no_grad():
            predicted = [j for images, _ in loader for j in model(images).argmax(dim=1).tolist()]
            true = [i for _, labels in loader for i in labels.tolist()]
    finally:
        for module, training in modes:
            module.training = training
    counts = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    for i, j in zip(true, predicted):
        counts[i, j] += 1
    return counts


# %% exercise="confusion_matrix" mistake="needs-a-length"
"""You ask the loader for its length or its `dataset`. A generator has neither."""


def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        with torch.no_grad():
            batches = iter(loader)
            for _ in range(len(loader)):
                images, labels = next(batches)
                predicted = model(images).argmax(dim=1)
                for i, j in zip(labels.tolist(), predicted.tolist()):
                    counts[i, j] += 1
    finally:
        for module, training in modes:
            module.training = training
    return counts


# %% exercise="confusion_matrix" mistake="needs-a-length"
def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        with torch.no_grad():
            print(f"{len(loader.dataset)} samples")
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                for i, j in zip(labels.tolist(), predicted.tolist()):
                    counts[i, j] += 1
    finally:
        for module, training in modes:
            module.training = training
    return counts


# %% exercise="confusion_matrix" mistake="empty-fails"
"""With an empty loader your function fails, often because there is nothing to join together. The contract asks for
zeros then."""


def confusion_matrix(model, loader, num_classes=10):
    modes = [(module, module.training) for module in model.modules()]
    true, predicted = [], []
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted.append(model(images).argmax(dim=1))
                true.append(labels)
    finally:
        for module, training in modes:
            module.training = training
    pairs = torch.cat(true) * num_classes + torch.cat(predicted)
    return torch.bincount(pairs, minlength=num_classes**2).reshape(num_classes, num_classes)


# %% exercise="confusion_matrix" mistake="empty-fails"
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
    finally:
        for module, training in modes:
            module.training = training
    if counts.sum() == 0:
        raise ValueError("no samples")
    return counts


# %% exercise="confusion_matrix" mistake="nothing-returned"
"""Your function returns None. Often only the `return` is missing; printing is not returning."""


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
    finally:
        for module, training in modes:
            module.training = training
    print(counts)


# %% exercise="confusion_matrix" mistake="nothing-returned"
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
    finally:
        for module, training in modes:
            module.training = training


# %% exercise="confusion_matrix" mistake="inner-modules-switched-on"
"""Modules that were in evaluation mode inside a part in training mode come back in training mode. Often `train()`
switches that part back on: it switches on all that is inside as well."""


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
    finally:
        for module, training in modes:
            if training:
                module.train()
    return counts


# %% exercise="confusion_matrix" mistake="ten-at-most"
"""You count in a matrix of 10×10 and cut it to size. With more than ten classes it is too small: the number of classes
is an argument."""


def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(10, 10, dtype=torch.int64)
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
    return counts[:num_classes, :num_classes]


# %% exercise="confusion_matrix" mistake="counts-from-earlier-calls"
"""The counts of an earlier call are in your matrix as well. Often it is a default of a parameter, or stands outside the
function: it is made once then. Make a new one in each call."""


matrices = {}


def confusion_matrix(model, loader, num_classes=10):
    counts = matrices.setdefault(num_classes, torch.zeros(num_classes, num_classes, dtype=torch.int64))
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


# %% exercise="confusion_matrix" right="index-put"
def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                counts.index_put_((labels, predicted), torch.tensor(1), accumulate=True)
    finally:
        for module, training in modes:
            module.training = training
    return counts


# %% exercise="confusion_matrix" right="one-hot-product"
def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                rows = F.one_hot(labels, num_classes)
                counts += rows.T @ F.one_hot(predicted, num_classes)
    finally:
        for module, training in modes:
            module.training = training
    return counts


# %% exercise="confusion_matrix" right="bincount-of-all"
def confusion_matrix(model, loader, num_classes=10):
    pairs = [torch.empty(0, dtype=torch.int64)]
    flags = [module.training for module in model.modules()]
    try:
        with torch.inference_mode():
            model.eval()
            for images, labels in loader:
                pairs.append(labels * num_classes + model(images).max(dim=1)[1])
            flat = torch.cat(pairs)
    finally:
        for module, flag in zip(model.modules(), flags):
            module.training = flag
    return torch.bincount(flat, minlength=num_classes * num_classes).view(num_classes, num_classes)


# %% exercise="confusion_matrix" right="counter"
from collections import Counter


@torch.no_grad()
def confusion_matrix(model, loader, num_classes=10):
    twin = copy.deepcopy(model).eval()
    seen = Counter()
    for images, labels in loader:
        seen.update(zip(labels.tolist(), twin(images).argmax(-1).tolist()))
    return torch.tensor([[seen[i, j] for j in range(num_classes)] for i in range(num_classes)])


# %% exercise="confusion_matrix" right="masks"
def confusion_matrix(model, loader, num_classes=10):
    in_training = [module for module in model.modules() if module.training]
    counts = torch.zeros((num_classes, num_classes)).long()
    try:
        model.eval()
        for images, labels in loader:
            with torch.no_grad():
                predicted = F.softmax(model(images), dim=1).argmax(dim=1)
            for i in range(num_classes):
                for j in range(num_classes):
                    counts[i][j] += ((labels == i) & (predicted == j)).sum()
    finally:
        for module in in_training:
            module.training = True
    return counts


# %% exercise="confusion_matrix" right="numpy"
import numpy as np


def confusion_matrix(model, loader, num_classes=10):
    counts = np.zeros((num_classes, num_classes), dtype=np.int64)
    modes = {module: module.training for module in model.modules()}
    try:
        model.eval()
        with torch.no_grad():
            for images, labels in loader:
                np.add.at(counts, (labels.numpy(), model(images).numpy().argmax(axis=1)), 1)
    finally:
        for module, training in modes.items():
            module.training = training
    return torch.from_numpy(counts)


# %% exercise="confusion_matrix" right="one-big-batch"
def confusion_matrix(model, loader, num_classes=10):
    counts = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    batches = list(loader)
    if not batches:
        return counts
    images, labels = (torch.cat(parts) for parts in zip(*batches))
    modes = {module: module.training for module in model.modules()}
    model.eval()
    try:
        with torch.no_grad():
            predicted = model(images).argmax(dim=1)
    finally:
        for module, training in modes.items():
            module.training = training
    return counts.index_put_((labels, predicted), torch.tensor(1), accumulate=True)


# %% [markdown]
# # sequential_twin

# %% exercise="sequential_twin" mistake="same-modules"
"""You put net's own modules into the twin. They are the same objects, with the same weights: train one network, and
you train the other."""


def sequential_twin(net):
    parts = net
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
    return twin.train(net.training)


# %% exercise="sequential_twin" mistake="same-modules"
def sequential_twin(net):
    parts = net
    twin = nn.Sequential(
        parts.conv1,
        parts.relu,
        parts.bn1,
        nn.MaxPool2d(2),
        parts.conv2,
        parts.relu,
        parts.bn2,
        nn.MaxPool2d(2),
        nn.Flatten(),
        parts.fc1,
        parts.relu,
        parts.dropout,
        parts.fc2,
    )
    return twin.train(net.training)


# %% exercise="sequential_twin" mistake="same-modules"
def sequential_twin(net):
    parts = net
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
    return twin


# %% exercise="sequential_twin" mistake="same-modules"
def sequential_twin(net):
    parts = net
    twin = nn.Sequential(
        parts.conv1,
        parts.relu,
        parts.bn1,
        nn.MaxPool2d(2),
        parts.conv2,
        parts.relu,
        parts.bn2,
        nn.MaxPool2d(2),
        nn.Flatten(),
        parts.fc1,
        parts.relu,
        parts.dropout,
        parts.fc2,
    )
    return twin


# %% exercise="sequential_twin" mistake="relu-or-dropout-shared"
"""The layers are copies, but the twin still holds net's own dropout or ReLU. They have no weights, but a mode and
settings, and these are shared now."""


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


# %% exercise="sequential_twin" mistake="relu-or-dropout-shared"
def sequential_twin(net):
    parts = copy.deepcopy(net)
    twin = nn.Sequential(
        parts.conv1,
        net.relu,
        parts.bn1,
        nn.MaxPool2d(2),
        parts.conv2,
        net.relu,
        parts.bn2,
        nn.MaxPool2d(2),
        nn.Flatten(),
        parts.fc1,
        net.relu,
        parts.dropout,
        parts.fc2,
    )
    return twin.train(net.training)


# %% exercise="sequential_twin" mistake="weights-shared"
"""The layers are new, but their tensors are net's own: handed over as they are, or copied by `copy.copy`, which
copies the module and not its tensors. The same Parameter in two networks is trained by both."""


def sequential_twin(net):
    twin = copy.deepcopy(net)
    for name in ("conv1", "bn1", "conv2", "bn2", "fc1", "fc2"):
        getattr(twin, name).weight = getattr(net, name).weight
        getattr(twin, name).bias = getattr(net, name).bias
    return nn.Sequential(
        twin.conv1,
        nn.ReLU(),
        twin.bn1,
        nn.MaxPool2d(2),
        twin.conv2,
        nn.ReLU(),
        twin.bn2,
        nn.MaxPool2d(2),
        nn.Flatten(),
        twin.fc1,
        nn.ReLU(),
        twin.dropout,
        twin.fc2,
    ).train(net.training)


# %% exercise="sequential_twin" mistake="weights-shared"
def sequential_twin(net):
    conv1, conv2 = nn.Conv2d(1, 32, 3, padding=1), nn.Conv2d(32, 64, 3, padding=1)
    bn1 = nn.BatchNorm2d(32, eps=net.bn1.eps, momentum=net.bn1.momentum)
    bn2 = nn.BatchNorm2d(64, eps=net.bn2.eps, momentum=net.bn2.momentum)
    fc1, fc2 = nn.Linear(64 * 7 * 7, 512), nn.Linear(512, 10)
    for new, old in (
        (conv1, net.conv1),
        (conv2, net.conv2),
        (bn1, net.bn1),
        (bn2, net.bn2),
        (fc1, net.fc1),
        (fc2, net.fc2),
    ):
        new.load_state_dict(old.state_dict(), assign=True)
    return nn.Sequential(
        conv1,
        nn.ReLU(),
        bn1,
        nn.MaxPool2d(2),
        conv2,
        nn.ReLU(),
        bn2,
        nn.MaxPool2d(2),
        nn.Flatten(),
        fc1,
        nn.ReLU(),
        nn.Dropout(net.dropout.p),
        fc2,
    ).train(net.training)


# %% exercise="sequential_twin" mistake="weights-shared"
def sequential_twin(net):
    layers = [net.conv1, net.bn1, net.conv2, net.bn2, net.fc1, net.dropout, net.fc2]
    conv1, bn1, conv2, bn2, fc1, dropout, fc2 = [copy.copy(layer) for layer in layers]
    return nn.Sequential(
        conv1,
        nn.ReLU(),
        bn1,
        nn.MaxPool2d(2),
        conv2,
        nn.ReLU(),
        bn2,
        nn.MaxPool2d(2),
        nn.Flatten(),
        fc1,
        nn.ReLU(),
        dropout,
        fc2,
    ).train(net.training)


# %% exercise="sequential_twin" mistake="children-in-a-row"
"""Your twin does not do the steps of `forward`. Often net's children are taken as they come: they stand in the order of
registration, and what `forward` does by functions is missing."""


def sequential_twin(net):
    return nn.Sequential(*copy.deepcopy(net).children())


# %% exercise="sequential_twin" mistake="children-in-a-row"
def sequential_twin(net):
    return nn.Sequential(*copy.deepcopy(list(net.children()))).train(net.training)


# %% exercise="sequential_twin" mistake="children-in-a-row"
def sequential_twin(net):
    return nn.Sequential(*net.children())


# %% exercise="sequential_twin" mistake="no-flatten"
"""Between the last pooling and the first linear layer nothing flattens."""


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
        parts.fc1,
        nn.ReLU(),
        parts.dropout,
        parts.fc2,
    )
    return twin.train(net.training)


# %% exercise="sequential_twin" mistake="flattens-everything"
"""Your flattening takes the batch dimension with it: all images become one row."""


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
        nn.Flatten(0),
        parts.fc1,
        nn.ReLU(),
        parts.dropout,
        parts.fc2,
    )
    return twin.train(net.training)


# %% exercise="sequential_twin" mistake="flattens-everything"
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
        nn.Flatten(start_dim=0),
        parts.fc1,
        nn.ReLU(),
        parts.dropout,
        parts.fc2,
    )
    return twin.train(net.training)


# %% exercise="sequential_twin" mistake="no-pooling"
"""A pooling of `forward` is missing in your twin. It has no name in `net`, because it has no weights."""


def sequential_twin(net):
    parts = copy.deepcopy(net)
    twin = nn.Sequential(
        parts.conv1,
        nn.ReLU(),
        parts.bn1,
        parts.conv2,
        nn.ReLU(),
        parts.bn2,
        nn.Flatten(),
        parts.fc1,
        nn.ReLU(),
        parts.dropout,
        parts.fc2,
    )
    return twin.train(net.training)


# %% exercise="sequential_twin" mistake="no-pooling"
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
        nn.Flatten(),
        parts.fc1,
        nn.ReLU(),
        parts.dropout,
        parts.fc2,
    )
    return twin.train(net.training)


# %% exercise="sequential_twin" mistake="average-pooling"
"""You pool by means. The network takes the largest number of each square."""


def sequential_twin(net):
    parts = copy.deepcopy(net)
    twin = nn.Sequential(
        parts.conv1,
        nn.ReLU(),
        parts.bn1,
        nn.AvgPool2d(2),
        parts.conv2,
        nn.ReLU(),
        parts.bn2,
        nn.AvgPool2d(2),
        nn.Flatten(),
        parts.fc1,
        nn.ReLU(),
        parts.dropout,
        parts.fc2,
    )
    return twin.train(net.training)


# %% exercise="sequential_twin" mistake="relu-missing"
"""A ReLU of `forward` is missing in your twin. There are three."""


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
        parts.dropout,
        parts.fc2,
    )
    return twin.train(net.training)


# %% exercise="sequential_twin" mistake="relu-missing"
def sequential_twin(net):
    parts = copy.deepcopy(net)
    twin = nn.Sequential(
        parts.conv1,
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


# %% exercise="sequential_twin" mistake="relu-missing"
def sequential_twin(net):
    parts = copy.deepcopy(net)
    twin = nn.Sequential(
        parts.conv1,
        nn.ReLU(),
        parts.bn1,
        nn.MaxPool2d(2),
        parts.conv2,
        parts.bn2,
        nn.MaxPool2d(2),
        nn.Flatten(),
        parts.fc1,
        nn.ReLU(),
        parts.dropout,
        parts.fc2,
    )
    return twin.train(net.training)


# %% exercise="sequential_twin" mistake="relu-missing"
def sequential_twin(net):
    parts = copy.deepcopy(net)
    twin = nn.Sequential(
        parts.conv1,
        parts.bn1,
        nn.MaxPool2d(2),
        parts.conv2,
        parts.bn2,
        nn.MaxPool2d(2),
        nn.Flatten(),
        parts.fc1,
        nn.ReLU(),
        parts.dropout,
        parts.fc2,
    )
    return twin.train(net.training)


# %% exercise="sequential_twin" mistake="norm-before-relu"
"""Your twin runs batch norm before ReLU. In net's `forward` ReLU comes first."""


def sequential_twin(net):
    parts = copy.deepcopy(net)
    twin = nn.Sequential(
        parts.conv1,
        parts.bn1,
        nn.ReLU(),
        nn.MaxPool2d(2),
        parts.conv2,
        parts.bn2,
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        parts.fc1,
        nn.ReLU(),
        parts.dropout,
        parts.fc2,
    )
    return twin.train(net.training)


# %% exercise="sequential_twin" mistake="norm-before-relu"
def sequential_twin(net):
    parts = copy.deepcopy(net)
    twin = nn.Sequential(
        parts.conv1,
        parts.bn1,
        nn.ReLU(),
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


# %% exercise="sequential_twin" mistake="norm-before-relu"
def sequential_twin(net):
    parts = copy.deepcopy(net)
    twin = nn.Sequential(
        parts.conv1,
        nn.ReLU(),
        parts.bn1,
        nn.MaxPool2d(2),
        parts.conv2,
        parts.bn2,
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        parts.fc1,
        nn.ReLU(),
        parts.dropout,
        parts.fc2,
    )
    return twin.train(net.training)


# %% exercise="sequential_twin" mistake="pool-before-norm"
"""Your twin pools before batch norm. In net's `forward` pooling comes last in a block."""


def sequential_twin(net):
    parts = copy.deepcopy(net)
    twin = nn.Sequential(
        parts.conv1,
        nn.ReLU(),
        nn.MaxPool2d(2),
        parts.bn1,
        parts.conv2,
        nn.ReLU(),
        nn.MaxPool2d(2),
        parts.bn2,
        nn.Flatten(),
        parts.fc1,
        nn.ReLU(),
        parts.dropout,
        parts.fc2,
    )
    return twin.train(net.training)


# %% exercise="sequential_twin" mistake="pool-before-norm"
def sequential_twin(net):
    parts = copy.deepcopy(net)
    twin = nn.Sequential(
        parts.conv1,
        nn.ReLU(),
        parts.bn1,
        nn.MaxPool2d(2),
        parts.conv2,
        nn.ReLU(),
        nn.MaxPool2d(2),
        parts.bn2,
        nn.Flatten(),
        parts.fc1,
        nn.ReLU(),
        parts.dropout,
        parts.fc2,
    )
    return twin.train(net.training)


# %% exercise="sequential_twin" mistake="softmax-at-the-end"
"""Your twin ends with a softmax. `net` returns logits, and so must the twin."""


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
        nn.Softmax(dim=1),
    )
    return twin.train(net.training)


# %% exercise="sequential_twin" mistake="softmax-at-the-end"
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
        nn.LogSoftmax(dim=1),
    )
    return twin.train(net.training)


# %% exercise="sequential_twin" mistake="default-settings"
"""Your batch norms have torch's own eps, momentum or both, not net's. A `state_dict` holds tensors only: such settings
have to be taken over by hand, or copied with the module."""


def sequential_twin(net):
    conv1, conv2 = nn.Conv2d(1, 32, 3, padding=1), nn.Conv2d(32, 64, 3, padding=1)
    bn1 = nn.BatchNorm2d(32)
    bn2 = nn.BatchNorm2d(64)
    fc1, fc2 = nn.Linear(64 * 7 * 7, 512), nn.Linear(512, 10)
    pairs = [(conv1, net.conv1), (bn1, net.bn1), (conv2, net.conv2), (bn2, net.bn2), (fc1, net.fc1), (fc2, net.fc2)]
    for new, old in pairs:
        new.load_state_dict(old.state_dict())
    return nn.Sequential(
        conv1,
        nn.ReLU(),
        bn1,
        nn.MaxPool2d(2),
        conv2,
        nn.ReLU(),
        bn2,
        nn.MaxPool2d(2),
        nn.Flatten(),
        fc1,
        nn.ReLU(),
        nn.Dropout(net.dropout.p),
        fc2,
    ).train(net.training)


# %% exercise="sequential_twin" mistake="default-settings"
def sequential_twin(net):
    conv1, conv2 = nn.Conv2d(1, 32, 3, padding=1), nn.Conv2d(32, 64, 3, padding=1)
    bn1 = nn.BatchNorm2d(32)
    bn2 = nn.BatchNorm2d(64)
    fc1, fc2 = nn.Linear(64 * 7 * 7, 512), nn.Linear(512, 10)
    pairs = [(conv1, net.conv1), (bn1, net.bn1), (conv2, net.conv2), (bn2, net.bn2), (fc1, net.fc1), (fc2, net.fc2)]
    for new, old in pairs:
        new.load_state_dict(old.state_dict())
    return nn.Sequential(
        conv1,
        nn.ReLU(),
        bn1,
        nn.MaxPool2d(2),
        conv2,
        nn.ReLU(),
        bn2,
        nn.MaxPool2d(2),
        nn.Flatten(),
        fc1,
        nn.ReLU(),
        nn.Dropout(0.25),
        fc2,
    ).train(net.training)


# %% exercise="sequential_twin" mistake="default-settings"
def sequential_twin(net):
    conv1, conv2 = nn.Conv2d(1, 32, 3, padding=1), nn.Conv2d(32, 64, 3, padding=1)
    bn1 = nn.BatchNorm2d(32, eps=net.bn1.eps)
    bn2 = nn.BatchNorm2d(64, eps=net.bn2.eps)
    fc1, fc2 = nn.Linear(64 * 7 * 7, 512), nn.Linear(512, 10)
    pairs = [(conv1, net.conv1), (bn1, net.bn1), (conv2, net.conv2), (bn2, net.bn2), (fc1, net.fc1), (fc2, net.fc2)]
    for new, old in pairs:
        new.load_state_dict(old.state_dict())
    return nn.Sequential(
        conv1,
        nn.ReLU(),
        bn1,
        nn.MaxPool2d(2),
        conv2,
        nn.ReLU(),
        bn2,
        nn.MaxPool2d(2),
        nn.Flatten(),
        fc1,
        nn.ReLU(),
        nn.Dropout(net.dropout.p),
        fc2,
    ).train(net.training)


# %% exercise="sequential_twin" mistake="default-settings"
def sequential_twin(net):
    conv1, conv2 = nn.Conv2d(1, 32, 3, padding=1), nn.Conv2d(32, 64, 3, padding=1)
    bn1 = nn.BatchNorm2d(32, momentum=net.bn1.momentum)
    bn2 = nn.BatchNorm2d(64, momentum=net.bn2.momentum)
    fc1, fc2 = nn.Linear(64 * 7 * 7, 512), nn.Linear(512, 10)
    pairs = [(conv1, net.conv1), (bn1, net.bn1), (conv2, net.conv2), (bn2, net.bn2), (fc1, net.fc1), (fc2, net.fc2)]
    for new, old in pairs:
        new.load_state_dict(old.state_dict())
    return nn.Sequential(
        conv1,
        nn.ReLU(),
        bn1,
        nn.MaxPool2d(2),
        conv2,
        nn.ReLU(),
        bn2,
        nn.MaxPool2d(2),
        nn.Flatten(),
        fc1,
        nn.ReLU(),
        nn.Dropout(net.dropout.p),
        fc2,
    ).train(net.training)


# %% exercise="sequential_twin" mistake="default-settings"
def sequential_twin(net):
    conv1, conv2 = nn.Conv2d(1, 32, 3, padding=1), nn.Conv2d(32, 64, 3, padding=1)
    bn1 = nn.BatchNorm2d(32, momentum=net.bn1.momentum)
    bn2 = nn.BatchNorm2d(64, momentum=net.bn2.momentum)
    fc1, fc2 = nn.Linear(64 * 7 * 7, 512), nn.Linear(512, 10)
    pairs = [(conv1, net.conv1), (bn1, net.bn1), (conv2, net.conv2), (bn2, net.bn2), (fc1, net.fc1), (fc2, net.fc2)]
    for new, old in pairs:
        new.load_state_dict(old.state_dict())
    return nn.Sequential(
        conv1,
        nn.ReLU(),
        bn1,
        nn.MaxPool2d(2),
        conv2,
        nn.ReLU(),
        bn2,
        nn.MaxPool2d(2),
        nn.Flatten(),
        fc1,
        nn.ReLU(),
        nn.Dropout(net.dropout.p),
        fc2,
    ).train(net.training)


# %% exercise="sequential_twin" mistake="default-settings"
def sequential_twin(net):
    conv1, conv2 = nn.Conv2d(1, 32, 3, padding=1), nn.Conv2d(32, 64, 3, padding=1)
    bn1 = nn.BatchNorm2d(32, eps=net.bn1.eps)
    bn2 = nn.BatchNorm2d(64, eps=net.bn2.eps)
    fc1, fc2 = nn.Linear(64 * 7 * 7, 512), nn.Linear(512, 10)
    pairs = [(conv1, net.conv1), (bn1, net.bn1), (conv2, net.conv2), (bn2, net.bn2), (fc1, net.fc1), (fc2, net.fc2)]
    for new, old in pairs:
        new.load_state_dict(old.state_dict())
    return nn.Sequential(
        conv1,
        nn.ReLU(),
        bn1,
        nn.MaxPool2d(2),
        conv2,
        nn.ReLU(),
        bn2,
        nn.MaxPool2d(2),
        nn.Flatten(),
        fc1,
        nn.ReLU(),
        nn.Dropout(net.dropout.p),
        fc2,
    ).train(net.training)


# %% exercise="sequential_twin" mistake="default-settings"
def sequential_twin(net):
    conv1, conv2 = nn.Conv2d(1, 32, 3, padding=1), nn.Conv2d(32, 64, 3, padding=1)
    bn1 = nn.BatchNorm2d(32)
    bn2 = nn.BatchNorm2d(64)
    fc1, fc2 = nn.Linear(64 * 7 * 7, 512), nn.Linear(512, 10)
    pairs = [(conv1, net.conv1), (bn1, net.bn1), (conv2, net.conv2), (bn2, net.bn2), (fc1, net.fc1), (fc2, net.fc2)]
    for new, old in pairs:
        new.to(old.weight.dtype).load_state_dict(old.state_dict())
    return nn.Sequential(
        conv1,
        nn.ReLU(),
        bn1,
        nn.MaxPool2d(2),
        conv2,
        nn.ReLU(),
        bn2,
        nn.MaxPool2d(2),
        nn.Flatten(),
        fc1,
        nn.ReLU(),
        nn.Dropout(net.dropout.p),
        fc2,
    ).train(net.training)


# %% exercise="sequential_twin" mistake="fixed-dropout"
"""Your dropout has a p of its own. Take over net's, which may be another than 0.25."""


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
        nn.Dropout(0.25),
        parts.fc2,
    )
    return twin.train(net.training)


# %% exercise="sequential_twin" mistake="fixed-dropout"
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
        nn.Dropout(),
        parts.fc2,
    )
    return twin.train(net.training)


# %% exercise="sequential_twin" mistake="no-dropout"
"""The twin has no dropout. In evaluation mode nobody sees that, in training everybody does."""


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
        parts.fc2,
    )
    return twin.train(net.training)


# %% exercise="sequential_twin" mistake="dropout-elsewhere"
"""Dropout stands at another place than in net's `forward`, where it comes right before `fc2`."""


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
        parts.dropout,
        parts.fc1,
        nn.ReLU(),
        parts.fc2,
    )
    return twin.train(net.training)


# %% exercise="sequential_twin" mistake="dropout-elsewhere"
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
        parts.fc2,
        parts.dropout,
    )
    return twin.train(net.training)


# %% exercise="sequential_twin" mistake="buffers-not-copied"
"""You copy the parameters, but not the buffers. A batch norm's running statistics are a part of the network: in
evaluation mode it computes with them."""


def sequential_twin(net):
    conv1, conv2 = nn.Conv2d(1, 32, 3, padding=1), nn.Conv2d(32, 64, 3, padding=1)
    bn1 = nn.BatchNorm2d(32, eps=net.bn1.eps, momentum=net.bn1.momentum)
    bn2 = nn.BatchNorm2d(64, eps=net.bn2.eps, momentum=net.bn2.momentum)
    fc1, fc2 = nn.Linear(64 * 7 * 7, 512), nn.Linear(512, 10)
    pairs = [(conv1, net.conv1), (bn1, net.bn1), (conv2, net.conv2), (bn2, net.bn2), (fc1, net.fc1), (fc2, net.fc2)]
    for new, old in pairs:
        with torch.no_grad():
            new.weight.copy_(old.weight)
            new.bias.copy_(old.bias)
    return nn.Sequential(
        conv1,
        nn.ReLU(),
        bn1,
        nn.MaxPool2d(2),
        conv2,
        nn.ReLU(),
        bn2,
        nn.MaxPool2d(2),
        nn.Flatten(),
        fc1,
        nn.ReLU(),
        nn.Dropout(net.dropout.p),
        fc2,
    ).train(net.training)


# %% exercise="sequential_twin" mistake="buffers-not-copied"
def sequential_twin(net):
    conv1, conv2 = nn.Conv2d(1, 32, 3, padding=1), nn.Conv2d(32, 64, 3, padding=1)
    bn1 = nn.BatchNorm2d(32, eps=net.bn1.eps, momentum=net.bn1.momentum)
    bn2 = nn.BatchNorm2d(64, eps=net.bn2.eps, momentum=net.bn2.momentum)
    fc1, fc2 = nn.Linear(64 * 7 * 7, 512), nn.Linear(512, 10)
    pairs = [(conv1, net.conv1), (bn1, net.bn1), (conv2, net.conv2), (bn2, net.bn2), (fc1, net.fc1), (fc2, net.fc2)]
    for new, old in pairs:
        for mine, theirs in zip(new.parameters(), old.parameters()):
            mine.data = theirs.data.clone()
    return nn.Sequential(
        conv1,
        nn.ReLU(),
        bn1,
        nn.MaxPool2d(2),
        conv2,
        nn.ReLU(),
        bn2,
        nn.MaxPool2d(2),
        nn.Flatten(),
        fc1,
        nn.ReLU(),
        nn.Dropout(net.dropout.p),
        fc2,
    ).train(net.training)


# %% exercise="sequential_twin" mistake="count-not-copied"
"""Of the batch norms' buffers you copy the statistics, but not `num_batches_tracked`. The contract says all
buffers."""


def sequential_twin(net):
    conv1, conv2 = nn.Conv2d(1, 32, 3, padding=1), nn.Conv2d(32, 64, 3, padding=1)
    bn1 = nn.BatchNorm2d(32, eps=net.bn1.eps, momentum=net.bn1.momentum)
    bn2 = nn.BatchNorm2d(64, eps=net.bn2.eps, momentum=net.bn2.momentum)
    fc1, fc2 = nn.Linear(64 * 7 * 7, 512), nn.Linear(512, 10)
    pairs = [(conv1, net.conv1), (bn1, net.bn1), (conv2, net.conv2), (bn2, net.bn2), (fc1, net.fc1), (fc2, net.fc2)]
    for new, old in pairs:
        with torch.no_grad():
            new.weight.copy_(old.weight)
            new.bias.copy_(old.bias)
            if isinstance(new, nn.BatchNorm2d):
                new.running_mean.copy_(old.running_mean)
                new.running_var.copy_(old.running_var)
    return nn.Sequential(
        conv1,
        nn.ReLU(),
        bn1,
        nn.MaxPool2d(2),
        conv2,
        nn.ReLU(),
        bn2,
        nn.MaxPool2d(2),
        nn.Flatten(),
        fc1,
        nn.ReLU(),
        nn.Dropout(net.dropout.p),
        fc2,
    ).train(net.training)


# %% exercise="sequential_twin" mistake="weights-not-copied"
"""The twin has new random weights. The shapes agree, but it is not the same network."""


def sequential_twin(net):
    conv1, conv2 = nn.Conv2d(1, 32, 3, padding=1), nn.Conv2d(32, 64, 3, padding=1)
    bn1 = nn.BatchNorm2d(32, eps=net.bn1.eps, momentum=net.bn1.momentum)
    bn2 = nn.BatchNorm2d(64, eps=net.bn2.eps, momentum=net.bn2.momentum)
    fc1, fc2 = nn.Linear(64 * 7 * 7, 512), nn.Linear(512, 10)
    pairs = [(conv1, net.conv1), (bn1, net.bn1), (conv2, net.conv2), (bn2, net.bn2), (fc1, net.fc1), (fc2, net.fc2)]
    return nn.Sequential(
        conv1,
        nn.ReLU(),
        bn1,
        nn.MaxPool2d(2),
        conv2,
        nn.ReLU(),
        bn2,
        nn.MaxPool2d(2),
        nn.Flatten(),
        fc1,
        nn.ReLU(),
        nn.Dropout(net.dropout.p),
        fc2,
    ).train(net.training)


# %% exercise="sequential_twin" mistake="mode-not-taken-over"
"""You don't give the whole twin net's mode, every module of it. An `nn.Sequential`, and whatever you make anew, is in
training mode, while a copied layer keeps its mode."""


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
    return twin


# %% exercise="sequential_twin" mistake="mode-not-taken-over"
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
    return twin.train()


# %% exercise="sequential_twin" mistake="mode-not-taken-over"
def sequential_twin(net):
    conv1, conv2 = nn.Conv2d(1, 32, 3, padding=1), nn.Conv2d(32, 64, 3, padding=1)
    bn1 = nn.BatchNorm2d(32, eps=net.bn1.eps, momentum=net.bn1.momentum)
    bn2 = nn.BatchNorm2d(64, eps=net.bn2.eps, momentum=net.bn2.momentum)
    fc1, fc2 = nn.Linear(64 * 7 * 7, 512), nn.Linear(512, 10)
    pairs = [(conv1, net.conv1), (bn1, net.bn1), (conv2, net.conv2), (bn2, net.bn2), (fc1, net.fc1), (fc2, net.fc2)]
    for new, old in pairs:
        new.load_state_dict(old.state_dict())
    return nn.Sequential(
        conv1,
        nn.ReLU(),
        bn1,
        nn.MaxPool2d(2),
        conv2,
        nn.ReLU(),
        bn2,
        nn.MaxPool2d(2),
        nn.Flatten(),
        fc1,
        nn.ReLU(),
        nn.Dropout(net.dropout.p),
        fc2,
    )


# %% exercise="sequential_twin" mistake="mode-not-taken-over"
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
    twin.training = net.training
    return twin


# %% exercise="sequential_twin" mistake="always-in-eval-mode"
"""You always return the twin in evaluation mode. It has to be in net's."""


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
    return twin.eval()


# %% exercise="sequential_twin" mistake="net-changed"
"""You change `net` itself: its mode, its settings or its numbers. It has to stay as it was."""


def sequential_twin(net):
    net.eval()
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
    return twin.train(net.training)


# %% exercise="sequential_twin" mistake="net-changed"
def sequential_twin(net):
    training = net.training
    parts = copy.deepcopy(net.eval())
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
    return twin.train(training)


# %% exercise="sequential_twin" mistake="still-your-class"
"""What you return holds, or is, a module of your own class. The twin has to consist of torch's own modules only."""


def sequential_twin(net):
    return copy.deepcopy(net)


# %% exercise="sequential_twin" mistake="still-your-class"
def sequential_twin(net):
    return nn.Sequential(copy.deepcopy(net)).train(net.training)


# %% exercise="sequential_twin" mistake="own-flatten-class"
"""You write a small module of your own into the chain. torch has one for each of these steps, and whoever loads the
twin has only those."""


class Flatten(nn.Module):
    def forward(self, x):
        return x.flatten(1)


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
        Flatten(),
        parts.fc1,
        nn.ReLU(),
        parts.dropout,
        parts.fc2,
    )
    return twin.train(net.training)


# %% exercise="sequential_twin" mistake="function-in-the-chain"
"""You put a function or a class into the `nn.Sequential`. It takes modules only: things that have been made."""


def sequential_twin(net):
    parts = copy.deepcopy(net)
    twin = nn.Sequential(
        parts.conv1,
        F.relu,
        parts.bn1,
        nn.MaxPool2d(2),
        parts.conv2,
        F.relu,
        parts.bn2,
        nn.MaxPool2d(2),
        nn.Flatten(),
        parts.fc1,
        F.relu,
        parts.dropout,
        parts.fc2,
    )
    return twin.train(net.training)


# %% exercise="sequential_twin" mistake="function-in-the-chain"
def sequential_twin(net):
    parts = copy.deepcopy(net)
    twin = nn.Sequential(
        parts.conv1,
        nn.ReLU,
        parts.bn1,
        nn.MaxPool2d(2),
        parts.conv2,
        nn.ReLU,
        parts.bn2,
        nn.MaxPool2d(2),
        nn.Flatten(),
        parts.fc1,
        nn.ReLU,
        parts.dropout,
        parts.fc2,
    )
    return twin.train(net.training)


# %% exercise="sequential_twin" mistake="function-in-the-chain"
def sequential_twin(net):
    parts = copy.deepcopy(net)
    flatten = torch.flatten
    twin = nn.Sequential(
        parts.conv1,
        nn.ReLU(),
        parts.bn1,
        nn.MaxPool2d(2),
        parts.conv2,
        nn.ReLU(),
        parts.bn2,
        nn.MaxPool2d(2),
        flatten,
        parts.fc1,
        nn.ReLU(),
        parts.dropout,
        parts.fc2,
    )
    return twin.train(net.training)


# %% exercise="sequential_twin" mistake="list-in-the-chain"
"""`nn.Sequential` takes its modules one by one, as arguments. A list is no module."""


def sequential_twin(net):
    parts = copy.deepcopy(net)
    layers = [
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
    ]
    return nn.Sequential(layers).train(net.training)


# %% exercise="sequential_twin" mistake="not-sequential"
"""What you return is no `nn.Sequential`, or nothing at all. An `nn.ModuleList` or a plain list holds modules, but
does not run them one after the other."""


def sequential_twin(net):
    parts = copy.deepcopy(net)
    return nn.ModuleList(
        [
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
        ]
    ).train(net.training)


# %% exercise="sequential_twin" mistake="not-sequential"
def sequential_twin(net):
    parts = copy.deepcopy(net)
    return [
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
    ]


# %% exercise="sequential_twin" mistake="not-sequential"
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
    twin.train(net.training)


# %% exercise="sequential_twin" mistake="momentum-of-0-or-none-lost"
"""A momentum of 0 or None gets lost. Often `or` is the cause: it takes both for nothing. They are settings like any
other; None makes batch norm average over all batches alike."""


def sequential_twin(net):
    parts = copy.deepcopy(net)
    for norm in (parts.bn1, parts.bn2):
        norm.momentum = norm.momentum or 0.1
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
    return twin.train(net.training)


# %% exercise="sequential_twin" mistake="p-of-0-lost"
"""A p of 0 gets lost. Often `or` is the cause: it takes 0 for nothing. It is a setting like any other, a dropout that
drops nothing."""


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
        nn.Dropout(net.dropout.p or 0.25),
        parts.fc2,
    )
    return twin.train(net.training)


# %% exercise="sequential_twin" right="fresh-layers"
def sequential_twin(net):
    conv1, conv2 = nn.Conv2d(1, 32, 3, padding=1), nn.Conv2d(32, 64, 3, padding=1)
    bn1 = nn.BatchNorm2d(32, eps=net.bn1.eps, momentum=net.bn1.momentum)
    bn2 = nn.BatchNorm2d(64, eps=net.bn2.eps, momentum=net.bn2.momentum)
    fc1, fc2 = nn.Linear(64 * 7 * 7, 512), nn.Linear(512, 10)
    pairs = [(conv1, net.conv1), (bn1, net.bn1), (conv2, net.conv2), (bn2, net.bn2), (fc1, net.fc1), (fc2, net.fc2)]
    for new, old in pairs:
        new.to(old.weight.dtype).load_state_dict(old.state_dict())
    return nn.Sequential(
        conv1,
        nn.ReLU(),
        bn1,
        nn.MaxPool2d(2),
        conv2,
        nn.ReLU(),
        bn2,
        nn.MaxPool2d(2),
        nn.Flatten(),
        fc1,
        nn.ReLU(),
        nn.Dropout(net.dropout.p),
        fc2,
    ).train(net.training)


# %% exercise="sequential_twin" right="nested"
def sequential_twin(net):
    def block(conv, norm):
        return nn.Sequential(copy.deepcopy(conv), nn.ReLU(inplace=True), copy.deepcopy(norm), nn.MaxPool2d(2, stride=2))

    head = nn.Sequential(nn.Flatten(start_dim=1), copy.deepcopy(net.fc1), nn.ReLU(), nn.Dropout(net.dropout.p))
    twin = nn.Sequential(block(net.conv1, net.bn1), block(net.conv2, net.bn2), head, copy.deepcopy(net.fc2))
    return twin.train() if net.training else twin.eval()


# %% exercise="sequential_twin" right="ordered-dict"
from collections import OrderedDict


def sequential_twin(net):
    steps = "conv1 relu bn1 pool conv2 relu bn2 pool flatten fc1 relu dropout fc2".split()
    extra = {"pool": lambda: nn.MaxPool2d(2), "flatten": nn.Flatten}
    layers = OrderedDict()
    for number, name in enumerate(steps):
        layer = extra[name]() if name in extra else copy.deepcopy(getattr(net, name))
        layers[f"{number}_{name}"] = layer
    twin = nn.Sequential(layers)
    for module in twin.modules():
        module.training = net.training
    return twin


# %% exercise="sequential_twin" right="add-module"
def sequential_twin(net):
    twin = nn.Sequential()
    for layer in (net.conv1, net.relu, net.bn1, nn.MaxPool2d(2)):
        twin.add_module(str(len(twin)), copy.deepcopy(layer))
    for layer in (
        net.conv2,
        net.relu,
        net.bn2,
        nn.MaxPool2d((2, 2)),
        nn.Flatten(1, -1),
        net.fc1,
        net.relu,
        net.dropout,
    ):
        twin.append(copy.deepcopy(layer))
    twin.append(copy.deepcopy(net.fc2))
    twin.train(mode=net.training)
    return twin


# %% exercise="sequential_twin" right="copied-at-last"
def sequential_twin(net):
    mode = net.training
    shared = nn.Sequential(
        net.conv1,
        nn.ReLU(),
        net.bn1,
        nn.MaxPool2d(2),
        net.conv2,
        nn.ReLU(),
        net.bn2,
        nn.MaxPool2d(2),
        nn.Flatten(),
        net.fc1,
        nn.ReLU(),
        net.dropout,
        net.fc2,
    )
    return copy.deepcopy(shared).train(mode)


# %% exercise="sequential_twin" right="clamping-modules"
def sequential_twin(net):
    parts = copy.deepcopy(net)
    twin = nn.Sequential(
        parts.conv1,
        nn.Threshold(0.0, 0.0),
        parts.bn1,
        nn.MaxPool2d(2),
        parts.conv2,
        nn.ReLU(),
        parts.bn2,
        nn.Identity(),
        nn.MaxPool2d(2, 2),
        nn.Flatten(),
        parts.fc1,
        nn.ReLU(),
        parts.dropout,
        parts.fc2,
    )
    return twin.train(net.training)
