"""Variants of PSRO: whom responses are trained against, and what they are paid beside payoffs.

Pipeline PSRO (McAleer et al., NeurIPS 2020) is left out. It trains several responses at once, each
against the unfinished ones below it, so that many machines need not wait for each other. At equal
steps it has nothing to gain: what it saves is waiting time, of which two cores have none, and its
responses meet opponents that are weaker than those of PSRO. Neither would it leave the oracle a
pure function of its request, on which resuming and comparing at equal seeds rest here.
"""

from __future__ import annotations

from dataclasses import dataclass

from ssa_psro.psro.targets import Targets, rectified, vanilla


@dataclass(frozen=True)
class Variant:
    """One way of growing a population.

    Attributes:
        targets: whom each response is trained against; several share the budget of one.
        diverse: whether training also pays for playing unlike the population (PSD-PSRO).
    """

    targets: Targets
    diverse: bool = False


VARIANTS: dict[str, Variant] = {
    "psro": Variant(vanilla),
    "rectified": Variant(rectified),
    "psd": Variant(vanilla, diverse=True),
}
"""Every variant by name. ``psro``: Lanctot et al. 2017; ``rectified``: PSRO_rN, Balduzzi et al.
2019; ``psd``: PSD-PSRO, Yao et al. 2023. With fusion or without is a matter of start weights."""
