"""The inbox: two versions side by side, and what each decision makes of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.cases.commands import add_client_with_case
from app.core.clinical.commands.notes import NewNote, save_draft, sign_note, start_note
from app.core.clinical.queries.notes import note
from app.core.clinical.rules.notes import NoteFormat
from app.core.kernel.acting import Permission, Role, Scope, member_actor
from app.core.kernel.entitlement import Act
from app.core.kernel.errors import NotFound, UserError
from app.core.kernel.text import PersonName
from app.core.people.rules import NewClient
from app.core.store.command import command
from app.core.store.unit import UnitOfWork
from app.core.tasks.commands import decide
from app.core.tasks.queries import When
from app.core.tasks.queries.attention import attention
from app.core.tasks.queries.inbox import inbox, inbox_item
from app.core.tasks.rules import inbox as rules
from app.core.tasks.rules.attention import AttentionKind
from app.core.tasks.rules.inbox import InboxKind, InboxState, Span
from app.core.tasks.tables import InboxItem
from tests.core.tasks.twice import one_number_on_two_papers
from tests.support.practice import TestDesk

BASE = {"subjective": "Back at work since Monday.", "plan": "Keep the morning walk. Weekly."}
KEPT = {"subjective": "Back at work since Monday. Walked twice.", "plan": BASE["plan"]}
OTHER = {"subjective": BASE["subjective"], "plan": f"{BASE['plan']} Ask about sleep."}
AT = datetime(2026, 11, 18, 20, 10, tzinfo=UTC)


@command(permission=Permission.READ_RECORDS, act=Act.CLOSE, label="Receive")
def receive(uow: UnitOfWork, /, **values: Any) -> UUID:
    """Write an item as the server does."""
    return uow.add(InboxItem(made_at=uow.now, kept_at=AT, other_at=AT, **values)).id


class Story:
    """A draft of Ingrid's with another version of it in the inbox."""

    def __init__(self, desk: TestDesk) -> None:
        self.desk = desk
        new = NewClient(PersonName("Ingrid", "", "Vasquez-Holm"))
        self.case = desk.do(add_client_with_case, new).value.case_id
        day = desk.clock.now().date()
        self.note = desk.do(start_note, NewNote(self.case, day, format=NoteFormat.SOAP)).value
        self.keep(KEPT)

    def keep(self, sections: dict[str, str]) -> str:
        return self.desk.do(save_draft, self.note, NoteFormat.SOAP, sections).value.hash

    def item(self, kind: InboxKind = InboxKind.TEXT, **values: Any) -> UUID:
        given_values = {
            "entity": "note",
            "record_id": self.note,
            "case_id": self.case,
            "kept": {"sections": KEPT},
            "other": {"sections": OTHER, "format": "SOAP", "revision": 1},
            "base": {"sections": BASE},
            "kept_device": "Office iMac",
            "other_device": "MacBook Air",
        }
        return self.desk.do(receive, kind=kind, **{**given_values, **values}).value

    def decided(self) -> set[UUID]:
        """Return the items that ask nothing any more."""

        def of_file(session: Session, _scope: Scope) -> set[UUID]:
            decided = select(InboxItem.id).where(InboxItem.state != InboxState.OPEN)
            return set(session.scalars(decided))

        return self.desk.ask(of_file)

    @property
    def sections(self) -> dict[str, str]:
        return dict(self.desk.ask(note, self.note).sections)


@pytest.fixture
def story(desk: TestDesk) -> Story:

    return Story(desk)


def test_both_versions_stand_side_by_side(story: Story) -> None:
    item = story.item()
    row = story.desk.ask(inbox)[0]
    assert (row.id, row.title, row.about) == (
        item,
        "Two versions of a draft",
        f"Ingrid Vasquez-Holm, {story.desk.clock.now():%b} {story.desk.clock.now().day}",
    )
    view = story.desk.ask(inbox_item, item)
    assert (view.kept.device, view.other.device) == ("Office iMac", "MacBook Air")
    subjective, plan = view.parts
    assert subjective.title == "Subjective"
    assert [span.text for span in subjective.kept if span.differs] == [" Walked twice."]
    assert not any(span.differs for span in subjective.other)
    assert "".join(span.text for span in plan.other if span.differs).strip() == "Ask about sleep."
    assert view.joined == {
        "subjective": KEPT["subjective"],
        "plan": OTHER["plan"],
    }


