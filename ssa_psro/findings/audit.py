"""What an audit found: how much an attack from outside gains over the outcome of a run."""

from __future__ import annotations

from ssa_psro.findings.table import (
    COUNT,
    SIDE,
    Column,
    Facts,
    Table,
    Value,
    interval_columns,
    make_table,
    numbers_of,
)
from ssa_psro.findings.wording import Form, duration, plural
from ssa_psro.psro.records import BOTH
from ssa_psro.study.audit import Audit, Findings, ResponseFindings, SelfPlayFindings

BEST, FINAL, SELF_PLAY = "the best iterate", "the final mixtures", "self-play"
AT_HAND = "policy at hand"
LOWER_BOUND = "lower bound of exploitability"

LEVEL, GAIN = Form(4), Form(4, signed=True)
PAGE_LEVEL, PAGE_GAIN = Form(4, typeset=True), Form(3, signed=True, typeset=True)

AUDITED = Column("audited", "", "whose mixtures: the run's, or the baseline's without a population")
BUDGET = Column("budget", "decisions", "allowed to each training; 0 where nobody trained")

NOT_COVERED = (
    "What it does not cover: longer attacks, other luck in training, and policies that are neither "
    "constant doctrines nor networks that choose doctrines."
)
EITHER_SEAT = (
    "A response plays both seats, as the population does, and gains the mean over both: what one "
    "that knows its seat would gain is not covered either."
)


def subjects_of(audit: Audit) -> list[tuple[str, Findings]]:
    """Everything that was attacked, in words, and what was found about it."""
    baseline = audit.self_play.findings if audit.self_play else None
    pairs = ((BEST, audit.best), (FINAL, audit.final), (SELF_PLAY, baseline))
    return [(whom, found) for whom, found in pairs if found is not None]


def attack_table(audit: Audit, tolerance: float) -> Table:
    """The curves: what the best of the responses gain, by budget."""
    columns = (
        AUDITED,
        BUDGET,
        Column("trainings", "", "that count: with this budget or a smaller one, all sides"),
        *interval_columns("payoff", "largest gain found, mean of both sides, held out"),
        COUNT,
        Column("tolerance", "payoff", "bound below which the run may stop"),
    )
    rows = [
        (
            whom,
            point.budget,
            point.trainings,
            *numbers_of(point.bound),
            point.bound.count,
            tolerance,
        )
        for whom, found in subjects_of(audit)
        for point in found.points
    ]
    return make_table("attack", "Largest gain found by attack budget", columns, rows)


def audit_table(audit: Audit) -> Table:
    """What every response of an audit gains over what was audited."""
    columns = (
        AUDITED,
        SIDE,
        Column("response", "", "what trained it and from which start weights"),
        BUDGET,
        Column("decisions", "", "length of its training; 0 for an existing policy"),
        *interval_columns("payoff", "gain over the side's own mixture, held out"),
        COUNT,
        Column("chosen", "", "whether it was the best of its side on other episodes"),
    )
    rows = [
        (
            whom,
            one.side,
            f"{one.oracle} from {_start(found, one)}" if one.decisions else one.name,
            one.budget,
            one.decisions,
            *numbers_of(one.gain),
            one.gain.count,
            one.chosen,
        )
        for whom, found in subjects_of(audit)
        for one in found.responses
    ]
    return make_table("audit", "What independent responses gain", columns, rows)


def _start(found: Findings, one: ResponseFindings) -> str:
    """Where a training began, and of which audit it is, unless of the last."""
    own = one.seed in (None, found.settings.seed)
    return one.start_rule if own else f"{one.start_rule}, seed {one.seed}"


def responses_in_brief(found: Findings, title: str) -> Table:
    """A line a response that fits a terminal; the chosen ones are marked."""
    columns = (
        Column("side", write=str.capitalize),
        Column("oracle"),
        Column("start"),
        Column("budget", write="{:,}".format),
        Column("gain", "payoff", write=GAIN.interval),
        Column("training", "s", write=duration),
    )
    rows = [
        (one.side, one.oracle, _start(found, one), one.budget, one.gain, one.seconds)
        if one.decisions
        else (one.side, AT_HAND, one.name, None, one.gain, None)
        for one in found.responses
    ]
    chosen = [place for place, one in enumerate(found.responses) if one.chosen]
    note = "Mean [95 % interval] on held-out episodes; best of its side on other episodes: bold."
    return make_table("responses", title, columns, rows, note=note, marked=chosen)


def curve_in_brief(found: Findings, title: str) -> Table:
    """A line a budget."""
    sides = [side.capitalize() for side in found.sides]
    columns = (
        Column("budget", write="{:,}".format),
        Column("trainings"),
        Column(LOWER_BOUND, "payoff", write=LEVEL.interval),
        *(Column(f"gain {side}", "payoff", write=GAIN.plus_minus) for side in sides),
    )
    rows: list[tuple[Value, ...]] = [
        (one.budget, one.trainings, one.bound, *one.gains) for one in found.points
    ]
    note = (
        "The best of all responses up to that budget; intervals hold jointly. At 0, policies at "
        "hand alone."
    )
    return make_table("curve", title, columns, rows, note=note)


