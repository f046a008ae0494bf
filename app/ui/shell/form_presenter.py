"""The base of forms, without Qt: what is typed in them survives until it is saved or discarded."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from typing import Any, TypeVar

from app.core.kernel.changes import Outcome
from app.core.kernel.clock import wall_time
from app.core.kernel.desk import Desk, HalfTyped
from app.ui.shell.presenter import Deliver, Presenter

R = TypeVar("R")
_log = logging.getLogger(__name__)
Later = Callable[[Callable[[], None]], None]
"""Runs a call about a second from now, on the window's thread."""
Texts = dict[str, str]
"""Texts as they stand in fields, by the fields' names: also those that cannot be read yet."""


def at_once(call: Callable[[], None]) -> None:
    """Run ``call`` now: for forms that no hand types in."""
    call()


class FormPresenter(Presenter):
    """A form that may be left half-way, by Esc, a lock, another form or a lost power.

    What stands in it is kept in the practice's file about a second after a keystroke, and when the
    form is closed; saving it or ``start_over`` forgets that. A subclass says what stands in it
    (``content``), takes up what was kept (``take_up``), calls ``begin`` once it has what a kept
    form is shown with, ``touched`` whenever the person changed something, and ``submit`` to save.

    ``texts`` and ``put`` are the view's: the texts in its fields, and how they get into them.
    """

    def __init__(
        self,
        desk: Desk,
        deliver: Deliver,
        key: str,
        *,
        did: Callable[[Outcome[Any]], None] | None = None,
        later: Later = at_once,
        unkept: Callable[[Exception], None] | None = None,
    ) -> None:
        super().__init__(desk, deliver, did=did)
        self.key = key
        self.continued: datetime | None = None
        """When what was taken up had been typed, on the practice's wall; None for a fresh form."""
        self.typed_at: datetime | None = None
        """When the person changed something last, on the practice's wall."""
        self.texts: Callable[[], Texts] = dict
        self.put: Callable[[Texts], None] = lambda _texts: None
        self._later, self._unkept = later, unkept
        self._begun = self._has_begun = False
        self._waits = self._fresh = self._submitting = False

    # For the form

    def content(self) -> dict[str, Any]:
        """Return what stands in the form as JSON values, the view's texts aside."""
        raise NotImplementedError

    def take_up(self, content: dict[str, Any]) -> None:
        """Show what ``content`` returned when the form was left.

        The fields' ``texts`` stand in it too, and go into the fields next.
        """
        raise NotImplementedError

    def begin(self) -> None:
        """Look once whether the form was left half-way, and continue it."""
        if not self._begun:
            self._begun = True
            asked = self.desk.typed(self.key)
            self._answer(asked, self._have_kept, self._unkept, still_wanted=lambda: True)

    def continue_typed(self) -> None:
        """Say that the form was closed and is shown again, with what was typed in between."""
        self.continued = self.typed_at or self.continued

    def touched(self) -> None:
        """Say that the person changed something that is to be kept."""
        self._fresh = True
        self.typed_at = wall_time(self.desk.clock.now(), self.desk.zone)
        if not self._waits and not self.closed:
            self._waits = True
            self._later(self._due)

    def keep_now(self) -> None:
        """Keep what was changed since it was kept last."""
        if not self._fresh or self._submitting:
            return
        self._fresh = False
        content = {**self.content(), "texts": self.texts()}
        # What was left before may still be on its way: it is not to be lost to a first letter.
        unread = self._begun and not self._has_begun
        self._tell(self.desk.keep_typed(self.key, content, unread=unread))

    def discard(self) -> None:
        """Forget what was kept, because the person threw it away."""
        self._fresh = False
        self.continued = self.typed_at = None
        self._tell(self.desk.keep_typed(self.key, None))

    def submit(
        self,
        command: Callable[..., R],
        *args: Any,
        then: Callable[[Outcome[R]], None],
        failed: Callable[[Exception], None],
        **kwargs: Any,
    ) -> None:
        """Save the form by ``command``, unless that is under way; kept until the save is done."""
        if self._submitting:
            return
        self.keep_now()
        self._submitting = True

        def done(outcome: Outcome[R]) -> None:
            self._submitting = self._fresh = False
            self.continued = self.typed_at = None
            then(outcome)

        def refused(error: Exception) -> None:
            self._submitting = False
            failed(error)

        saved: Future[Outcome[R]] = self.desk.finish(self.key, command, *args, **kwargs)
        self._answer(saved, done, refused, still_wanted=lambda: True)

    def close(self) -> None:
        """Keep what stands half-way and stop listening."""
        if not self.closed:
            self.keep_now()
        # The view goes: it is not to be held by what outlives it for a moment.
        self.texts, self.put = dict, lambda _texts: None
        super().close()

    # What arrives

    def _have_kept(self, found: HalfTyped | None) -> None:
        self._has_begun = True
        if found is not None:
            self.continued = wall_time(found.at, self.desk.zone)
            content: dict[str, Any] = {"texts": {}, **found.content}
            try:
                self.take_up(content)
            except (ValueError, KeyError):
                # Another version's form: what was typed into its fields is still to be had.
                _log.warning("a kept form of %s was read in part", type(self).__name__)
            self.changed()
            self.put(content["texts"])
        if self._fresh and found is not None:
            self.touched()

    def _due(self) -> None:
        self._waits = False
        if not self.closed:
            self.keep_now()

    def _tell(self, kept: Future[None]) -> None:
        def refused(error: Exception) -> None:
            self._fresh = True
            if self._unkept is None:
                raise error
            self._unkept(error)

        self._answer(kept, lambda _none: None, refused, still_wanted=lambda: True)
