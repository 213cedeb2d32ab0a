"""The commands of ``ssa-psro``, a file each: whatever module lies here is a command.

A command is a module named like it, with a function ``command``, whose annotations are its options
and whose docstring is its help, and a tuple ``EXAMPLES`` of command lines. A package is a group of
commands, and the first line of its docstring the help of the group. Modules import nothing heavier
than typer at their top; what a command works with is imported when it runs, so that help and
misspellings answer at once.
"""
