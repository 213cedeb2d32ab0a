"""The comparison with OpenSpiel's own NashConv."""

from __future__ import annotations

from evidence.exact_speed import compare


def test_all_ways_agree_and_are_timed() -> None:
    told = compare("kuhn")
    assert told["largest_difference"] < 1e-12
    assert set(told["cpu_ms"]) == {"here", "open_spiel", "open_spiel_python"}
    assert set(told["ratio"]) == {"open_spiel", "open_spiel_python"}
