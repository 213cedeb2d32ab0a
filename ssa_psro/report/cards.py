"""The headline box: the numbers everybody asks for first, each with what it means."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from ssa_psro.findings import Content, Headline
from ssa_psro.findings.audit import attack_in_words
from ssa_psro.findings.headline import ending_in_words
from ssa_psro.findings.rivalry import ABSENT
from ssa_psro.findings.scenario import game_in_words, side_in_words
from ssa_psro.findings.verdict import Sentence
from ssa_psro.findings.wording import (
    Form,
    basis,
    paid_in_words,
    payoff_in_words,
    percent,
    plural,
)
from ssa_psro.metagame.intervals import Interval
from ssa_psro.report.markup import tag, text
from ssa_psro.study.audit import Audit
from ssa_psro.study.outcome import PriceOfRivalry

LEVEL, GAIN = Form(typeset=True), Form(signed=True, typeset=True)


def verdict_box(verdict: Sequence[Sentence]) -> str:
    """The verdict, a question and its answer each."""
    pairs = (
        text("dt", one.question)
        + text("dd", one.answer, **({"class_": "warning"} if one.warns else {}))
        for one in verdict
    )
    return tag("dl", "".join(pairs), class_="verdict") if verdict else ""


def headline_box(content: Content, headline: Headline) -> str:
    """All cards."""
    cards = [
        _value(headline),
        _exploitability(headline),
        *([_attack(content.audit)] if content.audit else []),
        *([_scores(headline.scores)] if headline.scores else []),
        *([_price(headline.price_of_rivalry)] if headline.status == "finished" else []),
        *([] if _told(content) else [_played(headline)]),
        _ending(content, headline),
        _game(content),
    ]
    return tag("div", "".join(cards), class_="cards")


def _told(content: Content) -> bool:
    """Whether the verdict says what is played; runs of before have no standings."""
    return content.run.solution is not None and content.run.solution.standings is not None


def _card(title: str, *parts: str) -> str:
    return tag("div", text("h3", title) + "".join(parts), class_="card")


def _number(content: str, bounds: str = "") -> str:
    """A large number, its interval smaller beside it."""
    inner = escape(content) + (" " + text("span", bounds, class_="range") if bounds else "")
    return tag("p", inner, class_="number")


def _value(headline: Headline) -> str:
    blue, red = headline.value["blue"], headline.value["red"]
    measured = (
        basis(blue.count, "held-out episode")
        if headline.best_iteration
        else f"95 %, bootstrap over {plural(blue.count, 'episode')} a cell"
    )
    if headline.rivalry < 1:
        paid = payoff_in_words(headline.rivalry).capitalize()
        numbers = _number(f"Blue {LEVEL.plus_minus(blue)}")
        numbers += _number(f"Red {LEVEL.plus_minus(red)}")
        return _card("Value for each side", numbers, text("p", f"{paid}; {measured}."))
    paid = paid_in_words(headline.rivalry, "Blue's score", "Red's")
    words = f"{paid}; {measured}."
    numbers = _number(GAIN.number(blue.mean), GAIN.bounds(blue))
    return _card("Value for Blue", numbers, text("p", words))


def _exploitability(headline: Headline) -> str:
    title = "Approximate exploitability"
    if headline.solved is not None:
        title += ": tolerance met" if headline.solved else ": tolerance not met"
    found, first = headline.approx_exploitability, headline.first_approx_exploitability
    if found is None or first is None:
        return _card(title, _number("unknown"), text("p", "No iteration has been completed."))
    restricted, bound, missed, in_loop = (
        LEVEL.number(number or 0.0)
        for number in (
            headline.restricted_exploitability,
            headline.credible_bound,
            headline.most_missed,
            headline.in_loop_exploitability and headline.in_loop_exploitability.mean,
        )
    )
    words = (
        f"{basis(found.count, 'held-out episode')}. What the strongest of all members gain over "
        f"the best iterate, mean of both sides; {in_loop} before later ones had joined, "
        f"{LEVEL.number(first.mean)} in the first iteration. Credible bound {bound}, tolerance "
        f"{headline.tolerance:g}. The interval covers the luck of the episodes, not that of "
        f"trainings: later members gained up to {missed} more over an iterate than its own "
        f"responses. A lower bound of the truth. Restricted, within the populations: {restricted}."
    )
    numbers = _number(LEVEL.number(found.mean), LEVEL.bounds(found))
    return _card(title, numbers, text("p", words))


def _attack(audit: Audit) -> str:
    bound = audit.of_run[0].largest.bound
    numbers = _number(LEVEL.number(bound.mean), LEVEL.bounds(bound))
    return _card("Lower bound by attack", numbers, text("p", attack_in_words(audit)))


def _scores(scores: dict[str, Interval]) -> str:
    lines = "".join(
        text("p", f"{side.capitalize()} {LEVEL.plus_minus(score)}", class_=f"number {side}")
        for side, score in scores.items()
    )
    count = plural(scores["blue"].count, "episode")
    return _card("Coverage score", lines, text("p", f"From 0 to 1; ± 95 %, {count}."))


def _price(price: PriceOfRivalry | None) -> str:
    title = "Price of rivalry"
    if price is None:
        return _card(title, _number("unknown"), text("p", ABSENT))
    lost, custody = price.price, price.equilibrium.custody + price.cooperative.custody
    blue, red, *together = (percent(share.mean) for share in custody)
    pair = price.cooperative
    sums = [LEVEL.plus_minus(one.total_score) for one in (price.equilibrium, pair)]
    words = (
        f"Of the scores that the best pair known has together, so much is lost: {sums[0]} instead "
        f"of {sums[1]}, with {blue} and {red} in custody instead of {' and '.join(together)}. "
        f"That pair: Blue {pair.policies[0]}, Red {pair.policies[1]}."
    )
    return _card(title, _number(LEVEL.number(lost.mean), LEVEL.bounds(lost)), text("p", words))


def _played(headline: Headline) -> str:
    lines = "".join(
        tag(
            "p",
            text("strong", side.capitalize(), class_=side)
            + text("span", ": " + ", ".join(f"{name} {percent(p)}" for name, p in shares.items())),
        )
        for side, shares in headline.played.items()
    )
    which = (
        f"the best iterate, {headline.best_iteration} of {headline.iterations}"
        if headline.best_iteration
        else "the equilibrium of the first payoffs"
    )
    return _card(f"What is played: {which}", lines)


def _ending(content: Content, headline: Headline) -> str:
    cyclic = Form(2, typeset=True).interval(headline.cyclic_share)
    words = f"Cyclic share of the payoffs: {cyclic}."
    return _card(
        "How it ended",
        _number(headline.status),
        text("p", ending_in_words(content.run)),
        text("p", words),
    )


def _game(content: Content) -> str:
    scenario = content.run.scenario
    sides = "".join(
        tag("p", text("strong", name, class_=name.lower()) + text("span", f": {side_in_words(s)}"))
        for name, s in (("Blue", scenario.blue), ("Red", scenario.red))
    )
    return _card("The game", text("p", game_in_words(scenario)), sides)
