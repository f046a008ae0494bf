"""Letters arrive once each, over TLS, whatever dies on the way."""

from __future__ import annotations

import email
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import timedelta
from email.message import Message
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from sqlalchemy import select

from hosted.post import queue
from hosted.post.carriers import Folder, Smtp, Writer
from hosted.post.postman import Postman
from hosted.post.queue import LEASE, MOST_ATTEMPTS, Letter, Queue, wait_after
from hosted.post.tables import Job
from hosted.seal import NotSealedHere, Seal, open_seal
from hosted.store.engine import Database, For
from tests.support.clock import StillClock

LINK = "https://account.example/account/confirm?key=" + "k" * 43
LETTER = Letter("ana@example.com", "Confirm your email address", f"Open this:\n\n{LINK}\n")
PATIENCE = 20.0
SENDER = "PracticeRunner <account@practice.example>"


class Deaf(Exception):
    """A carrier that dies in the middle of its work."""


class Mailbox:
    """A carrier that keeps what it is given, and fails as often as it is told to."""

    def __init__(self, failures: int = 0) -> None:
        self.letters: list[tuple[UUID, Letter]] = []
        self.failures = failures

    def carry(self, job: UUID, letter: Letter) -> None:
        """Keep the letter."""
        if self.failures:
            self.failures -= 1
            raise ConnectionRefusedError
        self.letters.append((job, letter))


@pytest.fixture
def clock() -> StillClock:
    """A clock that stands still."""
    return StillClock()


@pytest.fixture
def letters(stored: Database, clock: StillClock) -> Queue:
    """An empty queue."""
    return Queue(stored, clock, SEAL)


SEAL = Seal()


def leave(database: Database, clock: StillClock, letter: Letter = LETTER) -> None:
    """Leave a letter in a transaction that is for somebody."""
    with database.write(For(login=UUID(int=7))) as session:
        queue.leave(session, SEAL, letter, clock.now())


def test_a_letter_is_carried_once_and_then_forgotten(
    stored: Database, letters: Queue, clock: StillClock
) -> None:
    leave(stored, clock)
    mailbox = Mailbox()
    postman = Postman(letters, mailbox)
    assert letters.any_due()
    assert (postman.round(), postman.round()) == (1, 0)
    assert not letters.any_due()
    assert [letter for _job, letter in mailbox.letters] == [LETTER]
    with stored.read(For(server=True)) as session:
        assert session.scalars(select(Job)).one().sealed == b""
    clock.forward(days=31)
    letters.sweep()
    with stored.read(For(server=True)) as session:
        assert session.scalars(select(Job)).all() == []


def test_a_transaction_that_fails_leaves_no_letter(
    stored: Database, letters: Queue, clock: StillClock
) -> None:
    def broken() -> None:
        with stored.write(For()) as session:
            queue.leave(session, SEAL, LETTER, clock.now())
            session.flush()
            raise Deaf

    with pytest.raises(Deaf):
        broken()
    assert letters.lease() is None


def test_what_a_dead_carrier_held_is_carried_by_another_under_the_same_id(
    stored: Database, letters: Queue, clock: StillClock
) -> None:
    leave(stored, clock)
    dead = letters.lease()
    assert dead is not None
    assert letters.lease() is None
    clock.forward(seconds=LEASE.total_seconds())
    alive = letters.lease()
    assert alive is not None
    assert alive.job == dead.job
    # The dead one was only slow: it says nothing about a letter that is another's by now.
    letters.failed(dead, "TimeoutError")
    letters.carried(alive)
    assert letters.lease() is None
    clock.forward(days=1)
    assert letters.lease() is None


def test_a_letter_that_fails_waits_longer_each_time_and_is_given_up(
    stored: Database, letters: Queue, clock: StillClock
) -> None:
    leave(stored, clock)
    mailbox = Mailbox(failures=2)
    postman = Postman(letters, mailbox)
    assert postman.round() == 0
    clock.forward(seconds=29)
    assert postman.round() == 0
    clock.forward(seconds=1)
    assert postman.round() == 0
    clock.forward(seconds=60)
    assert postman.round() == 1
    leave(stored, clock)
    mailbox.failures = MOST_ATTEMPTS + 1
    for attempt in range(1, MOST_ATTEMPTS + 1):
        postman.round()
        clock.forward(seconds=wait_after(attempt).total_seconds())
    assert mailbox.failures == 1
    assert not letters.any_due()
    assert wait_after(MOST_ATTEMPTS) == timedelta(hours=6)


def test_two_postmen_carry_every_letter_once(
    stored: Database, letters: Queue, clock: StillClock
) -> None:
    for number in range(20):
        leave(stored, clock, Letter(f"{number}@example.com", "s", "t"))
    mailbox = Mailbox()
    men = [
        threading.Thread(target=Postman(letters, mailbox).round, name=f"postman {number}")
        for number in range(3)
    ]
    for man in men:
        man.start()
    for man in men:
        man.join()
    to = sorted(letter.to for _job, letter in mailbox.letters)
    assert to == sorted(f"{number}@example.com" for number in range(20))


def test_a_letter_that_nobody_can_read_does_not_hold_up_the_others(
    stored: Database, letters: Queue, clock: StillClock
) -> None:
    with stored.write(For()) as session:
        queue.leave(session, Seal(), LETTER, clock.now())
    clock.forward(seconds=1)
    leave(stored, clock)
    mailbox = Mailbox()
    assert Postman(letters, mailbox).round() == 1
    assert len(mailbox.letters) == 1


