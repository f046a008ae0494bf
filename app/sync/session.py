"""What the engine knows since it greeted its account; gone with the program."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.sync.guard import Removal
from app.sync.protocol.messages import Welcome
from app.sync.transport import Trouble

#: What moved is compared again at rest after so long. The account hashes some 50,000 rows in a
#: second, the rows of a practice of ten years: an hour costs it a second for each such computer.
COMPARE_AGAIN_AFTER = timedelta(hours=1)
#: A comparison at rest that gave way to work is begun again after so long.
AFTER_A_MOVE = timedelta(minutes=1)


@dataclass(slots=True)
class Session:
    """One run of the engine."""

    welcome: Welcome | None = None
    trouble: Trouble | None = None
    troubled_since: datetime | None = None
    removal: Removal | None = None
    head: int = 0
    pull: bool = True
    sent_last: bool = False
    leases: bool = True
    check: bool = True
    at_rest: bool = False
    """Nobody asked for the comparison that is due: it gives way to work."""
    compare_from: datetime | None = None
    """When the next one at rest is due; ``None`` until the first has come to its end."""
    starts: int = 0
    refused: bool = False
    """The account refused this computer, or its program, since the program began."""
    handed_over: bool = False
    leaving: bool = False
    """The account took this computer off and has its unsent work: the copy shall go."""
    not_taken: bool = False
    """The account took this computer off and has had the last of it: a copy from before stays."""
    refill: int | None = None
    """The new version of the member's scope while a snapshot brings what came into view."""
    last_trouble: Trouble | None = None
    greeted: datetime | None = None
    """When the account was asked last for what it says at a greeting, the plan among it."""
    begun_with: int = 0
    """Change sets that waited when the present sending began; 0 when nothing waits."""

    def ask_to_compare(self) -> None:
        """Compare everything at the next quiet moment; until then it is not known to agree."""
        self.check, self.at_rest = True, False

    def compare_at_rest(self, now: datetime) -> bool:
        """Begin a comparison that nobody asked for, where it is time; return whether it is."""
        due = self.compare_from is not None and now >= self.compare_from
        if due and not self.check and self.removal is None:
            self.check = self.at_rest = True
            return True
        return False

    def compared(self, now: datetime) -> None:
        """Note that a comparison came to its end."""
        self.check = self.at_rest = False
        self.compare_from = now + COMPARE_AGAIN_AFTER

    def moved(self, now: datetime, *, found: bool) -> None:
        """Compare anew what moved meanwhile; one at rest that has ``found`` nothing gives way."""
        self.pull = True
        if self.at_rest and not found:
            self.check = self.at_rest = False
            self.compare_from = now + AFTER_A_MOVE
        else:
            self.ask_to_compare()
