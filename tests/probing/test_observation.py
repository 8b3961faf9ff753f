"""Observations: what objects show however they lie, and what of a text is taken for an observation."""

from __future__ import annotations

import json
import linecache
import math
import sys
from collections import OrderedDict, namedtuple
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import torch
from helpers import small_lesson
from hypothesis import given
from hypothesis import strategies as st
from torch import nn
from torch.nn.modules import module as hooks_everywhere

from autograder.judging.compare import Tolerance, compare, settled
from autograder.judging.grade import Expected, Outcome, grade_exercise
from autograder.lesson.exercise import Exercise
from autograder.lesson.lesson import Lesson
from autograder.probing import observation as o
from autograder.probing.defaults import defaults
from autograder.probing.exceptions import attempt, raised
from autograder.probing.facts import held_as, tried
from autograder.probing.integrity import control
from autograder.probing.observe import observe
from autograder.probing.probe import probe

# The format

NamedPair = namedtuple("NamedPair", "x y")
LINES = st.none() | st.integers(1, 1_000_000)
TEXTS = st.text(max_size=20)
NAMES = st.text(max_size=10)
SHAPES = st.lists(st.integers(0, 4), max_size=3).map(tuple)


def arrays(dtype: str) -> st.SearchStrategy[o.Array]:
    layout = np.dtype(o.DTYPES[dtype])

    def filled(shape: tuple[int, ...], kind: str) -> st.SearchStrategy[o.Array]:
        count = math.prod(shape) * layout.itemsize
        byte = st.sampled_from([0, 1]) if dtype == "bool" else st.integers(0, 255)
        content = st.lists(byte, min_size=count, max_size=count).map(bytes)
        return content.map(lambda raw: o.Array(shape, dtype, np.frombuffer(raw, layout).reshape(shape), kind=kind))

    found = SHAPES.flatmap(lambda shape: filled(shape, o.TENSOR)) | SHAPES.map(lambda it: o.Array(it, dtype, None))
    if dtype == "bfloat16":  # which NumPy has not
        return found
    return found | SHAPES.flatmap(lambda shape: filled(shape, o.NDARRAY)) | filled((), o.NUMPY_SCALAR)


INTS = st.integers(-(2**900), 2**900)
RANGES = st.builds(range, INTS, INTS, INTS.filter(bool))
NUMBERS = st.booleans() | INTS | st.floats() | st.complex_numbers()
LEAVES = (
    st.builds(o.Scalar, st.none() | NUMBERS | TEXTS | st.binary(max_size=20) | RANGES)
    | st.sampled_from(sorted(o.DTYPES)).flatmap(arrays)
    | st.builds(o.Raised, st.lists(NAMES, min_size=1, max_size=4).map(tuple), TEXTS, st.booleans(), LINES, TEXTS)
    | st.builds(o.Opaque, NAMES)
)
OBSERVATIONS = st.recursive(
    LEAVES,
    lambda inner: (
        st.builds(o.Sequence, st.sampled_from(["list", "tuple", "set"]), st.lists(inner, max_size=4).map(tuple))
        | st.builds(o.Mapping, st.lists(st.tuples(NAMES, inner), max_size=4).map(tuple))
    ),
    max_leaves=10,
)


@given(OBSERVATIONS)
def test_what_is_written_is_read_back(observation: o.Observation) -> None:
    text = o.to_json(observation)
    assert o.to_json(o.from_json(text)) == text


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    with pytest.raises(o.ObservationError):
        o.from_json(text)


ALIKE = Tolerance(same_failure=True)
PIECES: st.SearchStrategy[Any] = st.sampled_from(
    ["list", "dict", "array", "ndarray", "npscalar", "raised", "scalar", "float", "complex", "bytes", "range", "opaque",
     "int", "float32", "bool", "AAAA", "nan", "1", None, True, False, 0, -1, 2**70, 1e400, float("nan"), [], {}, [3],
     ["a"], "\ud800"]
)  # fmt: skip


