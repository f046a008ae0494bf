"""Somebody joins a practice by the link of a letter.

Whoever is new gets a login first, under the address that the letter went to. The membership opens
once the second factor was given: every role sees clients.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.core.kernel.clock import unix_ms
from app.core.kernel.entitlement import SEAT_OF
from app.core.kernel.errors import UserError
from app.core.kernel.ids import new_id
from app.core.kernel.text import clean_line, read_full_name
from app.core.team.rules import MemberStatus
from app.core.team.tables import Member
from hosted.account import content as account_content
from hosted.account.commands.means import Refused
from hosted.account.commands.sign_up import AlreadyThere
from hosted.account.content import Agreement
from hosted.account.queries import Visitor
from hosted.account.rules.passwords import check_password
from hosted.account.rules.secrets import address_hash, hashed
from hosted.account.rules.sign_up import Mistakes
from hosted.account.tables import Acceptance, Login, Membership
from hosted.membership.locking import locked
from hosted.post import queue
from hosted.store.engine import For, HostedSession
from hosted.sync.serving import Written
from hosted.team import content, queries
from hosted.team.commands.means import Means
from hosted.team.queries import Invited
from hosted.team.tables import Invitation, ReservedSeats

_NAME = 100


class OtherPerson(Exception):
    """Whoever is signed in is not who was invited."""


def invited(means: Means, secret: str) -> Invited:
    """Return what a link opens; raises ``Refused``. Looking at it changes nothing."""
    found = queries.invited(means.database, secret, means.now())
    if found is None:
        raise Refused
    return found


def joined(means: Means, who: Visitor, secret: str) -> Invited | None:
    """Return the invitation by which whoever is signed in has joined already, else ``None``."""
    return queries.joined(means.database, secret, who.login_id)


def has_login(means: Means, of: Invited) -> bool:
    """Return whether who was invited has a login already."""
    return queries.login_with(means.database, of.address_hash) is not None


def begin(means: Means, secret: str, name: str, password: str) -> Invited:
    """Make the login of somebody new; the invitation stays open until the second factor is there.

    Raises ``Refused``, ``AlreadyThere``, and ``Mistakes`` with a sentence for each field.
    """
    of = invited(means, secret)
    called = _checked(name, password, of)
    kept, now = means.account.hashing.hash(password), means.now()
    login_id = new_id(unix_ms(now))
    try:
        with means.database.write(For(token=hashed(secret), login=login_id)) as session:
            session.add(
                Login(
                    id=login_id,
                    address=of.address,
                    address_hash=of.address_hash,
                    name=called,
                    password=kept,
                    password_at=now,
                    made_at=now,
                )
            )
    except IntegrityError:
        raise AlreadyThere from None
    return of


def join(means: Means, who: Visitor, secret: str, agreement: str) -> None:
    """Make whoever is signed in a member; the seat of the invitation is theirs now.

    ``agreement`` is the hash of the text that was accepted, as it stood on the page. Raises
    ``Refused``, ``OtherPerson``, and ``Mistakes`` when it is not today's text.
    """
    of = invited(means, secret)
    if not who.proved:
        raise Refused
    if address_hash(who.address) != of.address_hash:
        raise OtherPerson
    text = account_content.agreements()[-1]
    if agreement != text.hash.hex():
        raise Mistakes({"agree": "Read the agreement, then check the box to accept it."})
    owners = _owners(means, of.account_id)
    whose = For(of.practice_id, token=hashed(secret), login=who.login_id, account=of.account_id)
    head = 0
    with means.database.write(whose) as session:
        locked(session, of.account_id)
        # Who waited for the lock may have waited past the end.
        now = means.now()
        invitation = _still_open(session, of, secret, now)
        member = _member(session, of, who, now)
        invitation.accepted_at, invitation.ends_at = now, None
        invitation.login_id, invitation.member_id = who.login_id, member.pk
        if invitation.from_reserve:
            _take_from_reserve(session, of)
        session.add(
            Membership(
                account_id=of.account_id,
                login_id=who.login_id,
                role=of.role,
                member_id=member.pk,
                made_at=now,
            )
        )
        session.merge(_acceptance(of, who, text, now))
        for owner in owners:
            letter = content.accepted_letter(owner, of.role)
            queue.leave(session, means.account.seal, letter, now)
        session.flush()
        if of.practice_id is not None:
            head = means.author.write(session, [member], now)
    if of.practice_id is not None:
        means.told(of.practice_id, head)


def _checked(name: str, password: str, of: Invited) -> str:
    """Return the name as it is kept; raises ``Mistakes``."""
    sentences: dict[str, str] = {}
    called = ""
    try:
        called = clean_line(name, field="name", limit=_NAME)
        if not called:
            sentences["name"] = "Say your name."
    except UserError as error:
        sentences["name"] = error.sentence
    try:
        check_password(password, (called, of.address, of.practice))
    except UserError as error:
        sentences["password"] = error.sentence
    if sentences:
        raise Mistakes(sentences)
    return called


def _owners(means: Means, account_id: UUID) -> list[str]:
    with means.database.read(For(account=account_id)) as session:
        found = [each.login_id for each in queries.owners(session, account_id)]
    addresses = [queries.address_of(means.database, each) for each in found]
    return [each for each in addresses if each is not None]


def _still_open(session: HostedSession, of: Invited, secret: str, now: datetime) -> Invitation:
    """Return the invitation as it stands under the lock; raises ``Refused``."""
    found = session.get(Invitation, of.id)
    if found is None or found.token_hash != hashed(secret) or not found.stands_at(now):
        raise Refused
    return found


def _take_from_reserve(session: HostedSession, of: Invited) -> None:
    """Hold one seat fewer in reserve: of the role itself, else of another on the same kind."""
    rows = session.scalars(
        select(ReservedSeats).where(
            ReservedSeats.account_id == of.account_id, ReservedSeats.count > 0
        )
    )
    held = {each.role: each for each in rows if SEAT_OF[each.role] is SEAT_OF[of.role]}
    row = held.get(of.role) or next(iter(held.values()))
    row.count -= 1


def _member(session: HostedSession, of: Invited, who: Visitor, now: datetime) -> Written:
    """Return the member for the practice's records: the one of before for who comes back."""
    said = {"role": of.role.value, "status": MemberStatus.ACTIVE.value, "email": who.address}
    before = session.scalars(
        select(Invitation.member_id)
        .where(
            Invitation.account_id == of.account_id,
            Invitation.login_id == who.login_id,
            Invitation.member_id.is_not(None),
        )
        .order_by(Invitation.accepted_at.desc())
    ).first()
    if before is not None and session.get(Member, (of.practice_id, before)) is not None:
        return Written("member", before, said)
    name = read_full_name(who.name).name
    given = f"{name.given} {name.middle}".strip() or who.name
    return Written("member", new_id(unix_ms(now)), {"given": given, "family": name.family, **said})


def _acceptance(of: Invited, who: Visitor, text: Agreement, now: datetime) -> Acceptance:
    return Acceptance(
        account_id=of.account_id,
        login_id=who.login_id,
        text=text.version,
        text_hash=text.hash,
        name=who.name,
        accepted_at=now,
    )
