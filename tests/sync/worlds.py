"""Desktops with real encrypted files and the real server, all in one thread, for tests of sync."""

from __future__ import annotations

import copy
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from app import bootstrap
from app.core.kernel.clock import unix_ms
from app.core.kernel.syncing import SyncStatus
from app.core.vault.desk import InlineWorker
from app.core.vault.keys import Keys
from app.open_practice import NUMBERED
from app.sync import connecting, status, wire
from app.sync.account.tokens import Tokens
from app.sync.engine import Did, Engine
from app.sync.file import LocalFile
from app.sync.forms import forms, full_rows
from app.sync.joining import Joining
from app.sync.outbox import OpState
from app.sync.protocol.messages import Refused
from app.sync.protocol.terms import Verb
from app.sync.state import Link
from app.sync.transport import ANSWERS, Declined, Trouble, Unreachable
from hosted.store.engine import Database, For, database_in_memory
from hosted.store.migrate import upgrade
from hosted.store.tables import Device
from hosted.sync import epochs
from hosted.sync.callers import Caller
from hosted.sync.exchange import Exchange
from hosted.sync.register import Register
from tests.support.clock import StillClock
from tests.support.images import image_of, put_image
from tests.support.practice import StoredPractice

Tap = Callable[[Verb, Any], Any]


class Hosted:
    """The real server, asked directly."""

    def __init__(self, database: Database) -> None:
        self.clock = StillClock()
        self.database = database
        upgrade(database, self.clock.now())
        self._register = Register()
        self.restart()

    def restart(self, content: bytes | None = None, *, anew: bool = False) -> None:
        """Stop and start it, with its data set back to ``content``, in a new epoch if ``anew``.

        What lies outside of its backups stays (record 0022).
        """
        if content is not None:
            put_image(self.database, content)
        if anew:
            epochs.begin_anew(self.database, self.clock.now())
        self.exchange = Exchange(self.database, self.clock, register=self._register)

    def found(self, practice_id: UUID) -> None:
        """Make the log of a practice that is new here."""
        with self.database.write(For(practice_id)) as session:
            epochs.begin_practice(session, self.epoch, self.clock.now())

    def pair(self, practice_id: UUID, member_id: UUID, name: str) -> Caller:
        """Pair a computer with a practice."""
        now = self.clock.now()
        device = Device(
            id=uuid4(),
            practice_id=practice_id,
            member_id=member_id,
            name=name,
            program="test",
            token_hash=uuid4().bytes + uuid4().bytes,
            paired_at=now,
            seen_at=now,
        )
        with self.database.write(For(practice_id)) as session:
            session.add(device)
        return Caller(device.id, practice_id, member_id, name)

    @property
    def epoch(self) -> str:
        """The present life of its data."""
        return epochs.facts(self.database).epoch


@dataclass
class Direct:
    """The transport of one computer, without a network; ``offline`` cuts it, ``tap`` bends it.

    ``heard`` keeps every answer as it came.
    """

    hosted: Hosted
    caller: Caller
    heard: list[bytes] = field(default_factory=list)
    offline: bool = False
    asked: list[Verb] = field(default_factory=list)
    tap: Tap | None = None

    def ask(self, verb: Verb, message: Any) -> Any:
        """Ask through JSON, as over a network."""
        if self.offline:
            raise Unreachable(Trouble.OFFLINE)
        self.asked.append(verb)
        if self.tap is not None and (bent := self.tap(verb, message)) is not None:
            return bent
        body, _ = self.hosted.exchange.answer(self.caller, verb, wire.write(message.to_json()))
        self.heard.append(body)
        said = wire.read(body)
        if "refused" in said:
            refused = Refused.read(said)
            raise Declined(refused.code, refused.detail)
        return ANSWERS[verb].read(said)

    def close(self) -> None:
        """Nothing is open."""


class Desktop:
    """One computer with its own file, clock and place for marks."""

    def __init__(self, root: Path, hosted: Hosted, clock: StillClock | None = None) -> None:
        self.root = root
        self.hosted = hosted
        self.clock = clock or hosted.clock
        self.transport: Direct
        self.practice: bootstrap.OpenPractice
        self.file: LocalFile
        self.engine: Engine

    @property
    def desk(self) -> Any:
        """Where a person works."""
        return self.practice.desk

    def opened(self, practice: bootstrap.OpenPractice) -> None:
        """Begin to work with an open file."""
        self.practice = practice
        self.file = LocalFile(practice.desk)
        self.engine = self._engine()

    def _engine(self) -> Engine:
        return Engine(
            self.file,
            self.transport,
            self.clock,
            program="test",
            zone=lambda: "America/Los_Angeles",
            prefixes=NUMBERED,
            renewed=self.practice._renewed,
        )

    def sync(self, rounds: int = 3) -> Did:
        """Exchange until nothing is left to do."""
        did = Did.QUIET
        for _ in range(rounds):
            self.engine.wake()
            self.engine.poke()
            did = self.engine.run()
        return did

    def restart(self) -> None:
        """Begin with a fresh engine, as after a crash between two steps."""
        self.file = LocalFile(self.practice.desk)
        self.engine = self._engine()

    def status(self) -> SyncStatus:
        """Return what the person sees."""
        return status.status_of(self.file, self.engine)

    def rows(self) -> dict[tuple[str, str], dict[str, Any]]:
        """Return everything that the file holds of the practice."""

        def read(part: Any) -> dict[tuple[str, str], dict[str, Any]]:
            return {
                (form.entity, pk.hex()): said
                for form in forms()
                for pk, _, said in full_rows(part.connection, form, "1 = 1", ())
            }

        return self.file.slice(read)

    def row(self, entity: str, pk: UUID) -> dict[str, Any]:
        """Return one row as JSON values."""
        return self.rows()[entity, pk.hex]

    def inbox(self) -> list[dict[str, Any]]:
        """Return what a person is asked."""
        return [said for (entity, _), said in self.rows().items() if entity == "inbox_item"]

    def waiting(self) -> list[OpState]:
        """Return the states of what the outbox holds."""
        return self.file.slice(lambda part: [each.state for each in part.outbox])

    def close(self) -> None:
        """Close the file."""
        with self.at_home():
            self.practice.close()

    def at_home(self) -> _Home:
        """Use this computer's own place for marks meanwhile."""
        return _Home(self.root / "state")


