"""A device's safe place in memory, a clock nobody can set, and a lock over a vault in a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from services.errors import NotPermitted
from services.lock import DeviceKey, FileLockStore, Lock
from services.lock.sealing import Cost
from services.vault import Vault

CHEAP = Cost(2**4, 8, 1)
"""scrypt as a test can pay for it; the shape is the same."""
PIN, OTHER = "482915", "730264"


class SafePlaceTwin:
    """Secrets in memory; `closed` is a keychain that nobody opened."""

    def __init__(self, *, closed: bool = False) -> None:
        self.kept: dict[str, str] = {}
        self.closed = closed

    async def read(self, name: str) -> str | None:
        self._check()
        return self.kept.get(name)

    async def write(self, name: str, secret: str) -> None:
        self._check()
        self.kept[name] = secret

    async def forget(self, name: str) -> None:
        self._check()
        self.kept.pop(name, None)

    def _check(self) -> None:
        if self.closed:
            raise NotPermitted("keychain_unavailable")


class BiometricsTwin:
    """A phone's second store: `enrolled` says whether there is a finger, `refuses` whether it fits."""

    def __init__(self, *, enrolled: bool = True) -> None:
        self.key: bytes | None = None
        self.enrolled, self.refuses = enrolled, False

    async def keep(self, key: bytes) -> bool:
        self.key = key if self.enrolled else None
        return self.enrolled

    async def recall(self) -> bytes | None:
        return None if self.refuses else self.key

    async def forget(self) -> None:
        self.key = None


class LockedDevice:
    """A device with a folder, a safe place and a clock; `start` is the app's start."""

    def __init__(self, folder: Path, place: SafePlaceTwin | None = None) -> None:
        self.folder = folder
        self.place = place or SafePlaceTwin()
        self.seconds = 1000.0
        self.finger = BiometricsTwin()
        self.start()

    def start(self, **changed: Any) -> Lock:
        """A new process: nothing of the last one is in memory."""
        self.vault = Vault(self.folder / "vault.sqlite3", None)
        self.drafts = self.vault.for_subject("s-1")
        self.lock = Lock(
            FileLockStore(self.folder / "lock.json"),
            DeviceKey(self.vault, self.place),
            cost=CHEAP,
            steady=lambda: self.seconds,
            biometrics=self.finger,
            **changed,
        )
        return self.lock
