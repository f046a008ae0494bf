"""Which computers may speak with the server: paired with a one-time code, listed, revoked.

A code and a token are known to their computer alone; here lie only their hashes.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, and_, func, select, update
from sqlalchemy.exc import IntegrityError

from app.core.kernel.clock import Clock, unix_ms
from app.core.kernel.ids import new_id
from hosted.account.commands import connecting
from hosted.account.commands.connecting import Was
from hosted.account.queries import Place
from hosted.account.tables import Account, Membership
from hosted.store.engine import Database, For, HostedSession
from hosted.store.tables import Device, Head, PairingCode
from hosted.sync import epochs

#: Letters and digits that nobody takes for another.
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_LENGTH = 8
CODE_LASTS = timedelta(minutes=15)
#: The code that a fresh server prints waits for the computer to be set up.
FIRST_CODE_LASTS = timedelta(hours=24)


class NotPaired(Exception):
    """The code is wrong, used or expired."""


class NotYours(Exception):
    """The practice, or the device, is not this computer's to name."""


@dataclass(frozen=True, slots=True)
class Paired:
    """What a computer is given for its code; the token is shown this once."""

    token: str
    device_id: UUID
    practice_id: UUID | None
    member_id: UUID | None


@dataclass(frozen=True, slots=True)
class Known:
    """What a token tells of its computer; see ``hosted.store.tables.Device``."""

    id: UUID
    practice_id: UUID | None
    member_id: UUID | None
    login_id: UUID | None
    account_id: UUID | None
    name: str
    revoked_at: datetime | None


#: Read at every request: its columns alone, which costs a third of the whole object.
_KNOWN = select(
    Device.id,
    Device.practice_id,
    Device.member_id,
    Device.login_id,
    Device.account_id,
    Device.name,
    Device.revoked_at,
    Device.token_ends,
    Device.disconnected_at,
)


