"""Members and invitations in words: roles, what each may do, when somebody was here."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.core.kernel.acting import Permission, Role
from app.core.kernel.entitlement import SEAT_OF, Plan, SeatKind, Standing
from app.core.kernel.money import ZERO, Money
from app.core.kernel.phrases import date_words, plural, short_day, time_words
from app.core.kernel.text import initials
from app.core.membership.rules.catalogue import CATALOGUE
from app.core.membership.rules.growth import from_reserve, invitation_blockers
from app.core.membership.rules.moves import PracticeFacts
from app.core.membership.rules.offers import day_of
from app.core.membership.rules.prices import due_now, monthly_price
from app.core.membership.rules.seats import Holding, SeatHolder
from app.core.team.rules import FIXED_WORDS, PERMISSION_WORDS, ROLE_WORDS

ROLES: dict[Role, str] = {
    Role.OWNER: "Owner",
    Role.PROVIDER: "Provider",
    Role.ASSOCIATE: "Associate",
    Role.ADMIN: "Admin",
}
#: Roles that somebody can be invited to, or be given.
GIVEN = (Role.PROVIDER, Role.ASSOCIATE, Role.ADMIN, Role.OWNER)
#: Roles whose rights an owner decides on; an owner has every right.
DECIDED = (Role.PROVIDER, Role.ASSOCIATE, Role.ADMIN)
#: What each is, where one is chosen.
WHAT: dict[Role, str] = {
    Role.OWNER: "Owner, with a clinician seat",
    Role.PROVIDER: "Provider, with a clinician seat",
    Role.ASSOCIATE: "Associate, supervised",
    Role.ADMIN: "Admin, for scheduling and billing",
}
#: What somebody does who has no license to name.
WORK: dict[Role, str] = {
    Role.OWNER: "Runs the practice",
    Role.PROVIDER: "Sees clients",
    Role.ASSOCIATE: "Sees clients, supervised",
    Role.ADMIN: "Billing and scheduling",
}
#: What each sits on, under their role.
SITS: dict[Role, str] = {
    Role.OWNER: "Clinician seat",
    Role.PROVIDER: "Clinician seat",
    Role.ASSOCIATE: "Supervised",
    Role.ADMIN: "Free",
}
#: So many members of a role are named; more are counted.
_NAMED = 4
SEATS: dict[SeatKind, str] = {
    SeatKind.CLINICIAN: "a clinician seat",
    SeatKind.ASSOCIATE: "an associate seat",
    SeatKind.ADMIN: "an admin seat",
}
#: What is said before a role is given that changes more than its holder's own work.
GIVING: dict[Role, str] = {
    Role.OWNER: "An owner sees every case and note, and runs plan and team, also your own role "
    "and membership.",
}
_WHOSE: dict[Role, str] = {
    Role.OWNER: "all cases",
    Role.PROVIDER: "own and shared cases",
    Role.ASSOCIATE: "own cases",
    Role.ADMIN: "all cases",
}


def may_do(role: Role, rights: Collection[Permission]) -> list[tuple[Permission, str, bool]]:
    """Return what a role with these rights may do, and what not, in the order of a day's work."""
    named = {
        Permission.READ_RECORDS: f"See {_WHOSE[role]}",
        Permission.READ_NOTES: FIXED_WORDS[Permission.READ_NOTES],
        **PERMISSION_WORDS,
        Permission.MANAGE_TEAM: FIXED_WORDS[Permission.MANAGE_TEAM],
    }
    return [(each, words, each in rights) for each, words in named.items()]


def of_role_words(role: Role, names: Sequence[str]) -> str:
    """Return for whom a right of a role counts: ``This is about Tomás Arriaga and Ola Berg.``"""
    one, many = ROLE_WORDS[role]
    if not names:
        return f"Nobody is {one} yet: this is for whoever becomes one."
    if len(names) > _NAMED:
        return f"This is about {len(names)} {many}."
    *before, last = names
    return f"This is about {' and '.join(filter(None, (', '.join(before), last)))}."


def fixed_words(plan: str, standing: Standing) -> str:
    """Return why roles cannot be changed now, and what Group adds."""
    if standing is not Standing.WITHIN and plan == Plan.GROUP:
        return "What you decided stays. It can be changed again once the plan is renewed."
    named = next((f"on {CATALOGUE[each].name}" for each in Plan if each == plan), "here")
    return f"Roles are fixed {named}. On Group you give each role more, or less."


