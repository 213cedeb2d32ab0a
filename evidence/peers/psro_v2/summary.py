"""What the curves of both programs come to: who reaches which NashConv when."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import Any

from evidence.peers.psro_v2.programs import OWN, PEER, Row

PUBLISHED_NASH_CONV = 2.6
"""Of ``psro_v2`` with DQN after seven iterations."""

PUBLISHED_PPO = 0.84
"""Exploitability of PSRO with PPO after 20 iterations of 60,000 steps a response."""

SPENT = ("iteration", "wall_s", "cpu_s", "episodes_per_player", "steps_per_player")


def summary_of(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """One entry a seed: how far both programs come, and times to the same NashConv."""
    seeds = sorted({row["seed"] for row in rows})
    return [_of_one(seed, [row for row in rows if row["seed"] == seed]) for seed in seeds]


def first_reach(rows: Sequence[Row], nash_conv: float) -> Row | None:
    """What is spent when a curve is first at ``nash_conv`` or below, if it ever is."""
    reached = next((row for row in rows if row["nash_conv"] <= nash_conv), None)
    return reached and _spent(reached)


def lasting_reach(rows: Sequence[Row], nash_conv: float) -> Row | None:
    """The same when a curve comes to ``nash_conv`` or below and stays there to its end."""
    kept = list(takewhile(lambda row: bool(row["nash_conv"] <= nash_conv), reversed(rows)))
    return _spent(kept[-1]) if kept else None


def comparison(peer: Sequence[Row], own: Sequence[Row], nash_conv: float) -> dict[str, Any]:
    """Times to one NashConv.

    A peer that does not reach it has taken all of its time in vain: the ratios are then lower
    bounds. They are ``None`` if we do not reach it. The lasting ones are of a peer's first time
    and the time from which on we are there for good.
    """
    theirs, ours = first_reach(peer, nash_conv), first_reach(own, nash_conv)
    lasting = lasting_reach(own, nash_conv)
    took = theirs or _spent(peer[-1])
    return {
        "nash_conv": nash_conv,
        PEER: theirs,
        OWN: ours,
        f"{OWN}_lasting": lasting,
        **_ratios(took, ours),
        **{f"lasting_{key}": ratio for key, ratio in _ratios(took, lasting).items()},
        "ratios_are_lower_bounds": theirs is None,
    }


def _of_one(seed: int, rows: Sequence[Row]) -> dict[str, Any]:
    peer, own = ([row for row in rows if row["program"] == name] for name in (PEER, OWN))
    ours = _end(own)
    return {
        "seed": seed,
        PEER: _end(peer),
        OWN: ours,
        "to_published": comparison(peer, own, PUBLISHED_NASH_CONV),
        "to_peers_lowest": comparison(peer, own, min(row["nash_conv"] for row in peer)),
        "all_iterations_of_peer": _ratios(peer[-1], first_reach(own, PUBLISHED_NASH_CONV)),
        "below_published_ppo": {
            key: ours[key] < PUBLISHED_PPO for key in ("exploitability", "lowest_exploitability")
        },
    }


def _ratios(theirs: Row, ours: Row | None) -> dict[str, Any]:
    return {
        f"{clock}_ratio": ours and round(theirs[f"{clock}_s"] / ours[f"{clock}_s"], 2)
        for clock in ("wall", "cpu")
    }


def _end(rows: Sequence[Row]) -> dict[str, Any]:
    lowest = min(rows, key=lambda row: float(row["nash_conv"]))
    return {
        **_spent(rows[-1]),
        "exploitability": rows[-1]["nash_conv"] / 2,
        "lowest_exploitability": lowest["nash_conv"] / 2,
        "lowest_at_iteration": lowest["iteration"],
    }


def _spent(row: Row) -> Row:
    return {key: round(row[key], 3) for key in SPENT}
