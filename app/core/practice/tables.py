"""Tables of the practice area."""

from __future__ import annotations

from datetime import time
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from app.core.kernel.acting import Permission
from app.core.kernel.money import Money
from app.core.practice.rules.catalogue import CalendarColor
from app.core.practice.rules.identifiers import TaxIdKind
from app.core.practice.rules.places import Address, SessionFormat
from app.core.store.base import Synced
from app.core.store.columns import Json, word
from app.core.store.merging import Merging


class Practice(Synced):
    """The organization; its ``id`` is its ``practice_id``."""

    __tablename__ = "practice"
    __area__ = "practice"
    __right__ = Permission.PRACTICE_SETTINGS
    __merging__ = Merging(
        groups=(("address1", "address2", "city", "state", "zip"), ("tax_id", "tax_id_kind"))
    )

    name: Mapped[str]
    legal_name: Mapped[str] = mapped_column(default="")
    link_name: Mapped[str] = mapped_column(default="")
    zone: Mapped[str]
    phone: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    website: Mapped[str] = mapped_column(default="")
    address1: Mapped[str] = mapped_column(default="")
    address2: Mapped[str] = mapped_column(default="")
    city: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="")
    zip: Mapped[str] = mapped_column(default="")
    tax_id: Mapped[str] = mapped_column(default="")
    tax_id_kind: Mapped[TaxIdKind] = mapped_column(word(TaxIdKind), default=TaxIdKind.EIN)
    npi2: Mapped[str] = mapped_column(default="")
    is_demo: Mapped[bool] = mapped_column(default=False)
    invoice_footer: Mapped[str] = mapped_column(default="")
    payment_terms_days: Mapped[int] = mapped_column(default=30)

    @property
    def address(self) -> Address:
        """Return the address as a value."""
        return Address(self.address1, self.address2, self.city, self.state, self.zip)


class Setting(Synced):
    """A value that differs from its default in the table of settings."""

    __tablename__ = "setting"
    __area__ = "practice"
    __right__ = Permission.PRACTICE_SETTINGS

    key: Mapped[str]
    value: Mapped[Any] = mapped_column(Json)


class Service(Synced):
    """One entry of the practice's own catalogue."""

    __tablename__ = "service"
    __area__ = "practice"
    __right__ = Permission.OPERATIONAL_SETTINGS

    name: Mapped[str]
    code: Mapped[str] = mapped_column(default="")
    minutes: Mapped[int]
    fee: Mapped[Money]
    modifiers: Mapped[list[str]] = mapped_column(Json, default=list)
    case_kinds: Mapped[list[str]] = mapped_column(Json, default=list)
    bookable_online: Mapped[bool] = mapped_column(default=False)
    color: Mapped[CalendarColor] = mapped_column(word(CalendarColor), default=CalendarColor.SPRUCE)
    patient_present: Mapped[bool] = mapped_column(default=True)
    is_group: Mapped[bool] = mapped_column(default=False)
    is_addon: Mapped[bool] = mapped_column(default=False)
    is_crisis: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)
    retired: Mapped[bool] = mapped_column(default=False)


class Location(Synced):
    """Where, or by what means, sessions are held."""

    __tablename__ = "location"
    __area__ = "practice"
    __right__ = Permission.OPERATIONAL_SETTINGS
    __merging__ = Merging(groups=(("address1", "address2", "city", "state", "zip"),))

    name: Mapped[str]
    format: Mapped[SessionFormat] = mapped_column(word(SessionFormat))
    place_of_service: Mapped[str] = mapped_column(default="")
    address1: Mapped[str] = mapped_column(default="")
    address2: Mapped[str] = mapped_column(default="")
    city: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="")
    zip: Mapped[str] = mapped_column(default="")
    position: Mapped[int] = mapped_column(default=0)
    retired: Mapped[bool] = mapped_column(default=False)

    @property
    def address(self) -> Address:
        """Return the address as a value."""
        return Address(self.address1, self.address2, self.city, self.state, self.zip)


class OfficeHours(Synced):
    """One stretch of a weekday in which the calendar is open. Monday is 0."""

    __tablename__ = "office_hours"
    __area__ = "practice"
    __right__ = Permission.OPERATIONAL_SETTINGS
    __merging__ = Merging(groups=(("weekday", "opens", "closes"),))

    weekday: Mapped[int]
    opens: Mapped[str]
    """Wall time, ``HH:MM``."""
    closes: Mapped[str]

    def stretch(self) -> tuple[time, time]:
        """Return opening and closing time."""
        return time.fromisoformat(self.opens), time.fromisoformat(self.closes)
