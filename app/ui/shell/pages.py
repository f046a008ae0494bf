"""What the shell asks of a page: all of it optional, so that a plain widget is a page too."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.ui.shell.places import Place


def show_place(page: QWidget, place: Place) -> None:
    """Tell the page where in it the person went (``show_place(place)``)."""
    _call(page, "show_place", place)


def act(page: QWidget, action_id: str) -> None:
    """Hand an action to the page in front (``act(action_id)``)."""
    _call(page, "act", action_id)


def can(page: QWidget, action_id: str) -> bool:
    """Return whether the page can do it now (``can(action_id)``, else whether it acts at all)."""
    asked = getattr(page, "can", None)
    if asked is not None:
        return bool(asked(action_id))
    return hasattr(page, "act")


def place(page: QWidget, asked: Place) -> Place:
    """Return where the page is (``here()``), if it knows better than what it was asked for.

    Asked for a new note, it is at that note from then on.
    """
    said = getattr(page, "here", None)
    found: Place | None = said() if said is not None else None
    return asked if found is None else found


def holds_unkept(page: QWidget) -> bool:
    """Return whether the page holds words that can be kept nowhere (``holds_unkept()``)."""
    said = getattr(page, "holds_unkept", None)
    return said is not None and bool(said())


def left(page: QWidget) -> None:
    """Tell the page that it is about to be hidden (``left()``): drafts are saved."""
    _call(page, "left")


def refresh(page: QWidget) -> None:
    """Tell the page that it is shown again (``refresh()``)."""
    _call(page, "refresh")


def closing(page: QWidget) -> None:
    """Tell the page that the window closes or locks (``closing()``): presenters are closed."""
    _call(page, "closing")


def _call(page: QWidget, name: str, *args: object) -> None:
    method = getattr(page, name, None)
    if method is not None:
        method(*args)
