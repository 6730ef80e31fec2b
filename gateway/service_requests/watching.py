"""The long poll over HTTP: what changed for this caller, at once or as soon as something does."""

from __future__ import annotations

import time
from typing import cast

from fastapi import Request
from sqlalchemy import Connection

from gateway.database import Database
from gateway.security import Caller
from gateway.service_requests import notices
from gateway.service_requests.agencies import agencies
from gateway.service_requests.live import Interest, Live, changed_for, newest
from gateway.service_requests.officers import officers
from gateway.service_requests.report_answers import Changes
from gateway.settings import Settings


def live_of(request: Request) -> Live:
    """Who waits in this application; begun at the first call."""
    state = request.app.state
    if getattr(state, "live", None) is None:
        state.live = Live(state.database)
    return cast(Live, state.live)


def interest_of(caller: Caller, settings: Settings) -> Interest:
    """The caller's own reports, and for an officer with a desk those of the agency."""
    officer = None
    if "officer" in caller.roles and "desk" in caller.scopes:
        officer = officers(settings).get(caller.subject)
    if officer is None:
        return Interest(caller.subject)
    agency = agencies(settings).find(officer.agency_code, settings.clock())
    every = agency is not None and agency.sees_all
    return Interest(caller.subject, officer.agency_code, every)


async def wait_for_changes(
    live: Live, database: Database, interest: Interest, cursor: int | None, seconds: float
) -> Changes:
    """What changed after the cursor; without one, where to begin. Waits at most that long."""

    def read(connection: Connection) -> tuple[list[str], int, int]:
        unread = notices.unread(connection, interest.subject)
        if cursor is None:
            return [], newest(connection), unread
        return (*changed_for(connection, interest, cursor), unread)

    ends = time.monotonic() + seconds
    while True:
        ids, last, unread = await database.run(read, write=False)
        left = ends - time.monotonic()
        # A cursor ahead of us is of another database: the caller has to begin anew.
        is_strange = cursor is None or cursor > last
        if ids or is_strange or left <= 0:
            break
        await live.wait(interest, last, left)
    return Changes(cursor=str(last), service_request_ids=ids, unread=unread)
