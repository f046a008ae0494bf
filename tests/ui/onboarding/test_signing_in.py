"""A further computer at its first run: the browser, the real account, the practice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Queue
from typing import Any

import pytest

from app import bootstrap
from app.core.kernel.errors import UserError
from app.core.kernel.syncing import SyncState
from app.ui.onboarding.assistant import Arrival, Assistant, Page
from tests.hosted.account.conftest import Person
from tests.support.practice import PASSPHRASE
from tests.sync.account.conftest import person, sign_in, signed_up, site, through_browser
from tests.ui.onboarding.stand_ins import RealKeeper, at_once

__all__ = ["person", "signed_up", "site"]


@pytest.fixture
def keeper() -> Iterator[RealKeeper]:
    """Practice files of this test's own."""
    made = RealKeeper()
    yield made
    made.close()


def waiting(assistant: Assistant) -> Any:
    """Return the sign-in for which the browser is waited for now."""
    return assistant.signing


def test_the_practice_comes_here_once_the_browser_came_back(
    practice: bootstrap.OpenPractice, person: Person, keeper: RealKeeper, tmp_path: Path
) -> None:
    sign_in(practice, person)
    assert practice.sync.sync_now().state is SyncState.SYNCED
    window: Queue[Callable[[], None]] = Queue()
    opened: list[str] = []
    arrived: list[Arrival] = []
    assistant = Assistant(keeper, tmp_path / "laptop", at_once, arrived.append, deliver=window.put)
    assistant.choose_joining(True)
    assistant.choose_passphrase(PASSPHRASE, PASSPHRASE)
    assistant.go_on()
    assert assistant.page is Page.ACCOUNT
    assistant.sign_in("no address at all", "Laptop", opened.append)
    assert isinstance(assistant.problem, UserError)
    assert assistant.problem.field == "server"
    # Canceled, what comes back changes nothing.
    assistant.sign_in(person.site.address, "Laptop", opened.append)
    assistant.cancel_sign_in()
    assert waiting(assistant) is None
    assistant.sign_in(person.site.address, "Laptop", opened.append)
    assistant.open_again()
    assert len(opened) == 3
    assert opened[1] == opened[2] != opened[0]
    through_browser(person, waiting(assistant))
    while not arrived:
        window.get(timeout=20)()
    (arrival,) = arrived
    assert arrival.practice.desk.actor.practice_id == practice.desk.actor.practice_id
    assert waiting(assistant) is None
