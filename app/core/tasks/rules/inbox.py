"""What comes of two versions of a record, and of work that the account refused."""

from __future__ import annotations

from enum import StrEnum


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
