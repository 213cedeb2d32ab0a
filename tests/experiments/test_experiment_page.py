"""Pages of findings: their tables are those of the shipped results, and say what summaries say."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from cli.command_line import run
from experiments.plan_texts import KUHN, MATRIX

from evidence import barrier, equal_decisions, populations, priorities, published
from ssa_psro.experiments.plan_reading import load_plan
from ssa_psro.experiments.results import finished_plans, tables_in
from ssa_psro.experiments.running import MANIFEST, read_manifest, read_rows
from ssa_psro.report.markdown import tables_of

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "figures" / "experiments"
PAGES = [ROOT / "docs" / f"{name}.md" for name in ("fusion-findings", "does-psro-pay")]
ELSEWHERE = ["j-coverage", equal_decisions.MARK, equal_decisions.PLAY, priorities.MARK]
"""Tables of the coverage game, which tests of their own compare."""
ENDPOINTS = {
    "exploitability": "exploitability of the last mixture",
    "mean_exploitability": "mean exploitability over iterations",
}


def test_tables_of_the_pages_are_those_of_the_shipped_results() -> None:
    one, other = (tables_of(page.read_text("utf-8")) for page in PAGES)
    assert not one.keys() & other.keys()
    told = one | other
    for name in ELSEWHERE:
        told.pop(name)
    assert told.pop(populations.MARK) == populations.table_of(populations.found_in(SHIPPED))
    between = list(read_rows(ROOT / "figures" / "barrier" / "barrier.csv"))
    assert told.pop(barrier.MARK) == barrier.table_of(between)
    assert told.pop(f"{barrier.MARK}-entropy") == barrier.entropy_table_of(between)
    assert told.pop(published.MARK) == published.table_of(
        [
            *published.kept(SHIPPED / "published.csv"),
            *published.own(SHIPPED / "table-leduc", ["scratch", "fusion", "psd-fusion"]),
            *published.own(SHIPPED / "k-fusion-leduc", ["scratch", "fusion"]),
            *published.own(SHIPPED / "l-population-leduc", ["psro", "self-play-entropy", "vrpo"]),
        ]
    )
    assert told == tables_in(SHIPPED)


def announced() -> dict[str, str]:
    """Experiments that the pages state before they are run, with the line that does."""
    texts = (page.read_text("utf-8").partition("## Announced")[2] for page in PAGES)
    lines = [line for text in texts for line in text.partition("\n## ")[0].splitlines()]
    return {name: line for line in lines for name in re.findall(r"`([a-z]-[\w-]+)`", line)}


def test_announced_experiments_state_an_endpoint_and_a_margin() -> None:
    for name, line in announced().items():
        plan = load_plan(ROOT / "scenarios" / "experiments" / f"{name}.toml")
        assert (plan.name, plan.margin) == (name, 0.05)
        assert f"| {ENDPOINTS[plan.endpoint]}" in line
        assert "±0.05" in line


def test_shipped_results_are_of_whole_experiments_from_shipped_files() -> None:
    files = {path.stem for path in (ROOT / "scenarios" / "experiments").glob("*.toml")}
    plans = dict(finished_plans(SHIPPED))
    assert {plan.name for plan in plans.values()} == files - announced().keys()
    for path, plan in plans.items():
        stated = load_plan(ROOT / "scenarios" / "experiments" / f"{plan.name}.toml")
        assert not read_manifest(path / MANIFEST)["smoke"]
        assert (plan.seeds, plan.iterations) == (stated.seeds, stated.iterations)
        made, asked = ({one.hash_of(arm): arm.name for arm in one.arms} for one in (plan, stated))
        assert asked.keys() <= made.keys()
        # arms of a rule that is gone, as the page says
        assert {made[key] for key in made.keys() - asked.keys()} <= {"rectified-fusion"}
    for path, plan in plans.items():
        rows = [(row["arm"], row["seed"]) for row in read_rows(path / "iterations.csv")]
        wanted = {(arm.name, seed) for arm in plan.arms for seed in range(1, plan.seeds + 1)}
        assert Counter(rows) == dict.fromkeys(wanted, plan.iterations + 1)


@pytest.mark.parametrize("text", [MATRIX, KUHN], ids=["matrix", "kuhn"])
def test_command_renews_the_page(tmp_path: Path, text: str) -> None:
    file, page = tmp_path / "plan.toml", tmp_path / "page.md"
    file.write_text(text)
    name = text.split('name = "')[1].split('"')[0]
    other = "<!-- figures: another -->\n| kept |\n<!-- end -->\n"
    page.write_text(f"Before\n<!-- figures: {name} -->\n| old |\n<!-- end -->\n{other}After\n")
    arguments = [file, "--output", tmp_path, "--workers", "1", "--page", page]
    assert run("experiment", *arguments).code == 0
    written = page.read_text()
    table = tables_of(written)[name]
    assert table == tables_in(tmp_path)[name]
    assert "| old |" not in written
    assert other in written
    assert written.startswith("Before")
    assert written.endswith("After\n")
    *lines, empty, budget = table.splitlines()
    widths = {line.count("|") for line in lines}
    assert len(widths) == 1
    assert "[" in lines[2]
    assert empty == ""
    assert re.fullmatch(r"\d+ seeds, [\d,]+( to [\d,]+)? steps a run\.", budget)
