"""Gives each request to the account its token, and renews it: one at a time, whoever asks."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from app.core.kernel.clock import Clock
from app.core.kernel.errors import MachineError
from app.sync.account.tokens import Tokens
from app.sync.protocol.terms import Refusal
from app.sync.transport import Declined, Trouble, Unreachable

#: Seconds that a request waits for a renewal that another one began.
PATIENCE = 30.0
#: Seconds that the end of syncing waits for one.
ENDING = 10.0


class TokenPlace(Protocol):
    """Where tokens are kept. See ``keeping.SignInPlace``."""

    def read(self) -> Tokens | None:
        """Return the newest tokens; raises ``Unreachable`` while the keychain is locked."""
        ...

    def keep(self, tokens: Tokens) -> None:
        """Keep tokens in place of those before; raises ``MachineError`` where nothing takes them.

        What was kept before goes only when the new ones are safe.
        """
        ...


class Bearer:
    """The tokens of one connected file. Any thread may ask; see ``transport.Speaks``."""

    def __init__(self, place: TokenPlace, renew: Callable[[str], Tokens], clock: Clock) -> None:
        self._place = place
        self._renew = renew
        self._clock = clock
        self._lock = threading.Lock()
        self._tokens: Tokens | None = None
        self._unkept = False
        self._taken_off = False
        """The account took this computer off: its last token stays, to hand over what it has."""
        self._refused = False
        """The account knows these tokens no more: they are not brought again."""

    def token(self) -> str:
        """Return the token for a request; raises ``Unreachable``, or ``Declined`` without one."""
        with self._turn():
            tokens = self._known()
            now = self._clock.now()
            if tokens.ends_soon(now) and not self._taken_off:
                try:
                    tokens = self._renewed(tokens)
                except Unreachable:
                    if tokens.has_ended(now):
                        raise
            self._keep_again(tokens)
            return tokens.access

    def another(self, refused: str) -> bool:
        """Return whether a request that was refused with this token has another to try."""
        with self._turn():
            tokens = self._known()
            if tokens.access != refused:
                return True
            if not tokens.refresh or self._taken_off:
                return False
            return self._renewed(tokens).access != refused

    def settle(self) -> None:
        """Wait for a renewal under way: its answer is given once."""
        if self._lock.acquire(timeout=ENDING):
            self._lock.release()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._lock.acquire(timeout=PATIENCE):
            raise Unreachable(Trouble.TIMEOUT, "a renewal takes too long")
        try:
            yield
        finally:
            self._lock.release()

    def _known(self) -> Tokens:
        if self._tokens is None and not self._refused:
            self._tokens = self._place.read()
        if self._tokens is None or self._refused:
            raise Declined(Refusal.UNKNOWN_DEVICE)
        return self._tokens

    def _renewed(self, tokens: Tokens) -> Tokens:
        try:
            fresh = self._renew(tokens.refresh)
        except Declined as declined:
            if declined.code == Refusal.REVOKED:
                self._taken_off = True
                return tokens
            self._refused = True
            raise
        self._tokens, self._unkept = fresh, True
        self._keep_again(fresh)
        return fresh

    def _keep_again(self, tokens: Tokens) -> None:
        """Keep what was renewed; where nothing takes it now, the next request tries again.

        Until then it speaks from memory: lost with the program, it costs a sign-in.
        """
        if not self._unkept:
            return
        try:
            self._place.keep(tokens)
        except MachineError:
            return
        self._unkept = False
