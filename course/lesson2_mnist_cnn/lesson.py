# %% [markdown]
# # Lesson 2: the MNIST CNN, built and trained
#
# A convolutional network that reads handwritten digits is the first network that most people build. In this lesson you
# build it, train it, and find out what it gets wrong. Every part is small. What makes it hard is that most mistakes
# here are silent: the numbers come out, and they are a little too bad, or far too good.
#
# **After this lesson you can**
#
# - predict the shape of a tensor behind every layer, and compute it by a formula;
# - write a convolutional network as a module that refuses images of the wrong size;
# - write a training step, a fair evaluation and a training loop, and know the traps in each;
# - read learning curves and a confusion matrix, and look at what the network learned;
# - rebuild a network as an `nn.Sequential`, and tell what you win and lose by it.
#
# **You need** lesson 1, or an idea of what `nn.Module`, `parameters()` and a buffer are.
#
# **Time and difficulty.** About three and a half hours, two thirds of it for the seven exercises. Difficulty ●●●○○: no
# part is long, but `evaluate` and `train_step` have to be right to the last detail. A good place for a break is before
# "One step of training".
#
# **How this notebook works**
#
# 1. *Predict.* Answer each question before you run the cell below it, best in writing.
# 2. *Run.* Run the cells in order. The whole notebook takes about a minute, when the exercises are solved: your network
#    is trained in it, without a download and without a GPU. (If there is a GPU, it is used.)
# 3. *Write.* In an exercise cell, replace every line `raise NotImplementedError(...)` by your code.
# 4. *Check.* Run the cell below it, `check("mnist_net")` for example, as often as you like.
#
# Stuck? Run `hint("mnist_net")`, and again for the next hint. `progress()` shows how far you are. The exercises don't
# depend on each other. Only the training in the middle needs two of them, and it says so.

# %% setup=true

# %% given=true
import copy

import torch
import torch.nn.functional as F
from torch import nn

# %%
import time

import matplotlib.pyplot as plt
from IPython.display import Pretty, display
from torch.utils.data import DataLoader
from torchvision import transforms

from autograder.digits import load_digits

BLUE, ORANGE, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#6B6B6B"
plt.rcParams.update({
    "figure.facecolor": "white", "savefig.facecolor": "white", "figure.dpi": 100, "font.size": 11,
    "axes.spines.top": False, "axes.spines.right": False, "axes.titlesize": 12, "legend.frameon": False,
})  # fmt: skip

device = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
print(f"Training will run on: {device}")

# %% [markdown]
# ## The digits
#
# The network is made for MNIST: 28×28 pixels, white ink on black, one digit an image. MNIST itself has 60,000 training
# images and has to be downloaded. So the course brings a smaller set in the same format: 1,497 images to train on, and
# 300 to test on. Leave `FULL_MNIST = False` for now. With `True`, MNIST is downloaded, and the training below takes
# some minutes instead of some seconds (unless you have a GPU).
#
# (The bundled digits were scanned at 8×8 pixels by [E. Alpaydin and C. Kaynak](https://doi.org/10.24432/C50P49), CC BY
# 4.0, and enlarged to 28×28.)

# %%
FULL_MNIST = False

if device == "cpu" and not FULL_MNIST:
    torch.set_num_threads(1)  # with so few images, more threads only get in each other's way

shaken = transforms.Compose([transforms.RandomAffine(degrees=10, translate=(0.1, 0.1)), transforms.ToTensor()])
train_set = load_digits(train=True, full_mnist=FULL_MNIST, transform=shaken)
test_set = load_digits(train=False, full_mnist=FULL_MNIST, transform=transforms.ToTensor())

train_loader = DataLoader(train_set, batch_size=32, shuffle=True)
test_loader = DataLoader(test_set, batch_size=100)

# Some of the training images as one plain tensor, for quick experiments.
some_images = train_set.data[:500].unsqueeze(1) / 255
some_labels = train_set.targets[:500]

# %% alt="Forty handwritten digits in four rows of ten, white ink on black, each with its label above it. They look coarse, as if enlarged from a small picture, but every one can be read."
fig, axes = plt.subplots(4, 10, figsize=(10, 4.6))
for ax, image, label in zip(axes.flat, some_images, some_labels):
    ax.imshow(image[0], cmap="gray")
    ax.set_title(label.item(), fontsize=10, pad=3)
    ax.axis("off")
plt.show()

# %% [markdown]
# *Figure: forty of the training images, each with its label.*
#
# **Predict 1.** An image in this set is a picture of 28×28 grey pixels. What shape has it as a tensor? What shape has a
# batch of 32, what dtype, and what is the largest value?

# %%
torch.manual_seed(0)
image, label = train_set[0]
images, labels = next(iter(train_loader))

print("one image:", tuple(image.shape), "  its label:", label)
print("a batch:  ", tuple(images.shape), images.dtype, f" from {images.min():.1f} to {images.max():.1f}")
print("labels:   ", tuple(labels.shape), labels.dtype)

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# One image is (1, 28, 28): channels, height, width. A grey image has one channel, and that channel is a dimension of
# its own. The loader stacks images, so a batch is (N, C, H, W) = (32, 1, 28, 28). In this order every convolution of
# torch expects it. `ToTensor` also divides by 255, so the values lie between 0 and 1.
#
# Labels are class *numbers*, (N,), as int64. Not one-hot vectors, and no extra dimension.
#
# </details>

# %% [markdown]
# **Predict 2.** Somebody takes the raw pixels, which are (32, 28, 28), without the channel. What does a convolution
# with one input channel make of that? And what does it make of a single image, (1, 28, 28)?

# %%
layer = nn.Conv2d(1, 8, kernel_size=3)
for shape in [(32, 1, 28, 28), (32, 28, 28), (1, 28, 28)]:
    try:
        print(f"{str(shape):16} -> {tuple(layer(torch.zeros(shape)).shape)}")
    except RuntimeError as error:
        print(f"{str(shape):16} -> RuntimeError: {error}")

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# With three dimensions, torch takes the tensor for *one* image, without a batch. So (32, 28, 28) is an image with 32
# channels, and that is what the error complains about. (1, 28, 28) is one image with one channel: no error, but the
# output has no batch dimension either, and the next `flatten` will go wrong. When in doubt, count to four.
#
# </details>

# %% [markdown]
# 1,497 images are few. The network could learn them by heart: this very stroke, at this very place. So every time an
# image is fetched for training, it is turned and shifted a little, at random. That is **data augmentation**. It is the
# `RandomAffine` in the cell above.
#
# **Predict 3.** Which of these changes would you allow in training as well: to mirror the image, to turn it upside
# down, to make it a little larger? And should the test images be shaken, too?

# %% alt="Ten small images in a row. The first is a digit as it was scanned. The other nine show the same digit, each time turned by a few degrees and shifted by a few pixels."
torch.manual_seed(0)
fig, axes = plt.subplots(1, 10, figsize=(10, 1.4))
for ax in axes:
    ax.imshow(train_set[0][0][0], cmap="gray")  # fetched ten times: ten different images
    ax.axis("off")
axes[0].imshow(some_images[0, 0], cmap="gray")
axes[0].set_title("original", fontsize=10)
plt.show()

# %% [markdown]
# *Figure: a training image as it was scanned, and nine versions of it, each turned and shifted at random. In every
# epoch the network sees another one.*
#
# <details><summary>What happened, and why</summary>
#
# Allow what keeps the label true. A slightly larger 3 is still a 3. A mirrored 3 is none, and a 6 upside down is a 9.
#
# The test images stay as they are. They stand for the images of tomorrow, and you want to know how the network does on
# those. For the same reason **nothing is ever trained on them**.
#
# </details>

# %% [markdown]
# ## What a convolution does
#
# A convolution slides a small window, the **kernel**, over the image. At each place it multiplies the pixels under it
# by the kernel's weights and adds up. The result is large where the image looks like the kernel. So each output
# **channel** is a map: where in the image is the thing that my kernel looks for?
#
# **Predict 4.** Two kernels, made by hand. One lights up along upright strokes, the other along level ones. Which is
# which?
#
# ```
#         -1  0  1                -1 -1 -1
#     A   -1  0  1            B    0  0  0
#         -1  0  1                 1  1  1
# ```

# %% alt="Two rows, each with three images: a digit, its map under kernel A, its map under kernel B. In the maps of kernel A the left and right edges of upright strokes are red and blue; in those of kernel B the upper and lower edges of level strokes are. Flat regions are white in all maps."
kernel_a = torch.tensor([[-1.0, 0, 1], [-1, 0, 1], [-1, 0, 1]])
kernels = torch.stack([kernel_a, kernel_a.T]).unsqueeze(1)  # (2, 1, 3, 3): two output channels, one input channel

examples = torch.stack([some_images[some_labels == digit][0] for digit in (1, 5)])
maps = F.conv2d(examples, kernels, padding=1)  # (2, 2, 28, 28)

fig, axes = plt.subplots(2, 3, figsize=(7, 4.4), layout="constrained")
for row, (example, its_maps) in enumerate(zip(examples, maps)):
    axes[row, 0].imshow(example[0], cmap="gray")
    for column, one_map in enumerate(its_maps, start=1):
        picture = axes[row, column].imshow(one_map, cmap="RdBu_r", vmin=-3, vmax=3)
