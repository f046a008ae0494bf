"""Two computers without a network go over the plan together: all is kept, both say so."""

from __future__ import annotations

import pytest

from app.core.journeys.clients import add_person
from app.core.kernel.errors import PlanRefuses
from app.core.kernel.text import PersonName
from app.core.membership.commands import activate_clients, choose_active
from app.core.membership.rules.notices import NoticeKind
from app.core.people.rules import NewClient
from app.sync.protocol.terms import Verb
from tests.sync.entitlement.granted import add, five_minutes, give_account, greet, used
from tests.sync.worlds import Desktop, assert_same


def test_nothing_is_refused_or_lost_and_the_next_activation_says_what_to_do(
    office: Desktop, laptop: Desktop
) -> None:
    give_account(office)
    greet(office, laptop)
    already = used(office)[0]
    office.transport.offline = laptop.transport.offline = True
    add(office, 6 - already, "Office")
    theirs = add(laptop, 6, "Laptop")
    office.transport.offline = laptop.transport.offline = False
    five_minutes(office, laptop)
    assert_same(office, laptop)
    assert office.inbox() == laptop.inbox() == []
    for desktop in (office, laptop):
        assert used(desktop) == (12, 10)
        grant = desktop.practice.plan().grant
        assert grant is not None
        assert [(each.kind, each.count) for each in grant.notices] == [(NoticeKind.CLIENTS_OVER, 2)]
        waiting = desktop.desk.do(add_person, NewClient(PersonName("Ana", family="Ruiz"))).value
        with pytest.raises(PlanRefuses) as refused:
            desktop.desk.do(activate_clients, [waiting])
        assert refused.value.sentence == (
            "Your plan has room for 10 active clients and 12 are active already: "
            "make somebody inactive first."
        )

    office.desk.do(choose_active, theirs)
    five_minutes(office, laptop)
    assert used(office) == used(laptop) == (6, 10)
    assert len(add(laptop, 1, "Later")) == 1


def test_the_account_is_not_greeted_again_while_nothing_is_exchanged(office: Desktop) -> None:
    give_account(office)
    greet(office)
    for _ in range(3):
        five_minutes(office)
    assert office.transport.asked.count(Verb.HELLO) == 2
    add(office, 1, "Office")
    five_minutes(office)
    five_minutes(office)
    assert office.transport.asked.count(Verb.HELLO) == 3
