"""Numbers and reasons as an analyst reads them."""

from __future__ import annotations

MINUS = "\N{MINUS SIGN}"
LONGEST_NAME = 23


def signed(number: float, decimals: int = 3) -> str:
    """``+0.012``, with a true minus sign; what rounds to zero has no sign."""
    text = f"{number:+.{decimals}f}"
    if float(text) == 0.0:
        return text[1:]
    return text.replace("-", MINUS)


def unsigned(number: float, decimals: int = 3) -> str:
    """``0.012``, with a true minus sign should it be below zero."""
    text = f"{number:.{decimals}f}"
    return (text.lstrip("-") if float(text) == 0.0 else text).replace("-", MINUS)


def percent(share: float) -> str:
    """``12 %``; one decimal below ten per cent."""
    return f"{100 * share:.1f} %" if 0 < share < 0.0995 else f"{100 * share:.0f} %"


def shortened(name: str) -> str:
    """A name that leaves room for a drawing: its ends, where it is long."""
    if len(name) <= LONGEST_NAME:
        return name
    half = (LONGEST_NAME - 1) // 2
    return f"{name[:half]}…{name[-half:]}"


def plural(count: int, noun: str) -> str:
    """``1 episode``, ``2 episodes``."""
    return f"{count:,} {noun}" + ("" if count == 1 else "s")
