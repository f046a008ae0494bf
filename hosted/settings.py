"""Where the server keeps its data and where it listens."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

_LOOPBACK, _PORT, _METRICS = "127.0.0.1", 8323, 9323


@dataclass(frozen=True, slots=True)
class Settings:
    """What is set from outside.

    ``database`` is a ``postgresql://`` URL or the path of a SQLite file. ``metrics_port`` is for
    this machine alone; 0 for none.
    """

    data: Path
    database: str
    host: str = _LOOPBACK
    port: int = _PORT
    metrics_port: int = _METRICS
    threads: int = 8

    @property
    def register(self) -> Path:
        """The file of what no backup of the database may take back; keep it apart from them."""
        return self.data / "register.jsonl"

    @property
    def blobs(self) -> Path:
        """The folder of attached files, as ciphertext."""
        return self.data / "blobs"


def default_data_folder() -> Path:
    """Return the server's own data folder for this user."""
    return Path(platformdirs.user_data_dir("practicerunner-hosted", appauthor=False))


def from_environment(
    data: Path | None = None,
    host: str | None = None,
    port: int | None = None,
    environment: Mapping[str, str] = os.environ,
) -> Settings:
    """Return the settings of a start; ``DATABASE_URL`` puts the data on PostgreSQL."""
    folder = data or Path(environment.get("HOSTED_DATA_DIR") or default_data_folder())
    return Settings(
        data=folder,
        database=environment.get("DATABASE_URL") or str(folder / "practice.sqlite"),
        host=host or environment.get("HOSTED_HOST") or _LOOPBACK,
        port=_PORT if port is None else port,
        metrics_port=int(environment.get("HOSTED_METRICS_PORT") or _METRICS),
    )
