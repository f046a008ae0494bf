"""An open practice: what can be done with its file. Never imports Qt."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, cast
from uuid import UUID

from sqlalchemy.orm import Session

from app import __version__
from app.attaching import Attaching
from app.core.kernel.acting import Actor, Role, Scope
from app.core.kernel.changes import Changes
from app.core.kernel.clock import Clock, today
from app.core.kernel.entitlement import DEMO, NO_ACCOUNT, Entitlement
from app.core.practice import queries as practice_queries
from app.core.practice.queries import PracticeView
from app.core.store.command import Command
from app.core.store.ports import StoredFile
from app.core.team import queries as team_queries
from app.core.vault import backup as backups
from app.core.vault import leaving, signed_plan
from app.core.vault import vault as vaults
from app.core.vault.backup import Backup
from app.core.vault.desk import SYNC, VaultDesk, Worker, Works
from app.core.vault.destroyed import DestroyedRecords
from app.core.vault.keeper import BackupKeeper, BackupState
from app.core.vault.leaving import Left
from app.core.vault.vault import Vault, VaultPorts
from app.destroying import Destroying
from app.folders import state_dir
from app.places import left_from, sign_in_safe

if TYPE_CHECKING:
    from app.core.journeys.destroying import Destruction
    from app.core.membership.rules.grant import PlanState
    from app.core.store.findings import Finding
    from app.sync.entitlement.plan import PracticePlan
    from app.sync.entitlement.reading import Kept
    from app.sync.practice import PracticeSync

#: Papers whose numbers the account leases.
NUMBERED = ("INV", "SB")


class OpenPractice:
    """An unlocked practice: its desk, and the acts of the file itself.

    ``works`` makes what its writes and reads run on; threads of its own unless told otherwise.
    """

    def __init__(
        self,
        vault: Vault,
        ports: VaultPorts,
        actor: Actor,
        clock: Clock,
        works: Callable[[str], Works] = Worker,
    ) -> None:
        self.vault = vault
        self._ports = ports
        writes, reads = vault.sessions(actor.practice_id, ports)
        with reads() as session:
            profile = practice_queries.practice(session, actor.scope())
            kept = None if profile.is_demo else signed_plan.kept(session)
            self._without_plan: Entitlement = DEMO if profile.is_demo else NO_ACCOUNT
            self._plan = None if kept is None else _plan_kept(kept, clock)
            if actor.role is not Role.OWNER:
                actor = _member_now(session, actor.scope(), actor, self._entitlement())
        self._zone = profile.zone
        self.desk = VaultDesk(
            writes=writes,
            reads=reads,
            actor=actor,
            entitlement=self._entitlement,
            zone=lambda: self._zone,
            clock=clock,
            works=works,
            lightly=vault.lightly,
            undoing=_undoing,
        )
        self.desk.listen(self._practice_changed)
        self.desk.listen(self._numbers_given)
        self._backups = BackupKeeper(vault, ports, state_dir())
        self._copier = works("practice-backup")
        self._attaching = Attaching(self.desk, ports.files, self._copier, lambda: self.folder)
        self._destroying = Destroying(
            self.desk,
            DestroyedRecords(state_dir(), vault.vault_id, vault.keys.database),
            ports.files,
            self._attaching,
            self.vault.scrub,
            lambda: self.folder,
        )
        self._works = works
        self._fetcher: Works | None = None
        self._is_demo = profile.is_demo
        self._sync: PracticeSync | None = None
        self._closed = False

    @property
    def sync(self) -> PracticeSync:
        """Syncing with the hosted account; made when first asked for."""
        if self._sync is None:
            # Imported here: what speaks to a network costs a start a tenth of a second.
            from app.sync.practice import PracticeSync  # noqa: PLC0415
            from app.sync.wiring import Wiring  # noqa: PLC0415

            self._fetcher = self._works("practice-fetch")
            self._sync = PracticeSync(
                self.desk,
                Wiring(
                    practice_id=self.desk.actor.practice_id,
                    # An open practice is always some member's.
                    member_id=cast(UUID, self.desk.actor.member_id),
                    is_demo=self._is_demo,
                    program=__version__,
                    prefixes=NUMBERED,
                    renewed=self._renewed,
                    tagged=self._tagged,
                    entitled=self._entitled,
                    files=self._ports.files,
                    random=random.SystemRandom().random,
                    begin=self._fetcher.submit,
                    safe=lambda: sign_in_safe(self.vault.vault_id),
                ),
            )
        return self._sync

    def _renewed(self, fresh: UUID, tag: str) -> None:
        self.desk.on_writer(lambda: self.vault.renewed(self._ports, fresh, tag), SYNC).result()

    def _tagged(self, tag: str) -> None:
        self._ports.tag = tag

    def plan(self) -> PlanState:
        """Return the plan as it stands now: what it allows, how old that is, what was said."""
        from app.core.membership.rules.grant import PlanState  # noqa: PLC0415 - as in ``sync``

        return PlanState(self._without_plan) if self._plan is None else self._plan.state()

    def _entitled(self, kept: Kept) -> None:
        from app.sync.entitlement.plan import PracticePlan  # noqa: PLC0415 - as in ``sync``

        self._plan = PracticePlan(kept, self.desk.clock)
        self._look_who_acts()

    def _entitlement(self) -> Entitlement:
        return self._without_plan if self._plan is None else self._plan.entitlement

    @property
    def folder(self) -> Path:
        """Where the practice lies."""
        return self.vault.place.folder

    def backup_state(self) -> BackupState:
        """Return where backups are kept on this computer, and the newest one."""
        return self._backups.state()

    def backups(self) -> list[Backup]:
        """Return the backups in that folder, newest first."""
        return backups.list_backups(self._backups.state().folder)

    def choose_backup_folder(self, folder: Path) -> BackupState:
        """Keep backups in ``folder`` from now on; raises ``MachineError`` if it refuses."""
        return self._backups.choose(folder)

    def start_backup(self, folder: Path | None = None) -> Future[Backup]:
        """Begin a checked backup beside the work, one at a time."""
        return self._copier.submit(lambda: self._backups.make(folder))

    def backup(self, folder: Path | None = None) -> Backup:
        """Make a checked backup and wait for it; never called on the window's thread."""
        return self.start_backup(folder).result()

    def backup_if_due(self) -> Future[Backup] | None:
        """Queue the daily backup if the newest one is a day old."""
        return self.start_backup() if self._backups.is_due() else None

    def start_verify(self) -> Future[list[Finding]]:
        """Queue a check of the file, links, audit chain, search index and ledger."""
        # Imported here: a start checks nothing, and the checks know every area.
        from app.core.journeys.checks import CHECKS  # noqa: PLC0415
        from app.core.vault.integrity import verify  # noqa: PLC0415

        return self.desk.read(lambda session, scope: verify(session, scope, CHECKS))

    def settle_in(self) -> None:
        """Begin what can wait until the first screen stands: the daily backup, the papers' fonts.

        The first paper then does not wait for its fonts. What a crash left of files goes, too.
        """
        self.backup_if_due()
        self._copier.submit(_load_fonts)
        self._attaching.start_tidying()

    def verify(self) -> list[Finding]:
        """Check everything and wait for it; never called on the window's thread."""
        return self.start_verify().result()

    def start_attach(self, source: Path) -> Future[StoredFile]:
        """Begin to encrypt a file into the practice; see ``Attaching.start``."""
        return self._attaching.start(source)

    def start_save_file(self, attachment_id: UUID, target: Path) -> Future[Path]:
        """Begin to write a copy of an attached file to ``target``; see ``Attaching.start_save``."""
        return self._attaching.start_save(attachment_id, target)

    def destroy(self, client_ids: Collection[UUID]) -> Destruction:
        """Destroy archived clients for good and wait for it; never called on the window's thread.

        See ``Destroying.destroy`` for what it raises. Backups made before hold the records until
        they rotate.
        """
        return self._destroying.destroy(client_ids)

    def destroy_returned(self) -> None:
        """Destroy again what a restored file brought back, before anybody sees it.

        What a crash left half done is finished, too. Raises ``MachineError`` where the disk
        refuses; then the next opening goes on.
        """
        self._destroying.go_on()

    def leave(self) -> str:
        """Hand over what only this computer has, then lock the practice and remove it from here.

        Returns what became of it, in a sentence. Raises ``MachineError`` where the account does
        not take the work, or cannot be asked: then the practice is locked and stays.
        """
        place, vault_id = self.vault.place, self.vault.vault_id
        chosen = self._backups.state()
        try:
            handed_over = self.sync.leave()
            day = today(self.desk.clock, self._zone).isoformat()
            kept = leaving.staying(place, chosen.folder, vault_id) if chosen.chosen else ""
            leaving.begin(place, Left(vault_id, day, handed_over, kept))
            self.sync.forget_sign_in()
        finally:
            self.close()
        return left_from(place.folder)

    def change_passphrase(self, passphrase: str) -> None:
        """Wrap the keys with a new passphrase; raises ``UserError`` when it is too short."""
        vaults.change_passphrase(self.vault.place, self.vault.keys, passphrase)

    def new_recovery_key(self) -> str:
        """Draw a fresh recovery key, to be shown once; the old one stops working."""
        return vaults.new_recovery_key(self.vault.place, self.vault.keys)

    def close(self, *, backup: bool = False) -> None:
        """Lock: finish queued work, back up if asked, drop keys and connections.

        The practice is locked also when the backup fails; then its ``MachineError`` is raised.
        A second time is nothing.
        """
        if self._closed:
            return
        self._closed = True
        try:
            if self._sync is not None:
                self._sync.stop()
            self.desk.close()
            if backup:
                self.backup()
        finally:
            self.desk.close()
            self._copier.close()
            if self._fetcher is not None:
                self._fetcher.close()
            try:
                self.vault.take_stock()
                self.vault.mark_now()
            finally:
                self.vault.close()

    def _practice_changed(self, changes: Changes) -> None:
        if changes.touches("practice"):
            self.desk.read(practice_queries.practice).add_done_callback(self._have_practice)
        if changes.touches("practice", "team"):
            self._look_who_acts()

    def _look_who_acts(self) -> None:
        """Let the member act by what role, owner and plan say of their rights by now."""
        actor, entitlement = self.desk.actor, self._entitlement()
        self.desk.read(_member_now, actor, entitlement).add_done_callback(self._have_actor)

    def _have_actor(self, read: Future[Actor]) -> None:
        # As with the practice.
        if not read.cancelled() and read.exception() is None:
            self.desk.act_as(read.result())

    def _numbers_given(self, _changes: Changes) -> None:
        # Before the paper is acknowledged: no copy of the file may give its number again.
        if self._ports.numbered:
            self._ports.numbered = False
            self.vault.mark_now()

    def _have_practice(self, read: Future[PracticeView]) -> None:
        # A read that the lock overtook changes nothing any more.
        if not read.cancelled() and read.exception() is None:
            self._zone = read.result().zone


def _plan_kept(texts: tuple[str, str], clock: Clock) -> PracticePlan | None:
    """Return the plan that the file holds; most practices have none, and load nothing for it."""
    from app.sync.entitlement.plan import PracticePlan  # noqa: PLC0415
    from app.sync.entitlement.reading import read_kept  # noqa: PLC0415

    kept = read_kept(*texts)
    return None if kept is None else PracticePlan(kept, clock)


def _undoing() -> Command[[UUID], int]:
    # Imported here: a start undoes nothing.
    from app.core.journeys.undoing import undo  # noqa: PLC0415

    return undo


def _member_now(session: Session, scope: Scope, actor: Actor, entitlement: Entitlement) -> Actor:
    """Return who sits at the desk with the rights that they have by now."""
    if actor.member_id is None:
        return actor
    return team_queries.actor_of(session, scope, actor.member_id, entitlement)


def _load_fonts() -> None:
    # Imported here: nothing before the first paper needs the 30 MB of what draws it.
    from app.core.paper import fonts  # noqa: PLC0415

    fonts.register()
