"""The hosted account as a process of its own, started and stopped as an operator does."""

from __future__ import annotations

import email
import os
import subprocess
import sys
from datetime import datetime
from email import policy
from pathlib import Path

import httpx2

from hosted.__main__ import main
from hosted.clock import MovableClock
from hosted.post.queue import Letter
from tests.hosted.web.conftest import PATIENCE, UNASKED

_ROOT = Path(__file__).resolve().parents[2]
_LISTENING, _CODE = "Listening on ", "Pairing code for a new practice: "
_PATIENCE = 60


class Account:
    """``python -m hosted`` on SQLite, on this machine alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[str] | None = None
        self._port = "0"
        self._clients: list[httpx2.Client] = []
        self.clock = MovableClock(folder / "clock.json")
        """The server's clock, which its operator moves."""
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

    def stand_at(self, moment: datetime) -> None:
        """Move the server's clock; it goes on from there."""
        self._folder.mkdir(exist_ok=True)
        self.clock.move(moment - (self.clock.now() - self.clock.ahead))

    def administer(self, *words: str) -> None:
        """Do what an operator types after ``hosted admin``."""
        assert main(["--data-dir", str(self._folder), "admin", *words]) == 0

    def client(self) -> httpx2.Client:
        """Return a browser without cookies."""
        made = httpx2.Client(base_url=self.address, timeout=PATIENCE, verify=UNASKED)
        self._clients.append(made)
        return made

    def letters(self, address: str) -> list[Letter]:
        """Return the letters that an address has got."""
        found = []
        for path in (self._folder / "letters").glob("*.eml"):
            message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
            if message["To"] == address:
                found.append(Letter(address, message["Subject"], message.get_content()))
        return found

    def close(self) -> None:
        """Stop it for good; browsers are closed."""
        for client in self._clients:
            client.close()
        self.stop()

    def _said(self, beginning: str) -> str:
        assert self._process is not None
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith(beginning):
                return line.removeprefix(beginning).strip()
        raise AssertionError(f"the server ended without saying {beginning!r}")
