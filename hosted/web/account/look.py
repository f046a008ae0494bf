"""The pages' style sheet, fonts and their one script: the tokens of the design language, as CSS."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Response

from hosted.web import errors
from hosted.web.errors import Turned

_RESOURCES = Path(__file__).resolve().parents[3] / "resources"
_SHEET = Path(__file__).with_name("pages.css")
_SCRIPT = Path(__file__).with_name("passkeys.js")
_FONTS = ("Inter-Regular.ttf", "Inter-Medium.ttf", "Inter-SemiBold.ttf")
#: Which theme stands for what the person's system prefers.
_THEMES = (
    ("light", ""),
    ("dark", "(prefers-color-scheme: dark)"),
    ("highContrast", "(prefers-contrast: more)"),
)
_USED = ("surface", "text", "line", "accent", "success", "warn", "danger", "info", "focus")
_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}


def _colors(theme: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    for role in _USED:
        for name, color in theme[role].items():
            yield f"--{role}-{name}:{color}"


def _sheet() -> str:
    tokens: dict[str, Any] = json.loads((_RESOURCES / "design/tokens.json").read_text("utf-8"))
    parts = []
    for theme, when in _THEMES:
        rule = f":root{{{';'.join(_colors(tokens['color'][theme]))}}}"
        parts.append(f"@media {when}{{{rule}}}" if when else rule)
    return "\n".join([*parts, _SHEET.read_text("utf-8")])


@dataclass(frozen=True)
class Served:
    """A file of ours that browsers keep for ever: another content has another name."""

    content: Callable[[], str]
    ending: str
    kind: str

    @cached_property
    def text(self) -> str:
        """Return what lies in it."""
        return self.content()

    @cached_property
    def name(self) -> str:
        """Return what it is called by."""
        return f"{hashlib.sha256(self.text.encode()).hexdigest()[:12]}.{self.ending}"


STYLE = Served(_sheet, "css", "text/css")
SCRIPT = Served(lambda: _SCRIPT.read_text("utf-8"), "js", "text/javascript")


def routes() -> APIRouter:
    """Return the routes of style sheet, script and fonts; they are everybody's."""
    router = APIRouter(prefix="/account/look", include_in_schema=False)

    @router.get("/{name}")
    def look(name: str) -> Response:
        """Return a file of the look."""
        for served in (STYLE, SCRIPT):
            if name == served.name:
                return Response(served.text, headers=_FOR_EVER, media_type=served.kind)
        if name in _FONTS:
            font = (_RESOURCES / "fonts" / name).read_bytes()
            return Response(font, headers=_FOR_EVER, media_type="font/ttf")
        raise Turned(errors.NOT_FOUND)

    return router
