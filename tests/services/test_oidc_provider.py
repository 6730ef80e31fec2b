"""Sign-in against a certified provider of another maker: npm's `oidc-provider`, where node is present.

It demands what RFC 9700 recommends: PKCE, a pushed request, a proof of the key with a nonce, and
refresh tokens that work once.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx
import jwt
import pytest
from fastapi import FastAPI

from gateway.asgi import create_app, running
from gateway.database import Database
from gateway.settings import Settings
from services.bearer import BearerAuth
from services.client import GatewayClient, open_http
from services.clock import ServerClock
from services.errors import SignInRequired
from services.identity import Identity, Person, ProviderSettings
from tests.support.device import MemoryTokenStore

HERE = Path(__file__).parent / "oidc_provider"
INSTALLED = Path(__file__).parents[2] / ".pytest_cache" / "oidc-provider"
MINE = "/reports/mine"
REDIRECT = "http://127.0.0.1:49152/callback"
NPM = ("npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts")


def install() -> None:
    """Install the provider once, into a folder that outlives the run; skip where that cannot be."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("node and npm are not here")
    INSTALLED.mkdir(parents=True, exist_ok=True)
    # Two workers must not install into one folder at once: one takes away what the other starts.
    with (INSTALLED / "turn").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        install_alone()


def install_alone() -> None:
    """Install unless a whole installation is there."""
    for file in HERE.iterdir():
        shutil.copy(file, INSTALLED)
    # An installation that was broken off leaves a folder that looks whole.
    whole = INSTALLED / "installed"
    if whole.exists():
        return
    shutil.rmtree(INSTALLED / "node_modules", ignore_errors=True)
    try:
        subprocess.run(NPM, cwd=INSTALLED, check=True, capture_output=True, timeout=180)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        pytest.skip("npm cannot install oidc-provider here")
    whole.touch()


