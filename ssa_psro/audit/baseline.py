"""Self-play at the budget of a run, trained once and stored in its folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from ssa_psro.audit.documents import SELF_PLAY
from ssa_psro.audit.storing import Question, Response, store, stored
from ssa_psro.game import CoverageGame
from ssa_psro.oracles.protocol import Member
from ssa_psro.policies import Policy
from ssa_psro.randomness import derive_seed
from ssa_psro.scenario import Scenario
from ssa_psro.scenario.schema import SIDES


def trained_self_play(
    run: Path,
    game: CoverageGame,
    scenario: Scenario,
    *,
    decisions: int,
    seed: int,
    on_share: Callable[[float], None],
) -> tuple[Response, Response]:
    """Blue's and Red's response, trained unless they are stored already.

    Args:
        run: a run folder.
        game: of its scenario.
        scenario: of the run.
        decisions: of each side.
        seed: root of the audit.
        on_share: told the share of the training that is done.
    """
    questions = [Question(SELF_PLAY, side, SELF_PLAY, "scratch", decisions, seed) for side in SIDES]
    if any(stored(run, question) is None for question in questions):
        _train(run, game, scenario, questions, on_share)
    blue, red = (stored(run, question) for question in questions)
    assert blue is not None, "it has just been written"
    assert red is not None, "it has just been written"
    return blue, red


def as_member(response: Response) -> Member[Policy]:
    """A network of self-play as a member that learners can start from."""
    policy = response.policy
    return Member(policy.name, policy, parameters=policy.parameters)


def _train(
    run: Path,
    game: CoverageGame,
    scenario: Scenario,
    questions: list[Question],
    on_share: Callable[[float], None],
) -> None:
    from ssa_psro.oracles.self_play import self_play

    begun, decisions = perf_counter(), questions[0].decisions
    networks = self_play(
        game,
        scenario.oracle.model_copy(update={"decisions": decisions}),
        derive_seed(questions[0].seed, "audit", SELF_PLAY),
        progress=on_share,
    )
    seconds = perf_counter() - begun
    for question, parameters in zip(questions, networks, strict=True):
        facts = {"decisions": decisions}
        store(run, question, parameters, start="scratch", facts=facts, seconds=seconds)
