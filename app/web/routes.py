"""Sign-in on the web: /sign-in, /callback, /signed-out, and /connection for the page's script."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from app.paths import SIGN_IN_FAILED
from app.web.addresses import safe_path
from app.web.cookies import SessionCookie
from app.web.sessions import WebSession, WebSessions
from services.errors import GatewayUnavailable, Offline, ServiceError
from services.identity import Identity
from services.tokens import Tokens, TokenStore

CANCELLED, STATE_MISMATCH = "cancelled", "state_mismatch"
PROVIDER_UNAVAILABLE, LEVEL, REJECTED = "provider_unavailable", "level", "rejected"


class CapturedTokens:
    """Holds the tokens of a sign-in until its session exists: a failed one leaves nothing."""

    def __init__(self) -> None:
        self.tokens: Tokens | None = None

    async def load(self) -> Tokens | None:
        """Return what was saved."""
        return self.tokens

    async def save(self, tokens: Tokens) -> None:
        """Hold the tokens."""
        self.tokens = tokens

    async def clear(self) -> None:
        """Drop them."""
        self.tokens = None


@dataclass(frozen=True, slots=True)
class SignIn:
    """The four routes over one store of sessions."""

    sessions: WebSessions
    cookie: SessionCookie
    identity_for: Callable[[TokenStore], Identity]
    public_url: str
    client: str

    def routes(self) -> list[Route]:
        """What the host adds before everything else."""
        return [
            Route("/sign-in", self.begin),
            Route("/callback", self.complete),
            Route("/signed-out", self.signed_out),
            Route("/connection", self.connection),
        ]

    async def begin(self, request: Request) -> Response:
        """Send the browser to the identity provider. Query: `next`, `acr`, `max_age`, `locale`."""
        next_ = safe_path(request.query_params.get("next"))
        session = await self.sessions.find(self.cookie.read(request.scope))
        value = None
        if session is None:
            value = await self.sessions.create()
            session = await self.sessions.find(value)
            assert session is not None
        identity = self.identity_for(CapturedTokens())
        try:
            sign_in = await identity.begin(
                f"{self.public_url}/callback",
                acr=_word(request.query_params.get("acr")),
                max_age=_seconds(request.query_params.get("max_age")),
                locale=_word(request.query_params.get("locale")) or await _language(session),
            )
        except ServiceError as error:
            return self._give(_failed(_reason(error), next_), value)
        await self.sessions.keep_sign_in(session, sign_in, next_)
        return self._give(_see(sign_in.url), value)

    async def complete(self, request: Request) -> Response:
        """Take what the provider sent back, once, in the browser that began; then a new cookie."""
        session = await self.sessions.find(self.cookie.read(request.scope))
        state = request.query_params.get("state")
        begun = await self.sessions.take_sign_in(session, state) if session and state else None
        if session is None or begun is None:
            return _failed(STATE_MISMATCH, "/")
        sign_in, next_ = begun
        captured = CapturedTokens()
        try:
            await self.identity_for(captured).complete(sign_in, dict(request.query_params))
        except ServiceError as error:
            return _failed(_reason(error), next_)
        assert captured.tokens is not None, "a finished sign-in saves its tokens"
        value = await self.sessions.sign_in(session, captured.tokens)
        return self._give(_see(next_), value)

    async def signed_out(self, request: Request) -> Response:
        """After `WebSession.end()`: a new cookie. A link from elsewhere signs nobody out."""
        session = await self.sessions.find(self.cookie.read(request.scope))
        if session is None or session.person:
            return _see("/")
        onward = self.sessions.farewells.pop(session.id, None) or "/"
        return self._give(_see(onward), await self.sessions.replace(session))

    async def connection(self, request: Request) -> Response:
        """Whether a websocket would be let in, and which client is served now."""
        session = await self.sessions.find(self.cookie.read(request.scope))
        headers = {"Cache-Control": "no-store"}
        return JSONResponse({"client": self.client}, 200 if session else 401, headers)

    def _give(self, response: Response, value: str | None) -> Response:
        if value:
            response.headers["Set-Cookie"] = self.cookie.write(value)
        return response


def _see(address: str) -> Response:
    return RedirectResponse(address, status_code=303, headers={"Cache-Control": "no-store"})


def _failed(reason: str, next_: str) -> Response:
    return _see(f"{SIGN_IN_FAILED}?reason={reason}&next={quote(next_, safe='')}")


def _reason(error: ServiceError) -> str:
    if isinstance(error, Offline | GatewayUnavailable):
        return PROVIDER_UNAVAILABLE
    return error.code if error.code in (CANCELLED, STATE_MISMATCH, LEVEL) else REJECTED


def _word(text: str | None) -> str | None:
    return text if text and re.fullmatch(r"[A-Za-z0-9_:.-]{1,64}", text) else None


def _seconds(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch(r"[0-9]{1,9}", text) else None


async def _language(session: WebSession) -> str | None:
    return _word(str((await session.preferences.load()).get("language", "")))
