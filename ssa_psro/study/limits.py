"""What a run takes of memory and disk, counted from its study before anything of it is made.

Counted is what grows with the keys of a study. What the program itself takes is measured where it
matters, see :mod:`ssa_psro.cli.estimating`.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from ssa_psro.errors import Fault, ScenarioError
from ssa_psro.game.columns import FEATURES, SUMMARY, TrackColumns
from ssa_psro.inputs.array_files import machine_bytes
from ssa_psro.policies import HEURISTICS
from ssa_psro.study.study import Study

COPIES = 10
"""Of a network in training: weights, gradients, Adam's two, the start and five checkpoints."""
EPISODE_BYTES = 400
"""Of a held-out episode: its seed, and payoffs and scores of a few pairs."""
PAGE_BYTES, OBJECT_BYTES = 2.4e6, 1.5e5
"""What a report takes, and more of it for each object (measured)."""
ITERATION_BYTES = 2e4
"""What the record of an iteration takes (measured)."""
COMPRESSED = 0.75
"""What is left of payoffs once they are compressed (measured)."""

CURES = {
    "window.horizon_days": "Use a shorter one, a longer step_s, fewer satellites or fewer objects.",
    "solver.episodes_per_cell": "Play fewer of them.",
    "solver.held_out_episodes": "Play fewer of them.",
    "solver.iterations": "Ask for fewer.",
    "oracle.hidden": "Use narrower or fewer layers.",
    "oracle.environments": "Play fewer side by side.",
}


def refuse_what_cannot_fit(study: Study, folder: Path, source: str) -> None:
    """See that this machine has the memory and the disk for a run to its last iteration.

    Args:
        study: that is to be run.
        folder: of the run, which need not be there yet.
        source: names the study in errors.

    Raises:
        ScenarioError: it has not, with every key that asks for too much.
    """
    there = next(one for one in (folder.absolute(), *folder.absolute().parents) if one.is_dir())
    faults = [
        *_too_much(study, _with_game, machine_bytes(), "memory"),
        *_too_much(study, disk_of, shutil.disk_usage(there).free, f"free disk in {there}"),
    ]
    if faults:
        raise ScenarioError(source, faults)


def _too_much(
    study: Study, needs: Callable[[Study], Mapping[str, float]], most: float, what: str
) -> Iterator[Fault]:
    """The keys that ask for more than there is; the number of iterations, if one would do."""
    needed, once = needs(study), needs(_with(study, iterations=1))
    if sum(needed.values()) <= most:
        return
    largest = max(needed, key=lambda key: needed[key])
    blamed = [key for key, one in needed.items() if one > most] or [largest]
    for key in blamed if sum(once.values()) > most else ["solver.iterations"]:
        taken = needed[key] if key in blamed else sum(needed.values())
        problem = f"takes {taken / 1e9:,.1f} GB, and there are {most / 1e9:,.1f} GB of {what}"
        section, name = key.split(".")
        holder = study.scenario if section == "window" else study
        value = getattr(getattr(holder, section), name)
        yield Fault(key, list(value) if isinstance(value, tuple) else value, problem, CURES[key])


def _with(study: Study, *, iterations: int) -> Study:
    return replace(study, solver=study.solver.model_copy(update={"iterations": iterations}))


def _with_game(study: Study) -> dict[str, float]:
    """All that a run has to hold at once, the game and the program that plays it included."""
    return {"window.horizon_days": study.scenario.memory_bytes, **memory_of(study)}


def memory_of(study: Study) -> dict[str, float]:
    """Bytes that a run has to hold at once beside its game, by the key that they grow with."""
    oracle, window = study.oracle, study.scenario.window
    numbers = len(SUMMARY) + len(FEATURES) + 4 * sum(oracle.hidden)
    state = 2 * study.scenario.catalog.count * (len(TrackColumns._fields) + 40)
    return {
        "solver.episodes_per_cell": 2 * table_bytes(study),  # the old one and the next
        "solver.held_out_episodes": float(EPISODE_BYTES * study.solver.held_out_episodes),
        "oracle.hidden": COPIES * network_bytes(study),
        "oracle.environments": oracle.environments * (window.decisions * numbers * 4 + state * 8.0),
    }


def table_bytes(study: Study) -> float:
    """Of the last payoff table: payoffs and scores of both sides in every episode."""
    blue, red = sizes(study, study.solver.iterations)
    return blue * red * study.solver.episodes_per_cell * 4 * 8.0


def sizes(study: Study, iterations: int) -> tuple[int, int]:
    """Policies of Blue and of Red after so many iterations, at most."""
    first = (len(names or HEURISTICS) for names in (study.populations.blue, study.populations.red))
    blue, red = (count + iterations * study.joining for count in first)
    return blue, red


def network_bytes(study: Study) -> float:
    """Of one trained member: actor, critic, and the widths of its exploration."""
    widths = (len(SUMMARY), *study.oracle.hidden)
    body = sum((one + 1) * other for one, other in pairwise(widths))
    heads = (widths[-1] + 1) * (len(FEATURES) + 1) + len(FEATURES)
    return 4.0 * (2 * body + heads)


def disk_of(study: Study) -> dict[str, float]:
    """Bytes of a finished run's folder, by the key that they grow with."""
    iterations, objects = study.solver.iterations, study.scenario.catalog.count
    report = PAGE_BYTES + OBJECT_BYTES * objects
    return {
        "oracle.hidden": 2 * (iterations * study.responses + 2) * network_bytes(study),
        "solver.episodes_per_cell": COMPRESSED * table_bytes(study),
        "solver.iterations": report + ITERATION_BYTES * iterations,
    }