@pytest.mark.parametrize(
    ("choice", "sections"),
    [
        (InboxState.KEPT, KEPT),
        (InboxState.REPLACED, OTHER),
        (
            InboxState.BOTH,
            {
                "subjective": KEPT["subjective"],
                "plan": f"{KEPT['plan']}\n\nFrom MacBook Air:\n{OTHER['plan']}",
            },
        ),
    ],
)
def test_a_decision_writes_the_draft_and_keeps_both_texts(
    story: Story, choice: InboxState, sections: dict[str, str]
) -> None:
    item = story.item()
    story.desk.do(decide, item, choice)
    assert story.sections == sections
    view = story.desk.ask(inbox_item, item)
    assert view.state is choice
    assert view.parts
    assert story.desk.ask(inbox) == []


def test_the_joined_text_is_kept_as_it_was_read(story: Story) -> None:
    item = story.item()
    joined = story.desk.ask(inbox_item, item).joined
    story.desk.do(decide, item, InboxState.BOTH, joined)
    assert story.sections == joined


@pytest.mark.parametrize("choice", [InboxState.REPLACED, InboxState.BOTH])
def test_words_that_a_decision_replaces_stay_in_an_item_of_their_own(
    story: Story, choice: InboxState
) -> None:
    item = story.item()
    joined = story.desk.ask(inbox_item, item).joined
    later = {**KEPT, "plan": "Call her sister."}
    story.keep(later)
    story.desk.do(decide, item, choice, joined if choice is InboxState.BOTH else None)
    assert "Call her sister." not in story.sections.values()
    (aside,) = story.decided() - {item}
    view = story.desk.ask(inbox_item, aside)
    plan = next(part for part in view.parts if part.title == "Plan")
    assert "".join(span.text for span in plan.kept).strip() == "Call her sister."
    assert story.desk.ask(inbox) == []


def test_a_second_click_decides_nothing_twice(story: Story) -> None:
    item = story.item()
    story.desk.do(decide, item, InboxState.BOTH)
    once = story.sections
    story.desk.do(decide, item, InboxState.REPLACED)
    assert story.sections == once


def test_words_after_the_signature_become_an_amendment_draft(story: Story) -> None:
    story.desk.do(sign_note, story.note, story.keep(KEPT))
    item = story.item(InboxKind.LATE_REVISION)
    story.desk.do(decide, item, InboxState.BOTH)
    assert story.sections == KEPT
    assert story.desk.ask(note, story.note).amendment_draft == "Ask about sleep."
    again = story.item(InboxKind.SECOND_SIGNATURE, other={"sections": {"plan": "Call her."}})
    story.desk.do(decide, again, InboxState.BOTH)
    assert story.desk.ask(note, story.note).amendment_draft == "Ask about sleep.\n\nCall her."


def test_a_draft_signed_meanwhile_is_not_replaced(story: Story) -> None:
    item = story.item()
    story.desk.do(sign_note, story.note, story.keep(KEPT))
    with pytest.raises(UserError, match="signed meanwhile"):
        story.desk.do(decide, item, InboxState.REPLACED)
    story.desk.do(decide, item, InboxState.BOTH)
    assert story.sections == KEPT


def test_only_offered_ways_decide(story: Story) -> None:
    item = story.item(InboxKind.LATE_REVISION)
    with pytest.raises(UserError, match="offered ways"):
        story.desk.do(decide, item, InboxState.REPLACED)


