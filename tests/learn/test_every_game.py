"""Every algorithm, start rule and bonus in every game that can use it, and what the others say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from arenas import make_arena
from games.small_games import GAME as TREE_GAME
from games.small_games import request as tree_request

from ssa_psro.errors import UsageError
from ssa_psro.game import FEATURES, SUMMARY, CoverageGame
from ssa_psro.games.coverage import Coverage
from ssa_psro.games.coverage.doctrines import DoctrineHull, doctrines_at
from ssa_psro.games.matrix import MatrixGame
from ssa_psro.games.plane.game import CENTRES, NonTransitiveMixture, point
from ssa_psro.inputs.files import read_weights
from ssa_psro.learn import Member, OracleRequest, make_oracle
from ssa_psro.learn.self_play import self_play
from ssa_psro.policies import HEURISTICS, DoctrineNetwork, make_policy
from ssa_psro.study.policies import store_network

ENGINE = CoverageGame(make_arena(seed=4, sensors=(2, 2), objects=10, access=0.8, denial=0.0))
COVERAGE = Coverage.of(ENGINE)
PLANE = NonTransitiveMixture()
SMALL = {"environments": 16, "hidden": (16,), "restarts": 2, "distillation_updates": 300}
DRAWN = ("normal", "orthogonal", "kaiming")
NETWORKS = ("ppo", "sac", "dqn")


def heuristic(name):
    policy = make_policy(name)
    return Member(name, policy, constant_action=policy.weights)


def network(oracle, number, head=1.0):
    """A member with opinions of its own, of the oracle's kind."""
    agent = oracle.agent(request())
    weights = agent.drawn("kaiming", number, full_head=True)
    weights = {k: head * w if ".head.weight" in k else w for k, w in weights.items()}
    return Member(f"net-{number}", DoctrineNetwork(f"net-{number}", weights), parameters=weights)


def request(start="scratch", learners=None, mixture=None, **changes):
    own = learners or (heuristic("random"), heuristic("aggressive"))
    even = np.full(len(own), 1 / len(own))
    asked = OracleRequest(
        side=0,
        iteration=1,
        name="response",
        opponents=(heuristic("random"), heuristic("blinding")),
        opponent_mixture=np.array([0.5, 0.5]),
        learners=own,
        learner_mixture=even if mixture is None else np.array(mixture),
        learner_scores=np.zeros(len(own)),
        start=start,
        seed=5,
    )
    return replace(asked, **changes)


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("rule", [*DRAWN, "restarts", "behavioural-fusion", "fusion", "heuristic"])
def test_every_start_rule_gives_weights_of_the_network(name, rule):
    oracle = make_oracle(name, COVERAGE, {**SMALL, "steps": 800, "distillation_updates": 5})
    members = (heuristic("aggressive"), network(oracle, 1), network(oracle, 2))
    fresh = oracle.agent(request()).fresh(0)
    start = oracle.start(request(rule, members))
    shapes = {key: (array.shape, array.dtype) for key, array in fresh.items()}
    assert {key: (array.shape, array.dtype) for key, array in start.weights.items()} == shapes
    assert start.note.startswith(rule)
    assert (start.decisions > 0) == (rule == "restarts")


@pytest.mark.parametrize("rule", DRAWN)
def test_drawn_weights_differ_by_training_and_keep_what_is_no_layer(rule):
    oracle = make_oracle("ppo", COVERAGE, SMALL)
    one, other = (oracle.start(request(rule, seed=seed)).weights for seed in (1, 2))
    assert not np.array_equal(one["actor.0.weight"], other["actor.0.weight"])
    np.testing.assert_array_equal(one["log_std"], oracle.agent(request()).fresh(0)["log_std"])


@pytest.mark.parametrize(("name", "enough"), [("ppo", 0.12), ("sac", 0.12)])
def test_a_distilled_network_plays_as_the_mixture_does(name, enough):
    """Two heuristics and a network: their weights cannot say what their average does."""
    oracle = make_oracle(name, COVERAGE, {**SMALL, "distillation_updates": 800})
    members = (heuristic("aggressive"), network(oracle, 1, 0.3), network(oracle, 2, 0.3))
    start = oracle.start(request("behavioural-fusion", members, [0.2, 0.4, 0.4]))
    agent = oracle.agent(request())
    lessons = agent.task.lessons(members, np.array([0.2, 0.4, 0.4]), 99)  # other episodes
    played = np.clip(agent.acts(start.weights, lessons.observations), -1, 1)
    mean = np.mean([doctrines_at(one, lessons.observations[:, : len(SUMMARY)]) for one in members])
    error = np.sqrt(np.square(played - lessons.target).mean())
    fused = oracle.start(request("fusion", members, [0.2, 0.4, 0.4])).weights
    theirs = np.clip(agent.acts(fused, lessons.observations), -1, 1)
    spread = np.sqrt(np.square(lessons.target - mean).mean())
    assert start.facts["distillation_rms"] < spread
    assert error < np.sqrt(np.square(theirs - lessons.target).mean())
    assert start.shares == pytest.approx({"aggressive": 0.2, "net-1": 0.4, "net-2": 0.4})


