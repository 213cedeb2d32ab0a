"""Where there is Chromium: the page of a finished run, by keyboard, by pointer and on paper."""

from __future__ import annotations

from pathlib import Path

import pytest
from run_folders import Report

from evidence.page.browser import browser, chromium
from evidence.page.look import looked_at

PROGRAM = chromium() or ""


@pytest.mark.slow
@pytest.mark.skipif(not PROGRAM, reason="there is no Chromium")
def test_timeline_does_what_it_says(finished: Report, tmp_path: Path) -> None:
    with browser(PROGRAM) as tab:
        found = list(looked_at(tab, finished.page, tmp_path))
    assert len(found) > 60
    assert [words for words, held in found if not held] == []
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")
