"""Where a computer that a person connected gets its tokens (RFC 6749, sections 4.1.3 and 6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from app.sync.protocol.terms import Refusal
from hosted.account.commands import connecting
from hosted.account.commands.connecting import Granted, Was
from hosted.account.commands.means import Refused
from hosted.account.rules.connecting import CLIENT
from hosted.web.account.guards import Serving, fields_of
from hosted.web.errors import Turned
from hosted.web.forms import (
    REFUSALS,
    DisconnectForm,
    DoneAnswer,
    Form,
    GrantedAnswer,
    GrantForm,
    GrantRefusedAnswer,
)
from hosted.web.rates import Rate, origin_of

router = APIRouter(prefix="/v1", tags=["devices"], responses=REFUSALS)


def _takes(form: type[Form]) -> dict[str, Any]:
    content = {"application/x-www-form-urlencoded": {"schema": form.model_json_schema()}}
    return {"requestBody": {"required": True, "content": content}}


_SAYS_NO: dict[int | str, dict[str, Any]] = {
    400: {"model": GrantRefusedAnswer, "description": "The code or token opens nothing"}
}


async def brought(request: Request) -> Mapping[str, str]:
    """Return what a program brings."""
    try:
        return await fields_of(request)
    except ValueError:
        raise Turned(Refusal.MALFORMED) from None


Brought = Annotated[Mapping[str, str], Depends(brought)]


@router.post(
    "/token", response_model=GrantedAnswer, responses=_SAYS_NO, openapi_extra=_takes(GrantForm)
)
def token(request: Request, services: Serving, typed: Brought) -> Any:
    """Exchange a code, or a token for renewal, for the next tokens."""
    services.rates.count(Rate.TOKEN, origin_of(request.client.host if request.client else ""))
    if typed.get("client_id") != CLIENT:
        return _refused("invalid_client")
    means, kind = services.account, typed.get("grant_type")
    try:
        if kind == "authorization_code":
            code, verifier = typed.get("code", ""), typed.get("code_verifier", "")
            redirect = typed.get("redirect_uri", "")
            granted = connecting.exchange(means, code, verifier, redirect, _was(typed))
        elif kind == "refresh_token":
            granted = connecting.renew(means, typed.get("refresh_token", ""))
        else:
            return _refused("unsupported_grant_type")
    except connecting.Revoked:
        raise Turned(Refusal.REVOKED) from None
    except Refused:
        return _refused("invalid_grant")
    return _answer(granted)


@router.post(
    "/disconnect",
    responses=_SAYS_NO,
    response_model=DoneAnswer,
    openapi_extra=_takes(DisconnectForm),
)
def disconnect(request: Request, services: Serving, typed: Brought) -> Any:
    """Part a computer from the account, by the token that it brings (RFC 7009, section 2)."""
    services.rates.count(Rate.TOKEN, origin_of(request.client.host if request.client else ""))
    if typed.get("client_id") != CLIENT:
        return _refused("invalid_client")
    try:
        connecting.disconnect(services.account, typed.get("token", ""))
    except Refused:
        # Unlike section 2.2, so that the computer can tell its person the truth.
        return _refused("invalid_grant")
    return DoneAnswer()


def _was(typed: Mapping[str, str]) -> Was | None:
    """Return what a computer says of itself; turns away what is no id."""
    if not typed.get("incarnation"):
        return None
    device_id = typed.get("device_id")
    try:
        return Was(UUID(hex=typed["incarnation"]), UUID(hex=device_id) if device_id else None)
    except ValueError:
        raise Turned(Refusal.MALFORMED) from None


def _answer(granted: Granted) -> GrantedAnswer:
    return GrantedAnswer(
        access_token=granted.access,
        refresh_token=granted.refresh,
        token_type="Bearer",  # noqa: S106 - its kind, not a token
        expires_in=granted.seconds,
        device_id=granted.device_id.hex,
        practice_id=granted.practice_id.hex if granted.practice_id else None,
        member_id=granted.member_id.hex if granted.member_id else None,
    )


def _refused(error: str) -> Response:
    return JSONResponse({"error": error}, 400)
