"""Pages: made from templates, with headers of their own; cookies; and what turns a visitor back."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.exceptions import HTTPException

from hosted.account.rules.passwords import Busy
from hosted.seal import NotSealedHere, Seal
from hosted.web.account import look
from hosted.web.errors import Turned

_TEMPLATES = Path(__file__).resolve().parents[1] / "templates"
#: Nothing from elsewhere, nothing inline, no scripts at all; forms go to this server alone. A page
#: that takes passkeys may run our own script file, which may ask this server and write no markup.
_POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
_WITH_SCRIPT = "; script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'"
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    # With less a browser would not say from where a form comes.
    "Referrer-Policy": "same-origin",
}
_WORDS = {
    404: ("There is no such page", "Perhaps the link was not copied whole."),
    500: ("Something went wrong here", "That was our mistake. Try again in a minute."),
    503: ("Busy for a moment", "Try again in a minute."),
}
_OTHERWISE = ("That could not be read", "Open the page again, then try once more.")
_SESSION, _KNOWN = "session", "known"
_YEAR = 365 * 24 * 3600

_pages = Environment(
    loader=FileSystemLoader(_TEMPLATES),
    autoescape=select_autoescape(default=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


class Away(Exception):
    """The visitor belongs on another page of ours first."""

    def __init__(self, place: str) -> None:
        super().__init__(place)
        self.place = place


class Stopped(Exception):
    """The visitor is shown a sentence instead of a page; ``seconds`` when a wait helps."""

    def __init__(self, status: int, title: str, sentence: str, *, seconds: int = 0) -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.sentence = sentence
        self.seconds = seconds


def page(template: str, status: int = 200, *, script: bool = False, **said: Any) -> Response:
    """Return a page; ``who`` is the visitor whose name stands at its top.

    ``script``: it takes passkeys, which no browser gives away without one.
    """
    words = {
        "who": None,
        "style": f"/account/look/{look.STYLE.name}",
        "script": f"/account/look/{look.SCRIPT.name}" if script else "",
        **said,
    }
    text = _pages.get_template(f"account/{template}.html").render(words)
    more = {"Content-Security-Policy": _POLICY + _WITH_SCRIPT} if script else {}
    return HTMLResponse(text, status, {**_HEADERS, **more})


def away(place: str) -> Response:
    """Send the visitor to another page of ours."""
    return RedirectResponse(place, 303)


def install(app: FastAPI) -> None:
    """Answer a visitor who is turned back with a page."""

    @app.exception_handler(Away)
    def _away(_request: Request, error: Away) -> Response:
        return away(error.place)

    @app.exception_handler(Stopped)
    def _stopped(_request: Request, error: Stopped) -> Response:
        answer = page("stopped", error.status, title=error.title, sentence=error.sentence)
        if error.seconds:
            answer.headers["Retry-After"] = str(error.seconds)
        return answer

    @app.exception_handler(Busy)
    def _busy(_request: Request, _error: Busy) -> Response:
        title, sentence = _WORDS[503]
        answer = page("stopped", 503, title=title, sentence=sentence)
        answer.headers["Retry-After"] = "5"
        return answer

    for kind in (Turned, RequestValidationError, HTTPException, Exception):
        _say_it_on_a_page(app, kind)


def _say_it_on_a_page(app: FastAPI, kind: type[Exception]) -> None:
    """Let a person read what a program is answered as JSON; it is logged alike."""
    # Ours are plain functions, all of them: ``errors.install``.
    for_programs = cast("Callable[[Request, Exception], Response]", app.exception_handlers[kind])

    def answered(request: Request, error: Exception) -> Response:
        plain = for_programs(request, error)
        if not request.url.path.startswith("/account"):
            return plain
        title, sentence = _WORDS.get(plain.status_code, _OTHERWISE)
        return page("stopped", plain.status_code, title=title, sentence=sentence)

    app.add_exception_handler(kind, answered)


@dataclass(frozen=True, slots=True)
class Cookies:
    """The cookies of one site.

    ``__Host-`` cookies come over TLS from this very host and no other. On one's own machine there
    is no TLS, and then they have plain names.
    """

    secure: bool

    def session(self, request: Request) -> str:
        """Return the secret of the browser's session, "" when there is none."""
        return request.cookies.get(self._name(_SESSION), "")

    def begin(self, answer: Response, secret: str) -> None:
        """Let the browser bear a session's secret until it is closed."""
        self._set(answer, _SESSION, secret, None)

    def end(self, answer: Response) -> None:
        """Let the browser forget its session."""
        self._set(answer, _SESSION, "", 0)

    def know(self, answer: Response, seal: Seal, address: bytes) -> None:
        """Let the browser show later that the person of this address has signed in with it."""
        sealed = base64.urlsafe_b64encode(seal.close(address, _KNOWN)).decode()
        self._set(answer, _KNOWN, sealed, _YEAR)

    def known(self, request: Request, seal: Seal, address: bytes) -> str:
        """Return what tells a browser of this person from all others; "" for a stranger's."""
        sealed = request.cookies.get(self._name(_KNOWN), "")
        try:
            same = seal.open(base64.urlsafe_b64decode(sealed.encode()), _KNOWN) == address
        except (ValueError, NotSealedHere):
            return ""
        return sealed if same else ""

    def _name(self, name: str) -> str:
        return f"__Host-{name}" if self.secure else name

    def _set(self, answer: Response, name: str, value: str, age: int | None) -> None:
        answer.set_cookie(
            self._name(name),
            value,
            max_age=age,
            path="/",
            secure=self.secure,
            httponly=True,
            samesite="lax",
        )
