"""Document numbers of this incarnation: unique and explained, not gapless.

They come from blocks that the account leased, else from a series of the device's own.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, delete, func, select
from sqlalchemy.orm import Session

from app.core.kernel.errors import UserError
from app.core.vault.tables import NumberBlock, NumberSeries

LARGEST = 9_999_999


# Every paper takes a number: by way of the mapped classes each of these would take several times
# what it does.
_BLOCK = NumberBlock.__table__.c
_FIRST_LEASED = (
    select(_BLOCK.next, _BLOCK.last, _BLOCK.tag)
    .where(
        _BLOCK.incarnation == bindparam("incarnation"),
        _BLOCK.prefix == bindparam("prefix"),
        _BLOCK.year == bindparam("year"),
    )
    .order_by(_BLOCK.next, _BLOCK.tag)
    .limit(1)
)
_THIS = "WHERE incarnation = ? AND prefix = ? AND year = ? AND next = ? AND tag = ?"
_NEXT_LEASED = f"UPDATE number_block SET next = next + 1 {_THIS}"
_NONE_LEASED = f"DELETE FROM number_block {_THIS}"
_BEGIN_SERIES = (
    "INSERT INTO number_series (prefix, year, tag, next, begun) VALUES (?1, ?2, ?3, 1 + ?4, 1) "
    "ON CONFLICT (prefix, year, tag) DO UPDATE SET next = next + ?4, begun = 1 RETURNING next"
)


class SeriesNumbers:
    """The numbers of a unit of work; ``tag`` is empty for the file's life before any account."""

    def __init__(self, session: Session, tag: str, incarnation: UUID) -> None:
        self._session = session
        self._tag = tag
        self._incarnation = incarnation

    def take(self, prefix: str, year: int) -> str:
        """Return the next number, e.g. ``INV-2026-0001`` or ``INV-2026-KTR-0001``."""
        leased = self._leased(prefix, year)
        number, tag = self._of_series(prefix, year, leased is None), self._tag
        if leased is not None:
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
        self._session.flush()

    def _leased(self, prefix: str, year: int) -> tuple[int, str] | None:
        """Take the next number of a leased block, with its tag; ``None`` when there is none."""
        asked = {"incarnation": self._incarnation, "prefix": prefix, "year": year}
        connection = self._session.connection()
        found = connection.execute(_FIRST_LEASED, asked).first()
        if found is None:
            return None
        statement = _NEXT_LEASED if found.next < found.last else _NONE_LEASED
        this = (self._incarnation.bytes, prefix, year, found.next, found.tag)
        connection.exec_driver_sql(statement, this)
        return int(found.next), found.tag

    def _of_series(self, prefix: str, year: int, taken: bool) -> int:
        """Note that the series has begun; return its next number, and take it if asked."""
        said = (prefix, year, self._tag, int(taken))
        following = self._session.connection().exec_driver_sql(_BEGIN_SERIES, said).scalar_one()
        return int(following) - int(taken)


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
