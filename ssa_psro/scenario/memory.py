"""What a game takes of memory, counted from its size before anything of it is made.

Nearly all of it is the tables, in which every sensor meets every object at every step. They are
made, and go to disk, some steps at a time, so nothing else grows as they do. What is mapped from
disk counts in full, for play looks at all of it; a machine that is short of memory can take it
back.
"""

from __future__ import annotations

from typing import Final

PROGRAM_BYTES: Final = 2.3e8
"""The program itself and the state of a batch of episodes (measured, once its rules are compiled;
compiling them takes 0.4 GB more, once)."""
OBJECT_BYTES: Final = 1e4
"""What is known of an object, whatever the horizon (measured)."""


def peak_bytes(sensors: int, objects: int, steps: int) -> float:
    """What building the tables and playing on them takes at its peak, within 20 %.

    Args:
        sensors: of the larger side.
        objects: in the catalogue.
        steps: of the horizon.
    """
    bits = 2 * (2 * sensors * objects) / 8  # which pairs see each other, by object and by step
    forecast = 8 * objects  # a number in double precision
    threatened = 32 * sensors  # two of each side
    sky = 200  # Sun, Moon and the Earth's axis
    own = PROGRAM_BYTES + OBJECT_BYTES * objects + (bits + forecast + threatened + sky) * steps
    return own + shared_bytes(sensors, objects, steps)


def shared_bytes(sensors: int, objects: int, steps: int) -> float:
    """Of them, the tables that lie on disk, which all processes that play the same game share.

    Args:
        sensors: of the larger side.
        objects: in the catalogue.
        steps: of the horizon.
    """
    seen = 2 * sensors * (objects + sensors)  # a byte for every pair that may see or deny
    places = 12 * (2 * sensors + objects)  # three numbers in single precision
    return float((seen + places) * steps)