@given(st.recursive(PIECES, lambda inner: st.lists(inner, max_size=5), max_leaves=15))
def test_nearly_an_observation_is_read_or_refused(plain: Any) -> None:
    try:
        observation = o.from_json(json.dumps(plain))
    except o.ObservationError:
        return
    again = o.from_json(o.to_json(observation))
    assert o.to_json(again) == o.to_json(observation)
    assert compare(observation, again, ALIKE) == []
    repr(observation).encode()


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '["list",' * 5_000 + "[]" + "]" * 5_000,
        '["list",[' + '["scalar",null],' * o.MAX_NODES + '["scalar",null]]]',
        '["list",' + "[" * 20 + "]" * 20 + "]",
        json.dumps(["scalar", "x" * (o.MAX_TEXT + 1)]),
        json.dumps(["scalar", "9" * 5_000, "int"]),
        json.dumps(["array", [10**30], "float32", None, False]),
        json.dumps(["array", [2], "float32", "AAAA", False]),
        json.dumps(["array", [1], "float32", "AAA=A", False]),
        json.dumps(["array", [1], "object", "AAAAAAAAAAA=", False]),
        json.dumps(["array", [1], "\ud800", "AAAAAAAAAAA=", True]),
        json.dumps(["array", [1], "A" * 10_000, "AAAAAAAAAAA=", True]),
        json.dumps(["array", [1], "float32", None, True]),
        json.dumps(["array", [2], "bool", "AgE=", False]),
        json.dumps(["array", [1] * 99, "float32", "AAAAAA==", False]),
        json.dumps(["array", [5_000], "uint8", "AAAAAAAA" * 5_000 + "AAA=", False]),
        json.dumps(["ndarray", [1], "float32", None, False]),
        json.dumps(["ndarray", [1], "bfloat16", "AAAAAA==", False]),
        json.dumps(["npscalar", [1], "float32", "AAAAAA==", False]),
        json.dumps(["npscalar", [], "float64", "AAAAAAAAAAA=", True]),
        json.dumps(["complex", "1", "1" + "0" * 100]),
        json.dumps(["bytes", "A" * 8_000]),
        json.dumps(["range", "0", "1", "0"]),
        json.dumps(["range", "0", "9" * 500, "1"]),
        json.dumps(["raised", [], "text", False, ""]),
        json.dumps(["raised", ["A"] * 99, "text", False, ""]),
        '["scalar", NaN]',
        '["float", "1' + "0" * 100 + '"]',
        "1" * 5_000,
        " " * (o.MAX_JSON + 1),
        "",
    ],
    ids=lambda text: text[:20],
)
def test_what_is_too_deep_too_large_or_wrong_is_refused(text: str) -> None:
    with pytest.raises(o.ObservationError):
        o.from_json(text)


def test_texts_can_always_be_written_to_a_file() -> None:
    read = o.from_json('["raised", ["A\\ud800"], "\\udfff", false, 3, "\\ud800"]')
    assert read == o.Raised(("A?",), "?", False, 3, "?")


@pytest.mark.parametrize("line", ["0", "-1", "1.0", "true", '"3"', "1000001", "[]"])
def test_a_line_that_no_file_has_is_refused(line: str) -> None:
    with pytest.raises(o.ObservationError):
        o.from_json(f'["raised", ["A"], "", false, {line}, ""]')


# Objects that lie


class Everything:
    """Equal to all, callable as all."""

    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        return True

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self

    def __getattr__(self, name: str) -> Any:
        return self

    def __float__(self) -> float:
        return 3.0

    def __index__(self) -> int:
        return 3


class Meta(type):
    """Equal to every class, an instance of every class."""

    __hash__ = type.__hash__

    def __eq__(cls, other: object) -> bool:
        return True

    def __instancecheck__(cls, instance: object) -> bool:
        return True


class Chameleon(metaclass=Meta):
    """Says that it is whatever is wished."""

    def __getattribute__(self, name: str) -> Any:
        return float if name == "__class__" else (lambda *arguments: 3.0)


class LyingTensor(torch.Tensor):
    """Has its own idea of every function."""

    @classmethod
    def __torch_function__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        return torch.ones(3) if func is not torch.Tensor.as_subclass else args[0]


