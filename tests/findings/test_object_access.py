"""What ``check`` says of each object: against the tables, counted and worked out another way."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from sky_files import SCENARIO, high, low, several, write_sky

from ssa_psro.findings.access import object_access
from ssa_psro.findings.scenario import object_table
from ssa_psro.geometry import Arena, build_arena
from ssa_psro.geometry.occultation import sunlight_on
from ssa_psro.geometry.sky import sun_position_km
from ssa_psro.scenario import load_scenario

OLD = timedelta(days=2, hours=6)


@pytest.fixture(scope="module", name="arena")
def _arena(tmp_path_factory: pytest.TempPathFactory) -> Arena:
    sets = [*several(), low("OLD", "500", epoch=high().epoch - OLD, mean_anomaly_deg=99.0)]
    text = SCENARIO.replace("horizon_days = 1.0", "horizon_days = 0.5")
    return build_arena(
        load_scenario(write_sky(tmp_path_factory.mktemp("sky"), sets, scenario=text)),
        cache_dir=None,
    )


def test_accesses_are_counted_one_after_the_other(arena: Arena) -> None:
    table, quality = object_access(arena), arena.tables.quality
    for n, row in enumerate(table.rows):
        found = dict(zip(table.names, row, strict=True))
        for side, name in enumerate(("blue", "red")):
            begins, ends, before = [], [], False
            for step in range(len(quality)):
                now = bool((quality[step, side, :, n] > 0).any())
                begins += [step / 6.0] * (now and not before)
                ends += [(step + 1) / 6.0] * now
                before = now
            assert found[f"{name}_accesses"] == len(begins)
            assert found[f"{name}_first_h"] == pytest.approx(begins[0] if begins else None)
            assert found[f"{name}_last_h"] == pytest.approx(ends[-1] if ends else None)
    assert max(table.values("blue_accesses")) > 2


def test_magnitudes_are_those_where_there_is_access(arena: Arena) -> None:
    """The formula of ``docs/physics.md``, over all steps and sensors at once."""
    table, place = object_access(arena), arena.tables.position_km.astype(np.float64)
    window = arena.scenario.window
    sun = sun_position_km(window.epoch, np.arange(len(place)) * float(window.step_s))
    sensors = place[:, :4]
    for n in range(len(arena.objects)):
        here = place[:, 4 + n][:, None]
        ray, light = here - sensors, sun[:, None] - here
        range_km = np.linalg.norm(ray, axis=2)
        cosine = -(ray * light).sum(axis=2) / range_km / np.linalg.norm(light, axis=2)
        phase = np.arccos(cosine)
        shape = 2 * ((np.pi - phase) * np.cos(phase) + np.sin(phase)) / (3 * np.pi**2)
        area = np.pi * arena.objects.radius_m[n] ** 2 * arena.objects.albedo[n]
        share = [
            sunlight_on(arena.tables.position_km[t, 4 + n : 5 + n], tuple(sun[t]))[0]
            for t in range(len(place))
        ]
        flux = area * shape * np.array(share)[:, None] / (1000.0 * range_km) ** 2
        access = arena.tables.quality[:, :, :, n].reshape(len(place), 4) > 0
        row = dict(zip(table.names, table.rows[n], strict=True))
        if not access.any():
            assert row["brightest"] is row["faintest"] is None
            continue
        magnitudes = -26.74 - 2.5 * np.log10(flux[access])
        assert row["brightest"] == pytest.approx(magnitudes.min(), abs=1e-6)
        assert row["faintest"] == pytest.approx(magnitudes.max(), abs=1e-6)


def test_ages_count_from_the_element_set_to_the_window(arena: Arena, tmp_path: Path) -> None:
    for table in (object_access(arena), object_table(arena.scenario)):
        ages = dict(zip(table.values("object"), table.values("age_days"), strict=True))
        assert ages["LOW 0"] == -0.25
        assert ages["OLD"] == 2.0
