"""What one iteration found, in plain numbers that go to JSON and back unchanged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from ssa_psro.learn.protocol import Fact
from ssa_psro.metagame.estimates import Likeness
from ssa_psro.metagame.intervals import Interval

MEASURED = ("approx_exploitability", "raw_exploitability")
"""What a review measures anew."""

BOTH = "both"
"""Names the sides where they share one population."""


@dataclass(frozen=True)
class ResponseRecord:
    """One trained response.

    Attributes:
        name: of the new member.
        target: whom it was trained against, in words.
        gain: what it gains over its side's own mixture, on held-out episodes.
        start_rule: start rule that was asked for.
        start: what training really started from.
        facts: what the oracle noted.
        oracle_s: seconds of training.
        whole: whether it was trained against the other side's mixture as it is. What another
            one gains, or fails to, is no evidence about that mixture.
        nearest: the member of before that it is most like, by the payoff table once it had
            joined; ``None`` in records of before this was looked at.
    """

    name: str
    target: str
    gain: Interval
    start_rule: str
    start: str
    facts: Mapping[str, Fact]
    oracle_s: float
    whole: bool = True
    nearest: Likeness | None = None


@dataclass(frozen=True)
class SideRecord:
    """One side of one iteration. Gains are over the side's own mixture, held-out episodes.

    Attributes:
        side: name of the side, or ``BOTH``: gains are then means over both seats.
        names: members the mixture is over, ``[n]``.
        mixture: their probabilities, ``[n]``.
        value: payoff of mixture against mixture on the table's episodes, in this side's seat.
        held_out_value: payoff of mixture against mixture on episodes that chose nothing.
        responses: the newly trained members, one or more.
        strongest: index of the response that gains most; of several, the best of them by the
            same episodes, hence a little flattered.
        incumbent: the existing member that gains most, among those the table can't rule out.
        incumbent_gain: what that one gains; of several, flattered likewise.
    """

    side: str
    names: tuple[str, ...]
    mixture: tuple[float, ...]
    value: Interval
    held_out_value: Interval
    responses: tuple[ResponseRecord, ...]
    strongest: int
    incumbent: str
    incumbent_gain: Interval

    @property
    def gain(self) -> Interval:
        """What the strongest response gains."""
        return self.responses[self.strongest].gain

    @property
    def champion(self) -> str:
        """Name of whoever gains most: the strongest response, or an existing member."""
        if self.incumbent_gain.mean > self.gain.mean:
            return self.incumbent
        return self.responses[self.strongest].name

    @property
    def shortfall(self) -> float:
        """What the responses that were trained for the whole mixture are known to miss of it."""
        highs = [response.gain.high for response in self.responses if response.whole]
        return max(0.0, -max(highs, default=0.0))


@dataclass(frozen=True)
class Review:
    """What members that joined later gain over the mixtures of an earlier iterate.

    Attributes:
        iteration: whose mixtures they are.
        members: of the row and the column player, who gains most now.
        gains: what these gain, on the episodes that chose them.
        approx_exploitability: of the mixtures, by all members there are now; see
            ``IterationRecord``.
        raw_exploitability: likewise.
    """

    iteration: int
    members: tuple[str, str]
    gains: tuple[Interval, Interval]
    approx_exploitability: Interval
    raw_exploitability: Interval


@dataclass(frozen=True)
class IterationRecord:
    """One iteration: the mixtures it began with, and what was found about them.

    The exploitabilities are those of the mixtures *before* this iteration's responses joined
    the populations, the ones the responses were trained against. They are what the strongest
    member gains, be it new or old. Members that join later may gain more: what they do stands in
    the reviews of the iteration they join in, see :func:`recomputed`.

    Attributes:
        iteration: from 1.
        sides: row, then column player.
        method: the meta-solver that made the mixtures.
        gap: its certificate, see :class:`~ssa_psro.metagame.solvers.Equilibrium`.
        restricted_exploitability: within the populations; about 0 at a Nash by construction.
        approx_exploitability: a lower bound of the truth, clamped per side.
        raw_exploitability: mean of both sides' gains as they are, below zero too.
        episodes: how many of each cell the payoff table holds once the responses have joined,
            ``[n][m]``.
        seconds: duration of each stage by name.
        reviews: of earlier iterates, once this iteration's responses had joined.
    """

    iteration: int
    sides: tuple[SideRecord, SideRecord]
    method: str
    gap: float
    restricted_exploitability: float
    approx_exploitability: Interval
    raw_exploitability: Interval
    episodes: tuple[tuple[int, ...], ...]
    seconds: Mapping[str, float]
    reviews: tuple[Review, ...] = ()

    @property
    def answered(self) -> bool:
        """Whether each side has a response that was trained against the whole mixture."""
        return all(any(one.whole for one in side.responses) for side in self.sides)

    def repeats(self, tolerance: float) -> bool:
        """Whether every response is one of before again, as far as payoffs tell within this."""
        found = [one.nearest for side in self.sides for one in side.responses if one.whole]
        alike = [near is not None and near.bound < tolerance for near in found]
        return self.answered and all(alike)

    @property
    def populations(self) -> tuple[SideRecord, ...]:
        """One a population; where the sides share theirs, both sides have the same to say."""
        return self.sides[:1] if self.sides[0].side == BOTH else self.sides

    @property
    def credible_bound(self) -> float:
        """Upper bound of ``approx_exploitability`` plus the oracles' proven shortfall.

        A response that does worse than the mixture it was to beat shows that its oracle
        misses at least that much, for playing on with the mixture would have been better.
        Without this term a failed training would pass for an equilibrium.
        """
        # the response's own upper bound: only what it is *known* to fall short by counts
        shortfall = sum(side.shortfall for side in self.sides) / len(self.sides)
        return self.approx_exploitability.high + shortfall


def without_durations(record: IterationRecord) -> IterationRecord:
    """The record less what the speed of the machine decides: equal runs have equal ones."""
    sides = [
        replace(side, responses=tuple(replace(one, oracle_s=0.0) for one in side.responses))
        for side in record.sides
    ]
    return replace(record, sides=(sides[0], sides[1]), seconds={})


def record_to_json(record: IterationRecord) -> dict[str, Any]:
    """The record as dicts, lists and numbers."""
    return asdict(record)


def record_from_json(data: Mapping[str, Any]) -> IterationRecord:
    """The record that :func:`record_to_json` wrote."""
    row, column = (_side_from_json(side) for side in data["sides"])
    reviews = tuple(map(_review_from_json, data.get("reviews", ())))
    parts = {"sides": (row, column), "reviews": reviews}
    episodes = tuple(map(tuple, data["episodes"]))
    return IterationRecord(**{**data, **_intervals(data, MEASURED), **parts, "episodes": episodes})


def recomputed(records: Sequence[IterationRecord]) -> tuple[IterationRecord, ...]:
    """The records, each with the exploitabilities of its last review in place of its own."""
    latest = {review.iteration: review for record in records for review in record.reviews}
    return tuple(
        replace(record, **{key: getattr(latest[record.iteration], key) for key in MEASURED})
        if record.iteration in latest
        else record
        for record in records
    )


def best_record(records: Sequence[IterationRecord]) -> IterationRecord | None:
    """Of the :func:`challenged` the one with the lowest ``credible_bound`` by all members now.

    It comes with its recomputed exploitabilities; the earliest of equals, ``None`` of none.

    Exploitability need not fall from one iteration to the next, so the last iterate is not
    the best one. Neither is the one over which its own responses gained least: it may be the one
    whose training failed. The bound prefers what is known to be low to what may be. Of iterates
    that are alike it is the luckiest: its figures are of the episodes that chose it.
    """
    known = challenged(recomputed(records))
    return min(known, key=lambda record: record.credible_bound, default=None)


def challenged(records: Sequence[IterationRecord]) -> tuple[IterationRecord, ...]:
    """The iterates that responses were trained against; all, where there are none.

    Against the others nobody has tried: that little is gained over them says nothing.
    """
    return tuple(record for record in records if record.answered) or tuple(records)


def _review_from_json(data: Mapping[str, Any]) -> Review:
    row, column = (Interval(**gain) for gain in data["gains"])
    parts = {"members": tuple(data["members"]), "gains": (row, column)}
    return Review(**{**data, **_intervals(data, MEASURED), **parts})


def _side_from_json(data: Mapping[str, Any]) -> SideRecord:
    intervals = _intervals(data, ("value", "held_out_value", "incumbent_gain"))
    lists = {
        "names": tuple(data["names"]),
        "mixture": tuple(data["mixture"]),
        "responses": tuple(
            ResponseRecord(**{**one, **_intervals(one, ("gain",)), "nearest": _likeness(one)})
            for one in data["responses"]
        ),
    }
    return SideRecord(**{**data, **intervals, **lists})


def _likeness(data: Mapping[str, Any]) -> Likeness | None:
    found = data.get("nearest")
    return None if found is None else Likeness(**found)


def _intervals(data: Mapping[str, Any], keys: Sequence[str]) -> dict[str, Interval]:
    return {key: Interval(**data[key]) for key in keys}
