"""What the provider remembers: failures, the last answer, and nothing in the clear."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import httpx
import pytest

from gateway.database import Database
from gateway.identity.passcodes import LONGEST_WAIT_SECONDS, wait_seconds

from .people import Application, Browser, Clock, answer


async def _fail(browser: Browser, times: int, key: str = "nguyen-minh-anh") -> httpx.Response:
    for _ in range(times):
        shown = await browser.sign_in(key, "000000")
    return shown


@pytest.mark.attack("Guessing the passcode", "RFC 6749 10.10")
async def test_five_wrong_passcodes_make_the_resident_wait(
    application: Application, browser: Browser, clock: Clock
) -> None:
    """Guessing must become slow, and whoever waits must know until when."""
    await application.begin(browser)
    assert (await _fail(browser, 4)).status_code == 400
    shown = await _fail(browser, 1)
    assert (shown.status_code, shown.headers["retry-after"]) == (429, "30")
    assert "đợi 30 giây, đến 10:00:30" in browser.page.text
    clock.wait(12)
    shown = await browser.sign_in("nguyen-minh-anh")
    assert (shown.status_code, shown.headers["retry-after"]) == (429, "18")


async def test_after_the_wait_the_right_passcode_works_again(
    application: Application, browser: Browser, clock: Clock
) -> None:
    """Slowing down is not locking out."""
    await application.begin(browser)
    await _fail(browser, 5)
    clock.wait(30)
    assert "Cho phép iHaNoi?" in (await browser.sign_in("nguyen-minh-anh")).text
    await application.begin(browser)
    await browser.sign_in("nguyen-minh-anh", "000000")
    assert "Bạn còn 4 lần thử" in browser.page.text


async def test_every_further_wrong_passcode_makes_the_wait_longer(
    application: Application, browser: Browser, clock: Clock
) -> None:
    """A program that comes back after each wait must gain less and less."""
    await application.begin(browser)
    waits = [int((await _fail(browser, 5)).headers["retry-after"])]
    for _ in range(2):
        clock.wait(waits[-1])
        waits.append(int((await _fail(browser, 1)).headers["retry-after"]))
    assert waits == [30, 60, 120]
    assert [wait_seconds(failures) for failures in (0, 4, 60, 6000)] == [
        0,
        0,
        LONGEST_WAIT_SECONDS,
        LONGEST_WAIT_SECONDS,
    ]


async def test_the_wait_holds_in_another_browser_and_for_that_account_only(
    application: Application, browser: Browser, new_browser: Callable[[], Browser]
) -> None:
    """A guesser with fresh cookies must not start anew, and a neighbour must not suffer."""
    await application.begin(browser)
    await _fail(browser, 5)
    another = new_browser()
    await application.begin(another)
    assert (await another.sign_in("nguyen-minh-anh")).status_code == 429
    assert (await another.sign_in("tran-gia-huy")).status_code == 200


@pytest.mark.attack("Guessing the passcode many times at once", "RFC 6749 10.10")
async def test_guesses_sent_at_the_same_moment_are_counted_one_by_one(
    application: Application, new_browser: Callable[[], Browser]
) -> None:
    """A guesser with many connections must not get more tries than one with a single one."""
    browsers = [new_browser() for _ in range(9)]
    for browser in browsers:
        await application.begin(browser)
    shown = await asyncio.gather(*(b.sign_in("nguyen-minh-anh", "000000") for b in browsers))
    assert sorted(s.status_code for s in shown) == [400] * 4 + [429] * 5


async def test_two_taps_on_agree_leave_one_code_that_works(
    application: Application, browser: Browser
) -> None:
    """A shaky hand taps twice: the last answer counts, and only that one."""
    await application.begin(browser)
    await browser.sign_in("pham-thi-lan")
    page, cookies = browser.page, dict(browser.client.cookies)
    codes = []
    for _ in range(2):
        browser.client.cookies.update(cookies)
        told = await browser.client.post(page.action, data={**page.fields, "answer": "agree"})
        codes.append(answer(told)["code"])
    assert (await application.redeem(codes[0])).json()["error"] == "invalid_grant"
    assert (await application.redeem(codes[1])).status_code == 200


async def test_nothing_that_opens_something_is_stored_in_the_clear(
    application: Application, browser: Browser, database: Database
) -> None:
    """A stolen database must not sign anybody in."""
    code = await application.code(browser, "nguyen-minh-anh")
    refresh_token = (await application.redeem(code)).json()["refresh_token"]
    await application.begin(browser)
    secrets = [
        code,
        refresh_token,
        *browser.client.cookies.values(),
        browser.page.fields["form_token"],
    ]
    stored = await database.run(
        lambda connection: [
            str(row)
            for table in ("attempts", "grants", "codes", "refresh_tokens")
            for row in connection.exec_driver_sql(f"SELECT * FROM identity_{table}")
        ],
        write=False,
    )
    assert stored
    assert not [s for s in secrets if any(s in row for row in stored)]
