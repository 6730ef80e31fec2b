"""How the sign-in goes on while the app is open: warned of its end, over, begun anew, ended elsewhere."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import fields
from math import ceil

import flet as ft

from app import paths
from app.state import Revisions, Session
from services import Services
from services.desk_records import Filters
from services.device import Device
from services.errors import ServiceError
from services.standing import SESSION_ENDED, UNUSED

WARNED = 300.0
"""Seconds before the end at which the resident is warned, minute by minute."""

LOOK_AGAIN = 0.5
"""The least seconds between two looks."""


async def keep_session(
    session: Session, services: Services, revisions: Revisions, device: Device
) -> None:
    """Follow the sign-in until cancelled; who is on the screen changes here and at sign-in alone."""
    standing, woken = services.identity.standing, asyncio.Event()
    stop = standing.watch(woken.set)
    try:
        while True:
            woken.clear()
            with suppress(ServiceError):
                await attend(session, services, revisions, device)
            pause = await count_down(session, services, device)
            with suppress(TimeoutError):
                await asyncio.wait_for(woken.wait(), pause)
    finally:
        stop()


async def attend(
    session: Session, services: Services, revisions: Revisions, device: Device
) -> None:
    """Bring the screen up to what has become of the sign-in."""
    standing, person = services.identity.standing, services.identity.person
    if session.person is None:
        return
    if standing.over == SESSION_ENDED:
        await leave(session, services, device)
    elif standing.over:
        session.over, session.minutes_left = standing.over, 0
    elif person is not None and (session.over or session.person != person):
        session.person, session.over = person, ""
        ask_again(revisions)
        services.outbox.wake()
    while standing.replaced and not standing.over:
        await services.sessions.end_replaced(standing.replaced[0])
        standing.replaced.pop(0)


async def count_down(session: Session, services: Services, device: Device) -> float | None:
    """Warn of the end of an unused sign-in, or end it; seconds until the next look, None for never."""
    left = device.unused_ends_in()
    if left is None or session.person is None or services.identity.standing.over:
        return None
    if left <= 0:
        await services.identity.expire(UNUSED)
        return LOOK_AGAIN
    session.minutes_left = ceil(left / 60) if left <= WARNED else 0
    if left > WARNED:
        return left - WARNED
    # At the next full minute, and soon enough to take the warning back when somebody is there.
    return max(LOOK_AGAIN, min(left % 60 or 60.0, 5.0))


async def leave(session: Session, services: Services, device: Device) -> None:
    """Nothing of the resident stays on a screen whose sign-in was ended from another device."""
    for forget in (services.health_records.forget, services.health_sharing.forget):
        with suppress(ServiceError):
            await forget()
    if not await device.leave(paths.SIGNED_OUT_ELSEWHERE):
        return
    await services.identity.sign_out()
    sign_off(session)
    await ft.context.page.push_route(paths.SIGNED_OUT_ELSEWHERE)


def sign_off(session: Session) -> None:
    """Nobody is signed in on this screen any more."""
    session.person, session.guest = None, False
    session.over, session.minutes_left = "", 0
    session.desk_filters = Filters()
    session.unread = session.needs_you = 0


def ask_again(revisions: Revisions) -> None:
    """What could not be read without a sign-in is read now."""
    for each in fields(Revisions):
        setattr(revisions, each.name, getattr(revisions, each.name) + 1)
