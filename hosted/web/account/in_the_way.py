"""What stands in the way of a plan, as its page says it: a sentence, names, and where they are."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.membership.rules.moves import Blocker, LinkTo

#: More names than that are counted, so that the other plans stay in sight.
_MOST_NAMES = 5
#: What the account has a place for, on a page of its own.
_PLACES = {LinkTo.DEVICE: "/account#computers"}
_TEAM = "Your team is in PracticeRunner on your computer, under Settings, Team."
#: Where to mend what the account has no page for.
_IN_THE_PROGRAM = {
    LinkTo.NOTE: "Notes are opened in PracticeRunner on your computer.",
    LinkTo.ACTIVE_CLIENTS: "Clients are opened in PracticeRunner on your computer.",
    LinkTo.PAYMENT: "Payments are opened in PracticeRunner on your computer.",
    LinkTo.MEMBER: _TEAM,
    LinkTo.INVITATION: _TEAM,
    LinkTo.RESERVED_SEAT: _TEAM,
}
#: Of these the sentence says how many; who has a seat it names itself.
_LISTED = frozenset({LinkTo.NOTE, LinkTo.DEVICE, LinkTo.PAYMENT})


@dataclass(frozen=True, slots=True)
class InTheWay:
    """One thing that stands in the way of a plan.

    ``more`` counts what is not among ``names``; ``href`` is empty where the account has no place.
    """

    words: str
    names: tuple[str, ...]
    more: int
    href: str


def in_the_way(blocker: Blocker) -> InTheWay:
    """Return a blocker as the page says it; its first link tells of what kind it is."""
    kind = blocker.links[0].to if blocker.links else None
    names = [link.words for link in blocker.links if link.to in _LISTED]
    where = "" if kind is None else _IN_THE_PROGRAM.get(kind, "")
    return InTheWay(
        f"{blocker.words} {where}".strip(),
        tuple(names[:_MOST_NAMES]),
        max(0, len(names) - _MOST_NAMES),
        "" if kind is None else _PLACES.get(kind, ""),
    )
