"""Whole scenario files drawn from the schema: sound ones are read, and said again alike."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from test_mutations import VALUES, bent, outcome, paths
from whole_scenarios import as_toml, studies

from ssa_psro.scenario import content_hash
from ssa_psro.study import parse_study
from ssa_psro.study.study import dump_study, parse_study_json


def as_json(document: dict[str, Any]) -> str:
    """A document as JSON text."""
    return json.dumps(document, default=lambda value: value.isoformat())


@settings(max_examples=60)
@given(document=studies())
def test_a_sound_file_is_read_and_comes_back_the_same(document: dict[str, Any]) -> None:
    study = parse_study(as_toml(document), "drawn")
    assert parse_study_json(as_json(document), "drawn").scenario == study.scenario
    again = parse_study_json(dump_study(study), "again")
    assert again.scenario == study.scenario
    assert content_hash(again.scenario) == content_hash(study.scenario)
    assert (again.seed, again.oracle, again.populations) == (
        study.seed,
        study.oracle,
        study.populations,
    )
    assert dump_study(again) == dump_study(study)


@settings(max_examples=100)
@given(data=st.data(), document=studies())
def test_a_file_bent_anywhere_is_read_or_told_in_one_error(
    data: st.DataObject, document: dict[str, Any]
) -> None:
    changes = st.tuples(
        st.sampled_from(list(paths(document))),
        st.sampled_from(["drop", "replace", "rename", "wrap"]),
        VALUES,
    )
    mutations = data.draw(st.lists(changes, min_size=1, max_size=4))
    text = as_json(bent(document, mutations))
    study, faults = outcome(lambda: parse_study_json(text, "bent"))
    assert all(fault.key and fault.problem and fault.cure for fault in faults)
    assert (study is None) == bool(faults)
