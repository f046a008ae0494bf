"""Where the server keeps its data and where it listens."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

#: Who writes the letters of a server for one machine, and whom its owners ask.
NOBODY = "PracticeRunner <account@localhost.invalid>"
_LOOPBACK, _PORT, _METRICS = "127.0.0.1", 8323, 9323


class NotSet(Exception):
    """Something that must be set is not; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What is set from outside.

    ``database`` is a ``postgresql://`` URL or the path of a SQLite file. ``metrics_port`` is for
    this machine alone; 0 for none. ``public_url`` is where people's browsers find the server, and
    ``smtp`` who carries its letters, from ``sender``; without them it is for this machine alone,
    and letters are written to a folder. ``support`` is whom owners ask about their plan, else the
    ``sender``.
    """

    data: Path
    database: str
    host: str = _LOOPBACK
    port: int = _PORT
    metrics_port: int = _METRICS
    threads: int = 8
    public_url: str = ""
    smtp: str = ""
    sender: str = NOBODY
    support: str = ""

    @property
    def seal(self) -> Path:
        """The key of what is sealed in the database; keep it apart from the database's backups."""
        return self.data / "seal.key"

    @property
    def keys(self) -> Path:
        """The keys that sign plans; keep them apart from the database's backups."""
        return self.data / "plan-keys.json"

    @property
    def clock(self) -> Path:
        """How far the clock of a server that is not public was moved."""
        return self.data / "clock.json"

    @property
    def letters(self) -> Path:
        """The folder of letters, where no mail server carries them."""
        return self.data / "letters"

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
    """Return the settings of a start; ``DATABASE_URL`` puts the data on PostgreSQL.

    Raises ``NotSet`` for an address that people's browsers must not use.
    """
    folder = data or Path(environment.get("HOSTED_DATA_DIR") or default_data_folder())
    public_url, smtp, sender = _public(environment)
    return Settings(
        data=folder,
        database=environment.get("DATABASE_URL") or str(folder / "practice.sqlite"),
        host=host or environment.get("HOSTED_HOST") or _LOOPBACK,
        port=_PORT if port is None else port,
        metrics_port=int(environment.get("HOSTED_METRICS_PORT") or _METRICS),
        public_url=public_url,
        smtp=smtp,
        sender=sender,
        support=_support(environment) if public_url else "",
    )


def _support(environment: Mapping[str, str]) -> str:
    said = environment.get("HOSTED_SUPPORT", "")
    if said and "@" not in said:
        raise NotSet("HOSTED_SUPPORT is an email address, or not set.")
    return said


def _public(environment: Mapping[str, str]) -> tuple[str, str, str]:
    """Return where people find the server, who carries its letters and from whom: all, or none."""
    url = environment.get("HOSTED_PUBLIC_URL", "").rstrip("/")
    smtp, sender = environment.get("HOSTED_SMTP_URL", ""), environment.get("HOSTED_MAIL_FROM", "")
    if not url:
        return "", "", NOBODY
    if not url.startswith("https://") or "/" in url.removeprefix("https://"):
        raise NotSet("HOSTED_PUBLIC_URL is https:// and a name, without a path.")
    if not smtp or "@" not in sender:
        raise NotSet("A public server writes letters: set HOSTED_SMTP_URL and HOSTED_MAIL_FROM.")
    return url, smtp, sender
