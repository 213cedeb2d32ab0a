"""Names of the array types, by what their numbers are; docstrings add the shape (``[B, N]``)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
"""Quantities and payoffs in double precision: whatever is summed or compared."""

Singles = NDArray[np.float32]
"""What a learner sees and its parameters, in single precision."""

Integers = NDArray[np.int64]
"""Counts, steps and choices."""

Integers32 = NDArray[np.int32]
"""The same where there are so many that half the memory matters."""

Indices = NDArray[np.intp]
"""Positions in another array, as ``np.flatnonzero`` and ``argsort`` give them."""

Flags = NDArray[np.bool_]
"""Yes or no, and masks."""

Bytes = NDArray[np.uint8]
"""Shares in steps of 1/255, and flags of tables that have to stay small."""

Seeds = NDArray[np.uint64]
"""One seed an episode."""

Words = NDArray[np.uint64]
"""Flags of tables that are larger still, 64 in a word."""

PARTS = 64
"""Parts that long arrays are worked on in."""


def parts(length: int) -> Iterator[slice]:
    """Slices that together are ``length`` rows: what is worked out of one at a time stays small."""
    edges = [length * part // PARTS for part in range(PARTS + 1)]
    return (slice(*edge) for edge in pairwise(edges) if edge[0] < edge[1])
