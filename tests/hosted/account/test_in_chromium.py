"""The account's pages in a real browser: the whole way in, read by axe, and passkeys.

axe-core 4.14 (MPL-2.0) lies in tests/data/axe as it was published.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
from playwright.sync_api import Browser, CDPSession, ConsoleMessage, Page, sync_playwright

from hosted.store.engine import Database
from tests.hosted.account.conftest import ADDRESS, PASSWORD, Person, letters, link_of
from tests.hosted.account.test_connecting import Program
from tests.hosted.conftest import on_sqlite
from tests.hosted.membership.test_plan_page import add_drafts, keep_unsent, office_on
from tests.hosted.team.office import KIM, OWNER, Office
from tests.hosted.web.conftest import PATIENCE, Site

ROOT = Path(__file__).resolve().parents[3]
AXE = (ROOT / "tests/data/axe/axe.min.js").read_text("utf-8")
#: Where pictures go when somebody wants to look: HOSTED_PICTURES=out/shots.
PICTURES = os.environ.get("HOSTED_PICTURES", "")
#: A page of 1,280 px at four times its size: https://www.w3.org/TR/WCAG22/#reflow.
NARROWEST = 320
#: Whether what is drawn in the square code lies within it.
_DRAWN_WITHIN = """svg => {
  const drawn = svg.querySelector("path").getBoundingClientRect()
  const whole = svg.getBoundingClientRect()
  return whole.left <= drawn.left && drawn.right <= whole.right && drawn.bottom <= whole.bottom
}"""
_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def chromium_here() -> str:
    """Return the system's Chromium; whoever runs the tests is told how to get it."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("Chromium is not installed: apt-get install chromium, then try again.")
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium without a window."""
    program = chromium_here()
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield made
        made.close()


@pytest.fixture
def stored(empty_sqlite: bytes, tmp_path: Path) -> Iterator[Database]:
    """One kind of database: a browser sees no difference."""
    yield from on_sqlite(empty_sqlite, tmp_path)


class Reader:
    """A page, and what the browser complained about."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _said(self, message: ConsoleMessage) -> None:
        # A refused form is answered 422, which Chromium calls an error; a policy broken is one.
        if message.type == "error" and "status of 4" not in message.text:
            self.complaints.append(message.text)

    def read(self, name: str) -> None:
        """Let axe read the page in light, dark and high contrast; take pictures if asked.

        Nothing of it lies beside the narrowest window.
        """
        self._narrow(name)
        self.page.evaluate(AXE)
        for scheme, contrast in (
            ("light", "no-preference"),
            ("dark", "no-preference"),
            ("light", "more"),
        ):
            self.page.emulate_media(
                color_scheme="dark" if scheme == "dark" else "light",
                contrast="more" if contrast == "more" else "no-preference",
                # Else axe meets colors half-way from one theme to the other.
                reduced_motion="reduce",
            )
            found: dict[str, Any] = self.page.evaluate(
                "async (rules) => await axe.run(document, rules)", _RULES
            )
            wrong = [
                f"{each['id']}: {node['html']} {node['failureSummary']}"
                for each in found["violations"]
                for node in each["nodes"]
            ]
            assert wrong == [], f"{name} {scheme} {contrast}"
            if PICTURES:
                suffix = "-contrast" if contrast == "more" else "-dark" if scheme == "dark" else ""
                self._keep(f"{name}{suffix}")
        self.page.emulate_media(color_scheme="light", contrast="no-preference")
        assert self.complaints == []

    def _narrow(self, name: str) -> None:
        wide = self.page.viewport_size
        assert wide is not None
        self.page.set_viewport_size({"width": NARROWEST, "height": 800})
        assert self.page.evaluate("document.documentElement.scrollWidth") <= NARROWEST, name
        for code in self.page.locator(".qr svg").all():
            assert code.evaluate(_DRAWN_WITHIN), "a code that is cut opens no app"
        if PICTURES:
            self._keep(f"{name}-narrow")
        self.page.set_viewport_size(wide)

    def _keep(self, name: str) -> None:
        (ROOT / PICTURES).mkdir(parents=True, exist_ok=True)
        picture = self.page.screenshot(full_page=True)
        (ROOT / PICTURES / f"account-{name}.png").write_bytes(picture)

    def fill(self, **fields: str) -> None:
        """Fill fields in by their labels."""
        for label, said in fields.items():
            self.page.get_by_label(label.replace("_", " "), exact=True).fill(said)

    def press(self, name: str) -> None:
        """Press a button by its name."""
        self.page.get_by_role("button", name=name, exact=True).click()

    @property
    def heading(self) -> str:
        """What the page is called."""
        return self.page.get_by_role("heading", level=1).inner_text()


