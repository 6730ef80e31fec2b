"""A key of the device goes with each token: what leaks opens nothing elsewhere (RFC 9449, RFC 9126)."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from services.bearer import TRIES, BearerAuth
from services.client import GatewayClient
from services.errors import GatewayUnavailable, SignInRequired
from services.identity import AuthorizationRequest, Identity
from services.proofs import DeviceKey
from services.tokens import Tokens
from tests.services.bound_twins import BoundGatewayTwin, BoundProviderTwin, proof_in
from tests.services.signed_in import House
from tests.services.twins import BASE, CLIENT, REDIRECT, Time


class BoundHouse(House):
    """A house whose provider knows proofs and pushed requests."""

    def __init__(self, **provider: Any) -> None:
        super().__init__()
        self.bound = BoundProviderTwin(self.time, **provider)
        self.provider = self.bound
        self.http = httpx.AsyncClient(transport=self.bound.transport())
        self.identity = self.window()

    def gateway(self, **more: Any) -> tuple[GatewayClient, BoundGatewayTwin]:
        """A gateway, and this house's client of it."""
        twin = BoundGatewayTwin(self.time, **more)
        return self.client_of(twin, self.identity), twin

    def client_of(self, twin: BoundGatewayTwin, identity: Identity) -> GatewayClient:
        http = httpx.AsyncClient(transport=httpx.MockTransport(twin))
        return GatewayClient(BASE, http, identity.clock, BearerAuth(identity), backoff=lambda _: 0)


async def test_what_is_asked_for_is_pushed_and_not_in_the_browsers_address() -> None:
    """Nobody who reads the address bar or a proxy's log learns who asks for what."""
    house = BoundHouse()
    request = await house.identity.begin(REDIRECT, acr="loa2", locale="vi", max_age=600)
    assert dict(parse_qsl(urlsplit(request.url).query)) == {
        "client_id": CLIENT,
        "request_uri": "urn:twin:1",
    }
    pushed = house.bound.pushed
    assert (pushed["state"], pushed["nonce"]) == (request.state, request.nonce)
    assert (pushed["acr_values"], pushed["ui_locales"], pushed["max_age"]) == ("loa2", "vi", "600")
    assert request.key is not None
    assert pushed["dpop_jkt"] == DeviceKey.read(request.key).thumbprint


async def test_tokens_come_bound_to_the_devices_key() -> None:
    """Code and refresh token are asked for with proofs of one key, and the store keeps it."""
    house = BoundHouse()
    assert (await house.sign_in()).subject == "s-1"
    await house.identity.access_token(refused="a-1")
    first, second = house.bound.proofs
    assert first["jkt"] == second["jkt"] == house.bound.pushed["dpop_jkt"]
    assert first["jti"] != second["jti"]
    assert house.store.tokens is not None
    assert house.store.tokens.key is not None


async def test_a_key_is_made_anew_for_each_sign_in() -> None:
    """Two sign-ins on one device cannot be told to be of one device by their key."""
    house = BoundHouse()
    one, other = await house.identity.begin(REDIRECT), await house.identity.begin(REDIRECT)
    assert one.key != other.key


async def test_a_providers_nonce_that_changed_costs_one_more_call() -> None:
    """The provider may end its nonces whenever it likes; the resident does not notice."""
    house = BoundHouse()
    await house.sign_in()
    house.bound.nonce_wanted = "n-2"
    assert await house.identity.access_token(refused="a-1") == "a-2"
    assert [proof["nonce"] for proof in house.bound.proofs] == ["n-1", "n-1", "n-2"]


async def test_each_call_to_the_gateway_carries_its_own_proof() -> None:
    """The nonce is learned once; after that each call goes out once."""
    house = BoundHouse()
    await house.sign_in()
    client, twin = house.gateway()
    for number in range(3):
        await client.get(f"/things/{number}", of="mine")
    assert [proof.get("nonce") for proof in twin.proofs] == [None, "g-1", "g-1", "g-1"]
    assert len({proof["jti"] for proof in twin.proofs}) == 4


async def test_a_new_nonce_is_taken_up_from_any_answer() -> None:
    """A gateway that gives the next nonce ahead spares the second try."""
    house = BoundHouse()
    await house.sign_in()
    client, twin = house.gateway(next_nonce="g-2")
    await client.get("/one")
    await client.get("/two")
    assert [proof.get("nonce") for proof in twin.proofs] == [None, "g-1", "g-2"]


async def test_a_screen_that_loads_five_things_at_once_refreshes_once() -> None:
    """Each call proves the key for itself, and the one refresh token is used by one of them."""
    house = BoundHouse()
    await house.sign_in()
    client, twin = house.gateway(accepted=("a-2",))
    await asyncio.gather(*(client.get(f"/{number}") for number in range(5)))
    assert house.bound.generation == 2
    assert len({proof["jti"] for proof in twin.proofs}) == len(twin.proofs)


async def test_a_token_that_ran_out_is_renewed_with_the_same_key() -> None:
    """A refusal of the token is not a refusal of the proof."""
    house = BoundHouse()
    await house.sign_in()
    client, twin = house.gateway(accepted=("a-2",))
    await client.post("/x", json={})
    assert len({proof["jkt"] for proof in [*twin.proofs, *house.bound.proofs]}) == 1


async def test_a_device_set_to_the_wrong_year_proves_its_key_all_the_same() -> None:
    """The app starts signed in and has not heard the gateway's time yet; the refusal tells it."""
    house = BoundHouse()
    await house.sign_in()
    house.time.device_wrong_by = -3 * 365 * 86_400
    later = house.window()
    await later.resume()
    twin = BoundGatewayTwin(house.time)
    await house.client_of(twin, later).get("/x")
    first, second = (proof["iat"] - house.time.now for proof in twin.proofs[-2:])
    assert abs(second) < 2 < abs(first)