for ax, title in zip(axes.flat, ("image", "kernel A", "kernel B")):
    ax.set_title(title)
for ax in axes.flat:
    ax.axis("off")
fig.colorbar(picture, ax=axes, shrink=0.8, label="output of the convolution")
plt.show()

# %% [markdown]
# *Figure: two digits, and their maps under the two kernels. Kernel A is red where the image gets brighter from left to
# right and blue where it gets darker, so it marks upright strokes. Kernel B does the same from top to bottom.*
#
# In a network nobody makes the kernels. They start as random numbers and are trained. You will see later what became of
# yours.
#
# How large is the output? Along one axis a convolution has four settings:
#
# - **kernel_size**: how many weights;
# - **stride**: how far the kernel moves at a time;
# - **padding**: how many zeros are put at *each* end of the input;
# - **dilation**: how far apart the kernel's weights are. With 1 they are neighbours, with 2 there is a gap of one.
#
# **Predict 5.** The input has length 10. How long is the output in each of these cases? One of them is an error.
#
# | | kernel_size | stride | padding | dilation |
# |---|---|---|---|---|
# | a | 3 | 1 | 0 | 1 |
# | b | 3 | 1 | 1 | 1 |
# | c | 3 | 2 | 0 | 1 |
# | d | 3 | 1 | 0 | 2 |
# | e | 7 | 1 | 0 | 2 |

# %%
line = torch.zeros(1, 1, 10)  # one sample, one channel, length 10
for case, size, stride, padding, dilation in [
    ("a", 3, 1, 0, 1), ("b", 3, 1, 1, 1), ("c", 3, 2, 0, 1), ("d", 3, 1, 0, 2), ("e", 7, 1, 0, 2),
]:  # fmt: skip
    try:
        output = F.conv1d(line, torch.zeros(1, 1, size), stride=stride, padding=padding, dilation=dilation)
        print(case, output.shape[-1])
    except RuntimeError as error:
        print(case, f"RuntimeError: {error}")


# %% alt="Three panels. In each, a row of ten grey input cells stands on top, and below it one row for each place of the kernel, with the three cells under its weights filled. Left, kernel 3 and padding 1: there is a dotted cell at both ends, and the kernel fits at ten places. Middle, kernel 3 and stride 2: four places, and the last input cell is under none of them. Right, kernel 3 and dilation 2: the weights lie on every second cell, the kernel spans five, and fits at six places."
def draw_places(ax, title, starts, weights, padding=0):
    """A row of ten cells, and one row for each place where the kernel fits, with the cells under its weights filled."""
    for row, start in enumerate([None, *starts]):
        covered = [] if start is None else [start + weight for weight in weights]
        for cell in range(-padding, 10 + padding):
            inside = 0 <= cell < 10
            colour = BLUE if cell in covered else "#DDDDDD" if row == 0 and inside else "white"
            edge = {"edgecolor": GREY, "linewidth": 0.8} if inside else {"edgecolor": ORANGE, "linestyle": ":"}
            ax.add_patch(plt.Rectangle((cell, -row), 0.9, 0.75, facecolor=colour, **edge))
    ax.set(title=f"{title}: {len(starts)} places", xlim=(-1.3, 11.3), ylim=(-10.4, 1.2), aspect="equal")
    ax.axis("off")


fig, axes = plt.subplots(1, 3, figsize=(11, 4.2))
draw_places(axes[0], "kernel 3, padding 1", range(-1, 9), weights=(0, 1, 2), padding=1)
draw_places(axes[1], "kernel 3, stride 2", (0, 2, 4, 6), weights=(0, 1, 2))
draw_places(axes[2], "kernel 3, dilation 2", range(6), weights=(0, 2, 4))
plt.show()

# %% [markdown]
# *Figure: cases b, c and d. The grey row is the input, dotted cells are padding. Each row below it is one place of the
# kernel, which gives one number of the output.*
#
# <details><summary>What happened, and why</summary>
#
# 8, 10, 4, 6, and an error. What counts is how much of the input the kernel *covers*, its gaps included: with dilation
# 2 a kernel of 3 covers 5 cells. From there it is counting. The first place is at the left end, and each further place
# is one stride to the right, as long as the kernel still fits.
#
# In case c it doesn't come out even: after the fourth place one cell is left over. It is never looked at, without a
# warning. In case e the kernel covers 13 cells, and there is no place at all.
#
# </details>

# %% [markdown] exercise="conv_output_size"
# Write `conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1)`. It returns how long the output of a
# convolution is along one axis, exactly as `F.conv1d` would make it.
#
# - All arguments are Python ints, and `size` is at least 1. `padding` zeros are put at *each* end of the input.
# - The result is a Python `int`.
# - Where the kernel fits nowhere, so that no output of positive length exists, it raises a `ValueError`.


# %% solution="conv_output_size"
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    """How long the output of a convolution is along one axis."""
    ### BEGIN SOLUTION
    reach = dilation * (kernel_size - 1) + 1  # what the kernel covers, holes included
    length = (size + 2 * padding - reach) // stride + 1
    if length < 1:
        raise ValueError(f"a kernel that covers {reach} does not fit into {size} with padding {padding}")
    return length
    ### END SOLUTION


# %% check="conv_output_size"

# %% [markdown]
# The errors in these boxes are quoted from torch 2.15. Other versions word some of them a little differently.
#
# <details><summary>Help: I get <code>RuntimeError: Calculated padded input size per channel: (4). Kernel size: (7). Kernel size can't be greater than actual input size</code></summary>
#
# That is torch's own way to say that the kernel fits nowhere. The "kernel size" here is what it covers, its gaps
# included. Your function has to say so with a `ValueError`, and without asking torch.
#
# </details>
#
# <details><summary>Help: my result is <code>4.5</code>, and should be <code>4</code></summary>
#
# `/` gives a float, also where it comes out even. Half a place is no place: which division rounds down?
#
# </details>
#
# <details><summary>Help: it is right for dilation 1, and wrong for 2</summary>
#
# Draw a kernel of 3 with gaps of one, as in the figure. It covers 5 cells, not 6. How many gaps are there between three
# weights?
#
# </details>

# %% [markdown]
# ## The network
#
# Here is the whole network, as the shapes of what flows through it. N is the number of images, and no layer touches it.


# %% alt="The tensor on its way through the network, drawn as boxes. The input is a flat square of 1 by 28 by 28. After conv1 it is a deep box, 32 by 28 by 28; after pooling, 32 by 14 by 14, a smaller square of the same depth. After conv2, 64 by 14 by 14; after pooling, 64 by 7 by 7. Then flatten makes a tall thin bar of 3136 numbers, fc1 a shorter one of 512, and fc2 a short one of 10."
def draw_box(ax, left, side, depth):
    """A box as seen from the front and a little from the right and above."""
    low, high, up = -side / 2, side / 2, 0.4 * depth
    front = [(left, low), (left + side, low), (left + side, high), (left, high)]
    top = [(left, high), (left + side, high), (left + side + depth, high + up), (left + depth, high + up)]
    right = [(left + side, low), (left + side + depth, low + up), (left + side + depth, high + up), (left + side, high)]
    for corners, colour in ((front, BLUE), (top, "#66AAD1"), (right, "#99C7E0")):
        ax.add_patch(plt.Polygon(corners, facecolor=colour, edgecolor="black", linewidth=0.8))


stages = [  # what happens, the shape after it, pixels along one side, channels or features
    ("", "1, 28, 28", 28, 1), ("conv1\nrelu\nbn1", "32, 28, 28", 28, 32), ("max-\npool", "32, 14, 14", 14, 32),
    ("conv2\nrelu\nbn2", "64, 14, 14", 14, 64), ("max-\npool", "64, 7, 7", 7, 64),
    ("flatten", "3136", 0, 3136), ("fc1\nrelu\ndropout", "512", 0, 512), ("fc2", "10", 0, 10),
]  # fmt: skip
fig, ax = plt.subplots(figsize=(12, 3.6))
x = 0.0
for operation, shape, pixels, channels in stages:
    if operation:
        ax.annotate("", (x + 1.35, 0), (x + 0.25, 0), arrowprops={"arrowstyle": "->"})
        ax.text(x + 0.8, 0.12, operation, ha="center", va="bottom", fontsize=9)
        x += 1.6
    if pixels:
        side, depth = pixels / 11, 0.02 * channels + 0.04
        draw_box(ax, x, side, depth)
        width = side + depth
    else:
        width, height = 0.14, channels**0.5 / 18
        ax.add_patch(plt.Rectangle((x, -height / 2), width, height, facecolor=ORANGE, edgecolor="black"))
    ax.text(x + width / 2, -1.8, f"(N, {shape})", ha="center", va="top", fontsize=9)
    x += width
ax.set(xlim=(-0.3, x + 0.6), ylim=(-2.2, 2.0), aspect="equal")
ax.axis("off")
plt.show()

