"""What a document may hold: sections of keys, the types of their values, rules that span keys.

A section is one table of a document. What a single key may be stands in its annotation. What must
agree between several keys is a rule, a method of the section that they stand in::

    class Window(Section):
        start_h: float = 0.0
        end_h: float = 1.0

        @rule("start_h", "end_h")
        def ends_after_start(self, at: str) -> Iterator[Fault]:
            if self.end_h <= self.start_h:
                yield Fault(f"{at}.end_h", self.end_h, "is too early", "Use a later one.")

A section in which something is wrong is still built, without the fields that are at fault. A rule
names what it reads and is asked only where all of that is sound, so one reading of a document finds
all its faults.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Annotated, Any, Final, TypeVar, cast

from pydantic import BaseModel, ConfigDict, Field

from ssa_psro.errors import Fault

Item = TypeVar("Item")
Items = Annotated[tuple[Item, ...], Field(strict=False)]
Range = Annotated[tuple[Item, Item], Field(strict=False)]

Seed = Annotated[int, Field(ge=0, lt=2**63)]
Count = Annotated[int, Field(ge=1, le=1_000_000_000)]
Fraction = Annotated[float, Field(ge=0, le=1)]
Weight = Annotated[float, Field(ge=0, le=1_000_000)]

MOST_FAULTS: Final = 100
"""Of one kind, in one document; one with more is some other file, or broken in one way."""
MORE_FAULTS: Final = Fault("the file", None, "has more faults than these", "Mend these first.")

Check = Callable[[Any, str], Iterator[Fault]]
"""A section and its path in, what is wrong with it out."""


@dataclass(frozen=True)
class Rule:
    """What must agree between several keys.

    Attributes:
        reads: paths of the keys it reads, from its section on; ``regimes[].count`` stands for the
            key ``count`` of every section in the list ``regimes``.
        check: says what is wrong and what would be right.
    """

    reads: tuple[str, ...]
    check: Check

    def faults(self, section: Section, at: str) -> Iterator[Fault]:
        """What is wrong with ``section`` at path ``at``; nothing where a key is itself at fault."""
        if is_sound(section, *self.reads):
            yield from self.check(section, at)


def rule(*reads: str) -> Callable[[Check], Rule]:
    """Make a rule of a method of a section, or of a function of one; see ``Rule.reads``."""
    return lambda check: Rule(reads, check)


class Section(BaseModel):
    """A table of a document: immutable, closed to unknown keys, finite numbers only."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        allow_inf_nan=False,
        ignored_types=(Rule,),
        use_attribute_docstrings=True,
    )

    @classmethod
    def spelt_out(cls, table: Mapping[str, Any]) -> Mapping[str, Any]:
        """A table of this section with its abbreviations replaced by what they stand for."""
        return table

    @classmethod
    def own_rules(cls) -> Iterator[Rule]:
        """Its rules in the order in which they are written, those it inherits first."""
        for base in reversed(cls.__mro__):
            yield from (one for one in vars(base).values() if isinstance(one, Rule))


S = TypeVar("S", bound=Section)


def partial_section(model: type[S], values: Mapping[str, Any], unsound: Iterable[str]) -> S:
    """A section of values that are valid already, defaults included, without its unsound fields."""
    section = cast("S", model.model_construct(**values))  # mypy's plugin forgets which model
    for name in unsound:
        section.__dict__.pop(name, None)
    return section


def is_sound(section: Section, *paths: str) -> bool:
    """Whether nothing at these paths was found to be at fault; see ``Rule.reads``.

    Of a section that a path ends at, only that it is there: not what is in it. A key that the
    section does not have, because it is another one of a choice, is not at fault.
    """
    return all(_is_reached(section, path.split(".")) for path in paths)


def _is_reached(section: Section, steps: list[str]) -> bool:
    name, *rest = steps
    name = name.removesuffix("[]")
    if name not in type(section).model_fields:
        return True
    if name not in vars(section):
        return False
    inner = sections_in(vars(section)[name]) if rest else ()
    return all(_is_reached(one, rest) for one in inner)


def is_whole(section: Section) -> bool:
    """Whether nothing in ``section``, or below it, was found to be at fault."""
    values = vars(section)
    if type(section).model_fields.keys() - values.keys():
        return False
    return all(is_whole(one) for value in values.values() for one in sections_in(value))


def sections_in(value: object) -> tuple[Section, ...]:
    """The sections that a value of a key is or lists."""
    items = value if isinstance(value, tuple) else (value,)
    return tuple(item for item in items if isinstance(item, Section))


def sections_below(section: Section, at: str) -> Iterator[tuple[Section, str]]:
    """``section`` and all below it, each with its path."""
    yield section, at
    for name, value in vars(section).items():
        path = f"{at}.{name}" if at else name
        if isinstance(value, Section):
            yield from sections_below(value, path)
        elif isinstance(value, tuple):
            for index, item in enumerate(value):
                if isinstance(item, Section):
                    yield from sections_below(item, f"{path}[{index}]")


def broken_rules(section: Section, at: str = "") -> list[Fault]:
    """What the rules of ``section``, and of all below it, find wrong.

    Args:
        section: may lack fields that are at fault.
        at: its path.
    """
    faults = (
        fault
        for one, path in sections_below(section, at)
        for each in one.own_rules()
        for fault in each.faults(one, path)
    )
    return enough(faults)


def enough(faults: Iterable[Fault]) -> list[Fault]:
    """As many faults as anybody mends at once; those beyond are not even looked for."""
    found = list(islice(faults, MOST_FAULTS + 1))
    return [*found[:MOST_FAULTS], MORE_FAULTS] if len(found) > MOST_FAULTS else found
