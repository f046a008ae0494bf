"""What has ended is forgotten after a month; what is in use is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Table, select

from hosted.account.commands.means import Means
from hosted.account.commands.sweeping import KEPT, sweep
from hosted.account.tables import SignUp, WebSession
from hosted.store.engine import Database, For
from tests.hosted.account.conftest import CHEAP
from tests.support.clock import StillClock

#: Long before any clock, the database's own included.
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def test_what_ended_a_month_ago_is_forgotten(stored: Database) -> None:
    clock = StillClock()
    means = Means(stored, clock, hashing=CHEAP)
    for number, ends in ((b"old", LONG_AGO), (b"new", clock.now() - KEPT + timedelta(days=1))):
        with stored.write(For(token=number)) as session:
            session.add(_sign_up(number, ends))
    sweep(means)
    there: list[bytes] = []
    for number in (b"old", b"new"):
        with stored.read(For(token=number)) as session:
            there += session.scalars(
                select(SignUp.token_hash).where(SignUp.token_hash == number)
            ).all()
    assert there == [b"new"]


def test_the_server_sees_of_people_only_what_has_ended(walled: Database) -> None:
    now = StillClock().now()
    with walled.write(For(token=b"new")) as session:
        session.add(_sign_up(b"new", now))
    tables: list[Any] = [SignUp.__table__, WebSession.__table__]
    with walled.read(For(server=True)) as session:
        for table in tables:
            assert isinstance(table, Table)
            assert session.execute(table.select()).all() == []


def _sign_up(number: bytes, ends: datetime) -> SignUp:
    return SignUp(
        token_hash=number,
        address="",
        name="",
        practice_name="",
        zone="",
        password="",
        agreement="",
        agreement_hash=b"",
        accepted_at=ends,
        ends_at=ends,
    )
