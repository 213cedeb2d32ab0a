"""What a transfer is asked for, and what it found, in plain numbers that go to JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ssa_psro.metagame.intervals import Interval

FORMAT = 1


@dataclass(frozen=True)
class TransferSettings:
    """What is asked for.

    Attributes:
        against: which of the run's mixtures: of the ``best`` iterate or of the ``final`` table.
        cell_episodes: of every pair of heuristics, whose equilibrium is the yardstick.
        episodes: held-out, on which everything is measured; a quarter as many others choose who
            deviates.
        seed: root of all randomness.
    """

    against: Literal["best", "final"]
    cell_episodes: int
    episodes: int
    seed: int


@dataclass(frozen=True)
class Crossing:
    """The run's mixtures in one game, beside the equilibrium of the heuristics there.

    Every payoff is measured on the same held-out episodes, so that differences are paired.

    Attributes:
        scenario: its name.
        content_hash: of the game.
        home: whether the run was trained in it.
        sensors: of Blue and of Red.
        objects: in the catalogue.
        heuristics: what the heuristics' equilibrium plays, by side and name.
        values: payoff of each side when both play the run's mixtures.
        scores: coverage score of each side in these episodes.
        gains: what each side gains by playing the run's mixture instead of the heuristics',
            while the other side plays the heuristics' mixture.
        gain: the mean of both.
        deviators: the known policy, heuristic or of the run, that does best against the run's
            mixtures, by side; chosen on other episodes.
        known_exploitability: what these two gain, NashConv / 2: a lower bound of the
            exploitability of the run's mixtures, by policies at hand.
        heuristic_exploitability: the same about the heuristics' mixtures.
    """

    scenario: str
    content_hash: str
    home: bool
    sensors: tuple[int, int]
    objects: int
    heuristics: Mapping[str, Mapping[str, float]]
    values: tuple[Interval, Interval]
    scores: tuple[Interval, Interval]
    gains: tuple[Interval, Interval]
    gain: Interval
    deviators: tuple[str, str]
    known_exploitability: Interval
    heuristic_exploitability: Interval


@dataclass(frozen=True)
class Transfer:
    """A run's policies at home and elsewhere.

    Attributes:
        format: of the document.
        run: name of the run folder.
        iteration: whose mixtures; ``None`` for the final equilibrium.
        settings: what was asked for.
        crossings: the run's own game first.
    """

    format: int
    run: str
    iteration: int | None
    settings: TransferSettings
    crossings: tuple[Crossing, ...]
