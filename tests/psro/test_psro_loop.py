"""The PSRO loop: double oracle on matrix games, resumption, stopping, bookkeeping."""

from __future__ import annotations

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ssa_psro.errors import UsageError
from ssa_psro.games.matrix import MatrixGame
from ssa_psro.learn.protocol import Member, OracleResult
from ssa_psro.learn.starts import StartSchedule
from ssa_psro.metagame.intervals import Interval
from ssa_psro.metagame.solvers import make_solver
from ssa_psro.psro import (
    Population,
    StopRule,
    best_record,
    initial_state,
    record_from_json,
    record_to_json,
    run_psro,
)
from ssa_psro.psro.records import without_durations

UNEQUAL_RPS = np.array([[0, -1, 3], [1, 0, -2], [-3, 2, 0]], dtype=float)
SEED = 5


def populations(game, *actions):
    actions = actions or (0,)
    return tuple(
        Population(side, tuple(game.pure(index, action) for action in actions))
        for index, side in enumerate(("blue", "red"))
    )


def begin(game, *actions):
    return initial_state(populations(game, *actions), seed=SEED, episodes_per_cell=3)


def run(game, state=None, **changes):
    choices = {
        "judge": game.judge,
        "mix": game.mix,
        "solve": make_solver("nash"),
        "oracle": game.best_response,
        "start": StartSchedule("scratch"),
        "stop": StopRule(iterations=20, tolerance=1e-9, patience=1),
        "seed": SEED,
        "held_out_episodes": 4,
    }
    return run_psro(state or begin(game), **(choices | changes))


class Noisy(MatrixGame):
    """A matrix game whose episodes are noisy, and whose oracle draws on its seed."""

    def judge(self, row, column, seeds, /):
        noise = np.array([np.random.default_rng(int(seed)).normal() for seed in seeds])
        return super().judge(row, column, seeds) + 0.3 * noise[:, None] * [1, -1] * row[0]

    def best_response(self, request, /):
        rng = np.random.default_rng(request.seed)
        action = rng.integers(self.payoffs.shape[request.side])
        policy = np.eye(self.payoffs.shape[request.side])[action]
        return OracleResult(Member(request.name, policy), facts={"luck": rng.random()})


def assert_same_run(one, other):
    assert [without_durations(r) for r in one.state.records] == [
        without_durations(r) for r in other.state.records
    ]
    np.testing.assert_array_equal(one.state.table.samples, other.state.table.samples)
    assert one.state.table.rows == other.state.table.rows
    for mine, theirs in zip(one.state.populations, other.state.populations, strict=True):
        assert mine.names == theirs.names
        np.testing.assert_array_equal(mine.policies, theirs.policies)
    assert one.stopped == other.stopped


def test_double_oracle_finds_the_equilibrium_of_unequal_rock_paper_scissors():
    game = MatrixGame.of(UNEQUAL_RPS)
    result = run(game)
    final = result.state.records[-1]
    assert result.stopped == "tolerance"
    assert final.approx_exploitability.high == pytest.approx(0, abs=1e-9)
    assert result.best == final
    for side, members in zip(final.sides, result.state.populations, strict=True):
        played = np.array(side.mixture) @ np.array(members.policies[: len(side.names)])
        np.testing.assert_allclose(played, [1 / 3, 1 / 2, 1 / 6], atol=1e-9)


@given(st.integers(0, 10_000), st.integers(2, 6), st.integers(2, 6))
@settings(max_examples=15, deadline=None)
def test_double_oracle_reaches_the_value_of_random_games(seed, n, m):
    matrix = np.random.default_rng(seed).normal(size=(n, m))
    result = run(MatrixGame.of(matrix))
    truth = make_solver("nash")(matrix)
    assert result.stopped == "tolerance"
    assert result.state.records[-1].sides[0].value.mean == pytest.approx(truth.value[0], abs=1e-8)


def test_double_oracle_on_a_general_sum_game():
    dilemma = np.array([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], dtype=float)
    result = run(MatrixGame.of(dilemma))
    assert result.stopped == "tolerance"
    assert result.equilibrium.value == pytest.approx((1, 1))


