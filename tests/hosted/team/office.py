"""A practice with an account and an owner's computer, and people who join it without a browser."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pyotp
from sqlalchemy import select

from app.core.kernel.acting import Role
from app.core.kernel.entitlement import Plan
from app.core.kernel.ids import new_id
from app.core.membership.rules.moves import PracticeFacts
from app.core.membership.rules.seats import SeatsUsed
from app.sync.protocol.membership import Invite, TeamRow
from hosted.account import content
from hosted.account.commands import second_factor, sessions
from hosted.account.queries import Visitor, visitor
from hosted.account.rules.secrets import address_hash, hashed
from hosted.account.tables import Account, Login, Membership
from hosted.membership.facts import counted
from hosted.membership.tables import SubscriptionRow
from hosted.post.queue import Letter
from hosted.store.engine import Database, For, HostedSession
from hosted.store.tables import Device
from hosted.sync import epochs
from hosted.sync.callers import Caller
from hosted.team import queries
from hosted.team.commands import inviting, joining
from hosted.team.commands.means import Means
from hosted.team.queries import team_rows, with_sign_ins
from hosted.web.services import Services, put_together
from tests.hosted.account.conftest import CHEAP, PASSWORD
from tests.hosted.worlds import MEMBER, PRACTICE, Computer, Server
from tests.support.clock import StillClock

SITE = "https://account.example"
OWNER = "dana@alderstreet.example"
KIM = "kim@alderstreet.example"
TOKEN = "pr_owners"


@dataclass(frozen=True)
class Somebody:
    """A person who has joined: signed in, with a member of the practice's records."""

    who: Visitor
    member_id: UUID
    key: str


