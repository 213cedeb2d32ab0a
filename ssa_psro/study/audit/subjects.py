"""Whom an audit is about, and who attacks without training.

A subject is a pair of mixtures. Every policy at hand attacks it as it is: the members of both
populations of the run, for a policy plays either seat, and the trained members of other runs. Where
the players share a population, so that chance seats them, an attacker plays both seats.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np

from ssa_psro.arrays import Floats, Seeds
from ssa_psro.errors import Fault, RunFolderError
from ssa_psro.games.coverage.game import Coverage
from ssa_psro.learn.protocol import Member
from ssa_psro.metagame.judge import Fixture, Judge, play_all
from ssa_psro.policies import Mixture, Policy
from ssa_psro.psro import PsroState
from ssa_psro.psro.records import BOTH
from ssa_psro.scenario.schema import SIDES
from ssa_psro.study.audit.findings import Against
from ssa_psro.study.audit.storage import self_play_named
from ssa_psro.study.policies import restore
from ssa_psro.study.reading import Run, open_run
from ssa_psro.work import Mapper

Members = tuple[Member[Policy], ...]


@dataclass(frozen=True, eq=False)
class Subject:
    """Two mixtures to be audited.

    Attributes:
        name: ``best``, ``final`` or ``self-play``.
        members: Blue's and Red's, ``[n]`` and ``[m]``; not all need be in the mixtures.
        mixtures: their probabilities.
        sides: whose responses attack: Blue's and Red's, each in its own seat; or ``BOTH``, whose
            responses play both seats.
    """

    name: str
    members: tuple[Members, Members]
    mixtures: tuple[Floats, Floats]
    sides: tuple[str, ...] = SIDES

    def mixed(self, side: int) -> Mixture:
        """One side's mixture as a policy."""
        return Coverage.mix([member.policy for member in self.members[side]], self.mixtures[side])

    def at_hand(self, side: int) -> Members:
        """Who may play a side's seat: its own members, then those of the other side alone."""
        own = self.members[side]
        names = {member.name for member in own}
        return (*own, *(one for one in self.members[1 - side] if one.name not in names))


def outcome_of(run: Run, state: PsroState[Policy], against: Against) -> Subject:
    """The outcome of a finished run, with all its members, also those that came later."""
    assert run.solution is not None, "the run is finished"
    assert run.best_record is not None, "a finished run has a best iterate"
    if against == "best":
        shares = [np.array(side.mixture) for side in run.best_record.sides]
    else:
        shares = [np.array([one.mean for one in side.mixture]) for side in run.solution.sides]
    blue, red = (
        np.pad(share, (0, len(population.members) - share.size))
        for share, population in zip(shares, state.populations, strict=True)
    )
    members = state.populations[0].members, state.populations[1].members
    return Subject(against, members, (blue, red), (BOTH,) if run.study.shared else SIDES)


def self_play_of(
    state: PsroState[Policy], networks: tuple[Member[Policy], Member[Policy]], entropy: float
) -> Subject:
    """The networks of self-play, each alone in its mixture, among the heuristics of the run.

    Each was trained for its seat, so each side has responses of its own, whatever the run has.
    """
    heuristics = [
        [member for member in population.members if member.parameters is None]
        for population in state.populations
    ]
    blue, red = ((*own, network) for own, network in zip(heuristics, networks, strict=True))
    return Subject(self_play_named(entropy), (blue, red), (_last(blue), _last(red)))


def _last(members: Sequence[Member[Policy]]) -> Floats:
    return np.asarray(np.eye(len(members))[-1])


@dataclass(frozen=True, eq=False)
class Guests:
    """The trained members of another run.

    Attributes:
        run: name of its folder.
        members: Blue's, then Red's.
    """

    run: str
    members: Members