def test_fields_are_told_in_words_and_put_in_place(story: Story) -> None:
    item = story.item(
        InboxKind.FIELDS,
        entity="care_case",
        record_id=story.case,
        kept={"relationship_label": ""},
        other={"relationship_label": "Sisters"},
    )
    (part,) = story.desk.ask(inbox_item, item).parts
    assert part.title == "Relationship label"
    story.desk.do(decide, item, InboxState.REPLACED)


def numbered(story: Story, entity: str, kept: str, other: str) -> rules.Question:
    item = story.item(
        InboxKind.NUMBER,
        entity=entity,
        record_id=uuid4(),
        kept={"number": kept},
        other={"number": other},
    )
    return story.desk.ask(inbox_item, item).question


def test_a_number_on_two_papers_says_what_can_be_done_about_them(story: Story) -> None:
    invoices = numbered(story, "invoice", "INV-2026-0001", "INV-2026-0001")
    assert "void one" in invoices.says
    superbills = numbered(story, "superbill", "SB-2026-0001", "SB-2026-0001")
    assert "void" not in superbills.says, "a superbill is never voided, another one supersedes it"
    assert "replace one" in superbills.says


def test_two_numbers_for_one_paper_are_told_as_that(story: Story) -> None:
    question = numbered(story, "invoice", "INV-2026-0001", "INV-2026-0002")
    assert question.headline == "Two numbers for one paper"
    assert "oth papers" not in question.says
    (row,) = story.desk.ask(inbox)
    assert row.title == "Two numbers for one paper"


def test_refused_work_is_told_in_the_words_of_screens(story: Story) -> None:
    item = story.item(
        InboxKind.REFUSED,
        entity="invoice",
        record_id=uuid4(),
        kept={},
        other={
            "number": "INV-2026-0001",
            "status": "OPEN",
            "issued_on": "2026-11-19",
            "due_on": "soon",
            "issued_at": "2026-11-19T19:00:00+00:00",
            "total": 16500,
            "content": "{}",
            "content_hash": "ab12",
            "case_id": story.case.hex,
        },
    )
    parts = story.desk.ask(inbox_item, item).parts
    said = {part.title: "".join(span.text for span in part.other) for part in parts}
    assert said == {
        "Number": "INV-2026-0001",
        "Status": "Open",
        "Issued on": "Nov 19, 2026",
        "Due on": "soon",
        "Issued at": "Nov 19, 2026, 11:00 AM",
        "Total": "$165.00",
    }


def test_values_are_read_as_people_write_them(story: Story) -> None:
    said = {
        "starts": "2026-11-17T09:00",
        "starts_at": "2026-11-17T17:00:00+00:00",
        "status": "NO_SHOW",
        "chargeable": True,
    }
    item = story.item(InboxKind.REFUSED, entity="appointment", kept={}, other=said)
    view = story.desk.ask(inbox_item, item)
    read = {part.title: "".join(span.text for span in part.other) for part in view.parts}
    assert read == {
        "Chargeable": "Yes",
        "Starts": "Nov 17, 2026, 9:00 AM",
        "Starts at": "Nov 17, 2026, 9:00 AM",
        "Status": "No-show",
    }
    assert view.is_alone
    fee = story.item(
        InboxKind.REFUSED, entity="client_fee", kept={"fee": 16500}, other={"fee": "x"}
    )
    (part,) = story.desk.ask(inbox_item, fee).parts
    assert (part.kept[0].text, part.other[0].text) == ("$165.00", "x")
    assert not story.desk.ask(inbox_item, fee).is_alone


def test_two_numbers_of_one_paper_are_not_one_number_on_two(story: Story) -> None:
    numbers = {"kept": {"number": "INV-2026-0014"}, "other": {"number": "INV-2026-0015"}}
    two = story.item(InboxKind.NUMBER, entity="invoice", **numbers)
    assert story.desk.ask(inbox_item, two).question.headline == "Two numbers for one paper"
    (row,) = story.desk.ask(inbox)
    assert (row.title, row.about.rpartition(", ")[2]) == ("Two numbers for one paper", "invoice")
    numbers["other"] = numbers["kept"]
    one = story.item(InboxKind.NUMBER, entity="superbill", **numbers)
    assert story.desk.ask(inbox_item, one).question.headline == "One number on two papers"


