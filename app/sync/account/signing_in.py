"""One try to sign in: the browser is opened, the person allows it there, the tokens come."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from enum import StrEnum

from app.core.kernel.clock import Clock
from app.core.kernel.errors import MachineError, UserError
from app.sync import connecting
from app.sync.account.asking import Asking
from app.sync.account.loopback import Loopback
from app.sync.account.tokens import Forms, Granted, Was, exchange
from app.sync.transport import Declined, Unreachable
from app.sync.words import asked_once

#: Seconds that the browser may take: time to make an account first, letter included.
LASTS = 20 * 60.0
_CHOOSE = "choose Sign in with your browser once more"
_ONCE_MORE = "Sign in with your browser once more."


class _End(StrEnum):
    """How a try ended."""

    BACK = "BACK"
    DENIED = "DENIED"
    LATE = "LATE"
    CANCELED = "CANCELED"


_SENTENCES = {
    _End.DENIED: f"This computer was not allowed in the browser: {_CHOOSE} to allow it.",
    _End.LATE: f"The browser did not come back: {_CHOOSE}.",
    _End.CANCELED: f"The sign-in was canceled: {_CHOOSE}.",
}


class SignIn:
    """Made for each try. ``address`` is what the browser opens, as often as the person likes.

    Raises ``UserError`` (field ``server`` or ``device_name``), or ``MachineError`` where no port
    can be had.
    """

    def __init__(
        self, server: str, device_name: str, program: str, *, lasts: float = LASTS
    ) -> None:
        self.server = connecting.checked_server(server)
        self.device_name = connecting.checked_name(device_name)
        self._loopback = Loopback()
        self._asking = Asking(self.server, self._loopback.redirect, self.device_name, program)
        self._code = ""
        self._end: _End | None = None
        self._ending = threading.Lock()
        self._over = threading.Event()
        self._came: Callable[[], None] = lambda: None
        self._late = threading.Timer(lasts, self._ended, (_End.LATE,))
        self._late.daemon = True

    @property
    def address(self) -> str:
        """The page of the account that the browser opens."""
        return self._asking.address

    def begin(self, came: Callable[[], None] = lambda: None) -> None:
        """Wait for the browser; ``came`` is called once when it is over, unless it is canceled.

        It is called on a thread of its own.
        """
        self._came = came
        self._loopback.start(self._asking.state, self._back)
        self._late.start()

    def wait(self) -> None:
        """Wait until the browser came back, or will not."""
        self._over.wait()

    def cancel(self) -> None:
        """Wait no longer; an answer that comes later is turned away."""
        self._ended(_End.CANCELED)
        self._loopback.close()

    def granted(self, http: Forms, clock: Clock, was: Was | None = None) -> Granted:
        """Return what the account gave this computer, once ``came`` was called.

        ``was`` is which one it has been there, if it signs in again. Raises ``UserError`` where
        the person, or the account, did not allow it, ``MachineError`` where the account cannot be
        asked.
        """
        self._loopback.close()
        end = self._end or _End.CANCELED
        if end is not _End.BACK:
            raise UserError(_SENTENCES[end])
        try:
            return exchange(http, self._code, self._asking, clock.now(), was)
        except Unreachable as failed:
            raise MachineError(asked_once(failed.kind, _ONCE_MORE)) from None
        except Declined:
            raise UserError(f"That sign-in is used or too old: {_CHOOSE}.") from None

    def _back(self, said: Mapping[str, str]) -> None:
        self._code = said.get("code", "")
        self._ended(_End.BACK if self._code else _End.DENIED)

    def _ended(self, end: _End) -> None:
        with self._ending:
            if self._end is not None:
                return
            self._end = end
        self._late.cancel()
        self._over.set()
        if end is not _End.CANCELED:
            self._came()