# %% [markdown]
# *Figure: the shape of the tensor after each step. The two convolutions make more channels and keep the size, because
# of padding 1. Each max-pooling halves height and width. After `flatten`, every image is a row of 64·7·7 = 3,136
# numbers.*
#
# Each block has four parts:
#
# 1. A **convolution** looks for patterns: in the first block strokes and edges, in the second combinations of those.
# 2. **ReLU** keeps what is positive. Without it, the two convolutions would collapse into one (lesson 1).
# 3. **Batch norm** brings each channel to mean 0 and variance 1, over the batch and all places, and then lets the
#    network scale and shift it again. It makes training faster and more forgiving.
# 4. **Max-pooling** takes the largest of each 2×2 square. Half a pixel to the left or right no longer matters.
#
# The two linear layers then look at all places together. **Dropout** between them sets a quarter of the numbers to
# zero, other ones each time, so that the network doesn't rely on any one of them.
#
# **Predict 6.** Max-pooling by 2 on 28, 14, 7 and 1 pixels: what sizes come out?

# %%
for size in (28, 14, 7, 1):
    try:
        print(size, "->", F.max_pool2d(torch.zeros(1, 1, size, size), 2).shape[-1])
    except RuntimeError as error:
        print(size, "->", f"RuntimeError: {error}")

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# 14, 7, 3, and an error. A pooling follows the same formula as a convolution, with its stride equal to its kernel size.
# From 7 pixels it makes 3, and the last row and column are lost.
#
# A pooling has no weights. So it need not be a module: `F.max_pool2d` in `forward` does the same as an `nn.MaxPool2d`
# in `__init__`. What has weights, buffers or a mode has to be a module: convolutions, linear layers, batch norm,
# dropout.
#
# </details>

# %% [markdown]
# Between the convolutions and the linear layers, the tensor is flattened. You will meet three ways to write that.
#
# **Predict 7.** Four images of the right size arrive, and then four of 56×56 pixels, which pooling turns into 14×14.
# What shape does each of the three make of them?

# %%
right_size = torch.zeros(4, 64, 7, 7)
too_large = torch.zeros(4, 64, 14, 14)

for name, flat in [
    ("torch.flatten(x)     ", torch.flatten),
    ("x.view(-1, 64*7*7)   ", lambda x: x.view(-1, 64 * 7 * 7)),
    ("x.flatten(1)         ", lambda x: x.flatten(1)),
]:
    print(name, tuple(flat(right_size).shape), tuple(flat(too_large).shape))

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# `torch.flatten(x)` flattens *everything*, and the batch is gone: (12544,). It starts at dimension 0, unless you say
# otherwise. (`nn.Flatten`, the module, starts at 1. Same name, other default.)
#
# `view(-1, 3136)` looks at the total only. −1 means "whatever is left over", and here that is the number of rows. So
# four large images become **16 rows**, quarter images each, and the network will make 16 predictions for them, without
# a word. One reads this line in many tutorials.
#
# `flatten(1)` keeps the batch and merges the rest. The large images become rows of 12,544 numbers. The linear layer
# expects 3,136, so it stops with an error. That is what you want: **a wrong size should fail loudly.**
#
# </details>

# %% [markdown]
# Two of the parts behave differently in training and in evaluation: dropout and batch norm.
#
# **Predict 8.** The same image goes through a network twice: once alone, once with 31 others. Is its output the same?
# In training mode, in evaluation mode? (There is no dropout in this one.)

# %%
torch.manual_seed(0)
net = nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), nn.BatchNorm2d(8), nn.Flatten(), nn.Linear(8 * 26 * 26, 10))
batch = some_images[:32]

for training in (True, False):
    net.train(training)
    with torch.no_grad():
        alone, together = net(batch[:1])[0], net(batch)[0]
    print(f"training={training!s:5}  largest difference: {(alone - together).abs().max():.6f}")

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# In training mode it is not. Batch norm uses the mean and variance of *this* batch, so every image's output depends on
# who else is there. In evaluation mode it uses the running statistics from its buffers, and the output is the same. (Up
# to rounding: a batch of another size is added up in another order.)
#
# A network that is used on single images has to be in evaluation mode. With `nn.BatchNorm1d`, or where only one pixel
# is left, training mode even refuses: `Expected more than 1 value per channel when training`.
#
# </details>

# %% [markdown] exercise="mnist_net"
# Write the network of the figure: the class `MNISTNet`, built without arguments.
#
# - `conv1` is an `nn.Conv2d` from 1 to 32 channels, `conv2` one from 32 to 64. Both have 3×3 kernels and padding 1.
# - `bn1` and `bn2` are the `nn.BatchNorm2d` that fit.
# - `fc1` is an `nn.Linear` from 64·7·7 to 512 features, `fc2` one from 512 to 10.
# - `dropout` is an `nn.Dropout` with probability 0.25, and `forward` uses it. `relu` is an `nn.ReLU`. (In `forward` you
#   may use `self.relu` or `F.relu`.) What isn't named here is as torch sets it by default.
# - Each of the two blocks, in this order: convolution, ReLU, batch norm, max-pooling by 2. Then flatten, `fc1`, ReLU,
#   dropout, `fc2`. Nothing after `fc2`.
# - `forward` maps (N, 1, 28, 28) to (N, 10). In evaluation mode that holds for N = 1 as well.
# - It never returns another number of rows than N. For images whose size after the second pooling is not 49 pixels, it
#   raises an error, of any kind.


# %% solution="mnist_net"
class MNISTNet(nn.Module):
    """Two convolutional blocks and two linear layers: (N, 1, 28, 28) to (N, 10) logits."""

    def __init__(self):
        ### BEGIN SOLUTION
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, kernel_size=3, padding=1)
        self.bn1 = nn.BatchNorm2d(32)
        self.conv2 = nn.Conv2d(32, 64, kernel_size=3, padding=1)
        self.bn2 = nn.BatchNorm2d(64)
        self.fc1 = nn.Linear(64 * 7 * 7, 512)
        self.fc2 = nn.Linear(512, 10)
        self.dropout = nn.Dropout(0.25)
        self.relu = nn.ReLU()
        ### END SOLUTION

    def forward(self, x):
        ### BEGIN SOLUTION
        x = F.max_pool2d(self.bn1(self.relu(self.conv1(x))), 2)  # (N, 32, 14, 14)
        x = F.max_pool2d(self.bn2(self.relu(self.conv2(x))), 2)  # (N, 64, 7, 7)
        x = x.flatten(start_dim=1)  # (N, 3136)
        x = self.dropout(self.relu(self.fc1(x)))
        return self.fc2(x)
        ### END SOLUTION


# %% check="mnist_net"

# %% [markdown]
# <details><summary>Help: I get <code>RuntimeError: Given groups=1, weight of size [64, 1, 3, 3], expected input[8, 32, 14, 14] to have 1 channels, but got 32 channels instead</code></summary>
#
# A convolution got a tensor with another number of channels than it was made for. Its weight is (out, in, 3, 3). Here
# it was made for 1 input channel, and 32 arrive. With `but got 64 channels`, the batch dimension may have been taken
# for channels, see Predict 2.
#
# </details>
#
# <details><summary>Help: I get <code>RuntimeError: running_mean should contain 32 elements not 64</code></summary>
#
# A batch norm got another number of channels than it was made for. It needs as many as the convolution before it gives.
#
# </details>
#
# <details><summary>Help: I get <code>RuntimeError: addmm: mat1 and mat2 shapes cannot be multiplied (8x12544 and 3136x512)</code></summary>
#
# `fc1` expects 3,136 features. What arrives tells you what happened before, here with 8 images:
#
# - `8x12544`: 12,544 is 64·14·14. One pooling is missing. (`8x50176` is 64·28·28: both are.)
# - `3584x7`: it was not flattened at all.
# - `1x25088`: the batch was flattened, too.
# - `8x1600`: 1,600 is 64·5·5. The convolutions have no padding, and the image shrinks.
#
# </details>
#
# <details><summary>Help: I get <code>TypeError: max_pool2d(): argument 'input' (position 1) must be Tensor, not ReLU</code></summary>
#
# `nn.ReLU(x)` *builds* a module. To compute, call a module that you built, or use `F.relu(x)`.
#
# </details>
#
# <details><summary>Help: I get <code>RuntimeError: shape '[-1, 3136]' is invalid for input of size 100352</code></summary>
#
# `view` can't cut the numbers into rows of 3,136. And where it can, it may be wrong all the same, see Predict 7.
#
# </details>
#
# <details><summary>Help: in evaluation mode, my output is another one each time</summary>
#
# `F.dropout(x)` drops always: a function doesn't know in which mode your module is. `self.dropout` knows.
#
# </details>
#
# <details><summary>Help: I get <code>NameError: name 'F' is not defined</code></summary>
#
# `F` is a name that one gives to `torch.nn.functional`: run the cell with the imports, at the top of this notebook.
#
# </details>

# %% [markdown]
# ## From ten numbers to a loss
#
# The network ends in ten plain numbers, the **logits**: one score for each digit. The largest is the prediction. For
# training you need one number that says how wrong they are. That is the **cross-entropy**: turn the scores into
# probabilities by softmax, take the probability p of the right class, and return −log p.
#
# **Predict 9.** A network that knows nothing yet: ten classes, random weights. How large is its cross-entropy, about?

