"""The account's pages, in plain HTML that works without scripts; passkeys alone need one."""

from __future__ import annotations

from fastapi import FastAPI

from hosted.web.account import (
    connect,
    home,
    invitation,
    look,
    pages,
    passkeys,
    password,
    plan,
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
    of_persons = (sign_up, sign_in, second_factor, passkeys, password, reset, home, plan)
    for part in (*of_persons, connect, invitation, tokens):
        app.include_router(part.router)
