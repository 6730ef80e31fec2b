"""Where one is signed in, and ending that: at once, for one's own alone, and only by who just signed in."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from gateway.database import Database
from gateway.sessions.labels import KINDS, PLATFORMS, label_of
from gateway.sessions.standing import LONGEST_TOKEN, NOTED_SECONDS, Standing
from gateway.sessions.store import ended_since
from gateway.settings import Settings
from tests.gateway.conftest import RESIDENT, STRANGER, connect, make_headers, on_sqlite

PHONE, LAPTOP = "iHaNoi/0.9 (phone; android)", "iHaNoi/0.9 (browser; windows)"


def at(sid: str, who: str = RESIDENT, device: str = PHONE, **more: Any) -> dict[str, str]:
    """The headers of one sign-in."""
    return make_headers(who, "openid", sid=sid, **more) | {"User-Agent": device}


async def seen(gateway: httpx.AsyncClient, headers: dict[str, str]) -> list[dict[str, Any]]:
    """The list as that sign-in reads it."""
    answer = await gateway.get("/sessions", headers=headers)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


@pytest.mark.postgresql
async def test_a_resident_sees_where_she_is_signed_in(gateway: httpx.AsyncClient) -> None:
    """A device she does not know is how she learns that somebody else is in."""
    await seen(gateway, at("phone"))
    found = await seen(gateway, at("laptop", device=LAPTOP))
    known = {(one["kind"], one["platform"]): one["current"] for one in found}
    assert known == {("phone", "android"): False, ("browser", "windows"): True}
    assert not any("sid" in one or "phone" in one["session_id"] for one in found)


@pytest.mark.postgresql
async def test_an_ended_sign_in_is_refused_at_once_though_its_token_lives(
    gateway: httpx.AsyncClient,
) -> None:
    """A lost phone's token would else open everything for minutes more."""
    await seen(gateway, at("phone"))
    [lost] = [one for one in await seen(gateway, at("laptop")) if not one["current"]]
    ended = await gateway.delete(f"/sessions/{lost['session_id']}", headers=at("laptop"))
    assert ended.status_code == 204
    refused = await gateway.get("/sessions", headers=at("phone"))
    assert refused.status_code == 401
    assert refused.json()["type"] == "/problems/session-ended"
    assert 'error_uri="/problems/session-ended"' in refused.headers["www-authenticate"]
    assert [one["current"] for one in await seen(gateway, at("laptop"))] == [True]
    again = await gateway.delete(f"/sessions/{lost['session_id']}", headers=at("laptop"))
    assert again.status_code == 204


@pytest.mark.postgresql
async def test_sessions_of_two_residents_stay_apart(gateway: httpx.AsyncClient) -> None:
    """Nobody sees, and nobody ends, what is another's; nor can they tell that it exists."""
    [mine] = await seen(gateway, at("one"))
    await seen(gateway, at("one", STRANGER))
    assert len(await seen(gateway, at("one", STRANGER))) == 1
    theirs = await gateway.delete(f"/sessions/{mine['session_id']}", headers=at("x", STRANGER))
    unknown = await gateway.delete("/sessions/no-such-one", headers=at("x", STRANGER))
    assert (theirs.status_code, unknown.status_code) == (404, 404)
    others = await gateway.post("/sessions/end-others", headers=at("x", STRANGER))
    assert others.json() == {"ended": 1}
    assert len(await seen(gateway, at("one"))) == 1


@pytest.mark.postgresql
async def test_all_others_end_in_one_step(gateway: httpx.AsyncClient) -> None:
    """Who suspects anything should not have to decide device by device."""
    for sid in ("a", "b", "c"):
        await seen(gateway, at(sid))
    assert (await gateway.post("/sessions/end-others", headers=at("c"))).json() == {"ended": 2}
    for sid in ("a", "b"):
        assert (await gateway.get("/reports/mine", headers=at(sid))).status_code == 401
    assert len(await seen(gateway, at("c"))) == 1


@on_sqlite
async def test_ending_another_needs_a_fresh_sign_in(gateway: httpx.AsyncClient) -> None:
    """Whoever holds a stolen device must not lock its owner out everywhere else."""
    await seen(gateway, at("phone"))
    old = int(time.time()) - 3600
    [other] = [one for one in await seen(gateway, at("thief")) if not one["current"]]
    for answer in (
        await gateway.delete(
            f"/sessions/{other['session_id']}", headers=at("thief", auth_time=old)
        ),
        await gateway.post("/sessions/end-others", headers=at("thief", auth_time=old)),
    ):
        assert (answer.status_code, answer.json()["max_age"]) == (401, 600)
    assert (
        await gateway.delete("/sessions/current", headers=at("thief", auth_time=old))
    ).is_success


