"""Sign-in against a provider that is known only by its discovery document."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from services.errors import (
    GatewayUnavailable,
    NotPermitted,
    ServiceError,
    SignInRequired,
)
from services.identity import AuthorizationRequest, Identity, Person, ProviderSettings
from services.tokens import Tokens
from tests.services.signed_in import House
from tests.services.twins import CLIENT, ISSUER, REDIRECT, Time
from tests.support.device import MemoryTokenStore


async def test_a_resident_signs_in() -> None:
    """The way everything else begins."""
    house = House()
    person = await house.sign_in()
    assert person == Person(
        subject="s-1",
        name="Nguyễn Minh Anh",
        given_name="Minh Anh",
        birthdate="1988-03-08",
        acr="loa2",
        roles=("resident",),
        ward_code="00070",
    )
    assert house.identity.person == person
    assert await house.identity.access_token() == "a-1"


async def test_the_request_asks_for_what_the_standard_wants() -> None:
    """PKCE, state and nonce are what keeps a stolen code worthless."""
    request = await House().identity.begin(REDIRECT, acr="loa2", locale="vi")
    asked = dict(parse_qsl(urlsplit(request.url).query))
    assert asked.pop("code_challenge") not in request.code_verifier
    assert asked == {
        "response_type": "code",
        "client_id": CLIENT,
        "redirect_uri": REDIRECT,
        "scope": "openid profile offline_access",
        "state": request.state,
        "nonce": request.nonce,
        "code_challenge_method": "S256",
        "acr_values": "loa2",
        "ui_locales": "vi",
    }
    assert len({request.state, request.nonce, request.code_verifier}) == 3
    assert 43 <= len(request.code_verifier) <= 128


async def test_two_sign_ins_share_no_secret() -> None:
    """A second tab must not be able to finish the first one's sign-in."""
    identity = House().identity
    one, other = await identity.begin(REDIRECT), await identity.begin(REDIRECT)
    secrets = {one.state, one.nonce, one.code_verifier}
    assert not secrets & {other.state, other.nonce, other.code_verifier}


async def test_a_sign_in_survives_being_put_aside() -> None:
    """On the web the callback may reach another process than the start did."""
    house = House()
    request = await house.identity.begin(REDIRECT, acr="loa2")
    again = AuthorizationRequest.from_json(request.to_json())
    assert again == request
    params = house.provider.authorize(request.url)
    assert (await house.window().complete(again, params)).subject == "s-1"


def test_secrets_are_not_printed() -> None:
    """A log line with a token in it is a stolen session."""
    request = AuthorizationRequest("https://x/?state=s3cret", "s3cret", "s3cret", "s3cret", "r")
    tokens = Tokens("s3cret", "s3cret", "s3cret", 1.0, {"name": "s3cret"})
    person = Person("sub", "s3cret", "s3cret", "s3cret", ward_code="s3cret")
    assert "s3cret" not in repr((request, tokens, person))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param(
            {"state": "other"},
            "state_mismatch",
            marks=pytest.mark.attack(
                "A callback of somebody else's sign-in (CSRF)", "RFC 9700 4.7"
            ),
        ),
        ({"state": ""}, "state_mismatch"),
        pytest.param(
            {"iss": "https://other.example"},
            "issuer_mismatch",
            marks=pytest.mark.attack("Mix-up: the answer of another provider", "RFC 9700 4.4.2.1"),
        ),
        ({"iss": ""}, "issuer_mismatch"),
        ({"code": ""}, "sign_in_refused"),
        pytest.param(
            {"code": "used"},
            "code_expired",
            marks=pytest.mark.attack("A callback with a code that was used", "RFC 9700 4.3.1"),
        ),
        ({"error": "access_denied"}, "cancelled"),
        ({"error": "invalid_scope"}, "sign_in_refused"),
        pytest.param(
            {"error": "access_denied", "state": "other"},
            "state_mismatch",
            marks=pytest.mark.attack("A made-up refusal that ends a sign-in", "RFC 9700 4.7"),
        ),
    ],
)
async def test_a_wrong_callback_signs_nobody_in(changes: dict[str, str], code: str) -> None:
    """Each of these is an attack or an accident, and both end the same way."""
    house = House()
    with pytest.raises(SignInRequired) as caught:
        await house.sign_in(**changes)
    assert caught.value.code == code
    assert house.store.tokens is None
    assert house.identity.person is None


@pytest.mark.attack("Mix-up by leaving the issuer out", "RFC 9700 4.4.2.1")
async def test_a_callback_without_iss_is_refused_where_one_was_promised() -> None:
    """RFC 9207: leaving it out is how a mixed-up provider hides."""
    house = House()
    request = await house.identity.begin(REDIRECT)
    params = house.provider.authorize(request.url)
    del params["iss"]
    with pytest.raises(SignInRequired):
        await house.identity.complete(request, params)


