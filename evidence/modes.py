"""What PPO learns by action mode: ``python -m evidence.modes SCENARIO --output FOLDER``.

Stable-Baselines3's own PPO plays Blue in ``CoverageVecEnv`` against the equilibrium of the
heuristics, by doctrines and by a priority for every candidate, with equally many decisions and the
same settings. Priorities come from one flat network, or from one that all candidates share, which
sees the features of its candidate and the summary. What each gains over the equilibrium's own play
is measured on episodes that trained nothing. ``OUTPUT/modes.csv`` has a line an arm and seed;
``--write PAGE`` puts a table into a page.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import process_time
from typing import Any, cast

import torch
from stable_baselines3 import PPO
from stable_baselines3.common.policies import ActorCriticPolicy
from stable_baselines3.common.vec_env import VecNormalize
from torch import Tensor, nn

from evidence.oracles import question
from ssa_psro.envs.modes import CANDIDATE_FEATURES, ActionMode, make_mode
from ssa_psro.envs.sb3_env import CoverageVecEnv
from ssa_psro.game import SUMMARY, Command, View
from ssa_psro.games.coverage import Coverage
from ssa_psro.metagame.exploitability import deviation_gains
from ssa_psro.metagame.intervals import student_interval
from ssa_psro.policies import Policy
from ssa_psro.randomness import derive_seed, episode_seeds
from ssa_psro.report.csv_files import write_rows
from ssa_psro.report.markdown import markdown, renew
from ssa_psro.scenario import load_scenario
from ssa_psro.scenario.schema import SIDES

ENVIRONMENTS, WIDTH, HELD_OUT = 32, 64, 1000
LOG_STD = -1.5
"""Of the noise that explores, in the beginning."""
MARK = "modes"


@dataclass(frozen=True)
class Learned:
    """What a model of SB3 has learned, as a policy without exploration.

    Attributes:
        name: of the policy.
        model: that was trained.
        mode: what it sees, and what its actions stand for.
        constant: never; see ``Policy``.
    """

    name: str
    model: PPO
    mode: ActionMode
    constant: bool = False

    def act(self, view: View) -> Command:
        """Orders for every episode of a view."""
        actions, _ = self.model.predict(self.mode.observe(view), deterministic=True)
        return self.mode.command(actions)


class Shared(nn.Module):
    """A priority for every candidate from one network that all share, and a flat critic's layer."""

    def __init__(self, candidates: int) -> None:
        super().__init__()
        seen, everything = len(SUMMARY) + len(CANDIDATE_FEATURES), len(CANDIDATE_FEATURES)
        self.candidates, self.latent_dim_pi, self.latent_dim_vf = candidates, candidates, WIDTH
        self.actor = nn.Sequential(
            nn.Linear(seen, WIDTH), nn.Tanh(), nn.Linear(WIDTH, WIDTH), nn.Tanh()
        )
        self.head = nn.Linear(WIDTH, 1)
        inputs = len(SUMMARY) + candidates * everything
        self.critic = nn.Sequential(
            nn.Linear(inputs, WIDTH), nn.Tanh(), nn.Linear(WIDTH, WIDTH), nn.Tanh()
        )

    def forward(self, situation: Tensor) -> tuple[Tensor, Tensor]:
        """Both, of situations ``[B, K + C * F]``."""
        return self.forward_actor(situation), self.forward_critic(situation)

    def forward_actor(self, situation: Tensor) -> Tensor:
        """Priorities ``[B, C]``."""
        summary, candidates = situation[:, : len(SUMMARY)], situation[:, len(SUMMARY) :]
        each = candidates.reshape(len(situation), self.candidates, -1)
        beside = summary[:, None].expand(-1, self.candidates, -1)
        found: Tensor = self.head(self.actor(torch.cat([beside, each], dim=2))).squeeze(2)
        return found

    def forward_critic(self, situation: Tensor) -> Tensor:
        """What the value is linear in, ``[B, WIDTH]``."""
        found: Tensor = self.critic(situation)
        return found


class SharedActorCritic(ActorCriticPolicy):
    """SB3's networks with ``Shared`` for an actor."""

    def _build_mlp_extractor(self) -> None:
        self.mlp_extractor = Shared(self.action_space.shape[0])  # type: ignore[assignment, index]

    def _build(self, lr_schedule: Any) -> None:
        super()._build(lr_schedule)
        self.action_net = nn.Identity()  # the actor's outputs are the priorities
        # they begin near 0, as those of SB3's own last layer do
        nn.init.orthogonal_(cast("Shared", self.mlp_extractor).head.weight, 0.01)
        self.optimizer = self.optimizer_class(
            self.parameters(),
            lr=lr_schedule(1),  # type: ignore[call-arg]
            **self.optimizer_kwargs,
        )


