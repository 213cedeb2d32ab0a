"""The figures of the README and the documents, of one model: ``python -m evidence.figures``.

Solves ``scenarios/contested-72h.toml``, or takes a run of it, attacks it, plays a match
and a tournament of the heuristics, and copies the pictures of their pages into ``figures/``.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
from pathlib import Path

SCENARIO = "scenarios/contested-72h.toml"

OF_RUN = ("custody", "scores", "exploitability", "payoffs", "attack", "standings", "causes")
OF_MATCH = ("ages", "holders", "activity", "merit-custody", "gaps", "revisit", "assets")
OF_TOURNAMENT = ("policies",)


def program(*words: str | Path) -> None:
    """Run the program; its words are seen."""
    subprocess.run(["ssa-psro", *map(str, words)], check=True)


def copy(report: Path, names: tuple[str, ...], folder: Path, prefix: str = "") -> None:
    """Copy pictures of a page, those that it has."""
    for name in names:
        picture = report / "figures" / f"{name}.png"
        if picture.is_file():
            shutil.copyfile(picture, folder / f"{prefix}{name}.png")


def main() -> None:
    """Make all figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, help="a finished run; made if not given")
    parser.add_argument("--work", type=Path, default=Path("runs/figures"))
    parser.add_argument("--output", type=Path, default=Path("figures"))
    arguments = parser.parse_args()
    run, work = arguments.run, arguments.work
    if run is None:
        run = work / "run"
        program("run", SCENARIO, "--output", run, "--audit", "full")
    program("report", run)
    match = ("--blue", "blinding", "--red", "shielded", "--episodes", "32")
    program("play", SCENARIO, *match, "--report", work / "match")
    program("tournament", SCENARIO, "--report", work / "tournament")
    arguments.output.mkdir(parents=True, exist_ok=True)
    copy(run / "report", OF_RUN, arguments.output)
    copy(work / "match", OF_MATCH, arguments.output, "match-")
    copy(work / "tournament", OF_TOURNAMENT, arguments.output, "tournament-")
    copy(work / "tournament", ("payoffs",), arguments.output, "heuristics-")


if __name__ == "__main__":
    main()
