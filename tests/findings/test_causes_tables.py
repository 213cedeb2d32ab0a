"""Tables of causes: shares add up, hours are those of the episodes, lapses stand in UTC."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest
from arenas import make_arena
from game.driving import some_seeds

from ssa_psro.findings.causes import (
    cause_table,
    lapse_table,
    object_cause_table,
    recovered_table,
)
from ssa_psro.game import CoverageGame
from ssa_psro.policies import make_policy
from ssa_psro.trace import record
from ssa_psro.trace.causes import CAUSES, attribute, cause_steps, lapses_of, recovered_steps

STEP_H = 1 / 12


@pytest.fixture(name="played", scope="module")
def _played():
    """Game, traces of three episodes, and their causes; geometry is always "behind the Earth"."""
    game = CoverageGame(make_arena(6, steps=60, denial=0.8))
    traces = record(game, make_policy("information"), make_policy("blinding"), some_seeds(3))
    causes = []
    for trace in traces:
        quality = game.arena.tables.quality[trace.start_step :][: trace.steps]
        reasons = np.where(quality > 0, 0, 2).astype(np.uint8)
        causes.append(attribute(game, trace, [reasons[:, 0], reasons[:, 1]]))
    return game, traces, np.array([cause_steps(one) for one in causes]), causes


def test_shares_add_up_in_every_group(played):
    game, traces, steps, _ = played
    table = cause_table(steps, game.arena.objects, STEP_H)
    assert table.unique("objects") == ["catalogue", "LEO", "MEO", "GEO"]
    for side, who in enumerate(("blue", "red")):
        lost_h = np.mean([(~trace.custody[side]).sum() for trace in traces]) * STEP_H
        by_group = [table.where("side", who).where("objects", g) for g in table.unique("objects")]
        for group in by_group:
            assert group.numbers("share").sum() == pytest.approx(1)
            assert (group.numbers("low") <= group.numbers("hours")).all()
            assert (group.numbers("hours") <= group.numbers("high")).all()
        assert by_group[0].numbers("hours").sum() == pytest.approx(lost_h)
        assert sum(g.numbers("hours").sum() for g in by_group[1:]) == pytest.approx(lost_h)
    assert set(table.unique("cause")) <= set(CAUSES.values())
    assert "behind the Earth" in table.unique("cause")
    assert "in the Earth's shadow" not in table.unique("cause")


def test_an_episode_alone_has_no_interval(played):
    game, _, steps, _ = played
    table = cause_table(steps[:1], game.arena.objects, STEP_H)
    assert set(table.values("low")) == set(table.values("high")) == {None}


def test_shares_add_up_for_every_object(played):
    game, _, steps, _ = played
    table = object_cause_table(steps, game.arena.objects, STEP_H)
    lost = steps[..., 1:].sum(axis=3).mean(axis=0) * STEP_H
    for side, who in enumerate(("blue", "red")):
        for n, name in enumerate(game.arena.objects.names):
            rows = table.where("side", who).where("object", name)
            assert rows.numbers("hours").sum() == pytest.approx(lost[side, n])
            assert (rows.numbers("hours") > 0).all()
            if lost[side, n] > 0:
                assert rows.numbers("share").sum() == pytest.approx(1)


def test_recovered_hours_stand_beside_denied_ones(played):
    game, _, steps, _ = played
    pair = make_policy("information"), make_policy("blinding")
    gained = recovered_steps(game, *pair, some_seeds(3))
    table = recovered_table(steps, gained, game.arena.objects, STEP_H)
    blue, red = (table.where("side", who).where("objects", "catalogue") for who in ("blue", "red"))
    assert blue.numbers("recovered")[0] == pytest.approx(gained[:, 0].sum() / 3 * STEP_H)
    assert blue.numbers("denied")[0] > 0
    assert red.numbers("denied")[0] == red.numbers("recovered")[0] == 0
    causes = cause_table(steps, game.arena.objects, STEP_H).where("side", "blue")
    whole = causes.where("objects", "catalogue")
    assert whole.numbers("hours").sum() == pytest.approx(blue.numbers("lost")[0])
    denied = whole.where("cause", "denied by the opponent").numbers("hours")[0]
    assert denied == pytest.approx(blue.numbers("denied")[0])


def test_lapses_stand_in_utc(played):
    game, traces, steps, causes = played
    table = lapse_table(lapses_of(causes[0]), traces[0], game.arena.objects)
    begun, ended = (
        [datetime.fromisoformat(time) for time in table.values(name)] for name in ("from", "to")
    )
    hours = [(b - a).total_seconds() / 3600 for a, b in zip(begun, ended, strict=True)]
    np.testing.assert_allclose(hours, table.numbers("hours"))
    assert sum(hours) == pytest.approx(steps[0, ..., 1:].sum() * STEP_H)
    assert min(begun) >= traces[0].epoch
    assert max(ended) == traces[0].utc(traces[0].steps)
