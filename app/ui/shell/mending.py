"""Where each kind of task is mended. No Qt."""

from __future__ import annotations

from app.core.tasks.rules.attention import Attention, AttentionKind, Tone
from app.ui.shell.context import ScreenContext
from app.ui.shell.places import Place
from app.ui.widgets import status

#: Kinds that lead to a page, whatever record they name.
_PAGES: dict[AttentionKind, Place] = {
    AttentionKind.BACKUP_OVERDUE: Place("settings", part="backup", ask={"field": "backup"}),
    AttentionKind.PLAN_ENDED: Place("settings", part="subscription"),
    AttentionKind.PLAN_ENDS: Place("settings", part="subscription"),
    AttentionKind.OVER_PLAN: Place("people", ask={"filter": "waiting"}),
}
#: Kinds told as one because there are many: where all of them stand.
_LISTS: dict[AttentionKind, Place] = {
    AttentionKind.TO_DECIDE: Place("tasks"),
    AttentionKind.UNSIGNED_NOTE: Place("people", ask={"filter": "unsigned"}),
    AttentionKind.UNCLOSED_SESSION: Place("scheduling"),
    AttentionKind.UNPAID: Place("billing", part="tobill"),
    AttentionKind.RECORD_TO_REVIEW: Place("people", ask={"filter": "review"}),
    AttentionKind.MISSING_IDENTIFIER: Place("settings", part="identifiers"),
    AttentionKind.SUPERBILL_OVERSTATED: Place("billing", part="superbills"),
}
#: The design draws a note's pen with the older outline.
_ICONS = {"pencil-line": "pen-line"}
_TONES = {
    Tone.QUIET: status.Tone.QUIET,
    Tone.WARN: status.Tone.WARN,
    Tone.DANGER: status.Tone.DANGER,
    Tone.INFO: status.Tone.INFO,
}


def place_to_mend(item: Attention) -> Place:
    """Return the very place where the cause of ``item`` is mended."""
    if item.kind in _PAGES:
        return _PAGES[item.kind]
    if item.record is None:
        return _LISTS[item.kind]
    kind, record_id = item.record
    if item.kind is AttentionKind.UNPAID:
        return Place("billing", part="payments", ask={kind: str(record_id)})
    if item.kind is AttentionKind.UNSIGNED_NOTE and kind == "appointment":
        return Place("clinical", ask={"appointment": str(record_id)})
    return ScreenContext.place_of(kind, str(record_id), item.field)


def tone_of(item: Attention) -> status.Tone:
    """Return the tone in which the item's icon is drawn."""
    return _TONES[item.rule.tone]


def icon_of(item: Attention) -> str:
    """Return the name of the item's icon as the bundled set has it."""
    return _ICONS.get(item.rule.icon, item.rule.icon)
