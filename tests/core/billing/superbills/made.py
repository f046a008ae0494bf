"""Facts of one made-up October, to be changed by each test."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from app.core.billing.superbills.content.printed import Insurance
from app.core.billing.superbills.rules.choosing import Wish
from app.core.billing.superbills.rules.drafting import Draft, drafts
from app.core.billing.superbills.rules.facts import (
    Clinician,
    Facts,
    HeldLicense,
    Holder,
    Judges,
    Person,
    Session,
)
from app.core.clinical.rules.codes import CodeEntry, Release, Standing, Verdict
from app.core.clinical.rules.diagnoses import Diagnosis
from app.core.kernel.money import Money
from app.core.kernel.text import PersonName
from app.core.practice.rules.catalogue import CaseKind
from app.core.practice.rules.organization import PracticeFields
from app.core.practice.rules.places import SessionFormat
from app.core.team.rules import LicenseFields

PRACTICE, CLIENT, CASE, DANA, TOMAS = (UUID(int=number) for number in range(1, 6))
DIAGNOSIS, SERVICE, LOCATION = UUID(int=20), UUID(int=21), UUID(int=22)
LICENSE = UUID(int=40)
HOLDER = Holder(UUID(int=30), "SB-2026-0140")
FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)
GOVERNS = Release("April 2026", date(2026, 4, 1), date(2026, 9, 30))
IN_FORCE = Release("October 2026", date(2026, 10, 1), date(2027, 3, 31))

OWN = PracticeFields(
    name="Alder Street Therapy",
    legal_name="Alder Street Therapy, PC",
    phone="(707) 555-0142",
    email="billing@alderstreet.example",
    address1="418 Alder Street, Suite 2B",
    city="Alder Bay",
    state="CA",
    zip="95999",
    tax_id="12-3456789",
)
PRIYA = Person(
    CLIENT,
    PersonName("Priya", "", "Raman"),
    date(1988, 2, 11),
    "Female",
    "(707) 555-0177",
    "77 Orchard Row, Alder Bay, CA 95999",
    Insurance("Cascade Mutual Health Plan", "CMH 5520 18 441", "70815"),
)
OWNER = Clinician(
    DANA,
    "Dana Whitfield, LMFT",
    "1234567893",
    "106H00000X",
    (HeldLicense(LICENSE, LicenseFields("84117", "CA", "LMFT")),),
)
ASSOCIATE = Clinician(
    TOMAS,
    "Tomás Arriaga, AMFT",
    "",
    "",
    (HeldLicense(UUID(int=41), LicenseFields("139204", "CA", "AMFT")),),
)
DEPRESSION = Diagnosis(
    DIAGNOSIS,
    CLIENT,
    None,
    "F33.1",
    "Major depressive disorder, recurrent, moderate",
    "April 2026",
    date(2026, 1, 5),
    None,
    0,
)


def licensed(
    number: str, first: date | None, last: date | None = None, license_id: UUID = LICENSE
) -> HeldLicense:
    """A license for some days."""
    return HeldLicense(license_id, LicenseFields(number, "CA", "LMFT", first, last))


def session(day: int = 6, **changed: Any) -> Session:
    """A paid session in the office on a day of October."""
    made = Session(
        charge_id=UUID(int=100 + day),
        case_id=CASE,
        case_kind=CaseKind.INDIVIDUAL,
        case_title="Priya Raman",
        client_id=CLIENT,
        held_on=date(2026, 10, day),
        attended=True,
        code="0001Z",
        description="Individual session",
        modifiers=(),
        minutes=50,
        units=1,
        amount=Money(16500),
        usual_fee=Money(16500),
        paid=Money(16500),
        paid_by=(f"10/{day:02d}/2026 check 881",),
        rendering_id=DANA,
        place="11",
        format=SessionFormat.IN_PERSON,
        appointment_id=UUID(int=200 + day),
        service_line_id=UUID(int=300 + day),
        service_id=SERVICE,
        location_id=LOCATION,
        note_signed=True,
    )
    return replace(made, **changed)


def billable(code: str, day: date) -> Verdict:
    """The judgment that finds nothing."""
    return Verdict(code, Standing.BILLABLE, IN_FORCE, governing=True)


def settable(text: str) -> str:
    """The fonts that have every letter."""
    del text
    return ""


def too_general(*children: str) -> Any:
    """A judgment that wants one of ``children``."""
    entries = tuple(CodeEntry(child, child, billable=True) for child in children)

    def judge(code: str, day: date) -> Verdict:
        return Verdict(code, Standing.HAS_CHILDREN, IN_FORCE, governing=True, children=entries)

    return judge


def facts(*sessions: Session, **changed: Any) -> Facts:
    """The facts about ``sessions``."""
    made = Facts(
        practice=OWN,
        practice_id=PRACTICE,
        is_demo=False,
        people={CLIENT: PRIYA},
        clinicians={DANA: OWNER, TOMAS: ASSOCIATE},
        diagnoses={CLIENT: (DEPRESSION,)},
        sessions=sessions or (session(),),
        judges=Judges(billable, settable),
    )
    return replace(made, **changed)


def draft(known: Facts | None = None, **wishes: Any) -> Draft:
    """The only draft that the facts make."""
    (only,) = drafts(known or facts(), FIRST, LAST, Wish(**wishes))
    return only