def audit_facts(audit: Audit, found: Findings) -> Facts:
    """What the attack says of the mixtures, beside what the run says of itself."""
    bound, own = found.largest.bound, found.in_loop
    facts = [
        (LOWER_BOUND, LEVEL.interval(bound)),
        ("    on held-out episodes", f"{bound.count:,}"),
        ("    trainings", _trainings(found)),
        *((f"    {LONGEST} gained", spread) for spread in [_spread(found, GAIN)] if spread),
        *(("    searches converged", told) for told in [_converged(found)] if told),
    ]
    if own is not None:
        facts += [
            ("the run's own figure", LEVEL.interval(own)),
            ("    decisions a response", f"{audit.in_loop_decisions:,}"),
            ("so", _verdict(audit, found)),
        ]
    if audit.self_play is not None and found is audit.self_play.findings:
        facts += _self_play_facts(audit.self_play)
    return facts


def _self_play_facts(found: SelfPlayFindings) -> Facts:
    """How long it was trained, and what the run earns against it."""
    payoffs = [
        (f"the run's {side} earns", GAIN.interval(payoff))
        for side, payoff in zip(("Blue", "Red"), found.payoffs, strict=True)
    ]
    spent = f"{found.decisions:,} decisions a side, {duration(found.seconds)}"
    return [*payoffs, ("trained", spent), ("entropy bonus", f"{found.findings.settings.entropy:g}")]


def attack_in_words(audit: Audit) -> str:
    """The largest gain found over the run's mixtures, and how long the attack was, for a card."""
    found = audit.of_run[0]
    whom = BEST if found is audit.best else FINAL
    return (
        f"The largest gain that an attack on {whom} found, mean of both sides: {_trainings(found)}."
        f" A lower bound: a longer attack may gain more. {_verdict(audit, found)}"
    ).rstrip()


def audit_in_words(audit: Audit) -> list[str]:
    """What the attack says of everything that was audited, a paragraph each."""
    words = [_in_words(audit, found) for found in audit.of_run]
    if audit.self_play is not None:
        words.append(_self_play_in_words(audit.self_play))
    either = any(BOTH in found.sides for found in audit.of_run)
    return [*words, f"{NOT_COVERED} {EITHER_SEAT}" if either else NOT_COVERED]


LONGEST = "the longest trainings"


def _in_words(audit: Audit, found: Findings) -> str:
    whom = (
        f"the mixtures of iterate {found.iteration}"
        if found.iteration
        else "the equilibrium of the last payoff table"
    )
    bound, spread = found.largest.bound, _spread(found, PAGE_GAIN)
    sentences = [
        f"The attack on {whom} gains {PAGE_LEVEL.interval(bound)}, mean of both sides: a lower "
        f"bound of exploitability, by {_trainings(found)} and the policies at hand, on "
        f"{plural(bound.count, 'held-out episode')}."
    ]
    if spread:
        sentences.append(
            f"One by one, {LONGEST} gained {spread}: such is the luck of training, which the "
            "interval does not cover."
        )
    if found.in_loop is not None:
        sentences.append(
            f"The run's own figure for the same mixtures is {PAGE_LEVEL.interval(found.in_loop)}, "
            f"from trainings of {audit.in_loop_decisions:,} decisions. {_verdict(audit, found)}"
        )
    return " ".join(sentences)


def _verdict(audit: Audit, found: Findings) -> str:
    """What follows for the run's own figure, as far as the budgets allow to say."""
    if found.in_loop is None:
        return ""
    times, bound = found.budgets[-1] / audit.in_loop_decisions, found.largest.bound
    if bound.low > found.in_loop.high:
        return "So the run's own oracles missed part of what can be gained."
    if bound.mean > found.in_loop.mean:
        return "The attack found more than the run, though their intervals overlap."
    if times > 1:
        return f"With {times:.3g} times the decisions a training, the attack found no more."
    had = "no more" if times == 1 else "fewer"
    return (
        f"The attack found no more, but had {had} decisions a training than the run, so that says "
        "little: give it larger budgets."
    )


def _self_play_in_words(found: SelfPlayFindings) -> str:
    blue, red = found.payoffs
    return (
        f"Self-play, one network a side without a population, trained for {found.decisions:,} "
        f"decisions a side with an entropy bonus of {found.findings.settings.entropy:g}: the "
        "attack on it, seat by seat, gains "
        f"{PAGE_LEVEL.interval(found.findings.largest.bound)}, by {_trainings(found.findings)}. "
        f"Against it the run's Blue earns {PAGE_GAIN.interval(blue)} and its Red "
        f"{PAGE_GAIN.interval(red)}."
    )


def _trained(found: Findings) -> list[ResponseFindings]:
    return [one for one in found.responses if one.decisions]


def _trainings(found: Findings) -> str:
    """``16 trainings of 50,000 to 800,000 decisions``."""
    first, last = found.budgets[0], found.budgets[-1]
    lengths = f"{first:,} to {last:,}" if first < last else f"{last:,}"
    return f"{plural(len(_trained(found)), 'training')} of {lengths} decisions"


def _spread(found: Findings, form: Form) -> str:
    """Least and largest gain of the longest trainings, side by side; nothing if they are few."""
    parts = []
    for side in found.sides:
        own = [one for one in _trained(found) if one.side == side]
        gains = [one.gain.mean for one in own if one.budget == found.budgets[-1]]
        if len(gains) > 1:
            low, high = form.number(min(gains)), form.number(max(gains))
            whose = "" if side == BOTH else f"{side.capitalize()} "
            parts.append(f"{whose}{low} to {high}")
    return ", ".join(parts)


def _converged(found: Findings) -> str:
    told = [one.converged for one in _trained(found) if one.converged is not None]
    return f"{sum(told)} of {len(told)}" if told else ""