async def test_a_provider_that_promises_no_iss_needs_none() -> None:
    """Older providers do not know RFC 9207."""
    house = House(discovery={"authorization_response_iss_parameter_supported": None})
    request = await house.identity.begin(REDIRECT)
    params = house.provider.authorize(request.url)
    del params["iss"]
    assert await house.identity.complete(request, params)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ("temporarily_unavailable", GatewayUnavailable),
        ("server_error", GatewayUnavailable),
        ("unmet_authentication_requirements", NotPermitted),
    ],
)
async def test_the_providers_own_trouble_is_told_apart(
    error: str, kind: type[ServiceError]
) -> None:
    """Waiting a while and raising the account are different steps."""
    with pytest.raises(kind):
        await House().sign_in(error=error)


@pytest.mark.attack("A discovery that points elsewhere or to the clear", "RFC 9700 4.4")
@pytest.mark.parametrize(
    "discovery",
    [
        {"issuer": "https://other.example"},
        {"issuer": ISSUER + "/"},
        {"token_endpoint": "http://id.example/token"},
        {"token_endpoint": "http://127.0.0.1/token"},
        {"authorization_endpoint": None},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": "file:///etc/passwd"},
    ],
    ids=str,
)
async def test_a_discovery_that_cannot_be_trusted_is_not_used(discovery: dict[str, Any]) -> None:
    """A password typed on the wrong page is gone."""
    with pytest.raises(GatewayUnavailable) as caught:
        await House(discovery=discovery).sign_in()
    assert caught.value.code == "provider_untrusted"


@pytest.mark.attack("A provider reached without TLS", "RFC 9700 2.6")
@pytest.mark.parametrize(
    ("issuer", "good"),
    [
        ("http://id.example", False),
        ("http://127.0.0.1:8550/identity", True),
        ("http://localhost:8550", True),
        ("http://[::1]:8550", True),
        ("http://127.0.0.1.evil.example", False),
        ("ftp://id.example", False),
    ],
)
async def test_plain_http_is_only_for_this_machine(issuer: str, good: bool) -> None:
    """The sandbox runs without TLS; nothing else may."""
    asked: list[str] = []

    def provider(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        page = f"{issuer}/authorize"
        return httpx.Response(200, json={"issuer": issuer, "authorization_endpoint": page})

    http = httpx.AsyncClient(transport=httpx.MockTransport(provider))
    settings = ProviderSettings(issuer, CLIENT)
    identity = Identity(settings, http, MemoryTokenStore(), Time().clock())
    if good:
        assert (await identity.begin(REDIRECT)).url.startswith(f"{issuer}/authorize?")
    else:
        with pytest.raises(GatewayUnavailable):
            await identity.begin(REDIRECT)
        assert asked == []


async def test_a_wrong_device_clock_does_not_keep_anyone_out() -> None:
    """Times are checked against the provider's clock, not the phone's."""
    house = House()
    house.time.device_wrong_by = 10 * 365 * 86_400
    assert await house.sign_in()


async def test_a_name_that_is_not_in_the_id_token_comes_from_userinfo() -> None:
    """Many providers put the profile there only."""
    person = await House(without=("name", "given_name")).sign_in()
    assert (person.name, person.given_name) == ("Trần Gia Huy", "Huy")


@pytest.mark.attack("Userinfo of another person (token substitution)", "OpenID Connect Core 16.11")
async def test_userinfo_about_someone_else_is_refused() -> None:
    """OpenID Connect Core 5.3.2: a substituted token would show another person's name."""
    house = House(without=("name",))
    house.provider.answers["userinfo"] = httpx.Response(200, json={"sub": "s-2", "name": "x"})
    with pytest.raises(SignInRequired):
        await house.sign_in()


@pytest.mark.parametrize(
    ("asked", "given", "good"),
    [("loa2", "loa2", True), ("loa1", "loa2", True), ("loa2", "loa1", False), ("x", "loa2", False)],
)
async def test_a_level_that_was_asked_for_is_reached(asked: str, given: str, good: bool) -> None:
    """Otherwise the gateway would send the resident round in circles."""
    house = House(claims={"acr": given})
    if good:
        assert (await house.sign_in(acr=asked)).acr == given
    else:
        with pytest.raises(NotPermitted) as caught:
            await house.sign_in(acr=asked)
        assert caught.value.code == "level"
        assert house.store.tokens is None


@pytest.mark.parametrize(("ago", "good"), [(5, True), (659, True), (700, False), (None, False)])
async def test_a_fresh_sign_in_that_was_asked_for_is_fresh(ago: int | None, good: bool) -> None:
    """OpenID Connect Core 3.1.3.7: a provider that answers from an old session is not believed."""
    house = House()
    house.provider.claims["auth_time"] = None if ago is None else int(house.time.now) - ago
    request = await house.identity.begin(REDIRECT, max_age=600)
    assert "max_age=600" in request.url
    params = house.provider.authorize(request.url)
    if good:
        person = await house.identity.complete(request, params)
        assert person.auth_time == house.provider.claims["auth_time"]
    else:
        with pytest.raises(SignInRequired) as caught:
            await house.identity.complete(request, params)
        assert caught.value.code == "not_fresh"
        assert house.store.tokens is None
