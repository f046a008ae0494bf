"""Papers of the design's pictures, to be changed by each test."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from app.core.billing.invoices.content import (
    BillTo,
    InvoiceContent,
    InvoiceLine,
    InvoicePayment,
    WayToPay,
)
from app.core.billing.superbills.content.printed import (
    Diagnosis,
    Insurance,
    Line,
    Patient,
    Provider,
    Providers,
    SuperbillContent,
)
from app.core.kernel.money import ZERO, Money
from app.core.practice.content import BillingEntity

ENTITY = BillingEntity(
    "Alder Street Therapy, PC",
    "418 Alder Street, Suite 2B, Alder Bay, CA 95999",
    "(707) 555-0142",
    "billing@alderstreet.example",
    "12-3456789",
    "EIN",
    "1699800110",
)
MARGUERITE = Provider(
    "Marguerite Lindqvist, LMFT", "84117", "LMFT", "CA", "1234567893", "106H00000X"
)
TOMAS = Provider("Tomás Arriaga, AMFT", "139204", "AMFT", "CA")
PRIYA = Patient(
    "Priya Raman",
    date(1988, 2, 11),
    "Female",
    "(707) 555-0177",
    "77 Orchard Row, Alder Bay, CA 95999",
)


def line(day: date = date(2026, 10, 6), *, video: bool = False) -> Line:
    """A paid session."""
    return Line(
        held_on=day,
        place="10" if video else "11",
        code="0001Z",
        modifiers=("95",) if video else (),
        description="Individual session, video" if video else "Individual session",
        pointers="A",
        minutes=50,
        units=1,
        fee=Money(16500),
        adjustment=ZERO,
        paid=Money(16500),
        paid_by=(f"{day:%m/%d/%Y} check 881",),
    )


def lines(count: int) -> tuple[Line, ...]:
    """Weekly sessions, every fourth by video."""
    first = date(2026, 4, 14)
    return tuple(line(first + timedelta(weeks=week), video=week % 4 == 2) for week in range(count))


SOLO = SuperbillContent(
    entity=ENTITY,
    patient=PRIYA,
    insurance=Insurance("Cascade Mutual Health Plan", "CMH 5520 18 441", "70815"),
    providers=Providers(MARGUERITE),
    first_on=date(2026, 10, 1),
    last_on=date(2026, 10, 31),
    diagnoses=(Diagnosis("A", "F33.1", "Major depressive disorder, recurrent, moderate"),),
    lines=lines(4),
    number="SB-2026-0149",
    issued_on=date(2026, 11, 19),
)
SUPERVISED = replace(
    SOLO,
    number="SB-2026-0148",
    providers=Providers(TOMAS, MARGUERITE),
    insurance=Insurance(
        "Cascade Mutual Health Plan",
        "CMH 4471 90 226",
        "70815",
        "Spouse",
        "Peter James Whitfield",
        date(1989, 9, 3),
    ),
)
LONG = replace(SOLO, number="SB-2026-0150", lines=lines(24))

INVOICE = InvoiceContent(
    entity=ENTITY,
    number="INV-2026-0203",
    issued_on=date(2026, 11, 16),
    due_on=date(2026, 11, 30),
    bill_to=BillTo("Soo-jin Rhee", "9 Lantern Court, Alder Bay, CA 95999"),
    subject="Family sessions, November 2026",
    for_case="Rhee family",
    lines=(
        InvoiceLine(
            date(2026, 11, 16),
            "0005Z, family session, 80 min",
            "Marguerite Lindqvist, LMFT",
            Money(28500),
        ),
    ),
    payments=(
        InvoicePayment(date(2026, 11, 16), "Check 1042", Money(10000), "RC-2026-0158"),
        InvoicePayment(date(2026, 11, 17), "Zelle", Money(5000), "RC-2026-0161"),
    ),
    ways_to_pay=(
        WayToPay("Check, payable to", "Alder Street Therapy, PC"),
        WayToPay("Zelle", "billing@alderstreet.example"),
    ),
    footer="Questions about this invoice? Call (707) 555-0142.",
)
LONG_NAME = (
    "Maximiliana-Alexandrina Konstantinopolskaya-Wolfeschlegelsteinhausenbergerdorff "
    "de la Santísima Trinidad"
)
