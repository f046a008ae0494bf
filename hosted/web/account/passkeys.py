"""Passkeys: signing in with one, giving one as second factor, adding and removing them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from app.core.kernel.errors import UserError
from hosted.account.commands import passkeys
from hosted.account.commands.means import Refused
from hosted.account.rules.browsers import browser_name
from hosted.account.rules.secrets import address_hash
from hosted.web.account.guards import (
    Anybody,
    Fresh,
    HalfKnown,
    Jar,
    Party,
    Serving,
    SettingUp,
    Site,
    Typed,
    count,
    from_here,
    onward,
    origin,
)
from hosted.web.account.pages import Stopped, away, page
from hosted.web.account.second_factor import code_page
from hosted.web.account.sign_in import end_here, sign_in_page
from hosted.web.rates import Rate

router = APIRouter(prefix="/account", include_in_schema=False, dependencies=[Depends(from_here)])
_WRONG = "That passkey does not open this account. Try another one, or go on without."
_NOT_MADE = "No passkey was made. Try once more; nothing holds two for one account."


def _asked(said: dict[str, Any]) -> Response:
    return JSONResponse(said)


@router.post("/sign-in/passkey/ask", dependencies=[Depends(origin)])
def ask_to_sign_in(services: Serving, party: Party) -> Response:
    """Say what the browser is to ask whoever wants to sign in."""
    return _asked(passkeys.ask_to_sign_in(services.account, party))


@router.post("/sign-in/passkey", dependencies=[Depends(origin)])
def sign_in(
    request: Request, services: Serving, site: Site, cookies: Jar, who: Anybody, typed: Typed
) -> Response:
    """Begin a session that is open to everything, for a passkey alone."""
    to = onward(typed.get("next", ""))
    name = browser_name(request.headers.get("user-agent", ""))
    try:
        signed = passkeys.sign_in(services.account, typed.get("answer", ""), name, site)
    except Refused:
        return sign_in_page(site, 422, onward=to, mistake=_WRONG)
    end_here(services, who)
    answer = away(to)
    cookies.begin(answer, signed.secret)
    cookies.know(answer, services.account.seal, address_hash(signed.address))
    return answer


@router.post("/second-factor/passkey/ask")
def ask_to_prove(services: Serving, who: HalfKnown, party: Party) -> Response:
    """Say what the browser is to ask as second factor."""
    count(services, Rate.FACTOR, who.login_id.hex, "passkey")
    return _asked(passkeys.ask_to_prove(services.account, who, party))


@router.post("/second-factor/passkey")
def prove(services: Serving, site: Site, cookies: Jar, who: HalfKnown, typed: Typed) -> Response:
    """Open everything for a passkey."""
    to = onward(typed.get("next", ""))
    try:
        secret = passkeys.prove(services.account, who, typed.get("answer", ""), site)
    except Refused:
        return code_page(site, who, 422, onward=to, mistake=_WRONG)
    services.rates.forget(Rate.FACTOR, who.login_id.hex, "passkey")
    answer = away(to)
    cookies.begin(answer, secret)
    cookies.know(answer, services.account.seal, address_hash(who.address))
    return answer


@router.get("/passkeys/new")
def form(
    request: Request,
    who: SettingUp,
    _party: Party,
    next: str = "",  # noqa: A002 - the name in the address
) -> Response:
    """Ask for a name, then for the passkey."""
    name = browser_name(request.headers.get("user-agent", ""))
    return page("passkey_new", script=True, who=who, name=name, onward=onward(next), mistake="")


@router.post("/passkeys/new/ask")
def ask_to_add(services: Serving, who: SettingUp, party: Party) -> Response:
    """Say what the browser is to make."""
    count(services, Rate.FACTOR, who.login_id.hex, "new passkey")
    return _asked(passkeys.ask_to_add(services.account, who, party))


@router.post("/passkeys/new")
def add(services: Serving, site: Site, cookies: Jar, who: SettingUp, typed: Typed) -> Response:
    """Let a passkey open the account; recovery codes are shown with the first second factor."""
    to, name = onward(typed.get("next", "")), typed.get("name", "")
    try:
        made = passkeys.add(services.account, who, typed.get("answer", ""), name, site)
    except (Refused, UserError) as error:
        mistake = error.sentence if isinstance(error, UserError) else _NOT_MADE
        said = {"who": who, "name": name[:200], "onward": to, "mistake": mistake}
        return page("passkey_new", 422, script=True, **said)
    services.rates.forget(Rate.FACTOR, who.login_id.hex, "new passkey")
    if made.codes:
        answer = page("recovery_codes", who=who, codes=made.codes, onward=to)
    else:
        answer = away("/account#second-factor" if to == "/account" else to)
    cookies.begin(answer, made.secret)
    cookies.know(answer, services.account.seal, address_hash(who.address))
    return answer


@router.post("/passkeys/{passkey_id}/remove")
def remove(services: Serving, site: Site, who: Fresh, passkey_id: UUID) -> Response:
    """Let a passkey open nothing any more."""
    try:
        there = passkeys.remove(services.account, who, passkey_id, site)
    except passkeys.LastFactor:
        raise Stopped(
            409,
            "This passkey is your only second factor",
            "Set up an authenticator app or another passkey first, then remove this one.",
        ) from None
    if not there:
        raise Stopped(404, "No such passkey", "It is not on your account any more.")
    return away("/account#second-factor")
