"""Looks asked again second by second: a game whose looks all hold, and looks that cannot."""

from __future__ import annotations

import numpy as np
import pytest

from evidence.exposures import judged, looks_of
from ssa_psro.game.columns import SIDE
from ssa_psro.game.engine import game_of
from ssa_psro.scenario import load_scenario


def test_looks_hold_on_the_tables_and_nearly_always_between_them() -> None:
    game = game_of(load_scenario("scenarios/quickstart.toml"))
    looks = next(looks_of(game, ("information", "aggressive"), 1))
    assert len(looks) > 100
    fixed = game.world.sides[0]
    for one in looks:
        assert one.ends_s - one.exposed_s == pytest.approx(fixed[SIDE.dwell_s])
        slew_s = one.exposed_s - fixed[SIDE.settle_s]
        assert 0.0 <= slew_s <= np.pi / fixed[SIDE.slew_rate_rad_s]
    held = judged(game, looks)
    assert held.on_tables.all()
    assert held.share.mean() > 0.99
    # whatever holds throughout holds in the exposure, and there all the time
    assert (held.throughout <= held.exposed).all()
    assert (held.share[held.exposed == 1.0] == 1.0).all()


def test_looks_at_what_is_hidden_do_not_hold() -> None:
    game = game_of(load_scenario("scenarios/quickstart.toml"))
    looks = next(looks_of(game, ("information", "aggressive"), 1))
    hidden = [
        one._replace(target=n)
        for one in looks[:40]
        for n in range(game.objects)
        if not game.world.quality[one.step, one.side, one.sensor, n]
    ]
    held = judged(game, hidden[:200])
    assert not held.on_tables.any()
    assert not held.throughout.any()
