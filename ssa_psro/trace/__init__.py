"""What happened in an episode: who looked where, who was denied, and who knew what, when and why.

A trace is made by playing an episode a step at a time and comparing the states, so the rules know
nothing of it and a game that is not traced costs no more.
"""

from ssa_psro.trace.causes import CAUSES, Cause, cause_steps, causes_of, lapses_of, recovered_steps
from ssa_psro.trace.episode import (
    NEVER,
    Activity,
    Denials,
    Looks,
    ManoeuvreEvents,
    Protections,
    Result,
    Trace,
)
from ssa_psro.trace.files import load_trace, save_trace
from ssa_psro.trace.recording import record

__all__ = [
    "CAUSES",
    "NEVER",
    "Activity",
    "Cause",
    "Denials",
    "Looks",
    "ManoeuvreEvents",
    "Protections",
    "Result",
    "Trace",
    "cause_steps",
    "causes_of",
    "lapses_of",
    "load_trace",
    "record",
    "recovered_steps",
    "save_trace",
]
