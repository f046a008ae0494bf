"""Every refusal in one form, ``{"refused": code, "detail": …}``; no input is ever echoed."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from app.sync import wire
from app.sync.protocol.membership import BLOCKED, WRONG_ROLE
from app.sync.protocol.messages import Refused
from app.sync.protocol.terms import Refusal
from hosted.logs import log

#: What only pairing and files answer; the exchange's own codes are ``terms.Refusal``.
CODE, PRACTICE, TOO_MANY, NOT_FOUND, INTERNAL = (
    "code",
    "practice",
    "too_many",
    "not_found",
    "internal",
)
#: The server does not know the address that its letters would name.
ADDRESS = "address"
#: Refusals that have a status of their own; all others are ordinary answers, 200.
STATUS = {
    ADDRESS: 421,
    Refusal.UNKNOWN_DEVICE.value: 401,
    Refusal.REVOKED.value: 403,
    Refusal.TOO_LARGE.value: 413,
    Refusal.MALFORMED.value: 422,
    Refusal.UPGRADE_REQUIRED.value: 426,
    Refusal.BUSY.value: 503,
    CODE: 403,
    PRACTICE: 409,
    TOO_MANY: 429,
    NOT_FOUND: 404,
    Refusal.NO_COMPUTER.value: 403,
    WRONG_ROLE: 403,
    BLOCKED: 409,
    INTERNAL: 500,
}
_BY_STATUS = {404: NOT_FOUND, 405: "method", 413: Refusal.TOO_LARGE.value}
_AGAIN = {429: "60", 503: "1"}


class Turned(Exception):
    """A request that is not answered; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def refusal(code: str, status: int | None = None) -> Response:
    """Return a refusal as an answer."""
    number = status or STATUS.get(code, 200)
    headers = {"Retry-After": _AGAIN[number]} if number in _AGAIN else {}
    if number == 401:
        headers["WWW-Authenticate"] = "Bearer"
    body = wire.write(Refused(code).to_json())
    return Response(body, number, headers, media_type="application/json")


def install(app: FastAPI) -> None:
    """Answer everything that goes wrong in our form."""

    @app.exception_handler(Turned)
    def _turned(_request: Request, error: Turned) -> Response:
        return refusal(error.code)

    @app.exception_handler(RequestValidationError)
    def _malformed(_request: Request, _error: RequestValidationError) -> Response:
        return refusal(Refusal.MALFORMED.value)

    @app.exception_handler(HTTPException)
    def _http(_request: Request, error: HTTPException) -> Response:
        answer = refusal(_BY_STATUS.get(error.status_code, "http"), error.status_code)
        answer.headers.update(error.headers or {})
        return answer

    @app.exception_handler(Exception)
    def _broken(_request: Request, error: Exception) -> Response:
        place = error.__traceback__
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else ""
        # The class and the place alone: an error's text may repeat what a person typed.
        log().error("broken", error=type(error).__name__, where=where)
        return refusal(INTERNAL)
