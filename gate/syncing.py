"""Synchronising a gate: keys and time, the deny list, then the taps. Each part that fails says so
in a sentence, and the others are done all the same.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gate.clock import GateClock
from gate.keys import GateError
from gate.line import Line, LineDown
from gate.lists import ListFolder
from gate.memory import Memory
from gate.setup import Setup
from gate.signed import DeltaError, SignedDeny, open_deny, open_keys
from gate.taps import Tap, settle, waiting

BATCH = 500
_NONCE_BYTES = 16
_HALF_A_SECOND = 0.5  # The gateway says whole seconds.


@dataclass(frozen=True, slots=True)
class Synced:
    """What a sync did; `troubles` are sentences for the gate's keeper."""

    uploaded: int
    refused: int
    troubles: tuple[str, ...]


class Syncing:
    """One gate's sync over a line."""

    def __init__(
        self, setup: Setup, memory: Memory, lists: ListFolder, clock: GateClock, line: Line
    ) -> None:
        self._setup, self._memory, self._lists = setup, memory, lists
        self._clock, self._line = clock, line
        self._uploaded = self._refused = 0

    def run(self) -> Synced:
        """Do all three parts; what was uploaded before a line broke stays uploaded."""
        self._uploaded = self._refused = 0
        troubles = []
        for part in (self._fetch_keys, self._fetch_deny, self._upload):
            if (trouble := _trouble(part)) and trouble not in troubles:
                troubles.append(trouble)
        return Synced(self._uploaded, self._refused, tuple(troubles))

    def _fetch_keys(self) -> None:
        self._known()
        nonce, asked = secrets.token_hex(_NONCE_BYTES), time.monotonic()
        document = self._fetch(f"/gate/v1/keys?nonce={nonce}")
        half = (time.monotonic() - asked) / 2
        found = open_keys(document, self._setup.root)
        if found.nonce != nonce:
            raise GateError("The key set answers an earlier question: it was not taken.")
        self._lists.keep_keys(document, found)
        self._clock.learn(found.issued_at + _HALF_A_SECOND + half, _HALF_A_SECOND + half)

    def _fetch_deny(self) -> None:
        known = self._known()
        try:
            found = self._deny_since(known)
        except DeltaError:
            found = self._deny_since(None)
        self._lists.keep_deny(found)

    def _deny_since(self, known: SignedDeny | None) -> SignedDeny:
        since = known.version if known else 0
        return open_deny(self._fetch(f"/gate/v1/deny?since={since}"), self._setup.root, known)

    def _known(self) -> SignedDeny | None:
        """The deny list that is here; a file that cannot be used is noted, and fetched anew."""
        try:
            return self._lists.read().deny
        except GateError:
            return None

    def _upload(self) -> None:
        while batch := waiting(self._memory, BATCH):
            self._send(batch)

    def _send(self, batch: list[Tap]) -> None:
        """One batch; a tap that the gateway cannot even read is found by halving and set aside."""
        body = {"taps": [tap.as_json() for tap in batch]}
        credential = f"{self._setup.gate_id}.{self._setup.secret}"
        status, answer = self._line.post("/gate/v1/taps", body, credential)
        if status in {401, 403}:
            raise GateError("The gateway refuses this gate's credential: have a new one made.")
        if status in {400, 413, 422}:
            self._set_aside(batch, status)
        elif status == 200:
            self._settle(batch, answer)
        else:
            raise LineDown(str(status))

    def _set_aside(self, batch: list[Tap], status: int) -> None:
        if len(batch) == 1:
            settle(self._memory, batch, {0: f"status {status}"})
            self._refused += 1
            return
        middle = len(batch) // 2
        self._send(batch[:middle])
        self._send(batch[middle:])

    def _settle(self, batch: list[Tap], answer: bytes) -> None:
        refused = _refused_in(answer)
        settle(self._memory, batch, refused)
        self._refused += len(refused)
        self._uploaded += len(batch) - len(refused)

    def _fetch(self, path: str) -> bytes:
        status, body = self._line.get(path)
        if status != 200:
            raise LineDown(str(status))
        return body


def _refused_in(answer: bytes) -> dict[int, str]:
    try:
        found: Any = json.loads(answer)
        return {int(item["index"]): str(item["reason"]) for item in found["refused"]}
    except (ValueError, TypeError, KeyError) as error:
        raise LineDown("not a gateway's answer") from error


def _trouble(part: Callable[[], None]) -> str | None:
    try:
        part()
    except LineDown as error:
        return f"The gateway gave no usable answer ({error}): the gate works on, try again later."
    except GateError as error:
        return str(error)
    return None
