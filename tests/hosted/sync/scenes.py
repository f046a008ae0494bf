"""Two computers that agree on a small practice, and what they then write at once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from tests.hosted.worlds import APPOINTMENT, CLIENT, MEMBER, NOTE, PRACTICE, Computer

Pair = tuple[Computer, Computer]


class Scene:
    """A practice with a member, a client and a case that both computers know."""

    def __init__(self, pair: Pair) -> None:
        self.office, self.laptop = pair
        self.member = self.office.add("member", MEMBER)
        self.office.add("practice", PRACTICE, self.office.caller.practice_id)
        self.client = self.office.add("client", CLIENT)
        self.case = self.office.add("care_case", {"kind": "INDIVIDUAL"})
        self.person = {"case_id": self.case.hex, "client_id": self.client.hex}
        self.agree()

    def agree(self) -> None:
        """Let both computers pull."""
        self.office.pull()
        self.laptop.pull()

    def note(self, **said: Any) -> UUID:
        """Make a note that both know."""
        pk = self.office.add(
            "note", {**NOTE, "case_id": self.case.hex, "author_id": self.member.hex, **said}
        )
        self.agree()
        return pk

    def appointment(self) -> UUID:
        """Make an appointment that both know."""
        pk = self.office.add("appointment", {**APPOINTMENT, "case_id": self.case.hex})
        self.agree()
        return pk

    def charge(self, appointment: UUID) -> dict[str, Any]:
        """Return the columns of a charge for an appointment."""
        return {
            **self.person,
            "appointment_id": appointment.hex,
            "kind": "SESSION",
            "held_on": "2026-11-19",
            "description": "Session",
            "amount": 15000,
            "usual_fee": 15000,
            "recorded_at": "2026-11-19T18:00:00+00:00",
        }

    def item(self) -> dict[str, Any]:
        """Return the only item of the inbox, which both computers have."""
        self.agree()
        (item,) = self.laptop.inbox()
        assert self.office.inbox() == [item]
        return item

    def both(self, entity: str, pk: UUID) -> dict[str, Any]:
        """Return a row on which both computers and the server agree."""
        self.agree()
        row = self.office.row(entity, pk)
        assert row == self.laptop.row(entity, pk)
        kept = {(each.entity, each.pk): each.columns for each in self.office.snapshot()}
        assert {name: kept[entity, pk][name] for name in row} == row
        return row


def draft(text: str, revision: int = 1) -> dict[str, Any]:
    """Return the columns of a draft."""
    return {"sections": {"plan": text}, "format": "SOAP", "revision": revision}


def signed(text: str) -> dict[str, Any]:
    """Return the columns that a signature sends."""
    return {
        **draft(text),
        "status": "SIGNED",
        "held_on": "2026-11-19",
        "signed_at": "2026-11-19T19:00:00+00:00",
        "signed_by": None,
        "signed_name": "Dana Whitfield, LMFT",
        "signed_hash": f"hash of {text}",
    }
