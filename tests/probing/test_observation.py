"""Observations as JSON: what is written is read back, and what of a text is taken for an observation."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
from helpers.observations import ALIKE
from hypothesis import given
from hypothesis import strategies as st

from autograder.judging.compare import compare
from autograder.probing import observation as o

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
