"""Policies that a command line names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ssa_psro.policies import Policy


def policies_named(wanted: Sequence[tuple[str, str]]) -> list[Policy]:
    """The policies of these names, in order.

    Args:
        wanted: what asked for each policy, such as ``--blue``, and its name.

    Raises:
        UsageError: with every unknown name, where it was asked for, and the nearest known one.
    """
    from ssa_psro.errors import Fault, UsageError, did_you_mean
    from ssa_psro.policies import HEURISTICS, make_policy

    faults = [
        Fault(place, name, "not one of the known policies", did_you_mean(name, HEURISTICS))
        for place, name in wanted
        if name not in HEURISTICS
    ]
    if faults:
        raise UsageError("command line", faults)
    return [make_policy(name) for _, name in wanted]
