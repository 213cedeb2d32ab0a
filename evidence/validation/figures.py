"""One measured number, with what it is compared with and how far off it may be."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One measured number of the page.

    Attributes:
        subject: what was measured, such as ``LEO, 800 km, 65°``; begins its row.
        quantity: what of it, such as ``rms, 72 h``; unique in its section with the subject.
        value: the number.
        unit: of the number, empty for counts and ratios.
        reference: what it is compared with.
        low: smallest value that is accepted.
        high: largest value that is accepted.
    """

    subject: str
    quantity: str
    value: float
    unit: str
    reference: str
    low: float = -math.inf
    high: float = math.inf

    @property
    def accepted(self) -> bool:
        """Whether the value lies within its limits; a nan never does."""
        return self.low <= self.value <= self.high

    @property
    def name(self) -> str:
        """Subject and quantity."""
        return f"{self.subject}: {self.quantity}"

    @property
    def limits(self) -> str:
        """The limits in words, such as ``≤ 10``."""
        low, high = f"{self.low:,g}", f"{self.high:,g}"
        if self.low == self.high:
            return low
        if math.isinf(self.low):
            return f"≤ {high}"
        return f"≥ {low}" if math.isinf(self.high) else f"{low} to {high}"


@dataclass(frozen=True)
class Section:
    """One table of the page.

    Attributes:
        key: names the table's place in the page.
        measure: gives the figures; told the folder of the reference files.
        wide: one row a subject and one column a quantity, instead of one row a figure.
    """

    key: str
    measure: Callable[..., Sequence[Figure]]
    wide: bool = False


def number(value: float) -> str:
    """Three significant digits, all the digits of whole numbers, no more than four decimals."""
    if value == round(value):
        return f"{value:,.0f}"
    digits = max(0, 2 - math.floor(math.log10(abs(value))))
    return f"{value:,.{min(digits, 4)}f}"
