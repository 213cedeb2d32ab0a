"""The one opener: regular files only, no longer than allowed, no link out of a folder."""

from __future__ import annotations

import gzip
import os
import socket
from pathlib import Path

import pytest

from ssa_psro.inputs.opening import in_words, read_bytes, unpacked


@pytest.fixture
def why(tmp_path: Path):
    """Why a file of ``tmp_path`` is refused."""

    def told(name: str, most_bytes: int = 10, inside: Path | None = None) -> str:
        with pytest.raises(OSError) as caught:  # noqa: PT011
            read_bytes(tmp_path / name, most_bytes, inside)
        return in_words(caught.value)

    return told


def test_files_are_read_up_to_their_limit(tmp_path, why):
    (tmp_path / "file").write_bytes(b"0123456789")
    assert read_bytes(tmp_path / "file", 10) == b"0123456789"
    assert why("file", 9) == "is larger than 9e-06 MB"


def test_what_is_no_file_is_refused_without_waiting(tmp_path, why):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    assert why("pipe") == "is a pipe, not a file"
    assert why("folder") == "is a folder, not a file"
    assert why("/dev/zero") == "is a device, not a file"
    assert why("absent") == "cannot be read: No such file or directory"
    assert why("a\0b") == "cannot be read: there is a null byte in its name"
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(tmp_path / "socket"))
        assert why("socket") == "cannot be read: No such device or address"


def test_a_file_that_tells_no_length_is_limited_all_the_same(why):
    assert why("/proc/self/status") == "is larger than 1e-05 MB"


def test_links_are_followed_where_the_user_named_them_but_not_inside_a_folder(tmp_path, why):
    folder = tmp_path / "folder"
    folder.mkdir()
    (tmp_path / "secret").write_bytes(b"secret")
    (folder / "link").symlink_to(tmp_path / "secret")
    (folder / "up").symlink_to(tmp_path)
    assert read_bytes(folder / "link", 10) == b"secret"
    for name in ("folder/link", "folder/up/secret"):
        assert "symbolic link" in why(name, inside=folder)
    for name in ("folder/../secret", "secret"):
        assert why(name, inside=folder) == "leads out of its folder"


def test_a_folder_may_itself_be_reached_by_a_link(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "file").write_bytes(b"1")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert read_bytes(tmp_path / "link" / "file", 10, tmp_path / "link") == b"1"


def test_gzip_is_unpacked_whole_and_no_further_than_allowed():
    packed = gzip.compress(b"a" * 100) + gzip.compress(b"b")
    assert unpacked(packed, 101) == b"a" * 100 + b"b"
    for content, problem in (
        (packed, "is larger than 0.0001 MB once unpacked"),
        (packed[:20], "is damaged gzip: Compressed file ended before"),
        (b"\x1f\x8b" + b"\xff" * 20, "is damaged gzip: Unknown compression method"),
        (packed[:-6] + bytes(6), "is damaged gzip: CRC check failed"),
    ):
        with pytest.raises(OSError, match=problem):
            unpacked(content, 100 if content is packed else 101)
