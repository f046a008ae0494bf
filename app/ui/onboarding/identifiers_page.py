"""Identifiers: NPI, license, taxonomy, tax id, and what of them superbills will print."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.core.kernel.errors import UserError
from app.core.practice.rules.identifiers import TAXONOMIES, check_npi, check_tax_id, tax_id_kind
from app.core.practice.rules.places import STATES
from app.core.team.rules import LICENSE_KINDS
from app.ui.onboarding.drafts import Draft, TypedIdentifiers, identified
from app.ui.onboarding.page import PageView
from app.ui.theme import look
from app.ui.widgets import paint
from app.ui.widgets.fields import Choice, LineField
from app.ui.widgets.forms import FormField
from app.ui.widgets.layout import column_layout, reveal
from app.ui.widgets.status import Status, StatusLabel, Tone
from app.ui.widgets.text import Text
from app.ui.widgets.typed import DateField

#: A cell of the paper: caption, value, whether it is wrong.
Cell = tuple[str, str, bool]
_NOT_VALID = "Not valid"


class PaperCells(QWidget):
    """A corner of a superbill as it will print: boxed cells in rows, black on white."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[list[Cell]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_rows(self, rows: list[list[Cell]]) -> None:
        """Show other cells; a screen reader hears them one after the other."""
        self._rows = rows
        said = [f"{caption}: {value}" for row in rows for caption, value, _wrong in row]
        self.setAccessibleName("On your superbills. " + ". ".join(said))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(look.px(304), look.px(32 + 38 * len(self._rows)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        page, edge = QRectF(self.rect()), look.color("line.strong")
        paint.box(painter, page, 0, fill=look.color("print.paper"), edge=edge)
        inset, height = look.px(16), look.px(38)
        for number, cells in enumerate(self._rows):
            width = (page.width() - 2 * inset) / len(cells)
            for place, cell in enumerate(cells):
                spot = QRectF(inset + place * width, inset + number * height, width, height)
                self._paint_cell(painter, spot, cell)

    def _paint_cell(self, painter: QPainter, spot: QRectF, cell: Cell) -> None:
        caption, value, wrong = cell
        paint.box(painter, spot.adjusted(0, 0, 1, 1), 0, edge=look.color("print.ruleStrong"))
        inner = spot.adjusted(look.px(8), look.px(4), -look.px(4), -look.px(4))
        upper = QRectF(inner.left(), inner.top(), inner.width(), inner.height() * 0.45)
        lower = QRectF(inner.left(), upper.bottom(), inner.width(), inner.height() * 0.55)
        ink = look.color("print.ink")
        paint.words(painter, upper, caption, look.font("caption"), ink)
        value_ink = look.color("print.danger") if wrong else ink
        paint.words(painter, lower, value, look.font("caption", "semibold"), value_ink)


class IdentifiersPage(PageView):
    """What insurers look for. All of it can wait until the first superbill."""

    def __init__(self, draft: Draft) -> None:
        self._cells = PaperCells()
        super().__init__(
            "Your identifiers",
            "Insurers look for these on a superbill. Skip what is not at hand; you will be asked"
            " before the first one.",
            aside=self._aside(),
        )
        self._draft = draft
        self._npi, self._npi2 = LineField(tall=True), LineField(tall=True)
        self._npi_said, self._npi2_said = StatusLabel(), StatusLabel()
        self._kind = Choice([("", ""), *LICENSE_KINDS.items()], tall=True)
        self._state = Choice([("", ""), *STATES.items()], tall=True)
        self._number = LineField(tall=True)
        self._until = DateField(field="valid_to")
        self._until.setProperty("tall", True)
        offered = [(code, f"{code}, {words}") for code, words in TAXONOMIES.items()]
        self._taxonomy = Choice([("", ""), *offered], tall=True)
        self._tax_id = LineField(tall=True)
        self._lay_out()
        self._show(draft)
        for field in (self._npi, self._npi2, self._number, self._tax_id):
            field.textChanged.connect(self._typed)
        for choice in (self._kind, self._state):
            choice.changed.connect(self._typed)
        self._typed()

    def _aside(self) -> QWidget:
        made = QWidget()
        column = column_layout(made, gap=10)
        column.addWidget(Text("On your superbills", tone="text.secondary"))
        column.addWidget(self._cells)
        words = "Nothing here leaves this computer until you connect an account."
        column.addWidget(Text(words, tone="text.secondary", wrap=True))
        return made

    def _lay_out(self) -> None:
        add = self.form.add
        self.add_pairs(
            _with_verdict(add("npi", FormField("Your NPI", self._npi)), self._npi_said),
            _with_verdict(
                add("npi2", FormField("Practice NPI", self._npi2, optional=True)), self._npi2_said
            ),
            add("license_kind", FormField("License", self._kind)),
            add("license_state", FormField("State", self._state)),
            add("license_number", FormField("License number", self._number)),
            add("valid_to", FormField("Valid until", self._until, optional=True)),
        )
        self.add(add("taxonomy", FormField("Taxonomy", self._taxonomy, optional=True)))
        hint = "An EIN is better than a Social Security number on papers"
        self.add_pairs(add("tax_id", FormField("Tax ID (EIN)", self._tax_id, hint=hint)), None)

    def _show(self, draft: Draft) -> None:
        practice, owner, held = draft.practice, draft.owner, draft.license
        self._npi.setText(owner.npi)
        self._npi2.setText(practice.npi2)
        self._taxonomy.set_value(owner.taxonomy)
        self._tax_id.setText(practice.tax_id)
        self._state.set_value(held.state if held else practice.state)
        kind = held.kind if held else owner.credentials
        self._kind.set_value(kind if kind in LICENSE_KINDS else "")
        if held:
            self._number.setText(held.number)
            self._until.set_day(held.valid_to)

    def take(self, draft: Draft) -> Draft:
        return identified(draft, self._read())

    def _read(self) -> TypedIdentifiers:
        return TypedIdentifiers(
            npi=self._npi.text(),
            npi2=self._npi2.text(),
            license_kind=self._kind.value() or "",
            license_state=self._state.value() or "",
            license_number=self._number.text(),
            valid_to=self._until.day(),
            taxonomy=self._taxonomy.value() or "",
            tax_id=self._tax_id.text(),
        )

    def show_problem(self, problem: Exception | None) -> None:
        super().show_problem(problem)
        for name, _field, said in self._judged():
            # Else the same sentence would stand there twice.
            reveal(said, not self.form[name].error())

    def _judged(self) -> tuple[tuple[str, LineField, StatusLabel], ...]:
        return ("npi", self._npi, self._npi_said), ("npi2", self._npi2, self._npi2_said)

    def _typed(self) -> None:
        for name, field, said in self._judged():
            verdict = npi_verdict(field.text())
            if verdict.words != said.text():
                # What was refused is judged anew as it is mended.
                self.form[name].clear_error()
                reveal(said, True)
            said.set(verdict)
        self._cells.show_rows(self._printed())

    def _printed(self) -> list[list[Cell]]:
        owner, practice = self._draft.owner, self._draft.practice
        name = " ".join(part for part in (owner.given, owner.family) if part)
        titled = ", ".join(part for part in (name, owner.credentials) if part)
        number = self._number.text().strip()
        kind = self._kind.value() or ""
        named = number if number.startswith(kind) else f"{kind} {number}"
        held = ", ".join(part for part in (named.strip(), self._state.value() or "") if part)
        return [
            [("Rendering provider", titled, False)],
            [("License, state", held, False), ("NPI, type 1", *_npi_cell(self._npi.text()))],
            [("Billing entity, legal name", practice.legal_name or practice.name, False)],
            [
                ("Tax ID (EIN)", *_tax_cell(self._tax_id.text())),
                ("NPI, type 2", *_npi_cell(self._npi2.text())),
            ],
        ]


def npi_verdict(typed: str) -> Status:
    """Return what to say of an NPI while it is typed: nothing until it has its ten digits."""
    if len(typed.strip()) < 10:
        return Status("", "", Tone.QUIET)
    try:
        check_npi(typed)
    except UserError as error:
        return Status("circle-alert", error.sentence, Tone.DANGER)
    return Status("circle-check", "A valid NPI", Tone.OK)


def _npi_cell(typed: str) -> tuple[str, bool]:
    try:
        return check_npi(typed), False
    except UserError:
        return _NOT_VALID, True


def _tax_cell(typed: str) -> tuple[str, bool]:
    try:
        return check_tax_id(typed, tax_id_kind(typed)), False
    except UserError:
        return _NOT_VALID, True


def _with_verdict(field: FormField, said: StatusLabel) -> QWidget:
    made = QWidget()
    column = column_layout(made, gap=5)
    column.addWidget(field)
    column.addWidget(said)
    return made
