"""Where the lock's record is kept: a file on a device, a row of the server's vault on the web."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from services.errors import NotFound, Rejected
from services.vault import SubjectVault

Record = dict[str, Any]
Change = Callable[[Record | None], Record | None]
UNREADABLE: Record = {}
"""What a damaged record reads as: a lock that no PIN opens."""


class LockStore(Protocol):
    """The record of one lock; both methods raise Rejected(`storage_unavailable`)."""

    async def load(self) -> Record | None:
        """Return the record; None where no PIN was chosen, `UNREADABLE` for a damaged one."""

    async def amend(self, change: Change) -> Record | None:
        """Replace the record by what `change` makes of it, in one step and durably; None removes it."""


class FileLockStore:
    """A file that only its owner may read; replaced as a whole, so that a crash leaves one or the other."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._amending = asyncio.Lock()

    async def load(self) -> Record | None:
        """Return the record."""
        return await asyncio.to_thread(self._load)

    async def amend(self, change: Change) -> Record | None:
        """Write the file anew, then put it in the old one's place."""
        async with self._amending:
            return await asyncio.to_thread(self._amend, change)

    def _load(self) -> Record | None:
        try:
            found = json.loads(self._path.read_text("utf-8"))
        except FileNotFoundError:
            return None
        except ValueError:
            return UNREADABLE
        except OSError as error:
            raise Rejected("storage_unavailable") from error
        return found if isinstance(found, dict) else UNREADABLE

    def _amend(self, change: Change) -> Record | None:
        record = change(self._load())
        try:
            if record is None:
                self._path.unlink(missing_ok=True)
            else:
                self._write(json.dumps(record))
        except OSError as error:
            raise Rejected("storage_unavailable") from error
        return record

    def _write(self, text: str) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        new = self._path.with_name(self._path.name + ".new")
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._path)


class VaultLockStore:
    """A row among those of whoever is signed in, sealed by the server's key: one PIN a resident."""

    TABLE, KEY = "lock", "pin"

    def __init__(self, vault: SubjectVault) -> None:
        self._vault = vault

    async def load(self) -> Record | None:
        """Return the record of whoever is signed in; None for a guest."""
        if not self._vault.present:
            return None
        try:
            found = await self._vault.get(self.TABLE, self.KEY)
        except NotFound:
            return UNREADABLE
        return found if found is None or isinstance(found, dict) else UNREADABLE

    async def amend(self, change: Change) -> Record | None:
        """Change the row in one transaction: two tabs cannot share a try."""
        changed: Record | None = await self._vault.amend(self.TABLE, self.KEY, change)
        return changed