ARMS: Mapping[str, tuple[str, type[ActorCriticPolicy], str]] = {
    "doctrine": ("doctrine", ActorCriticPolicy, "a doctrine for the interval"),
    "priority": ("priority", ActorCriticPolicy, "a priority a candidate, flat network"),
    "priority, shared": (
        "priority",
        SharedActorCritic,
        "a priority a candidate, one network for all candidates",
    ),
}
"""Action mode, networks, and the arm in words."""


def learned(
    arm: str,
    game: Coverage,
    opponent: Policy,
    decisions: int,
    seed: int,
    *,
    side: int = 0,
    start: Mapping[str, Tensor] | None = None,
) -> Learned:
    """Train an arm, with PPO's settings of the package's own oracle; rewards are normalised.

    Args:
        arm: one of ``ARMS``.
        game: that is played.
        opponent: who plays the other side.
        decisions: length of the training.
        seed: of its randomness.
        side: that learns, 0 Blue, 1 Red.
        start: weights to begin at; those of the networks' own initialisation otherwise.
    """
    mode, networks, _ = ARMS[arm]
    engine = game.engine
    env = CoverageVecEnv(
        engine, ENVIRONMENTS, side=SIDES[side], opponent=opponent, action_mode=mode
    )
    env.seed(derive_seed(seed, "modes", "environment"))
    model = PPO(
        networks,
        VecNormalize(env, norm_obs=False, gamma=1.0),
        n_steps=engine.decisions,
        batch_size=engine.decisions * ENVIRONMENTS,
        learning_rate=lambda remaining: 1e-3 * (0.1 + 0.9 * remaining),
        gamma=1.0,
        seed=derive_seed(seed, "modes", "learner") % 2**32,
        policy_kwargs={"log_std_init": LOG_STD},
        device="cpu",
    )
    if start is not None:
        model.policy.load_state_dict(start)
    model.learn(decisions)
    return Learned(arm, model, make_mode(mode, engine, side))


def row_of(arm: str, game: Coverage, opponent: Policy, decisions: int, seed: int) -> dict[str, Any]:
    """What an arm has learned with one seed."""
    begun = process_time()
    own = learned(arm, game, opponent, decisions, seed)
    cpu_s, seeds = process_time() - begun, episode_seeds(0, "held-out", count=HELD_OUT)
    gains = deviation_gains((opponent, opponent), [own], [], judge=game.judge, seeds=seeds)
    found = student_interval(gains.row[0])
    return {
        "arm": arm,
        "seed": seed,
        "decisions": own.model.num_timesteps,
        "dimensions": own.mode.action_space.shape[0],  # type: ignore[index]
        "cpu_s": round(cpu_s, 1),
        "gain": found.mean,
        "gain_low": found.low,
        "gain_high": found.high,
        "episodes": found.count,
    }


def table_of(rows: Sequence[Mapping[str, Any]]) -> str:
    """What each arm gains, seed by seed, as Markdown."""
    seeds = sorted({int(row["seed"]) for row in rows})
    head = ["Action", "dimensions", *(f"seed {seed}" for seed in seeds), "mean over seeds"]
    lines = [[*head, "processor time [s]"]]
    for arm, (*_, words) in ARMS.items():
        own = [row for row in rows if row["arm"] == arm]
        told = [
            "{:.3f} [{:.3f}, {:.3f}]".format(*(float(row[f"gain{end}"]) for end in ENDS))
            for row in own
        ]
        mean = sum(float(row["gain"]) for row in own) / len(own)
        cpu_s = sum(float(row["cpu_s"]) for row in own) / len(own)
        lines.append([words, str(own[0]["dimensions"]), *told, f"{mean:.3f}", f"{cpu_s:.0f}"])
    return markdown(lines)


ENDS = ("", "_low", "_high")


def main() -> None:
    """Compare, and write ``modes.csv``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenario")
    parser.add_argument("--decisions", type=int, default=400_000)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--write", type=Path, metavar="PAGE")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    game = Coverage(load_scenario(arguments.scenario))
    asked = question(game, 0)
    opponent = game.mix([one.policy for one in asked.opponents], asked.opponent_mixture)
    rows: list[dict[str, Any]] = []
    answered = partial(row_of, game=game, opponent=opponent, decisions=arguments.decisions)
    for seed in range(1, arguments.seeds + 1):
        for arm in ARMS:
            rows.append(answered(arm, seed=seed))
            print(rows[-1], flush=True)
            write_rows(arguments.output / f"{MARK}.csv", rows)
    if arguments.write:
        renew(arguments.write, {MARK: table_of(rows)})


if __name__ == "__main__":
    main()
