"""The texts of the account: the agreement that a practice accepts, and the letters it is sent.

A letter never holds what somebody typed: whoever signs up with another person's address would else
send them words of their own through this server.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from app.core.kernel.phrases import full_date
from hosted.post.queue import Letter

_AGREEMENTS = Path(__file__).parent / "agreements"


@dataclass(frozen=True, slots=True)
class Agreement:
    """A business associate agreement, called by the day of its text; ``hash`` is its SHA-256."""

    version: str
    text: str
    hash: bytes

    @property
    def title(self) -> str:
        """Return the first line."""
        return self.text.split("\n", 1)[0]

    @property
    def of_day(self) -> str:
        """Return the day of its text in words: ``November 27, 2026``."""
        return full_date(date.fromisoformat(self.version))

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """Return what comes after the title, a line each."""
        return tuple(line for line in self.text.split("\n")[1:] if line.strip())


@cache
def agreements() -> tuple[Agreement, ...]:
    """Return every text that was ever shown, the newest last; none is changed or taken away."""
    found = []
    for path in sorted(_AGREEMENTS.glob("*.txt")):
        content = path.read_bytes()
        found.append(Agreement(path.stem, content.decode(), hashlib.sha256(content).digest()))
    return tuple(found)


def agreement_of(digest: bytes) -> Agreement | None:
    """Return the agreement with this hash."""
    return next((each for each in agreements() if each.hash == digest), None)


def confirm_letter(to: str, link: str) -> Letter:
    """Ask whoever signed up to confirm the address."""
    return Letter(
        to,
        "Confirm your email address",
        "Somebody signed up for a PracticeRunner account with this address.\n\n"
        "If it was you, open this page within 24 hours to confirm it:\n\n"
        f"{link}\n\n"
        "If it was not you, do nothing: without this step there is no account.\n",
    )


def known_letter(to: str, sign_in: str, reset: str) -> Letter:
    """Tell a person who has an account that somebody signed up with the same address."""
    return Letter(
        to,
        "You already have an account",
        "Somebody signed up for a PracticeRunner account with this address, which has one "
        "already.\n\n"
        f"If it was you, sign in here:\n\n{sign_in}\n\n"
        f"Forgot the password? Choose a new one here:\n\n{reset}\n\n"
        "If it was not you, do nothing: your account is as it was.\n",
    )


def reset_letter(to: str, link: str) -> Letter:
    """Bring the link by which a new password is chosen."""
    return Letter(
        to,
        "Choose a new password",
        "Somebody asked for a new password for your PracticeRunner account.\n\n"
        "If it was you, open this page within an hour. It works once:\n\n"
        f"{link}\n\n"
        "If it was not you, do nothing: your password is as it was.\n",
    )


def changed_letter(to: str, reset: str) -> Letter:
    """Tell that the password was changed."""
    return Letter(
        to,
        "Your password was changed",
        "The password of your PracticeRunner account was changed, and whoever was signed in "
        "elsewhere has to sign in again. Your computers stay connected.\n\n"
        f"If it was not you, choose a new one at once:\n\n{reset}\n",
    )


def factor_letter(to: str, reset: str) -> Letter:
    """Tell that another authenticator app signs in from now on."""
    return Letter(
        to,
        "Your authenticator app was changed",
        "Codes for your PracticeRunner account now come from an authenticator app that was set up "
        "just now, and there are new recovery codes.\n\n"
        f"If it was not you, choose a new password at once:\n\n{reset}\n",
    )


def passkey_added_letter(to: str, passkeys: str) -> Letter:
    """Tell that a passkey opens the account from now on."""
    return Letter(
        to,
        "A passkey was added to your account",
        "A passkey was added to your PracticeRunner account. It signs in without the password.\n\n"
        f"If it was not you, remove it here and choose a new password:\n\n{passkeys}\n",
    )


def passkey_removed_letter(to: str, reset: str) -> Letter:
    """Tell that a passkey opens nothing any more."""
    return Letter(
        to,
        "A passkey was removed from your account",
        "A passkey was removed from your PracticeRunner account, and every other browser was "
        "signed out.\n\n"
        f"If it was not you, choose a new password at once:\n\n{reset}\n",
    )


def computer_letter(to: str, computers: str) -> Letter:
    """Tell that a computer was connected."""
    return Letter(
        to,
        "A computer was connected to your account",
        "A computer was connected to your PracticeRunner account. It keeps a copy of your "
        "practice.\n\n"
        f"If it was not you, take it off here and choose a new password:\n\n{computers}\n",
    )
