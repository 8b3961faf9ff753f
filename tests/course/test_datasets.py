"""The bundled digits: their files, torchvision reading them, a network learning them, and full MNIST's fallback."""

from __future__ import annotations

import functools
import gzip
import hashlib
import http.server
import shutil
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from helpers import ROOT
from torch import nn
from torch.utils.data import DataLoader
from torchvision import transforms
from torchvision.datasets import MNIST

from autograder import digits
from autograder.digits import BundledDigits, load_digits

DATASETS = ROOT / "datasets"
RAW = DATASETS / "BundledDigits" / "raw"
COUNTS = {"train": 1497, "t10k": 300}
BAR = 0.92
"""Held-out accuracy a small network must reach; 20 seeds gave 0.940 to 0.960, chance is 0.1."""


def make_digits(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the script that makes the files."""
    command = [sys.executable, "-W", "error", str(DATASETS / "make_digits.py"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


@pytest.fixture
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests to this machine must not go through a proxy that the environment names."""
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, "127.0.0.1")


@pytest.fixture
def unreachable(monkeypatch: pytest.MonkeyPatch, no_proxy: None) -> None:
    """torchvision's only MNIST mirror is a port of this machine where nothing listens."""
    monkeypatch.setattr(MNIST, "mirrors", ["http://127.0.0.1:9/"])


@pytest.fixture
def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_proxy: None) -> Iterator[None]:
    """torchvision's only MNIST mirror is a server on this machine that offers the bundled files, compressed."""
    served = tmp_path / "served"
    served.mkdir()
    resources = []
    for name, _ in BundledDigits.resources:
        content = gzip.compress((RAW / name).read_bytes(), mtime=0)
        (served / f"{name}.gz").write_bytes(content)
        resources.append((f"{name}.gz", hashlib.md5(content, usedforsecurity=False).hexdigest()))
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(served))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        monkeypatch.setattr(MNIST, "mirrors", [f"http://127.0.0.1:{server.server_port}/"])
        monkeypatch.setattr(MNIST, "resources", resources)
        yield
        server.shutdown()
        thread.join()


def one_line(capsys: pytest.CaptureFixture[str]) -> str:
    """The one line `load_digits` printed, the last of all; before it, torchvision up to 0.19 prints of its download."""
    printed = capsys.readouterr().out.splitlines()
    assert [line for line in printed if line.startswith("Using ")] == printed[-1:], printed
    return printed[-1]


# The files


def test_files_are_what_the_script_makes() -> None:
    result = make_digits("--check")
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("name", ["BundledDigits/raw/train-images-idx3-ubyte", "SHA256SUMS"])
def test_check_finds_changed_and_missing_files(tmp_path: Path, name: str) -> None:
    shutil.copytree(RAW, tmp_path / "BundledDigits" / "raw")
    shutil.copy(DATASETS / "SHA256SUMS", tmp_path)
    path = tmp_path / name
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    changed = make_digits("--check", "--folder", tmp_path)
    assert changed.returncode == 1
    assert changed.stderr == f"{path}: differs from what this script makes\n"
    path.unlink()
    missing = make_digits("--check", "--folder", tmp_path)
    assert (missing.returncode, missing.stderr) == (1, f"{path}: missing\n")


def test_script_writes_the_same_bytes_elsewhere(tmp_path: Path) -> None:
    assert make_digits("--folder", tmp_path).returncode == 0
    written = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert len(written) == 5
    for name, content in written.items():
        assert content == (DATASETS / name).read_bytes(), name


def test_checksums_match_the_files() -> None:
    lines = (DATASETS / "SHA256SUMS").read_text(encoding="ascii").splitlines()
    contents = {path.relative_to(DATASETS).as_posix(): path.read_bytes() for path in RAW.iterdir()}
    assert sorted(lines) == sorted(f"{hashlib.sha256(c).hexdigest()}  {name}" for name, c in contents.items())
    assert len(lines) == 4


