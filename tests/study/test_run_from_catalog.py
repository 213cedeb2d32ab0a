"""Runs on element sets from a file: the file is needed no more, and the report names objects."""

from __future__ import annotations

import csv
from pathlib import Path

from sky_files import SCENARIO, high, low, write_sky
from small_runs import guess_on

from ssa_psro.findings import content_of
from ssa_psro.report import write_content
from ssa_psro.study import load_study, open_run
from ssa_psro.study.writing import create

SOLVING = """
[oracle]
decisions = 64
environments = 4
hidden = [8]

[solver]
iterations = 1
episodes_per_cell = 4
held_out_episodes = 6
"""


def test_run_outlives_its_catalogue_and_reports_ids_of_any_size(tmp_path: Path) -> None:
    sets = [low("WIDE", "799501234"), low("", "A0000", mean_anomaly_deg=200.0), high()]
    path = write_sky(tmp_path, sets, scenario=SCENARIO + SOLVING)
    create(tmp_path / "run", load_study(path).study, source=path.read_text("utf-8"))
    (tmp_path / "sky.json").unlink()
    path.unlink()
    guess_on(tmp_path / "run")
    run = open_run(tmp_path / "run")
    assert run.finished
    page = write_content(content_of(run)).read_text("utf-8")
    for shown in ("WIDE", "799501234", "A0000", "HIGH", "2 LEO", "1 GEO"):
        assert shown in page
    with (tmp_path / "run" / "report" / "data" / "objects.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(row["object"], row["catalog_id"], row["regime"]) for row in rows] == [
        ("WIDE", "799501234", "LEO"),
        ("A0000", "A0000", "LEO"),
        ("HIGH", "201", "GEO"),
    ]
