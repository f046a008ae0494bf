"""One practice file: made, unlocked, opened, locked. Everything else of the vault hangs here."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from filelock import FileLock, Timeout
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session
from sqlcipher3 import dbapi2

from app.core.kernel.clock import Clock
from app.core.kernel.errors import DiskFull, FileInUse, MachineError, NotOurFile, UserError
from app.core.store.audit import Link
from app.core.store.capture import PracticeSession
from app.core.vault import incarnation, migrate
from app.core.vault.attached import AttachedFiles
from app.core.vault.engine import (
    connect,
    database_said_plainly,
    engine_for,
    plain_database_error,
    session_factory,
)
from app.core.vault.files import DATABASE, KEYS, LOCK, said_plainly
from app.core.vault.incarnation import Mark, MarkPlace
from app.core.vault.keys import KeyFile, Keys, read_key_file, write_key_file
from app.core.vault.numbering import SeriesNumbers
from app.core.vault.outbox import OutboxSink, UndoTable, forget_old_undo
from app.core.vault.papers import PaperTable
from app.core.vault.removing import Removal
from app.core.vault.search import FullText
from app.core.vault.tables import SEARCH_TABLES

_log = logging.getLogger(__name__)

#: Bit 2: count. Bit 17: all tables, not only those that this connection has read.
_COUNT_GROWN = "PRAGMA optimize(0x10002)"


@dataclass(slots=True)
class VaultPorts:
    """What the vault hands to the store. See ``store.ports.Ports``."""

    chain: UUID
    tag: str
    sink: OutboxSink
    undo_log: UndoTable
    search: FullText
    files: AttachedFiles
    removal: Removal = field(default_factory=Removal)
    last_backup: datetime | None = None
    chain_end: Link | None = None
    numbered: bool = False
    """Whether a number was asked for since the mark was written."""

    def numbers(self, session: Session) -> SeriesNumbers:
        """Return this incarnation's numbers in the transaction of ``session``."""
        self.numbered = True
        return SeriesNumbers(session, self.tag, self.chain)

    def papers(self, session: Session) -> PaperTable:
        """Return the paper store in the transaction of ``session``."""
        return PaperTable(session)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a practice lies, and where its mark lies outside of it."""

    folder: Path
    marks: tuple[MarkPlace, ...]

    @property
    def database(self) -> Path:
        """The encrypted database."""
        return self.folder / DATABASE

    @property
    def keys(self) -> Path:
        """The wrapped keys."""
        return self.folder / KEYS

    def exists(self) -> bool:
        """Return whether a practice lies here."""
        return self.database.exists() or self.keys.exists()


class Vault:
    """An unlocked practice file with its two connections."""

    def __init__(
        self, place: Place, keys: Keys, vault_id: str, clock: Clock, lock: FileLock
    ) -> None:
        self.place = place
        self.keys = keys
        self.vault_id = vault_id
        self.clock = clock
        self._lock = lock
        self._writer: Any = connect(place.database, keys.database)
        self._reader: Any = None
        self._mark: Mark | None = None

    def settle(self) -> VaultPorts:
        """Find out which incarnation opens the file and return the ports that speak for it."""
        mark = incarnation.read_marks(list(self.place.marks), self.vault_id)
        with Session(engine_for(self._writer, writes=True), expire_on_commit=False) as session:
            position = incarnation.position(session)
            found = incarnation.settle(session, mark, self.clock.now())
            settled = Mark(found.id, found.opened, position)
            tag, is_new = found.tag, mark is None or mark.incarnation != found.id
            try:
                forget_old_undo(session, self.clock.now())
                session.commit()
            except DatabaseError as error:
                session.rollback()
                # A full disk must not keep a person from reading what is there.
                if is_new or not isinstance(plain_database_error(error), DiskFull):
                    raise
                settled = replace(settled, opened=settled.opened - 1)
        self._write_mark(settled)
        return VaultPorts(
            settled.incarnation,
            tag,
            OutboxSink(),
            UndoTable(),
            FullText(),
            AttachedFiles(self.place.folder),
        )

    def renewed(self, ports: VaultPorts, fresh: UUID, tag: str) -> None:
        """Speak as a new incarnation from now on; called after it was written, on the writer."""
        ports.chain, ports.tag, ports.chain_end = fresh, tag, None
        self._mark = Mark(fresh, 1, 0)
        self.mark_now()

    def sessions(
        self, practice_id: UUID, ports: VaultPorts
    ) -> tuple[Callable[[], PracticeSession], Callable[[], PracticeSession]]:
        """Return what opens sessions to write and to read."""
        self._reader = connect(self.place.database, self.keys.database, read_only=True)
        return (
            session_factory(self._writer, practice_id, ports, writes=True),
            session_factory(self._reader, practice_id, ports, writes=False),
        )

    @property
    def connection(self) -> Any:
        """The writing connection; only the writer's thread may use it."""
        return self._writer

    @contextmanager
    def lightly(self) -> Iterator[None]:
        """Let commits inside not wait for the disk: what they write can be fetched again.

        A power cut takes back whole slices, never a part of one; the next commit of a person
        waits for all of them.
        """
        self._writer.execute("PRAGMA synchronous = NORMAL")
        try:
            yield
        finally:
            self._writer.execute("PRAGMA synchronous = FULL")

    def scrub(self) -> None:
        """Leave nothing of removed records in the file or in the log beside it.

        The search index forgets a word only when it is written anew, the file a page only when it
        is. Takes as long as copying the file; on the writer's thread. Raises ``MachineError`` where
        the disk refuses, and where somebody reads the file for so long that its log must stay.
        """
        with database_said_plainly():
            for table in SEARCH_TABLES:
                self._writer.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")
            self._writer.execute("VACUUM")
            busy, *_ = self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise MachineError("The practice is being read: try again when that has ended.")

    def mark_now(self) -> None:
        """Store how far the file has come outside of it; on the writer's thread."""
        if self._mark is None:
            return
        position = incarnation.position_in(self._writer)
        self._write_mark(replace(self._mark, position=position))

    def take_stock(self) -> None:
        """Have the engine count what a search should begin with, where tables have grown tenfold.

        Every key begins with the practice, which is the same in all rows: without such counts the
        engine takes it for a good beginning, and reads a whole table for one client. They are
        read when the file is opened again.
        """
        try:
            self._writer.execute("BEGIN")
            self._writer.execute(_COUNT_GROWN).fetchall()
            self._writer.execute("COMMIT")
        except dbapi2.DatabaseError as error:
            # Advice for the next time: a full disk keeps nobody from locking.
            _log.warning("no stock was taken: %s", error)
            if self._writer.in_transaction:
                self._writer.execute("ROLLBACK")

    def _write_mark(self, mark: Mark) -> None:
        self._mark = mark
        incarnation.writer_of(list(self.place.marks), self.vault_id)(mark)

    def close(self) -> None:
        """Close the connections, drop and zero the keys, let the file go."""
        for connection in (self._reader, self._writer):
            if connection is not None:
                connection.close()
        self.keys.wipe()
        self._lock.release()


