"""The second factor: set up before anything else opens, then asked for at each sign-in."""

from __future__ import annotations

import segno
from fastapi import APIRouter, Depends, Response
from markupsafe import Markup

from hosted.account.commands import second_factor
from hosted.account.commands.means import Refused
from hosted.account.queries import Visitor
from hosted.account.rules.passkeys import party_of
from hosted.account.rules.secrets import address_hash
from hosted.web.account.guards import (
    Fresh,
    HalfKnown,
    Jar,
    Serving,
    SettingUp,
    Site,
    Typed,
    count,
    from_here,
    onward,
    with_next,
)
from hosted.web.account.pages import Away, away, page
from hosted.web.rates import Rate
from hosted.web.services import Services

router = APIRouter(prefix="/account", include_in_schema=False, dependencies=[Depends(from_here)])
_WRONG = "That code is not right. Codes change every half minute, and each works once."


def code_page(site: str, who: Visitor, status: int = 200, **said: str) -> Response:
    """Return the page that asks for the second factor: a code, or a passkey if there is one."""
    passkeys = who.has_passkey and party_of(site) is not None
    return page("second_factor", status, script=passkeys, has_app=who.has_app, **said)


@router.get("/second-factor")
def ask(
    site: Site,
    who: HalfKnown,
    next: str = "",  # noqa: A002 - the name in the address
) -> Response:
    """Ask for a code; whoever has no second factor sets one up first."""
    if not who.has_factor:
        return away(with_next("/account/second-factor/new", onward(next)))
    return code_page(site, who, onward=onward(next), mistake="")


@router.post("/second-factor")
def prove(services: Serving, site: Site, cookies: Jar, who: HalfKnown, typed: Typed) -> Response:
    """Open everything for a code."""
    to = onward(typed.get("next", ""))
    count(services, Rate.FACTOR, who.login_id.hex)
    try:
        secret = second_factor.prove(services.account, who, typed.get("code", ""))
    except Refused:
        return code_page(site, who, 422, onward=to, mistake=_WRONG)
    services.rates.forget(Rate.FACTOR, who.login_id.hex)
    answer = away(to)
    cookies.begin(answer, secret)
    cookies.know(answer, services.account.seal, address_hash(who.address))
    return answer


def _offered(
    services: Services, site: str, who: Visitor, to: str, status: int = 200, mistake: str = ""
) -> Response:
    try:
        offered = second_factor.offer(services.account, who)
    except Refused:
        raise Away("/account/second-factor") from None
    code = segno.make(offered.address, error="m")
    # Made here of a key of ours: shapes alone, without style or script.
    square = Markup(  # noqa: S704
        code.svg_inline(scale=5, border=2, omitsize=True, svgclass=None, lineclass=None)
    )
    key = " ".join(offered.key[at : at + 4] for at in range(0, len(offered.key), 4))
    return page(
        "second_factor_new",
        status,
        who=who,
        square=square,
        key=key,
        onward=to,
        to_passkeys=with_next("/account/passkeys/new", to) if party_of(site) else "",
        mistake=mistake,
    )


@router.get("/second-factor/new")
def offer(
    services: Serving,
    site: Site,
    who: SettingUp,
    next: str = "",  # noqa: A002 - the name in the address
) -> Response:
    """Show the key for an authenticator app."""
    return _offered(services, site, who, onward(next))


@router.post("/second-factor/new")
def take_up(
    services: Serving,
    site: Site,
    cookies: Jar,
    who: SettingUp,
    typed: Typed,
) -> Response:
    """Let the app's codes count, and show the recovery codes this once."""
    to = onward(typed.get("next", ""))
    count(services, Rate.FACTOR, who.login_id.hex)
    try:
        made = second_factor.take_up(services.account, who, typed.get("code", ""), site)
    except Refused:
        return _offered(services, site, who, to, 422, _WRONG)
    services.rates.forget(Rate.FACTOR, who.login_id.hex)
    answer = page("recovery_codes", who=who, codes=made.codes, onward=to)
    cookies.begin(answer, made.secret)
    cookies.know(answer, services.account.seal, address_hash(who.address))
    return answer


@router.post("/recovery-codes")
def renew(services: Serving, who: Fresh) -> Response:
    """Show ten new recovery codes this once."""
    codes = second_factor.renew_codes(services.account, who)
    return page("recovery_codes", who=who, codes=codes, onward="/account")
