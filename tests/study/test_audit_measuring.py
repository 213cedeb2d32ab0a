"""What an audit makes of its responses: chosen on some episodes, measured on others, as a curve."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

from ssa_psro.learn import Member
from ssa_psro.metagame.intervals import student_interval
from ssa_psro.policies import make_policy
from ssa_psro.randomness import episode_seeds
from ssa_psro.study.audit.curve import findings_of, rising_gains
from ssa_psro.study.audit.findings import AuditSettings
from ssa_psro.study.audit.responses import questions_of, request_for
from ssa_psro.study.audit.storage import Answer, Question, Response
from ssa_psro.study.audit.subjects import Guests, Scouted, Subject, Untrained, scouted
from ssa_psro.work import map_in_turn


@dataclass(frozen=True)
class Named:
    """Stands for a policy; the judge below goes by its name."""

    name: str
    constant: bool = True


def members(*names: str) -> tuple[Member, ...]:
    return tuple(Member(name, make_policy(name)) for name in names)


def responses(side: str, count: int, budget: int = 10) -> list[Response]:
    questions = [Question("best", side, f"oracle{n}", "scratch", budget, 0) for n in range(count)]
    return [Response(Answer(q, "scratch", {}, 1.0, ""), Named(q.name)) for q in questions]


SUBJECT = Subject(
    name="best",
    members=(members("aggressive", "random"), members("aggressive", "random")),
    mixtures=(np.array([1.0, 0.0]), np.array([0.0, 1.0])),
)
AGGRESSIVE, RANDOM = (Untrained(one) for one in SUBJECT.members[0])
KNOWN = Scouted((np.zeros(2), np.zeros(2)), ((RANDOM,), (AGGRESSIVE,)))
SHARED = Subject("best", 2 * SUBJECT.members[:1], 2 * SUBJECT.mixtures[:1], ("both",))
"""One population, whose responses play both seats."""
KNOWN_SHARED = Scouted((np.zeros(2),), ((RANDOM,),))
EPISODES = 300


def luck(row, column, seeds):
    """Payoffs that are nothing but noise, another one for every response."""
    if row.name == column.name == "mixture":
        return np.zeros((seeds.size, 2))
    rng = np.random.default_rng([*f"{row.name} {column.name}".encode(), int(seeds[0] % 1000)])
    return rng.normal(size=(seeds.size, 2))


def measured(judge, trained, budgets=(10,), subject=SUBJECT, known=KNOWN):
    return findings_of(
        subject,
        trained,
        known,
        AuditSettings("best", budgets, EPISODES, 0),
        judge=judge,
        choosing=episode_seeds(0, "choosing", count=EPISODES),
        held_out=episode_seeds(0, "held-out", count=EPISODES),
        map_cells=map_in_turn,
    )


def test_luck_in_choosing_is_no_gain():
    """The luckiest of 60 does well where it was chosen, and nothing elsewhere."""
    found = measured(luck, [*responses("blue", 60), *responses("red", 60)])
    chosen = [one for one in found.responses if one.chosen]
    assert [one.side for one in chosen] == ["blue", "red"]
    for one in chosen:
        own = [other for other in found.responses if other.side == one.side]
        assert one.choosing_gain == max(other.choosing_gain for other in own) > 0.1
        assert one.gain.count == EPISODES
    assert found.largest.bound.low <= 0.02


def test_a_real_gain_is_found_on_either_side():
    def judge(row, column, seeds):
        gain = [
            0.5 * (row.name == "blue-oracle1-scratch-10-0"),
            0.3 * (column.name == "aggressive"),
        ]
        return np.tile(gain, (seeds.size, 1))

    found = measured(judge, [*responses("blue", 3), *responses("red", 3)])
    assert found.largest.chosen == ("blue-oracle1-scratch-10-0", "aggressive")
    assert found.largest.bound.mean == 0.4
    untrained = [one for one in found.responses if one.oracle == "member"]
    assert [one.name for one in untrained] == ["random", "aggressive"]
    assert all(one.decisions == one.budget == 0 for one in untrained)


def test_who_plays_both_seats_gains_the_mean_and_stays_at_home_if_that_is_a_loss():
    """A response that gains in one seat what it loses in the other exploits nothing."""
    of_blue = {"both-oracle0-scratch-10-0": 0.5, "both-oracle1-scratch-20-0": 0.1, "random": -0.1}
    of_red = {"both-oracle0-scratch-10-0": -0.6, "both-oracle1-scratch-20-0": 0.2, "random": -0.2}

    def judge(row, column, seeds):
        gains = [of_blue.get(row.name, 0.0), of_red.get(column.name, 0.0)]
        return np.tile(gains, (seeds.size, 1))

    trained = [responses("both", 1)[0], responses("both", 2, 20)[1]]
    found = measured(judge, trained, (10, 20), SHARED, KNOWN_SHARED)
    assert found.sides == ("both",)
    gains = [one.gain.mean for one in found.responses]
    assert gains == pytest.approx([-0.15, -0.05, 0.15])
    assert [point.trainings for point in found.points] == [0, 1, 2]
    assert [point.bound.mean for point in found.points] == pytest.approx([0, 0, 0.15])
    assert [point.gains[0].mean for point in found.points] == pytest.approx(gains)
    assert [point.chosen for point in found.points] == [
        ("random",),
        ("both-oracle0-scratch-10-0",),
        ("both-oracle1-scratch-20-0",),
    ]


def test_a_larger_budget_may_play_what_a_smaller_one_has_found():
    gains = {"blue-oracle0-scratch-10-0": 0.2, "red-oracle0-scratch-20-0": 0.1, "aggressive": -0.3}

    def judge(row, column, seeds):
        return np.tile([gains.get(row.name, 0.0), gains.get(column.name, 0.0)], (seeds.size, 1))

    trained = [
        one
        for side in ("blue", "red")
        for budget in (10, 20, 40)
        for one in responses(side, 1, budget)
    ]
    found = measured(judge, trained, (10, 20, 40))
    assert [point.budget for point in found.points] == [0, 10, 20, 40]
    assert [point.trainings for point in found.points] == [0, 2, 4, 6]
    assert [point.bound.mean for point in found.points] == pytest.approx([0, 0.1, 0.15, 0.15])
    assert found.points[-1].chosen == ("blue-oracle0-scratch-10-0", "red-oracle0-scratch-20-0")


@pytest.mark.parametrize("salt", range(20))
def test_a_curve_never_falls(salt):
    def salted(row, column, seeds):
        mixed = row.name == column.name == "mixture"
        return luck(row, column if mixed else Named(f"{column.name}{salt}"), seeds)

    trained = [
        one
        for side in ("blue", "red")
        for budget in (10, 20, 40)
        for one in responses(side, 2, budget)
    ]
    points = measured(salted, trained, (10, 20, 40)).points
    for number in ("mean", "low", "high"):
        assert (np.diff([getattr(point.bound, number) for point in points]) >= 0).all()
    for point in points:
        assert point.bound.low <= point.bound.mean <= point.bound.high


def test_intervals_hold_jointly_for_all_that_were_chosen():
    """Every further response that the curve rests on is one more chance to be wrong."""
    samples = np.random.default_rng(0).normal(size=(3, 50))
    one, two = rising_gains(samples[:1], 2)[0], rising_gains(samples[[0, 0, 1]], 2)[0]
    assert one == student_interval(samples[0], 0.975)
    assert two == student_interval(samples[0], 1 - 0.05 / 4)
    assert rising_gains(samples[:1], 1)[0] == student_interval(samples[0])


def test_a_curve_of_luck_alone_claims_nothing_too_often():
    """Without any gain the lower bound is above zero on either side in 5 % of audits at most."""
    rng = np.random.default_rng(1)
    claims = [rising_gains(rng.normal(size=(4, 100)), 2)[-1].low > 0 for _ in range(1000)]
    assert np.mean(claims) < 0.025


def test_who_attacks_untrained_is_the_best_of_either_seat_and_of_each_other_run():
    gains = {"blinding": 0.2, "shielded": 0.1, "low-orbit-first": 0.4, "information": 0.3}

    def judge(row, column, seeds):
        return np.tile([gains.get(row.name, 0.0), gains.get(column.name, 0.0)], (seeds.size, 1))

    subject = replace(
        SUBJECT, members=(members("random", "shielded"), members("blinding", "random"))
    )
    guests = [Guests("other", members("information", "low-orbit-first"))]
    seeds = episode_seeds(0, "scouting", count=4)
    found = scouted(subject, guests, judge=judge, seeds=seeds, map_cells=map_in_turn)
    assert [one.name for one in found.best[0]] == ["blinding", "other/low-orbit-first"]
    assert [one.name for one in found.best[1]] == ["blinding", "other/low-orbit-first"]
    np.testing.assert_array_equal(found.scores[0], [0.0, 0.1])
    np.testing.assert_array_equal(found.scores[1], [0.2, 0.0])


def test_who_attacks_one_population_is_the_best_on_average_over_both_seats():
    of_blue, of_red = {"random": 0.6, "shielded": 0.3}, {"random": -0.4, "shielded": 0.1}

    def judge(row, column, seeds):
        gains = [of_blue.get(row.name, 0.0), of_red.get(column.name, 0.0)]
        return np.tile(gains, (seeds.size, 1))

    subject = replace(SHARED, members=2 * (members("random", "shielded"),))
    seeds = episode_seeds(0, "scouting", count=4)
    found = scouted(subject, [], judge=judge, seeds=seeds, map_cells=map_in_turn)
    assert [[one.name for one in best] for best in found.best] == [["shielded"]]
    np.testing.assert_allclose(found.scores, [[0.1, 0.2]])


def test_what_an_earlier_audit_found_counts_beside_what_is_asked_now():
    """Its budget, larger than all that are asked for, is a point of the curve."""
    gains = {"blue-oracle0-scratch-40-0": 0.2, "red-oracle0-scratch-10-0": 0.1}

    def judge(row, column, seeds):
        return np.tile([gains.get(row.name, 0.0), gains.get(column.name, 0.0)], (seeds.size, 1))

    trained = [one for side in ("blue", "red") for one in responses(side, 1)]
    found = measured(judge, [*trained, *responses("blue", 1, 40)], (10, 20))
    assert found.settings.budgets == (10, 20)
    assert found.budgets == (10, 20, 40)
    assert [point.trainings for point in found.points] == [0, 2, 2, 3]
    assert found.largest.chosen == ("blue-oracle0-scratch-40-0", "red-oracle0-scratch-10-0")
    assert found.largest.bound.mean == pytest.approx(0.15)


def test_one_training_answers_in_both_seats():
    settings = AuditSettings("best", (10,), 4, 0, short=True)
    guest = Untrained(Member("red-2", Named("red-2")), "other")
    known = replace(KNOWN_SHARED, best=((RANDOM, guest),))
    own, _, foreign = (
        request_for(SHARED, known, one) for one in questions_of("both", SHARED, known, settings)
    )
    assert (own.both, own.seats) == (True, (0, 1))
    assert own.name == "both-cma-es-heuristic-10-0"
    assert own.opponents == own.learners == SHARED.members[0]
    assert foreign.both
    assert foreign.learners == (guest.member,)


@pytest.mark.parametrize(("constant", "oracle"), [(True, "cma-es"), (False, "cma-es+ppo")])
def test_a_response_starts_from_another_runs_member_alone(constant, oracle):
    """A search of constant doctrines has no use for a network that is none."""
    guest = Untrained(Member("red-2", Named("red-2", constant)), "other")
    known = replace(KNOWN, best=((RANDOM, guest), (AGGRESSIVE,)))
    settings = AuditSettings("best", (10, 20), 4, 0, short=True)
    asked = questions_of("blue", SUBJECT, known, settings)
    assert [(one.decisions, one.oracle, one.start_rule, one.origin) for one in asked] == [
        (budget, *rest)
        for budget in (10, 20)
        for rest in (
            ("cma-es", "heuristic", ""),
            ("cma-es", "inherit-nash", ""),
            (oracle, "inherit-nash", guest.digest),
        )
    ]
    own, foreign = (request_for(SUBJECT, known, one) for one in asked[1:3])
    assert own.learners == SUBJECT.members[0]
    assert foreign.learners == (guest.member,)
    assert not own.both
    assert (foreign.start, foreign.opponents) == ("inherit-nash", SUBJECT.members[1])
    assert len({request_for(SUBJECT, known, one).seed for one in asked}) == len(asked)