def initials_of(name: str) -> str:
    """Return the initials of a name as it is written: ``Imani Osei`` has ``IO``."""
    given, _, family = name.rpartition(" ")
    return initials(given, family)


def called(name: str) -> str:
    """Return what somebody is called for short: ``Imani``.

    A name in another script is said whole: its first word may be half of the given name.
    """
    return name.partition(" ")[0] if _is_latin(name) else name


def _is_latin(name: str) -> bool:
    return all("LATIN" in unicodedata.name(each, "") for each in name if each.isalpha())


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
    return short_day(here.date()) if here.year == today.year else date_words(here.date())


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
    another = SeatHolder("", "", role, Holding.RESERVED)
    said = _dearer(facts, (*facts.staff, another), at, "a month")
    return said or "No charge for this seat on your plan."


def seats_due(facts: PracticeFacts, role: Role, more: int, at: datetime) -> Money:
    """Return what so many seats more of a role cost at once: of ``seat_cost`` what is due now."""
    another = SeatHolder("", "", role, Holding.RESERVED)
    return _at_once(facts, (*facts.staff, *(another for _ in range(more))), at)


def invitation_due(facts: PracticeFacts, role: Role, at: datetime) -> Money:
    """Return what an invitation to a role costs at once."""
    return seats_due(facts, role, 0 if from_reserve(facts, role, at) else 1, at)


def invitation_cost(facts: PracticeFacts, role: Role, at: datetime) -> str:
    """Return what an invitation to a role costs: nothing more where a seat is held in reserve."""
    if not from_reserve(facts, role, at):
        return seat_cost(facts, role, at)
    kept = SEATS[SEAT_OF[role]]
    return (
        f"This takes {kept} that you hold in reserve, and nothing more is charged. If nobody "
        "joins, the seat is held in reserve again."
    )


def again_words(facts: PracticeFacts, role: Role, at: datetime) -> str:
    """Return what comes of sending an invitation again that has ended."""
    stands = invitation_blockers(facts, role, at)
    said = " ".join(each.words for each in stands) or invitation_cost(facts, role, at)
    return f"Sent again, the invitation takes its seat anew. {said}"


def in_reserve(free: int) -> str:
    """Return what is said of seats of a role that are held in reserve, and free."""
    return (
        f"{free} held in reserve: an invitation takes it, and nothing more is charged. Given back, "
        "what is left of the month comes off the next invoice."
    )


def role_cost(facts: PracticeFacts, holder_id: str, role: Role, at: datetime) -> str:
    """Return what another role of a member costs more a month, and of that at once, if it does."""
    staff = (replace(each, role=role) if each.id == holder_id else each for each in facts.staff)
    return _dearer(facts, tuple(staff), at, "a month more")


def gives_back(facts: PracticeFacts, holder_id: str, at: datetime) -> Money:
    """Return what the next invoice takes off when a seat is given back now."""
    return -_at_once(facts, tuple(each for each in facts.staff if each.id != holder_id), at)


def reserved_of(facts: PracticeFacts, role: Role) -> int:
    """Return how many seats of a role are held in reserve, those that invitations took included."""
    return sum(each.role is role and each.holding is Holding.RESERVED for each in facts.staff)


def offers_seats(facts: PracticeFacts, role: Role, at: datetime) -> bool:
    """Return whether the plan has seats of a role to reserve at a price."""
    return CATALOGUE[facts.stands(at).plan].seats(SEAT_OF[role]).extra is not None


def _at_once(facts: PracticeFacts, staff: tuple[SeatHolder, ...], at: datetime) -> Money:
    """Return what is due now for ``staff`` in the place of today's; below zero it is credit."""
    plan, paid = facts.stands(at).plan, facts.subscription.paid
    if paid is None or at >= paid.ends:
        return ZERO
    before = monthly_price(plan, facts.used(at))
    return due_now(before, monthly_price(plan, replace(facts, staff=staff).used(at)), paid, at)


def _dearer(
    facts: PracticeFacts, staff: tuple[SeatHolder, ...], at: datetime, each_month: str
) -> str:
    plan, paid = facts.stands(at).plan, facts.subscription.paid
    before = monthly_price(plan, facts.used(at))
    after = monthly_price(plan, replace(facts, staff=staff).used(at))
    more = after - before
    if more.cents <= 0:
        return ""
    if paid is None or at >= paid.ends:
        return f"{more} {each_month}."
    now, left = due_now(before, after, paid, at), plural(paid.days_left(at), "day")
    until = day_of(paid.ends, facts.zone)
    return f"{more} {each_month}, {now} of it now for the {left} until {until}."
