"""Any document in, checked sections out with every fault at once; files that are whole or absent.

``sections`` says what a document may hold, ``read`` reads one, ``FileKind`` finds it in a file.
``documents`` and ``files`` are what the program writes for itself.
"""

from ssa_psro.inputs.reading import Reading, read
from ssa_psro.inputs.sections import Rule, Section, is_sound, rule
from ssa_psro.inputs.text_files import FileKind

__all__ = ["FileKind", "Reading", "Rule", "Section", "is_sound", "read", "rule"]
