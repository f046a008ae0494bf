"""The plan on the account's page: for its owner, who is always told what came of a choice."""

from __future__ import annotations

import re
from uuid import uuid4

import httpx2
import pytest

from app.core.kernel.acting import Role
from app.core.kernel.entitlement import Plan
from app.core.membership.rules.subscription import Status
from hosted.account import queries
from hosted.account.tables import Account
from hosted.membership.commands import operating
from hosted.membership.facts import facts
from hosted.store.engine import For
from hosted.team.commands import inviting
from tests.hosted.account.conftest import Person, words_on
from tests.hosted.account.test_signing_up import login_of
from tests.hosted.team.office import KIM, OWNER, Office
from tests.hosted.web.conftest import Site
from tests.hosted.worlds import CLIENT, NOTE

_NAMES = re.compile(r'<ul class="named">(.*?)</ul>', re.DOTALL)
_NAME = re.compile(r"<li>(.*?)</li>")
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


def test_seats_held_in_reserve_are_told_with_what_becomes_of_them(owner: Owner) -> None:
    assert "reserve" not in words_on(owner.reads())
    owner.choose("PROFESSIONAL")
    inviting.reserve(owner.person.site.services.team, owner.of, Role.ASSOCIATE, 2)
    assert (
        "2 associate seats are held in reserve. An invitation takes such a seat first, and nothing "
        "more is charged for it." in words_on(owner.reads())
    )


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


IN_THE_PROGRAM = "opened in PracticeRunner on your computer."


def office_on(site: Site, owner: str = OWNER) -> Office:
    """Return a practice on Professional, which may go to Archive."""
    office = Office(site.services, site.clock, owner)
    office.choose(Plan.PROFESSIONAL)
    return office


def plan_page(site: Site, office: Office, reader: str = OWNER) -> httpx2.Response:
    """Return the page of a practice's plan, as somebody of that address is answered."""
    person = Person(site, reader)
    person.client.cookies.set("session", office.browser(reader))
    return person.get(f"/account/practices/{office.account_id}/plan")


def add_drafts(office: Office, days: range) -> None:
    """Begin a note on each of these days of November."""
    owner = office.computer
    case = owner.add("care_case", {"kind": "INDIVIDUAL", "provider_id": office.owner_id.hex})
    said = {**NOTE, "case_id": case.hex, "author_id": office.owner_id.hex}
    for day in days:
        owner.add("note", {**said, "held_on": f"2026-11-{day}"})


def keep_unsent(office: Office, *names: str) -> None:
    """Connect computers that hold work which the account does not have."""
    for name in names:
        office.connect(office.owner_id, name).hello(waiting=1, lsn=1)


def names_on(answer: httpx2.Response) -> list[list[str]]:
    """Return the lists of what stands in the way, each name as the page's source has it."""
    return [_NAME.findall(found) for found in _NAMES.findall(answer.text)]


def test_what_stands_in_the_way_is_named_and_computers_lead_to_their_place(site: Site) -> None:
    office = office_on(site)
    add_drafts(office, range(11, 13))
    keep_unsent(office, "Ana's <b>iMac</b> & co")
    page = plan_page(site, office)
    assert page.status_code == 200
    assert names_on(page) == [
        ["Progress note of Nov 12, 2026", "Progress note of Nov 11, 2026"],
        ['<a href="/account#computers">Ana&#39;s &lt;b&gt;iMac&lt;/b&gt; &amp; co</a>'],
    ]
    words = words_on(page)
    assert f"2 notes are not signed yet. Notes are {IN_THE_PROGRAM}" in words
    assert "1 computer has work that is not uploaded yet. Ana's <b>iMac</b> & co" in words
    assert "Ask support" not in words


def test_of_more_than_five_names_the_rest_is_counted(site: Site) -> None:
    office = office_on(site)
    add_drafts(office, range(11, 18))
    keep_unsent(office, *(f"Room {number}" for number in range(1, 6)))
    notes, computers = names_on(plan_page(site, office))
    assert notes == [
        *(f"Progress note of Nov {day}, 2026" for day in range(17, 12, -1)),
        "and 2 more",
    ]
    assert len(computers) == 5
    assert "Room 5" in computers[-1]


def test_clients_are_counted_and_the_team_is_told_where_it_is(site: Site) -> None:
    office = office_on(site)
    for _ in range(11):
        office.computer.add("client", CLIENT)
    office.choose(Plan.GROUP)
    office.joined(name="Kim <i>Park</i>")
    page = plan_page(site, office)
    assert names_on(page) == []
    words = words_on(page)
    assert f"Make 1 of them inactive. Clients are {IN_THE_PROGRAM}" in words
    assert (
        "Deactivate or take back Kim <i>Park</i>. Your team is in PracticeRunner on your "
        "computer, under Settings, Team." in words
    )
    assert "Choose who is active" not in words


@pytest.mark.parametrize("stored", ["postgresql"], indirect=True)
def test_the_owner_of_another_practice_is_told_no_name(site: Site) -> None:
    """An embedded database has room for one practice."""
    here, there = office_on(site), office_on(site, "robin@elmstreet.example")
    add_drafts(here, range(11, 12))
    keep_unsent(here, "Ana's iMac")
    assert len(names_on(plan_page(site, here))) == 2
    own = Person(site, there.owner)
    own.client.cookies.set("session", there.browser(there.owner))
    for account_id, status in ((there.account_id, 200), (here.account_id, 404)):
        page = own.get(f"/account/practices/{account_id}/plan")
        assert page.status_code == status
        assert names_on(page) == []
        assert "iMac" not in page.text
        assert "Progress note" not in page.text


def test_a_member_who_owns_nothing_is_told_no_name(site: Site) -> None:
    office = office_on(site)
    office.choose(Plan.GROUP)
    office.joined()
    add_drafts(office, range(11, 12))
    keep_unsent(office, "Ana's iMac")
    page = plan_page(site, office, KIM)
    assert page.status_code == 404
    assert "iMac" not in page.text