@pytest.mark.parametrize("prefix", COUNTS)
def test_idx_headers(prefix: str) -> None:
    n = COUNTS[prefix]
    images = (RAW / f"{prefix}-images-idx3-ubyte").read_bytes()
    labels = (RAW / f"{prefix}-labels-idx1-ubyte").read_bytes()
    assert struct.unpack(">IIII", images[:16]) == (0x803, n, 28, 28)
    assert struct.unpack(">II", labels[:8]) == (0x801, n)
    assert (len(images), len(labels)) == (16 + n * 28 * 28, 8 + n)


# The dataset


@pytest.mark.parametrize("train", [True, False])
def test_items_are_labelled_pil_images(train: bool) -> None:
    dataset = BundledDigits(train=train)
    assert len(dataset) == COUNTS["train" if train else "t10k"]
    for image, label in dataset:
        assert (image.mode, image.size) == ("L", (28, 28))
        assert type(label) is int and 0 <= label <= 9
    assert (dataset.data.dtype, dataset.targets.dtype) == (torch.uint8, torch.int64)


def test_split_is_stratified_shuffled_and_disjoint() -> None:
    train, test = BundledDigits(train=True), BundledDigits(train=False)
    in_test, in_train = torch.bincount(test.targets), torch.bincount(train.targets)
    share = (in_test + in_train) * (300 / 1797)
    assert bool(((in_test - share).abs() < 1).all())
    for part in (train.targets, test.targets):
        assert len(torch.unique(part[:100])) == 10, "sorted, not shuffled"
    assert torch.unique(torch.cat([train.data, test.data]), dim=0).shape[0] == 1797, "an image occurs twice"


def test_images_look_like_mnist() -> None:
    """White ink on black, centred by mass, brightness near MNIST's mean 0.1307 and deviation 0.3081."""
    data = BundledDigits(train=True).data.double() / 255
    assert bool((data.amax(dim=(1, 2)) == 1).all())
    for edges in (data[:, (0, -1), :].amax(dim=2), data[:, :, (0, -1)].amax(dim=1)):
        assert float(edges.amin(dim=1).max()) == 0, "ink pushed out at one edge came back at the other"
    assert abs(float(data.mean()) - 0.1307) < 0.05
    assert abs(float(data.std(correction=0)) - 0.3081) < 0.05
    mass, pixels = data.sum(dim=(1, 2)), torch.arange(28, dtype=torch.float64)
    for profile in (data.sum(dim=2), data.sum(dim=1)):
        assert float(((profile @ pixels) / mass - 14).abs().max()) <= 0.5


def test_torchvision_transforms() -> None:
    def negate(label: int) -> int:
        return -label

    steps = transforms.Compose([transforms.Resize(14), transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])
    dataset = BundledDigits(train=False, transform=steps, target_transform=negate)
    images, labels = next(iter(DataLoader(dataset, batch_size=32)))
    assert (images.shape, images.dtype) == ((32, 1, 14, 14), torch.float32)
    assert float(images.min()) == -1 and 0.5 < float(images.max()) <= 1
    assert torch.equal(labels, -dataset.targets[:32])


def train_network(seed: int) -> float:
    """Held-out accuracy of a small convolutional network after 12 passes over the training images."""
    train, test = BundledDigits(train=True), BundledDigits(train=False)
    x, x_test = (d.data.unsqueeze(1).float() / 255 for d in (train, test))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = nn.Sequential(
            *(nn.Conv2d(1, 16, 3, stride=2, padding=1), nn.ReLU()),
            *(nn.Conv2d(16, 32, 3, stride=2, padding=1), nn.ReLU()),
            *(nn.Flatten(), nn.Linear(32 * 7 * 7, 10)),
        )
        optimizer = torch.optim.Adam(network.parameters(), lr=2e-3)
        for _ in range(12):
            for batch in torch.randperm(len(x)).split(50):
                optimizer.zero_grad()
                nn.functional.cross_entropy(network(x[batch]), train.targets[batch]).backward()
                optimizer.step()
    with torch.no_grad():
        return float((network(x_test).argmax(dim=1) == test.targets).double().mean())


def test_a_network_learns_them() -> None:
    assert train_network(seed=0) >= BAR


