"""Who bills, as the papers of the practice print it."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.practice.rules.organization import PracticeFields
from app.core.practice.rules.places import Address


@dataclass(frozen=True, slots=True)
class BillingEntity:
    """Who bills: the practice, as it is registered with its tax id."""

    legal_name: str
    address: str
    phone: str
    email: str
    tax_id: str
    tax_id_kind: str
    npi2: str = ""
    is_demo: bool = False


def entity_of(fields: PracticeFields, *, is_demo: bool) -> BillingEntity:
    """Return the practice as its papers name it: by the legal name where there is one."""
    address = Address(fields.address1, fields.address2, fields.city, fields.state, fields.zip)
    return BillingEntity(
        legal_name=fields.legal_name or fields.name,
        address=", ".join(address.lines()),
        phone=fields.phone,
        email=fields.email,
        tax_id=fields.tax_id,
        tax_id_kind=fields.tax_id_kind,
        npi2=fields.npi2,
        is_demo=is_demo,
    )
