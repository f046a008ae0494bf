"""Superbills: one drawn beside a bare ReportLab page with the same table, a hundred issued."""

from __future__ import annotations

import io
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Table

from app import bootstrap
from app.core.billing.superbills.rules.orders import Order
from app.core.journeys.superbills import ORDERS_AT_ONCE, issue_superbills, overview
from app.core.kernel.ids import new_id
from app.core.paper.fonts import Weight, register
from app.core.paper.stack import stack
from app.core.paper.superbill import render_superbill
from tests.benchmarks.figures import Figure, against_floor, median, milliseconds
from tests.benchmarks.ten_years import ten_years
from tests.core.paper import made
from tests.core.paper.reading import pages
from tests.support.clock import StillClock
from tests.support.practice import OWNER, PASSPHRASE
from tests.ui.billing.scene import Someone, october

RUNS = 60
_MONTH = 100
_FONTS = Path(__file__).resolve().parents[2] / "resources" / "fonts"
_FIRST, _LAST = date(2026, 10, 1), date(2026, 10, 31)


def figures() -> list[Figure]:
    """Return what drawing, issuing and looking at superbills costs."""
    register()
    one = milliseconds(lambda: render_superbill(made.SOLO), runs=RUNS)
    bare = milliseconds(_bare_page(), runs=RUNS)
    contents = [replace(made.SOLO, number=f"SB-2026-{n:04d}") for n in range(_MONTH)]
    papers = [render_superbill(each) for each in contents]
    return [
        against_floor("one superbill drawn", median(one), "ms", median(bare), 1.5),
        Figure(
            "100 superbills drawn",
            _took(lambda: [render_superbill(c) for c in contents]),
            "ms",
            "≤ 2 s",
            2000,
        ),
        Figure("100 superbills issued", _issued(), "ms", "≤ 2 s", 2000),
        Figure("100 superbills stacked", _took(lambda: stack(papers)), "ms", "≤ 2 s", 2000),
        Figure("a month of superbills looked at, ten years", _looked_at(), "ms", "≤ 50 ms", 50),
    ]


def _bare_page() -> Callable[[], bytes]:
    """The same words in the same faces: a platypus table, and a string for every other line."""
    (page,) = pages(render_superbill(made.SOLO))
    rows = [
        [
            f"{line.held_on:%m/%d/%Y}",
            "11",
            line.code,
            "",
            line.description,
            "A",
            "50",
            "1",
            "165.00",
            "165.00",
            line.paid_by[0],
        ]
        for line in made.SOLO.lines
    ]
    heads = [
        "Date of service",
        "Place",
        "Service",
        "Modifiers",
        "Description",
        "Diagnosis",
        "Min.",
        "Units",
        "Fee",
        "Paid",
        "Paid on, by",
    ]
    others = [line for line in page.text.splitlines() if "0001Z" not in line]
    words = [word for line in others for word in _pieces(line)]
    names = [_bare_font(weight) for weight in Weight]

    def draw() -> bytes:
        target = io.BytesIO()
        canvas = Canvas(target, pagesize=(612, 792), invariant=1, pageCompression=1)
        style = [
            ("FONT", (0, 0), (-1, -1), names[0], 8),
            ("GRID", (0, 0), (-1, -1), 0.5, "#888888"),
        ]
        table = Table([heads, *rows], style=style)
        table.wrapOn(canvas, 528, 500)
        table.drawOn(canvas, 42, 300)
        for number, text in enumerate(words):
            canvas.setFont(names[number % len(names)], 9)
            canvas.drawString(42, 780 - 7 * number, text)
        canvas.save()
        return target.getvalue()

    return draw


def _bare_font(weight: Weight) -> str:
    """Register a face as ReportLab takes it by itself, and return its name."""
    name = f"Bare-Inter-{weight}"
    font = TTFont(name, str(_FONTS / f"Inter-{weight}.ttf"))
    # ReportLab takes two faces of one name for the same, and would take ours.
    font.face.name = name.encode()
    pdfmetrics.registerFont(font)
    return name


def _pieces(line: str) -> list[str]:
    # A line of the page is about two cells.
    words = line.split()
    half = (len(words) + 1) // 2
    return [" ".join(part) for part in (words[:half], words[half:]) if part]


def _issued() -> float:
    with tempfile.TemporaryDirectory() as root:
        os.environ["PRACTICERUNNER_STATE_DIR"] = f"{root}/state"
        prepared = bootstrap.prepare_keys(PASSPHRASE)
        practice = bootstrap.create_practice(Path(root) / "data", prepared, OWNER, StillClock())
        desk = practice.desk
        october(desk, tuple(Someone(f"Client Number{n}", 1) for n in range(_MONTH)))
        found = desk.ask(overview, _FIRST, _LAST).checked
        orders = [
            Order(new_id(number), each.draft.key[0], _FIRST, _LAST)
            for number, each in enumerate(found)
        ]
        slices = [orders[n : n + ORDERS_AT_ONCE] for n in range(0, _MONTH, ORDERS_AT_ONCE)]
        took = _took(lambda: [desk.do(issue_superbills, part) for part in slices])
        practice.close()
    return took


def _looked_at() -> float:
    with ten_years() as practice:
        looked = milliseconds(lambda: practice.desk.ask(overview, _FIRST, _LAST), runs=20)
    return median(looked)


def _took(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1000
