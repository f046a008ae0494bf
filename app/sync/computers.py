"""The computers of the account: listed, and one taken off from another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from app.core.kernel.clock import wall_time
from app.core.kernel.computers import THIS_ONE, Computer
from app.core.kernel.errors import MachineError, UserError
from app.core.kernel.phrases import date_words
from app.sync.http import HttpTransport
from app.sync.transport import Declined, Trouble, Unreachable
from app.sync.wire import Malformed, Reader
from app.sync.words import SENTENCES, asked_once

R = TypeVar("R")

_PATH = "/v1/devices"
_MOST = 10_000
_GONE = "The account does not know that computer any more: look at the list again."


class AccountComputers:
    """Asks the account. Every call may wait for the network.

    Each raises ``UserError`` for what is refused, ``MachineError`` where the account cannot be
    asked.
    """

    def __init__(self, http: Callable[[], HttpTransport], zone: Callable[[], str]) -> None:
        self._http = http
        self._zone = zone

    def ask(self) -> tuple[Computer, ...]:
        """Return one's own computers, the first connected first; an owner's are everybody's."""
        return self._asked(lambda http: _listed(http.get(_PATH)))

    def take_off(self, computer_id: UUID) -> tuple[Computer, ...]:
        """Have the account refuse a computer from now on; return all as they are then.

        Also raises ``UserError`` for the computer at hand, and for one that was taken off before.
        """
        known = self.ask()
        found = next((each for each in known if each.id == computer_id), None)
        if found is None:
            raise UserError(_GONE)
        if found.is_this:
            raise UserError(THIS_ONE)
        if found.taken_off is not None:
            raise UserError(f"{found.name} was taken off already, on {self._day(found.taken_off)}.")
        if found.disconnected is not None:
            raise UserError(
                f"{found.name} was disconnected on {self._day(found.disconnected)}: the account "
                "answers it no more, and it keeps its copy."
            )
        path = f"{_PATH}/{computer_id.hex}/revoke"
        at = self._asked(lambda http: _moment(Reader.mapping(http.post(path, {})), "revoked_at"))
        # Not asked again: that it is off must be told even if the network goes just now.
        return tuple(replace(each, taken_off=at) if each is found else each for each in known)

    def _day(self, moment: datetime) -> str:
        return date_words(wall_time(moment, self._zone()).date())

    def _asked(self, ask: Callable[[HttpTransport], R]) -> R:
        try:
            return ask(self._http())
        except Malformed:
            raise MachineError(asked_once(Trouble.BROKEN)) from None
        except Unreachable as failed:
            raise MachineError(asked_once(failed.kind)) from None
        except Declined as declined:
            raise UserError(SENTENCES.get(declined.code, _GONE)) from None


def _listed(said: dict[str, Any]) -> tuple[Computer, ...]:
    items = Reader.mapping(said).items("devices", most=_MOST)
    return tuple(_computer(Reader.mapping(each)) for each in items)


def _computer(of: Reader) -> Computer:
    return Computer(
        of.uuid("id"),
        of.text("name"),
        of.text("system", otherwise=""),
        of.text("program"),
        None if of.value("member_id") is None else of.uuid("member_id"),
        _moment(of, "paired_at"),
        _moment(of, "seen_at"),
        None if of.value("revoked_at") is None else _moment(of, "revoked_at"),
        of.flag("handed_over"),
        of.flag("mine"),
        # An older server knows of none.
        None if of.value("disconnected_at") is None else _moment(of, "disconnected_at"),
    )


def _moment(of: Reader, name: str) -> datetime:
    try:
        moment = datetime.fromisoformat(of.text(name))
    except ValueError:
        raise Malformed(f"{name} is no moment") from None
    if moment.tzinfo is None:
        raise Malformed(f"{name} has no offset")
    return moment
