"""What the first page of help says."""

from __future__ import annotations

from dataclasses import dataclass

from app.ui.shell.places import Place


@dataclass(frozen=True, slots=True)
class Article:
    """A short article: what it is about, one paragraph or more, and where it leads."""

    title: str
    paragraphs: tuple[str, ...]
    link: str = ""
    place: Place | None = None


ARTICLES: tuple[Article, ...] = (
    Article(
        "A day",
        (
            "Today shows the sessions of the day. The next one is tinted; beside it stands what to "
            "know before it: the plan of the last note, the diagnosis, the balance.",
            "Press Enter to write the note, A when the client attended, M when nobody came, P to "
            "take a payment. What was done by mistake can be undone for ten minutes.",
        ),
        "Open Today",
        Place("today"),
    ),
    Article(
        "Your clients",
        (
            "Bring in a list from another system, or add clients one by one. Nothing is kept from "
            "an import before you have looked at it, and a whole import can be undone.",
            "A couple is two clients in one case, with one of them named as identified patient.",
        ),
        "Bring in your clients",
        Place("settings", part="import"),
    ),
    Article(
        "Notes",
        (
            "A draft is saved within two seconds of a keystroke. Signing locks its text: later "
            "changes are amendments, which stand beside the original.",
        ),
    ),
    Article(
        "Money",
        (
            "A session that is marked attended charges its services. A payment goes to the oldest "
            "session first unless you say otherwise; what is left over stays as the client\u2019s "
            "credit. A mistake is reversed, never erased.",
        ),
        "Open Billing",
        Place("billing"),
    ),
    Article(
        "Superbills",
        (
            "Choose a month and look at what an insurer would refuse: every line leads to the very "
            "field that mends it. An issued superbill is frozen; a correction is a new one that "
            "takes its place.",
        ),
        "Open Superbills",
        Place("billing", part="superbills"),
    ),
    Article(
        "Locking, backups and your two keys",
        (
            "Everything lies encrypted on this computer, and nothing needs a network. The "
            "passphrase opens it; if it is ever lost, the recovery key does. Nobody else has "
            "either.",
            "A backup is made whenever the program locks and once a day, into the folder you "
            "chose, and each one is checked by opening it.",
        ),
        "Open Backup and restore",
        Place("settings", part="backup"),
    ),
)
