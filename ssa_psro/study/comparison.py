"""Policies side by side: each of them against one opponent, in every scenario, on common seeds.

Equal seeds mean equal starts and equal luck wherever two policies look alike, so that differences
are far better known than the figures that they are differences of.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ssa_psro.arrays import Floats
from ssa_psro.policies import Policy
from ssa_psro.randomness import episode_seeds
from ssa_psro.scenario import Scenario
from ssa_psro.study.matches import open_game
from ssa_psro.study.rivalry import pair_player
from ssa_psro.work import Workers


@dataclass(frozen=True, eq=False)
class Entry:
    """One of the things compared.

    Attributes:
        scenario: that was played, by a name that tells it from the others.
        policy: of the side that is compared.
        samples: one number an episode and side, ``[E, 2]``, by the name of the figure of merit; the
            side that is compared comes first.
    """

    scenario: str
    policy: str
    samples: Mapping[str, Floats]


def compare(
    scenarios: Mapping[str, Scenario],
    policies: Sequence[Policy],
    opponent: Policy,
    *,
    side: int,
    seed: int,
    episodes: int,
    workers: Workers,
) -> list[Entry]:
    """Play every policy against the opponent in every scenario, on the same seeds.

    Args:
        scenarios: by the name that they go by.
        policies: to compare.
        opponent: of all of them.
        side: that the policies play, 0 for Blue, 1 for Red.
        seed: root of all randomness.
        episodes: two or more, of each pair.
        workers: whose threads play.

    Returns:
        One entry a scenario and policy, policies changing faster.
    """
    seeds = episode_seeds(seed, "compare", count=episodes)
    found = []
    for name, scenario in scenarios.items():
        play_pair = pair_player(open_game(scenario, workers), seeds, workers)
        for policy in policies:
            workers.stage("episodes")
            played = play_pair((policy, opponent) if side == 0 else (opponent, policy))
            own_first = {key: sample[:, [side, 1 - side]] for key, sample in played.items()}
            found.append(Entry(name, policy.name, own_first))
    return found
