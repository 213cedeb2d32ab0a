"""Whatever is done to a valid file, it loads or raises ``ScenarioError``: never anything else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest
from documents import SHIPPED, VALID, Path_, document
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from ssa_psro.errors import Fault, ScenarioError
from ssa_psro.inputs.reading import read_fields
from ssa_psro.study import Study, parse_study
from ssa_psro.study.study import StudyInFile, parse_study_json

EXTREMES = [0, -1, 1, 10**30, 1e308, 1e-300, -0.0, float("nan"), float("inf"), True, "", "1", None]
SMALL = st.sampled_from(EXTREMES) | st.floats() | st.integers() | st.text(max_size=5)
VALUES = SMALL | st.lists(SMALL, max_size=3) | st.dictionaries(st.text(max_size=5), SMALL)


def paths(table: Any, at: Path_ = ()) -> Iterator[Path_]:
    """The path of every value in nested tables."""
    steps = table.items() if isinstance(table, dict) else enumerate(table)
    for step, value in steps:
        yield (*at, step)
        if isinstance(value, (dict, list)):
            yield from paths(value, (*at, step))


def filled() -> dict[str, Any]:
    """The valid document with every default written out."""
    reading = read_fields(StudyInFile, document())
    assert not reading.faults
    return reading.section.model_dump(mode="json")


FILLED = filled()
MUTATIONS = st.lists(
    st.tuples(
        st.sampled_from(list(paths(FILLED))),
        st.sampled_from(["drop", "replace", "rename", "wrap"]),
        VALUES,
    ),
    min_size=1,
    max_size=5,
)


def mutated(mutations: list[tuple[Path_, str, Any]]) -> dict[str, Any]:
    """The filled document after some changes."""
    return bent(FILLED, mutations)


def bent(document: dict[str, Any], mutations: list[tuple[Path_, str, Any]]) -> dict[str, Any]:
    """A document after some changes; those whose path is gone by then are passed over."""
    result = deepcopy(document)
    for path, change, value in mutations:
        table: Any = result
        try:
            for step in path[:-1]:
                table = table[step]
            old = table[path[-1]]
        except (KeyError, IndexError, TypeError):
            continue
        if not isinstance(table, dict | list):  # a text, which has letters but keeps them
            continue
        if change == "drop":
            del table[path[-1]]
        elif change == "rename" and isinstance(table, dict):
            table[f"{path[-1]}x"] = table.pop(path[-1])
        elif not isinstance(table, str):
            table[path[-1]] = [old] if change == "wrap" else value
    return result


def outcome(parse: Callable[[], Study]) -> tuple[Study | None, tuple[Fault, ...]]:
    """The study or its faults; any other exception is let through."""
    try:
        return parse(), ()
    except ScenarioError as error:
        return None, error.faults


@given(mutations=MUTATIONS)
@example(mutations=[(("window", "duration_h"), "replace", 1e-300)])
@example(mutations=[(("blue", "constellation", "satellites"), "replace", 10**30)])
def test_mutated_document_loads_or_raises_scenario_error(
    mutations: list[tuple[Path_, str, Any]],
) -> None:
    text = json.dumps(mutated(mutations))
    study, faults = outcome(lambda: parse_study_json(text, "mutated"))
    assert all(fault.key and fault.problem and fault.cure for fault in faults)
    if study is None:
        assert faults
    else:
        scenario = study.scenario
        assert scenario.window.start_epochs >= 1
        assert scenario.window.decisions >= 1
        assert len(set(scenario.catalog.names)) == scenario.catalog.count


@given(mutations=MUTATIONS)
def test_reading_field_by_field_agrees_with_pydantic_on_the_whole(
    mutations: list[tuple[Path_, str, Any]],
) -> None:
    content = mutated(mutations)
    reading = read_fields(StudyInFile, content)
    try:
        whole = StudyInFile.model_validate(content)
    except ValidationError:
        assert reading.faults
    else:
        assert not reading.faults
        assert reading.section == whole


@given(
    text=st.sampled_from([VALID, (SHIPPED / "quickstart.toml").read_text("utf-8")]),
    place=st.floats(0, 1),
    length=st.integers(0, 40),
    insert=st.text(max_size=10) | st.sampled_from(['"', "[", "]]", "= nan", "\n[window]\n", "\0"]),
)
def test_damaged_text_loads_or_raises_scenario_error(
    text: str, place: float, length: int, insert: str
) -> None:
    start = int(place * len(text))
    damaged = text[:start] + insert + text[start + length :]
    study, faults = outcome(lambda: parse_study(damaged, "damaged"))
    assert study or faults


@pytest.mark.parametrize("path", list(paths(FILLED)), ids=str)
def test_every_value_replaced_by_another_type_is_reported_there(path: Path_) -> None:
    content = deepcopy(FILLED)
    table: Any = content
    for step in path[:-1]:
        table = table[step]
    if path == ("description",) or isinstance(table[path[-1]], str):
        table[path[-1]] = 5
    else:
        table[path[-1]] = "text"
    with pytest.raises(ScenarioError) as caught:
        parse_study_json(json.dumps(content), "mutated")
    key = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    assert key.removeprefix(".") in {fault.key for fault in caught.value.faults}
