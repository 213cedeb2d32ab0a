"""What a match found: every figure of merit of both sides, with its interval."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ssa_psro.arrays import Floats
from ssa_psro.findings.table import Column, Table, make_table
from ssa_psro.findings.wording import Form, paid_in_words
from ssa_psro.metagame.intervals import CONFIDENCE, Interval, student_interval
from ssa_psro.scenario import Scenario, content_hash

Figures = Mapping[str, tuple[Interval, Interval]]
"""Figures of merit by name, Blue's and Red's."""

FIGURES = {
    "payoff": ("payoff", 3),
    "score": ("coverage score", 3),
    "custody": ("custody [share of time]", 3),
    "contested_custody": ("custody, contested", 3),
    "revisit_h": ("mean revisit [h]", 2),
    "max_gap_h": ("longest gap [h]", 2),
    "observations": ("observations", 1),
    "hit_rate": ("  of these successful", 3),
    "denials": ("denials made", 1),
    "denials_blocked": ("  of these blocked", 1),
    "protections": ("protections", 1),
}
"""Every figure of merit: how it is called in tables, and with how many decimals."""


def figures_of(samples: Mapping[str, Floats]) -> Figures:
    """Each figure of merit with its interval.

    Args:
        samples: one number an episode and side, ``[E, 2]``, by the name of the figure.
    """
    return {
        name: (student_interval(sample[:, 0]), student_interval(sample[:, 1]))
        for name, sample in samples.items()
    }


def document_of(
    figures: Figures, scenario: Scenario, names: tuple[str, str], seed: int
) -> dict[str, Any]:
    """A match as one JSON document; ``names`` are Blue's and Red's policy."""
    return {
        "scenario": {"name": scenario.name, "content_hash": content_hash(scenario)},
        "payoff_kind": scenario.rules.payoff_kind,
        "rivalry": scenario.rules.rivalry,
        "blue": names[0],
        "red": names[1],
        "seed": seed,
        "episodes": figures["payoff"][0].count,
        "confidence": CONFIDENCE,
        "figures": {name: {"blue": blue, "red": red} for name, (blue, red) in figures.items()},
    }


def figure_table(figures: Figures, scenario: Scenario, names: tuple[str, str]) -> Table:
    """The same for people, a line a figure of merit."""
    rows = []
    for name, (label, decimals) in FIGURES.items():
        form = Form(decimals, signed=name == "payoff")
        rows.append((label, *map(form.interval, figures[name])))
    columns = (Column(""), Column(f"Blue: {names[0]}"), Column(f"Red: {names[1]}"))
    hours, episodes = scenario.window.duration_h, figures["payoff"][0].count
    title = f"{scenario.name}, {hours:g} h, {episodes} episodes"
    note = f"Mean [95 % interval]. Payoff: {paid_in_words(scenario.rules.rivalry)}."
    return make_table("match", title, columns, rows, note=note)
