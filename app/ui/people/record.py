"""A record's page: its head with what it is called, and its tabs, which areas bring as panels."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.core.kernel.acting import Permission
from app.core.tasks.queries import When
from app.core.tasks.queries.roster import RecordOverview
from app.ui.people.lifecycles import offered
from app.ui.people.record_presenter import RecordPresenter
from app.ui.people.words import record_detail, record_title
from app.ui.shell.context import ScreenContext
from app.ui.shell.places import Place, Record
from app.ui.shell.registry import Panel
from app.ui.theme import look
from app.ui.widgets.bars import PageHead
from app.ui.widgets.buttons import Button
from app.ui.widgets.layout import column, column_layout, emptied
from app.ui.widgets.menus import Entry, MenuButton
from app.ui.widgets.message import Message
from app.ui.widgets.states import StateStack
from app.ui.widgets.status import Tone
from app.ui.widgets.tabs import Tabs

#: Fields that stand on a tab of their own, wherever a mend link begins.
FIELD_HOMES = {
    "diagnosis": "clinical",
    "payment": "billing",
    "fees": "billing",
    "patient": "details",
}


ALL_ACTS_FROM = 720
_GONE = "This record is no longer here: it was removed, or its case is not yours any more."


class RecordPage(QWidget):
    """The head, the tabs, and the panel of the tab in front; panels are built when first shown.

    A client's record becomes that of their open case as soon as it is known; ``found`` says so.
    """

    found = Signal(object)

    def __init__(self, context: ScreenContext, when: Callable[[], When], record: Record) -> None:
        super().__init__()
        self._context = context
        self._asked = record
        self._place = Place("people", record)
        self._panels: dict[str, QWidget] = {}
        self._tabs: Tabs | None = None
        self._opened = False
        self._presenter = RecordPresenter(
            context.desk,
            context.deliver,
            when,
            record,
            did=context.did,
            failed=context.fail,
            gone=self._leave_gone,
        )
        self._head = PageHead("", beside=False)
        self._room = column_layout(margin=(40, 14, 40, 0))
        self._review = column_layout()
        self._inside = QStackedWidget()
        content = QWidget()
        box = column_layout(content)
        box.addWidget(self._head)
        box.addLayout(self._review)
        box.addLayout(self._room)
        box.addWidget(self._inside, 1)
        self._stack = StateStack(content)
        column_layout(self).addWidget(self._stack)
        self._add_acts()
        self._stack.loading()
        self._presenter.on_change(self._render)
        self._presenter.refresh()

    @property
    def record(self) -> Record:
        """Return the record that stands here: the case where there is one."""
        case_id = self._presenter.case_id
        return ("case", case_id) if case_id is not None else self._asked

    def shows(self, record: Record) -> bool:
        """Return whether ``record`` is this one, asked for by case or by one of its people."""
        found = self._presenter.found
        people = [each.id for each in found.people] if found is not None else []
        return record in (self._asked, self.record) or (
            record[0] == "client" and record[1] in people
        )

    def show_place(self, place: Place) -> None:
        """Go to the tab and the field that ``place`` names, at once or when it was read."""
        self._place = place
        if self._tabs is not None:
            self._arrive()

    def act(self, action_id: str) -> None:
        """Do an action on this record."""
        acts = {
            "people.edit_details": lambda: self._show_tab("details"),
            "people.book": self._book,
            "people.note": self._note,
        }
        if action_id in acts:
            acts[action_id]()
        elif hasattr(panel := self._inside.currentWidget(), "act"):
            panel.act(action_id)  # type: ignore[union-attr]

    def focus_content(self) -> None:
        """Give the keyboard to the tabs."""
        if self._tabs is not None:
            self._tabs.setFocus()

    def left(self) -> None:
        """Let every panel keep what was typed."""
        for panel in self._panels.values():
            if hasattr(panel, "left"):
                panel.left()

    def closing(self) -> None:
        """Let go of everything read."""
        self._presenter.close()
        for panel in self._panels.values():
            if hasattr(panel, "closing"):
                panel.closing()

    # Rendering

    def _render(self) -> None:
        found, problem = self._presenter.found, self._presenter.problem
        if problem is not None:
            self._stack.error(problem.sentence, self._presenter.refresh)
            return
        if found is None:
            return
        self._head.say(record_title(found), record_detail(found))
        self._render_review(found)
        self._stack.content()
        if self._tabs is None:
            self._make_tabs()
        if not self._opened:
            self._opened = True
            self._presenter.note_opening()
            self.found.emit(self.record)
            self._arrive()

    def _leave_gone(self) -> None:
        if self.isVisible():
            self._context.gone(_GONE)

    def _render_review(self, found: RecordOverview) -> None:
        emptied(self._review)
        waiting = [each for each in found.people if each.needs_review]
        if not waiting or not self._context.desk.actor.may(Permission.EDIT_CLIENTS):
            return
        remarks = " ".join(each.import_remarks for each in waiting if each.import_remarks)
        message = Message(
            Tone.INFO,
            "Imported record needs review.",
            remarks or "Look it over: names, birth date, and how to reach them.",
            mend="Mark as reviewed",
            on_mend=self._presenter.mark_reviewed,
            icon="file-search",
        )
        self._review.addWidget(column(message, margin=(40, 12, 40, 0)))

    def _make_tabs(self) -> None:
        panels = self._registered()
        self._tabs = Tabs([(each.key, each.words) for each in panels], name="Parts of the record")
        self._tabs.chosen.connect(self._chosen)
        self._room.addWidget(self._tabs)

    def _registered(self) -> list[Panel]:
        may = self._context.desk.actor.may
        panels = self._context.house.panels.of(self.record[0], "tab")
        return [each for each in panels if each.needs is None or may(each.needs)]

    def _arrive(self) -> None:
        keys = [each.key for each in self._registered()]
        part = FIELD_HOMES.get(self._place.ask.get("field", ""), self._place.part)
        wanted = part if part in keys else "overview"
        self._show_tab(wanted)
        panel = self._panels.get(wanted)
        if hasattr(panel, "show_place"):
            panel.show_place(self._place)  # type: ignore[union-attr]

    def _chosen(self, key: str) -> None:
        self._show_tab(key)
        self._context.go(Place("people", self.record, key))

    def _show_tab(self, key: str) -> None:
        if self._tabs is None:
            return
        if key not in self._panels:
            panel = next(each for each in self._registered() if each.key == key)
            self._panels[key] = built = panel.build(self._context, self.record[1])
            self._inside.addWidget(built)
            if hasattr(built, "give") and self._presenter.found is not None:
                built.give(self._presenter.found)
        blocked = self._tabs.blockSignals(True)
        self._tabs.set_current(key)
        self._tabs.blockSignals(blocked)
        self._inside.setCurrentWidget(self._panels[key])

    # Acts

    def _add_acts(self) -> None:
        may = self._context.desk.actor.may
        self._head.acts.addWidget(
            MenuButton("", self._more, icon="ellipsis", name="More acts on this record")
        )
        self._new_note = Button("New note", keys="Ctrl+Shift+N", on_click=self._note)
        self._may_write = may(Permission.WRITE_NOTES)
        self._head.acts.addWidget(self._new_note)
        self._new_note.setVisible(self._may_write)
        if may(Permission.SCHEDULE):
            self._head.acts.addWidget(
                Button("Book session", kind="primary", icon="plus", keys="B", on_click=self._book)
            )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # The title needs the room more than an act that the menu has too.
        self._new_note.setVisible(self._may_write and self.width() >= look.px(ALL_ACTS_FROM))

    def _book(self) -> None:
        case_id = self._presenter.case_id
        if case_id is not None:
            self._context.go(Place("scheduling", part="new", ask={"case": str(case_id)}))

    def _note(self) -> None:
        case_id = self._presenter.case_id
        if case_id is not None:
            self._context.go(Place("clinical", ask={"case": str(case_id)}))

    def _more(self) -> list[Entry | None]:
        found = self._presenter.found
        if found is None:
            return []
        may = self._context.desk.actor.may
        entries: list[Entry | None] = []
        if self._may_write:
            entries.append(Entry("New note", self._note, icon="file-plus"))
        if may(Permission.BILL):
            entries.append(Entry("Take payment", self._pay, icon="banknote"))
        return [*entries, *self._changes(found)] if may(Permission.EDIT_CLIENTS) else entries

    def _changes(self, found: RecordOverview) -> list[Entry | None]:
        entries: list[Entry | None] = [
            Entry("Edit details", lambda: self._show_tab("details"), keys="E", icon="pen-line"),
            None,
        ]
        for person in found.people:
            name = person.name.called if len(found.people) > 1 else ""
            entries += [
                Entry(words, partial(self._presenter.move, person.id, to))
                for to, words in offered(person.lifecycle, name)
            ]
        if found.case is not None:
            words = "Close case" if found.case.is_open else "Reopen case"
            entries += [None, Entry(words, self._presenter.close_or_reopen)]
        return entries

    def _pay(self) -> None:
        found = self._presenter.found
        if found is not None:
            client = str(found.people[0].id)
            self._context.go(Place("billing", part="payments", ask={"client": client}))
