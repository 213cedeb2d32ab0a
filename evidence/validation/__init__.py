"""The numbers of ``docs/physics.md``: each is measured here, asserted by a test, printed there.

``python -m evidence.validation --write docs/physics.md`` measures them all and renews
the tables of the page; the prose between them is written by hand. Peers that are heavy to install
(TAT-C, Skyfield) were run once; what they found is kept in ``tests/reference/data``.
"""

from __future__ import annotations
