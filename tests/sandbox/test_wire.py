"""The sandbox by itself: the wire to a kernel, and what is kept of its outputs."""

from __future__ import annotations

import base64
import socket
import struct
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import zmq
from hypothesis import given
from hypothesis import strategies as st

from autograder.sandbox.messages import DELIMITER, MAX_HEADER, Message, answer_to, label, request
from autograder.sandbox.outputs import OutputKeeper, plain
from autograder.sandbox.wire import (
    COMMAND,
    GREETING,
    MAX_FRAMES,
    MORE,
    TOO_LARGE,
    Frames,
    Wire,
    WireClosed,
    _frame,
    _ready,
)

BODIES = st.lists(st.binary(max_size=400), min_size=1, max_size=5)


@given(messages=st.lists(BODIES, max_size=5), cuts=st.lists(st.integers(1, 50), min_size=1, max_size=20))
def test_messages_come_out_as_they_went_in_however_the_bytes_are_cut(
    messages: list[list[bytes]], cuts: list[int]
) -> None:
    stream = b"".join(
        _frame(MORE * (place < len(bodies) - 1), body) for bodies in messages for place, body in enumerate(bodies)
    )
    frames, received, place = Frames(10_000), [], 0
    while place < len(stream):
        size = cuts[place % len(cuts)]
        received += list(frames.feed(stream[place : place + size]))
        place += size
    assert received == messages


@given(st.lists(st.binary(max_size=300), max_size=10))
def test_any_bytes_are_taken_without_complaint(chunks: list[bytes]) -> None:
    frames = Frames(100)
    for chunk in chunks:
        for message in frames.feed(chunk):
            assert sum(map(len, message)) <= 100


@pytest.mark.parametrize(
    "large",
    [
        [b"x" * 2_000],
        [b"x" * 600, b"y" * 600],
        [b"x"] * (MAX_FRAMES + 1),
        [b""] * 500,
    ],
    ids=["a frame", "frames together", "many frames", "many empty frames"],
)
def test_a_message_too_large_is_passed_over_and_the_next_is_read(large: list[bytes]) -> None:
    frames = Frames(1_000)
    stream = b"".join(_frame(MORE * (place < len(large) - 1), body) for place, body in enumerate(large))
    received = [message for byte in stream + _frame(0, b"next") for message in frames.feed(bytes((byte,)))]
    assert received == [TOO_LARGE, [b"next"]]


def test_a_message_that_never_ends_takes_no_memory() -> None:
    frames, chunk = Frames(10_000), _frame(MORE, b"z" * 9_000)
    for _ in range(500):
        assert list(frames.feed(chunk)) == []
    assert len(frames._bytes) + sum(map(len, frames._message)) < 20_000
    huge = struct.pack(">BQ", 3, 2**63)
    for part in (huge, *[b"z" * 100_000] * 50):
        assert list(frames.feed(part)) == []
    assert len(frames._bytes) < 20_000


@pytest.fixture
def context() -> Iterator[zmq.Context[Any]]:
    with zmq.Context() as made:
        yield made


def received(wire: Wire) -> list[list[bytes]]:
    deadline, found = time.monotonic() + 10, []
    while not found and time.monotonic() < deadline:
        found = list(wire.receive())
    return found


def test_it_speaks_with_zeromq(context: zmq.Context[Any], tmp_path: Path) -> None:
    with context.socket(zmq.ROUTER) as router, context.socket(zmq.XPUB) as publisher:
        router.bind(f"ipc://{tmp_path}/router")
        publisher.bind(f"ipc://{tmp_path}/publisher")
        asking = Wire(str(tmp_path / "router"), "DEALER", 10**6, 5)
        hearing = Wire(str(tmp_path / "publisher"), "SUB", 10**6, 5)
        asking.send([b"question", b"x" * 70_000, b""])
        identity, *message = router.recv_multipart()
        assert message == [b"question", b"x" * 70_000, b""]
        router.send_multipart([identity, b"answer", b"y" * 300])
        assert received(asking) == [[b"answer", b"y" * 300]]
        assert publisher.recv() == b"\x01"
        publisher.send_multipart([b"z" * 2 * 10**6])
        publisher.send_multipart([b"topic", b"news"])
        found = received(hearing)
        found += received(hearing) if len(found) < 2 else []
        assert found == [TOO_LARGE, [b"topic", b"news"]]
        asking.close()
        hearing.close()


def test_it_says_when_the_other_end_is_gone_or_deaf(tmp_path: Path) -> None:
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(tmp_path / "s"))
    server.listen()
    with pytest.raises(TimeoutError):
        Wire(str(tmp_path / "s"), "DEALER", 100, 0.2)

    def serve() -> None:
        with server.accept()[0] as end:
            end.sendall(bytes(64) + b"\x04\x00")
            end.recv(len(GREETING) + len(_frame(COMMAND, _ready("DEALER"))), socket.MSG_WAITALL)

    server.accept()[0].close()
    threading.Thread(target=serve).start()
    wire = Wire(str(tmp_path / "s"), "DEALER", 100, 5)
    with pytest.raises(WireClosed):
        received(wire)
    wire.close()
    server.close()
    with pytest.raises(OSError, match="refused"):
        Wire(str(tmp_path / "s"), "DEALER", 100, 1)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["msg_id", "msg_type", "a"]), inner),
    max_leaves=6,
)


