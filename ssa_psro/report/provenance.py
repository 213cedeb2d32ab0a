"""Where a report comes from: enough to make it again."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping

from ssa_psro.report.content import Content
from ssa_psro.report.markup import tag, text
from ssa_psro.scenario import content_hash


def provenance(content: Content) -> str:
    """A table of the run's scenario, seed, command and versions."""
    rows = "".join(
        tag("tr", text("th", name, scope="row") + tag("td", text("code", value)))
        for name, value in _facts(content)
    )
    return tag("table", tag("tbody", rows), class_="words")


def _facts(content: Content) -> Iterator[tuple[str, str]]:
    run = content.run
    manifest, solver = run.manifest, run.study.solver
    yield "Scenario", f"{manifest.scenario}, sha256 {content_hash(run.scenario)}"
    yield "Seed", str(manifest.seed)
    if manifest.overrides:
        yield "Changed from the file", _pairs(manifest.overrides)
    yield "Command", shlex.join(manifest.command)
    yield "Begun", manifest.created
    for session in manifest.resumed:
        yield "Resumed", f"{session.started}  {shlex.join(session.command)}"
    yield "Meta-solver", content.final.method
    yield "Episodes", f"{solver.episodes_per_cell} a cell, {solver.held_out_episodes} held out"
    yield "Oracle", _pairs(run.study.oracle.model_dump())
    yield "Versions", _pairs(manifest.versions)


def _pairs(values: Mapping[str, object]) -> str:
    return ", ".join(f"{key} {value}" for key, value in values.items())