def test_a_number_used_twice_tells_the_papers_that_bear_it(story: Story) -> None:
    item, first, second = one_number_on_two_papers(story.desk)
    view = story.desk.ask(inbox_item, item)
    assert view.record == ("superbill", second)
    assert [(each.record, each.words) for each in view.papers] == [
        (("superbill", first), "Dario Finch, Nov 9, 2026, $165.00"),
        (("superbill", second), "Ingrid Vasquez-Holm, Nov 12, 2026, $165.00"),
    ]


def test_two_numbers_of_one_paper_lead_to_no_other(story: Story) -> None:
    numbers = {"kept": {"number": "INV-2026-0014"}, "other": {"number": "INV-2026-0015"}}
    two = story.item(InboxKind.NUMBER, entity="invoice", **numbers)
    assert story.desk.ask(inbox_item, two).papers == ()


def test_an_item_about_a_vanished_record_can_be_put_aside(story: Story) -> None:
    item = story.item(InboxKind.FIELDS, entity="care_case", record_id=uuid4(), kept={}, other={})
    with pytest.raises(UserError, match="no longer there"):
        story.desk.do(decide, item, InboxState.REPLACED)
    story.desk.do(decide, item, InboxState.KEPT)
    assert story.desk.ask(inbox) == []


def test_needs_attention_asks_first_what_must_be_decided(story: Story) -> None:
    item = story.item()
    now = story.desk.clock.now()
    first = story.desk.ask(attention, story.desk.entitlement, When(now, now.date()))[0]
    assert first.kind is AttentionKind.TO_DECIDE
    assert first.record == ("inbox_item", item)


def test_an_admin_sees_no_note_text_and_decides_none(story: Story) -> None:
    item = story.item()
    desk = story.desk
    admin = member_actor(desk.actor.practice_id, uuid4(), Role.ADMIN)
    assert desk.ask(lambda session, _scope: inbox(session, admin.scope())) == []
    desk.actor = admin
    with pytest.raises(NotFound):
        desk.do(decide, item, InboxState.KEPT)


# --- the rules -----------------------------------------------------------------------------------

TEXTS = st.lists(
    st.sampled_from(["One. ", "Two! ", "Three? ", "\n", "Four, then. ", "No end"]), max_size=8
).map("".join)


@given(TEXTS, TEXTS)
def test_spans_tell_every_character_of_both_texts(kept: str, other: str) -> None:
    left, right = rules.compare(kept, other)
    assert "".join(span.text for span in left) == kept
    assert "".join(span.text for span in right) == other
    same = [span.text for span in left if not span.differs]
    assert same == [span.text for span in right if not span.differs] or "".join(same) == "".join(
        span.text for span in right if not span.differs
    )


@given(TEXTS, TEXTS, TEXTS)
def test_joining_never_loses_a_change_of_one_side(base: str, kept: str, other: str) -> None:
    assert rules.combined(base, kept, base) == kept
    assert rules.combined(base, base, other) == other
    joined = rules.combined(base, kept, other)
    assert joined == rules.combined(base, other, kept)


def test_changes_of_the_same_sentence_are_not_joined() -> None:
    assert rules.combined("One. Two.", "One. Two, mine.", "One. Two, yours.") is None
    assert rules.combined("One. ", "One. Mine. ", "One. Yours. ") is None


def test_changes_of_different_sentences_are_joined() -> None:
    assert rules.combined("One. Two. Three.", "1. Two. Three.", "One. Two. 3.") == "1. Two. 3."


def test_two_very_long_texts_are_compared_by_sentence_in_no_time() -> None:
    text = "She said that it was fine. " * 8_000
    left, right = rules.compare(text, f"{text}And left.")
    assert left == (Span(text, False),)
    assert right[-1] == Span("And left.", True)


def test_every_kind_has_its_question() -> None:
    assert set(rules.QUESTIONS) == set(InboxKind)
