"""Forms of the clients' page that are left half-way."""

from __future__ import annotations

from typing import Any

from app.ui.people.adding import AddPane
from app.ui.people.sections.contact import AddContact
from app.ui.shell.places import Place
from app.ui.widgets.buttons import Link
from tests.support.practice import TestDesk
from tests.ui.people import test_page
from tests.ui.people.scene import Small
from tests.ui.people.test_page import Room, room, words_of

__all__ = ["room"]
# By their module: imported classes of tests would be run here once more.
adding, billing = test_page.TestAdding(), test_page.TestBilling()


def test_a_new_client_left_by_a_lock_comes_up_again_until_started_over(
    room: Room, qtbot: Any, screen: Any, desk: TestDesk
) -> None:
    room.page.act("people.new_client")
    given, born = adding.fields(room)[0], adding.fields(room)[3]
    room.qtbot.keyClicks(given, "Ada")
    room.qtbot.keyClicks(born, "4/31/19")
    room.page.left()
    room.page.closing()
    after = Room(qtbot, screen, desk)
    after.page.act("people.new_client")
    after.wait(lambda: adding.fields(after)[0].text() == "Ada")
    assert adding.fields(after)[3].text() == "4/31/19"
    assert "Continued from" in words_of(after.page)
    links = after.one(AddPane).findChildren(Link)
    next(each for each in links if each.text() == "Start over").click()
    assert [each.text() for each in adding.fields(after)] == [""] * 5
    after.page.closing()
    assert desk.typed("client/new").result() is None
    after.page.close()
    after.page.deleteLater()


def test_a_contact_left_half_way_bills_nobody_and_comes_up_again(small: Small, room: Room) -> None:
    form = billing.add(room, small.couple_case)
    room.type(billing.line(form, "Name"), "Grace Okonkwo")
    room.type(billing.line(form, "Email"), "grace at")
    room.go(Place("people"))
    room.wait(lambda: room.one(AddContact) is None)
    again = billing.add(room, small.couple_case)
    room.wait(lambda: billing.line(again, "Name").text() == "Grace Okonkwo")
    assert billing.line(again, "Email").text() == "grace at"
    assert "Continued from" in words_of(again)
    assert billing.payers(room, small.couple_case) == []
