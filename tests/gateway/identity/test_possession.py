"""Tokens bound to the key of a device (DPoP, RFC 9449) at the provider itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import httpx
import jwt
import pytest

from tests.support.proof_key import ProofKey

from .people import ISSUER, PUBLIC_URL, Application, Browser, Clock

attack = pytest.mark.attack
MINH_ANH = "nguyen-minh-anh"


@dataclass
class Holder:
    """The citizen app on one device: shows a proof with each call, made on the provider's clock."""

    application: Application
    clock: Clock
    key: ProofKey = field(default_factory=ProofKey)
    nonce: str | None = None

    def proof(self, endpoint: str, method: str = "POST", **changes: Any) -> str:
        """A right proof for an endpoint, unless something is made wrong on purpose."""
        iat = int(self.clock().timestamp())
        usual = {"nonce": self.nonce, "iat": iat}
        return self.key.proof(method, f"{ISSUER}/{endpoint}", **{**usual, **changes})

    async def post(self, endpoint: str, **form: str) -> httpx.Response:
        """Call with a right proof, once more when the provider wants its nonce in it."""
        for _ in range(2):
            answer = await self.application.post(endpoint, self.proof(endpoint), **form)
            self.nonce = answer.headers.get("dpop-nonce", self.nonce)
            if answer.json().get("error") != "use_dpop_nonce":
                break
        return answer

    async def redeem(self, code: str) -> httpx.Response:
        """Redeem a code with a proof."""
        return await self.post(
            "token",
            grant_type="authorization_code",
            code=code,
            redirect_uri=self.application.redirect_uri,
            code_verifier=self.application.code_verifier,
        )

    async def refresh(self, token: str) -> httpx.Response:
        """Redeem a refresh token with a proof."""
        return await self.post("token", grant_type="refresh_token", refresh_token=token)

    async def tokens(self, browser: Browser) -> dict[str, Any]:
        """A whole sign-in whose code is bound to this key."""
        code = await self.application.code(browser, MINH_ANH, dpop_jkt=self.key.thumbprint)
        tokens: dict[str, Any] = (await self.redeem(code)).json()
        return tokens

    async def userinfo(self, token: str, *proofs: str, scheme: str = "DPoP") -> httpx.Response:
        """Ask who the token belongs to, with these proofs."""
        headers = [("Authorization", f"{scheme} {token}"), *(("DPoP", p) for p in proofs)]
        transport = self.application.transport
        async with httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL) as client:
            return await client.get("/identity/userinfo", headers=headers)


@pytest.fixture
def holder(application: Application, clock: Clock) -> Holder:
    """The app on a resident's device."""
    return Holder(application, clock)


@pytest.fixture
def thief(application: Application, clock: Clock) -> Holder:
    """The same app on somebody else's device, with another key."""
    return Holder(application, clock)


async def test_tokens_are_bound_to_the_key_that_was_proved(
    holder: Holder, browser: Browser
) -> None:
    """The gateway reads the key's thumbprint in the token, after a refresh too."""
    tokens = await holder.tokens(browser)
    for _ in range(2):
        claims = jwt.decode(tokens["access_token"], options={"verify_signature": False})
        assert claims["cnf"] == {"jkt": holder.key.thumbprint}
        assert tokens["token_type"] == "DPoP"
        tokens = (await holder.refresh(tokens["refresh_token"])).json()


async def test_a_nonce_is_asked_for_once_and_given_ahead(holder: Holder, browser: Browser) -> None:
    """One more round trip at the start, none at any refresh."""
    tokens = await holder.tokens(browser)
    proof = holder.proof("token")
    answer = await holder.application.post(
        "token", proof, grant_type="refresh_token", refresh_token=tokens["refresh_token"]
    )
    assert (answer.status_code, answer.headers["dpop-nonce"]) == (200, holder.nonce)


@attack("Redeeming a stolen code with the thief's own key", "RFC 9449 11.9")
async def test_a_code_bound_to_a_key_needs_it(
    holder: Holder, thief: Holder, browser: Browser
) -> None:
    """Even with the code and its verifier in hand; with no key at all neither."""
    application = holder.application
    code = await application.code(browser, MINH_ANH, dpop_jkt=holder.key.thumbprint)
    assert (await thief.redeem(code)).json()["error"] == "invalid_grant"
    assert (await application.redeem(code)).json()["error"] == "invalid_grant"
    assert (await holder.redeem(code)).status_code == 200


