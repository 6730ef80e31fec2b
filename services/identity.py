"""Sign-in by OpenID Connect: authorization code with PKCE, against any provider."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import httpx

from services.authorization import AuthorizationRequest, Person
from services.clock import ServerClock
from services.errors import GatewayUnavailable, Offline, SignInRequired
from services.flights import Flights
from services.proofs import DeviceKey
from services.provider import Provider, ProviderSettings
from services.standing import ACCOUNT_ERASED, SIGNED_OUT, Standing, sign_in_of
from services.tokens import Tokens, TokenStore

__all__ = [
    "AuthorizationRequest",
    "Identity",
    "Person",
    "ProviderSettings",
    "TokenStore",
    "Tokens",
]

EARLY = 30.0
"""Seconds before its expiry at which an access token is replaced."""


class Identity:
    """The signed-in resident of one app, window or web session.

    Several windows of one resident share a `token_store`; give them the same `refreshing` lock,
    because a refresh token may be used only once.
    """

    def __init__(
        self,
        settings: ProviderSettings,
        http: httpx.AsyncClient,
        token_store: TokenStore,
        clock: ServerClock,
        *,
        refreshing: asyncio.Lock | None = None,
    ) -> None:
        self._settings = settings
        self._provider = Provider(settings, http, clock)
        self._store = token_store
        self.clock = self._clock = clock
        self._refreshing = refreshing or asyncio.Lock()
        self._flights = Flights()
        self._tokens: Tokens | None = None
        self._key: DeviceKey | None = None
        self._person: Person | None = None
        self._sign_in = ""
        self.standing = Standing()

    @property
    def person(self) -> Person | None:
        """Who is signed in.

        Stays after a session ran out, so that drafts are kept until sign-in or `sign_out`.
        """
        return self._person

    @property
    def sign_in_id(self) -> str:
        """The gateway's name of the sign-in that is under way or was the last one here."""
        return self._sign_in

    def subject(self) -> str | None:
        """Return the `sub` of who is signed in."""
        return self._person.subject if self._person else None

    async def begin(
        self,
        redirect_uri: str,
        *,
        acr: str | None = None,
        locale: str | None = None,
        max_age: int | None = None,
    ) -> AuthorizationRequest:
        """Start a sign-in: open the request's `url`, keep the rest for `complete`.

        `acr` asks for an authentication level, `locale` (vi, en) for the page's language, `max_age`
        for a sign-in at most so many seconds old. Raises Offline or GatewayUnavailable
        (`provider_unavailable`, `provider_untrusted`).
        """
        endpoint = await self._provider.required("authorization_endpoint")
        key = DeviceKey.make() if await self._provider.takes_proofs() else None
        request = AuthorizationRequest.make(redirect_uri, acr=acr, max_age=max_age, key=key)
        asked = request.asked(self._settings, locale)
        if reference := await self._provider.push(asked):
            asked = {"client_id": self._settings.client_id, "request_uri": reference}
        return request.at(endpoint, asked)

    async def complete(self, request: AuthorizationRequest, params: Mapping[str, str]) -> Person:
        """Finish a sign-in with the query parameters of the callback.

        Raises SignInRequired (`cancelled`, `state_mismatch`, `issuer_mismatch`, `code_expired`,
        `nonce_mismatch`, `id_token_refused`, `sign_in_refused`, `not_fresh`), NotPermitted(`level`) when the
        account does not reach the level asked for, Offline, or GatewayUnavailable.
        """
        provider = await self._provider.document()
        code = request.code_of(params, provider, self._settings.issuer)
        key = DeviceKey.read(request.key) if request.key else None
        try:
            answer = await self._provider.token(
                key,
                grant_type="authorization_code",
                code=code,
                redirect_uri=request.redirect_uri,
                code_verifier=request.code_verifier,
            )
        except SignInRequired as error:
            raise SignInRequired("code_expired", error.reference) from None
        tokens = await self._first_tokens(answer, request.nonce, key)
        request.check_reached(tokens.claims, self._settings.acr_order, self._clock.now())
        return await self.adopt(tokens)

    async def adopt(self, tokens: Tokens) -> Person:
        """Take up the tokens of a new sign-in; the one before it on this device ends."""
        async with self._refreshing:
            before = self._tokens or await self._store.load()
            await self._store.save(tokens)
            person = Person.from_claims(tokens.claims)
            self._tokens, self._person = tokens, person
            self._sign_in = sign_in_of(tokens.claims)
        self.standing.began(before, tokens)
        if before is not None and before.refresh_token != tokens.refresh_token:
            await self._provider.revoke(before.refresh_token or before.access_token)
        return person

    async def admit(self, answer: Mapping[str, Any]) -> Person:
        """Take up an answer of the token endpoint's form that came another way: a persona's.

        Raises SignInRequired(`id_token_refused`) for one that the provider did not sign.
        """
        return await self.adopt(await self._first_tokens(answer, None, None))

    async def resume(self) -> Person | None:
        """Take up a saved sign-in, without a network; None when there is none."""
        self._tokens = await self._store.load()
        self._person = Person.from_claims(self._tokens.claims) if self._tokens else None
        self._sign_in = sign_in_of(self._tokens.claims) if self._tokens else ""
        return self._person

    async def sign_out(self, post_logout_redirect_uri: str | None = None) -> str | None:
        """Forget the tokens here, then revoke them; works without a network.

        Returns the address that ends the provider's own session, None where it has none.
        """
        tokens = self._tokens or await self._store.load()
        self._tokens = self._person = None
        await self._store.clear()
        self.standing.ended()
        if tokens is None:
            return None
        await self._provider.revoke(tokens.refresh_token or tokens.access_token)
        return await self._provider.end_session_url(tokens.id_token, post_logout_redirect_uri)

    async def expire(self, why: str) -> None:
        """End the sign-in without its resident's doing; whose drafts these are stays known, unless the
        account was erased: there are none to come.

        `why` is one of the reasons of services.standing. What cannot be revoked now ends by its time.
        """
        tokens, self._tokens = self._tokens, None
        if why == ACCOUNT_ERASED:
            self._person = None
        await self._store.clear()
        self.standing.ended(why)
        if tokens is not None:
            await self._provider.revoke(tokens.refresh_token or tokens.access_token)

    async def access_token(self, *, refused: str | None = None) -> str | None:
        """Return the access token of `tokens`."""
        tokens = await self.tokens(refused=refused)
        return tokens.access_token if tokens else None

    async def tokens(self, *, refused: str | None = None) -> Tokens | None:
        """Return tokens good for 30 s and other than `refused`; None when nobody is signed in.

        Raises SignInRequired(`signed_out`) when the session ran out, Offline or
        GatewayUnavailable when that cannot be known: nobody is signed out by an outage.
        """
        tokens = self._tokens
        if tokens is None:
            return None
        if tokens.access_token == refused or self._expiring(tokens):
            tokens = await self._fresh(tokens)
        return tokens

    def key_of(self, tokens: Tokens) -> DeviceKey | None:
        """Return the key that tokens are bound to, None where they are not.

        Raises SignInRequired(`signed_out`) for a key that was damaged where it was kept.
        """
        if tokens.key is None:
            return None
        if self._key is None or self._key.text != tokens.key:
            try:
                self._key = DeviceKey.read(tokens.key)
            except ValueError:
                raise SignInRequired("signed_out") from None
        return self._key

    async def _fresh(self, stale: Tokens) -> Tokens:
        fresh: Tokens = await self._flights.fly("refresh", lambda: self._refresh(stale))
        return fresh

    async def _first_tokens(
        self, answer: Mapping[str, Any], nonce: str | None, key: DeviceKey | None
    ) -> Tokens:
        access_token = str(answer["access_token"])
        claims = await self._provider.checked(
            answer.get("id_token"), access_token=access_token, nonce=nonce
        )
        kept = key.text if key else None
        tokens = Tokens.issued(
            answer, self._clock.now(), id_token=str(answer["id_token"]), claims=claims, key=kept
        )
        if "name" in claims:
            return tokens
        more = await self._provider.userinfo(access_token, claims["sub"], self.key_of(tokens))
        return replace(tokens, claims={**more, **claims})

    async def _refresh(self, stale: Tokens) -> Tokens:
        async with self._refreshing:
            kept = await self._kept(stale)
            # Another window of this resident has refreshed already.
            if kept.access_token != stale.access_token and not self._expiring(kept):
                self._tokens = kept
                return kept
            fresh = await self._rotated(kept)
            # Signed out while the answer was under way: it must not sign in again.
            await self._kept(stale)
            self._tokens = fresh
            await self._store.save(fresh)
            return fresh

    async def _kept(self, stale: Tokens) -> Tokens:
        """Return the store's tokens of the same person; SignInRequired when they are gone."""
        kept = await self._store.load()
        if kept is None or kept.claims["sub"] != stale.claims["sub"]:
            self._tokens = None
            self.standing.ended(SIGNED_OUT)
            raise SignInRequired("signed_out")
        return kept

    async def _rotated(self, kept: Tokens) -> Tokens:
        try:
            if kept.refresh_token is None:
                raise SignInRequired("signed_out")
            answer = await self._provider.token(
                self.key_of(kept), grant_type="refresh_token", refresh_token=kept.refresh_token
            )
            id_token, claims = await self._renewed_claims(answer, kept)
        except SignInRequired:
            self._tokens = None
            await self._store.clear()
            self.standing.ended(SIGNED_OUT)
            raise
        return Tokens.issued(
            answer, self._clock.now(), id_token=id_token, claims=claims, key=kept.key, before=kept
        )

    async def _renewed_claims(
        self, answer: Mapping[str, Any], kept: Tokens
    ) -> tuple[str, Mapping[str, Any]]:
        if "id_token" not in answer:
            return kept.id_token, kept.claims
        try:
            claims = await self._provider.checked(
                answer["id_token"], access_token=str(answer["access_token"]), nonce=None
            )
        except (Offline, GatewayUnavailable):
            # The new refresh token must not be lost because the keys cannot be fetched just now.
            return kept.id_token, kept.claims
        if claims["sub"] != kept.claims["sub"]:
            raise SignInRequired("id_token_refused")
        return str(answer["id_token"]), {**kept.claims, **claims}

    def _expiring(self, tokens: Tokens) -> bool:
        return self._clock.now().timestamp() > tokens.expires_at - EARLY
