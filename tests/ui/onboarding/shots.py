"""Pictures of the first run and the lock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

from PySide6.QtWidgets import QWidget

from app.core.kernel.desk import Desk
from app.core.kernel.errors import MachineError, UserError, WrongPassphrase
from app.core.practice.rules.organization import PracticeFields
from app.core.team.rules import LicenseFields, MemberFields
from app.core.vault.leaving import Left
from app.sync.transport import Trouble
from app.sync.words import asked_once
from app.ui.onboarding.account_page import AccountPage
from app.ui.onboarding.assistant import Assistant, Page
from app.ui.onboarding.drafts import Draft
from app.ui.onboarding.first_run import FirstRun
from app.ui.onboarding.keys_pages import RecoveryKeyPage
from app.ui.onboarding.lock_presenter import LockPresenter
from app.ui.onboarding.lock_rule import idle_words
from app.ui.onboarding.locked import Locked
from tests.support.shots import Shot
from tests.ui.onboarding.stand_ins import RealKeeper, at_once

SAID = Draft(
    practice=PracticeFields(
        "Alder Street Therapy",
        legal_name="Alder Street Therapy, PC",
        zone="America/Los_Angeles",
        state="CA",
        tax_id="12-3456789",
        npi2="1699800118",
    ),
    owner=MemberFields("Marguerite", "Lindqvist", "LMFT", npi="1234567893", taxonomy="106H00000X"),
    license=LicenseFields("84117", "CA", "LMFT", valid_to=date(2027, 8, 31)),
)


class DesignKeys:
    """The recovery key of the design's picture."""

    recovery_key = "7QKM-4TXD-9FWC-2HRB-M6YP-0VJE-8ZGN-3CSA"


class DesignKeeper(RealKeeper):
    """Makes the keys of the design's picture, and no practice."""

    def prepare_keys(self, passphrase: str) -> DesignKeys:
        return DesignKeys()


def _at(page: Page) -> Callable[[Desk], QWidget]:
    def make(_desk: Desk) -> QWidget:
        assistant = Assistant(
            DesignKeeper(), Path("nowhere"), at_once, lambda _arrival: None, replace(SAID)
        )
        assistant.choose_passphrase("", "")
        assistant.joining = page is Page.ACCOUNT
        assistant.page = page
        front = FirstRun(assistant)
        if isinstance(front._page, RecoveryKeyPage):
            front._page.entry.spread(0, "7QKM4TXD9FWC2HRBM6YP0V")
        return front

    return make


def _restore(desk: Desk) -> QWidget:
    front = _at(Page.KEYS)(desk)
    assert isinstance(front, FirstRun)
    front.ask_for_backup()
    return front


def _left(desk: Desk) -> QWidget:
    front = _at(Page.KEYS)(desk)
    assert isinstance(front, FirstRun)
    front.say(Left("", "2026-11-19", 3).sentence)
    return front


def _locked(typed: str) -> Callable[[Desk], QWidget]:
    def refuse(_secret: str, _by_recovery_key: bool) -> None:
        raise WrongPassphrase("That passphrase does not open this practice. Try again.")

    def make(_desk: Desk) -> QWidget:
        presenter = LockPresenter(refuse, at_once, lambda _arrival: None)  # type: ignore[arg-type]
        front = Locked(presenter, idle_words(15), other=lambda: None, restore=lambda: None)
        front.secret.setText("correct horse!")
        if typed:
            presenter.unlock(typed)
        return front

    return make


class _InTheBrowser:
    """A sign-in that waits for the browser."""

    address = "https://account.practicerunner.example/account/connect"

    def begin(self, came: Callable[[], None]) -> None:
        """Wait for a browser that never comes."""

    def cancel(self) -> None:
        """Wait no longer."""


def _joining(
    *, waits: bool = False, busy: str = "", problem: UserError | MachineError | None = None
) -> Callable[[Desk], QWidget]:
    """The page that brings a practice from its account, on its way."""

    def make(desk: Desk) -> QWidget:
        front = _at(Page.ACCOUNT)(desk)
        assert isinstance(front, FirstRun)
        assert isinstance(front._page, AccountPage)
        front._page._server.setText("https://account.practicerunner.example")
        front._page._name.setText("MacBook Air")
        assistant = front._assistant
        assistant.signing = _InTheBrowser() if waits else None
        assistant.busy, assistant.problem = busy, problem
        front._render()
        return front

    return make


#: How far it has come, at its longest.
_COMING = "Bringing your practice here: 112,840 of 1,250,300 records…"
_CUT_OFF = MachineError(asked_once(Trouble.NOT_OUR_SERVER, "Sign in with your browser once more."))
_NO_SERVER = UserError(
    "alder street is no address of a server; type it like https://sync.example.com.",
    field="server",
)

SHOTS = [
    *(Shot(f"first-run-{page.value.lower()}", _at(page)) for page in Page),
    Shot("first-run-restore", _restore),
    Shot("first-run-left", _left),
    Shot("first-run-account-waits", _joining(waits=True)),
    Shot("first-run-account-comes", _joining(busy=_COMING)),
    Shot("first-run-account-refused", _joining(problem=_NO_SERVER)),
    Shot("first-run-account-cut-off", _joining(problem=_CUT_OFF)),
    Shot("locked", _locked("")),
    Shot("locked-wrong", _locked("wrong")),
]