class _Home:
    """Each computer has a per-user state folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._was: str | None = None

    def __enter__(self) -> None:
        self._was = os.environ.get("PRACTICERUNNER_STATE_DIR")
        os.environ["PRACTICERUNNER_STATE_DIR"] = str(self._folder)

    def __exit__(self, *_: object) -> None:
        if self._was is not None:
            os.environ["PRACTICERUNNER_STATE_DIR"] = self._was


def copied(keys: Keys) -> Keys:
    """Return keys that may be wiped."""
    return Keys(bytearray(keys.database), bytearray(keys.psychotherapy))


def connected(desktop: Desktop, practice: bootstrap.OpenPractice, name: str) -> None:
    """Connect a practice that was on this computer alone, and bring it up."""
    actor = practice.desk.actor
    assert actor.member_id is not None
    desktop.hosted.found(actor.practice_id)
    caller = desktop.hosted.pair(actor.practice_id, actor.member_id, name)
    desktop.transport = Direct(desktop.hosted, caller)
    desktop.opened(practice)
    link = Link(actor.practice_id, "test", caller.device_id, name, "token")
    practice._tagged(desktop.file.slice(lambda part: connecting.tie(part, link, upload=True)))
    assert desktop.sync() is Did.QUIET


def joined(
    desktop: Desktop,
    first: Desktop,
    prepared: bootstrap.PreparedKeys,
    name: str,
    member_id: UUID | None = None,
) -> None:
    """Bring the practice of ``first`` to this computer, of its own member or of another."""
    actor = first.desk.actor
    member = member_id or actor.member_id
    caller = desktop.hosted.pair(actor.practice_id, member, name)
    desktop.transport = Direct(desktop.hosted, caller)
    found = Joining("test", name, Tokens("token"), caller.device_id, actor.practice_id, member)
    ready = bootstrap.PreparedKeys(
        prepared.file, copied(prepared.keys), copy.copy(prepared.recovery_key)
    )
    with desktop.at_home():
        practice = bootstrap.join_practice(
            desktop.root / "data",
            ready,
            found,
            clock=desktop.clock,
            works=InlineWorker,
            transport=lambda _server, _token: desktop.transport,
        )
    desktop.opened(practice)
    assert desktop.sync() is Did.QUIET


@dataclass(frozen=True)
class StoredComputer:
    """A closed computer on disk, to be copied."""

    root: Path
    keys: Keys
    caller: Caller

    def copy_to(self, root: Path, hosted: Hosted) -> Desktop:
        """Return an open copy of it."""
        shutil.copytree(self.root, root)
        desktop = Desktop(root, hosted)
        desktop.transport = Direct(hosted, self.caller)
        with desktop.at_home():
            practice = bootstrap.open_practice(
                root / "data", copied(self.keys), desktop.clock, InlineWorker
            )
        desktop.opened(practice)
        # It compared itself with the account when it was stored.
        desktop.engine.session.check = False
        assert desktop.sync() is Did.QUIET
        return desktop


@dataclass(frozen=True)
class StoredWorld:
    """An account and its computers, closed, to be copied: connecting takes longer than most tests.

    ``alone`` is the account before the second computer joined.
    """

    alone: bytes
    shared: bytes
    office: StoredComputer
    laptop: StoredComputer


def store_world(
    root: Path, stored: StoredPractice, keys: Keys, prepared: bootstrap.PreparedKeys
) -> StoredWorld:
    """Connect a copy of a practice, let a second computer join it, and return both closed."""
    hosted = Hosted(database_in_memory())
    office, laptop = (Desktop(root / name, hosted) for name in ("office", "laptop"))
    shutil.copytree(stored.folder, office.root / "data")
    shutil.copytree(stored.state, office.root / "state")
    with office.at_home():
        practice = bootstrap.open_practice(
            office.root / "data", copied(keys), office.clock, InlineWorker
        )
    connected(office, practice, "Office")
    alone = image_of(hosted.database)
    joined(laptop, office, prepared, "Laptop")
    made = StoredWorld(
        alone,
        image_of(hosted.database),
        StoredComputer(office.root, keys, office.transport.caller),
        StoredComputer(laptop.root, prepared.keys, laptop.transport.caller),
    )
    office.close()
    laptop.close()
    hosted.database.close()
    return made


def settle(*desktops: Desktop) -> None:
    """Let all computers exchange until nobody has anything new."""
    for _ in range(3):
        for desktop in desktops:
            assert desktop.sync() in {Did.QUIET, Did.ASKS}, desktop.engine.session


def assert_same(*desktops: Desktop) -> None:
    """All hold the same, nothing waits, and all say so."""
    first, *others = desktops
    for other in others:
        mine, theirs = first.rows(), other.rows()
        assert mine.keys() == theirs.keys()
        for key, said in mine.items():
            assert theirs[key] == said, key
    for desktop in desktops:
        assert desktop.waiting() == []


def ms(desktop: Desktop) -> int:
    """Return this computer's time."""
    return unix_ms(desktop.clock.now())
