"""The first tab of a record: the workflow summary, onboarding, last sessions, and the people."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QWidget

from app.core.kernel.acting import Permission
from app.core.kernel.phrases import date_words, short_day, time_words
from app.core.tasks.queries import When
from app.core.tasks.queries.roster import HeldSession, RecordOverview
from app.ui.people.cards import HeldApart, PersonCard
from app.ui.people.onboarding import Step, onboarding
from app.ui.people.record_presenter import RecordPresenter
from app.ui.people.words import (
    both_words,
    lifecycle_status,
    note_status,
    payers_words,
    session_status,
    workflow_status,
)
from app.ui.shell.context import ScreenContext
from app.ui.shell.places import Place, Record
from app.ui.theme import look
from app.ui.widgets.buttons import Link
from app.ui.widgets.layout import (
    Facts,
    Hairline,
    ScrollPage,
    Section,
    column_layout,
    emptied,
    row,
    row_layout,
)
from app.ui.widgets.message import IconMark
from app.ui.widgets.status import Status, StatusLabel, Tone
from app.ui.widgets.text import Text

CARDS, WIDEST = 300, 560
#: Narrower panels put the people beneath the summary.
BESIDE_FROM = 925
#: What following the next step needs, and what doing a step of the checklist does: whoever lacks
#: it finds neither link nor step.
_FOLLOWING = {
    "appointments": Permission.SCHEDULE,
    "unsigned": Permission.WRITE_NOTES,
    "diagnosis": Permission.DIAGNOSE,
    "payment": Permission.BILL,
    "book": Permission.SCHEDULE,
    "review": Permission.EDIT_CLIENTS,
}
_STEPS = {
    "details": Permission.EDIT_CLIENTS,
    "overview": Permission.EDIT_CLIENTS,
    "book": Permission.SCHEDULE,
    "clinical": Permission.DIAGNOSE,
}


class OverviewPanel(QWidget):
    """Reads the record by itself, so that the tab stands wherever it is put."""

    def __init__(self, context: ScreenContext, record: Record) -> None:
        super().__init__()
        self._context = context
        self._presenter = RecordPresenter(
            context.desk,
            context.deliver,
            lambda: When(context.desk.clock.now(), context.today()),
            record,
            did=context.did,
            failed=context.fail,
        )
        page = ScrollPage(margin=(40, 28, 40, 32), name="Overview")
        self._columns = row_layout(gap=48)
        self._left = column_layout(gap=0)
        self._right = column_layout(gap=0)
        self._cards = QWidget()
        self._cards.setLayout(self._right)
        self._columns.addLayout(self._left, 1)
        self._columns.addWidget(self._cards)
        page.body.addLayout(self._columns)
        column_layout(self).addWidget(page)
        self._presenter.on_change(self._render)
        self._presenter.refresh()

    def give(self, found: RecordOverview) -> None:
        """Show what the page read already."""
        self._presenter.give(found)

    def closing(self) -> None:
        """Let go of what was read."""
        self._presenter.close()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = self.width() >= look.px(BESIDE_FROM)
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._columns.setDirection(across if beside else down)
        self._cards.setMinimumWidth(look.px(CARDS) if beside else 0)
        self._cards.setMaximumWidth(look.px(CARDS if beside else WIDEST))

    def _render(self) -> None:
        found = self._presenter.found
        if found is None:
            return
        emptied(self._left)
        emptied(self._right)
        self._left.addWidget(self._summary(found))
        steps = tuple(each for each in onboarding(found) if self._may(_STEPS[each.part]))
        if any(not each.done for each in steps):
            self._left.addSpacing(look.px(26))
            self._left.addWidget(self._steps(steps))
        if found.last:
            self._left.addSpacing(look.px(26))
            self._left.addWidget(self._sessions(found))
        self._left.addStretch(1)
        identified = found.case.identified_client_id if found.case is not None else None
        for person in sorted(found.people, key=lambda each: each.id != identified):
            self._right.addWidget(
                PersonCard(person, found, self._context.today(), on_edit=self._edit)
            )
            self._right.addSpacing(look.px(24))
        if len(found.people) > 1:
            self._right.addWidget(Hairline())
            self._right.addSpacing(look.px(20))
            self._right.addWidget(HeldApart())
        self._right.addStretch(1)

    def _may(self, permission: Permission) -> bool:
        return self._context.desk.actor.may(permission)

    # The workflow summary

    def _summary(self, found: RecordOverview) -> QWidget:
        facts = Facts()
        facts.add("Next appointment", self._next(found))
        facts.add("Lifecycle status", _lifecycle(found))
        facts.add("Workflow state", StatusLabel(workflow_status(found.workflow)))
        facts.add("Next step", self._step(found))
        if found.case is not None:
            facts.add("Billing arrangement", payers_words(found.case, found.people))
        if self._may(Permission.READ_NOTES):
            facts.add("Diagnosis", self._diagnosis(found))
        return facts

    def _next(self, found: RecordOverview) -> QWidget:
        if found.next is None:
            return Text("Nothing booked", tone="text.secondary")
        starts = found.next.starts
        when = Text(
            f"{starts:%A}, {short_day(starts.date())}, {time_words(starts)}", weight="semibold"
        )
        how = [found.next.format.label.lower()] if found.next.format else []
        how += [found.repeats[:1].lower() + found.repeats[1:]] if found.repeats else []
        return row(when, Text(", ".join(how), tone="text.secondary", elide=True), None, gap=6)

    def _step(self, found: RecordOverview) -> QWidget:
        workflow = found.workflow
        if workflow is None:
            return Text("Open a case to book sessions.")
        link = Link(workflow.link, on_click=lambda: self._follow(workflow.act))
        link.setVisible(bool(workflow.link) and self._may(_FOLLOWING[workflow.act]))
        return row(Text(workflow.step), link, None, gap=10)

    def _follow(self, act: str) -> None:
        record = self._presenter.record
        places = {
            "appointments": Place("people", record, "appointments"),
            "unsigned": Place("people", record, "clinical"),
            "diagnosis": Place("people", record, "clinical", {"field": "diagnosis"}),
            "payment": self._payment(),
            "book": Place("scheduling", part="new", ask={"case": str(self._presenter.case_id)}),
        }
        if act == "review":
            self._presenter.mark_reviewed()
        else:
            self._context.go(places[act])

    def _payment(self) -> Place:
        found = self._presenter.found
        client = str(found.people[0].id) if found is not None else ""
        return Place("billing", part="payments", ask={"client": client})

    def _diagnosis(self, found: RecordOverview) -> QWidget:
        today = self._context.today()
        lines: list[QWidget] = []
        for person in found.people:
            valid = [
                each
                for each in found.diagnoses.get(person.id, ())
                if each.valid_to is None or each.valid_to >= today
            ]
            if valid:
                codes = ", ".join(each.code for each in valid)
                whose = f"{person.name.called}, " if len(found.people) > 1 else ""
                since = f"{whose}since {date_words(valid[0].valid_from)}"
                said = Text(since[:1].upper() + since[1:], tone="text.secondary", elide=True)
                lines.append(row(Text(codes, weight="semibold"), said, None, gap=6))
        if not lines:
            return Text("None yet", tone="text.secondary")
        holder = QWidget()
        box = column_layout(holder, gap=2)
        for line in lines:
            box.addWidget(line)
        return holder

    # Onboarding

    def _steps(self, steps: tuple[Step, ...]) -> QWidget:
        done = sum(each.done for each in steps)
        section = Section("Onboarding")
        section.head.insertWidget(1, Text(f"{done} of {len(steps)}", tone="text.muted"))
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(look.px(16))
        grid.setVerticalSpacing(look.px(6))
        for position, step in enumerate(steps):
            grid.addWidget(self._step_line(step), position // 2, position % 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        section.add(holder)
        return section

    def _step_line(self, step: Step) -> QWidget:
        if step.done:
            return StatusLabel(Status("circle-check", step.words, Tone.QUIET), icon=16)
        link = Link("Add", on_click=lambda: self._go(step))
        link.setAccessibleName(f"Add: {step.words}")
        mark = IconMark("circle-dashed", Tone.WARN.value)
        words = Text(step.words, weight="semibold", elide=True)
        return row(mark, words, link, None, gap=6)

    def _go(self, step: Step) -> None:
        record = ("client", step.client_id) if step.client_id else self._presenter.record
        if step.part == "book":
            self._follow("book")
        else:
            self._context.go(Place("people", record, step.part, {"field": step.field}))

    def _edit(self, client_id: UUID) -> None:
        ask = {"field": "legal_given"}
        self._context.go(Place("people", ("client", client_id), "details", ask))

    # Last sessions

    def _sessions(self, found: RecordOverview) -> QWidget:
        every = Link("All appointments", on_click=lambda: self._follow("appointments"))
        section = Section("Last sessions", aside=every)
        for held in found.last:
            section.add(
                _SessionLine(
                    held, on_open=self._open_session, with_note=self._may(Permission.READ_NOTES)
                )
            )
            section.add(Hairline())
        return section

    def _open_session(self, session_id: UUID) -> None:
        self._context.go(Place("scheduling", ("appointment", session_id)))


class _SessionLine(QWidget):
    """Date, service, what became of it, its note, its money."""

    def __init__(
        self, held: HeldSession, *, on_open: Callable[[UUID], object], with_note: bool
    ) -> None:
        super().__init__()
        found = held.session
        line = row_layout(self, gap=12, margin=(0, 8, 0, 8))
        day = Text(short_day(found.day), tone="text.secondary", tabular=True)
        day.setFixedWidth(look.px(52))
        name = f"{found.service_name or 'Session'}, {found.minutes} min"
        link = Link(name, on_click=lambda: on_open(found.id), tone="text.primary", weight="regular")
        status = StatusLabel(session_status(found.status))
        status.setFixedWidth(look.px(112))
        note = StatusLabel(note_status(held) if with_note else Status("", "", Tone.QUIET))
        note.setFixedWidth(look.px(84))
        right = Qt.AlignmentFlag.AlignRight
        money = Text(_money(held), tone="text.secondary", tabular=True, align=right)
        money.setFixedWidth(look.px(112))
        line.addWidget(day)
        line.addWidget(link)
        line.addStretch(1)
        for each in (status, note, money) if with_note else (status, money):
            line.addWidget(each)


def _money(held: HeldSession) -> str:
    if not held.charged:
        return "no charge"
    return f"{held.charged} · {'owing' if held.owing else 'paid'}"


def _lifecycle(found: RecordOverview) -> QWidget:
    statuses = {each.lifecycle for each in found.people}
    if len(statuses) == 1:
        shown = StatusLabel(lifecycle_status(found.people[0].lifecycle))
        return row(shown, Text(both_words(found.people), tone="text.secondary"), None, gap=6)
    parts: list[QWidget | None] = []
    for person in found.people:
        parts.append(StatusLabel(lifecycle_status(person.lifecycle)))
        parts.append(Text(person.name.called, tone="text.secondary"))
    return row(*parts, None, gap=6)