def guests_of(folder: Path) -> Guests:
    """Who comes from another run folder, finished or not, of whatever game.

    Raises:
        RunFolderError: it is no run folder, damaged, made under other rules, or has trained nobody.
    """
    state = restore(open_run(folder))
    trained = {  # once where both sides share a population
        member.name: member
        for population in state.populations
        for member in population.members
        if member.parameters is not None
    }
    if not trained:
        cure = "Name a run with an iteration at least."
        fault = Fault("--members", str(folder), "has trained nobody yet", cure)
        raise RunFolderError(str(folder), [fault])
    return Guests(folder.resolve().name, tuple(trained.values()))


@dataclass(frozen=True, eq=False)
class Untrained:
    """An attacker as it is: the best that a run has against the other side's mixture.

    Attributes:
        member: who it is.
        run: name of the folder of the run that it comes from; empty for the audited one.
    """

    member: Member[Policy]
    run: str = ""

    @property
    def name(self) -> str:
        """With the run where it is another."""
        return f"{self.run}/{self.member.name}" if self.run else self.member.name

    @property
    def digest(self) -> str:
        """Of what it plays, to tell members of one name apart."""
        parameters = self.member.parameters or {}
        parts = [part for key in sorted(parameters) for part in (key, parameters[key].tobytes())]
        content = b"".join(part if isinstance(part, bytes) else part.encode() for part in parts)
        return sha256(content).hexdigest()[:12]


@dataclass(frozen=True, eq=False)
class Scouted:
    """What those at hand earn against each of a subject's sides' opponents, from a few episodes.

    Attributes:
        scores: of every own member, ``[n]``, by side.
        best: the best attacker of each run, the audited one first, by side.
    """

    scores: Sequence[Floats]
    best: Sequence[tuple[Untrained, ...]]

    def guests(self, place: int) -> dict[str, Untrained]:
        """The best of each other run, by digest, of the side in this place."""
        return {one.digest: one for one in self.best[place] if one.run}


def scouted(
    subject: Subject,
    guests: Sequence[Guests],
    *,
    judge: Judge[Policy],
    seeds: Seeds,
    map_cells: Mapper,
) -> Scouted:
    """Play everybody at hand against both mixtures.

    Args:
        subject: the mixtures.
        guests: of other runs.
        judge: plays one match.
        seeds: episodes ``[E]``.
        map_cells: where matches are played.
    """
    groups = [
        [("", subject.at_hand(side)), *((one.run, one.members) for one in guests)]
        for side in range(len(subject.sides))
    ]
    everybody = [[one for _, group in own for one in group] for own in groups]
    blue, red = subject.mixed(0), subject.mixed(1)
    fixtures = [Fixture[Policy](one.policy, red, seeds) for one in everybody[0]]
    fixtures += [Fixture[Policy](blue, one.policy, seeds) for one in everybody[-1]]
    payoffs = play_all(judge, fixtures, map_cells)
    first = len(everybody[0])
    means = by_side(
        subject,
        np.array([one[:, 0].mean() for one in payoffs[:first]]),
        np.array([one[:, 1].mean() for one in payoffs[first:]]),
    )
    best = [_best(*pair) for pair in zip(groups, means, strict=True)]
    own = zip(means, subject.members, strict=False)
    return Scouted([scores[: len(members)] for scores, members in own], best)


def by_side(subject: Subject, blue: Floats, red: Floats) -> list[Floats]:
    """What attackers earn in Blue's seat ``[a, ...]`` and in Red's, by a subject's sides.

    Who plays both seats earns the mean.
    """
    return [blue, red] if len(subject.sides) > 1 else [(blue + red) / 2]


def _best(groups: Sequence[tuple[str, Members]], means: Floats) -> tuple[Untrained, ...]:
    """The best of each group, the first of equals."""
    ends = np.cumsum([len(members) for _, members in groups])
    parts = np.split(means, ends[:-1])
    return tuple(
        Untrained(members[int(part.argmax())], run)
        for (run, members), part in zip(groups, parts, strict=True)
    )
