"""The review: what would arrive, what to look at, and who is active."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from app.core.exchange.plans import Arrival, ImportPlan, RowRef, Trouble
from app.core.kernel.text import listed
from app.core.people.rules import Lifecycle
from app.core.practice.rules.catalogue import CaseKind
from app.ui.exchange.choose_pane import ChoosePane
from app.ui.exchange.choosing import names_of
from app.ui.exchange.finding_row import FindingRow
from app.ui.exchange.findings import findings
from app.ui.exchange.presenter import ImportPresenter
from app.ui.exchange.report import report_text
from app.ui.theme import look
from app.ui.widgets.bars import ActsBar, Crumbs
from app.ui.widgets.buttons import Button
from app.ui.widgets.cells import Cell, Column, TableRow
from app.ui.widgets.layout import (
    Hairline,
    ScrollPage,
    Section,
    column,
    column_layout,
    emptied,
    row_layout,
)
from app.ui.widgets.message import Message
from app.ui.widgets.phrases import plural
from app.ui.widgets.status import Status, Tone
from app.ui.widgets.tables import DataTable
from app.ui.widgets.text import Text

#: Below this width the pane and the page take turns.
_SIDE_BY_SIDE = 1040
#: Rows of the list that are shown; the report has all of them.
_FIRST = 12
_COLUMNS = (
    Column("row", "Row", width=44, tone="text.secondary", sortable=False),
    Column("name", "Legal name", weight="medium", sortable=False),
    Column("born", "Born", width=92, tone="text.secondary", sortable=False),
    Column("phone", "Phone", width=124, tone="text.secondary", sortable=False),
    Column("email", "Email", stretch=1, tone="text.secondary", sortable=False),
    Column("arrives", "Arrives as", width=156, sortable=False),
)
_LOOKS = {
    Lifecycle.ACTIVE: ("circle-check", Tone.OK),
    Lifecycle.INACTIVE: ("moon", Tone.QUIET),
    Lifecycle.ARCHIVED: ("folder", Tone.QUIET),
}


class ReviewView(QWidget):
    """Nothing is kept while this is shown."""

    def __init__(self, presenter: ImportPresenter, today: Callable[[], date]) -> None:
        super().__init__()
        self._presenter = presenter
        self._shown: ImportPlan | None = None
        self._said = ""
        self._title = Text("This is what would arrive", "title", "semibold")
        self._detail = Text(tone="text.secondary", wrap=True)
        self._problem = column_layout(gap=0)
        self._figures = row_layout(gap=0)
        self._findings = Section("Please look at these", gap=4)
        self._rows = DataTable(_COLUMNS, name="First rows", bleeds=False)
        self._choose = ChoosePane(presenter, today)
        self._choosing = False
        self._left = QWidget()
        self._turn = Message(
            Tone.WARN,
            "",
            mend="Choose who is active",
            on_mend=lambda: self._take_turns(choosing=True),
        )
        self._start = Button("Import", kind="primary", keys="Ctrl+Return", on_click=presenter.start)
        self._build()

    def render_state(self) -> None:
        """Show the plan; what a choice changes is shown without building the page again."""
        plan = self._presenter.plan
        if plan is None:
            return
        if plan is not self._shown:
            self._shown = plan
            self._show_plan(plan)
        if self._presenter.sentence != self._said:
            self._said = self._presenter.sentence
            emptied(self._problem)
            if self._said:
                self._problem.addWidget(Message(Tone.DANGER, self._said))
        self._choose.render_state()
        self._arrange()
        self._rows.set_rows([self._row(plan, each) for each in plan.arrivals[:_FIRST]])

    def _build(self) -> None:
        page = ScrollPage(margin=(40, 24, 40, 24), gap=0, name="Review of the import")
        body = page.body
        body.addWidget(Crumbs(("Import", "Files", "Review")))
        body.addSpacing(look.px(8))
        body.addWidget(self._title)
        body.addSpacing(look.px(2))
        body.addWidget(self._detail)
        body.addSpacing(look.px(14))
        body.addLayout(self._problem)
        body.addWidget(Hairline())
        body.addLayout(self._figures)
        body.addWidget(Hairline())
        body.addSpacing(look.px(24))
        self._over = column(self._turn, margin=(0, 0, 0, 20))
        body.addWidget(self._over)
        body.addWidget(self._findings)
        body.addSpacing(look.px(24))
        rows = Section("First rows")
        rows.add(self._rows)
        body.addWidget(rows)
        acts = ActsBar(
            "The whole import can be undone in one step, for 30 days.",
            (
                Button("Back", on_click=self._presenter.back),
                Button("Save report", icon="download", on_click=self._save_report),
                self._start,
            ),
        )
        left = column_layout(self._left)
        left.addWidget(page, 1)
        left.addWidget(acts)
        line = row_layout(self, gap=0)
        line.addWidget(self._left, 1)
        line.addWidget(self._choose)
        self._choose.closed.connect(lambda: self._take_turns(choosing=False))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Show page and pane side by side, or where there is no room let them take turns."""
        choosing = self._presenter.choosing
        scarce = choosing.scarce
        narrow = self.width() < look.px(_SIDE_BY_SIDE)
        alone = narrow and scarce and self._choosing
        self._left.setVisible(not alone)
        self._choose.setVisible(scarce and (alone or not narrow))
        self._choose.set_alone(alone)
        self._over.setVisible(narrow and scarce)
        self._turn.say(f"{choosing.over:,} over your plan arrive inactive.")

    def _take_turns(self, *, choosing: bool) -> None:
        self._choosing = choosing
        self._arrange()

    def _show_plan(self, plan: ImportPlan) -> None:
        joined = ", joined on the client’s name" if len(plan.files) > 1 else ""
        sentence = f"{listed(list(plan.files))}, recognized as {plan.source}{joined}."
        self._detail.set(" ".join((sentence, *plan.notices, "Nothing is kept yet.")))
        self._show_figures(plan)
        self._findings.clear()
        found = findings(plan)
        self._findings.setVisible(bool(found))
        for each in found:
            self._findings.add(FindingRow(each, plan, self._presenter))
        self._rows.setFixedHeight(look.row("table") * (min(len(plan.arrivals), _FIRST) + 1) + 2)
        people = len(plan.newcomers)
        self._start.set_words(f"Import {plural(people, 'person', 'people')}")
        self._start.setEnabled(bool(plan.arrivals))

    def _show_figures(self, plan: ImportPlan) -> None:
        emptied(self._figures)
        couples = [each for each in plan.arrivals if each.kind is CaseKind.COUPLE]
        inside = sum(len(each.people) for each in couples)
        once = plan.count(Trouble.DUPLICATE)
        refused = plan.count(Trouble.NO_NAME) + plan.count(Trouble.LONG_NAME)
        known = plan.count(Trouble.KNOWN)
        figures = [
            (plan.rows, "row read" if plan.rows == 1 else "rows read", ""),
            (len(plan.newcomers), "people arrive", ""),
            (len(couples), f"couples, {inside} people", ""),
            (once, "exact duplicate" if once == 1 else "exact duplicates", ""),
            (refused, "row refused" if refused == 1 else "rows refused", "danger.text"),
        ]
        if known:
            figures[3] = (known, "here already", "")
        for position, (number, words, tone) in enumerate(figures):
            if position:
                self._figures.addWidget(Hairline(vertical=True))
            first = 0 if position == 0 else 16
            self._figures.addWidget(_figure(number, words, tone if number else "", first), 1)

    def _row(self, plan: ImportPlan, arrival: Arrival) -> TableRow:
        client = plan.people[arrival.people[0]].person.client
        born = client.details.birth_date if len(arrival.people) == 1 else None
        legal = ", ".join(plan.people[each].person.client.name.legal for each in arrival.people)
        return TableRow(
            arrival.row,
            (
                str(arrival.row.number),
                Cell(legal or names_of(plan, arrival)),
                f"{born:%m/%d/%Y}" if born else "",
                client.phones[0].number if client.phones else "",
                client.emails[0].address if client.emails else "",
                self._arrives(arrival),
            ),
        )

    def _arrives(self, arrival: Arrival) -> Status:
        lifecycle = arrival.arrives
        chosen: frozenset[RowRef] = self._presenter.choosing.chosen
        couple = ", couple" if arrival.kind is CaseKind.COUPLE else ""
        if arrival.wanted is Lifecycle.ACTIVE:
            if arrival.row not in chosen:
                return Status("moon", "Inactive, over plan", Tone.WARN)
            lifecycle = Lifecycle.ACTIVE
        icon, tone = _LOOKS.get(lifecycle, ("circle-dashed", Tone.QUIET))
        return Status(icon, f"{lifecycle.label}{couple}", tone)

    def _save_report(self) -> None:
        name, _kind = QFileDialog.getSaveFileName(
            self.window(), "Save report", "Import report.txt", "Text (*.txt)"
        )
        if name and self._presenter.plan is not None:
            text = report_text(self._presenter.plan, self._presenter.choosing.chosen)
            Path(name).write_text(text, encoding="utf-8")


def _figure(number: int, words: str, tone: str, left: int) -> QWidget:
    holder = QWidget()
    holder.setAccessibleName(f"{number:,} {words}")
    box = column_layout(holder, gap=2, margin=(left, 12, 8, 14))
    box.addWidget(Text(f"{number:,}", "display", "semibold", tone or "text.primary", tabular=True))
    box.addWidget(Text(words, tone="text.secondary", wrap=True))
    box.addStretch(1)
    return holder
