"""How this computer and the account agree, for the side bar, its popover and Settings. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from app.core.kernel.changes import Changes
from app.core.kernel.clock import wall_time
from app.core.kernel.computers import after_disconnecting
from app.core.kernel.desk import Desk
from app.core.kernel.errors import MachineError, UserError
from app.core.kernel.phrases import plural, short_day, time_words
from app.core.kernel.records import counted_kinds
from app.core.kernel.syncing import (
    NEWER,
    NOT_CONNECTED,
    SyncState,
    SyncStatus,
    repaired_words,
    sync_words,
)
from app.core.tasks.queries.naming import Named, named_rows
from app.ui.shell.presenter import Deliver, Presenter
from app.ui.shell.program import PracticeFile, SigningIn, Syncing
from app.ui.widgets.status import Status, Tone

R = TypeVar("R")
Work = Callable[..., None]
"""Runs a call off the window's thread: ``work(call, then=…, failed=…)``."""

_LOOKS: dict[SyncState, tuple[str, Tone]] = {
    SyncState.LOCAL: ("laptop", Tone.QUIET),
    SyncState.WAITING: ("cloud-upload", Tone.QUIET),
    SyncState.SYNCING: ("refresh-cw", Tone.QUIET),
    SyncState.SYNCED: ("cloud-check", Tone.QUIET),
    SyncState.OFFLINE: ("cloud-off", Tone.WARN),
    SyncState.NEEDS_YOU: ("circle-alert", Tone.WARN),
    SyncState.SIGN_IN: ("circle-alert", Tone.DANGER),
    SyncState.UPDATE: ("circle-alert", Tone.DANGER),
}
_SENTENCES: dict[SyncState, str] = {
    SyncState.LOCAL: "This practice has no account. Everything lies on this computer and in its "
    "backups.",
    SyncState.WAITING: "Changes of this computer go out within a minute.",
    SyncState.SYNCING: "Changes are on their way between this computer and the account.",
    SyncState.SYNCED: "Everything on this computer is in the account, and the other way round.",
    SyncState.SIGN_IN: "The account does not know this computer any more: sign in again.",
    SyncState.UPDATE: "This version of the program is too old to sync: update it.",
}


