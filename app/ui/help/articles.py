"""What the first page of help says."""

from __future__ import annotations

from dataclasses import dataclass

from app.ui.shell.places import Place


@dataclass(frozen=True, slots=True)
class Article:
    """A short article: what it is about, one paragraph or more, and where it leads.

    ``about`` are the screens it explains: an area, or an area and its part, ``billing/ledger``.
    """

    title: str
    paragraphs: tuple[str, ...]
    link: str = ""
    place: Place | None = None
    about: tuple[str, ...] = ()


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
        about=("today",),
    ),
    Article(
        "The calendar",
        (
            "Click a free time to book it, or drag over it. Drag a session to move it, its lower "
            "edge to make it longer or shorter. What it would lie over is said before anything is "
            "saved. Moving or canceling one session of a series leaves the others where they are.",
            "By keys: arrows go from session to session, Alt with an arrow moves one, Alt and "
            "Shift change its length. Esc leads to the hours, where arrows choose a time and Enter "
            "books it. Page Up and Page Down turn the week.",
        ),
        "Open the calendar",
        Place("scheduling"),
        about=("scheduling",),
    ),
    Article(
        "Your clients",
        (
            "Bring in a list from another system, or add clients one by one. Nothing is kept from "
            "an import before you have looked at it, and a whole import can be undone.",
            "A couple is two clients in one case, with one of them named as identified patient. "
            "What they owe together stands in one line of the list; the other says with whom.",
            "Under Details of a record you say who is billed: the clients, one of them, or "
            "somebody who is no client, like a parent or a trust.",
        ),
        "Bring in your clients",
        Place("settings", part="import"),
        about=("people", "exchange", "settings/import"),
    ),
    Article(
        "Notes",
        (
            "A draft is saved within two seconds of a keystroke. Signing locks its text: later "
            "changes are amendments, which stand beside the original.",
        ),
        about=("clinical", "settings/notes"),
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
        about=("billing", "settings/billing", "settings/services"),
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
        about=("billing/superbills", "settings/identifiers", "settings/practice"),
    ),
    Article(
        "Needs attention",
        (
            "The program notices what waits: notes to sign, sessions to close, money owed, "
            "identifiers that insurers will ask for, imported records to look at, a backup that is "
            "overdue. Each line leads to where it is mended, and goes when its cause does.",
        ),
        "Open Tasks",
        Place("tasks"),
        about=("tasks",),
    ),
    Article(
        "Two computers",
        (
            "To connect, open Settings, Sync, type the address of your account and choose Sign in "
            "with your browser: sign in there and allow this computer. On the other computer "
            "choose \u201cBring it from your account\u201d at its first run and sign in in the "
            "same way. Where there is no browser, a one-time code does: Make a code, under "
            "Settings, Computers on the connected one, shows it. The sign-in is kept in the "
            "computer\u2019s keychain, or in the encrypted practice file where there is none.",
            "The words at the foot of the side bar say how both agree. \u201cSaved on this "
            "computer\u201d: your work is safe here, and goes out within a minute if there is an "
            "account. \u201cSyncing 12 of 40\u201d: that many of the changes, or of the files, "
            "have traveled. \u201cSynced 2 min ago\u201d: both hold the same, attached files and "
            "papers included. \u201cOffline since 9:14 AM, 3 waiting\u201d: there is no network, "
            "and three changes wait here. \u201cNeeds you (2)\u201d: two things wait for your "
            "decision. \u201cSign in again\u201d: the account no longer knows this computer; "
            "nothing is lost, and what waits goes out once you signed in. \u201cUpdate "
            "needed\u201d: this version is too old to sync. Your practice opens and works in "
            "every one of these states.",
            "Offline you go on as always, on both computers. When the network is back, the work "
            "of both comes together. You are asked only where two texts of one note, or two "
            "values that matter, cannot both stand: both are shown side by side, headed by the "
            "computers\u2019 names, and nothing is thrown away before you choose.",
            "A file that was attached on the other computer shows \u201cNot on this computer "
            "yet\u201d until it has come; it comes by itself while you are online. A superbill or "
            "invoice prints here exactly as it was issued there.",
            "To part this computer from the account, choose Disconnect in Settings, Sync. "
            "Everything stays on it, and what has not been uploaded is said first. It works "
            "without a network, too. The account ends the sign-in at once and lists the computer "
            "as disconnected, with the day, because it keeps its copy of the practice; one that "
            "could not tell the account stays listed with the day it was last here, and can be "
            "taken off. Connect it again under Settings, Sync: it is the same entry, what was "
            "written meanwhile on both sides comes together, and an e-mail tells you of it.",
            "Computers, in Settings, lists yours, and to an owner everybody\u2019s: what each runs "
            "and when it was last here. To take off one that was lost, choose it and then Take off "
            "this account.",
            "A computer that was taken off is refused from then on, and locks as soon as it is "
            "online. It hands over what it had not sent, a note that is "
            "being written included, for the account\u2019s owner, and then removes its copy of "
            "the practice. A form that was not saved yet is not handed over. A backup of that "
            "computer can be restored, but goes the same way at its first contact.",
        ),
        "Open Sync",
        Place("settings", part="sync"),
        about=("settings/sync", "settings/computers"),
    ),
    Article(
        "Your plan and your team",
        (
            "Subscription, in Settings, shows your plan, how many clients are active and may be, "
            "the seats of your team, and beside the plans what a change costs today and a month. "
            "What stands in its way is listed there, each with a link to where it is mended. A "
            "plan whose month was not paid is paid for there, too, or on the page of your account: "
            "within its 30 days of grace for the month since the paid time ended, after them for a "
            "month from that day. "
            "That a free year, a trial or an unpaid plan ends stands on Today beforehand, under "
            "Needs attention, for the owner.",
            "Team shows who belongs to the practice. Invite someone sends a letter whose link "
            "works for 14 days; it takes a seat until it ends or is withdrawn, free of further "
            "charge where you hold one in reserve. A member may get another role, or leave: then "
            "you choose who takes their work over. Roles, below, says what each role may do; on "
            "Group you give and take single rights there. An open window follows at once, and a "
            "sentence at its top says what changed and by whom.",
            "A practice that pauses goes to Archive, once its notes are signed and its computers "
            "have sent their work. Subscription lists what is open. Where you cannot finish it, "
            "such as a draft of somebody who has left, choose Ask support about Archive.",
            "Both pages ask your account. Without a network they show what it said last, and "
            "without an account one computer works with Starter\u2019s limits for as long as you "
            "like. A plan that ended never keeps you from reading, printing or exporting records, "
            "and after Disconnect the last limits stay as they were.",
        ),
        "Open Subscription",
        Place("settings", part="subscription"),
        about=("settings/subscription", "settings/team"),
    ),
    Article(
        "Locking, backups and your two keys",
        (
            "Everything lies encrypted on this computer, and nothing needs a network. The "
            "passphrase opens it; if it is ever lost, the recovery key does. Nobody else has "
            "either.",
            "A backup is made whenever the program locks and once a day, into the folder you "
            "chose, and each one is checked by opening it.",
            "Without an account, the owner can destroy the record of an archived client for good, "
            "on the command line: practicerunner-cli client destroy says what would go, and "
            "destroys it with --yes. Backups made before hold the record until newer ones replace "
            "them; one that is restored on this computer comes back without it.",
        ),
        "Open Backup and restore",
        Place("settings", part="backup"),
        about=("settings",),
    ),
)


def article_about(screen: str) -> Article | None:
    """Return the article on a screen, ``area`` or ``area/part``, or None where there is none."""
    for name in (screen, screen.partition("/")[0]):
        for article in ARTICLES:
            if name in article.about:
                return article
    return None
