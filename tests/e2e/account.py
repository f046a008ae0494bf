"""The hosted account as a process of its own, started and stopped as an operator does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_LISTENING, _CODE = "Listening on ", "Pairing code for a new practice: "
_PATIENCE = 60


class Account:
    """``python -m hosted`` on SQLite, on this machine alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[str] | None = None
        self._port = "0"
        self.address = ""
        self.code = ""
        """What the server printed for the first computer of a practice."""

    def start(self) -> None:
        """Start it; after a stop, where it was before."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "hosted", "--data-dir", str(self._folder), "--port", self._port],
            cwd=_ROOT,
            env={**os.environ, "HOSTED_METRICS_PORT": "0"},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.address = self._said(_LISTENING)
        if self._port == "0":
            self._port = self.address.rpartition(":")[2]
            self.code = self._said(_CODE)

    def stop(self) -> None:
        """Stop it, if it runs; its data stay."""
        if self._process is not None:
            self._process.terminate()
            self._process.communicate(timeout=_PATIENCE)
            self._process = None

    def _said(self, beginning: str) -> str:
        assert self._process is not None
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith(beginning):
                return line.removeprefix(beginning).strip()
        raise AssertionError(f"the server ended without saying {beginning!r}")
