"""The one way to the gateway: what leaves the device, how often, and where it goes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from email.utils import formatdate

import httpx
import pytest

from services import client as client_module
from services import transport as transport_module
from services.client import GatewayClient, jittered, open_http, segment
from services.clock import ServerClock
from services.errors import GatewayUnavailable, NotPermitted, Offline, Rejected, ServiceError
from tests.services.twins import BASE, Time, gateway, problem


class Answers:
    """A gateway that gives one prepared answer after another and remembers what it was asked."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []
        self.bodies: list[bytes] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        self.bodies.append(request.content)
        found = self.answers.pop(0)
        if isinstance(found, Exception):
            raise found
        return found


class Token(httpx.Auth):
    def auth_flow(self, request):  # type: ignore[no-untyped-def]
        request.headers["Authorization"] = "Bearer secret"
        yield request


async def test_a_read_asks_below_the_gateways_address() -> None:
    """A gateway may live under a path; None parameters are not sent."""
    answers = Answers(httpx.Response(200, json=[1]))
    assert await gateway(answers).get("/open311/v2/requests.json", status="open", page=None) == [1]
    assert str(answers.requests[0].url) == f"{BASE}/open311/v2/requests.json?status=open"


@pytest.mark.parametrize(
    "first",
    [httpx.ConnectError("x"), httpx.ReadTimeout("x"), httpx.RemoteProtocolError("x"), problem(503)],
)
async def test_a_read_is_tried_again(first: httpx.Response | Exception) -> None:
    """A short gap on the bus must not become an error screen."""
    answers = Answers(first, httpx.Response(200, json={}))
    assert await gateway(answers).get("/x") == {}


async def test_a_read_is_tried_three_times_and_no_more() -> None:
    """A gateway that is down is not hammered."""
    answers = Answers(*[httpx.ConnectError("x")] * 4)
    with pytest.raises(Offline):
        await gateway(answers).get("/x")
    assert len(answers.requests) == 3


@pytest.mark.parametrize("status", [400, 404, 429, 500, 502, 504])
async def test_an_answer_that_would_not_change_is_not_asked_for_again(status: int) -> None:
    """Only a 503 says that the next moment may differ."""
    answers = Answers(problem(status), httpx.Response(200, json={}))
    with pytest.raises(ServiceError):
        await gateway(answers).get("/x")
    assert len(answers.requests) == 1


async def test_a_write_without_a_key_is_never_repeated() -> None:
    """A second POST could be a second report."""
    answers = Answers(httpx.ReadError("cut"), httpx.Response(201, json={}))
    with pytest.raises(Offline):
        await gateway(answers).post("/x", json={"a": 1})
    assert len(answers.requests) == 1


async def test_a_write_with_a_key_is_repeated_byte_for_byte() -> None:
    """The gateway tells a repetition from a reuse by the contents."""
    answers = Answers(httpx.ReadError("cut"), problem(503), httpx.Response(201, json={"ok": 1}))
    photo = ("media", ("a.jpg", b"\xff\xd8", "image/jpeg"))
    sent = await gateway(answers).post(
        "/x", data={"description": "ổ gà"}, files=[photo, photo], idempotency_key="k"
    )
    assert sent == {"ok": 1}
    assert [r.headers["Idempotency-Key"] for r in answers.requests] == ["k"] * 3
    assert len(set(answers.bodies)) == 1
    assert answers.bodies[0].count(b'name="media"') == 2


async def test_a_long_retry_after_is_not_waited_for() -> None:
    """The resident is told; the app does not sit on a spinner for an hour."""
    busy = problem(503)
    busy.headers["Retry-After"] = "3600"
    answers = Answers(busy)
    with pytest.raises(GatewayUnavailable) as caught:
        await gateway(answers).get("/x")
    assert caught.value.retry_after == 3600


def test_the_pause_between_attempts_varies_and_grows() -> None:
    """Ten thousand phones must not come back in the same instant."""
    first, second = ({jittered(n) for _ in range(50)} for n in (1, 2))
    assert len(first) > 10
    assert 0 < min(first) <= max(first) <= min(second) < max(second) < 2


