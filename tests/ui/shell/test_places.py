"""Back and forward."""

from __future__ import annotations

from uuid import uuid4

import pytest

from app.ui.shell.context import ScreenContext
from app.ui.shell.places import History, Place


def test_back_and_forward_follow_the_stops() -> None:
    history = History()
    today, week, client = Place("today"), Place("scheduling"), Place("people", ("case", uuid4()))
    for place in (today, week, client):
        history.visit(place)
    assert history.go(-1) == week
    assert history.go(-1) == today
    assert not history.can_go(-1)
    assert history.go(1) == week


def test_a_new_stop_forgets_what_lay_ahead() -> None:
    history = History()
    for area in ("today", "scheduling"):
        history.visit(Place(area))
    history.go(-1)
    history.visit(Place("people"))
    assert not history.can_go(1)
    with pytest.raises(IndexError):
        history.go(1)


def test_the_same_page_is_one_stop() -> None:
    history = History()
    history.visit(Place("people"))
    history.visit(Place("people", ask={"field": "npi"}))
    assert not history.can_go(-1)
    assert history.here is not None
    assert history.here.ask == {"field": "npi"}


def test_a_mend_link_leads_to_the_very_field() -> None:
    record = uuid4()
    place = ScreenContext.place_of("client", str(record), "birth_date")
    assert (place.area, place.record, place.ask) == (
        "people", ("client", record), {"field": "birth_date"},
    )  # fmt: skip
    place = ScreenContext.place_of("member", str(record), "npi")
    assert (place.area, place.part) == ("settings", "identifiers")
    assert place.ask == {"field": "npi", "record": str(record)}