class LyingDict(dict[str, Any]):
    def items(self) -> Any:
        return [("right", 1)]

    __iter__ = keys = values = items


class LyingList(list[Any]):
    def __iter__(self) -> Any:
        return iter([1, 2, 3])

    def __len__(self) -> int:
        return 3

    __getitem__ = None  # type: ignore[assignment]


class LyingInt(int):
    def __index__(self) -> int:
        return 3

    __int__ = __index__

    def __repr__(self) -> str:
        return "'right'"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = int.__hash__


class LyingStr(str):
    __slots__ = ()

    def __str__(self) -> str:
        return "right"

    __repr__ = __str__

    def __getitem__(self, place: Any) -> str:
        return "right"

    def encode(self, *arguments: Any) -> bytes:
        return b"right"


class LyingBytes(bytes):
    def __getitem__(self, place: Any) -> Any:
        return b"right"

    def __bytes__(self) -> bytes:
        return b"right"


class LyingFloat(float):
    def __float__(self) -> float:
        return 3.0

    __repr__ = object.__repr__


class LyingError(Exception):
    def __str__(self) -> str:
        raise SystemExit

    __class__ = ValueError  # type: ignore[assignment]
    __name__ = "ValueError"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (LyingDict(wrong=2), o.Mapping((("'wrong'", o.Scalar(2)),))),
        (LyingList([7]), o.Sequence("list", (o.Scalar(7),))),
        (LyingInt(7), o.Scalar(7)),
        (LyingStr("wrong"), o.Scalar("wrong")),
        (LyingFloat(7.0), o.Scalar(7.0)),
        ({LyingInt(7): 1}, o.Mapping((("7", o.Scalar(1)),))),
        ({LyingStr("wrong"): 1}, o.Mapping((("'wrong'", o.Scalar(1)),))),
        (np.float64(0.5), o.Scalar(0.5)),
        (OrderedDict(a=1), o.Mapping((("'a'", o.Scalar(1)),))),
        (NamedPair(1, True), o.Sequence("tuple", (o.Scalar(1), o.Scalar(True)))),
        (torch.Size([2, 3]), o.Sequence("tuple", (o.Scalar(2), o.Scalar(3)))),
        (1 - 2j, o.Scalar(1 - 2j)),
        (np.complex128(1j), o.Scalar(1j)),
        (LyingBytes(b"wrong"), o.Scalar(b"wrong")),
        (range(2, 9, 3), o.Scalar(range(2, 9, 3))),
        (
            {(1, "a"): 1, 2j: 2, b"b": 3},
            o.Mapping((("(1, 'a')", o.Scalar(1)), ("2j", o.Scalar(2)), ("b'b'", o.Scalar(3)))),
        ),
        ({3, 1}, o.Sequence("set", (o.Scalar(1), o.Scalar(3)))),
        ("a\ud800", o.Scalar("a?")),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_container_shows_what_it_holds_not_what_it_says(value: Any, shown: o.Observation) -> None:
    assert observe(value) == shown
    assert o.from_json(o.to_json(observe(value))) == shown


@pytest.mark.parametrize(
    "liar",
    [Everything(), Everything, Chameleon(), Chameleon, nn.Linear(1, 1), Fraction(1, 2), Decimal(1), np.array([{}]),
     np.array(["a"]), np.zeros(2, [("a", int)]), np.datetime64("2020"), range(10**400), object()],
    ids=["all", "a class of them", "chameleon", "its class", "module", "fraction", "decimal", "array of objects",
         "array of texts", "structured array", "NumPy date", "monstrous range", "object"],
)  # fmt: skip
def test_what_is_no_plain_data_shows_its_type_alone(liar: Any) -> None:
    shown = observe(liar)
    assert isinstance(shown, o.Opaque)
    assert [mismatch.kind for mismatch in compare(shown, observe(liar))] == ["type"]
    assert compare(shown, observe(liar), ALIKE) == []  # two who went wrong alike


