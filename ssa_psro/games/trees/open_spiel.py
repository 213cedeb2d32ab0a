"""Games of OpenSpiel (Lanctot et al. 2019) as game trees: visited once, then never asked again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import ModuleType
from typing import Any, NoReturn

import numpy as np

from ssa_psro.errors import Fault, UsageError, did_you_mean
from ssa_psro.games.trees.tree import CHANCE, NOTHING, TERMINAL, GameTree

State = Any
"""A ``pyspiel.State``; the package comes without types."""


def open_spiel_tree(game: str, name: str | None = None) -> GameTree:
    """The tree of a game that OpenSpiel knows, simultaneous moves played one after the other.

    Args:
        game: as OpenSpiel writes it, such as ``liars_dice(numdice=1)``.
        name: of the tree, if not the same.

    Raises:
        UsageError: OpenSpiel is not installed or does not know the game, or the game is not one
            of two players, zero-sum, with a finite set of actions and tensors to learn from.
    """
    found = load_open_spiel(game)
    return _Harvest(found.num_distinct_actions()).gather(found, name or game)


def load_open_spiel(game: str) -> Any:
    """The ``pyspiel.Game`` of that name, simultaneous moves played one after the other.

    Raises:
        UsageError: as ``open_spiel_tree``.
    """
    pyspiel = _pyspiel()
    known, short = pyspiel.registered_names(), game.partition("(")[0]
    if short not in known:  # OpenSpiel itself would print its whole list
        _refuse(game, "OpenSpiel does not know it", did_you_mean(short, known))
    try:
        found = pyspiel.load_game(game)
    except pyspiel.SpielError as error:
        _refuse(
            game, str(error).splitlines()[0], "See the parameters in OpenSpiel's documentation."
        )
    if found.get_type().dynamics == pyspiel.GameType.Dynamics.SIMULTANEOUS:
        found = pyspiel.convert_to_turn_based(found)
    kind = found.get_type()
    if found.num_players() != 2 or kind.utility != pyspiel.GameType.Utility.ZERO_SUM:
        _refuse(game, "not a zero-sum game of two", "Only those have an exact NashConv here.")
    if not kind.provides_information_state_tensor:
        _refuse(game, "no information state tensor", "Only games that provide one can be learned.")
    return found


@dataclass
class _InformationSets:
    """Of one player, in the order in which they are first met, hence after those they follow."""

    actions: int
    numbers: dict[str, int] = field(default_factory=dict)
    features: list[Sequence[float]] = field(default_factory=list)
    legal: list[np.ndarray] = field(default_factory=list)

    def number(self, state: State, legal: Sequence[int]) -> int:
        label = state.information_state_string()
        if label not in self.numbers:
            self.numbers[label] = len(self.numbers)
            self.features.append(state.information_state_tensor())
            mask = np.zeros(self.actions, dtype=np.bool_)
            mask[legal] = True
            self.legal.append(mask)
        return self.numbers[label]


class _Harvest:
    """Visits all states of a game, level by level, and writes down what it sees."""

    def __init__(self, actions: int) -> None:
        self.actions = actions
        self.sets = (_InformationSets(actions), _InformationSets(actions))
        self.player: list[int] = []
        self.infoset: list[int] = []
        self.payoff: list[float] = []
        self.child_count: list[int] = []
        self.action: list[int] = [NOTHING]
        self.chance: list[float] = [1.0]

    def gather(self, game: Any, name: str) -> GameTree:
        level = [game.new_initial_state()]
        while level:
            level = [child for state in level for child in self._visit(state)]
        counts = np.array(self.child_count, dtype=np.int32)
        first = (1 + np.cumsum(counts) - counts).astype(np.int32)
        return GameTree(
            name=name,
            player=np.array(self.player, dtype=np.int8),
            infoset=np.array(self.infoset, dtype=np.int32),
            first_child=np.where(counts > 0, first, np.int32(NOTHING)),
            child_count=counts,
            action=np.array(self.action, dtype=np.int32),
            chance=np.array(self.chance),
            payoff=np.array(self.payoff),
            actions=self.actions,
            features=self._of_both(lambda one: np.array(one.features, dtype=np.float32)),
            legal=self._of_both(lambda one: np.array(one.legal)),
            labels=self._of_both(lambda one: tuple(one.numbers)),
        )

    def _of_both(self, take: Callable[[_InformationSets], Any]) -> tuple[Any, Any]:
        return take(self.sets[0]), take(self.sets[1])

    def _visit(self, state: State) -> list[State]:
        """Note a state and the edges out of it; its children."""
        if state.is_terminal():
            self._note(TERMINAL, NOTHING, state.returns()[0], 0)
            return []
        if state.is_chance_node():
            outcomes = state.chance_outcomes()
            self._note(CHANCE, NOTHING, 0.0, len(outcomes))
            self.action.extend(NOTHING for _ in outcomes)
            self.chance.extend(probability for _, probability in outcomes)
            return [state.child(outcome) for outcome, _ in outcomes]
        legal, player = state.legal_actions(), state.current_player()
        self._note(player, self.sets[player].number(state, legal), 0.0, len(legal))
        self.action.extend(legal)
        self.chance.extend(1.0 for _ in legal)
        return [state.child(action) for action in legal]

    def _note(self, player: int, infoset: int, payoff: float, children: int) -> None:
        self.player.append(player)
        self.infoset.append(infoset)
        self.payoff.append(payoff)
        self.child_count.append(children)


def _pyspiel() -> ModuleType:
    try:
        import pyspiel
    except ImportError:
        cure = "Install the optional extra: pip install 'ssa-psro[games]'."
        fault = Fault("open_spiel", None, "OpenSpiel is not installed", cure)
        raise UsageError("benchmark game", [fault]) from None
    module: ModuleType = pyspiel
    return module


def _goofspiel(cards: int) -> str:
    return f"goofspiel(imp_info=True,num_cards={cards},points_order=descending)"


SOURCES: dict[str, str] = {
    "kuhn": "kuhn_poker",
    "leduc": "leduc_poker",
    "liars-dice": "liars_dice(numdice=1)",
    "goofspiel-4": _goofspiel(4),
    "goofspiel-5": _goofspiel(5),
}
"""What OpenSpiel calls each game. Liar's Dice has one die a player; Goofspiel has imperfect
information and point cards in descending order, and pays 1 to the winner."""

GAMES: dict[str, Callable[[], GameTree]] = {
    name: partial(open_spiel_tree, source, name) for name, source in SOURCES.items()
}
"""What builds each game, by name."""


def make_game(name: str) -> GameTree:
    """The game of that name.

    Raises:
        UsageError: no such game; the nearest name is suggested. Or OpenSpiel is not installed.
    """
    if name not in GAMES:
        _refuse(name, "no such game", did_you_mean(name, GAMES))
    return GAMES[name]()


def _refuse(game: str, problem: str, cure: str) -> NoReturn:
    raise UsageError("benchmark game", [Fault("game", game, problem, cure)])
