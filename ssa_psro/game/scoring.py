"""Custody, the contest, and the score.

An uncontested object pays its weight times the share of the window in custody. A contested one
pays, per contest period, its weight times the contest success function (Tullock 1980)
``a^rho / (a^rho + b^rho)`` of the steps in which each side held the fresher custody.
"""

from __future__ import annotations

from ssa_psro.arrays import Floats
from ssa_psro.compiled import column_sum, compiled, entry_point
from ssa_psro.game.state import CREDIT, CUSTODY_STEPS, HELD, SEEN, SIGMA, State
from ssa_psro.game.world import CONTESTED, CUSTODY, WEIGHT, World


@compiled
def score_step(world: World, state: State, b: int) -> None:
    """Count the step that begins now, for both sides."""
    blue, red = state.objects[b, 0], state.objects[b, 1]
    for n in range(blue.shape[0]):
        threshold_km = world.objects[n, CUSTODY]
        blue_has, red_has = blue[n, SIGMA] <= threshold_km, red[n, SIGMA] <= threshold_km
        blue[n, CUSTODY_STEPS] += 1.0 if blue_has else 0.0
        red[n, CUSTODY_STEPS] += 1.0 if red_has else 0.0
        if world.objects[n, CONTESTED] > 0.0 and (blue_has or red_has):
            share = _blue_share(blue_has, red_has, blue[n, SEEN] - red[n, SEEN])
            blue[n, HELD] += share
            red[n, HELD] += 1.0 - share


@compiled
def _blue_share(blue_has: bool, red_has: bool, fresher_by_h: float) -> float:
    """Blue's share of a step: the fresher custody holds it, a tie halves it."""
    if not (blue_has and red_has):
        return 1.0 if blue_has else 0.0
    if fresher_by_h == 0.0:
        return 0.5
    return 1.0 if fresher_by_h > 0.0 else 0.0


@compiled
def close_period(world: World, state: State, b: int) -> None:
    """Turn the holding of a finished contest period into credit and start the next one."""
    steps, sharpness = world.rules.period_steps, world.rules.sharpness
    if state.t[b] % steps != 0:
        return
    blue, red = state.objects[b, 0], state.objects[b, 1]
    for n in range(blue.shape[0]):
        blue[n, CREDIT] += contest_credit(blue[n, HELD], red[n, HELD], sharpness) * steps
        red[n, CREDIT] += contest_credit(red[n, HELD], blue[n, HELD], sharpness) * steps
        blue[n, HELD] = 0.0
        red[n, HELD] = 0.0


@compiled
def contest_credit(own: float, other: float, sharpness: float) -> float:
    """Tullock's contest success function; nobody gains what nobody held."""
    if own == 0.0:
        return 0.0
    return float(1.0 / (1.0 + (other / own) ** sharpness))


@entry_point
def running_scores(world: World, state: State, scores: Floats) -> None:
    """Write each side's score so far, ``[B, 2]`` in [0, 1]; complete at the last step."""
    total = column_sum(world.objects, WEIGHT) * world.rules.steps
    for b in range(state.t.size):
        open_steps = state.t[b] % world.rules.period_steps
        for side in range(2):
            own, other = state.objects[b, side], state.objects[b, 1 - side]
            score = 0.0
            for n in range(own.shape[0]):
                earned = own[n, CUSTODY_STEPS]
                if world.objects[n, CONTESTED] > 0.0:
                    share = contest_credit(own[n, HELD], other[n, HELD], world.rules.sharpness)
                    earned = own[n, CREDIT] + share * open_steps
                score += world.objects[n, WEIGHT] * earned
            scores[b, side] = score / total
