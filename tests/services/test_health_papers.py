"""What others show: HL7's published links and cards open, and nothing unchecked is called valid."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.clock import ServerClock
from services.errors import NotFound, NotPermitted, Rejected
from services.health_sharing.health_cards import is_card, read_card
from services.health_sharing.jwe import encode, encrypt
from services.health_sharing.links import HealthLink, is_link, parse_link
from services.health_sharing.outside import Outside
from services.health_sharing.receiving import CheckedCard, HealthPapers, Received, WrongPasscode

EXAMPLES = Path(__file__).parent.parent / "support" / "hl7_examples"
KEY = bytes(range(32))
Answer = Callable[[httpx.Request], httpx.Response]


def example(name: str) -> str:
    return (EXAMPLES / name).read_text(encoding="utf-8")


def papers(answer: Answer, *numbers: str) -> HealthPapers:
    """A reader whose outside is this function, with every name at these addresses."""

    async def resolve(host: str) -> list[str]:
        return list(numbers or ("203.0.112.7",))

    http, clock = httpx.AsyncClient(transport=httpx.MockTransport(answer)), ServerClock()
    return HealthPapers("https://city.test/api", http, clock, Outside(http, clock, resolve))


def publishing(**changes: Any) -> Answer:
    """The example issuer's site; `keys` or `revocations` replace what it publishes, None hides it."""
    site = {
        "keys": json.loads(example("issuer-keys.json")),
        "revocations": json.loads(example("revocations.json")),
    } | changes

    def answer(request: httpx.Request) -> httpx.Response:
        assert request.headers["host"] == "spec.smarthealth.cards"
        assert request.url.host == "203.0.112.7"
        found = site["keys" if request.url.path.endswith("/jwks.json") else "revocations"]
        return httpx.Response(404) if found is None else httpx.Response(200, json=found)

    return answer


async def checked(text: str, **changes: Any) -> CheckedCard:
    return await papers(publishing(**changes)).check(text)


async def test_hl7s_published_link_opens() -> None:
    """The example of the standard itself: a summary of a patient, one file by GET."""
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, text=example("ips-link-file.txt"))

    text = example("ips-link.txt")
    assert is_link(text)
    found = await papers(answer).open(parse_link(text), "Minh Anh")
    assert isinstance(found, Received)
    [summary] = found.summaries
    assert "DeLarosa" in summary.patient.name
    assert "Menopausal flushing" in [item.title for item in summary.conditions.items]
    [request] = asked
    assert (request.method, request.url.params["recipient"]) == ("GET", "Minh Anh")
    assert request.headers["host"] == "raw.githubusercontent.com"
    assert "authorization" not in request.headers


async def test_hl7s_published_cards_are_checked_with_the_issuers_keys() -> None:
    """Signature, times and revocation, as the standard asks."""
    assert is_card(example("card-vaccines.txt"))
    found = await checked(example("card-vaccines.txt"))
    assert (found.verdict, found.card.issuer) == (
        "valid",
        "https://spec.smarthealth.cards/examples/issuer",
    )
    assert "Anyperson" in found.summary.patient.name
    assert len(found.summary.immunizations.items) == 3
    assert (await checked(example("card-revoked.txt"))).verdict == "refused"
    file = example("card-vaccines.smart-health-card").encode()
    whole = await papers(publishing()).check_file(file)
    assert [one.verdict for one in whole.cards] == ["valid"]


@pytest.mark.parametrize(
    ("ending", "verdict"), [("", "refused"), (".4102444800", "refused"), (".1", "valid")]
)
async def test_a_revoked_card_is_refused(ending: str, verdict: str) -> None:
    """The issuer's list names it; with a time, only what was issued before."""
    text = example("card-vaccines.txt")
    listed = {"rids": ["other", f"{read_card(text).revocation_id}{ending}"]}
    assert (await checked(text, revocations=listed)).verdict == verdict


@pytest.mark.parametrize(
    ("changes", "verdict", "reason"),
    [
        ({"keys": None}, "unchecked", "keys"),
        ({"keys": {"keys": []}}, "refused", "unknown_key"),
        ({"keys": "nonsense"}, "refused", "unknown_key"),
        ({"revocations": None}, "unchecked", "revocation"),
    ],
)
async def test_what_cannot_be_checked_is_never_valid(
    changes: dict[str, Any], verdict: str, reason: str
) -> None:
    """No answer is no yes."""
    found = await checked(example("card-vaccines.txt"), **changes)
    assert (found.verdict, found.reason) == (verdict, reason)


