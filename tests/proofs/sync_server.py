"""The hosted server as a process that can be killed, on SQLite or on a private PostgreSQL."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hosted.private_postgres import PrivatePostgres

ROOT = Path(__file__).resolve().parents[2]


class HostedProcess:
    """``python -m hosted`` on one port and one data folder, life after life."""

    def __init__(self, folder: Path, database: str = "") -> None:
        self.folder = folder
        self.database = database or str(folder / "practice.sqlite")
        self.port = _free_port()
        self._process: subprocess.Popen[str]

    def start(self) -> None:
        """Start it; it answers a little later."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "hosted", *self._where()],
            cwd=ROOT,
            env={**os.environ, "HOSTED_METRICS_PORT": "0", "DATABASE_URL": self.database},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def _where(self) -> list[str]:
        return ["--data-dir", str(self.folder), "--port", str(self.port)]

    def first_code(self) -> str:
        """Wait until it listens and return the pairing code for a new practice."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith("Pairing code"):
                return line.rpartition(" ")[2].strip()
        raise RuntimeError("the server did not start")

    def listens(self) -> bool:
        """Whether it has started so far that it takes connections."""
        with socket.socket() as tried:
            return tried.connect_ex(("127.0.0.1", self.port)) == 0

    @property
    def is_alive(self) -> bool:
        """Whether it runs."""
        return self._process.poll() is None

    def kill(self) -> None:
        """Kill it with ``SIGKILL``."""
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def end(self) -> None:
        """Kill it if it still runs."""
        if self.is_alive:
            self.kill()


@contextmanager
def database_in(folder: Path, *, postgres: bool) -> Iterator[str]:
    """Yield the URL of a fresh PostgreSQL database in ``folder``, or nothing for SQLite."""
    if not postgres:
        yield ""
        return
    cluster = PrivatePostgres(folder / "postgres")
    cluster.start()
    try:
        cluster.create("practicerunner")
        yield cluster.url("practicerunner")
    finally:
        cluster.stop()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
