"""A Flet session belongs to the cookie that created it, on every path to it."""

import asyncio
import time

import msgpack
import pytest
from flet_web.fastapi.flet_app import app_manager
from starlette.types import ASGIApp

from app.web.sessions import Lifetimes
from app.web.socket import NOT_OURS, OVER, POLICY, SIGNED_OUT

from .conftest import Clock, StartHost
from .visitor import CRASHED, REGISTER, Tab, Visitor

MINH_ANH = "nguyen-minh-anh"
GIA_HUY = "tran-gia-huy"


async def test_a_flet_session_shown_with_another_cookie_is_refused(
    visitor: Visitor, another: Visitor
) -> None:
    """Flet gives a dropped session to whoever knows its id: one resident would see another's."""
    await visitor.sign_in(MINH_ANH)
    await another.sign_in(GIA_HUY)
    tab = await visitor.tab()
    await tab.sees(f"subject sandbox-{MINH_ANH}")
    await tab.drop()
    stranger = await another.tab(tab.session_id)
    assert await stranger.closing() == NOT_OURS
    assert stranger.heard == []


async def test_a_flet_session_shown_by_a_guest_is_refused(
    visitor: Visitor, another: Visitor
) -> None:
    """The same for somebody who never signed in."""
    await visitor.sign_in(MINH_ANH)
    tab = await visitor.tab()
    await another.open()
    assert await (await another.tab(tab.session_id)).closing() == NOT_OURS


async def test_a_tab_whose_websocket_dropped_comes_back_to_its_own_state(visitor: Visitor) -> None:
    """A lift or a tunnel must not cost the resident what she had on the screen."""
    await visitor.sign_in(MINH_ANH)
    tab = await visitor.tab()
    await tab.tap("tell")
    await tab.sees("handler of")
    await tab.drop()
    again = await visitor.tab(tab.session_id)
    assert again.session_id == tab.session_id
    await again.sees("handler of")
    await again.tap("tell")
    await again.sees(f"handler of sandbox-{MINH_ANH}, 2")


async def test_a_client_that_vanishes_while_it_is_written_to_comes_back_too(
    visitor: Visitor,
) -> None:
    """Flet alone would keep such a session attached for ever: its state lost, its memory kept."""
    await visitor.open()
    tab = await visitor.tab()
    await tab.sees("'content': 'tell'")
    tab.broken = True
    await tab.tap("tell")
    await asyncio.wait_for(tab._serving, 5)
    again = await visitor.tab(tab.session_id)
    assert again.session_id == tab.session_id


async def test_two_browsers_never_see_each_other(visitor: Visitor, another: Visitor) -> None:
    """Interleaved residents in one process: every word goes to its own socket."""
    await visitor.sign_in(MINH_ANH)
    await another.sign_in(GIA_HUY)
    mine, theirs = await visitor.tab(), await another.tab()
    for _ in range(3):
        await mine.tap("tell")
        await theirs.tap("tell")
        await asyncio.sleep(0)
    await mine.sees("handler of")
    await theirs.sees("handler of")
    assert GIA_HUY not in str(mine.heard)
    assert MINH_ANH not in str(theirs.heard)


async def test_a_second_tab_is_signed_in_too(visitor: Visitor) -> None:
    """A link opened in a new tab must not ask for the passcode again."""
    await visitor.sign_in(MINH_ANH)
    for _ in range(2):
        await (await visitor.tab()).sees(f"subject sandbox-{MINH_ANH}")


async def test_an_id_that_nobody_owns_gives_a_new_session(visitor: Visitor) -> None:
    """After a restart every tab shows an id that is gone; it must start, not fail."""
    await visitor.open()
    tab = await visitor.tab("a-guessed-id")
    assert tab.session_id != "a-guessed-id"
    await tab.sees("subject None")


async def test_a_restarted_server_knows_the_resident(start_host: StartHost) -> None:
    """An update of the city's server signs nobody out."""
    before = Visitor(await start_host())
    await before.sign_in(MINH_ANH)
    old = await before.tab()
    after = Visitor(await start_host())
    tab = Tab(after, cookie=before.cookie)
    await tab.connect()
    await tab.register(old.session_id)
    await tab.sees(f"subject sandbox-{MINH_ANH}")


