"""Draws the histogram of a class's scores, as SVG that stands in a page."""

from __future__ import annotations

from io import StringIO
from math import floor

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from autograder.report.facts import ClassFacts

BINS = 10
BLUE, ORANGE = "#0072B2", "#D55E00"


def bins(facts: ClassFacts) -> list[int]:
    """How many students have which tenth of the points; all of the points belong to the last tenth."""
    counts = [0] * BINS
    for score in facts.scores:
        counts[min(BINS - 1, max(0, floor(BINS * score / facts.max_score)))] += 1
    return counts


def alt_text(facts: ClassFacts) -> str:
    """The histogram in words."""
    width = facts.max_score / BINS
    parts = [f"{count} from {n * width:g} to {(n + 1) * width:g}" for n, count in enumerate(bins(facts)) if count]
    return f"Histogram of {len(facts.scores)} scores, in points: {'; '.join(parts)}. The median is {facts.median:g}."


def histogram(facts: ClassFacts) -> str:
    """The SVG element."""
    width = facts.max_score / BINS
    figure = Figure(figsize=(7, 2.6), layout="constrained")
    axes = figure.subplots()
    axes.bar([width * (n + 0.5) for n in range(BINS)], bins(facts), width=0.92 * width, color=BLUE)
    axes.axvline(facts.median, color=ORANGE, linestyle="--")
    above = axes.get_xaxis_transform()
    axes.text(facts.median, 1.02, f"median {facts.median:g}", color=ORANGE, ha="center", transform=above)
    axes.set(
        xlabel="points", ylabel="students", xlim=(0, facts.max_score), xticks=[width * n for n in range(0, BINS + 1, 2)]
    )
    axes.xaxis.set_major_formatter("{x:g}")
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.spines[["top", "right"]].set_visible(False)
    text = StringIO()
    figure.savefig(text, format="svg", metadata={"Date": None})
    return text.getvalue()[text.getvalue().index("<svg") :]
