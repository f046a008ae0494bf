"""The first run without a window, on real files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.core.kernel.errors import UserError, WrongPassphrase
from app.core.practice.queries import locations, practice, services
from app.core.practice.rules.organization import PracticeFields
from app.core.practice.rules.places import SessionFormat
from app.core.team.rules import MemberFields
from app.ui.onboarding.assistant import PAGES, Arrival, Assistant, Page
from app.ui.onboarding.drafts import TypedService, backed_up, located, named, offering
from tests.support.practice import PASSPHRASE
from tests.ui.onboarding.stand_ins import RealKeeper, at_once


@pytest.fixture
def keeper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RealKeeper]:
    """Practice files in a folder of this test's own."""
    monkeypatch.setenv("PRACTICERUNNER_STATE_DIR", str(tmp_path / "state"))
    keeper = RealKeeper()
    yield keeper
    keeper.close()


@pytest.fixture
def arrivals() -> list[Arrival]:
    """What arrived."""
    return []


@pytest.fixture
def assistant(keeper: RealKeeper, arrivals: list[Arrival], tmp_path: Path) -> Assistant:
    """A first run that has not begun."""
    return Assistant(keeper, tmp_path / "data", at_once, arrivals.append)


def proved(assistant: Assistant) -> Assistant:
    """Go through the one step that cannot be skipped."""
    assistant.choose_passphrase(PASSPHRASE, PASSPHRASE)
    assert assistant.agrees(assistant.recovery_groups)
    assistant.go_on()
    return assistant


def page_of(assistant: Assistant) -> Page:
    """Return the page at hand, which the call before may have changed."""
    return assistant.page


def test_two_different_passphrases_are_refused(assistant: Assistant) -> None:
    with pytest.raises(UserError) as refused:
        assistant.choose_passphrase(PASSPHRASE, PASSPHRASE + "!")
    assert refused.value.field == "again"
    assert page_of(assistant) is Page.KEYS


def test_a_short_passphrase_is_said_at_its_field(assistant: Assistant) -> None:
    assistant.choose_passphrase("short", "short")
    assert isinstance(assistant.problem, UserError)
    assert assistant.problem.field == "passphrase"
    assert page_of(assistant) is Page.KEYS


def test_the_key_is_compared_group_by_group(assistant: Assistant) -> None:
    assistant.choose_passphrase(PASSPHRASE, PASSPHRASE)
    right = assistant.recovery_groups
    assert len(right) == 8
    wrong = "".join("1" if letter != "1" else "2" for letter in right[1])
    typed = [right[0].lower(), wrong, right[2][:2], *[""] * 5]
    assert assistant.agreement(typed) == [True, False, None, *[None] * 5]
    assert not assistant.agrees(typed)
    assert assistant.agrees([group.lower() for group in right])


def test_the_keys_cannot_be_skipped_or_made_twice(assistant: Assistant) -> None:
    skippable = {page_of(assistant): assistant.may_skip}
    assistant.choose_passphrase(PASSPHRASE, PASSPHRASE)
    skippable[page_of(assistant)] = assistant.may_skip
    assistant.go_on()
    skippable[page_of(assistant)] = assistant.may_skip
    assert skippable == {Page.KEYS: False, Page.PROOF: False, Page.PRACTICE: True}
    assert not assistant.may_go_back


def test_going_back_keeps_what_was_said(assistant: Assistant) -> None:
    proved(assistant)
    fields = PracticeFields("Alder Street Therapy")
    assistant.take(named(assistant.draft, fields, MemberFields("Dana")))
    assert page_of(assistant) is Page.IDENTIFIERS
    assistant.skip()
    assert assistant.skipped == {Page.IDENTIFIERS}
    assistant.go_to_step(1)
    assert page_of(assistant) is Page.PRACTICE
    assert assistant.draft.practice.name == "Alder Street Therapy"


def test_everything_that_was_said_is_in_the_practice(
    assistant: Assistant, arrivals: list[Arrival], tmp_path: Path
) -> None:
    proved(assistant)
    draft = named(
        assistant.draft, PracticeFields("Alder Street Therapy"), MemberFields("Dana", "Whitfield")
    )
    draft = offering(draft, (TypedService("Individual session", "0001Z", "50", "165"),))
    draft = located(draft, (SessionFormat.VIDEO,))
    draft = backed_up(draft, str(tmp_path / "stick"), "208", "1")
    assistant.draft, assistant.page = replace(draft, import_now=True), PAGES[-1]
    assistant.go_on()

    (arrival,) = arrivals
    desk = arrival.practice.desk
    assert arrival.problem == ""
    assert arrival.draft is not None
    assert arrival.draft.import_now
    assert desk.ask(practice).name == "Alder Street Therapy"
    assert [each.name for each in desk.ask(services)] == ["Individual session"]
    assert [each.name for each in desk.ask(locations)] == ["Office", "Video"]
    assert arrival.practice.backup_state().folder == tmp_path / "stick"


def test_what_cannot_be_done_beside_it_is_said_and_the_practice_opens(
    assistant: Assistant, arrivals: list[Arrival], tmp_path: Path
) -> None:
    (tmp_path / "stick").write_text("not a folder", encoding="utf-8")
    proved(assistant)
    assistant.draft = backed_up(assistant.draft, str(tmp_path / "stick"), "1", "1")
    assistant.page = PAGES[-1]
    assistant.go_on()
    assert len(arrivals) == 1
    assert arrivals[0].problem


def test_a_folder_that_holds_a_practice_is_not_overwritten(
    assistant: Assistant, arrivals: list[Arrival], keeper: RealKeeper, tmp_path: Path
) -> None:
    proved(assistant)
    assistant.page = PAGES[-1]
    assistant.go_on()
    keeper.close()
    second = proved(Assistant(keeper, tmp_path / "data", at_once, arrivals.append))
    second.page = PAGES[-1]
    second.go_on()
    assert len(arrivals) == 1
    assert isinstance(second.problem, UserError)
    assert not second.busy


@pytest.mark.parametrize("by_recovery_key", [False, True])
def test_a_backup_is_restored_on_an_empty_machine(
    assistant: Assistant,
    arrivals: list[Arrival],
    keeper: RealKeeper,
    tmp_path: Path,
    *,
    by_recovery_key: bool,
) -> None:
    proved(assistant)
    key = "-".join(assistant.recovery_groups)
    assistant.page = PAGES[-1]
    assistant.go_on()
    made = arrivals[0].practice.start_backup(tmp_path / "stick").result()
    keeper.close()

    empty = Assistant(keeper, tmp_path / "other computer", at_once, arrivals.append)
    empty.restore(str(made.path), "not this one", by_recovery_key=by_recovery_key)
    assert isinstance(empty.problem, WrongPassphrase)
    secret = key if by_recovery_key else PASSPHRASE
    empty.restore(str(made.path), secret, by_recovery_key=by_recovery_key)
    assert arrivals[-1].practice.desk.ask(practice).name == "My practice"


@pytest.mark.parametrize(("file", "secret", "field"), [("", "x", "backup"), ("x", "", "secret")])
def test_restore_asks_for_both(assistant: Assistant, file: str, secret: str, field: str) -> None:
    with pytest.raises(UserError) as refused:
        assistant.restore(file, secret, by_recovery_key=False)
    assert refused.value.field == field
