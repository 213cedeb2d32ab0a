"""What rivalry costs and what a seat is worth, on games whose answer is known and on a real one."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest
from forgery import edit, forge
from small_runs import SMALL, guess_on, make, small_study

from ssa_psro.game import game_of
from ssa_psro.metagame import Interval, PayoffTable
from ssa_psro.policies import Mixture, make_policy, play
from ssa_psro.randomness import episode_seeds
from ssa_psro.study import open_run
from ssa_psro.study.rivalry import pair_player, prices_of_rivalry, seats_of, share_lost
from ssa_psro.study.writing import new_session
from ssa_psro.work import Workers

NAMES = ("aggressive", "random", "reactive")
POLICIES = tuple(make_policy(name) for name in NAMES)
TOTALS = np.array([[0.5, 0.7, 0.6], [0.9, 0.8, 0.4], [0.3, 0.2, 0.1]])


def table_of(totals: np.ndarray | None = TOTALS) -> PayoffTable:
    """Two episodes a cell, whose scores have these sums."""
    scores = None if totals is None else np.stack([totals - 0.1, np.full((3, 3), 0.1)], axis=-1)
    if scores is not None:
        scores = np.repeat(scores[:, :, None, :], 2, axis=2)
    return PayoffTable(NAMES, NAMES, np.arange(2, dtype=np.uint64), np.zeros((3, 3, 2, 2)), scores)


def figures(blue: float, red: float) -> dict[str, np.ndarray]:
    """Four episodes in which luck moves both sides' scores alike."""
    luck = np.array([[0.1], [-0.1], [0.05], [-0.05]])
    score = np.array([[blue, red]]) * (1 + luck)
    return {
        "payoff": score - score[:, ::-1],
        "score": score,
        "custody": score / 2,
        "contested_custody": score / 4,
    }


def test_the_pair_of_most_scores_is_judged_again() -> None:
    """Chosen by the table, measured by others: here it turns out to have less than there."""
    played = []

    def play_pair(pair):
        played.append(tuple(policy.name for policy in pair))
        return figures(0.5, 0.3) if pair == (POLICIES[1], POLICIES[0]) else figures(0.1, 0.3)

    mixture = Mixture("any", POLICIES, np.ones(3) / 3)
    (price,) = prices_of_rivalry(table_of(), (POLICIES, POLICIES), [(mixture, mixture)], play_pair)
    assert played == [("random", "aggressive"), ("any", "any")]
    assert price.cooperative.policies == ("random", "aggressive")
    assert price.cooperative.total_score.mean == pytest.approx(0.8)
    assert price.equilibrium.policies == ("equilibrium", "equilibrium")
    assert [one.mean for one in price.equilibrium.score] == pytest.approx([0.1, 0.3])
    assert [one.mean for one in price.equilibrium.payoff] == pytest.approx([-0.2, 0.2])
    assert [one.mean for one in price.equilibrium.custody] == pytest.approx([0.05, 0.15])
    assert [one.mean for one in price.cooperative.contested_custody] == pytest.approx(
        [0.125, 0.075]
    )
    # all luck is common, so the ratio is known exactly
    assert (price.price.mean, price.price.low, price.price.high) == pytest.approx((0.5,) * 3)
    assert (price.price.count, price.pairs_known, price.pairs) == (4, 9, 9)


def test_pairs_without_scores_are_not_chosen_and_counted_out() -> None:
    totals = TOTALS.copy()
    totals[1] = np.nan
    (price,) = prices_of_rivalry(
        table_of(totals), (POLICIES, POLICIES), [POLICIES[:2]], lambda pair: figures(0.5, 0.5)
    )
    assert price.cooperative.policies == ("aggressive", "random")
    assert (price.pairs_known, price.pairs) == (6, 9)
    assert not prices_of_rivalry(
        table_of(None), (POLICIES, POLICIES), [POLICIES[:2]], lambda pair: figures(0.5, 0.5)
    )


def test_nothing_is_lost_where_there_is_nothing() -> None:
    assert share_lost(np.zeros(5), np.zeros(5)) == Interval(0.0, 0.0, 0.0, 5)


def test_interval_of_the_share_covers_as_it_says() -> None:
    """Scores with common and with own luck, of which the truth is known: 1 - 0.6 / 1.4."""
    rng = np.random.default_rng(5)
    truth, hits, runs = 1 - 0.6 / 1.4, 0, 2000
    for _ in range(runs):
        common, own = rng.normal(0, 0.05, (2, 40)), rng.normal(0, 0.1, (2, 40))
        found = share_lost(0.6 + common[0] + own[0], 1.4 + common[0] + own[1])
        hits += found.low <= truth <= found.high
    assert hits / runs == pytest.approx(0.95, abs=0.015)


