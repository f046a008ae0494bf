"""Notes: sections and formats, what is stored, who signs what."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.clinical.rules import notes
from app.core.clinical.rules.notes import NoteFormat, NoteKind, NoteStatus, Revision, SectionText
from app.core.kernel.acting import Role, member_actor, system_actor
from app.core.kernel.errors import ChangedSince, NotAllowed, UserError

PRACTICE, MEMBER, OTHER = uuid4(), uuid4(), uuid4()
DAY = date(2026, 11, 19)

REVISION = Revision(
    note_id=UUID(int=1),
    case_id=UUID(int=2),
    appointment_id=None,
    client_id=None,
    author_id=MEMBER,
    kind=NoteKind.PROGRESS,
    format=NoteFormat.SOAP,
    held_on=DAY,
    revision=3,
    sections=(SectionText("plan", "Keep the worry period at 6 PM."),),
)


def titles(format_: NoteFormat, texts: dict[str, str]) -> list[str]:
    return [section.title for section in notes.sections_shown(format_, texts)]


def test_words_on_screen() -> None:
    assert [kind.label for kind in NoteKind] == ["Progress note", "Contact note"]
    assert [each.label for each in NoteFormat] == ["SOAP", "DAP", "BIRP", "Plain"]
    assert [status.label for status in NoteStatus] == ["Draft", "Signed"]


def test_formats_show_their_sections() -> None:
    assert titles(NoteFormat.SOAP, {}) == ["Subjective", "Objective", "Assessment", "Plan"]
    assert titles(NoteFormat.DAP, {}) == ["Data", "Assessment", "Plan"]
    assert titles(NoteFormat.BIRP, {}) == ["Behavior", "Intervention", "Response", "Plan"]
    assert titles(NoteFormat.PLAIN, {}) == ["Note"]


def test_a_change_of_format_keeps_every_text_in_sight() -> None:
    texts = {"subjective": "Slept well.", "objective": "  ", "plan": "Weekly."}
    assert titles(NoteFormat.DAP, texts) == ["Subjective", "Data", "Assessment", "Plan"]
    assert titles(NoteFormat.PLAIN, texts) == ["Note", "Subjective", "Plan"]


@given(
    st.sampled_from(NoteFormat),
    st.sampled_from(NoteFormat),
    st.dictionaries(st.sampled_from([s.key for s in notes.SECTIONS]), st.text(min_size=1)),
)
def test_no_change_of_format_hides_a_text(
    first: NoteFormat, second: NoteFormat, texts: dict[str, str]
) -> None:
    stored = notes.check_texts(texts)
    for format_ in (first, second, first):
        shown = {section.key for section in notes.sections_shown(format_, stored)}
        assert shown >= set(stored) | set(notes.section_keys(format_))


def test_texts_are_stored_cleaned_in_order_without_empty_ones() -> None:
    stored = notes.check_texts(
        {"plan": " Weekly.\r\nHomework.\x00 ", "subjective": "\t", "objective": "قلق 😀"}
    )
    assert list(stored.items()) == [("objective", "قلق 😀"), ("plan", "Weekly.\nHomework.")]


def test_a_note_has_no_other_sections() -> None:
    with pytest.raises(UserError, match="no section mood") as refused:
        notes.check_texts({"mood": "fine"})
    assert refused.value.field == "mood"


def test_fifty_thousand_words_fit_and_too_much_names_its_section() -> None:
    assert notes.words_in(notes.check_texts({"text": "session " * 50_000})) == 50_000
    with pytest.raises(UserError) as refused:
        notes.check_texts({"plan": "x" * (notes.SECTION_LIMIT + 1)})
    assert refused.value.field == "plan"


def test_bringing_forward_adds_below_and_only_once() -> None:
    assert notes.brought_forward("  ", "Keep the worry period.") == "Keep the worry period."
    once = notes.brought_forward("New homework.\n", "Keep the worry period.")
    assert once == "New homework.\n\nKeep the worry period."
    assert notes.brought_forward(once, "Keep the worry period.") == once


def test_a_new_note_opens_in_the_format_of_the_last() -> None:
    assert notes.opening_format(None, "DAP") is NoteFormat.DAP
    assert notes.opening_format(NoteFormat.BIRP, "DAP") is NoteFormat.BIRP


def test_the_hash_names_exactly_what_was_seen() -> None:
    assert len(REVISION.hash) == 64
    assert replace(REVISION).hash == REVISION.hash
    changes = (
        {"revision": 4},
        {"sections": ()},
        {"held_on": date(2026, 11, 18)},
        {"author_id": OTHER},
        {"format": NoteFormat.DAP},
    )
    assert len({REVISION.hash, *(replace(REVISION, **change).hash for change in changes)}) == 6


def test_the_hash_is_the_same_in_every_version_of_the_program() -> None:
    fixed = replace(REVISION, author_id=UUID(int=3))
    assert fixed.hash == "adc1dfb1d778367ef30b5861c1e171296dd1f25b0c2e75213166fc4c12aa31dc"


def test_an_amendment_is_chained_to_what_it_follows() -> None:
    first = notes.AmendmentText(
        UUID(int=1), MEMBER, datetime(2026, 11, 20, tzinfo=UTC), "It was Monday.", "a"
    )
    assert first.hash != replace(first, follows="b").hash


def test_signed_sections_stand_in_the_order_of_the_page() -> None:
    sections = notes.signed_sections({"plan": "Weekly.", "subjective": "Slept.", "objective": ""})
    assert [section.key for section in sections] == ["subjective", "plan"]


def test_only_a_member_acting_for_themself_writes() -> None:
    actor = member_actor(PRACTICE, MEMBER, Role.OWNER)
    assert notes.author_of(actor) == MEMBER
    assert notes.author_of(replace(actor, for_member_id=MEMBER)) == MEMBER
    with pytest.raises(NotAllowed, match="only by their author"):
        notes.author_of(replace(actor, for_member_id=OTHER))
    with pytest.raises(NotAllowed, match="Sign in"):
        notes.author_of(system_actor(PRACTICE))


def test_only_a_draft_of_ones_own_changes() -> None:
    notes.require_draft(NoteStatus.DRAFT)
    notes.require_author(MEMBER, MEMBER)
    with pytest.raises(UserError, match="signed and locked"):
        notes.require_draft(NoteStatus.SIGNED)
    notes.require_signed(NoteStatus.SIGNED)
    with pytest.raises(UserError, match="still a draft"):
        notes.require_signed(NoteStatus.DRAFT)
    with pytest.raises(NotAllowed):
        notes.require_author(MEMBER, OTHER)


def test_signing_asks_for_the_text_that_was_seen() -> None:
    notes.require_signable(REVISION, REVISION.hash, DAY)
    with pytest.raises(ChangedSince):
        notes.require_signable(REVISION, "0" * 64, DAY)


def test_an_empty_note_and_one_of_tomorrow_are_not_signed() -> None:
    empty = replace(REVISION, sections=())
    with pytest.raises(UserError, match="Write the note") as refused:
        notes.require_signable(empty, empty.hash, DAY)
    assert refused.value.field == "subjective"
    with pytest.raises(UserError, match="still ahead"):
        notes.require_signable(REVISION, REVISION.hash, date(2026, 11, 18))


def test_the_plan_is_what_a_note_says_of_the_time_ahead() -> None:
    assert notes.plan_text({"plan": "Weekly.", "text": "All."}) == "Weekly."
    assert notes.plan_text({"text": "All."}) == "All."
    assert notes.plan_text({"subjective": "Slept."}) == ""


def test_lists_show_the_beginning_of_a_note() -> None:
    assert (
        notes.opening_words({"plan": "Weekly.", "subjective": "Slept\nwell."})
        == "Slept well. Weekly."
    )
    assert notes.opening_words({"text": "word " * 50_000}, 12) == "word word w…"
