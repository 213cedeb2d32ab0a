"""How well a run's policies do in another game than the one they were trained in.

Reading a result needs no game. What makes one is imported from where it stands:
:mod:`ssa_psro.transfer.execution`.
"""

from ssa_psro.transfer.documents import Crossing, Transfer, TransferSettings

__all__ = ["Crossing", "Transfer", "TransferSettings"]