def test_seats_are_halves_of_what_equals_are_paid_apart() -> None:
    """Blue's seat earns 0.2 more in every match; the second mixture earns 0.6 more in any seat."""
    strong = {"aggressive": 0.0, "random": 0.6}

    def play_pair(pair):
        edge = strong[pair[0].name] - strong[pair[1].name] + 0.2
        return {"payoff": np.tile([edge / 2, -edge / 2], (3, 1))}

    found = seats_of(POLICIES[:2], {"aggressive": POLICIES[0]}, play_pair)
    assert found.mixture.mean == pytest.approx(0.1)
    assert found.policies["aggressive"].mean == pytest.approx(0.1)
    assert found.mixture.count == 3


def test_figures_are_those_of_a_match_whoever_plays_it() -> None:
    game = game_of(small_study().scenario)
    seeds = episode_seeds(2, "pairs", count=40)
    match = play(game, POLICIES[0], POLICIES[2], seeds)
    for count in (1, 2):
        with Workers(count) as workers:
            found = pair_player(game, seeds, workers)((POLICIES[0], POLICIES[2]))
        np.testing.assert_array_equal(found["score"], match.scores)
        np.testing.assert_array_equal(found["custody"], match.statistics["custody"])


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    folder = make(tmp_path_factory.mktemp("runs") / "finished")
    guess_on(folder)
    return folder


def test_a_run_keeps_what_its_outcome_comes_to(finished) -> None:
    run = open_run(finished)
    best, final, seats = run.solution.best_price, run.solution.final_price, run.solution.seats
    assert (best.price.count, best.pairs_known, best.pairs) == (6, 20, 20)
    # the same episodes as the coverage against time: paid, scored and held the same
    np.testing.assert_allclose(
        [one.mean for one in best.equilibrium.score], run.coverage.scores.mean(axis=0), rtol=1e-12
    )
    np.testing.assert_allclose(
        [one.mean for one in best.equilibrium.payoff], run.coverage.payoffs.mean(axis=0), atol=1e-12
    )
    assert final.cooperative == best.cooperative
    row, column = np.unravel_index(np.argmax(run.table.total_score), (4, 5))
    assert best.cooperative.policies == (run.table.rows[row], run.table.columns[column])
    np.testing.assert_allclose(
        run.table.samples, run.table.scores - run.table.scores[..., ::-1], atol=1e-15
    )
    played = {
        name
        for side in run.best_record.sides
        for name, share in zip(side.names, side.mixture, strict=True)
        if share > 1e-6
    }
    assert seats.policies.keys() == played
    assert seats.mixture.count == 6


def test_an_older_folder_opens_without_and_goes_on_with_what_it_plays(finished, tmp_path) -> None:
    """The scores of what was played before are not made up."""
    folder = shutil.copytree(finished, tmp_path / "older")
    path = folder / "solution.json"
    kept = json.loads(path.read_text())
    for key in ("best_price", "final_price", "seats"):
        del kept[key]
    path.write_text(json.dumps(kept))
    with np.load(folder / "payoffs.npz") as stored:
        arrays = {name: stored[name] for name in stored.files if name != "scores"}
    np.savez(folder / "payoffs.npz", **arrays)
    edit(folder / "manifest.json", format=3)
    for record in folder.glob("iterations/*.json"):
        edit(record, sha256={})
    forge(folder)
    run = open_run(folder)
    assert run.table.scores is None
    assert run.solution.best_price is run.solution.seats is None
    again = guess_on(folder, session=new_session(["again"], 3))
    assert again.solution.best_price.pairs_known == 30 - 20
    assert again.solution.best_price.pairs == 30
    np.testing.assert_array_equal(again.table.samples[:4, :5], run.table.samples)
    assert np.isnan(again.table.scores[:4, :5]).all()


@pytest.mark.parametrize("rivalry", [0.0, 0.5])
def test_a_game_between_the_extremes_is_solved_as_it_is(rivalry, tmp_path) -> None:
    text = SMALL.replace("[rules]", f"[rules]\nrivalry = {rivalry}")
    folder = make(tmp_path / "run", text)
    guess_on(folder)
    run = open_run(folder)
    samples, scores = run.table.samples, run.table.scores
    np.testing.assert_allclose(samples, scores - rivalry * scores[..., ::-1], atol=1e-15)
    assert run.solution.method in ("nash-milp", "lemke-howson", "logit-path")
    assert run.solution.gap < 1e-8
    assert run.solution.best_price is not None


def test_sides_of_different_designs_have_no_seats(tmp_path) -> None:
    text = SMALL.replace("altitude_km = 800.0", "altitude_km = 900.0", 1)
    folder = make(tmp_path / "run", text)
    guess_on(folder)
    solution = open_run(folder).solution
    assert solution.seats is None
    assert solution.best_price is not None
