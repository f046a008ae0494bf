"""One sentence for each kind of trouble between this computer and its account."""

from __future__ import annotations

from app.core.vault.keychain import REFUSED
from app.sync.protocol.terms import Refusal
from app.sync.transport import Trouble

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
    Trouble.BROKEN: "The account’s answer was damaged on its way. It is asked again.",
    Trouble.SERVER_ERROR: "The account’s server has a problem. It is asked again.",
    Trouble.BUSY: "The account’s server is busy. It is asked again.",
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
#: Said where a computer that was taken off cannot leave its work.
NOT_TAKEN = (
    "This computer was taken off the account, and the account does not take its unsent work. "
    "Nothing is removed: the practice stays on this computer."
)