@pytest.mark.parametrize("origin", ["https://evil.example", "http://127.0.0.1:8638", "null", None])
async def test_a_websocket_of_another_origin_is_refused(
    visitor: Visitor, origin: str | None
) -> None:
    """Browsers send cookies with any site's websocket: the check is ours to make."""
    await visitor.sign_in(MINH_ANH)
    assert not (await visitor.tab(origin=origin)).accepted


async def test_a_websocket_under_another_host_name_is_refused(visitor: Visitor) -> None:
    """A name that was pointed at this machine (DNS rebinding) must not reach it."""
    await visitor.sign_in(MINH_ANH)
    assert not (await visitor.tab(host="evil.example", origin="http://evil.example")).accepted


@pytest.mark.parametrize("cookie", [None, "guessed", "A" * 43])
async def test_a_websocket_without_a_session_is_refused(
    visitor: Visitor, cookie: str | None
) -> None:
    """No socket without an owner; the page's script then loads the page, which gives a cookie."""
    assert not (await visitor.tab(cookie=cookie)).accepted
    assert (await visitor.http.get("/connection")).status_code == 401
    await visitor.open()
    assert (await visitor.tab()).accepted
    assert (await visitor.http.get("/connection")).status_code == 200


async def test_a_cookie_that_expires_on_an_open_socket_ends_it(
    visitor: Visitor, clock: Clock, start_host: StartHost
) -> None:
    """A tab left open in a library must not stay signed in for ever."""
    still = Visitor(await start_host(sweep_seconds=3600.0))
    await still.sign_in(MINH_ANH)
    tab = await still.tab()
    clock.ahead = Lifetimes().absolute + 1
    await tab.tap("tell")
    assert await tab.closing() == OVER
    assert "handler of" not in str(tab.heard)
    assert not (await still.tab()).accepted


async def test_an_idle_socket_is_ended_without_a_message(visitor: Visitor, clock: Clock) -> None:
    """Nobody touches the forgotten tab; it has to end by itself."""
    await visitor.sign_in(MINH_ANH)
    tab = await visitor.tab()
    clock.ahead = Lifetimes().idle + 1
    assert await tab.closing() == OVER


async def test_use_keeps_a_session_alive(visitor: Visitor, clock: Clock) -> None:
    """A resident who comes every week signs in once in three months, not once a month."""
    await visitor.sign_in(MINH_ANH)
    tab = await visitor.tab()
    for times, day in enumerate((20, 40, 60), start=1):
        clock.ahead = day * 86400.0
        await tab.tap("tell")
        await tab.sees(f"handler of sandbox-{MINH_ANH}, {times}")
    assert (await visitor.tab()).accepted


async def test_signing_out_ends_every_tab_and_its_state(visitor: Visitor, another: Visitor) -> None:
    """On a shared computer the next person must find nothing, in no tab, by no id."""
    await visitor.sign_in(MINH_ANH)
    await another.sign_in(GIA_HUY)
    first, second, other = await visitor.tab(), await visitor.tab(), await another.tab()
    await first.tap("leave")
    assert await first.closing() == SIGNED_OUT
    assert await second.closing() == SIGNED_OUT
    left = visitor.cookie
    assert (await visitor.open("/signed-out")).headers["location"] == "/"
    assert visitor.cookie != left
    again = await visitor.tab(second.session_id)
    assert again.session_id != second.session_id
    await again.sees("subject None")
    assert not (await visitor.tab(cookie=left)).accepted
    await other.tap("tell")
    await other.sees(f"handler of sandbox-{GIA_HUY}")


async def test_the_state_of_a_signed_out_tab_does_not_stay_in_memory(visitor: Visitor) -> None:
    """What a resident had on the screen is forgotten with her session."""
    await visitor.sign_in(MINH_ANH)
    tab = await visitor.tab()
    await tab.tap("leave")
    await tab.closing()
    await asyncio.sleep(0.1)
    kept = app_manager._FletAppManager__sessions.values()
    left = [session for session in kept if session.id == tab.session_id]
    assert all(session.expires_at is not None for session in left)
    assert all(session.expires_at.timestamp() < 1 + time.time() for session in left)


