"""Document numbers of this incarnation: unique and explained, not gapless.

They come from blocks that the account leased, else from a series of the device's own.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, select, update
from sqlalchemy.orm import Session

from app.core.kernel.errors import UserError
from app.core.vault.tables import NumberBlock, NumberSeries

LARGEST = 9_999_999


class SeriesNumbers:
    """The numbers of a unit of work; ``tag`` is empty for the file's life before any account."""

    def __init__(self, session: Session, tag: str, incarnation: UUID) -> None:
        self._session = session
        self._tag = tag
        self._incarnation = incarnation

    def take(self, prefix: str, year: int) -> str:
        """Return the next number, e.g. ``INV-2026-0001`` or ``INV-2026-KTR-0001``."""
        leased = self._leased(prefix, year)
        series = self._series(prefix, year)
        series.begun = True
        if leased is None:
            number, tag = series.next, self._tag
            series.next = number + 1
        else:
            number, tag = leased
        return "-".join(part for part in (prefix, str(year), tag, f"{number:04d}") if part)

    def start_at(self, prefix: str, year: int, first: int) -> None:
        """Set the first number of a series once, before any was given.

        Raises ``UserError`` (field ``first``) for a number out of range or a series in use.
        """
        if not 1 <= first <= LARGEST:
            raise UserError(f"Start with a number from 1 to {LARGEST:,}.", field="first")
        begun = select(NumberSeries.begun).where(
            NumberSeries.prefix == prefix, NumberSeries.year == year, NumberSeries.begun
        )
        if self._session.scalars(begun).first():
            raise UserError(
                f"{prefix} numbers of {year} are already in use, so their start is fixed.",
                field="first",
            )
        # Blocks leased so far begin too low; the next lease begins here.
        self._session.execute(
            delete(NumberBlock).where(NumberBlock.prefix == prefix, NumberBlock.year == year)
        )
        self._session.merge(
            NumberSeries(prefix=prefix, year=year, tag=self._tag, next=first, begun=False)
        )

    def _leased(self, prefix: str, year: int) -> tuple[int, str] | None:
        """Take the next number of a leased block, with its tag; ``None`` when there is none."""
        mine = _is_of(self._incarnation, prefix, year)
        found = self._session.execute(
            select(NumberBlock.next, NumberBlock.last, NumberBlock.tag)
            .where(mine)
            .order_by(NumberBlock.next, NumberBlock.tag)
            .limit(1)
        ).first()
        if found is None:
            return None
        this = and_(mine, NumberBlock.next == found.next, NumberBlock.tag == found.tag)
        if found.next < found.last:
            self._session.execute(update(NumberBlock).where(this).values(next=found.next + 1))
        else:
            self._session.execute(delete(NumberBlock).where(this))
        return int(found.next), found.tag

    def _series(self, prefix: str, year: int) -> NumberSeries:
        series = self._session.get(NumberSeries, (prefix, year, self._tag))
        if series is None:
            series = NumberSeries(prefix=prefix, year=year, tag=self._tag, next=1)
            self._session.add(series)
        return series


def numbers_left(session: Session, incarnation: UUID, prefix: str, year: int) -> int:
    """Return how many leased numbers are left."""
    size = NumberBlock.last - NumberBlock.next + 1
    return session.scalar(select(func.sum(size)).where(_is_of(incarnation, prefix, year))) or 0


def first_free(session: Session, prefix: str, year: int) -> int:
    """Return the smallest number without a tag that, as far as this file knows, nobody has."""
    of_series = select(func.max(NumberSeries.next)).where(
        NumberSeries.prefix == prefix,
        NumberSeries.year == year,
        # A series with a tag counts only for where the person wanted it to start.
        (NumberSeries.tag == "") | NumberSeries.begun.is_(False),
    )
    leased = select(func.max(NumberBlock.last)).where(
        NumberBlock.prefix == prefix, NumberBlock.year == year
    )
    return max(session.scalar(of_series) or 1, (session.scalar(leased) or 0) + 1)


def _is_of(incarnation: UUID, prefix: str, year: int) -> ColumnElement[bool]:
    return and_(
        NumberBlock.incarnation == incarnation,
        NumberBlock.prefix == prefix,
        NumberBlock.year == year,
    )
