"""A resident's browser and the application they sign in to, over ASGI.

Forms are read and sent as the pages show them.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

PUBLIC_URL = "https://city.test"
ISSUER = f"{PUBLIC_URL}/identity"
CALLBACK = f"{PUBLIC_URL}/callback"
PASSCODE = "246810"
SCOPES = "openid profile offline_access reports health certificates cards"


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def wait(self, seconds: float) -> None:
        """Let that much time pass."""
        self.now += timedelta(seconds=seconds)


class Page(HTMLParser):
    """What a test needs of a page: its form, the values shown in it, its text and every tag."""

    def __init__(self, response: httpx.Response) -> None:
        super().__init__()
        self.action, self.fields, self.text = "", dict[str, str](), ""
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(response.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append((tag, found))
        if tag == "form":
            self.action = found["action"] or ""
        if tag == "input" and found.get("type") == "hidden":
            self.fields[found["name"] or ""] = found["value"] or ""

    def handle_data(self, data: str) -> None:
        self.text += f"{data} "

    def of(self, tag: str, **attributes: str) -> list[dict[str, str | None]]:
        """The attributes of every such tag that has these among its own."""
        wanted = attributes.items()
        return [found for name, found in self.tags if name == tag and wanted <= found.items()]


class Browser:
    """One browser with its own cookies, looking at one page."""

    def __init__(self, transport: httpx.AsyncBaseTransport) -> None:
        self.client = httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL)
        self.response = httpx.Response(204)

    @property
    def page(self) -> Page:
        """The page it shows."""
        return Page(self.response)

    async def go(self, address: str, **query: str) -> httpx.Response:
        """Open an address and follow the provider's redirects, but not out to the application."""
        self.response = await self.client.get(address, params=query or None)
        return await self._follow()

    async def send(self, **typed: str) -> httpx.Response:
        """Send the form of the page as it is, with what was typed and tapped."""
        page = self.page
        self.response = await self.client.post(page.action, data={**page.fields, **typed})
        return await self._follow()

    async def sign_in(self, key: str, passcode: str = PASSCODE) -> httpx.Response:
        """Choose a resident, type the passcode and tap the button."""
        return await self.send(resident=key, passcode=passcode, answer="sign-in")

    async def _follow(self) -> httpx.Response:
        while self.response.status_code == 303 and self._stays():
            self.response = await self.client.get(self.response.headers["location"])
        return self.response

    def _stays(self) -> bool:
        address = urlsplit(self.response.headers["location"])
        return address.path.startswith("/identity/") and address.netloc in {"", "city.test"}


@dataclass
class Application:
    """A public client at the provider: asks, and redeems what it is given."""

    transport: httpx.AsyncBaseTransport = field(repr=False)
    client_id: str = "ihanoi-app"
    redirect_uri: str = CALLBACK
    scope: str = SCOPES
    code_verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    @property
    def question(self) -> dict[str, str]:
        """The parameters of its authorization request."""
        digest = hashlib.sha256(self.code_verifier.encode()).digest()
        return {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": self.scope,
            "state": "a state & more",
            "nonce": "a nonce",
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }

    async def begin(self, browser: Browser, **changes: str | None) -> httpx.Response:
        """Send the browser to the provider; None leaves a parameter out."""
        asked = {**self.question, **changes}
        given = {name: value for name, value in asked.items() if value is not None}
        return await browser.go("/identity/authorize", **given)

    async def code(self, browser: Browser, key: str, **changes: str | None) -> str:
        """A whole sign-in of that resident, up to the code."""
        await self.begin(browser, **changes)
        await browser.sign_in(key)
        return answer(await browser.send(answer="agree"))["code"]

    async def redeem(self, code: str, **changes: str) -> httpx.Response:
        """Redeem a code at the token endpoint."""
        return await self.post(
            "token",
            grant_type="authorization_code",
            code=code,
            redirect_uri=self.redirect_uri,
            code_verifier=self.code_verifier,
            **changes,
        )

    async def refresh(self, refresh_token: str, **changes: str) -> httpx.Response:
        """Redeem a refresh token."""
        return await self.post(
            "token", grant_type="refresh_token", refresh_token=refresh_token, **changes
        )

    async def tokens(self, browser: Browser, key: str, **changes: str | None) -> dict[str, Any]:
        """A whole sign-in of that resident, up to the tokens."""
        answered = await self.redeem(await self.code(browser, key, **changes))
        assert answered.status_code == 200, answered.text
        tokens: dict[str, Any] = answered.json()
        return tokens

    async def userinfo(self, access_token: str) -> httpx.Response:
        """Ask who the token belongs to."""
        headers = {"Authorization": f"Bearer {access_token}"}
        async with self._client() as client:
            return await client.get("/identity/userinfo", headers=headers)

    async def post(self, endpoint: str, *proofs: str, **form: str) -> httpx.Response:
        """Send a form to an endpoint of the provider, with proofs of a key where there are any."""
        data = {"client_id": self.client_id, **form}
        headers = [("DPoP", proof) for proof in proofs]
        async with self._client() as client:
            return await client.post(f"/identity/{endpoint}", data=data, headers=headers)

    async def push(self, **changes: str | None) -> httpx.Response:
        """Push an authorization request; None leaves a parameter out."""
        asked = {**self.question, **changes}
        given = {name: value for name, value in asked.items() if value is not None}
        return await self.post("par", **given)

    async def get(self, endpoint: str) -> httpx.Response:
        """Read a document of the provider."""
        async with self._client() as client:
            return await client.get(f"/identity/{endpoint}")

    def _client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=self.transport, base_url=PUBLIC_URL)


def answer(response: httpx.Response) -> dict[str, str]:
    """What a redirect back to the application carries. Fails when it is not one."""
    assert response.status_code == 303, response.text
    query = urlsplit(response.headers["location"]).query
    return {name: values[0] for name, values in parse_qs(query, strict_parsing=True).items()}
