"""What lies in a vault for accounts that were erased: with which sign-in it came here is kept, the
gateway is asked whether that account was erased since, and then all of it goes.

It needs neither a token nor the vault's key, so a device that was off, signed out or is locked drops
it too; and a web host asks for all its residents at once.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import timedelta

from services.client import GatewayClient
from services.clock import ServerClock
from services.reading import one_object, texts
from services.vault import Vault

PATH = "/sessions/erased"
ASKED_AT_ONCE = 500
"""The gateway answers no more in one call."""
NOTED_AGAIN = timedelta(days=1)
KEPT_UNUSED = timedelta(days=80)
"""How long a web host keeps rows of a resident who comes no more. The gateway knows an ended sign-in
for ninety days: what stays longer could not be asked about.
"""

DROP = "DELETE FROM entries WHERE owner IN (SELECT owner FROM sign_ins WHERE sign_in = ?)"
FORGET = "DELETE FROM sign_ins WHERE sign_in = ?"
DROP_UNUSED = """
DELETE FROM entries WHERE owner IN (
    SELECT owner FROM sign_ins GROUP BY owner HAVING MAX(noted) < ?
)
"""
FORGET_UNUSED = """
DELETE FROM sign_ins WHERE owner IN (
    SELECT owner FROM sign_ins GROUP BY owner HAVING MAX(noted) < ?
)
"""


class ErasedAccounts:
    """The rows of one vault, whoever's they are. A city that is not ours is asked nothing."""

    def __init__(
        self, gateway: GatewayClient, vault: Vault, clock: ServerClock, *, offered: bool = True
    ) -> None:
        self._gateway, self._vault, self._clock = gateway, vault, clock
        self._offered = offered
        self._noted: dict[str, float] = {}

    async def note(self, subject: str, sign_in: str) -> None:
        """Keep that this resident's rows came with this sign-in; written once a day at most.

        Of a new sign-in rows that came before an erasure are dropped first, so that none that are
        still to come go with them. Raises NotPermitted(`locked`), Rejected when the device cannot
        store, and what `ask` raises.
        """
        now = self._clock.now().timestamp()
        if not sign_in or now - self._noted.get(sign_in, 0) < NOTED_AGAIN.total_seconds():
            return
        before = await self.known(subject)
        if sign_in not in before:
            await self.drop(await self.ask(before))
        row = (sign_in, self._vault.for_subject(subject).owner, now)
        statement = "INSERT OR REPLACE INTO sign_ins VALUES (?, ?, ?)"
        await self._vault.run(lambda db: db.execute(statement, row))
        self._noted = {sign_in: now}

    async def known(self, subject: str | None = None) -> list[str]:
        """Return the sign-ins that are kept, of everybody or of one resident."""
        owner = None if subject is None else self._vault.for_subject(subject).owner
        statement = "SELECT sign_in FROM sign_ins WHERE ?1 IS NULL OR owner = ?1"
        rows = await self._vault.run(lambda db: db.execute(statement, (owner,)).fetchall())
        return [sign_in for (sign_in,) in rows]

    async def ask(self, sign_ins: Iterable[str]) -> frozenset[str]:
        """Return those whose account was erased. Raises Offline, GatewayUnavailable."""
        found: set[str] = set()
        all_of_them = [sign_in for sign_in in sign_ins if sign_in and self._offered]
        for start in range(0, len(all_of_them), ASKED_AT_ONCE):
            some = all_of_them[start : start + ASKED_AT_ONCE]
            body = {"session_ids": some}
            answer = await self._gateway.post(PATH, json=body, public=True, retry=True)
            found |= set(some) & set(texts(one_object(answer).get("session_ids")))
        return frozenset(found)

    async def drop(self, sign_ins: Iterable[str]) -> None:
        """Remove every row of the residents whom these sign-ins belong to, and these."""
        gone = [(sign_in,) for sign_in in sign_ins]

        def work(db: sqlite3.Connection) -> None:
            db.executemany(DROP, gone)
            db.executemany(FORGET, gone)

        if gone:
            await self._vault.run(work)
        self._noted = {}

    async def drop_of(self, subject: str) -> None:
        """Remove every row of this resident. Raises NotPermitted(`locked`)."""
        await self._vault.for_subject(subject).clear()

    async def drop_unused(self) -> None:
        """Remove every row of residents who did not come for eighty days."""
        oldest = (self._clock.now() - KEPT_UNUSED).timestamp()

        def work(db: sqlite3.Connection) -> None:
            db.execute(DROP_UNUSED, (oldest,))
            db.execute(FORGET_UNUSED, (oldest,))

        await self._vault.run(work)
