"""``docs/scenario-keys.md`` has every key of the schema, and every key says what it means."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidence.scenario_keys import keys
from ssa_psro.inputs.outline import headers
from ssa_psro.inputs.sections import Section
from ssa_psro.report.markdown import tables_of
from ssa_psro.study.study import StudyInFile

PAGE = Path(__file__).parents[2] / "docs" / "scenario-keys.md"
MODELS = list({model: None for _, model in headers(StudyInFile)})


def test_page_is_as_the_schema() -> None:
    """``python -m evidence.scenario_keys --write docs/scenario-keys.md`` makes it so again."""
    assert tables_of(PAGE.read_text(encoding="utf-8")) == {"keys": keys()}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_key_says_what_it_means(model: type[Section]) -> None:
    assert [name for name, field in model.model_fields.items() if not field.description] == []
