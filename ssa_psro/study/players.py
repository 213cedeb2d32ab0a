"""Policies by name, wherever they come from: heuristics, and the policies of a run."""

from __future__ import annotations

from ssa_psro.errors import Fault, UsageError, did_you_mean
from ssa_psro.policies import Mixture, Policy
from ssa_psro.scenario.schema import SIDES
from ssa_psro.study.audit.subjects import outcome_of
from ssa_psro.study.policies import restore
from ssa_psro.study.reading import Run


def policy_of(run: Run, name: str) -> Policy:
    """A policy of a run, ready to be played in any game.

    Args:
        run: finished or not.
        name: of a member, such as ``blue-1``; or ``blue`` or ``red``, for the mixture of that side
            in the best iterate of a finished run.

    Raises:
        RunFolderError: the run is damaged, or made under other rules.
        UsageError: it has no such policy.
    """
    state = restore(run)
    known = {one.name: one.policy for two in reversed(state.populations) for one in two.members}
    if run.finished:
        outcome = outcome_of(run, state, "best")
        for side, members, shares in zip(SIDES, outcome.members, outcome.mixtures, strict=True):
            known[side] = Mixture(side, [one.policy for one in members], shares)
    if name not in known:
        cure = did_you_mean(name, known)
        raise UsageError("policy", [Fault("name", name, "not in this run", cure)])
    return known[name]