class LyingNdarray(np.ndarray[Any, Any]):
    """Has its own idea of what it is."""

    shape = dtype = size = property(lambda self: (9,))  # type: ignore[assignment]

    def __array__(self, *arguments: Any, **named: Any) -> Any:
        return np.zeros(9)

    copy = astype = view = tobytes = __array__  # type: ignore[assignment]


class LyingInt64(np.int64):
    """Says that it is three."""

    __slots__ = ()

    def item(self, *arguments: Any) -> int:  # type: ignore[override]
        return 3

    __int__ = __index__ = item  # type: ignore[assignment]


def test_an_array_shows_its_own_numbers() -> None:
    shown = observe(np.array([7.0, 8.0]).view(LyingNdarray))
    assert isinstance(shown, o.Array) and (shown.kind, shown.shape, shown.dtype) == (o.NDARRAY, (2,), "float64")
    np.testing.assert_array_equal(shown.values, [7.0, 8.0])  # type: ignore[arg-type]
    assert compare(observe(LyingInt64(7)), observe(np.int64(7))) == []


def test_a_tensor_shows_its_own_numbers() -> None:
    shown = observe(torch.tensor([7.0, math.nan]).as_subclass(LyingTensor))
    assert isinstance(shown, o.Array) and shown.values is not None
    np.testing.assert_array_equal(shown.values, np.array([7.0, np.nan], np.float32))


@pytest.mark.parametrize(
    ("tensor", "shape", "dtype"),
    [
        (torch.zeros(2, 0), (2, 0), "float32"),
        (torch.tensor(True), (), "bool"),
        (torch.full((1,), math.inf, dtype=torch.bfloat16), (1,), "bfloat16"),
        (torch.ones(2, dtype=torch.complex64).conj(), (2,), "complex64"),
        (torch.ones(2, requires_grad=True), (2,), "float32"),
        (torch.empty(2, device="meta"), (2,), "float32"),
        (torch.arange(5_000), (5_000,), "int64"),
        (torch.ones(1).expand(10**5), (10**5,), "float32"),
    ],
)
def test_any_tensor_crosses_the_wall(tensor: torch.Tensor, shape: tuple[int, ...], dtype: str) -> None:
    shown = o.from_json(o.to_json(observe(tensor)))
    assert isinstance(shown, o.Array) and (shown.shape, shown.dtype) == (shape, dtype)
    assert compare(observe(tensor), shown) == []


def test_odd_tensors_are_told_by_their_kind() -> None:
    assert isinstance(observe(torch.eye(2).to_sparse()), o.Opaque)
    assert isinstance(observe(torch.zeros(1).expand(10**13)), o.Raised)


def monsters() -> dict[str, Any]:
    doubled: Any = []
    for _ in range(60):
        doubled = [doubled, doubled]
    own: list[Any] = []
    own += [own, own]
    return {"doubled": doubled, "in itself": own, "long": [0] * 10**6, "wide": {i: i for i in range(10**5)}}


@pytest.mark.parametrize("name", monsters())
def test_monstrous_answers_are_told_in_short(name: str) -> None:
    assert observe(monsters()[name]) == o.Opaque("an answer of monstrous size")


def test_deep_answers_end_somewhere() -> None:
    deep: Any = 1
    for _ in range(10_000):
        deep = [deep]
    text = o.to_json(observe(deep))
    assert "nested too deep" in text
    assert o.from_json(text) == observe(deep)


def test_an_error_shows_its_real_class() -> None:
    shown = raised(LyingError())
    assert shown.types[:2] == ("LyingError", "Exception")
    assert attempt(lambda: 1 / 0).types[0] == "ZeroDivisionError"


# Liars are graded


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Lesson:
    return small_lesson.write(tmp_path_factory.mktemp("course"))


def seen(lesson: Lesson, exercise: str, answer: Any) -> list[o.Observation]:
    known = lesson.exercises[exercise]
    observations = [probe(known, criterion, 7, {known.requires: answer}) for criterion in known.criteria]
    return [o.from_json(o.to_json(observation)) for observation in observations]