class Office:
    """An account on a plan, its practice, and the owner's computer."""

    def __init__(self, services: Services, clock: StillClock, owner: str = OWNER) -> None:
        self.clock = clock
        self.services = services
        self.owner = owner
        self.keys: dict[str, str] = {}
        """The keys of people's authenticator apps, by address."""
        self.server = Server(services.database)
        self.server.clock = self.clock
        self.server.exchange = services.exchange
        self.account_id, self.login_id, self.practice_id = uuid4(), uuid4(), uuid4()
        self.owner_id = uuid4()
        self._found()
        self.computer = self.connect(self.owner_id, "Office iMac", f"{TOKEN}_of_{owner}")
        self.computer.add("member", MEMBER, self.owner_id)
        self.computer.add("practice", PRACTICE, self.practice_id)

    def _found(self) -> None:
        now = self.team.now()
        whose = For(self.practice_id, login=self.login_id, account=self.account_id)
        epoch = epochs.facts(self.database).epoch
        with self.database.write(whose) as session:
            epochs.begin_practice(session, epoch, now)
            account = Account(
                id=self.account_id,
                practice_id=self.practice_id,
                name="Alder Street Therapy",
                zone="America/Los_Angeles",
                made_at=now,
            )
            login = Login(
                id=self.login_id,
                address=self.owner,
                address_hash=address_hash(self.owner),
                name="Dana Whitfield",
                password=CHEAP.hash(PASSWORD),
                password_at=now,
                made_at=now,
            )
            place = Membership(
                account_id=self.account_id,
                login_id=self.login_id,
                role=Role.OWNER,
                member_id=self.owner_id,
                made_at=now,
            )
            session.add_all([account, login, place])
        self.choose(Plan.GROUP)

    @property
    def database(self) -> Database:
        """The server's database."""
        return self.services.database

    @property
    def team(self) -> Means:
        """What commands of the team stand on."""
        return self.services.team

    @property
    def whose(self) -> For:
        """Whom a transaction of the owner's is for."""
        return For(self.practice_id, account=self.account_id)

    def choose(self, plan: Plan, paid_ends: datetime | None = None) -> None:
        """Be on a plan, with a card and a month that is paid: this one, or one that is over."""
        ends = paid_ends or self.team.now() + timedelta(days=30)
        with self.database.write(self.whose) as session:
            session.merge(
                SubscriptionRow(
                    account_id=self.account_id,
                    plan=plan,
                    card=True,
                    paid_begins=None if plan is Plan.STARTER else ends - timedelta(days=30),
                    paid_ends=None if plan is Plan.STARTER else ends,
                )
            )

    def connect(self, member_id: UUID, name: str, token: str = "") -> Computer:
        """Connect a computer of a member."""
        now = self.team.now()
        device = Device(
            id=new_id(0),
            practice_id=self.practice_id,
            member_id=member_id,
            name=name,
            program="test",
            token_hash=hashed(token or uuid4().hex),
            paired_at=now,
            seen_at=now,
        )
        with self.database.write(For(self.practice_id)) as session:
            session.add(device)
        computer = Computer(self.server, Caller(device.id, self.practice_id, member_id, name))
        computer.hello()
        computer.pull()
        return computer

    def invite(self, address: str = KIM, role: Role = Role.ASSOCIATE, name: str = "Kim") -> str:
        """Invite somebody, and return the secret of the letter's link."""
        inviting.invite(self.team, self.whose, Invite(address, name, role), SITE)
        return self.key(address)

    def key(self, address: str) -> str:
        """Return the secret of the link in the only letter that waits for an address."""
        (letter,) = [each for each in self.letters() if each.to == address]
        return letter.text.partition("key=")[2].split()[0]

    def letters(self) -> list[Letter]:
        """Return the letters that wait, and carry them."""
        found = []
        for leased in self.services.post.all_due():
            assert leased.letter is not None
            found.append(leased.letter)
            self.services.post.carried(leased)
        return found

    def signed_in(self, address: str) -> Visitor:
        """Return a person who has given the second factor, set up now if there is none."""
        return self.visitor(self.browser(address))

    def browser(self, address: str) -> str:
        """Return the secret of a session in which the second factor was given."""
        means = self.services.account
        who = self.visitor(sessions.sign_in(means, address, PASSWORD, "Firefox"))
        if who.has_factor:
            # Each code is taken once.
            self.clock.forward(seconds=30)
            return second_factor.prove(means, who, self._code(address))
        self.keys[address] = second_factor.offer(means, who).key
        return second_factor.take_up(means, who, self._code(address), SITE).secret

    def _code(self, address: str) -> str:
        return pyotp.TOTP(self.keys[address]).at(self.clock.now())

    def visitor(self, secret: str) -> Visitor:
        """Return who bears a session's secret."""
        found = visitor(self.database, secret, self.team.now())
        assert found is not None
        return found

    def joined(
        self, address: str = KIM, role: Role = Role.ASSOCIATE, name: str = "Kim Park"
    ) -> Somebody:
        """Let somebody be invited, take up a login and a second factor, and join."""
        key = self.invite(address, role)
        joining.begin(self.team, key, name, PASSWORD)
        who = self.signed_in(address)
        joining.join(self.team, who, key, agreement())
        self.letters()
        return Somebody(who, self.member_of(who.login_id), key)

    def member_of(self, login_id: UUID) -> UUID:
        """Return the member that a login is in the practice's records."""
        with self.database.read(self.whose) as session:
            found = session.scalars(
                select(Membership.member_id).where(Membership.login_id == login_id)
            ).one()
        assert found is not None
        return found

    def belongs_to_another(self, address: str, practice: str) -> None:
        """Let a person be an admin of another practice, too (SQLite: as far as pages see)."""
        login_id = queries.login_with(self.database, address_hash(address))
        account_id, now = uuid4(), self.team.now()
        assert login_id is not None
        with self.database.write(For(login=login_id, account=account_id)) as session:
            account = Account(id=account_id, name=practice, zone="UTC", made_at=now)
            place = Membership(
                account_id=account_id, login_id=login_id, role=Role.ADMIN, made_at=now
            )
            session.add_all([account, place])

    def place_of(self, address: str) -> UUID:
        """Return the member who signs in with an address."""
        login_id = queries.login_with(self.database, address_hash(address))
        assert login_id is not None
        return self.member_of(login_id)

    def place(self, session: HostedSession, member_id: UUID) -> Membership:
        """Return a member's place in the account."""
        found = queries.member_of(session, self.account_id, member_id)
        assert found is not None
        return found

    def facts(self) -> PracticeFacts:
        """Return what the plan is judged by now."""
        with self.database.read(self.whose) as session:
            return counted(session, session.get_one(Account, self.account_id))

    def used(self) -> SeatsUsed:
        """Return the seats that are taken now."""
        return self.facts().used(self.team.now())

    def rows(self) -> tuple[TeamRow, ...]:
        """Return what *Settings, Team* shows."""
        with self.database.read(self.whose) as session:
            rows = team_rows(session, self.account_id)
        return with_sign_ins(self.database, self.account_id, rows)

    def member(self, member_id: UUID) -> dict[str, Any]:
        """Return a member's record as the owner's computer pulls it."""
        self.computer.pull()
        return self.computer.row("member", member_id)


def office_on(stored: Database, folder: Path, public_url: str = SITE) -> Office:
    """Return a practice on a server that has none yet."""
    clock = StillClock()
    services = put_together(stored, folder / "blobs", clock, hashing=CHEAP, public_url=public_url)
    return Office(services, clock)


def agreement() -> str:
    """Return the hash of today's agreement."""
    return content.agreements()[-1].hash.hex()


def words(rows: Iterable[TeamRow]) -> list[tuple[str, str, str]]:
    """Return name, role and holding of each row."""
    return [(each.name, str(each.role), str(each.holding)) for each in rows]
