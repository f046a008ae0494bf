"""Seats held in reserve, in a real window: what an invitation takes of them is said beforehand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from app.core.kernel.acting import Role
from app.core.membership.rules.seats import Holding
from app.ui.settings.subscription_panel import SubscriptionPanel
from app.ui.settings.team_panel import TeamPanel
from tests.support.clock import THE_MOMENT
from tests.ui.settings.accounts import FULL, Account, facts_of, team
from tests.ui.settings.conftest import Opens


def test_an_invitation_takes_the_seat_in_reserve_and_says_so(opens: Opens) -> None:
    kept = replace(team()[3], id="associate-1", name="", holding=Holding.RESERVED)
    rows = (*team(), kept)
    room = opens(TeamPanel, Account(facts_of(rows, FULL.subscription), rows))
    assert "1 held in reserve: an invitation takes it, and nothing more is charged." in room.words()
    assert room.offers("Give an associate seat back")
    room.click("Invite someone")
    form = room.page._inviting
    form.role.set_value(Role.ASSOCIATE)
    assert "This takes an associate seat that you hold in reserve" in room.words()
    form.role.set_value(Role.PROVIDER)
    assert "This takes" not in room.words()
    page = opens(SubscriptionPanel, room.account)
    assert "1 associate seat is held in reserve. An invitation takes such a seat" in page.words()


def test_a_seat_in_reserve_that_an_invitation_took_is_not_given_back(opens: Opens) -> None:
    kept = replace(team()[3], id="associate-1", name="", holding=Holding.RESERVED)
    rows = (*team()[:3], replace(team()[3], from_reserve=True), kept)
    account = Account(facts_of(rows, FULL.subscription), rows)
    room = opens(TeamPanel, account)
    said = room.words()
    assert "1 clinician, 2 associate seats, 1 admin, on Group." in said
    assert "On a seat of your reserve, which has it back once this is withdrawn or ends." in said
    assert not room.offers("Give an associate seat back")
    room.click("Reserve an associate seat")
    assert account.did[-1] == "reserve ASSOCIATE 2"
    assert "in reserve" not in opens(SubscriptionPanel, account).words()


def test_an_invitation_that_ended_says_what_it_costs_to_send_it_again(opens: Opens) -> None:
    ago = THE_MOMENT - timedelta(days=20)
    ended = replace(team()[3], invited_at=ago, ends_at=ago + timedelta(days=14))
    rows = (*team()[:3], ended)
    room = opens(TeamPanel, Account(facts_of(rows, FULL.subscription), rows))
    assert (
        "Sent again, the invitation takes its seat anew. $11.00 a month, $5.13 of it now for the "
        "14 days until December 3, 2026." in room.words()
    )
