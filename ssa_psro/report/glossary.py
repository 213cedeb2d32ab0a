"""What each number of a report means, in a sentence or two."""

from __future__ import annotations

GLOSSARY = (
    (
        "Custody",
        "A side has custody of an object while the root mean square error of its position, all "
        "three axes together, is at most the object's limit. It grows with time and with "
        "manoeuvres, also those not yet seen, of which the side knows only what to expect; a "
        "successful look shrinks it.",
    ),
    (
        "Figures of merit",
        "Revisit is the time between successes of looks at one object. Gaps count from and to the "
        "ends of the window, so an object that is never seen has one gap, the whole window: such a "
        "time is a lower bound. Of a regime or a side all gaps count alike; shares of time are "
        "means over objects, each counting alike, unless they say by weight.",
    ),
    (
        "Time-average gap, response time",
        "Sum of the squares of the gaps over the window: the gap that a random instant of a random "
        "object falls into. The response time is half of it: from that instant to the next "
        "success.",
    ),
    (
        "Age of information",
        "Time since the last success whose result is known, what was known before the window "
        "included.",
    ),
    (
        "Redundant look",
        "A completed look without which, until the side's next success at the object, neither "
        "custody nor who holds a contested object would have changed.",
    ),
    (
        "Coverage score",
        "From 0 to 1. An uncontested object counts with the share of the window in custody. A "
        "contested one is shared out period by period, by how long each side held the fresher "
        "custody. Both by weight.",
    ),
    (
        "Cause of a lapse",
        "Every object-hour without custody has one cause. First what is under way for the object: "
        "a look, its data, one that fails or is broken off, a manoeuvre that nobody noticed. Else "
        "each sensor of the side is asked what keeps it from beginning a look, and the answer of "
        "the one that came furthest counts: geometry, then access that is too short, then what the "
        "sensor does instead, or that it is denied.",
    ),
    (
        "Recovered if not denied",
        "Custody that a side gains when the same episodes are played again with the same luck and "
        "the other side's denials are struck from its orders; all else that it orders holds.",
    ),
    (
        "Payoff",
        "What a side plays for: its own score less rivalry times the other's. Rivalry is 1 in a "
        "zero-sum game; at 0 each side cares for its own score only.",
    ),
    (
        "Price of rivalry",
        "Share of the sum of both scores that is lost at equilibrium, beside the best pair of "
        "policies known: the one of the payoff table with the greatest sum, judged on episodes "
        "that did not choose it. Nobody was trained to cooperate, so the price may be higher.",
    ),
    (
        "Seat",
        "The side that a policy plays. Sides of one design are not one game where their orbits "
        "are turned differently: what a seat is worth is half of what both earn apart when "
        "equals meet in them, which is what a mean over both seats hides.",
    ),
    (
        "Shared population",
        "Sides of one design may play from one population and one mixture. A response trains in "
        "both seats, and what it gains is the mean over both.",
    ),
    (
        "Mixture",
        "A way of playing that draws one policy anew for every episode, each with its "
        "probability. Facing a mixture, an opponent knows the odds but not the draw.",
    ),
    (
        "Value",
        "Expected payoff when both sides play their mixtures. Held-out: measured on episodes "
        "that had no part in choosing the mixtures.",
    ),
    (
        "Approximate exploitability",
        "What a side gains on average if it gives up its mixture for the strongest policy that the "
        "run has against the other's, on held-out episodes; mean of both sides (NashConv / 2), "
        "gains below zero count as zero. Responses freshly trained against the mixtures count, "
        "policies that were there before, and those that joined later: whenever a new one is the "
        "first to gain so much in the payoff table over an iterate that could be the best, it is "
        "measured again on new episodes. A lower bound of the truth: a better response may exist.",
    ),
    (
        "Audit",
        "The same question asked from outside the run: several independent responses a side, by "
        "more than one oracle and from more than one start, from fresh seeds and at several "
        "budgets; the responses of earlier audits; and policies at hand, of either seat and of "
        "other runs. Where both sides share a population, each attacks in both seats and gains "
        "the mean over both. Still a lower bound of the exploitability, but one that does not "
        "depend on the training the run had.",
    ),
    (
        "Attack curve",
        "The largest gain that an audit found, by its budget: decisions of each training. The "
        "best of a side is chosen on some episodes and measured on others, and a larger budget "
        "may play what a smaller one has found, so the curve never falls. Its intervals hold "
        "jointly over both sides and all budgets.",
    ),
    (
        "Restricted exploitability",
        "The same with the policies already in the populations as the only responses. At an "
        "equilibrium of the populations it is zero by construction and says nothing about "
        "policies that nobody has trained.",
    ),
    (
        "Credible bound",
        "Upper 95 % bound of the approximate exploitability, plus what failed trainings are "
        "known to miss. The run stops by it, and the best iterate is the one with the lowest. "
        "Only responses to the whole mixture are evidence to stop by.",
    ),
    (
        "Best iterate",
        "The iteration whose mixtures to use, by all policies there are in the end. It need not be "
        "the last, since exploitability need not fall in every iteration; nor is it the one over "
        "which its own responses gained least, since their training may have failed.",
    ),
    (
        "Solved",
        "The credible bounds of as many iterates in a row as the scenario asks lie below its "
        "tolerance. A run that ends otherwise is not solved. What others may find is for an audit "
        "to tell.",
    ),
    (
        "Equilibrium of the last payoff table",
        "The mixtures after the last responses have joined. Nobody has trained against them "
        "yet, so their approximate exploitability is unknown.",
    ),
    (
        "Cyclic share",
        "Share of the payoff differences that no ranking of the policies explains: 0, one "
        "policy is best against all; 1, pure rock-paper-scissors.",
    ),
    (
        "Interval",
        "95 % throughout. Student t over episodes for means; bootstrap over episodes for the "
        "equilibrium of the last payoff table. It covers the luck of the episodes, not what "
        "another training would have found. How far that may be off is told by what members that "
        "joined later gain more over an iterate than its own responses did.",
    ),
)
"""Terms in the order of the page."""
