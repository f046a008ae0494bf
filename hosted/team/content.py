"""The letters of a team. Like the account's they hold nothing that somebody typed."""

from __future__ import annotations

from app.core.kernel.acting import Role
from app.core.kernel.phrases import plural
from app.core.membership.rules.seats import INVITATION_STANDS
from hosted.post.queue import Letter
from hosted.team.rules import ROLE_WORDS


def invitation_letter(to: str, role: Role, link: str) -> Letter:
    """Bring the link by which somebody joins a practice."""
    return Letter(
        to,
        "You are invited to a practice",
        f"A practice invites you to join it on PracticeRunner as {ROLE_WORDS[role]}.\n\n"
        f"Open this page within {plural(INVITATION_STANDS.days, 'day')} to see which practice it "
        "is, and to join it. It works once:\n\n"
        f"{link}\n\n"
        "If you do not know of it, do nothing: nobody joins without this step.\n",
    )


def accepted_letter(to: str, role: Role) -> Letter:
    """Tell an owner that somebody joined."""
    return Letter(
        to,
        "Your invitation was accepted",
        f"Somebody whom you invited has joined your practice as {ROLE_WORDS[role]}, with a second "
        "factor.\n\n"
        "You find everybody who belongs to the practice in PracticeRunner on your computer, under "
        "Settings, Team. Whoever should not be there can be taken off the team in the same "
        "place.\n",
    )


def ended_letter(to: str) -> Letter:
    """Tell a member that the membership ended."""
    return Letter(
        to,
        "Your membership of a practice has ended",
        "You no longer belong to a practice on PracticeRunner. Your computers no longer connect "
        "to it: each hands over what it has not sent yet, and removes its copy.\n\n"
        "Every browser was signed out of your account. If you have questions, ask the owner of "
        "the practice.\n",
    )
