"""How a shortcut is written for people: one function for both platforms."""

from __future__ import annotations

import sys

_APPLE = {
    "Ctrl": "⌘",
    "Meta": "⌃",
    "Alt": "⌥",
    "Shift": "⇧",
    "Return": "↵",
    "Enter": "↵",
    "Backspace": "⌫",
    "Del": "⌦",
    "Esc": "esc",
    "Up": "↑",
    "Down": "↓",
    "Left": "←",
    "Right": "→",
    "Space": "Space",
}
_OTHERS = {
    "Return": "Enter",
    "Backspace": "Backspace",
    "Up": "↑",
    "Down": "↓",
    "Left": "←",
    "Right": "→",
}
#: The order in which Apple writes modifiers: Control, Option, Shift, Command.
_APPLE_ORDER = ("Meta", "Alt", "Shift", "Ctrl")


def shown_keys(keys: str, *, apple: bool | None = None) -> str:
    """Return a Qt key sequence (``Ctrl+K``) as this platform writes it: ``⌘K`` or ``Ctrl+K``."""
    if not keys:
        return ""
    on_apple = sys.platform == "darwin" if apple is None else apple
    *held, last = keys.split("+") if not keys.endswith("++") else [*keys[:-2].split("+"), "+"]
    if not on_apple:
        return "+".join([*held, _OTHERS.get(last, last)])
    ordered = sorted(held, key=_APPLE_ORDER.index)
    return "".join(_APPLE[key] for key in ordered) + _APPLE.get(last, last)
