"""Seeds, and the random bits that belong to a seed: the same with every version of NumPy and torch.

Neither of them promises its random stream across versions, so the bits come from here: SplitMix64 (Steele, Lea, Flood
2014, "Fast splittable pseudorandom number generators"), used as a counter-based generator.
"""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt

Bits = npt.NDArray[np.uint64]


def derive(*parts: object) -> int:
    """A 64-bit seed out of any printable parts, a course's secret among them."""
    text = "\x1f".join(map(str, parts)).encode()
    return int.from_bytes(hashlib.sha256(text).digest()[:8], "big")


def bits(seed: int, count: int) -> Bits:
    """`count` 64-bit words of the stream that belongs to `seed`."""
    with np.errstate(over="ignore"):
        word = np.uint64(seed) + np.uint64(0x9E3779B97F4A7C15) * np.arange(1, count + 1, dtype=np.uint64)
        word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return word ^ (word >> np.uint64(31))
