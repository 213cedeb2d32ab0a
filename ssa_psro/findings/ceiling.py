"""The upper bounds of what responses gain, beside what is known to be gained."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssa_psro.findings.wording import Form
from ssa_psro.metagame.intervals import Interval

if TYPE_CHECKING:
    from ssa_psro.study.ceiling import Ceilings

LEVEL = Form(3)


def ceiling_facts(found: Ceilings, known: Interval | None) -> list[tuple[str, str]]:
    """Both sides' bounds, and the two that exploitability lies between.

    Args:
        found: the upper bounds.
        known: approximate exploitability of the same mixtures, the lower bound.
    """
    facts = []
    for side, most, gain in zip(("Blue", "Red"), found.most, found.gain, strict=True):
        facts.append((f"{side} is paid at most", LEVEL.interval(most)))
        facts.append(("    more than its mixture by", LEVEL.interval(gain)))
    facts.append(("exploitability at most", LEVEL.interval(found.exploitability)))
    facts.append(("    on episodes", f"{found.exploitability.count:,}"))
    if known is not None:
        facts.append(("exploitability at least, by the run", LEVEL.interval(known)))
    whom = "what it does is known but for its luck" if found.opposed else "left out: denial"
    return [*facts, ("the opponent", whom)]
