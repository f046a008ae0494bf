"""What superbills are made of, read from a real file."""

from __future__ import annotations

from datetime import date, datetime

from app.core.billing.superbills.queries.facts import superbill_facts
from app.core.billing.superbills.rules.facts import Judges
from app.core.cases.commands import add_client_with_case
from app.core.clinical.commands.diagnoses import add_diagnosis
from app.core.clinical.rules.diagnoses import NewDiagnosis
from app.core.journeys.sessions import attend
from app.core.kernel.money import Money
from app.core.kernel.text import PersonName
from app.core.people.rules import Lifecycle, NewClient
from app.core.practice.commands import add_service, set_setting
from app.core.practice.rules.catalogue import ServiceFields
from app.core.scheduling.commands import book_session
from app.core.scheduling.rules.booking import Booking, Line
from tests.core.billing.superbills.made import billable, settable
from tests.support.practice import TestDesk

DAY = date(2026, 11, 12)


def test_the_words_of_diagnoses_are_left_out_where_the_practice_says_so(desk: TestDesk) -> None:
    added = desk.do(
        add_client_with_case, NewClient(PersonName("Ada", "", "Lowry"), Lifecycle.ACTIVE)
    ).value
    (client_id,) = added.client_ids
    desk.do(add_diagnosis, NewDiagnosis(client_id, "F41.1", date(2026, 1, 5)))
    service = desk.do(add_service, ServiceFields("Individual", "0001Z", 50, Money(16500))).value
    starts = datetime(DAY.year, DAY.month, DAY.day, 9)
    session = desk.do(book_session, Booking(added.case_id, starts, lines=(Line(service),))).value
    desk.do(attend, session)

    def words() -> str:
        found = desk.ask(superbill_facts, DAY, DAY, Judges(billable, settable))
        return found.diagnoses[client_id][0].description

    assert words() == "Generalized anxiety disorder"
    desk.do(set_setting, "superbill.diagnosis_words", "no")
    assert words() == ""
