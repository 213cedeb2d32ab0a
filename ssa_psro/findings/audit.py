"""What an audit found: how much independent responses gain over the outcome of a run."""

from __future__ import annotations

from ssa_psro.findings.table import (
    COUNT,
    SIDE,
    Column,
    Table,
    interval_columns,
    make_table,
    numbers_of,
)
from ssa_psro.findings.wording import Form, duration, plural
from ssa_psro.study.audit import Audit, Findings

RUN, SELF_PLAY = "the run", "self-play"
MEMBER = "best existing policy"
LOWER_BOUND = "approximate exploitability (lower bound)"

LEVEL, GAIN = Form(4), Form(4, signed=True)
PAGE_LEVEL, PAGE_GAIN = Form(4, typeset=True), Form(3, signed=True, typeset=True)


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


def responses_in_brief(findings: Findings, title: str, note: str = "") -> Table:
    """A line a response that fits a terminal; the chosen ones are marked."""
    columns = (
        Column("side", write=str.capitalize),
        Column("oracle"),
        Column("start"),
        Column("decisions", write="{:,}".format),
        Column("gain", "payoff", write=GAIN.interval),
        Column("training", "s", write=duration),
    )
    rows = [
        (one.side, one.oracle, one.start_rule, one.decisions, one.gain, one.seconds)
        if one.decisions
        else (one.side, "best member", one.name, None, one.gain, None)
        for one in findings.responses
    ]
    chosen = [place for place, one in enumerate(findings.responses) if one.chosen]
    return make_table("responses", title, columns, rows, note=note, marked=chosen)


def audit_facts(audit: Audit) -> list[tuple[str, str]]:
    """What the best responses say of the run, beside what it says of itself."""
    facts = _bound(audit.run)
    if audit.in_loop is not None:
        facts += [
            ("the same inside the run", LEVEL.interval(audit.in_loop)),
            ("    on held-out episodes", f"{audit.in_loop.count:,}"),
            ("    decisions a response", f"{audit.in_loop_decisions:,}"),
        ]
    return facts


def self_play_facts(audit: Audit) -> list[tuple[str, str]]:
    """The same of self-play, and what the run earns against it."""
    found = audit.self_play
    assert found is not None, "only asked of an audit that has it"
    facts = _bound(found.findings)
    for side, payoff in zip(("Blue", "Red"), found.payoffs, strict=True):
        facts.append((f"payoff of the run's {side} against self-play", GAIN.interval(payoff)))
    spent = f"{found.decisions:,} decisions a side, {duration(found.seconds)}"
    return [*facts, ("trained", spent)]


def _bound(findings: Findings) -> list[tuple[str, str]]:
    bound = findings.approx_exploitability
    return [
        (LOWER_BOUND, LEVEL.interval(bound)),
        ("    from unclamped gains", GAIN.interval(findings.raw_exploitability)),
        ("    on held-out episodes", f"{bound.count:,}"),
    ]


def audit_in_words(audit: Audit) -> list[str]:
    """What the best of the responses say of the run, in a paragraph or two."""
    whom = (
        f"the mixtures of iterate {audit.iteration}"
        if audit.iteration
        else "the equilibrium of the last payoff table"
    )
    found = audit.run.approx_exploitability
    sentences = [
        f"Independent responses put the approximate exploitability of {whom} at "
        f"{PAGE_LEVEL.interval(found)}, a lower bound from "
        f"{plural(found.count, 'held-out episode')} and "
        f"{plural(_trained(audit.run), 'training')} of {audit.settings.decisions:,} decisions."
    ]
    if audit.in_loop is not None:
        sentences.append(
            f"The run's own figure for the same mixtures is {PAGE_LEVEL.interval(audit.in_loop)}, "
            f"from trainings of {audit.in_loop_decisions:,} decisions. {_verdict(audit)}"
        )
    return [" ".join(sentences), *([_self_play(audit)] if audit.self_play else [])]


def _verdict(audit: Audit) -> str:
    assert audit.in_loop is not None, "there is something to compare with"
    if audit.run.approx_exploitability.low > audit.in_loop.high:
        return "So the run's own oracles missed part of what can be gained."
    return "The audit found no more than the run did itself."


def _self_play(audit: Audit) -> str:
    found = audit.self_play
    assert found is not None, "only asked of an audit that has it"
    blue, red = found.payoffs
    return (
        f"Self-play, one network a side without a population, trained for {found.decisions:,} "
        "decisions a side: its approximate exploitability by the same battery is "
        f"{PAGE_LEVEL.interval(found.findings.approx_exploitability)}. Against it the run's Blue "
        f"earns {PAGE_GAIN.interval(blue)} and its Red {PAGE_GAIN.interval(red)}."
    )


def _trained(findings: Findings) -> int:
    return sum(one.decisions > 0 for one in findings.responses)
