"""How often what may be tried, so that guessing leads nowhere and nobody is locked out for ever.

A try that is one too many costs a look into a table: no hash is made and no database asked. A
person's own browser is counted apart from all others, and the link of a letter always works, so
that whoever tries a million passwords keeps only other strangers away.
"""

from __future__ import annotations

import ipaddress
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from enum import Enum

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter

from hosted.web.errors import TOO_MANY, Turned

#: Counters that are kept at most; those that were not used for longest go first.
_MOST = 100_000


class Rate(Enum):
    """What is counted, and how often it may be."""

    ORIGIN = RateLimitItemPerMinute(60, 5, "origin")
    PASSWORD = RateLimitItemPerMinute(10, 15, "password")
    FACTOR = RateLimitItemPerMinute(5, 5, "factor")
    SIGN_UP = RateLimitItemPerHour(20, 1, "sign-up")
    LETTER = RateLimitItemPerHour(3, 1, "letter")
    INVITATION = RateLimitItemPerHour(50, 1, "invitation")
    PAIR = RateLimitItemPerMinute(10, 1, "pair")
    TOKEN = RateLimitItemPerMinute(120, 1, "token")


class Counters(Storage):
    """The counters of one process, bounded; ``timer`` tells seconds.

    The library's own memory starts a thread for each hundredth of a second in which something
    was counted, which then walks over all counters.
    """

    def __init__(self, timer: Callable[[], float] = time.monotonic, most: int = _MOST) -> None:
        super().__init__()
        self._timer = timer
        self._most = most
        self._counted: OrderedDict[str, tuple[int, float]] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def base_exceptions(self) -> type[Exception]:
        """Return what counting may raise."""
        return ValueError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count; return how many there are since the window began."""
        now = self._timer()
        with self._lock:
            count, ends = self._counted.get(key, (0, 0.0))
            if ends <= now:
                self._counted.pop(key, None)
                count, ends = 0, now + expiry
                while len(self._counted) >= self._most:
                    self._counted.popitem(last=False)
            self._counted[key] = (count + amount, ends)
            # What is tried again and again is the last to be forgotten.
            self._counted.move_to_end(key)
            return count + amount

    def get(self, key: str) -> int:
        """Return how many there are."""
        with self._lock:
            count, ends = self._counted.get(key, (0, 0.0))
            return count if ends > self._timer() else 0

    def get_expiry(self, key: str) -> float:
        """Return when the window ends, in the timer's seconds."""
        with self._lock:
            return self._counted.get(key, (0, self._timer()))[1]

    def check(self) -> bool:
        """Return whether counting works."""
        return True

    def reset(self) -> int | None:
        """Forget all counters; return how many there were."""
        with self._lock:
            count = len(self._counted)
            self._counted.clear()
            return count

    def clear(self, key: str) -> None:
        """Forget one counter."""
        with self._lock:
            self._counted.pop(key, None)


class Rates:
    """Counts tries."""

    def __init__(self, timer: Callable[[], float] = time.monotonic) -> None:
        self._counters = Counters(timer)
        self._limiter = FixedWindowRateLimiter(self._counters)

    def allows(self, rate: Rate, *of: str) -> bool:
        """Count a try of somebody or something; return whether it may be made."""
        item: RateLimitItem = rate.value
        return self._limiter.hit(item, *of)

    def count(self, rate: Rate, *of: str) -> None:
        """Count a try; one too many is turned away."""
        if not self.allows(rate, *of):
            raise Turned(TOO_MANY)

    def forget(self, rate: Rate, *of: str) -> None:
        """Begin to count anew, after a try that was right."""
        item: RateLimitItem = rate.value
        self._limiter.clear(item, *of)


def origin_of(host: str) -> str:
    """Return whom an address is counted with: of IPv6 the network that one customer gets."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host[:64]
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((int(address) >> 64 << 64, 64)))
    return str(address)
