"""The figures of a report, a file each: whatever module lies here is drawn.

A figure is a module with three names::

    PART = Part.COVERAGE            # the part of the page it belongs to
    PLACE = 10                      # its order there

    def pictures(content: Drawable) -> Iterator[Picture]: ...

``pictures`` yields the figure, or nothing where the run has nothing to draw. Its table is one of
``content.tables``, or one of its own, which is then written as CSV beside the others. What several
figures do to their axes stands in :mod:`ssa_psro.report.axes`.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from ssa_psro.report.drawing import Drawable, Part, Picture


def pictures_of(content: Drawable) -> dict[Part, list[Picture]]:
    """Every figure that the run has something for, by part, in the order of the page."""
    modules = [import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__)]
    found: dict[Part, list[Picture]] = {part: [] for part in Part}
    for module in sorted(modules, key=lambda one: (one.PLACE, one.__name__)):
        found[module.PART] += module.pictures(content)
    return found
