"""The invoice as PDF: ``bytes = render_invoice(content)``. It carries no diagnosis."""

from __future__ import annotations

from datetime import date

from app.core.billing.invoices.content import InvoiceContent, InvoiceLine, InvoicePayment
from app.core.kernel.money import total
from app.core.paper import frame
from app.core.paper.cells import Cell, CellGrid
from app.core.paper.listing import Align, Column, Listing, Value
from app.core.paper.paging import Room, paginate
from app.core.paper.sheet import LEFT, About, Sheet
from app.core.paper.typeset import wrap

_TITLE = "Invoice"
_CARRIED = 24.0
_GAP = 12.0
_FOOTER_WIDTH = 560.0

_LINE_COLUMNS = [
    Column(("Date of service",), 106),
    Column(("Service",), 120, wraps=True),
    Column(("Provider",), 120, wraps=True),
    Column(("Fee",), 60, 96, Align.RIGHT),
    Column(("Adjustment",), 84, 96, Align.RIGHT),
    Column(("Amount",), 63, 96, Align.RIGHT, bold=True),
]
_PAYMENT_COLUMNS = [
    Column(("Date",), 180),
    Column(("Method",), 120, wraps=True),
    Column(("Receipt",), 180),
    Column(("Amount",), 121, 140, Align.RIGHT),
]


def render_invoice(content: InvoiceContent) -> bytes:
    """Return the PDF of ``content``. Equal contents give equal bytes."""
    about = About(f"{_TITLE} {content.number or 'draft'}", content.entity.legal_name)
    with Sheet(about) as sheet:
        _Invoice(content).draw(sheet)
        return sheet.finish()


class _Invoice:
    """Settles the pages of one invoice, then draws them."""

    def __init__(self, content: InvoiceContent) -> None:
        self._content = content
        self._listing = Listing(_LINE_COLUMNS, [_line(line) for line in content.lines])
        self._payments = Listing(_PAYMENT_COLUMNS, [_payment(each) for each in content.payments])
        self._footer = [
            line
            for paragraph in content.footer.splitlines()
            for line in wrap(paragraph, frame.SOFT, _FOOTER_WIDTH)
        ]
        self._ways = _ways_to_pay(content)
        number = Cell(8, "Invoice number", content.number, claimed=True)
        self._continued = CellGrid([[number, Cell(16, "Bill to", content.bill_to.name)]])

    def draw(self, sheet: Sheet) -> None:
        content, listing = self._content, self._listing
        top = frame.draw_head(sheet, frame.Head(_TITLE, _subtitles(content), content.entity))
        parties = CellGrid(_party_cells(content))
        body = top + parties.height + frame.section_height() + listing.head_height
        further = frame.SMALL_HEAD_BOTTOM + self._continued.height
        further += _CARRIED + frame.section_height()
        room = Room(
            first=frame.BODY_BOTTOM - body,
            further=frame.BODY_BOTTOM - further - listing.head_height,
            closing=self._closing_height(),
            carried=_CARRIED,
        )
        pages = paginate([row.height for row in listing.rows], room)
        for number, rows in enumerate(pages, start=1):
            if number == 1:
                y = parties.draw(sheet, top)
            else:
                sheet.next_page()
                y = self._draw_continued(sheet, number, rows.start)
            y = frame.draw_section(sheet, y, "Lines", "US dollars")
            y = listing.draw(sheet, y, listing.rows[rows.start : rows.stop])
            if number == len(pages):
                self._draw_closing(sheet, y)
            else:
                self._draw_carried(sheet, y + 8, f"Carried to page {number + 1}", rows.stop)
            frame.draw_foot(sheet, _foot(content), number, len(pages))

    def _draw_continued(self, sheet: Sheet, page: int, start: int) -> float:
        content = self._content
        entity = content.entity
        sender = f"{entity.legal_name} · Tax ID {entity.tax_id}"
        y = frame.draw_small_head(sheet, _TITLE, sender, demo=entity.is_demo)
        y = self._continued.draw(sheet, y)
        return self._draw_carried(sheet, y + 8, f"Carried from page {page - 1}", start)

    def _draw_carried(self, sheet: Sheet, top: float, label: str, upto: int) -> float:
        amount = total(line.amount for line in self._content.lines[:upto])
        return frame.draw_carried(sheet, top, label, str(amount))

    def _closing_height(self) -> float:
        height = _GAP + frame.totals_height(3)
        if self._payments.rows:
            height += frame.section_height() + self._payments.height(self._payments.rows)
        if self._ways:
            height += frame.section_height() + self._ways.height
        return height + (14 + 16 * len(self._footer) if self._footer else 0)

    def _draw_closing(self, sheet: Sheet, top: float) -> None:
        content, payments, y = self._content, self._payments, top
        if payments.rows:
            y = frame.draw_section(sheet, y, "Payments so far")
            y = payments.draw(sheet, y, payments.rows)
        sums = [
            ("Total", str(content.total)),
            ("Credit applied", str(-content.credit)),
            ("Paid", str(-content.paid)),
        ]
        y = frame.draw_totals(sheet, y + _GAP, sums, ("Amount due", str(content.due)))
        if self._ways:
            y = frame.draw_section(sheet, y, "How to pay")
            y = self._ways.draw(sheet, y)
        y += 14
        for line in self._footer:
            sheet.text(LEFT, y, line, frame.SOFT)
            y += frame.SOFT.leading


def _subtitles(content: InvoiceContent) -> tuple[str, ...]:
    return (content.subject,) if content.subject else ()


def _party_cells(content: InvoiceContent) -> list[list[Cell]]:
    entity = content.entity
    return [
        [
            Cell(6, "Invoice number", content.number or "Given when created", claimed=True),
            Cell(5, "Date issued", _day(content.issued_on)),
            Cell(5, "Due", _day(content.due_on), claimed=True),
            Cell(8, "Amount due", str(content.due), claimed=True),
        ],
        [
            Cell(11, "Bill to", content.bill_to.name),
            Cell(13, "Address", content.bill_to.address),
        ],
        [
            Cell(8, "For", content.for_case),
            Cell(9, "Provider", "; ".join(content.providers)),
            Cell(7, f"Tax ID ({entity.tax_id_kind})", entity.tax_id),
        ],
    ]


def _line(line: InvoiceLine) -> list[Value]:
    provider = line.provider
    if line.supervisor:
        provider = f"{provider}, supervised by {line.supervisor}"
    amounts = [line.fee.plain(), line.adjustment.plain(), line.amount.plain()]
    return [_day(line.held_on), line.service, provider, *amounts]


def _payment(payment: InvoicePayment) -> list[Value]:
    return [_day(payment.received_on), payment.method, payment.receipt, payment.amount.plain()]


def _ways_to_pay(content: InvoiceContent) -> CellGrid | None:
    ways = content.ways_to_pay
    if not ways:
        return None
    rows = [ways[start : start + 3] for start in range(0, len(ways), 3)]
    return CellGrid([[Cell(24 // len(row), way.means, way.words) for way in row] for row in rows])


def _foot(content: InvoiceContent) -> frame.Foot:
    entity = content.entity
    parts = (content.number or "Invoice draft", entity.legal_name, entity.phone)
    check = "Please write the invoice number on your check" if content.number else "Not issued"
    if entity.is_demo:
        check = f"DEMO · {check}"
    return frame.Foot((" · ".join(part for part in parts if part), check), content.bill_to.name)


def _day(day: date) -> str:
    return f"{day:%m/%d/%Y}"