@pytest.mark.parametrize("error", ["use_dpop_nonce", "invalid_dpop_proof"])
async def test_a_gateway_that_takes_no_proof_signs_nobody_out(error: str) -> None:
    """Something between the two is amiss, and the resident's sign-in is not it."""
    house = BoundHouse()
    await house.sign_in()
    client, twin = house.gateway(refuses=error)
    with pytest.raises(GatewayUnavailable) as caught:
        await client.post("/x", json={})
    assert caught.value.code == "proof_refused"
    assert len(twin.proofs) == TRIES
    assert house.store.tokens is not None


async def test_a_provider_that_binds_nothing_gives_bearer_tokens() -> None:
    """It may know proofs and still not use them for this client (RFC 9449, section 5)."""
    house = BoundHouse(ignores_proofs=True)
    await house.sign_in()
    assert house.store.tokens is not None
    assert house.store.tokens.key is None


async def test_a_provider_that_stops_binding_gives_tokens_that_work_as_they_are() -> None:
    """It may change its mind between two refreshes; showing a proof with them would open nothing."""
    house = BoundHouse()
    await house.sign_in()
    house.bound.token_type = "Bearer"
    await house.identity.tokens(refused="a-1")
    assert house.store.tokens is not None
    assert house.store.tokens.key is None


async def test_a_bound_token_that_was_not_asked_for_is_useless() -> None:
    """Without the key nothing can be called; better said at once."""
    house = House()
    bound = {"access_token": "a", "token_type": "DPoP", "expires_in": 60}
    house.provider.answers["token"] = httpx.Response(200, json=bound)
    with pytest.raises(GatewayUnavailable) as caught:
        await house.sign_in()
    assert caught.value.code == "provider_unavailable"


async def test_a_name_comes_from_userinfo_with_a_proof_too() -> None:
    """A bound token opens the provider's own resource only with its key."""
    assert (await BoundHouse(without=("name",)).sign_in()).name == "Trần Gia Huy"


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(400, json={"error": "invalid_request"}),
        httpx.Response(201, json={}),
        httpx.Response(201, json=["urn:x"]),
        httpx.Response(503),
    ],
    ids=["refused", "no reference", "a list", "down"],
)
async def test_a_request_that_cannot_be_pushed_leads_nowhere(answer: httpx.Response) -> None:
    """Falling back to the open address would be what an attacker wants."""
    house = BoundHouse()
    house.bound.answers["par"] = answer
    with pytest.raises(GatewayUnavailable) as caught:
        await house.identity.begin(REDIRECT)
    assert caught.value.code == "provider_unavailable"


async def test_a_pushed_address_has_to_be_trusted_as_the_others_are() -> None:
    """A discovery that points elsewhere in the clear is not used."""
    house = BoundHouse(discovery={"pushed_authorization_request_endpoint": "http://id.test/par"})
    with pytest.raises(GatewayUnavailable) as caught:
        await house.identity.begin(REDIRECT)
    assert caught.value.code == "provider_untrusted"


async def test_a_sign_in_with_a_key_survives_being_put_aside() -> None:
    """On the web another process may finish it: the key lies sealed with the rest of the request."""
    house = BoundHouse()
    request = AuthorizationRequest.from_json((await house.identity.begin(REDIRECT)).to_json())
    assert (await house.window().complete(request, house.bound.authorize(request.url))).subject
    again = house.window()
    await again.resume()
    assert await again.access_token(refused="a-1") == "a-2"


def test_tokens_kept_by_an_older_version_are_read() -> None:
    """An update of the app must not sign anybody out."""
    old = Tokens("a", "r", "i", 1.0, {"sub": "s"}).to_json().replace(', "key": null', "")
    assert "key" not in old
    assert Tokens.from_json(old).key is None


async def test_a_key_that_was_damaged_means_signing_in_again() -> None:
    """The resident is told what to do, and the page does not freeze."""
    house = BoundHouse()
    await house.sign_in()
    assert house.store.tokens is not None
    house.store.tokens = replace(house.store.tokens, key="AAAA")
    again = house.window()
    await again.resume()
    with pytest.raises(SignInRequired):
        await house.client_of(BoundGatewayTwin(house.time), again).get("/x")


def test_a_key_is_kept_whole_and_never_printed() -> None:
    """A log line with the key in it would be worth the token."""
    key = DeviceKey.make()
    assert DeviceKey.read(key.text).thumbprint == key.thumbprint
    tokens = Tokens("a", "r", "i", 1.0, {}, key.text)
    request = AuthorizationRequest.make(REDIRECT, key=key)
    assert key.text not in repr((key, tokens, request))
    assert key.thumbprint not in repr(key)


@pytest.mark.parametrize("text", ["", "AAAA", "not base64", DeviceKey.make().text[:40]])
def test_what_is_no_key_is_refused(text: str) -> None:
    """A damaged store means signing in again, not a crash later."""
    with pytest.raises(ValueError, match=r"."):
        DeviceKey.read(text)


def test_a_proof_is_for_the_address_without_its_query() -> None:
    """What is searched for stays between the app and the gateway (section 4.2)."""
    now, key = Time().clock().now(), DeviceKey.make()
    url = httpx.URL("https://gateway.example/api/things?q=secret#part")
    request = httpx.Request("GET", url, headers={"DPoP": key.proof("GET", url, now)})

    assert proof_in(request)["htu"] == "https://gateway.example/api/things"
