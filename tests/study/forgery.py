"""Run folders changed by someone who computes the checksums anew."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

from ssa_psro.inputs.seals import Seal, seal_of, sealed_archive, sealed_document


def edit(path: Path, **changes) -> None:
    """Change keys of a document as an editor would: its checksum stays."""
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}, indent=2) + "\n")


def forge(folder: Path) -> None:
    """Give every file the checksums that fit what is there now."""
    for path in folder.rglob("*.npz"):
        content = path.read_bytes()
        if content.endswith(b"\0\0") and seal_of(content) == Seal.NONE:
            path.write_bytes(sealed_archive(content))
    members = sorted(folder.glob("populations/*/*.json"))
    records = sorted(folder.glob("iterations/*.json"))
    for path in [*members, *records, folder / "solution.json", folder / "manifest.json"]:
        if path.is_file():
            seal(folder, path)


def seal(folder: Path, path: Path) -> None:
    """Give a document its checksum, and those of the files that it vouches for."""
    try:
        document = json.loads(path.read_text())
    except ValueError:
        return
    document.pop("checksum", None)
    vouched = document.get("sha256")
    if isinstance(vouched, dict):
        vouched |= {key: digest(folder / key) for key in vouched if (folder / key).is_file()}
    elif vouched and path.with_suffix(".safetensors").is_file():
        document["sha256"] = digest(path.with_suffix(".safetensors"))
    path.write_bytes(sealed_document((json.dumps(document, indent=2) + "\n").encode()))


def digest(path: Path) -> str:
    """Checksum of a file (hex)."""
    return sha256(path.read_bytes()).hexdigest()
