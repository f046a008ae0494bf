"""Joining a practice by the link of a letter, and leaving one."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from hosted.account import content, queries
from hosted.account.commands import sessions
from hosted.account.commands.means import Refused
from hosted.account.commands.sign_up import AlreadyThere
from hosted.account.queries import Place, Visitor
from hosted.account.rules.browsers import browser_name
from hosted.account.rules.secrets import address_hash
from hosted.account.rules.sign_up import Mistakes
from hosted.store.engine import For
from hosted.team.commands import joining, members
from hosted.team.commands.means import Gone
from hosted.team.queries import Invited
from hosted.team.rules import ROLE_WORDS, NotNow
from hosted.web.account.guards import (
    Anybody,
    Fresh,
    Jar,
    Known,
    Serving,
    Typed,
    count,
    from_here,
    onward,
    origin,
    with_next,
)
from hosted.web.account.pages import Stopped, away, page
from hosted.web.rates import Rate
from hosted.web.services import Services

router = APIRouter(prefix="/account", include_in_schema=False, dependencies=[Depends(from_here)])
_LONGEST_KEY = 200


def _page(
    outcome: str,
    status: int = 200,
    *,
    of: Invited | None = None,
    key: str = "",
    who: Visitor | None = None,
    typed: Mapping[str, str] | None = None,
    mistakes: Mapping[str, str] | None = None,
) -> Response:
    """Return the page of an invitation, without a word of one that opens nothing."""
    return page(
        "invitation",
        status,
        outcome=outcome,
        who=who,
        practice=of.practice if of else "",
        role=ROLE_WORDS[of.role] if of else "",
        address=of.address if of else "",
        name=(typed or {}).get("name", of.name if of else ""),
        key=key,
        sign_in=with_next("/account/sign-in", _here(key)),
        mistakes=mistakes or {},
        agreement=content.agreements()[-1],
    )


def _here(key: str) -> str:
    return onward(f"/account/invitation?key={key}")


def _spent() -> Response:
    return _page("spent", 410)


@router.get("/invitation")
def ask(services: Serving, who: Anybody, key: str = "") -> Response:
    """Show the next step of whoever opens the link; looking at it changes nothing."""
    try:
        of = joining.invited(services.team, key)
    except Refused:
        return _spent()
    if who is None:
        known = joining.has_login(services.team, of)
        return _page("known" if known else "new", of=of, key=key)
    if address_hash(who.address) != of.address_hash:
        return _page("other", 403, who=who)
    if not who.proved:
        step = "" if who.has_factor else "/new"
        return away(with_next(f"/account/second-factor{step}", _here(key)))
    return _page("join", of=of, key=key, who=who)


@router.post("/invitation")
def begin(
    request: Request, services: Serving, cookies: Jar, typed: Typed, where: str = Depends(origin)
) -> Response:
    """Make the login of somebody new, who goes on to the second factor."""
    key, password = typed.get("key", "")[:_LONGEST_KEY], typed.get("password", "")
    count(services, Rate.SIGN_UP, where)
    try:
        of = joining.begin(services.team, key, typed.get("name", ""), password)
    except Mistakes as mistakes:
        of = joining.invited(services.team, key)
        return _page("new", 422, of=of, key=key, typed=typed, mistakes=mistakes.sentences)
    except AlreadyThere:
        return away(with_next("/account/sign-in", _here(key)))
    except Refused:
        return _spent()
    name = browser_name(request.headers.get("user-agent", ""))
    secret = sessions.sign_in(services.account, of.address, password, name)
    answer = away(with_next("/account/second-factor/new", _here(key)))
    cookies.begin(answer, secret)
    return answer


@router.post("/invitation/join")
def join(services: Serving, who: Known, typed: Typed) -> Response:
    """Open the membership."""
    key = typed.get("key", "")[:_LONGEST_KEY]
    agreed = typed.get("agreement", "") if typed.get("agree") == "yes" else ""
    of = None
    try:
        of = joining.invited(services.team, key)
        joining.join(services.team, who, key, agreed)
    except Mistakes as mistakes:
        return _page("join", 422, of=of, key=key, who=who, mistakes=mistakes.sentences)
    except joining.OtherPerson:
        return _page("other", 403, who=who)
    except Refused:
        # Whoever presses twice has joined by the first press: the second is no refusal.
        of = joining.joined(services.team, who, key)
        if of is None:
            return _spent()
    return _page("joined", of=of, who=who)


@router.get("/practices/{account_id}/leave")
def ask_to_leave(services: Serving, who: Fresh, account_id: UUID) -> Response:
    """Ask whether a person means to leave a practice."""
    return page("leave", who=who, place=_place(services, who, account_id))


@router.post("/practices/{account_id}/leave")
def leave(services: Serving, cookies: Jar, who: Fresh, account_id: UUID) -> Response:
    """Leave a practice: its computers let go of it, and every browser is signed out."""
    place = _place(services, who, account_id)
    if place.member_id is None:
        raise _not_yours()
    whose = For(place.practice_id, account=account_id)
    try:
        members.leave(services.team, whose, place.member_id)
    except NotNow as reason:
        raise Stopped(409, "You cannot leave yet", str(reason)) from None
    except Gone:
        raise _not_yours() from None
    answer = page("left", practice=place.name)
    cookies.end(answer)
    return answer


def _place(services: Services, who: Visitor, account_id: UUID) -> Place:
    for place in queries.places(services.account.database, who.login_id):
        if place.account_id == account_id:
            return place
    raise _not_yours()


def _not_yours() -> Stopped:
    return Stopped(404, "You do not belong to that practice", "Perhaps you have left it already.")
