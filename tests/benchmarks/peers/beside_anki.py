"""Anki as a peer: its package carries a client and a sync server, both in Rust.

It is AGPL and no dependency of ours: it lives in an environment of its own in the user's cache,
made at its first use, and runs as separate processes.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import platformdirs

_VERSION = "26.9.3"
_SCRIPT = Path(__file__).with_name("anki_script.py")
_PATIENCE = 30.0


class NoAnki(Exception):
    """It cannot be installed or run here; the text says why."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Rows a second, milliseconds, and the seconds of a new computer."""

    push: float
    pull: float
    edit_ms: float
    edit_worst_ms: float
    idle_ms: float
    fresh_s: float


def measured(rows: int) -> Measured:
    """Return Anki's figures with so many rows; raises ``NoAnki``."""
    python = _environment()
    with tempfile.TemporaryDirectory() as folder, _server(python, Path(folder)) as endpoint:
        said = _run(str(python), str(_SCRIPT), endpoint, folder, str(rows))
    return Measured(**json.loads(said.splitlines()[-1]))


def _environment() -> Path:
    """Return the interpreter of an environment that has Anki, made now if it is new."""
    cache = Path(platformdirs.user_cache_dir("practicerunner-bench", appauthor=False))
    folder = cache / f"anki-{_VERSION}"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    done = folder / "whole"
    if not done.exists():
        venv.create(folder, with_pip=True, clear=True)
        _run(str(python), "-m", "pip", "install", "-q", f"anki=={_VERSION}")
        done.touch()
    return python


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise NoAnki(f"Anki could not be measured: {last}")
    return done.stdout


@contextmanager
def _server(python: Path, folder: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    settings = {
        "SYNC_USER1": "bench:bench",
        "SYNC_BASE": str(folder / "server"),
        "SYNC_HOST": "127.0.0.1",
        "SYNC_PORT": str(port),
        "MAX_SYNC_PAYLOAD_MEGS": "1000",
    }
    process = subprocess.Popen(
        [str(python), "-m", "anki.syncserver"],
        env={**os.environ, **settings},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(process, port)
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.kill()
        process.wait()


def _wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
    raise NoAnki("Anki's server did not start.")


if __name__ == "__main__":
    print(measured(int(sys.argv[1])))
