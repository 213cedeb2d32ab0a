"""Policies that a command line names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ssa_psro.errors import Fault
    from ssa_psro.policies import Policy


def policies_named(wanted: Sequence[tuple[str, str]]) -> list[Policy]:
    """The policies of these names, in order.

    Args:
        wanted: what asked for each policy, such as ``--blue``, and its name: that of a heuristic;
            ``RUN:blue`` or ``RUN:red`` for a mixture of a finished run, ``RUN:NAME`` for a member.

    Raises:
        UsageError: with every unknown name, where it was asked for, and the nearest known one.
    """
    from ssa_psro.errors import UsageError

    faults: list[Fault] = []
    found = [_policy_named(place, name, faults) for place, name in wanted]
    if faults:
        raise UsageError("command line", faults)
    return [one for one in found if one is not None]


def _policy_named(place: str, name: str, faults: list[Fault]) -> Policy | None:
    import numpy as np

    from ssa_psro.errors import Fault, InputError, did_you_mean
    from ssa_psro.policies import HEURISTICS, Mixture, make_policy
    from ssa_psro.study import open_run
    from ssa_psro.study.players import policy_of

    if name in HEURISTICS:
        return make_policy(name)
    folder, _, member = name.rpartition(":")
    if not folder:
        cure = did_you_mean(name, HEURISTICS)
        faults.append(Fault(place, name, "not one of the known policies", cure))
        return None
    try:
        policy = policy_of(open_run(folder), member)
    except InputError as error:
        problem = "; ".join(one.problem for one in error.faults)
        faults.append(Fault(place, name, problem, error.faults[0].cure))
        return None
    # by the whole name, for two runs may have members of one name
    return Mixture(name, [policy], np.ones(1))
