"""The last signed notes beside the one at hand, each section ready to be brought forward."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QWidget

from app.core.clinical.queries.notes import NoteView
from app.core.clinical.rules.notes import Section, sections_shown
from app.core.kernel.phrases import weekday_day
from app.ui.clinical.note_presenter import NotePresenter
from app.ui.theme import look
from app.ui.widgets.buttons import IconButton, Link
from app.ui.widgets.layout import (
    Hairline,
    ScrollPage,
    Surface,
    column_layout,
    emptied,
    row_layout,
)
from app.ui.widgets.status import Status, StatusLabel, Tone
from app.ui.widgets.text import Text

WIDTH = 360


class BesidePane(Surface):
    """Reads the presenter; ``bring`` is called with the key of a section to bring forward."""

    def __init__(self, presenter: NotePresenter, bring: Callable[[str], None]) -> None:
        super().__init__("canvas", edges="left")
        self._presenter = presenter
        self._bring = bring
        self._shown: tuple[object, ...] = ()
        self._title = Text("Last note", weight="semibold")
        self._day = Text("", tone="text.muted")
        self._signed = StatusLabel(Status("lock", "Signed", Tone.OK))
        self._older = IconButton("chevron-left", "Older note", on_click=lambda: presenter.step(1))
        self._newer = IconButton("chevron-right", "Newer note", on_click=lambda: presenter.step(-1))
        self._head = QWidget()
        line = row_layout(self._head, gap=4, margin=(24, 0, 16, 0))
        line.addWidget(self._title)
        line.addWidget(self._day)
        line.addStretch(1)
        line.addWidget(self._signed)
        line.addWidget(self._older)
        line.addWidget(self._newer)
        self._page = ScrollPage(margin=(24, 0, 24, 24), name="Last note")
        box = column_layout(self)
        box.addWidget(self._head)
        box.addWidget(Hairline())
        box.addWidget(self._page, 1)
        self.setAccessibleName("Last note")
        self._fit()
        self._stop = presenter.on_change(self._render)
        self._render()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._fit()
        super().changeEvent(event)

    def _fit(self) -> None:
        self.setFixedWidth(look.px(WIDTH))
        # With the hairline below it as high as the note's toolbar.
        self._head.setFixedHeight(look.px(56) - 1)

    def closing(self) -> None:
        """Listen no longer: the sheet that shows it is closed."""
        self._stop()

    def _render(self) -> None:
        """Show the note beside, if it is another one than before."""
        beside = self._presenter.beside
        self._older.setEnabled(self._presenter.can_step(1))
        self._newer.setEnabled(self._presenter.can_step(-1))
        shown = (beside and beside.id, self._presenter.editable)
        if shown == self._shown and beside is not None:
            return
        self._shown = shown
        emptied(self._page.body)
        self._signed.setVisible(beside is not None)
        if beside is None:
            self._title.set("Last note")
            self._day.set("")
            self._show_none()
            return
        latest = self._presenter.beside_position == 0
        self._title.set("Last note" if latest else "Earlier note")
        self._day.set(f"· {weekday_day(beside.held_on)}")
        for section in sections_shown(beside.format, beside.sections):
            self._show_section(beside, section)

    def _show_none(self) -> None:
        if self._presenter.note is not None and not self._presenter.older:
            words = (
                "No signed note yet. Once one is signed, it stands here while you write the next."
            )
            self._page.body.addSpacing(look.px(14))
            none = Text(words, tone="text.secondary", wrap=True)
            self._page.body.addWidget(none, 0, Qt.AlignmentFlag.AlignTop)

    def _show_section(self, beside: NoteView, section: Section) -> None:
        said = beside.sections.get(section.key, "")
        if not said:
            return
        line = row_layout(gap=8)
        line.addWidget(Text(section.title, weight="semibold", tone="text.secondary"))
        line.addStretch(1)
        if self._presenter.editable:
            forward = Link("Bring forward", on_click=lambda: self._bring(section.key))
            forward.setAccessibleName(f"Bring forward {section.title}")
            line.addWidget(forward)
        words = Text(said, tone="text.secondary", wrap=True)
        self._page.body.addSpacing(look.px(14))
        self._page.body.addLayout(line)
        self._page.body.addSpacing(look.px(3))
        self._page.body.addWidget(words, 0, Qt.AlignmentFlag.AlignTop)
