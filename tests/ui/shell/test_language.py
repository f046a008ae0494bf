"""Screens and papers are in US English on every computer."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SAY = """
from datetime import date
from PySide6.QtWidgets import QApplication
from app.__main__ import speak_us_english
app = QApplication([])
print(f"{date(2026, 5, 5):%B %A}")
speak_us_english()
print(f"{date(2026, 5, 5):%B %A}")
"""


def test_a_german_computer_changes_no_word(tmp_path: Path) -> None:
    maker = shutil.which("localedef")
    if maker is None:
        pytest.skip("no other language can be made here")
    made = subprocess.run(
        [maker, "-i", "de_DE", "-f", "UTF-8", str(tmp_path / "de_DE.UTF-8")],
        capture_output=True,
        check=False,
    )
    if made.returncode:
        pytest.skip("no other language can be made here")
    done = subprocess.run(
        [sys.executable, "-c", SAY],
        cwd=ROOT,
        env={
            **os.environ,
            "LOCPATH": str(tmp_path),
            "LC_ALL": "de_DE.UTF-8",
            "QT_QPA_PLATFORM": "offscreen",
        },
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    assert done.stdout.split("\n")[:2] == ["Mai Dienstag", "May Tuesday"]
