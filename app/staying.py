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
from services.outbox_answers import prune_answers
from services.standing import ACCOUNT_ERASED, SESSION_ENDED, SIGNED_OUT, UNUSED

WARNED = 300.0
"""Seconds before the end at which the resident is warned, minute by minute."""

LOOK_AGAIN = 0.5
"""The least seconds between two looks."""

NOTED_EVERY, ASKED_EVERY = 20.0, 6 * 3600.0
"""Seconds between two tries to note a sign-in, and between two questions about erased accounts."""

LEAVING = {
    SESSION_ENDED: paths.SIGNED_OUT_ELSEWHERE,
    ACCOUNT_ERASED: paths.ERASED_ELSEWHERE,
}
"""Ends after which nothing of the resident stays on the screen, and where it is said why."""


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
    if session.person is None or standing.erasing:
        return
    if standing.over in (SESSION_ENDED, SIGNED_OUT):
        await ask_why(services)
    if standing.over in LEAVING:
        await leave(session, services, device, LEAVING[standing.over])
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


async def ask_why(services: Services) -> None:
    """Whether it ended because the whole account was erased: then nothing of it may stay here."""
    mine = services.identity.sign_in_id
    with suppress(ServiceError):
        if mine in await services.erased.ask([mine]):
            await services.identity.expire(ACCOUNT_ERASED)


async def drop_here(services: Services, subject: str) -> None:
    """Drop what lies on this device of the account that was erased, under its resident's name and,
    where the vault is locked, by the sign-in that was noted.
    """
    for drop in (
        services.erased.drop([services.identity.sign_in_id]),
        services.erased.drop_of(subject),
        services.emergency.remove(),
    ):
        with suppress(ServiceError):
            await drop


async def drop_erased(services: Services) -> None:
    """Drop what lies on this device of accounts that were erased elsewhere, whoever is signed in."""
    erased = await services.erased.ask(await services.erased.known())
    if services.identity.sign_in_id in erased:
        await services.identity.expire(ACCOUNT_ERASED)
    await services.erased.drop(erased)


async def keep_clean(services: Services, *, own: bool) -> None:
    """Keep with which sign-in what lies here came; now and then forget what is over its time and, on a
    device of one's own, ask whether that account was erased. The web's host asks for everybody.
    """
    identity, steady, woken = services.identity, services.clock.steady, asyncio.Event()
    asked: float | None = None
    stop = identity.standing.watch(woken.set)
    try:
        while True:
            woken.clear()
            with suppress(ServiceError):
                if identity.person is not None and not identity.standing.erasing:
                    await services.erased.note(identity.person.subject, identity.sign_in_id)
                if asked is None or steady() - asked > ASKED_EVERY:
                    if own:
                        await drop_erased(services)
                    asked = steady()
                    await prune_answers(services.vault, services.clock.now())
            with suppress(TimeoutError):
                await asyncio.wait_for(woken.wait(), NOTED_EVERY)
    finally:
        stop()


async def leave(session: Session, services: Services, device: Device, path: str) -> None:
    """Nothing of the resident stays on a screen whose sign-in was ended from another device, and
    nothing on the device once the account was erased.
    """
    if path == paths.ERASED_ELSEWHERE and session.person is not None:
        await drop_here(services, session.person.subject)
    for forget in (services.health_records.forget, services.health_sharing.forget):
        with suppress(ServiceError):
            await forget()
    if not await device.leave(path):
        return
    await services.identity.sign_out()
    sign_off(session)
    await ft.context.page.push_route(path)


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
