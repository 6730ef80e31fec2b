"""What every endpoint of the provider needs, put together once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import cast
from urllib.parse import urlsplit

from starlette.requests import Request

from gateway.database import Database
from gateway.identity.authorization_request import RedirectedError
from gateway.identity.clients import Client, ihanoi_app
from gateway.identity.keys import SigningKeys
from gateway.identity.tokens import Minter
from gateway.proofs import Proofs
from gateway.registers.population import Resident, sandbox_passcode, sandbox_residents
from gateway.settings import Settings

HANOI = timezone(timedelta(hours=7))


@dataclass(frozen=True, slots=True)
class Provider:
    """The sandbox identity provider of one installation."""

    settings: Settings
    database: Database
    minter: Minter
    clients: Mapping[str, Client]
    residents: Mapping[str, Resident]
    passcode: str
    proofs: Proofs

    @property
    def issuer(self) -> str:
        """The issuer identifier, without a slash at its end."""
        return self.settings.issuer

    @property
    def path(self) -> str:
        """The path the provider is mounted under, as browsers see it."""
        return urlsplit(self.issuer).path

    @property
    def secure(self) -> bool:
        """Whether browsers reach the provider over TLS, so that cookies may demand it."""
        return self.issuer.startswith("https:")

    def now(self) -> int:
        """The present Unix second."""
        return int(self.settings.clock().timestamp())

    def today(self) -> date:
        """The present day in Hà Nội."""
        return self.settings.clock().astimezone(HANOI).date()

    def hinted_subject(self, parameters: Mapping[str, str]) -> str | None:
        """Who the client's `id_token_hint` says is signed in.

        Raises RedirectedError when it is not ours.
        """
        hint = parameters.get("id_token_hint")
        if hint is None:
            return None
        claims = self.minter.read_id_token(hint, parameters.get("client_id", ""))
        if claims is None:
            description = "id_token_hint is not an ID token of this issuer"
            raise RedirectedError("invalid_request", description)
        return str(claims["sub"])

    def may_sign_in(self) -> Sequence[Resident]:
        """The residents of the list, in the order of the seed file."""
        return [resident for resident in self.residents.values() if resident.signs_in]

    def resident_to_sign_in(self, key_or_subject: str) -> Resident | None:
        """The resident of the list with that key or subject."""
        asked = [r for r in self.may_sign_in() if key_or_subject in {r.key, r.subject}]
        return asked[0] if asked else None


def make_provider(
    settings: Settings, database: Database, clients: Sequence[Client] | None
) -> Provider:
    """Load the keys and the people. Raises ValueError where the sandbox is switched off."""
    if not settings.sandbox:
        raise ValueError("the sandbox identity provider must not run where the sandbox is off")
    known = (ihanoi_app(settings),) if clients is None else clients
    keys = SigningKeys.load_or_make(settings.data_folder / "keys")
    return Provider(
        settings=settings,
        database=database,
        minter=Minter(keys, settings.issuer, settings.audience, settings.access_seconds),
        clients={client.client_id: client for client in known},
        residents={resident.subject: resident for resident in sandbox_residents()},
        passcode=sandbox_passcode(),
        proofs=Proofs(settings.clock),
    )


def provider_of(request: Request) -> Provider:
    """The provider whose application serves this request."""
    return cast(Provider, request.app.state.provider)


def clock_time(unix_seconds: int) -> str:
    """A time of day in Hà Nội, such as 17:00:30."""
    return datetime.fromtimestamp(unix_seconds, HANOI).strftime("%H:%M:%S")