# %%
torch.manual_seed(0)
net = nn.Sequential(nn.Flatten(), nn.Linear(784, 32), nn.ReLU(), nn.Linear(32, 10))
print(f"{F.cross_entropy(net(some_images), some_labels):.2f}")

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# About 2.3. Who knows nothing gives each class 1/10, and −log(1/10) = 2.30. It is a good habit to look: a first loss
# far from log(number of classes) means that something is wrong before training has begun.
#
# </details>

# %% [markdown]
# Torch has many ways to write this, and two of them are mistakes.
#
# **Predict 10.** A small network is trained in four ways. Which two are the same? How low can the loss of the second
# get? And the loss of the fourth?
#
# - A: `F.cross_entropy(logits, labels)`
# - B: `F.cross_entropy(F.softmax(logits, dim=1), labels)`
# - C: `F.nll_loss(F.log_softmax(logits, dim=1), labels)`
# - D: `F.nll_loss(logits, labels)`

# %% alt="Two panels, the loss over 150 training steps. Left: A and C lie on top of each other and fall from 2.3 to nearly 0. B falls more slowly, to about 1.65, above a dashed line at 1.46. Right, on a logarithmic axis: D falls below zero after a few steps, and then faster and faster, until the numbers overflow."
losses_of = {
    "A": lambda logits: F.cross_entropy(logits, some_labels),
    "B": lambda logits: F.cross_entropy(F.softmax(logits, dim=1), some_labels),
    "C": lambda logits: F.nll_loss(F.log_softmax(logits, dim=1), some_labels),
    "D": lambda logits: F.nll_loss(logits, some_labels),
}
curves = {}
for name, loss_of in losses_of.items():
    torch.manual_seed(0)
    net = nn.Sequential(nn.Flatten(), nn.Linear(784, 32), nn.ReLU(), nn.Linear(32, 10))
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
    curves[name] = []
    for _ in range(150):
        loss = loss_of(net(some_images))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        curves[name].append(loss.item())
    right = (net(some_images).argmax(dim=1) == some_labels).float().mean()
    print(f"{name}: last loss {curves[name][-1]:>12.2f}   right {right:.0%}")

fig, axes = plt.subplots(1, 2, figsize=(10, 3.4), layout="constrained")
for name, style, colour in (("A", "-", BLUE), ("B", "-.", ORANGE), ("C", ":", "black")):
    axes[0].plot(curves[name], style, color=colour, linewidth=3 if name == "C" else 2)
axes[0].axhline(1.4612, color=GREY, linestyle="--", linewidth=1)
for x, y, text, colour in ((20, 0.35, "A and C", BLUE), (60, 1.9, "B", ORANGE), (120, 1.32, "1.46", GREY)):
    axes[0].text(x, y, text, color=colour)
axes[0].set(xlabel="training step", ylabel="loss")
axes[1].plot(curves["D"], color=GREEN)
axes[1].set_yscale("symlog")
axes[1].set(xlabel="training step", title="D", yticks=[0, -1e10, -1e20, -1e30])
plt.show()

# %% [markdown]
# *Figure: the loss of the same network in four ways. A and C are the same curve. B stays above 1.46. D has no floor:
# look at the marks on the axis.*
#
# <details><summary>What happened, and why</summary>
#
# `F.cross_entropy` *contains* the softmax. It is `log_softmax` and `nll_loss` in one, so A and C are the same.
#
# B applies softmax twice. The first brings all numbers between 0 and 1, so the second can never give more than 23 % to
# a class (that is e divided by e + 9). The loss stays above 1.46, however sure and right the network is, and the
# gradients are small. It does learn, only more slowly, and that is why nobody notices. The last layer of a classifier
# in torch is a linear one: **return logits**. Ask for probabilities outside, when you want to look at them.
#
# D has forgotten the softmax altogether. The loss is just minus the right logit, so the network makes its logits larger
# and larger, until the numbers overflow and everything is ruined. A *negative* cross-entropy is always a mistake.
#
# </details>

# %% [markdown]
# *This is a good place for a break.*
#
# ## One step of training
#
# A step has four parts: compute the loss, clear the old gradients, compute new ones, move the weights. Each is a line
# or two. The order matters, and not in the way that you may think.
#
# **Predict 11.** After the loss has been computed, these lines follow in each step. Which of the four networks learn?
# Does it matter which optimizer it is?
#
# - A: `zero_grad`, `backward`, `step`
# - B: `backward`, `step`, `zero_grad`
# - C: `backward`, `zero_grad`, `step`
# - D: `backward`, `step`, and never a `zero_grad`

# %% alt="Two panels, the loss over 80 steps in four orders. Left, plain gradient descent: A and B are the same curve and fall slowly from 2.3 to about 1; C stays at 2.3; D falls fastest of all, nearly to 0. Right, Adam: A and B fall to nearly 0 within 40 steps; C stays at 2.3; D falls at first, then shoots up above 5, swings, and ends near 2."
ORDERS = {
    "A": ("zero_grad", "backward", "step"),
    "B": ("backward", "step", "zero_grad"),
    "C": ("backward", "zero_grad", "step"),
    "D": ("backward", "step"),
}


def losses_in_order(order, optimizer_class, learning_rate):
    """The losses of 80 steps; in each of them the calls come in the given order."""
    torch.manual_seed(0)
    net = nn.Sequential(nn.Flatten(), nn.Linear(784, 32), nn.ReLU(), nn.Linear(32, 10))
    optimizer = optimizer_class(net.parameters(), lr=learning_rate)
    losses = []
    for _ in range(80):
        loss = F.cross_entropy(net(some_images), some_labels)
        calls = {"zero_grad": optimizer.zero_grad, "backward": loss.backward, "step": optimizer.step}
        for call in order:
            calls[call]()
        losses.append(loss.item())
    return losses


fig, axes = plt.subplots(1, 2, figsize=(10, 3.4), sharey=True, layout="constrained")
for ax, optimizer_class, learning_rate in ((axes[0], torch.optim.SGD, 0.05), (axes[1], torch.optim.Adam, 0.01)):
    for (name, order), style, colour in zip(ORDERS.items(), ("-", ":", "-.", "--"), (BLUE, "black", GREY, ORANGE)):
        losses = losses_in_order(order, optimizer_class, learning_rate)
        ax.plot(losses, style, color=colour, linewidth=3 if name == "B" else 2, label=name)
        print(f"{optimizer_class.__name__:4} {name}: last loss {losses[-1]:.2f}")
    ax.set(title=f"{optimizer_class.__name__}, learning rate {learning_rate}", xlabel="step", ylim=(0, 5))
axes[0].set_ylabel("loss")
axes[1].legend()
plt.show()

# %% [markdown]
# *Figure: the loss in the four orders. A and B are the same. C doesn't learn. D, without `zero_grad`, is the fastest
# with plain gradient descent, and goes wild with Adam.*
#
# <details><summary>What happened, and why</summary>
#
# `backward` doesn't set gradients, it **adds** to what is in `.grad`. So somebody has to clear them, between one step
# and the next `backward`.
#
# A and B do. C clears them after `backward` and before `step`: the optimizer finds nothing, and does nothing. The loss
# stands still, without an error.
#
# D is the interesting one. It moves along the *sum* of all gradients since the start, like a ball that rolls downhill
# without friction. Here, on an easy slope and with small steps, that is even fast, and so people don't notice. But it
# can't stop: with Adam it shoots over the valley and swings. So it does with small batches, or with a larger learning
# rate. It is not the method that you believe you use, so clear the gradients.
#
# </details>

# %% [markdown]
# So is B, which one often reads, as good as A? Both clear the gradients, one before and one after.
#
# **Predict 12.** Before training, somebody calls `backward()` once, to see whether it works. Then comes one step, in
# order A or in order B, from the same weights. Do both end with the same weights?

# %%
after = {}
for name in ("A", "B"):
    torch.manual_seed(0)
    net = nn.Linear(784, 10)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    F.cross_entropy(net(some_images.flatten(1)), some_labels).backward()  # "does it work?"

    loss = F.cross_entropy(net(some_images.flatten(1)), some_labels)
    calls = {"zero_grad": optimizer.zero_grad, "backward": loss.backward, "step": optimizer.step}
    for call in ORDERS[name]:
        calls[call]()
    after[name] = F.cross_entropy(net(some_images.flatten(1)), some_labels).item()
print(after)

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# They don't. B's first step uses the gradient twice, because it trusts that nobody has left one behind. A trusts
# nobody. A function that anybody may call should clear before it computes.
#
# </details>

# %% [markdown]
# **Predict 13.** Old gradients can sit where you don't expect them. Here, a layer is frozen *after* a backward pass.
# Then only the other layer is trained. Does the frozen one move?

# %%
torch.manual_seed(0)
frozen, free = nn.Linear(4, 4), nn.Linear(4, 2)
optimizer = torch.optim.SGD([*frozen.parameters(), *free.parameters()], lr=0.1)

free(frozen(torch.randn(8, 4))).sum().backward()
frozen.requires_grad_(False)
before = frozen.weight.clone()

