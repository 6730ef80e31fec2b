"""What the web host lets go of by itself: sessions over their time, and whatever lies here for an account
that was erased on another device.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass

from app.web.sessions import WebSessions
from services.erased import ErasedAccounts
from services.errors import ServiceError
from services.standing import sign_in_of
from services.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Sweeping:
    """Done again and again, `seconds` apart."""

    sessions: WebSessions
    erased: ErasedAccounts | None
    seconds: float

    async def work(self) -> None:
        """Sweep until cancelled; without the gateway what was erased is asked for next time."""
        while True:
            await self.sessions.sweep()
            if self.erased is not None:
                with suppress(ServiceError):
                    await drop_erased(self.sessions, self.erased)
                    await self.erased.drop_unused()
            await asyncio.sleep(self.seconds)


async def drop_erased(
    sessions: WebSessions, erased: ErasedAccounts, subject: str | None = None
) -> None:
    """Drop what lies here for erased accounts, of everybody or of one resident; sessions first, so that
    nothing is written for them any more. Raises Offline, GatewayUnavailable.
    """
    gone = await erased.ask(await erased.known(subject))
    if gone:
        await sessions.end_erased(gone)
        await erased.drop(gone)


async def begin_clean(sessions: WebSessions, erased: ErasedAccounts, tokens: Tokens) -> None:
    """Before a sign-in begins: what came before an erasure goes now, and never with what is new."""
    subject = str(tokens.claims["sub"])
    with suppress(ServiceError):
        await drop_erased(sessions, erased, subject)
        await erased.note(subject, sign_in_of(tokens.claims))
