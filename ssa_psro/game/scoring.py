"""Custody, the contest, and the score.

An uncontested object pays its weight times the share of the window in custody. A contested one
pays, per contest period, its weight times the contest success function (Tullock 1980)
``a^rho / (a^rho + b^rho)`` of the steps in which each side held the fresher custody.
"""

from __future__ import annotations

from ssa_psro.arrays import Floats
from ssa_psro.compiled import borrowed, compiled, entry_point, total_of
from ssa_psro.game.columns import OBJECT, TRACK
from ssa_psro.game.state import State
from ssa_psro.game.world import World


@compiled
def score_step(world: World, state: State, b: int) -> None:
    """Count the step that begins now, for both sides."""
    blue, red = state.tracks[b, 0], state.tracks[b, 1]
    threshold_km = world.objects[OBJECT.custody_km]
    for side in range(2):
        own = state.tracks[b, side]
        sigma_km, custody_steps = own[TRACK.sigma_km], own[TRACK.custody_steps]
        for n in range(sigma_km.size):
            custody_steps[n] += 1.0 if sigma_km[n] <= threshold_km[n] else 0.0
    for n in world.contested:
        blue_has = blue[TRACK.sigma_km, n] <= threshold_km[n]
        red_has = red[TRACK.sigma_km, n] <= threshold_km[n]
        if blue_has or red_has:
            fresher_by_h = blue[TRACK.seen_h, n] - red[TRACK.seen_h, n]
            share = _blue_share(blue_has, red_has, fresher_by_h)
            # Red gets the rest, so what is held in a period never exceeds its steps.
            blue[TRACK.held_steps, n] += share
            red[TRACK.held_steps, n] += 1.0 - share


@compiled
def _blue_share(blue_has: bool, red_has: bool, fresher_by_h: float) -> float:
    """Blue's share of a step: the fresher custody holds it, a tie halves it."""
    if not (blue_has and red_has):
        return 1.0 if blue_has else 0.0
    # Hours of success are whole steps times the same factor: equal steps give equal numbers.
    if fresher_by_h == 0.0:
        return 0.5
    return 1.0 if fresher_by_h > 0.0 else 0.0


@compiled
def close_period(world: World, state: State, b: int) -> None:
    """Turn the holding of a finished contest period into credit and start the next one."""
    steps, sharpness = world.rules.period_steps, world.rules.sharpness
    if state.t[b] % steps != 0:
        return
    blue, red = state.tracks[b, 0], state.tracks[b, 1]
    for n in range(blue.shape[1]):
        blue_held, red_held = blue[TRACK.held_steps, n], red[TRACK.held_steps, n]
        # Times the period's steps, so that credit is in the unit of custody and adds up with it.
        blue[TRACK.credit_steps, n] += contest_credit(blue_held, red_held, sharpness) * steps
        red[TRACK.credit_steps, n] += contest_credit(red_held, blue_held, sharpness) * steps
        blue[TRACK.held_steps, n] = 0.0
        red[TRACK.held_steps, n] = 0.0


@compiled
def contest_credit(own: float, other: float, sharpness: float) -> float:
    """Tullock's contest success function ``own^rho / (own^rho + other^rho)``.

    Nobody gains what nobody held: where both are 0 the function has no value, and 0 is its limit
    for whoever holds 0 while the other holds anything.
    """
    if own == 0.0:
        return 0.0
    # Divided through by own^rho. For a large rho both powers overflow, and inf / inf is no number;
    # if the one power of the ratio does, 1 / inf = 0 is the limit: the winner takes all.
    return float(1.0 / (1.0 + (other / own) ** sharpness))


@entry_point
def running_scores(world: World, state: State, scores: Floats) -> None:
    """Write each side's score so far, ``[B, 2]`` in [0, 1]; complete at the last step.

    A potential: it depends on the state alone. Rewards that are its differences telescope, so
    whatever the way an episode took, its rewards sum to its score.
    """
    world, state = borrowed(world), borrowed(state)
    # By the steps of the whole episode from the start: a divisor that grew with time would take
    # back at one step what was paid at an earlier one.
    total = total_of(world.objects[OBJECT.weight]) * world.rules.steps
    for b in range(state.t.size):
        open_steps = state.t[b] % world.rules.period_steps
        for side in range(2):
            own, other = state.tracks[b, side], state.tracks[b, 1 - side]
            score = 0.0
            for n in range(own.shape[1]):
                earned = own[TRACK.custody_steps, n]
                if world.objects[OBJECT.contested, n] > 0.0:
                    # The open period counts as if it ended now; a last one that the episode cuts
                    # short is scored so too.
                    own_held, other_held = own[TRACK.held_steps, n], other[TRACK.held_steps, n]
                    share = contest_credit(own_held, other_held, world.rules.sharpness)
                    earned = own[TRACK.credit_steps, n] + share * open_steps
                score += world.objects[OBJECT.weight, n] * earned
            scores[b, side] = score / total
