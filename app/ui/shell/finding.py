"""What the palette finds: records by search, and actions by their words. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from app.core.kernel.acting import Permission
from app.core.kernel.desk import Desk
from app.core.kernel.text import finds, fold
from app.ui.shell.actions import Action, ActionTable
from app.ui.shell.context import ScreenContext
from app.ui.shell.places import Place
from app.ui.shell.presenter import Deliver, Presenter


class Hit(Protocol):
    """A record that search found."""

    @property
    def kind(self) -> str:
        """``case``, ``client``, ``appointment``, ``note``, ``invoice``, ``superbill``.

        ``unread`` is no record: it says that notes are still being indexed.
        """
        ...

    @property
    def id(self) -> UUID:
        """The record."""
        ...

    @property
    def title(self) -> str:
        """Its name: a person, a number."""
        ...

    @property
    def detail(self) -> str:
        """What distinguishes it from others of that name."""
        ...


SearchQuery = Callable[[Any, Any, str, datetime], Sequence[Hit]]
"""``query(session, scope, text, now)``: records whose words begin so, best first."""

PEOPLE = "Clients and cases"
PAPERS = "Notes and papers"
DO = "Do"
RECENT = "Recent"
_PEOPLE_KINDS = frozenset({"case", "client", "contact", "appointment"})
_ICONS = {
    "case": "users-round",
    "client": "user-round",
    "contact": "user-round",
    "appointment": "calendar-days",
    "note": "pen-line",
    "superbill": "file-text",
    "invoice": "receipt-text",
}
_UNREAD = "unread"
_MOST_OF_A_GROUP = 6


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the palette and what it does; ``second`` is what ⌘↵ does."""

    group: str
    icon: str
    title: str
    detail: str
    open: Callable[[], None]
    second: Callable[[], None] | None = None
    keys: str = ""


class Finding(Presenter):
    """Lines for what is typed: people, papers, then what can be done with the first of them."""

    def __init__(
        self, desk: Desk, deliver: Deliver, search: SearchQuery | None, actions: ActionTable
    ) -> None:
        super().__init__(desk, deliver)
        self._search = search
        self._actions = actions
        self._context: ScreenContext | None = None
        self._area = ""
        self._hits: tuple[Hit, ...] = ()
        self._recent: list[Hit] = []
        self.text = ""
        self.busy = False
        self.lines: tuple[Line, ...] = ()

    def take(self, actions: ActionTable) -> None:
        """Find among these actions from now on; lines that lead elsewhere go."""
        self._actions = actions
        self.lines = ()
        self.changed()

    def begin(self, context: ScreenContext, area: str) -> None:
        """Start anew over the screen of ``area``."""
        self._context, self._area = context, area
        self.type("")

    def type(self, text: str) -> None:
        """Find what ``text`` begins; ``>`` means actions alone."""
        self.text = text
        wanted = text.strip()
        if self._search is None or not wanted or wanted.startswith(">"):
            self._arrange(())
            return
        self.busy = True
        now = self.desk.clock.now()
        self.read("find", self._search, wanted, now, then=self._arrange, failed=self._failed)

    def _failed(self, _error: Exception) -> None:
        # Actions are found without the index; what broke it shows where the record is opened.
        self._arrange(())

    def _arrange(self, hits: Sequence[Hit]) -> None:
        self.busy = False
        self._hits = tuple(hit for hit in hits if hit.kind != _UNREAD)
        unread = [hit for hit in hits if hit.kind == _UNREAD]
        shown = self._hits if self.text.strip() else tuple(self._recent)
        people = [hit for hit in shown if hit.kind in _PEOPLE_KINDS][:_MOST_OF_A_GROUP]
        papers = [hit for hit in shown if hit.kind not in _PEOPLE_KINDS][:_MOST_OF_A_GROUP]
        recent = not self.text.strip()
        lines = [self._record(RECENT if recent else PEOPLE, hit) for hit in people]
        lines += [self._record(RECENT if recent else PAPERS, hit) for hit in papers]
        lines += [_said(hit) for hit in unread]
        if people and not recent:
            lines += [self._with(act, people[0]) for act in self._on_people()]
        self.lines = (*lines, *self._commands())
        self.changed()

    def _record(self, group: str, hit: Hit) -> Line:
        acts = self._on_people() if hit.kind in _PEOPLE_KINDS else []
        second = self._go(acts[0].place(hit)) if acts else None

        def open_it() -> None:
            self._recent = [hit, *(each for each in self._recent if each.id != hit.id)][:5]
            self._go(ScreenContext.place_of(hit.kind, str(hit.id)))()

        icon = _ICONS.get(hit.kind, "file-text")
        return Line(group, icon, hit.title, hit.detail, open_it, second)

    def _on_people(self) -> list[_ActOn]:
        context = self._context
        if context is None:
            return []
        areas, may = context.house.areas, context.desk.actor.may
        return [act for act in _ACTS_ON_PEOPLE if act.area in areas and may(act.needs)]

    def _with(self, act: _ActOn, hit: Hit) -> Line:
        keys = self._actions.keys_of(act.like)
        detail = f"{act.joined} {hit.title}"
        return Line(DO, act.icon, act.words, detail, self._go(act.place(hit)), keys=keys)

    def _go(self, place: Place) -> Callable[[], None]:
        def go() -> None:
            if self._context is not None:
                self._context.go(place)

        return go

    def _commands(self) -> list[Line]:
        text = self.text.strip().removeprefix(">").strip()
        alone = self.text.strip().startswith(">")
        found = [
            action
            for action in self._actions.of_area(self._area)
            if action.in_palette
            and (finds(text, fold(action.words)) if text else _of_screen(action, alone))
        ]
        return [self._command(action) for action in (found if alone else found[:_MOST_OF_A_GROUP])]

    def _command(self, action: Action) -> Line:
        def do() -> None:
            if self._context is not None:
                self._context.run_action(action.id)

        return Line(DO, action.icon or "play", action.words, "", do, keys=action.keys)


def _said(hit: Hit) -> Line:
    """Return a line that only says something."""
    return Line(PAPERS, "hourglass", hit.title, hit.detail, lambda: None)


def _of_screen(action: Action, alone: bool) -> bool:
    return alone or bool(action.areas)


@dataclass(frozen=True, slots=True)
class _ActOn:
    """Something to do with a client or case that was found."""

    words: str
    joined: str
    icon: str
    like: str
    """The action whose shortcut is shown beside it."""
    area: str
    needs: Permission
    part: str = ""

    def place(self, hit: Hit) -> Place:
        """Return where it is done, the record filled in."""
        return Place(self.area, None, self.part, {hit.kind: str(hit.id)})


_ACTS_ON_PEOPLE = (
    _ActOn(
        "New appointment",
        "with",
        "calendar-clock",
        "scheduling.new",
        "scheduling",
        Permission.SCHEDULE,
        "new",
    ),
    _ActOn("New note", "for", "pen-line", "clinical.new_note", "clinical", Permission.WRITE_NOTES),
    _ActOn(
        "Record payment",
        "from",
        "banknote",
        "billing.payment",
        "billing",
        Permission.BILL,
        "payments",
    ),
)
