"""Progress on Google Drive, for those who want it: in Colab everything else is forgotten with the runtime.

Nothing has to be remembered for it: where Drive is open and has our folder, the student has asked for it once. The
only importer of google.colab.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

from autograder.feedback import Notice, clean
from autograder.lesson import said
from autograder.student import display
from autograder.student.progress import Memory, home

MOUNT = Path("/content/drive")
"""Where Colab opens Drive, by custom."""
CALL = "autograder.keep_progress_on_drive()"
PLACE = "MyDrive/inside-nn-module"


def keep_progress_on_drive() -> None:
    """In Colab: keep your progress in a folder of your Google Drive as well, and take up what is there already.

    Google asks you for permission. Without it, or when Drive fails, progress goes on in this runtime as before.
    """
    if not in_colab():
        _show(_elsewhere())
        return
    try:
        from google.colab import drive  # noqa: PLC0415

        drive.mount(str(MOUNT))
        (MOUNT / PLACE).mkdir(exist_ok=True)
        _take_up(MOUNT / PLACE)
    except Exception as error:  # google.colab's own, ValueError, OSError: whatever it is, it must not be in the way
        _show(_failed(error))
    else:
        _show(_kept())


def in_colab() -> bool:
    """Whether this notebook runs in Colab."""
    try:
        return importlib.util.find_spec("google.colab") is not None
    except (ImportError, ValueError):  # there is no `google`, or it is something else
        return False


def folders() -> list[Path]:
    """The folder on Drive, where Drive is open and the student has wished for it."""
    try:
        return [MOUNT / PLACE] if (MOUNT / PLACE).is_dir() else []
    except OSError:  # Drive has gone away
        return []


def advice() -> str:
    """A line for the first cell: where progress is kept in Colab. Empty elsewhere."""
    if not in_colab():
        return ""
    if folders():
        return said("Your progress is kept on your Google Drive, in {folder}.", folder=PLACE)
    return said(
        "Colab forgets your progress with this runtime. If you want it kept on your Google Drive, run: {call}",
        call=CALL,
    )


def _take_up(folder: Path) -> None:
    """Bring together what is remembered here and there. Raises `OSError` where Drive takes nothing."""
    both = Memory(home(), folder)
    both.spread()
    if Memory(folder).recall() != both.recall():
        raise OSError(said("nothing can be written there"))


def _failed(error: Exception) -> Notice:
    told = said(
        "Your progress goes on in this runtime, as before: nothing is lost now, but Colab forgets it with the runtime."
    )
    again = said("To try again, run `{call}` and press Allow when Google asks. You can also do without.", call=CALL)
    reason = said("The reason: {reason}", reason=clean(str(error)) or type(error).__name__)
    return Notice(said("Google Drive could not be opened"), (told, again, reason))


def _elsewhere() -> Notice:
    told = said(
        "Google Drive is opened only there. Your progress is kept here anyway, on this machine, from one day to the "
        "next."
    )
    return Notice(said("This is not Colab"), (told,))


def _kept() -> Notice:
    where = said(
        "It is in the folder `{folder}`, with what you had there before. Nothing else on your Drive is read or "
        "written.",
        folder=PLACE,
    )
    again = said("In a new runtime, run `{call}` again. To keep it there no longer, delete the folder.", call=CALL)
    return Notice(said("Your progress is kept on your Google Drive"), (where, again))


def _show(notice: Notice) -> None:
    display.show(notice.html(), notice.text())
