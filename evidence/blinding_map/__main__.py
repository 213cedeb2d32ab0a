"""Map what decides the equilibrium: ``python -m evidence.blinding_map SCENARIO --output FOLDER``.

Moves the numbers that no public source gives: alone, each on a line through the reference, and two
at a time. At every point the heuristics meet in both seats on the same episodes, their Nash
equilibrium is solved, and a short search tells what a response gains over it.

``FOLDER/map.csv`` has a row a number and is written after every point, so that an interrupted map
goes on where it stopped; ``FOLDER/map.json`` says how it was made; ``lines.png`` and ``slices.png``
are drawn from it. Takes about 40 s of one core a point, 61 points.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from time import perf_counter
from typing import Any

from evidence.blinding_map.figure import draw_lines, draw_slices
from evidence.blinding_map.found import Row, map_of, read, write
from evidence.blinding_map.page import blocks
from evidence.blinding_map.play import PLAYERS, Budget, Visit
from evidence.blinding_map.points import RIVALRY, Grid, grid_of
from ssa_psro.errors import Fault, InputError, RunFolderError
from ssa_psro.inputs.files import write_bytes
from ssa_psro.report.markdown import renew
from ssa_psro.scenario import content_hash
from ssa_psro.study.folder import current_versions
from ssa_psro.study.study import Study, load_study
from ssa_psro.work import Workers

SMOKE = {"episodes": 2, "search": 48, "fresh": 2, "resamples": 20}


def main(arguments: Sequence[str] | None = None) -> int:
    """Play what is missing, draw and write it all; the exit code."""
    options = _parser().parse_args(arguments)
    try:
        study = load_study(options.scenario).study
        grid, budget = grid_of(study.scenario, smoke=options.smoke), _budget(options, study)
        about = _opened(options.output, study, grid, budget)
        rows = _played(options.output, grid, budget, options.workers)
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    found = map_of(rows, about["reference"])
    draw_lines(found, options.output / "lines.png")
    draw_slices(found, options.output / "slices.png")
    texts = blocks(found, about)
    if options.write:
        renew(options.write, texts)
    else:
        print("\n".join(f"{name}\n\n{text}" for name, text in texts.items()))
    return 0


def _budget(options: argparse.Namespace, study: Study) -> Budget:
    chosen = {name: getattr(options, name) for name in ("episodes", "search", "fresh")}
    stated = {name: value for name, value in chosen.items() if value is not None}
    return Budget(**{**(SMOKE if options.smoke else {}), **stated, "seed": study.seed})


def _opened(folder: Path, study: Study, grid: Grid, budget: Budget) -> dict[str, Any]:
    """What the map is of, written down; the folder holds that map or none.

    Raises:
        RunFolderError: it holds another map.
    """
    about = {
        "scenario": study.name,
        "content_hash": content_hash(study.scenario),
        "budget": asdict(budget),
        "policies": [player.name for player in PLAYERS],
        "reference": {**grid.reference, RIVALRY: study.scenario.rules.rivalry},
        "values": {name: list(values) for name, values in grid.values.items()},
    }
    path = folder / "map.json"
    if path.is_file():
        known = json.loads(path.read_text("utf-8"))
        changed = [name for name, value in about.items() if known.get(name) != value]
        if changed:
            problem = f"holds another map: {', '.join(changed)} differ"
            fault = Fault("--output", str(folder), problem, "Give another folder.")
            raise RunFolderError(str(path), [fault])
    folder.mkdir(parents=True, exist_ok=True)
    document = {**about, "versions": current_versions()}
    write_bytes(path, (json.dumps(document, indent=2) + "\n").encode())
    return about


def _played(folder: Path, grid: Grid, budget: Budget, workers: int) -> list[Row]:
    """The rows of all points; those of a point are written as soon as they are there."""
    path, begun = folder / "map.csv", perf_counter()
    rows = read(path)
    done = [{name: row[name] for name in grid.reference} for row in rows]
    missing = [point for point in grid.points if point not in done]
    with Workers(workers) as hands:
        played = hands.in_processes(Visit(grid, budget), missing)
        for number, new in enumerate(played, start=1):
            rows += new
            write(path, rows)
            told = f"{number} of {len(missing)} points, {perf_counter() - begun:.0f} s"
            print(told, file=sys.stderr, flush=True)
    return rows


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m evidence.blinding_map", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("scenario", type=Path, help="the reference")
    parser.add_argument("--output", type=Path, required=True, help="folder of the map")
    parser.add_argument("--workers", type=int, default=2, help="processes")
    parser.add_argument("--episodes", type=int, help="of every pair in either seat")
    parser.add_argument("--search", type=int, help="episodes of one search for a response")
    parser.add_argument("--fresh", type=int, help="episodes that judge what was found")
    parser.add_argument("--smoke", action="store_true", help="ends of the lines, few episodes")
    parser.add_argument("--write", type=Path, help="page whose tables are renewed")
    return parser


if __name__ == "__main__":
    sys.exit(main())
