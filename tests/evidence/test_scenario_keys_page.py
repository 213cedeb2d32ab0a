"""The pages of keys have every key of the schemas, and every key says what it means."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidence.scenario_keys import keys
from ssa_psro.inputs.outline import headers
from ssa_psro.inputs.sections import Section
from ssa_psro.report.markdown import tables_of
from ssa_psro.study.study import StudyInFile
from ssa_psro.sweeps.plan import SweepInFile

DOCS = Path(__file__).parents[2] / "docs"
ROOTS = (StudyInFile, SweepInFile)
MODELS = list({model: None for root in ROOTS for _, model in headers(root)})


@pytest.mark.parametrize(("page", "root"), [("scenario-keys", ROOTS[0]), ("sweeps", ROOTS[1])])
def test_page_is_as_the_schema(page: str, root: type[Section]) -> None:
    """``python -m evidence.scenario_keys --write docs/scenario-keys.md`` makes it so again.

    Of sweeps, ``python -m evidence.scenario_keys --sweeps --write docs/sweeps.md``.
    """
    text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    assert tables_of(text) == {"keys": keys(root)}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_key_says_what_it_means(model: type[Section]) -> None:
    assert [name for name, field in model.model_fields.items() if not field.description] == []
