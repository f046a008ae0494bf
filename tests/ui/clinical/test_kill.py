"""The power goes while a note is typed: at most two seconds of typing are lost."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from app import bootstrap
from app.core.clinical.queries.notes import draft_of_session, note
from app.core.kernel.desk import Desk
from tests.support.clock import StillClock
from tests.support.killed import Typist
from tests.support.practice import PASSPHRASE
from tests.ui.clinical import scene


def read_draft(desk: Desk, appointment_id: UUID) -> str:
    note_id = desk.ask(draft_of_session, appointment_id)
    return "" if note_id is None else desk.ask(note, note_id).sections.get("subjective", "")


@pytest.mark.slow
@pytest.mark.parametrize("words", [130, 205])
def test_at_most_two_seconds_of_typing_are_lost(practice_folder: Path, words: int) -> None:
    def opened() -> bootstrap.OpenPractice:
        keys = bootstrap.unlock(practice_folder, passphrase=PASSPHRASE)
        return bootstrap.open_practice(practice_folder, keys, StillClock())

    practice = opened()
    appointment_id = scene.walter(practice.desk).thursday_id
    practice.close()

    typist = Typist("tests.ui.clinical.typist", practice_folder, appointment_id)
    typist.kill_after(words)

    practice = opened()
    text = read_draft(practice.desk, appointment_id)
    practice.close()
    typist.check(text)
