"""What decides the equilibrium: a map over the numbers that no public source gives.

``points`` says what is moved and how far, ``play`` what is measured at a point, ``found`` how the
measurements are kept and found again, ``figure`` and ``page`` what is made of them.
"""

from __future__ import annotations
