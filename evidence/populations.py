"""Experiment (l) over its games: ``python -m evidence.populations``.

Learners with a population and without, at equal steps: exact exploitability where each ends, the
lowest on its way (which nobody knows outside such games), and processor time. Reads the finished
experiments of ``FOLDER``, draws ``populations.png`` and prints tables; ``--write PAGE`` puts them
into a page.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

from ssa_psro.experiments.figures import COLOURS, EXPLOITABILITY, MARKERS
from ssa_psro.experiments.results import finished_plans, interval_of
from ssa_psro.experiments.running import read_rows
from ssa_psro.experiments.summary import Row
from ssa_psro.findings.wording import Form
from ssa_psro.metagame.intervals import Interval
from ssa_psro.report.drawing import save_png, settings
from ssa_psro.report.markdown import markdown, renew
from ssa_psro.report.style import MUTED

MARK = "populations"
EXPERIMENT = "l-population-"
GAMES = {
    "kuhn": "Kuhn poker",
    "leduc": "Leduc poker",
    "liars-dice": "Liar's Dice",
    "goofspiel-5": "Goofspiel, five cards",
}
ARMS = {
    "psro": "PSRO",
    "psro-fusion": "PSRO, fused starts",
    "global": "Global PSRO",
    "self-play": "self-play by PPO",
    "self-play-entropy": "self-play, entropy bonus 0.1",
    "mirror": "magnetic mirror descent",
    "vrpo": "VRPO",
}
QUANTITIES = {
    "exploitability": "NashConv / 2 at the end",
    "best_exploitability": "the lowest on the way",
}
LEVEL = Form(3)

Found = Mapping[str, Mapping[tuple[str, str], Row]]
"""Of each game, the rows of the summary by arm and quantity."""


def found_in(folder: Path) -> Found:
    """The finished experiments inside ``folder``, in the order of ``GAMES``."""
    summaries = {
        plan.name.removeprefix(EXPERIMENT): {
            (row["arm"], row["quantity"]): row for row in read_rows(path / "summary.csv")
        }
        for path, plan in finished_plans(folder)
        if plan.name.startswith(EXPERIMENT)
    }
    return {game: summaries[game] for game in GAMES if game in summaries}


def table_of(found: Found) -> str:
    """Exploitability at the end with its verdict against PSRO, the lowest, and time."""
    tables = {when: (quantity, _told) for quantity, when in QUANTITIES.items()}
    tables["minutes of processor time"] = ("cpu_s", _minutes)
    return "\n".join(
        markdown(
            [
                [when, *(GAMES[game] for game in found)],
                *(
                    [words, *(tell(rows[arm, quantity]) for rows in found.values())]
                    for arm, words in ARMS.items()
                ),
            ]
        )
        for when, (quantity, tell) in tables.items()
    )


def _minutes(row: Row) -> str:
    return f"{row['mean'] / 60.0:.1f}"


def _told(row: Row) -> str:
    told = LEVEL.interval(_known(row))
    return f"{told}, {row['verdict']}" if row["verdict"] else told


def _known(row: Row) -> Interval:
    found = interval_of(row)
    assert found is not None, "every run ends, and has a lowest point"
    return found


def draw(found: Found, path: Path) -> None:
    """Where each learner ends, with its interval; hollow, the lowest on its way."""
    from matplotlib.figure import Figure

    with settings():
        wide = min(2, len(found))
        high = -(-len(found) // wide)
        figure = Figure(figsize=(9.0, 1.0 + 2.6 * high), layout="constrained")
        axes = figure.subplots(high, wide, sharey=True, squeeze=False)
        for ax in axes.flat[len(found) :]:
            ax.set_visible(False)
        for ax, (game, rows) in zip(axes.flat, found.items(), strict=False):
            for place, arm in enumerate(ARMS):
                last, least = (_known(rows[arm, quantity]) for quantity in QUANTITIES)
                colour, marker = COLOURS[place % len(COLOURS)], MARKERS[place % len(MARKERS)]
                ax.plot([max(last.low, 0.0), last.high], [place, place], "-", color=colour)
                ax.plot(last.mean, place, marker, color=colour)
                ax.plot(least.mean, place, marker, color=colour, mfc="none")
            ax.axvline(rows["psro", "exploitability"]["mean"], color=MUTED, lw=0.8, ls=":")
            ax.set_yticks(range(len(ARMS)), list(ARMS.values()))
            ax.set_ylim(len(ARMS) - 0.5, -0.5)
            ax.set_xlim(left=0.0)
            ax.set_title(GAMES[game], loc="left")
        figure.supxlabel(f"{EXPLOITABILITY}; hollow: the lowest on the way", fontsize="medium")
        save_png(figure, path)


def main(arguments: Sequence[str] | None = None) -> None:
    """Set the games side by side, draw and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--folder", type=Path, default=Path("figures/experiments"))
    parser.add_argument("--write", type=Path, metavar="PAGE")
    asked = parser.parse_args(arguments)
    found = found_in(asked.folder)
    if not found:
        parser.error(f"no finished {EXPERIMENT}… in {asked.folder}")
    draw(found, asked.folder / f"{MARK}.png")
    table = table_of(found)
    print(table)
    if asked.write:
        renew(asked.write, {MARK: table})


if __name__ == "__main__":
    main()
