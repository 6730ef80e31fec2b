"""The signed key set and deny list in the gate's folder, whose versions never go back."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from gate.keys import GateError
from gate.memory import Memory
from gate.signed import SignedDeny, SignedKeys, open_deny, open_keys
from gate.taps import recall

_WRITTEN_EVERY = (
    600  # Seconds; a list of 8 MB that only became younger need not be written each minute.
)
Found = TypeVar("Found", SignedKeys, SignedDeny)

KEYS_FILE, DENY_FILE = "keys.signed", "deny.signed"


@dataclass(frozen=True, slots=True)
class Lists:
    """What this gate was last given; None before the first sync."""

    keys: SignedKeys | None
    deny: SignedDeny | None


class ListFolder:
    """Reads and replaces the files; each stays as it was unless the new one is whole and newer."""

    def __init__(self, folder: Path, root: Ed25519PublicKey, memory: Memory) -> None:
        self._folder, self._root, self._memory = folder, root, memory
        self._stamp: tuple[int, ...] | None = None
        self._lists = Lists(None, None)
        self._useless: set[str] = set()

    def read(self) -> Lists:
        """The lists as they are now, read again only when a file changed; raises GateError.

        A file older than one this gate has had is refused: somebody put it back.
        """
        stamp = tuple(_stamp(self._folder / name) for name in (KEYS_FILE, DENY_FILE))
        if stamp != self._stamp:
            self._lists = Lists(
                self._usable(KEYS_FILE, open_keys),
                self._usable(DENY_FILE, lambda document, root: open_deny(document, root, None)),
            )
            self._stamp = stamp
        return self._lists

    def keep_keys(self, document: bytes, found: SignedKeys) -> bool:
        """Keep a newer key set; False for the one that is here already. Raises GateError."""
        return self._keep(KEYS_FILE, document, found.version, found.issued_at)

    def keep_deny(self, found: SignedDeny) -> bool:
        """Keep a newer deny list; False for the one that is here already. Raises GateError."""
        return self._keep(DENY_FILE, found.document, found.version, found.issued_at)

    def _keep(self, name: str, document: bytes, version: int, issued_at: int) -> bool:
        with self._memory.transaction() as connection:
            row = connection.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
            before = tuple(json.loads(row[0])) if row else (0, 0)
            if version < before[0]:
                raise GateError(
                    f"The gateway offers an older {name} (version {version}) than this gate has "
                    f"({before[0]}): it was not taken."
                )
            is_here = name not in self._useless and (self._folder / name).exists()
            if is_here and (version, issued_at) < (before[0], before[1] + _WRITTEN_EVERY):
                return False
            _replace(self._folder / name, document)
            self._useless.discard(name)
            connection.execute(
                "INSERT INTO facts (name, value) VALUES (?, ?)"
                " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (name, f"[{version}, {issued_at}]"),
            )
        return True

    def _usable(
        self, name: str, open_signed: Callable[[bytes, Ed25519PublicKey], Found]
    ) -> Found | None:
        """What the root signed in that file, None without one; a file of no use is noted as such."""
        path = self._folder / name
        try:
            document = _content(path)
            found = None if document is None else open_signed(document, self._root)
            known = recall(self._memory, name)
            if found is not None and known is not None and found.version < known[0]:
                raise GateError(f"{path} is older than one this gate has had: run sync.")
        except GateError:
            self._useless.add(name)
            raise
        self._useless.discard(name)
        return found


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise GateError(f"The file {path} cannot be read: {error.strerror}.") from error


def _stamp(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _replace(path: Path, content: bytes) -> None:
    """The file is the old or the new one, whatever happens meanwhile; raises GateError."""
    try:
        descriptor, draft = tempfile.mkstemp(dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(draft, path)
        except BaseException:
            os.unlink(draft)
            raise
    except OSError as error:
        raise GateError(f"The file {path} cannot be written: {error.strerror}.") from error
