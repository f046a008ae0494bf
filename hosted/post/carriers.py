"""Who carries a letter: an SMTP server over TLS, or a folder while one tries things out."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit
from uuid import UUID

from app.core.kernel.clock import Clock
from hosted.post.queue import Letter

#: Seconds that an SMTP server may be silent; far below a lease.
_PATIENCE = 20.0
_PORTS = {"smtp": 587, "smtps": 465}


class Carrier(Protocol):
    """Carries a letter, or raises ``OSError`` (of which smtplib's errors are)."""

    def carry(self, job: UUID, letter: Letter) -> None:
        """Hand the letter over; ``job`` names it, so that a second copy can be told."""
        ...


@dataclass(frozen=True, slots=True)
class Writer:
    """Makes an e-mail of a letter."""

    sender: str
    clock: Clock

    def message(self, job: UUID, letter: Letter) -> EmailMessage:
        """Return the letter as an e-mail of plain text."""
        message = EmailMessage()
        message["From"] = self.sender
        message["To"] = letter.to
        message["Subject"] = letter.subject
        message["Date"] = format_datetime(self.clock.now())
        domain = self.sender.rpartition("@")[2].strip("> ")
        message["Message-ID"] = f"<{job.hex}@{domain}>"
        message["Auto-Submitted"] = "auto-generated"
        # Not quoted-printable, which breaks links: letters are short lines of ASCII.
        message.set_content(letter.text, cte="7bit")
        return message


class Smtp:
    """An SMTP server: ``smtps://user:password@host`` or ``smtp://…``, which must offer STARTTLS."""

    def __init__(self, url: str, writer: Writer, trusted: ssl.SSLContext | None = None) -> None:
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or parts.hostname is None:
            raise ValueError("the address of an SMTP server begins with smtp:// or smtps://")
        self._host, self._port = parts.hostname, parts.port or _PORTS[parts.scheme]
        self._user, self._word = unquote(parts.username or ""), unquote(parts.password or "")
        self._at_once = parts.scheme == "smtps"
        self._writer = writer
        self._trusted = trusted or ssl.create_default_context()

    def carry(self, job: UUID, letter: Letter) -> None:
        """Hand the letter to the server, never without TLS."""
        with self._connected() as server:
            if self._user:
                server.login(self._user, self._word)
            server.send_message(self._writer.message(job, letter))

    def _connected(self) -> smtplib.SMTP:
        if self._at_once:
            return smtplib.SMTP_SSL(
                self._host, self._port, timeout=_PATIENCE, context=self._trusted
            )
        server = smtplib.SMTP(self._host, self._port, timeout=_PATIENCE)
        try:
            server.starttls(context=self._trusted)
        except BaseException:
            server.close()
            raise
        return server


class Folder:
    """Writes letters to files, for a server that one tries out on one's own machine."""

    def __init__(self, folder: Path, writer: Writer) -> None:
        self._folder = folder
        self._writer = writer

    def carry(self, job: UUID, letter: Letter) -> None:
        """Write the letter to a file."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (self._folder / f"{job.hex}.eml").write_bytes(bytes(self._writer.message(job, letter)))
