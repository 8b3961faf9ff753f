"""What each criterion of `conv_output_size` looks at."""

from __future__ import annotations

from typing import Any

from autograder.criteria import Draw, Exercise, refusal, tried, type_of, whole

conv_output_size = Exercise(
    "conv_output_size",
    requires="conv_output_size",
    title="How big is the output of a convolution?",
    minutes=10,
    difficulty=1,
    hints=[
        (
            "Draw a row of 7 boxes and slide a kernel of 3 along it. How often can you put it down? Count for a few "
            "sizes, before you look for a formula."
        ),
        (
            "Padding adds boxes on both sides. Dilation stretches the kernel: with k entries there are k − 1 gaps "
            "between neighbours, each of `dilation` steps. How many boxes does it reach over?"
        ),
        (
            "Of the room that is left, each stride takes a piece, and a rest that is too small for a stride is not "
            "used: `//` does that. The first position needs no stride at all."
        ),
        (
            "Look at the result before you return it. `//` rounds down below zero as well, so a kernel that does not "
            "fit gives 0 or less. Try size 2, kernel 3, stride 2."
        ),
    ],
)


def length(function: Any, *arguments: int, **options: int) -> Any:
    """What the student's function says, whatever numeric type it came in: a whole number as an int."""
    return tried(lambda: whole(function(*arguments, **options)))


@conv_output_size.criterion(
    "Without padding, stride and dilation it counts the places where the kernel fits",
    because="A kernel as long as its input fits once, and each further element gives one place more.",
)
def conv_plain(conv: Any, draw: Draw) -> Any:
    size, kernel = draw.integer(20, 40), draw.integer(2, 8)
    sizes = ((28, 3), (size, kernel), (kernel, kernel), (1, 1), (size, 1))
    return {f"size {s}, kernel {k}": length(conv, s, k) for s, k in sizes}


@conv_output_size.criterion(
    "A stride keeps only every so many of these places, and a rest that is too short is dropped",
    because="The kernel starts at every stride-th place, as long as it fits there.",
)
def conv_stride(conv: Any, draw: Draw) -> Any:
    size = draw.integer(20, 40)
    cases = [(28, 3, 2), (size, 3, 2), (size + 1, 3, 2), (size, 2, 3), (size + 1, 2, 3), (size + 2, 2, 3), (5, 5, 4)]
    return {f"size {s}, kernel {k}, stride {stride}": length(conv, s, k, stride=stride) for s, k, stride in cases}


@conv_output_size.criterion(
    "Padding is added on both sides",
    because="That is why a 3×3 kernel with padding 1 keeps 28 × 28 as it is.",
)
def conv_padding(conv: Any, draw: Draw) -> Any:
    size = draw.integer(20, 40)
    cases = [(28, 3, 1), (size, 5, 2), (size, 2, 1), (3, 7, 2), (size, 1, 3)]
    return {f"size {s}, kernel {k}, padding {padding}": length(conv, s, k, padding=padding) for s, k, padding in cases}


@conv_output_size.criterion(
    "Dilation stretches the kernel",
    because="Between k entries there are k − 1 gaps, so the kernel reaches further than it has entries.",
)
def conv_dilation(conv: Any, draw: Draw) -> Any:
    size = draw.integer(20, 40)
    cases = [(28, 3, 2), (size, 5, 3), (size, 2, 4), (size, 1, 7), (9, 3, 4)]
    return {f"size {s}, kernel {k}, dilation {d}": length(conv, s, k, dilation=d) for s, k, d in cases}


@conv_output_size.criterion(
    "All of it at once, given by name or by position",
    points=0.5,
    because="Each argument counts whatever the others are, in the order of nn.Conv2d where no name is given.",
)
def conv_together(conv: Any, draw: Draw) -> Any:
    seen = {}
    for _ in range(4):
        size, kernel, stride = draw.integer(30, 60), draw.integer(2, 6), draw.integer(2, 5)
        padding, dilation = draw.integer(1, 4), draw.integer(2, 5)
        case = f"size {size}, kernel {kernel}, stride {stride}, padding {padding}, dilation {dilation}"
        seen[f"{case}, by position"] = length(conv, size, kernel, stride, padding, dilation)
        seen[f"{case}, by name"] = length(
            conv, size=size, kernel_size=kernel, dilation=dilation, padding=padding, stride=stride
        )
    return seen


@conv_output_size.criterion(
    "A kernel that does not fit raises ValueError, one that just fits does not",
    because="No layer has an output of length 0 or less, so such a number would only fail later.",
)
def conv_too_big(conv: Any, draw: Draw) -> Any:
    kernel, stride = draw.integer(4, 8), draw.integer(2, 5)
    cases: dict[str, dict[str, int]] = {
        "one too small": {"size": kernel - 1, "kernel_size": kernel},
        "much too small": {"size": 2, "kernel_size": kernel + 9},
        "one too small, with a stride": {"size": kernel - 1, "kernel_size": kernel, "stride": stride},
        "much too small, with a stride": {"size": 1, "kernel_size": kernel + 9, "stride": stride},
        "one too small, with padding": {"size": 2, "kernel_size": 7, "padding": 2},
        "one too small, with dilation": {"size": 2 * kernel - 2, "kernel_size": kernel, "dilation": 2},
    }
    fitting: dict[str, dict[str, int]] = {
        "just fits": {"size": kernel, "kernel_size": kernel},
        "just fits, with a stride": {"size": kernel, "kernel_size": kernel, "stride": stride},
        "just fits, with padding": {"size": 3, "kernel_size": 7, "padding": 2},
        "just fits, with dilation": {"size": 2 * kernel - 1, "kernel_size": kernel, "dilation": 2},
    }
    asked = {**cases, **fitting}
    return {what: refusal(lambda options=options: conv(**options)) for what, options in asked.items()}


@conv_output_size.criterion(
    "It returns a Python int",
    points=0.5,
    because="nn.Linear and reshape want whole numbers, and refuse 14.0.",
)
def conv_int(conv: Any, draw: Draw) -> Any:
    size = draw.integer(20, 40)
    if tried(lambda: conv(size, 3) == conv(size + 9, 3)) is True:
        return "the same for sizes that have different outputs"
    return {
        "type without a stride": tried(lambda: type_of(conv(size, 3))),
        "type with stride 2": tried(lambda: type_of(conv(size, 3, stride=2, padding=1))),
    }
