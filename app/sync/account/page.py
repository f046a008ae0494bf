"""The page with which this computer answers the browser that comes back from the account."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

_TOKENS = Path(__file__).resolve().parents[3] / "resources" / "design" / "tokens.json"
#: Which theme stands for what the person's system prefers.
_THEMES = (
    ("light", ""),
    ("dark", "(prefers-color-scheme: dark)"),
    ("highContrast", "(prefers-contrast: more)"),
)
_RULES = """
:root{color-scheme:light dark}
body{margin:0;min-height:100vh;background:var(--page);color:var(--primary);
font:400 0.9375rem/1.6 Inter,system-ui,sans-serif}
header{background:var(--canvas);border-bottom:1px solid var(--hair);padding:0.875rem 1.5rem;
font-weight:600}
main{max-width:29rem;margin:0 auto;padding:3.5rem 1.5rem}
h1{font-size:1.75rem;line-height:2.25rem;letter-spacing:-0.022em;font-weight:600;margin:0 0 0.5rem}
p{margin:0;color:var(--secondary)}
"""


@cache
def _sheet() -> str:
    themes: dict[str, Any] = json.loads(_TOKENS.read_text("utf-8"))["color"]
    parts = []
    for theme, when in _THEMES:
        of = themes[theme]
        colors = {
            "page": of["surface"]["page"],
            "canvas": of["surface"]["canvas"],
            "hair": of["line"]["hair"],
            "primary": of["text"]["primary"],
            "secondary": of["text"]["secondary"],
        }
        rule = f":root{{{';'.join(f'--{name}:{color}' for name, color in colors.items())}}}"
        parts.append(f"@media {when}{{{rule}}}" if when else rule)
    return "".join([*parts, _RULES])


def policy() -> str:
    """Return the content security policy of the page: its own style sheet, and nothing else."""
    made = base64.b64encode(hashlib.sha256(_sheet().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{made}'; frame-ancestors 'none'"


def page(title: str, sentence: str) -> bytes:
    """Return a page that says one thing."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} · PracticeRunner</title><style>{_sheet()}</style></head>"
        f"<body><header>PracticeRunner</header><main><h1>{escape(title)}</h1>"
        f"<p>{escape(sentence)}</p></main></body></html>"
    ).encode()