def test_a_tenth_of_the_lessons_is_off_the_way():
    task = make_oracle("ppo", COVERAGE, SMALL).agent(request()).task
    members = (heuristic("aggressive"), heuristic("random"))
    lessons = task.lessons(members, np.array([0.75, 0.25]), 1)
    astray = lessons.reach == 0
    assert lessons.frequency[astray].sum() == pytest.approx(0.1)
    assert lessons.frequency.sum() == pytest.approx(1.0)
    np.testing.assert_allclose(lessons.shares.sum(axis=0), 1.0)
    mixed = 0.75 * make_policy("aggressive").weights + 0.25 * make_policy("random").weights
    np.testing.assert_allclose(lessons.target[astray], np.tile(mixed, (astray.sum(), 1)))
    on_the_way = lessons.target[~astray]
    pure = [np.abs(on_the_way - one.constant_action).max(axis=1) < 1e-12 for one in members]
    assert (pure[0] | pure[1]).all()


def test_diversity_pays_the_divergence_of_normal_distributions():
    """Of width 0.5; from the nearer of two members, by hand."""
    members = (heuristic("aggressive"), heuristic("random"))
    task = make_oracle("ppo", COVERAGE, SMALL).agent(request(learners=members)).task
    own = 0.9 * members[1].constant_action
    hull = DoctrineHull(task, members, seed=1)

    def act(seen):
        return np.tile(own, (len(seen), 1))

    expected = [2.0 * np.square(own - one.constant_action).sum() for one in members]
    np.testing.assert_allclose(hull.distances(act), expected)
    seen = np.zeros((40_000, len(SUMMARY)), np.float32)
    taken = own + 0.5 * np.random.default_rng(0).normal(size=(len(seen), len(FEATURES)))
    paid = hull.bonus(3.0, act)(seen, taken)
    assert paid.mean() == pytest.approx(3.0 * min(expected), abs=5 * paid.std() / len(seen) ** 0.5)


def distance_kept(oracle, seed):
    """How far the answer to one opponent plays from the member that it started from."""
    asked = replace(request("heuristic", (heuristic("aggressive"),)), seed=seed)
    agent, member = oracle.agent(asked), oracle(asked).member
    hull = DoctrineHull(agent.task, asked.learners, seed=1)
    return hull.distances(lambda seen: agent.acts(member.parameters, seen)).min()


@pytest.mark.parametrize("name", ["ppo", "dqn"])
def test_a_learner_that_is_paid_for_diversity_plays_less_alike(name):
    """On average: where so short a training ends up is a matter of luck too."""
    values = {**SMALL, "steps": 6000, "learning_rate": 3e-3, "select": "end"}
    distances = []
    for weight in (0.0, 5.0):
        oracle = make_oracle(name, COVERAGE, {**values, "diversity": weight})
        distances.append(np.mean([distance_kept(oracle, seed) for seed in (5, 6, 7)]))
    assert distances[1] > distances[0] + 0.01


def test_dqn_learns_to_choose_among_heuristics(tmp_path):
    values = {**SMALL, "steps": 12_000, "learning_rate": 3e-3, "warm_up_steps": 400}
    oracle = make_oracle("dqn", COVERAGE, values)
    result = oracle(request())
    assert result.facts["validation_end"] > result.facts["validation_start"] + 0.02
    policy = result.member.policy
    seen = np.random.default_rng(0).random((200, len(SUMMARY)), dtype=np.float32)
    known = np.array([make_policy(name).weights for name in HEURISTICS], np.float32)
    assert all((known == played).all(axis=1).any() for played in policy.weights(seen))
    store_network(tmp_path / "000-response.json", result.member, 1, "scratch")
    again = DoctrineNetwork("again", read_weights(tmp_path / "000-response.safetensors"))
    np.testing.assert_array_equal(again.weights(seen), policy.weights(seen))


