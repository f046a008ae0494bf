"""The account's pages, in plain HTML that works without scripts."""

from __future__ import annotations

from fastapi import FastAPI

from hosted.web.account import (
    connect,
    home,
    look,
    pages,
    reset,
    second_factor,
    sign_in,
    sign_up,
    tokens,
)


def install(app: FastAPI) -> None:
    """Add the account's routes, and pages for visitors who are turned back."""
    pages.install(app)
    app.include_router(look.routes())
    for part in (sign_up, sign_in, second_factor, reset, home, connect, tokens):
        app.include_router(part.router)
