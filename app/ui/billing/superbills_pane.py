"""The paper of the selected superbill, as it will print or as it was issued."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout

from app.core.billing.superbills.rules.findings import Finding, Severity
from app.ui.billing.superbills_presenter import SuperbillsPresenter
from app.ui.shell.context import ScreenContext
from app.ui.theme import look
from app.ui.widgets.bars import SelectionBar
from app.ui.widgets.buttons import Button, IconButton, Link
from app.ui.widgets.layout import ScrollPage, Surface, column_layout, emptied, row_layout
from app.ui.widgets.preview import PagePreview
from app.ui.widgets.text import Text

WIDTH = 500
_FROZEN = "A replacement gets its own number; this one stays."


class PaperPane(Surface):
    """Title, the page, and what there is to look at; acts of an issued one at the foot."""

    mend_asked = Signal(object)

    def __init__(self, context: ScreenContext, presenter: SuperbillsPresenter) -> None:
        super().__init__("canvas", edges="left")
        self._presenter = presenter
        self._preview = PagePreview("Superbill as it will print", context.desk, context.deliver)
        self._preview.turned.connect(self._render_pages)
        self._title = Text("", weight="semibold", elide=True)
        self._pages = Text("", "caption", tone="text.muted", tabular=True)
        self._back = IconButton("chevron-left", "Page before", on_click=lambda: self._turn(-1))
        self._next = IconButton("chevron-right", "Next page", on_click=lambda: self._turn(1))
        head = row_layout(gap=2, margin=(20, 8, 14, 8))
        head.addWidget(self._title, 1)
        for widget in (self._pages, self._back, self._next):
            head.addWidget(widget)
        self._words = Text("", tone="text.secondary", wrap=True)
        self._findings: QVBoxLayout = column_layout(gap=6)
        scroll = ScrollPage(margin=(20, 0, 20, 20), gap=12, name="Paper")
        scroll.body.addWidget(self._preview)
        scroll.body.addWidget(self._words)
        scroll.body.addLayout(self._findings)
        scroll.body.addStretch(1)
        self._acts = self._make_acts()
        box = column_layout(self)
        box.addLayout(head)
        box.addWidget(scroll, 1)
        box.addWidget(self._acts)
        self.setFixedWidth(look.px(WIDTH))
        self._render_pages()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def render_state(self) -> None:
        """Show what the presenter holds."""
        presenter = self._presenter
        draft, issued = presenter.selected_draft(), presenter.selected_issued()
        if issued is None:
            self._acts.say("")
        findings: list[Finding] = []
        if draft is not None:
            self._title.set(f"{draft.draft.title}, as it will print")
            findings = [each for each in draft.findings if each.severity is not Severity.BLOCK]
            supervised = draft.draft.providers.supervising is not None
            self._words.set("Associate Rendering, supervisor Supervising" if supervised else "")
        elif issued is not None:
            self._title.set(f"{issued.number}, {issued.patient}")
            day = f"{issued.issued_on:%b} {issued.issued_on.day}, {issued.issued_on.year}"
            words = f"Replaces {issued.supersedes}." if issued.supersedes else ""
            self._words.set(words)
            said = _FROZEN if issued.is_live else f"Replaced by {issued.superseded_by}."
            self._acts.say(f"Issued {day}", said)
            self._replace.setVisible(issued.is_live)
        else:
            self._title.set("")
            self._words.set("")
        if presenter.paper_problem:
            self._words.set(presenter.paper_problem)
        self._words.setVisible(bool(self._words.text()))
        self._show_findings(findings)
        self._preview.show_paper(presenter.paper)

    def closing(self) -> None:
        """Drop the paper."""
        self._preview.closing()

    def _make_acts(self) -> SelectionBar:
        self._replace = Button("Replace", on_click=self._presenter.supersede)
        save = Button("Save as PDF", icon="download", on_click=lambda: self._take_out(True))
        printed = Button("Print", icon="printer", on_click=lambda: self._take_out(False))
        bar = SelectionBar([self._replace, save, printed], surface="canvas", margin=20)
        bar.stand_high(True)
        return bar

    def _take_out(self, to_file: bool) -> None:
        self._presenter.take_out(to_file=to_file)

    def _show_findings(self, findings: list[Finding]) -> None:
        emptied(self._findings)
        for finding in findings:
            tone = "warn.text" if finding.severity is Severity.WARN else "text.secondary"
            words = Text(finding.sentence, tone=tone, wrap=True)
            mend = Link(finding.mend.words)
            mend.setAccessibleDescription(finding.sentence)
            mend.clicked.connect(lambda _=False, found=finding: self.mend_asked.emit(found))
            line = row_layout(gap=12)
            line.addWidget(words, 1)
            line.addWidget(mend)
            self._findings.addLayout(line)

    def _turn(self, by: int) -> None:
        self._preview.step(by)

    def _render_pages(self) -> None:
        pages, page = self._preview.pages, self._preview.page
        self._pages.set(f"{page + 1} of {pages}" if pages > 1 else "")
        for button, there in ((self._back, page > 0), (self._next, page + 1 < pages)):
            button.setVisible(pages > 1)
            button.setEnabled(there)
