"""Every look of some episodes, asked again second by second: does access last through it?

``python -m evidence.exposures --write docs/sensors.md`` plays each scenario with heuristics, notes
sensor, object and start of every look, and asks the functions that fill the access tables at every
second from the start of the slew to the end of the exposure. The tables know one state a step.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from evidence.validation.intervals import Tracks, observable
from ssa_psro.arrays import Floats, Integers
from ssa_psro.game.columns import SENSOR, SIDE, TRACK
from ssa_psro.game.engine import CoverageGame, game_of
from ssa_psro.game.state import NO_TARGET
from ssa_psro.geometry.bodies import catalog_objects, constellation_orbits
from ssa_psro.geometry.flight import fly
from ssa_psro.geometry.optics import Optics, optics_of
from ssa_psro.geometry.sky import moon_position_km, sun_position_km
from ssa_psro.policies.heuristics import HEURISTICS
from ssa_psro.randomness import episode_seeds
from ssa_psro.report.markdown import markdown, renew
from ssa_psro.scenario import load_scenario

SCENARIOS = (Path("scenarios/contested-72h.toml"), Path("scenarios/realistic-72h.toml"))
PAIRS = (("information", "information"), ("aggressive", "blinding"))
EPISODES = 2
SAMPLE_S = 30.0
"""Of the positions, with a cubic spline between."""
MARK = "exposures"


class Looked(NamedTuple):
    """One look: an object, a sensor and when.

    Attributes:
        side: of the sensor.
        sensor: its number.
        target: number of the object.
        step: of the horizon, at which the slew begins.
        exposed_s: from there to the start of the exposure.
        ends_s: to its end.
    """

    side: int
    sensor: int
    target: int
    step: int
    exposed_s: float
    ends_s: float


class Held(NamedTuple):
    """What became of looks, as booleans ``[L]``.

    Attributes:
        on_tables: access at every step from the start to the end of the exposure.
        throughout: access at every second of that time.
        exposed: access at every second of the exposure.
        share: ``[L]`` of the exposure's seconds with access.
    """

    on_tables: Floats
    throughout: Floats
    exposed: Floats
    share: Floats


def looks_of(game: CoverageGame, names: tuple[str, str], seed: int) -> Iterator[list[Looked]]:
    """The looks of each of ``EPISODES`` episodes of one heuristic against another."""
    for episode in episode_seeds(seed, "exposures", count=EPISODES):
        state = game.start(np.array([episode]))
        policies = [HEURISTICS[name]() for name in names]
        found = []
        while not game.done(state):
            tracks, sensors = state.tracks[0].copy(), state.sensors[0].copy()
            orders = [one.act(game.view(state, side)) for side, one in enumerate(policies)]
            game.advance(state, orders[0], orders[1], steps=1)
            now = int(state.start[0] + state.t[0]) - 1
            for side in range(2):
                begun = state.sensors[0, side, :, SENSOR.target]
                for s in np.flatnonzero(begun != NO_TARGET):
                    n = int(begun[s])
                    fresh = (
                        tracks[side, TRACK.look_step, n]
                        != state.tracks[0, side, TRACK.look_step, n]
                    )
                    if fresh and state.tracks[0, side, TRACK.look_sensor, n] == s:
                        points = [
                            one[side, s, SENSOR.point_x :][:3]
                            for one in (sensors, state.sensors[0])
                        ]
                        found.append(Looked(side, int(s), n, now, *_exposure(game, side, *points)))
        yield found


def _exposure(game: CoverageGame, side: int, before: Floats, after: Floats) -> tuple[float, float]:
    """Start and end of the exposure in s after the start of the slew."""
    fixed = game.world.sides[side]
    turn = np.arccos(np.clip(before @ after, -1.0, 1.0)) if before.any() else 0.0
    exposed_s = float(turn / fixed[SIDE.slew_rate_rad_s] + fixed[SIDE.settle_s])
    return exposed_s, exposed_s + float(fixed[SIDE.dwell_s])


def judged(game: CoverageGame, looks: Sequence[Looked]) -> Held:
    """Ask the geometry again."""
    scenario, slots = game.arena.scenario, game.sensors
    step_s = scenario.window.step_s
    first_s = min(one.step for one in looks) * step_s
    last_s = max(one.step * step_s + one.ends_s for one in looks)
    times_s = np.arange(first_s, last_s + 2.0 * SAMPLE_S, SAMPLE_S)
    bodies, sky = _bodies(game, times_s), _sky(game, times_s)
    optics = optics_of(scenario.sides, game.arena.sensor_count, game.arena.objects)
    held = np.zeros((len(looks), 4))
    for side, target in sorted({(one.side, one.target) for one in looks}):
        chosen = [k for k, one in enumerate(looks) if (one.side, one.target) == (side, target)]
        alone = _optics(optics, side, target)
        seconds = [_seconds(looks[k], step_s) for k in chosen]
        carriers = [side * slots + looks[k].sensor for k in chosen]
        moments = np.concatenate(seconds)
        sensor = _places(bodies, moments, np.repeat(carriers, [len(some) for some in seconds]))
        aim = _places(bodies, moments, np.full(len(moments), 2 * slots + target))
        seen = observable(alone, sky)(moments, sensor[:, None], aim[:, None])[:, 0, 0]
        ends = np.cumsum([len(some) for some in seconds])[:-1]
        for k, some, access in zip(chosen, seconds, np.split(seen, ends), strict=True):
            one = looks[k]
            exposed = access[some - one.step * step_s >= one.exposed_s]
            steps = max(1, int(np.ceil(one.ends_s / step_s - 1e-9)))
            table = game.world.quality[one.step : one.step + steps + 1, side, one.sensor, target]
            held[k] = table.all(), access.all(), exposed.all(), exposed.mean()
    return Held(*held.T)


def _seconds(one: Looked, step_s: float) -> Floats:
    """Of a look, from the start of the slew to the end of the exposure."""
    return one.step * step_s + np.append(np.arange(0.0, one.ends_s), one.ends_s)


def _places(bodies: Tracks, seconds: Floats, body: Integers) -> Floats:
    """Positions ``[M, 3]`` of bodies ``[M]`` at times ``[M]``."""
    piece = ((seconds - bodies.samples_s[0]) / SAMPLE_S).astype(np.int64)
    return bodies.piece(piece, body)(seconds)


def _optics(optics: Optics, side: int, target: int) -> Optics:
    """A sensor of one side, as Blue's, and one object."""
    turned = {
        name: np.ascontiguousarray(np.roll(getattr(optics, name), -side))
        for name in optics._fields[:-1]
    }
    return Optics(**turned, area_m2=optics.area_m2[target : target + 1])


