"""What comes of two versions of a record, and of work that the account refused.

Source: the merge rules of sync. Whatever a person decides, both versions stay in the inbox.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import pairwise
from typing import Any


class InboxKind(StrEnum):
    """Why a person is asked."""

    TEXT = "TEXT"
    """Two drafts of a note, written without sight of each other."""
    LATE_REVISION = "LATE_REVISION"
    """Words written into a draft that had been signed on the other computer."""
    SECOND_SIGNATURE = "SECOND_SIGNATURE"
    """The same note signed on two computers with different words."""
    FIELDS = "FIELDS"
    """A consent, an emergency contact or a risk flag, set on both computers."""
    STATUS = "STATUS"
    """A session attended on one computer and canceled on the other."""
    DELETED = "DELETED"
    """A record changed on one computer and deleted on the other."""
    NUMBER = "NUMBER"
    """A second number for one paper, or one number that stands on two papers."""
    REFUSED = "REFUSED"
    """Work that the account did not take; ``reason`` says why."""


class InboxState(StrEnum):
    """Whether it was decided, and how."""

    OPEN = "OPEN"
    KEPT = "KEPT"
    """The version that the record holds stays."""
    REPLACED = "REPLACED"
    """The version set aside took its place."""
    BOTH = "BOTH"
    DISMISSED = "DISMISSED"


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to decide: what it makes of the item, and its words on the button."""

    state: InboxState
    words: str


@dataclass(frozen=True, slots=True)
class Question:
    """How a kind of item is put to a person.

    ``headline`` says what happened, ``says`` what became of it so far; ``choices`` stand in the
    order of their buttons, the last one being the first choice.
    """

    title: str
    headline: str
    says: str
    choices: tuple[Choice, ...]


_THIS = Choice(InboxState.KEPT, "Keep this one")
_THAT = Choice(InboxState.REPLACED, "Keep that one")
_AS_SIGNED = Choice(InboxState.KEPT, "Leave as signed")
_AMEND = Choice(InboxState.BOTH, "Make it an amendment")

QUESTIONS: dict[InboxKind, Question] = {
    InboxKind.TEXT: Question(
        "Two versions of a draft",
        "Two versions of one draft",
        "You wrote on two computers before they next met. Both texts are kept until you choose.",
        (_THIS, _THAT, Choice(InboxState.BOTH, "Keep both")),
    ),
    InboxKind.LATE_REVISION: Question(
        "Words after the signature",
        "Words written after the signature",
        "The note was signed on one computer while you wrote on the other. The signed text stays; "
        "what came after it can become an amendment.",
        (_AS_SIGNED, _AMEND),
    ),
    InboxKind.SECOND_SIGNATURE: Question(
        "Signed twice",
        "One note, signed twice",
        "You signed different words on two computers. The first signature stays; the second text "
        "can become an amendment.",
        (_AS_SIGNED, _AMEND),
    ),
    InboxKind.FIELDS: Question(
        "Two answers to one question",
        "Two answers to one question",
        "It was changed on two computers before they next met.",
        (_THIS, _THAT),
    ),
    InboxKind.STATUS: Question(
        "Attended and canceled",
        "Attended on one computer, canceled on the other",
        "The session counts as attended, since there is a note or a charge for it.",
        (_THAT, Choice(InboxState.KEPT, "Keep attended")),
    ),
    InboxKind.DELETED: Question(
        "Changed and deleted",
        "Changed on one computer, deleted on the other",
        "The record is kept until you choose.",
        (Choice(InboxState.REPLACED, "Delete it"), Choice(InboxState.KEPT, "Keep it")),
    ),
    InboxKind.NUMBER: Question(
        "A number given twice",
        "One number on two papers",
        "A computer that was set back gave a number without knowing of the first. Both papers "
        "stand as they were given out; {mend}, so that each number means one paper.",
        (Choice(InboxState.DISMISSED, "Put aside"),),
    ),
    InboxKind.REFUSED: Question(
        "Not taken by the account",
        "Work that the account did not take",
        "It is kept here and on this computer. Copy what you need, then put it aside.",
        (Choice(InboxState.DISMISSED, "Put aside"),),
    ),
}

#: How one of two papers with the same number is taken back.
_MENDS = {
    "invoice": "void one and issue it again",
    "superbill": "replace one, and the new paper gets a number of its own",
}
_SECOND_NUMBER = Question(
    "Two numbers for one paper",
    "Two numbers for one paper",
    "It was given a number on each computer. The earlier number stands. Whoever was handed the "
    "paper with the other one needs a new print.",
    (Choice(InboxState.DISMISSED, "Put aside"),),
)


def question(
    kind: InboxKind, entity: str, kept: Mapping[str, Any], other: Mapping[str, Any]
) -> Question:
    """Return how an item of ``kind`` about a record of ``entity`` is put to a person."""
    found = QUESTIONS[kind]
    if kind is not InboxKind.NUMBER:
        return found
    if kept.get("number") != other.get("number"):
        return _SECOND_NUMBER
    mend = _MENDS.get(entity, _MENDS["invoice"])
    return replace(found, says=found.says.format(mend=mend))


