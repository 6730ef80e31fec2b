"""The authorization request: what is refused, and where."""

from __future__ import annotations

from typing import Any

import pytest

from .people import CALLBACK, ISSUER, Application, Browser, answer

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

REFUSED: list[Any] = [
    ({"response_type": None}, "invalid_request"),
    pytest.param(
        {"response_type": "token"},
        "unsupported_response_type",
        marks=pytest.mark.attack(
            "Asking for a token in the address (implicit grant)", "RFC 9700 2.1.2"
        ),
    ),
    ({"response_type": "code id_token"}, "unsupported_response_type"),
    ({"response_mode": "fragment"}, "invalid_request"),
    pytest.param(
        {"response_mode": "web_message"},
        "invalid_request",
        marks=pytest.mark.attack("Asking for the code by postMessage", "RFC 9700 4.17"),
    ),
    ({"scope": None}, "invalid_scope"),
    ({"scope": "profile reports"}, "invalid_scope"),
    pytest.param(
        {"code_challenge": None},
        "invalid_request",
        marks=pytest.mark.attack("Leaving PKCE out of the request", "RFC 9700 4.8"),
    ),
    ({"code_challenge": "short"}, "invalid_request"),
    pytest.param(
        {"code_challenge_method": None},
        "invalid_request",
        marks=pytest.mark.attack("PKCE without its method, which means plain", "RFC 7636 4.3"),
    ),
    pytest.param(
        {"code_challenge_method": "plain"},
        "invalid_request",
        marks=pytest.mark.attack("PKCE with the plain method", "RFC 9700 2.1.1"),
    ),
    ({"prompt": "none"}, "login_required"),
    ({"prompt": "none login"}, "invalid_request"),
    ({"prompt": "guess"}, "invalid_request"),
    ({"max_age": "soon"}, "invalid_request"),
    ({"max_age": "-1"}, "invalid_request"),
    pytest.param(
        {"request": "a.b.c"},
        "request_not_supported",
        marks=pytest.mark.attack("A request object instead of the parameters", "RFC 9101 10.2"),
    ),
    ({"request_uri": "https://other.test/"}, "request_uri_not_supported"),
    ({"registration": "{}"}, "registration_not_supported"),
    pytest.param(
        {"id_token_hint": "a.b.c"},
        "invalid_request",
        marks=pytest.mark.attack(
            "A made-up hint of who is signed in", "OpenID Connect Core 3.1.2.2"
        ),
    ),
    ({"login_hint": "x" * 3000}, "invalid_request"),
]


@pytest.mark.parametrize(("changes", "error"), REFUSED, ids=lambda part: str(part)[:60])
async def test_a_bad_request_is_told_to_the_application(
    application: Application, browser: Browser, changes: dict[str, str | None], error: str
) -> None:
    """The app can only explain what it is told, with its state and the issuer."""
    told = answer(await application.begin(browser, **changes))
    assert (told["error"], told["state"], told["iss"]) == (error, "a state & more", ISSUER)


async def test_without_a_state_none_is_made_up(application: Application, browser: Browser) -> None:
    """An invented state would look like an answer to something else."""
    assert "state" not in answer(await application.begin(browser, state=None, prompt="none"))


