"""What is asked of a change of the account that would remove much from this computer. No Qt."""

from __future__ import annotations

SENTENCE = (
    "They were removed on another computer or in the account. If that is right, they are removed "
    "here as well. If you do not expect it, choose “Not now”: nothing is removed, and what the "
    "account has waits."
)
PUT_OFF = "Nothing is removed. You are asked again when this page is opened again."