def _bodies(game: CoverageGame, times_s: Floats) -> Tracks:
    """Blue's sensors, Red's and the objects, in the order of the tables."""
    scenario = game.arena.scenario
    arc_s = float(scenario.window.horizon_steps * scenario.window.step_s)
    sides = [constellation_orbits(side.constellation, arc_s) for side in scenario.sides]
    _, objects = catalog_objects(scenario.catalog)
    positions_km = np.zeros((len(times_s), 2 * game.sensors + game.arena.objects.weight.size, 3))
    for first, count, orbits in (
        (0, game.arena.sensor_count[0], sides[0]),
        (game.sensors, game.arena.sensor_count[1], sides[1]),
        (2 * game.sensors, len(game.arena.objects), objects),
    ):
        fly(orbits, scenario.window.epoch, times_s, positions_km[:, first : first + count])
    return Tracks(times_s, positions_km)


def _sky(game: CoverageGame, times_s: Floats) -> Tracks:
    epoch = game.arena.scenario.window.epoch
    places = sun_position_km(epoch, times_s), moon_position_km(epoch, times_s)
    return Tracks(times_s, np.stack(places, axis=1))


def table(seed: int = 1) -> str:
    """A row a scenario and pair of heuristics."""
    rows = [
        [
            "scenario",
            "Blue, Red",
            "looks",
            "a sensor and day",
            "busiest",
            "ends early, tables",
            "a second without access",
            "in the exposure",
            "exposure without access",
        ]
    ]
    for path in SCENARIOS:
        game = game_of(load_scenario(path))
        window = game.arena.scenario.window
        days, sensors = (
            EPISODES * window.steps * window.step_s / 86400.0,
            sum(game.arena.sensor_count),
        )
        for names in PAIRS:
            episodes = list(looks_of(game, names, seed))
            held = [
                np.concatenate(parts)
                for parts in zip(*(judged(game, one) for one in episodes), strict=True)
            ]
            on_tables, throughout, exposed, share = held
            each = np.zeros((2, game.sensors))
            for one in (look for episode in episodes for look in episode):
                each[one.side, one.sensor] += 1
            rows.append(
                [
                    path.stem,
                    ", ".join(names),
                    f"{len(share):,}",
                    f"{len(share) / sensors / days:.0f}",
                    f"{each.max() / days:.0f}",
                    _percent(1.0 - on_tables),
                    _percent(1.0 - throughout),
                    _percent(1.0 - exposed),
                    _percent(1.0 - share),
                ]
            )
    return markdown(rows)


def _percent(share: Floats) -> str:
    return f"{100.0 * share.mean():.2g} %"


def main() -> None:
    """Print the table, or write it into the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path, help="page whose table is renewed")
    arguments = parser.parse_args()
    found = table()
    print(found)
    if arguments.write:
        renew(arguments.write, {MARK: found})


if __name__ == "__main__":
    main()
