"""What was answered to things that were sent, where that is kept: for a year."""

from __future__ import annotations

from datetime import datetime, timedelta

from services.outbox_journey import SENT
from services.reading import moment_of
from services.vault import SubjectVault

ANSWERS_KEPT = timedelta(days=365)
"""How long answers are kept (ours, as long as the inbox): the report itself stays at the city."""


async def prune_answers(vault: SubjectVault, now: datetime) -> int:
    """Forget kept answers that are over their time; how many."""
    sent = {key: moment_of(kept.get("sent")) for key, kept in (await vault.list(SENT)).items()}
    over = [key for key, when in sent.items() if when is None or when <= now - ANSWERS_KEPT]
    if over:
        await vault.change(delete=[(SENT, key) for key in over])
    return len(over)
