"""The computers of an account as a person sees them, and what becomes of one that is taken off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Computer:
    """One computer that is, or was, connected to the account.

    ``system`` is empty until a program has said it. Once it was ``taken_off``, ``handed_over``
    says whether it left what it had not sent yet. One that its person ``disconnected`` keeps its
    copy of the practice, and speaks with the account no more.
    """

    id: UUID
    name: str
    system: str
    program: str
    member_id: UUID | None
    connected: datetime
    seen: datetime
    taken_off: datetime | None = None
    handed_over: bool = False
    is_this: bool = False
    disconnected: datetime | None = None

    @property
    def in_use(self) -> bool:
        """Whether the account answers it."""
        return self.taken_off is None and self.disconnected is None


def before_taking_off(name: str) -> str:
    """Return what will happen, for whoever is about to take a computer off."""
    return (
        f"The account refuses {name} from now on. When it next meets the account, it hands over "
        "what it has not sent, which is kept for the practice’s owner, and removes its copy of the "
        "practice. Nothing that it has sent is lost."
    )


def after_taking_off(name: str) -> str:
    """Return what was done, and what is still to come."""
    return (
        f"{name} is off the account. When it next meets the account, it hands over what it has not "
        "sent, and removes its copy."
    )


#: For a computer that somebody else may hold by now.
UNTIL_THEN = (
    "Until then its copy stays on it, encrypted: it opens only with its passphrase or recovery key."
)
THIS_ONE = (
    "This is the computer at hand: to part it from the account, choose Disconnect under "
    "Settings, Sync."
)


def after_disconnecting(*, told: bool) -> str:
    """Return how this computer and the account stand now that it is disconnected."""
    if told:
        return (
            "Disconnected. Everything stays on this computer. The account answers it no more, and "
            "lists it as disconnected."
        )
    return (
        "Disconnected. Everything stays on this computer. The account could not be told: it lists "
        "this computer until you connect it again, or take it off on another computer or on the "
        "account’s page."
    )