@pytest.fixture
def reader(browser: Browser, site: Site) -> Iterator[Reader]:
    """A browser of somebody new."""
    context = browser.new_context(base_url=site.address, viewport={"width": 1100, "height": 800})
    context.set_default_timeout(PATIENCE * 1000)
    page = context.new_page()
    yield Reader(page)
    context.close()


@pytest.fixture
def program() -> Iterator[tuple[int, list[str]]]:
    """What the program on a computer listens with, and the addresses it was called at."""
    called: list[str] = []

    class Taker(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Take the code."""
            called.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<title>Connected</title>")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its own name
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Taker)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port, called
    server.shutdown()
    server.server_close()
    thread.join()


def signed_up(reader: Reader, site: Site) -> None:
    """Sign up with the form, first with mistakes."""
    reader.page.goto("/account/sign-up")
    assert reader.heading == "Sign your practice up"
    reader.read("sign-up")
    reader.fill(Practice="Alder Street Therapy", Email="marguerite", Password="short")
    reader.press("Sign up")
    assert reader.page.get_by_label("Email", exact=True).get_attribute("aria-invalid") == "true"
    reader.read("sign-up-mistakes")
    reader.fill(Your_name="Marguerite Lindqvist", Email=ADDRESS, Password=PASSWORD)
    reader.page.get_by_label("Time zone").select_option(label="Pacific")
    reader.page.get_by_role("checkbox").check()
    reader.press("Sign up")
    assert reader.heading == "Check your email"
    reader.read("sent")
    (letter,) = letters(site)
    reader.page.goto(link_of(letter))
    reader.read("confirm")
    reader.fill(Password=PASSWORD)
    reader.press("Confirm my address")
    reader.page.get_by_role("heading", name="Your account is ready").wait_for()
    reader.read("confirmed")


@pytest.mark.slow
def test_the_whole_way_in_by_a_real_browser(
    site: Site, reader: Reader, program: tuple[int, list[str]]
) -> None:
    signed_up(reader, site)
    port, called = program
    computer = Program(site, "Office iMac", f"http://127.0.0.1:{port}/back")
    page = reader.page
    # The program opens this; the way goes by password and second factor, and comes back to it.
    query = "&".join(f"{name}={said}" for name, said in computer.asked.items())
    page.goto(f"/account/connect?{query}")
    assert reader.heading == "Sign in"
    reader.read("sign-in")
    reader.fill(Email=ADDRESS, Password="something else")
    page.keyboard.press("Enter")
    page.get_by_text("The address or the password is not right.").wait_for()
    reader.read("sign-in-mistake")
    reader.fill(Email=ADDRESS, Password=PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Set up your second factor").wait_for()
    reader.read("second-factor-new")
    assert page.locator("svg path").first.is_visible()
    key = page.locator(".key").inner_text().replace(" ", "")
    page.get_by_label("Type the six digits that the app shows").fill(
        pyotp.TOTP(key).at(site.clock.now())
    )
    reader.press("Continue")
    assert page.get_by_role("list", name="Recovery codes").get_by_role("listitem").count() == 10
    reader.read("recovery-codes")
    page.get_by_role("link", name="I have kept them, continue").click()
    assert reader.heading == "Connect “Office iMac”?"
    reader.read("connect")
    reader.press("Connect this computer")
    page.wait_for_url(f"http://127.0.0.1:{port}/**")
    code = parse_qs(urlsplit(called[0]).query)["code"][0]
    assert computer.exchange(code).status_code == 200
    page.goto("/account")
    assert "Office iMac" in page.get_by_role("main").inner_text()
    reader.read("home")
    reader.press("Take off Office iMac")
    page.get_by_text("Taken off").wait_for()
    page.set_viewport_size({"width": 390, "height": 800})
    reader.read("home-phone")
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390
    reader.press("Sign out")
    assert reader.heading == "Sign in"
    page.go_back()
    page.goto("/account")
    assert reader.heading == "Sign in"


@pytest.mark.slow
def test_a_plan_is_tried_by_a_real_browser(site: Site, reader: Reader) -> None:
    person = Person(site).inside()
    page = reader.page
    page.context.add_cookies(
        [{"name": "session", "value": person.client.cookies["session"], "url": site.address}]
    )
    page.goto("/account")
    page.get_by_role("link", name="See the plan of Alder Street Therapy").click()
    assert reader.heading == "Plan of Alder Street Therapy"
    reader.read("plan")
    reader.press("Try Professional")
    page.get_by_text("Your plan is Professional now.").wait_for()
    reader.read("plan-trial")
    page.set_viewport_size({"width": 390, "height": 800})
    reader.read("plan-phone")
    page.get_by_role("link", name="Back to your account").click()
    assert reader.heading == "Alder Street Therapy"


@pytest.mark.slow
def test_what_stands_in_the_way_of_a_plan_by_a_real_browser(site: Site, reader: Reader) -> None:
    office, page = office_on(site), reader.page
    add_drafts(office, range(11, 18))
    keep_unsent(office, "Office iMac", "Marguerite’s MacBook Air in the room beside the garden")
    page.context.add_cookies(
        [{"name": "session", "value": office.browser(OWNER), "url": site.address}]
    )
    page.goto(f"/account/practices/{office.account_id}/plan")
    reader.read("plan-in-the-way")
    page.get_by_role("listitem").get_by_role("link", name="Office iMac").click()
    page.wait_for_url("**/account#computers")
    assert page.get_by_role("heading", name="Computers").is_visible()


@pytest.mark.slow
def test_a_forgotten_password_by_a_real_browser(site: Site, reader: Reader) -> None:
    signed_up(reader, site)
    page = reader.page
    page.goto("/account/sign-in")
    page.get_by_role("link", name="Forgot the password?").click()
    reader.read("reset")
    reader.fill(Email=ADDRESS)
    reader.press("Send the link")
    assert reader.heading == "Check your email"
    (letter,) = letters(site)
    page.goto(link_of(letter))
    reader.read("new-password")
    reader.fill(New_password="lantern pocket glacier Friday")
    reader.press("Use this password")
    assert reader.heading == "Your password is changed"
    reader.read("password-chosen")
    page.goto(link_of(letter))
    assert reader.heading == "This link does not work any more"
    reader.read("spent")
    page.goto("/account/connect?redirect_uri=http://evil.example")
    assert reader.heading == "Sign in"


@pytest.mark.slow
def test_joining_a_practice_and_leaving_it_by_a_real_browser(site: Site, reader: Reader) -> None:
    office = Office(site.services, site.clock)
    link = f"/account/invitation?key={office.invite()}"
    page = reader.page
    page.goto(link)
    assert reader.heading == "Join Alder Street Therapy"
    reader.read("invitation")
    reader.fill(Your_name="", Password="short")
    reader.press("Continue")
    page.get_by_text("Say your name.").wait_for()
    reader.read("invitation-mistakes")
    reader.fill(Your_name="Kim Park", Password=PASSWORD)
    reader.press("Continue")
    page.get_by_role("heading", name="Set up your second factor").wait_for()
    key = page.locator(".key").inner_text().replace(" ", "")
    page.get_by_label("Type the six digits that the app shows").fill(
        pyotp.TOTP(key).at(site.clock.now())
    )
    reader.press("Continue")
    page.get_by_role("link", name="I have kept them, continue").click()
    reader.read("join")
    page.get_by_role("checkbox").check()
    reader.press("Join Alder Street Therapy")
    page.get_by_role("heading", name="Welcome to Alder Street Therapy").wait_for()
    reader.read("joined")
    office.belongs_to_another(KIM, "Elm Street Counseling")
    query = "&".join(f"{name}={said}" for name, said in Program(site).asked.items())
    page.goto(f"/account/connect?{query}")
    page.get_by_role("radio", name="Elm Street Counseling").check()
    reader.read("connect-choice")
    page.goto("/account")
    reader.read("home-member")
    page.get_by_role("link", name="Leave Alder Street Therapy").click()
    reader.read("leave")
    reader.press("Leave this practice")
    page.get_by_role("heading", name="You have left Alder Street Therapy").wait_for()
    reader.read("left")
    page.goto(link)
    assert reader.heading == "This invitation does not work any more"
    reader.read("invitation-spent")


@dataclass
class Thing:
    """What keeps passkeys in a browser: https://w3c.github.io/webauthn, 11."""

    inside: CDPSession
    id: str

    @classmethod
    def within(cls, page: Page) -> Thing:
        """Give a page's browser one that knows its person's finger."""
        inside = page.context.new_cdp_session(page)
        inside.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        made = inside.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        return cls(inside, made["authenticatorId"])

    def knows_the_finger(self, yes: bool) -> None:
        """Say whether the finger that comes next is the right one."""
        said = {"authenticatorId": self.id, "isUserVerified": yes}
        self.inside.send("WebAuthn.setUserVerified", said)


@pytest.fixture
def by_name(browser: Browser, site: Site) -> Iterator[Reader]:
    """A browser that asks for the site by a name, as passkeys need it."""
    context = browser.new_context(
        base_url=site.address.replace("127.0.0.1", "localhost"),
        viewport={"width": 1100, "height": 800},
    )
    context.set_default_timeout(PATIENCE * 1000)
    yield Reader(context.new_page())
    context.close()


@pytest.mark.slow
def test_passkeys_by_a_real_browser(site: Site, by_name: Reader) -> None:
    reader, page, thing = by_name, by_name.page, Thing.within(by_name.page)
    Person(site).confirmed()
    page.goto("/account/sign-in")
    reader.read("sign-in-passkey")
    reader.press("Sign in with a passkey")
    page.get_by_text("No passkey was used.").wait_for()
    reader.fill(Email=ADDRESS, Password=PASSWORD)
    reader.press("Sign in")
    page.get_by_role("link", name="Use a passkey").click()
    assert reader.heading == "Add a passkey"
    reader.read("passkey-new")
    reader.fill(What_to_call_it="Marguerite's laptop")
    reader.press("Continue")
    page.get_by_role("heading", name="Keep your recovery codes").wait_for()
    page.get_by_role("link", name="I have kept them, continue").click()
    assert "Marguerite's laptop" in page.get_by_role("list", name="Passkeys").inner_text()
    reader.read("home-passkey")
    # Nothing holds two of one account.
    page.get_by_role("link", name="Add a passkey").click()
    reader.press("Continue")
    page.get_by_text("No passkey was made.").wait_for()
    reader.press("Sign out")
    reader.press("Sign in with a passkey")
    page.wait_for_url("**/account")
    page.get_by_role("link", name="Change it").click()
    assert reader.heading == "Change your password"
    reader.read("password")
    reader.press("Sign out")
    reader.fill(Email=ADDRESS, Password=PASSWORD)
    reader.press("Sign in")
    assert reader.heading == "Your passkey"
    reader.read("second-factor-passkey")
    thing.knows_the_finger(False)
    reader.press("Use a passkey")
    page.get_by_text("No passkey was used.").wait_for()
    thing.knows_the_finger(True)
    reader.press("Use a passkey")
    page.wait_for_url("**/account")
