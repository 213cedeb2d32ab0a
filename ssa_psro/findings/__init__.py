"""Findings: what runs, tournaments and attacks came to, as tables, by subject.

Results come in as plain dataclasses, tables go out; nothing here plays, trains or draws. Every
table can be written as text for a terminal, as CSV, as HTML and as Markdown, by the renderers in
:mod:`ssa_psro.report`. Words for numbers and intervals are in :mod:`ssa_psro.findings.wording`.
"""

from ssa_psro.findings.content import Content, content_of
from ssa_psro.findings.headline import Headline, headline_of
from ssa_psro.findings.table import Column, Table, make_table

__all__ = [
    "Column",
    "Content",
    "Headline",
    "Table",
    "content_of",
    "headline_of",
    "make_table",
]
