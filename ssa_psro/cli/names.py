"""Names that a user may write, looked up in every registry of the package."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ssa_psro.policies import Policy
    from ssa_psro.scenario import KnownNames


def known_names() -> KnownNames:
    """All names that a scenario file may use."""
    from ssa_psro.learn import ORACLES, START_WEIGHTS
    from ssa_psro.metagame.sampling import SAMPLERS
    from ssa_psro.metagame.solvers import SOLVERS
    from ssa_psro.policies import HEURISTICS
    from ssa_psro.psro.targets import TARGETS
    from ssa_psro.scenario import KnownNames

    return KnownNames(
        policies=tuple(HEURISTICS),
        solvers=tuple(SOLVERS),
        oracles=tuple(ORACLES),
        starts=tuple(START_WEIGHTS),
        targets=tuple(TARGETS),
        samplers=tuple(SAMPLERS),
    )


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
