"""How the rules and the geometry are compiled, and when compiled code is still good.

numba keeps the machine code of an entry point on disk and looks for changes in that function's own
file alone; a rule changed in another file would go unnoticed. Here the text of all the rules and
of the geometry is part of the key, so that a change of any of them compiles anew.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from contextlib import suppress
from hashlib import blake2b
from multiprocessing import parent_process
from pathlib import Path
from typing import Any, TypeVar

from llvmlite import ir
from numba import njit
from numba.core import cgutils, types
from numba.core.caching import FunctionCache
from numba.extending import intrinsic, overload, register_jitable

from ssa_psro.arrays import Floats

Function = TypeVar("Function", bound=Callable[..., Any])

UNCACHED = (
    "The rules are compiled anew in every process, which takes about a minute: neither the folder "
    "of the package nor the user's cache can be written to. Name one that can by NUMBA_CACHE_DIR."
)


def _digest(*folders: Path) -> str:
    """Of the text of every module in ``folders``."""
    paths = [path for folder in folders for path in sorted(folder.glob("*.py"))]
    return blake2b(b"".join(path.read_bytes() for path in paths)).hexdigest()


_LINE = 64
"""Bytes of a line of the caches."""
_FETCHED = 4096
"""Bytes that are fetched ahead at most. Of what is longer, most is not read."""

_PACKAGE = Path(__file__).parent
# the constants that both take from the scenario are compiled in, too
RULES_DIGEST = _digest(_PACKAGE, *(_PACKAGE / name for name in ("game", "geometry", "scenario")))


class _Cache(FunctionCache):
    """numba's cache on disk, with the text of the rules in its key.

    What cannot be read of it is compiled anew, and what cannot be written is not kept.
    """

    def _index_key(self, *purpose: Any) -> tuple[Any, ...]:
        key = super()._index_key(*purpose)  # type: ignore[no-untyped-call, unused-ignore]
        return (*key, RULES_DIGEST)

    def load_overload(self, *purpose: Any) -> Any:
        """The machine code of one signature; ``None`` if it is absent or damaged."""
        try:
            return super().load_overload(*purpose)  # type: ignore[no-untyped-call, unused-ignore]
        except Exception:  # of many kinds: what a power cut has left is no pickle
            with suppress(OSError):
                self.flush()  # type: ignore[no-untyped-call, unused-ignore]
            return None

    def save_overload(self, *purpose: Any) -> None:
        """Keep the machine code of one signature, if there is room."""
        with suppress(OSError):
            super().save_overload(*purpose)  # type: ignore[no-untyped-call, unused-ignore]


def compiled(function: Function) -> Function:
    """Let compiled code call this function; called from Python it runs as plain Python.

    Much quicker to compile than an entry point, which unpacks every array of a world and a state.
    It is inlined, because a call would hand over some two hundred numbers that describe them.
    """
    callee: Function = register_jitable(forceinline=True, error_model="numpy")(function)
    return callee


def entry_point(function: Function) -> Function:
    """Compile a function for Python to call; it releases the interpreter, so threads scale.

    Pass no number as a literal from other compiled code: numba compiles anew for every literal.
    """
    return _dispatcher(function, parallel=False)


def parallel_entry_point(function: Function) -> Function:
    """An entry point whose ``prange`` loops use all of numba's threads."""
    return _dispatcher(function, parallel=True)


def _dispatcher(function: Function, *, parallel: bool) -> Function:
    dispatcher: Any = njit(nogil=True, error_model="numpy", parallel=parallel)(function)
    try:
        dispatcher._cache = _Cache(function)  # type: ignore[no-untyped-call, unused-ignore]
    except RuntimeError:  # numba finds no folder that it may write to
        if parent_process() is None:  # else it has been said already
            warnings.warn(UNCACHED, stacklevel=1)
    result: Function = dispatcher
    return result


def borrowed(value: Any) -> Any:
    """The same arrays, alone or in tuples, without their reference counts; in Python, ``value``.

    numba counts references at every attribute of a tuple and every row of an array. Of the rules
    that was most of the time. Whoever calls has to hold the arrays themselves for as long.
    """
    return value


@overload(borrowed)
def _borrowed(value: Any) -> Any:
    def implementation(value: Any) -> Any:
        return _uncounted(value)  # type: ignore[call-arg]

    return implementation


@intrinsic
def _uncounted(typing_context: Any, value: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return _without_counts(context, builder, signature.return_type, arguments[0])

    return value(value), generate


def _without_counts(context: Any, builder: Any, kind: Any, value: Any) -> Any:
    """The value in LLVM's terms, with null for the pointer to each array's count and owner."""
    if isinstance(kind, types.BaseTuple):
        kinds: Any = kind
        bare = [
            _without_counts(context, builder, part, builder.extract_value(value, place))
            for place, part in enumerate(kinds)
        ]
        return context.make_tuple(builder, kind, bare)
    if isinstance(kind, types.Array):
        array = context.make_array(kind)(context, builder, value)
        array.meminfo = array.meminfo.type(None)
        array.parent = array.parent.type(None)
        return array._getvalue()
    return value


def lowest_bit(word: Any) -> int:
    """Place of the lowest bit that is set in an unsigned word; there has to be one."""
    return (int(word) & -int(word)).bit_length() - 1


@overload(lowest_bit)
def _lowest_bit(word: Any) -> Any:
    def implementation(word: Any) -> Any:
        return _trailing_zeros(word)  # type: ignore[call-arg]

    return implementation


@intrinsic
def _trailing_zeros(typing_context: Any, word: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], cgutils.true_bit)

    return types.int64(word), generate


def fetch(block: Any) -> None:
    """Have an array, or its beginning, brought into the caches by the time that it is read."""


@overload(fetch)
def _fetch(block: Any) -> Any:
    def implementation(block: Any) -> None:
        for place in range(0, min(block.nbytes, _FETCHED), _LINE):
            _fetch_line(block, place)  # type: ignore[call-arg]

    return implementation


@intrinsic
def _fetch_line(typing_context: Any, block: Any, place: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        data = builder.bitcast(array.data, cgutils.voidptr_t)
        # to read, into the nearest cache, data
        words = [ir.Constant(cgutils.int32_t, number) for number in (0, 3, 1)]
        kind = ir.FunctionType(ir.VoidType(), [cgutils.voidptr_t, *[cgutils.int32_t] * 3])
        fetcher = builder.module.declare_intrinsic("llvm.prefetch", [data.type], kind)
        builder.call(fetcher, [builder.gep(data, [arguments[1]]), *words])
        return context.get_dummy_value()

    return types.none(block, place), generate


@compiled
def total_of(row: Floats) -> float:
    """Sum of ``[N]``; numba's own ``sum`` takes a second to compile."""
    total = 0.0
    for n in range(row.size):
        total += row[n]
    return total
