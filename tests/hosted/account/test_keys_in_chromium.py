"""The account's pages by Tab, Space and Enter alone in a real browser, read by axe.

Every stop shows that it has the keyboard and is in view; after a mistake the keyboard is at the
first field to be mended, and its sentence is read out with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyotp
import pytest

from tests.hosted.account import test_in_chromium as chromium
from tests.hosted.account.conftest import ADDRESS, PASSWORD, Person, letters, link_of
from tests.hosted.account.test_in_chromium import Reader
from tests.hosted.team.office import Office
from tests.hosted.web.conftest import Site

browser, stored, reader = chromium.browser, chromium.stored, chromium.reader

#: More stops than any page has.
_STOPS = 40
_AT = """() => {
  const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
  const said = (name) => (at.getAttribute(name) || "").split(" ")
    .map((id) => document.getElementById(id)?.innerText || "").join(" ").trim();
  return {
    name: at.labels?.[0]?.innerText || said("aria-labelledby") || at.innerText || "",
    ringed: at.matches(":focus-visible") && style.outlineStyle !== "none"
      && parseFloat(style.outlineWidth) >= 2,
    seen: box.height > 0 && box.bottom > 0 && box.top < innerHeight,
    invalid: at.getAttribute("aria-invalid") === "true",
    told: said("aria-describedby"),
    body: at === document.body,
  };
}"""


_MENDS = """(name) => document.activeElement.labels?.[0]?.innerText === name
  && document.activeElement.getAttribute("aria-invalid") === "true" """


@dataclass(frozen=True)
class Stop:
    """Where the keyboard is."""

    name: str
    ringed: bool
    seen: bool
    invalid: bool
    told: str
    body: bool


class Typist:
    """Somebody without a mouse."""

    def __init__(self, reader: Reader) -> None:
        self.reader, self.page = reader, reader.page

    @property
    def at(self) -> Stop:
        """What has the keyboard: in view, and marked."""
        found: dict[str, Any] = self.page.evaluate(_AT)
        stop = Stop(**found)
        assert stop.body or (stop.ringed and stop.seen), stop
        return stop

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def tab_to(self, name: str) -> None:
        """Press Tab until ``name`` has the keyboard."""
        passed = []
        for _stop in range(_STOPS):
            if self.at.name == name:
                return
            self.press("Tab")
            passed.append(self.at.name)
        raise AssertionError(f"Tab never reaches {name!r}: {passed}")

    def write(self, name: str, text: str) -> None:
        self.tab_to(name)
        self.press("Control+a")
        self.page.keyboard.type(text)

    def reads(self, heading: str) -> None:
        """Wait for a page."""
        self.page.get_by_role("heading", level=1, name=heading).wait_for()

    def is_told(self, name: str, sentence: str) -> None:
        """Wait until the keyboard is at the field to be mended, which says what to do."""
        self.page.wait_for_function(_MENDS, arg=name)
        at = self.at
        assert (at.name, at.invalid) == (name, True)
        assert sentence in at.told
        assert self.page.title().startswith("To mend: ")


def code(person: Typist, site: Site) -> str:
    """Return what the authenticator app shows, from the key on the page."""
    key = person.page.locator(".key").inner_text().replace(" ", "")
    return pyotp.TOTP(key).at(site.clock.now())


@pytest.mark.slow
def test_a_practice_is_signed_up(site: Site, reader: Reader) -> None:
    person = Typist(reader)
    person.page.goto("/account/sign-up")
    person.write("Practice", "Alder Street Therapy")
    person.write("Your name", "Marguerite Lindqvist")
    person.write("Email", "marguerite")
    person.press("Enter")
    person.is_told("Email", "")
    assert person.page.get_by_role("alert").inner_text().startswith("Nothing was sent yet.")
    person.write("Email", ADDRESS)
    person.tab_to("Time zone")
    person.page.keyboard.type("Pac")
    person.write("Password", PASSWORD)
    person.press("Tab")
    region = person.page.get_by_role("region")
    assert "greement" in person.at.name
    person.press("PageDown")
    person.page.wait_for_function("() => document.querySelector('.agreement').scrollTop > 0")
    assert region.is_visible()
    person.tab_to("Sign up")
    person.press("Enter")
    # What is left is the box: the password is never sent back, and stands before it.
    person.is_told("I may sign for this practice, and accept the agreement.", "")
    person.reader.read("sign-up-agree")
    assert "Type it once more" in person.page.locator("#password-hint").inner_text()
    person.press("Space")
    person.page.keyboard.press("Shift+Tab")
    person.page.keyboard.press("Shift+Tab")
    person.page.keyboard.type(PASSWORD)
    person.press("Enter")
    person.reads("Check your email")
    (letter,) = letters(site)
    person.page.goto(link_of(letter))
    person.write("Password", PASSWORD)
    person.press("Enter")
    person.reads("Your account is ready")


@pytest.mark.slow
def test_an_invitation_is_accepted_and_a_second_press_is_no_refusal(
    site: Site, reader: Reader
) -> None:
    office = Office(site.services, site.clock)
    person = Typist(reader)
    person.page.goto(f"/account/invitation?key={office.invite()}")
    person.write("Your name", " ")
    person.write("Password", "short")
    person.press("Enter")
    person.is_told("Your name", "Say your name.")
    person.write("Your name", "Kim Park")
    person.write("Password", PASSWORD)
    person.press("Enter")
    person.reads("Set up your second factor")
    person.write("Type the six digits that the app shows", "000000")
    person.press("Enter")
    person.is_told("Type the six digits that the app shows", "")
    person.reader.read("second-factor-mistake")
    person.write("Type the six digits that the app shows", code(person, site))
    person.press("Enter")
    person.reads("Keep your recovery codes")
    person.tab_to("I have kept them, continue")
    person.press("Enter")
    person.reads("Join Alder Street Therapy")
    person.tab_to("Join Alder Street Therapy")
    person.press("Enter")
    person.is_told("I have read the agreement, and keep to it.", "check the box to accept it")
    person.reader.read("join-mistake")
    person.press("Space")
    person.tab_to("Join Alder Street Therapy")
    person.press("Enter", "Enter")
    person.reads("Welcome to Alder Street Therapy")
    assert office.used().associates.active == 1
    person.tab_to("Go to your account")
    person.press("Enter")
    person.page.get_by_role("main").get_by_text("Kim Park").first.wait_for()


@pytest.mark.slow
def test_signing_in_the_second_factor_and_the_plan(site: Site, reader: Reader) -> None:
    owner = Person(site).inside()
    site.clock.forward(seconds=30)
    person = Typist(reader)
    person.page.goto("/account/sign-in")
    assert person.at.name == "Email"
    person.page.keyboard.type(ADDRESS)
    person.write("Password", "something else")
    person.press("Enter")
    person.page.get_by_role("alert").wait_for()
    assert person.at.name == "Password"
    person.page.keyboard.type(PASSWORD)
    person.press("Enter")
    person.reads("Your code")
    assert person.at.name == "Code"
    person.page.keyboard.type("000000")
    person.press("Enter")
    person.is_told("Code", "")
    person.page.keyboard.type(owner.code())
    person.press("Enter")
    person.reads("Alder Street Therapy")
    person.tab_to("See the plan of Alder Street Therapy")
    person.press("Enter")
    person.reads("Plan of Alder Street Therapy")
    person.tab_to("Try Professional")
    person.press("Enter")
    person.page.get_by_role("status").get_by_text("Your plan is Professional now.").wait_for()
    person.tab_to("Back to your account")
    person.press("Enter")
    person.reads("Alder Street Therapy")
