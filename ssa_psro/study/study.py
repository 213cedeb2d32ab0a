"""A study: a game, and how it is solved. The keys of its file beside those of the game.

A study's file is the file of its game with four more entries at the top: ``seed``,
``[populations]``, ``[oracle]`` and ``[solver]``. Names in them are looked up in the registries,
which is why they stand here and not with the game.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from ssa_psro.errors import Fault, ScenarioError, did_you_mean
from ssa_psro.inputs.paths import put
from ssa_psro.inputs.reading import read_fields
from ssa_psro.inputs.sections import Count, Items, Section, Seed, is_sound, rule
from ssa_psro.psro.targets import AT_ONCE
from ssa_psro.scenario import FileReport, Scenario, is_symmetric
from ssa_psro.scenario.changes import Changes, blamed, changed
from ssa_psro.scenario.loading import SCENARIO_FILE, resolve
from ssa_psro.scenario.schema import Labels, ScenarioInFile

Override = str | int | float | list[str]
"""What a key of a study's file may be set to from outside."""


class Populations(Section):
    """The policies each side starts with, by name; empty means all heuristics."""

    blue: Annotated[Items[str], Field(examples=[("aggressive", "reactive")])] = ()
    """Blue's policies."""
    red: Annotated[Items[str], Field(examples=[("aggressive", "reactive")])] = ()
    """Red's policies."""

    @rule()
    def policies_named_once(self, at: str) -> Iterator[Fault]:
        """A population holds each policy once."""
        for side, names in vars(self).items():
            seen = set[str]()
            for index, name in enumerate(names):
                if name in seen:
                    key = f"{at}.{side}[{index}]"
                    yield Fault(key, name, "is named twice", "Remove one of the two.")
                seen.add(name)


OWN = ("populations", "oracle", "solver")
"""The sections of a study's file that are no part of its game."""

ONE_RESPONSE = ("rectified", "anytime")
"""Targets that responses take in turn, or that shift with the one response to them."""


class OracleSettings(Section):
    """How a best response is trained."""

    kind: str = "ppo"
    """Algorithm; ``cma-es+ppo`` spends most of the decisions on a constant doctrine, then learns to
    react."""
    decisions: Count = 200_000
    """Length of the training of one best response; those to several targets share it."""
    environments: Annotated[int, Field(ge=1, le=65_536)] = 32
    """Episodes that are played side by side."""
    hidden: Items[Annotated[int, Field(ge=1, le=65_536)]] = (64, 64)
    """Widths of the network's hidden layers."""
    learning_rate: Annotated[float, Field(gt=0, le=10)] = 1e-3
    """Learning rate of Adam."""
    start: str = "fusion"
    """Rule for the start weights; ``fusion`` is the mean of a side's own policies, weighted by its
    Nash mixture."""
    fusion_from_iteration: Count = 2
    """First iteration whose responses start by ``fusion``, not from ``scratch``."""

    @property
    def values(self) -> dict[str, Any]:
        """What every oracle is told about a training."""
        told = self.model_dump(include={"environments", "hidden", "learning_rate"})
        return {"steps": self.decisions, **told}


