"""What a page of Jupyter's may have of a kernel's messages: text, numbers and pictures.

JupyterLab trusts kernels. It runs the HTML and the scripts in whatever a cell puts out, in the help on an object, in a
tooltip; it loads the code of widgets that a kernel names. So each message is made anew of what is fit to show, and
whatever is not named here does not pass: no markup, no script, no widget, no cell that the kernel would write.
"""

from __future__ import annotations

import platform
from collections.abc import Callable
from typing import Any

import IPython

from autograder.sandbox import Message, OutputKeeper, plain

MOST_TEXTS = 10_000
"""Completions, or lines of a traceback."""
MOST_COUNTED = 1 << 31


def published(message: Message, keeper: OutputKeeper) -> list[Message]:
    """What to publish in place of a message that the kernel has published: often one like it, or nothing."""
    match message.type, message.content:
        case "status", {"execution_state": "busy" | "idle" as state}:
            return [Message("status", {"execution_state": state})]
        case "clear_output", {"wait": bool(wait)}:
            return [Message("clear_output", {"wait": wait})]
        case "execute_input", {"code": str(code), "execution_count": count}:
            return [
                Message("execute_input", {"code": plain(code, max(0, keeper.left)), "execution_count": _count(count)})
            ]
    shown = Message("display_data", message.content) if message.type == "update_display_data" else message
    outputs: list[dict[str, Any]] = []
    keeper.add(outputs, shown)
    return [_output(each, message) for each in outputs]


def reply(kind: str, content: dict[str, Any], most: int) -> dict[str, Any]:
    """The content of a reply of this kind, made anew from a kernel's; `most` bytes of each text and of each thing that
    is shown. Raises `KeyError` for a kind that does not pass."""
    status = content.get("status")
    fit = {"status": status if status in _STATES else "error"}
    return fit | {name: how(content[name], most) for name, how in _REPLIES[kind].items() if name in content}


def kernel_info() -> dict[str, Any]:
    """What the kernel is, as the reply to `kernel_info_request`. It is the Python that this runs in, so the kernel,
    which might say anything, is not believed."""
    version = platform.python_version()
    return {
        "status": "ok", "protocol_version": "5.3", "implementation": "ipython",
        "implementation_version": IPython.__version__, "banner": f"Python {version}, sandboxed", "help_links": [],
        "language_info": {
            "name": "python", "version": version, "mimetype": "text/x-python", "file_extension": ".py",
            "codemirror_mode": {"name": "ipython", "version": 3}, "pygments_lexer": "ipython3",
            "nbconvert_exporter": "python",
        },
    }  # fmt: skip


def _output(output: dict[str, Any], message: Message) -> Message:
    """A notebook's output as the message that brings it."""
    kind = output.pop("output_type")
    if kind == "display_data":
        kind = message.type
        if kind == "execute_result":
            output["execution_count"] = _count(message.content.get("execution_count"))
        match message.content.get("transient"):
            case {"display_id": str(identity)}:
                output["transient"] = {"display_id": plain(identity, 100)}
    return Message(kind, output)


def _count(value: Any, most: int = 0) -> int:
    return value if type(value) is int and 0 <= value < MOST_COUNTED else 0


def _truth(value: Any, most: int) -> bool:
    return value is True


def _texts(values: Any, most: int) -> list[str]:
    return [plain(value, most) for value in values[:MOST_TEXTS]] if isinstance(values, list) else []


def _forms(data: Any, most: int) -> dict[str, str]:
    return OutputKeeper(most).fit(data) if isinstance(data, dict) else {}


def _pages(payload: Any, most: int) -> list[dict[str, Any]]:
    """What `object?` shows. A kernel's wish to write a cell is not passed on."""
    pages = payload[:1] if isinstance(payload, list) else []
    return [
        {"source": "page", "start": 0, "data": _forms(data, most)}
        for page in pages if isinstance(page, dict) and page.get("source") == "page"
        for data in [page.get("data")]
    ]  # fmt: skip


def _expressions(values: Any, most: int) -> dict[str, Any]:
    """What the expressions of the one who asks evaluate to."""
    return {
        plain(name, most): {"status": "ok", "data": _forms(value.get("data"), most), "metadata": {}}
        for name, value in (values.items() if isinstance(values, dict) else ())
        if isinstance(value, dict) and value.get("status") == "ok"
    }


def _empty(_: Any, most: int) -> dict[str, Any]:
    return {}


_STATES = ("ok", "error", "aborted", "complete", "incomplete", "invalid", "unknown")
_REPLIES: dict[str, dict[str, Callable[[Any, int], Any]]] = {
    "execute_reply": {
        "execution_count": _count, "payload": _pages, "user_expressions": _expressions,
        "ename": plain, "evalue": plain, "traceback": _texts,
    },
    "complete_reply": {"matches": _texts, "cursor_start": _count, "cursor_end": _count, "metadata": _empty},
    "inspect_reply": {"found": _truth, "data": _forms, "metadata": _empty},
    "is_complete_reply": {"indent": plain},
    "history_reply": {"history": lambda _, most: []},
    "comm_info_reply": {"comms": _empty},
    "interrupt_reply": {},
    "shutdown_reply": {"restart": _truth},
}  # fmt: skip
"""The replies that pass, and how each of their fields is made anew."""
REQUESTS = {"kernel_info_request", *(kind.replace("_reply", "_request") for kind in _REPLIES)}
"""What a kernel may be asked."""
