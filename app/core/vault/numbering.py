"""Document numbers of this incarnation: unique and explained, not gapless."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.core.kernel.errors import UserError
from app.core.vault.tables import NumberSeries

LARGEST = 9_999_999


class SeriesNumbers:
    """The number series of a unit of work; ``tag`` is empty for the file's first life."""

    def __init__(self, session: Session, tag: str) -> None:
        self._session = session
        self._tag = tag

    def take(self, prefix: str, year: int) -> str:
        """Return the next number, e.g. ``INV-2026-0001`` or ``INV-2026-KTR-0001``."""
        series = self._session.get(NumberSeries, (prefix, year, self._tag))
        if series is None:
            series = NumberSeries(prefix=prefix, year=year, tag=self._tag, next=1)
            self._session.add(series)
        number = series.next
        series.next = number + 1
        series.begun = True
        return "-".join(part for part in (prefix, str(year), self._tag, f"{number:04d}") if part)

    def start_at(self, prefix: str, year: int, first: int) -> None:
        """Set the first number of a series once, before any was given.

        Raises ``UserError`` (field ``first``) for a number out of range or a series in use.
        """
        if not 1 <= first <= LARGEST:
            raise UserError(f"Start with a number from 1 to {LARGEST:,}.", field="first")
        series = self._session.get(NumberSeries, (prefix, year, self._tag))
        if series is not None and series.begun:
            raise UserError(
                f"{prefix} numbers of {year} are already in use, so their start is fixed.",
                field="first",
            )
        self._session.merge(
            NumberSeries(prefix=prefix, year=year, tag=self._tag, next=first, begun=False)
        )
