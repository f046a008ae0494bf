"""Weekly series: their rule as text, and their occurrences beside dateutil's."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.kernel.errors import UserError
from app.core.scheduling.rules.recurrence import (
    Repeat,
    Weekly,
    check_repeat,
    ended_on,
    last_day,
    number_of,
    read_rule,
    repeat_words,
    rule_text,
)
from app.core.scheduling.rules.walltime import place

PACIFIC = "America/Los_Angeles"
THURSDAY = datetime(2026, 10, 22, 14, 30)


def weekly(repeat: Repeat, starts: datetime = THURSDAY) -> Weekly:
    return Weekly(starts, repeat.every, last_day(starts, repeat))


def days(repeat: Repeat, first: date, before: date) -> list[date]:
    span = (datetime.combine(day, datetime.min.time()) for day in (first, before))
    return [at.date() for at in weekly(repeat).between(*span)]


def test_a_series_keeps_its_wall_time_through_the_autumn_change() -> None:
    found = list(weekly(Repeat()).between(datetime(2026, 10, 26), datetime(2026, 11, 10)))
    assert found == [datetime(2026, 10, 29, 14, 30), datetime(2026, 11, 5, 14, 30)]
    before, after = (place(at, 50, PACIFIC).starts_at for at in found)
    assert after - before == timedelta(days=7, hours=1)


def test_a_series_keeps_its_wall_time_through_the_spring_change() -> None:
    series = Weekly(datetime(2026, 3, 1, 2, 30), 1, None)
    found = list(series.between(datetime(2026, 3, 1), datetime(2026, 3, 20)))
    assert [at.day for at in found] == [1, 8, 15]
    assert [place(at, 50, PACIFIC).starts.hour for at in found] == [2, 3, 2]


def test_counts_and_last_days_end_it() -> None:
    assert days(Repeat(count=2), date(2026, 1, 1), date(2027, 1, 1)) == [
        date(2026, 10, 22),
        date(2026, 10, 29),
    ]
    until = Repeat(every=2, until=date(2026, 11, 19))
    assert [day.day for day in days(until, date(2026, 1, 1), date(2027, 1, 1))] == [22, 5, 19]
    assert days(until, date(2026, 11, 20), date(2027, 1, 1)) == []


def test_a_window_cuts_in_the_middle_of_a_day() -> None:
    series = weekly(Repeat())
    assert list(series.between(THURSDAY + timedelta(minutes=1), THURSDAY + timedelta(days=7))) == []
    assert list(series.between(THURSDAY, THURSDAY + timedelta(minutes=1))) == [THURSDAY]


def test_the_rule_is_rfc_5545_text() -> None:
    assert rule_text(Repeat(), PACIFIC) == "FREQ=WEEKLY"
    assert rule_text(Repeat(2, count=8), PACIFIC) == "FREQ=WEEKLY;INTERVAL=2;COUNT=8"
    until = rule_text(Repeat(until=date(2026, 12, 17)), PACIFIC)
    assert until == "FREQ=WEEKLY;UNTIL=20261218T075959Z"


@pytest.mark.parametrize(
    ("text", "repeat"),
    [
        ("RRULE:FREQ=WEEKLY;COUNT=3", Repeat(1, 3)),
        ("FREQ=WEEKLY;WKST=SU;UNTIL=20261217", Repeat(1, until=date(2026, 12, 17))),
        ("freq=weekly;interval=2;until=20261217T235959", Repeat(2, until=date(2026, 12, 17))),
    ],
)
def test_rules_written_elsewhere_are_read(text: str, repeat: Repeat) -> None:
    assert read_rule(text, PACIFIC) == repeat


@pytest.mark.parametrize(
    "text",
    [
        "",
        "FREQ=MONTHLY",
        "FREQ=WEEKLY;BYDAY=MO,TU",
        "FREQ=WEEKLY;COUNT=0",
        "FREQ=WEEKLY;COUNT=two",
        "FREQ=WEEKLY;COUNT=2;UNTIL=20261217",
        "FREQ=WEEKLY;UNTIL=soon",
        "FREQ=WEEKLY;UNTIL=20260231",
    ],
)
def test_other_rules_are_refused(text: str) -> None:
    with pytest.raises(UserError) as refused:
        read_rule(text, PACIFIC)
    assert refused.value.field == "rule"


@pytest.mark.parametrize(
    ("repeat", "field"),
    [
        (Repeat(0), "every"),
        (Repeat(53), "every"),
        (Repeat(count=0), "count"),
        (Repeat(count=521), "count"),
        (Repeat(count=2, until=date(2027, 1, 1)), "until"),
        (Repeat(until=date(2026, 10, 21)), "until"),
        (Repeat(until=date(2300, 1, 1)), "until"),
    ],
)
def test_a_repeat_that_cannot_be_names_its_field(repeat: Repeat, field: str) -> None:
    with pytest.raises(UserError) as refused:
        check_repeat(repeat, THURSDAY)
    assert refused.value.field == field


def test_a_repeat_that_can_be_passes() -> None:
    assert check_repeat(Repeat(2, 8), THURSDAY) == Repeat(2, 8)
    assert check_repeat(Repeat(until=THURSDAY.date()), THURSDAY).until == THURSDAY.date()


def test_ending_a_series_replaces_what_ended_it() -> None:
    assert ended_on(Repeat(2, count=8), date(2026, 11, 1)) == Repeat(2, until=date(2026, 11, 1))


def test_its_place_in_the_series() -> None:
    assert number_of(
        THURSDAY, Repeat(until=date(2026, 12, 17)), datetime(2026, 11, 19, 14, 30)
    ) == (5, 9)
    assert number_of(THURSDAY, Repeat(2), datetime(2026, 11, 19, 14, 30)) == (3, None)


@pytest.mark.parametrize(
    ("repeat", "words"),
    [
        (Repeat(), "Every Thursday"),
        (Repeat(count=8), "Every Thursday, 8 times"),
        (Repeat(count=1), "Every Thursday, once"),
        (Repeat(until=date(2026, 12, 17)), "Every Thursday until Dec 17"),
        (Repeat(2, until=date(2027, 1, 7)), "Every 2 weeks on Thursday until Jan 7, 2027"),
    ],
)
def test_words(repeat: Repeat, words: str) -> None:
    assert repeat_words(repeat, THURSDAY) == words


STARTS = st.datetimes(datetime(2015, 1, 1), datetime(2027, 1, 1)).map(
    lambda at: at.replace(second=0, microsecond=0)
)
REPEATS = st.builds(
    lambda every, count, weeks: (every, count, weeks),
    st.integers(1, 5),
    st.none() | st.integers(1, 120),
    st.none() | st.integers(0, 900),
)


@settings(max_examples=150, deadline=None)
@given(STARTS, REPEATS, st.integers(-400, 3000), st.integers(0, 60))
def test_occurrences_are_those_of_dateutil_in_local_time(
    starts: datetime, drawn: tuple[int, int | None, int | None], offset: int, length: int
) -> None:
    every, count, ends_after = drawn
    until = None if count or ends_after is None else starts.date() + timedelta(days=ends_after)
    repeat = Repeat(every, count, until)
    text = rule_text(repeat, PACIFIC)
    assert read_rule(text, PACIFIC) == repeat
    first = datetime.combine(starts.date() + timedelta(days=offset), datetime.min.time())
    before = first + timedelta(days=length)
    here = ZoneInfo(PACIFIC)
    peer = rrulestr(text, dtstart=starts.replace(tzinfo=here)).between(
        first.replace(tzinfo=here), before.replace(tzinfo=here) - timedelta(minutes=1), inc=True
    )
    assert list(weekly(repeat, starts).between(first, before)) == [
        at.replace(tzinfo=None) for at in peer
    ]
