"""The first run: which step it is at, what was said, and the making of the practice. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from app.core.kernel.errors import MachineError, UserError
from app.core.practice.commands import add_location, add_service, start_numbers_at
from app.ui.onboarding.drafts import Draft, new_practice

if TYPE_CHECKING:
    from app.ui.shell.program import Keeper, PracticeFile, PreparedKeys, SigningIn


class Work(Protocol):
    """Runs a call off the window's thread and answers on it."""

    def __call__(
        self,
        call: Callable[[], Any],
        *,
        then: Callable[[Any], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None: ...


class Page(StrEnum):
    """The pages of the first run, in order; the first two are one step."""

    KEYS = "KEYS"
    PROOF = "PROOF"
    PRACTICE = "PRACTICE"
    IDENTIFIERS = "IDENTIFIERS"
    HOURS = "HOURS"
    SERVICES = "SERVICES"
    LOCATIONS = "LOCATIONS"
    BACKUP = "BACKUP"
    CLIENTS = "CLIENTS"
    ACCOUNT = "ACCOUNT"
    """In place of all after the keys, where the practice comes from its account."""


PAGES = tuple(page for page in Page if page is not Page.ACCOUNT)
STEPS = (
    "Passphrase and recovery key",
    "Practice",
    "Your identifiers",
    "Time zone and hours",
    "Services and fees",
    "Locations",
    "Backup folder and numbers",
    "Bring in your clients",
)
#: The step that each page belongs to.
STEP_OF = {page: max(0, number - 1) for number, page in enumerate(PAGES)} | {Page.ACCOUNT: 1}
#: The steps where the practice comes from its account.
JOINING_STEPS = (STEPS[0], "Your account")


@dataclass(frozen=True, slots=True)
class Arrival:
    """A practice that was just made or opened, and what is to be done on arrival."""

    practice: PracticeFile
    draft: Draft | None = None
    """What the first run was told; None for a practice that was restored or is the demo."""
    problem: str = ""
    """What could not be done beside making it."""


class Assistant:
    """The state of the first run. Views render it, and call it with what was typed.

    It lives in memory alone, as long as the window: before the keys exist there is no encrypted
    file, and nothing of a practice ever lies outside of one.
    """

    def __init__(
        self,
        keeper: Keeper,
        folder: Path,
        work: Work,
        arrived: Callable[[Arrival], None],
        draft: Draft | None = None,
        deliver: Callable[[Callable[[], None]], None] | None = None,
    ) -> None:
        self._deliver = deliver
        self._keeper = keeper
        self.folder = folder
        self._work = work
        self._arrived = arrived
        self._listeners: list[Callable[[], None]] = []
        self._prepared: PreparedKeys | None = None
        self.page = Page.KEYS
        self.joining = False
        """Whether the practice is on another computer already and comes from its account."""
        self.skipped: set[Page] = set()
        self.draft = draft or Draft()
        self.busy = ""
        """What is being done, as a sentence; empty while nothing is."""
        self.signing: SigningIn | None = None
        """The sign-in for which the browser was opened, while it is waited for."""
        self._open: Callable[[str], object] = lambda _address: None
        self.problem: Exception | None = None
        """What went wrong last, until the next try."""

    def on_change(self, heard: Callable[[], None]) -> None:
        """Call ``heard`` whenever the state changed."""
        self._listeners.append(heard)

    # Keys

    @property
    def recovery_groups(self) -> list[str]:
        """The recovery key in its groups of four; empty before the passphrase is chosen."""
        return self._prepared.recovery_key.split("-") if self._prepared else []

    def choose_passphrase(self, typed: str, again: str) -> None:
        """Draw the keys; raises ``UserError`` when the two differ."""
        if typed != again:
            raise UserError("The two are not the same: type it again.", field="again")
        self._start("Making your keys…")
        self._work(
            lambda: self._keeper.prepare_keys(typed), then=self._have_keys, failed=self._failed
        )

    def _have_keys(self, prepared: PreparedKeys) -> None:
        self._prepared = prepared
        self.busy = ""
        self.go_on()

    def agreement(self, typed: list[str]) -> list[bool | None]:
        """Return for each group whether it agrees with the key; None while it is not full."""
        return [
            None if len(group) < len(right) else _folded(group) == right
            for group, right in zip(typed, self.recovery_groups, strict=False)
        ]

    def agrees(self, typed: list[str]) -> bool:
        """Return whether the whole key was typed back."""
        verdicts = self.agreement(typed)
        return bool(verdicts) and all(verdicts)

    # Between pages

    @property
    def may_skip(self) -> bool:
        """Whether the page at hand may be left for later: all but the keys, and the last."""
        return self.page not in (Page.KEYS, Page.PROOF, Page.CLIENTS, Page.ACCOUNT)

    @property
    def may_go_back(self) -> bool:
        """Whether there is a page before this one that still can be changed."""
        return self.page not in (Page.KEYS, Page.PRACTICE, Page.ACCOUNT) and not self.busy

    def take(self, draft: Draft) -> None:
        """Keep what a page says and go on."""
        self.draft = draft
        self.skipped.discard(self.page)
        self.go_on()

    def skip(self) -> None:
        """Leave this page for later and go on."""
        self.skipped.add(self.page)
        self.go_on()

    def go_on(self) -> None:
        """Go to the next page; the last one makes the practice."""
        self.problem = None
        if self.page is PAGES[-1]:
            self._make()
        elif self.joining and self.page is Page.PROOF:
            self.page = Page.ACCOUNT
        else:
            self.page = PAGES[PAGES.index(self.page) + 1]
        self._changed()

    def go_back(self) -> None:
        """Go to the page before."""
        if self.may_go_back:
            self.problem = None
            self.page = PAGES[PAGES.index(self.page) - 1]
            self._changed()

    def go_to_step(self, step: int) -> None:
        """Go to a step that was done or skipped before; the keys are made once."""
        page = next(page for page in PAGES if STEP_OF[page] == step)
        if 0 < step < STEP_OF[self.page]:
            self.problem = None
            self.page = page
            self._changed()

    # The practice

    def _make(self) -> None:
        prepared = self._prepared
        if prepared is None:
            raise RuntimeError("a practice was to be made before its keys")
        self._start("Making your practice…")
        draft = self.draft

        def make() -> Arrival:
            practice = self._keeper.create(self.folder, prepared, new_practice(draft))
            return Arrival(practice, draft, furnish(practice, draft))

        self._work(make, then=self._arrive, failed=self._failed)

    def open_demo(self) -> None:
        """Open the demo practice, made if it is not there yet."""
        self._start("Opening the demo practice. The first time takes a minute…")
        self._work(
            lambda: Arrival(self._keeper.open_demo()), then=self._arrive, failed=self._failed
        )

    def choose_joining(self, wanted: bool) -> None:
        """Bring a practice from its account, or make a new one; what was typed so far stays."""
        self.cancel_sign_in()
        self.joining, self.problem = wanted, None
        if self.page not in (Page.KEYS, Page.PROOF):
            self.page = Page.ACCOUNT if wanted else Page.PRACTICE
        self._changed()

    def sign_in(self, server: str, device_name: str, open_address: Callable[[str], object]) -> None:
        """Open the browser; the practice of the account that is signed in to is brought here."""
        self._open = open_address
        self._start("Opening your browser…")

        def begun(signing: SigningIn) -> None:
            self.busy, self.signing = "", signing
            signing.begin(lambda: self._hand(lambda: self._came(signing)))
            self.open_again()
            self._changed()

        self._work(
            lambda: self._keeper.begin_sign_in(server, device_name),
            then=begun,
            failed=self._failed,
        )

    def open_again(self) -> None:
        """Open the page of the sign-in under way once more."""
        if self.signing is not None:
            self._open(self.signing.address)

    def cancel_sign_in(self) -> None:
        """Wait for the browser no longer."""
        signing, self.signing = self.signing, None
        if signing is not None:
            self._work(signing.cancel, then=lambda _done: None)
            self._changed()

    def _came(self, signing: SigningIn) -> None:
        if self.signing is not signing:
            return
        self.signing = None
        self._bring(
            lambda prepared, heard: self._keeper.join_signed_in(
                self.folder, prepared, signing, heard
            )
        )

    def join(self, server: str, code: str, device_name: str) -> None:
        """Bring the practice from its account into a file with the keys made here."""
        account = (server, code, device_name)
        self._bring(
            lambda prepared, heard: self._keeper.join(self.folder, prepared, account, heard)
        )

    def _bring(
        self, bring: Callable[[PreparedKeys, Callable[[int, int], None]], PracticeFile]
    ) -> None:
        prepared = self._prepared
        if prepared is None:
            raise RuntimeError("a practice was to be brought before its keys")
        self._start("Asking your account…")

        def heard(done: int, total: int) -> None:
            words = f"{done:,} of {total:,} records"
            self._hand(lambda: self._say_busy(words))

        self._work(lambda: Arrival(bring(prepared, heard)), then=self._arrive, failed=self._failed)

    def _hand(self, act: Callable[[], None]) -> None:
        if self._deliver is not None:
            self._deliver(act)

    def _say_busy(self, words: str) -> None:
        if self.busy:
            self.busy = words
            self._changed()

    def restore(self, backup: str, secret: str, *, by_recovery_key: bool) -> None:
        """Put a backup in place and open it; raises ``UserError`` for what is not filled in."""
        if not backup.strip():
            raise UserError("Choose the backup file.", field="backup")
        if not secret.strip():
            raise UserError("Type what opens it.", field="secret")
        name = "recovery_key" if by_recovery_key else "passphrase"
        self._start("Checking and restoring the backup…")
        self._work(
            lambda: Arrival(
                self._keeper.restore(Path(backup.strip()), self.folder, **{name: secret})
            ),
            then=self._arrive,
            failed=self._failed,
        )

    def _arrive(self, arrival: Arrival) -> None:
        self.busy = ""
        self._changed()
        self._arrived(arrival)

    def _start(self, words: str) -> None:
        self.busy, self.problem = words, None
        self._changed()

    def _failed(self, error: Exception) -> None:
        self.busy, self.problem = "", error
        if isinstance(error, UserError) and error.field == "passphrase":
            self.page = Page.KEYS
        self._changed()
        if not isinstance(error, (UserError, MachineError)):
            raise error

    def _changed(self) -> None:
        for heard in tuple(self._listeners):
            heard()


def furnish(practice: PracticeFile, draft: Draft) -> str:
    """Give a new practice what else was said; return what could not be done, as a sentence.

    The practice exists by now: what fails here is said, and mended in Settings.
    """
    desk = practice.desk
    try:
        for service in draft.services:
            desk.do(add_service, service)
        for location in draft.locations:
            desk.do(add_location, location)
        for prefix, first in (("INV", draft.first_invoice), ("SB", draft.first_superbill)):
            if first > 1:
                desk.do(start_numbers_at, prefix, first)
        if draft.backup_folder is not None:
            practice.choose_backup_folder(draft.backup_folder)
            practice.start_backup()
    except (UserError, MachineError) as problem:
        return problem.sentence
    return ""


def _folded(group: str) -> str:
    """Return a typed group as the key has it: capitals, and no letters that look like digits."""
    return group.strip().upper().translate(str.maketrans("OIL", "011"))
