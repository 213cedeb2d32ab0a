"""Iterates measured again by members that joined later: who is best, what is known, resumption."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from psro.test_psro_loop import SEED, assert_same_run, begin, run

from ssa_psro.arrays import Floats, Seeds
from ssa_psro.games.matrix import MatrixGame
from ssa_psro.learn.protocol import OracleRequest, OracleResult
from ssa_psro.metagame.solvers.equilibrium import as_bimatrix, describe
from ssa_psro.psro import (
    PsroResult,
    PsroState,
    StopRule,
    best_record,
    recomputed,
    record_from_json,
    record_to_json,
)
from ssa_psro.psro.review import table_gains
from ssa_psro.randomness import episode_seeds, generator

# every action beats those before it, and action 1 loses 5 to those after it
LADDER = np.array([[0.0, -1, -1, -1], [1, 0, -5, -5], [1, 5, 0, -1], [1, 5, 1, 0]])


class Noisy(MatrixGame):
    """The same game with episodes that are noisy."""

    def judge(self, row: Floats, column: Floats, seeds: Seeds, /) -> Floats:
        noise = np.array([generator(int(seed), "noise").normal() for seed in seeds])
        luck = noise * (row[0] + 2.0 * column[1])
        return super().judge(row, column, seeds) + 0.2 * np.stack([luck, -luck], axis=1)


def answers(game: MatrixGame, *actions: int) -> Callable[..., OracleResult[Floats]]:
    """An oracle whose responses are given, one an iteration."""

    def oracle(request: OracleRequest[Floats]) -> OracleResult[Floats]:
        action = actions[request.iteration - 1]
        return OracleResult(replace(game.pure(request.side, action), name=request.name))

    return oracle


def ladder(game: MatrixGame, *actions: int, **changes: object) -> PsroResult[Floats]:
    """A run whose responses are given."""
    stop = changes.pop("stop", StopRule(len(actions)))
    return run(game, begin(game, 0), oracle=answers(game, *actions), stop=stop, **changes)


def old_rule(result: PsroResult[Floats]) -> int:
    """The iterate over which its own responses gained least."""
    records = result.state.records
    return min(records, key=lambda record: record.sides[0].gain.high).iteration


def test_an_iterate_whose_own_training_failed_is_not_the_best_one() -> None:
    """Iterate 2 plays action 1, and its responses fail; what joins later beats it by 5."""
    game = MatrixGame.of(LADDER)
    found = ladder(game, 1, 1, 2, 3, 3)
    assert [record.approx_exploitability.mean for record in found.state.records] == [1, 0, 5, 1, 0]
    assert old_rule(found) == 2
    assert found.best is not None
    assert found.best.iteration == 5
    assert recomputed(found.state.records)[1].approx_exploitability.mean == 5.0
    assert game.deviations(*(np.eye(4)[1],) * 2).exploitability == 5.0


def test_the_last_iterate_whose_training_failed_is_judged_by_members_too() -> None:
    """The first response was no answer to its own mixtures, but it is one to those of iterate 3."""
    game = MatrixGame.of(LADDER)
    found = ladder(game, 1, 2, 1)
    assert [record.approx_exploitability.mean for record in found.state.records] == [1, 5, 0]
    assert best_record(found.state.records[:2]).iteration == 1


def test_incumbents_count() -> None:
    """The mixture is uniform, not an equilibrium: an existing member gains what no new one does."""
    game = MatrixGame.of(LADDER)

    def even(payoffs: Floats) -> object:
        n, m = payoffs.shape[:2]
        return describe(as_bimatrix(payoffs), np.full(n, 1 / n), np.full(m, 1 / m), "even")

    found = run(
        game, begin(game, 0, 3), oracle=answers(game, 0), solve=even, stop=StopRule(1)
    ).state.records[0]
    side = found.sides[0]
    assert (side.incumbent, side.champion) == ("action-3", "action-3")
    assert (side.gain.mean, side.incumbent_gain.mean) == (-0.5, 0.5)
    assert found.approx_exploitability.mean == 0.5


def test_only_what_could_be_best_is_reviewed_and_on_episodes_of_its_own() -> None:
    game, played = MatrixGame.of(LADDER), list[list[int]]()

    def judge(row: Floats, column: Floats, seeds: Seeds, /) -> Floats:
        played.append(seeds.tolist())
        return game.judge(row, column, seeds)

    found = ladder(game, 1, 1, 2, 3, 3, judge=judge)
    reviews = [(r.iteration, one.iteration) for r in found.state.records for one in r.reviews]
    assert reviews == [(3, 2)]  # iterate 1 is known to lose more from the first
    # the mixtures once, and of each side whom the last look found and the first three by the table
    assert played.count(episode_seeds(SEED, "confirm", 2, 3, count=4).tolist()) == 1 + 2 * 4


def test_the_table_knows_for_every_iterate_what_its_members_gain_now() -> None:
    found = ladder(MatrixGame.of(LADDER), 1, 1, 2, 3, 3)
    table = found.state.table
    most = [
        max(gain.max() for gain in table_gains(record, table)) for record in found.state.records
    ]
    assert most == [1, 5, 5, 1, 0]


@pytest.mark.parametrize("cut", [1, 2, 3, 4])
def test_resumed_runs_review_the_same_iterates_on_the_same_episodes(cut: int) -> None:
    game, states = Noisy.of(LADDER), list[PsroState[Floats]]()
    changes = {"oracle": answers(game, 1, 1, 2, 3, 3), "stop": StopRule(5)}
    whole = run(game, begin(game, 0), on_state=states.append, **changes)
    assert any(record.reviews for record in whole.state.records)
    resumed = run(game, states[cut], **changes)
    assert_same_run(whole, resumed)
    assert resumed.best is not None
    assert whole.best is not None
    assert resumed.best.credible_bound == whole.best.credible_bound


def test_reviews_survive_json() -> None:
    for record in ladder(Noisy.of(LADDER), 1, 1, 2).state.records:
        text = json.dumps(record_to_json(record), allow_nan=False)
        assert record_from_json(json.loads(text)) == record


def test_a_run_does_not_stop_by_an_iterate_that_later_members_beat() -> None:
    """Two trainings in a row fail, the second after a member has joined that beats the first."""
    game = MatrixGame.of(LADDER)
    stop = StopRule(iterations=5, tolerance=0.5, patience=2)
    found = ladder(game, 1, 1, 1, 2, 3, stop=stop)
    assert (found.stopped, len(found.state.records)) == ("tolerance", 3)
    found = ladder(game, 1, 1, 2, 2, 2, stop=stop)
    assert (found.stopped, len(found.state.records)) == ("tolerance", 5)
