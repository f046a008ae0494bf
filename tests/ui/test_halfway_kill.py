"""The power goes while a form is filled in: at most two seconds of typing are lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from app import bootstrap
from tests.support.clock import StillClock
from tests.support.killed import Typist
from tests.support.practice import PASSPHRASE


@pytest.mark.slow
@pytest.mark.parametrize(
    ("form", "key", "field"),
    [("appointment", "appointment/new", "memo"), ("payment", "payment/new", "note")],
)
def test_at_most_two_seconds_of_a_form_are_lost(
    practice_folder: Path, form: str, key: str, field: str
) -> None:
    typist = Typist("tests.ui.halfway_typist", practice_folder, form)
    typist.kill_after(180)
    keys = bootstrap.unlock(practice_folder, passphrase=PASSPHRASE)
    practice = bootstrap.open_practice(practice_folder, keys, StillClock())
    kept = practice.desk.typed(key).result()
    practice.close()
    assert kept is not None
    typist.check(kept.content["texts"][field])
