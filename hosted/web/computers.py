"""Pairing, the list of computers, and revoking one."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Request
from pydantic import ValidationError

from app.sync import wire
from app.sync.protocol.terms import Refusal
from app.sync.wire import Malformed
from hosted.account.commands.connecting import Was
from hosted.pairing import CODE_LASTS, NotPaired, NotYours, Paired, is_plausible
from hosted.sync.callers import Caller
from hosted.team.commands.computers import tell_of_computer
from hosted.web import errors
from hosted.web.account.guards import known_site
from hosted.web.errors import Turned
from hosted.web.forms import (
    REFUSALS,
    CodeAnswer,
    DeviceAnswer,
    DeviceId,
    DevicesAnswer,
    DoneAnswer,
    Form,
    PairedAnswer,
    PairForm,
    PracticeForm,
    RevokedAnswer,
    uuid,
)
from hosted.web.rates import Rate, origin_of
from hosted.web.security import raw_body, token_of, unpacked
from hosted.web.services import Services

_SMALL = 16 * 1024
F = TypeVar("F", bound=Form)


async def small_body(request: Request) -> bytes:
    """Return a body of a few names."""
    return await raw_body(request, _SMALL)


Body = Annotated[bytes, Depends(small_body)]


def _takes(form: type[Form]) -> dict[str, Any]:
    content = {"application/json": {"schema": form.model_json_schema()}}
    return {"requestBody": {"required": True, "content": content}}


def _read(form: type[F], request: Request, body: bytes) -> F:
    try:
        return form.model_validate(wire.read(unpacked(request, body)))
    except (Malformed, ValidationError):
        raise Turned(Refusal.MALFORMED) from None


def _was(form: PairForm) -> Was | None:
    """Return what a computer says of itself."""
    if form.incarnation is None:
        return None
    device_id = None if form.device_id is None else uuid(form.device_id)
    return Was(uuid(form.incarnation), device_id)


def _tell(services: Services, request: Request, paired: Paired) -> None:
    """Tell the member of a computer that a code connected."""
    if paired.practice_id is not None and paired.member_id is not None:
        site = known_site(request, services)
        tell_of_computer(services.team, paired.practice_id, paired.member_id, site)


def _new_code(services: Services, caller: Caller) -> str:
    """Return a code for another computer of the caller's, unless this one was just taken off."""
    try:
        return services.devices.new_code(
            caller.practice_id, caller.member_id, device_id=caller.device_id
        )
    except NotYours:
        raise Turned(Refusal.REVOKED) from None


def routes(services: Services) -> APIRouter:
    """Return the routes of pairing and of the list of computers."""
    router = APIRouter(prefix="/v1", tags=["devices"], responses=REFUSALS)

    @router.post("/pair", openapi_extra=_takes(PairForm))
    def pair(request: Request, body: Body) -> PairedAnswer:
        """Exchange a one-time code for a token, which is told this once."""
        services.rates.count(Rate.PAIR, origin_of(request.client.host if request.client else ""))
        form = _read(PairForm, request, body)
        if not is_plausible(form.code):
            raise Turned(errors.CODE)
        try:
            paired = services.devices.pair(form.code, form.device_name, form.program, _was(form))
        except NotPaired:
            raise Turned(errors.CODE) from None
        _tell(services, request, paired)
        return PairedAnswer(
            token=paired.token,
            device_id=paired.device_id.hex,
            practice_id=paired.practice_id.hex if paired.practice_id else None,
            member_id=paired.member_id.hex if paired.member_id else None,
        )

    @router.post("/practices", openapi_extra=_takes(PracticeForm))
    def practices(request: Request, body: Body) -> DoneAnswer:
        """Begin a practice with its first computer."""
        token = token_of(request)
        device = services.devices.by_token(token)
        if device is None:
            raise Turned(Refusal.UNKNOWN_DEVICE)
        if device.revoked_at is not None:
            raise Turned(Refusal.REVOKED)
        form = _read(PracticeForm, request, body)
        try:
            services.devices.found_practice(token, uuid(form.practice_id), uuid(form.member_id))
        except NotYours:
            raise Turned(errors.PRACTICE) from None
        return DoneAnswer()

    @router.post("/codes")
    def codes(request: Request) -> CodeAnswer:
        """Return a one-time code for another computer of the same member, if the plan has room."""
        caller = services.member(request)
        services.require_room(caller)
        code = _new_code(services, caller)
        return CodeAnswer(code=code, seconds=int(CODE_LASTS.total_seconds()))

    @router.get("/devices")
    def devices(request: Request) -> DevicesAnswer:
        """Return the practice's computers to its owner, their own ones to others."""
        caller = services.member(request)
        return DevicesAnswer(
            devices=[
                DeviceAnswer(
                    id=each.id.hex,
                    name=each.name,
                    program=each.program,
                    system=each.system,
                    member_id=each.member_id.hex if each.member_id else None,
                    paired_at=each.paired_at,
                    seen_at=each.seen_at,
                    revoked_at=each.revoked_at,
                    disconnected_at=each.disconnected_at,
                    handed_over=each.left is not None,
                    mine=each.id == caller.device_id,
                )
                for each in services.devices.listed(caller.practice_id, services.reach(caller))
            ]
        )

    @router.post("/devices/{device_id}/revoke")
    def revoke(device_id: DeviceId, request: Request) -> RevokedAnswer:
        """Refuse a computer from now on; its unsent work it may still hand over, once."""
        caller = services.member(request)
        try:
            at = services.devices.revoke(
                caller.practice_id, uuid(device_id), services.reach(caller)
            )
        except NotYours:
            raise Turned(errors.NOT_FOUND) from None
        return RevokedAnswer(revoked_at=at)

    return router
