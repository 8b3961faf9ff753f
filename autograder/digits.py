"""Digits: the pictures the lessons train on, without a download unless the student asks for full MNIST.

The bundled digits are 1,797 UCI digits (E. Alpaydin and C. Kaynak, CC BY 4.0, https://doi.org/10.24432/C50P49) in
MNIST's file format; `datasets/make_digits.py` made them. torchvision's own MNIST code reads them.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

from torchvision.datasets import MNIST
from torchvision.datasets.utils import check_integrity

Transform = Callable[[Any], Any]

PACKAGE = Path(__file__).resolve().parent
ROOTS = (PACKAGE / "data", PACKAGE.parent / "datasets")
"""Where the files may be: an installed package has them inside, a source tree beside it."""

FULL_MNIST_ROOT = "~/.cache/inside-nn-module/mnist"
STALL_SECONDS = 20.0
"""How long a download may stand still. torchvision sets no limit, so a silent firewall would hang a lesson."""
REASON_CHARACTERS = 240


class BundledDigits(MNIST):
    """The bundled digits: 1,497 training or 300 test images, read by torchvision's MNIST code.

    Items are `(image, label)`: a PIL image, mode "L", 28x28, 0 (black) to 255 (white ink), and an int 0..9.
    `data` is a uint8 tensor (n, 28, 28) and `targets` an int64 tensor (n,), as in MNIST. Nothing is downloaded.

    Args:
        root: the folder that holds `BundledDigits/raw`; None for the one that came with the course.
        train: the training images, else the test images.
        transform: called with each PIL image.
        target_transform: called with each label.

    Raises:
        FileNotFoundError: a file is missing or damaged; the message names it.
    """

    mirrors: ClassVar[list[str]] = []
    resources: ClassVar[list[tuple[str, str]]] = [
        ("train-images-idx3-ubyte", "0f63706ebea87507eecae2df1161ece9"),
        ("train-labels-idx1-ubyte", "d3354e543adad6f516ececcdc354bf66"),
        ("t10k-images-idx3-ubyte", "9244b27e088c8ad1f4fdde0b7a527136"),
        ("t10k-labels-idx1-ubyte", "5bfca61780066e2d9bf5e270e1bd35a6"),
    ]

    def __init__(
        self,
        root: str | Path | None = None,
        train: bool = True,
        transform: Transform | None = None,
        target_transform: Transform | None = None,
    ) -> None:
        self.root = str(_bundled_root() if root is None else Path(root).expanduser())
        self._require_files()
        super().__init__(self.root, train=train, transform=transform, target_transform=target_transform)

    def _require_files(self) -> None:
        """Raise unless all four files are there with the right content (torchvision only looks whether they exist)."""
        for name, md5 in self.resources:
            path = Path(self.raw_folder, name)
            if not check_integrity(path, md5):
                state = "damaged" if path.exists() else "missing"
                raise FileNotFoundError(
                    f"The bundled digits are {state}: {path}. Reinstall inside-nn-module, "
                    "or in a source tree run: python datasets/make_digits.py"
                )


def _bundled_root() -> Path:
    """The first of ROOTS that holds the files; the last one if none does, for the error to name."""
    return next((root for root in ROOTS if (root / "BundledDigits" / "raw").is_dir()), ROOTS[-1])


def load_digits(
    train: bool,
    *,
    full_mnist: bool = False,
    root: str | Path = FULL_MNIST_ROOT,
    transform: Transform | None = None,
) -> MNIST:
    """The digits to train or test on; prints one line that says which they are and how many.

    Args:
        train: the training images, else the test images.
        full_mnist: use MNIST itself, 60,000 training or 10,000 test images: read from `root/MNIST/raw` if there,
            else downloaded to it (about 12 MB, from torchvision's mirrors). If that fails for any reason, the bundled
            digits are used and the printed line says why.
        root: the folder for full MNIST; unused for the bundled digits.
        transform: called with each PIL image (mode "L", 28x28, 0..255), for example `transforms.ToTensor()`.

    Returns:
        A map-style dataset of `(image, label)`: `BundledDigits` (1,497 or 300 items) or torchvision's `MNIST`.

    Raises:
        FileNotFoundError: the bundled digits are needed and their files are missing or damaged.

    Sources: Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits" (full MNIST); E. Alpaydin,
    C. Kaynak, "Optical Recognition of Handwritten Digits", UCI ML Repository, 1998 (bundled digits).
    """
    kind = "training" if train else "test"
    note = ""
    if full_mnist:
        folder = Path(root).expanduser()
        try:
            mnist = _full_mnist(folder, train, transform)
        except Exception as error:  # broken network, proxy, disk or file alike: a lesson must go on
            note = (
                f" Full MNIST could not be loaded ({_reason(error)}): check the connection and run this again, "
                f"after deleting {folder / 'MNIST'} if it holds damaged files."
            )
        else:
            print(f"Using full MNIST: {len(mnist):,} {kind} images from {mnist.raw_folder}.")
            return mnist
    digits = BundledDigits(train=train, transform=transform)
    print(f"Using the bundled digits: {len(digits):,} {kind} images.{note}")
    return digits


def _full_mnist(root: Path, train: bool, transform: Transform | None) -> MNIST:
    """torchvision's MNIST under `root`, downloaded first if it is not there."""
    with _socket_timeout(STALL_SECONDS):
        return MNIST(str(root), train=train, transform=transform, download=True)


@contextmanager
def _socket_timeout(seconds: float) -> Iterator[None]:
    """New sockets wait at most `seconds` inside the block; urllib offers torchvision's callers no other handle."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(seconds)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)


def _reason(error: Exception) -> str:
    """`error` on one line, shortened: torchvision's message lists every mirror it tried."""
    text = " ".join(f"{type(error).__name__}: {error}".split())
    return text if len(text) <= REASON_CHARACTERS else text[: REASON_CHARACTERS - 1] + "…"
