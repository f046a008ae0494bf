"""The report of a dry run, as text to be kept."""

from __future__ import annotations

from app.core.exchange.plans import ImportPlan, RowRef
from app.core.people.rules import Lifecycle
from app.ui.exchange.choosing import names_of


def report_text(plan: ImportPlan, active: frozenset[RowRef]) -> str:
    """Return what would arrive, row by row, and everything that was listed."""
    lines = [
        f"Import of {', '.join(plan.files)} ({plan.source})",
        f"{plan.rows} rows read, {len(plan.newcomers)} people arrive, {plan.couples} couples",
        "",
        "Listed",
        *(plan.notices or ()),
        *(plan.sentence(problem) for problem in plan.problems),
        "",
        "Arrive",
    ]
    for arrival in plan.arrivals:
        lifecycle = arrival.arrives
        if arrival.wanted is Lifecycle.ACTIVE:
            lifecycle = Lifecycle.ACTIVE if arrival.row in active else Lifecycle.INACTIVE
        place = plan.place(arrival.row)
        lines.append(f"{place}: {names_of(plan, arrival)}, {lifecycle.label.lower()}")
    return "\n".join(lines) + "\n"
