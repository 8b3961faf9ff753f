"""Sets up what `make` needs: the virtual environment `.venv`, and the system's programs that the course uses.

    python3 tools/bootstrap.py [PROGRAM ...]     # PROGRAM: bwrap, chromium, postgres

The Makefile runs it before everything else. What is installed is what `requirements.lock` says, hashes checked. The
first run takes minutes; it leaves a stamp in `.venv`, and later runs return at once until that file or the project's
requirements change. Nothing but Python's standard library is used, and this file stays readable to older Pythons, so
that they can say that they are too old.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "set-up"
LOCK = ROOT / "requirements.lock"
OLDEST = (3, 11)
DEBIAN_PACKAGES = {"bwrap": ["bubblewrap"], "chromium": ["chromium", "libatomic1"], "postgres": ["postgresql"]}
ADVICE = {
    "chromium": "Chromium is not installed, or Playwright cannot start. Tests that look at pages in it are skipped. "
    "Install it: sudo apt install chromium libatomic1 (on Ubuntu: .venv/bin/playwright install --with-deps chromium)",
    "postgres": "PostgreSQL is not installed. Tests of a gradebook in it are skipped. "
    "Install it: sudo apt install postgresql",
}


class SetUpError(Exception):
    """Set-up cannot go on; the message says what to do."""


def main() -> int:
    """Set up; returns the exit status."""
    try:
        _require_python()
        if not _is_current():
            _make_environment()
        for program in sys.argv[1:]:
            _provide(program)
    except SetUpError as stop:
        print(f"\nSet-up stopped. {stop}", file=sys.stderr)
        return 1
    return 0


def _require_python() -> None:
    if sys.version_info < OLDEST:
        raise SetUpError(
            "This needs Python {}.{} or newer, and {} is Python {}.{}.\n"
            "Name a newer one: make PYTHON=python3.12 ...".format(*OLDEST, sys.executable, *sys.version_info[:2])
        )


# The virtual environment


def _wanted() -> str:
    """What the stamp of an up-to-date environment says: the place, what is installed, and what the project asks for."""
    import tomllib  # noqa: PLC0415  # not in Pythons that are too old

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = json.dumps(project, sort_keys=True).encode() + LOCK.read_bytes()
    return f"{VENV}\n{hashlib.sha256(wanted).hexdigest()}\n"


def _locked(name: str) -> str:
    """A package's version and hashes, as the lock has them."""
    blocks = re.split(r"\n(?=\S)", LOCK.read_text(encoding="utf-8"))
    return next(block for block in blocks if block.startswith(f"{name}=="))


def _is_current() -> bool:
    return STAMP.is_file() and STAMP.read_text(encoding="utf-8") == _wanted() and _runs(VENV)


def _runs(venv: Path) -> bool:
    """Whether the environment has a Python of its own that is new enough, and pip."""
    question = f"import sys, pip; sys.exit(sys.version_info < {OLDEST} or sys.prefix == sys.base_prefix)"
    try:
        done = subprocess.run([venv / "bin" / "python", "-c", question], cwd=ROOT, capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


def _make_environment() -> None:
    """Create or complete `.venv`. Raises `SetUpError`."""
    started = time.monotonic()
    print("Setting up. The first time takes some minutes: PyTorch is a download of about 3 GB, 6 GB on disk.")
    moved = STAMP.is_file() and STAMP.read_text(encoding="utf-8").splitlines()[:1] != [str(VENV)]
    if moved or not _runs(VENV):
        _require_ensurepip()
        _step("[1/5] Making the virtual environment .venv", [sys.executable, "-m", "venv", "--clear", str(VENV)])
    STAMP.unlink(missing_ok=True)
    python = str(VENV / "bin" / "python")
    only_uv = VENV / "uv.txt"
    only_uv.write_text(_locked("uv"), encoding="utf-8")
    locked = ["--require-hashes", "--requirement"]
    _step("[2/5] Installing uv, which installs the rest", [python, "-m", "pip", "install", "-q", *locked, str(only_uv)])
    uv = [python, "-m", "uv", "pip", "install", "--python", python]
    _step("[3/5] Installing PyTorch, Jupyter, nbgrader and the tools", [*uv, "--compile-bytecode", *locked, str(LOCK)])
    _step("[4/5] Installing the course", [*uv, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)])
    _step("[5/5] Trying whether PyTorch starts", [python, "-c", "import torch, torchvision, autograder"])
    STAMP.write_text(_wanted(), encoding="utf-8")
    print(f"Set up in {time.monotonic() - started:.0f} s.\n")


def _step(title: str, command: list[str]) -> None:
    print(f"{title} ...", flush=True)
    environment = {"UV_HTTP_TIMEOUT": "300", **os.environ, "UV_PYTHON_DOWNLOADS": "never"}
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False)
    if done.returncode:
        raise SetUpError(f"This failed, its message stands above:\n  {' '.join(command)}\nRun the same again to go on.")


def _require_ensurepip() -> None:
    """Debian and Ubuntu keep what `venv` needs in a package of its own."""
    if importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip"):
        return
    package = "python{}.{}-venv".format(*sys.version_info[:2])
    if not _apt_install(package):
        raise SetUpError(f"Python's venv module is incomplete. Install it: sudo apt install {package}")


# The system's programs


def _provide(program: str) -> None:
    """Install a program where that is possible; where not, say what to do, and go on."""
    tried = VENV / f"tried-{program}"
    if not _is_there(program) and not tried.exists():
        tried.touch()
        _apt_install(*DEBIAN_PACKAGES[program])
    if lacking := _lacking(program):
        print(f"Note: {lacking}")


def _lacking(program: str) -> str:
    """What to say of a program; nothing where all is well. bubblewrap may be installed and still be forbidden to work,
    which the grader knows to tell apart."""
    if program != "bwrap":
        return "" if _is_there(program) else ADVICE[program]
    trial = [str(VENV / "bin" / "python"), "-P", "-m", "autograder.sandbox"]
    done = subprocess.run(trial, stderr=subprocess.PIPE, text=True, check=False)
    return f"nothing can be graded here yet. {done.stderr}" if done.returncode else ""


def _is_there(program: str) -> bool:
    if program == "postgres":  # Debian does not put it on PATH
        return shutil.which(program) is not None or any(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))
    if program != "chromium":
        return shutil.which(program) is not None
    downloaded = any(Path.home().glob(".cache/ms-playwright/chromium-*"))
    drivable = _quietly([str(VENV / "bin" / "playwright"), "--version"]) == 0  # its Node.js needs libatomic
    return drivable and (downloaded or shutil.which(program) is not None)


def _apt_install(*packages: str) -> bool:
    """Install Debian or Ubuntu packages, where this user may without a password; whether that worked."""
    if not shutil.which("apt-get"):
        return False
    rights = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if rights and (not shutil.which("sudo") or _quietly([*rights, "true"])):
        return False
    print(f"Installing the system's {' and '.join(packages)} ...", flush=True)
    apt = [*rights, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120"]
    install = [*apt, "install", "--yes", "--no-install-recommends", *packages]
    return not _quietly(install) or (not _quietly([*apt, "update"]) and not _quietly(install, show=True))


def _quietly(command: list[str], *, show: bool = False) -> int:
    """Run without input or output, but for the end of a failing one's output if `show`; the exit status."""
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode and show:
        print(done.stdout[-1000:], file=sys.stderr)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