def test_what_dqn_trains_is_what_its_member_plays():
    """The numpy network chooses as the Q-network of SB3 does."""
    oracle = make_oracle("dqn", COVERAGE, SMALL)
    agent, member = oracle.agent(request()), network(oracle, 3)
    seen = np.random.default_rng(0).random((100, len(SUMMARY)), dtype=np.float32)
    theirs = agent.task.doctrines(agent.acts(member.parameters, agent.task.shown(seen)))
    np.testing.assert_allclose(member.policy.weights(seen), theirs, atol=1e-6)


def test_a_heuristic_on_the_list_is_a_network_of_values():
    oracle = make_oracle("dqn", COVERAGE, SMALL)
    start = oracle.start(request("heuristic", (heuristic("reactive"),)))
    policy = DoctrineNetwork("embedded", start.weights)
    assert policy.constant
    found = policy.weights(np.zeros((1, len(SUMMARY)), np.float32))[0]
    np.testing.assert_allclose(found, make_policy("reactive").weights, atol=1e-6)
    other = Member("other", None, constant_action=np.full(len(FEATURES), 0.123))
    assert oracle.start(request("heuristic", (other,))).note.startswith("scratch")


@pytest.mark.parametrize("side", [0, 1])
def test_cma_es_finds_better_actors_in_a_tree(side):
    oracle = make_oracle("cma-es", TREE_GAME, {"steps": 40_000, "hidden": (8,)})
    facts = oracle(tree_request(side)).facts
    assert facts["end_payoff"] > facts["start_payoff"]
    gained = facts["end_payoff"] - facts["start_payoff"]
    assert gained > 0.5 * (facts["best_payoff"] - facts["start_payoff"])
    assert facts["decisions"] == pytest.approx(40_000, rel=0.1)


def test_actors_are_searched_by_what_their_episodes_pay():
    """Within four standard errors of the exact payoff, and of the same luck for equal actors."""
    oracle = make_oracle("cma-es", TREE_GAME, {"hidden": (8,)})
    asked = tree_request(0)
    agent = oracle._agent(asked)
    space = oracle.space(asked, agent)
    vector = 3 * np.random.default_rng(0).normal(size=space.centre.size)
    seeds = np.arange(4000, dtype=np.uint64)
    (found, again), decisions = space.payoffs(np.stack([vector, vector]), seeds)
    exact = agent.task.payoff(agent.policy("any", space.weights(vector)))
    assert found == again
    assert found == pytest.approx(exact, abs=4 * 4.0 / len(seeds) ** 0.5)
    assert decisions == 2 * len(seeds) * 2  # the row player moves twice
    assert space.decisions == pytest.approx(2.0)


def test_cma_es_then_ppo_in_a_tree():
    values = {"steps": 6000, "hidden": (16,), "environments": 32, "rollout_steps": 256}
    facts = make_oracle("cma-es+ppo", TREE_GAME, {**values, "episodes": 16})(tree_request(0)).facts
    assert facts["end_payoff"] > facts["asked_before"]
    assert facts["decisions"] == pytest.approx(6000, rel=0.3)


def test_cma_es_climbs_in_the_plane_and_on_logits():
    members = tuple(point(f"p{k}", CENTRES[k]) for k in (0, 3))
    asked = request(learners=members, opponents=members)
    found = make_oracle("cma-es", PLANE)(asked).facts
    assert found["payoff"] > found["start_payoff"] + 0.1
    assert found["payoff"] <= PLANE.best_response(asked).facts["payoff_at_most"]
    game = MatrixGame.of(np.random.default_rng(0).normal(size=(4, 3, 2)))
    pure = tuple(game.pure(1, action) for action in (0, 1))
    asked = request(learners=(game.fresh(0, "a", 1),), opponents=pure)
    found, best = (make_oracle(name, game)(asked).facts for name in ("cma-es", "exact"))
    assert found["payoff"] == pytest.approx(best["payoff"], abs=0.05)


def test_self_play_is_for_trees_too():
    settings = make_oracle("ppo", TREE_GAME, {"steps": 2048, "hidden": (8,)}).settings
    small = replace(settings, environments=16, rollout_steps=128)
    first = TREE_GAME.uniform(0).policy, TREE_GAME.uniform(1).policy
    row, column = self_play(TREE_GAME, small, 1, first)
    again = self_play(TREE_GAME, small, 1, first)
    assert row.keys() == column.keys()
    assert all(np.array_equal(again[0][key], array) for key, array in row.items())


