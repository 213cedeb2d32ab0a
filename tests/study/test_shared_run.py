"""Runs whose sides share a population: who does, what the folder holds, and what a report lists."""

from __future__ import annotations

import json

import numpy as np
import pytest
from small_runs import ALIKE, SMALL, guess_on, make

from ssa_psro.errors import ScenarioError
from ssa_psro.findings import content_of, headline_of
from ssa_psro.findings.headline import mixture_facts
from ssa_psro.findings.iterations import iterations_in_brief
from ssa_psro.study import open_run
from ssa_psro.study.audit.execution import audit
from ssa_psro.study.audit.findings import AuditSettings
from ssa_psro.study.policies import restore
from ssa_psro.study.study import dump_study, overridden, parse_study, parse_study_json
from ssa_psro.work import Workers

OTHER_DESIGN = ALIKE.replace("raan_deg = 60.0", "raan_deg = 60.0\n[red.sensor]\ndwell_s = 300.0")


def asking(text, populations):
    return text.replace("[solver]", f'[solver]\npopulations = "{populations}"')


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    folder = make(tmp_path_factory.mktemp("shared") / "run", ALIKE)
    guess_on(folder)
    return open_run(folder)


@pytest.mark.parametrize(
    ("text", "shared"),
    [
        (ALIKE, True),
        (SMALL, False),
        (OTHER_DESIGN, False),
        (asking(ALIKE, "separate"), False),
        (asking(ALIKE, "shared"), True),
    ],
    ids=["alike", "other starts", "other design", "asked apart", "asked together"],
)
def test_who_shares_a_population(text, shared):
    study = parse_study(text, "any")
    assert study.shared == shared
    kept = json.loads(dump_study(study))
    assert kept["solver"]["populations"] == ("shared" if shared else "separate")
    assert parse_study_json(dump_study(study), "any").shared == shared


@pytest.mark.parametrize(
    ("text", "problem"),
    [(OTHER_DESIGN, "different designs"), (SMALL, "begin with different policies")],
)
def test_sides_that_are_unlike_cannot_share(text, problem):
    with pytest.raises(ScenarioError) as caught:
        parse_study(asking(text, "shared"), "any")
    (fault,) = caught.value.faults
    assert fault.key == "solver.populations"
    assert problem in fault.problem
    assert "separate" in fault.cure
    with pytest.raises(ScenarioError, match=r"solver\.populations"):
        overridden(parse_study(text, "any"), {"solver.populations": "shared"})


def test_what_does_not_say_has_separate_populations():
    """As in folders of before there was a choice."""
    document = json.loads(dump_study(parse_study(ALIKE, "any")))
    del document["solver"]["populations"]
    assert not parse_study_json(json.dumps(document), "any").shared


def test_both_sides_have_the_same_members_on_the_disk_too(finished):
    blue, red = finished.state.populations
    assert (
        blue.names
        == red.names
        == (
            "aggressive",
            "random",
            "response-1",
            "response-1.2",
            "response-2",
            "response-2.2",
        )
    )
    assert finished.table.rows == finished.table.columns == blue.names
    for one, other in zip(*(side.members for side in restore(finished).populations), strict=True):
        assert one.name == other.name
        for key, weights in (one.parameters or {}).items():
            np.testing.assert_array_equal(weights, other.parameters[key])
    assert [side.mixture for side in finished.solution.sides][:1] * 2 == [
        side.mixture for side in finished.solution.sides
    ]


def test_the_seats_are_played_as_they_are_and_their_difference_is_measured(finished):
    assert not np.array_equal(finished.table.mean[..., 0], finished.table.mean[..., 0].T)
    value = finished.solution.sides[0].value
    assert value.low < value.mean < value.high
    assert finished.solution.seats.mixture.mean != 0


