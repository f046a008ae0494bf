"""Who is signed in, and in which practice, for the side bar. No Qt."""

from __future__ import annotations

from app.core.kernel.desk import Desk
from app.core.practice.queries import PracticeView, practice
from app.core.team.queries import MemberView, member
from app.ui.shell.presenter import Deliver, Presenter
from app.ui.shell.sidenav import Signed


class SignedIn(Presenter):
    """The member's name and the practice's, kept right while they are edited."""

    def __init__(self, desk: Desk, deliver: Deliver) -> None:
        super().__init__(desk, deliver)
        self.who = Signed("", "", "")
        self.demo = False
        self.watch("practice", "team")

    def refresh(self) -> None:
        """Read both names again."""
        self.read("practice", practice, then=self._have_practice)
        member_id = self.desk.actor.member_id
        if member_id is not None:
            self.read("member", member, member_id, then=self._have_member)

    def _have_practice(self, found: PracticeView) -> None:
        self.who = Signed(self.who.member, self.who.initials, found.name)
        self.demo = found.is_demo
        self.changed()

    def _have_member(self, found: MemberView) -> None:
        self.who = Signed(found.name, found.initials, self.who.practice)
        self.changed()
