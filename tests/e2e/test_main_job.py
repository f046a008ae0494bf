"""From a fresh machine and a real client list to a printed superbill, on the real window."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pdfplumber
import pytest

from tests.e2e.main_job import MainJob


@pytest.mark.timeout(300)
def test_a_client_list_becomes_a_superbill(
    qapp: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRACTICERUNNER_STATE_DIR", str(tmp_path / "state"))
    job = MainJob(tmp_path)
    job.set_up()
    job.bring_in()
    job.book()
    job.hold()
    (paper,) = job.bill()
    job.lock()
    job.close()

    with pdfplumber.open(io.BytesIO(paper)) as document:
        words = " ".join(page.extract_text() for page in document.pages)
    for wanted in (
        "SB-2026-0001",
        "Mateo Moreau",
        "04/01/1984",
        "F41.1",
        "0001Z",
        "165.00",
        "2219",
    ):
        assert wanted in words, wanted
    everything = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for marker in ("Moreau", "interview", "W516969991", "mateo.moreau3"):
        assert marker.encode() not in everything
        assert marker.encode("utf-16-le") not in everything