def test_what_members_gain_that_know_their_seat_is_told(finished):
    mixture = np.array(finished.best_record.sides[0].mixture)
    mixture = np.pad(mixture, (0, len(finished.table.rows) - mixture.size))
    blue, red = finished.table.mean[..., 0], finished.table.mean[..., 1]
    gains = [
        (blue @ mixture).max() - mixture @ blue @ mixture,
        (mixture @ red).max() - mixture @ red @ mixture,
    ]
    assert finished.solution.seated.mean == pytest.approx(np.mean(gains))
    averaged = (blue @ mixture + mixture @ red) / 2
    assert finished.solution.seated.mean > averaged.max() - mixture @ averaged


def test_one_exploitability_is_the_mean_of_both_gains(finished):
    for record in finished.records:
        (both,) = record.populations
        gain = record.raw_exploitability.mean
        # the response, all episodes of which count, or existing members that gain more
        assert gain >= both.gain.mean - 1e-12
        assert gain <= max(both.gain.mean, both.incumbent_gain.mean) + 1e-12
        assert record.approx_exploitability.mean == pytest.approx(max(0.0, gain))


def test_a_report_lists_the_population_once(finished):
    content = content_of(finished)
    for name in ("gains", "mixtures", "training", "final-mixture"):
        assert content.tables[name].unique("side") == ["both"], name
    assert content.tables["values"].unique("side") == ["blue", "red"]
    assert list(headline_of(content).played) == ["both"]
    brief = iterations_in_brief("any", finished.records, finished.best_record)
    assert [name for name in brief.names if name.startswith("gain")] == ["gain Both"]
    assert [who for who, _ in mixture_facts(finished.best_record)] == ["Both"]


def test_an_interrupted_run_resumed_equals_the_uninterrupted_one(finished, tmp_path):
    def cut(record):
        raise KeyboardInterrupt

    folder = make(tmp_path / "cut", ALIKE)
    with pytest.raises(KeyboardInterrupt):
        guess_on(folder, on_iteration=cut)
    assert len(open_run(folder).records) == 1
    with Workers(2) as workers:
        resumed = guess_on(folder, workers=workers)
    np.testing.assert_array_equal(resumed.table.samples, finished.table.samples)
    assert resumed.solution == finished.solution
    assert [record.sides[0].gain for record in resumed.records] == [
        record.sides[0].gain for record in finished.records
    ]


def test_a_general_sum_run_gives_both_sides_one_mixture(tmp_path):
    text = ALIKE.replace("[rules]", "[rules]\nrivalry = 0.5")
    folder = make(tmp_path / "general", text)
    run = guess_on(folder)
    assert run.records[0].method == "nash-milp, symmetric"
    for record in run.records:
        assert record.sides[0].mixture == record.sides[1].mixture
        assert record.restricted_exploitability == pytest.approx(0, abs=1e-7)


@pytest.mark.parametrize("sampler", ["reservoir", "adaptive"])
def test_samplers_leave_what_both_seats_need(tmp_path, sampler):
    text = ALIKE.replace("[solver]", f'[solver]\nsampler = "{sampler}"').replace(
        "episodes_per_cell = 4", "episodes_per_cell = 8"
    )
    run = guess_on(make(tmp_path / sampler, text))
    assert run.finished
    assert run.records[-1].sides[0].mixture == run.records[-1].sides[1].mixture


@pytest.mark.parametrize(("tolerance", "decisions"), [("0.0", 256), ("1.0", 512)])
def test_an_audit_tells_how_long_the_trainings_were_that_measured_the_iterate(
    tolerance, decisions, tmp_path
):
    text = ALIKE.replace("iterations = 2", f"iterations = 3\ntolerance = {tolerance}\npatience = 3")
    folder = make(tmp_path / "run", text)
    run = guess_on(folder)
    best = run.best_record.iteration
    with Workers(1) as workers:
        settings = AuditSettings("best", (64,), 4, 1, short=True)
        found = audit(folder, settings, workers)
    # the first iteration has nothing before it that could have been quiet
    assert found.in_loop_decisions == (256 if best == 1 else decisions)
