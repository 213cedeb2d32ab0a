"""Time and memory against size, of every reader: ``python -m evidence.readers``.

Files of every kind grow tenfold, sound ones and such as are meant to take long. Each is read in a
process of its own; what counts is its processor time. The slope is that of its logarithm against
the logarithm of the size: 1 where time grows as the size does, 2 where it grows as its square.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import math
import os
import struct
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final
from zipfile import ZipFile

import numpy as np

from evidence.catalog_readers import TEXTS
from evidence.fuzz.targets import CORPUS, TARGETS, Target, refused, workplace
from ssa_psro.report.markdown import renew

SIZES: Final = (10**4, 10**5, 10**6, 10**7, 10**8)
"""Bytes; of compressed files, of what they unpack to."""
LONGEST_S: Final = 60.0
"""A file that takes longer ends its row: it is beyond what anybody waits for."""
SHORTEST_S: Final = 0.05
"""Times below this tell nothing of how they grow."""
MB: Final = 1e6


@dataclass(frozen=True)
class Case:
    """One kind of file.

    Attributes:
        reader: of :data:`evidence.fuzz.targets.TARGETS`.
        shape: what is in it.
        make: its bytes, of about so many.
    """

    reader: str
    shape: str
    make: Callable[[int], bytes]


@dataclass(frozen=True)
class Taken:
    """What reading a file took."""

    size: int
    seconds: float
    peak_bytes: float
    answer: str


def main() -> None:
    """Measure all kinds, or those that are named, and write the table."""
    parser = argparse.ArgumentParser(prog="python -m evidence.readers", description=__doc__)
    parser.add_argument("readers", nargs="*", help="names of readers; all, if none is given")
    parser.add_argument("--largest", type=float, default=SIZES[-1], help="bytes")
    parser.add_argument("--write", type=Path, help="page to renew the table in")
    options = parser.parse_args()
    rows = [HEAD]
    for case in cases():
        if not options.readers or case.reader in options.readers:
            rows.append(_row(case, list(_grown(case, options.largest))))
            print(rows[-1], file=sys.stderr, flush=True)
    table = "\n".join(rows) + "\n"
    print(table)
    if options.write is not None:
        renew(options.write, {"readers": table})


HEAD: Final = (
    "| Reader | File | Size [MB] | Time [s] | Peak [MB] | Slope | Answer |\n|" + " --- |" * 7
)


def _row(case: Case, taken: list[Taken]) -> str:
    last, slope = taken[-1], _slope(taken)
    grown = "–" if slope is None else f"{slope:.2f}"
    numbers = f"{last.size / MB:g} | {last.seconds:.2f} | {last.peak_bytes / MB:.0f} | {grown}"
    return f"| {case.reader} | {case.shape} | {numbers} | {last.answer} |"


def _slope(taken: list[Taken]) -> float | None:
    """Of the last two sizes at which time tells something; ``None`` where it never does."""
    told = [one for one in taken if one.seconds >= SHORTEST_S]
    if len(told) < 2:
        return None
    one, other = told[-2:]
    return math.log(other.seconds / one.seconds) / math.log(other.size / one.size)


def _grown(case: Case, largest: float) -> Iterator[Taken]:
    for size in SIZES:
        if size > largest:
            return
        taken = _apart(TARGETS[case.reader], case.make(size), size)
        yield taken
        if taken.seconds > LONGEST_S or taken.answer.startswith("limit"):
            return


def _apart(target: Target, content: bytes, size: int) -> Taken:
    """Read in a process of its own, less what it takes to read nothing."""
    path = workplace()
    seconds, peak_bytes, answer = _measured(target, content, path)
    idle_s, idle_bytes, _ = _measured(target, b"", path)
    path.unlink(missing_ok=True)
    return Taken(size, max(seconds - idle_s, 1e-6), max(peak_bytes - idle_bytes, 0.0), answer)


def _measured(target: Target, content: bytes, path: Path) -> tuple[float, float, str]:
    """Processor time, memory at its peak, and what the reader answered."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            told = refused(target, content, path)
            answer = "read" if told is None else told.split("\n")[1].strip()[:60]
        except BaseException as error:  # which is then told in the table
            answer = f"FAULT {type(error).__name__}: {error}"[:60]
        os.write(theirs, answer.encode())
        os._exit(0)
    os.close(theirs)
    with os.fdopen(ours, "rb") as pipe:
        answer = pipe.read().decode()
    _, _, used = os.wait4(child, 0)
    return used.ru_utime + used.ru_stime, used.ru_maxrss * 1024.0, _plain(answer)


