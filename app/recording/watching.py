"""Stands between a session's events and their handlers, and tells the recorder of each."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from typing import Any

import flet as ft

from app.catalogue import LOCALE_FOLDER, language
from app.recording.acting import Detail, act_of, data_of
from app.recording.screen import TYPED, shown, words_of
from services.diagnostics import Recorder
from services.diagnostics.addresses import Addresses
from services.diagnostics.digest import Messages, messages_in

logger = logging.getLogger(__name__)

TYPING = 0.5
"""Seconds after the last key when a run of keys counts as one act."""


def watch(page: ft.Page, recorder: Recorder, templates: Iterable[str]) -> None:
    """From now on every event of the page's session is told to the recorder."""
    recorder.addresses = Addresses(templates)
    recorder.reducer.stand_ins.app_says = messages_in(LOCALE_FOLDER, "vi").says
    recorder.step("start", route=recorder.route(str(page.route or "/")))
    _Watch(page, recorder).begin()


class _Watch:
    """One session's events. Nothing here may raise: the resident's act goes on whatever happens."""

    def __init__(self, page: ft.Page, recorder: Recorder) -> None:
        self._page = page
        self._recorder = recorder
        self._pushed: set[str] = set()
        self._route = str(page.route or "/")
        self._typing: Detail | None = None
        self._timer: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Put itself before the session's own methods."""
        session: Any = self._page.session
        dispatch, invoke = session.dispatch_event, session.invoke_method

        async def dispatch_event(control_id: int, name: str, data: Any) -> None:
            self._safely(lambda: self._event(control_id, name, data))
            await dispatch(control_id, name, data)
            self._route = str(self._page.route)

        async def invoke_method(
            control_id: int, method_name: str, args: Any, *limits: Any, **named: Any
        ) -> Any:
            if method_name == "push_route":
                self._pushed.add(str(args.get("route")))
            return await invoke(control_id, method_name, args, *limits, **named)

        session.dispatch_event, session.invoke_method = dispatch_event, invoke_method

    @property
    def _messages(self) -> Messages:
        return messages_in(LOCALE_FOLDER, language())

    def _safely(self, tell: Callable[[], None]) -> None:
        try:
            tell()
        except (AttributeError, LookupError, TypeError, ValueError, RecursionError):
            logger.exception("Could not record an event")

    def _event(self, control_id: int, name: str, data: Any) -> None:
        session: Any = self._page.session
        if control_id == getattr(self._page, "_i", None):
            self._page_event(name, data)
            return
        control = session.index.get(control_id)
        if control is None or getattr(control, f"on_{name}", None) is None:
            return
        if self._typing is not None and self._goes_on(control, name):
            self._type(control, data, self._typing)
            return
        self._ended()
        screen = shown(self._page, self._messages)
        act = act_of(screen, control, name, data, self._messages)
        if act is None:
            return
        self._recorder.screen(self._recorder.route(self._route), words_of(screen))
        if getattr(control, "_c", "") in TYPED and name == "change":
            self._type(control, data, act | {"_control": control})
        else:
            self._tell(act, data_of(control, data, self._recorder.reducer.stand_ins))

    def _page_event(self, name: str, data: Any) -> None:
        if name == "route_change":
            route = str(data.get("route")) if isinstance(data, dict) else str(data)
            if route in self._pushed:
                self._pushed.discard(route)
                return
            self._look()
            self._recorder.step("route", route=self._recorder.route(route))
        elif name == "view_pop":
            self._look()
            self._recorder.step("back")

    def _look(self) -> None:
        self._ended()
        words = words_of(shown(self._page, self._messages))
        # The page has the new address already.
        self._recorder.screen(self._recorder.route(self._route), words)

    def _goes_on(self, control: Any, name: str) -> bool:
        assert self._typing is not None
        before = self._typing["_control"]
        # A redraw gives the same field as another object under the same number.
        return name == "change" and getattr(before, "_i", 0) == getattr(control, "_i", 1)

    def _type(self, control: Any, data: Any, act: Detail) -> None:
        told = data_of(control, data, self._recorder.reducer.stand_ins)
        self._typing = act | {"data": told}
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(TYPING, self._ended)

    def _ended(self) -> None:
        """The run of keys is over: it was one act."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        act, self._typing = self._typing, None
        if act is not None:
            self._tell({k: v for k, v in act.items() if k not in ("_control", "data")}, act["data"])

    def _tell(self, act: Detail, data: Detail | None) -> None:
        self._recorder.step("act", **act, data=data)
