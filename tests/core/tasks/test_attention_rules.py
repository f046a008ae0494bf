"""Workflow states, the next act of a session, and the words of tasks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from app.core.kernel.money import Money
from app.core.tasks.rules.attention import (
    RULES,
    Attention,
    AttentionKind,
    CaseFacts,
    NextAct,
    SessionFacts,
    WorkflowState,
    age_words,
    backup_overdue,
    next_act,
    workflow,
)

CALM = CaseFacts(
    needs_review=False,
    active=True,
    waiting=False,
    has_sessions=True,
    next_session=datetime(2026, 12, 1, 9),
    unsigned=0,
    unclosed=0,
    owing=Money(),
    diagnosed=True,
    can_superbill=True,
)


@pytest.mark.parametrize(
    ("changes", "state", "act"),
    [
        ({}, WorkflowState.ON_TRACK, ""),
        ({"needs_review": True, "unclosed": 1}, WorkflowState.RECORD_TO_REVIEW, "review"),
        ({"unclosed": 1, "unsigned": 1}, WorkflowState.NEEDS_ATTENTION, "appointments"),
        ({"unsigned": 1, "owing": Money(1)}, WorkflowState.NEEDS_ATTENTION, "unsigned"),
        ({"owing": Money(100), "diagnosed": False}, WorkflowState.NEEDS_ATTENTION, "payment"),
        ({"diagnosed": False}, WorkflowState.NEEDS_ATTENTION, "diagnosis"),
        ({"diagnosed": False, "can_superbill": False}, WorkflowState.ON_TRACK, ""),
        (
            {"next_session": None, "waiting": True, "has_sessions": False, "active": False},
            WorkflowState.READY_TO_SCHEDULE,
            "book",
        ),
        ({"next_session": None}, WorkflowState.NOTHING_BOOKED, "book"),
        ({"next_session": None, "active": False}, WorkflowState.RESTING, ""),
    ],
)
def test_the_first_thing_that_holds_a_case_up_is_its_state(
    changes: dict[str, object], state: WorkflowState, act: str
) -> None:
    found = workflow(replace(CALM, **changes))  # type: ignore[arg-type]
    assert (found.state, found.act) == (state, act)
    assert found.step.endswith(".")
    assert found.asks == (state not in (WorkflowState.ON_TRACK, WorkflowState.RESTING))


AHEAD = SessionFacts(
    open=True,
    confirmed=False,
    held=False,
    begun=False,
    has_note=False,
    note_signed=False,
    owing=Money(),
)
HELD = replace(AHEAD, open=False, held=True)


@pytest.mark.parametrize(
    ("facts", "act"),
    [
        (AHEAD, NextAct.CONFIRM),
        (replace(AHEAD, confirmed=True), NextAct.NOTHING),
        (replace(AHEAD, begun=True), NextAct.ATTENDED),
        (HELD, NextAct.WRITE_NOTE),
        (replace(HELD, has_note=True), NextAct.SIGN_NOTE),
        (replace(HELD, has_note=True, note_signed=True), NextAct.NOTHING),
        (replace(HELD, has_note=True, note_signed=True, owing=Money(1)), NextAct.TAKE_PAYMENT),
        (replace(HELD, held=False), NextAct.NOTHING),
        (replace(HELD, held=False, owing=Money(1)), NextAct.TAKE_PAYMENT),
    ],
)
def test_a_session_has_one_next_act(facts: SessionFacts, act: NextAct) -> None:
    assert next_act(facts) is act


def test_every_kind_of_task_has_its_look_and_its_act() -> None:
    assert set(RULES) == set(AttentionKind)
    assert all(rule.act and rule.icon for rule in RULES.values())
    for kind in AttentionKind:
        assert Attention(kind, "title", "detail").rule is RULES[kind]


def test_a_backup_is_overdue_after_two_days() -> None:
    now = datetime(2026, 11, 19, tzinfo=UTC)
    assert backup_overdue(None, now)
    assert backup_overdue(now - timedelta(days=2, seconds=1), now)
    assert not backup_overdue(now - timedelta(days=2), now)


@pytest.mark.parametrize(("days", "words"), [(0, "today"), (1, "1 day old"), (9, "9 days old")])
def test_age_is_said_in_days(days: int, words: str) -> None:
    today = date(2026, 11, 19)
    assert age_words(today - timedelta(days=days), today) == words
