"""What rivalry costs, beside what is paid; and what a seat is worth."""

from __future__ import annotations

from ssa_psro.findings.table import SIDE, SIDES, Column, Facts, Table, Value, make_table
from ssa_psro.findings.wording import Form, payoff_in_words, plural, shortened
from ssa_psro.metagame.intervals import Interval
from ssa_psro.metagame.tournament import SeatDifference, surely
from ssa_psro.study.outcome import Attained, PriceOfRivalry

ABSENT = (
    "Unknown: the scores of single pairs were not kept, as in runs that an older version finished."
)
"""What stands for the price where a finished run has none."""

SHARE = Form(3)
LONGEST = 17
"""Letters of a policy's name beside four figures."""

MIXTURES = "equilibrium mixtures"
"""Stands for both sides' mixtures where others are a policy."""


def price_table(price: PriceOfRivalry) -> Table:
    """An equilibrium and the best cooperative play known, a line a side, for files."""
    columns = (
        Column("play", "", "equilibrium, or together: the pair with the greatest sum of scores"),
        SIDE,
        Column("policy", "", "what it plays"),
        Column("payoff", "payoff", "what it is paid"),
        Column("score", "score, 0 to 1", "its coverage score"),
        Column("custody", "share, 0 to 1", "of time and objects, in its custody"),
        Column("contested_custody", "share, 0 to 1", "the same of the contested objects"),
        Column("total_score", "score, 0 to 2", "of both sides"),
        Column("price", "share", "of the sum of scores together that the equilibrium lacks"),
    )
    plays: tuple[tuple[str, Attained, Interval | None], ...] = (
        ("equilibrium", price.equilibrium, price.price),
        ("together", price.cooperative, None),
    )
    rows = [
        (play, side, found.policies[number], *_figures(found, number), found.total_score, lost)
        for play, found, lost in plays
        for number, side in enumerate(SIDES)
    ]
    return make_table("price-of-rivalry", "Price of rivalry", columns, rows)


def price_in_brief(price: PriceOfRivalry, rivalry: float, *, typeset: bool = False) -> Table:
    """The same for people, with what the numbers rest on; ``typeset`` for pages."""
    share, payoff = Form(3, typeset=typeset), Form(3, signed=True, typeset=typeset)
    coarse = Form(2, typeset=typeset)  # so that four figures fit 80 columns
    columns = (
        Column("who plays what"),
        Column("payoff", write=payoff.plus_minus),
        Column("score", write=share.plus_minus),
        Column("custody", write=coarse.plus_minus),
        Column("contested", write=coarse.plus_minus),
    )
    rows: list[tuple[Value, ...]] = [
        (
            f"{side.capitalize()}: {shortened(found.policies[number], LONGEST)}",
            *_figures(found, number),
        )
        for found in (price.equilibrium, price.cooperative)
        for number, side in enumerate(SIDES)
    ]
    note = (
        f"± 95 %, {plural(price.price.count, 'fresh episode')}. Payoff: "
        f"{payoff_in_words(rivalry)}. {basis_of_price(price)}"
    )
    title = f"Price of rivalry: {share.interval(price.price)} of both scores together is lost"
    return make_table("price", title, columns, rows, note=note)


def price_facts(price: PriceOfRivalry) -> Facts:
    """The price in one line, and the two sums that it compares."""
    return [
        ("price of rivalry", SHARE.interval(price.price)),
        ("  both scores at equilibrium", SHARE.interval(price.equilibrium.total_score)),
        ("  of the best pair known", SHARE.interval(price.cooperative.total_score)),
    ]


def basis_of_price(price: PriceOfRivalry) -> str:
    """How the cooperative pair was found, and what that leaves out."""
    every = plural(price.pairs, "pair")
    among = every if price.pairs_known == price.pairs else f"{price.pairs_known} of {every}"
    return (
        f"The best pair known has the greatest sum of scores among {among} of the payoff table; "
        "nobody was trained to cooperate, so the price may be higher."
    )


def seat_difference_table(
    seats: SeatDifference, tolerance: float, *, typeset: bool = False
) -> Table:
    """Each policy against itself, then the mixtures; marked where the seats surely differ.

    Args:
        seats: what was measured.
        tolerance: payoff below which a difference does not matter.
        typeset: for pages.
    """
    fine = Form(4, signed=True, typeset=typeset)
    columns = (
        Column("policy", "", "plays against itself", heading="in both seats"),
        Column(
            "difference", "payoff", "of Blue's seat, above the mean of both", write=fine.interval
        ),
    )
    rows = [*seats.policies.items(), (MIXTURES, seats.mixture)]
    marked = [place for place, (_, found) in enumerate(rows) if surely(found, tolerance)]
    note = (
        f"95 %, {plural(seats.mixture.count, 'episode')} each. Bold: the interval excludes 0, and "
        f"the mean exceeds {tolerance:g}."
    )
    return make_table("seats", "What Blue's seat is worth", columns, rows, note=note, marked=marked)


def seats_in_words(seats: SeatDifference, tolerance: float, *, typeset: bool = False) -> str:
    """What the seats' mean hides, and whether that matters; ``typeset`` for pages."""
    found, fine = seats.mixture, Form(4, signed=True, typeset=typeset)
    count = plural(found.count, "episode")
    words = f"Blue's seat earns {fine.interval(found)} above the mean of both seats ({count}, 95 %)"
    if surely(found, tolerance):
        return f"{words}: more than the tolerance of {tolerance:g}, so the seats are not one game."
    if abs(found.mean) <= tolerance:
        return f"{words}: within the tolerance of {tolerance:g}."
    return f"{words}: too few episodes to tell it from 0."


def seated_in_words(found: Interval, *, typeset: bool = False) -> str:
    """What one mixture for both seats leaves to members that know theirs."""
    gain = Form(4, typeset=typeset).interval(found)
    return (
        f"Both sides play one mixture: members that know their seat gain {gain} over it, on "
        "average over both seats."
    )


def _figures(found: Attained, side: int) -> tuple[Interval, ...]:
    """Payoff, score, custody and contested custody of one side."""
    both = (found.payoff, found.score, found.custody, found.contested_custody)
    return tuple(figure[side] for figure in both)
