"""What a page gets to live with: the desk, ways to go and to say things, the registries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from app.core.kernel.changes import Outcome
from app.core.kernel.desk import Desk
from app.core.kernel.errors import MachineError, UserError
from app.ui.shell.form_presenter import Later, at_once
from app.ui.shell.places import Place
from app.ui.shell.presenter import Deliver
from app.ui.shell.registry import House

if TYPE_CHECKING:
    from app.core.membership.rules.grant import PlanState
    from app.ui.shell.program import Program
    from app.ui.shell.syncing import SyncPresenter
    from app.ui.widgets.unsent import Unsent


@dataclass(frozen=True, slots=True)
class ScreenContext:
    """Handed to every page and panel. Nothing in it is global; nothing in it is a widget."""

    desk: Desk
    house: House
    deliver: Deliver
    go: Callable[[Place], None]
    """Go to a place; it becomes a stop of *Back*."""
    back: Callable[[], None]
    """Go to the stop before."""
    say: Callable[[str], None]
    """Say a sentence at the foot of the window."""
    offer_undo: Callable[[str, UUID], None]
    """Offer to undo a change set: the words of the act, and the change set."""
    run_action: Callable[[str], None]
    """Do an action by its id."""
    program: Program | None = None
    """The life of the window, for settings that back up, lock or change the passphrase."""
    gone: Callable[[str], None] = lambda _sentence: None
    """Leave a record that is no longer there for this member; the sentence says why."""
    later: Later = at_once
    """Does something about a second from now: how what is typed in a form is kept."""

    sync: SyncPresenter | None = None
    """How this computer and the account agree, and the acts that change it."""
    unsent: Unsent | None = None
    """The records that are not uploaded yet, for the dot of the lists."""

    def did(self, outcome: Outcome[Any]) -> None:
        """Offer to undo what a command did, where it can be undone."""
        if outcome.undo is not None:
            self.offer_undo(outcome.label, outcome.undo)

    def fail(self, error: Exception) -> None:
        """Say what went wrong where no field of a form is meant; our own bugs are raised on."""
        if isinstance(error, (UserError, MachineError)):
            self.say(error.sentence)
        else:
            raise error

    def mend(self, error: UserError) -> None:
        """Go to the very field that mends ``error``; without one, say the sentence."""
        if error.record is None:
            self.say(error.sentence)
            return
        kind, record_id = error.record
        self.go(self.place_of(kind, record_id, error.field or ""))

    @staticmethod
    def place_of(kind: str, record_id: str, field: str = "") -> Place:
        """Return where a record of ``kind`` is mended, the cursor in ``field``."""
        ask = {"field": field} if field else {}
        area, part = _FIELDS.get((kind, field)) or _HOMES.get(kind, ("people", ""))
        if area == "settings":
            return Place(area, None, part, ask | {"record": record_id})
        return Place(area, (kind, UUID(record_id)), part, ask)

    def plan(self) -> PlanState | None:
        """Return the plan as it stands now; ``None`` for a practice that has no account."""
        practice = self.program.practice if self.program is not None else None
        if practice is None or self.sync is None or not self.sync.connected:
            return None
        return practice.plan()

    def now(self) -> datetime:
        """Return the wall time in the practice's zone, naive."""
        return self.desk.clock.now().astimezone(ZoneInfo(self.desk.zone)).replace(tzinfo=None)

    def today(self) -> date:
        """Return the date in the practice's zone."""
        return self.now().date()


#: Fields that are mended elsewhere than the rest of their record.
_FIELDS: dict[tuple[str, str], tuple[str, str]] = {
    # They stand with the provider's own identifiers, not with name and address.
    ("practice", "tax_id"): ("settings", "identifiers"),
    ("practice", "npi2"): ("settings", "identifiers"),
}
#: Kind of record → area and part in which it is mended.
_HOMES: dict[str, tuple[str, str]] = {
    "client": ("people", "details"),
    "case": ("people", ""),
    "contact": ("people", ""),
    "appointment": ("scheduling", ""),
    "note": ("clinical", ""),
    "diagnosis": ("people", "clinical"),
    "charge": ("billing", "tobill"),
    "payment": ("billing", "payments"),
    "invoice": ("billing", "invoices"),
    "superbill": ("billing", "superbills"),
    "import_run": ("settings", "import"),
    "inbox_item": ("tasks", ""),
    "member": ("settings", "identifiers"),
    "practice": ("settings", "practice"),
    "license": ("settings", "identifiers"),
    "location": ("settings", "locations"),
    "service": ("settings", "services"),
}
