"""One way to draw what is being fetched: blocks, then the answer, or why there is none."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

import flet as ft

from app import paths
from app.hooks import (
    Failed,
    Loading,
    Ready,
    Resource,
    component,
    use_look,
    use_session,
    use_state,
)
from app.text import _, explain, show_time
from services.errors import (
    GatewayUnavailable,
    NotPermitted,
    Offline,
    ServiceError,
    SignInRequired,
)
from views.components.buttons import LinkButton, OutlineButton
from views.components.consenting import ConsentPanel
from views.components.notes import Note
from views.components.opening import open_path
from views.components.stepping_up import StepUpPanel

T = TypeVar("T")

BLOCKS_AFTER = 0.3
SLOW_AFTER = 8.0


@component
def Loaded(resource: Resource[T], draw: Callable[[T], ft.Control]) -> ft.Control:
    """Grey blocks after 300 ms, a word after 8 s, the answer, or an error panel with a retry."""
    match resource:
        case Loading():
            return Waiting()
        case Failed(error, retry):
            return ErrorPanel(error, retry)
        case Ready(value, None):
            return ft.Container(draw(value))
        case Ready(value, datetime() as as_of):
            note = _("Showing the copy saved at {time}.").format(time=show_time(as_of))
            return ft.Column([Note(_("No network."), note, "tertiary"), draw(value)], spacing=12)
    raise AssertionError(resource)


@component
def Waiting() -> ft.Control:
    """Blocks in the shape of cards; they do not shimmer."""
    stage, set_stage = use_state(0)
    palette = use_look().palette

    async def go_on() -> None:
        await asyncio.sleep(BLOCKS_AFTER)
        set_stage(1)
        await asyncio.sleep(SLOW_AFTER - BLOCKS_AFTER)
        set_stage(2)

    ft.use_effect(go_on, [], cleanup=lambda: None)
    if stage == 0:
        return ft.Container(height=1)
    block = palette.surface_container_highest
    blocks = [ft.Container(height=96, border_radius=16, bgcolor=block) for _i in range(3)]
    slow = [Note(_("Slow network, still loading…"), tone="tertiary", live=True)]
    return ft.Semantics(
        label=_("Loading"),
        content=ft.Column([*(slow if stage == 2 else []), *blocks], spacing=12, tight=True),
    )


@component
def ErrorPanel(error: ServiceError, retry: Callable[[], Any] | None = None) -> ft.Control:
    """The sentence of an error, announced once, with a way on; a missing consent is asked for."""
    person = use_session().person
    if isinstance(error, SignInRequired) and error.step_up:
        return StepUpPanel(error, retry)
    if isinstance(error, NotPermitted) and error.purpose:
        return ConsentPanel(error, retry)
    tone = "tertiary" if isinstance(error, Offline) else "error"
    action = _to_support(error) if person is not None and is_for_support(error) else None
    note = Note(explain(error), tone=tone, action=action, live=True)
    if retry is None:
        return note
    again = OutlineButton(_("Try again"), retry, ft.Icons.REFRESH_ROUNDED)
    return ft.Column([note, again], spacing=12, tight=True)


def _to_support(error: ServiceError) -> ft.Control:
    bundle = open_path(paths.new_bundle(error.reference or ""))
    return LinkButton(_("Send a support bundle"), bundle, ft.Icons.SUPPORT_AGENT_ROUNDED)


def is_for_support(error: ServiceError) -> bool:
    """Whether support can find out more: the other side failed, or its answer has a reference."""
    if isinstance(error, Offline | SignInRequired):
        return False
    return isinstance(error, GatewayUnavailable) or error.reference is not None
