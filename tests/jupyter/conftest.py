"""What the tests of `jupyter` share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers import COURSE
from helpers.sessions import FOLDERS, Session, started

from autograder.jupyter.spec import install
from autograder.sandbox import Bubblewrap
from autograder.sandbox.bubblewrap import BubblewrapMissing


@pytest.fixture(scope="module", autouse=True)
def jupyter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Jupyter's folders for all tests here, with the kernel installed."""
    try:
        Bubblewrap.found()
    except BubblewrapMissing as reason:
        pytest.skip(str(reason))
    home = tmp_path_factory.mktemp("jupyter")
    with pytest.MonkeyPatch.context() as patch:
        for name in FOLDERS:
            patch.setenv(name, str(home))
        install(COURSE, [])
        yield home


@pytest.fixture(scope="module")
def kernel(jupyter: Path) -> Iterator[Session]:
    """One kernel for all tests that leave it as it is."""
    with started() as session:
        yield session