def _plain(answer: str) -> str:
    return answer.replace("|", "/") or "ended without an answer"


def cases() -> Iterator[Case]:
    """Every kind of file."""
    for shapes in (_texts, _documents, _arrays, _catalogs, _tables):
        yield from shapes()


def _again(unit: str, head: str = "", tail: str = "") -> Callable[[int], bytes]:
    """A file that says one thing over and over; ``%d`` in it is a number."""

    def make(size: int) -> bytes:
        count = max(1, (size - len(head) - len(tail)) // max(1, len(unit)))
        body = "".join(unit % n for n in range(count)) if "%d" in unit else unit * count
        return (head + body + tail).encode()

    return make


def _kept(name: str) -> str:
    return (CORPUS / name).read_text("utf-8")


def _texts() -> Iterator[Case]:
    sound = _kept("scenario/small.toml")
    window = '[[catalog.windows]]\nobject = "GEO-001"\nstart_h = 1.0\nend_h = 2.0\n'
    yield Case("scenario", "windows that overlap", _again(window, sound))
    yield Case("scenario", "unknown sections", _again("[s%d]\n", sound))
    yield Case("scenario", "unknown keys", _again("k%d = 1\n", sound))
    yield Case("scenario", "one dotted key", _again("a.", tail="a = 1\n"))
    yield Case("scenario", "dotted keys", _again("a.b.c.d.k%d = 1\n"))
    yield Case("scenario", "sections in sections", _again("[a.b.c.d.s%d]\n"))
    yield Case("scenario", "a list of names", _again('"random",', f"{sound}\nx = [", "]"))
    yield Case("scenario", "brackets", _again("[", "a = "))
    yield Case("scenario", "braces", _again("{a=", "a = "))
    yield Case("scenario", "a long text", _again("x", 'description = "', f'"\n{sound}'))
    yield Case("scenario", "escapes", _again("\\n", 'description = "', f'"\n{sound}'))
    yield Case("scenario", "digits", _again("9", "seed = "))
    yield Case("scenario", "hexadecimal digits", _again("f", "seed = 0x"))
    yield Case("scenario", "comments", _again("# nothing\n", sound))
    yield Case("plan", "arms", _again('[[arms]]\nname = "a%d"\n', _kept("plan/arms.toml")))
    yield Case("plan", "settings", _again("k%d = 1\n", "[settings]\n"))


def _documents() -> Iterator[Case]:
    study = json.loads(_kept("scenario-json/tiny.json"))
    head = json.dumps({key: study[key] for key in study if key != "catalog"})[:-1]
    window = '{"object": "LEO-001", "start_h": 1, "end_h": 2},'
    listed = f'{head}, "catalog": {{"regimes": [], "windows": ['
    yield Case("scenario-json", "windows", _again(window, listed, "{}]}}"))
    yield Case("scenario-json", "brackets", _again("["))
    yield Case("scenario-json", "braces", _again('{"a":'))
    yield Case("scenario-json", "digits", _again("9"))
    for shape, unit, start, end in (
        ("numbers", "1,", '{"format": [', "1]}"),
        ("braces", '{"a":', "", ""),
        ("unknown keys", '"k%d": 1,', "{", '"a": 1}'),
        ("wrong overrides", '"k%d": [],', '{"overrides": {', '"a": 1}}'),
    ):
        yield Case("document", shape, _again(unit, f"\0{start}", end))
    yield Case("experiment", "rows", _again("fusion,steps,%d\n", "arm,quantity,mean\n"))
    yield Case("experiment", "an open quote", _again("x", 'arm\n"'))
    yield Case("experiment", "a manifest", _again('"k%d": 1,', "{", '"a": 1}'))


def _arrays() -> Iterator[Case]:
    yield Case("arrays", "zeros, packed", lambda size: _npz(size, packed=True))
    yield Case("arrays", "zeros, as they are", lambda size: _npz(size, packed=False))
    yield Case("arrays", "empty members", _members)
    yield Case("arrays", "no archive", lambda size: b"PK\5\6" * (size // 4))
    yield Case("weights", "one layer", _weights)
    yield Case("weights", "a header of braces", _braces)
    yield Case("tables", "too long", lambda size: bytes(size))


def _npz(size: int, *, packed: bool) -> bytes:
    file = io.BytesIO()
    (np.savez_compressed if packed else np.savez)(file, a=np.zeros(size, np.uint8))
    return file.getvalue()


def _members(size: int) -> bytes:
    file = io.BytesIO()
    with ZipFile(file, "w") as archive:
        for number in range(size // 110):
            archive.writestr(f"{number}.npy", b"")
    return file.getvalue()


def _weights(size: int) -> bytes:
    from safetensors.numpy import save

    return bytes(save({"actor.head.weight": np.zeros(size // 4, np.float32)}))


def _braces(size: int) -> bytes:
    return struct.pack("<Q", size - 8) + b'{"a":' * ((size - 8) // 5)


def _catalogs() -> Iterator[Case]:
    lines = _kept("catalog/two.tle").split("\n")
    yield Case("catalog", "TLE, one object", _again("\n".join(lines[:3]) + "\n"))
    yield Case("catalog", "TLE, first lines only", _again(f"{lines[1]}\n"))
    record = json.dumps(json.loads(_kept("catalog/two.json"))[0]).replace("339970", "%d")
    yield Case("catalog", "JSON, sound", _again(f"{record},\n", "[", "{}]"))
    yield Case("catalog", "JSON, one object", _again(f"{record % 7},\n", "[", "{}]"))
    yield Case("catalog", "JSON, broken", _again('{"OBJECT_NAME": "A", "EPOCH": }\n'))
    yield Case("catalog", "JSON, braces", _again("{", '{"EPOCH": 1}'))
    yield Case("catalog", "JSON, keys and braces", _again('{"a":'))
    xml = _kept("catalog/two.xml")
    begin, end = xml.index("<omm"), xml.index("</omm>") + 6
    yield Case("catalog", "XML, one object", _again(xml[begin:end], xml[:begin], "</ndm>"))
    yield Case("catalog", "XML, comments that begin", _again("<!--", "<ndm><omm >"))
    yield Case("catalog", "XML, elements that begin", _again("<a>", "<ndm><omm >"))
    yield Case("catalog", "XML, messages that begin", _again("<omm >", "<ndm>"))
    kvn = _kept("catalog/two.kvn")
    yield Case("catalog", "KVN, two objects", _again(kvn))
    yield Case("catalog", "KVN, one key", _again("EPOCH = 1\n"))
    header, row, *_ = _kept("catalog/two.csv").split("\n")
    yield Case("catalog", "CSV, one object", _again(f"{row}\n", f"{header}\n"))
    yield Case("catalog", "CSV, open quotes", _again('"a,', f"{header}\n"))
    yield Case("catalog", "CSV, separators", _again(",", f"{header}\n"))
    yield Case("catalog", "empty lines", _again("\n", tail="1"))
    yield Case("catalog", "one long line", _again("1 "))
    yield Case("catalog", "zeros, packed", lambda size: gzip.compress(bytes(size)))
    yield Case("catalog", "empty files, packed", lambda size: gzip.compress(b"") * (size // 20))
    for shape, make in TEXTS.items():
        yield Case("catalog", shape, partial(_encoded, make))


def _encoded(make: Callable[[int], str], size: int) -> bytes:
    return make(size).encode()


def _tables() -> Iterator[Case]:
    for name in ("attributes", "forecasts"):
        lines = [line for line in _kept(f"{name}/five.csv").split("\n") if not line.startswith("#")]
        yield Case(name, "one row again", _again(f"{lines[1]}\n", f"{lines[0]}\n"))
        yield Case(name, "wrong rows", _again("a,b\n", f"{lines[0]}\n"))


if __name__ == "__main__":
    main()
