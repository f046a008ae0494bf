"""How large a fictional practice is.

Source of the ten-year size: the reference sizes of the quality page.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """A practice to be made.

    ``slots`` are the hours of a week that a series occupies, ``rate`` the share of weeks in
    which a series has a session there (biweekly ones have every other). ``clients`` count
    people; those without a series at the end are ``occasional``. The shares say of held
    sessions how many get an invoice, of those held lately how many have a note already, and of
    clients how many want superbills.
    """

    name: str
    years: int
    clients: int
    slots: int
    occasional: int
    biweekly: float
    couples: float = 0.12
    noted: float = 0.85
    invoiced: float = 0.95
    superbilled: float = 0.6


SIZES = {
    size.name: size
    for size in (
        Size("small", years=1, clients=8, slots=3, occasional=1, biweekly=0.3),
        Size("demo", years=2, clients=40, slots=13, occasional=5, biweekly=0.6, superbilled=0.5),
        Size("ten-year", years=10, clients=600, slots=40, occasional=15, biweekly=0.82),
    )
}
