"""The page of a run: its verdict, how it came about, and what it was attacked with."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping

from ssa_psro.errors import to_paste
from ssa_psro.findings import Content, headline_of
from ssa_psro.findings.audit import audit_in_words
from ssa_psro.findings.catalog import use_in_brief
from ssa_psro.findings.iterations import iterations_in_full
from ssa_psro.findings.merit import regime_tables, sensor_tables
from ssa_psro.findings.rivalry import price_in_brief, seat_difference_table, seated_in_words
from ssa_psro.findings.standings import standing_table
from ssa_psro.findings.table import Table
from ssa_psro.findings.verdict import verdict_of
from ssa_psro.findings.wording import plural
from ssa_psro.report.cards import headline_box
from ssa_psro.report.drawing import Part
from ssa_psro.report.episode import Replay
from ssa_psro.report.markup import html_table, text
from ssa_psro.report.page import Chapter, Drawn, Page, catalogue_part, figures_part, noted_table
from ssa_psro.report.timeline import timeline_part


def run_page(content: Content, drawn: Mapping[Part, Drawn], replay: Replay | str) -> Page:
    """The page of a run.

    Args:
        content: what it is about.
        drawn: the figures of each part.
        replay: episodes of it, or why there is none.
    """
    timeline, episode = None, text("p", str(replay))
    merit = episode
    if isinstance(replay, Replay):
        merit = _merit(replay)
        timeline = timeline_part(replay.shown, replay.game, replay.names)
        episode = text("p", replay.words) + timeline.html
    figures = {part: figures_part(drawn[part]) for part in Part}
    scenario, files = content.run.scenario, content.run.manifest.files
    catalogue = figures[Part.CATALOGUE] + catalogue_part(content.tables["objects"], files)
    coverage = _coverage(content, figures[Part.COVERAGE])
    iterations = _iterations(content, figures[Part.ITERATIONS])
    return Page(
        title=scenario.name,
        lead=" ".join(filter(None, (scenario.description, use_in_brief(files)))),
        verdict=verdict_of(content.run, content.audit, typeset=True),
        cards=headline_box(content, headline_of(content)),
        sections=(
            Chapter("coverage", "Coverage and custody", coverage),
            Chapter(
                "causes",
                "Why custody was lost",
                figures[Part.CAUSES] + _recovered(content.tables),
            ),
            Chapter("merit", "Figures of merit", merit),
            Chapter("episode", "One episode", episode + figures[Part.EPISODE]),
            Chapter("iterations", "From iteration to iteration", iterations),
            Chapter("audit", "Audit", _audit(content, figures[Part.AUDIT])),
            Chapter("metagame", "The meta-game", figures[Part.METAGAME]),
            Chapter("catalogue", "The catalogue", catalogue),
        ),
        provenance=list(_provenance(content)),
        source=content.run.folder.name,
        timeline=timeline,
    )


def _recovered(tables: Mapping[str, Table]) -> str:
    """What either side would hold without the other's denials, where episodes were played."""
    return noted_table(tables["recovered"]) if "recovered" in tables else ""


def _merit(replay: Replay) -> str:
    """By regime and sensor; a table a side."""
    match, scenario = replay.measured, replay.game.arena.scenario
    regimes = [noted_table(one, "merit-regimes") for one in regime_tables(match, scenario)]
    sensors = [noted_table(one, "merit-sensors") for one in sensor_tables(match, scenario)]
    return "".join([*regimes, *sensors])


def _coverage(content: Content, figures: str) -> str:
    if content.run.coverage is not None:
        count = plural(content.run.coverage.seeds.size, "episode")
        words = f"Both sides play the best iterate's mixtures on {count} kept for this report."
        return text("p", words) + _rivalry(content) + figures
    words = (
        "The mixtures have not been played out yet: that is the last thing a run does. Let it "
        "finish, and write the report again."
    )
    return text("p", words, class_="warning") + figures


def _rivalry(content: Content) -> str:
    """What both sides get beside heuristics and the best pair, and whether seats are alike."""
    solution = content.run.solution
    parts = []
    if solution is not None and solution.standings is not None:
        parts.append(
            noted_table(standing_table(solution.standings, shared=content.run.study.shared))
        )
    if solution is not None and solution.best_price is not None:
        table = price_in_brief(solution.best_price, content.rivalry, typeset=True)
        parts.append(noted_table(table, "price-of-rivalry"))
    if solution is not None and solution.seats is not None:
        tolerance = content.run.study.solver.tolerance
        table = seat_difference_table(solution.seats, tolerance, typeset=True)
        parts.append(noted_table(table))  # the verdict says what that means
    if solution is not None and solution.seated is not None:
        parts.append(text("p", seated_in_words(solution.seated, typeset=True)))
    return "".join(parts)


def _iterations(content: Content, figures: str) -> str:
    if content.best is None:
        words = "No iteration has been completed. The payoffs below are those of the heuristics."
        return text("p", words, class_="warning") + figures
    return figures + html_table(iterations_in_full(content.run.records, content.best))


def _audit(content: Content, figures: str) -> str:
    if content.audit is None:
        words = (
            "Nobody has attacked the outcome from outside. Once the run is finished, several "
            "independent responses are trained by: "
            f"{to_paste('audit', content.run.folder)}"
        )
        return text("p", words) + figures
    return "".join(text("p", words) for words in audit_in_words(content.audit)) + figures


def _provenance(content: Content) -> Iterator[tuple[str, str]]:
    """Enough to make the run again."""
    run = content.run
    manifest, study = run.manifest, run.study
    yield "Scenario", f"{manifest.scenario}, sha256 {manifest.content_hash}"
    yield "Rules of the game", f"version {manifest.rules_version}"
    yield "Seed", str(manifest.seed)
    if manifest.overrides:
        yield "Changed from the file", _pairs(manifest.overrides)
    yield "Command", shlex.join(manifest.command)
    yield "Begun", manifest.created
    for session in manifest.resumed:
        yield "Resumed", f"{session.started}  {shlex.join(session.command)}"
    yield "Meta-solver", content.final.method
    shared = study.shared
    yield "Populations", "one that both sides share" if shared else "one each of Blue and Red"
    yield (
        "Episodes",
        f"{study.solver.episodes_per_cell} a cell, {study.solver.held_out_episodes} held out",
    )
    yield "Oracle", _pairs(study.oracle.model_dump())
    yield "Versions", _pairs(manifest.versions)


def _pairs(values: Mapping[str, object]) -> str:
    return ", ".join(f"{key} {value}" for key, value in values.items())
