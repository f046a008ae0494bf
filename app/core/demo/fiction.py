"""The fictional practice itself: a clinician who does not exist, with numbers that pass."""

from __future__ import annotations

from app.core.practice.rules.organization import PracticeFields
from app.core.team.commands import NewPractice
from app.core.team.rules import LicenseFields, MemberFields

#: The demo practice holds nothing to protect; its passphrase is no secret.
PASSPHRASE = "demo practice"  # noqa: S105

DEMO_PRACTICE = NewPractice(
    practice=PracticeFields(
        name="Alder Street Therapy",
        legal_name="Alder Street Therapy, LLC",
        zone="America/Los_Angeles",
        phone="(503) 555-0142",
        email="hello@alderstreet.example",
        address1="418 Alder Street, Suite 2B",
        city="Portland",
        state="OR",
        zip="97201",
        tax_id="12-3456789",
        invoice_footer="Checks to Alder Street Therapy. Zelle to hello@alderstreet.example.",
    ),
    owner=MemberFields(
        given="Marguerite",
        family="Lindqvist",
        credentials="LMFT",
        npi="1234567893",
        taxonomy="106H00000X",
    ),
    license=LicenseFields(kind="LMFT", number="T0417", state="OR"),
    is_demo=True,
)
