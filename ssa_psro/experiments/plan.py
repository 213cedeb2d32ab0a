"""What an experiment is: every key of an experiment file, with its range and default.

Keys of one section are checked here, what spans several in
:mod:`ssa_psro.experiments.plan_reading`.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import Annotated, Any, Literal

from pydantic import Field

from ssa_psro.inputs.sections import Count, Items, Section

Name = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=60, examples=["fusion"])
]
Text = Annotated[str, Field(min_length=1, examples=["Does fusion help?"])]
Seeds = Annotated[int, Field(ge=2, le=1000)]
Settings = dict[str, Any]
FigureName = Literal["curves", "outcomes", "starts", "entropy", "trajectories", "actions"]


class Arm(Section):
    """One way of running PSRO. All arms of an experiment get the same budget.

    Attributes:
        name: of the arm.
        variant: a key of ``VARIANTS``.
        start: rule for start weights.
        from_iteration: the first iteration that starts so; earlier ones start from scratch.
        meta_solver: one of ``SOLVER_NAMES``.
        solver_settings: of the meta-solver, where they are not its own, such as ``gamma`` of prd.
        versus: arm that this one is compared with, seed by seed; the plan's reference if empty.
        settings: of the learner, where they differ from the plan's.
    """

    name: Name
    variant: str = "psro"
    start: str = "scratch"
    from_iteration: Count = 2
    meta_solver: str = "nash"
    solver_settings: Settings = Field(default={})
    versus: str = ""
    settings: Settings = Field(default={})

    def start_of(self, iteration: int) -> str:
        """Name of the start rule of ``iteration``, from 1."""
        return self.start if iteration >= self.from_iteration else "scratch"


class Smoke(Section):
    """What is smaller in a run that only shows that everything works.

    Attributes:
        seeds: how many.
        iterations: of each run.
        settings: of the learner, where they differ from the plan's; they override the arms' too.
    """

    seeds: Seeds = 2
    iterations: Count = 2
    settings: Settings = Field(default={})


class Plan(Section):
    """An experiment, as one file states it.

    Attributes:
        name: of the experiment, and of its folder.
        question: what it asks.
        claim: what the paper says about it.
        expected_minutes: wall time of the whole with two processes on two cores.
        game: a key of ``GAMES``.
        learner: a key of ``LEARNERS``.
        settings: of the learner, the same for all arms.
        seeds: how many runs of each arm.
        iterations: of each run.
        populations: ``separate``, one a seat, or ``shared``: chance seats the players, and
            one population plays both seats, see ``games.trees.tree.seated``.
        reference: arm that others are compared with.
        endpoint: the quantity of a run by which arms are compared, chosen before they are run.
        margin: differences of the endpoint within it count as none; without it, no verdict is told.
        figures: what is drawn.
        arms: what is compared.
        smoke: the small version.
    """

    name: Name
    question: Text
    claim: Text
    expected_minutes: Annotated[float, Field(gt=0, examples=[5.0])]
    game: Annotated[str, Field(examples=["leduc"])]
    learner: Annotated[str, Field(examples=["ppo"])]
    settings: Settings = Field(default={})
    seeds: Seeds = 5
    iterations: Annotated[int, Field(ge=1, le=1000, examples=[10])]
    populations: Literal["separate", "shared"] = "separate"
    reference: Annotated[str, Field(examples=["scratch"])]
    endpoint: str = "exploitability"
    margin: Annotated[float | None, Field(gt=0, examples=[0.05])] = None
    figures: Items[FigureName] = ("curves",)
    arms: Annotated[Items[Arm], Field(min_length=1)]
    smoke: Smoke = Smoke()

    def arm(self, name: str) -> Arm:
        """The arm of that name."""
        return next(arm for arm in self.arms if arm.name == name)

    def versus(self, arm: Arm) -> str:
        """Name of the arm that ``arm`` is compared with."""
        return arm.versus or self.reference

    @property
    def shared(self) -> bool:
        """Whether one population plays both seats."""
        return self.populations == "shared"

    def settings_of(self, arm: Arm) -> Settings:
        """Settings of the learner in this arm."""
        return {**self.settings, **arm.settings}

    def smoked(self) -> Plan:
        """The small version of the experiment."""
        small = self.smoke
        arms = [
            arm.model_copy(update={"settings": {**arm.settings, **small.settings}})
            for arm in self.arms
        ]
        update = {"seeds": small.seeds, "iterations": small.iterations, "arms": tuple(arms)}
        return self.model_copy(update=update)

    def with_seeds(self, seeds: int) -> Plan:
        """The same with another number of seeds."""
        return self.model_copy(update={"seeds": seeds})

    def hash_of(self, arm: Arm) -> str:
        """Of all that one run of ``arm`` depends on but its seed: equal hashes, equal runs."""
        shared = self.model_dump_json(include={"game", "learner", "iterations"})
        own = arm.model_dump_json(exclude={"name", "versus", "settings", "solver_settings"})
        settings = sorted(self.settings_of(arm).items())
        # what older files did not have is left out where it is not given: their hashes stay
        newer: list[str] = [self.populations] if self.shared else []
        newer += map(str, sorted(arm.solver_settings.items()))
        content = f"{shared}{own}{settings}{''.join(newer)}"
        return blake2b(content.encode(), digest_size=16).hexdigest()


Document = Mapping[str, Any]
"""A file as TOML gives it."""
