"""Sign-in on the web, from the button to the new cookie."""

from pathlib import Path

import httpx
import pytest
from starlette.types import ASGIApp

from app.web.addresses import safe_path
from app.web.socket import OVER, RENEWED
from tests.support import sandbox

from .conftest import Clock, StartHost, Wire
from .visitor import Visitor

MINH_ANH = "nguyen-minh-anh"
LEVEL_1 = "do-thanh-tung"


async def test_a_resident_signs_in_and_comes_back_to_the_page_she_asked_for(
    visitor: Visitor,
) -> None:
    """The link in a message has to open its record, not the home page."""
    await visitor.open("/reports/id/HN-2611-00001")
    back = await visitor.sign_in(MINH_ANH, then="/reports/id/HN-2611-00001?x=1")
    assert (back.status_code, back.headers["location"]) == (303, "/reports/id/HN-2611-00001?x=1")
    tab = await visitor.tab()
    await tab.sees(f"subject sandbox-{MINH_ANH}")
    await tab.tap("tell")
    await tab.sees(f"handler of sandbox-{MINH_ANH}")


@pytest.mark.attack("Session fixation: a cookie planted before sign-in", "RFC 9700 4.7")
async def test_sign_in_gives_a_new_cookie(visitor: Visitor) -> None:
    """Who planted the first cookie must not hold the one that is signed in (fixation)."""
    await visitor.open()
    before = visitor.cookie
    await visitor.sign_in(MINH_ANH)
    assert before
    assert visitor.cookie != before
    tab = await visitor.tab(cookie=before)
    assert not tab.accepted


@pytest.mark.attack("A cookie read before a step-up", "RFC 6265 8.4")
async def test_a_step_up_gives_a_new_cookie_and_ends_the_old_one(visitor: Visitor) -> None:
    """A cookie read while the resident was at a low level must not rise with her."""
    await visitor.sign_in(MINH_ANH)
    before = visitor.cookie
    await visitor.sign_in(MINH_ANH)
    assert visitor.cookie != before
    assert not (await visitor.tab(cookie=before)).accepted


async def test_who_confirms_that_it_is_she_finds_the_page_as_she_left_it(visitor: Visitor) -> None:
    """What she typed before the step-up is still there: nothing is asked twice."""
    await visitor.sign_in(MINH_ANH)
    tab = await visitor.tab()
    await tab.tap("tell")
    await tab.sees("handler of")
    await tab.drop()
    before = visitor.cookie
    await visitor.sign_in(MINH_ANH)
    again = await visitor.tab(tab.session_id)
    assert again.session_id == tab.session_id
    await again.sees("handler of")
    assert not (await visitor.tab(tab.session_id, cookie=before)).accepted


async def test_a_second_tab_follows_a_step_up_to_the_new_cookie(visitor: Visitor) -> None:
    """Sockets of the old cookie close: whoever held a copy of it is out; her own tab comes back."""
    await visitor.sign_in(MINH_ANH)
    other = await visitor.tab()
    await visitor.sign_in(MINH_ANH)
    assert await other.closing() == RENEWED
    again = await visitor.tab(other.session_id)
    assert again.session_id == other.session_id


async def test_somebody_else_who_signs_in_meanwhile_sees_nothing_of_the_page_before(
    visitor: Visitor,
) -> None:
    """At a shared computer the next person must not come back into the first one's page."""
    await visitor.sign_in(MINH_ANH)
    tab = await visitor.tab()
    await visitor.sign_in("tran-gia-huy")
    assert await tab.closing() == OVER
    again = await visitor.tab(tab.session_id)
    assert again.session_id != tab.session_id
    await again.sees("subject sandbox-tran-gia-huy")


async def test_a_fresh_sign_in_is_asked_of_the_provider(visitor: Visitor, wire: Wire) -> None:
    """The gateway's `max_age` has to reach the page that asks for the passcode."""
    await visitor.http.get("/sign-in", params={"max_age": "600", "acr": "loa2"})
    assert (wire.pushed["max_age"], wire.pushed["acr_values"]) == ("600", "loa2")
    await visitor.http.get("/sign-in", params={"max_age": "600&prompt=none"})
    assert not {"max_age", "prompt"} & set(wire.pushed)


async def test_the_cookie_is_kept_from_scripts_and_other_sites(visitor: Visitor) -> None:
    """A script injected into the page, or a form on another site, must not use the session."""
    header = (await visitor.open()).headers["set-cookie"]
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(header.split("; "))
    assert "Secure" not in header
    assert len(visitor.cookie or "") == 43


async def test_the_cookie_travels_only_over_tls_where_there_is_tls(start_host: StartHost) -> None:
    """On a public network a plain request would give the session away."""
    host = await start_host(public_url="https://ihanoi.example", mounts={})
    async with httpx.AsyncClient(transport=httpx.ASGITransport(host)) as http:
        page = await http.get("https://ihanoi.example/", headers={"Accept": "text/html"})
    assert page.headers["set-cookie"].startswith("__Host-ihanoi=")
    assert "; Secure" in page.headers["set-cookie"]


@pytest.mark.attack(
    "Login CSRF: finishing the attacker's sign-in in a resident's browser", "RFC 9700 4.7.1"
)
async def test_a_callback_in_another_browser_is_refused(visitor: Visitor, another: Visitor) -> None:
    """Else an attacker signs a resident in as himself and reads what she files (login CSRF)."""
    begun = await visitor.http.get("/sign-in")
    back = await sandbox.sign_in(visitor.http, begun.headers["location"], MINH_ANH)
    await another.open()
    refused = await another.http.get(back)
    assert refused.headers["location"] == "/sign-in-failed?reason=state_mismatch&next=%2F"
    assert "set-cookie" not in refused.headers
    await (await another.tab()).sees("subject None")
    assert (await visitor.http.get(back)).headers["location"] == "/"