class SolverSettings(Section):
    """How the meta-game is grown and solved."""

    populations: Literal["shared", "separate"] | None = None
    """One population for both sides, whose responses learn in both seats (``shared``), or one each
    (``separate``). Left out, it is shared where the sides are of one design and begin with the same
    policies."""
    meta_solver: str = "nash"
    """Solves the payoff table."""
    target: str = "vanilla"
    """Whom responses are trained against: the meta-mixture (``vanilla``), what each supported
    policy beats (``rectified``), opponents that shift to what loses least meanwhile, in zero-sum
    games (``anytime``), or all alike (``uniform``)."""
    responses: Annotated[int, Field(ge=1, le=64)] | None = None
    """Best responses that are trained against each target, from other random numbers; all of them
    join. Left out, 2 where both sides share a population, else 1; always 1 where the target is
    ``rectified`` or ``anytime``."""
    exploration: Annotated[float, Field(ge=0, le=1)] = 0.0
    """Share of the episodes of training that is spread evenly over all opponents."""
    iterations: Count = 10
    """Number of iterations, at most."""
    sampler: str = "full"
    """Which payoffs are played: all (``full``), a share of the pairs with the rest predicted
    (``reservoir``), or those that the regret depends on (``adaptive``)."""
    sampled_share: Annotated[float, Field(gt=0, le=1)] = 0.5
    """Of ``reservoir``: part of its opponents that a new policy plays."""
    sampled_half_width: Annotated[float, Field(gt=0, le=1)] = 0.01
    """Of ``adaptive``: half width of the interval of restricted exploitability at which playing
    ends, in units of payoff."""
    sampled_first: Annotated[int, Field(ge=2, le=1_000_000_000)] = 5
    """Of ``adaptive``: episodes of every pair before any choice is made."""
    episodes_per_cell: Annotated[int, Field(ge=2, le=1_000_000_000)] = 50
    """Episodes of every pair of policies in the payoff table, at most."""
    held_out_episodes: Annotated[int, Field(ge=2, le=1_000_000_000)] = 400
    """Episodes that the approximate exploitability is measured on; never trained on."""
    tolerance: Annotated[float, Field(ge=0, le=1)] = 0.005
    """A run stops, solved, when the upper confidence bound of the approximate exploitability stays
    below this, in units of payoff ..."""
    patience: Count = 2
    """... for this many iterations. Only responses to the whole meta-mixture count (``vanilla``
    without exploration, ``anytime``): with others a run ends by its iterations, and not solved.
    A run also ends, not solved, when all responses of so many iterations only repeat members:
    against nobody do their payoffs differ by more than the tolerance."""
    confirmation: Annotated[float, Field(ge=1, le=100)] = 2.0
    """Once that bound has been below the tolerance, later responses are trained for so many times
    the decisions: a run does not end by a search that was too short to find anything."""


class Seeded(Labels):
    """The entries at the top of a study's file."""

    seed: Seed = 0
    """Root of every random number of a run."""


class StudyInFile(ScenarioInFile, Seeded):
    """A study as its file states it: the game's keys and its own, side by side."""

    populations: Populations = Populations()
    """Whom each side begins with."""
    oracle: OracleSettings = OracleSettings()
    """How a best response is trained."""
    solver: SolverSettings = SolverSettings()
    """How the meta-game is grown and solved."""


@dataclass(frozen=True)
class Study:
    """A game, and how it is solved.

    Attributes:
        scenario: the game.
        seed: root of all randomness.
        populations: whom each side begins with.
        oracle: how a best response is trained.
        solver: how the meta-game is grown and solved.
    """

    scenario: Scenario
    seed: int = 0
    populations: Populations = field(default_factory=Populations)
    oracle: OracleSettings = field(default_factory=OracleSettings)
    solver: SolverSettings = field(default_factory=SolverSettings)

    @property
    def name(self) -> str:
        """Of the game."""
        return self.scenario.name

    @property
    def shared(self) -> bool:
        """Whether both sides play from one population."""
        if self.solver.populations is not None:
            return self.solver.populations == "shared"
        return not any(_unlike(self))

    @property
    def responses(self) -> int:
        """Best responses that are trained against each target."""
        if self.solver.responses is not None:
            return self.solver.responses
        return 2 if self.shared and self.solver.target not in ONE_RESPONSE else 1

    @property
    def joining(self) -> int:
        """Members that join a side in an iteration, at most."""
        return self.responses * (AT_ONCE if self.solver.target == "rectified" else 1)


@dataclass(frozen=True)
class LoadedStudy:
    """A study and what became of the files of element sets that its game names.

    Attributes:
        study: needs none of these files any more.
        files: one report a file.
    """

    study: Study
    files: tuple[FileReport, ...]

    @property
    def scenario(self) -> Scenario:
        """The game."""
        return self.study.scenario


NO_CHANGES = Changes()


