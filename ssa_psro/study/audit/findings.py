"""What an audit is asked for, and what it found, in plain numbers that go to JSON and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import Literal, get_args

from ssa_psro.errors import Fault, UsageError, as_integer, did_you_mean, is_less
from ssa_psro.metagame.intervals import Interval
from ssa_psro.study.study import Study

BUDGETS = (50_000, 200_000, 800_000)
"""Decisions of a training, unless others are asked for."""

MEMBER = "member"
"""What stands for an oracle where nobody trained for the audit."""

Against = Literal["best", "final"]


@dataclass(frozen=True)
class AuditSettings:
    """What an audit is asked for.

    Attributes:
        against: the mixtures of the ``best`` iterate, or the equilibrium of the ``final`` table.
        budgets: decisions of each training, ascending; every oracle and start has each of them.
        episodes: on which gains are measured; as many again choose the best response.
        seed: root of all randomness.
        self_play: whether the baseline is trained and audited too.
        members: folders of other runs whose members attack too.
        short: search alone, from two starts.
        entropy: weight of the entropy bonus of self-play's PPO.
    """

    against: Against
    budgets: tuple[int, ...]
    episodes: int
    seed: int
    self_play: bool = False
    members: tuple[str, ...] = ()
    short: bool = False
    entropy: float = 0.0


def settings_of(
    study: Study,
    *,
    against: Against = "best",
    budgets: Sequence[int] | None = None,
    members: Sequence[str] = (),
    episodes: int | None = None,
    seed: int | None = None,
    self_play: bool = False,
    short: bool = False,
    entropy: float = 0.0,
) -> AuditSettings:
    """What an audit is asked for, by what the study of the run says where nothing else is given.

    Raises:
        UsageError: no budget, or one below a decision; an entropy bonus that punishes spread, or of
            self-play that is not asked for; or what is no such choice or number.
    """
    if against not in get_args(Against):
        cure = did_you_mean(str(against), get_args(Against))
        raise UsageError("audit", [Fault("against", against, "is no such mixtures", cure)])
    if self_play not in (True, False):
        fault = Fault("self_play", self_play, "is no truth value", "Give True or False.")
        raise UsageError("audit", [fault])
    if not 0.0 <= entropy < inf:
        fault = Fault("entropy", entropy, "is no weight of a bonus", "Give 0 or more, as in 0.05.")
        raise UsageError("audit", [fault])
    if entropy and not self_play:
        fault = Fault("entropy", entropy, "is self-play's, which is not asked for", "Ask for both.")
        raise UsageError("audit", [fault])
    if budgets is None:
        budgets = (study.oracle.decisions,) if short else BUDGETS
    if not len(budgets) or any(is_less(one, 1) for one in budgets):
        cure = "Give decisions of a training, 1 or more, as in 50k,200k,800k."
        raise UsageError("audit", [Fault("budgets", list(budgets), "are no budgets", cure)])
    measured = study.solver.held_out_episodes if episodes is None else episodes
    return AuditSettings(
        against=against,
        budgets=tuple(sorted({int(one) for one in budgets})),
        episodes=as_integer("audit", "episodes", measured, 2),
        seed=as_integer("audit", "seed", study.seed if seed is None else seed, 0),
        self_play=self_play,
        members=tuple(members),
        short=short,
        entropy=entropy,
    )


@dataclass(frozen=True)
class ResponseFindings:
    """One response, and what it gains over its own side's mixture on held-out episodes.

    Attributes:
        side: name of the side it plays; ``both``: gains are then means over both seats.
        name: of the response.
        oracle: what trained it; ``member`` for an existing policy.
        start_rule: start rule that was asked for, or the other run's member that it starts from;
            empty for an existing policy.
        start: what training really started from.
        decisions: it was trained for.
        seconds: of training.
        choosing_gain: mean gain on the episodes that chose among the responses.
        gain: on episodes that chose and trained nothing.
        chosen: whether it is the best of its side by ``choosing_gain``.
        budget: decisions that it was allowed; 0 for an existing policy.
        converged: whether the oracle says that it had; ``None`` where it says nothing.
        seed: root of the audit that trained it; ``None`` for an existing policy.
    """

    side: str
    name: str
    oracle: str
    start_rule: str
    start: str
    decisions: int
    seconds: float
    choosing_gain: float
    gain: Interval
    chosen: bool
    budget: int = 0
    converged: bool | None = None
    seed: int | None = None


@dataclass(frozen=True)
class CurvePoint:
    """What an attack of one budget gains; it may play the answers of every smaller one.

    Attributes:
        budget: decisions of its longest trainings; at 0 existing policies attack alone.
        trainings: that count, of all sides, with this budget or a smaller one.
        bound: mean over both sides of the largest gain found, none below zero: a lower bound of
            the exploitability. Its interval holds jointly over both sides and all points.
        gains: the same by side, as they are; one where responses play both seats.
        chosen: names of each side's best, by the episodes that choose.
    """

    budget: int
    trainings: int
    bound: Interval
    gains: tuple[Interval, ...]
    chosen: tuple[str, ...]


@dataclass(frozen=True)
class Findings:
    """How much an attack gains over one pair of mixtures.

    Attributes:
        audited: ``best``, ``final`` or ``self-play``.
        settings: what was asked for last; responses of earlier audits, with budgets and seeds of
            their own, attack too.
        points: of the curve, by ascending budget; it never falls.
        responses: side after side.
        iteration: whose mixtures these are; ``None`` for the final equilibrium and self-play.
        in_loop: the run's own approximate exploitability of the same mixtures, where it has one.
    """

    audited: str
    settings: AuditSettings
    points: tuple[CurvePoint, ...]
    responses: tuple[ResponseFindings, ...]
    iteration: int | None = None
    in_loop: Interval | None = None

    @property
    def sides(self) -> tuple[str, ...]:
        """Whose responses attack, see ``ResponseFindings.side``."""
        return tuple(dict.fromkeys(one.side for one in self.responses))

    @property
    def budgets(self) -> tuple[int, ...]:
        """At which somebody trained, ascending; one at least."""
        return tuple(one.budget for one in self.points if one.budget)

    @property
    def largest(self) -> CurvePoint:
        """The end of the curve: the largest gain found."""
        return self.points[-1]


@dataclass(frozen=True)
class SelfPlayFindings:
    """The baseline without a population, at the budget of the run.

    Attributes:
        decisions: of each side, in all.
        seconds: of training.
        payoffs: what the run's Blue mixture earns against self-play's Red, and its Red against
            self-play's Blue.
        findings: the same attack, on self-play's networks.
    """

    decisions: int
    seconds: float
    payoffs: tuple[Interval, Interval]
    findings: Findings


@dataclass(frozen=True)
class Audit:
    """All audits of one outcome of a run.

    Attributes:
        format: of the document.
        scenario: its name.
        content_hash: of the game.
        in_loop_decisions: length of each training by which the run measured its best iterate.
        best: of the best iterate's mixtures; ``None`` where nobody has attacked them.
        final: of the equilibrium of the final table, likewise.
        self_play: of the baseline, likewise.
        rules_version: of the game's rules, see ``scenario.identity.RULES_VERSION``.
    """

    format: int
    scenario: str
    content_hash: str
    in_loop_decisions: int
    best: Findings | None = None
    final: Findings | None = None
    self_play: SelfPlayFindings | None = None
    rules_version: int = 1

    @property
    def of_run(self) -> list[Findings]:
        """What was found about the run's own mixtures, the best iterate's first; one at least."""
        return [found for found in (self.best, self.final) if found is not None]
