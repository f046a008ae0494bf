"""The computers of an account that answers about them as a test tells it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from app.core.kernel.computers import Computer
from tests.support.clock import THE_MOMENT
from tests.ui.settings.accounts import Account

DAY = timedelta(days=1)
OFFICE, LAPTOP, PRO, OLD, LONG = (UUID(int=number) for number in range(11, 16))


def computer(
    number: UUID, name: str, system: str, member: UUID | None = None, **more: object
) -> Computer:
    """Return a computer that was connected in spring and is here now."""
    made = Computer(number, name, system, "0.1.0", member, THE_MOMENT - 200 * DAY, THE_MOMENT)
    return replace(made, **more)  # type: ignore[arg-type]


def two(owner: UUID | None) -> tuple[Computer, ...]:
    """Return the owner's two computers, sitting in the office."""
    return (
        computer(OFFICE, "Office iMac", "macOS 15.1", owner, is_this=True),
        computer(LAPTOP, "MacBook Air", "macOS 15.1", owner, seen=THE_MOMENT - DAY),
    )


def full(owner: UUID | None, other: UUID | None) -> tuple[Computer, ...]:
    """Return eight computers of several members, with long and Arabic names, and four gone."""
    longest = "Wolfeschlegelsteinhausenbergerdorff-Papadimitropoulos"
    long = "The computer in the consulting room on the second floor, beside the window"
    seen = THE_MOMENT - 3 * DAY
    gone = THE_MOMENT - 30 * DAY
    return (
        *two(owner),
        computer(UUID(int=21), "عيادة الطابق الثاني", "Windows 11", other, seen=seen),
        computer(LONG, long, "Windows 10", other, seen=THE_MOMENT - 400 * DAY),
        computer(UUID(int=23), "MacBook Pro", "macOS 14.7.1", other, seen=seen),
        computer(UUID(int=24), "Front desk", "", other, seen=seen),
        computer(UUID(int=25), longest, "Ubuntu 24.04", UUID(int=99), seen=seen),
        computer(UUID(int=26), "Home", "Debian GNU/Linux 13", owner, seen=THE_MOMENT - 4 * DAY),
        computer(OLD, "Old laptop", "Windows 10", owner, taken_off=gone, handed_over=True),
        computer(PRO, long, "macOS 13", other, taken_off=THE_MOMENT - DAY, seen=seen),
        computer(UUID(int=27), "Kitchen", "Windows 11", owner, disconnected=gone),
        computer(UUID(int=28), longest, "Windows 11", other, disconnected=THE_MOMENT - 2 * DAY),
    )  # fmt: skip


@dataclass
class Computers:
    """What the account knows; ``trouble`` is what it answers instead."""

    known: tuple[Computer, ...]
    trouble: Exception | None = None
    did: list[str] = field(default_factory=list)
    at: datetime = THE_MOMENT

    def ask(self) -> tuple[Computer, ...]:
        return self._answer("ask")

    def take_off(self, computer_id: UUID) -> tuple[Computer, ...]:
        self._answer(f"take off {computer_id.int}")
        self.known = tuple(
            replace(each, taken_off=self.at) if each.id == computer_id else each
            for each in self.known
        )
        return self.known

    def _answer(self, what: str) -> tuple[Computer, ...]:
        self.did.append(what)
        if self.trouble is not None:
            raise self.trouble
        return self.known


@dataclass
class AccountOf(Account):
    """An account whose computers are asked about."""

    computers: Computers = field(default_factory=lambda: Computers(two(None)))
    codes: list[str] = field(default_factory=lambda: ["K7QP3M9X"])

    def code(self) -> str:
        return self.codes.pop()
