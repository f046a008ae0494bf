"""Where the pre-flight's findings are mended. No Qt."""

from __future__ import annotations

from app.core.billing.superbills.rules.findings import Mend
from app.ui.shell.context import ScreenContext
from app.ui.shell.places import Place


def place_to_mend(mend: Mend) -> Place:
    """Return the very field that mends a finding."""
    kind, record_id = mend.record
    if mend.field == "payment":
        return Place("billing", part="payments", ask={kind: str(record_id)})
    if (kind, mend.field) == ("appointment", "note"):
        return Place("clinical", ask={"appointment": str(record_id)})
    if (kind, mend.field) == ("client", "diagnosis"):
        return Place("people", (kind, record_id), "clinical", {"field": mend.field})
    if (kind, mend.field) == ("case", "fees"):
        return Place("people", (kind, record_id), "billing", {"field": mend.field})
    return ScreenContext.place_of(kind, str(record_id), mend.field)
