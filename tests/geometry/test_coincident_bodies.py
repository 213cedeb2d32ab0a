"""Bodies in one place: no direction to point in, hence no access and no denial."""

import numpy as np

from ssa_psro.geometry.access import fill_tables
from ssa_psro.geometry.arena import Objects
from ssa_psro.geometry.optics import optics_of
from ssa_psro.scenario.schema import Side


def test_bodies_in_one_place_have_neither_access_nor_denial() -> None:
    side = Side.model_validate(
        {"constellation": {"kind": "walker-delta", "altitude_km": 800, "inclination_deg": 60}}
    )
    objects = Objects(
        names=("A", "B"),
        regime=np.zeros(2, np.int8),
        contested=np.zeros(2, np.bool_),
        weight=np.ones(2),
        radius_m=np.ones(2),
        albedo=np.full(2, 0.2),
        custody_sigma_km=np.ones(2),
        growth_km_h=np.ones(2),
        measurement_sigma_km=np.ones(2),
        brightness_scatter_mag=np.zeros(2),
        mean_motion_rad_h=np.ones(2),
    )
    here, there = [7200.0, 0.0, 0.0], [7300.0, 1500.0, 0.0]
    position_km = np.array([[here, here, here, there]], dtype=np.float32)
    sun_km, moon_km = np.array([[0.0, -1.5e8, 1e6]]), np.array([[0.0, 0.0, 4e5]])
    quality, denial = np.zeros((1, 2, 1, 2), np.uint8), np.zeros((1, 2, 1, 1), np.uint8)
    optics = optics_of((side, side), (1, 1), objects)
    fill_tables(position_km, sun_km, moon_km, optics, quality, denial)
    assert (quality[0, :, 0, 0] == 0).all()
    assert (quality[0, :, 0, 1] > 0).all(), "the object elsewhere is seen"
    assert (denial == 0).all()
