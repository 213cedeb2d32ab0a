"""Every peer beside this package: what takes how long, and by how much the answers differ.

``works`` says what is compared, ``turns`` lets both sides take turns, ``there/`` holds what runs in
the peers' own interpreters (it imports nothing of this package), ``rows`` tells the results.
"""

from __future__ import annotations