def require_free(place: Place) -> None:
    """Raise ``UserError`` where a practice lies."""
    with said_plainly(place.folder):
        taken = place.keys.exists()
    if taken:
        raise UserError(
            "A practice already lies in this folder: open it, or choose an empty folder.",
            field="data_dir",
        )


def make_vault(place: Place, file: KeyFile, keys: Keys, clock: Clock) -> Vault:
    """Make a new, empty practice file and return it open.

    It counts as a practice only once ``seal`` has written the key file, so that a set-up that
    was interrupted leaves nothing that opens. Raises ``UserError`` where a practice lies there.
    """
    require_free(place)
    with said_plainly(place.folder):
        place.folder.mkdir(parents=True, exist_ok=True)
        lock = take_lock(place)
    try:
        with said_plainly(place.folder):
            _set_unfinished_aside(place)
        _make_database(place, keys)
        return Vault(place, keys, file.vault_id, clock, lock)
    except BaseException:
        lock.release()
        raise


def _make_database(place: Place, keys: Keys) -> None:
    try:
        connection = connect(place.database, keys.database)
        try:
            migrate.create(connection)
        finally:
            connection.close()
    except BaseException:
        _remove_database(place)
        raise


def abandon(vault: Vault) -> None:
    """Close a new practice whose set-up was refused, and leave nothing of it behind."""
    vault.close()
    if not vault.place.keys.exists():
        _remove_database(vault.place)