@pytest.mark.attack(
    "Redirect addresses that are almost registered, in 18 variations", "RFC 9700 4.1.1"
)
@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": None},
        {"client_id": "unknown"},
        {"redirect_uri": None},
        pytest.param(
            {"redirect_uri": "https://evil.test/callback"},
            marks=pytest.mark.attack("The provider used as an open redirector", "RFC 9700 4.11.2"),
        ),
        {"redirect_uri": "https://city.test/callback/"},
        pytest.param(
            {"redirect_uri": "https://city.test/callback?next=1"},
            marks=pytest.mark.attack("A redirect address with a query added", "RFC 9700 4.1.3"),
        ),
        {"redirect_uri": "https://city.test/callback#part"},
        {"redirect_uri": "https://city.test:443/callback"},
        {"redirect_uri": "https://CITY.test/callback"},
        pytest.param(
            {"redirect_uri": "https://city.test/identity/../callback"},
            marks=pytest.mark.attack(
                "A redirect address that climbs over a path", "RFC 9700 4.1.1"
            ),
        ),
        {"redirect_uri": "http://city.test/callback"},
        pytest.param(
            {"redirect_uri": "http://localhost:5000/callback"},
            marks=pytest.mark.attack(
                "A redirect to localhost, which a resolver may lead elsewhere", "RFC 8252 8.3"
            ),
        ),
        {"redirect_uri": "http://127.0.0.1:5000/other"},
        pytest.param(
            {"redirect_uri": "http://127.0.0.1:5000@evil.test/callback"},
            marks=pytest.mark.attack(
                "A redirect address whose host stands in its user part", "RFC 9700 4.1.1"
            ),
        ),
        {"redirect_uri": "http://evil@127.0.0.1:5000/callback"},
        {"redirect_uri": "http://127.0.0.2:5000/callback"},
        {"redirect_uri": "http://127.0.0.1:99999/callback"},
        {"redirect_uri": "https://127.0.0.1:5000/callback"},
        pytest.param(
            {"redirect_uri": "https://other.test/callback"},
            marks=pytest.mark.attack("Another client's redirect address", "RFC 9700 4.1.1"),
        ),
        {"redirect_uri": "ihanoi://callback/more"},
    ],
    ids=str,
)
async def test_a_wrong_client_or_address_is_never_redirected_to(
    application: Application, browser: Browser, changes: dict[str, str | None]
) -> None:
    """A code sent to an address that is not registered would be a stranger's to use."""
    shown = await application.begin(browser, **changes)
    assert shown.status_code == 400
    assert "location" not in shown.headers
    assert browser.page.of("div", role="alert")


@pytest.mark.parametrize(
    "redirect_uri",
    [
        "http://127.0.0.1:1/callback",
        "http://127.0.0.1:50123/callback",
        "http://[::1]:50123/callback",
        "http://127.0.0.1/callback",
        "ihanoi://callback",
    ],
)
async def test_desktops_and_phones_get_their_code(
    application: Application, browser: Browser, redirect_uri: str
) -> None:
    """A desktop app listens on whatever port is free (RFC 8252); a phone has its own scheme."""
    application.redirect_uri = redirect_uri
    tokens = await application.tokens(browser, "nguyen-minh-anh")
    assert tokens["token_type"] == "Bearer"
    assert browser.response.headers["location"].startswith(f"{redirect_uri}?code=")


@pytest.mark.attack("A parameter given twice, so that two readers see two values", "RFC 6749 3.1")
async def test_a_parameter_given_twice_is_refused(
    application: Application, browser: Browser
) -> None:
    """Two readers of one request could each see another value."""
    asked = {**application.question, "redirect_uri": [CALLBACK, "https://evil.test/"]}
    response = await browser.client.get("/identity/authorize", params=asked)
    assert response.status_code == 400


async def test_a_request_may_also_come_as_a_form(
    application: Application, browser: Browser
) -> None:
    """OpenID Connect lets a client post its request."""
    response = await browser.client.post("/identity/authorize", data=application.question)
    assert response.headers["location"].startswith("/identity/sign-in?")


async def test_a_hint_chooses_the_resident_beforehand(
    application: Application, browser: Browser
) -> None:
    """Who signs in again finds their own name already marked."""
    for hint in ("vu-khanh-linh", "sandbox-vu-khanh-linh"):
        await application.begin(browser, login_hint=hint)
        chosen = [i["value"] for i in browser.page.of("input", type="radio") if "checked" in i]
        assert chosen == ["vu-khanh-linh"]


@pytest.mark.attack(
    "Answering a step-up with somebody else's account", "OpenID Connect Core 3.1.2.1"
)
async def test_somebody_else_cannot_step_up_for_a_resident(
    application: Application, browser: Browser
) -> None:
    """The app that renews one resident's sign-in must not end up with another's."""
    tokens = await application.tokens(browser, "nguyen-minh-anh")
    await application.begin(browser, id_token_hint=tokens["id_token"])
    assert answer(await browser.sign_in("tran-gia-huy"))["error"] == "login_required"
    await application.begin(browser, id_token_hint=tokens["id_token"])
    assert "Cho phép iHaNoi?" in (await browser.sign_in("nguyen-minh-anh")).text


async def test_unknown_scopes_are_left_out(application: Application, browser: Browser) -> None:
    """A newer app at an older city still signs in, and is told what it got."""
    application.scope = "openid reports future"
    tokens = await application.tokens(browser, "nguyen-minh-anh")
    assert tokens["scope"] == "openid reports"
    assert "refresh_token" not in tokens