class SyncPresenter(Presenter):
    """``status`` is what is known; ``problem`` the sentence of an act that was refused."""

    def __init__(
        self, desk: Desk, deliver: Deliver, practice: PracticeFile | None, work: Work | None
    ) -> None:
        super().__init__(desk, deliver)
        self.status: SyncStatus = NOT_CONNECTED
        self.problem: UserError | MachineError | None = None
        self.said = ""
        self.repaired: tuple[Named, ...] = ()
        """The first records that were repaired last, once their names are read."""
        self.busy = ""
        """The name of the act under way."""
        self.code = ""
        """The one-time code that was asked for last; shown until the page is left."""
        self.signing: SigningIn | None = None
        """The sign-in for which the browser was opened, while it is waited for."""
        self._open: Callable[[str], object] = lambda _address: None
        self._practice, self._work = practice, work
        self._asking = self._again = False
        self._stops.append(desk.listen(self._wrote))

    def begin(self) -> None:
        """Let it sync by itself, and follow it."""

        def start(sync: Syncing) -> SyncStatus:
            self._stops.append(sync.listen(self._heard))
            sync.start()
            return sync.status()

        self._do(start, self._have)

    # What is shown

    def now(self) -> datetime:
        """Return the moment."""
        return self.desk.clock.now()

    @property
    def words(self) -> Status:
        """The sync words with their icon."""
        icon, tone = _LOOKS[self.status.state]
        return Status(icon, sync_words(self.status, self.now(), self.desk.zone), tone)

    @property
    def title(self) -> str:
        """The words without the count that the sentence below them tells."""
        return sync_words(replace(self.status, waiting=0), self.now(), self.desk.zone)

    @property
    def connected(self) -> bool:
        """Whether the practice has an account."""
        return self.status.state is not SyncState.LOCAL

    @property
    def sentence(self) -> str:
        """What the words mean for this person now."""
        status = self.status
        if status.trouble:
            return status.trouble
        if status.state is SyncState.OFFLINE:
            if not status.waiting:
                return "Everything is saved on this computer. It syncs when the network is back."
            changes = plural(status.waiting, "change is", "changes are")
            verb = "goes" if status.waiting == 1 else "go"
            return f"{changes} saved on this computer, and {verb} out when the network is back."
        if status.state is SyncState.WAITING and status.waiting:
            changes = plural(status.waiting, "change")
            verb = "goes" if status.waiting == 1 else "go"
            return f"{changes} of this computer {verb} out within a minute."
        if status.state is SyncState.NEEDS_YOU:
            return f"{plural(status.asks, 'thing waits', 'things wait')} for your decision."
        newer = status.newer and status.state is SyncState.SYNCED
        return NEWER if newer else _SENTENCES[status.state]

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Label and value of each line of the popover."""
        status = self.status
        if not self.connected:
            return []
        lines = [
            ("Last upload", self._moment(status.last_upload)),
            ("Last download", self._moment(status.last_download)),
        ]
        if status.oldest_unsent is not None:
            lines.append(("Oldest unsent change", self._moment(status.oldest_unsent)))
        lines.append(("Clock", clock_words(status.clock_offset_ms)))
        if status.device:
            lines.append(("This computer", status.device))
        if status.kept:
            lines.append(("Sign-in kept", status.kept))
        if status.newer:
            lines.append(("Program", "A newer version is out"))
        return lines

    @property
    def repaired_line(self) -> str:
        """What was repaired lately; nothing where nothing was."""
        names = [each.words for each in self.repaired]
        return repaired_words(self.status, names, self.now(), self.desk.zone)

    @property
    def diagnostics(self) -> str:
        """Everything above as text for whoever helps; nothing in it is health data."""
        status = self.status
        lines = [
            ("State", str(status.state)),
            ("Waiting", str(status.waiting)),
            ("Asks", str(status.asks)),
            ("Server", status.server),
            *self.facts,
            ("Trouble", status.trouble),
        ]
        return "\n".join(f"{label}: {value}" for label, value in lines if value)

    def tick(self) -> None:
        """A minute passed: the words say so."""
        if self.connected:
            self.changed()

    # Acts

    def sync_now(self) -> None:
        """Exchange now."""
        self._act("sync", lambda sync: sync.sync_now(), self._have)

    def connect(self, server: str, code: str, device_name: str) -> None:
        """Tie the practice to its account and begin to upload it."""

        def connect(sync: Syncing) -> SyncStatus:
            sync.connect(server, code, device_name)
            sync.start()
            return sync.status()

        self._act("connect", connect, self._have)

    def sign_in(
        self, open_address: Callable[[str], object], server: str = "", device_name: str = ""
    ) -> None:
        """Open the browser; what is allowed there connects the practice, or signs it in again.

        While one sign-in is waited for, its page is opened once more instead.
        """
        self._open = open_address
        if self.signing is not None:
            open_address(self.signing.address)
            return
        self._act("sign-in", lambda sync: sync.begin_sign_in(server, device_name), self._begun)

    def cancel_sign_in(self) -> None:
        """Wait for the browser no longer."""
        signing, self.signing = self.signing, None
        if signing is not None and self._work is not None:
            self._work(signing.cancel, then=lambda _done: None, failed=self._failed)
            self.changed()

    def close(self) -> None:
        """Wait for nothing any more."""
        self.cancel_sign_in()
        super().close()

    def disconnect(self, *, anyway: bool = False) -> None:
        """Part it from its account; everything stays on this computer."""

        def disconnect(sync: Syncing) -> tuple[bool, SyncStatus]:
            told = sync.disconnect(anyway=anyway)
            return told, sync.status()

        self._act("disconnect", disconnect, self._disconnected)

    def ask_code(self) -> None:
        """Ask for a code with which another computer joins."""
        self._act("code", lambda sync: sync.code(), self._have_code)

    def forget_code(self) -> None:
        """Show the code no longer."""
        self.code = self.said = ""
        self.problem = None

    def check(self) -> None:
        """Compare everything with the account."""
        self._act("check", lambda sync: (sync.check(), sync.status()), self._checked)

    def accept_removal(self) -> None:
        """Agree to a change of the account that removes much."""

        def accept(sync: Syncing) -> SyncStatus:
            sync.accept_removal()
            return sync.status()

        self._act("accept", accept, self._have)

    # Answers

    def _begun(self, signing: SigningIn) -> None:
        self.busy, self.signing = "", signing
        signing.begin(lambda: self._deliver(lambda: self._came(signing)))
        self._open(signing.address)
        self.changed()

    def _came(self, signing: SigningIn) -> None:
        if self.closed or self.signing is not signing:
            return
        self.signing = None

        def connect(sync: Syncing) -> SyncStatus:
            sync.sign_in(signing)
            sync.start()
            return sync.status()

        # What else is under way ends by itself; the browser's answer is not to be lost for it.
        self.busy = ""
        self._act("sign-in", connect, self._have)

    def _have(self, status: SyncStatus) -> None:
        self.busy = ""
        self._have_told(status)
        self.changed()

    def _disconnected(self, answer: tuple[bool, SyncStatus]) -> None:
        told, status = answer
        self.said = after_disconnecting(told=told)
        self._have(status)

    def _have_code(self, code: str) -> None:
        self.code, self.busy = code, ""
        self.changed()

    def _checked(self, answer: tuple[dict[str, list[UUID]], SyncStatus]) -> None:
        repaired, status = answer
        counts = tuple((entity, len(ids)) for entity, ids in repaired.items())
        counted = ", ".join(counted_kinds(counts))
        self.said = (
            f"Differed and was repaired: {counted}."
            if counted
            else "Both sides hold the same, record by record."
        )
        self._have(status)

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, (UserError, MachineError)):
            raise error
        self.problem, self.busy = error, ""
        self.changed()

    def _act(self, name: str, call: Callable[[Syncing], R], then: Callable[[R], None]) -> None:
        if self.busy:
            return
        self.busy, self.problem, self.said = name, None, ""
        self.changed()
        self._do(call, then)

    def _do(self, call: Callable[[Syncing], R], then: Callable[[R], None]) -> None:
        practice = self._practice
        if practice is None or self._work is None:
            return

        def arrive(value: Any) -> None:
            if not self.closed:
                then(value)

        def failed(error: Exception) -> None:
            if not self.closed:
                self._failed(error)

        self._work(lambda: call(practice.sync), then=arrive, failed=failed)

    def _heard(self, status: SyncStatus) -> None:
        self._deliver(lambda: None if self.closed else self._have_told(status))

    def _have_told(self, status: SyncStatus) -> None:
        if status.turn < self.status.turn:
            return
        known, self.status = self.status, status
        if status.repaired != known.repaired:
            self._name_repaired(status)
        if status != known:
            self.changed()

    def _name_repaired(self, status: SyncStatus) -> None:
        self.repaired = ()

        def have(named: list[Named]) -> None:
            self.repaired = tuple(named)
            self.changed()

        records = status.repaired.records if status.repaired is not None else ()
        self.read("repaired", named_rows, records, self.now(), then=have)

    def _wrote(self, _changes: Changes) -> None:
        self._deliver(self._look_again)

    def _look_again(self) -> None:
        """Count what waits after a write; writes that come meanwhile are counted by one look."""
        if self.closed or not self.connected:
            return
        if self._asking:
            self._again = True
            return
        self._asking = True
        self._do(lambda sync: sync.status(), self._looked)

    def _looked(self, status: SyncStatus) -> None:
        self._asking = False
        self._have_told(status)
        if self._again:
            self._again = False
            self._look_again()

    def _moment(self, at: datetime | None) -> str:
        if at is None:
            return "Not yet"
        here, today = wall_time(at, self.desk.zone), wall_time(self.now(), self.desk.zone)
        at_time = time_words(here)
        return at_time if here.date() == today.date() else f"{short_day(here.date())}, {at_time}"


def clock_words(offset_ms: int | None) -> str:
    """Return how this computer's clock stands to the account's, as ``0.4 s behind``."""
    if offset_ms is None:
        return "Not known yet"
    seconds = abs(offset_ms) / 1000
    if seconds < 0.1:
        return "Right"
    minutes, hours = seconds / 60, seconds / 3600
    amount = f"{seconds:.1f} s" if minutes < 2 else f"{minutes:.0f} min"
    if hours >= 2:
        amount = f"{hours:.0f} h" if hours < 48 else f"{hours / 24:.0f} days"
    # The offset is what must be added to this clock to get the account's.
    return f"{amount} {'behind' if offset_ms > 0 else 'ahead'}"
