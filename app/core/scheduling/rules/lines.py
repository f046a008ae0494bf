"""Service lines: their ids, and their form inside a series."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

from app.core.kernel.money import Money
from app.core.scheduling.rules.booking import Line


def line_id(appointment_id: UUID, position: int) -> UUID:
    """Return the id of a session's service line: the same on every device."""
    return uuid5(appointment_id, f"line/{position}")


def lines_as_json(lines: tuple[Line, ...]) -> list[dict[str, Any]]:
    """Return lines as a series keeps them."""
    return [
        {
            "service_id": line.service_id.hex,
            "units": line.units,
            "modifiers": None if line.modifiers is None else list(line.modifiers),
            "fee": None if line.fee is None else line.fee.cents,
        }
        for line in lines
    ]


def lines_from_json(kept: list[dict[str, Any]]) -> tuple[Line, ...]:
    """Return the lines that ``lines_as_json`` wrote."""
    return tuple(
        Line(
            UUID(hex=each["service_id"]),
            each["units"],
            None if each["modifiers"] is None else tuple(each["modifiers"]),
            None if each["fee"] is None else Money(each["fee"]),
        )
        for each in kept
    )
