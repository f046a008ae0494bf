"""Members and invitations in words: roles, what each may do, when somebody was here."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.core.kernel.acting import GRANTS, Permission, Role
from app.core.kernel.entitlement import SEAT_OF, SeatKind
from app.core.kernel.money import Money
from app.core.kernel.phrases import plural, short_day, time_words
from app.core.kernel.text import initials
from app.core.membership.rules.catalogue import CATALOGUE
from app.core.membership.rules.moves import PracticeFacts
from app.core.membership.rules.prices import due_now, monthly_price
from app.core.membership.rules.seats import Holding, SeatHolder
from app.ui.settings.plan_words import day_of

ROLES: dict[Role, str] = {
    Role.OWNER: "Owner",
    Role.PROVIDER: "Provider",
    Role.ASSOCIATE: "Associate",
    Role.ADMIN: "Admin",
}
#: Roles that somebody can be invited to, or be given.
INVITED = (Role.PROVIDER, Role.ASSOCIATE, Role.ADMIN)
#: What each is, where one is chosen.
WHAT: dict[Role, str] = {
    Role.PROVIDER: "Provider, with a clinician seat",
    Role.ASSOCIATE: "Associate, supervised",
    Role.ADMIN: "Admin, for scheduling and billing",
}
#: What somebody does who has no license to name.
WORK: dict[Role, str] = {
    Role.OWNER: "Runs the practice",
    Role.PROVIDER: "Sees clients",
    Role.ASSOCIATE: "Sees clients under supervision",
    Role.ADMIN: "Billing and scheduling",
}
#: What each sits on, under their role.
SITS: dict[Role, str] = {
    Role.OWNER: "Clinician seat",
    Role.PROVIDER: "Clinician seat",
    Role.ASSOCIATE: "Supervised",
    Role.ADMIN: "Free",
}
SEATS: dict[SeatKind, str] = {
    SeatKind.CLINICIAN: "a clinician seat",
    SeatKind.ASSOCIATE: "an associate seat",
    SeatKind.ADMIN: "an admin seat",
}
_MAY: tuple[tuple[Permission, str], ...] = (
    (Permission.SCHEDULE, "Book and move sessions"),
    (Permission.BILL, "Record money, invoices and superbills"),
    (Permission.OPERATIONAL_SETTINGS, "Services, locations and hours"),
    (Permission.PRACTICE_SETTINGS, "Practice settings"),
    (Permission.REPORTS, "Practice-wide reports"),
    (Permission.MANAGE_TEAM, "Plan and team"),
)


def may_do(role: Role) -> list[tuple[str, bool]]:
    """Return what a role may do, and what not, in the order of a day's work."""
    grants = GRANTS[role]
    whose = "all cases" if role in (Role.OWNER, Role.ADMIN) else "own and shared cases"
    if role is Role.ASSOCIATE:
        whose = "own cases"
    return [
        (f"See {whose}", Permission.READ_RECORDS in grants),
        ("Read and write notes", Permission.READ_NOTES in grants),
        *((words, each in grants) for each, words in _MAY),
    ]


def initials_of(name: str) -> str:
    """Return the initials of a name as it is written: ``Imani Osei`` has ``IO``."""
    given, _, family = name.rpartition(" ")
    return initials(given, family)


def short_day_of(moment: datetime, zone: str) -> str:
    """Return the day of a moment without its year: ``Nov 12``."""
    return short_day(moment.astimezone(ZoneInfo(zone)).date())


def sign_in_words(sign_in: str) -> str:
    """Return how somebody proves who they are: ``Passkey``."""
    return sign_in[:1].upper() + sign_in[1:] if sign_in else "Not set up yet"


def seen_words(seen: datetime | None, now: datetime, zone: str) -> str:
    """Return when somebody was here last."""
    if seen is None:
        return "Not yet"
    here, today = seen.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    if now - seen < timedelta(minutes=5):
        return "Now"
    if here.date() == today.date():
        return time_words(here)
    if here.date() == today.date() - timedelta(days=1):
        return "Yesterday"
    return short_day(here.date())


def days_left(ends: datetime | None, now: datetime) -> str:
    """Return how long an invitation can still be accepted."""
    if ends is None or ends <= now:
        return "Ended"
    return f"{plural(-((now - ends) // timedelta(days=1)), 'day')} left"


def seats_words(facts: PracticeFacts, at: datetime) -> str:
    """Return the head of the page: ``1 clinician, 2 associate seats, 1 admin, on Professional.``"""
    used = facts.used(at)
    said = [
        plural(used.clinicians.used, "clinician"),
        plural(used.associates.used, "associate seat"),
        plural(used.admins.used, "admin"),
    ]
    counts = (used.clinicians.used, used.associates.used, used.admins.used)
    named = [words for words, count in zip(said, counts, strict=True) if count]
    return f"{', '.join(named)}, on {CATALOGUE[facts.stands(at).plan].name}."


def seat_cost(facts: PracticeFacts, role: Role, at: datetime) -> str:
    """Return what one more seat of a role costs a month, and of that at once."""
    plan = facts.stands(at).plan
    another = SeatHolder("", "", role, Holding.RESERVED)
    before = monthly_price(plan, facts.used(at))
    after = monthly_price(plan, _with(facts, another).used(at))
    more = after - before
    if not more:
        return "No charge for this seat on your plan."
    paid = facts.subscription.paid
    if paid is None or at >= paid.ends:
        return f"{more} a month."
    now = due_now(before, after, paid, at)
    left = plural(paid.days_left(at), "day")
    return f"{more} a month, {now} of it now for the {left} until {day_of(paid.ends, facts.zone)}."


def gives_back(facts: PracticeFacts, holder_id: str, at: datetime) -> Money:
    """Return what the next invoice takes off when a seat is given back now."""
    plan, paid = facts.stands(at).plan, facts.subscription.paid
    if paid is None or at >= paid.ends:
        return Money(0)
    staff = tuple(each for each in facts.staff if each.id != holder_id)
    before = monthly_price(plan, facts.used(at))
    after = monthly_price(plan, _staffed(facts, staff).used(at))
    return -due_now(before, after, paid, at)


def reserved_of(facts: PracticeFacts, role: Role) -> int:
    """Return how many seats of a role are held in reserve."""
    return sum(each.role is role and each.holding is Holding.RESERVED for each in facts.staff)


def offers_seats(facts: PracticeFacts, role: Role, at: datetime) -> bool:
    """Return whether the plan has seats of a role to reserve at a price."""
    return CATALOGUE[facts.stands(at).plan].seats(SEAT_OF[role]).extra is not None


def _with(facts: PracticeFacts, holder: SeatHolder) -> PracticeFacts:
    return _staffed(facts, (*facts.staff, holder))


def _staffed(facts: PracticeFacts, staff: tuple[SeatHolder, ...]) -> PracticeFacts:
    return PracticeFacts(facts.subscription, facts.zone, staff, facts.active_clients)