free.zero_grad()
free(frozen(torch.randn(8, 4))).sum().backward()
optimizer.step()
print("frozen, and yet moved:", not torch.equal(before, frozen.weight))

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# It moves. `requires_grad` says whether *new* gradients are computed. The old one is still in `.grad`, and an optimizer
# steps with whatever it finds there. Here `free.zero_grad()` cleared one layer only.
#
# `optimizer.zero_grad()` clears every parameter that the optimizer steps with, frozen ones included, by setting `.grad`
# to `None`. Those who are going to be moved are those who have to be cleared.
#
# </details>

# %% [markdown]
# **Predict 14.** One reads main loops with these two lines: `loss = model(images)` and `loss.backward()`. Do they run?

# %%
net = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
try:
    loss = net(some_images)
    loss.backward()
except RuntimeError as error:
    print(f"RuntimeError: {error}")

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# They don't. What the model returns is no loss: it is (N, 10) scores, and nobody has said yet what the right answers
# are. `backward` needs one number to go down from. (Don't follow the message and pass a gradient by hand. What is
# missing is the loss function.)
#
# </details>

# %% [markdown]
# To report the loss of an epoch, you add up the losses of its steps.
#
# **Predict 15.** `total += loss` in one loop, `total += loss.item()` in the other. Both totals print as the same
# number. What is the difference, after a thousand steps?


# %%
def graph_size(value):
    """How many operations autograd keeps, to be able to go back from `value`."""
    found, todo = set(), [getattr(value, "grad_fn", None)]
    while todo:
        node = todo.pop()
        if node is not None and node not in found:
            found.add(node)
            todo += [before for before, _ in node.next_functions]
    return len(found)


net = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
total_tensor = total_number = 0
for step in range(1, 4):
    loss = F.cross_entropy(net(some_images[:8]), some_labels[:8])
    total_tensor += loss
    total_number += loss.item()
    kept = graph_size(total_tensor), graph_size(total_number)
    print(f"step {step}: {kept[0]:2} operations kept alive by the tensor, {kept[1]} by the number")

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# `loss` is a tensor that remembers how it was computed, and so is a sum of losses. Every step's graph stays alive, and
# with it that step's activations, as long as `total` lives. The program gets slower and larger, and dies of it in the
# end. On a GPU that looks like this: *out of memory*, in the middle of an epoch, for no visible reason.
#
# `.item()` is the plain Python number. For anything that you only want to look at, take that.
#
# </details>

# %% [markdown] exercise="train_step"
# Write `train_step(model, images, labels, optimizer)`. It makes one step of training on one batch.
#
# - The loss is the mean cross-entropy of `model(images)`, which are logits, with `labels`, which are class numbers.
# - Every module of the model trains in this step, whatever mode it was in before. (In which mode it is afterwards is up
#   to you.)
# - No earlier gradient counts, of any parameter that `optimizer` has, frozen ones included.
# - It returns the loss from *before* the step, as a Python `float`.


# %% solution="train_step"
def train_step(model, images, labels, optimizer):
    """One optimisation step; returns the loss before it."""
    ### BEGIN SOLUTION
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    return loss.item()
    ### END SOLUTION


# %% check="train_step"

# %% [markdown] edition="solutions"
# <details><summary>About this solution</summary>
#
# `model.train()` stands inside, because nobody promises that the model arrives in training mode.
# `optimizer.zero_grad()` and not `model.zero_grad()`: the optimizer may hold parameters that the model doesn't have,
# and it steps with whatever gradient it finds. `.item()` comes last, when the graph has done its work.
#
# </details>

# %% [markdown]
# <details><summary>Help: I get <code>RuntimeError: grad can be implicitly created only for scalar outputs</code></summary>
#
# You call `backward()` on something that is not a single number: the model's output (Predict 14), or a loss with
# `reduction="none"`.
#
# </details>
#
# <details><summary>Help: I get <code>AttributeError: 'float' object has no attribute 'backward'</code></summary>
#
# `.item()` came too early. Keep the loss as a tensor until the backward pass is done.
#
# </details>
#
# <details><summary>Help: I get <code>RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn</code></summary>
#
# The loss has no graph. Was it computed under `torch.no_grad()`? Or from `argmax`, `detach()` or `.item()`? None of
# these lets a gradient through.
#
# </details>
#
# <details><summary>Help: I get <code>RuntimeError: Trying to backward through the graph a second time</code></summary>
#
# Two calls of `backward` on one loss. Compute the loss anew in each step.
#
# </details>
#
# <details><summary>Help: I get <code>NotImplementedError: "log_softmax_lastdim_kernel_impl" not implemented for 'Long'</code></summary>
#
# Logits first, labels second: the arguments of `F.cross_entropy` are the wrong way round.
#
# </details>
#
# <details><summary>Help: I get <code>ValueError: Expected input batch_size (32) to match target batch_size (8).</code></summary>
#
# 32 rows of logits for 8 labels: the model made more rows than there are images. See Predict 7.
#
# </details>
#
# <details><summary>Help: I get <code>RuntimeError: 0D or 1D target tensor expected, multi-target not supported</code></summary>
#
# The labels are (N, 1), and should be (N,). `labels.squeeze(1)` takes a dimension of size 1 away.
#
# </details>

# %% [markdown]
# ## A fair evaluation
#
# How good is the network? Count how often its largest score is at the right place, on images that it was not trained
# on. Nearly everybody has got that wrong once, in one of the following ways.
#
# **Predict 16.** Here are 300 labels, and 300 predictions that are all right. The only difference between the three
# lines is a dimension that was kept. What accuracy does each print?

# %%
labels = torch.arange(300) % 10
scores = F.one_hot(labels, 10).float()  # the right class has the largest score, every time

flat = scores.argmax(dim=1)
kept = scores.argmax(dim=1, keepdim=True)
print("flat, divided by N:", (flat == labels).sum().item() / len(labels))
print("kept, divided by N:", (kept == labels).sum().item() / len(labels))
print("kept, mean:        ", (kept == labels).float().mean().item())

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# 1.0, 30.0 and 0.1. `kept` is (300, 1) and `labels` is (300,), so `==` stretches both to (300, 300) and compares every
# prediction with every label. An accuracy of 3000 % you would notice. The last line is worse: 10 %, for ever, which
# looks like a network that doesn't learn. People have searched for days, in the wrong place.
#
# Print the shape of what you compare.
#
# </details>

# %% [markdown]
# **Predict 17.** Five samples come in batches of 4 and 1. Three are right, the single one among them. Somebody averages
# the accuracies of the batches. What comes out, and what is the accuracy?

# %%
batches = [torch.tensor([True, True, False, False]), torch.tensor([True])]
print("mean over batches:", sum(right.float().mean().item() for right in batches) / len(batches))
print("mean over samples:", sum(right.sum().item() for right in batches) / sum(len(right) for right in batches))

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# 0.75 instead of 0.6. The last batch is often smaller than the others, and in a mean over batches its samples count for
# more. Add up what you count, and divide once, at the end.
#
# </details>

# %% [markdown]
# Then there are the two switches that everybody mixes up: `model.eval()` and `torch.no_grad()`.
#
# **Predict 18.** Four ways to run a network that has dropout and batch norm. In which of them is dropout active, in
# which does the running mean move, and in which is a graph recorded?

# %%
print("mode    no_grad  dropout active  running mean moves  graph recorded")
for training in (True, False):
    for no_grad in (False, True):
        net = nn.Sequential(nn.Linear(4, 64), nn.BatchNorm1d(64), nn.Dropout(0.5)).train(training)
        before = net[1].running_mean.clone()
        with torch.set_grad_enabled(not no_grad):
            output = net(torch.randn(16, 4))
        dropped = (output == 0).any().item()
        moved = not torch.equal(net[1].running_mean, before)
        mode = "train" if training else "eval"
        print(f"{mode:7} {no_grad!s:8} {dropped!s:15} {moved!s:19} {output.requires_grad!s}")

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# They have nothing to do with each other. `eval()` tells *modules* to behave differently: dropout lets everything pass,
# batch norm uses its running statistics and leaves them alone. `no_grad()` tells *autograd* not to record, which saves
# memory and time. An evaluation wants both.
#
# Look at the second line: under `no_grad` alone, batch norm learns the statistics of your *test* images. You have
# trained on them, a little, and nobody told you.
#
# </details>

# %% [markdown]
# So an evaluation calls `eval()`. And afterwards?
#
# **Predict 19.** Two evaluations. The first leaves the network as `eval()` made it. The second calls `train()` at the
# end. This network is fine-tuned: somebody has put its batch norm into evaluation mode, so that its statistics stay,
# and trains the rest. In what mode are the three modules, after each of the evaluations?


# %%
def leaves_it(model):
    model.eval()


def trains_it(model):
    model.eval()
    model.train()


for evaluation in (leaves_it, trains_it):
    net = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.Dropout(0.5)).train()
    net[1].eval()
    print("before:         ", [module.training for module in net])
    evaluation(net)
    print(f"{evaluation.__name__:9} after: ", [module.training for module in net])

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# Neither leaves the modes as they were: True, False, True.
#
# After the first, everything is in evaluation mode. If the training loop doesn't switch back, dropout is off and the
# batch statistics are frozen, from the second epoch on. The second wakes the batch norm that was meant to sleep. The
# mode is not one switch, but one in each module. Whoever only wants to look **puts each back as it was**, also when
# something goes wrong on the way.
#
# </details>

