"""The benchmarks of intervals and of the reservoir, on games of a few policies."""

from __future__ import annotations

import numpy as np
import pytest
from metagame.noisy_games import NoisyGame

from evidence.interval_coverage import Setting, coverage
from evidence.reservoir import outcome
from evidence.sampling import apart, half_width
from ssa_psro.metagame.tournament import common_seed_reduction


@pytest.mark.parametrize("half_width", [None, 0.4])
def test_coverage_is_a_share_of_true_statements(half_width):
    setting = Setting(3, 20, skewed=False, half_width=half_width)
    found = coverage(setting, replicates=12, resamples=20, rng=np.random.default_rng(0))
    assert 0.85 < found["cell mean"] <= 1
    assert all(0.6 < share <= 1 for share in found.values())
    assert ("exploitability by given responses" in found) == (half_width is None)


def test_shuffled_cells_have_nothing_in_common():
    table = NoisyGame(np.random.default_rng(0).normal(size=(4, 4)), episodes=200).table(200)
    shuffled = apart(table, np.random.default_rng(0))
    np.testing.assert_allclose(shuffled.mean, table.mean)
    assert common_seed_reduction(table) == pytest.approx(0.5, abs=0.1)
    assert common_seed_reduction(shuffled) == pytest.approx(0, abs=0.1)
    assert half_width(shuffled) > 1.1 * half_width(table)


def test_a_reservoir_of_all_cells_changes_nothing():
    table = NoisyGame(np.random.default_rng(1).normal(size=(6, 6)), noise=0.1).table(400)
    found = outcome(table, share=1.0, seed=0, confirm=False)
    assert found["cells_played"] == 1
    assert found["value_error"] == pytest.approx(0)
    assert found["exploitability_in_full_table"] == pytest.approx(0, abs=1e-12)
    part = outcome(table, share=0.4, seed=0, confirm=False)
    assert part["cells_played"] < 0.7
    assert part["error_of_imputed_cells"] > 0.1
