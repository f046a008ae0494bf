"""The account does not answer what was asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.sync.wire import Reader


@dataclass(frozen=True, slots=True)
class Refused:
    """The answer in place of the one that was asked for."""

    code: str
    detail: str = ""
    """For the log of a developer; never shown, never health data."""

    def to_json(self) -> dict[str, Any]:
        """Return it as it travels."""
        return {"refused": self.code, "detail": self.detail}

    @classmethod
    def read(cls, said: Any) -> Refused:
        """Read what travels; raises ``Malformed``."""
        of = Reader.mapping(said)
        return cls(of.text("refused"), of.text("detail", otherwise=""))