def load_study(path: str | Path, changes: Changes = NO_CHANGES) -> LoadedStudy:
    """The study in the TOML file at ``path``.

    Args:
        path: a file in UTF-8.
        changes: what takes the place of what the file says.

    Raises:
        ScenarioError: with every fault, whether of a file, of a key, of several keys together, or
            a name that nothing goes by; also where the game takes no catalogue.
    """
    path = Path(path)
    document = SCENARIO_FILE.read_toml(path)
    return _changed(document, str(path), path.parent, changes)


def moved(study: Study, changes: Changes) -> Study:
    """``study`` with another window; it takes no other catalogue any more.

    Raises:
        ScenarioError: with every fault that the window makes.
    """
    return _changed(document_of(study), changes.source, None, changes).study


def _changed(document: object, source: str, folder: Path | None, changes: Changes) -> LoadedStudy:
    try:
        return _loaded(changed(document, changes), source, folder)
    except ScenarioError as error:
        before = error.faults
        if changes.window:
            before = _faults(document, folder, replace(changes, start=None, duration_h=None))
        raise blamed(error, before, changes) from None


def _faults(document: object, folder: Path | None, changes: Changes) -> tuple[Fault, ...]:
    """What is wrong with a document whatever its window."""
    try:
        _loaded(changed(document, changes), "", folder)
    except ScenarioError as error:
        return error.faults
    return ()


def parse_study(text: str, source: str) -> Study:
    """The study in TOML ``text``; ``source`` names it in errors.

    Raises:
        ScenarioError: with every fault; naming a file is one.
    """
    return _loaded(SCENARIO_FILE.parse_toml(text, source), source, None).study


def parse_study_json(text: str, source: str) -> Study:
    """The study in JSON ``text`` of ``dump_study``.

    Names are taken as they are: a study that was sound once stays readable when a registry has
    lost one of them. What does not say has separate populations and one response to each target,
    for once there were no others.

    Raises:
        ScenarioError: with every other fault.
    """
    document = SCENARIO_FILE.parse_json(text, source)
    if isinstance(document, dict) and isinstance(document.get("solver"), dict):
        document["solver"].setdefault("populations", "separate")
        document["solver"].setdefault("responses", 1)
    found = _read(document, None)
    if found.study is None:
        raise ScenarioError(source, found.faults)
    return found.study


def dump_study(study: Study) -> str:
    """``study`` as JSON text with every key: defaults are written out, and what they decide."""
    document = document_of(study)
    document["solver"]["populations"] = "shared" if study.shared else "separate"
    document["solver"]["responses"] = study.responses
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def document_of(study: Study) -> dict[str, Any]:
    """``study`` as the flat document that its file is, with every key."""
    own = {
        "seed": study.seed,
        "populations": study.populations.model_dump(mode="json"),
        "oracle": study.oracle.model_dump(mode="json"),
        "solver": study.solver.model_dump(mode="json"),
    }
    whole = {**study.scenario.model_dump(mode="json"), **own}
    return {name: whole[name] for name in StudyInFile.model_fields}


def overridden(study: Study, values: Mapping[str, Override], source: str = "command line") -> Study:
    """``study`` with ``values`` by key, such as ``{"oracle.start": "scratch"}``, checked anew.

    Args:
        study: stays as it is.
        values: by path of the key, see ``ssa_psro.inputs.paths``.
        source: names where they were given in errors.

    Raises:
        ScenarioError: with every fault that the values make.
    """
    document = document_of(study)
    for key, value in values.items():
        put(document, key, value)
    found = _read(document, None)
    named = (one for one in unknown_names(found.draft) if one.key.split("[")[0] in values)
    faults = [*found.faults, *named, *_at_odds(found.study)]
    if faults or found.study is None:
        raise ScenarioError(source, faults)
    return found.study


def _loaded(document: object, source: str, folder: Path | None) -> LoadedStudy:
    found = _read(document, folder)
    faults = [*found.faults, *unknown_names(found.draft), *_at_odds(found.study)]
    if faults or found.study is None:
        raise ScenarioError(source, faults)
    return LoadedStudy(found.study, found.files)


@dataclass(frozen=True)
class _Found:
    """What a document holds: the study if nothing is at fault, and all that is."""

    draft: StudyInFile
    study: Study | None
    files: tuple[FileReport, ...]
    faults: list[Fault]


