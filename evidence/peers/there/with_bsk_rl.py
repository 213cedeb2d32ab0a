"""BSK-RL: joint steps of a constellation that images resident space objects (RSOs).

The environment is the one that BSK-RL offers for it: imagers with ``ImageRSO``, targets that are
spacecraft of their own, ``RSOTargets`` and ``RSOImageReward``; all its settings are the defaults.
Basilisk's support data must lie in the folder ``supportData`` of its package, or it downloads them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from Basilisk.utilities import orbitalMotion
from bsk_rl import ConstellationTasking, act, data, obs, sats, scene
from bsk_rl.sim import dyn, fsw

PACKAGES = ("bsk-rl", "bsk", "numpy")
EARTH_MU_M3_S2 = 3.986004415e14
CANDIDATES = 10
"""Targets that an imager observes and chooses among; BSK-RL's default."""


class Imager(sats.Satellite):  # type: ignore[misc]
    """A satellite that images whole spacecraft."""

    observation_spec = (obs.RSOTargetProperties(n_ahead_observe=CANDIDATES), obs.Time())
    dyn_type = dyn.SpaceToSpaceImagingDynModel
    fsw_type = fsw.SpaceToSpaceImagingFSWModel


class Target(sats.Satellite):  # type: ignore[misc]
    """A passive one."""

    observation_spec = (obs.Time(),)
    dyn_type = dyn.RSOTargetDynModel
    fsw_type = fsw.FSWModel


def classic(row: list[float]) -> Any:
    """Osculating elements as Basilisk takes them, in m and rad."""
    found = orbitalMotion.ClassicElements()
    found.a, found.e, found.i, found.Omega, found.omega = 1e3 * row[0], *row[1:5]
    found.f = orbitalMotion.E2f(orbitalMotion.M2E(row[5], row[1]), row[1])
    return found


def environment(task: dict[str, Any]) -> Any:
    """Imagers and targets on the task's orbits."""

    class Looking(Imager):
        action_spec = (act.ImageRSO(n_ahead_image=CANDIDATES, max_duration=task["step_s"]),)

    class Drifting(Target):
        action_spec = (act.Drift(duration=task["step_s"]),)

    imagers = [
        Looking(f"imager_{k}", sat_args={"oe": classic(row)})
        for k, row in enumerate(task["imagers"])
    ]
    targets, objects = [], []
    for k, row in enumerate(task["objects"]):
        states = orbitalMotion.elem2rv(EARTH_MU_M3_S2, classic(row))
        objects.append(scene.RSOTarget(f"rso-{k}", f"target_{k}", *map(tuple, states)))
        targets.append(Drifting(f"target_{k}", sat_args={}))
    return ConstellationTasking(
        satellites=[*imagers, *targets],
        scenario=scene.RSOTargets(
            scene.RSOTargetCatalog(tuple(objects)), [one.name for one in imagers]
        ),
        rewarder=data.RSOImageReward(multi_imager_credit="shared"),
        max_step_duration=task["step_s"],
        log_level="ERROR",
    )


def joint_step(task: dict[str, Any]) -> tuple[Any, Any]:
    """Steps of an environment that is reset outside the measurement; imagers choose at random."""
    env, rng = environment(task), np.random.default_rng(1)
    env.reset(seed=1)

    def run() -> tuple[Any, int]:
        for _ in range(task["steps_a_turn"]):
            env.step(
                {
                    name: int(rng.integers(CANDIDATES)) if name.startswith("imager") else 0
                    for name in env.agents
                }
            )
        return env, int(task["steps_a_turn"])

    def told(env: Any) -> Any:
        targets = [one for one in env.satellites if one.name.startswith("target")]
        return {
            "time_s": float(env.simulator.sim_time),
            "positions_km": [(np.asarray(one.dynamics.r_BN_N) / 1e3).tolist() for one in targets],
        }

    return run, told


WORKS = {"joint-step": joint_step}
