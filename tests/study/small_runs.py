"""Run folders in a second or two: a small game, and an oracle that guesses instead of training."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np

from ssa_psro.game import FEATURES, SUMMARY
from ssa_psro.learn.protocol import Member, OracleResult
from ssa_psro.policies import DoctrineNetwork
from ssa_psro.study import parse_study
from ssa_psro.study.solve import execute
from ssa_psro.study.writing import create

SMALL = """
name = "small"
seed = 3

[window]
epoch = 2026-03-20T00:00:00Z
duration_h = 12.0
horizon_days = 1.0

[blue.constellation]
kind = "walker-delta"
altitude_km = 800.0
inclination_deg = 60.0
satellites = 3
planes = 3

[red.constellation]
kind = "walker-delta"
altitude_km = 800.0
inclination_deg = 60.0
satellites = 3
planes = 3
raan_deg = 60.0

[catalog]
kind = "generated"

[[catalog.regimes]]
regime = "LEO"
count = 4
contested = 2
altitude_km = [900.0, 1600.0]
inclination_deg = [45.0, 100.0]

[[catalog.regimes]]
regime = "GEO"
count = 2
contested = 1
altitude_km = [35736.0, 35836.0]
inclination_deg = [0.0, 10.0]

[rules]
contest_period_h = 6.0

[populations]
blue = ["aggressive", "random"]
red = ["reactive", "blinding", "random"]

[oracle]
decisions = 256
environments = 4
hidden = [8]
start = "fusion"

[solver]
iterations = 2
episodes_per_cell = 4
held_out_episodes = 6
"""


ALIKE = SMALL.replace('red = ["reactive", "blinding", "random"]', 'red = ["aggressive", "random"]')
"""The same, whose sides begin alike, and so share a population."""


def small_study(text: str = SMALL):
    """The small study."""
    return parse_study(text, "small.toml")


def guess(request):
    """A network drawn at random, a pure function of the whole request."""
    luck = float(request.opponent_mixture @ np.arange(len(request.opponents)))
    rng = np.random.default_rng([request.seed, round(1e6 * luck)])
    shapes = {
        "actor.0.weight": (8, len(SUMMARY)),
        "actor.0.bias": (8,),
        "actor.head.weight": (len(FEATURES), 8),
        "actor.head.bias": (len(FEATURES),),
        "log_std": (len(FEATURES),),
    }
    weights = {key: rng.normal(size=shape).astype(np.float32) for key, shape in shapes.items()}
    member = Member(request.name, DoctrineNetwork(request.name, weights), parameters=weights)
    return OracleResult(member, start="a guess", facts={"luck": luck})


def guessing(name, game, values, seed):
    """The oracle that guesses, whatever its name and the game."""
    return guess


def make(folder: Path, text: str = SMALL) -> Path:
    """A run that has yet to begin."""
    create(folder, small_study(text), source=text, command=["ssa-psro", "run"])
    return folder


guess_on = partial(execute, make_oracle=guessing)
"""Execute a run folder with guesses for best responses."""
