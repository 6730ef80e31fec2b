"""Signing in at the sandbox provider, page by page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import httpx
import pytest

from gateway.registers.population import sandbox_residents

from .people import CALLBACK, ISSUER, PASSCODE, Application, Browser, Clock, answer

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

PEOPLE = [resident for resident in sandbox_residents() if resident.signs_in]


@pytest.mark.parametrize("key", [resident.key for resident in PEOPLE])
async def test_every_resident_of_the_list_can_sign_in(
    application: Application, browser: Browser, key: str
) -> None:
    """Each synthetic person exists to show one side of the app, so none may be locked out."""
    tokens = await application.tokens(browser, key)
    who = await application.userinfo(tokens["access_token"])
    assert who.json()["sub"] == f"sandbox-{key}"


async def test_the_page_says_that_it_is_not_vneid(
    application: Application, browser: Browser
) -> None:
    """Nobody may take the stand-in for the real thing and type a real passcode."""
    shown = await application.begin(browser)
    assert shown.status_code == 200
    assert "Môi trường thử: không phải VNeID, không nhập thông tin thật." in " ".join(
        browser.page.text.split()
    )
    assert PASSCODE in browser.page.text


async def test_the_list_tells_who_everybody_is(application: Application, browser: Browser) -> None:
    """A tester picks by story: the name, the age on this day and one line."""
    await application.begin(browser)
    text = browser.page.text
    for resident in PEOPLE:
        age = resident.age_on(date(2026, 11, 22))
        assert resident.name in text
        assert f"{age} tuổi" in text
        assert resident.description["vi"] in text


async def test_a_child_has_no_sign_in_of_her_own(
    application: Application, browser: Browser
) -> None:
    """A parent acts for a child of nine; a crafted form does not change that."""
    await application.begin(browser)
    assert not browser.page.of("input", value="le-bao-ngoc")
    assert (await browser.sign_in("le-bao-ngoc")).status_code == 400
    assert "Hãy chọn một người" in browser.page.text


async def test_the_answer_carries_state_and_issuer(
    application: Application, browser: Browser
) -> None:
    """The app tells its own answer by state, and who gave it by iss (RFC 9207)."""
    await application.begin(browser)
    await browser.sign_in("nguyen-minh-anh")
    told = await browser.send(answer="agree")
    assert told.headers["location"].startswith(f"{CALLBACK}?")
    assert set(answer(told)) == {"code", "state", "iss"}
    assert (answer(told)["state"], answer(told)["iss"]) == ("a state & more", ISSUER)


async def test_a_wrong_passcode_is_refused(application: Application, browser: Browser) -> None:
    """The passcode has to matter, and the refusal has to say what is left."""
    await application.begin(browser)
    shown = await browser.sign_in("nguyen-minh-anh", "135790")
    assert shown.status_code == 400
    assert "Bạn còn 4 lần thử" in browser.page.text
    assert browser.page.of("p", role="alert")
    assert browser.page.of("input", value="nguyen-minh-anh", checked="") == []
    assert [i["value"] for i in browser.page.of("input", type="radio") if "checked" in i] == [
        "nguyen-minh-anh"
    ]


async def test_no_answer_but_the_resident_s_own_counts_as_consent(
    application: Application, browser: Browser
) -> None:
    """Consent is explicit: a form without an answer gives nothing (Law 91/2025)."""
    await application.begin(browser)
    await browser.sign_in("nguyen-minh-anh")
    assert (await browser.send()).status_code == 400


async def test_a_resident_who_does_not_agree_goes_back_with_a_refusal(
    application: Application, browser: Browser
) -> None:
    """Saying no is an answer the app can put in words."""
    await application.begin(browser)
    await browser.sign_in("nguyen-minh-anh")
    told = answer(await browser.send(answer="refuse"))
    assert (told["error"], told["state"], told["iss"]) == (
        "access_denied",
        "a state & more",
        ISSUER,
    )
    assert "code" not in told


async def test_a_resident_can_go_back_from_the_list(
    application: Application, browser: Browser
) -> None:
    """The way out does not lead through a passcode."""
    await application.begin(browser)
    assert answer(await browser.send(answer="cancel"))["error"] == "access_denied"


async def test_consent_lists_what_is_asked_in_plain_words(
    application: Application, browser: Browser
) -> None:
    """A resident agrees to what they can read; health and crime are marked sensitive."""
    application.scope = "openid health"
    await application.begin(browser)
    shown = await browser.sign_in("nguyen-minh-anh")
    assert "Xem sổ sức khỏe của bạn" in shown.text
    assert shown.text.count("Dữ liệu nhạy cảm") == 1
    assert "phản ánh của bạn" not in shown.text


@pytest.mark.attack("Passing for a higher identity level", "RFC 9470 4")
async def test_a_level_1_account_cannot_answer_for_level_2(
    application: Application, browser: Browser
) -> None:
    """A certificate needs a verified identity; the app must learn why it got none."""
    await application.begin(browser, acr_values="loa2")
    told = answer(await browser.sign_in("do-thanh-tung"))
    assert told["error"] == "unmet_authentication_requirements"
    assert (told["state"], told["iss"]) == ("a state & more", ISSUER)


async def test_a_level_2_account_answers_for_either_level(
    application: Application, browser: Browser
) -> None:
    """A better verified resident is never asked to be less."""
    for asked in ("loa2", "loa1", "loa1 loa2", "urn:unknown"):
        await application.begin(browser, acr_values=asked)
        assert "Cho phép iHaNoi?" in (await browser.sign_in("nguyen-minh-anh")).text


@pytest.mark.attack(
    "Another site's form that signs in or agrees in a resident's name", "RFC 9700 4.7"
)
async def test_a_form_from_elsewhere_is_refused(application: Application, browser: Browser) -> None:
    """Another site must not sign a resident in or agree in their name."""
    await application.begin(browser)
    action = browser.page.action
    forged = {"resident": "nguyen-minh-anh", "passcode": PASSCODE, "answer": "sign-in"}
    for token in ({}, {"form_token": "0" * 64}):
        refused = await browser.client.post(action, data={**forged, **token})
        assert refused.status_code == 400
        assert "Lượt đăng nhập này không còn dùng được" in refused.text


@pytest.mark.attack("Sending a resident the address of one's own sign-in", "RFC 9700 4.7")
async def test_an_attempt_begun_in_one_browser_does_not_open_in_another(
    application: Application, browser: Browser, new_browser: Callable[[], Browser]
) -> None:
    """Who sends a resident the address of their own attempt must get nothing from it."""
    await application.begin(browser)
    stranger = new_browser()
    assert (await stranger.go(str(browser.response.url))).status_code == 400
    form = {**browser.page.fields, "resident": "nguyen-minh-anh", "passcode": PASSCODE}
    refused = await stranger.client.post(browser.page.action, data=form)
    assert refused.status_code == 400


@pytest.mark.attack("A cookie planted before sign-in", "RFC 6265 8.4")
async def test_signing_in_changes_the_attempt_and_its_cookie(
    application: Application, browser: Browser
) -> None:
    """A cookie planted before the sign-in must not be worth anything after it."""
    await application.begin(browser)
    before = dict(browser.client.cookies)
    await browser.sign_in("nguyen-minh-anh")
    planted = httpx.AsyncClient(
        transport=browser.client._transport, base_url=ISSUER, cookies=before
    )
    (attempt_id,) = (name.removeprefix("ihanoi-sign-in-") for name in before)
    for address in (f"{ISSUER}/consent?attempt={attempt_id}", str(browser.response.url)):
        refused = await planted.get(address)
        assert refused.status_code == 400


async def test_two_tabs_do_not_disturb_each_other(
    application: Application, browser: Browser
) -> None:
    """A second attempt in the same browser must not break the first."""
    await application.begin(browser)
    first = browser.response
    await application.begin(browser)
    browser.response = first
    assert "Cho phép iHaNoi?" in (await browser.sign_in("nguyen-minh-anh")).text


async def test_an_attempt_runs_out(
    application: Application, browser: Browser, clock: Clock
) -> None:
    """A page left open on a shared computer is worth nothing after a while."""
    await application.begin(browser)
    clock.wait(900)
    shown = await browser.sign_in("nguyen-minh-anh")
    assert shown.status_code == 400
    assert "quay lại ứng dụng" in shown.text


async def test_cookies_are_for_the_provider_only(
    application: Application, browser: Browser
) -> None:
    """No script, no other site and no plain connection may read or send them."""
    response = await browser.client.get("/identity/authorize", params=application.question)
    cookie = response.headers["set-cookie"]
    for part in ("HttpOnly", "Path=/identity", "SameSite=lax", "Secure"):
        assert part in cookie


async def test_the_cookie_goes_when_the_resident_leaves(
    application: Application, browser: Browser
) -> None:
    """What opened the attempt is gone from the browser afterwards."""
    await application.begin(browser)
    await browser.sign_in("nguyen-minh-anh")
    cookie = (await browser.send(answer="agree")).headers["set-cookie"]
    assert "Max-Age=0" in cookie