@given(
    frames=st.lists(
        st.binary(max_size=20) | st.just(DELIMITER) | JSON.map(lambda plain: repr(plain).encode()), max_size=8
    )
)
def test_any_frames_are_a_message_or_none(frames: list[bytes]) -> None:
    assert answer_to("id", frames) is None
    assert label(frames) == ("", "")


def test_an_answer_is_told_from_others() -> None:
    identity, frames = request("kernel_info_request", {}, "key")
    header, content = b'{"msg_type": "status"}', b'{"execution_state": "idle"}'
    parent = frames[2]
    assert answer_to(identity, [b"topic", DELIMITER, b"", header, parent, b"{}", content]) == Message(
        "status", {"execution_state": "idle"}
    )
    assert label([b"topic", DELIMITER, b"", header, parent, b"{}", b"unread"]) == ("status", identity)
    assert label([DELIMITER, b"", header, b" " * MAX_HEADER + parent, b"{}", content]) == ("", "")
    for wrong in (
        [b"topic", DELIMITER, b"", header, b'{"msg_id": "other"}', b"{}", content],
        [b"topic", DELIMITER, b"", header, b'["%s"]' % identity.encode(), b"{}", content],
        [b"topic", DELIMITER, b"", b'{"msg_type": []}', parent, b"{}", content],
        [b"topic", DELIMITER, b"", header, parent, b"{}", b"[" * 100_000],
        [b"topic", DELIMITER, b"", header, parent, b"{}", b"\xff"],
        [b"topic", DELIMITER, b"", header, parent],
        frames,
        [],
    ):
        assert answer_to(identity, wrong) is None


PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(30)).decode()


def kept(*messages: tuple[str, dict[str, Any]], budget: int = 10_000) -> list[dict[str, Any]]:
    keeper, outputs = OutputKeeper(budget), []
    for kind, content in messages:
        keeper.add(outputs, Message(kind, content))
    return outputs


def test_text_and_pictures_are_kept() -> None:
    outputs = kept(
        ("stream", {"name": "stdout", "text": "a\x1b[31mb\x00\n"}),
        ("stream", {"name": "stdout", "text": "c\ud800"}),
        ("display_data", {"data": {"image/png": f"{PNG}\n", "text/plain": "<Figure>", "text/html": "<script>"}}),
        ("error", {"ename": "E", "evalue": "why", "traceback": ["\x1b[0;31mline\x1b[0m", 3]}),
    )
    assert outputs == [
        {"output_type": "stream", "name": "stdout", "text": "ab\nc?"},
        {"output_type": "display_data", "metadata": {}, "data": {"image/png": PNG, "text/plain": "<Figure>"}},
        {"output_type": "error", "ename": "E", "evalue": "why", "traceback": ["line", ""]},
    ]


@pytest.mark.parametrize(
    "data",
    [
        {"text/html": "<script>alert(1)</script>"},
        {"application/javascript": "alert(1)"},
        {"image/svg+xml": "<svg onload='alert(1)'>"},
        {"image/png": "<script>"},
        {"image/png": f'{PNG}"><script>alert(1)</script>'},
        {"image/png": base64.b64encode(b"GIF89a").decode()},
        {"image/png": [PNG]},
        {"text/plain": 3},
        {3: 3},
        {},
    ],
)
def test_nothing_else_of_an_output_is_kept(data: dict[Any, Any]) -> None:
    assert kept(("display_data", {"data": data})) == []


KEYS = ("name", "text", "data", "ename", "evalue", "traceback")


@given(
    kind=st.sampled_from(["stream", "display_data", "error", "status", "comm_open", "input_request"]),
    content=st.fixed_dictionaries({}, optional=dict.fromkeys(KEYS, JSON | st.just("stdout"))),
)
def test_an_output_of_any_shape_is_kept_or_not(kind: str, content: dict[str, Any]) -> None:
    for output in kept((kind, content)):
        assert output["output_type"] in ("stream", "display_data", "error")


def test_outputs_end_at_the_budget_with_a_word() -> None:
    stream = [("stream", {"name": name, "text": "x" * 300}) for name in ("stdout", "stderr")] * 1_000
    displays = [("display_data", {"data": {"text/plain": text}}) for text in ("", "y")] * 1_000
    for messages in (stream, displays, [("stream", {"name": "stdout", "text": "z" * 10**6})]):
        outputs = kept(*messages)
        assert len(outputs) < 30
        assert len(str(outputs)) < 15_000
        assert str(outputs).count("longer than the grader keeps") == 1


def test_plain_is_plain() -> None:
    assert plain("\x1b[1;31mred\x1b[0m\x07\ud800", 100) == "red?"
    assert plain(["red"], 100) == plain(None, 100) == ""
    assert plain("abc", 2) == "ab"
