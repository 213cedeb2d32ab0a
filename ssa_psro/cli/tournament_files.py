"""A tournament as one JSON document and as CSV tables."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ssa_psro.cli.output import to_json
from ssa_psro.errors import Fault, UsageError
from ssa_psro.metagame.intervals import CONFIDENCE, Interval
from ssa_psro.metagame.structure.ratings import support
from ssa_psro.metagame.tournament import Tournament
from ssa_psro.report import save_heat_map
from ssa_psro.scenario import content_hash
from ssa_psro.scenario.schema import SIDES

if TYPE_CHECKING:
    from ssa_psro.scenario import Scenario

INTERVAL = ("mean", "low", "high", "count")


def document_of(tournament: Tournament, scenario: Scenario, seed: int) -> dict[str, Any]:
    """Everything about a finished tournament, for JSON; rows are Blue's policies."""
    table, intervals = tournament.table, tournament.intervals
    return {
        "scenario": {"name": scenario.name, "content_hash": content_hash(scenario)},
        "payoff_kind": scenario.rules.payoff,
        "seed": seed,
        "episodes_per_cell": len(table.seeds),
        "confidence": CONFIDENCE,
        "seats_swapped": tournament.seats_swapped,
        "policies": list(table.rows),
        "payoffs": {name: _cells(tournament, side) for side, name in enumerate(SIDES)},
        "nash": _nash(tournament),
        "value": dict(zip(SIDES, intervals.value, strict=True)),
        "cyclic_share": intervals.cyclic_share,
        "restricted_exploitability_of_resamples": intervals.restricted_exploitability,
        "ranking": dict(zip(SIDES, tournament.standings, strict=True)),
        "variance_reduction": {
            "common_seeds": dict(zip(SIDES, tournament.common_seed_reduction, strict=True)),
            "seat_swap": tournament.seat_swap_reduction,
        },
    }


def write_files(folder: Path, tournament: Tournament, document: dict[str, Any]) -> None:
    """Write ``tournament.json``, ``payoffs.csv``, ``nash.csv``, ``ranking.csv`` and the heat map.

    Raises:
        UsageError: the folder cannot be made or written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "tournament.json").write_text(to_json(document), "utf-8")
        save_heat_map(
            tournament.table,
            _mixture_intervals(tournament),
            folder,
            zero_sum=document["payoff_kind"] == "zero-sum",
        )
        _write_csv(folder / "nash.csv", ("side", "policy", *INTERVAL), _nash_rows(tournament))
        header = ("side", "policy", "against", *INTERVAL)
        _write_csv(folder / "ranking.csv", header, _ranking_rows(tournament))
    except OSError as error:
        problem = f"cannot be written: {error.strerror or error}"
        cure = "Name a folder that can be made or written to."
        raise UsageError("command line", [Fault("--output", str(folder), problem, cure)]) from None


def _cells(tournament: Tournament, side: int) -> dict[str, Any]:
    """One side's payoff in every cell: Blue's policy by row, Red's by column."""
    table = tournament.table
    low, high = table.bounds()
    return {
        "mean": table.mean[..., side],
        "low": low[..., side],
        "high": high[..., side],
        "count": table.count,
    }


def _nash(tournament: Tournament) -> dict[str, Any]:
    found = tournament.equilibrium
    mixtures = (found.row, found.column)
    names = tournament.table.rows
    return {
        "method": found.method,
        "gap": found.gap,
        "probability": {
            side: dict(zip(names, sure, strict=True))
            for side, sure in zip(SIDES, _mixture_intervals(tournament), strict=True)
        },
        "support": {
            side: [names[index] for index in support(mixture)]
            for side, mixture in zip(SIDES, mixtures, strict=True)
        },
    }


def _mixture_intervals(tournament: Tournament) -> tuple[Sequence[Interval], Sequence[Interval]]:
    return tournament.intervals.row, tournament.intervals.column


def _nash_rows(tournament: Tournament) -> Iterable[Sequence[object]]:
    for side, intervals in zip(SIDES, _mixture_intervals(tournament), strict=True):
        for policy, interval in zip(tournament.table.rows, intervals, strict=True):
            yield (side, policy, *asdict(interval).values())


def _ranking_rows(tournament: Tournament) -> Iterable[Sequence[object]]:
    for side, standings in zip(SIDES, tournament.standings, strict=True):
        for one in standings:
            yield (side, one.policy, "everyone", *asdict(one.overall).values())
            yield (side, one.policy, "nash", *asdict(one.against_nash).values())


def _write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
