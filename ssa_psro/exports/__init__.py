"""A scenario, and an episode of it, for other programs: OEM, CZML, CSV and Parquet.

Positions are worked out anew in double precision, by the same code that the access tables are made
with; nothing else is computed here.
"""
