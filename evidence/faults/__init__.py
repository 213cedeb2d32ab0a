"""Faults put into the program while it works: killed, refused a write, its files changed.

``python -m evidence.faults --help``; ``docs/run-folder.md`` has the results. Needs a C compiler and
Linux: a library that is loaded before the C library counts the calls by which files are changed.
"""
