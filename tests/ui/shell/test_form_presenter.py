"""What is typed in a form, without a window: kept, continued, saved, thrown away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.core.kernel.errors import UserError
from app.core.kernel.text import PersonName
from app.core.people.commands import add_client
from app.core.people.rules import NewClient
from app.ui.shell.form_presenter import FormPresenter, Later, at_once
from tests.support.practice import TestDesk
from tests.support.pumping import Pump


class NameForm(FormPresenter):
    """A form of one chosen thing and one text."""

    def __init__(self, desk: TestDesk, pump: Pump, later: Later = at_once) -> None:
        super().__init__(desk, pump, "test/name", later=later)
        self.chosen, self.text = "", ""
        self.texts, self.put = self._texts, self._put

    def content(self) -> dict[str, Any]:
        return {"chosen": self.chosen}

    def take_up(self, content: dict[str, Any]) -> None:
        if content["chosen"] == "of another version":
            raise ValueError
        self.chosen = content["chosen"]

    def type(self, text: str, chosen: str = "") -> None:
        self.text, self.chosen = text, chosen or self.chosen
        self.touched()

    def _texts(self) -> dict[str, str]:
        return {"name": self.text}

    def _put(self, texts: dict[str, str]) -> None:
        self.text = texts["name"]


def opened(desk: TestDesk) -> NameForm:
    """Return a form that has looked for what was left."""
    pump, looked = Pump(), []
    form = NameForm(desk, pump)
    form.begin()
    desk.typed(form.key).add_done_callback(lambda _done: pump(lambda: looked.append(True)))
    pump.until(lambda: bool(looked))
    return form


def test_a_form_that_is_closed_comes_up_again_with_its_moment(desk: TestDesk) -> None:
    form = opened(desk)
    assert form.continued is None
    form.type("Ad", "a couple")
    form.close()
    again = opened(desk)
    assert (again.text, again.chosen) == ("Ad", "a couple")
    assert again.continued is not None
    assert f"{again.continued:%H:%M}" == f"{again.typed_at or form.typed_at:%H:%M}"


def test_typing_is_kept_once_in_a_while_and_at_last_when_it_is_closed(desk: TestDesk) -> None:
    due: list[Callable[[], None]] = []
    form = NameForm(desk, Pump(), due.append)
    for text in ("A", "Ad", "Ada"):
        form.type(text)
    assert len(due) == 1
    assert desk.typed(form.key).result() is None
    due.pop()()
    kept = desk.typed(form.key).result()
    assert kept is not None
    assert kept.content["texts"] == {"name": "Ada"}
    form.type("Ada L")
    form.close()
    kept = desk.typed(form.key).result()
    assert kept is not None
    assert kept.content["texts"] == {"name": "Ada L"}


def test_nothing_is_kept_of_a_form_in_which_nothing_was_typed(desk: TestDesk) -> None:
    form = opened(desk)
    form.close()
    assert desk.typed(form.key).result() is None


def test_a_refused_save_keeps_it_and_a_done_one_forgets_it(desk: TestDesk) -> None:
    pump = Pump()
    heard: list[object] = []
    form = NameForm(desk, pump)
    form.type("Ada")

    def save(given: str) -> None:
        name = NewClient(PersonName(given, "", given))
        form.submit(add_client, name, then=heard.append, failed=heard.append)

    save("")
    save("Twice pressed")
    pump.until(lambda: bool(heard))
    assert isinstance(heard.pop(), UserError)
    assert desk.typed(form.key).result() is not None
    save("Ada")
    pump.until(lambda: bool(heard))
    form.close()
    assert desk.typed(form.key).result() is None


def test_a_save_that_the_lock_overtakes_is_not_offered_again(desk: TestDesk) -> None:
    form = NameForm(desk, Pump())
    form.type("Ada")
    name = NewClient(PersonName("Ada", "", "Lowry"))
    form.submit(add_client, name, then=lambda _done: None, failed=lambda _error: None)
    form.close()
    assert desk.typed(form.key).result() is None


def test_starting_over_forgets_it(desk: TestDesk) -> None:
    form = opened(desk)
    form.type("Ada")
    form.discard()
    form.close()
    assert desk.typed(form.key).result() is None


def test_of_another_version_s_form_the_texts_are_still_to_be_had(desk: TestDesk) -> None:
    form = opened(desk)
    form.type("Ada", "of another version")
    form.close()
    again = opened(desk)
    assert (again.text, again.chosen) == ("Ada", "")


def test_a_first_letter_takes_nothing_from_what_was_left_before(desk: TestDesk) -> None:
    form = opened(desk)
    form.type("Ada Lowry")
    form.close()
    early = NameForm(desk, Pump())
    early.begin()
    early.type("x")
    early.close()
    assert opened(desk).text == "Ada Lowry"


def test_what_is_typed_before_the_answer_is_kept_where_nothing_was(desk: TestDesk) -> None:
    form = NameForm(desk, Pump())
    form.begin()
    form.type("Ada")
    form.close()
    assert opened(desk).text == "Ada"
