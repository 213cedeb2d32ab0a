"""What the front door returns of matches and tournaments: numbers, tables, DataFrames, traces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np

from ssa_psro.errors import Fault, UsageError
from ssa_psro.findings.events import custody_by_episode, look_log
from ssa_psro.findings.match import figure_table
from ssa_psro.findings.merit import Figures, all_tables, figures_of, merit_table
from ssa_psro.findings.rivalry import price_in_brief
from ssa_psro.findings.table import UTC, Table
from ssa_psro.findings.tournament import (
    custody_table,
    ranking_table,
    seat_custody_table,
    seat_table,
)
from ssa_psro.findings.wording import Form
from ssa_psro.game import game_of
from ssa_psro.metagame.tournament import Standing, Tournament
from ssa_psro.policies import Policy
from ssa_psro.report.markup import html_table
from ssa_psro.study import Study
from ssa_psro.study.matches import MeasuredMatch, PlayedTournament
from ssa_psro.study.outcome import PriceOfRivalry
from ssa_psro.trace import Trace, record

PAYOFF = Form(3, signed=True)


@dataclass(frozen=True, eq=False, repr=False)
class FoundMatch:
    """One policy against another.

    Attributes:
        study: the game that was played.
        policies: Blue's and Red's.
        measured: payoffs and scores, and what is kept of each episode.
    """

    study: Study
    policies: tuple[Policy, Policy]
    measured: MeasuredMatch

    @property
    def names(self) -> tuple[str, str]:
        """Blue's and Red's policy."""
        return self.policies[0].name, self.policies[1].name

    @cached_property
    def figures(self) -> Figures:
        """Every figure of merit by name, Blue's and Red's, each with its interval."""
        return figures_of(self.measured)

    @property
    def table(self) -> Table:
        """A line a figure of merit."""
        return figure_table(self.measured, self.study.scenario, self.names)

    @property
    def tables(self) -> list[Table]:
        """Everything that ``ssa-psro play --tables`` writes."""
        return all_tables(self.measured, self.study.scenario)

    def to_dataframe(self, by: Literal["side", "regime", "object", "sensor"] = "side") -> Any:
        """The figures of merit as a pandas DataFrame, a row a figure of one side, object and so on.

        Raises:
            UsageError: pandas is not installed.
        """
        return _frame(merit_table(self.measured, self.study.scenario, by))

    def custody(self) -> Any:
        """Custody in every episode, a row a step and side in UTC, as a pandas DataFrame.

        Raises:
            UsageError: pandas is not installed.
        """
        return _frame(custody_by_episode(self.measured, self.study.scenario))

    def looks(self) -> Any:
        """Every look of every episode in UTC, as a pandas DataFrame.

        Raises:
            UsageError: pandas is not installed.
        """
        return _frame(look_log(self.measured.episodes, self.study.scenario))

    def trace(self, episode: int = 1) -> Trace:
        """All that happened in one episode, numbered from 1; it is played again for that.

        Raises:
            UsageError: there is no such episode.
        """
        count = len(self.measured.episodes)
        if not 1 <= episode <= count:
            cure = f"Give a number from 1 to {count}."
            raise UsageError("match", [Fault("episode", episode, "was not played", cure)])
        seeds = np.array([self.measured.episodes[episode - 1].seed], np.uint64)
        return record(game_of(self.study.scenario), *self.policies, seeds)[0]

    def __repr__(self) -> str:
        blue, red = self.figures["payoff"]
        assert blue is not None, "two episodes or more"
        assert red is not None, "two episodes or more"
        return (
            f"<{self.study.name}, {self.names[0]} v {self.names[1]}, {blue.count} episodes: payoff "
            f"{PAYOFF.interval(blue)} and {PAYOFF.interval(red)}>"
        )

    def _repr_html_(self) -> str:
        return html_table(self.table)


@dataclass(frozen=True, eq=False, repr=False)
class FoundTournament:
    """Everybody against everybody, solved.

    Attributes:
        study: the game that was played.
        played: what was played, and what it came to.
    """

    study: Study
    played: PlayedTournament

    @property
    def found(self) -> Tournament:
        """The payoffs, the equilibrium, the rankings and their intervals."""
        return self.played.found

    @property
    def price(self) -> PriceOfRivalry:
        """What both sides score and hold at equilibrium, beside the best pair known."""
        return self.played.price

    @property
    def standings(self) -> tuple[Sequence[Standing], ...]:
        """Blue's policies and Red's, best first."""
        return self.found.standings

    def to_dataframe(self) -> Any:
        """What each policy earns against all and against the equilibrium, as a pandas DataFrame.

        Raises:
            UsageError: pandas is not installed.
        """
        return _frame(ranking_table(self.found))

    def custody(self) -> Any:
        """Custody that each policy keeps and leaves to others, beside its payoff, as a DataFrame.

        Raises:
            UsageError: pandas is not installed.
        """
        return _frame(custody_table(self.played))

    def __repr__(self) -> str:
        value, count = self.found.intervals.value[0], len(self.found.table.rows)
        return (
            f"<{self.study.name}, {count} policies, {value.count} episodes a pair: worth "
            f"{PAYOFF.interval(value)} to Blue>"
        )

    def _repr_html_(self) -> str:
        seats = ("both seats",) if self.found.one_seat else ("Blue", "Red")
        tables = [seat_table(self.found, n, seat) for n, seat in enumerate(seats)]
        tables += [seat_custody_table(self.played, n, seat) for n, seat in enumerate(seats)]
        tables.append(price_in_brief(self.price, self.study.scenario.rules.rivalry))
        return "".join(map(html_table, tables))


def _frame(table: Table) -> Any:
    try:
        import pandas as pd
    except ImportError:
        cure = "Install it: pip install 'ssa-psro[dataframes]'"
        raise UsageError("to_dataframe", [Fault("pandas", None, "not installed", cure)]) from None
    flat = table.flat()
    frame = pd.DataFrame(list(flat.rows), columns=list(flat.names))
    for column in flat.columns:
        if column.unit == UTC:
            frame[column.name] = pd.to_datetime(frame[column.name], utc=True)
    return frame