# %% [markdown] exercise="evaluate"
# Write `evaluate(model, loader)`. It returns the accuracy of `model` over all samples in `loader`: the share, from 0 to
# 1, of those for which the largest logit is at the label.
#
# - `loader` is any iterable of (images, labels): a `DataLoader`, a list, a generator. It is read once, and it may have
#   no length. Batches may differ in size, and every *sample* counts the same.
# - The model computes in evaluation mode, and no graph is recorded.
# - Afterwards everything is as it was: each module, one by one, in the mode that it was in; buffers; `requires_grad`;
#   and whether torch records gradients. The modes also when the model or the loader raises an error, which is passed
#   on.
# - The result is a Python `float`.
# - With an empty loader it raises a `ValueError`.


# %% solution="evaluate"
def evaluate(model, loader):
    """The share of samples that the model gets right."""
    ### BEGIN SOLUTION
    modes = {module: module.training for module in model.modules()}
    correct = total = 0
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                correct += (model(images).argmax(dim=1) == labels).sum().item()
                total += len(labels)
    finally:
        for module, training in modes.items():
            module.training = training
    if total == 0:
        raise ValueError("the loader has no samples")
    return correct / total
    ### END SOLUTION


# %% check="evaluate"

# %% [markdown] edition="solutions"
# <details><summary>About this solution</summary>
#
# A single `was = model.training` would not do: it is the mode of one module. So the modes of all are kept in a dict.
# `torch.no_grad()` needs no care of that kind, because `with` puts the old state back by itself, also after an error.
# `finally` does the same for the modes. The test for an empty loader comes at the end: before the loop, a generator
# doesn't tell whether it has anything to give.
#
# </details>

# %% [markdown]
# <details><summary>Help: I get <code>ZeroDivisionError: division by zero</code></summary>
#
# The loader was empty. Say so with an error of your own: which kind does the exercise ask for?
#
# </details>
#
# <details><summary>Help: I get <code>TypeError: object of type 'generator' has no len()</code></summary>
#
# A loader need not have a length, or a `dataset`. Count the samples while you see them.
#
# </details>
#
# <details><summary>Help: I get <code>ValueError: Expected more than 1 value per channel when training, got input size torch.Size([1, 4])</code></summary>
#
# A batch of one went through a batch norm in training mode. In an evaluation, that should not happen.
#
# </details>
#
# <details><summary>Help: my accuracy is above 1, or it is always near 0.1</summary>
#
# See Predict 16. Print the shapes of both sides of your `==`.
#
# </details>
#
# <details><summary>Help: the modes are right, except after an error</summary>
#
# What follows an error is not run. Python has a block for things that have to be done in any case: `finally`.
#
# </details>

# %% [markdown]
# ## The training loop
#
# An **epoch** is one pass over the training images, batch by batch. After each, you evaluate, and write down how it
# went.
#
# **Predict 20.** One epoch has three batches, of 32, 32 and 4 images, with losses of 0.5, 0.5 and 2.9. What loss would
# you report? And why will the loss on the training images in your plots look *worse* than the network really is at the
# end of the epoch?

# %%
sizes, losses = [32, 32, 4], [0.5, 0.5, 2.9]
print(f"mean over batches: {sum(losses) / len(losses):.2f}")
print(f"mean over samples: {sum(size * loss for size, loss in zip(sizes, losses)) / sum(sizes):.2f}")

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# 1.30 or 0.64. As with the accuracy, every sample should count the same. `F.cross_entropy` gives a batch's *mean*, so
# multiply by the size of the batch before you add up.
#
# The loss of an epoch is put together while the network changes: the first batch saw a worse network than the last. And
# it is measured with dropout on, and on shaken images. So at first it is often worse than the loss on the test images.
# That is no mistake.
#
# </details>

# %% [markdown] exercise="fit"
# Write `fit(model, train_loader, test_loader, optimizer, epochs)`. It trains for some epochs, and returns a list with
# one dict for each.
#
# - In each epoch: first one step for each batch of `train_loader`, by the rules of `train_step`. Then the accuracy over
#   `test_loader`, by the rules of `evaluate`.
# - Each dict has three entries: `"epoch"`, which counts from 1; `"train_loss"`, the mean over all *samples* of the
#   epoch, not over its batches, of the losses from before the steps; `"test_accuracy"`. All are Python numbers.
# - The model may arrive in any mode. In every epoch it trains in training mode, also after an evaluation.
# - With 0 epochs, nothing is trained, and the list is empty.
#
# You may call your own `train_step` and `evaluate`, if you trust them. Or write it all out: the points for `fit` don't
# depend on theirs.


# %% solution="fit"
def fit(model, train_loader, test_loader, optimizer, epochs):
    """Train for some epochs; one dict of measurements for each."""
    ### BEGIN SOLUTION
    history = []
    for epoch in range(1, epochs + 1):
        total_loss = samples = 0
        for images, labels in train_loader:
            model.train()
            optimizer.zero_grad()
            loss = F.cross_entropy(model(images), labels)
            loss.backward()
            optimizer.step()
            total_loss += loss.item() * len(labels)
            samples += len(labels)

        model.eval()
        correct = tested = 0
        with torch.no_grad():
            for images, labels in test_loader:
                correct += (model(images).argmax(dim=1) == labels).sum().item()
                tested += len(labels)
        history.append({"epoch": epoch, "train_loss": total_loss / samples, "test_accuracy": correct / tested})
    return history
    ### END SOLUTION


# %% check="fit"

# %% [markdown]
# <details><summary>Help: I get <code>TypeError: unsupported operand type(s) for *: 'NoneType' and 'int'</code></summary>
#
# You compute with what a function returns, and it returns nothing. A `return` is missing at its end.
#
# </details>
#
# <details><summary>Help: I get <code>NotImplementedError</code>, but <code>fit</code> is written</summary>
#
# Your `fit` calls `train_step` or `evaluate`, and that one is still the stub.
#
# </details>
#
# <details><summary>Help: the first epoch is right, the later ones are not</summary>
#
# Something is left over from the first. The sums, which have to start at 0 in every epoch? The mode, after the
# evaluation?
#
# </details>

# %% [markdown]
# ## Train it
#
# Now your `fit` trains your `MNISTNet`. You get a bar to look at meanwhile. It takes 10 to 30 seconds on an idle
# computer, and longer on a busy one.
#
# First seven epochs with a learning rate of 0.001, and then three with a tenth of that. Large steps find the valley,
# small ones settle in it.