async def test_a_gateway_that_dribbles_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """No single read times out, and still it never ends."""

    class Dribble(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            while True:
                await asyncio.sleep(0.01)
                yield b" "

    for module in (transport_module, client_module):
        monkeypatch.setattr(module, "CALL", httpx.Timeout(0.02))
    slow = gateway(lambda _: httpx.Response(200, stream=Dribble()))
    with pytest.raises(Offline) as caught:
        await slow.post("/x")
    assert caught.value.code == "timeout"


async def test_an_endless_answer_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """A phone's memory is not the gateway's to fill."""
    monkeypatch.setattr(transport_module, "ANSWER_LIMIT", 1000)
    with pytest.raises(GatewayUnavailable) as caught:
        await gateway(lambda _: httpx.Response(200, content=b"x" * 1001)).get_bytes("/x")
    assert caught.value.code == "answer_too_large"
    assert len(await gateway(lambda _: httpx.Response(200, content=b"x" * 1000)).get_bytes("/x"))


async def test_broken_compression_is_the_gateways_failure() -> None:
    """It must not crash the screen."""
    broken = {"Content-Encoding": "gzip"}

    class Raw(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            yield b"not gzip"

    with pytest.raises(GatewayUnavailable):
        await gateway(lambda _: httpx.Response(200, stream=Raw(), headers=broken)).post("/x")


@pytest.mark.attack(
    "A link or redirect that leads the token to a counterfeit gateway", "RFC 9700 4.9.1"
)
@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/api/x",
        "http://gateway.example/api/x",
        "https://gateway.example:8443/api/x",
        "//evil.example/x",
        "https://gateway.example@evil.example/x",
        "https://gateway.example.evil.example/x",
    ],
)
async def test_the_token_goes_to_no_other_origin(elsewhere: str) -> None:
    """A photo's address comes from a record, and anyone may have written it."""
    answers = Answers()
    client = gateway(answers, auth=Token())
    with pytest.raises(NotPermitted) as caught:
        await client.get_bytes(elsewhere)
    assert caught.value.code == "other_origin"
    assert answers.requests == []
    with pytest.raises(NotPermitted):
        client.link(elsewhere)
    redirect = Answers(httpx.Response(302, headers={"Location": elsewhere}))
    with pytest.raises(GatewayUnavailable):
        await gateway(redirect, auth=Token()).get("/x")
    assert len(redirect.requests) == 1


async def test_a_redirect_inside_the_gateway_is_followed_once() -> None:
    """A gateway may move a photo; it may not send the app in circles."""
    moved = httpx.Response(307, headers={"Location": "/api/y"})
    answers = Answers(moved, httpx.Response(200, json={"y": 1}))
    assert await gateway(answers, auth=Token()).get("/x") == {"y": 1}
    assert [r.headers["Authorization"] for r in answers.requests] == ["Bearer secret"] * 2
    with pytest.raises(GatewayUnavailable):
        await gateway(Answers(moved, moved, httpx.Response(200, json={}))).get("/x")


@pytest.mark.attack("A redirect of a write to another address", "RFC 9700 4.12")
async def test_a_write_is_never_redirected() -> None:
    """A report sent on to another address could arrive twice, or as a read."""
    answers = Answers(httpx.Response(307, headers={"Location": "/api/y"}))
    with pytest.raises(GatewayUnavailable):
        await gateway(answers).post("/x", idempotency_key="k")
    assert len(answers.requests) == 1


async def test_a_public_call_carries_no_token() -> None:
    """Who looks at the list of services need not be known."""
    answers = Answers(httpx.Response(200, json=[]), httpx.Response(200, json=[]))
    client = gateway(answers, auth=Token())
    await client.get("/x", public=True)
    await client.get("/x")
    assert ["Authorization" in r.headers for r in answers.requests] == [False, True]


async def test_a_link_by_the_public_name_is_asked_by_ours() -> None:
    """Behind a proxy the gateway gives out addresses that its own server cannot reach."""
    answers = Answers(httpx.Response(200, content=b"x"))
    client = gateway(answers, aliases=("https://city.example/api",))
    await client.get_bytes(client.link("https://city.example/api/media/1.jpg?size=thumbnail"))
    assert str(answers.requests[0].url) == f"{BASE}/media/1.jpg?size=thumbnail"
    assert client.link("/api/media/1.jpg") == f"{BASE}/media/1.jpg"


async def test_one_residents_cookie_is_not_anothers() -> None:
    """On the web one process serves everyone over one client."""
    answers = Answers(
        httpx.Response(200, json={}, headers={"Set-Cookie": "who=a"}), httpx.Response(200, json={})
    )
    client = gateway(answers)
    await client.get("/x")
    await client.get("/x")
    assert "Cookie" not in answers.requests[1].headers


async def test_every_answer_tells_the_time_even_a_refusal() -> None:
    """The card's code depends on it."""
    time = Time(device_wrong_by=-500)
    clock = time.clock()
    refused = problem(404)
    refused.headers["Date"] = formatdate(time.now, usegmt=True)
    with pytest.raises(ServiceError):
        await gateway(lambda _: refused, clock=clock).get("/x")
    assert round(clock.offset.total_seconds(), 1) == 500.5


async def test_no_network_is_offline() -> None:
    """The app starts, says so, and queues."""
    async with open_http() as http:
        client = GatewayClient("http://127.0.0.1:9", http, ServerClock(), backoff=lambda _: 0)
        with pytest.raises(Offline):
            await client.get("/x")


@pytest.mark.parametrize("value", ["a/b", "..", ".", "a?b", "a#b", "ổ gà", "%2e%2e"])
async def test_an_id_stays_one_segment(value: str) -> None:
    """An id that a server made up must not choose another address."""
    answers = Answers(httpx.Response(200, json={}))
    await gateway(answers).get(f"/requests/{segment(value)}")
    path = answers.requests[0].url.raw_path.decode()
    assert path.startswith("/api/requests/")
    assert path.count("/") == 3


async def test_a_refusal_names_its_fields_and_reference() -> None:
    """The whole way from the wire to the error."""
    refused = problem(422, "validation", errors=[{"field": "lat", "code": "outside_city"}])
    with pytest.raises(Rejected) as caught:
        await gateway(lambda _: refused).post("/x", json={})
    assert caught.value.reference == "req-12345678"
    assert caught.value.field_errors[0].code == "outside_city"