@on_sqlite
async def test_signing_out_ends_the_sign_in_here_too(gateway: httpx.AsyncClient) -> None:
    """A token copied before the sign-out is worth nothing after it."""
    assert (await gateway.delete("/sessions/current", headers=at("here"))).status_code == 204
    assert (await gateway.get("/sessions", headers=at("here"))).status_code == 401


@on_sqlite
async def test_what_a_newer_sign_in_replaced_is_gone(gateway: httpx.AsyncClient) -> None:
    """A step-up makes a second sign-in on one device: the list must not show a stranger."""
    await seen(gateway, at("before"))
    answer = await gateway.post("/sessions/replaced", json={"sid": "before"}, headers=at("after"))
    assert answer.status_code == 204
    assert len(await seen(gateway, at("after"))) == 1
    assert (await gateway.get("/sessions", headers=at("before"))).status_code == 401
    never = await gateway.post("/sessions/replaced", json={"sid": "unseen"}, headers=at("after"))
    assert never.status_code == 204
    assert (await gateway.get("/sessions", headers=at("unseen"))).status_code == 401


@on_sqlite
async def test_a_provider_that_names_no_sign_in_still_lets_people_in(
    gateway: httpx.AsyncClient,
) -> None:
    """`sid` is optional in OpenID Connect: such sign-ins end with their tokens."""
    headers = make_headers(RESIDENT, "openid", sid=None)
    assert await seen(gateway, headers) == []
    assert (await gateway.delete("/sessions/current", headers=headers)).status_code == 204
    assert await seen(gateway, headers) == []


class Seconds:
    """A steady clock that a test moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@on_sqlite
async def test_a_hundred_requests_are_written_down_once(
    app: FastAPI, settings: Settings, database: Database
) -> None:
    """Knowing who is signed in where must not cost every request a statement."""
    steady = Seconds()
    app.state.standing = Standing(settings, database, steady)
    wrote: list[str] = []
    run = database.run

    async def counting(work: Any, *, write: bool = True) -> Any:
        if write:
            wrote.append(work.__qualname__)
        return await run(work, write=write)

    async with connect(app) as gateway:
        database.run = counting  # type: ignore[method-assign]
        for _request in range(100):
            await seen(gateway, at("busy"))
        assert len([name for name in wrote if "admit" in name]) == 1
        steady.now += NOTED_SECONDS
        await seen(gateway, at("busy"))
        assert len([name for name in wrote if "admit" in name]) == 2


@on_sqlite
async def test_another_process_learns_of_an_end_by_its_next_look(
    app: FastAPI, settings: Settings, database: Database
) -> None:
    """The gateway may run several times: an end in one has to reach all."""
    elsewhere = Standing(settings, database)
    async with connect(app) as gateway:
        await seen(gateway, at("phone"))
        app.state.standing, here = elsewhere, app.state.standing
        await seen(gateway, at("phone"))
        app.state.standing = here
        await gateway.post("/sessions/end-others", headers=at("laptop"))
        app.state.standing = elsewhere
        await elsewhere.look()
        assert (await gateway.get("/sessions", headers=at("phone"))).status_code == 401


@on_sqlite
async def test_ended_ones_are_kept_in_mind_for_a_day(
    gateway: httpx.AsyncClient, database: Database
) -> None:
    """Longer than any access token lives, and no longer: what every process holds stays short."""
    await seen(gateway, at("phone"))
    await gateway.post("/sessions/end-others", headers=at("laptop"))
    now = datetime.now(UTC)
    day_old = database.run_here(lambda db: ended_since(db, now - LONGEST_TOKEN))
    to_come = database.run_here(lambda db: ended_since(db, now + timedelta(minutes=1)))
    assert (len(day_old), len(to_come)) == (1, 0)


BROWSERS = {
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/130": (
        "browser",
        "android",
    ),
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)": ("browser", "ios"),
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64)": ("browser", "windows"),
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)": ("browser", "macos"),
    "Mozilla/5.0 (X11; Linux x86_64)": ("browser", "linux"),
    "iHaNoi/0.9.0 (phone; ios)": ("phone", "ios"),
    "iHaNoi/0.9.0 (computer; linux)": ("computer", "linux"),
    "iHaNoi/0.9.0 (computer; amiga)": ("computer", ""),
    "curl/8.5": ("program", ""),
}


@pytest.mark.parametrize("sent", [*BROWSERS, None])
def test_only_two_words_are_kept_of_what_a_device_says_of_itself(sent: str | None) -> None:
    """A whole User-Agent is a fingerprint; kind and platform are what a resident recognises."""
    label = label_of(sent)
    assert tuple(label) == BROWSERS.get(sent or "", ("program", ""))
    assert label.kind in KINDS
    assert label.platform in (*PLATFORMS, "")
