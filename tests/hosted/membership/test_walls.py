"""On PostgreSQL nobody sees what another practice subscribes to, was granted, or owes."""

from __future__ import annotations

import pytest

from app.core.kernel.entitlement import Plan
from hosted.membership.tables import IssuedGrant, PlanCharge, SubscriptionRow
from hosted.store.engine import Database, For
from tests.hosted.membership.conftest import subscribed
from tests.hosted.worlds import Server


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_statement_without_its_where_sees_one_account(database: Database) -> None:
    server = Server(database)
    both = [subscribed(server).with_card() for _ in range(2)]
    for each in both:
        each.change(Plan.GROUP)
        each.greet()

    def seen(whom: For) -> dict[str, int]:
        with database.read(whom) as session:
            return {
                table.__tablename__: session.query(table).count()
                for table in (SubscriptionRow, IssuedGrant, PlanCharge)
            }

    for each in both:
        assert seen(each.of) == {"subscription": 1, "issued_grant": 1, "plan_charge": 1}
        # A computer's own transaction: what it was granted, not what is paid for it.
        assert seen(For(each.practice_id)) == {
            "subscription": 0,
            "issued_grant": 1,
            "plan_charge": 0,
        }
    assert not any(seen(For()).values())