@contextmanager
def serving(*words: str) -> Iterator[str]:
    """The issuer of a running provider."""
    install()
    command = ["node", "server.js", *words]
    environ = {**os.environ, "NODE_NO_WARNINGS": "1"}
    with subprocess.Popen(
        command,
        cwd=INSTALLED,
        env=environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        try:
            said = [""]
            for line in process.stdout:
                said.append(line.strip())
                if said[-1].isdigit():
                    break
            assert said[-1].isdigit(), f"the provider did not start: {said}"
            yield f"http://127.0.0.1:{said[-1]}"
        finally:
            process.stdin.close()


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """A provider whose access tokens are for our gateway."""
    with serving() as address:
        yield address


@pytest.fixture(scope="module")
def lone_issuer() -> Iterator[str]:
    """A provider whose access tokens are for itself, with names at userinfo only."""
    with serving("for-itself") as address:
        yield address


class Resident:
    """A resident with the app on a device, and a browser that reads the provider's own pages."""

    def __init__(self, issuer: str, http: httpx.AsyncClient) -> None:
        scopes = ("openid", "profile", "offline_access", "reports")
        self.store, self.clock = MemoryTokenStore(), ServerClock()
        settings = ProviderSettings(issuer, "ihanoi-app", scopes)
        self.identity = Identity(settings, http, self.store, self.clock)

    async def sign_in(self) -> Person:
        """Sign in as a resident does."""
        request = await self.identity.begin(REDIRECT)
        assert set(httpx.URL(request.url).params) == {"client_id", "request_uri"}
        return await self.identity.complete(request, await self.agree(request.url))

    async def agree(self, url: str) -> dict[str, str]:
        """Go through the provider's pages; returns what it sends back to the app."""
        async with httpx.AsyncClient(trust_env=False) as browser:
            page = await browser.get(url)
            while not page.headers.get("location", "").startswith(REDIRECT):
                if page.is_redirect:
                    page = await browser.get(urljoin(str(page.url), page.headers["location"]))
                    continue
                prompt = re.search(r'name="prompt" value="(\w+)"', page.text)
                assert prompt, page.text
                form = {"prompt": prompt[1], "login": "s-1", "password": "any"}
                page = await browser.post(page.url, data=form)
        return dict(parse_qsl(urlsplit(page.headers["location"]).query))


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    """The app's way to the provider."""
    async with open_http() as client:
        yield client


async def test_a_resident_signs_in_and_stays_so(issuer: str, http: httpx.AsyncClient) -> None:
    """Code, PKCE, pushed request, proof with nonce, `iss`, and a refresh that rotates."""
    resident = Resident(issuer, http)
    person = await resident.sign_in()
    assert (person.subject, person.name) == ("s-1", "Nguyễn Minh Anh")
    first = resident.store.tokens
    assert first is not None
    assert first.key is not None
    await resident.identity.tokens(refused=first.access_token)
    second = resident.store.tokens
    assert second is not None
    assert second.key == first.key
    assert not {second.access_token, second.refresh_token} & {
        first.access_token,
        first.refresh_token,
    }
    claims = jwt.decode(second.access_token, options={"verify_signature": False})
    assert set(claims["cnf"]) == {"jkt"}
    assert claims["exp"] - claims["iat"] <= 300


async def test_its_tokens_open_our_gateway_and_with_another_key_they_do_not(
    issuer: str, http: httpx.AsyncClient, tmp_path: Path
) -> None:
    """A city brings its own provider; gateway, app and provider have nothing in common but the RFCs."""
    settings = Settings(tmp_path, public_url="http://city.test", issuer=issuer, sandbox=False)
    app: FastAPI = create_app(settings, database=Database(settings.database_url))
    resident, thief = Resident(issuer, http), Resident(issuer, http)
    await resident.sign_in()
    async with running(app), open_http(httpx.ASGITransport(app, root_path="/api")) as city:
        auth = BearerAuth(resident.identity)
        gateway = GatewayClient("http://city.test/api", city, resident.clock, auth)
        assert await gateway.get(MINE) is not None
        tokens = resident.store.tokens
        assert tokens is not None
        stolen = {"Authorization": f"Bearer {tokens.access_token}"}
        refused = await city.get(f"http://city.test/api{MINE}", headers=stolen)
        assert refused.status_code == 401
        await thief.sign_in()
        assert thief.store.tokens is not None
        await thief.identity.adopt(replace(tokens, key=thief.store.tokens.key))
        auth = BearerAuth(thief.identity)
        with pytest.raises(SignInRequired):
            await GatewayClient("http://city.test/api", city, thief.clock, auth).get(MINE)


async def test_a_refresh_token_that_was_used_ends_the_sign_in(
    issuer: str, http: httpx.AsyncClient
) -> None:
    """The provider's rule, met by the app as the end of a session and as no outage."""
    resident = Resident(issuer, http)
    await resident.sign_in()
    used = resident.store.tokens
    assert used is not None
    await resident.identity.tokens(refused=used.access_token)
    resident.store.tokens = used
    late = Resident(issuer, http)
    late.store.tokens = used
    await late.identity.resume()
    with pytest.raises(SignInRequired) as caught:
        await late.identity.tokens(refused=used.access_token)
    assert caught.value.code == "signed_out"
    assert late.store.tokens is None


async def test_a_code_is_good_for_nobody_else(issuer: str, http: httpx.AsyncClient) -> None:
    """The code is bound to verifier and key of the attempt that asked for it."""
    resident, thief = Resident(issuer, http), Resident(issuer, http)
    asked, begun = await resident.identity.begin(REDIRECT), await thief.identity.begin(REDIRECT)
    answer = await resident.agree(asked.url)
    with pytest.raises(SignInRequired):
        await thief.identity.complete(begun, {**answer, "state": begun.state})
    assert thief.store.tokens is None


async def test_a_name_comes_from_its_userinfo_with_a_proof(
    lone_issuer: str, http: httpx.AsyncClient
) -> None:
    """Where the ID token names nobody, the provider's resource is asked, key in hand."""
    person = await Resident(lone_issuer, http).sign_in()
    assert (person.name, person.given_name) == ("Nguyễn Minh Anh", "Anh")


async def test_signing_out_ends_its_tokens(lone_issuer: str, http: httpx.AsyncClient) -> None:
    """Revocation is the provider's standard one, and its end-session page is handed on."""
    resident = Resident(lone_issuer, http)
    await resident.sign_in()
    kept = resident.store.tokens
    assert kept is not None
    onward = await resident.identity.sign_out()
    assert onward is not None
    assert onward.startswith(f"{lone_issuer}/session/end?")
    resident.store.tokens = kept
    await resident.identity.resume()
    with pytest.raises(SignInRequired):
        await resident.identity.tokens(refused=kept.access_token)
