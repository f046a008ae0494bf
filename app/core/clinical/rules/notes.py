"""Notes: their kinds, formats and sections, and who may write, sign and amend them.

A note is DRAFT, then SIGNED and locked; what comes later is an amendment beside the original.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from app.core.kernel.acting import Actor
from app.core.kernel.canonical import sha256_hex, to_canonical
from app.core.kernel.errors import ChangedSince, NotAllowed, UserError
from app.core.kernel.text import clean_text, elide

#: Characters of one section: some 80,000 words, so that a pasted report of 50,000 fits.
SECTION_LIMIT = 500_000

#: What the page says next to the button.
SIGNING_SENTENCE = "Signing locks this text. Later changes are amendments."


class NoteKind(StrEnum):
    """What a note is about."""

    PROGRESS = "PROGRESS"
    CONTACT = "CONTACT"

    @property
    def label(self) -> str:
        """Return the words that screens use."""
        return {"PROGRESS": "Progress note", "CONTACT": "Contact note"}[self.value]


class NoteFormat(StrEnum):
    """Which sections a note has."""

    SOAP = "SOAP"
    DAP = "DAP"
    BIRP = "BIRP"
    PLAIN = "PLAIN"

    @property
    def label(self) -> str:
        """Return the words that screens use."""
        return "Plain" if self is NoteFormat.PLAIN else self.value


class NoteStatus(StrEnum):
    """Where a note stands."""

    DRAFT = "DRAFT"
    SIGNED = "SIGNED"

    @property
    def label(self) -> str:
        """Return the word that screens use."""
        return self.value.capitalize()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a note: the key it is stored by, its title, and what belongs there."""

    key: str
    title: str
    hint: str


#: Every section of every format, in the order in which a note shows them.
SECTIONS = (
    Section("text", "Note", "What happened, what it means and what comes next."),
    Section("subjective", "Subjective", "What the client reports, in their words."),
    Section("objective", "Objective", "What you observe: appearance, affect, speech, measures."),
    Section("data", "Data", "What the client reports and what you observe."),
    Section("behavior", "Behavior", "What the client reports and shows."),
    Section("intervention", "Intervention", "What you did: methods, focus, questions."),
    Section("response", "Response", "How the client took it, and progress toward goals."),
    Section("assessment", "Assessment", "How you understand it: progress, risk, diagnosis."),
    Section("plan", "Plan", "What happens next: homework, frequency, referrals, next session."),
)
PLAN = "plan"

_ORDER = tuple(section.key for section in SECTIONS)
_KEYS: dict[NoteFormat, tuple[str, ...]] = {
    NoteFormat.SOAP: ("subjective", "objective", "assessment", "plan"),
    NoteFormat.DAP: ("data", "assessment", "plan"),
    NoteFormat.BIRP: ("behavior", "intervention", "response", "plan"),
    NoteFormat.PLAIN: ("text",),
}

Texts = Mapping[str, str]
"""Section key to text."""


def section_keys(format_: NoteFormat) -> tuple[str, ...]:
    """Return the keys of a format's own sections, in order."""
    return _KEYS[format_]


def sections_shown(format_: NoteFormat, texts: Texts) -> tuple[Section, ...]:
    """Return the sections to show: the format's own, and every other one that has text.

    So a change of format loses nothing, and changing back finds everything in its place.
    """
    own = _KEYS[format_]
    return tuple(
        section for section in SECTIONS if section.key in own or texts.get(section.key, "").strip()
    )


def check_texts(texts: Texts) -> dict[str, str]:
    """Return the sections as stored: cleaned, empty ones left out, in their order.

    Raises ``UserError`` naming the section that is longer than ``SECTION_LIMIT``.
    """
    unknown = set(texts) - set(_ORDER)
    if unknown:
        raise UserError(f"A note has no section {min(unknown)}.", field=min(unknown))
    cleaned = {
        key: clean_text(texts[key], field=key, limit=SECTION_LIMIT)
        for key in _ORDER
        if key in texts
    }
    return {key: text for key, text in cleaned.items() if text}