def _read(document: object, folder: Path | None) -> _Found:
    reading = read_fields(StudyInFile, document)
    draft, found = reading.section, resolve(reading.section, folder)
    own = [(getattr(draft, name), name) for name in OWN if is_sound(draft, name)]
    faults = [*reading.faults, *found.faults, *found.broken_rules(*own)]
    if faults:
        return _Found(draft, None, tuple(found.files), faults)
    study = Study(found.scenario, draft.seed, draft.populations, draft.oracle, draft.solver)
    if study.solver.populations == "shared":
        faults = list(_unlike(study))
    if study.responses > 1 and study.solver.target in ONE_RESPONSE:
        problem = f"the target {study.solver.target!r} takes one response"
        faults.append(Fault("solver.responses", study.responses, problem, "Leave it out."))
    return _Found(draft, None if faults else study, tuple(found.files), faults)


def _at_odds(study: Study | None) -> Iterator[Fault]:
    """Choices of a solver that do not suit the game, or one another; runs that have them are read.

    There are none in what is at fault already.
    """
    from ssa_psro.metagame.solvers import ZERO_SUM_SOLVERS

    if study is None:
        return
    solver, kind = study.solver, study.scenario.rules.payoff_kind
    if kind != "zero-sum" and solver.meta_solver in ZERO_SUM_SOLVERS:
        key, cure = "solver.meta_solver", 'Use "nash", or another that takes any game.'
        yield Fault(key, solver.meta_solver, f"is for zero-sum games, and this is {kind}", cure)
    if kind != "zero-sum" and solver.target == "anytime":
        problem = f"is for zero-sum games, and this is {kind}"
        yield Fault("solver.target", solver.target, problem, 'Use "vanilla".')
    if solver.exploration and solver.target == "anytime":
        problem = "is for opponents that do not shift while a response trains"
        cure = 'Leave it out, or use another target than "anytime".'
        yield Fault("solver.exploration", solver.exploration, problem, cure)


def _unlike(study: Study) -> Iterator[Fault]:
    """What keeps the sides of a study from sharing a population."""
    key, shared = "solver.populations", study.solver.populations
    if not is_symmetric(study.scenario):
        cure = 'Give both one design, or "separate" populations.'
        yield Fault(key, shared, "the sides are of different designs", cure)
    if study.populations.blue != study.populations.red:
        cure = 'Name the same for both, or give "separate" populations.'
        yield Fault(key, shared, "the sides begin with different policies", cure)


def unknown_names(study: Study | StudyInFile) -> Iterator[Fault]:
    """The names in a study that no registry has; fields that are at fault are passed over."""
    for section, key, family, known in registries():
        names = vars(vars(study)[section]).get(key, ()) if section in vars(study) else ()
        for at, name in _named(names, f"{section}.{key}"):
            if name not in known:
                problem = f"not one of the known {family}"
                yield Fault(at, name, problem, did_you_mean(name, known))


def registries() -> Iterator[tuple[str, str, str, Collection[str]]]:
    """Section and field that hold names, what they name, and the registry of such names."""
    from ssa_psro.games.coverage.offers import OFFERS, STARTS
    from ssa_psro.learn import oracles_for
    from ssa_psro.metagame.sampling import SAMPLERS
    from ssa_psro.metagame.solvers import SOLVERS
    from ssa_psro.policies import HEURISTICS
    from ssa_psro.psro.targets import TARGETS

    yield "populations", "blue", "policies", HEURISTICS
    yield "populations", "red", "policies", HEURISTICS
    yield "oracle", "kind", "oracles", oracles_for(OFFERS)
    yield "oracle", "start", "starts", STARTS
    yield "solver", "meta_solver", "solvers", SOLVERS
    yield "solver", "target", "targets", TARGETS
    yield "solver", "sampler", "samplers", SAMPLERS


def _named(value: str | tuple[str, ...], at: str) -> Iterator[tuple[str, str]]:
    """The names in ``value``, one or many, each with its path."""
    if isinstance(value, str):
        yield at, value
    else:
        yield from ((f"{at}[{index}]", name) for index, name in enumerate(value))
