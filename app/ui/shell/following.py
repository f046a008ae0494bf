"""What the member may do became another, or the plan's standing: heard, and said in a sentence.

No Qt.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from app.core.kernel.acting import Actor, Permission, Role
from app.core.kernel.changes import RIGHTS
from app.core.kernel.desk import Desk
from app.core.kernel.entitlement import Entitlement, Feature, Standing
from app.core.team.queries import MemberView, members
from app.core.team.rules import FIXED_WORDS, PERMISSION_WORDS, ROLE_WORDS
from app.ui.shell.presenter import Deliver, Presenter

_WORDS = FIXED_WORDS | PERMISSION_WORDS
_ENDED = "Your membership has ended: what is here can be read, and nothing is written any more."
_ACTIVE = "The plan is active again: everything can be done."
_UNCHECKED = (
    "The plan could not be checked for 44 days: until this computer reaches the account once, no "
    "client is made active and nobody invited."
)
#: What a standing of the plan brings: to who renews it, and to everybody else.
_STANDINGS: dict[Standing, tuple[str, str]] = {
    Standing.WITHIN: (_ACTIVE, _ACTIVE),
    Standing.LAPSED: (
        "The plan has ended: records stay open and begun work can be finished; to book and to add "
        "clients, renew it under Settings, Subscription.",
        "The practice\u2019s plan has ended: records stay open and begun work can be finished; new "
        "sessions and clients wait until an owner renews it.",
    ),
    Standing.ARCHIVE: (
        "The practice is archived: drafts can be finished, and everything read and exported.",
        "The practice is archived: everything can be read, and nothing is written any more.",
    ),
    Standing.STALE: (_UNCHECKED, _UNCHECKED),
}


@dataclass(frozen=True, slots=True)
class Left:
    """The page that is no part of the rights any more: its words, if there is one.

    One that holds ``unkept`` words stays in sight until its writer leaves it.
    """

    page: str = ""
    unkept: bool = False

    @property
    def words(self) -> str:
        """Return what is said of it behind the change, with a space before it."""
        if not self.page:
            return ""
        if self.unkept:
            return (
                " What you typed on this page cannot be saved: copy it before you go elsewhere; "
                "the page is not part of it any more."
            )
        return f" The page \u201c{self.page}\u201d is not part of it."


class Following(Presenter):
    """``sentence`` says what changed last, until it is dismissed."""

    def __init__(self, desk: Desk, deliver: Deliver, moved: Callable[[], Left]) -> None:
        """``moved`` hears of other rights; it returns the page that is no part of them."""
        super().__init__(desk, deliver)
        self.sentence = ""
        self._moved = moved
        self._actor, self._plan = desk.actor, desk.entitlement
        # The rights come behind a plan that is there at once: of which plan the last ones were.
        self._rights_of = self._plan
        self.watch(RIGHTS, "membership")

    def refresh(self) -> None:
        """Look whether anything became another; also told when time has passed."""
        actor, plan = self.desk.actor, self.desk.entitlement
        before, self._actor = self._actor, actor
        stood, self._plan = self._plan.standing, plan
        if actor != before:
            had, self._rights_of = self._rights_of, plan
            self._follow(before, actor, had, plan)
        elif plan.standing is not stood:
            manages = actor.may(Permission.MANAGE_TEAM)
            self.say(_STANDINGS[plan.standing][0 if manages else 1])

    def dismiss(self) -> None:
        """Say it no longer."""
        self.say("")

    def _follow(self, before: Actor, now: Actor, had: Entitlement, plan: Entitlement) -> None:
        left = self._moved()

        def tell(found: list[MemberView]) -> None:
            said = changed_words(before, now, by_whom(found, now), _group(had), _group(plan))
            self.say(f"{said}{left.words}" if said else "")

        self.read("owners", members, then=tell)

    def say(self, sentence: str) -> None:
        """Say a sentence until it is read."""
        self.sentence = sentence
        self.changed()


def by_whom(found: Collection[MemberView], actor: Actor) -> str:
    """Return who gives roles and rights: the owner, where it can be one alone."""
    owners = [e.name for e in found if e.role is Role.OWNER and e.id != actor.member_id]
    return owners[0] if len(owners) == 1 else "An owner"


def changed_words(before: Actor, now: Actor, by: str, had_group: bool, has_group: bool) -> str:
    """Return in a sentence what became of a member's rights, and by whom."""
    if not now.permissions:
        return _ENDED
    one, many = ROLE_WORDS[now.role]
    new, gone = (_named(each) for each in (_more(now, before), _more(before, now)))
    if now.role is not before.role or not before.permissions:
        return f"{by} made you {one}."
    if not new and not gone:
        return ""
    if had_group is not has_group:
        which = "is on Group" if has_group else "is no longer on Group"
        return f"The practice {which} now, which changes what {many} may do: {_both(new, gone)}."
    if new and gone:
        return f"{by} changed what {many} may do: {_both(new, gone)}."
    return f"{by} lets {many} do more: {new}." if new else f"{by} took from {many}: {gone}."


def _more(one: Actor, other: Actor) -> list[Permission]:
    return [each for each in _WORDS if one.may(each) and not other.may(each)]


def _named(rights: Collection[Permission]) -> str:
    words = (_WORDS[each] for each in rights)
    return "; ".join(each[:1].lower() + each[1:] for each in words)


def _both(new: str, gone: str) -> str:
    parts = (f"new is {new}" if new else "", f"gone is {gone}" if gone else "")
    return "; ".join(filter(None, parts))


def _group(plan: Entitlement) -> bool:
    return Feature.STAFF_PERMISSIONS in plan.features
