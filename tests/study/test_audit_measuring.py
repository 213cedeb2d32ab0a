"""What an audit makes of its responses: the best is chosen on some episodes, measured on others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ssa_psro.learn import Member
from ssa_psro.policies import make_policy
from ssa_psro.randomness import episode_seeds
from ssa_psro.study.audit.responses import Subject, findings_of
from ssa_psro.study.audit.storage import Answer, Question, Response
from ssa_psro.work import map_in_turn


@dataclass(frozen=True)
class Named:
    """Stands for a policy; the judge below goes by its name."""

    name: str
    constant: bool = True


def responses(side: str, count: int) -> list[Response]:
    questions = [Question("best", side, f"oracle{n}", "scratch", 10, 0) for n in range(count)]
    return [Response(Answer(q, "scratch", {}, 1.0, ""), Named(q.name)) for q in questions]


SUBJECT = Subject(
    name="best",
    members=tuple(
        tuple(Member(name, make_policy(name)) for name in ("aggressive", "random"))
        for _ in range(2)
    ),
    mixtures=(np.array([1.0, 0.0]), np.array([0.0, 1.0])),
    scores=(np.array([0.1, 0.2]), np.array([0.3, 0.2])),
)
EPISODES = 300


def luck(row, column, seeds):
    """Payoffs that are nothing but noise, another one for every response."""
    if row.name == column.name == "mixture":
        return np.zeros((seeds.size, 2))
    rng = np.random.default_rng([*f"{row.name} {column.name}".encode(), int(seeds[0] % 1000)])
    return rng.normal(size=(seeds.size, 2))


def measured(judge, count):
    return findings_of(
        SUBJECT,
        [*responses("blue", count), *responses("red", count)],
        judge=judge,
        choosing=episode_seeds(0, "choosing", count=EPISODES),
        held_out=episode_seeds(0, "held-out", count=EPISODES),
        map_cells=map_in_turn,
    )


def test_luck_in_choosing_is_no_gain():
    """The luckiest of 60 does well where it was chosen, and nothing elsewhere."""
    found = measured(luck, 60)
    chosen = [one for one in found.responses if one.chosen]
    assert [one.side for one in chosen] == ["blue", "red"]
    for one in chosen:
        own = [other for other in found.responses if other.side == one.side]
        assert one.choosing_gain == max(other.choosing_gain for other in own) > 0.1
        assert one.gain.count == EPISODES
    assert abs(found.raw_exploitability.mean) < 0.15
    assert found.approx_exploitability.low <= 0.02


def test_a_real_gain_is_found_on_either_side():
    def judge(row, column, seeds):
        gain = [0.5 * (row.name == "blue-oracle1-scratch"), 0.3 * (column.name == "aggressive")]
        return np.tile(gain, (seeds.size, 1))

    found = measured(judge, 3)
    names = [one.name for one in found.responses if one.chosen]
    assert names == ["blue-oracle1-scratch", "aggressive"]
    assert found.approx_exploitability.mean == 0.4
    existing = [one for one in found.responses if one.oracle == "member"]
    assert [one.name for one in existing] == ["random", "aggressive"]
    assert all(one.decisions == 0 for one in existing)