# %%
class WithBar:
    """Hands on the batches of a loader, on the device, and draws a bar that is full after `epochs` passes."""

    def __init__(self, loader, epochs):
        self.loader, self.epochs, self.batches, self.drawn = loader, epochs, 0, 0.0
        self.start = time.perf_counter()
        self.line = display(Pretty("training …"), display_id=True)

    def __len__(self):
        return len(self.loader)

    def __iter__(self):
        for images, labels in self.loader:
            yield images.to(device), labels.to(device)
            self.batches += 1
            self.draw()

    def draw(self):
        share, now = self.batches / (self.epochs * len(self)), time.perf_counter()
        if self.line and (share == 1 or now - self.drawn > 0.5):  # twice a second is enough
            self.drawn = now
            bar = "█" * round(30 * share) + "░" * (30 - round(30 * share))
            epoch = min(self.epochs, self.batches // len(self) + 1)
            self.line.update(Pretty(f"epoch {epoch:2} of {self.epochs} {bar} {now - self.start:4.0f} s"))


def waits_for(*names):
    """Those of your classes and functions that are not there yet, or still raise NotImplementedError."""
    tries = {
        "MNISTNet": lambda: MNISTNet()(torch.zeros(2, 1, 28, 28)),
        "fit": lambda: fit(nn.Linear(1, 1), [], [], None, 0),
        "confusion_matrix": lambda: confusion_matrix(nn.Linear(1, 1), []),
        "sequential_twin": lambda: sequential_twin(MNISTNet()),
    }
    waiting = []
    for name in names:
        try:
            tries[name]()
        except (NameError, NotImplementedError):
            waiting.append(name)
        except Exception:
            pass  # there, but not right yet: it will say so itself
    return waiting


# %%
# The training. This cell takes a while.
EPOCHS = (2, 1) if FULL_MNIST else (7, 3)
trained, losses, accuracies = None, [], []

if waiting := waits_for("MNISTNet", "fit"):
    print(f"Training waits for: {', '.join(waiting)}. Solve them, and run this cell again.")
else:
    try:
        torch.manual_seed(0)
        net = MNISTNet().to(device)
        first_filters = net.conv1.weight.detach().cpu().clone()
        optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
        train_batches = WithBar(train_loader, sum(EPOCHS))
        test_batches = [(images.to(device), labels.to(device)) for images, labels in test_loader]

        history = fit(net, train_batches, test_batches, optimizer, EPOCHS[0])
        for group in optimizer.param_groups:
            group["lr"] = 1e-4
        history += fit(net, train_batches, test_batches, optimizer, EPOCHS[1])

        losses = [float(epoch["train_loss"]) for epoch in history]
        accuracies = [float(epoch["test_accuracy"]) for epoch in history]
        trained = net.cpu().eval()
        print(f"{accuracies[-1]:.2%} of {len(test_set):,} test images are right.")
    except Exception as error:
        print(f"Not yet: {type(error).__name__}: {error}")
        print("MNISTNet or fit is not right yet. Check both, and run this cell again.")

# %% alt="Two panels over ten epochs. Left, the training loss: it falls steeply at first and is close to zero at the end. Right, the share of test images that are right: it climbs above 97 percent within three epochs, goes up and down a little, and is steady at about 99 percent after a dotted line at epoch 7, where the learning rate was lowered."
if losses:
    epochs = range(1, len(losses) + 1)
    fig, axes = plt.subplots(1, 2, figsize=(10, 3.4))
    axes[0].plot(epochs, losses, "o-", color=BLUE)
    axes[0].set(title="loss on the training images", xlabel="epoch", ylim=(0, None))
    axes[1].plot(epochs, accuracies, "s-", color=ORANGE)
    axes[1].set(title="right on the test images", xlabel="epoch")
    axes[1].yaxis.set_major_formatter("{x:.0%}")
    for ax in axes:
        ax.axvline(EPOCHS[0] + 0.5, color=GREY, linestyle=":")
        ax.text(EPOCHS[0] + 0.6, sum(ax.get_ylim()) / 2, "smaller\nsteps", color=GREY)
    fig.tight_layout()
    plt.show()
else:
    print("The plot appears after training.")

# %% [markdown]
# *Figure: the course of the training. The loss falls. The accuracy climbs fast, goes up and down a little, and gets
# steady when the steps get smaller. (It appears when `MNISTNet` and `fit` are written.)*
#
# With the bundled digits you should see about 99 %: 297 or 298 of the 300 test images. Read such numbers with care.
#
# - One image is a third of a percentage point. Five seeds gave 297 or 298 right. The same without augmentation gave 295
#   to 297: so it seems to help a little, but on 300 images a difference like that is hardly more than luck.
# - The test images are by the same writers as the training images. On new writers, it would do worse.
# - You have looked at the test accuracy ten times. That is all right, as long as you don't *choose* by it: the number
#   of epochs, the learning rate, the best of ten networks. What you choose by has been trained on. For choosing, hold
#   back a part of the *training* images. (The settings of this cell were chosen in that way.)
#
# (Is the accuracy after the first epoch strangely low? The weights move fast then, and the running statistics of batch
# norm come behind them.)
#
# **Predict 21.** Before training, the 32 kernels of `conv1` are random. What do you expect afterwards: neat edges, like
# those of kernels A and B? And has every kernel changed?

# %% alt="Three blocks of 32 small 3 by 3 patterns in red and blue. The first, before training, looks random. The second, after training, looks nearly the same. The third shows the change, four times enlarged: most patterns have changed a little, a few strongly, and one or two are blank because they have not changed at all."
if trained is None or first_filters.shape != (32, 1, 3, 3):
    print("The kernels appear after training.")
else:
    last_filters = trained.conv1.weight.detach()
    change = last_filters - first_filters
    blocks = {"before training": first_filters, "after training": last_filters, "change, times 4": 4 * change}
    top = last_filters.abs().max()
    fig, axes = plt.subplots(1, 3, figsize=(11, 2.6), layout="constrained")
    for ax, (title, filters) in zip(axes, blocks.items()):
        sheet = F.pad(filters, (0, 1, 0, 1), value=float("nan")).reshape(4, 8, 4, 4).transpose(1, 2).reshape(16, 32)
        picture = ax.imshow(sheet, cmap="RdBu_r", vmin=-top, vmax=top)
        ax.set_title(title)
        ax.axis("off")
    fig.colorbar(picture, ax=axes, shrink=0.9, label="weight")
    plt.show()
    size = change.flatten(1).norm(dim=1) / first_filters.flatten(1).norm(dim=1)
    print(f"Most kernels changed by {size.quantile(0.1):.0%} to {size.quantile(0.9):.0%} of their size.")
    print("Kernels that haven't changed at all:", (size == 0).sum().item())

# %% [markdown]
# *Figure: the 32 kernels of `conv1`, each 3×3, before and after training, and the difference. (It appears after
# training.)*
#
# <details><summary>What happened, and why</summary>
#
# They have changed less than most people expect, and few are neat. A random 3×3 kernel isn't so bad at detecting
# *something*, and the layers above it learn to use what they get. The neat pictures in textbooks come from larger
# kernels, many more images, and days of training.
#
# Usually one or two haven't changed at all. Their output is negative at every place of every image, ReLU makes it zero,
# and through a zero no gradient comes back. Such a unit is **dead**, and will stay so. In lesson 5 you hunt for them.
#
# </details>

# %% [markdown]
# ## What does it get wrong?
#
# One number says how often the network is wrong, but not *where*. Does it take fours for nines? A **confusion matrix**
# counts that: one row for each true digit, one column for each predicted one. What is right stands on the diagonal.
#
# Counting pairs in torch has a trap of its own.
#
# **Predict 22.** The pair (1, 0) comes twice, the pair (2, 2) once. What are the counts?

# %%
counts = torch.zeros(3, 3, dtype=torch.int64)
rows, columns = torch.tensor([1, 1, 2]), torch.tensor([0, 0, 2])
counts[rows, columns] += 1
print(counts)

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# (1, 0) is counted once only. The line reads all three places, adds 1 to each of the numbers that it read, and writes
# them back. The second (1, 0) writes over the first, and the result is the same 1. Three pairs went in, and two came
# out. So compare `counts.sum()` with the number of samples.
#
# You can count one by one in a loop, or look for a function of torch that counts: there is more than one.
#
# </details>

# %% [markdown] exercise="confusion_matrix"
# Write `confusion_matrix(model, loader, num_classes=10)`. It returns a tensor of shape `(num_classes, num_classes)`,
# dtype `torch.int64`, whose entry in row i and column j says how many samples of the *true* class i were *predicted* as
# class j.
#
# - The predicted class is the one with the largest logit. Every sample counts once.
# - `loader`, mode and graph are as in `evaluate`: any iterable, read once, batches of any size; evaluation mode, no
#   graph; afterwards every module is in the mode that it was in, also after an error.
# - An empty loader gives zeros.


# %% solution="confusion_matrix"
def confusion_matrix(model, loader, num_classes=10):
    """counts[true class, predicted class] over the whole loader."""
    ### BEGIN SOLUTION
    counts = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    modes = {module: module.training for module in model.modules()}
    model.eval()
    try:
        with torch.no_grad():
            for images, labels in loader:
                predicted = model(images).argmax(dim=1)
                pairs = labels.cpu() * num_classes + predicted.cpu()
                counts += torch.bincount(pairs, minlength=num_classes**2).reshape(num_classes, num_classes)
    finally:
        for module, training in modes.items():
            module.training = training
    return counts
    ### END SOLUTION


# %% check="confusion_matrix"

# %% [markdown] edition="solutions"
# <details><summary>About this solution</summary>
#
# Each pair (true, predicted) becomes one number, true · 10 + predicted, and `torch.bincount` counts how often each
# number occurs. `minlength` keeps the places that nobody used. A loop over pairs is as right. So is `index_put_(...,
# accumulate=True)`, the version of `counts[i, j] += 1` that counts every pair.
#
# </details>

# %% [markdown]
# <details><summary>Help: I get <code>IndexError: tensors used as indices must be long, int, byte or bool tensors</code></summary>
#
# You index with logits or with probabilities. The index has to be the class *number*.
#
# </details>
#
# <details><summary>Help: I get <code>RuntimeError: shape '[10, 10]' is invalid for input of size 97</code></summary>
#
# A function that counts numbers makes its result only as long as the largest number it saw. Tell it how long it has to
# be at least.
#
# </details>
#
# <details><summary>Help: my matrix is mirrored at the diagonal</summary>
#
# The row is the *true* class. If rows and columns are the wrong way round, everything looks plausible: the sum is
# right, and so is the diagonal.
#
# </details>

# %% alt="The confusion matrix as a table of ten rows and ten columns, true digit against predicted digit, with the counts written into the cells. The diagonal is dark with about 30 in each cell. Of the other cells nearly all are empty; two or three hold a 1."
if trained is None or waits_for("confusion_matrix"):
    print("The confusion matrix appears when the network is trained and confusion_matrix is written.")
else:
    try:
        counts = confusion_matrix(trained, test_loader)
        fig, ax = plt.subplots(figsize=(5, 5))
        ax.imshow(counts.float().sqrt(), cmap="Blues")  # the root, so that single mistakes can be seen
        for i in range(10):
            for j in range(10):
                number = int(counts[i, j])
                bold = {"weight": "bold", "color": ORANGE} if i != j else {"color": "white"}
                ax.text(j, i, number or "", ha="center", va="center", **bold)
        ax.set(xlabel="predicted", ylabel="true", xticks=range(10), yticks=range(10))
        ax.spines[:].set_visible(False)
        plt.show()
    except Exception as error:
        plt.close("all")
        print(f"Not yet: {type(error).__name__}: {error}")

# %% [markdown]
# *Figure: the confusion matrix on the test images. On the diagonal is what was right. The orange numbers beside it are
# the mistakes. (It appears when the network is trained and `confusion_matrix` is written.)*
#
# Now look at the images themselves. Below are the twelve to which the network gave the smallest probability of the
# right answer. You asked for logits, so here softmax is in its place: outside of the network, to look at.

# %% alt="Twelve test images in two rows, those to which the network gave the lowest probability of the right digit. Above each stand the true digit, the predicted digit and the probability of the true one. Those that are wrong are marked by a cross; they come first. Several are hard to read for a human, too."
if trained is None:
    print("The images appear after training.")
else:
    pictures = torch.cat([images for images, _ in test_loader])
    truth = torch.cat([labels for _, labels in test_loader])
    with torch.no_grad():
        probabilities = torch.cat([F.softmax(trained(images), dim=1) for images in pictures.split(500)])
    of_truth = probabilities.gather(1, truth.unsqueeze(1)).squeeze(1)

    fig, axes = plt.subplots(2, 6, figsize=(10, 4.4))
    for ax, index in zip(axes.flat, of_truth.argsort()):
        guess = probabilities[index].argmax()
        wrong = guess != truth[index]
        ax.imshow(pictures[index, 0], cmap="gray")
        text = f"✗ {truth[index]}, read as {guess}" if wrong else f"{truth[index]}, right"
        ax.set_title(f"{text}\np = {of_truth[index]:.2f}", fontsize=10, color=ORANGE if wrong else "black")
        ax.axis("off")
    fig.tight_layout()
    plt.show()

# %% [markdown]
# *Figure: the twelve test images that the network found hardest. A cross marks those that it got wrong, and p is its
# probability of the right answer. (It appears after training.)*
#
# Would you have read them all? Look also at p where it is wrong. A network can be wrong and quite sure of it: softmax
# turns any ten numbers into probabilities, earned or not.
#
# ## The same network in one line
#
# `MNISTNet` is a chain: one step after the other, and nothing in between. For a chain there is `nn.Sequential`, which
# needs no `forward` at all.
#
# **Predict 23.** `chain` is built from the layers of `net`. Then *one weight of `net`* is set to zero. What happens to
# the output of `chain`? And what are the keys of its `state_dict`?

# %%
torch.manual_seed(0)
net = nn.ModuleDict({"body": nn.Linear(4, 3), "head": nn.Linear(3, 2)})
chain = nn.Sequential(net["body"], nn.ReLU(), net["head"])
x = torch.ones(1, 4)

print("before:", chain(x).tolist())
with torch.no_grad():
    net["head"].weight.zero_()
    net["head"].bias.zero_()
print("after: ", chain(x).tolist())
print("net:   ", list(net.state_dict()))
print("chain: ", list(chain.state_dict()))

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# The chain changes with the net. It holds the *same* modules, and so the same weights: train one and you train the
# other. Switch one to evaluation, and parts of the other follow. That can be what you want. A copy it is not: for that,
# there is `copy.deepcopy`.
#
# The keys are numbers now, and they don't fit: the state of the one can't be loaded into the other. The names of your
# attributes are a part of your file format.
#
# </details>

# %% [markdown]
# **Predict 24.** In `forward`, you could use `F.relu` and `F.max_pool2d`. Can they go into an `nn.Sequential`?

# %%
for part in (F.relu, nn.ReLU, nn.ReLU()):
    try:
        print(nn.Sequential(nn.Linear(2, 2), part)(torch.ones(1, 2)).shape)
    except TypeError as error:
        print(f"TypeError: {error}")

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# A chain takes modules only. A function is none, and the *class* `nn.ReLU` isn't one either: it has to be built,
# `nn.ReLU()`. Everything that happens in `forward` has to become a module: activations, poolings, flattening.
#
# That is the price. What you win is a network without a `forward` that could be wrong, whose parts are all seen by
# hooks and by `print`. What you lose: names that mean something, and every network that is not a chain.
#
# </details>

# %% [markdown] exercise="sequential_twin"
# Write `sequential_twin(net)`. `net` is an `MNISTNet` as in the exercise above, or any other module with the same
# attributes and the same `forward`. The result is the same network as an `nn.Sequential`.
#
# - It consists of torch's own modules only (no class of your own), in one `nn.Sequential`, or in several inside each
#   other.
# - It has *copies* of all of `net`'s weights and buffers, and `net`'s settings: the eps and momentum of its batch
#   norms, and the p of its dropout. (They may be others than yours!)
# - It gives the same outputs as `net` in evaluation mode, and in training mode as well, apart from dropout's chance.
# - Nothing is shared with `net`: no weight, no buffer, and no module, not even its `relu` or its `dropout`. `net`
#   itself is not changed.
# - The twin is in the mode that `net` is in. (You may assume that all modules of `net` are in the same mode.)


# %% solution="sequential_twin"
def sequential_twin(net):
    """The same network as an nn.Sequential, with copies of all weights and settings."""
    ### BEGIN SOLUTION
    parts = copy.deepcopy([net.conv1, net.bn1, net.conv2, net.bn2, net.fc1, net.fc2, net.dropout])
    conv1, bn1, conv2, bn2, fc1, fc2, dropout = parts
    return nn.Sequential(
        conv1, nn.ReLU(), bn1, nn.MaxPool2d(2),
        conv2, nn.ReLU(), bn2, nn.MaxPool2d(2),
        nn.Flatten(), fc1, nn.ReLU(), dropout, fc2,
    ).train(net.training)  # fmt: skip
    ### END SOLUTION


# %% check="sequential_twin"

# %% [markdown]
# <details><summary>Help: I get <code>TypeError: list is not a Module subclass</code></summary>
#
# `nn.Sequential` takes its modules as separate arguments. `nn.Sequential(*parts)` unpacks a list.
#
# </details>
#
# <details><summary>Help: I get <code>RuntimeError: Error(s) in loading state_dict for Sequential: Missing key(s) in state_dict: "0.weight", …</code></summary>
#
# The keys of the two networks differ, see Predict 23. Load layer by layer, where the names are only `weight` and
# `bias`. Or don't load at all.
#
# </details>
#
# <details><summary>Help: the outputs agree in evaluation mode, but not in training mode</summary>
#
# In training mode batch norm uses the batch, so eps matters as well, and the running statistics move by momentum. Are
# both those of `net`? Are the poolings at the right places?
#
# </details>
#
# <details><summary>Help: the twin is in the wrong mode</summary>
#
# Whatever you build new is in training mode. What you copy keeps its mode. And an `nn.Sequential` has a mode of its
# own.
#
# </details>

# %%
if trained is None or waits_for("sequential_twin"):
    print("This comparison waits for the training and for sequential_twin.")
else:
    try:
        twin = sequential_twin(trained)
        with torch.no_grad():
            difference = (twin(pictures[:100]) - trained(pictures[:100])).abs().max()
        print(f"Largest difference between your network and its twin, over 100 images: {difference:.1g}\n")
        print(twin)
    except Exception as error:
        print(f"Not yet: {type(error).__name__}: {error}")

# %% [markdown]
# ## Summary
#
# - Images come as **(N, C, H, W)**, labels as class numbers (N,). Count the dimensions before you believe a number.
# - The size after a convolution or pooling is counted in places: how often does what the kernel *covers* fit?
# - **Flatten from dimension 1.** A wrong image size should raise an error, and `view(-1, …)` makes more rows instead.
# - The network returns **logits**. `F.cross_entropy` has the softmax inside. A first loss of log(number of classes) is
#   a good sign, a negative one never.
# - A step: clear, backward, step. Clear what the *optimizer* holds, before you compute.
# - `eval()` is for modules, `no_grad()` for autograd: an evaluation needs both. Then **put every module's mode back**.
# - Add up over samples, not over batches, and in numbers (`.item()`), not in tensors that remember.
# - `==` broadcasts. `counts[i, j] += 1` counts a pair once. Neither says anything.
# - Nothing is trained on the test images, and nothing is chosen by them.
#
# **What you can now do.** You can build a convolutional network from a sketch, train it, say honestly how good it is,
# and look at what it gets wrong. And you know what every line of the loop is there for.
#
# Run `progress()` to see what is left. In lesson 3 you look under the hood: how does a module know its parameters, and
# could you write it yourself?
#
# ## Further reading
#
# - [`Conv2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html), with the formula of the output
#   size, and [`BatchNorm2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html).
# - [`CrossEntropyLoss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html): what it
#   expects, and what else it can do.
# - [Autograd mechanics](https://docs.pytorch.org/docs/stable/notes/autograd.html): `no_grad`, inference mode, and what
#   `eval()` has to do with them (nothing).
# - [`torch.utils.data`](https://docs.pytorch.org/docs/stable/data.html): data sets and loaders.
# - V. Dumoulin and F. Visin, [A guide to convolution arithmetic](https://arxiv.org/abs/1603.07285): all the cases,
#   drawn.
# - Y. LeCun et al., [Gradient-based learning applied to document recognition](https://doi.org/10.1109/5.726791): the
#   network that read cheques, and where MNIST comes from.
# - N. Srivastava et al., [Dropout](https://jmlr.org/papers/v15/srivastava14a.html).