def words_in(texts: Texts) -> int:
    """Return the number of words of a note."""
    return sum(len(text.split()) for text in texts.values())


def brought_forward(text: str, addition: str) -> str:
    """Return a section's ``text`` with ``addition`` from the last note below it, once."""
    if not text.strip():
        return addition
    if addition.strip() in text:
        return text
    return f"{text.rstrip()}\n\n{addition}"


def opening_format(last: NoteFormat | None, chosen: str) -> NoteFormat:
    """Return the format of a new note: that of the case's last one, else the setting's."""
    return last or NoteFormat(chosen)


@dataclass(frozen=True, slots=True)
class SectionText:
    """One section as signed."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Revision:
    """All that a signature covers; its hash names exactly what the signer saw."""

    note_id: UUID
    case_id: UUID
    appointment_id: UUID | None
    client_id: UUID | None
    author_id: UUID
    kind: NoteKind
    format: NoteFormat
    held_on: date
    revision: int
    sections: tuple[SectionText, ...]

    @property
    def hash(self) -> str:
        """Return the SHA-256 of the canonical JSON, in hex."""
        return sha256_hex(to_canonical(self))


def signed_sections(texts: Texts) -> tuple[SectionText, ...]:
    """Return the sections that have text, in the order of the page."""
    return tuple(SectionText(key, texts[key]) for key in _ORDER if texts.get(key))


@dataclass(frozen=True, slots=True)
class AmendmentText:
    """What the hash of an amendment covers: its words, and the note or amendment it follows."""

    note_id: UUID
    author_id: UUID
    written_at: datetime
    text: str
    follows: str

    @property
    def hash(self) -> str:
        """Return the SHA-256 of the canonical JSON, in hex."""
        return sha256_hex(to_canonical(self))


def author_of(actor: Actor) -> UUID:
    """Return the member who writes or signs.

    Raises ``NotAllowed`` when nobody is signed in, or while acting as another member: an acting
    admin never writes or signs a note.
    """
    if actor.member_id is None:
        raise NotAllowed("Sign in as a member of the practice to write notes.")
    if actor.for_member_id not in (None, actor.member_id):
        raise NotAllowed(
            "Notes are written and signed only by their author: stop acting as someone else."
        )
    return actor.member_id


def require_draft(status: NoteStatus) -> None:
    """Raise ``UserError`` for a note that is signed."""
    if status is not NoteStatus.DRAFT:
        raise UserError("This note is signed and locked: add an amendment below it.")


def require_signed(status: NoteStatus) -> None:
    """Raise ``UserError`` for a draft, which is changed instead of amended."""
    if status is not NoteStatus.SIGNED:
        raise UserError("This note is still a draft: change the draft itself.")


def require_author(author_id: UUID, member_id: UUID) -> None:
    """Raise ``NotAllowed`` unless the member wrote the note."""
    if author_id != member_id:
        raise NotAllowed("Only its author can change or sign this note.")


def require_signable(revision: Revision, seen_hash: str, today: date) -> None:
    """Raise unless the draft can be signed as the person saw it.

    ``UserError`` for an empty note and for one of a day still ahead, ``ChangedSince`` when the
    text is no longer the one whose hash is ``seen_hash``.
    """
    if not revision.sections:
        raise UserError(
            "Write the note before you sign it.", field=section_keys(revision.format)[0]
        )
    if revision.held_on > today:
        raise UserError("This session is still ahead: sign its note once it has been held.")
    if revision.hash != seen_hash:
        raise ChangedSince("This note changed after you read it: read it again, then sign.")


def plan_text(texts: Texts) -> str:
    """Return what a note says of the time ahead: its plan, else the plain text."""
    return texts.get(PLAN) or texts.get("text") or ""


def opening_words(texts: Texts, length: int = 160) -> str:
    """Return the beginning of a note in one line, for lists; at most ``length`` characters."""
    in_order = (section.text for section in signed_sections(texts))
    return elide(" ".join(_first_words(in_order, length)), length)


def _first_words(texts: Iterable[str], length: int) -> list[str]:
    # A note of 50,000 words is split no further than a list can show.
    return [word for text in texts for word in text[: length * 2].split()]
