"""The figure of an audit."""

from __future__ import annotations

from collections.abc import Iterator

from ssa_psro.report.figures.audit import draw_audit
from ssa_psro.report.pictures.picture import WIDTH_IN, Panel, Picture, Tables


def audit_pictures(tables: Tables) -> Iterator[Picture]:
    """What independent responses gain, if the run has been audited."""
    if "audit" not in tables:
        return
    table = tables["audit"]
    audited = table.unique("audited")
    yield Picture(
        name="audit",
        title="What independent best responses gain",
        note=(
            "Each line is one response, trained from fresh seeds by the oracle and from the "
            "start weights named, against mixtures that stay as they are. Right of zero: the "
            "mixture loses to it. Filled: the best of its side on other episodes, which is "
            "what the lower bound counts."
        ),
        table=table,
        panels=tuple(
            Panel(draw_audit, part, f"Against {whom}" if len(audited) > 1 else "")
            for whom in audited
            for part in [table.where("audited", whom)]
        ),
        columns=1,
        size_in=(
            WIDTH_IN,
            sum(1.5 + 0.42 * len(table.where("audited", w).unique("response")) for w in audited),
        ),
    )
