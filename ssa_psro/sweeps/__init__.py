"""Sweeps: one scenario at many values of its keys, the same seeds at each; a table and a map."""

from __future__ import annotations
