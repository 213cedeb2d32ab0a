"""Side by side with OpenSpiel's own ``psro_v2`` on Leduc poker; see ``__main__.py`` for how.

``peer.py`` runs under an interpreter that has ``psro_v2``'s dependencies, ``own.py`` under this
one; each prints a line an iteration. ``programs`` runs them, ``summary`` compares them.
"""

from __future__ import annotations
