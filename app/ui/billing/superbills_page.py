"""The page of superbills: a month for all clients, or one client's dates."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from app.core.billing.superbills.rules.findings import Finding
from app.ui.billing.pieces import earlier_way
from app.ui.billing.superbills_list import SuperbillList
from app.ui.billing.superbills_mending import place_to_mend
from app.ui.billing.superbills_pane import WIDTH, PaperPane
from app.ui.billing.superbills_presenter import SuperbillsPresenter
from app.ui.shell.context import ScreenContext
from app.ui.shell.places import Place, Record
from app.ui.theme import look
from app.ui.widgets.bars import SelectionBar
from app.ui.widgets.buttons import Button, IconButton
from app.ui.widgets.choices import Check
from app.ui.widgets.forms import FormField
from app.ui.widgets.layout import Hairline, Surface, column_layout, row_layout
from app.ui.widgets.meters import Progress
from app.ui.widgets.phrases import plural
from app.ui.widgets.printing import print_paper, save_paper
from app.ui.widgets.states import EmptyState, StateStack, Way
from app.ui.widgets.text import Text
from app.ui.widgets.typed import DateField, is_being_typed

CREATE, PRINT_ALL = "billing.create_superbills", "billing.print_superbills"
_FROZEN = "Each gets a number and is frozen."
_ONE_FROZEN = "It gets a number and is frozen."
_AS_ISSUED = "Every page prints as it was issued."
#: What the paper may take of a narrow page.
_PAPER_SHARE = 0.42


class SuperbillsPage(Surface):
    """Head with the dates, the list and what is chosen; the paper at the right.

    ``head`` stands on the page itself, or over the tabs of the page that holds this one.
    """

    def __init__(
        self, context: ScreenContext, whose: Record | None = None, *, head_inside: bool = True
    ) -> None:
        super().__init__("page")
        self._context = context
        self._presenter = SuperbillsPresenter(
            context.desk, context.deliver, whose=whose, did=context.did
        )
        self._range: tuple[DateField, ...] = ()
        self.head = self._make_head(whose is not None)
        self._list = SuperbillList()
        self._list.follow(context.unsent)
        self._list.selected.connect(self._presenter.select)
        self._list.toggled.connect(self._presenter.toggle)
        self._list.mend_asked.connect(self._mend)
        self._states = StateStack(self._list, row="table")
        self._message = Text("", tone="text.secondary", wrap=True)
        self._unpaid = Check("", on_change=self._presenter.include)
        self._progress = Progress()
        self._progress.cancelled.connect(self._presenter.cancel)
        self._create = Button("", kind="primary", keys="Ctrl+Return", on_click=self._create_chosen)
        self._proofs = Button("Print proofs", icon="printer", on_click=self._presenter.take_proofs)
        self._save_all = Button("Save as PDF", icon="download", on_click=lambda: self._all(True))
        self._print_all = Button("", icon="printer", on_click=lambda: self._all(False))
        self._bar = SelectionBar([self._proofs, self._save_all, self._print_all, self._create])
        self._pane = PaperPane(context, self._presenter)
        self._pane.mend_asked.connect(self._mend)
        self._lay_out(head_inside)
        self._presenter.on_change(self._render)
        self._states.loading()
        self._presenter.refresh()

    # The page's protocol

    def show_place(self, place: Place) -> None:
        """Show the superbill or the client that the place names."""
        if place.record is not None and place.record[0] == "superbill":
            self._presenter.history = True
            self._presenter.select(place.record[1])
            self._presenter.refresh()

    def act(self, action_id: str) -> None:
        """Create what is chosen, or print the month."""
        if action_id == CREATE:
            self._create_chosen()
        elif action_id == PRINT_ALL:
            self._all(False)

    def can(self, action_id: str) -> bool:
        """Return whether there is anything to create or print."""
        if action_id == CREATE:
            return bool(self._presenter.chosen)
        return bool(self._presenter.found and self._presenter.found.issued)

    def refresh(self) -> None:
        """Read again when the page comes back."""
        self._presenter.refresh()

    def closing(self) -> None:
        """Stop listening and drop the paper."""
        self._presenter.close()
        self._pane.closing()

    # Making it

    def _make_head(self, one_client: bool) -> QWidget:
        made = QWidget()
        self._dates = Text("", "lead", "medium")
        self._detail = Text("", tone="text.secondary", elide=True)
        self._history = Button(
            "Issued superbills", kind="plain", icon="history", on_click=self._switch_history
        )
        line = row_layout(made, gap=12, margin=(40, 24, 40, 0))
        line.addWidget(Text("Superbills", "title", "semibold"))
        line.addWidget(self._make_range() if one_client else self._make_month())
        line.addStretch(1)
        line.addWidget(self._detail)
        line.addWidget(self._history)
        return made

    def _make_month(self) -> QWidget:
        made = QWidget()
        line = row_layout(made, gap=2)
        step = self._presenter.step_month
        line.addWidget(IconButton("chevron-left", "Month before", on_click=lambda: step(-1)))
        line.addWidget(self._dates)
        line.addWidget(IconButton("chevron-right", "Next month", on_click=lambda: step(1)))
        return made

    def _make_range(self) -> QWidget:
        made = QWidget()
        presenter, today = self._presenter, self._context.today()
        self._range = (
            DateField(presenter.first_on, name="First date of service", today=today),
            DateField(presenter.last_on, name="Last date of service", today=today),
        )
        first, last = self._range
        line = row_layout(made, gap=8)
        for widget in (first, Text("to", tone="text.secondary"), last):
            line.addWidget(widget)
        for field in self._range:
            field.changed.connect(self._dates_changed)
        self._range_field = FormField("", made)
        return self._range_field

    def _lay_out(self, head_inside: bool) -> None:
        left = Surface("page")
        box = column_layout(left)
        inset = column_layout(margin=(28, 10, 28, 0))
        inset.addWidget(self._states, 1)
        box.addLayout(inset, 1)
        foot = column_layout(gap=8, margin=(40, 8, 28, 8))
        for widget in (self._message, self._unpaid, self._progress):
            foot.addWidget(widget)
            widget.hide()
        box.addLayout(foot)
        box.addWidget(self._bar)
        both = row_layout(gap=0)
        both.addWidget(left, 1)
        both.addWidget(self._pane)
        page = column_layout(self)
        if head_inside:
            page.addWidget(self.head)
            page.addSpacing(look.px(16))
            page.addWidget(Hairline())
        page.addLayout(both, 1)

    # Showing

    def _render(self) -> None:
        presenter = self._presenter
        self._dates.set(f"{presenter.first_on:%B %Y}")
        self._render_range()
        self._history.set_words("Back to the month" if presenter.history else "Issued superbills")
        rows = presenter.rows
        self._list.set_rows(rows, presenter.selected)
        self._render_state(bool(rows))
        self._render_foot()
        self._pane.render_state()
        self._hand_over()

    def _render_range(self) -> None:
        shown = (self._presenter.first_on, self._presenter.last_on)
        for field, day in zip(self._range, shown, strict=False):
            if not is_being_typed(field, field.day):
                field.set_day(day)

    def _render_state(self, any_rows: bool) -> None:
        presenter = self._presenter
        waiting = presenter.all_issued is None if presenter.history else presenter.found is None
        if presenter.problem is not None:
            self._states.error("The superbills could not be read.", presenter.refresh)
        elif waiting:
            self._states.loading()
        elif not any_rows:
            self._states.empty(self._empty())
        else:
            self._states.content()
        self._pane.setVisible(any_rows)

    def _empty(self) -> EmptyState:
        if self._presenter.history:
            words = (
                "Each one that you create is kept here as it was issued, and can be printed again."
            )
            return EmptyState("file-text", "No superbills yet", words)
        words = self._presenter.omitted_words or (
            "A session appears here once it is marked attended and something was paid for it."
        )
        go = self._context.go
        ways = [
            Way(
                "Take a payment",
                lambda: go(Place("billing", part="payments")),
                icon="banknote",
            ),
            earlier_way(go),
        ]
        return EmptyState("file-text", "No paid sessions in these dates", words, ways)

    def _render_foot(self) -> None:
        presenter = self._presenter
        work, chosen = presenter.work, presenter.chosen
        count = presenter.client_count
        month = f"{presenter.first_on:%B}"
        words = f"{plural(count, 'client')} paid for sessions in {month}" if count else ""
        self._detail.set("" if presenter.history or presenter.whose else words)
        notes = " ".join(filter(None, (presenter.message, presenter.omitted_words)))
        self._message.set(notes)
        self._message.setVisible(bool(notes))
        unpaid = presenter.unpaid_count
        self._unpaid.setVisible(bool(unpaid or presenter.include_unpaid) and not presenter.history)
        blocked = self._unpaid.blockSignals(True)
        self._unpaid.setChecked(presenter.include_unpaid)
        self._unpaid.blockSignals(blocked)
        if unpaid:
            self._unpaid.setText(f"Include {plural(unpaid, 'unpaid session')}, with a warning")
            self._unpaid.updateGeometry()
        self._progress.setVisible(work is not None)
        if work is not None:
            done = f"Creating {work.done + 1} of {len(work.orders)}"
            self._progress.set(work.done, len(work.orders), done)
        self._create.set_words(f"Create {plural(len(chosen), 'superbill')}")
        self._create.set_busy(work is not None)
        self._render_bar()

    def _render_bar(self) -> None:
        presenter = self._presenter
        chosen, live = presenter.chosen, presenter.live
        # The paper's own bar is as high as its words and acts are, and both end the page.
        self._bar.stand_high(presenter.selected_issued() is not None)
        self._create.setVisible(bool(chosen))
        self._proofs.setVisible(bool(chosen) and presenter.whose is None)
        for button in (self._save_all, self._print_all):
            button.setVisible(not chosen and bool(live))
        self._print_all.set_words(f"Print {plural(len(live), 'superbill')}")
        if chosen:
            words = _ONE_FROZEN if len(chosen) == 1 else _FROZEN
            self._bar.say(f"{len(chosen)} selected, {presenter.chosen_sum}", words)
        elif live:
            self._bar.say(f"{len(live)} issued, {presenter.live_sum}", _AS_ISSUED)
        else:
            self._bar.say("")

    def _hand_over(self) -> None:
        paper = self._presenter.taken()
        if paper is None:
            return
        try:
            if paper.to_file:
                save_paper(self, paper.content, f"{paper.name}.pdf")
            else:
                print_paper(self, paper.content, paper.name)
        except Exception as error:  # noqa: BLE001 - what is not the machine's is raised on
            self._context.fail(error)

    # Doing

    def _create_chosen(self) -> None:
        if self._create.hasFocus():
            self._list.setFocus()  # the button goes; the keyboard stays with what is created
        self._presenter.create()

    def _all(self, to_file: bool) -> None:
        self._presenter.take_out_all(to_file=to_file)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._pane.setFixedWidth(min(look.px(WIDTH), round(self.width() * _PAPER_SHARE)))

    def _mend(self, finding: Finding) -> None:
        if not self._presenter.mend(finding):
            self._context.go(place_to_mend(finding.mend))

    def _switch_history(self) -> None:
        self._presenter.show_history(not self._presenter.history)

    def _dates_changed(self) -> None:
        if any(field.problem() for field in self._range):
            return
        first, last = (field.day() for field in self._range)
        if first is not None and last is not None:
            self._presenter.show_dates(first, last)
