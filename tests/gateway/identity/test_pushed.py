"""Pushed authorization requests (RFC 9126): nothing of what the app asks for is in an address."""

from __future__ import annotations

import pytest

from .people import Application, Browser, Clock, answer

attack = pytest.mark.attack
MINH_ANH = "nguyen-minh-anh"


async def reference(application: Application, **changes: str | None) -> str:
    """Push a request; returns its `request_uri`."""
    pushed = await application.push(**changes)
    assert pushed.status_code == 201, pushed.text
    assert pushed.json()["expires_in"] == 60
    return str(pushed.json()["request_uri"])


async def test_a_resident_signs_in_by_a_pushed_request(
    application: Application, browser: Browser
) -> None:
    """The whole way; the answer carries the state that was pushed."""
    asked = {"client_id": application.client_id, "request_uri": await reference(application)}
    await browser.go("/identity/authorize", **asked)
    await browser.sign_in(MINH_ANH)
    told = answer(await browser.send(answer="agree"))
    assert told["state"] == application.question["state"]
    assert (await application.redeem(told["code"])).status_code == 200


@attack("Using a pushed request a second time", "RFC 9126 7.3")
async def test_a_reference_works_once(application: Application, browser: Browser) -> None:
    """An address left in the history or seen by somebody else begins nothing."""
    asked = {"client_id": application.client_id, "request_uri": await reference(application)}
    assert (await browser.go("/identity/authorize", **asked)).status_code == 200
    again = await browser.go("/identity/authorize", **asked)
    assert again.status_code == 400
    assert "không còn dùng được" in again.text


@attack("A pushed request taken by another client", "RFC 9126 4")
async def test_a_reference_is_its_clients_own(application: Application, browser: Browser) -> None:
    """Else one application could put another's request under its own name."""
    pushed = await reference(application)
    asked = {"client_id": "other-app", "request_uri": pushed}
    assert (await browser.go("/identity/authorize", **asked)).status_code == 400
    asked = {"client_id": application.client_id, "request_uri": pushed}
    assert (await browser.go("/identity/authorize", **asked)).status_code == 200


async def test_a_reference_lives_a_minute(
    application: Application, browser: Browser, clock: Clock
) -> None:
    """The browser comes at once, or somebody else comes later."""
    asked = {"client_id": application.client_id, "request_uri": await reference(application)}
    clock.wait(60)
    assert (await browser.go("/identity/authorize", **asked)).status_code == 400


@attack("Guessing the reference of a pushed request", "RFC 9126 7.1")
async def test_a_guessed_reference_begins_nothing(
    application: Application, browser: Browser
) -> None:
    """It is 256 random bits, and a wrong one leads nowhere."""
    await reference(application)
    guessed = "urn:ietf:params:oauth:request_uri:AAAA"
    asked = {"client_id": application.client_id, "request_uri": guessed}
    assert (await browser.go("/identity/authorize", **asked)).status_code == 400


@attack("A request_uri that makes the provider fetch an address", "RFC 9101 10.4.1")
@pytest.mark.parametrize("address", ["https://evil.test/request.jwt", "file:///etc/passwd"])
async def test_the_provider_fetches_no_request(
    application: Application, browser: Browser, address: str
) -> None:
    """Only what was pushed here is known here."""
    shown = await application.begin(browser, request_uri=address)
    assert answer(shown)["error"] == "request_uri_not_supported"
    refused = await application.push(request_uri=address)
    assert refused.json()["error"] == "request_uri_not_supported"


@attack("Changing a pushed request in the browser", "RFC 9126 4")
async def test_what_the_browser_adds_to_a_reference_does_not_count(
    application: Application, browser: Browser
) -> None:
    """A script or a link cannot send the code elsewhere or ask for more."""
    pushed = await reference(application, scope="openid")
    await browser.go(
        "/identity/authorize",
        client_id=application.client_id,
        request_uri=pushed,
        redirect_uri="https://evil.test/callback",
        scope="openid health",
        code_challenge="A" * 43,
    )
    await browser.sign_in(MINH_ANH)
    told = await browser.send(answer="agree")
    assert told.headers["location"].startswith(f"{application.redirect_uri}?")
    tokens = (await application.redeem(answer(told)["code"])).json()
    assert tokens["scope"] == "openid"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"redirect_uri": "https://evil.test/callback"}, "invalid_request"),
        ({"redirect_uri": None}, "invalid_request"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "reports"}, "invalid_scope"),
        ({"id_token_hint": "made-up"}, "invalid_request"),
        ({"dpop_jkt": "short"}, "invalid_request"),
    ],
    ids=str,
)
async def test_a_wrong_request_is_refused_when_it_is_pushed(
    application: Application, changes: dict[str, str | None], error: str
) -> None:
    """The application hears at once what it did wrong, and no browser is sent anywhere."""
    refused = await application.push(**changes)
    assert (refused.status_code, refused.json()["error"]) == (400, error)


async def test_only_a_known_client_pushes(application: Application) -> None:
    """Nobody else fills the table."""
    application.client_id = "unknown"
    refused = await application.push()
    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")


async def test_discovery_says_where_to_push(application: Application) -> None:
    """Clients use what is offered, and may do without."""
    document = (await application.get(".well-known/openid-configuration")).json()
    assert document["pushed_authorization_request_endpoint"] == f"{document['issuer']}/par"
    assert document["require_pushed_authorization_requests"] is False
