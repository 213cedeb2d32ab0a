"""Whatever is done to a good file, it loads, or what is lost is reported: never anything else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from element_files import TEXTS, element_sets, read
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ssa_psro.catalogs import CatalogFile
from ssa_psro.errors import CatalogError

SETS = element_sets(5)
FILES = {kind: write(SETS) for kind, write in TEXTS.items()}
CHARACTERS = st.sampled_from("0159 -+.,\"'{}[]<>/=&#:\n\tAEIZeµ\x00\ufffd")
HEADER = FILES["omm-csv"].split("\n")[0]
MOST = max(map(len, FILES.values()))
PLACES = st.integers(0, MOST - 1)

Mutation = Callable[[str], str]


def replaced(at: int, character: str) -> Mutation:
    return lambda text: text[: at % len(text)] + character + text[at % len(text) + 1 :]


def inserted(at: int, character: str) -> Mutation:
    return lambda text: text[: at % len(text)] + character + text[at % len(text) :]


def removed(at: int, length: int) -> Mutation:
    return lambda text: text[: at % len(text)] + text[at % len(text) + length :]


def doubled(at: int, length: int) -> Mutation:
    return lambda text: text[: at % len(text) + length] + text[at % len(text) :]


def cut(at: int) -> Mutation:
    return lambda text: text[: at % len(text)]


ONE_CHARACTER = (
    st.builds(replaced, PLACES, CHARACTERS)
    | st.builds(inserted, PLACES, CHARACTERS)
    | st.builds(removed, PLACES, st.just(1))
)
ANY = (
    ONE_CHARACTER
    | st.builds(removed, PLACES, st.integers(1, 2000))
    | st.builds(doubled, PLACES, st.integers(1, 2000))
    | st.builds(cut, PLACES)
)
QUIET = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)


def attempt(text: str | bytes, folder: Path) -> CatalogFile | CatalogError:
    """What comes of reading a file with that content."""
    try:
        return read(text, folder)
    except CatalogError as error:
        return error


@pytest.mark.parametrize("kind", TEXTS)
@QUIET
@given(mutation=ONE_CHARACTER)
def test_one_character_costs_at_most_the_records_it_touches(
    kind: str, mutation: Mutation, tmp_path: Path
) -> None:
    """Two of them where it stands between them. No record goes without being told of."""
    text = mutation(FILES[kind])
    catalog = attempt(text, tmp_path)
    if kind == "omm-csv" and text.split("\n")[0] != HEADER:
        # the one line that all records of a format depend on; a key that is lost is named
        assert isinstance(catalog, CatalogFile) or "line of keys lacks" in str(catalog)
        return
    assert isinstance(catalog, CatalogFile)
    assert len(catalog.accepted) >= len(SETS) - 2
    assert len(catalog.accepted) + len(catalog.rejected) >= len(SETS)
    if kind != "tle":  # whose epochs are rounded
        assert len(set(catalog.accepted).intersection(SETS)) >= len(SETS) - 2


@pytest.mark.parametrize("kind", TEXTS)
@QUIET
@given(mutations=st.lists(ANY, min_size=1, max_size=8))
def test_any_mutation_loads_or_is_reported(
    kind: str, mutations: list[Mutation], tmp_path: Path
) -> None:
    text = FILES[kind]
    for mutation in mutations:
        text = mutation(text or " ")
    catalog = attempt(text, tmp_path)
    if isinstance(catalog, CatalogError):
        assert all(fault.problem and fault.cure for fault in catalog.faults)
    else:
        assert all(one.catalog_id and one.name for one in catalog.accepted)
        assert all(one.place and one.problem and one.cure for one in catalog.rejected)


@QUIET
@given(content=st.binary(max_size=300))
@pytest.mark.parametrize("head", [b"", b'[{"EPOCH": ', b"<omm>", b"EPOCH = ", b"1 25544U 98067A  "])
def test_any_bytes_load_or_are_reported(head: bytes, content: bytes, tmp_path: Path) -> None:
    catalog = attempt(head + content, tmp_path)
    assert isinstance(catalog, CatalogError) or not catalog.accepted
