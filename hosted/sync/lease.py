"""Blocks of document numbers, each given to one life of one file and to no other."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sync.protocol.messages import Lease, Leased
from hosted.store.tables import NumberLease, NumberSeries
from hosted.sync.book import Book
from hosted.sync.epochs import series_tag
from hosted.sync.numbers import highest
from hosted.sync.policy import Policy


def lease(session: Session, book: Book, asked: Lease, policy: Policy, now: datetime) -> Leased:
    """Give the next ``size`` numbers of a series, after all that are known to be taken."""
    key = (book.practice_id, asked.prefix, asked.year)
    series = session.get(NumberSeries, key, with_for_update=True)
    if series is None:
        series = NumberSeries(
            practice_id=book.practice_id,
            prefix=asked.prefix,
            year=asked.year,
            next=highest(book, asked.prefix, asked.year) + 1,
        )
        session.add(series)
    first = policy.next_free(series.next, asked.next)
    last = first + asked.size - 1
    series.next = last + 1
    session.add(
        NumberLease(
            practice_id=book.practice_id,
            prefix=asked.prefix,
            year=asked.year,
            first=first,
            last=last,
            incarnation=asked.incarnation,
            at=now,
        )
    )
    session.flush()
    return Leased(first, last, series_tag(session))


def leases(session: Session) -> list[NumberLease]:
    """Return every lease of the practice, by series and first number."""
    practice_id = session.info["whom"].practice_id
    found = session.scalars(
        select(NumberLease)
        .where(NumberLease.practice_id == practice_id)
        .order_by(NumberLease.prefix, NumberLease.year, NumberLease.first)
    )
    return list(found)
