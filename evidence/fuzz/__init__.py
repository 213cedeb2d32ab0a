"""Every reader against files that nobody would write.

``targets`` are the readers, each with what it may answer; ``tests/inputs/corpus`` is what has been
found to matter. ``python -m evidence.fuzz`` searches on, guided by coverage.
"""
