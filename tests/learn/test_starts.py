"""Start weights: what each rule starts from, and what fusion sums."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ssa_psro.errors import UsageError
from ssa_psro.learn import START_RULES, Member, StartContext, StartSchedule, make_start
from ssa_psro.learn.protocol import Situations
from ssa_psro.learn.settings import Training
from ssa_psro.psro import Population

INPUTS, HIDDEN, ACTIONS = 5, 4, 3


def network(seed, hidden=HIDDEN, log_std=-0.5):
    rng = np.random.default_rng(seed)
    shapes = {
        "actor.0.weight": (hidden, INPUTS),
        "actor.0.bias": (hidden,),
        "actor.head.weight": (ACTIONS, hidden),
        "actor.head.bias": (ACTIONS,),
        "critic.0.weight": (hidden, INPUTS),
        "critic.head.weight": (1, hidden),
    }
    weights = {key: rng.normal(size=shape).astype(np.float32) for key, shape in shapes.items()}
    return weights | {"log_std": np.full(ACTIONS, log_std, dtype=np.float32)}


def trained(name, seed, **options):
    return Member(name, policy=None, parameters=network(seed, **options))


def constant(name, *action):
    return Member(name, policy=None, constant_action=np.array(action))


def context(members, mixture, scores=None):
    scores = np.zeros(len(members)) if scores is None else np.array(scores)
    return StartContext(members, np.array(mixture), scores, network(99))


def play(weights, inputs):
    hidden = np.tanh(inputs @ weights["actor.0.weight"].T + weights["actor.0.bias"])
    return hidden @ weights["actor.head.weight"].T + weights["actor.head.bias"]


def warm(weights):
    """The same with the exploration that a training from these weights starts with."""
    return weights | {"log_std": np.full(ACTIONS, -3.0, dtype=np.float32)}


def assert_same(weights, expected):
    assert weights.keys() == expected.keys()
    for key, value in expected.items():
        np.testing.assert_allclose(weights[key], value, rtol=1e-6)
        assert weights[key].dtype == value.dtype


OF_MEMBERS = ("scratch", "inherit-last", "inherit-nash", "heuristic", "fusion")


@pytest.mark.parametrize("name", OF_MEMBERS)
def test_every_rule_returns_weights_shaped_like_the_fresh_ones(name):
    members = [constant("h", 0.1, 0.2, 0.3), trained("a", 1), trained("b", 2)]
    made = context(members, [0.2, 0.3, 0.5])
    start = make_start(name)(made)
    assert {k: (v.shape, v.dtype) for k, v in start.weights.items()} == {
        k: (v.shape, v.dtype) for k, v in made.fresh.items()
    }
    assert sum(start.shares.values()) in (0, pytest.approx(1))
    assert start.note.startswith(name)
    assert (start.decisions, start.episodes, start.updates, start.facts) == (0, 0, 0, {})


def test_scratch_is_the_fresh_initialisation_and_no_alias_of_it():
    made = context([trained("a", 1)], [1.0])
    start = START_RULES["scratch"](made)
    assert_same(start.weights, dict(made.fresh))
    start.weights["log_std"][:] = 9
    assert made.fresh["log_std"][0] != 9


def test_inherit_last_takes_the_last_trained_member():
    members = [trained("a", 1), trained("b", 2), constant("h", 0, 0, 0)]
    start = START_RULES["inherit-last"](context(members, [1, 0, 0]))
    assert_same(start.weights, warm(network(2)))


def test_inherit_nash_takes_the_member_of_most_mass():
    members = [constant("h", 0, 0, 0), trained("a", 1), trained("b", 2)]
    start = START_RULES["inherit-nash"](context(members, [0.3, 0.6, 0.1]))
    assert_same(start.weights, warm(network(1)))


def test_heuristic_is_the_best_scoring_one_and_plays_its_action():
    members = [constant("weak", 1, 1, 1), constant("strong", 0.5, -0.25, 0), trained("a", 1)]
    made = context(members, [0, 0.4, 0.6], scores=[-1, 0.2, 0.9])
    start = START_RULES["heuristic"](made)
    inputs = np.random.default_rng(0).normal(size=(7, INPUTS))
    np.testing.assert_allclose(play(start.weights, inputs), np.tile([0.5, -0.25, 0], (7, 1)))
    assert start.shares == {"strong": 1.0}
    np.testing.assert_array_equal(start.weights["critic.0.weight"], made.fresh["critic.0.weight"])
    np.testing.assert_array_equal(start.weights["actor.0.weight"], made.fresh["actor.0.weight"])


def test_a_worse_heuristic_is_not_taken_for_its_mass():
    members = [constant("weak", 1, 1, 1), constant("strong", 0.5, -0.25, 0)]
    start = START_RULES["heuristic"](context(members, [0.9, 0.1], scores=[0.1, 0.2]))
    assert start.shares == {"strong": 1.0}


@pytest.mark.parametrize(("apart", "expected"), [(0.5e-9, "b"), (2e-9, "a")])
def test_heuristics_tie_within_a_billionth(apart, expected):
    members = [constant("a", 0, 0, 0), constant("b", 1, 1, 1)]
    made = context(members, [0.1, 0.9], scores=[0.5, 0.5 - apart])
    assert START_RULES["heuristic"](made).shares == {expected: 1.0}


def test_a_billionth_of_a_large_score_is_nothing():
    members = [constant("a", 0, 0, 0), constant("b", 1, 1, 1)]
    start = START_RULES["heuristic"](context(members, [0.5, 0.5], scores=[1e12, 2e12]))
    assert start.shares == {"b": 1.0}


def test_heuristics_that_tie_are_told_apart_by_nash_mass():
    members = [constant("a", 0, 0, 0), constant("b", 1, 1, 1)]
    start = START_RULES["heuristic"](context(members, [0.1, 0.9], scores=[0.5, 0.5 - 1e-12]))
    assert start.shares == {"b": 1.0}


def test_fusion_is_the_nash_weighted_sum_of_everything():
    members = [trained("a", 1), trained("b", 2)]
    start = START_RULES["fusion"](context(members, [0.25, 0.75]))
    one, two = network(1), network(2)
    expected = {key: (0.25 * one[key] + 0.75 * two[key]).astype(np.float32) for key in one}
    assert_same(start.weights, warm(expected))
    assert start.note == "fusion: 0.250 a, 0.750 b"


def test_fusion_names_nobody_without_mass_and_counts_masses_by_their_sum():
    members = [trained("a", 1), trained("b", 2), Member("code", policy=None)]
    start = START_RULES["fusion"](context(members, [1.0, 0.0, 1.0]))
    assert start.shares == {"a": 1.0}
    assert start.note == "fusion without 50.0% of the Nash mass (no weights): 1.000 a"


def test_fusion_embeds_heuristics_with_the_fresh_body_and_critic():
    members = [constant("h", 1.0, 0.0, -1.0), trained("a", 1)]
    made = context(members, [0.4, 0.6])
    start = START_RULES["fusion"](made)
    one = network(1)
    np.testing.assert_allclose(
        start.weights["actor.head.bias"],
        0.4 * np.array([1, 0, -1]) + 0.6 * one["actor.head.bias"],
        rtol=1e-6,
    )
    np.testing.assert_allclose(
        start.weights["actor.head.weight"], 0.6 * one["actor.head.weight"], rtol=1e-6
    )
    for key in ("actor.0.weight", "critic.head.weight"):
        np.testing.assert_allclose(
            start.weights[key], 0.4 * made.fresh[key] + 0.6 * one[key], rtol=1e-5, atol=1e-7
        )


def test_fusion_of_heuristics_alone_plays_their_mean_action():
    members = [constant("a", 1, 0, 0), constant("b", 0, 1, 0)]
    start = START_RULES["fusion"](context(members, [0.5, 0.5]))
    np.testing.assert_allclose(play(start.weights, np.ones((1, INPUTS))), [[0.5, 0.5, 0]])


def test_fusion_leaves_out_what_it_cannot_sum_and_says_so():
    members = [trained("a", 1), trained("wide", 2, hidden=9), Member("code", policy=None)]
    start = START_RULES["fusion"](context(members, [0.5, 0.3, 0.2]))
    assert start.shares == {"a": 1.0}
    assert "50.0%" in start.note
    assert_same(start.weights, warm(network(1)))


@pytest.mark.parametrize("name", ["fusion", "inherit-nash", "inherit-last", "heuristic"])
def test_with_nothing_to_inherit_the_start_is_scratch_and_says_so(name):
    made = context([Member("code", policy=None), trained("wide", 2, hidden=9)], [0.5, 0.5])
    start = START_RULES[name](made)
    assert start.note.startswith("scratch: ")
    assert_same(start.weights, dict(made.fresh))


@pytest.mark.parametrize("log_std", [-5.0, 0.0])
def test_confident_ancestors_explore_again_and_wild_ones_less(log_std):
    members = [trained("a", 1, log_std=log_std)]
    start = START_RULES["inherit-last"](context(members, [1.0]))
    np.testing.assert_allclose(start.weights["log_std"], -3.0)


def test_schedule_starts_from_scratch_before_its_iteration():
    schedule = StartSchedule("fusion", first=3)
    assert [schedule(i) for i in (1, 2, 3, 4)] == ["scratch", "scratch", "fusion", "fusion"]
    assert StartSchedule("fusion")(1) == "fusion"


def test_misspelt_rules_get_a_suggestion():
    with pytest.raises(UsageError, match="Did you mean 'fusion'"):
        make_start("fussion")
    with pytest.raises(UsageError, match="inherit-nash"):
        StartSchedule("inherit-nsh")


def test_a_schedule_knows_the_rules_it_is_given() -> None:
    schedule = StartSchedule("thaw", first=2, known=("freeze", "thaw"))
    assert [schedule(iteration) for iteration in (1, 2)] == ["scratch", "thaw"]
    with pytest.raises(UsageError, match="Did you mean 'thaw'"):
        StartSchedule("thawn", known=("freeze", "thaw"))
    with pytest.raises(UsageError, match="Known: freeze, thaw"):
        StartSchedule("fusion", known=("freeze", "thaw"))


class _Pool:
    """A learner whose random networks do one number each, 0 to 1, drawn in turn."""

    def __init__(self, unpaid=()):
        self.count, self.tried, self.unpaid = 0, [], unpaid

    def drawn(self, initialisation, seed, *, full_head=False):
        self.count += 1
        return {"number": np.array([(self.count * 7 % 16) / 16])}

    def acts(self, weights, observations):
        return np.tile(weights["number"], (len(observations), 1))

    def situations(self, seed):
        return Situations(np.zeros((2, 1), np.float32), np.full(2, 0.5), np.full((2, 1), 0.5))

    def train(self, start, decisions, seed):
        number = float(start["number"][0])
        self.tried.append((number, decisions))
        paid = None if number in self.unpaid else -number
        return Training(dict(start), (), (number, 0.0, paid), decisions, 1, 1, 1.0, 0.1, 0.1)


def trials(pool, restarts):
    return replace(
        context([], []), learner=pool, decisions=100, restarts=restarts, restart_share=0.5, seed=3
    )


def test_restarts_pick_far_points_of_eight_networks_each_and_keep_what_earned_most():
    pool = _Pool()
    start = make_start("restarts")(trials(pool, 2))
    assert pool.count == 16
    # all sixteenths are there: the most indifferent, then the farthest from it
    assert pool.tried == [(0.5, 25), (0.0, 25)]
    assert start.note == "restarts: number 2 of 2"
    assert start.weights["number"][0] == 0.0
    assert (start.decisions, start.episodes, start.updates) == (50, 2, 2)


def test_each_restart_is_far_from_all_before_it():
    pool = _Pool()
    make_start("restarts")(trials(pool, 4))
    assert [number for number, _ in pool.tried] == [0.5, 0.0, 15 / 16, 0.25]


def test_a_trial_in_which_no_episode_ended_is_not_kept():
    assert make_start("restarts")(trials(_Pool(unpaid=[0.0]), 2)).weights["number"][0] == 0.5


class _Teacher:
    """A learner that draws and distils by name."""

    def drawn(self, initialisation, seed, *, full_head=False):
        return {"drawn": (initialisation, seed)}

    def distil(self, start, members, mixture, seed):
        self.asked = start, [one.name for one in members], list(mixture), seed
        return {"taught": np.ones(1)}, {"distillation_kl": 0.5}


@pytest.mark.parametrize("name", ["normal", "orthogonal", "kaiming"])
def test_weights_are_drawn_by_the_name_of_the_rule(name):
    start = make_start(name)(replace(context([], []), learner=_Teacher(), seed=7))
    assert (start.weights, start.shares, start.note) == ({"drawn": (name, 7)}, {}, name)


def test_behavioural_fusion_teaches_the_heaviest_member_what_all_do():
    members = [trained("a", 1), trained("b", 2), trained("c", 3)]
    teacher = _Teacher()
    made = replace(context(members, [1.0, 3.0, 0.0]), learner=teacher, seed=7)
    start = make_start("behavioural-fusion")(made)
    begun, *asked = teacher.asked
    assert_same(begun, warm(network(2)))
    assert asked == [["a", "b", "c"], [1.0, 3.0, 0.0], 7]
    assert start.shares == {"a": 0.25, "b": 0.75}
    assert start.note == "behavioural-fusion: 0.250 a, 0.750 b"
    assert (start.weights, start.facts) == ({"taught": np.ones(1)}, {"distillation_kl": 0.5})


def test_behavioural_fusion_of_members_without_weights_is_scratch():
    members = [constant("h", 0, 0, 0), trained("a", 1)]
    made = replace(context(members, [1.0, 0.0]), learner=_Teacher())
    assert make_start("behavioural-fusion")(made).note == "scratch: nobody to distil"


def test_rules_that_need_a_learner_say_so_without_one():
    with pytest.raises(UsageError, match="nothing here draws or trains networks"):
        make_start("kaiming")(context([], []))


def test_fusion_of_few_sums_those_of_most_mass_and_says_what_it_left_out():
    members = [trained("a", 1), trained("b", 2), trained("c", 3)]
    made = replace(context(members, [0.2, 0.5, 0.3]), fused=2)
    start = START_RULES["fusion"](made)
    assert start.shares == {"b": pytest.approx(0.625), "c": pytest.approx(0.375)}
    assert "without 20.0% of the Nash mass (left out)" in start.note
    alone = START_RULES["fusion"](replace(made, fused=1))
    assert_same(alone.weights, START_RULES["inherit-nash"](made).weights)
    assert START_RULES["fusion"](replace(made, fused=9)).shares.keys() == {"a", "b", "c"}


def test_who_goes_on_carries_what_the_last_member_left():
    left = {"optimizer": object()}
    members = [trained("a", 1), replace(trained("b", 2), carried=left)]
    start = START_RULES["continue"](context(members, [1.0, 0.0]))
    assert (start.shares, start.carried) == ({"b": 1.0}, left)
    nothing = START_RULES["continue"](context(members[:1], [1.0]))
    assert (nothing.shares, nothing.carried) == ({"a": 1.0}, None)
    assert nothing.note == "continue without optimiser and memory: 1.000 a"


def test_only_the_newest_members_of_a_population_can_be_gone_on_from():
    first = Population("row", (replace(trained("a", 1), carried="left"),))
    grown = first.with_members([replace(trained("b", 2), carried="later")])
    assert [member.carried for member in grown.members] == [None, "later"]
