"""The payoff table: statistics, growth by exactly the missing cells, storage."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from scipy import stats

from ssa_psro.errors import UsageError
from ssa_psro.metagame.judge import Fixture, play_all
from ssa_psro.metagame.payoffs import PayoffTable, play_missing, play_up_to
from ssa_psro.randomness import episode_seeds

SEEDS = episode_seeds(7, "table", count=12)


class NoisyJudge:
    """Pays row minus column plus noise that depends on the episode; remembers every call."""

    def __init__(self):
        self.calls = []

    def __call__(self, row, column, seeds, /):
        self.calls.append((row, column, tuple(seeds.tolist())))
        noise = (seeds % 1000).astype(float) / 1000
        payoff = row - column + noise * (1 + 0.1 * row)
        return np.stack([payoff, -payoff], axis=-1)


def full_table(rows, columns, judge=None, seeds=SEEDS):
    table = PayoffTable.unplayed([f"r{v}" for v in rows], [f"c{v}" for v in columns], seeds)
    return play_missing(table, rows, columns, judge=judge or NoisyJudge())


def test_statistics_are_those_of_the_samples():
    table = full_table([1, 2, 3], [4, 5])
    cell = table.samples[1, 0, :, 0]
    assert table.complete
    assert table.count.tolist() == [[12, 12]] * 3
    assert table.mean[1, 0, 0] == pytest.approx(cell.mean())
    assert table.m2[1, 0, 0] == pytest.approx(((cell - cell.mean()) ** 2).sum())
    assert table.variance[1, 0, 0] == pytest.approx(cell.var(ddof=1))
    assert table.standard_error[1, 0, 0] == pytest.approx(stats.sem(cell))
    low, high = table.bounds(0.9)
    expected = stats.t.interval(0.9, 11, cell.mean(), stats.sem(cell))
    assert (low[1, 0, 0], high[1, 0, 0]) == pytest.approx(expected)


def test_growth_plays_exactly_the_new_cells_once():
    judge = NoisyJudge()
    table = full_table([1, 2, 3], [4, 5, 6], judge)
    assert len(judge.calls) == 9
    judge.calls.clear()
    names = (["r1", "r2", "r3", "r7"], ["c4", "c5", "c6", "c8"])
    grown = play_missing(table.enlarged(*names), [1, 2, 3, 7], [4, 5, 6, 8], judge=judge)
    cells = [call[:2] for call in judge.calls]
    assert sorted(cells) == [(1, 8), (2, 8), (3, 8), (7, 4), (7, 5), (7, 6), (7, 8)]
    assert all(call[2] == tuple(SEEDS.tolist()) for call in judge.calls)
    np.testing.assert_array_equal(grown.samples[:3, :3], table.samples)
    assert grown.complete


def test_more_episodes_play_only_the_new_ones_and_merge_exactly():
    judge = NoisyJudge()
    table = full_table([1, 2], [3], judge)
    longer = episode_seeds(7, "table", count=20)
    judge.calls.clear()
    grown = play_missing(table.enlarged(["r1", "r2"], ["c3"], longer), [1, 2], [3], judge=judge)
    assert [call[2] for call in judge.calls] == [tuple(longer[12:].tolist())] * 2
    at_once = full_table([1, 2], [3], seeds=longer)
    np.testing.assert_array_equal(grown.mean, at_once.mean)
    np.testing.assert_array_equal(grown.m2, at_once.m2)


def test_complete_table_plays_nothing():
    judge = NoisyJudge()
    table = full_table([1], [2], judge)
    play_missing(table, [1], [2], judge=judge)
    assert len(judge.calls) == 1


def test_result_does_not_depend_on_the_map():
    def backwards(function, items):
        return [function(item) for item in reversed(list(items))]

    expected = full_table([1, 2, 3], [4, 5])
    empty = PayoffTable.unplayed(expected.rows, expected.columns, SEEDS)
    with ThreadPoolExecutor(3) as pool:
        for mapper in (backwards, pool.map):
            table = play_missing(empty, [1, 2, 3], [4, 5], judge=NoisyJudge(), map_cells=mapper)
            np.testing.assert_array_equal(table.samples, expected.samples)


def test_unplayed_cells_are_nan_and_uncounted():
    table = full_table([1], [2]).enlarged(["r1", "new"], ["c2"])
    assert table.count.tolist() == [[12], [0]]
    assert np.isnan(table.mean[1]).all()
    assert np.isnan(table.standard_error[1]).all()
    assert np.isnan(table.bounds()[0][1]).all()
    assert not table.complete


def test_arrays_survive_a_file_without_pickle():
    table = full_table([1, 2], [3, 4, 5])
    file = io.BytesIO()
    np.savez(file, **table.to_arrays())
    file.seek(0)
    with np.load(file, allow_pickle=False) as arrays:
        back = PayoffTable.from_arrays(arrays)
    assert (back.rows, back.columns) == (table.rows, table.columns)
    np.testing.assert_array_equal(back.samples, table.samples)
    np.testing.assert_array_equal(back.seeds, table.seeds)


def test_tables_are_read_only():
    table = full_table([1], [2])
    with pytest.raises(ValueError, match="read-only"):
        table.samples[0] = 0


@pytest.mark.parametrize(
    ("rows", "columns", "seeds"),
    [(["x"], ["c2"], None), (["r1"], [], None), (["r1"], ["c2"], SEEDS[::-1])],
)
def test_growth_may_not_drop_or_move_anything(rows, columns, seeds):
    with pytest.raises(UsageError, match="come first"):
        full_table([1], [2]).enlarged(rows, columns, seeds)


@pytest.mark.parametrize("payoffs", [np.zeros((12, 1)), np.zeros((3, 2)), np.full((12, 2), np.nan)])
def test_unusable_payoffs_are_refused(payoffs):
    with pytest.raises(UsageError, match="judge"):
        full_table([1], [2], judge=lambda row, column, seeds: payoffs)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda one: one.__setitem__((0, 0, 3, 0), np.nan), "not the first ones"),
        (lambda one: one.__setitem__((0, 0, 1), np.nan), "not the first ones"),
        (lambda one: one.__setitem__((0, 0, 3), np.inf), "infinity"),
    ],
)
def test_tables_that_would_be_summed_wrongly_are_refused(change, told):
    samples = np.ones((1, 1, 4, 2))
    change(samples)
    with pytest.raises(UsageError, match=told):
        PayoffTable(("a",), ("b",), np.arange(4, dtype=np.uint64), samples)


def test_a_table_has_each_policy_once_and_payoffs_in_double_precision():
    seeds = np.arange(4, dtype=np.uint64)
    with pytest.raises(UsageError, match="there twice"):
        PayoffTable(("a", "a"), ("b",), seeds, np.ones((2, 1, 4, 2)))
    with pytest.raises(UsageError, match="of type int64"):
        PayoffTable(("a",), ("b",), seeds, np.ones((1, 1, 4, 2), np.int64))


OFFSETS = np.array([-10.0, 30.0])


def scored(row, column, seeds, /):
    """The noisy game with scores behind the payoffs: both have the payoff less 10 and plus 10."""
    payoffs = NoisyJudge()(row, column, seeds)
    return np.concatenate([payoffs, payoffs + OFFSETS], axis=1)


def test_scores_are_kept_beside_the_same_payoffs():
    plain, kept = full_table([1, 2], [4, 5]), full_table([1, 2], [4, 5], scored)
    assert plain.scores is None
    np.testing.assert_array_equal(kept.samples, plain.samples)
    np.testing.assert_array_equal(kept.scores, plain.samples + OFFSETS)
    assert not kept.scores.flags.writeable
    np.testing.assert_allclose(kept.total_score, 20.0)
    assert np.isnan(plain.total_score).all()
    (payoffs,) = play_all(scored, [Fixture(1, 4, SEEDS)])
    np.testing.assert_array_equal(payoffs, plain.samples[0, 0])
    assert payoffs.flags.c_contiguous


def test_scores_grow_with_the_table_and_survive_a_file():
    kept = full_table([1, 2], [4, 5], scored)
    grown = kept.enlarged(["r1", "r2", "r3"], ["c4", "c5"])
    np.testing.assert_array_equal(grown.scores[:2], kept.scores)
    assert np.isnan(grown.scores[2]).all()
    file = io.BytesIO()
    np.savez(file, **kept.to_arrays())
    file.seek(0)
    again = PayoffTable.from_arrays(np.load(file, allow_pickle=False))
    np.testing.assert_array_equal(again.scores, kept.scores)
    assert "scores" not in full_table([1], [4]).to_arrays()


def test_a_table_of_before_scores_goes_on_with_them():
    """Total scores are of the cells whose scores are known, and of their known episodes."""
    old = full_table([1, 2], [4]).enlarged(
        ["r1", "r2", "r3"], ["c4"], episode_seeds(7, "table", count=14)
    )
    wanted = np.array([[12], [14], [14]])
    table = play_up_to(old, wanted, [1, 2, 3], [4], judge=scored)
    assert table.count.tolist() == [[12], [14], [14]]
    assert np.isnan(table.scores[0]).all()
    assert np.isfinite(table.scores[1, 0]).all(axis=1).tolist() == [False] * 12 + [True] * 2
    assert np.isnan(table.total_score[0, 0])
    np.testing.assert_allclose(table.total_score[1:], 20.0)


@pytest.mark.parametrize("width", [1, 3, 5, 6])
def test_a_judge_returns_payoffs_alone_or_with_scores(width):
    with pytest.raises(UsageError, match="wrong shape"):
        full_table([1], [4], lambda row, column, seeds: np.zeros((len(seeds), width)))


def test_scores_of_another_shape_are_refused():
    table = full_table([1, 2], [4])
    with pytest.raises(UsageError, match="scores"):
        PayoffTable(table.rows, table.columns, table.seeds, table.samples, np.zeros((2, 1, 12, 1)))
