"""Attacks on the provider's endpoints that no single feature's tests hold (RFC 9700)."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from .people import ISSUER, Application, Browser, answer

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
attack = pytest.mark.attack
MINH_ANH = "nguyen-minh-anh"


@attack("PKCE downgrade: redeeming a code without its verifier", "RFC 9700 4.8")
async def test_a_code_is_not_redeemed_without_its_verifier(
    application: Application, browser: Browser
) -> None:
    """A client that forgets PKCE half-way looks just like an attacker who never had it."""
    code = await application.code(browser, MINH_ANH)
    form = {"grant_type": "authorization_code", "code": code}
    form["redirect_uri"] = application.redirect_uri
    for verifier in ({}, {"code_verifier": ""}):
        refused = await application.post("token", **form, **verifier)
        assert (refused.status_code, refused.json()["error"]) == (400, "invalid_request")
    assert (await application.redeem(code)).status_code == 200


@attack("Injecting a code of the attacker's own sign-in into a resident's", "RFC 9700 4.5.3.1")
async def test_a_code_belongs_to_the_attempt_that_asked_for_it(
    application: Application, browser: Browser, new_browser: Callable[[], Browser]
) -> None:
    """Two runs of the same app: the code of one does not open with the other's verifier."""
    attacker = Application(application.transport)
    code = await attacker.code(new_browser(), "tran-gia-huy")
    refused = await application.redeem(code)
    assert refused.json()["error"] == "invalid_grant"


@attack("A redirect that repeats the passcode's form elsewhere (307)", "RFC 9700 4.12")
async def test_no_redirect_carries_a_form_on(application: Application, browser: Browser) -> None:
    """After a form the browser comes with GET: 303, whatever was answered."""
    await application.begin(browser)
    page = browser.page
    typed = {"resident": MINH_ANH, "passcode": "246810", "answer": "sign-in"}
    signed_in = await browser.client.post(page.action, data={**page.fields, **typed})
    await browser.go(signed_in.headers["location"])
    page = browser.page
    agreed = await browser.client.post(page.action, data={**page.fields, "answer": "agree"})
    posted = await browser.client.post("/identity/authorize", data=application.question)
    assert [each.status_code for each in (signed_in, agreed, posted)] == [303, 303, 303]


@attack("Reading state or code from the Referer header", "RFC 9700 4.2.4")
async def test_no_page_tells_the_next_one_where_it_was(
    application: Application, browser: Browser
) -> None:
    """The pages lead nowhere else, and would say nothing if they did."""
    shown = [await application.begin(browser), await browser.sign_in(MINH_ANH)]
    shown.append(await browser.client.get("/identity/nowhere"))
    assert {each.headers["referrer-policy"] for each in shown} <= {"no-referrer", "same-origin"}


@attack("Headers of a proxy that nobody runs (Host, X-Forwarded-*)", "RFC 9700 4.13")
async def test_no_header_moves_the_provider(application: Application) -> None:
    """Issuer and endpoints are configuration: a request cannot rename them."""
    spoofed = {
        "Host": "evil.test",
        "X-Forwarded-Host": "evil.test",
        "X-Forwarded-Proto": "http",
        "Forwarded": "host=evil.test;proto=http",
    }
    transport = application.transport
    async with httpx.AsyncClient(transport=transport, base_url="https://city.test") as client:
        found = await client.get("/identity/.well-known/openid-configuration", headers=spoofed)
        begun = await client.get(
            "/identity/authorize", params=application.question, headers=spoofed
        )
    assert found.json()["issuer"] == ISSUER
    assert "evil.test" not in found.text
    assert begun.headers["location"].startswith("/identity/sign-in?")
    assert "Secure" in begun.headers["set-cookie"]


@attack("Revoking the sign-in of another client", "RFC 7009 2.1")
async def test_another_client_revokes_nothing(application: Application, browser: Browser) -> None:
    """The answer is the same as for an unknown token, and nothing ends."""
    tokens = await application.tokens(browser, MINH_ANH)
    for kind in ("access_token", "refresh_token"):
        told = await application.post("revoke", token=tokens[kind], client_id="other-app")
        assert told.status_code == 200
    assert (await application.userinfo(tokens["access_token"])).status_code == 200
    assert (await application.refresh(tokens["refresh_token"])).status_code == 200


@attack("A token in the address of the userinfo endpoint", "RFC 6750 2.3")
async def test_userinfo_reads_no_token_from_an_address_or_a_form(
    application: Application, browser: Browser
) -> None:
    """Addresses are kept in logs and histories."""
    token = (await application.tokens(browser, MINH_ANH))["access_token"]
    shown = await browser.client.get("/identity/userinfo", params={"access_token": token})
    posted = await browser.client.post("/identity/userinfo", data={"access_token": token})
    assert (shown.status_code, posted.status_code) == (401, 401)


@attack("Stripping the proof from a sign-in that began with a key", "RFC 9449 11.9")
async def test_a_sign_in_that_names_a_key_does_not_end_in_bearer_tokens(
    application: Application, browser: Browser
) -> None:
    """Else who holds the code would choose whether it is bound."""
    code = await application.code(browser, MINH_ANH, dpop_jkt="A" * 43)
    refused = await application.redeem(code)
    assert refused.json()["error"] == "invalid_grant"


@attack("Answers read across the fragment or another site's frame", "RFC 9700 4.17")
async def test_an_answer_is_a_redirect_with_a_query_and_nothing_else(
    application: Application, browser: Browser
) -> None:
    """No script of ours passes it on, so none of anybody else's can listen."""
    await application.begin(browser)
    await browser.sign_in(MINH_ANH)
    told = await browser.send(answer="agree")
    assert told.content == b""
    assert set(answer(told)) == {"code", "state", "iss"}
    assert "#" not in told.headers["location"]
