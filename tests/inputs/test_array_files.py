"""Headers of an ``.npz`` file are looked at before anything is unpacked, and every trap is told."""

from __future__ import annotations

import io
import tracemalloc
import zipfile

import numpy as np
import pytest
from safetensors.numpy import save

from ssa_psro.inputs.array_files import StoredArrays, open_arrays
from ssa_psro.inputs.files import unpacked_weights


def npz(compressed: bool = True, **arrays: np.ndarray) -> bytes:
    """The content of an ``.npz`` file."""
    file = io.BytesIO()
    (np.savez_compressed if compressed else np.savez)(file, **arrays)
    return file.getvalue()


def npy(array: np.ndarray, version: tuple[int, int] = (1, 0)) -> bytes:
    """The content of an ``.npy`` file."""
    file = io.BytesIO()
    np.lib.format.write_array(file, array, version)
    return file.getvalue()


def archive(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive of ``members``."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as out:
        for name, content in members.items():
            out.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize("compressed", [True, False])
def test_arrays_come_back_as_they_were(compressed):
    arrays = {
        "flags": np.array([True, False]),
        "numbers": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        "one": np.array(7),
        "none": np.zeros((0, 3), np.int8),
        "names": np.array(["blue", "röd"]),
    }
    stored = StoredArrays(npz(compressed, **arrays))
    assert set(stored) == set(arrays)
    assert str(stored.layouts["numbers"]) == "float64[2, 3]"
    for name, array in arrays.items():
        assert stored.layouts[name] == (array.dtype, array.shape)
        np.testing.assert_array_equal(stored[name], array, strict=True)
    with pytest.raises(KeyError):
        stored["absent"]


def test_a_bomb_is_told_without_being_unpacked(tmp_path):
    path = tmp_path / "bomb.npz"
    path.write_bytes(npz(bomb=np.zeros(100_000_000, np.uint8)))
    tracemalloc.start()
    stored = open_arrays(path, 200_000_000)
    assert stored.layouts["bomb"].shape == (100_000_000,)
    with pytest.raises(OSError, match=r"unpacks to more than 50 MB"):
        open_arrays(path, 50_000_000)
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak_bytes < 2_000_000


LIE = npy(np.zeros(10)).replace(b"(10,)", b"(99,)")
"""An array that is shorter than its header says."""

DAMAGED = {
    "no archive": (b"PK\x03\x04 no", "not a zip file"),
    "cut short": (npz(a=np.arange(9))[:-30], "not a zip file"),
    "objects": (npz(a=np.array([{}], object)), "no array of numbers or texts"),
    "records": (npz(a=np.zeros(2, [("x", "f8")])), "no array of numbers or texts"),
    "nothing wide": (archive({"a.npy": npy(np.zeros(3, "V0"))}), "no array of numbers or texts"),
    "lie": (archive({"a.npy": LIE}), "not as long as its header says"),
    "text": (archive({"a.npy": b"hello, world"}), "magic string"),
    "newer": (archive({"a.npy": npy(np.zeros(3), (3, 0))}), r"newer format \(3, 0\)"),
    "packed otherwise": (archive({"a.npy": LIE}, zipfile.ZIP_LZMA), "packed in another way"),
    "two of a name": (archive({"a": npy(np.zeros(3)), "a.npy": npy(np.zeros(3))}), "1 names"),
    "too many": (archive({f"{n}.npy": b"" for n in range(101)}), "101 arrays"),
}


@pytest.mark.parametrize("case", DAMAGED)
def test_what_is_damaged_is_told(case):
    content, problem = DAMAGED[case]
    with pytest.raises(OSError, match=problem):
        StoredArrays(content)


def test_a_changed_bit_of_an_array_is_found_by_its_checksum():
    content = bytearray(npz(False, a=np.arange(10_000)))
    content[content.index(np.array(9_000).tobytes())] ^= 1
    stored = StoredArrays(bytes(content))
    with pytest.raises(OSError, match="Bad CRC-32"):
        stored["a"]


def test_parameters_that_are_not_finite_are_refused():
    sound = {"actor.head.weight": np.ones((2, 3), np.float32)}
    assert unpacked_weights(save(sound)).keys() == sound.keys()
    for value in (np.nan, np.inf):
        with pytest.raises(OSError, match=r"head\.bias holds something else than finite numbers"):
            unpacked_weights(save({**sound, "actor.head.bias": np.array([value], np.float32)}))
    with pytest.raises(OSError, match="is damaged"):
        unpacked_weights(save(sound)[:-1])
