"""The superbill as PDF: ``bytes = render_superbill(content)``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.core.billing.superbills.content.printed import (
    Insurance,
    Line,
    Patient,
    Provider,
    Providers,
    SuperbillContent,
)
from app.core.kernel.money import ZERO, total
from app.core.paper import frame
from app.core.paper.cells import Cell, CellGrid
from app.core.paper.diagnoses import DiagnosisRow
from app.core.paper.listing import Align, Column, Listing, Row, Value
from app.core.paper.paging import Room, paginate
from app.core.paper.sheet import LEFT, About, Sheet
from app.core.paper.superbill_words import legend, paid_sentences
from app.core.paper.typeset import wrap
from app.core.practice.rules.places import STATES

_TITLE = "Superbill"
_NOT_YET = "Not yet"
_NUMBER_LATER = "Given when created"
_MESSAGE_WIDTH = 380.0
_CARRIED = 24.0
_GAP = 12.0
_SIGNATURE_GAP = 26.0


def render_superbill(content: SuperbillContent) -> bytes:
    """Return the PDF of ``content``; a proof says in every place that it is none yet.

    Equal contents give equal bytes.
    """
    number = content.number or "draft"
    about = About(f"{_TITLE} {number}", content.entity.legal_name)
    with Sheet(about) as sheet:
        _Superbill(content).draw(sheet)
        return sheet.finish()


class _Superbill:
    """Settles the pages of one superbill, then draws them."""

    def __init__(self, content: SuperbillContent) -> None:
        self._content = content
        self._diagnoses = DiagnosisRow(content.diagnoses)
        self._listing = Listing(_columns(content), [_row(content, line) for line in content.lines])
        self._message = [
            *((line, frame.STRONG) for line in paid_sentences(content)),
            *((line, frame.SOFT) for line in wrap(legend(content), frame.SOFT, _MESSAGE_WIDTH)),
        ]

    def draw(self, sheet: Sheet) -> None:
        content, listing = self._content, self._listing
        parties = [CellGrid(_patient_cells(content)), CellGrid(_provider_cells(content))]
        top = frame.draw_head(sheet, _head(content))
        body = top + 40 + sum(grid.height for grid in parties) + self._diagnoses.height
        body += 4 * frame.section_height() + listing.head_height
        further = frame.SMALL_HEAD_BOTTOM + CellGrid([self._continued_cells(2, 9)]).height
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
                y = self._draw_parties(sheet, top, parties, len(pages))
            else:
                sheet.next_page()
                y = self._draw_continued(sheet, number, len(pages), rows.start)
            y = self._draw_services(sheet, y, rows)
            if number == len(pages):
                self._draw_closing(sheet, y)
            elif rows:
                self._draw_carried(sheet, y + 8, f"Carried to page {number + 1}", rows.stop)
            frame.draw_foot(sheet, _foot(content), number, len(pages))

    def _draw_parties(
        self, sheet: Sheet, top: float, parties: Sequence[CellGrid], pages: int
    ) -> float:
        content = self._content
        y = CellGrid([_number_cells(content, pages)]).draw(sheet, top)
        y = frame.draw_section(sheet, y, "Client (patient) and insurance")
        y = parties[0].draw(sheet, y)
        if content.providers.supervising:
            remark = "Rendered under supervision; bill under the supervising provider’s identifiers"
            y = frame.draw_section(sheet, y, "Providers and billing entity", remark)
        else:
            y = frame.draw_section(sheet, y, "Provider and billing entity")
        y = parties[1].draw(sheet, y)
        remark = "Each valid on the dates of service that name it" if content.diagnoses else ""
        if content.diagnoses and all(
            len(line.pointers) == len(content.diagnoses) for line in content.lines
        ):
            remark = "Valid on every date of service below"
        y = frame.draw_section(sheet, y, "Diagnosis, ICD-10-CM", remark)
        return self._diagnoses.draw(sheet, y)

    def _draw_continued(self, sheet: Sheet, page: int, pages: int, start: int) -> float:
        content = self._content
        entity, billed = content.entity, content.providers.identified
        sender = f"{entity.legal_name} · Tax ID {entity.tax_id} · NPI {billed.npi}"
        y = frame.draw_small_head(sheet, _TITLE, sender, demo=entity.is_demo)
        y = CellGrid([self._continued_cells(page, pages)]).draw(sheet, y)
        if not start:
            return y
        return self._draw_carried(sheet, y + 8, f"Carried from page {page - 1}", start)

    def _continued_cells(self, page: int, pages: int) -> list[Cell]:
        content = self._content
        return [
            Cell(6, "Superbill number", content.number or _NUMBER_LATER, claimed=True),
            Cell(8, "Patient’s legal name", content.patient.legal_name, claimed=True),
            Cell(5, "Date of birth", _day(content.patient.birth_date), claimed=True),
            Cell(5, "Page", f"{page} of {pages}"),
        ]

    def _draw_services(self, sheet: Sheet, top: float, rows: range) -> float:
        every = len(self._listing.rows)
        if not rows:
            return top
        remark = "One line per date of service. US dollars."
        if len(rows) < every:
            remark = f"Lines {rows.start + 1} – {rows.stop} of {every}. US dollars."
        y = frame.draw_section(sheet, top, "Services", remark)
        return self._listing.draw(sheet, y, self._rows(rows))

    def _rows(self, rows: range) -> Sequence[Row]:
        return self._listing.rows[rows.start : rows.stop]

    def _draw_carried(self, sheet: Sheet, top: float, label: str, upto: int) -> float:
        lines = self._content.lines[:upto]
        charged = total(line.fee + line.adjustment for line in lines)
        paid = total(line.paid for line in lines)
        return frame.draw_carried(sheet, top, label, f"charged {charged} · paid {paid}")

    def _closing_height(self) -> float:
        message = 16 * len(self._message) + 6
        height = _GAP + max(message, frame.totals_height(3))
        return height + _SIGNATURE_GAP + frame.SIGNATURE_HEIGHT

    def _draw_closing(self, sheet: Sheet, top: float) -> None:
        content = self._content
        y = top + _GAP
        at = y
        for line, style in self._message:
            if style is frame.SOFT and at == y + 2 * frame.STRONG.leading:
                at += 6
            sheet.text(LEFT, at, line, style)
            at += style.leading
        sums = [
            ("Total charged", str(content.charged)),
            ("Adjustments", str(content.adjusted)),
            ("Paid by the client", str(content.paid)),
        ]
        label = "Balance" if content.balance else "Balance, paid in full"
        end = frame.draw_totals(sheet, y, sums, (label, str(content.balance)))
        self._draw_signatures(sheet, max(at, end) + _SIGNATURE_GAP)

    def _draw_signatures(self, sheet: Sheet, top: float) -> None:
        content = self._content
        signed = "signs when it is created"
        if content.issued_on:
            signed = f"signed electronically {_day(content.issued_on)}"
        providers = content.providers
        frame.draw_signature(
            sheet, top, 0, providers.rendering.name, f"Rendering provider, {signed}"
        )
        if providers.supervising:
            frame.draw_signature(
                sheet, top, 1, providers.supervising.name, f"Supervising provider, {signed}"
            )


def _head(content: SuperbillContent) -> frame.Head:
    subtitles = ["Statement for insurance reimbursement"]
    if content.supersedes:
        subtitles.append(f"Replaces superbill {content.supersedes}")
    return frame.Head(_TITLE, tuple(subtitles), content.entity)


def _foot(content: SuperbillContent) -> frame.Foot:
    entity, patient = content.entity, content.patient
    number = content.number or "Superbill draft"
    parts = (number, entity.legal_name, entity.phone)
    check = f"Document check {content.check_code()}" if content.number else "Not issued"
    if entity.is_demo:
        check = f"DEMO · {check}"
    who = patient.legal_name
    if patient.birth_date:
        who = f"{who}, born {_day(patient.birth_date)}"
    return frame.Foot((" · ".join(part for part in parts if part), check), who)


def _number_cells(content: SuperbillContent, pages: int) -> list[Cell]:
    return [
        Cell(6, "Superbill number", content.number or _NUMBER_LATER, claimed=True),
        Cell(5, "Date issued", _day(content.issued_on) or _NOT_YET),
        Cell(8, "Services from – to", f"{_day(content.first_on)} – {_day(content.last_on)}"),
        Cell(5, "Page", f"1 of {pages}"),
    ]


def _patient_cells(content: SuperbillContent) -> list[list[Cell]]:
    patient = content.patient
    insurance = content.insurance or Insurance("Not given", relation="")
    insured = "Same as patient" if content.insurance else ""
    if insurance.insured_name:
        born = _day(insurance.insured_birth_date)
        insured = ", ".join(part for part in (insurance.insured_name, born) if part)
    return [
        _person_cells(patient),
        [
            Cell(16, "Address", patient.address),
            Cell(8, "Patient’s relation to insured", insurance.relation),
        ],
        [
            Cell(8, "Insurer", insurance.payer),
            Cell(5, "Member ID", insurance.member_number, claimed=True),
            Cell(3, "Group no.", insurance.group_number),
            Cell(8, "Insured’s name and date of birth", insured),
        ],
    ]


def _person_cells(patient: Patient) -> list[Cell]:
    return [
        Cell(11, "Patient’s legal name", patient.legal_name, claimed=True),
        Cell(5, "Date of birth", _day(patient.birth_date), claimed=True),
        Cell(3, "Sex", patient.sex),
        Cell(5, "Phone", patient.phone),
    ]


def _provider_cells(content: SuperbillContent) -> list[list[Cell]]:
    entity, providers = content.entity, content.providers
    rows = _clinician_rows(providers)
    taxonomy = "Taxonomy, supervisor" if providers.supervising else "Taxonomy"
    rows.append(
        [
            Cell(10, "Billing entity, legal name", entity.legal_name, claimed=True),
            Cell(4, f"Tax ID ({entity.tax_id_kind})", entity.tax_id, claimed=True),
            Cell(5, "NPI, type 2", entity.npi2),
            Cell(5, taxonomy, providers.identified.taxonomy),
        ]
    )
    rows.append(
        [
            Cell(17, _address_caption(content), entity.address),
            Cell(7, "Phone", entity.phone),
        ]
    )
    rows.extend(
        [Cell(24, f"Place of service {place.code}", place.address)] for place in content.places
    )
    return rows


def _clinician_rows(providers: Providers) -> list[list[Cell]]:
    rendering, supervising = providers.rendering, providers.supervising
    if supervising is None:
        return [
            [
                Cell(10, "Rendering provider", rendering.name, claimed=True),
                Cell(7, "License, state", _license(rendering), claimed=True),
                Cell(7, "NPI, type 1", rendering.npi, claimed=True),
            ]
        ]
    return [
        [
            Cell(10, "Rendering provider (associate)", rendering.name, claimed=True),
            Cell(7, "Registration, state", _license(rendering), claimed=True),
            Cell(7, "Status", "Associate, supervised"),
        ],
        [
            Cell(10, "Supervising provider", supervising.name, claimed=True),
            Cell(7, "License, state", _license(supervising), claimed=True),
            Cell(7, "Supervising provider’s NPI, type 1", supervising.npi, claimed=True),
        ],
    ]


def _address_caption(content: SuperbillContent) -> str:
    elsewhere = {place.code for place in content.places}
    codes = sorted({line.place for line in content.lines} - elsewhere - {"02", "10", "12", ""})
    caption = "Address of the billing entity"
    return f"{caption} and place of service {', '.join(codes)}" if codes else caption


def _license(provider: Provider) -> str:
    kind, number = provider.license_kind, provider.license_number
    if kind and not number.startswith(kind):
        number = f"{kind} {number}".strip()
    state = STATES.get(provider.license_state, provider.license_state)
    return ", ".join(part for part in (number, state) if part)


def _columns(content: SuperbillContent) -> list[Column]:
    adjustment = [Column(("Adjust-", "ment"), 50, 76, Align.RIGHT)]
    return [
        Column(("Date of", "service"), 75),
        Column(("Place", "(POS)"), 42, align=Align.CENTER),
        Column(("Service", "code"), 50, bold=True),
        Column(("Modi-", "fiers"), 41, 52),
        Column(("Description",), 112, wraps=True),
        Column(("Diag-", "nosis"), 39, 58, Align.CENTER),
        Column(("Min.",), 33, align=Align.CENTER),
        Column(("Units",), 39, align=Align.CENTER),
        Column(("Fee",), 50, 76, Align.RIGHT),
        *(adjustment if content.has_adjustments else []),
        Column(("Paid",), 50, 76, Align.RIGHT),
        Column(("Paid on, by",), 96, 146, wraps=True),
    ]


def _row(content: SuperbillContent, line: Line) -> list[Value]:
    adjustment = [line.adjustment.plain()] if content.has_adjustments else []
    return [
        _day(line.held_on),
        line.place,
        line.code,
        _in_pairs(line.modifiers, " "),
        line.description,
        _in_pairs(tuple(line.pointers), ", "),
        str(line.minutes) if line.minutes else "",
        str(line.units),
        line.fee.plain(),
        *adjustment,
        line.paid.plain(),
        line.paid_by or ("",) if line.paid != ZERO else ("not paid",),
    ]


def _in_pairs(words: tuple[str, ...], between: str) -> Value:
    pairs = [between.join(words[start : start + 2]) for start in range(0, len(words), 2)]
    return tuple(pairs) or ("",)


def _day(day: date | None) -> str:
    return f"{day:%m/%d/%Y}" if day else ""
