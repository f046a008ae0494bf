"""The pages' style sheet and fonts: the tokens of the one design language, as CSS."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Response

from hosted.web import errors
from hosted.web.errors import Turned

_RESOURCES = Path(__file__).resolve().parents[3] / "resources"
_SHEET = Path(__file__).with_name("pages.css")
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


@cache
def sheet() -> str:
    """Return the style sheet."""
    tokens: dict[str, Any] = json.loads((_RESOURCES / "design/tokens.json").read_text("utf-8"))
    parts = []
    for theme, when in _THEMES:
        rule = f":root{{{';'.join(_colors(tokens['color'][theme]))}}}"
        parts.append(f"@media {when}{{{rule}}}" if when else rule)
    return "\n".join([*parts, _SHEET.read_text("utf-8")])


@cache
def version() -> str:
    """Return what the style sheet is called by: another one has another name."""
    return hashlib.sha256(sheet().encode()).hexdigest()[:12]


def routes() -> APIRouter:
    """Return the routes of style sheet and fonts; they are everybody's."""
    router = APIRouter(prefix="/account/look", include_in_schema=False)

    @router.get("/{name}")
    def look(name: str) -> Response:
        """Return a file of the look."""
        if name == f"{version()}.css":
            return Response(sheet(), headers=_FOR_EVER, media_type="text/css")
        if name in _FONTS:
            font = (_RESOURCES / "fonts" / name).read_bytes()
            return Response(font, headers=_FOR_EVER, media_type="font/ttf")
        raise Turned(errors.NOT_FOUND)

    return router
