"""No change of a sealed file, be it a single bit, leaves its seal whole."""

from __future__ import annotations

import io
import json

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ssa_psro.inputs.seals import Seal, seal_of, sealed_archive, sealed_document

TEXT = (json.dumps({"name": "a", "numbers": [1.25, 2]}, indent=2) + "\n").encode()


def archive() -> bytes:
    """Arrays as numpy packs them."""
    file = io.BytesIO()
    np.savez_compressed(file, allow_pickle=False, a=np.arange(3.0), b=np.array(["x"]))
    return file.getvalue()


def test_what_is_sealed_is_still_what_it_was() -> None:
    document = json.loads(sealed_document(TEXT))
    assert list(document) == ["name", "numbers", "checksum"]
    assert {**json.loads(TEXT), "checksum": document["checksum"]} == document
    with np.load(io.BytesIO(sealed_archive(archive())), allow_pickle=False) as stored:
        np.testing.assert_array_equal(stored["a"], [0.0, 1.0, 2.0])
        assert stored["b"].tolist() == ["x"]


def test_a_checksum_is_of_all_before_it() -> None:
    """As anyone can compute it: the known SHA-256 of the text up to the last comma."""
    assert sealed_document(b"{\n}\n") == (
        b'{,\n  "checksum": "021fb596db81e6d02bf3d2586ee3981fe519f275c0ac9ca76bbcf2ebb4097d96"\n}\n'
    )


def test_seals_are_told() -> None:
    for plain, sealed in ((TEXT, sealed_document(TEXT)), (archive(), sealed_archive(archive()))):
        assert seal_of(plain) == Seal.NONE
        assert seal_of(sealed) == Seal.WHOLE
    assert seal_of(b"") == Seal.NONE


@given(st.data())
def test_no_flipped_bit_passes(data: st.DataObject) -> None:
    sealed = data.draw(st.sampled_from([sealed_document(TEXT), sealed_archive(archive())]))
    where, bit = data.draw(st.integers(0, len(sealed) - 1)), data.draw(st.integers(0, 7))
    changed = sealed[:where] + bytes([sealed[where] ^ 1 << bit]) + sealed[where + 1 :]
    assert seal_of(changed) != Seal.WHOLE


@given(st.data())
def test_nothing_cut_or_added_passes(data: st.DataObject) -> None:
    sealed = data.draw(st.sampled_from([sealed_document(TEXT), sealed_archive(archive())]))
    cut = data.draw(st.integers(0, len(sealed) - 1))
    assert seal_of(sealed[:cut]) != Seal.WHOLE
    assert seal_of(sealed + b"\n") != Seal.WHOLE
