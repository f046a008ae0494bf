"""What the owner's program asks of the account about plan and team, and the one answer to it all.

``GET /v1/membership`` and every change answer with the whole ``MembershipAnswer``: the program
computes options, prices and blockers from its ``facts`` by the rules that the account judges by. A
change that may not be is answered ``Blocked``, with what stands in its way. Moments travel as
milliseconds since 1970.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from app.core.kernel.acting import Role
from app.core.kernel.entitlement import Plan
from app.core.kernel.money import Money
from app.core.membership.rules.moves import Blocker, Link, LinkTo, Named, PracticeFacts, Why
from app.core.membership.rules.prices import BillingPeriod
from app.core.membership.rules.seats import Holding, SeatHolder
from app.core.membership.rules.subscription import Subscription
from app.sync.wire import Malformed, Reader

#: The code of a refusal that says what stands in the way; answered with HTTP 409.
BLOCKED = "blocked"
#: The code for a member who may not manage plan and team; answered with HTTP 403.
WRONG_ROLE = "wrong_role"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
#: The year 9999 in milliseconds since 1970: later, a moment cannot be said.
_LAST_MS = 253_402_300_799_000
_MOST = 1_000_000
_MOST_STAFF = 10_000
_MOST_CENTS = 1_000_000_000
#: A count of reserved seats beyond this is a slip of the keyboard.
MOST_RESERVED = 500


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A member, an invitation or a reserved seat as *Settings, Team* shows it.

    ``id`` is that of its ``SeatHolder``. ``credentials`` are words as they stand behind a name;
    ``sign_in`` is "passkey", "code app" or empty; ``ends_at`` is when an invitation ends;
    ``computers`` are the names of those that are connected. ``from_reserve`` is for an invitation
    that took a seat held in reserve, whose own row stays.
    """

    id: str
    name: str
    address: str
    role: Role
    holding: Holding = Holding.ACTIVE
    credentials: str = ""
    sign_in: str = ""
    last_seen: datetime | None = None
    invited_at: datetime | None = None
    ends_at: datetime | None = None
    computers: tuple[str, ...] = ()
    from_reserve: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return it as it travels."""
        return {
            "id": self.id,
            "name": self.name,
            "address": self.address,
            "role": str(self.role),
            "holding": str(self.holding),
            "credentials": self.credentials,
            "sign_in": self.sign_in,
            "last_seen": _ms(self.last_seen),
            "invited_at": _ms(self.invited_at),
            "ends_at": _ms(self.ends_at),
            "computers": list(self.computers),
            "from_reserve": self.from_reserve,
        }

    @classmethod
    def read(cls, said: Any) -> TeamRow:
        """Read what travels; raises ``Malformed``."""
        of = Reader.mapping(said)
        return cls(
            of.text("id"),
            of.text("name"),
            of.text("address"),
            Role(of.word("role", Role)),
            Holding(of.word("holding", Holding)),
            of.text("credentials", otherwise=""),
            of.text("sign_in", otherwise=""),
            _moment_or_none(of, "last_seen"),
            _moment_or_none(of, "invited_at"),
            _moment_or_none(of, "ends_at"),
            tuple(Reader.row([each], least=1).text(0) for each in _items(of, "computers")),
            _from_reserve(of),
        )


@dataclass(frozen=True, slots=True)
class MembershipAnswer:
    """Plan and team of a practice at ``at``, by the server's clock.

    ``entitlement`` is the signed pair, issued for this answer or still what it would say.
    """

    at: datetime
    facts: PracticeFacts
    team: tuple[TeamRow, ...]
    entitlement: str

    def to_json(self) -> dict[str, Any]:
        """Return it as it travels."""
        return {
            "at": _ms(self.at),
            "facts": facts_to_json(self.facts),
            "team": [each.to_json() for each in self.team],
            "entitlement": self.entitlement,
        }

    @classmethod
    def read(cls, said: Any) -> MembershipAnswer:
        """Read what travels; raises ``Malformed``."""
        of = Reader.mapping(said)
        return cls(
            _moment(of, "at"),
            read_facts(of.value("facts")),
            tuple(TeamRow.read(each) for each in _items(of, "team")),
            of.text("entitlement"),
        )


@dataclass(frozen=True, slots=True)
class Blocked:
    """The answer in place of a change that may not be: what stands in the way, with links."""

    blockers: tuple[Blocker, ...]

    @property
    def words(self) -> str:
        """Return every sentence of it."""
        return " ".join(each.words for each in self.blockers)

    def to_json(self) -> dict[str, Any]:
        """Return it as it travels: a refusal, and why."""
        blockers = [
            {
                "why": str(each.why),
                "words": each.words,
                "links": [[str(link.to), link.words, link.id] for link in each.links],
            }
            for each in self.blockers
        ]
        return {"refused": BLOCKED, "detail": "", "blockers": blockers}

    @classmethod
    def read(cls, said: Any) -> Blocked:
        """Read what travels; raises ``Malformed``."""
        of = Reader.mapping(said)
        if of.text("refused") != BLOCKED:
            raise Malformed("this is another refusal")
        return cls(tuple(_blocker(Reader.mapping(each)) for each in _items(of, "blockers")))


@dataclass(frozen=True, slots=True)
class ChangePlan:
    """Asks for another plan; going to Professional from Starter begins the one trial.

    ``shown`` is what was shown to be due at once; an older program does not say it.
    """

    plan: Plan
    shown: Money | None = None

    def to_json(self) -> dict[str, Any]:
        """Return it as it travels: money in cents."""
        return {"plan": str(self.plan), "shown": _cents(self.shown)}

    @classmethod
    def read(cls, said: Any) -> ChangePlan:
        """Read what travels; raises ``Malformed``."""
        of = Reader.mapping(said)
        return cls(Plan(of.word("plan", Plan)), _shown(of))


@dataclass(frozen=True, slots=True)
class Invite:
    """Asks for an invitation by e-mail; ``shown`` as in ``ChangePlan``."""

    address: str
    name: str
    role: Role
    shown: Money | None = None

    def to_json(self) -> dict[str, Any]:
        """Return it as it travels: money in cents."""
        return {
            "address": self.address,
            "name": self.name,
            "role": str(self.role),
            "shown": _cents(self.shown),
        }

    @classmethod
    def read(cls, said: Any) -> Invite:
        """Read what travels; raises ``Malformed``."""
        of = Reader.mapping(said)
        role = Role(of.word("role", Role))
        return cls(of.text("address"), of.text("name"), role, _shown(of))


@dataclass(frozen=True, slots=True)
class Reserve:
    """Asks that so many seats of a role be held in reserve, more or fewer than now.

    ``count`` includes those that invitations took; ``shown`` as in ``ChangePlan``.
    """

    role: Role
    count: int
    shown: Money | None = None

    def to_json(self) -> dict[str, Any]:
        """Return it as it travels: money in cents."""
        return {"role": str(self.role), "count": self.count, "shown": _cents(self.shown)}

    @classmethod
    def read(cls, said: Any) -> Reserve:
        """Read what travels; raises ``Malformed``."""
        of = Reader.mapping(said)
        count = of.whole("count", most=MOST_RESERVED)
        return cls(Role(of.word("role", Role)), count, _shown(of))


@dataclass(frozen=True, slots=True)
class ChangeRole:
    """Asks that a member have another role."""

    role: Role

    def to_json(self) -> dict[str, Any]:
        """Return it as it travels."""
        return {"role": str(self.role)}

    @classmethod
    def read(cls, said: Any) -> ChangeRole:
        """Read what travels; raises ``Malformed``."""
        return cls(Role(Reader.mapping(said).word("role", Role)))


@dataclass(frozen=True, slots=True)
class EndMembership:
    """Asks that a membership end; ``work_to`` is the member who takes over, or nobody."""

    work_to: UUID | None = None

    def to_json(self) -> dict[str, Any]:
        """Return it as it travels."""
        return {"work_to": None if self.work_to is None else self.work_to.hex}

    @classmethod
    def read(cls, said: Any) -> EndMembership:
        """Read what travels; raises ``Malformed``."""
        of = Reader.mapping(said)
        return cls(None if of.value("work_to") is None else of.uuid("work_to"))


def facts_to_json(facts: PracticeFacts) -> dict[str, Any]:
    """Return the facts as they travel."""
    subscription, paid = facts.subscription, facts.subscription.paid
    return {
        "subscription": {
            "signed_up_at": _ms(subscription.signed_up_at),
            "plan": str(subscription.plan),
            "trial_began": _ms(subscription.trial_began),
            "card": subscription.card,
            "paid": None if paid is None else [_ms(paid.begins), _ms(paid.ends)],
        },
        "zone": facts.zone,
        "staff": [
            {
                "id": each.id,
                "name": each.name,
                "role": str(each.role),
                "holding": str(each.holding),
                "invited_at": _ms(each.invited_at),
                "from_reserve": each.from_reserve,
            }
            for each in facts.staff
        ],
        "active_clients": facts.active_clients,
        "drafts": _listed(facts.drafts),
        "unsent": _listed(facts.unsent),
        "pending_payments": _listed(facts.pending_payments),
    }


def read_facts(said: Any) -> PracticeFacts:
    """Read facts that travelled; raises ``Malformed``."""
    of = Reader.mapping(said)
    return PracticeFacts(
        _subscription(Reader.mapping(of.value("subscription"))),
        of.text("zone"),
        tuple(_holder(Reader.mapping(each)) for each in _items(of, "staff")),
        of.whole("active_clients", most=_MOST),
        _named(of, "drafts"),
        _named(of, "unsent"),
        _named(of, "pending_payments"),
    )


def _subscription(of: Reader) -> Subscription:
    paid = None if of.value("paid") is None else Reader.row(of.value("paid"), least=2)
    return Subscription(
        _moment(of, "signed_up_at"),
        Plan(of.word("plan", Plan)),
        _moment_or_none(of, "trial_began"),
        of.flag("card"),
        None if paid is None else BillingPeriod(_moment(paid, 0), _moment(paid, 1)),
    )


def _holder(of: Reader) -> SeatHolder:
    return SeatHolder(
        of.text("id"),
        of.text("name"),
        Role(of.word("role", Role)),
        Holding(of.word("holding", Holding)),
        _moment_or_none(of, "invited_at"),
        _from_reserve(of),
    )


def _cents(shown: Money | None) -> int | None:
    return None if shown is None else shown.cents


def _shown(of: Reader) -> Money | None:
    if of.value("shown") is None:
        return None
    return Money(of.whole("shown", least=-_MOST_CENTS, most=_MOST_CENTS))


def _from_reserve(of: Reader) -> bool:
    # An older server does not say it.
    return of.value("from_reserve") is not None and of.flag("from_reserve")


def _blocker(of: Reader) -> Blocker:
    rows = [Reader.row(each, least=3) for each in _items(of, "links")]
    # A link to a page that came after this version of the program leads nowhere here.
    links = [
        Link(LinkTo(row.text(0)), row.text(1), row.text(2))
        for row in rows
        if row.text(0) in frozenset(map(str, LinkTo))
    ]
    why = Why(of.word("why", Why, otherwise=Why.NOT_FROM_HERE))
    return Blocker(why, of.text("words"), tuple(links))


def _listed(records: tuple[Named, ...]) -> list[list[str]]:
    return [[each.id, each.words] for each in records]


def _named(of: Reader, name: str) -> tuple[Named, ...]:
    rows = [Reader.row(each, least=2) for each in _items(of, name)]
    return tuple(Named(row.text(0), row.text(1)) for row in rows)


def _items(of: Reader, name: str) -> list[Any]:
    return [] if of.value(name) is None else of.items(name, most=_MOST_STAFF)


def _ms(moment: datetime | None) -> int | None:
    # In whole numbers: by way of a float a moment may come out a millisecond early.
    return None if moment is None else (moment - _EPOCH) // _MILLISECOND


def _moment(of: Reader, name: str | int) -> datetime:
    return _EPOCH + of.whole(name, most=_LAST_MS) * _MILLISECOND


def _moment_or_none(of: Reader, name: str) -> datetime | None:
    return None if of.value(name) is None else _moment(of, name)