def test_first_record_tells_what_was_known_before_the_responses_joined():
    record = run(MatrixGame.of(UNEQUAL_RPS), stop=StopRule(1)).state.records[0]
    blue, red = record.sides
    assert (blue.names, blue.mixture) == (("action-0",), (1.0,))
    assert [one.name for side in (blue, red) for one in side.responses] == ["blue-1", "red-1"]
    assert blue.responses[0].facts["action"] == 1  # paper, the best answer to rock
    assert (blue.gain.mean, red.gain.mean) == (1.0, 1.0)
    assert record.approx_exploitability.mean == 1.0
    assert record.restricted_exploitability == 0.0
    assert (blue.incumbent, blue.incumbent_gain.mean) == ("action-0", 0.0)
    assert set(record.seconds) == {"solve", "train", "measure", "play"}


def test_requests_describe_both_sides():
    game = MatrixGame.of(UNEQUAL_RPS)
    seen = []

    def oracle(request):
        seen.append(request)
        return game.best_response(request)

    run(game, begin(game, 0, 1), oracle=oracle, start=StartSchedule("fusion", 2), stop=StopRule(2))
    first, _, third, fourth = seen
    assert [r.side for r in seen] == [0, 1, 0, 1]
    assert [r.start for r in seen] == ["scratch", "scratch", "fusion", "fusion"]
    assert [m.name for m in third.learners] == ["action-0", "action-1", "blue-1"]
    assert [m.name for m in fourth.opponents] == ["action-0", "action-1", "blue-1"]
    assert third.opponent_mixture.shape == third.learner_mixture.shape == (3,)
    own = np.array([m.policy for m in third.learners]) @ UNEQUAL_RPS
    opponent = third.opponent_mixture @ np.array([m.policy for m in third.opponents])
    np.testing.assert_allclose(third.learner_scores, own @ opponent, atol=1e-12)
    assert len({r.seed for r in seen}) == 4
    assert first.name == "blue-1"


def test_every_cell_is_played_once():
    game = MatrixGame.of(UNEQUAL_RPS)
    calls = Counter()

    def judge(row, column, seeds):
        if len(seeds) == 3:  # a cell of the table; held-out matches play four episodes
            calls[row.tobytes(), column.tobytes(), calls.total()] += 1
        return game.judge(row, column, seeds)

    result = run(game, begin(game, 0, 1), judge=judge, stop=StopRule(3))
    assert calls.total() == result.state.table.count.size == 25


@pytest.mark.parametrize("cut", [0, 1, 3])
def test_resumed_run_equals_the_uninterrupted_one(cut):
    game = Noisy.of(UNEQUAL_RPS)
    states = []
    whole = run(game, begin(game, 0, 1), stop=StopRule(5), on_state=states.append)
    assert [len(state.records) for state in states] == [0, 1, 2, 3, 4, 5]
    resumed = run(game, states[cut], stop=StopRule(5))
    assert_same_run(whole, resumed)


def test_resuming_a_finished_run_changes_nothing():
    game = MatrixGame.of(UNEQUAL_RPS)
    whole = run(game)
    seen = []
    assert_same_run(whole, run(game, whole.state, on_state=seen.append))
    assert seen == []


def test_result_does_not_depend_on_where_or_in_what_order_work_is_done():
    def backwards(function, items):
        return [function(item) for item in reversed(list(items))]

    game = Noisy.of(UNEQUAL_RPS)
    plain = run(game, stop=StopRule(4))
    assert_same_run(plain, run(game, stop=StopRule(4), map_cells=backwards, map_oracles=backwards))
    with ThreadPoolExecutor(2) as pool:
        threaded = run(game, stop=StopRule(4), map_cells=pool.map, map_oracles=pool.map)
    assert_same_run(plain, threaded)


