"""Tables of the fees area."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from app.core.kernel.money import Money
from app.core.store.base import Synced, link


class ClientFee(Synced):
    """What a service costs the people of one case, where that is not the catalogue's fee."""

    __tablename__ = "client_fee"
    __area__ = "billing"

    case_id: Mapped[UUID] = link("care_case")
    service_id: Mapped[UUID] = link("service")
    fee: Mapped[Money]

    __table_args__ = (Index(None, "practice_id", "case_id"),)