def right(lesson: Lesson, exercise: str) -> Any:
    names: dict[str, Any] = {}
    exec(small_lesson.GIVEN + small_lesson.ANSWERS[exercise], names)
    return names[lesson.exercises[exercise].requires]


def mutating(x: torch.Tensor) -> torch.Tensor:
    return x.zero_()


def scale_with(forward: Callable[[torch.Tensor], Any]) -> Any:
    class Scale(nn.Module):
        def __init__(self, n: int) -> None:
            super().__init__()
            self.weight = nn.Parameter(torch.ones(n))

        def forward(self, x: torch.Tensor) -> Any:
            return forward(x)

    return Scale


LIARS: dict[str, Any] = {
    "everything": Everything(), "a class of them": Everything, "a chameleon": Chameleon(),
    "not a number": lambda *a: math.nan, "infinity": lambda *a: torch.full((4, 3), math.inf),
    "nothing": lambda *a: None, "true": lambda *a: True,
    "a lying tensor": lambda *a: torch.zeros(4, 3).as_subclass(LyingTensor),
    "an error": lambda *a: ValueError("no"), "an observation": lambda *a: o.Scalar(3), "a score": lambda *a: 1e9,
    "a lying int": lambda *a: LyingInt(10**6), "a lying list": lambda *a: LyingList([10**6]),
    "an exit": lambda *a: sys.exit(0),
    "changed inputs": scale_with(mutating), "whatever is wished": scale_with(lambda x: Everything()),
}  # fmt: skip


@pytest.mark.parametrize("liar", LIARS)
@pytest.mark.parametrize("exercise", small_lesson.ANSWERS)
def test_who_lies_gains_no_point(lesson: Lesson, exercise: str, liar: str) -> None:
    reference = seen(lesson, exercise, right(lesson, exercise))
    graded = grade_exercise(
        lesson.exercises[exercise], Expected(tuple(reference), ()), list(seen(lesson, exercise, LIARS[liar]))
    )
    honest = 1.0 if exercise == "scale" and liar in ("changed inputs", "whatever is wished") else 0.0
    assert graded.points == honest
    assert graded.outcome is not Outcome.PASSED


# Global settings


def test_a_probe_sees_defaults_and_leaves_all_as_it_was() -> None:
    hook = hooks_everywhere.register_module_forward_hook(lambda *a: torch.zeros(1))  # type: ignore[arg-type]
    torch.set_default_dtype(torch.float64)
    torch.set_default_device("meta")
    try:
        with defaults(3), torch.enable_grad():
            first = torch.rand(2)
            assert (first.dtype, first.device.type) == (torch.float32, "cpu")
            assert nn.Identity()(torch.ones(2)).tolist() == [1, 1]
            torch.set_default_dtype(torch.float16)
            torch.set_grad_enabled(False)
        assert torch.is_grad_enabled()
        assert (torch.get_default_dtype(), torch.get_default_device().type) == (torch.float64, "meta")
        assert len(hooks_everywhere._global_forward_hooks) == 1
        with defaults(3):
            assert torch.equal(torch.rand(2), first)
    finally:
        torch.set_default_device(None)
        torch.set_default_dtype(torch.float32)
        hook.remove()


def test_a_default_device_that_is_not_there_is_reset_and_put_back() -> None:
    torch.set_default_device("privateuseone")
    try:
        exercise = Exercise("e", requires="f", title="", minutes=1, difficulty=1, hints=[])
        exercise.criterion("it computes")(lambda f, draw: f(torch.ones(2)))
        seen = probe(exercise, exercise.criteria[0], 0, {"f": lambda x: x * torch.tensor([2.0, 3.0])})
        assert isinstance(seen, o.Array)
        assert torch.device("privateuseone") == torch.utils._device.CURRENT_DEVICE
    finally:
        torch.set_default_device(None)


def cell(source: str) -> dict[str, Any]:
    """What a notebook's cell defines; Python finds its lines again, as IPython's."""
    file = f"<cell {hash(source)}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    names: dict[str, Any] = {"torch": torch}
    exec(compile(source, file, "exec"), names)
    return names