@pytest.mark.parametrize(
    ("name", "game", "message"),
    [
        ("sac", TREE_GAME, "needs actions that are numbers; small has none .*dqn.*ppo"),
        (
            "exact",
            COVERAGE,
            "needs best responses that can be computed; .*Use one of cma-es, .*dqn",
        ),
        ("ppo", PLANE, "needs episodes to learn from; .*cma-es, exact, gradient"),
        ("dqn", PLANE, "actions to choose from and episodes to learn from"),
        ("gradient", COVERAGE, "payoffs whose gradient is known"),
    ],
)
def test_an_algorithm_says_what_a_game_lacks_and_what_to_use(name, game, message):
    with pytest.raises(UsageError, match=message):
        make_oracle(name, game)


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("heuristic", "no member always takes one action: .*Use one of scratch, inherit-last"),
        ("hueristic", "no such start rule"),
    ],
)
def test_a_rule_says_why_it_has_no_meaning(rule, message):
    oracle = make_oracle("ppo", TREE_GAME, {"hidden": (8,)})
    with pytest.raises(UsageError, match=message.replace(": .*", ".*")):
        oracle.start(tree_request(0, rule))


def test_rules_that_draw_layers_have_no_meaning_where_there_are_none():
    asked = request(
        "orthogonal", (point("p", CENTRES[0]),), opponents=(point("q", CENTRES[1]),) * 2
    )
    with pytest.raises(UsageError, match="no layers to draw or teach"):
        make_oracle("gradient", PLANE)(asked)


def test_the_trials_of_restarts_count_towards_the_budget_of_search_and_ppo():
    values = {**SMALL, "steps": 2000, "population": 8, "episodes": 1, "starts": 1}
    found = make_oracle("cma-es+ppo", COVERAGE, values)(request("restarts"))
    rollout = SMALL["environments"] * COVERAGE.engine.decisions
    assert found.facts["decisions"] <= 2000 + 3 * rollout  # each part is of whole episodes


@pytest.mark.parametrize(
    ("values", "start", "told"),
    [
        ({"frozen_share": 0.5}, "scratch", "searched from"),
        ({}, "continue", "no optimiser to go on with"),
    ],
)
def test_what_a_search_cannot_do_is_refused(values, start, told):
    with pytest.raises(UsageError, match=told):
        make_oracle("cma-es+ppo", TREE_GAME, {**SMALL, **values})(tree_request(0, start=start))


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("ppo", {"minibatch": 0}),
        ("ppo", {"epochs": 0}),
        ("ppo", {"learning_rate": 0.0}),
        ("dqn", {"updates_per_step": 0.0}),
        ("dqn", {"batch": 0}),
    ],
)
def test_numbers_that_cannot_be_are_refused(name, values):
    with pytest.raises(UsageError, match=next(iter(values))):
        make_oracle(name, TREE_GAME, values)


def test_a_search_spends_nothing_on_trainings():
    oracle = make_oracle("cma-es", COVERAGE, {"hidden": (4,)})
    with pytest.raises(UsageError, match="trains networks; a search has none"):
        oracle(request("restarts"))


@pytest.mark.parametrize(
    ("name", "game", "select"), [("ppo", COVERAGE, "exact"), ("ppo", TREE_GAME, "episodes")]
)
def test_candidates_are_compared_as_the_game_permits(name, game, select):
    oracle = make_oracle(name, game, {**SMALL, "select": select})
    with pytest.raises(UsageError, match="Use end or"):
        oracle(request() if game is COVERAGE else tree_request(0))


def test_networks_that_its_policies_are_not_are_refused():
    """Doctrine networks are evaluated in numpy, with one activation."""
    with pytest.raises(UsageError, match=r"policies here are no such networks .*Use tanh"):
        make_oracle("ppo", COVERAGE, {**SMALL, "activation": "relu"})(request())


def test_settings_of_other_oracles_are_left_out_and_misspelt_ones_told():
    oracle = make_oracle("cma-es", COVERAGE, {"learning_rate": 0.1, "hidden": (4,)})
    assert oracle.settings.hidden == (4,)
    with pytest.raises(UsageError, match="Did you mean 'sigma'"):
        make_oracle("cma-es", COVERAGE, {"sigmma": 0.1})
