"""How costs grow: ``python -m evidence.growth SCENARIO --output FOLDER``.

Makes the game larger, one size at a time, and measures processor seconds of its tables, of an
episode and of a solved payoff table, and the bytes of the tables. Of each the exponent of the power
law between the two largest sizes is told: what does not grow counts least there.
``FOLDER/growth.csv`` has a row a measurement, ``growth.png`` shows them all.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

import numpy as np

from ssa_psro.game import CoverageGame
from ssa_psro.geometry import build_arena
from ssa_psro.metagame.solvers import make_solver
from ssa_psro.policies import make_policy, play
from ssa_psro.randomness import episode_seeds
from ssa_psro.report.csv_files import write_rows
from ssa_psro.report.drawing import save_png, settings
from ssa_psro.scenario import Scenario
from ssa_psro.study import load_study
from ssa_psro.study.study import Study, document_of, parse_study_json

OBJECTS = (60, 120, 300, 1000, 3000, 12_000)
SENSORS = (12, 24, 48, 96)
POLICIES = (10, 20, 40, 80, 160)
HORIZON_DAYS = 3.0
"""Of the tables: the shortest there is for 72 h, so that the largest game fits everywhere."""
EPISODES = 4

Row = dict[str, Any]


def sized(
    study: Study,
    objects: int | None = None,
    sensors: int | None = None,
    horizon_days: float = HORIZON_DAYS,
) -> Scenario:
    """The game with so many objects, in the regimes' proportions, and sensors a side."""
    document = document_of(study)
    document["window"]["horizon_days"] = horizon_days
    if sensors is not None:
        for side in ("blue", "red"):
            document[side]["constellation"]["satellites"] = sensors
    if objects is not None:
        regimes = document["catalog"]["regimes"]
        factor = objects / sum(regime["count"] for regime in regimes)
        for regime in regimes:
            for key in ("count", "contested"):
                regime[key] = round(factor * regime[key])
    return parse_study_json(json.dumps(document), "growth").scenario


def measured(scenario: Scenario) -> Iterator[tuple[str, float]]:
    """What a game of one size takes, by name."""
    with TemporaryDirectory() as cache:
        tables_s, arena = timed(lambda: build_arena(scenario, cache_dir=Path(cache)))
    yield "tables, s", tables_s
    yield "tables, MB", sum(table.nbytes for table in arena.tables) / 1e6
    game, policy = CoverageGame(arena), make_policy("information")
    play(game, policy, policy, episode_seeds(0, "growth", count=1))
    seeds = episode_seeds(0, "growth", count=EPISODES)
    yield "episode, ms", 1e3 * timed(lambda: play(game, policy, policy, seeds))[0] / EPISODES


def solved_ms(policies: int) -> float:
    """Milliseconds of solving a zero-sum game of normal payoffs; the least of three."""
    payoffs = np.random.default_rng(0).normal(size=(policies, policies))
    table, solve = np.stack([payoffs, -payoffs], axis=2), make_solver("nash")
    return min(1e3 * timed(lambda: solve(table))[0] for _ in range(3))


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Processor seconds, and what came of them."""
    begun = process_time()
    found = work()
    return process_time() - begun, found


def rows_of(study: Study, largest: int) -> Iterator[Row]:
    """A row a measurement."""
    for objects in OBJECTS:
        if objects <= largest:
            scenario = sized(study, objects=objects)
            yield from (row("objects", objects, *one) for one in measured(scenario))
    for sensors in SENSORS:
        scenario = sized(study, sensors=sensors)
        yield from (row("sensors a side", sensors, *one) for one in measured(scenario))
    for policies in POLICIES:
        yield row("policies a side", policies, "equilibrium, ms", solved_ms(policies))


def row(size: str, number: int, what: str, value: float) -> Row:
    """One measurement."""
    return {"size": size, "number": number, "what": what, "value": value}


def laws(rows: list[Row]) -> Iterator[Row]:
    """The exponent of each cost in each size, between the two largest."""
    for size, what in dict.fromkeys((one["size"], one["what"]) for one in rows):
        own = [one for one in rows if (one["size"], one["what"]) == (size, what)]
        number, value = (np.log([one[key] for one in own[-2:]]) for key in ("number", "value"))
        exponent = float(np.diff(value)[0] / np.diff(number)[0])
        yield {"size": size, "what": what, "exponent": exponent}


def draw(rows: list[Row], path: Path) -> None:
    """A panel a size, a line a cost, both axes logarithmic."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import FuncFormatter, LogLocator

    sizes = list(dict.fromkeys(one["size"] for one in rows))
    exponents = {(one["size"], one["what"]): one["exponent"] for one in laws(rows)}
    with settings():
        figure = Figure(figsize=(4.2 * len(sizes), 4.2), layout="constrained")
        for panel, size in zip(
            figure.subplots(1, len(sizes), squeeze=False)[0], sizes, strict=True
        ):
            own = [one for one in rows if one["size"] == size]
            for what, marker in zip(dict.fromkeys(one["what"] for one in own), "osD", strict=False):
                line = [one for one in own if one["what"] == what]
                label = f"{what} (exponent {exponents[size, what]:.2f})"
                numbers, values = ([one[key] for one in line] for key in ("number", "value"))
                panel.loglog(numbers, values, marker=marker, label=label)
                panel.set_xticks(numbers, [f"{number:,}" for number in numbers], rotation=45)
            panel.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
            panel.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
            panel.minorticks_off()
            panel.set_xlabel(size)
            panel.legend(fontsize=8)
            panel.grid(alpha=0.3)
        save_png(figure, path)


def main() -> None:
    """Measure, draw and print the laws."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenario")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--largest", type=int, default=OBJECTS[-1], help="objects at most")
    arguments = parser.parse_args()
    study = load_study(arguments.scenario).study
    rows: list[Row] = []
    for one in rows_of(study, arguments.largest):
        rows.append(one)
        print(one, flush=True)
        write_rows(arguments.output / "growth.csv", rows)
    write_rows(arguments.output / "laws.csv", list(laws(rows)))
    draw(rows, arguments.output / "growth.png")
    print(json.dumps(list(laws(rows)), indent=2))


if __name__ == "__main__":
    main()
