"""From which size on something is told, at the limit itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ssa_psro.findings import Column, Content, headline_of, make_table
from ssa_psro.findings.headline import mixture_facts
from ssa_psro.findings.metagame import often_played
from ssa_psro.findings.scenario import scenario_facts
from ssa_psro.findings.tournament import response_table
from ssa_psro.metagame.intervals import Interval
from ssa_psro.metagame.structure.response_graph import Edge, ResponseGraph
from ssa_psro.psro import IterationRecord
from ssa_psro.scenario import content_hash


def with_mixture(content: Content, shares: dict[str, float]) -> IterationRecord:
    """The best record, both sides playing this."""
    assert content.best is not None
    blue, red = (
        replace(side, names=tuple(shares), mixture=tuple(shares.values()))
        for side in content.best.sides
    )
    return replace(content.best, sides=(blue, red))


def test_the_headline_names_who_plays_half_a_per_cent(finished: Content) -> None:
    best = with_mixture(finished, {"rare": 0.00499, "once": 0.005, "often": 0.99001})
    headline = headline_of(replace(finished, best=best))
    assert headline.played["blue"] == {"often": 0.99001, "once": 0.005}


def test_the_headline_of_a_run_without_iterations_too(begun: Content) -> None:
    shares = (0.99001, 0.005, 0.00499, 0.0)
    mixture = tuple(Interval(share, 0.0, 1.0, 9) for share in shares)
    final = replace(begun.final, mixtures=(mixture, mixture))
    played = headline_of(replace(begun, final=final)).played["red"]
    assert list(played.values()) == [0.99001, 0.005]


def test_all_but_rounding_errors_are_members_of_a_mixture(finished: Content) -> None:
    best = with_mixture(finished, {"none": 0.9e-6, "some": 1.1e-6, "most": 0.999998})
    assert mixture_facts(best) == [
        ("Blue", "1.000 most, 0.000 some"),
        ("Red", "1.000 most, 0.000 some"),
    ]


def test_figures_of_mixtures_show_who_plays_more_than_half_a_per_cent() -> None:
    rows = [("never", 0.005), ("once", 0.001), ("once", 0.0051)]
    table = make_table("mixtures", "", [Column("policy"), Column("share")], rows)
    assert often_played(table, "share") == ["once"]


def test_twelve_digits_of_a_hash_tell_scenarios_apart(finished: Content) -> None:
    scenario = finished.run.scenario
    label, shown = scenario_facts(scenario)[-1]
    assert (label, len(shown)) == ("content hash", 12)
    assert content_hash(scenario).startswith(shown)


@pytest.mark.parametrize(("frequency", "shown"), [(0.05, True), (0.0499, False)])
def test_responses_of_one_resample_in_twenty_are_told(frequency: float, shown: bool) -> None:
    edge = Edge("row", "a", "b", best=False, frequency=frequency)
    graph = ResponseGraph((edge,), ((("row", "b"), ("column", "a")),), ((1.0,), (1.0,)))
    table = response_table(graph, one_seat=False)
    assert table.texts == ([["a", "or b (Blue)", "5%"]] if shown else [])
    assert table.note == "Following them ends among: a, b."
