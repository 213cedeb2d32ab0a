"""Numbers, intervals, durations and names as people read them: the one place that writes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ssa_psro.metagame.intervals import Interval

MINUS = "\N{MINUS SIGN}"
LONGEST_NAME = 23


@dataclass(frozen=True)
class Form:
    """One way of writing numbers and intervals.

    Attributes:
        decimals: digits behind the point; trailing zeros stay, so that columns align.
        signed: also numbers above zero have a sign.
        typeset: for pages and figures: a true minus sign, and no sign on what rounds to zero.
            Without it, plain characters for terminals and Markdown.
        notation: ``g`` lets ``decimals`` be significant digits instead.
    """

    decimals: int = 3
    signed: bool = False
    typeset: bool = False
    notation: Literal["f", "g"] = "f"

    def number(self, number: float) -> str:
        """``0.012``, ``+0.012`` or ``-0.012``."""
        text = f"{number:{'+' if self.signed else ''}.{self.decimals}{self.notation}}"
        if not self.typeset:
            return text
        return text.lstrip("+-") if float(text) == 0.0 else text.replace("-", MINUS)

    def interval(self, found: Interval) -> str:
        """``0.012 [0.010, 0.014]``."""
        return f"{self.number(found.mean)} {self.bounds(found)}"

    def bounds(self, found: Interval) -> str:
        """``[0.010, 0.014]``."""
        return f"[{self.number(found.low)}, {self.number(found.high)}]"

    def half(self, found: Interval) -> str:
        """``±0.002``, half the width of the interval."""
        form = Form(self.decimals, typeset=self.typeset, notation=self.notation)
        return f"±{form.number((found.high - found.low) / 2)}"

    def plus_minus(self, found: Interval) -> str:
        """``0.012 ±0.002``; typeset, ``0.012 ± 0.002``."""
        gap = "± " if self.typeset else "±"
        return f"{self.number(found.mean)} {self.half(found).replace('±', gap)}"


def payoff_in_words(rivalry: float) -> str:
    """``zero-sum``, ``own score only`` or ``own score less 0.5 x the other's``."""
    if rivalry == 1:
        return "zero-sum"
    return paid_in_words(rivalry) if rivalry else "own score only"


def paid_in_words(rivalry: float, own: str = "own score", other: str = "the other's") -> str:
    """What a side is paid: ``own score``, or that ``less the other's`` or ``less 0.5 x ...``."""
    if rivalry == 0:
        return own
    return f"{own} less {'' if rivalry == 1 else f'{rivalry:g} x '}{other}"


def basis(count: int, what: str) -> str:
    """What an interval rests on: ``95 %, 400 held-out episodes``."""
    return f"95 %, {plural(count, what)}"


def percent(share: float) -> str:
    """``12 %``; one decimal below ten per cent."""
    return f"{100 * share:.1f} %" if 0 < share < 0.0995 else f"{100 * share:.0f} %"


def duration(seconds: float) -> str:
    """``40 s``, ``3 min`` or ``2.5 h``."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def plural(count: int, noun: str) -> str:
    """``1 episode``, ``2 episodes``."""
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def shortened(name: str, longest: int = LONGEST_NAME) -> str:
    """A name that leaves room for a drawing: its ends, where it is long."""
    if len(name) <= longest:
        return name
    half = (longest - 1) // 2
    return f"{name[:half]}…{name[-half:]}"
