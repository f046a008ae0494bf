"""Where an invoice stands, when it is due, and its words."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.core.billing.invoices.rules import (
    InvoiceStatus,
    Standing,
    due_date,
    service_words,
    standing_of,
    standing_words,
    subject_words,
)
from app.core.kernel.errors import UserError
from app.core.kernel.money import ZERO, Money
from app.core.practice.rules.catalogue import CaseKind

TODAY = date(2026, 11, 19)
TOTAL = Money(285_00)


@pytest.mark.parametrize(
    ("status", "owing", "due_on", "standing"),
    [
        (InvoiceStatus.OPEN, TOTAL, TODAY, Standing.OPEN),
        (InvoiceStatus.OPEN, Money(135_00), TODAY, Standing.PART_PAID),
        (InvoiceStatus.OPEN, Money(135_00), date(2026, 11, 18), Standing.OVERDUE),
        (InvoiceStatus.OPEN, ZERO, date(2026, 11, 1), Standing.PAID),
        (InvoiceStatus.VOID, TOTAL, date(2026, 11, 1), Standing.VOID),
    ],
)
def test_standing(status: InvoiceStatus, owing: Money, due_on: date, standing: Standing) -> None:
    assert standing_of(status, TOTAL, owing, due_on, TODAY) is standing


def test_standing_in_words() -> None:
    assert standing_words(Standing.OVERDUE, date(2026, 11, 16), TODAY) == "Overdue 3 days"
    assert standing_words(Standing.OVERDUE, date(2026, 11, 18), TODAY) == "Overdue 1 day"
    assert standing_words(Standing.PART_PAID, TODAY, TODAY) == "Part paid"
    assert [each for each in Standing if each.is_owing] == [
        Standing.OPEN,
        Standing.PART_PAID,
        Standing.OVERDUE,
    ]


def test_due_after_the_terms_or_as_wanted() -> None:
    assert due_date(TODAY, 14, None) == date(2026, 12, 3)
    assert due_date(TODAY, 14, TODAY) == TODAY
    assert due_date(TODAY, 14, TODAY + timedelta(days=366)) == date(2027, 11, 20)
    for wrong in (TODAY - timedelta(days=1), TODAY + timedelta(days=367)):
        with pytest.raises(UserError) as refused:
            due_date(TODAY, 14, wrong)
        assert refused.value.field == "due_on"


def test_what_an_invoice_is_for() -> None:
    def subject(first: date) -> str:
        return subject_words(CaseKind.FAMILY, first, TODAY)

    assert subject(date(2026, 11, 2)) == "Family sessions, November 2026"
    assert subject(date(2026, 10, 2)) == "Family sessions, October to November 2026"
    assert subject(date(2025, 12, 2)) == "Family sessions, December 2025 to November 2026"


def test_how_a_line_names_its_service() -> None:
    assert service_words("0005Z", "Family session", 80, 1) == "0005Z, Family session, 80 min"
    assert service_words("", "Balance brought forward", 0, 1) == "Balance brought forward"
    assert service_words("0009Z", "Interactive", 0, 2) == "0009Z, Interactive, 2 units"
