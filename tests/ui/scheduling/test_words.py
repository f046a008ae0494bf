"""How a session is said, in few words and in all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from app.core.cases.queries import CasePerson
from app.core.kernel.text import PersonName
from app.core.practice.rules.places import SessionFormat
from app.core.scheduling.rules import AppointmentStatus
from app.ui.scheduling.words import (
    second_line,
    session_icons,
    short_title,
    span_title,
    spoken,
    taken_by,
    usual_services,
)
from tests.ui.scheduling.made import session


def test_what_is_usual_goes_without_saying() -> None:
    usual = usual_services([session(), session(number=2)])
    assert second_line(session(), usual) == "9:00"
    intake = replace(session(), service_id=UUID(int=91), service_name="Intake")
    assert second_line(intake, usual) == "9:00 · Intake"
    gone = session(status=AppointmentStatus.NO_SHOW)
    assert second_line(gone, usual) == "9:00 · No-show"


def test_icons_in_their_order() -> None:
    held = session(
        status=AppointmentStatus.COMPLETED,
        met=SessionFormat.VIDEO,
        repeats=True,
        overlaps=True,
    )
    assert session_icons(held) == ("check", "video", "repeat", "triangle-alert")
    gone = session(status=AppointmentStatus.CANCELED, met=SessionFormat.PHONE)
    assert session_icons(gone) == ()


def test_short_titles() -> None:
    assert short_title(session()) == "Ana V."
    names = (PersonName("Daniel", "", "Okonkwo-Bell"), PersonName("Ruth", "", "Okonkwo-Bell"))
    people = tuple(CasePerson(UUID(int=n), name) for n, name in enumerate(names))
    couple = replace(session(), title="Daniel & Ruth Okonkwo-Bell", people=people)
    assert short_title(couple) == "D. & R. Okonkwo-Bell"
    assert short_title(replace(couple, title="Greer & Holt")) == "Greer & Holt"


def test_a_screen_reader_hears_all_of_it() -> None:
    assert spoken(session(repeats=True, overlaps=True)) == (
        "Ana Villanueva, Thursday, November 19, 9:00 – 9:50 AM, Individual, In person, "
        "Scheduled, repeats, overlaps another session"
    )


@pytest.mark.parametrize(
    ("first", "last", "title"),
    [
        (date(2026, 11, 16), date(2026, 11, 22), "November 16 – 22"),
        (date(2026, 11, 30), date(2026, 12, 6), "Nov 30 – Dec 6"),
        (date(2026, 12, 28), date(2027, 1, 3), "Dec 28, 2026 – Jan 3, 2027"),
        (date(2026, 11, 19), date(2026, 11, 19), "Thursday, November 19"),
    ],
)
def test_titles_of_the_days_shown(first: date, last: date, title: str) -> None:
    assert span_title(first, last) == title


def test_what_is_in_the_way() -> None:
    assert taken_by([]) == ""
    assert taken_by([session()]) == "Overlaps Ana Villanueva, 9:00 – 9:50 AM"
    assert taken_by([session(), session(number=2)]).endswith("and 1 more")