@attack("Using a stolen refresh token without its key", "RFC 9700 4.14.2")
async def test_a_bound_refresh_token_needs_its_key(
    holder: Holder, thief: Holder, browser: Browser
) -> None:
    """The thief gains nothing, and the resident stays signed in."""
    token = (await holder.tokens(browser))["refresh_token"]
    assert (await thief.refresh(token)).json()["error"] == "invalid_grant"
    assert (await holder.application.refresh(token)).json()["error"] == "invalid_grant"
    assert (await holder.refresh(token)).status_code == 200


@attack("Binding somebody's unbound refresh token to one's own key", "RFC 9449 5")
async def test_an_unbound_refresh_token_is_not_bound_later(
    thief: Holder, application: Application, browser: Browser
) -> None:
    """A stolen one would then answer to the thief alone."""
    tokens = await application.tokens(browser, MINH_ANH)
    assert (await thief.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"
    assert (await application.refresh(tokens["refresh_token"])).status_code == 200


@attack("Showing a token request's proof a second time", "RFC 9449 11.1")
async def test_a_proof_at_the_token_endpoint_is_good_once(holder: Holder, browser: Browser) -> None:
    """A recorded refresh cannot be sent again, whatever else is in it."""
    tokens = await holder.tokens(browser)
    proof, form = holder.proof("token"), {"grant_type": "refresh_token"}
    application = holder.application
    first = await application.post("token", proof, refresh_token=tokens["refresh_token"], **form)
    second = await application.post(
        "token", proof, refresh_token=first.json()["refresh_token"], **form
    )
    assert (first.status_code, second.json()["error"]) == (200, "invalid_dpop_proof")


@pytest.mark.parametrize(
    "wrong",
    [
        {"htm": "GET"},
        {"htu": f"{ISSUER}/par"},
        {"htu": "https://evil.test/token"},
        {"iat": 1_700_000_000},
        {"header": {"typ": "at+jwt"}},
    ],
    ids=str,
)
async def test_a_wrong_proof_ends_the_request(
    holder: Holder, browser: Browser, wrong: dict[str, Any]
) -> None:
    """A proof that proves nothing is not passed over as if there were none."""
    tokens = await holder.tokens(browser)
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    answer = await holder.application.post("token", holder.proof("token", **wrong), **form)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_dpop_proof")
    assert (await holder.refresh(tokens["refresh_token"])).status_code == 200


async def test_a_pushed_request_is_bound_by_the_proof_beside_it(
    holder: Holder, thief: Holder, browser: Browser
) -> None:
    """RFC 9449, section 10.1: a client may prove its key there instead of naming it."""
    pushed = await holder.post("par", **holder.application.question)
    asked = {"client_id": "ihanoi-app", "request_uri": pushed.json()["request_uri"]}
    await browser.go("/identity/authorize", **asked)
    await browser.sign_in(MINH_ANH)
    location = httpx.URL((await browser.send(answer="agree")).headers["location"])
    code = location.params["code"]
    assert (await thief.redeem(code)).status_code == 400
    assert (await holder.redeem(code)).json()["token_type"] == "DPoP"


@attack("Pushing a request for one key with the proof of another", "RFC 9449 10.1")
async def test_a_pushed_request_cannot_name_another_key(holder: Holder, thief: Holder) -> None:
    """What is named and what is proved have to be one."""
    asked = {**thief.application.question, "dpop_jkt": holder.key.thumbprint}
    assert (await thief.post("par", **asked)).json()["error"] == "invalid_dpop_proof"


async def test_userinfo_wants_the_proof_too(
    holder: Holder, thief: Holder, browser: Browser
) -> None:
    """The provider's own resource is guarded as the gateway's are."""
    token = (await holder.tokens(browser))["access_token"]

    def proof(whose: Holder) -> str:
        return whose.proof("userinfo", "GET", token=token, nonce=holder.nonce)

    assert (await holder.userinfo(token, proof(holder))).json()["sub"] == f"sandbox-{MINH_ANH}"
    assert (await holder.userinfo(token, proof(thief))).status_code == 401
    assert (await holder.userinfo(token)).status_code == 401
    assert (await holder.userinfo(token, scheme="Bearer")).status_code == 401
    without_nonce = await holder.userinfo(
        token, holder.proof("userinfo", "GET", token=token, nonce=None)
    )
    assert 'DPoP error="use_dpop_nonce"' in without_nonce.headers["www-authenticate"]
    assert without_nonce.headers["dpop-nonce"] == holder.nonce


async def test_an_app_without_a_key_signs_in_as_before(
    application: Application, browser: Browser
) -> None:
    """DPoP is offered, not demanded: other clients of the city may not know it."""
    tokens = await application.tokens(browser, MINH_ANH)
    assert tokens["token_type"] == "Bearer"
    document = (await application.get(".well-known/openid-configuration")).json()
    assert document["dpop_signing_alg_values_supported"] == ["ES256"]