async def test_a_key_that_is_not_named_by_its_thumbprint_is_none() -> None:
    """Whoever serves another key under a known name gains nothing."""
    keys = json.loads(example("issuer-keys.json"))
    first, second = keys["keys"]
    keys["keys"] = [{**second, "kid": first["kid"]}, {**first, "d": "private"}]
    found = await checked(example("card-vaccines.txt"), keys=keys)
    assert (found.verdict, found.reason) == ("refused", "unknown_key")


async def test_a_changed_card_is_refused() -> None:
    """One more dose is one byte of a signed text."""
    card = read_card(example("card-vaccines.txt"))
    header, payload, signature = card.jws.split(".")
    other = encode(bytes([1, *range(63)]))
    found = await checked(f"{header}.{payload}.{other}")
    assert (found.verdict, found.reason) == ("refused", "signature")
    assert other != signature
    with pytest.raises(Rejected, match="health_card_unreadable"):
        await checked(f"{header}.{payload[:-9]}.{signature}")
    with pytest.raises(Rejected, match="health_card_part"):
        await checked("shc:/1/3/5676")


def manifest(**link: Any) -> Answer:
    """A host that keeps one link: a passcode, a manifest with two files, one of them elsewhere."""
    bundle = {"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Patient"}}]}
    embedded = encrypt(json.dumps(bundle).encode(), KEY, "application/fhir+json")
    located = encrypt(b"%PDF", KEY, "application/pdf")

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, text=located)
        body = json.loads(request.content)
        if body.get("passcode") != "482915":
            return httpx.Response(401, json={"remainingAttempts": 2})
        location = "https://files.test/one"
        return httpx.Response(200, json={"files": [{"embedded": embedded}, {"location": location}]})

    return answer


async def test_a_link_with_a_passcode_opens_after_it() -> None:
    """Wrong first, with the tries that are left; then every file, wherever it lies."""
    link = HealthLink("https://hospital.test/x", KEY, "P")
    reader = papers(manifest())
    assert await reader.open(link, "Ai đó", "000000") == WrongPasscode(2)
    found = await reader.open(link, "Ai đó", "482915")
    assert isinstance(found, Received)
    assert (len(found.summaries), found.others) == (1, 1)
    with pytest.raises(Rejected, match="link_damaged"):
        await reader.open(HealthLink(link.url, bytes(32), "P"), "Ai đó", "482915")


async def test_a_link_that_has_ended_says_so() -> None:
    """The standard's 404."""
    reader = papers(lambda request: httpx.Response(404))
    with pytest.raises(NotFound, match="share_ended"):
        await reader.open(HealthLink("https://hospital.test/x", KEY), "Ai đó")


@pytest.mark.parametrize(
    ("url", "numbers"),
    [
        ("http://hospital.test/x", ("203.0.112.7",)),
        ("https://hospital.test:8443/x", ("203.0.112.7",)),
        ("https://user:word@hospital.test/x", ("203.0.112.7",)),
        ("file:///etc/passwd", ("203.0.112.7",)),
        ("https://hospital.test/x", ("127.0.0.1",)),
        ("https://hospital.test/x", ("10.0.0.5",)),
        ("https://hospital.test/x", ("169.254.169.254",)),
        ("https://hospital.test/x", ("203.0.112.7", "192.168.1.1")),
        ("https://hospital.test/x", ("::1",)),
        ("https://hospital.test/x", ("::ffff:10.0.0.5",)),
        ("https://hospital.test/x", ("fd00::1",)),
        ("https://hospital.test/x", ("224.0.0.1",)),
        ("https://city.test.evil.test/api/x", ("127.0.0.1",)),
    ],
)
async def test_a_code_cannot_make_the_server_call_its_neighbours(
    url: str, numbers: tuple[str, ...]
) -> None:
    """On the web a guest's code is asked for by our server (server-side request forgery)."""

    def answer(request: httpx.Request) -> httpx.Response:
        raise AssertionError(f"asked {request.url}")

    with pytest.raises(NotPermitted, match="outside_refused"):
        await papers(answer, *numbers).open(HealthLink(url, KEY), "Ai đó")


async def test_a_redirect_is_not_followed() -> None:
    """A public address that points at a private one would go around the check."""
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(302, headers={"location": "http://127.0.0.1/"})

    with pytest.raises(Exception, match="link_host_unavailable"):
        await papers(answer).open(HealthLink("https://hospital.test/x", KEY), "Ai đó")
    assert len(asked) == 1
