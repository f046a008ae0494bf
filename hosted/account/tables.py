"""Tables of the account: people who sign in, their proofs, and the practices they belong to.

A person is looked up before any practice is known. Each row is seen by whoever presents the secret
whose hash it bears, or by the person it belongs to; no transaction sees two people's rows. Of
secrets only hashes lie here; what must be read again is sealed (``hosted.seal``).
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.core.kernel.acting import Role
from app.core.store.columns import Word
from hosted.account.rules.lasting import Purpose
from hosted.account.rules.passkeys import Ceremony
from hosted.store.tables import HostedBase


class SignUp(HostedBase):
    """A sign-up that waits for its e-mail to be confirmed; nothing of it holds before.

    ``agreement`` and ``agreement_hash`` name the text that was on the page.
    """

    __tablename__ = "sign_up"
    __doors__ = (("token_hash", "token"), ("ends_at", "long ended"))

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    address: Mapped[str]
    name: Mapped[str]
    practice_name: Mapped[str]
    zone: Mapped[str]
    password: Mapped[str]
    agreement: Mapped[str]
    agreement_hash: Mapped[bytes] = mapped_column(LargeBinary)
    accepted_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Login(HostedBase):
    """A person who signs in, under one e-mail address, whatever practices they belong to.

    ``totp`` is the sealed secret of the authenticator app, ``totp_step`` the last step of time
    whose code was taken: no code is taken twice. ``totp_next`` is one that is being set up.
    """

    __tablename__ = "login"
    __doors__ = (("id", "login"), ("address_hash", "token"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    address: Mapped[str]
    address_hash: Mapped[bytes] = mapped_column(LargeBinary)
    name: Mapped[str]
    password: Mapped[str]
    password_at: Mapped[datetime]
    totp: Mapped[bytes | None] = mapped_column(LargeBinary)
    totp_step: Mapped[int] = mapped_column(BigInteger, default=0)
    totp_next: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]

    __table_args__ = (Index("uq_login_address", "address_hash", unique=True),)


class Account(HostedBase):
    """A practice's account. ``practice_id`` is empty until its first computer names it.

    ``changes`` counts what may have changed its plan or its seats (``hosted.membership.locking``).
    """

    __tablename__ = "account"
    __doors__ = (("id", "account"), ("practice_id", "practice"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    practice_id: Mapped[UUID | None]
    name: Mapped[str]
    zone: Mapped[str]
    made_at: Mapped[datetime]
    changes: Mapped[int] = mapped_column(BigInteger, default=0)

    __table_args__ = (Index("uq_account_practice", "practice_id", unique=True),)


class Membership(HostedBase):
    """A person's place in a practice. ``member_id`` is the member of the practice's own records."""

    __tablename__ = "membership"
    __doors__ = (("login_id", "login"), ("account_id", "account"))

    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    login_id: Mapped[UUID] = mapped_column(primary_key=True)
    role: Mapped[Role] = mapped_column(Word(Role))
    member_id: Mapped[UUID | None]
    made_at: Mapped[datetime]

    __table_args__ = (Index(None, "login_id"),)


class Acceptance(HostedBase):
    """Who accepted which agreement when; the text is told by its hash."""

    __tablename__ = "acceptance"
    __doors__ = (("account_id", "account"), ("login_id", "login"))

    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    text_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    login_id: Mapped[UUID] = mapped_column(primary_key=True)
    text: Mapped[str]
    name: Mapped[str]
    accepted_at: Mapped[datetime]


class RecoveryCode(HostedBase):
    """A code that stands in once for the second factor.

    It is short enough to be typed, and so its hash is a slow one; all of a person's share the
    ``salt``, or a try would cost ten.
    """

    __tablename__ = "recovery_code"
    __doors__ = (("login_id", "login"),)

    login_id: Mapped[UUID] = mapped_column(primary_key=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    used_at: Mapped[datetime | None]


class Passkey(HostedBase):
    """A key that a browser or a thing of the person's holds; of it the public half lies here.

    ``sign_count`` is how often the key said it was used, 0 for one that does not count.
    """

    __tablename__ = "passkey"
    __doors__ = (("credential_hash", "token"), ("login_id", "login"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    credential_hash: Mapped[bytes] = mapped_column(LargeBinary)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary)
    login_id: Mapped[UUID]
    name: Mapped[str]
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    __table_args__ = (
        Index("uq_passkey_credential", "credential_hash", unique=True),
        Index(None, "login_id"),
    )


class PasskeyChallenge(HostedBase):
    """What a browser was asked to sign; it goes with the first answer, right or wrong.

    ``session_id`` is the browser's session that asked; empty at a sign-in, which has none yet.
    """

    __tablename__ = "passkey_challenge"
    __doors__ = (("token_hash", "token"), ("ends_at", "long ended"))

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    ceremony: Mapped[Ceremony] = mapped_column(Word(Ceremony))
    session_id: Mapped[UUID | None]
    ends_at: Mapped[datetime]


class WebSession(HostedBase):
    """A browser that has signed in. ``proved_at`` is empty until the second factor was given."""

    __tablename__ = "web_session"
    __doors__ = (("token_hash", "token"), ("login_id", "login"), ("made_at", "long ended"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    login_id: Mapped[UUID]
    browser: Mapped[str]
    made_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    proved_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        Index("uq_web_session_token", "token_hash", unique=True),
        Index(None, "login_id"),
    )


class MailLink(HostedBase):
    """A link that was sent by e-mail; it works once."""

    __tablename__ = "mail_link"
    __doors__ = (("token_hash", "token"), ("login_id", "login"), ("ends_at", "long ended"))

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    login_id: Mapped[UUID]
    purpose: Mapped[Purpose] = mapped_column(Word(Purpose))
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    __table_args__ = (Index(None, "login_id"),)


class Authorization(HostedBase):
    """A one-time code by which a computer gets its tokens (RFC 6749, 7636 and 8252).

    ``account_id`` is the practice that the person chose for the computer.
    """

    __tablename__ = "authorization"
    __doors__ = (("code_hash", "token"), ("login_id", "login"), ("ends_at", "long ended"))

    code_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    login_id: Mapped[UUID]
    account_id: Mapped[UUID]
    challenge: Mapped[str]
    redirect: Mapped[str]
    device_name: Mapped[str]
    program: Mapped[str]
    ends_at: Mapped[datetime]
    device_id: Mapped[UUID | None]


class RefreshToken(HostedBase):
    """A token by which a computer gets its next one, once. All of one computer are a family."""

    __tablename__ = "refresh_token"
    __doors__ = (("token_hash", "token"), ("login_id", "login"), ("ends_at", "long ended"))

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    login_id: Mapped[UUID]
    device_id: Mapped[UUID]
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    __table_args__ = (Index(None, "device_id"),)