async def test_a_link_from_elsewhere_signs_nobody_out(visitor: Visitor) -> None:
    """GET /signed-out is only where the app goes afterwards."""
    await visitor.sign_in(MINH_ANH)
    before = visitor.cookie
    await visitor.open("/signed-out")
    assert visitor.cookie == before
    await (await visitor.tab()).sees(f"subject sandbox-{MINH_ANH}")


async def test_preferences_survive_everything(start_host: StartHost) -> None:
    """Language and text size belong to the browser: guest, signed in, signed out, restarted."""
    visitor = Visitor(await start_host())
    await visitor.open()
    tab = await visitor.tab()
    await tab.tap("prefer")
    await tab.sees("saved")
    await visitor.sign_in(MINH_ANH)
    tab = await visitor.tab()
    await tab.sees("language en")
    await tab.tap("leave")
    await tab.closing()
    await visitor.open("/signed-out")
    restarted = Visitor(await start_host())
    await (await restarted.tab(cookie=visitor.cookie)).sees("language en")
    await restarted.open()
    await (await restarted.tab()).sees("language None")


async def test_a_second_registration_on_one_socket_is_refused(
    visitor: Visitor, another: Visitor
) -> None:
    """Only the first message is checked, so no other one may name a session."""
    await visitor.sign_in(MINH_ANH)
    victim = await visitor.tab()
    await victim.drop()
    await another.open()
    for number in (msgpack.packb(REGISTER), b"\xcc\x01", b"\xd3" + b"\0" * 7 + b"\x01", b"\xc3"):
        tab = await another.tab()
        body = msgpack.packb({"session_id": victim.session_id, "page_name": "", "page": {}})
        tab.say_bytes(b"\0\x92" + number + body)
        assert await tab.closing() == POLICY
        assert MINH_ANH not in str(tab.heard)


@pytest.mark.parametrize(
    "packet",
    [
        b"",
        b"\0",
        b"\x01\0\0\0\0",
        b"\0\xc1",
        b"\0" + msgpack.packb([3, {"target": 1, "name": "click", "data": None}]),
        b"\0" + msgpack.packb([1, None]),
        b"\0" + msgpack.packb([1]),
        b"\0\x92\x01\x81",
    ],
)
async def test_a_socket_that_does_not_register_is_closed(visitor: Visitor, packet: bytes) -> None:
    """Flet would keep such a connection in memory for ever."""
    await visitor.open()
    tab = Tab(visitor)
    await tab.connect()
    tab.say_bytes(packet)
    assert await tab.closing() == POLICY


async def test_a_crash_tells_the_client_nothing_of_our_code(visitor: Visitor) -> None:
    """Flet sends the traceback; the resident needs a sentence, and nobody else needs more."""
    await visitor.open()
    tab = await visitor.tab()
    await tab.tap("crash")
    await tab.sees("Có lỗi ở phía chúng tôi")
    assert [message[0] for message in tab.heard].count(CRASHED) == 1
    assert "a detail of our code" not in str(tab.heard)
    assert "Traceback" not in str(tab.heard)


async def test_a_sign_in_moves_every_open_tab_of_the_browser(visitor: Visitor) -> None:
    """The other tab must not go on as a guest's beside a signed-in one."""
    await visitor.open()
    tab = await visitor.tab()
    await visitor.sign_in(MINH_ANH)
    assert await tab.closing() == OVER
    again = await visitor.tab(tab.session_id)
    assert again.session_id != tab.session_id
    await again.sees(f"subject sandbox-{MINH_ANH}")


async def test_uploads_have_no_address(visitor: Visitor, host: ASGIApp) -> None:
    """Photos travel on the websocket; an upload folder would be a way in with a guessed name."""
    await visitor.sign_in(MINH_ANH)
    answer = await visitor.http.put("/upload?f=x&e=2030-01-01&s=x", content=b"x")
    assert answer.status_code == 405
