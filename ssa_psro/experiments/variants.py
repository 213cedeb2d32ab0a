"""Variants of PSRO: whom responses are trained against, and what they are paid beside payoffs.

Pipeline PSRO (McAleer et al., NeurIPS 2020) is left out. It trains several responses at once, each
against the unfinished ones below it, so that many machines need not wait for each other. At equal
steps it has nothing to gain: what it saves is waiting time, of which two cores have none, and its
responses meet opponents that are weaker than those of PSRO. Neither would it leave the oracle a
pure function of its request, on which resuming and comparing at equal seeds rest here.

Meta-solvers that are wrong on purpose: what does fusion make of an unstable mixture?

They carry no certificate beyond the gap, which tells how wrong they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ssa_psro.arrays import Floats
from ssa_psro.metagame.solvers import SOLVERS, Equilibrium, Solver, make_solver
from ssa_psro.metagame.solvers.equilibrium import as_bimatrix, describe
from ssa_psro.metagame.solvers.symmetric import make_symmetric_solver
from ssa_psro.psro.targets import Targets, rectified, vanilla
from ssa_psro.randomness import generator


@dataclass(frozen=True)
class Variant:
    """One way of growing a population.

    Attributes:
        targets: whom each response is trained against; several share the budget of one.
        diverse: whether training also pays for playing unlike the population (PSD-PSRO).
        candidates: how many are trained for each response, sharing its budget; the one joins with
            which the population is least exploitable.
        alone: there is no population: one learner, or one a seat, plays against itself as it is.
    """

    targets: Targets
    diverse: bool = False
    candidates: int = 1
    alone: bool = False


VARIANTS: dict[str, Variant] = {
    "psro": Variant(vanilla),
    "rectified": Variant(rectified),
    "psd": Variant(vanilla, diverse=True),
    "global": Variant(vanilla, candidates=2),
    "self-play": Variant(vanilla, alone=True),
}
"""Every variant by name. ``psro``: Lanctot et al. 2017; ``rectified``: PSRO_rN, Balduzzi et al.
2019; ``psd``: PSD-PSRO, Yao et al. 2023; ``global``: the choice of Global PSRO (arXiv 2605.28273)
by exact population exploitability, where the paper estimates it: at most that much can be had of
it; ``self-play``: no population, see ``alone``. With fusion or without is a matter of start
weights."""


ROUNDS = 4
"""Of ``hasty-fictitious-play``: each player's mixture has a support of four policies at most."""

SHAKE = 1.0
"""Standard deviation of the logarithms that ``shaken-nash`` multiplies weights by."""

FLOOR = 0.01
"""Weight that ``shaken-nash`` gives every policy before it shakes, shared by all of them."""


def solve_hasty_fictitious_play(payoffs: ArrayLike) -> Equilibrium:
    """Fictitious play that stops after ``ROUNDS`` rounds, far from convergence.

    Among equally good answers the first is played; the row player begins with its answer to the
    uniform mixture.
    """
    game = as_bimatrix(payoffs)
    rows, columns = np.zeros(game.shape[0]), np.zeros(game.shape[1])
    row = int(game[..., 0].mean(axis=1).argmax())
    for _ in range(ROUNDS):
        rows[row] += 1
        columns[(rows @ game[..., 1]).argmax()] += 1
        row = int((game[..., 0] @ columns).argmax())
    told = {"rounds": ROUNDS}
    return describe(game, rows / ROUNDS, columns / ROUNDS, "hasty-fictitious-play", told)


def solve_shaken_nash(payoffs: ArrayLike) -> Equilibrium:
    """The Nash mixtures with every weight multiplied by log-normal noise.

    The noise is a pure function of the payoffs, so that runs repeat; from one iteration to the
    next, mixtures jump as those of a solver that has not converged do.
    """
    game = as_bimatrix(payoffs)
    found = make_solver("nash")(game)
    digest = blake2b(np.round(game, 9).tobytes(), digest_size=8).digest()
    rng = generator(int.from_bytes(digest, "big"), "shaken-nash")
    row, column = (_shaken(mixture, rng) for mixture in (found.row, found.column))
    return describe(game, row, column, "shaken-nash", {"shake": SHAKE})


BAD_SOLVERS: dict[str, Solver] = {
    "hasty-fictitious-play": solve_hasty_fictitious_play,
    "shaken-nash": solve_shaken_nash,
}
"""Every bad meta-solver by name."""

SOLVER_NAMES = (*SOLVERS, *BAD_SOLVERS)
"""What experiment files may name."""


def experiment_solver(
    name: str, settings: Mapping[str, Any] = MappingProxyType({}), *, shared: bool = False
) -> Solver:
    """The meta-solver of that name, good or bad; for a ``shared`` population, a good one.

    Args:
        name: of the meta-solver.
        settings: of it.
        shared: the players have one population.

    Raises:
        UsageError: no such solver.
    """
    if shared:
        return make_symmetric_solver(name, **settings)
    found = BAD_SOLVERS[name] if name in BAD_SOLVERS else make_solver(name)
    return partial(found, **settings)


def _shaken(mixture: Floats, rng: np.random.Generator) -> Floats:
    floored = (1 - FLOOR) * mixture + FLOOR / mixture.size
    noisy = floored * np.exp(SHAKE * rng.standard_normal(mixture.size))
    return np.asarray(noisy / noisy.sum())
