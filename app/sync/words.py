"""One sentence for each kind of trouble between this computer and its account."""

from __future__ import annotations

from app.core.vault.keychain import REFUSED
from app.sync.protocol.terms import Refusal
from app.sync.transport import Trouble

_ASKED_AGAIN = "It is asked again."
#: One sentence for each kind of trouble.
SENTENCES: dict[str, str] = {
    Trouble.OFFLINE: "There is no network, or the account’s server does not answer.",
    Trouble.TIMEOUT: "The account’s server takes too long to answer.",
    Trouble.CERTIFICATE: (
        "Whoever answers cannot prove to be the account’s server. Check the network you are on."
    ),
    Trouble.NOT_OUR_SERVER: (
        "Something else answers in place of the account, such as a sign-in page of this network. "
        "Open a web page to sign in to the network first."
    ),
    Trouble.BROKEN: f"The account’s answer was damaged on its way. {_ASKED_AGAIN}",
    Trouble.SERVER_ERROR: f"The account’s server has a problem. {_ASKED_AGAIN}",
    Trouble.OTHER_VERSION: (
        "The account’s server and this program are of versions that do not fit together. Update "
        "the program; if it is up to date, the server has to be."
    ),
    Trouble.BUSY: f"The account’s server is busy. {_ASKED_AGAIN}",
    Trouble.KEYCHAIN: REFUSED,
    Refusal.REVOKED: (
        "This computer was taken off the account. What it has not sent yet is handed to the "
        "account’s owner; then the practice is removed from this computer."
    ),
    Refusal.UNKNOWN_DEVICE: (
        "The account no longer knows this computer: sign in again. Nothing is lost; what waits "
        "here goes out then."
    ),
    Refusal.UPGRADE_REQUIRED: "This version of the program is too old to sync: update it.",
}


def asked_once(kind: str, then: str = "") -> str:
    """Return what went wrong with an act that nobody but the person repeats, and what to do."""
    sentence = SENTENCES[kind]
    if sentence.endswith(_ASKED_AGAIN):
        return f"{sentence.removesuffix(_ASKED_AGAIN)}{then or 'Try again.'}"
    return f"{sentence} {then}".strip()


#: Said where a computer that was taken off cannot leave its work.
NOT_TAKEN = (
    "This computer was taken off the account, and the account does not take its unsent work. "
    "Nothing is removed: the practice stays on this computer."
)