@pytest.mark.attack("A callback address taken from the browser's history", "RFC 9700 4.3.1")
async def test_a_callback_works_once(visitor: Visitor) -> None:
    """A callback address left in the browser's history must not sign anybody in."""
    begun = await visitor.http.get("/sign-in")
    back = await sandbox.sign_in(visitor.http, begun.headers["location"], MINH_ANH)
    await visitor.http.get(back)
    again = await visitor.http.get(back)
    assert "reason=state_mismatch" in again.headers["location"]


@pytest.mark.attack("Finishing a sign-in that somebody left open", "RFC 9700 4.2.4")
async def test_a_sign_in_left_open_too_long_is_refused(visitor: Visitor, clock: Clock) -> None:
    """A page forgotten on a shared computer must not be finished by the next person."""
    begun = await visitor.http.get("/sign-in")
    back = await sandbox.sign_in(visitor.http, begun.headers["location"], MINH_ANH)
    clock.ahead = 601
    late = await visitor.http.get(back)
    assert "reason=state_mismatch" in late.headers["location"]


async def test_a_sign_in_outlives_a_restart_of_the_server(start_host: StartHost) -> None:
    """The resident may be typing her passcode while the city updates the app."""
    visitor = Visitor(await start_host())
    begun = await visitor.http.get("/sign-in", params={"next": "/cards"})
    back = await sandbox.sign_in(visitor.http, begun.headers["location"], MINH_ANH)
    restarted = Visitor(await start_host())
    restarted.http.cookies = visitor.http.cookies
    assert (await restarted.http.get(back)).headers["location"] == "/cards"


async def test_a_resident_who_stops_is_told_so_and_stays_a_guest(visitor: Visitor) -> None:
    """Cancelling is a choice, not an error."""
    begun = await visitor.http.get("/sign-in", params={"next": "/cards"})
    back = await visitor.http.get(await sandbox.turn_back(visitor.http, begun.headers["location"]))
    assert back.headers["location"] == "/sign-in-failed?reason=cancelled&next=%2Fcards"
    await (await visitor.tab()).sees("subject None")


async def test_a_level_that_the_account_does_not_have_is_said(visitor: Visitor) -> None:
    """A resident at level 1 has to learn what to do, not meet a closed door."""
    begun = await visitor.http.get("/sign-in", params={"acr": "loa2"})
    back = await sandbox.sign_in(visitor.http, begun.headers["location"], LEVEL_1)
    assert "reason=level" in (await visitor.http.get(back)).headers["location"]


async def test_a_provider_that_is_down_is_said(visitor: Visitor, wire: Wire) -> None:
    """The resident should wait, not doubt her passcode."""
    wire.cut = True
    begun = await visitor.http.get("/sign-in", params={"next": "/cards"})
    expected = "/sign-in-failed?reason=provider_unavailable&next=%2Fcards"
    assert begun.headers["location"] == expected


async def test_a_provider_that_goes_down_half_way_is_said(visitor: Visitor, wire: Wire) -> None:
    """The same, after the passcode."""
    begun = await visitor.http.get("/sign-in")
    back = await sandbox.sign_in(visitor.http, begun.headers["location"], MINH_ANH)
    wire.cut = True
    assert "reason=provider_unavailable" in (await visitor.http.get(back)).headers["location"]


@pytest.mark.attack("Open redirect after sign-in, in 15 variations", "RFC 9700 4.11.1")
@pytest.mark.parametrize(
    "address",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/%2F/evil.example",
        "/%252F%252Fevil.example",
        "/%5Cevil.example",
        "/\t/evil.example",
        "/%09/evil.example",
        "/x\r\nSet-Cookie: a=b",
        "evil",
        "",
        None,
        "/sign-in?next=/",
        "/callback?state=x",
    ],
)
def test_sign_in_leads_to_no_other_host(address: str | None) -> None:
    """A link that looks like the city's must not end at a copy of it."""
    assert safe_path(address) == "/"


@pytest.mark.parametrize(
    "address", ["/", "/reports/id/HN-2611-00001?x=1&y=a%20b", "/records/health#top", "/a%2Fb"]
)
def test_sign_in_leads_back_to_every_page_of_the_app(address: str) -> None:
    """A link to a record has to survive sign-in."""
    assert safe_path(address) == address


@pytest.mark.attack("A form on another site that uses the cookie at the gateway", "RFC 6265 8.2")
async def test_a_mounted_app_never_sees_the_cookie(visitor: Visitor) -> None:
    """`/api` answers to tokens alone: a cookie there would open it to other sites' forms."""
    await visitor.sign_in(MINH_ANH)
    visitor.http.cookies.set("theme", "dark")
    seen = (await visitor.http.get("/api/cookie")).json()
    assert seen == {"cookie": "theme=dark"}


async def test_no_name_and_no_token_lies_readable_in_the_data_folder(
    visitor: Visitor, host: ASGIApp, tmp_path: Path
) -> None:
    """A lost backup must not open anybody's account, nor say who has one."""
    await visitor.sign_in(MINH_ANH)
    assert visitor.cookie
    folder = tmp_path / "data"
    written = b"".join(path.read_bytes() for path in folder.glob("web.sqlite3*"))
    assert len(written) > 4096
    for secret in (visitor.cookie, MINH_ANH, "Minh Anh", "refresh_token", "eyJ"):
        assert secret.encode() not in written
