"""Makes, opens and restores practices for window and command line. Never imports Qt."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app import __version__
from app.core import mapping
from app.core.clinical import editions
from app.core.kernel.acting import Actor, Role, member_actor, system_actor
from app.core.kernel.clock import Clock, SystemClock, unix_ms
from app.core.kernel.entitlement import NO_ACCOUNT
from app.core.kernel.errors import MachineError, NotOurFile, WrongPassphrase
from app.core.kernel.ids import new_id
from app.core.scheduling.commands import keep_begun_sessions
from app.core.store.unit import UnitOfWork
from app.core.team.tables import Member
from app.core.vault import backup as backups
from app.core.vault import leaving
from app.core.vault import vault as vaults
from app.core.vault.desk import InlineWorker, VaultDesk, Worker, Works
from app.core.vault.engine import database_said_plainly, engine_for, session_factory
from app.core.vault.files import said_plainly
from app.core.vault.keys import KeyFile, Keys, make_keys, read_key_file
from app.core.vault.tables import Occupant
from app.core.vault.throttle import Throttle
from app.core.vault.vault import Place, Vault
from app.folders import state_dir
from app.open_practice import OpenPractice
from app.places import left_from, place_of, sign_in_safe

if TYPE_CHECKING:
    from app.core.team.commands import NewPractice
    from app.sync.joining import Joining, MakeTransport

_log = logging.getLogger(__name__)

#: What whoever makes and opens practices needs; ``OpenPractice`` is what comes of it.
__all__ = [
    "OpenPractice",
    "PreparedKeys",
    "create_practice",
    "join_practice",
    "open_practice",
    "prepare_keys",
    "require_free",
    "restore",
    "unlock",
]


@dataclass(frozen=True, slots=True)
class PreparedKeys:
    """Keys made before the practice exists, so that the recovery key can be typed back first."""

    file: KeyFile
    keys: Keys
    recovery_key: str

    @property
    def life(self) -> UUID:
        """The same for each try to fill the one file that they will open."""
        return uuid5(UUID(hex=self.file.vault_id), "joining")


def prepare_keys(passphrase: str) -> PreparedKeys:
    """Draw the keys of a new practice; raises ``UserError`` for a passphrase too short."""
    file, keys, recovery = make_keys(passphrase)
    return PreparedKeys(file, keys, recovery)


@database_said_plainly()
def create_practice(
    folder: Path,
    prepared: PreparedKeys,
    new: NewPractice,
    clock: Clock | None = None,
    works: Callable[[str], Works] = Worker,
) -> OpenPractice:
    """Make a practice in ``folder``: all of it, or nothing that opens.

    Raises ``UserError`` for a field to mend or where a practice already lies there,
    ``MachineError`` when the disk refuses.
    """
    # Imported here: an ordinary start makes no practice.
    from app.core.team.commands import set_up_practice  # noqa: PLC0415

    clock = clock or SystemClock()
    mapping.complete()
    place = _free_place(folder)
    vault = vaults.make_vault(place, prepared.file, prepared.keys, clock)
    try:
        ports = vault.settle()
        practice_id = new_id(unix_ms(clock.now()))
        writes = session_factory(vault.connection, practice_id, ports, writes=True)
        with writes() as session:
            uow = UnitOfWork(session, system_actor(practice_id), NO_ACCOUNT, clock)
            owner = set_up_practice(uow, new).owner_id
            session.execute(insert(Occupant), [{"practice_id": practice_id, "member_id": owner}])
            uow.commit()
        vaults.seal(vault, prepared.file)
        actor = member_actor(practice_id, owner, Role.OWNER)
        return OpenPractice(vault, ports, actor, clock, works)
    except BaseException:
        vaults.abandon(vault)
        raise


def join_practice(
    folder: Path,
    prepared: PreparedKeys,
    joining: Joining,
    heard: Callable[[int, int], None] = lambda _done, _total: None,
    clock: Clock | None = None,
    works: Callable[[str], Works] = Worker,
    transport: MakeTransport | None = None,
) -> OpenPractice:
    """Make a file for a practice of the account in ``folder``: usable, or nothing that opens.

    ``joining`` comes from ``sync.joining.pair``; ``heard`` is told how many records of how many
    have come. Raises ``UserError`` where a practice already lies there, ``MachineError`` when
    the disk refuses or the account cannot be asked.
    """
    from app.sync.joining import fill  # noqa: PLC0415 - as in OpenPractice.sync

    clock = clock or SystemClock()
    mapping.complete()
    vault = vaults.make_vault(_free_place(folder), prepared.file, prepared.keys, clock)
    fetcher = works("practice-fetch")
    try:
        ports = vault.settle()
        writes = session_factory(vault.connection, joining.practice_id, ports, writes=True)
        with writes() as session:
            occupant = {"practice_id": joining.practice_id, "member_id": joining.member_id}
            session.execute(insert(Occupant), [occupant])
            session.commit()
        desk = VaultDesk(
            writes=writes,
            reads=writes,
            actor=system_actor(joining.practice_id),
            entitlement=lambda: NO_ACCOUNT,
            zone=lambda: "UTC",
            clock=clock,
            works=InlineWorker,
            lightly=vault.lightly,
        )
        safe = sign_in_safe(vault.vault_id)
        ports.tag = fill(joining, desk, clock, __version__, heard, fetcher.submit, transport, safe)
        vaults.seal(vault, prepared.file)
        return OpenPractice(vault, ports, _actor(vault), clock, works)
    except BaseException:
        vaults.abandon(vault)
        raise
    finally:
        fetcher.close()


def unlock(
    folder: Path,
    *,
    passphrase: str | None = None,
    recovery_key: str | None = None,
    clock: Clock | None = None,
) -> Keys:
    """Unwrap the keys of the practice in ``folder``; wrong tries slow down.

    Takes about a third of a second. Raises ``WrongPassphrase``, ``TooSoon``, ``NotOurFile`` or
    ``NewerFile``.
    """
    place = place_of(folder)
    if sentence := left_from(folder):
        raise MachineError(sentence)
    with said_plainly(place.folder):
        if not place.keys.exists():
            return vaults.unlock(place, passphrase=passphrase)
        vault_id = read_key_file(place.keys).vault_id
    throttle = Throttle(state_dir(), vault_id, clock or SystemClock())
    throttle.before()
    try:
        keys = vaults.unlock(place, passphrase=passphrase, recovery_key=recovery_key)
    except WrongPassphrase:
        throttle.wrong()
        raise
    throttle.right()
    return keys


@database_said_plainly()
def open_practice(
    folder: Path,
    keys: Keys,
    clock: Clock | None = None,
    works: Callable[[str], Works] = Worker,
) -> OpenPractice:
    """Open the practice in ``folder`` with its unwrapped keys.

    Raises ``FileInUse``, ``NotOurFile`` or ``NewerFile``.
    """
    clock = clock or SystemClock()
    mapping.complete()
    editions.look_in(folder)
    place = place_of(folder)
    vault = vaults.open_vault(place, keys, clock, _copy_before_upgrade)
    try:
        ports = vault.settle()
        practice = OpenPractice(vault, ports, _actor(vault), clock, works)
    except BaseException:
        vault.close()
        raise
    try:
        practice.destroy_returned()
    except MachineError:
        # A full disk must not keep a person from reading what is there; the next opening goes on.
        _log.exception("what was destroyed is not all gone yet")
    # What has begun since the last time is no longer computed from its series.
    if keep_begun_sessions.open_to(practice.desk.actor, practice.desk.entitlement):
        practice.desk.run(keep_begun_sessions)
    return practice


def restore(
    backup: Path, folder: Path, *, passphrase: str | None = None, recovery_key: str | None = None
) -> Keys:
    """Put a backup in the place of the practice in ``folder``; return its opened keys."""
    return backups.restore(
        backup, _free_place(folder), passphrase=passphrase, recovery_key=recovery_key
    )


def require_free(folder: Path) -> None:
    """Raise ``UserError`` where a practice lies in ``folder``: before an account is asked for one.

    What was leaving it is gone first.
    """
    place = place_of(folder)
    leaving.finish(place)
    vaults.require_free(place)


def _free_place(folder: Path) -> Place:
    """Return the place for another practice, where one may have left."""
    place = place_of(folder)
    leaving.finish(place)
    leaving.forget(place)
    return place


def _copy_before_upgrade(vault: Vault) -> None:
    folder = vault.place.folder / "before-update"
    backups.make_backup(vault.place, vault.keys, vault.clock.now(), folder)


def _actor(vault: Vault) -> Actor:
    with Session(engine_for(vault.connection, writes=False)) as session:
        occupant = session.scalars(select(Occupant)).first()
        if occupant is None:
            raise NotOurFile("The set-up of this practice was not finished: start it again.")
        role = session.execute(
            select(Member.role).where(Member.id == occupant.member_id)
        ).scalar_one()
        return member_actor(occupant.practice_id, occupant.member_id, role)