RELEASED = 'raise NotImplementedError("your code goes here")'


@pytest.mark.parametrize(
    ("body", "stub"),
    [
        (f"    {RELEASED}", True),
        ("    raise NotImplementedError", True),
        (f"    n = len(x)\n    {RELEASED}", True),
        ("    if True:\n        raise NotImplementedError", False),
        ('    raise NotImplementedError("of mine")', False),
        ("    return abstract(x)", False),
        ("    return torch.arange(3).mean()", False),
        ("    return torch.ones(2, device='meta').numpy()", False),
        ("    try:\n        return torch.arange(3).mean()\n    except NotImplementedError:\n        raise", False),
        ("    raise type('Odd', (NotImplementedError,), {})()", False),
        ("    return torch.nn.Module()(x)", False),
        ("    raise KeyError", False),
    ],
)
def test_a_stub_is_known_by_its_own_line(body: str, stub: bool) -> None:
    names = cell(f"def f(x):\n{body}\n\ndef abstract(x):\n    raise NotImplementedError\n")
    seen = attempt(lambda: names["f"]([1, 2]))
    assert isinstance(seen, o.Raised)
    assert seen.stub is stub


def test_a_module_that_is_not_registered_is_told_as_one() -> None:
    class Net(nn.Module):
        conv1 = nn.Identity()

    net = Net()
    net.__dict__["conv2"] = nn.Identity()
    assert held_as(net, "conv1") == "a module of the class, not of each object"
    assert held_as(net, "conv2") == "a module that is not registered"


def test_an_error_that_nobody_worded_keeps_its_text() -> None:
    class Counts(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            if not len(x):
                raise ValueError("of my own")
            return nn.functional.cross_entropy(x, x[:1, 0].long())

    own, torch_s = tried(lambda: Counts()(torch.ones(0))), tried(lambda: Counts()(torch.ones(2, 3)))
    assert (own.types[0], own.message) == ("ValueError", "")
    assert own.line
    assert own.code == 'raise ValueError("of my own")'
    assert torch_s.types[0] == "ValueError"
    assert "batch_size" in torch_s.message


def test_the_control_notices_what_was_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograder.probing.integrity._transformers", list)
    before = control()
    assert control() == before
    with monkeypatch.context() as patch:
        patch.setattr(torch, "relu", torch.abs)
        assert control() != before
    with monkeypatch.context() as patch:
        patch.setattr("builtins.sum", lambda *a: 42)
        assert control() != before
    assert control() == before


# The mark of the golden rule: nothing that a criterion shows can be known before


def test_every_criterion_of_the_small_lesson_depends_on_what_is_drawn(lesson: Lesson) -> None:
    for name, exercise in lesson.exercises.items():
        answer = {exercise.requires: right(lesson, name)}
        for criterion in exercise.criteria:
            first, second = (probe(exercise, criterion, seed, answer) for seed in (1, 2))
            assert compare(first, second), f"{name}: {criterion.name}"


class TestSettled:
    """Numbers that are written already stay, where another processor's last bits are all that is new."""

    def test_last_bits_stay_as_they_were_written(self) -> None:
        old = observe({"y": torch.tensor([1.0, 2.0]), "loss": 0.5, "n": 3})
        new = observe({"y": torch.tensor([1.0 + 1e-6, 2.0]), "loss": 0.5 + 1e-8, "n": 3})
        assert o.to_json(new) != o.to_json(old)
        assert o.to_json(settled(old, new, Tolerance())) == o.to_json(old)

    @pytest.mark.parametrize(
        "value", [{"n": 4}, {"y": torch.tensor([1.0, 2.1])}, {"loss": "0.5"}, ["y"], ValueError("z")]
    )
    def test_a_change_is_written(self, value: object) -> None:
        old = observe({"y": torch.tensor([1.0, 2.0]), "loss": 0.5, "n": 3, "error": ValueError("x")})
        new = observe({**value, "error": ValueError("y")} if isinstance(value, dict) else value)
        assert o.to_json(settled(old, new, Tolerance())) == o.to_json(new)
