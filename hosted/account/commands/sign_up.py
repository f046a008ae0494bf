"""A practice signs up: kept aside until the e-mail address is confirmed, then begun."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.core.kernel.acting import Role
from app.core.kernel.clock import unix_ms
from app.core.kernel.ids import new_id
from hosted.account import content
from hosted.account.commands.means import Means, Refused
from hosted.account.queries import is_taken
from hosted.account.rules.lasting import SIGN_UP_LASTS
from hosted.account.rules.secrets import address_hash, hashed, is_plausible, new_secret
from hosted.account.rules.sign_up import Mistakes, SignUpFields
from hosted.account.tables import Acceptance, Account, Login, Membership, SignUp
from hosted.post import queue
from hosted.store.engine import For


class Taken(Exception):
    """This server has room for one practice, and keeps it."""


class AlreadyThere(Exception):
    """The address that was confirmed has signed up before."""


class WrongPassword(Refused):
    """The password is not the one that was chosen at the sign-up."""


def open_for_practices(means: Means) -> bool:
    """Return whether a practice can sign up here."""
    with means.database.read(For()) as session:
        return not is_taken(session, means.database.dialect)


def begin(means: Means, fields: SignUpFields, site: str) -> None:
    """Keep a sign-up and send its letter; nobody learns whether the address has an account.

    Raises ``Taken``, and ``Mistakes`` when the agreement on the page was not today's.
    """
    agreement = content.agreements()[-1]
    if fields.agreement_hash != agreement.hash.hex():
        raise Mistakes({"agree": "The agreement has changed. Read it again, then accept it."})
    if not open_for_practices(means):
        raise Taken
    now, secret, known = means.now(), new_secret(), address_hash(fields.address)
    password = means.hashing.hash(fields.password)
    with means.database.read(For(token=known)) as session:
        there = session.scalars(select(Login.id).where(Login.address_hash == known)).first()
    with means.database.write(For(token=hashed(secret))) as session:
        if there is not None:
            letter = content.known_letter(
                fields.address, f"{site}/account/sign-in", f"{site}/account/reset"
            )
        else:
            letter = content.confirm_letter(fields.address, f"{site}/account/confirm?key={secret}")
            session.add(
                SignUp(
                    token_hash=hashed(secret),
                    address=fields.address,
                    name=fields.name,
                    practice_name=fields.practice_name,
                    zone=fields.zone,
                    password=password,
                    agreement=agreement.version,
                    agreement_hash=agreement.hash,
                    accepted_at=now,
                    ends_at=now + SIGN_UP_LASTS,
                )
            )
        queue.leave(session, means.seal, letter, now)


def waits(means: Means, secret: str) -> bool:
    """Return whether a link still confirms something; looking at it changes nothing."""
    return _waiting(means, secret) is not None


def confirm(means: Means, secret: str, password: str) -> None:
    """Begin the account of a practice; raises ``Refused``, ``AlreadyThere`` or ``Taken``.

    Whoever opens the link also says the password that was chosen, ``WrongPassword`` else: a person
    who was signed up by somebody else must not open that one's account by a click.
    """
    kept = _waiting(means, secret)
    if kept is None:
        raise Refused
    if not means.hashing.fits(kept.password, password):
        raise WrongPassword
    now = means.now()
    login_id, account_id = new_id(unix_ms(now)), new_id(unix_ms(now))
    whom = For(token=hashed(secret), login=login_id, account=account_id)
    try:
        with means.database.write(whom) as session:
            found = session.get(SignUp, hashed(secret), with_for_update=True)
            if found is None or found.used_at is not None:
                raise Refused
            if is_taken(session, means.database.dialect):
                raise Taken
            found.used_at = now
            login, account = _begun(found, now)
            login.id, account.id = login_id, account_id
            session.add_all([login, account, *_tied(found, login, account, now)])
    except IntegrityError:
        raise AlreadyThere from None


def _waiting(means: Means, secret: str) -> SignUp | None:
    if not is_plausible(secret):
        return None
    with means.database.read(For(token=hashed(secret))) as session:
        found = session.get(SignUp, hashed(secret))
    if found is None or found.used_at is not None or found.ends_at <= means.now():
        return None
    return found


def _begun(found: SignUp, now: datetime) -> tuple[Login, Account]:
    login = Login(
        address=found.address,
        address_hash=address_hash(found.address),
        name=found.name,
        password=found.password,
        password_at=now,
        made_at=now,
    )
    account = Account(name=found.practice_name, zone=found.zone, made_at=now)
    return login, account


def _tied(
    found: SignUp, login: Login, account: Account, now: datetime
) -> tuple[Membership, Acceptance]:
    return (
        Membership(account_id=account.id, login_id=login.id, role=Role.OWNER, made_at=now),
        Acceptance(
            account_id=account.id,
            login_id=login.id,
            text=found.agreement,
            text_hash=found.agreement_hash,
            name=found.name,
            accepted_at=found.accepted_at,
        ),
    )
