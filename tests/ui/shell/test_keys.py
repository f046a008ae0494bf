"""One function writes shortcuts for both platforms."""

from __future__ import annotations

import pytest

from app.ui.widgets.keys import shown_keys


@pytest.mark.parametrize(
    ("keys", "apple", "others"),
    [
        ("Ctrl+K", "⌘K", "Ctrl+K"),
        ("Ctrl+Shift+N", "⇧⌘N", "Ctrl+Shift+N"),
        ("Ctrl+Return", "⌘↵", "Ctrl+Enter"),
        ("Return", "↵", "Enter"),
        ("Backspace", "⌫", "Backspace"),
        ("Ctrl+,", "⌘,", "Ctrl+,"),
        ("Ctrl++", "⌘+", "Ctrl++"),
        ("?", "?", "?"),
        ("", "", ""),
    ],
)
def test_a_shortcut_is_written_as_the_platform_does(keys: str, apple: str, others: str) -> None:
    assert shown_keys(keys, apple=True) == apple
    assert shown_keys(keys, apple=False) == others
