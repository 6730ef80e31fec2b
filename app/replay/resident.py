"""The resident of a replay: stand-ins for a name and an identifier, tokens that open nothing, a store in memory."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import httpx

from app.replay.answers import ISSUER, RecordedAnswers
from app.replay.storing import Refusals
from services.clock import ServerClock
from services.diagnostics import Bundle
from services.errors import Rejected, SignInRequired
from services.identity import Identity, Person, ProviderSettings, Tokens
from services.standing import SIGNED_OUT
from services.vault import SCHEMA, Vault

T = TypeVar("T")
SUBJECT = "replayed"
DAY = 86_400.0


class NoTokens:
    """A token store that holds what `signed_in` gave it, and nothing that any gateway would take."""

    def __init__(self) -> None:
        self.tokens: Tokens | None = None

    async def load(self) -> Tokens | None:
        """Return the stand-in tokens, None when nobody is signed in."""
        return self.tokens

    async def save(self, tokens: Tokens) -> None:
        """Replace them."""
        self.tokens = tokens

    async def clear(self) -> None:
        """Forget them."""
        self.tokens = None


class ReplayedIdentity(Identity):
    """Signed in as the recording says. Whether a refused token is renewed, the recording says too."""

    def __init__(
        self,
        claims: Mapping[str, Any],
        http: httpx.AsyncClient,
        clock: ServerClock,
        answers: RecordedAnswers,
    ) -> None:
        self._claims = {"sub": SUBJECT, **claims}
        self._answers = answers
        self._held = NoTokens()
        super().__init__(ProviderSettings(ISSUER, "replay"), http, self._held, clock)

    async def sign_in(self) -> Person | None:
        """Take up the person of the recording."""
        until = self._clock.now().timestamp() + DAY
        tokens = Tokens("replayed", "replayed", "replayed", until, self._claims)
        await self._held.save(tokens)
        person = await self.resume()
        self.standing.began(None, tokens)
        return person

    async def tokens(self, *, refused: str | None = None) -> Tokens | None:
        """Return what stands for tokens; after a refusal only if the recording went on with new ones.

        Raises SignInRequired(`signed_out`) where the recorded session had ended.
        """
        if self.person is None or self._held.tokens is None:
            return None
        if refused is not None and not self._answers.was_refreshed():
            await self._held.clear()
            self._tokens = None
            self.standing.ended(SIGNED_OUT)
            raise SignInRequired("signed_out")
        return self._held.tokens

    async def sign_out(self, post_logout_redirect_uri: str | None = None) -> str | None:
        """Forget who is signed in; there is nobody to tell."""
        self._tokens = self._person = None
        await self._held.clear()
        self.standing.ended()
        return None


class MemoryVault(Vault):
    """A vault that is gone with the replay, and works on the loop itself."""

    def __init__(self) -> None:
        self.refusals = Refusals()
        self._key = bytes(32)
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(":memory:", check_same_thread=False)
        self._connection.executescript(SCHEMA)

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` in one transaction."""
        return self._run(work)

    async def write(self, tables: Sequence[str], work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work`, or refuse as the recorded device did."""
        if code := self.refusals.of(tables):
            raise Rejected(code)
        return await self.run(work)


def claims_of(bundle: Bundle) -> dict[str, Any]:
    """The claims of the bundle's stand-in for who was signed in at first or then; empty for nobody."""
    found: Any = bundle.state.get("person") or next(
        (step.detail["person"] for step in bundle.steps if step.detail.get("person")), {}
    )
    person = dict(found) if isinstance(found, Mapping) else {}
    if "subject" in person:
        person["sub"] = person.pop("subject")
    return person


async def fill(vault: Vault, bundle: Bundle, subject: str) -> None:
    """Put the stored rows of the bundle where the app will look for them."""
    tables = {k: v for k, v in bundle.state.items() if k != "person" and isinstance(v, Mapping)}
    rows = [(table, key, value) for table, many in tables.items() for key, value in many.items()]
    # The recording does not tell whose a row was; the keys of the two never meet.
    await vault.for_everyone().change(put=rows)
    if subject:
        await vault.for_subject(subject).change(put=rows)
