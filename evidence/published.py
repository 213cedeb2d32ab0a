"""Beside curves that others have published: ``python -m evidence.published --output FOLDER``.

Exact exploitability of PSRO on Leduc poker against training episodes: three runs that sp-psro
keeps in its repository (Lanier et al., deep Q-learning, 100,000 episodes a response), the runs that
the book *PSRO in Practice* keeps in psrolab's (PPO, 60,000 episodes a response; of a comparison of
five seeds only the ends), and runs of this package, by their experiment folders (``--own``).
Episodes of all trainings of both players are counted, as steps are not counted alike: psrolab keeps
none, sp-psro counts both players', this package the learner's own.

``--psrolab`` and ``--sp-psro`` read the two checkouts anew into ``published.csv``; without them the
numbers that are there are taken. Draws ``published-leduc.png`` and prints the table;
``--write PAGE`` puts it into a page.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from pathlib import Path
from typing import Any

import numpy as np

from ssa_psro.experiments.figures import COLOURS, EXPLOITABILITY, MARKERS
from ssa_psro.findings.wording import Form
from ssa_psro.metagame.intervals import student_interval
from ssa_psro.report.csv_files import write_rows
from ssa_psro.report.drawing import save_png, settings
from ssa_psro.report.markdown import markdown, renew
from ssa_psro.report.style import INK

MARK = "published"
GAME = "leduc"
PLACES = (120_000, 300_000, 600_000, 900_000, 2_400_000, 20_000_000)
"""Training episodes at which the table tells exploitability."""
LEVEL = Form(3)

PSROLAB_CURVES = "experiments/ch07_kuhn_leduc/results/leduc_nash_ppo.csv"
PSROLAB_ENDS = "experiments/ch12_shootout/results/shootout.csv"
PSROLAB_VARIANTS = {
    "psro_nash": "PSRO",
    "psro_rm": "PSRO, regret matching",
    "self_play": "self-play",
}
"""Of its comparison: the default, the best, and no population."""
PSROLAB_EPISODES = 2 * 60_000
"""Of an iteration, both players' responses together: the defaults of ``run_ch07.py``."""
SP_PSRO_RUNS = "grl/assets/archived_data/leduc_psro_dqn_regret"

NUMBERS = {"seed": int, "iteration": int, "episodes": int, "exploitability": float}

Row = dict[str, Any]


def psrolab(checkout: Path) -> Iterator[Row]:
    """Curves of three seeds, and the ends of five runs of some variants.

    A row of a curve tells of the mixture that the iteration's responses were trained against, so
    ``iteration`` times two trainings lie behind it.
    """
    for row in _read(checkout / PSROLAB_CURVES):
        iteration = int(row["iteration"])
        episodes, value = iteration * PSROLAB_EPISODES, row["full_exploitability"]
        yield _point("psrolab, PSRO by PPO", row["seed"], iteration, episodes, value)
    for row in _read(checkout / PSROLAB_ENDS):
        if row["game"] == GAME and row["variant"] in PSROLAB_VARIANTS:
            what = f"{PSROLAB_VARIANTS[row['variant']]} ({row['budget_tag']})"
            yield _point(
                f"psrolab, ends of {what}",
                row["seed"],
                row["budget_iterations"],
                row["budget_train_episodes"],
                row["final_full_exploitability"],
            )


def sp_psro(checkout: Path) -> Iterator[Row]:
    """Curves of the runs that have one meta-solver; the others are of anytime PSRO."""
    files = sorted((checkout / SP_PSRO_RUNS).glob("*/exploitability_stats.json"))
    found = [json.loads(path.read_text("utf-8")) for path in files]
    plain = [one for one in found if "alternate_metasolver_exploitability" not in one]
    for seed, one in enumerate(plain):
        for iteration, (episodes, value) in enumerate(
            zip(one["episodes"], one["exploitability"], strict=True)
        ):
            yield _point("sp-psro, PSRO by deep Q-learning", seed, iteration, episodes, value)


def own(folder: Path, arms: Sequence[str]) -> Iterator[Row]:
    """Curves of arms of an experiment of this package, of all if none is named."""
    for row in _read(folder / "iterations.csv"):
        if not arms or row["arm"] in arms:
            yield _point(f"{folder.name}, {row['arm']}", *(row[key] for key in NUMBERS))


