"""Which step may follow which, and the sentence for the others."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from app.core.kernel.errors import UserError
from app.core.scheduling.rules.status import (
    AppointmentStatus,
    CanceledBy,
    ClientPlace,
    check_day_has_come,
    check_movable,
    check_step,
    is_charged,
    may_become,
)

OPEN = {AppointmentStatus.SCHEDULED, AppointmentStatus.CONFIRMED}
STEPS = (
    {
        (AppointmentStatus.SCHEDULED, AppointmentStatus.CONFIRMED),
        (AppointmentStatus.CONFIRMED, AppointmentStatus.SCHEDULED),
    }
    | set(product(OPEN, set(AppointmentStatus) - OPEN))
    | {(closed, AppointmentStatus.SCHEDULED) for closed in set(AppointmentStatus) - OPEN}
)


@pytest.mark.parametrize(("current", "wanted"), list(product(AppointmentStatus, AppointmentStatus)))
def test_the_machine(current: AppointmentStatus, wanted: AppointmentStatus) -> None:
    if (current, wanted) in STEPS:
        check_step(current, wanted)
        assert may_become(current, wanted)
        return
    with pytest.raises(UserError) as refused:
        check_step(current, wanted)
    assert refused.value.field == "status"
    assert current.label.lower() in refused.value.sentence


def test_only_a_day_that_has_come_is_settled() -> None:
    check_day_has_come(date(2026, 11, 19), date(2026, 11, 19))
    with pytest.raises(UserError, match="Nov 20, 2026"):
        check_day_has_come(date(2026, 11, 20), date(2026, 11, 19))


@pytest.mark.parametrize("status", AppointmentStatus)
def test_only_open_sessions_move(status: AppointmentStatus) -> None:
    if status.is_open:
        check_movable(status)
    else:
        with pytest.raises(UserError, match="reopen"):
            check_movable(status)


def test_what_is_charged() -> None:
    charged = {
        (each, flag)
        for each, flag in product(AppointmentStatus, (True, False))
        if is_charged(each, flag)
    }
    assert charged == {
        (AppointmentStatus.COMPLETED, True),
        (AppointmentStatus.COMPLETED, False),
        (AppointmentStatus.NO_SHOW, True),
        (AppointmentStatus.LATE_CANCELED, True),
    }


def test_words() -> None:
    assert [each.label for each in CanceledBy] == ["The client", "The practice"]
    assert [each.label for each in ClientPlace] == ["At home", "Elsewhere"]
