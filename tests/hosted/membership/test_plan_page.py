"""The plan on the account's page: for its owner, who is always told what came of a choice."""

from __future__ import annotations

import re
from uuid import uuid4

import httpx2
import pytest

from app.core.membership.rules.subscription import Status
from hosted.account import queries
from hosted.account.tables import Account
from hosted.membership.commands import operating
from hosted.membership.facts import facts
from hosted.store.engine import For
from tests.hosted.account.conftest import Person, words_on
from tests.hosted.account.test_signing_up import login_of

_BUTTON = re.compile(r'name="due" value="(-?\d+)"><button[^>]* name="plan" value="(\w+)">([^<]+)<')


class Owner:
    """Somebody who has signed up, at the page of the practice's plan."""

    def __init__(self, person: Person) -> None:
        self.person = person
        login = login_of(person.site, person.address).id
        (self.place,) = queries.places(person.site.services.database, login)
        self.of = For(self.place.practice_id, account=self.place.account_id)
        self.path = f"/account/practices/{self.place.account_id}/plan"

    def reads(self) -> httpx2.Response:
        return self.person.get(self.path)

    def choose(self, plan: str, due: str = "") -> httpx2.Response:
        """Choose a plan at the price of a page, or at that of the page as it is now."""
        due = due or self.dues().get(plan, "0")
        return self.person.post(self.path, plan=plan, due=due)

    def buttons(self) -> dict[str, str]:
        return {plan: words for _, plan, words in _BUTTON.findall(self.reads().text)}

    def dues(self) -> dict[str, str]:
        """Return what the page's forms say of the price, by plan."""
        return {plan: due for due, plan, _ in _BUTTON.findall(self.reads().text)}

    def wait(self, days: int) -> None:
        """Let days go by; the browser is signed out meanwhile, and in again."""
        self.person.site.clock.forward(days=days)
        self.person.sign_in()
        self.person.prove()

    def put_card(self, *, card: bool = True) -> None:
        site = self.person.site
        operating.say_card(site.services.database, self.of, site.clock.now(), card=card)

    def status(self) -> Status:
        site = self.person.site
        with site.services.database.read(self.of) as session:
            known = facts(session, session.get_one(Account, self.place.account_id))
        return known.stands(site.clock.now()).status


@pytest.fixture
def owner(lapsing: Person) -> Owner:
    """An owner who has just signed up."""
    return Owner(lapsing)


def test_the_account_leads_to_its_plan_and_the_trial_begins_there(owner: Owner) -> None:
    home = owner.person.get("/account")
    assert "Starter, free until " in words_on(home)
    assert owner.path in home.text
    assert owner.buttons() == {"PROFESSIONAL": "Try Professional"}
    assert "Group costs $59.00 now, and no card is on file" in words_on(owner.reads())
    done = owner.choose("PROFESSIONAL")
    assert done.status_code == 200
    assert "Your plan is Professional now." in words_on(done)
    assert owner.status() is Status.TRIAL
    again = owner.choose("PROFESSIONAL")
    assert again.status_code == 409
    assert "Nothing was changed. Your plan is Professional already." in words_on(again)


def test_a_plan_that_lapsed_is_paid_for_again_once_a_card_is_on_file(owner: Owner) -> None:
    owner.put_card()
    assert owner.choose("GROUP").status_code == 200
    owner.wait(31 + 40)
    assert owner.status() is Status.LAPSED
    owner.put_card(card=False)
    stopped = owner.choose("GROUP")
    assert stopped.status_code == 409
    assert words_on(stopped).count("Group costs $59.00 now, and no card is on file") == 2
    assert owner.buttons() == {"STARTER": "Change to Starter"}
    owner.put_card()
    assert owner.buttons() == {
        "STARTER": "Change to Starter",
        "PROFESSIONAL": "Change to Professional",
        "GROUP": "Pay for Group",
        "ARCHIVE": "Archive this practice",
    }
    done = owner.choose("GROUP")
    assert "Group is paid for." in words_on(done)
    assert owner.status() is Status.PAID


def test_in_grace_the_page_says_until_when_and_both_ways_on(owner: Owner) -> None:
    owner.put_card()
    owner.choose("GROUP")
    owner.wait(31 + 5)
    words = words_on(owner.reads())
    assert "pay for your plan, or choose another, before then." in words
    assert (
        "Due now: $59.00, for a month of Group. It covers December 19, 2026 to January 18, 2027."
        in words
    )
    assert owner.buttons()["GROUP"] == "Pay for Group"


def test_nothing_is_taken_that_the_page_did_not_show(owner: Owner) -> None:
    """A page stays open while the month that it was made in ends."""
    owner.put_card()
    owner.choose("GROUP")
    owner.wait(29)
    shown = owner.dues()["PROFESSIONAL"]
    assert int(shown) < 0
    owner.wait(31 + 40)
    stopped = owner.choose("PROFESSIONAL", shown)
    assert stopped.status_code == 409
    words = words_on(stopped)
    assert "Nothing was changed. Professional costs $39.00 now, more than was shown" in words
    assert owner.status() is Status.LAPSED
    assert owner.choose("PROFESSIONAL").status_code == 200
    assert owner.choose("GROUP", "free").status_code == 422
    assert owner.status() is Status.PAID


def test_who_does_not_own_a_practice_sees_no_plan(owner: Owner) -> None:
    for path in (f"/account/practices/{uuid4()}/plan", owner.path.replace("plan", "plans")):
        assert owner.person.get(path).status_code == 404
    assert owner.choose("DIAMOND").status_code == 422
    assert owner.status() is Status.STARTER
