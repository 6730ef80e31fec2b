"""What happens elsewhere reaches the open screen within seconds: the loop over `services.live`."""

from __future__ import annotations

import asyncio
from time import monotonic

from app.state import Revisions, Session
from services import Services
from services.chance import uniform
from services.errors import NotFound, NotPermitted, Rejected, ServiceError, SignInRequired
from services.live import Changes

LOOK_EVERY = 2.0
"""Seconds between two looks whether somebody has signed in."""

NEWS_EVERY, IDLE_EVERY = 1.0, 61.0
"""Seconds from an answer with news to the next request, and between two requests without any."""


async def keep_live(session: Session, services: Services, revisions: Revisions) -> None:
    """Let what happens elsewhere reach the open screen within seconds, and the badge with it."""
    who, cursor, failures = "", "", 0
    while services.live.extended:
        if session.person is None or session.person.subject != who:
            who, cursor, session.unread = _subject(session), "", 0
        if not who:
            await asyncio.sleep(LOOK_EVERY)
            continue
        asked, first = monotonic(), not cursor
        try:
            changes = await _changes(session, services, who, cursor)
        except ServiceError as error:
            failures += 1
            await asyncio.sleep(live_pause(failures, error))
            continue
        if changes is None:
            continue
        failures, cursor = 0, changes.cursor
        news = show(session, revisions, changes, first=first)
        if not first:
            await asyncio.sleep(NEWS_EVERY if news else asked + IDLE_EVERY - monotonic())


async def _changes(session: Session, services: Services, who: str, cursor: str) -> Changes | None:
    """Wait for changes, but no longer than that resident is signed in."""
    waiting = asyncio.ensure_future(services.live.wait(cursor))
    try:
        while not waiting.done() and _subject(session) == who:
            await asyncio.wait({waiting}, timeout=LOOK_EVERY)
        if _subject(session) == who:
            return waiting.result()
        return None
    finally:
        waiting.cancel()
        # Seen: what came for somebody who has left is nobody's.
        waiting.add_done_callback(lambda done: done.cancelled() or done.exception())


def show(session: Session, revisions: Revisions, changes: Changes, *, first: bool) -> bool:
    """Put what changed on the screens; says whether anything did."""
    # What the screen shows was read before the first cursor: something may lie between the two.
    news = bool(changes.service_request_ids) or first
    if news:
        revisions.service_requests += 1
    if news or changes.unread != session.unread:
        revisions.inbox += 1
    if changes.unread != session.unread:
        session.unread = changes.unread
        news = True
    return news


def live_pause(failures: int, error: ServiceError) -> float:
    """Seconds after a failed wait: doubled up to a minute, spread, never less than was asked."""
    pause = min(60.0, 2.0 * 2.0 ** min(failures - 1, 10)) * uniform(0.5, 1.0)
    if isinstance(error, NotPermitted | NotFound | SignInRequired | Rejected):
        pause = 60.0
    return max(pause, getattr(error, "retry_after", None) or 0.0)


def _subject(session: Session) -> str:
    return session.person.subject if session.person is not None else ""
