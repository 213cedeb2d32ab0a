"""Choosing among element sets, and testing them against the time they are used at."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from element_files import EPOCH, TEXTS, element_sets, read
from hypothesis import given
from hypothesis import strategies as st

from ssa_psro.catalogs.checks import check_decay, check_epochs
from ssa_psro.catalogs.generation import generate
from ssa_psro.catalogs.selection import age_days, select
from ssa_psro.errors import UsageError

MIX = [("LEO", 12), ("MEO", 4), ("GEO", 6), ("HEO", 3)]
SETS = [one.element_set for one in generate(MIX, seed=2, epoch=EPOCH)]


def test_without_conditions_everything_is_kept() -> None:
    assert select(SETS) == tuple(SETS)


def test_regimes_and_names_and_ids() -> None:
    assert {one.regime for one in select(SETS, regimes=["GEO", "HEO"])} == {"GEO", "HEO"}
    named = select(SETS, names=["slot-*", "SHELL[58]*"])
    assert named
    assert all(one.name.startswith(("SLOT", "SHELL")) for one in named)
    ids = [SETS[5].catalog_id, f"0{SETS[2].catalog_id}"]
    assert select(SETS, ids=ids) == (SETS[2], SETS[5])
    assert select(SETS, ids=ids, regimes=["GEO"]) == ()


def test_alpha5_finds_the_object_by_its_digits() -> None:
    one = replace(SETS[0], catalog_id="100000")
    assert select([one], ids=["A0000"]) == (one,)


def test_ages_count_both_ways() -> None:
    later = replace(SETS[0], epoch=EPOCH + timedelta(days=2))
    assert age_days(later, EPOCH) == 2.0
    assert select([later], epoch=EPOCH, max_age_days=2.0) == (later,)
    assert select([later], epoch=EPOCH, max_age_days=1.9) == ()


def test_all_that_is_asked_for_in_vain_is_told_at_once() -> None:
    with pytest.raises(UsageError) as caught:
        select(SETS, ids=["1", SETS[0].catalog_id], names=["NOBODY*", "SLOT*"])
    assert [fault.value for fault in caught.value.faults] == ["1", "NOBODY*"]


def test_the_first_are_kept_without_a_seed() -> None:
    assert select(SETS, count=4) == tuple(SETS[:4])
    assert select(SETS, count=400) == tuple(SETS)


@given(seed=st.integers(0, 2**63 - 1), count=st.integers(0, 30), order=st.randoms())
def test_a_draw_depends_on_ids_only(seed: int, count: int, order: Random) -> None:
    """Not on the order of the file; and a longer draw contains a shorter one."""
    shuffled = list(SETS)
    order.shuffle(shuffled)
    drawn = select(SETS, count=count, seed=seed)
    assert len(drawn) == min(count, len(SETS))
    assert set(select(shuffled, count=count, seed=seed)) == set(drawn)
    assert set(drawn) <= set(select(SETS, count=count + 1, seed=seed))
    assert list(drawn) == [one for one in SETS if one in drawn]


def test_draws_differ_with_the_seed() -> None:
    assert len({select(SETS, count=5, seed=seed) for seed in range(20)}) > 15


def test_epochs_far_from_the_window_are_rejected(tmp_path: Path) -> None:
    old = replace(element_sets()[0], name="OLD", epoch=EPOCH - timedelta(days=40))
    new = replace(element_sets()[1], name="NEW", epoch=EPOCH + timedelta(days=31))
    catalog = read(TEXTS["omm-json"]([old, *element_sets()[2:], new]), tmp_path)
    checked = check_epochs(catalog, start=EPOCH, end=EPOCH, span_days=30.0)
    assert checked.accepted == tuple(element_sets()[2:])
    assert checked.places == catalog.places[1:-1]
    assert [one.place for one in checked.rejected] == [catalog.places[0], catalog.places[-1]]
    assert "40.0 days before the window" in checked.rejected[0].problem
    assert "31.0 days after the window" in checked.rejected[1].problem


def test_orbits_that_decay_in_the_window_are_rejected(tmp_path: Path) -> None:
    """SGP4 brings a light object at 200 km down within days."""
    low = replace(
        element_sets()[0], name="LOW", mean_motion_rev_day=16.25, eccentricity=0.0005, bstar=0.01
    )
    catalog = read(TEXTS["omm-json"]([low, element_sets()[1]]), tmp_path)
    assert len(catalog.accepted) == 2
    checked = check_decay(catalog, start=EPOCH, end=EPOCH + timedelta(days=10))
    assert [one.name for one in checked.accepted] == [element_sets()[1].name]
    (rejected,) = checked.rejected
    assert (rejected.name, rejected.place) == ("LOW", catalog.places[0])
    assert "decayed: 63 km above the surface" in rejected.problem
    assert "2026-03" in rejected.problem