def seal(vault: Vault, file: KeyFile) -> None:
    """Finish a new practice: from now on its key file opens it."""
    with said_plainly(vault.place.folder):
        write_key_file(vault.place.keys, file)


def _set_unfinished_aside(place: Place) -> None:
    # A database without its keys is nearly always an interrupted set-up; it might be a lost key
    # file, so it is moved, never removed.
    number = 1
    while (aside := place.folder / f"unfinished-{number}").exists():
        number += 1
    for path in _database_files(place):
        if path.exists():
            aside.mkdir(exist_ok=True)
            path.replace(aside / path.name)


def _remove_database(place: Place) -> None:
    for path in _database_files(place):
        path.unlink(missing_ok=True)


def _database_files(place: Place) -> list[Path]:
    return [place.database.with_name(DATABASE + suffix) for suffix in ("", "-wal", "-shm")]


def unlock(place: Place, *, passphrase: str | None = None, recovery_key: str | None = None) -> Keys:
    """Unwrap the keys of the practice at ``place``.

    Raises ``WrongPassphrase``, ``NotOurFile`` or ``NewerFile``.
    """
    with said_plainly(place.folder):
        if not place.database.exists():
            raise NotOurFile(
                f"There is no practice in {place.folder}: choose its folder, or restore a backup."
            )
        if not place.keys.exists():
            raise NotOurFile("The key file beside the practice is missing: restore from a backup.")
        file = read_key_file(place.keys)
    if recovery_key is not None:
        return file.open_with_recovery_key(recovery_key)
    return file.open_with_passphrase(passphrase or "")


def open_vault(
    place: Place, keys: Keys, clock: Clock, copy_before_upgrade: Callable[[Vault], None]
) -> Vault:
    """Open the practice at ``place`` with unwrapped ``keys``, bringing an older file along.

    Raises ``FileInUse``, ``NotOurFile`` or ``NewerFile``.
    """
    lock = take_lock(place)
    try:
        vault = Vault(place, keys, read_key_file(place.keys).vault_id, clock, lock)
    except BaseException:
        lock.release()
        raise
    try:
        if not migrate.is_current(vault.connection):
            migrate.upgrade(
                vault.connection, place.database, lambda _path: copy_before_upgrade(vault)
            )
    except BaseException:
        vault.close()
        raise
    return vault


def change_passphrase(place: Place, keys: Keys, passphrase: str) -> None:
    """Wrap the opened keys with a new passphrase; raises ``UserError`` when it is too short."""
    write_key_file(place.keys, read_key_file(place.keys).with_passphrase(keys, passphrase))


def new_recovery_key(place: Place, keys: Keys) -> str:
    """Wrap the opened keys with a fresh recovery key and return it; the old one stops working."""
    file, recovery = read_key_file(place.keys).with_new_recovery_key(keys)
    write_key_file(place.keys, file)
    return recovery


def take_lock(place: Place) -> FileLock:
    """Claim the practice's folder for this program; raises ``FileInUse``."""
    lock = FileLock(str(place.folder / LOCK), timeout=0, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        raise FileInUse(
            "This practice is open in another copy of the program: close that one first."
        ) from None
    except OSError as error:
        raise MachineError(
            f"The folder {place.folder} cannot be written: {error.strerror}."
        ) from None
    return lock