def test_found_inside_an_installed_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(RAW, tmp_path / "data" / "BundledDigits" / "raw")
    monkeypatch.setattr(digits, "ROOTS", (tmp_path / "data", tmp_path / "datasets"))
    assert Path(BundledDigits().raw_folder) == tmp_path / "data" / "BundledDigits" / "raw"


def test_missing_and_damaged_files_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digits, "ROOTS", (tmp_path / "data", tmp_path / "datasets"))
    with pytest.raises(FileNotFoundError, match=r"missing: .*datasets.BundledDigits.raw.train-images.*make_digits"):
        load_digits(True)
    shutil.copytree(RAW, tmp_path / "datasets" / "BundledDigits" / "raw")
    path = tmp_path / "datasets" / "BundledDigits" / "raw" / "t10k-labels-idx1-ubyte"
    path.write_bytes(path.read_bytes()[:-1] + b"\x63")
    with pytest.raises(FileNotFoundError, match=r"damaged: .*t10k-labels-idx1-ubyte"):
        load_digits(False)


# load_digits


def test_bundled_by_default(capsys: pytest.CaptureFixture[str]) -> None:
    dataset = load_digits(True, transform=transforms.ToTensor())
    assert isinstance(dataset, BundledDigits) and dataset[0][0].shape == (1, 28, 28)
    assert one_line(capsys) == "Using the bundled digits: 1,497 training images."


def test_full_mnist_unreachable_falls_back(
    tmp_path: Path, unreachable: None, capsys: pytest.CaptureFixture[str]
) -> None:
    dataset = load_digits(False, full_mnist=True, root=tmp_path, transform=transforms.ToTensor())
    assert isinstance(dataset, BundledDigits) and len(dataset) == 300 and dataset[0][0].shape == (1, 28, 28)
    line = one_line(capsys)
    assert line.startswith("Using the bundled digits: 300 test images. Full MNIST could not be loaded (RuntimeError: ")
    assert "Error downloading" in line and "check the connection and run this again" in line
    assert socket.getdefaulttimeout() is None


def test_full_mnist_without_a_writable_folder_falls_back(
    tmp_path: Path, unreachable: None, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert isinstance(load_digits(True, full_mnist=True, root=tmp_path / "file"), BundledDigits)
    assert "NotADirectoryError" in one_line(capsys)


def test_full_mnist_damaged_falls_back(tmp_path: Path, unreachable: None, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(RAW, tmp_path / "MNIST" / "raw")
    path = tmp_path / "MNIST" / "raw" / "train-images-idx3-ubyte"
    path.write_bytes(path.read_bytes()[:5000])
    assert isinstance(load_digits(True, full_mnist=True, root=tmp_path), BundledDigits)
    assert f"after deleting {tmp_path / 'MNIST'}" in one_line(capsys)


def test_full_mnist_is_read_when_there(tmp_path: Path, unreachable: None, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(RAW, tmp_path / "MNIST" / "raw")  # MNIST's format, so they stand in for it
    assert type(load_digits(True, full_mnist=True, root=str(tmp_path))) is MNIST
    assert one_line(capsys) == f"Using full MNIST: 1,497 training images from {tmp_path / 'MNIST' / 'raw'}."


def test_full_mnist_is_downloaded(tmp_path: Path, mirror: None, capsys: pytest.CaptureFixture[str]) -> None:
    dataset = load_digits(False, full_mnist=True, root=tmp_path / "root")
    assert type(dataset) is MNIST
    assert torch.equal(dataset.data, BundledDigits(train=False).data)
    assert one_line(capsys).startswith("Using full MNIST: 300 test images from ")


def test_a_silent_mirror_is_given_up(
    tmp_path: Path, no_proxy: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(digits, "STALL_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:  # accepts, never answers
        monkeypatch.setattr(MNIST, "mirrors", [f"http://127.0.0.1:{silent.getsockname()[1]}/"])
        assert isinstance(load_digits(True, full_mnist=True, root=tmp_path), BundledDigits)
    assert "timed out" in one_line(capsys).lower()
