"""Fictional people: names of many origins, numbers and addresses that belong to nobody."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from app.core.kernel.text import PersonName, fold
from app.core.people.rules import (
    AddressFields,
    DetailFields,
    EmailFields,
    InsuranceFields,
    Lifecycle,
    NewClient,
    PhoneFields,
    Sex,
)
from app.core.practice.rules.places import Address

GIVEN = [
    "Priya",
    "Samir",
    "Alex",
    "Jamie",
    "Ada",
    "Walter",
    "Ruth",
    "Daniel",
    "Noor",
    "Mateo",
    "Jun",
    "Odette",
    "Beatriz",
    "Marcus",
    "Hannah",
    "Elena",
    "Tomás",
    "Ingrid",
    "Kofi",
    "Leila",
    "Owen",
    "Yuki",
    "Gideon",
    "Astrid",
    "Chloe",
    "Ibrahim",
    "Fatima",
    "Rafael",
    "Nkechi",
    "Wei",
    "Theo",
    "Zoë",
    "Luis",
    "Mei",
    "Aaliyah",
    "Dmitri",
    "Esther",
    "Julian",
    "Camille",
    "Reza",
    "Simone",
    "Hugo",
    "Amara",
    "Felix",
    "Nadia",
    "Oscar",
    "Thandi",
    "Viktor",
    "Rosa",
    "Malik",
    "Clara",
    "Emre",
    "Sofia",
    "Kenji",
    "Laila",
    "Andre",
    "Miriam",
    "Pavel",
    "Ines",
    "Tariq",
]
FAMILY = [
    "Raman",
    "Belkacem",
    "Greer",
    "Holt",
    "Lowry",
    "Strand",
    "Okonkwo",
    "Okonkwo-Bell",
    "Haddad",
    "Villanueva",
    "Tanaka",
    "Marchetti",
    "Sol",
    "Walsh",
    "Johnson",
    "Goldberg",
    "Smith-Jones",
    "Kowalski",
    "Abara",
    "O'Brien",
    "Brooks",
    "Moreau",
    "Lindqvist",
    "Ito",
    "de la Cruz",
    "Ferreira",
    "Petrov",
    "van der Berg",
    "Nguyen",
    "MacLeod",
    "Müller",
    "Chen",
    "Prieto",
    "García",
    "Söderberg",
    "Achebe",
    "Novak",
    "Hassan",
    "Delgado",
    "Fischer",
    "Yamamoto",
    "Rossi",
    "Larsen",
    "Mbeki",
    "Castellano",
    "Dubois",
    "Iyer",
    "Park",
    "Weiss",
    "Oyelaran",
    "Quist",
    "Barros",
    "Kaplan",
    "Shah",
    "Tremblay",
    "Vargas",
    "Winters",
    "Zhou",
]
_STREETS = ("Alder St", "Birch Ave", "Cedar Ln", "Main St", "Quarry Rd", "Harbor Way", "Elm Ct")
_TOWNS = (
    ("Portland", "OR", "97201"),
    ("Salem", "OR", "97301"),
    ("Eugene", "OR", "97401"),
    ("Vancouver", "WA", "98660"),
)
INSURERS = (
    "Evergreen Health Plan",
    "Harbor Mutual",
    "Pinecrest Care",
    "Northfield Health",
    "Summit Benefit",
)
_PRONOUNS = ("she/her", "he/him", "they/them", "")


class Crowd:
    """Makes one person after the other; no two have the same name."""

    def __init__(self, random: Random, today: date) -> None:
        self._random = random
        self._today = today
        self._taken: set[str] = set()
        self._count = 0

    def person(self, *, family: str = "", insured: bool) -> NewClient:
        """Return a new person, active, of ``family`` where a partner already has one."""
        random = self._random
        name = self._name(family)
        self._count += 1
        town, state, code = random.choice(_TOWNS)
        box = f"{fold(name.given)}.{fold(name.family).replace(' ', '')}{self._count}"
        return NewClient(
            name=name,
            lifecycle=Lifecycle.ACTIVE,
            details=DetailFields(
                pronouns=random.choice(_PRONOUNS),
                birth_date=self._birth_date(),
                sex=random.choice((Sex.FEMALE, Sex.MALE, Sex.FEMALE, Sex.NOT_SAID)),
            ),
            emails=(EmailFields(f"{box}@example.com", consent_email=True, is_main=True),),
            # 555-0100 to 555-0199 is kept free for fiction.
            phones=(PhoneFields(f"(503) 555-01{random.randrange(100):02d}", is_main=True),),
            addresses=(
                AddressFields(
                    Address(
                        f"{random.randrange(100, 9900)} {random.choice(_STREETS)}",
                        random.choice(("", "", "", f"Apt {random.randrange(1, 40)}")),
                        town,
                        state,
                        code,
                    ),
                    is_main=True,
                ),
            ),
            insurances=(self._insurance(),) if insured else (),
        )

    def _name(self, family: str) -> PersonName:
        random = self._random
        while True:
            middle = random.choice(("", "", "", f"{random.choice('ABCDEFGHJKLMNPRSTW')}."))
            name = PersonName(random.choice(GIVEN), middle, family or random.choice(FAMILY))
            # Sixty given and family names make thousands of pairs; a middle letter makes more.
            key = name.display if len(self._taken) < 1_000 else name.legal
            if key not in self._taken:
                self._taken.add(key)
                return name

    def _birth_date(self) -> date:
        return self._today - timedelta(days=self._random.randrange(19 * 365, 78 * 365))

    def _insurance(self) -> InsuranceFields:
        random = self._random
        return InsuranceFields(
            random.choice(INSURERS),
            f"{random.choice('WMHX')}{random.randrange(10**8, 10**9)}",
            f"{random.randrange(1000, 9999)}" if random.random() < 0.6 else "",
        )
