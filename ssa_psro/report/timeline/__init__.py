"""One episode to play through inside a page: strips, Gantt and globe, linked by one scrubber.

Nothing is loaded but the page itself: the script is ours and stands in it, allowed by its hash, and
the outline of the land is in ``vendor``, with its licence.
"""

from ssa_psro.report.timeline.part import TimelinePart, timeline_part

__all__ = ["TimelinePart", "timeline_part"]
