"""One entry of *Please look at these*; its mend opens below it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.exchange.plans import ImportPlan, Problem, Trouble
from app.core.kernel.text import PersonName, read_full_name
from app.ui.exchange.findings import Finding, Mend
from app.ui.exchange.presenter import ImportPresenter
from app.ui.theme import look
from app.ui.widgets.buttons import Button, Link
from app.ui.widgets.choices import Segmented
from app.ui.widgets.fields import LineField
from app.ui.widgets.forms import FormField
from app.ui.widgets.layout import Hairline, column_layout, row_layout
from app.ui.widgets.message import IconMark
from app.ui.widgets.text import Text
from app.ui.widgets.typed import DateField

#: Rows that can be mended here at once; further ones come up when these are done.
_AT_ONCE = 20


class FindingRow(QWidget):
    """Icon, bold cause, detail, and a link that opens the mend."""

    def __init__(self, finding: Finding, plan: ImportPlan, presenter: ImportPresenter) -> None:
        super().__init__()
        self._finding, self._plan, self._presenter = finding, plan, presenter
        self._opened: QWidget | None = None
        self._box = column_layout(self)
        top = row_layout(gap=14, margin=(0, 10, 0, 10))
        top.addWidget(IconMark(finding.icon, str(finding.tone)), 0, Qt.AlignmentFlag.AlignTop)
        words = column_layout(gap=2)
        words.addWidget(Text(finding.title, weight="semibold", wrap=True))
        words.addWidget(Text(finding.detail, tone="text.secondary", wrap=True))
        top.addLayout(words, 1)
        self.link = Link(finding.link, on_click=self.toggle)
        self.link.setAccessibleName(f"{finding.link}: {finding.title}")
        top.addWidget(self.link, 0, Qt.AlignmentFlag.AlignTop)
        self._box.addLayout(top)
        self._place: QVBoxLayout = column_layout(margin=(30, 0, 0, 10), gap=8)
        self._box.addLayout(self._place)
        self._place.setContentsMargins(0, 0, 0, 0)
        self._box.addWidget(Hairline())

    def toggle(self) -> None:
        """Open or close the mend."""
        if self._opened is not None:
            self._opened.hide()
            self._opened.deleteLater()
            self._opened = None
            self.link.set_words(self._finding.link)
            return
        self._opened = self._mend()
        self._place.addWidget(self._opened)
        self.link.set_words("Close")

    def _mend(self) -> QWidget:
        holder = QWidget()
        box = column_layout(holder, gap=8, margin=(30, 0, 0, 12))
        makers: dict[Mend, Callable[[Problem], QWidget]] = {
            Mend.NAMES: self._name_editor,
            Mend.BIRTH_DATES: self._date_editor,
            Mend.SAME: self._same_editor,
        }
        make = makers.get(self._finding.mend)
        if make is None:
            for line in self._finding.lines[:_AT_ONCE]:
                box.addWidget(Text(line, wrap=True))
            return holder
        for problem in self._finding.problems[:_AT_ONCE]:
            box.addWidget(make(problem))
        return holder

    def _name_editor(self, problem: Problem) -> QWidget:
        known = "" if problem.trouble is Trouble.NO_NAME else problem.value
        read = read_full_name(known).name
        given = LineField(
            " ".join(part for part in (read.given, read.middle) if part),
            placeholder="First name",
            name=f"First name of {self._plan.place(problem.row)}",
        )
        family = LineField(
            read.family,
            placeholder="Last name",
            name=f"Last name of {self._plan.place(problem.row)}",
        )

        def keep() -> None:
            name = PersonName(given.text().strip(), "", family.text().strip())
            if not name.display:
                given.set_error(True)
                given.setFocus()
                return
            self._presenter.name_people(problem.row, (name,))

        return self._line(problem, (given, family), Button("Use this name", on_click=keep))

    def _date_editor(self, problem: Problem) -> QWidget:
        born = DateField(name=f"Birth date of {self._plan.place(problem.row)}")
        said = FormField("", born)

        def keep() -> None:
            if not born.judge():
                born.setFocus()
            elif (day := born.day()) is not None:
                self._presenter.set_birth_date(problem.person, day)

        return self._line(problem, (said,), Button("Use this date", on_click=keep))

    def _same_editor(self, problem: Problem) -> QWidget:
        choice = Segmented(
            ((True, "The same person"), (False, "Another person")),
            False,
            name=f"{self._plan.place(problem.row)}, {problem.value}",
        )

        def keep() -> None:
            self._presenter.say_same(problem.person, same=bool(choice.value()))

        return self._line(problem, (choice,), Button("Keep this", on_click=keep))

    def _line(self, problem: Problem, editors: tuple[QWidget, ...], act: Button) -> QWidget:
        holder = QWidget()
        line = row_layout(holder, gap=8)
        place = self._plan.place(problem.row)
        said = Text(f"{place[:1].upper()}{place[1:]}", tone="text.secondary", elide=True)
        said.setFixedWidth(look.px(120))
        line.addWidget(said)
        for editor in editors:
            line.addWidget(editor)
        line.addWidget(act)
        line.addStretch(1)
        return holder
