"""What an audit found, as rows."""

from __future__ import annotations

from ssa_psro.report.table import Column, Table, make_table
from ssa_psro.report.tables.columns import COUNT, SIDE, interval_columns, numbers_of
from ssa_psro.study.audit import Audit, Findings

RUN, SELF_PLAY = "the run", "self-play"
MEMBER = "best existing policy"


def audit_table(audit: Audit) -> Table:
    """What every response of an audit gains over what was audited."""
    columns = (
        Column("audited", "", "whose mixtures: the run's, or the baseline's without a population"),
        SIDE,
        Column("response", "", "what trained it and from which start weights"),
        Column("decisions", "", "length of its training; 0 for an existing policy"),
        *interval_columns("payoff", "gain over the side's own mixture, held out"),
        COUNT,
        Column("chosen", "", "whether it was the best of its side on other episodes"),
    )
    audited: list[tuple[str, Findings]] = [(RUN, audit.run)]
    if audit.self_play is not None:
        audited.append((SELF_PLAY, audit.self_play.findings))
    rows = [
        (
            whom,
            one.side,
            f"{one.oracle} from {one.start_rule}" if one.decisions else MEMBER,
            one.decisions,
            *numbers_of(one.gain),
            one.gain.count,
            one.chosen,
        )
        for whom, findings in audited
        for one in findings.responses
    ]
    return make_table("audit", "What independent responses gain", columns, rows)
