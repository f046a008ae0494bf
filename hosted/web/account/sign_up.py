"""Signing a practice up, and confirming its e-mail address."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Depends, Response

from app.core.practice.rules.places import ZONES
from hosted.account import content
from hosted.account.commands import sign_up
from hosted.account.commands.means import Refused
from hosted.account.rules.secrets import address_hash, hashed
from hosted.account.rules.sign_up import Mistakes, read
from hosted.web.account.guards import Serving, Site, Typed, count, from_here, origin
from hosted.web.account.pages import Stopped, away, page
from hosted.web.rates import Rate

router = APIRouter(prefix="/account", include_in_schema=False, dependencies=[Depends(from_here)])
_LONGEST_KEY = 200
_TAKEN = Stopped(
    409,
    "This server keeps one practice",
    "It has one already. Ask its owner for an invitation, or sign in.",
)


def _form(typed: Mapping[str, str], mistakes: Mapping[str, str], status: int) -> Response:
    kept = {name: said for name, said in typed.items() if name != "password"}
    return page(
        "sign_up",
        status,
        typed=kept,
        mistakes=mistakes,
        zones=ZONES,
        agreement=content.agreements()[-1],
    )


@router.get("/sign-up")
def form(services: Serving) -> Response:
    """Show the form."""
    if not sign_up.open_for_practices(services.account):
        raise _TAKEN
    return _form({}, {}, 200)


@router.post("/sign-up")
def take(services: Serving, site: Site, typed: Typed, where: str = Depends(origin)) -> Response:
    """Keep a sign-up until its address is confirmed."""
    try:
        fields = read(typed)
        count(services, Rate.SIGN_UP, where)
        if services.rates.allows(Rate.LETTER, "sign-up", address_hash(fields.address).hex()):
            sign_up.begin(services.account, fields, site)
    except Mistakes as mistakes:
        return _form(typed, mistakes.sentences, 422)
    except sign_up.Taken:
        raise _TAKEN from None
    return away("/account/sign-up/sent")


@router.get("/sign-up/sent")
def sent() -> Response:
    """Say that a letter is under way, whatever stands in it."""
    return page("sent", lasts="24 hours")


@router.get("/confirm")
def ask(services: Serving, key: str = "") -> Response:
    """Ask for the password; programs that look at letters open links, too, and begin nothing."""
    if not sign_up.waits(services.account, key):
        return page("confirm", 410, outcome="spent", key="", mistake="")
    return page("confirm", outcome="ask", key=key, mistake="")


@router.post("/confirm", dependencies=[Depends(origin)])
def confirm(services: Serving, typed: Typed) -> Response:
    """Begin the account."""
    key = typed.get("key", "")[:_LONGEST_KEY]
    count(services, Rate.PASSWORD, "sign-up", hashed(key).hex())
    try:
        sign_up.confirm(services.account, key, typed.get("password", ""))
    except sign_up.WrongPassword:
        mistake = "That is not the password that was chosen. If you forgot it, sign up again."
        return page("confirm", 422, outcome="ask", key=key, mistake=mistake)
    except Refused:
        return page("confirm", 410, outcome="spent", key="", mistake="")
    except sign_up.AlreadyThere:
        return page("confirm", 409, outcome="there", key="", mistake="")
    except sign_up.Taken:
        raise _TAKEN from None
    return page("confirm", outcome="done", key="", mistake="")