def at(rows: Sequence[Row], source: str, episodes: int) -> list[float]:
    """Exploitability of each run that is so long, of its last iteration within ``episodes``."""
    found = []
    for seed in dict.fromkeys(row["seed"] for row in rows if row["source"] == source):
        run = [row for row in rows if (row["source"], row["seed"]) == (source, seed)]
        run.sort(key=lambda row: row["episodes"])
        before = list(takewhile(lambda row: row["episodes"] <= episodes, run))
        if before and run[-1]["episodes"] >= 0.98 * episodes and before[-1]["episodes"] > 0:
            found.append(float(before[-1]["exploitability"]))
    return found


def table_of(rows: Sequence[Row]) -> str:
    """Exploitability at some numbers of episodes, means over seeds with their 95 % intervals."""
    lines = [["run", *(f"{place:,}" for place in PLACES)]]
    for source in dict.fromkeys(row["source"] for row in rows):
        cells = [_told(at(rows, source, place)) for place in PLACES]
        if any(cells):
            lines.append([source, *cells])
    return markdown(lines)


def draw(rows: Sequence[Row], path: Path) -> None:
    """Means over seeds; published curves grey, ends of runs as points."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import EngFormatter

    with settings():
        figure = Figure(figsize=(9.0, 5.0), layout="constrained")
        ax = figure.subplots()
        curves = 0
        for number, source in enumerate(dict.fromkeys(row["source"] for row in rows)):
            some = [row for row in rows if row["source"] == source and row["episodes"] > 0]
            iterations = sorted({row["iteration"] for row in some})
            means = [
                [
                    float(np.mean([row[key] for row in some if row["iteration"] == iteration]))
                    for iteration in iterations
                ]
                for key in ("episodes", "exploitability")
            ]
            marker = MARKERS[number % len(MARKERS)]
            if len(iterations) <= 2:  # the ends of runs
                ax.plot(*means, marker, color=INK, mfc="none", ms=6, label=source)
            else:
                again, place = divmod(curves, len(COLOURS) - 1)
                line, colour = ("--" if again else "-"), COLOURS[1 + place]
                every = max(1, len(iterations) // 8)
                ax.plot(
                    *means, f"{line}{marker}", color=colour, ms=4, markevery=every, label=source
                )
                curves += 1
        ax.set_xscale("log")
        ax.xaxis.set_major_formatter(EngFormatter(sep=""))
        ax.set_ylim(bottom=0.0)
        ax.set_xlabel("Training episodes of both players")
        ax.set_ylabel(EXPLOITABILITY)
        figure.legend(*ax.get_legend_handles_labels(), loc="outside lower center", ncols=2)
        save_png(figure, path)


def _told(found: Sequence[float]) -> str:
    if len(found) < 2:
        return LEVEL.number(found[0]) if found else ""
    return f"{LEVEL.interval(student_interval(np.array(found)))}, {len(found)} seeds"


def _read(path: Path) -> list[Mapping[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def kept(path: Path) -> list[Row]:
    """What was gathered before."""
    return [_point(row["source"], *(row[key] for key in NUMBERS)) for row in _read(path)]


def _point(source: str, *numbers: Any) -> Row:
    """A row; ``numbers`` are those of ``NUMBERS``, as files have them."""
    given = zip(NUMBERS.items(), numbers, strict=True)
    return {"source": source, **{key: kind(number) for (key, kind), number in given}}


def main() -> None:
    """Gather what is published, set own runs beside it, draw and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--psrolab", type=Path, metavar="CHECKOUT")
    parser.add_argument("--sp-psro", type=Path, metavar="CHECKOUT")
    parser.add_argument("--own", nargs="*", default=[], metavar="FOLDER[:ARM,ARM]")
    parser.add_argument("--output", type=Path, default=Path("figures/experiments"))
    parser.add_argument("--write", type=Path, metavar="PAGE")
    arguments = parser.parse_args()
    if (arguments.psrolab is None) != (arguments.sp_psro is None):
        parser.error("give both checkouts, or neither")
    stored = arguments.output / f"{MARK}.csv"
    if arguments.psrolab:
        write_rows(stored, [*sp_psro(arguments.sp_psro), *psrolab(arguments.psrolab)])
    rows = kept(stored)
    for asked in arguments.own:
        folder, _, arms = asked.partition(":")
        rows += own(Path(folder), arms.split(",") if arms else [])
    draw(rows, arguments.output / f"{MARK}-{GAME}.png")
    found = table_of(rows)
    print(found)
    if arguments.write:
        renew(arguments.write, {MARK: found})


if __name__ == "__main__":
    main()