def test_stopping_needs_patience_and_the_upper_bound():
    record = run(MatrixGame.of(UNEQUAL_RPS), stop=StopRule(1)).state.records[0]

    def found(low, mean, high, gain=0.0):
        bounds = replace(record.approx_exploitability, low=low, mean=mean, high=high)
        gained = Interval(gain, gain, gain, 9)
        sides = tuple(
            replace(side, responses=(replace(side.responses[0], gain=gained),))
            for side in record.sides
        )
        return replace(record, approx_exploitability=bounds, sides=sides)

    good, unsure, bad = found(0, 0.001, 0.004), found(0, 0.001, 0.02), found(0.1, 0.2, 0.3)
    stop = StopRule(iterations=4, tolerance=0.005, patience=2)
    assert stop([]) is None
    assert stop([good]) is None
    assert stop([good, unsure]) is None
    assert stop([good, bad, good]) is None
    assert stop([bad, good, good]) == "tolerance"
    assert stop([bad] * 4) == "iterations"
    assert StopRule(4, tolerance=0.0, patience=1)([found(0, 0, 0)]) is None
    failed = found(0, 0, 0, gain=-0.3)  # a response far worse than the mixture proves nothing
    assert stop([good, failed]) is None
    assert stop([failed, failed]) is None
    assert stop([good, found(0, 0, 0, gain=-0.004)]) == "tolerance"
    assert best_record([bad, unsure, good, good]) is good
    assert best_record([failed, unsure]) is unsure
    assert best_record([]) is None


def test_early_stop_waits_for_patience():
    game = MatrixGame.of(UNEQUAL_RPS)
    one = run(game)
    three = run(game, stop=StopRule(iterations=20, tolerance=1e-9, patience=3))
    assert len(three.state.records) == len(one.state.records) + 2


def test_what_would_end_a_run_is_looked_for_longer():
    game, asked = MatrixGame.of(UNEQUAL_RPS), []

    def oracle(request, /):
        asked.append((request.iteration, request.budget))
        return game.best_response(request)

    stop = StopRule(iterations=20, tolerance=1e-9, patience=3, confirmation=4.0)
    found = run(game, stop=stop, oracle=oracle)
    last = len(found.state.records)
    assert found.stopped == "tolerance"
    wanted = [(n, 4.0 if n > last - 2 else 1.0) for n in range(1, last + 1) for _ in range(2)]
    assert asked == wanted


def test_a_run_whose_responses_only_repeat_members_ends_unsolved():
    """A stuck oracle answers with the first action, whatever is asked: a copy is not progress."""
    game, asked = MatrixGame.of(UNEQUAL_RPS), []

    def stuck(request, /):
        asked.append((request.iteration, request.budget))
        return OracleResult(Member(request.name, np.eye(3)[0]))

    stop = StopRule(iterations=20, tolerance=1e-9, patience=2, confirmation=4.0)
    found = run(game, begin(game, 0, 1), stop=stop, oracle=stuck)
    assert found.stopped == "alike"
    assert asked == [
        (1, 1.0),
        (1, 1.0),
        (2, 4.0),
        (2, 4.0),
    ]  # the second has been looked for longer
    for record in found.state.records:
        for side in record.sides:
            (one,) = side.responses
            assert (one.nearest.name, one.nearest.distance, one.nearest.bound) == (
                side.names[0],
                0.0,
                0.0,
            )
        assert record.repeats(1e-9)
        assert not record.repeats(0.0)
    unlike = run(game, begin(game, 0, 1), stop=StopRule(1, tolerance=1e-9)).state.records[0]
    assert not unlike.repeats(1e-9)
    part = replace(
        found.state.records[0],
        sides=tuple(
            replace(side, responses=(replace(side.responses[0], whole=False),))
            for side in found.state.records[0].sides
        ),
    )
    assert not part.repeats(1e-9)  # proves nothing about the whole mixtures
    older = record_to_json(found.state.records[0])
    for side in older["sides"]:
        del side["responses"][0]["nearest"]
    assert not record_from_json(older).repeats(1e-9)


def test_records_survive_json():
    game = Noisy.of(UNEQUAL_RPS)
    for record in run(game, stop=StopRule(2)).state.records:
        text = json.dumps(record_to_json(record), allow_nan=False)
        assert record_from_json(json.loads(text)) == record


def test_progress_names_the_stages_and_rises():
    told = []
    run(
        MatrixGame.of(UNEQUAL_RPS),
        stop=StopRule(2),
        progress=lambda stage, share: told.append((stage, share)),
    )
    assert [stage for stage, _ in told] == ["solve", "train", "measure", "play"] * 2
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert shares[4] == 0.5


def test_populations_refuse_doubles_and_emptiness():
    game = MatrixGame.of(UNEQUAL_RPS)
    with pytest.raises(UsageError, match="used twice"):
        Population("blue", (game.pure(0, 1), game.pure(0, 1)))
    with pytest.raises(UsageError, match="empty"):
        Population("blue", ())
