"""A member is told of a computer that a one-time code connected, as of every other one."""

from __future__ import annotations

from uuid import UUID

from hosted.account import content
from hosted.membership.granting import account_of
from hosted.post import queue
from hosted.store.engine import For
from hosted.team import queries
from hosted.team.commands.means import Means

_IN_THE_PROGRAM = "In PracticeRunner on your computer, under Settings, Computers."


def tell_of_computer(means: Means, practice_id: UUID, member_id: UUID, site: str) -> None:
    """Leave a letter for the member, if the practice has an account.

    ``site`` is empty where the server does not know its own address.
    """
    with means.database.read(For(practice_id)) as session:
        account = account_of(session, practice_id)
    if account is None:
        return
    with means.database.read(For(practice_id, account=account.id)) as session:
        place = queries.member_of(session, account.id, member_id)
    if place is None:
        return
    address = queries.address_of(means.database, place.login_id)
    if address is None:
        return
    where = f"{site}/account#computers" if site else _IN_THE_PROGRAM
    with means.database.write(For()) as session:
        letter = content.computer_letter(address, where)
        queue.leave(session, means.account.seal, letter, means.now())
