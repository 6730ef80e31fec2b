"""What gates ask under /gate/v1: the signed key set and deny list for all, and the upload of taps."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, cast

from anyio import to_thread
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection, Row

from gateway.cards import deny_list, key_set, tap_checks, taps
from gateway.cards.gate_credentials import CallingGate
from gateway.cards.root import root_for_gates
from gateway.database import Database
from gateway.dependencies import CurrentDatabase, CurrentSettings
from gateway.security import PUBLIC
from gateway.settings import Settings

TAPS_A_REQUEST = 500
REFRESH_SECONDS = 5
FEWEST_SHARED = 32
"""Of fewer taps one thread makes shorter work than several that have to be called."""
BINARY = "application/octet-stream"
_SIGNED: dict[int | str, dict[str, Any]] = {
    200: {"content": {BINARY: {"schema": {"type": "string", "format": "binary"}}}}
}

router = APIRouter(prefix="/gate/v1", tags=["gates"])


class TapBody(BaseModel):
    """One accepted code: its 99 bytes in hex, and the gate's clock then in UTC seconds."""

    model_config = ConfigDict(strict=True, extra="forbid")

    payload: str = Field(pattern=r"^[0-9a-f]{198}$")
    direction: Literal["in", "out"]
    moment: int = Field(ge=0, le=0xFFFFFFFFFF)


class TapsBody(BaseModel):
    """A batch of taps, in any order; sent again it changes nothing."""

    model_config = ConfigDict(strict=True, extra="forbid")

    taps: list[TapBody] = Field(min_length=1, max_length=TAPS_A_REQUEST)


class RefusedTap(BaseModel):
    """A tap that does not hold: its place in the batch, and the gate's word for why."""

    index: int
    reason: str


class TapsAnswer(BaseModel):
    """Every tap not named in `refused` is kept; `new` counts those that were not known before."""

    new: int
    refused: list[RefusedTap]


@router.get("/keys", openapi_extra=PUBLIC, response_class=Response, responses=_SIGNED)
async def signed_keys(
    settings: CurrentSettings,
    database: CurrentDatabase,
    nonce: Annotated[str, Query(pattern=r"^[0-9a-f]{0,64}$")] = "",
) -> Response:
    """The issuer's keys with their slots, signed by the root (docs/gates.md)."""

    def work(connection: Connection) -> bytes:
        root, folder = root_for_gates(settings), settings.data_folder / "keys"
        return key_set.signed_key_set(connection, root, folder, _now(settings), nonce)

    return Response(await database.run(work), media_type=BINARY)


@router.get("/deny", openapi_extra=PUBLIC, response_class=Response, responses=_SIGNED)
async def signed_deny_list(
    request: Request,
    settings: CurrentSettings,
    database: CurrentDatabase,
    since: Annotated[int, Query(ge=0, le=0xFFFFFFFFFF)] = 0,
) -> Response:
    """The deny list signed by the root: what changed since a version, or all of it."""
    state, at = request.app.state, _now(settings)
    await _refresh(state, database, at)

    def work(connection: Connection) -> bytes:
        found = deny_list.current(connection, getattr(state, "deny_list", None))
        state.deny_list = found
        root = root_for_gates(settings)
        return deny_list.signed_document(
            connection, root, cast(deny_list.DenyList, found), since, at
        )

    return Response(await database.run(work, write=False), media_type=BINARY)


@router.post("/taps")
async def upload_taps(
    request: Request,
    body: TapsBody,
    gate: CallingGate,
    settings: CurrentSettings,
    database: CurrentDatabase,
) -> TapsAnswer:
    """Keep the taps of the calling gate, each verified again; known ones stay as they are."""
    now, verified = _now(settings), _verified_of(request.app.state)

    def work() -> TapsAnswer:
        keys = database.run_here(lambda connection: _keys(connection, settings, now))
        known = _Known(keys, now, taps.oldest_kept(settings), verified)
        good, refused = _check(body, gate, known)
        new = database.run_here(
            lambda connection: taps.keep(connection, gate.gate_id, good, len(refused), now)
        )
        return TapsAnswer(new=new, refused=refused)

    return await to_thread.run_sync(work)


async def _refresh(state: Any, database: Database, at: int) -> None:
    """Bring the list up to date, at most every few seconds: many gates ask."""
    if getattr(state, "deny_checked_at", 0) + REFRESH_SECONDS > at:
        return
    if await database.run(lambda connection: deny_list.is_outdated(connection, at), write=False):
        await database.run(lambda connection: deny_list.refresh(connection, at))
    state.deny_checked_at = at


def _keys(connection: Connection, settings: Settings, now: int) -> tap_checks.Keys:
    folder = settings.data_folder / "keys"
    return key_set.verifying_keys(key_set.remember(connection, folder, now))


def _verified_of(state: Any) -> tap_checks.Verified:
    """What this process has verified already."""
    if not hasattr(state, "verified_taps"):
        state.verified_taps = tap_checks.Verified()
    return cast(tap_checks.Verified, state.verified_taps)


CORES = os.cpu_count() or 1


@cache
def _threads() -> ThreadPoolExecutor:
    """Where this process verifies batches; of all gates together as many at once as it has cores."""
    return ThreadPoolExecutor(CORES, thread_name_prefix="taps")


_Shown = tuple[tap_checks.Payload | None, int]
"""What a gate read, and the moment at which it let pass."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What taps are checked against."""

    keys: tap_checks.Keys
    now: int
    oldest: int
    verified: tap_checks.Verified

    def refusals(self, shown: list[_Shown]) -> list[str | None]:
        """The gate's word for why a tap does not hold, or None, for each."""
        return [self._refusal(payload, moment) for payload, moment in shown]

    def _refusal(self, payload: tap_checks.Payload | None, moment: int) -> str | None:
        if payload is None:
            return "malformed"
        return tap_checks.refusal(
            payload, moment, self.keys, self.now, self.verified, oldest=self.oldest
        )


def _refusals(known: _Known, shown: list[_Shown]) -> list[str | None]:
    """The gate's word for each tap, in their order.

    The library lets go of the interpreter while it checks a signature: two cores check two at once.
    """
    if len(shown) < FEWEST_SHARED or CORES == 1:
        return known.refusals(shown)
    found: list[str | None] = [None] * len(shown)
    shares = [slice(start, None, CORES) for start in range(CORES)]
    answers = _threads().map(known.refusals, [shown[share] for share in shares])
    for share, words in zip(shares, answers, strict=True):
        found[share] = words
    return found


def _check(
    body: TapsBody, gate: Row[Any], known: _Known
) -> tuple[list[taps.Tap], list[RefusedTap]]:
    good: list[taps.Tap] = []
    refused: list[RefusedTap] = []
    shown = [(tap_checks.read(bytes.fromhex(sent.payload)), sent.moment) for sent in body.taps]
    words = _refusals(known, shown)
    for index, (sent, (payload, moment), word) in enumerate(
        zip(body.taps, shown, words, strict=True)
    ):
        if payload is None or word is not None:
            refused.append(RefusedTap(index=index, reason=word or "malformed"))
        else:
            good.append(taps.tap_of(gate, payload, sent.direction, moment, known.now))
    return good, refused


def _now(settings: Settings) -> int:
    return int(settings.clock().timestamp())
