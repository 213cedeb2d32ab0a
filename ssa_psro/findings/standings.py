"""How each side's mixture stands beside the heuristics, as a table."""

from __future__ import annotations

from collections.abc import Iterator

from ssa_psro.findings.table import SIDES, Column, Table, Value, make_table
from ssa_psro.findings.wording import Form, percent, plural
from ssa_psro.study.outcome import DENY, MIXTURE, PROTECT, Conduct


def standing_table(
    standings: tuple[tuple[Conduct, ...], tuple[Conduct, ...]], *, shared: bool
) -> Table:
    """Each side's mixture, its members and the heuristics against the other side's mixture.

    Where both share a population, Blue's seat stands for both.
    """
    paid, share = Form(3, signed=True, typeset=True), Form(2, typeset=True)
    columns = (
        Column("side", "", "whose policy", write=str.capitalize),
        Column("policy", "", "or the side's mixture"),
        Column("probability", "share", "with which the mixture plays it", write=percent),
        Column("payoff", "payoff", "paid", write=paid.plus_minus),
        Column("score", "score, 0 to 1", "coverage score", write=share.plus_minus),
        Column("custody", "share", "of time and objects, unweighted", write=share.plus_minus),
        Column(
            "contested_custody",
            "share",
            "the same of the contested objects",
            heading="contested",
            write=share.plus_minus,
        ),
        Column(
            "opponent_custody",
            "share",
            "of time and objects in the other side's custody meanwhile",
            heading="opponent's custody",
            write=share.plus_minus,
        ),
        Column("observing", "share", "of its tasks", write=percent),
        Column("denying", "share", "of its tasks", write=percent),
        Column("protecting", "share", "of its tasks", write=percent),
    )
    rows = list(_standing_rows(standings[:1] if shared else standings))
    marked = [place for place, row in enumerate(rows) if row[1] == MIXTURE]
    count = plural(standings[0][0].payoff.count, "episode")
    note = f"All against the other side's mixture, on the same {count}; ± 95 %."
    title = "What the mixtures cost, beside the heuristics"
    return make_table("standings", title, columns, rows, note=note, marked=marked)


def _standing_rows(
    standings: tuple[tuple[Conduct, ...], ...],
) -> Iterator[tuple[Value, ...]]:
    for side, own in zip(SIDES, standings, strict=False):
        for one in own:
            deny, protect = one.tasks[DENY], one.tasks[PROTECT]
            yield (
                side,
                one.name,
                one.share,
                one.payoff,
                one.score,
                one.custody,
                one.contested_custody,
                one.opponent_custody,
                one.observing,
                deny,
                protect,
            )