#: What a person reads for the reason of a refusal.
REASONS: dict[str, str] = {
    "server_owned": "Only the owner of the practice changes this.",
    "final": "The record was already signed or issued with other content.",
    "missing_parent": "The record that it belongs to never arrived.",
    "purged": "The record was destroyed for good.",
    "out_of_scope": "The case is not yours any more.",
    "too_large": "It is too large to be sent.",
    "malformed": "The account could not read it.",
}


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text, and whether the other version lacks it."""

    text: str
    differs: bool


Spans = tuple[Span, ...]

#: Beyond so many words two texts are compared by line, which takes no time.
_WORDS = 6_000
_TOKENS = re.compile(r"\s+|[^\s]+")
_SENTENCES = re.compile(r"[^.!?\n]+[.!?]*[ \t]*\n?|[.!?\n]+")


def compare(kept: str, other: str) -> tuple[Spans, Spans]:
    """Return both texts in spans, each marking what the other one does not have."""
    long = len(kept) + len(other) > _WORDS * 6
    pattern = _SENTENCES if long else _TOKENS
    ours, theirs = pattern.findall(kept), pattern.findall(other)
    left: list[Span] = []
    right: list[Span] = []
    at = 0
    for a, b, c, d in _changes(ours, theirs):
        for spans in (left, right):
            _add(spans, "".join(ours[at:a]), differs=False)
        _add(left, "".join(ours[a:b]), differs=True)
        _add(right, "".join(theirs[c:d]), differs=True)
        at = b
    for spans in (left, right):
        _add(spans, "".join(ours[at:]), differs=False)
    return tuple(left), tuple(right)


def _changes(ours: Sequence[str], theirs: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """Yield where the second differs from the first, as ``ours[a:b]`` and ``theirs[c:d]``.

    What both begin and end with is set apart first: the matcher's time grows with the square of
    what is often repeated in both, and two states of one text differ in few places.
    """
    most = min(len(ours), len(theirs))
    begin = next((n for n in range(most) if ours[n] != theirs[n]), most)
    most -= begin
    end = next((n for n in range(most) if ours[-1 - n] != theirs[-1 - n]), most)
    inner = ours[begin : len(ours) - end], theirs[begin : len(theirs) - end]
    for kind, a, b, c, d in SequenceMatcher(None, *inner, autojunk=False).get_opcodes():
        if kind != "equal":
            yield a + begin, b + begin, c + begin, d + begin


def _add(spans: list[Span], text: str, *, differs: bool) -> None:
    if not text:
        return
    if spans and spans[-1].differs == differs:
        text = spans.pop().text + text
    spans.append(Span(text, differs))


def combined(base: str, kept: str, other: str) -> str | None:
    """Return both changes of ``base`` in one text, or ``None`` where they overlap.

    It is only offered: clinical words are never joined without a person having read them.
    """
    if other in (kept, base):
        return kept
    if kept == base:
        return other
    source = _SENTENCES.findall(base)
    edits = sorted([*_edits(source, kept), *_edits(source, other)])
    if any(_meet(first, second) for first, second in pairwise(edits)):
        return None
    merged: list[str] = []
    at = 0
    for start, end, words in edits:
        merged += source[at:start] + list(words)
        at = max(at, end)
    return "".join(merged + source[at:])


def _edits(source: Sequence[str], text: str) -> list[tuple[int, int, tuple[str, ...]]]:
    changed = _SENTENCES.findall(text)
    return [(a, b, tuple(changed[c:d])) for a, b, c, d in _changes(source, changed)]


def _meet(
    first: tuple[int, int, tuple[str, ...]], second: tuple[int, int, tuple[str, ...]]
) -> bool:
    # Two additions at the same place overlap as well: their order would be a guess.
    return second[0] < first[1] or second[0] == first[0] or second[0] == first[1]


def combined_sections(
    base: Mapping[str, str], kept: Mapping[str, str], other: Mapping[str, str]
) -> dict[str, str] | None:
    """Return the sections of two drafts joined, or ``None`` where any of them overlaps."""
    joined: dict[str, str] = {}
    for key in {**kept, **other}:
        text = combined(base.get(key, ""), kept.get(key, ""), other.get(key, ""))
        if text is None:
            return None
        if text:
            joined[key] = text
    return joined


def one_below_the_other(
    kept: Mapping[str, str], other: Mapping[str, str], heading: str
) -> dict[str, str]:
    """Return every section with what the other version says below it under ``heading``."""
    both = dict(kept)
    for key, text in other.items():
        mine = both.get(key, "")
        if text.strip() and text.strip() not in mine:
            both[key] = f"{mine.rstrip()}\n\n{heading}\n{text}" if mine.strip() else text
    return both


def what_was_added(signed: Mapping[str, str], other: Mapping[str, str]) -> str:
    """Return the words of ``other`` that ``signed`` lacks, for an amendment."""
    added: list[str] = []
    for key, text in other.items():
        spans = compare(signed.get(key, ""), text)[1]
        words = " ".join(span.text.strip() for span in spans if span.differs and span.text.strip())
        if words:
            added.append(words)
    return "\n\n".join(added)
