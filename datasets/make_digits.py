"""Make the bundled digits: the UCI handwritten digits as 28x28 IDX files that torchvision's MNIST code reads.

    python datasets/make_digits.py            # write BundledDigits/raw/* and SHA256SUMS beside this script
    python datasets/make_digits.py --check    # compare them with what this script makes; exit 1 if they differ

The source is `sklearn.datasets.load_digits`: 1,797 images of 8x8 pixels, values 0..16, by E. Alpaydin and C. Kaynak
(UCI ML Repository, 1998, CC BY 4.0, https://doi.org/10.24432/C50P49). It ships inside scikit-learn; nothing is
downloaded. All arithmetic is on integers and no random stream is used, so every machine makes the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.datasets import load_digits

Bytes = npt.NDArray[np.uint8]
Integers = npt.NDArray[np.int64]

HERE = Path(__file__).resolve().parent
RAW = "BundledDigits/raw"
SUMS = "SHA256SUMS"
SIZE = 28
MARGIN = 4
"""Pixels around the 20x20 that the 8x8 grid grows to: (28 - 20) / 2."""
TEST_IMAGES = 300
BLACK, WHITE = 2, 14
"""Source values (of 0..16) that become 0 and 255: narrows the grey edge of the enlargement, as MNIST's is narrow."""


def weights() -> Integers:
    """Catmull-Rom weights, times 2000, that take 8 source pixels to 28: shape (28, 8).

    One source pixel spans 20 / 8 = 5/2 output pixels, so output pixel i has its centre at source position
    (4 (i - 4) - 3) / 10. Positions are whole tenths, and the cubic's weights whole 2000ths. Outside the grid is black.
    """
    table = np.zeros((SIZE, 8), dtype=np.int64)
    for i in range(SIZE):
        left, t = divmod(4 * (i - MARGIN) - 3, 10)
        cubic = (
            -(t**3) + 20 * t**2 - 100 * t,
            3 * t**3 - 50 * t**2 + 2000,
            -3 * t**3 + 40 * t**2 + 100 * t,
            t**3 - 10 * t**2,
        )
        for source, weight in enumerate(cubic, start=left - 1):
            if 0 <= source < 8:
                table[i, source] = weight
    return table


def enlarge(images: Integers) -> Bytes:
    """Images (n, 8, 8) of 0..16 as (n, 28, 28) of 0..255, white on black, the 8x8 grid on the middle 20x20."""
    table, one = weights(), 2000 * 2000
    smooth: Integers = table @ images @ table.T
    span = (WHITE - BLACK) * one
    levels = (2 * 255 * (smooth - BLACK * one) + span) // (2 * span)  # rounds to nearest
    pixels: Bytes = np.clip(levels, 0, 255).astype(np.uint8)
    return pixels


def shift_to_centre(mass: Integers) -> int:
    """Whole pixels that bring the centre of `mass` (28 row or column sums) to pixel 14, where MNIST has it."""
    total, moment = int(mass.sum()), int((mass * np.arange(SIZE)).sum())
    return (2 * (SIZE // 2 * total - moment) + total) // (2 * total)


def centre(images: Bytes) -> Bytes:
    """Each image (28, 28) moved so that its centre of mass is the centre of the image, as MNIST's were."""
    moved = np.empty_like(images)
    padded = np.pad(images, ((0, 0), (SIZE, SIZE), (SIZE, SIZE)))
    for k, image in enumerate(images):
        ink = image.astype(np.int64)
        top, left = SIZE - shift_to_centre(ink.sum(axis=1)), SIZE - shift_to_centre(ink.sum(axis=0))
        moved[k] = padded[k, top : top + SIZE, left : left + SIZE]
    return moved


def split(images: Integers, labels: Integers) -> tuple[list[int], list[int]]:
    """Indices of the training and of the test images, each in a fixed shuffled order, stratified by label.

    The shuffle sorts by the SHA-256 of pixels and index. The test images are taken at even steps from the images
    sorted by label, which gives every label its share to within one image.
    """

    def draw(index: int) -> bytes:
        return hashlib.sha256(images[index].astype(np.uint8).tobytes() + index.to_bytes(4, "big")).digest()

    shuffled = sorted(range(len(images)), key=draw)
    by_label = sorted(shuffled, key=lambda index: int(labels[index]))  # stable: still shuffled within a label
    test = {by_label[k * len(images) // TEST_IMAGES] for k in range(TEST_IMAGES)}
    return [k for k in shuffled if k not in test], [k for k in shuffled if k in test]


def idx(array: Bytes) -> bytes:
    """`array` in the IDX format: two zero bytes, type 8 (unsigned byte), rank, big-endian sizes, then the values."""
    sizes = b"".join(size.to_bytes(4, "big") for size in array.shape)
    return bytes((0, 0, 8, array.ndim)) + sizes + array.tobytes()


def make() -> dict[str, bytes]:
    """The whole data set: the content of every file by its path in the data set's folder, SHA256SUMS among them."""
    source = load_digits()
    images, labels = source.images.astype(np.int64), source.target.astype(np.int64)
    pictures = centre(enlarge(images))
    files: dict[str, bytes] = {}
    for prefix, chosen in zip(("train", "t10k"), split(images, labels), strict=True):
        files[f"{RAW}/{prefix}-images-idx3-ubyte"] = idx(pictures[chosen])
        files[f"{RAW}/{prefix}-labels-idx1-ubyte"] = idx(labels[chosen].astype(np.uint8))
    lines = [f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items())]
    return {**files, SUMS: "".join(lines).encode()}


def write(folder: Path) -> None:
    """Write every file under `folder`."""
    for name, content in make().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def differences(folder: Path) -> list[str]:
    """One line for each file under `folder` that is missing or is not what `make` makes."""
    problems = []
    for name, content in make().items():
        path = folder / name
        if not path.is_file():
            problems.append(f"{path}: missing")
        elif path.read_bytes() != content:
            problems.append(f"{path}: differs from what this script makes")
    return problems


def main() -> int:
    """Run the command line; returns the exit status."""
    parser = argparse.ArgumentParser(description="Make, or check, the bundled digits.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file is missing or differs")
    parser.add_argument("--folder", type=Path, default=HERE, help="where the files are (default: beside this script)")
    arguments = parser.parse_args()
    if not arguments.check:
        write(arguments.folder)
        print(f"Wrote {RAW} and {SUMS} in {arguments.folder}")
        return 0
    problems = differences(arguments.folder)
    for problem in problems:
        print(problem, file=sys.stderr)
    if not problems:
        print(f"{RAW} and {SUMS} in {arguments.folder} are what this script makes")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