def test_nobody_but_the_server_reads_letters(walled: Database, clock: StillClock) -> None:
    leave(walled, clock)
    for whom in (For(), For(UUID(int=1)), For(login=UUID(int=7)), For(token=b"x" * 32)):
        with walled.read(whom) as session:
            assert session.scalars(select(Job)).all() == []
    with walled.read(For(server=True)) as session:
        assert len(session.scalars(select(Job)).all()) == 1


# A real mail server.


class Kept:
    """What a mail server does with a letter: keep it."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.arrived = threading.Event()

    async def handle_DATA(self, _server: SMTP, _session: Session, said: Envelope) -> str:
        """Keep a letter."""
        assert isinstance(said.content, bytes)
        self.messages.append(email.message_from_bytes(said.content))
        self.arrived.set()
        return "250 OK"


def _knows(_server: SMTP, _session: Session, _said: Any, mechanism: str, auth: Any) -> AuthResult:
    right = (auth.login, auth.password) == (b"practice", b"p@ss word")
    return AuthResult(success=right and mechanism in {"PLAIN", "LOGIN"})


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """Who vouches for the mail server."""
    return trustme.CA()


@pytest.fixture
def mail(authority: trustme.CA) -> Iterator[tuple[Kept, int]]:
    """A mail server that takes letters over TLS alone, and its port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    kept = Kept()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(
        kept,
        hostname="127.0.0.1",
        port=port,
        tls_context=context,
        require_starttls=True,
        authenticator=_knows,
        auth_required=True,
    )
    server.start()
    yield kept, port
    server.stop()


def trusting(authority: trustme.CA) -> ssl.SSLContext:
    """Return a context that trusts this authority alone."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def test_a_letter_reaches_a_real_mail_server_over_tls(
    stored: Database,
    letters: Queue,
    clock: StillClock,
    mail: tuple[Kept, int],
    authority: trustme.CA,
) -> None:
    kept, port = mail
    leave(stored, clock)
    url = f"smtp://practice:p%40ss%20word@localhost:{port}"
    postman = Postman(letters, Smtp(url, Writer(SENDER, clock), trusting(authority)))
    postman.start()
    assert kept.arrived.wait(PATIENCE)
    postman.stop()
    assert not letters.any_due()
    (message,) = kept.messages
    assert (message["To"], message["From"]) == ("ana@example.com", SENDER)
    assert message["Subject"] == LETTER.subject
    assert message["Message-ID"].endswith("@practice.example>")
    assert message["Auto-Submitted"] == "auto-generated"
    assert str(message.get_payload()).replace("\r\n", "\n").strip() == LETTER.text.strip()


def test_a_mail_server_that_nobody_vouches_for_gets_no_letter(
    stored: Database, letters: Queue, clock: StillClock, mail: tuple[Kept, int]
) -> None:
    kept, port = mail
    leave(stored, clock)
    other = trusting(trustme.CA())
    for url in (
        f"smtp://practice:p%40ss%20word@localhost:{port}",
        f"smtp://practice:wrong@localhost:{port}",
        f"smtps://localhost:{port}",
    ):
        assert Postman(letters, Smtp(url, Writer(SENDER, clock), other)).round() == 0
        clock.forward(hours=1)
    assert kept.messages == []


def test_a_mail_server_without_tls_gets_no_letter(
    stored: Database, letters: Queue, clock: StillClock
) -> None:
    kept = Kept()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(kept, hostname="127.0.0.1", port=port)
    server.start()
    try:
        leave(stored, clock)
        carrier = Smtp(f"smtp://127.0.0.1:{port}", Writer(SENDER, clock))
        assert Postman(letters, carrier).round() == 0
    finally:
        server.stop()
    assert kept.messages == []


def test_without_a_mail_server_letters_lie_in_a_folder(tmp_path: Path, clock: StillClock) -> None:
    Folder(tmp_path / "letters", Writer(SENDER, clock)).carry(UUID(int=9), LETTER)
    (path,) = (tmp_path / "letters").iterdir()
    assert LINK in path.read_text("utf-8")
    assert LINK in str(email.message_from_bytes(path.read_bytes()).get_payload())


@pytest.mark.parametrize("to", ["a@b.example\nBcc: c@d.example", "a@b.example\r\n\r\nx"])
def test_no_header_is_smuggled_in(clock: StillClock, to: str) -> None:
    with pytest.raises(ValueError, match=r"(?i)header|newline|linefeed"):
        Writer(SENDER, clock).message(UUID(int=1), Letter(to, "s", "t"))


# The seal.


def test_a_seal_opens_what_it_closed_for_what_it_was_closed_for(tmp_path: Path) -> None:
    seal = open_seal(tmp_path / "seal.key")
    sealed = seal.close(b"secret", "totp 1")
    assert b"secret" not in sealed
    assert open_seal(tmp_path / "seal.key").open(sealed, "totp 1") == b"secret"
    assert (tmp_path / "seal.key").stat().st_mode & 0o077 == 0
    for other, bound in ((seal, "totp 2"), (Seal(), "totp 1")):
        with pytest.raises(NotSealedHere):
            other.open(sealed, bound)
    for broken in (b"", sealed[:-1], sealed[:5], bytes(len(sealed))):
        with pytest.raises(NotSealedHere):
            seal.open(broken, "totp 1")
