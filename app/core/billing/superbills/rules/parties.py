"""Who stands on a superbill: insurance, rendering and supervising provider."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Insurance:
    """The client's primary insurance. ``insured_name`` is empty where the client is insured."""

    payer: str
    member_number: str = ""
    group_number: str = ""
    relation: str = "Self"
    insured_name: str = ""
    insured_birth_date: date | None = None


@dataclass(frozen=True, slots=True)
class Provider:
    """A clinician with the license that was valid on the dates of service."""

    name: str
    license_number: str
    license_kind: str = ""
    license_state: str = ""
    npi: str = ""
    taxonomy: str = ""


@dataclass(frozen=True, slots=True)
class Providers:
    """Who rendered the services, and who supervised, if anybody did."""

    rendering: Provider
    supervising: Provider | None = None

    @property
    def identified(self) -> Provider:
        """Return whose NPI and taxonomy the insurer goes by."""
        return self.supervising or self.rendering
