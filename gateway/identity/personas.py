"""Tokens for support staff who open the app as a resident of the sandbox: marked as theirs, short, not renewed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from gateway.identity.clients import given
from gateway.identity.grants import Grant
from gateway.identity.provider import Provider
from gateway.registers.population import Resident

PERSONA_SECONDS = 1800
"""How long a persona lasts. There is no refresh token: who goes on begins another, and it is logged."""
_NOT_GIVEN = ("offline_access", "support")

Mint = Callable[[Resident, str, str], dict[str, Any]]


def minting(provider: Provider) -> Mint:
    """Makes what gives a resident, who acts as them and the persona's id: an answer of the token endpoint's form
    (RFC 6749, section 5.1), whose access token names the actor (`act`, RFC 8693, section 4.1).
    """
    minter = replace(provider.minter, access_seconds=PERSONA_SECONDS)
    client = next(iter(provider.clients.values()))

    def mint(resident: Resident, actor: str, persona_id: str) -> dict[str, Any]:
        now = provider.now()
        asked = tuple(scope for scope in client.scopes if scope not in _NOT_GIVEN)
        scope = " ".join(given(asked, resident.roles))
        grant = Grant(
            grant_id=f"persona-{persona_id}",
            subject=resident.subject,
            client_id=client.client_id,
            scope=scope,
            acr=resident.acr,
            auth_time=now,
            actor=actor,
        )
        return {
            "access_token": minter.access_token(grant, resident, scope, now),
            "token_type": "Bearer",
            "expires_in": PERSONA_SECONDS,
            "scope": scope,
            "id_token": minter.id_token(grant, resident, now),
        }

    return mint