class Devices:
    """The list of computers."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def new_code(
        self,
        practice_id: UUID | None = None,
        member_id: UUID | None = None,
        lasts: timedelta = CODE_LASTS,
        *,
        device_id: UUID | None = None,
    ) -> str:
        """Return a one-time code: for another computer of a member, or for a new practice.

        ``device_id`` is the computer that asks; raises ``NotYours`` if it was taken off meanwhile.
        """
        code = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
        with self._database.write(For(practice_id, code=_hash(code))) as session:
            if device_id is not None:
                # Who takes it off waits for the code, and finds it.
                device = session.get(Device, device_id, with_for_update={"read": True})
                if device is None or device.revoked_at is not None:
                    raise NotYours
            session.add(
                PairingCode(
                    code_hash=_hash(code),
                    practice_id=practice_id,
                    member_id=member_id,
                    expires_at=self._clock.now() + lasts,
                )
            )
        return code

    def pair(self, code: str, name: str, program: str, was: Was | None = None) -> Paired:
        """Exchange a code for a token; raises ``NotPaired``, also where the membership ended.

        A computer that ``was`` connected before stays the one that it was.
        """
        hashed = _hash(code)
        token = f"pr_{secrets.token_urlsafe(32)}"
        now = self._clock.now()
        account_id, practice_id, member_id = self._whose(hashed)
        whom = For(practice_id, token=_hash(token), code=hashed, account=account_id)
        with self._database.write(whom) as session:
            if account_id is not None and (
                connecting.hold_place(session, account_id, Membership.member_id == member_id)
                is None
            ):
                raise NotPaired
            found = session.get(PairingCode, hashed, with_for_update=True)
            if found is None or found.used_at is not None or found.expires_at <= now:
                raise NotPaired
            found.used_at = now
            device = _again(session, found, was) or Device(
                id=new_id(unix_ms(now)),
                practice_id=found.practice_id,
                member_id=found.member_id,
                asked_as=None if was is None else was.incarnation,
                paired_at=now,
            )
            device.name, device.program = name, program
            device.token_hash, device.token_ends, device.seen_at = _hash(token), None, now
            session.add(device)
        return Paired(token, device.id, device.practice_id, device.member_id)

    def _whose(self, code: bytes) -> tuple[UUID | None, UUID | None, UUID | None]:
        """Return the account of a code's practice, if it has one, that practice and its member."""
        with self._database.read(For(code=code)) as session:
            found = session.get(PairingCode, code)
        if found is None or found.practice_id is None:
            return None, None, None
        with self._database.read(For(found.practice_id)) as session:
            account_id = session.scalar(
                select(Account.id).where(Account.practice_id == found.practice_id)
            )
        return account_id, found.practice_id, found.member_id

    def by_token(self, token: str) -> Known | None:
        """Return the computer that this token speaks for, revoked or not, unless it disconnected.

        A token that has ended speaks for nobody; that of a revoked computer stays its own, so that
        it is told and may hand over its unsent work.
        """
        hashed = _hash(token)
        with self._database.read(For(token=hashed)) as session:
            row = session.execute(_KNOWN.where(Device.token_hash == hashed)).one_or_none()
        if row is None or row.disconnected_at is not None:
            return None
        ended = row.token_ends is not None and row.token_ends <= self._clock.now()
        if ended and row.revoked_at is None:
            return None
        return Known(
            row.id,
            row.practice_id,
            row.member_id,
            row.login_id,
            row.account_id,
            row.name,
            row.revoked_at,
        )

    def found_practice(self, token: str, practice_id: UUID, member_id: UUID) -> None:
        """Begin a practice with its first computer; raises ``NotYours``.

        A computer that asks again for its own practice is answered alike.
        """
        now = self._clock.now()
        epoch = epochs.facts(self._database).epoch
        hashed = _hash(token)
        asking = self.by_token(token)
        login_id = asking.login_id if asking is not None else None
        place = None
        if asking is not None and login_id is not None:
            place = self._chosen(login_id, asking.account_id)
        whom = For(
            practice_id,
            token=hashed,
            login=login_id,
            account=place.account_id if place is not None else None,
        )
        try:
            with self._database.write(whom) as session:
                device = session.scalars(
                    select(Device).where(Device.token_hash == hashed).with_for_update()
                ).one()
                if device.practice_id is not None:
                    if (device.practice_id, device.member_id) == (practice_id, member_id):
                        return
                    raise NotYours
                if self._database.dialect == "sqlite" and session.scalar(
                    select(func.count()).select_from(Head)
                ):
                    # The embedded database is one practice's alone.
                    raise NotYours
                device.practice_id, device.member_id = practice_id, member_id
                if place is not None and login_id is not None:
                    connecting.name_practice(session, place, login_id, practice_id, member_id)
                epochs.begin_practice(session, epoch, now)
        except (IntegrityError, connecting.PracticeNamed):
            raise NotYours from None

    def _chosen(self, login_id: UUID, account_id: UUID | None) -> Place:
        """Return the practice that a person chose for a computer; raises ``NotYours``."""
        found = None
        if account_id is not None:
            found = connecting.place_in(self._database, login_id, account_id)
        if found is None:
            raise NotYours
        return found

    def listed(self, practice_id: UUID, member_id: UUID | None = None) -> list[Device]:
        """Return the computers of a practice, or of one member, in the order of their pairing."""
        with self._database.read(For(practice_id)) as session:
            found = session.scalars(
                _of(practice_id, member_id).order_by(Device.paired_at, Device.id)
            ).all()
            session.expunge_all()
        return list(found)

    def revoke(self, practice_id: UUID, device_id: UUID, member_id: UUID | None = None) -> datetime:
        """Refuse a computer from now on, and the codes with which it would come back.

        Raises ``NotYours`` for one of another practice, or of another member than ``member_id``.
        """
        now = self._clock.now()
        with self._database.write(For(practice_id)) as session:
            found = session.scalars(
                _of(practice_id, member_id).where(Device.id == device_id)
            ).one_or_none()
            if found is None:
                raise NotYours
            if found.revoked_at is None:
                session.execute(update(Device).where(Device.id == device_id).values(revoked_at=now))
            # After the computer, which may just be asking for one; also those that another computer
            # asked for: whose it was, is not known of a code.
            session.execute(
                update(PairingCode)
                .where(
                    PairingCode.practice_id == practice_id,
                    PairingCode.member_id == found.member_id,
                    PairingCode.used_at.is_(None),
                )
                .values(used_at=now)
            )
            return found.revoked_at or now

    def any_practice(self) -> bool:
        """Return whether this server's single practice has begun (SQLite only)."""
        with self._database.read(For()) as session:
            return bool(session.scalar(select(func.count()).select_from(Head)))


def _again(session: HostedSession, code: PairingCode, was: Was | None) -> Device | None:
    """Return the member's own computer that connects again; it belongs to no sign-in any more.

    So what it was given at one renews nothing. See ``connecting.known_as``.
    """
    if code.practice_id is None:
        return None
    own = and_(Device.practice_id == code.practice_id, Device.member_id == code.member_id)
    device = connecting.known_as(session, was, own)
    if device is not None:
        device.login_id = device.account_id = device.disconnected_at = None
    return device


def _of(practice_id: UUID, member_id: UUID | None) -> Select[Device]:
    found = select(Device).where(Device.practice_id == practice_id)
    return found if member_id is None else found.where(Device.member_id == member_id)


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def is_plausible(code: str) -> bool:
    """Return whether a text can be a code at all."""
    return len(code) == _LENGTH and all(letter in _LETTERS for letter in code)
