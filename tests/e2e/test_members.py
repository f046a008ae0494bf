"""From signing up to a lapse and back with an associate; and a laptop that is lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.driver import breathe
from tests.e2e.members import Members


@pytest.fixture
def made(qapp: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Members]:
    """A practice in its window, and the account's server."""
    monkeypatch.setenv("PRACTICERUNNER_STATE_DIR", str(tmp_path / "nobody"))
    members = Members(tmp_path)
    try:
        members.begin()
        yield members
    finally:
        with suppress(RuntimeError):
            breathe(20)
        members.close()


@pytest.mark.timeout(300)
def test_sign_up_connect_invite_offline_lapse_read_and_return(made: Members) -> None:
    for step in (
        made.sign_up,
        made.connect,
        made.invite,
        made.accept,
        made.sees_own_cases,
        made.part,
        made.work_apart,
        made.lapse,
        made.read_on,
        made.come_back,
    ):
        step()


@pytest.mark.timeout(300)
def test_a_lost_laptop_is_taken_off_leaves_its_work_and_goes_and_a_new_one_has_it_all(
    made: Members,
) -> None:
    for step in (
        made.sign_up,
        made.connect,
        made.two_of_mine,
        made.take_off,
        made.is_found,
        made.replace_it,
    ):
        step()
